//! What an unknown value stands for, and where known ones were written.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use stanchion_cty::{Kind, Marks, Origin, Symbol, Type, Unknown, Value};

use crate::Span;

/// What an unknown value stands for.
#[derive(Clone, Debug)]
pub enum Why {
    /// A part of a resource or data source, as an expression: only the cloud knows it.
    Resource(Arc<str>),
    /// A variable of a root module without a default.
    Variable(Arc<str>),
    /// Something that this program can't evaluate: a noun with its article, `the function abs`.
    NotEvaluated(Arc<str>),
    /// Something that Terraform would refuse: a clause.
    Refused(Arc<str>),
    /// A template's parts in their order, literals among them.
    Join(Arc<[Value]>),
    /// A function of arguments that are not all known.
    Call(Arc<str>, Arc<[Value]>),
    /// A conditional whose condition is unknown: the condition and both branches.
    Choice(Arc<[Value; 3]>),
}

/// The two tables that the numbers in values point into. Entry 0 of both is nothing.
#[derive(Debug, Default)]
pub(crate) struct Provenance {
    symbols: RefCell<Vec<Why>>,
    origins: RefCell<Vec<Source>>,
}

/// Where a known value comes from.
#[derive(Clone, Debug, PartialEq)]
struct Source {
    /// Where its expression is written; not known yet while that is being evaluated.
    span: Option<Span>,
    /// The argument of the `jsonencode` that made it.
    encodes: Option<Value>,
}

impl Provenance {
    /// An unknown value that stands for `why`.
    pub(crate) fn unknown(&self, ty: Type, why: Why) -> Value {
        let mut symbols = self.symbols.borrow_mut();
        symbols.push(why);
        let symbol = Symbol(u32::try_from(symbols.len()).unwrap_or(0));
        Value::from(Kind::Unknown(Arc::new(Unknown { symbol, ..Unknown::new(ty) })))
    }

    /// What an unknown value stands for; `None` for known ones and foreign symbols.
    pub(crate) fn why(&self, value: &Value) -> Option<Why> {
        let Kind::Unknown(unknown) = value.kind() else { return None };
        self.symbols.borrow().get(at(Origin(unknown.symbol.0))?).cloned()
    }

    /// The value, said to be written there, unless it already says where.
    pub(crate) fn written(&self, value: Value, span: Span) -> Value {
        let mut origins = self.origins.borrow_mut();
        if let Some(source) = at(value.origin()).and_then(|it| origins.get_mut(it)) {
            source.span.get_or_insert(span);
            return value;
        }
        let source = Source { span: Some(span), encodes: None };
        if origins.last() != Some(&source) {
            origins.push(source);
        }
        value.with_origin(Origin(u32::try_from(origins.len()).unwrap_or(0)))
    }

    /// The text, said to be made by `jsonencode` of that value.
    pub(crate) fn encoding(&self, text: Value, of: Value) -> Value {
        let mut origins = self.origins.borrow_mut();
        origins.push(Source { span: None, encodes: Some(of) });
        text.with_origin(Origin(u32::try_from(origins.len()).unwrap_or(0)))
    }

    /// Where a value was written.
    pub(crate) fn span(&self, value: &Value) -> Option<Span> {
        self.origins.borrow().get(at(value.origin())?)?.span
    }

    /// What `jsonencode` made a text of.
    pub(crate) fn encoded(&self, value: &Value) -> Option<Value> {
        self.origins.borrow().get(at(value.origin())?)?.encodes.clone()
    }

    /// The reason why a value, or the first part of it that is not known, is unknown.
    pub(crate) fn reason(&self, value: &Value) -> Option<String> {
        if value.is_known() {
            return value.parts().find_map(|it| self.reason(it));
        }
        Some(match self.why(value) {
            None => "it is not known before apply".to_owned(),
            Some(Why::Join(parts) | Why::Call(_, parts)) => {
                return parts.iter().find_map(|it| self.reason(it));
            }
            Some(Why::Choice(of)) => {
                return of.iter().find_map(|it| self.reason(it));
            }
            Some(why) => why.to_string(),
        })
    }
}

/// A number as an index: entry 1 of a table is its first, 0 is none.
fn at(number: Origin) -> Option<usize> {
    usize::try_from(number.0).ok()?.checked_sub(1)
}

/// Marks of values that become one.
pub(crate) fn marks<'a>(values: impl IntoIterator<Item = &'a Value>) -> Marks {
    values.into_iter().fold(Marks::NONE, |all, it| all | it.marks())
}

/// A clause that tells why.
impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resource(it) => write!(f, "{it} is not known before apply"),
            Self::Variable(it) => write!(f, "var.{it} has no default"),
            Self::NotEvaluated(it) => write!(f, "{it} isn't evaluated yet"),
            Self::Refused(it) => f.write_str(it),
            Self::Join(_) => f.write_str("a part of the string is unknown"),
            Self::Call(name, _) => write!(f, "an argument of {name} is unknown"),
            Self::Choice(_) => f.write_str("the condition is unknown"),
        }
    }
}
