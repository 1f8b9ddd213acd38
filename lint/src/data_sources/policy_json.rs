//! The text of a policy, with its members in the order in which the provider writes them.

use stanchion_cty::{Kind, Value, json};

/// The members of a document and of a statement; what is deeper is in the order of the names.
const ORDER: [&[&str]; 2] = [
    &["Version", "Id", "Statement"],
    &[
        "Sid",
        "Effect",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Principal",
        "NotPrincipal",
        "Condition",
    ],
];

/// The text with an indentation of two, and the one without spaces; `None` if a part is unknown.
pub(super) fn texts(policy: &Value) -> Option<[String; 2]> {
    let mut out = [String::new(), String::new()];
    write(policy, Some(0), 0, &mut out[0], "  ")?;
    write(policy, Some(0), 0, &mut out[1], "")?;
    Some(out)
}

/// `order` is the place in [`ORDER`] that holds for the objects here.
fn write(
    value: &Value,
    order: Option<usize>,
    depth: usize,
    out: &mut String,
    indent: &str,
) -> Option<()> {
    let line = |out: &mut String, depth: usize| {
        if !indent.is_empty() {
            out.push('\n');
            out.push_str(&indent.repeat(depth));
        }
    };
    let colon = if indent.is_empty() { ":" } else { ": " };
    match value.kind() {
        Kind::Unknown(_) => return None,
        Kind::List(_, it) | Kind::Set(_, it) | Kind::Tuple(it) if !it.is_empty() => {
            out.push('[');
            for (at, it) in it.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                line(out, depth + 1);
                write(it, order, depth + 1, out, indent)?;
            }
            line(out, depth);
            out.push(']');
        }
        Kind::Map(_, it) | Kind::Object(it) if !it.is_empty() => {
            out.push('{');
            let mut entries = it.iter().collect::<Vec<_>>();
            if let Some(order) = order.and_then(|it| ORDER.get(it)) {
                entries.sort_by_key(|(name, _)| order.iter().position(|it| *it == &***name));
            }
            for (at, (name, it)) in entries.into_iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                line(out, depth + 1);
                out.push_str(&json::encode_plain(&Value::string(name.clone())).ok()?);
                out.push_str(colon);
                write(it, order.map(|it| it + 1), depth + 1, out, indent)?;
            }
            line(out, depth);
            out.push('}');
        }
        _ => out.push_str(&json::encode_plain(&value.clone().unmark_deep().0).ok()?),
    }
    Some(())
}
