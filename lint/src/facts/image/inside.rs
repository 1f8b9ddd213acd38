//! Ways into what attributes hold: lists, objects, manifests of Kubernetes.

use std::sync::Arc;

use stanchion_cty::{Kind, Origin, Type, Value};
use stanchion_lang::{Evaluation, Why};

use crate::parts::elements;

/// The values at a way inside a value: names, and `*` for each element of a list. Where the way is
/// cut off by what is unknown, that is what is found.
pub(super) fn at(cx: &Evaluation<'_>, value: &Value, way: &str) -> Vec<Value> {
    let Some((step, rest)) = way.split_once('.').or((!way.is_empty()).then_some((way, ""))) else {
        return vec![value.clone()];
    };
    either(cx, value, &|value| match (value.kind(), step) {
        (_, "*") => elements(cx, value).iter().flat_map(|it| at(cx, it, rest)).collect(),
        (Kind::Unknown(_), _) => vec![value.clone()],
        (_, name) => value.get(name).map(|it| at(cx, it, rest)).unwrap_or_default(),
    })
}

/// What Kubernetes has below a manifest: a pod's own description, templates of one, and lists of
/// manifests. The source is the reference of its interface at kubernetes.io; what others build upon
/// it (a rollout, a service of Knative) has its templates at the same places.
const BELOW: &[&str] = &["spec", "template", "jobTemplate", "items.*"];
/// The lists of containers in a pod's description.
const CONTAINERS: &[&str] = &["containers", "initContainers", "ephemeralContainers"];
/// A manifest has no more levels than these.
const DEEPEST: usize = 16;

/// The images of a manifest of Kubernetes. Where it is cut off by what is unknown, that is what is
/// found.
pub(super) fn manifest(cx: &Evaluation<'_>, value: &Value) -> Vec<Value> {
    below(cx, value, DEEPEST)
}

fn below(cx: &Evaluation<'_>, value: &Value, deepest: usize) -> Vec<Value> {
    if deepest == 0 {
        return Vec::new();
    }
    either(cx, value, &|value| match value.kind() {
        Kind::Unknown(_) => vec![value.clone()],
        Kind::Object(_) | Kind::Map(..) => {
            let containers = CONTAINERS.iter().flat_map(|list| at(cx, value, list));
            let containers = containers.flat_map(|it| at(cx, &it, "*.image"));
            let parts = BELOW.iter().flat_map(|way| at(cx, value, way));
            containers.chain(parts.flat_map(|it| below(cx, &it, deepest - 1))).collect()
        }
        _ => Vec::new(),
    })
}

/// What is found in a value, or in both that it may be: where that is one in each, it is one that
/// may be either.
fn either(cx: &Evaluation<'_>, value: &Value, find: &dyn Fn(&Value) -> Vec<Value>) -> Vec<Value> {
    if value.is_known() {
        return find(value);
    }
    let Some(Why::Choice(of)) = cx.why(value) else {
        // What is decoded out of a text that is known in part is known in part too.
        return find(&cx.structure(value).unwrap_or_else(|| value.clone()));
    };
    let [condition, yes, no] = &*of;
    let marks = value.marks() | condition.marks();
    let [yes, no] = [yes, no].map(|it| either(cx, it, find));
    match (yes.as_slice(), no.as_slice()) {
        ([yes], [no]) => {
            let of = Arc::new([condition.clone(), yes.clone(), no.clone()]);
            vec![cx.unknown(Type::Dynamic, Why::Choice(of)).mark(marks)]
        }
        _ => yes.into_iter().chain(no).map(|it| it.mark(marks)).collect(),
    }
}

/// The value, said to come from where a text comes from if nothing else is known: what is read out
/// of the text.
pub(super) fn from(value: Value, text: &Value) -> Value {
    match value.origin() == Origin::default() {
        true => value.with_origin(text.origin()),
        false => value,
    }
}
