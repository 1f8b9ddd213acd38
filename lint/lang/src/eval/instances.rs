//! `count` and `for_each`: how often a block is there.

use std::fmt;
use std::sync::Arc;

use stanchion_cty::{Kind, Mark, Type, Value, convert};

use super::scope::Bound;
use super::sequence::pairs;
use super::{Evaluation, Scope};
use crate::refusal::Refusal;
use crate::syntax::{Block, Expr};
use crate::why::Why;

/// The most instances that a known `count` or `for_each` is expanded to; beyond, one stands for
/// all.
const MOST_INSTANCES: usize = 20_000;

const COUNT: &str = "Invalid count argument";
const FOR_EACH: &str = "Invalid for_each argument";

/// Which instance of a block: what stands in brackets behind its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InstanceKey {
    /// The block has neither `count` nor `for_each`.
    Single,
    /// One of `count`.
    Index(usize),
    /// One of `for_each`.
    Key(Arc<str>),
    /// It is not known how many there are; this one stands for all.
    Any,
}

impl<'w> Evaluation<'w> {
    /// The instances of a resource or a module call, each with what it is evaluated in. None if
    /// `count` is 0 or `for_each` empty; one for all if how many there are is unknown.
    pub(super) fn expand(
        &self,
        block: &'w Block,
        scope: &Scope<'w>,
    ) -> Vec<(InstanceKey, Scope<'w>)> {
        let (count, over) = (block.body.attribute("count"), block.body.attribute("for_each"));
        match (count, over) {
            (Some(count), Some(_)) => {
                let detail = "The \"count\" and \"for_each\" meta-arguments are mutually-exclusive, only one should be used.";
                let summary = "Invalid combination of \"count\" and \"for_each\"";
                self.refuse(Refusal::new(count.name_span, summary, detail).before_evaluation());
                vec![(InstanceKey::Any, self.any_counted(scope))]
            }
            (Some(count), None) => self.expand_count(&count.value, scope),
            (None, Some(over)) => self.expand_for_each(&over.value, scope),
            (None, None) => vec![(InstanceKey::Single, scope.clone())],
        }
    }

    fn expand_count(&self, count: &'w Expr, scope: &Scope<'w>) -> Vec<(InstanceKey, Scope<'w>)> {
        let any = || vec![(InstanceKey::Any, self.any_counted(scope))];
        let mark = self.mark_refusals();
        let value = self.eval(count, scope);
        if self.is_refused_since(mark) {
            return any();
        }
        let refuse = |detail: String| {
            self.refuse(Refusal::new(count.span, COUNT, detail).before_evaluation());
            any()
        };
        if value.marks().has(Mark::Ephemeral) {
            return refuse(
                "The given \"count\" is derived from an ephemeral value, so it can't be used."
                    .to_owned(),
            );
        }
        if value.is_null() {
            return refuse(
                "The given \"count\" argument value is null. An integer is required.".to_owned(),
            );
        }
        let number = match convert(&value, &Type::Number) {
            Ok(it) => it,
            Err(problem) => {
                return refuse(format!(
                    "The given \"count\" argument value is unsuitable: {}.",
                    problem.message
                ));
            }
        };
        let Some(number) = number.as_number() else { return any() };
        if number.is_negative() {
            return refuse("The given \"count\" argument value is unsuitable: must be greater than or equal to zero.".to_owned());
        }
        let Some(many) = number.to_u64().filter(|_| number.is_integer()) else {
            return refuse(
                "The given \"count\" argument value is unsuitable: it must be a whole number."
                    .to_owned(),
            );
        };
        let Some(many) = usize::try_from(many).ok().filter(|it| *it <= MOST_INSTANCES) else {
            self.gap(count.span, format!("asks for {many} instances; one stands for all of them"));
            return any();
        };
        (0..many)
            .map(|at| {
                let index = Value::number(i64::try_from(at).unwrap_or(i64::MAX));
                (InstanceKey::Index(at), self.counted(scope, index))
            })
            .collect()
    }

    fn expand_for_each(&self, over: &'w Expr, scope: &Scope<'w>) -> Vec<(InstanceKey, Scope<'w>)> {
        let any = || vec![(InstanceKey::Any, self.any_each(scope))];
        let mark = self.mark_refusals();
        let value = self.with_sets(self.eval(over, scope));
        if self.is_refused_since(mark) {
            return any();
        }
        let refuse = |detail: String| {
            self.refuse(Refusal::new(over.span, FOR_EACH, detail).before_evaluation());
            any()
        };
        if value.has_mark_deep(Mark::Ephemeral) && value.marks().has(Mark::Ephemeral) {
            return refuse("The given \"for_each\" value is derived from an ephemeral value, so it can't be used.".to_owned());
        }
        if value.marks().has(Mark::Sensitive) {
            return refuse("Sensitive values, or values derived from sensitive values, cannot be used as for_each arguments. If used, the sensitive value could be exposed as a resource instance key.".to_owned());
        }
        if value.is_null() {
            return refuse("The given \"for_each\" argument value is null. A map, or set of strings is allowed.".to_owned());
        }
        let is_suitable = match value.kind() {
            Kind::Map(..) | Kind::Set(..) | Kind::Object(_) => true,
            Kind::Unknown(it) => {
                matches!(it.ty, Type::Map(_) | Type::Set(_) | Type::Object(_) | Type::Dynamic)
            }
            _ => false,
        };
        if !is_suitable {
            return refuse(format!(
                "The given \"for_each\" argument value is unsuitable: the \"for_each\" argument must be a map, or set of strings, and you have provided a value of type {}.",
                value.ty().friendly()
            ));
        }
        if !value.is_known() {
            return any();
        }
        let elements = pairs(&value);
        if let Kind::Set(element, _) = value.kind() {
            if elements.iter().any(|(_, it)| !it.is_known()) {
                return any();
            }
            if !elements.is_empty() && *element != Type::String {
                return refuse(format!(
                    "The given \"for_each\" argument value is unsuitable: \"for_each\" supports maps and sets of strings, but you have provided a set containing type {}.",
                    element.friendly()
                ));
            }
            if elements.iter().any(|(_, it)| it.is_null()) {
                return refuse("The given \"for_each\" argument value is unsuitable: \"for_each\" sets must not contain null values.".to_owned());
            }
        }
        if elements.len() > MOST_INSTANCES {
            self.gap(
                over.span,
                format!("asks for {} instances; one stands for all of them", elements.len()),
            );
            return any();
        }
        elements
            .into_iter()
            .filter_map(|(key, value)| {
                let text: Arc<str> = key.as_str()?.into();
                Some((InstanceKey::Key(text), self.each(scope, key, value)))
            })
            .collect()
    }

    fn any_counted(&self, scope: &Scope<'w>) -> Scope<'w> {
        self.counted(scope, self.of_all("count.index", Type::Number))
    }

    fn any_each(&self, scope: &Scope<'w>) -> Scope<'w> {
        let key = self.of_all("each.key", Type::String);
        let value = self.of_all("each.value", Type::Dynamic);
        self.each(scope, key, value)
    }

    fn counted(&self, scope: &Scope<'w>, index: Value) -> Scope<'w> {
        scope.bind(&self.words.count, Bound::Index(index))
    }

    fn each(&self, scope: &Scope<'w>, key: Value, value: Value) -> Scope<'w> {
        scope.bind(&self.words.each, Bound::Pair(key, value))
    }

    /// What differs from instance to instance where one stands for all.
    pub(super) fn of_all(&self, name: &str, ty: Type) -> Value {
        let why = format!("{name} is unknown, since it is unknown how many instances there are");
        self.not_null(ty, Why::NotEvaluated(why.into()))
    }
}

/// The number of the instance with that key; `None` if there is none, or if it can't be told.
pub(super) fn at_key(instances: &[(InstanceKey, usize)], key: &Value) -> Option<usize> {
    let (first, _) = instances.first()?;
    let found = match first {
        InstanceKey::Index(_) => {
            let number = convert(key, &Type::Number).ok()?;
            instances.get(usize::try_from(number.as_number()?.to_u64()?).ok()?)
        }
        InstanceKey::Key(_) => {
            let text = convert(key, &Type::String).ok()?;
            let text = text.as_str()?;
            let is_it = |it: &InstanceKey| matches!(it, InstanceKey::Key(it) if **it == *text);
            let sorted = instances.binary_search_by(|(it, _)| match it {
                InstanceKey::Key(it) => (**it).cmp(text),
                _ => std::cmp::Ordering::Less,
            });
            match sorted {
                Ok(at) => instances.get(at),
                // Those of a set stand in the order of the set.
                Err(_) => instances.iter().find(|(it, _)| is_it(it)),
            }
        }
        InstanceKey::Single | InstanceKey::Any => None,
    };
    found.map(|(_, at)| *at)
}

impl InstanceKey {
    /// Writes it behind an address.
    pub(super) fn write(&self, address: &mut String) {
        use fmt::Write as _;
        if *self != Self::Single {
            // A text takes whatever is written.
            let _ = write!(address, "{self}");
        }
    }
}

impl fmt::Display for InstanceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Single => Ok(()),
            Self::Index(it) => write!(f, "[{it}]"),
            Self::Key(it) => write!(f, "[{it:?}]"),
            Self::Any => f.write_str("[*]"),
        }
    }
}
