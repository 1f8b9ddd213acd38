//! What unknown values stand for, and where known ones come from.

use std::cell::RefCell;
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use stanchion_cty::{Kind, Marks, Origin, Refinement, Symbol, Type, Unknown, Value};

use crate::Span;
use crate::hash::HashMap;

/// What an unknown value stands for.
#[derive(Clone, Debug)]
pub enum Why {
    /// A resource, data source or a part of one, by its address: only the cloud knows it.
    Resource(Arc<str>),
    /// A variable of a root module without a value.
    Variable(Arc<str>),
    /// Something that this program can't look into: a clause that tells why.
    NotEvaluated(Arc<str>),
    /// Something that Terraform would refuse: a clause.
    Refused(Arc<str>),
    /// Strings one behind the other, literals among them.
    Join(Arc<[Value]>),
    /// A function of arguments that are not all known.
    Call(Arc<str>, Arc<[Value]>),
    /// An operator, by its sign, of operands that are not all known.
    Operation(&'static str, Arc<[Value]>),
    /// A conditional whose condition is unknown: the condition and both branches.
    Choice(Arc<[Value; 3]>),
    /// A part of an unknown value, and how it is written behind that: `.name`, `[0]`.
    Part(Arc<(Value, String)>),
    /// A list with an element for each of a number of things that is unknown: what has the things,
    /// and what each element is.
    Each(Arc<(Value, Value)>),
}

/// One step of the way that a value came: an expression that it went through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hop {
    pub(crate) span: Span,
    pub(crate) from: Origin,
}

/// The tables that the numbers in values point into. Number 0 is nothing in all of them.
#[derive(Debug, Default)]
pub(crate) struct Provenance {
    symbols: RefCell<Vec<Why>>,
    /// The symbols of references, so that two equal references have one symbol.
    references: RefCell<HashMap<Arc<str>, Symbol>>,
    hops: RefCell<Vec<Hop>>,
    /// What documents were made of, in the order of the texts' numbers.
    encodes: RefCell<Vec<Encoded>>,
}

/// A text that is a document, and what it was made of.
#[derive(Debug)]
struct Encoded {
    /// The number of the text's origin.
    number: u32,
    language: Language,
    /// The text's digest: a function may have made another text of it, and its origin tells the
    /// text that it came from too.
    digest: u64,
    of: Value,
}

/// A language for documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// What `jsonencode` writes.
    Json,
    /// What `yamlencode` writes; it reads JSON too.
    Yaml,
}

impl Language {
    /// The language that a function writes.
    pub(crate) fn of_encoder(function: &str) -> Option<Self> {
        match bare(function) {
            "jsonencode" => Some(Self::Json),
            "yamlencode" => Some(Self::Yaml),
            _ => None,
        }
    }

    /// The language that a function reads.
    pub(crate) fn of_decoder(function: &str) -> Option<Self> {
        match bare(function) {
            "jsondecode" => Some(Self::Json),
            "yamldecode" => Some(Self::Yaml),
            _ => None,
        }
    }

    /// Whether what is written in the other language is read as this one.
    pub(crate) fn reads(self, other: Self) -> bool {
        self == other || other == Self::Json
    }

    /// What it is called.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Yaml => "YAML",
        }
    }
}

/// A function's name without the namespace `core::` that may stand before it.
pub(crate) fn bare(function: &str) -> &str {
    function.strip_prefix("core::").unwrap_or(function)
}

/// The digest of a text without the space around it.
fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.trim().hash(&mut hasher);
    hasher.finish()
}

/// How full the tables were at some time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    symbols: usize,
    hops: usize,
}

impl Provenance {
    /// How full the tables are.
    pub(crate) fn now(&self) -> Moment {
        Moment { symbols: self.symbols.borrow().len(), hops: self.hops.borrow().len() }
    }

    /// Forgets what was added since; no value that points to it may be left.
    pub(crate) fn go_back(&self, to: Moment) {
        let mut references = self.references.borrow_mut();
        for it in self.symbols.borrow_mut().drain(to.symbols..) {
            if let Some(name) = it.reference() {
                references.remove(name);
            }
        }
        self.hops.borrow_mut().truncate(to.hops);
        let mut encodes = self.encodes.borrow_mut();
        while encodes.last().is_some_and(|it| at(it.number).is_none_or(|it| it >= to.hops)) {
            encodes.pop();
        }
    }

    /// An unknown value that stands for `why`.
    pub(crate) fn unknown(&self, ty: Type, why: Why) -> Value {
        self.refined(ty, Refinement::default(), why)
    }

    /// An unknown value that stands for `why`, and what is known of it.
    pub(crate) fn refined(&self, ty: Type, refinement: Refinement, why: Why) -> Value {
        let symbol = self.symbol(why);
        Value::from(Kind::Unknown(Arc::new(Unknown { ty, refinement, symbol })))
    }

    /// The same unknown value, said to stand for something. One that says so already keeps that.
    pub(crate) fn stands_for(&self, value: Value, why: impl FnOnce() -> Why) -> Value {
        let Kind::Unknown(unknown) = value.kind() else { return value };
        if unknown.symbol.0 != 0 {
            return value;
        }
        let unknown = Unknown { symbol: self.symbol(why()), ..Unknown::clone(unknown) };
        let (marks, origin) = (value.marks(), value.origin());
        Value::from(Kind::Unknown(Arc::new(unknown))).mark(marks).with_origin(origin)
    }

    /// The number of a symbol; equal references have the same.
    fn symbol(&self, why: Why) -> Symbol {
        let name = why.reference().cloned();
        if let Some(known) = name.as_ref().and_then(|it| self.references.borrow().get(it).copied())
        {
            return known;
        }
        let mut symbols = self.symbols.borrow_mut();
        symbols.push(why);
        let symbol = Symbol(u32::try_from(symbols.len()).unwrap_or(0));
        if let Some(name) = name {
            self.references.borrow_mut().insert(name, symbol);
        }
        symbol
    }

    /// What an unknown value stands for; `None` for known ones and foreign symbols.
    pub(crate) fn why(&self, value: &Value) -> Option<Why> {
        let Kind::Unknown(unknown) = value.kind() else { return None };
        self.symbols.borrow().get(at(unknown.symbol.0)?).cloned()
    }

    /// The value, said to be written there if it doesn't say where yet.
    pub(crate) fn written(&self, value: Value, span: Span) -> Value {
        if value.origin() == Origin::default() { self.through(value, span) } else { value }
    }

    /// The value, said to have come through the expression there.
    pub(crate) fn through(&self, value: Value, span: Span) -> Value {
        let hop = Hop { span, from: value.origin() };
        let mut hops = self.hops.borrow_mut();
        if hops.last() != Some(&hop) {
            hops.push(hop);
        }
        value.with_origin(Origin(u32::try_from(hops.len()).unwrap_or(0)))
    }

    /// The text, said to be a document that was made of that value there. It has a number of its own:
    /// one expression may make many texts.
    pub(crate) fn encoding(&self, text: Value, language: Language, of: Value, span: Span) -> Value {
        let Some(digest) = text.as_str().map(digest) else { return text };
        let mut hops = self.hops.borrow_mut();
        hops.push(Hop { span, from: text.origin() });
        let number = u32::try_from(hops.len()).unwrap_or(0);
        self.encodes.borrow_mut().push(Encoded { number, language, digest, of });
        text.with_origin(Origin(number))
    }

    /// The expressions that a value came through, the last first and the literal at the end.
    pub(crate) fn chain(&self, value: &Value) -> Vec<Span> {
        let hops = self.hops.borrow();
        let mut chain = Vec::new();
        let mut next = value.origin();
        while let Some(hop) = at(next.0).and_then(|it| hops.get(it)) {
            chain.push(hop.span);
            next = hop.from;
        }
        chain
    }

    /// Where the literal or call stands that made a value.
    pub(crate) fn span(&self, value: &Value) -> Option<Span> {
        self.chain(value).last().copied()
    }

    /// What a text was made of that is a document in that language.
    pub(crate) fn encoded(&self, value: &Value, language: Language) -> Option<Value> {
        let hops = self.hops.borrow();
        let encodes = self.encodes.borrow();
        let mut next = value.origin();
        while let Some(hop) = at(next.0).and_then(|it| hops.get(it)) {
            if let Ok(at) = encodes.binary_search_by_key(&next.0, |it| it.number) {
                let it = &encodes[at];
                let is_same = || value.as_str().is_some_and(|text| digest(text) == it.digest);
                return (language.reads(it.language) && is_same()).then(|| it.of.clone());
            }
            next = hop.from;
        }
        None
    }

    /// The reason why a value, or the first part of it that is not known, is unknown.
    pub(crate) fn reason(&self, value: &Value) -> Option<String> {
        if value.is_known() {
            return value.parts().find_map(|it| self.reason(it));
        }
        Some(match self.why(value) {
            None => "it is not known before apply".to_owned(),
            Some(why @ (Why::Join(_) | Why::Call(..) | Why::Operation(..))) => {
                let (Why::Join(parts) | Why::Call(_, parts) | Why::Operation(_, parts)) = &why
                else {
                    return None;
                };
                return parts
                    .iter()
                    .find_map(|it| self.reason(it))
                    .or_else(|| Some(why.to_string()));
            }
            Some(Why::Choice(of)) => {
                return of.iter().find_map(|it| self.reason(it));
            }
            Some(Why::Part(of)) => return self.reason(&of.0),
            Some(Why::Each(of)) => return self.reason(&of.0),
            Some(why) => why.to_string(),
        })
    }
}

/// A number as an index: entry 1 of a table is its first, 0 is none.
fn at(number: u32) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}

/// Marks of values that become one.
pub(crate) fn marks<'a>(values: impl IntoIterator<Item = &'a Value>) -> Marks {
    values.into_iter().fold(Marks::NONE, |all, it| all | it.marks())
}

impl Why {
    /// What it is a reference to, if it is one: equal references are one symbol.
    fn reference(&self) -> Option<&Arc<str>> {
        match self {
            Self::Resource(it) | Self::Variable(it) => Some(it),
            _ => None,
        }
    }
}

/// A clause that tells why.
impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resource(it) => write!(f, "{it} is not known before apply"),
            Self::Variable(it) => write!(f, "var.{it} has no value"),
            Self::NotEvaluated(it) | Self::Refused(it) => f.write_str(it),
            Self::Join(_) => f.write_str("a part of the string is unknown"),
            Self::Call(name, arguments) if arguments.iter().all(Value::is_wholly_known) => {
                write!(f, "{name}() is not known before apply")
            }
            Self::Call(name, _) => write!(f, "an argument of {name} is unknown"),
            Self::Operation(sign, _) => write!(f, "an operand of {sign} is unknown"),
            Self::Choice(_) => f.write_str("the condition is unknown"),
            Self::Part(_) => f.write_str("what it is a part of is unknown"),
            Self::Each(_) => f.write_str("it is unknown how many there are"),
        }
    }
}
