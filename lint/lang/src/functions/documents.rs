//! Functions that read and write CSV, JSON and YAML.

mod csv;
mod tabs;
mod yaml;

use stanchion_cty::{Kind, Type, Value, json, yaml as cty_yaml};

use super::arguments::{limit, text};
use super::unknown::{beginning, may_be_null};
use super::{Function, Parameter, Refused, Returns, Ty};

const STR: Parameter = Parameter::new("str", Ty::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "csvdecode",
        parameters: &[STR],
        variadic: None,
        returns: Returns::By(|args| decoded(args, csv::decode)),
        not_null: true,
        run: |_, args, _| csv::decode(text(args, 0)),
    },
    Function {
        name: "jsondecode",
        parameters: &[STR],
        variadic: None,
        returns: Returns::By(json_type),
        not_null: false,
        run: |_, args, _| jsondecode(text(args, 0)),
    },
    Function {
        name: "jsonencode",
        parameters: &[Parameter::new("val", Ty::Any).null().unknown().dynamic()],
        variadic: None,
        returns: Returns::String,
        not_null: true,
        run: |_, args, _| jsonencode(&args[0]),
    },
    Function {
        name: "yamldecode",
        parameters: &[Parameter::new("src", Ty::String)],
        variadic: None,
        returns: Returns::By(|args| decoded(args, yamldecode)),
        not_null: false,
        run: |_, args, _| yamldecode(text(args, 0)),
    },
    Function {
        name: "yamlencode",
        parameters: &[Parameter::new("value", Ty::Any).null().dynamic()],
        variadic: None,
        returns: Returns::String,
        not_null: false,
        run: |_, args, _| yamlencode(&args[0]),
    },
];

/// The type of what a text says, which nobody knows before the text.
fn decoded(args: &[Value], decode: fn(&str) -> Result<Value, Refused>) -> Result<Type, Refused> {
    match args[0].as_str() {
        Some(text) => Ok(decode(text)?.ty()),
        None => Ok(Type::Dynamic),
    }
}

/// The type of a document of which only the beginning is known, if that.
fn json_type(args: &[Value]) -> Result<Type, Refused> {
    let Kind::Unknown(it) = args[0].kind() else { return decoded(args, jsondecode) };
    let prefix = it.refinement.prefix.as_deref().unwrap_or_default();
    match prefix.trim().chars().next() {
        None | Some('{' | '[' | 'n') => Ok(Type::Dynamic),
        Some('"') => Ok(Type::String),
        Some('t' | 'f') => Ok(Type::Bool),
        Some('-' | '.' | '0'..='9') => Ok(Type::Number),
        Some(other) => {
            let why = format!("a JSON document cannot begin with the character {other:?}");
            Err(Refused::Argument(0, why))
        }
    }
}

fn jsondecode(text: &str) -> Result<Value, Refused> {
    json::decode_implied(text).map_err(|it| it.to_string().into())
}

/// Of a value that is not wholly known the text is not known either, but how it begins.
fn jsonencode(value: &Value) -> Result<Value, Refused> {
    if value.is_wholly_known() {
        let text = json::encode_plain(value).map_err(|it| Refused::from(it.to_string()))?;
        limit(text.len())?;
        return Ok(Value::from(text));
    }
    Ok(match value.ty() {
        _ if may_be_null(value) => Value::unknown(Type::String),
        Type::String => beginning("\""),
        Type::Map(_) | Type::Object(_) => beginning("{"),
        Type::List(_) | Type::Set(_) | Type::Tuple(_) => beginning("["),
        Type::Bool | Type::Number | Type::Dynamic => Value::unknown(Type::String),
    })
}

fn yamldecode(text: &str) -> Result<Value, Refused> {
    let text = tabs::between_tokens(text)?;
    cty_yaml::decode_implied(&text).map_err(|it| it.to_string().into())
}

fn yamlencode(value: &Value) -> Result<Value, Refused> {
    if !value.is_wholly_known() {
        return Ok(Value::unknown(Type::String));
    }
    let text = yaml::encode(value);
    limit(text.len())?;
    Ok(Value::from(text))
}
