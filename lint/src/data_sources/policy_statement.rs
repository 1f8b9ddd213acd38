//! A statement of a policy: out of a block, or out of another document.

use std::collections::BTreeMap;
use std::sync::Arc;

use stanchion_cty::{Type, Value, convert};
use stanchion_lang::{Evaluation, View, Why};

use super::{policy_conditions, policy_principals};
use crate::parts::{is_object, member};

/// Why the provider refuses a document: a clause.
#[derive(Debug)]
pub(super) struct Refused(pub(super) String);

/// A statement as it stands in a document.
pub(super) struct Statement {
    /// Its Sid, if it has one that is known; an unknown one is held for none.
    pub(super) sid: Option<Arc<str>>,
    /// The object; a choice between it and nothing where the block may not be there.
    pub(super) value: Value,
}

/// A policy's version in which there are no variables.
const WITHOUT_VARIABLES: &str = "2008-10-17";

/// The statement that a block describes, in a document of that version.
pub(super) fn of_block(view: &View<'_, '_>, version: Option<&str>) -> Result<Statement, Refused> {
    let cx = view.evaluation();
    let variables = Variables { cx, are_there: version != Some(WITHOUT_VARIABLES) };
    let given = |name: &str| view.attribute(name).map(|it| it.value).filter(|it| !it.is_null());
    let mut members: BTreeMap<&str, Value> = BTreeMap::new();
    let sid = given("sid").filter(|it| it.as_str() != Some(""));
    let known_sid = sid.as_ref().and_then(Value::as_str).map(Arc::from);
    members.extend(sid.map(|it| ("Sid", it)));
    members.insert("Effect", given("effect").unwrap_or_else(|| Value::from("Allow")));
    for (attribute, member) in [("actions", "Action"), ("not_actions", "NotAction")] {
        members.extend(given(attribute).and_then(|it| one_or_sorted(&it)).map(|it| (member, it)));
    }
    for (attribute, member) in [("resources", "Resource"), ("not_resources", "NotResource")] {
        if let Some(it) = given(attribute).and_then(|it| one_or_sorted(&it)) {
            members.insert(member, variables.in_value(it)?);
        }
    }
    for (kind, member) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        members
            .extend(policy_principals::of_blocks(view, kind, &variables)?.map(|it| (member, it)));
    }
    members.extend(policy_conditions::of_blocks(view, &variables)?.map(|it| ("Condition", it)));
    let value = Value::object(members);
    let value = match &view.over {
        Some(over) => either(cx, over, value, Value::null(Type::Dynamic)),
        None => value,
    };
    Ok(Statement { sid: known_sid, value })
}

/// The statement that another document has, as the provider reads and writes it.
pub(super) fn of_json(object: &Value) -> Result<Statement, Refused> {
    if !is_object(object) {
        return Err(Refused("a statement of a document to be merged is not an object".to_owned()));
    }
    let mut members: BTreeMap<&str, Value> = BTreeMap::new();
    let sid = as_text(object, "Sid")?;
    let known_sid = sid.as_ref().and_then(Value::as_str).map(Arc::from);
    members.extend(sid.map(|it| ("Sid", it)));
    members.extend(as_text(object, "Effect")?.map(|it| ("Effect", it)));
    for name in ["Action", "NotAction", "Resource", "NotResource"] {
        members.extend(member(object, name).map(|it| (name, it.clone())));
    }
    for name in ["Principal", "NotPrincipal"] {
        members
            .extend(member(object, name).and_then(policy_principals::of_json).map(|it| (name, it)));
    }
    members.extend(
        member(object, "Condition")
            .and_then(policy_conditions::of_json)
            .map(|it| ("Condition", it)),
    );
    Ok(Statement { sid: known_sid, value: Value::object(members) })
}

/// The member of that name, which is a text or unknown; `None` if it is empty.
pub(super) fn as_text(object: &Value, name: &str) -> Result<Option<Value>, Refused> {
    match member(object, name) {
        Some(it) if it.is_known() && it.as_str().is_none() => {
            Err(Refused(format!("the {name} of a document to be merged is not a text")))
        }
        it => Ok(it.filter(|it| it.as_str() != Some("")).cloned()),
    }
}

/// One of two values, and what it depends on.
pub(super) fn either(cx: &Evaluation<'_>, on: &Value, yes: Value, no: Value) -> Value {
    cx.unknown(Type::Dynamic, Why::Choice(Arc::new([on.clone(), yes, no])))
}

/// A set of texts as the provider writes it: one by itself, several in falling order, none not at
/// all. Unknown ones come last, in the order in which they are written.
pub(super) fn one_or_sorted(set: &Value) -> Option<Value> {
    if !set.is_known() {
        return Some(set.clone());
    }
    let mut all = texts(set);
    all.sort_by(|a, b| (b.as_str().is_some(), b.as_str()).cmp(&(a.as_str().is_some(), a.as_str())));
    all.dedup_by(|next, one| one.as_str().is_some() && one.as_str() == next.as_str());
    match all.len() {
        0 => None,
        1 => all.pop(),
        _ => Some(Value::tuple(all)),
    }
}

/// The elements of a list that are not null, as texts.
pub(super) fn texts(list: &Value) -> Vec<Value> {
    let elements = list.parts().filter(|it| !it.is_null());
    elements
        .map(|it| {
            let text = convert(it, &Type::String).unwrap_or_else(|_| it.clone());
            text.mark(list.marks()).with_origin(it.origin())
        })
        .collect()
}

/// The variables of policies, which blocks write with another sign than documents.
pub(super) struct Variables<'a, 'w> {
    pub(super) cx: &'a Evaluation<'w>,
    are_there: bool,
}

impl Variables<'_, '_> {
    /// The value with `${` in all texts where `&{` stands.
    pub(super) fn in_value(&self, value: Value) -> Result<Value, Refused> {
        if value.is_known() && value.is_sequence() {
            let all = value.parts().map(|it| self.in_value(it.clone()));
            return Ok(Value::tuple(all.collect::<Result<Vec<_>, _>>()?));
        }
        if let Some(text) = value.as_str() {
            return self.in_text(text, &value);
        }
        let pieces = self.cx.pieces(&value).unwrap_or_default();
        if !pieces.iter().any(|it| it.as_str().is_some_and(|it| it.contains("&{"))) {
            return Ok(value);
        }
        let pieces = pieces.into_iter().map(|it| match it.as_str() {
            Some(text) => self.in_text(text, &it),
            None => Ok(it),
        });
        let pieces = pieces.collect::<Result<Vec<_>, _>>()?;
        let joined = self.cx.unknown(Type::String, Why::Join(pieces.into()));
        Ok(joined.mark(value.marks()).with_origin(value.origin()))
    }

    fn in_text(&self, text: &str, value: &Value) -> Result<Value, Refused> {
        if !text.contains("&{") {
            return Ok(value.clone());
        }
        if !self.are_there {
            let why = "a policy variable stands in a document of version 2008-10-17";
            return Err(Refused(why.to_owned()));
        }
        let text = Value::from(text.replace("&{", "${"));
        Ok(text.mark(value.marks()).with_origin(value.origin()))
    }
}

/// A text, or the texts of a list.
pub(super) fn one_or_all(value: &Value) -> Vec<Value> {
    match value.is_known() && value.is_sequence() {
        true => value.parts().cloned().collect(),
        false => vec![value.clone()],
    }
}
