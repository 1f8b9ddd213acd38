//! What is known of an image's reference.

use stanchion_cty::{Type, Value, convert};
use stanchion_lang::{Evaluation, Why};

/// A string of which parts may be unknown.
#[derive(Clone, Debug, PartialEq)]
pub enum Text {
    /// Pieces one behind the other.
    Pieces(Vec<Piece>),
    /// One of two, with why it is not known which.
    Either(Box<[Text; 2]>, String),
}

/// A piece of a string.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Known text.
    Known(String),
    /// Unknown, and why: a clause.
    Unknown(String),
}

impl Text {
    /// A value as text: its pieces, as far as they are known.
    pub(super) fn of(evaluation: &Evaluation<'_>, value: &Value) -> Self {
        match (value.as_str(), evaluation.why(value)) {
            (Some(text), _) => Self::known(text),
            // What may not be there is judged as if it is.
            (None, Some(Why::Choice(of))) if of[1].is_null() => Self::of(evaluation, &of[2]),
            (None, Some(Why::Choice(of))) if of[2].is_null() => Self::of(evaluation, &of[1]),
            (None, Some(Why::Choice(of))) => {
                let why = evaluation.reason(&of[0]).unwrap_or_default();
                let branches = [&of[1], &of[2]].map(|it| Self::of(evaluation, it));
                Self::Either(Box::new(branches), why)
            }
            (None, Some(Why::Join(parts))) => {
                Self::Pieces(parts.iter().map(|it| piece(evaluation, it)).collect())
            }
            (None, _) => Self::Pieces(vec![piece(evaluation, value)]),
        }
    }

    pub(super) fn known(text: &str) -> Self {
        Self::Pieces(vec![Piece::Known(text.to_owned())])
    }

    /// A text of which nothing is known, and why: a clause.
    pub(super) fn unknown(why: impl Into<String>) -> Self {
        Self::Pieces(vec![Piece::Unknown(why.into())])
    }

    /// This text, and another behind it.
    pub(super) fn and(self, then: &Self) -> Self {
        match (self, then) {
            (Self::Either(of, why), _) => Self::Either(Box::new(of.map(|it| it.and(then))), why),
            (it, Self::Either(of, why)) => {
                let [yes, no] = &**of;
                Self::Either(Box::new([it.clone().and(yes), it.and(no)]), why.clone())
            }
            (Self::Pieces(mut first), Self::Pieces(rest)) => {
                first.extend_from_slice(rest);
                Self::Pieces(first)
            }
        }
    }
}

fn piece(evaluation: &Evaluation<'_>, value: &Value) -> Piece {
    let text = if value.is_known() { convert(value, &Type::String).ok() } else { None };
    match text.as_ref().and_then(Value::as_str) {
        Some(text) => Piece::Known(text.to_owned()),
        None => Piece::Unknown(
            evaluation.reason(value).unwrap_or_else(|| "it is not a string".to_owned()),
        ),
    }
}
