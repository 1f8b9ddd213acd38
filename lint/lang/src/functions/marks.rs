//! Functions about marks: what is sensitive or ephemeral.

use stanchion_cty::{Mark, Type, Value};

use super::{Function, Parameter, Refused, Returns, Ty};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "sensitive",
        parameters: &[Parameter::new("value", Ty::Any).null().unknown().dynamic().marked()],
        variadic: None,
        returns: Returns::By(same),
        not_null: false,
        run: |_, args, _| Ok(args[0].clone().mark(Mark::Sensitive)),
    },
    Function {
        name: "nonsensitive",
        parameters: &[Parameter::new("value", Ty::Any).null().unknown().dynamic().marked()],
        variadic: None,
        returns: Returns::By(same),
        not_null: false,
        run: |_, args, _| Ok(without(&args[0], Mark::Sensitive)),
    },
    Function {
        name: "issensitive",
        parameters: &[Parameter::new("value", Ty::Any).null().unknown().dynamic().marked()],
        variadic: None,
        returns: Returns::Bool,
        not_null: true,
        run: |_, args, _| Ok(issensitive(&args[0])),
    },
];

fn same(args: &[Value]) -> Result<Type, Refused> {
    Ok(args[0].ty())
}

/// The value itself loses the mark; its parts keep theirs.
fn without(value: &Value, mark: Mark) -> Value {
    let marks = value.marks().without(mark);
    let origin = value.origin();
    Value::from(value.clone().into_kind()).mark(marks).with_origin(origin)
}

/// A value that is not known yet may turn out to be sensitive.
fn issensitive(value: &Value) -> Value {
    match (value.marks().has(Mark::Sensitive), value.is_known()) {
        (true, _) => Value::from(true),
        (false, true) => Value::from(false),
        (false, false) => Value::unknown(Type::Bool),
    }
}
