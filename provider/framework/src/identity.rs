//! What tells an object from all others of its type: the attributes that say `identity`.
//!
//! Terraform 1.12 and newer store it beside the state, and import by it. It is part of the state,
//! so that nobody has to keep both in step; and it stays as long as the object does.

use std::sync::Arc;

use stanchion_cty::schema::{Attribute, Block, Object, Presence, Shape, decode_object};
use stanchion_cty::{Kind, Path, Problem, Problems, Type, Value, json};
use stanchion_tfplugin::tfplugin6 as tf;

use crate::wire;

/// An object's identity, by which it is to be imported.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectIdentity(pub(crate) Value);

impl ObjectIdentity {
    /// One of its attributes; `Option` or `Leaf` for one that may be left out.
    ///
    /// # Errors
    /// It is not there, null, or not of that type; the path is the attribute's.
    pub fn get<T: Shape>(&self, name: &str) -> Result<T, Problems> {
        let path = Path::root().attribute(name);
        match self.0.get(name) {
            Some(value) => T::decode(value, &path),
            None => Err(Problem::error(path, "is no part of the identity").into()),
        }
    }

    /// A state that has this identity and otherwise nothing, for [`crate::Managed::read`] to fill.
    ///
    /// # Errors
    /// The state has fields without room for null; the paths are theirs.
    pub fn state<S: Block>(&self) -> Result<S, Problems> {
        let object = S::object();
        let state = object.attributes.iter().map(|it| {
            let said = self.0.get(&it.name).cloned().filter(|_| it.identity);
            (it.name.to_string(), said.unwrap_or_else(|| it.absent()))
        });
        decode_object(&Value::object(state.collect::<Vec<_>>()), &Path::root())
    }

    /// All of it, as an object.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.0
    }
}

/// The type of the identities; `None` where no attribute says `identity`.
pub(crate) fn ty(object: &Object) -> Option<Type> {
    let mut parts = parts(object).peekable();
    parts.peek()?;
    Some(Type::object(parts.map(|it| (it.name.as_ref(), it.kind.ty()))))
}

/// The declaration as Terraform wants it. What the configuration may leave out, an import may.
pub(crate) fn schema(version: i64, object: &Object) -> Option<tf::ResourceIdentitySchema> {
    let attributes = parts(object).map(|it| tf::resource_identity_schema::IdentityAttribute {
        name: it.name.to_string(),
        r#type: json::type_to_json(&it.kind.ty()).into(),
        required_for_import: is_required(it),
        optional_for_import: !is_required(it),
        description: it.docs.to_string(),
    });
    let identity_attributes: Vec<_> = attributes.collect();
    (!identity_attributes.is_empty())
        .then_some(tf::ResourceIdentitySchema { version, identity_attributes })
}

/// The identity of a state; `None` while it is not whole: nobody knows it yet, or what it can't be
/// without is null.
pub(crate) fn of(object: &Object, state: &Value) -> Option<Value> {
    let part = |it: &Attribute| {
        let value = state.get(&it.name)?;
        let is_there = value.is_wholly_known() && !(value.is_null() && is_required(it));
        is_there.then(|| (it.name.to_string(), value.clone()))
    };
    let parts = parts(object).map(part).collect::<Option<Vec<_>>>()?;
    (!parts.is_empty()).then(|| Value::object(parts))
}

/// The problem of a state whose identity is another one than before. What was null before may
/// become something, and what is not known yet may still turn out to be the same.
pub(crate) fn changed(before: Option<&Value>, state: &Value) -> Option<Problem> {
    differing(before?, state, |_| false)
}

/// The same for a state that is not whole: what is null in it may still turn out to be the same.
pub(crate) fn contradicted(before: Option<&Value>, state: &Value) -> Option<Problem> {
    differing(before?, state, Value::is_null)
}

fn differing(before: &Value, state: &Value, is_open: fn(&Value) -> bool) -> Option<Problem> {
    let Kind::Object(parts) = before.kind() else { return None };
    let differs = |(name, before): &(&Arc<str>, &Value)| {
        !before.is_null()
            && state
                .get(name)
                .is_some_and(|it| it != *before && it.is_wholly_known() && !is_open(it))
    };
    let (name, before) = parts.iter().find(differs)?;
    let shown = |it: Option<&Value>| it.and_then(|it| json::encode_plain(it).ok());
    let message = format!(
        "is part of the object's identity and changed from {} to {}, though it is the same object",
        shown(Some(before)).unwrap_or_default(),
        shown(state.get(name)).unwrap_or_default(),
    );
    let problem = Problem::error(Path::root().attribute(name.clone()), message);
    Some(problem.cure("please report this to the provider's developers"))
}

/// Reads an identity of that type; nothing sent is none.
pub(crate) fn decode(
    data: Option<&tf::ResourceIdentityData>,
    object: &Object,
) -> Result<Option<Value>, Problem> {
    let Some((data, ty)) = data.zip(ty(object)) else { return Ok(None) };
    let value = wire::decode(data.identity_data.as_ref(), &ty)?;
    Ok(Some(value).filter(|it| !it.is_null()))
}

/// Writes an identity, where there is one.
pub(crate) fn encode(
    identity: Option<&Value>,
    object: &Object,
) -> Result<Option<tf::ResourceIdentityData>, Problem> {
    let Some((identity, ty)) = identity.zip(ty(object)) else { return Ok(None) };
    let identity_data = Some(wire::encode(identity, &ty)?);
    Ok(Some(tf::ResourceIdentityData { identity_data }))
}

fn parts(object: &Object) -> impl Iterator<Item = &Attribute> {
    object.attributes.iter().filter(|it| it.identity)
}

fn is_required(attribute: &Attribute) -> bool {
    match attribute.presence {
        Presence::Required | Presence::Computed => true,
        Presence::Optional | Presence::OptionalComputed => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stanchion_cty::schema::Leaf;

    #[derive(Debug, PartialEq, Block)]
    struct Door {
        /// Its house.
        #[attr(replace, identity)]
        house: String,
        /// Its floor.
        #[attr(optional, replace, identity)]
        floor: Leaf<i64>,
        /// Its number.
        #[attr(computed, identity)]
        number: Leaf<i64>,
        #[attr(optional)]
        note: Leaf<String>,
        #[attr(block, optional)]
        locks: Vec<Lock>,
    }

    #[derive(Debug, PartialEq, Block)]
    struct Lock {
        key: String,
    }

    fn door(floor: Leaf<i64>, number: Leaf<i64>) -> Value {
        let house = "h".to_owned();
        Door { house, floor, number, note: "n".into(), locks: Vec::new() }.encode_value()
    }

    fn of_door(floor: Leaf<i64>, number: Leaf<i64>) -> Option<Value> {
        of(&Door::object(), &door(floor, number))
    }

    #[test]
    fn an_identity_is_whole_or_none() {
        let parts =
            [("house", "h".into()), ("floor", Value::number(2)), ("number", Value::number(7))];
        assert_eq!(of_door(2.into(), 7.into()), Some(Value::object(parts)));
        assert!(of_door(Leaf::Null, 7.into()).is_some(), "what may be left out may be null");
        assert_eq!(of_door(2.into(), Leaf::Null), None);
        assert_eq!(of_door(2.into(), Leaf::unknown()), None);
        assert_eq!(of_door(Leaf::unknown(), 7.into()), None);
        assert_eq!(of(&Lock::object(), &Lock { key: "a".to_owned() }.encode_value()), None);
        assert_eq!(ty(&Lock::object()), None);
        assert_eq!(schema(0, &Lock::object()), None);
        let schema = schema(3, &Door::object()).unwrap();
        let required = schema.identity_attributes.iter().map(|it| it.required_for_import);
        assert_eq!((schema.version, required.collect::<Vec<_>>()), (3, vec![true, false, true]));
        assert!(schema.identity_attributes[1].optional_for_import);
    }

    #[test]
    fn only_what_was_there_and_is_another_thing_now_has_changed() {
        let before = of_door(Leaf::Null, 7.into());
        let told = |state: Value| changed(before.as_ref(), &state).map(|it| it.path.to_string());
        assert_eq!(told(door(2.into(), 7.into())), None);
        assert_eq!(told(door(Leaf::Null, Leaf::unknown())), None);
        assert_eq!(told(door(Leaf::Null, 8.into())), Some("number".to_owned()));
        assert_eq!(told(door(Leaf::Null, Leaf::Null)), Some("number".to_owned()));
        assert_eq!(contradicted(before.as_ref(), &door(Leaf::Null, Leaf::Null)), None);
        assert!(contradicted(before.as_ref(), &door(Leaf::Null, 8.into())).is_some());
        assert_eq!(changed(None, &door(Leaf::Null, 8.into())), None);
    }

    #[test]
    fn an_identity_is_read_by_names_and_as_a_state() {
        let identity = ObjectIdentity(of_door(Leaf::Null, 7.into()).unwrap());
        assert_eq!(identity.get::<i64>("number"), Ok(7));
        assert_eq!(identity.get::<Option<i64>>("floor"), Ok(None));
        let told = |it: Problems| it.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(told(identity.get::<i64>("floor").unwrap_err()), ["floor must not be null"]);
        assert_eq!(told(identity.get::<i64>("n").unwrap_err()), ["n is no part of the identity"]);
        let door = Door {
            house: "h".to_owned(),
            floor: Leaf::Null,
            number: 7.into(),
            note: Leaf::Null,
            locks: Vec::new(),
        };
        assert_eq!(identity.state::<Door>(), Ok(door));
    }
}
