//! Which nested objects go on from which objects of before.

use std::collections::VecDeque;

use stanchion_cty::schema::{Attribute, AttributeKind, Nesting, Object, Presence};
use stanchion_cty::{Kind, Value};

/// For each object of a nested attribute the object of before that it goes on from.
pub(super) struct Partners<'a>(Vec<Option<&'a Value>>);

/// What the newer of two values is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Newer {
    /// A configuration: silent about what is left to the provider.
    Config,
    /// A report of what there is: what was unknown before may be anything in it.
    Report,
}

impl<'a> Partners<'a> {
    /// The only one goes on from the only one, lists go by position and maps by key. Of a set's objects, one goes on from an object of
    /// before that says the same, as far as both can say anything; where several could, as many
    /// as possible find a partner, so that a set that nobody changed goes on from itself as a
    /// whole.
    ///
    /// A configuration must say it to the letter. Of an object with a part that is unknown, nobody
    /// can tell whether it means the same, so it is planned as it is spelled, and must be so again
    /// when all is known. Where it may also leave a value open, it could then turn out to be the
    /// partner of any object, so that none has one before.
    pub(super) fn of(
        nesting: Nesting,
        object: &Object,
        now: &Value,
        before: Option<&'a Value>,
        newer: Newer,
    ) -> Self {
        Self(match (nesting, now.kind(), before.map(Value::kind)) {
            (Nesting::Single, ..) => vec![before],
            (Nesting::List, Kind::List(_, now), Some(Kind::List(_, before))) => {
                (0..now.len()).map(|i| before.get(i)).collect()
            }
            (Nesting::Map, Kind::Map(_, now), Some(Kind::Map(_, before))) => {
                now.keys().map(|key| before.get(key)).collect()
            }
            (Nesting::Set, Kind::Set(..), _)
                if newer == Newer::Config && !now.is_wholly_known() && leaves_open(object) =>
            {
                Vec::new()
            }
            (Nesting::Set, Kind::Set(_, now), Some(Kind::Set(_, before))) => {
                let goes_on = |i: usize, j: usize, how| {
                    let (Some(now), Some(before)) = (now.get(i), before.get(j)) else {
                        return false;
                    };
                    object_goes_on(object, now, before, newer, how)
                };
                let levels: &[How] = match newer {
                    Newer::Config => &[How::Spelling],
                    Newer::Report => &[How::Whole, How::Spelling, How::Meaning],
                };
                let pairs = pair(now.len(), before.len(), levels, &goes_on);
                pairs.into_iter().map(|it| before.get(it?)).collect()
            }
            _ => Vec::new(),
        })
    }

    /// The partner of the object at that position.
    pub(super) fn at(&self, i: usize) -> Option<&'a Value> {
        self.0.get(i).copied().flatten()
    }
}

/// What the configuration says of an attribute, be it by its default; `None` where it is silent.
pub(super) fn given<'a>(attribute: &'a Attribute, config: Option<&'a Value>) -> Option<&'a Value> {
    config.filter(|it| !it.is_null()).or(attribute.default.as_ref())
}

/// Whether two values are equal, or two spellings of one meaning.
pub(super) fn is_same(attribute: &Attribute, before: &Value, now: &Value) -> bool {
    let can_ask = |it: &Value| !it.is_null() && it.is_wholly_known();
    before == now
        || attribute.same.is_some_and(|same| can_ask(before) && can_ask(now) && same(before, now))
}

/// How closely two values must agree.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// In the meaning of everything, also of what is computed, and nothing is unknown.
    Whole,
    /// In the spelling of what is not computed.
    Spelling,
    /// In the meaning of what is not computed.
    Meaning,
}

/// Whether a configuration may leave a value to the provider in objects of that declaration.
fn leaves_open(object: &Object) -> bool {
    object.attributes.iter().any(|it| {
        it.presence == Presence::OptionalComputed
            || matches!(&it.kind, AttributeKind::Nested(_, inner) if leaves_open(inner))
    })
}

fn object_goes_on(object: &Object, now: &Value, before: &Value, newer: Newer, how: How) -> bool {
    if !matches!((now.kind(), before.kind()), (Kind::Object(_), Kind::Object(_))) {
        return now == before;
    }
    object.attributes.iter().all(|attribute| {
        let name = attribute.name.as_ref();
        match (now.get(name), before.get(name)) {
            (Some(now), Some(before)) => attribute_goes_on(attribute, now, before, newer, how),
            _ => false,
        }
    })
}

fn attribute_goes_on(
    attribute: &Attribute,
    now: &Value,
    before: &Value,
    newer: Newer,
    how: How,
) -> bool {
    if attribute.write_only {
        return true;
    }
    let now = match newer {
        Newer::Config => match given(attribute, Some(now)) {
            Some(it) => it,
            None => return attribute.is_computed() || before.is_null(),
        },
        Newer::Report if how == How::Whole => now,
        Newer::Report if !before.is_known() || attribute.presence == Presence::Computed => {
            return true;
        }
        Newer::Report => now,
    };
    let agrees = match how {
        How::Spelling => before == now,
        How::Whole | How::Meaning => is_same(attribute, before, now),
    };
    agrees
        || match &attribute.kind {
            AttributeKind::Plain(_) => false,
            AttributeKind::Nested(nesting, object) => {
                nested_goes_on(*nesting, object, now, before, newer, how)
            }
        }
}

fn nested_goes_on(
    nesting: Nesting,
    object: &Object,
    now: &Value,
    before: &Value,
    newer: Newer,
    how: How,
) -> bool {
    let row = |now: &[Value], before: &[Value]| {
        let mut both = now.iter().zip(before);
        now.len() == before.len()
            && both.all(|(now, before)| object_goes_on(object, now, before, newer, how))
    };
    match (nesting, now.kind(), before.kind()) {
        (Nesting::Single, ..) => object_goes_on(object, now, before, newer, how),
        (_, Kind::List(_, now), Kind::List(_, before)) => row(now, before),
        (_, Kind::Map(_, now), Kind::Map(_, before)) => {
            now.len() == before.len()
                && now.iter().all(|(key, now)| {
                    let before = before.get(key);
                    before.is_some_and(|it| object_goes_on(object, now, it, newer, how))
                })
        }
        (_, Kind::Set(_, elements), Kind::Set(_, others)) => {
            let partners = Partners::of(nesting, object, now, Some(before), newer);
            elements.len() == others.len() && (0..elements.len()).all(|i| partners.at(i).is_some())
        }
        _ => false,
    }
}

/// Pairs as many of `now` things with one of `before` things each as can be: first, in order and
/// closest first, those that agree at one of these levels, then, at the last one, the others by
/// augmenting paths (Berge's lemma).
fn pair(
    now: usize,
    before: usize,
    levels: &[How],
    goes_on: &dyn Fn(usize, usize, How) -> bool,
) -> Vec<Option<usize>> {
    let mut pairs = Pairs { of_now: vec![None; now], of_before: vec![None; before] };
    for how in levels {
        for i in 0..now {
            let mut free = (0..before).filter(|j| pairs.of_before[*j].is_none());
            if pairs.of_now[i].is_none()
                && let Some(j) = free.find(|j| goes_on(i, *j, *how))
            {
                pairs.of_now[i] = Some(j);
                pairs.of_before[j] = Some(i);
            }
        }
    }
    let Some(last) = levels.last() else { return pairs.of_now };
    for i in 0..now {
        if pairs.of_now[i].is_none() {
            pairs.augment(i, &|i, j| goes_on(i, j, *last));
        }
    }
    pairs.of_now
}

struct Pairs {
    of_now: Vec<Option<usize>>,
    of_before: Vec<Option<usize>>,
}

impl Pairs {
    /// Finds a partner for `start`, if need be by giving others another one than they have.
    fn augment(&mut self, start: usize, goes_on: &dyn Fn(usize, usize) -> bool) {
        let mut reached_from: Vec<Option<usize>> = vec![None; self.of_before.len()];
        let mut queue = VecDeque::from([start]);
        while let Some(i) = queue.pop_front() {
            for j in 0..self.of_before.len() {
                if reached_from[j].is_some() || !goes_on(i, j) {
                    continue;
                }
                reached_from[j] = Some(i);
                match self.of_before[j] {
                    Some(other) => queue.push_back(other),
                    None => return self.flip(j, &reached_from),
                }
            }
        }
    }

    /// Gives each thing on the path that ends at `last` the partner from which the path came.
    fn flip(&mut self, last: usize, reached_from: &[Option<usize>]) {
        let mut next = Some(last);
        while let Some(j) = next {
            let Some(i) = reached_from[j] else { return };
            self.of_before[j] = Some(i);
            next = self.of_now[i].replace(j);
        }
    }
}
