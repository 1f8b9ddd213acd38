//! Functions of Terraform's built-in provider: values as the language's own text.

mod layout;

use stanchion_cty::{Kind, Type, Value};

use super::arguments::{limit, text, text_function};
use super::unknown::{beginning, may_be_null};
use super::{Function, Parameter, Refused, Returns, Ty};
use crate::syntax::is_identifier;
use layout::Layout;

const VALUE: &[Parameter] = &[Parameter::new("value", Ty::Any).unknown().dynamic()];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "provider::terraform::decode_tfvars",
        parameters: &[Parameter::new("src", Ty::String)],
        variadic: None,
        returns: Returns::By(|_| Ok(Type::Dynamic)),
        not_null: false,
        run: |cx, args, _| cx.tfvars.decode(text(args, 0)),
    },
    text_function("provider::terraform::encode_expr", VALUE, |_, args, _| encode_expr(&args[0])),
    text_function("provider::terraform::encode_tfvars", VALUE, |_, args, _| {
        encode_tfvars(&args[0])
    }),
];

/// Of a value that is not wholly known the text is not known either, but how it begins.
fn encode_expr(value: &Value) -> Result<Value, Refused> {
    if value.is_wholly_known() {
        let mut layout = Layout::default();
        layout.value(value);
        return written(layout);
    }
    Ok(match value.ty() {
        _ if may_be_null(value) => Value::unknown(Type::String),
        Type::String => beginning("\""),
        Type::Map(_) | Type::Object(_) => beginning("{"),
        Type::List(_) | Type::Set(_) | Type::Tuple(_) => beginning("["),
        Type::Bool | Type::Number | Type::Dynamic => Value::unknown(Type::String),
    })
}

fn encode_tfvars(value: &Value) -> Result<Value, Refused> {
    if !value.is_wholly_known() {
        return Ok(Value::unknown(Type::String));
    }
    let (Kind::Map(_, all) | Kind::Object(all)) = value.kind() else {
        let why = "invalid value to encode: must be an object whose attribute names will become \
                   the encoded variable names";
        return Err(why.into());
    };
    let mut layout = Layout::default();
    for (name, it) in all.iter() {
        if !is_identifier(name) {
            let why = "must be a valid identifier, per Terraform's rules for input variable \
                       declarations";
            return Err(format!("invalid variable name {name:?}: {why}").into());
        }
        layout.attribute(name, it);
    }
    written(layout)
}

fn written(layout: Layout) -> Result<Value, Refused> {
    let text = layout.finish();
    limit(text.len())?;
    Ok(Value::from(text))
}
