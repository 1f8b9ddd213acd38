//! The compact form into which each file is lowered: blocks, attributes and expressions with spans.

mod directive;
mod expression;
mod indent;
mod json;
mod names;
mod parse;
mod respan;
mod scan;
mod template;

use std::sync::Arc;

use stanchion_cty::Number;

use crate::Span;

pub(crate) use json::{parse_json, parse_json_values};
pub(crate) use names::{Reference, free_names, references};
pub(crate) use parse::{Names, expression, is_identifier, parse, template};
use respan::respan;

/// What stands between the braces of a block, or in a whole file.
#[derive(Debug, Default)]
pub struct Body {
    /// The attributes, in the order in which they are written.
    pub attributes: Vec<Attribute>,
    /// The nested blocks, in the order in which they are written.
    pub blocks: Vec<Block>,
    /// Whether it is written in JSON. There, what may be either is among the attributes and among
    /// the blocks: only the provider knows what it is.
    pub is_json: bool,
}

/// `name = value`.
#[derive(Debug)]
pub struct Attribute {
    /// The name.
    pub name: Arc<str>,
    /// Where the name is written.
    pub name_span: Span,
    /// The value.
    pub value: Expr,
}

/// `kind "label" { … }`.
#[derive(Debug)]
pub struct Block {
    /// The word that the block begins with.
    pub kind: Arc<str>,
    /// The labels.
    pub labels: Vec<Arc<str>>,
    /// Where the word and the labels are written.
    pub head: Span,
    /// What stands between the braces.
    pub body: Body,
}

/// An expression and where it is written.
#[derive(Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it is written.
    pub span: Span,
}

/// What an expression is. Parentheses leave no trace.
#[derive(Debug)]
pub enum ExprKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; `None` if it is beyond what numbers can hold.
    Number(Option<Number>),
    /// A string without interpolation.
    String(Arc<str>),
    /// A string or heredoc with interpolations or directives.
    Template(Vec<Part>),
    /// `a.b` as the key of an object without parentheses: Terraform refuses it, as it may be meant as
    /// a reference or as a text.
    DottedKey(Box<Expr>),
    /// `[…]`.
    Tuple(Vec<Expr>),
    /// `{…}`: keys and values.
    Object(Vec<(Expr, Expr)>),
    /// The first name of a reference.
    Variable(Arc<str>),
    /// `of.name`.
    Attribute(Box<Expr>, Arc<str>),
    /// `of[key]`.
    Index(Box<Expr>, Box<Expr>),
    /// `of[*].a.b` or `of.*.a.b`: `each` is applied to every element; in it, the element is
    /// [`ExprKind::Element`].
    Splat {
        /// What has the elements.
        of: Box<Expr>,
        /// What becomes of one element.
        each: Box<Expr>,
    },
    /// The element that a splat is at.
    Element,
    /// `name(arguments)`.
    Call(Box<Call>),
    /// `condition ? yes : no`.
    Conditional(Box<[Expr; 3]>),
    /// `-of` or `!of`.
    Unary(Unary, Box<Expr>),
    /// `left operator right`.
    Binary(Binary, Box<[Expr; 2]>),
    /// `[for …]` or `{for …}`.
    For(Box<For>),
}

/// A call of a function.
#[derive(Debug)]
pub struct Call {
    /// The name, with its namespace if it has one (`provider::aws::arn_parse`).
    pub name: Arc<str>,
    /// The arguments.
    pub arguments: Vec<Expr>,
    /// Whether the last argument is spread (`…`).
    pub spread: bool,
}

/// A `for` expression, or a `for` directive's head.
#[derive(Debug)]
pub struct For {
    /// The name for keys, if there is one.
    pub key_name: Option<Arc<str>>,
    /// The name for values.
    pub value_name: Arc<str>,
    /// What is gone through.
    pub over: Expr,
    /// The key of the object that is made; a tuple is made if there is none.
    pub key: Option<Expr>,
    /// The value that is made.
    pub value: Expr,
    /// Whether values of one key are grouped.
    pub group: bool,
    /// The condition, if there is one.
    pub filter: Option<Expr>,
}

/// A part of a template.
#[derive(Debug)]
pub enum Part {
    /// Text, with escapes resolved and stripped as the markers beside it say.
    Literal(Arc<str>),
    /// `${…}`.
    Interpolation(Expr),
    /// `%{ if … }`: the condition, what stands for a true one and what for a false one.
    If(Box<[Expr; 3]>),
    /// `%{ for … }`: the value is what is repeated.
    For(Box<For>),
}

/// An operator before its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `-`
    Negative,
    /// `!`
    Not,
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the operators' own")]
pub enum Binary {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    And,
    Or,
}

/// A nested block as it is written, or a `dynamic` one that makes such blocks.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// `kind { … }`.
    Block(&'a Block),
    /// `dynamic "kind" { … }`.
    Dynamic(&'a Block),
}

impl Body {
    /// The attribute of that name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|it| &*it.name == name)
    }

    /// The attributes that are no blocks too. In JSON a property may be either; who walks over all
    /// that a body says meets its parts in the blocks.
    pub(crate) fn attributes_alone(&self) -> impl Iterator<Item = &Attribute> {
        let is_block = |it: &Attribute| {
            let name = &*it.name;
            self.is_json && (name == "dynamic" || self.blocks.iter().any(|it| &*it.kind == name))
        };
        self.attributes.iter().filter(move |it| !is_block(it))
    }

    /// An attribute that is literally `true` or `false`.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.attribute(name)?.value.kind {
            ExprKind::Bool(it) => Some(it),
            _ => None,
        }
    }

    /// The nested blocks of a kind, those that `dynamic` makes among them, as they are written.
    pub fn blocks_of<'a, 'k>(
        &'a self,
        kind: &'k str,
    ) -> impl Iterator<Item = Content<'a>> + use<'a, 'k> {
        self.blocks.iter().filter_map(move |it| {
            let makes = || it.labels.first().is_some_and(|it| &**it == kind);
            if &*it.kind == kind {
                Some(Content::Block(it))
            } else if &*it.kind == "dynamic" && makes() {
                Some(Content::Dynamic(it))
            } else {
                None
            }
        })
    }
}
