//! Strings with interpolations and directives.

use std::sync::Arc;

use stanchion_cty::{Kind, Marks, Refinement, Type, Value, convert};

use super::sequence::pairs;
use super::{Evaluation, Scope};
use crate::syntax::{Expr, Part};
use crate::why::Why;
use crate::{Span, functions};

const INVALID: &str = "Invalid template interpolation value";
/// A longer string is not put together: a few lines of templates can make one of any length.
const LONGEST: usize = 64 << 20;
/// Terraform tells no longer beginning of a string that is not known as a whole.
const LONGEST_PREFIX: usize = 1024;

impl<'w> Evaluation<'w> {
    /// A template's value. One that is nothing but `${…}` is that value itself.
    pub(super) fn template(&self, parts: &[Part], span: Span, scope: &Scope<'w>) -> Value {
        if let [Part::Interpolation(it)] = parts {
            return self.eval(it, scope);
        }
        let mut pieces = Pieces::default();
        for part in parts {
            match part {
                Part::Literal(it) => pieces.text(it),
                Part::Interpolation(it) => {
                    let value = self.eval(it, scope);
                    self.piece(value, it.span, &mut pieces);
                }
                Part::If(of) => {
                    let value = self.conditional(of, of[0].span, scope);
                    self.piece(value, of[0].span, &mut pieces);
                }
                Part::For(of) => {
                    let value = self.repeated(of, scope);
                    self.piece(value, of.over.span, &mut pieces);
                }
            }
        }
        self.join(pieces, span)
    }

    /// Adds what an interpolation gives.
    fn piece(&self, value: Value, span: Span, out: &mut Pieces) {
        if value.is_null() {
            let detail =
                "The expression result is null. Cannot include a null value in a string template.";
            self.refused(span, INVALID, detail);
            return;
        }
        out.marks = out.marks | value.marks();
        match convert(&value, &Type::String) {
            Err(problem) if value.is_known() => {
                let detail = format!(
                    "Cannot include the given value in a string template: {}.",
                    problem.message
                );
                self.refused(span, INVALID, detail);
            }
            Err(_) => out.unknown(value),
            Ok(text) => match text.kind() {
                Kind::String(it) => out.text(it),
                _ => out.unknown(value),
            },
        }
    }

    /// Strings one behind the other; unknown if one is, but then its parts can be asked for.
    fn join(&self, mut pieces: Pieces, span: Span) -> Value {
        let marks = pieces.marks;
        if pieces.length > LONGEST || !self.spend(pieces.length / 64) {
            let detail = "The string that this template makes is too long.";
            return self.refused(span, "Evaluation limit", detail);
        }
        if !pieces.is_unknown {
            return Value::string(pieces.open).mark(marks);
        }
        pieces.close();
        let prefix = pieces.done.first().and_then(Value::as_str).map(prefix);
        let refinement = Refinement {
            not_null: true,
            prefix: prefix.filter(|it| !it.is_empty()),
            ..Refinement::default()
        };
        self.provenance.refined(Type::String, refinement, Why::Join(pieces.done.into())).mark(marks)
    }

    /// What `%{ for … }` makes.
    fn repeated(&self, of: &crate::syntax::For, scope: &Scope<'w>) -> Value {
        let tuple = self.for_expr(of, scope);
        let marks = tuple.marks();
        let body: &Expr = &of.value;
        if !tuple.is_known() {
            let value = self.because(Type::String, &tuple);
            return value.mark(marks);
        }
        let mut pieces = Pieces { marks, ..Pieces::default() };
        for (_, item) in pairs(&tuple) {
            if item.is_null() {
                let detail = "An iteration result is null. Cannot include a null value in a string template.";
                self.refused(body.span, INVALID, detail);
                continue;
            }
            self.piece(item, body.span, &mut pieces);
        }
        self.join(pieces, body.span)
    }
}

/// What a template is put together from.
#[derive(Default)]
struct Pieces {
    done: Vec<Value>,
    /// The text since the last part that is not known.
    open: String,
    length: usize,
    is_unknown: bool,
    marks: Marks,
}

impl Pieces {
    fn text(&mut self, text: &Arc<str>) {
        self.length += text.len();
        if self.length <= LONGEST {
            self.open.push_str(text);
        }
    }

    fn unknown(&mut self, value: Value) {
        self.is_unknown = true;
        self.close();
        self.done.push(value);
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.done.push(Value::string(std::mem::take(&mut self.open)));
        }
    }
}

/// The beginning of a string that will not change whatever follows: its last characters may be
/// combined with what comes next.
fn prefix(text: &str) -> Arc<str> {
    let mut end = text.len().min(LONGEST_PREFIX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    functions::known_prefix(&text[..end]).into()
}
