//! Members of lists that are known in part.

use stanchion_cty::{Kind, Value};
use stanchion_lang::{Evaluation, Why};

use super::Truth;
use crate::parts::elements;

/// A member of a list; or, where it is not known what the list is, of what it may be.
#[derive(Clone, Debug)]
pub enum Member<T> {
    /// One member.
    One(T),
    /// The members of one of two lists, and why it is not known of which: a clause.
    Either(Box<[Vec<Member<T>>; 2]>, String),
    /// Any number of members that are unknown, and why: a clause.
    Unknown(String),
}

/// So many choices may lie in each other, as each doubles the work.
const DEEPEST: usize = 6;

/// What is known of the members of a list, or of what stands in its place. A value that is unknown and no
/// choice is read too.
pub(super) fn members<T>(
    cx: &Evaluation<'_>,
    list: &Value,
    read: &dyn Fn(&Value) -> Vec<Member<T>>,
) -> Vec<Member<T>> {
    within(cx, list, read, DEEPEST)
}

fn within<T>(
    cx: &Evaluation<'_>,
    list: &Value,
    read: &dyn Fn(&Value) -> Vec<Member<T>>,
    deepest: usize,
) -> Vec<Member<T>> {
    let one = |it: Value| match (it.kind(), cx.why(&it)) {
        (Kind::Null(_), _) => Vec::new(),
        (Kind::Unknown(_), Some(Why::Choice(of))) if deepest > 0 => {
            let [yes, no] = [&of[1], &of[2]].map(|it| within(cx, it, read, deepest - 1));
            let why = cx.reason(&of[0]).unwrap_or_else(|| "the condition is unknown".to_owned());
            vec![Member::Either(Box::new([yes, no]), why)]
        }
        _ => read(&it),
    };
    elements(cx, list).into_iter().flat_map(one).collect()
}

/// Whether something holds for one of the members.
pub(super) fn any<T>(members: &[Member<T>], holds: &dyn Fn(&T) -> Truth) -> Truth {
    let each = members.iter().map(|it| match it {
        Member::One(it) => holds(it),
        Member::Unknown(why) => Truth::Unknown(why.clone()),
        Member::Either(of, why) => Truth::either(any(&of[0], holds), any(&of[1], holds), why),
    });
    each.fold(Truth::No, Truth::or)
}
