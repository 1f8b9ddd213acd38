//! What goes through the elements of a value: `for` and splats.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use stanchion_cty::{Kind, Marks, Refinement, Type, Value, convert};

use super::condition::is_never_null;
use super::scope::Bound;
use super::{Evaluation, Scope};
use crate::Span;
use crate::hash::HashMap;
use crate::syntax::{Expr, For};
use crate::why::Why;

/// The name under which a splat's element is found; no program can write it.
const ELEMENT: &str = "*";

impl<'w> Evaluation<'w> {
    /// The element that a splat is at.
    pub(super) fn element(&self, scope: &Scope<'w>) -> Value {
        scope.find(ELEMENT).map_or_else(|| Value::unknown(Type::Dynamic), Bound::value)
    }

    pub(super) fn splat(&self, of: &Expr, each: &Expr, span: Span, scope: &Scope<'w>) -> Value {
        let mark = self.mark_refusals();
        let source = self.eval(of, scope);
        if self.is_refused_since(mark) {
            return self.because(Type::Dynamic, &source);
        }
        let marks = source.marks();
        let is_sequence = source.is_sequence();
        let name: Arc<str> = ELEMENT.into();
        let one = |it: Value| self.eval(each, &scope.with(&name, it));
        if source.is_null() {
            if !is_sequence {
                return Value::tuple([]).mark(marks);
            }
            let detail =
                "Splat expressions (with the * symbol) cannot be applied to null sequences.";
            return self.refused(span, "Splat of null value", detail);
        }
        if source.is_untyped() {
            return self.splat_of_unknown(source, one).mark(marks);
        }
        if !is_sequence {
            let is_maybe_null = !source.is_known() && !is_never_null(&source);
            let item = one(source.clone());
            return if is_maybe_null {
                self.because(Type::Dynamic, &source)
            } else {
                Value::tuple([item])
            }
            .mark(marks);
        }
        if let Kind::Unknown(unknown) = source.kind() {
            let ty = self.splat_type(&unknown.ty, each, scope);
            let refinement = match ty {
                Type::Dynamic => Refinement::default(),
                _ => Refinement {
                    not_null: true,
                    min_length: unknown.refinement.min_length,
                    max_length: unknown.refinement.max_length,
                    ..Refinement::default()
                },
            };
            let why = self.why(&source).unwrap_or_else(|| Why::NotEvaluated("it".into()));
            return self.provenance.refined(ty, refinement, why).mark(marks);
        }
        let mut is_whole = true;
        let items: Vec<Value> = source
            .parts()
            .map(|it| {
                let mark = self.mark_refusals();
                let item = one(it.clone());
                is_whole &= !self.is_refused_since(mark);
                item
            })
            .collect();
        if !is_whole {
            let mark = self.mark_refusals();
            let ty = self.splat_type(&source.ty(), each, scope);
            drop(self.take_refusals(mark));
            return Value::unknown(ty).mark(marks);
        }
        match (source.kind(), items.first()) {
            (Kind::Tuple(_), _) => Value::tuple(items),
            (_, Some(first)) => Value::list(first.ty(), items),
            (_, None) => match self.splat_type(&source.ty(), each, scope) {
                Type::List(element) => Value::list((*element).clone(), []),
                _ => Value::list(Type::Dynamic, []),
            },
        }
        .mark(marks)
    }

    /// A splat of something of which nothing is known: it may be a list, one value or null.
    fn splat_of_unknown(&self, source: Value, one: impl FnOnce(Value) -> Value) -> Value {
        let why = self.each_of(&source, one);
        let why = why.unwrap_or_else(|| Why::Part(Arc::new((source, "[*]".to_owned()))));
        self.unknown(Type::Dynamic, why)
    }

    /// The type that a splat of a sequence has.
    fn splat_type(&self, source: &Type, each: &Expr, scope: &Scope<'w>) -> Type {
        let name: Arc<str> = ELEMENT.into();
        let of = |ty: &Type| self.eval(each, &scope.with(&name, Value::unknown(ty.clone()))).ty();
        match source {
            Type::List(element) | Type::Set(element) => Type::list(of(element)),
            Type::Tuple(elements) => Type::tuple(elements.iter().map(of)),
            _ => Type::Dynamic,
        }
    }

    pub(super) fn for_expr(&self, it: &For, scope: &Scope<'w>) -> Value {
        let over = self.eval(&it.over, scope);
        let mut marks = over.marks();
        if over.is_null() {
            let detail = "A null value cannot be used as the collection in a 'for' expression.";
            return self.refused(it.over.span, "Iteration over null value", detail);
        }
        if over.is_untyped() {
            let one = |element| {
                let key = Value::unknown(Type::Dynamic);
                self.eval(&it.value, &inner(it, scope, key, element))
            };
            return match it.key {
                None => self.each_of(&over, one).map(|why| self.unknown(Type::Dynamic, why)),
                Some(_) => None,
            }
            .unwrap_or_else(|| self.because(Type::Dynamic, &over))
            .mark(marks);
        }
        if over.is_primitive() {
            let ty = over.ty().friendly();
            let detail = format!(
                "A value of type {ty} cannot be used as the collection in a 'for' expression."
            );
            return self.refused(it.over.span, "Iteration over non-iterable value", detail);
        }
        if !over.is_known() {
            return self.because(Type::Dynamic, &over).mark(marks);
        }
        if let Some(filter) = &it.filter {
            let any = || Value::unknown(Type::Dynamic);
            let mark = self.mark_refusals();
            let checked = self.eval(filter, &inner(it, scope, any(), any()));
            if self.is_refused_since(mark) {
                return self.because(Type::Dynamic, &checked);
            }
            if let Err(refused) = self.filter_of(&checked, filter.span) {
                return refused;
            }
        }
        let mut out = Made::default();
        for (key, value) in pairs(&over) {
            if !self.spend(1) {
                break;
            }
            self.for_one(it, &inner(it, scope, key, value), &mut out);
        }
        marks = marks | out.marks;
        if let Some(on) = out.unknown {
            return self.because(Type::Dynamic, &on).mark(marks);
        }
        let groups = out.groups.into_iter().map(|(key, it)| (key, Value::tuple(it)));
        match (&it.key, it.group) {
            (None, _) => Value::tuple(out.row),
            (Some(_), true) => Value::object(groups),
            (Some(_), false) => Value::object(out.named),
        }
        .mark(marks)
    }

    /// What one element adds.
    fn for_one(&self, it: &For, scope: &Scope<'w>, out: &mut Made) {
        if let Some(filter) = &it.filter {
            let mark = self.mark_refusals();
            let condition = self.eval(filter, scope);
            if self.is_refused_since(mark) {
                out.unknown.get_or_insert(condition);
                return;
            }
            out.marks = out.marks | condition.marks();
            match self.filter_of(&condition, filter.span) {
                Ok(Some(true)) => {}
                Ok(Some(false)) => return,
                Ok(None) => {
                    out.unknown.get_or_insert(condition);
                    return;
                }
                Err(refused) => {
                    out.unknown.get_or_insert(refused);
                    return;
                }
            }
        }
        let Some(key) = &it.key else {
            out.row.push(self.eval(&it.value, scope));
            return;
        };
        let mark = self.mark_refusals();
        let name = self.eval(key, scope);
        if self.is_refused_since(mark) {
            out.unknown.get_or_insert(name);
            return;
        }
        if name.is_null() {
            let detail = "Key expression in 'for' expression must not produce a null value.";
            out.unknown.get_or_insert(self.refused(key.span, "Invalid object key", detail));
            return;
        }
        out.marks = out.marks | name.marks();
        if !name.is_known() {
            out.unknown.get_or_insert(name);
            return;
        }
        let text = match convert(&name, &Type::String) {
            Ok(it) => it,
            Err(problem) => {
                let detail =
                    format!("The key expression produced an invalid result: {}.", problem.message);
                out.unknown.get_or_insert(self.refused(key.span, "Invalid object key", detail));
                return;
            }
        };
        let Some(text) = text.as_str().map(Arc::<str>::from) else { return };
        let value = self.eval(&it.value, scope);
        if it.group {
            out.groups.entry(text).or_default().push(value);
            return;
        }
        match out.named.entry(text) {
            Entry::Vacant(it) => drop(it.insert(value)),
            Entry::Occupied(it) => {
                let is_shown = name.marks().is_empty();
                let shown =
                    if is_shown { format!("{:?}", it.key()) } else { "(sensitive)".to_owned() };
                let detail = format!(
                    "Two different items produced the key {shown} in this 'for' expression. If \
                     duplicates are expected, use the ellipsis (...) after the value expression to \
                     enable grouping by key."
                );
                self.refused(key.span, "Duplicate object key", detail);
            }
        }
    }

    /// What the `if` of a `for` says; `None` if that is not known.
    fn filter_of(&self, condition: &Value, span: Span) -> Result<Option<bool>, Value> {
        const INVALID: &str = "Invalid 'for' condition";
        if condition.is_null() {
            let detail = "The value of the 'if' clause must not be null.";
            return Err(self.refused(span, "Condition is null", detail));
        }
        match convert(condition, &Type::Bool) {
            Ok(it) => Ok(it.as_bool()),
            Err(problem) => {
                let detail = format!("The 'if' clause value is invalid: {}.", problem.message);
                Err(self.refused(span, INVALID, detail))
            }
        }
    }
}

/// What a `for` expression makes.
#[derive(Default)]
struct Made {
    row: Vec<Value>,
    named: HashMap<Arc<str>, Value>,
    groups: HashMap<Arc<str>, Vec<Value>>,
    marks: Marks,
    /// What makes the whole unknown.
    unknown: Option<Value>,
}

fn inner<'w>(it: &For, scope: &Scope<'w>, key: Value, value: Value) -> Scope<'w> {
    match &it.key_name {
        Some(name) => scope.with(name, key).with(&it.value_name, value),
        None => scope.with(&it.value_name, value),
    }
}

/// Keys and values of a known collection, tuple or object; a set's keys are its values. Nothing of
/// other values.
pub(super) fn pairs(value: &Value) -> Vec<(Value, Value)> {
    match value.kind() {
        Kind::List(_, it) | Kind::Tuple(it) => it
            .iter()
            .enumerate()
            .map(|(i, it)| (Value::number(i64::try_from(i).unwrap_or(i64::MAX)), it.clone()))
            .collect(),
        Kind::Set(_, it) => it.iter().map(|it| (it.clone(), it.clone())).collect(),
        Kind::Map(_, it) | Kind::Object(it) => {
            it.iter().map(|(key, it)| (Value::string(key.clone()), it.clone())).collect()
        }
        Kind::Null(_) | Kind::Unknown(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
            Vec::new()
        }
    }
}
