//! Functions about marks: what is sensitive or ephemeral.

use stanchion_cty::{Kind, Mark, Type, Unknown, Value};

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
        not_null: false,
        run: |_, args, _| Ok(issensitive(&args[0])),
    },
    Function {
        name: "ephemeralasnull",
        parameters: &[Parameter::new("value", Ty::Any).null().unknown().dynamic().marked()],
        variadic: None,
        returns: Returns::By(same),
        not_null: false,
        run: |_, args, _| Ok(ephemeralasnull(&args[0])),
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

/// What is ephemeral becomes null; what is also unknown stays so, without what was known of it, as
/// its type may still become more precise.
fn ephemeralasnull(value: &Value) -> Value {
    if !value.has_mark_deep(Mark::Ephemeral) {
        return value.clone();
    }
    value.clone().map_parts_up(&mut |part| {
        if !part.marks().has(Mark::Ephemeral) {
            return part;
        }
        let (marks, origin) = (part.marks().without(Mark::Ephemeral), part.origin());
        let plain = match part.kind() {
            Kind::Unknown(it) => {
                let unknown = Unknown { symbol: it.symbol, ..Unknown::new(it.ty.clone()) };
                Value::from(Kind::Unknown(unknown.into()))
            }
            _ => Value::null(part.ty()),
        };
        plain.mark(marks).with_origin(origin)
    })
}
