//! States and identities that were stored earlier, perhaps by an older version of the provider.

use stanchion_cty::{Path, Problem, Problems, Type, Value, json};

/// A stored state: the JSON object of its attributes, with every digit of its numbers.
pub type RawState = serde_json::Map<String, serde_json::Value>;

/// Reads what was stored, a `state` or an `identity`, into today's form. Attributes that are gone are left out, new ones are
/// null; `upgrade` does whatever else the change of version needs.
pub(crate) fn upgrade(
    what: &str,
    ty: &Type,
    current: i64,
    stored: i64,
    raw: &[u8],
    upgrade: impl FnOnce(RawState) -> Result<RawState, Problems>,
) -> Result<Value, Problems> {
    if stored > current {
        let message = format!(
            "has a stored {what} in version {stored} of its form, and this provider knows version {current}"
        );
        let cure = "use at least the version of the provider that stored it";
        return Err(Problem::error(Path::root(), message).cure(cure).into());
    }
    let text = std::str::from_utf8(raw).map_err(|_| unreadable(what, "it is not UTF-8"))?;
    let upgraded;
    let text = if stored < current {
        let state = serde_json::from_str(text).map_err(|it| unreadable(what, &it.to_string()))?;
        upgraded = serde_json::Value::Object(upgrade(state)?).to_string();
        upgraded.as_str()
    } else {
        text
    };
    let (value, _) = json::decode_lenient(text, ty).map_err(|it| corrupt(what, it))?;
    Ok(value)
}

fn unreadable(what: &str, why: &str) -> Problem {
    Problem::error(Path::root(), format!("has a stored {what} that can't be read: {why}"))
        .cure("restore the state file from a backup, or remove this resource from it and import it")
}

fn corrupt(what: &str, mut problem: Problem) -> Problem {
    problem.message = format!("in the stored {what} {}", problem.message);
    problem
        .cure("restore the state file from a backup, or remove this resource from it and import it")
}
