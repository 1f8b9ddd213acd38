//! Statements of policies, as IAM's JSON has them.

use stanchion_cty::{Kind, Value};
use stanchion_lang::{Evaluation, Why};

use super::Truth;
use super::member::{Member, any, members};
use super::text::{self, Text};
use crate::parts::{is_object, member};

/// A statement of a policy.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The object, which tells where it comes from.
    pub value: Value,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// What it is about.
    pub actions: Scope,
    /// On what.
    pub resources: Scope,
    /// When: all of them.
    pub conditions: Vec<Member<Condition>>,
    /// Why it is not known whether it is there at all: a clause; `None` if it is.
    pub is_maybe: Option<String>,
}

/// What a statement does.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies.
    Deny,
    /// It can't be told, and why: a clause.
    Unknown(String),
}

/// The patterns of a statement's actions or resources.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Whether it is all that none of the patterns matches: `NotAction`, `NotResource`.
    pub is_negated: bool,
    /// The patterns.
    pub patterns: Vec<Member<Text>>,
}

/// A condition of a statement.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The operator as it is written: `StringLike`, `ForAllValues:ArnEqualsIfExists`.
    pub operator: String,
    /// The key as it is written: `aws:PrincipalArn`.
    pub key: String,
    /// The values, one of which must match.
    pub values: Vec<Member<Text>>,
}

/// The statements of a document.
pub(super) fn of_document(cx: &Evaluation<'_>, text: &Value) -> Vec<Member<Statement>> {
    let Ok(document) = cx.json(text) else {
        return vec![Member::Unknown("the policy is not JSON".to_owned())];
    };
    let read = |it: &Value| match is_object(it) {
        true => {
            let statements = member(it, "Statement").map(|it| statements(cx, it));
            statements.unwrap_or_default()
        }
        false => vec![unknown(cx, it, "the policy is not an object")],
    };
    match cx.why(&document) {
        // What is granted has a document, though how many there are is not known.
        Some(Why::Choice(of)) if matches!(cx.why(&of[0]), Some(Why::Each(_))) => {
            let mut statements = members(cx, &of[1], &read);
            let why =
                cx.reason(&of[0]).unwrap_or_else(|| "it is unknown how many there are".into());
            statements.iter_mut().for_each(|it| it.make_maybe(&why));
            statements.extend(members(cx, &of[2], &read));
            statements
        }
        _ => members(cx, &document, &read),
    }
}

impl Member<Statement> {
    /// Says that it is not known whether it is there.
    fn make_maybe(&mut self, why: &str) {
        match self {
            Self::One(it) => it.is_maybe = it.is_maybe.take().or_else(|| Some(why.to_owned())),
            Self::Either(of, _) => of.iter_mut().flatten().for_each(|it| it.make_maybe(why)),
            Self::Unknown(_) => {}
        }
    }
}

fn unknown<T>(cx: &Evaluation<'_>, value: &Value, what: &str) -> Member<T> {
    Member::Unknown(match value.is_known() {
        true => what.to_owned(),
        false => cx.reason(value).unwrap_or_else(|| what.to_owned()),
    })
}

fn statements(cx: &Evaluation<'_>, list: &Value) -> Vec<Member<Statement>> {
    let read = |it: &Value| match is_object(it) {
        true => vec![Member::One(statement(cx, it, None))],
        false => vec![unknown(cx, it, "a statement is not an object")],
    };
    // What is an object or nothing is a statement that may not be there.
    let each = crate::parts::elements(cx, list).into_iter().flat_map(|it| match cx.why(&it) {
        Some(Why::Choice(of)) if is_object(&of[1]) && of[2].is_null() => {
            let why = cx.reason(&of[0]).unwrap_or_else(|| "the condition is unknown".to_owned());
            vec![Member::One(statement(cx, &of[1], Some(why)))]
        }
        _ => members(cx, &it, &read),
    });
    each.collect()
}

fn statement(cx: &Evaluation<'_>, object: &Value, is_maybe: Option<String>) -> Statement {
    let effect = match member(object, "Effect") {
        Some(it) if it.as_str().is_some_and(|it| it.eq_ignore_ascii_case("allow")) => Effect::Allow,
        Some(it) if it.as_str().is_some_and(|it| it.eq_ignore_ascii_case("deny")) => Effect::Deny,
        it => {
            let why = it.and_then(|it| cx.reason(it));
            Effect::Unknown(
                why.unwrap_or_else(|| "a statement neither allows nor denies".to_owned()),
            )
        }
    };
    let scope = |name: &str, negated: &str| {
        let (is_negated, of) = match (member(object, name), member(object, negated)) {
            (None, Some(of)) => (true, Some(of)),
            (of, _) => (false, of),
        };
        Scope { is_negated, patterns: of.map(|it| text::of(cx, it)).unwrap_or_default() }
    };
    let conditions = member(object, "Condition").map(|it| {
        members(cx, it, &|it| match it.kind() {
            Kind::Object(of) | Kind::Map(_, of) => {
                of.iter().flat_map(|(operator, keys)| of_operator(cx, operator, keys)).collect()
            }
            _ => vec![unknown(cx, it, "a condition is not an object")],
        })
    });
    Statement {
        value: object.clone(),
        effect,
        actions: scope("Action", "NotAction"),
        resources: scope("Resource", "NotResource"),
        conditions: conditions.unwrap_or_default(),
        is_maybe,
    }
}

fn of_operator(cx: &Evaluation<'_>, operator: &str, keys: &Value) -> Vec<Member<Condition>> {
    let (Kind::Object(of) | Kind::Map(_, of)) = keys.kind() else {
        return vec![unknown(cx, keys, "a condition is not an object")];
    };
    let one = |key: &str, values: &Value| {
        Member::One(Condition {
            operator: operator.to_owned(),
            key: key.to_owned(),
            values: text::of(cx, values),
        })
    };
    of.iter().map(|(key, values)| one(key, values)).collect()
}

impl Scope {
    /// Whether one of the patterns has a property that no pattern has which matches less than one
    /// that lacks it.
    #[must_use]
    pub fn matches_at_least(&self, has: impl Fn(&str) -> bool) -> Truth {
        any(&self.patterns, &|it| it.matches_at_least(&has))
    }

    /// The first pattern of which it is known that it has such a property.
    #[must_use]
    pub fn first(&self, has: impl Fn(&str) -> bool) -> Option<&Text> {
        self.patterns.iter().find_map(|it| match it {
            Member::One(it) if it.matches_at_least(&has) == Truth::Yes => Some(it),
            _ => None,
        })
    }
}

impl Condition {
    /// Whether one of the values has a property that no pattern has which matches less than one that
    /// lacks it.
    #[must_use]
    pub fn has_value(&self, has: impl Fn(&str) -> bool) -> Truth {
        any(&self.values, &|it| it.matches_at_least(&has))
    }
}
