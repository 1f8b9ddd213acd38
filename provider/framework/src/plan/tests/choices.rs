//! Declarations, configurations and states out of a row of bytes, each of which is a choice. Fewer
//! and smaller bytes are simpler things, so that what fails shrinks to something readable.

use stanchion_cty::Kind;

use super::*;

/// The choices that are left; after the last one, always the simplest.
pub(super) struct Choices<'a>(std::slice::Iter<'a, u8>);

impl<'a> Choices<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes.iter())
    }

    /// One of `count` possibilities.
    fn of(&mut self, count: u8) -> u8 {
        self.0.next().map_or(0, |it| it % count)
    }

    /// True in one of `count` cases.
    fn rarely(&mut self, count: u8) -> bool {
        self.of(count) == count - 1
    }
}

/// Where an attribute stands, which forbids some things to it.
#[derive(Clone, Copy)]
struct Place {
    depth: u8,
    may_write_only: bool,
    /// The elements of a collection have one type.
    may_dynamic: bool,
    /// Not in a nested attribute.
    may_block: bool,
}

/// Any declaration that Terraform accepts.
pub(super) fn declaration(choices: &mut Choices<'_>) -> Object {
    let place = Place { depth: 3, may_write_only: true, may_dynamic: true, may_block: true };
    some_object(choices, place)
}

fn some_object(choices: &mut Choices<'_>, place: Place) -> Object {
    let names = ["a", "b", "c", "d"];
    let count = 1 + usize::from(choices.of(4));
    object(names.into_iter().take(count).map(|name| attribute(choices, name, place)).collect())
}

fn attribute(choices: &mut Choices<'_>, name: &'static str, place: Place) -> Attribute {
    let mut it = text(name);
    it.presence = match choices.of(5) {
        0 | 1 => Presence::Optional,
        2 => Presence::Computed,
        3 => Presence::OptionalComputed,
        _ => Presence::Required,
    };
    it.replace = choices.rarely(4);
    it.follows = match choices.of(4) {
        0 | 1 => Follows::Anything,
        2 => Follows::Nothing,
        _ => Follows::Names(vec![["a", "b", "c", "d"][usize::from(choices.of(4))].into()]),
    };
    let may_default = it.presence == Presence::Optional && choices.rarely(3);
    let below_computed = it.is_computed() || may_default;
    it.kind = match choices.of(9) {
        0..=2 => AttributeKind::Plain(Type::String),
        3 if place.may_dynamic => AttributeKind::Plain(Type::Dynamic),
        4 => AttributeKind::Plain(Type::list(Type::String)),
        n @ 5.. if place.depth > 0 => {
            let nesting = [Nesting::Single, Nesting::List, Nesting::Set, Nesting::Map];
            let nesting = nesting[usize::from(n - 5)];
            let may_write_only = place.may_write_only && nesting != Nesting::Set && !below_computed;
            let may_dynamic = place.may_dynamic && nesting == Nesting::Single;
            let may_block = place.may_block && choices.rarely(2);
            it.block = may_block;
            let depth = place.depth - 1;
            let place = Place { depth, may_write_only, may_dynamic, may_block };
            AttributeKind::Nested(nesting, some_object(choices, place).into())
        }
        _ => AttributeKind::Plain(Type::Number),
    };
    if it.block {
        it.presence = Presence::Optional;
        return it;
    }
    let is_string = matches!(it.kind, AttributeKind::Plain(Type::String));
    it.same = (is_string && choices.rarely(2)).then_some(but_for_case as _);
    if may_default {
        it.default = Some(given_value(choices, &it.kind, false));
    }
    it.write_only = place.may_write_only && !it.is_computed() && choices.rarely(6);
    it
}

/// Any configuration of a declaration, `wholly_known` or not.
pub(super) fn config(choices: &mut Choices<'_>, object: &Object, can_unknown: bool) -> Value {
    Value::object(object.attributes.iter().map(|it| {
        let may_be_silent = it.presence != Presence::Required && choices.of(2) == 0;
        let value = if !it.is_configurable() || may_be_silent {
            it.absent()
        } else if it.block {
            blocks(choices, &it.kind, can_unknown)
        } else {
            given_value(choices, &it.kind, can_unknown)
        };
        (it.name.to_string(), value)
    }))
}

/// Some blocks, or with `dynamic` an unknown number of them; a block itself is neither null nor
/// unknown.
fn blocks(choices: &mut Choices<'_>, kind: &AttributeKind, can_unknown: bool) -> Value {
    match kind {
        AttributeKind::Nested(Nesting::Single, object) => config(choices, object, can_unknown),
        AttributeKind::Nested(nesting, object) if !(choices.rarely(6) && can_unknown) => {
            let count = choices.of(4);
            let elements = (0..count).map(|_| config(choices, object, can_unknown)).collect();
            collection(*nesting, object.ty(), elements)
        }
        _ => Value::unknown(kind.ty()),
    }
}

fn given_value(choices: &mut Choices<'_>, kind: &AttributeKind, can_unknown: bool) -> Value {
    if choices.rarely(6) && can_unknown {
        return Value::unknown(kind.ty());
    }
    match kind {
        AttributeKind::Plain(ty) => plain(choices, ty),
        AttributeKind::Nested(Nesting::Single, object) => config(choices, object, can_unknown),
        AttributeKind::Nested(nesting, object) => {
            let count = choices.of(4);
            let elements: Vec<Value> = (0..count)
                .map(|_| match choices.of(16) {
                    15 if can_unknown => Value::unknown(object.ty()),
                    14 if *nesting != Nesting::Set => Value::null(object.ty()),
                    _ => config(choices, object, can_unknown),
                })
                .collect();
            collection(*nesting, object.ty(), elements)
        }
    }
}

fn collection(nesting: Nesting, ty: Type, elements: Vec<Value>) -> Value {
    match nesting {
        Nesting::Set => Value::set(ty, elements),
        Nesting::Map => {
            Value::map(ty, elements.into_iter().enumerate().map(|(i, it)| (i.to_string(), it)))
        }
        Nesting::List | Nesting::Single => Value::list(ty, elements),
    }
}

fn plain(choices: &mut Choices<'_>, ty: &Type) -> Value {
    match ty {
        Type::Number => Value::number(i64::from(choices.of(3))),
        Type::List(it) => {
            let count = choices.of(3);
            Value::list((**it).clone(), (0..count).map(|_| plain(choices, it)).collect::<Vec<_>>())
        }
        Type::Dynamic if choices.rarely(3) => Value::number(i64::from(choices.of(3))),
        _ => ["a", "A", "b"][usize::from(choices.of(3))].into(),
    }
}

/// A configuration with each unknown value known: what Terraform plans with in the apply.
pub(super) fn resolve(choices: &mut Choices<'_>, object: &Object, config: &Value) -> Value {
    let Kind::Object(attributes) = config.kind() else {
        return if config.is_known() {
            config.clone()
        } else {
            self::config(choices, object, false)
        };
    };
    let mut resolved = attributes.to_map();
    for attribute in &object.attributes {
        let Some(value) = resolved.get_mut(attribute.name.as_ref()) else { continue };
        if !value.is_known() && attribute.block {
            *value = blocks(choices, &attribute.kind, false);
        } else if !value.is_known() {
            *value = given_value(choices, &attribute.kind, false);
        } else if let AttributeKind::Nested(_, object) = &attribute.kind {
            *value = rebuild(value, &mut |it| resolve(choices, object, it));
        }
    }
    Value::object(resolved)
}

/// The value of a nested attribute with each of its objects rebuilt.
pub(super) fn rebuild(value: &Value, each: &mut dyn FnMut(&Value) -> Value) -> Value {
    match value.kind() {
        Kind::List(ty, it) => Value::list(ty.clone(), it.iter().map(each).collect::<Vec<_>>()),
        Kind::Set(ty, it) => Value::set(ty.clone(), it.iter().map(each).collect::<Vec<_>>()),
        Kind::Map(ty, it) => {
            let each: Vec<_> = it.iter().map(|(key, it)| (key.clone(), each(it))).collect();
            Value::map(ty.clone(), each)
        }
        Kind::Object(_) => each(value),
        _ => value.clone(),
    }
}

/// What a provider makes of a plan: each unknown value becomes known, all of them different.
pub(super) fn apply(planned: &Value, made: &mut usize) -> Value {
    planned.clone().map_parts_up(&mut |it| match it.kind() {
        Kind::Unknown(unknown) => {
            *made += 1;
            sample(&unknown.ty, made)
        }
        _ => it,
    })
}

fn sample(ty: &Type, made: &mut usize) -> Value {
    match ty {
        Type::Bool => true.into(),
        Type::Number => Value::number(100 + *made),
        Type::String | Type::Dynamic => format!("made {made}").into(),
        Type::List(it) => Value::list((**it).clone(), [sample(it, made)]),
        Type::Set(it) => Value::set((**it).clone(), [sample(it, made)]),
        Type::Map(it) => Value::map((**it).clone(), [("made", sample(it, made))]),
        Type::Tuple(it) => Value::tuple(it.iter().map(|it| sample(it, made)).collect::<Vec<_>>()),
        Type::Object(it) => {
            let each: Vec<_> = it.iter().map(|(name, it)| (name.clone(), &it.ty)).collect();
            Value::object(each.into_iter().map(|(name, ty)| (name, sample(ty, made))))
        }
    }
}

/// The same state with every text whose case means nothing in capitals.
pub(super) fn shout(object: &Object, state: &Value) -> Value {
    let Kind::Object(attributes) = state.kind() else { return state.clone() };
    let mut loud = attributes.to_map();
    for attribute in &object.attributes {
        let Some(value) = loud.get_mut(attribute.name.as_ref()) else { continue };
        if let (Some(_), Some(text)) = (attribute.same, value.as_str()) {
            *value = text.to_uppercase().into();
        } else if let AttributeKind::Nested(_, object) = &attribute.kind {
            *value = rebuild(value, &mut |it| shout(object, it));
        }
    }
    Value::object(loud)
}
