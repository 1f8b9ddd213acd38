//! Texts in policies: patterns of actions and resources, values of conditions, ARNs.

use std::sync::Arc;

use stanchion_cty::Value;
use stanchion_lang::{Evaluation, Why};

use super::Truth;
use super::member::{Member, members};

/// A text of which parts may be unknown.
#[derive(Clone, Debug)]
pub struct Text {
    /// The value, which tells where the text comes from.
    pub value: Value,
    /// Its pieces, one behind the other.
    pub pieces: Vec<Piece>,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Known text.
    Known(String),
    /// What a resource or data source is called by: its ARN, an id, a name. Only the cloud knows it,
    /// but there is no wildcard in it. The reference.
    Name(Arc<str>),
    /// Anything, and why that is unknown: a clause.
    Unknown(String),
}

/// Data sources of which each attribute names something that is there.
const NAMING: &[&str] = &["aws_caller_identity", "aws_partition", "aws_region", "aws_regions"];
/// Resources whose attributes are what somebody wrote.
const REPEATING: &[&str] = &["null_resource", "terraform_data"];
/// What stands for a name, and for anything at all, where a text is matched.
const NAME: &str = "\u{f8f0}";
const ANYTHING: &str = "*";

/// The texts that a list has, or the only one.
pub(super) fn of(cx: &Evaluation<'_>, list: &Value) -> Vec<Member<Text>> {
    members(cx, list, &|it| vec![Member::One(Text::of(cx, it))])
}

impl Text {
    fn of(cx: &Evaluation<'_>, value: &Value) -> Self {
        let pieces = cx.pieces(value).unwrap_or_else(|| vec![value.clone()]);
        Self { value: value.clone(), pieces: pieces.iter().map(|it| piece(cx, it)).collect() }
    }

    /// The whole text, if it is known.
    #[must_use]
    pub fn known(&self) -> Option<String> {
        let texts = self.pieces.iter().map(|it| match it {
            Piece::Known(text) => Some(text.as_str()),
            Piece::Name(_) | Piece::Unknown(_) => None,
        });
        texts.collect()
    }

    /// The reference, if the text is nothing but a name that only the cloud knows.
    #[must_use]
    pub fn name(&self) -> Option<&Arc<str>> {
        match self.pieces.as_slice() {
            [Piece::Name(it)] => Some(it),
            _ => None,
        }
    }

    /// Whether the text is a pattern with a property that no pattern has which matches less than
    /// one that lacks it.
    #[must_use]
    pub fn matches_at_least(&self, has: impl Fn(&str) -> bool) -> Truth {
        let with = |unknown: &str| -> String {
            let texts = self.pieces.iter().map(|it| match it {
                Piece::Known(text) => text,
                Piece::Name(_) => NAME,
                Piece::Unknown(_) => unknown,
            });
            texts.collect()
        };
        let why = self.pieces.iter().find_map(|it| match it {
            Piece::Unknown(why) => Some(why.clone()),
            Piece::Known(_) | Piece::Name(_) => None,
        });
        match why {
            None => has(&with(NAME)).into(),
            Some(_) if !has(&with(ANYTHING)) => Truth::No,
            // It is so even if what is unknown matches one thing only.
            Some(_) if has(&with(NAME)) => Truth::Yes,
            Some(why) => Truth::Unknown(why),
        }
    }
}

fn piece(cx: &Evaluation<'_>, value: &Value) -> Piece {
    if let Some(text) = value.as_str() {
        return Piece::Known(text.to_owned());
    }
    match cx.why(value) {
        Some(Why::Resource(reference)) if is_name(&reference) => Piece::Name(reference),
        _ => {
            let why = cx.reason(value);
            Piece::Unknown(why.unwrap_or_else(|| "it is not a text".to_owned()))
        }
    }
}

/// Whether a reference is to something that only names a thing.
fn is_name(reference: &str) -> bool {
    // An index may have any signs in it, dots too, and is none of the names here.
    let mut words = Vec::new();
    let mut depth = 0_usize;
    let mut word = String::new();
    for it in reference.chars() {
        match it {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '.' if depth == 0 => words.push(std::mem::take(&mut word)),
            _ if depth == 0 => word.push(it),
            _ => {}
        }
    }
    words.push(word);
    let words = words.iter().map(String::as_str).collect::<Vec<_>>();
    let mut rest = words.as_slice();
    while let ["module", _, after @ ..] = rest {
        rest = after;
    }
    let of_data = |name: &str| {
        ["arn", "id", "name"].iter().any(|it| name == *it || name.ends_with(&format!("_{it}")))
    };
    match rest {
        ["data", ty, _, .., name] => NAMING.contains(ty) || ty.starts_with("aws_") && of_data(name),
        ["ephemeral" | "data", ..] => false,
        [ty, _, _, ..] => !REPEATING.contains(ty),
        _ => false,
    }
}
