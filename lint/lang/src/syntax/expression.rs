//! Expressions, as they are written.

use std::sync::Arc;

use stanchion_cty::Number;

use super::parse::{Parser, since};
use super::scan::{Kind, Word};
use super::template::Form;
use super::{Binary, Call, Expr, ExprKind, For, Unary};
use crate::source::Fault;

/// How many steps (`.a`, `[0]`) may follow a value, and how many operators each other: each lies
/// deeper than the one before.
const LONGEST_CHAIN: usize = 200;

type Read<T = Expr> = Result<T, Fault>;

impl Parser<'_, '_> {
    /// An expression, up to the word that can't be part of it.
    pub(super) fn expression(&mut self) -> Read {
        self.deeper(|it| {
            let start = it.peek().start;
            let condition = it.binary(0)?;
            if !it.take_if(Kind::Question) {
                return Ok(condition);
            }
            let yes = it.expression()?;
            it.require(Kind::Colon, "a colon and what holds otherwise must follow")?;
            let no = it.expression()?;
            Ok(it.since(start, ExprKind::Conditional(Box::new([condition, yes, no]))))
        })
    }

    /// Operands with operators between them that bind at least so tightly.
    fn binary(&mut self, least: u8) -> Read {
        let start = self.peek().start;
        let mut left = self.operand()?;
        let mut operators = 0;
        while let Some((operator, level)) = operator(self.peek().kind)
            && level >= least
        {
            let word = self.take();
            operators += 1;
            if operators > LONGEST_CHAIN {
                let message = format!("is one of more than {LONGEST_CHAIN} operators in a row");
                return Err(self.fault(word, &message));
            }
            let right = self.binary(level + 1)?;
            left = self.since(start, ExprKind::Binary(operator, Box::new([left, right])));
        }
        Ok(left)
    }

    /// A value, and the steps into it.
    fn operand(&mut self) -> Read {
        let start = self.peek().start;
        let of = self.term()?;
        self.steps(start, of)
    }

    fn term(&mut self) -> Read {
        let word = self.take();
        let kind = match word.kind {
            Kind::Name => return self.named(word),
            Kind::Quote => self.template(word.start, Form::Quoted)?,
            Kind::Number => ExprKind::Number(self.number(word)?),
            Kind::OpenSquare => self.with_lines(true, |it| it.tuple())?,
            Kind::OpenBrace => self.object()?,
            Kind::Heredoc => {
                let first = self.written(word);
                let form = if first.starts_with("<<-") { Form::Indented } else { Form::Heredoc };
                self.template(word.start, form)?
            }
            Kind::OpenRound => {
                return self.with_lines(true, |it| {
                    let inner = it.expression()?;
                    it.require(Kind::CloseRound, "a closing parenthesis must follow")?;
                    Ok(inner)
                });
            }
            Kind::Minus => ExprKind::Unary(Unary::Negative, Box::new(self.deeper(Self::operand)?)),
            Kind::Bang => ExprKind::Unary(Unary::Not, Box::new(self.deeper(Self::operand)?)),
            _ => return Err(self.unexpected(word, "a value must stand here")),
        };
        Ok(self.since(word.start, kind))
    }

    /// A word: a constant, a reference's first name, or a function's.
    fn named(&mut self, word: Word) -> Read {
        if matches!(self.peek().kind, Kind::OpenRound | Kind::DoubleColon) {
            return self.call(word);
        }
        let kind = match self.written(word) {
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "null" => ExprKind::Null,
            _ => ExprKind::Variable(self.name(word)),
        };
        Ok(Expr { kind, span: self.span_of(word) })
    }

    fn number(&mut self, word: Word) -> Read<Option<Number>> {
        let written = self.written(word);
        if !is_number(written) {
            return Err(self.fault(word, &format!("can't be read: {written} is no number")));
        }
        Ok(written.parse().ok())
    }

    fn call(&mut self, first: Word) -> Read {
        let mut name = self.name(first);
        while self.take_if(Kind::DoubleColon) {
            let next = self.require(Kind::Name, "the function's name must follow ::")?;
            name = format!("{name}::{}", self.written(next)).into();
        }
        self.require(Kind::OpenRound, "( and the function's arguments must follow")?;
        let (before, mut spread) = (self.open.values.len(), false);
        self.with_lines(true, |it| {
            while !it.take_if(Kind::CloseRound) {
                let argument = it.expression()?;
                it.open.values.push(argument);
                if it.take_if(Kind::Ellipsis) {
                    spread = true;
                    it.require(Kind::CloseRound, "a closing parenthesis must follow ...")?;
                    break;
                }
                it.separator(Kind::CloseRound, "a comma or a closing parenthesis must follow")?;
            }
            Ok(())
        })?;
        let arguments = since(&mut self.open.values, before);
        Ok(self.since(first.start, ExprKind::Call(Box::new(Call { name, arguments, spread }))))
    }

    /// A comma, unless what it would separate ends here.
    fn separator(&mut self, close: Kind, what: &str) -> Read<()> {
        if self.peek().kind == close {
            return Ok(());
        }
        self.require(Kind::Comma, what).map(drop)
    }

    fn tuple(&mut self) -> Read<ExprKind> {
        if self.take_keyword("for") {
            return self.for_expr(Kind::CloseSquare);
        }
        let before = self.open.values.len();
        while !self.take_if(Kind::CloseSquare) {
            let item = self.expression()?;
            self.open.values.push(item);
            self.separator(Kind::CloseSquare, "a comma or a closing bracket must follow")?;
        }
        Ok(ExprKind::Tuple(since(&mut self.open.values, before)))
    }

    fn object(&mut self) -> Read<ExprKind> {
        let is_for = self.with_lines(true, |it| {
            let word = it.peek();
            Ok(word.kind == Kind::Name && it.written(word) == "for")
        })?;
        if is_for {
            return self.with_lines(true, |it| {
                it.take();
                it.for_expr(Kind::CloseBrace)
            });
        }
        self.with_lines(false, |it| {
            let before = it.open.entries.len();
            loop {
                while it.take_if(Kind::Newline) {}
                if it.take_if(Kind::CloseBrace) {
                    break;
                }
                let key = it.key()?;
                if !it.take_if(Kind::Colon) {
                    it.require(Kind::Assign, "= or : and the key's value must follow")?;
                }
                let value = it.expression()?;
                it.open.entries.push((key, value));
                if it.peek().kind != Kind::Newline {
                    let what = "a comma, a new line or a closing brace must follow";
                    it.separator(Kind::CloseBrace, what)?;
                }
            }
            Ok(ExprKind::Object(since(&mut it.open.entries, before)))
        })
    }

    /// A bare word as a key is that word, a parenthesised one a reference.
    fn key(&mut self) -> Read {
        let is_wrapped = self.peek().kind == Kind::OpenRound;
        let key = self.expression()?;
        if is_wrapped {
            return Ok(key);
        }
        let Expr { kind, span } = key;
        let kind = match kind {
            ExprKind::Variable(it) => ExprKind::String(it),
            ExprKind::Null => ExprKind::String(self.short("null")),
            ExprKind::Bool(true) => ExprKind::String(self.short("true")),
            ExprKind::Bool(false) => ExprKind::String(self.short("false")),
            ExprKind::Attribute(..) | ExprKind::Index(..) if is_traversal(&kind) => {
                ExprKind::DottedKey(Box::new(Expr { kind, span }))
            }
            it => it,
        };
        Ok(Expr { kind, span })
    }

    /// What follows the word `for` in brackets or braces.
    fn for_expr(&mut self, close: Kind) -> Read<ExprKind> {
        let (key_name, value_name) = self.for_names()?;
        let over = self.expression()?;
        self.require(Kind::Colon, "a colon and what is made of each element must follow")?;
        let first = self.peek();
        let mut value = self.expression()?;
        let mut key = None;
        if self.peek().kind == Kind::Arrow {
            let arrow = self.take();
            if close == Kind::CloseSquare {
                let message = "can't be read: only { for … } has keys, and [ for … ] has not";
                return Err(self.fault(arrow, message));
            }
            key = Some(std::mem::replace(&mut value, self.expression()?));
        } else if close == Kind::CloseBrace {
            let message = "can't be read: { for … } needs a key for each value: key => value";
            return Err(self.fault(first, message));
        }
        let group = self.peek().kind == Kind::Ellipsis;
        if group {
            let word = self.take();
            if close == Kind::CloseSquare {
                let message = "can't be read: only { for … } groups values by ...";
                return Err(self.fault(word, message));
            }
        }
        let filter = match self.take_keyword("if") {
            true => Some(self.expression()?),
            false => None,
        };
        self.require(close, "the closing bracket of the for expression must follow")?;
        Ok(ExprKind::For(Box::new(For { key_name, value_name, over, key, value, group, filter })))
    }

    /// `value in` or `key, value in`.
    pub(super) fn for_names(&mut self) -> Read<(Option<Arc<str>>, Arc<str>)> {
        let first = self.require(Kind::Name, "a name for each value must follow the word for")?;
        let (mut key, mut value) = (None, self.name(first));
        if self.take_if(Kind::Comma) {
            let second = self.require(Kind::Name, "a name for each value must follow the comma")?;
            key = Some(std::mem::replace(&mut value, self.name(second)));
        }
        let word = self.peek();
        if !self.take_keyword("in") {
            return Err(self.unexpected(word, "the word in must follow the names"));
        }
        Ok((key, value))
    }

    /// `.a`, `[0]`, `[*]` and `.*` behind a value that begins at a place. A full splat takes all that
    /// follows, a legacy one the attributes that follow.
    fn steps(&mut self, start: usize, mut of: Expr) -> Read {
        let mut count = 0;
        loop {
            let word = self.peek();
            let kind = match word.kind {
                Kind::Dot => {
                    self.take();
                    if self.peek().kind == Kind::Star {
                        self.legacy_splat(of)?
                    } else {
                        self.attribute_step(of)?
                    }
                }
                Kind::OpenSquare => {
                    self.take();
                    if self.peek().kind == Kind::Star {
                        self.full_splat(word, of)?
                    } else {
                        let key = self.with_lines(true, |it| {
                            let key = it.expression()?;
                            it.require(Kind::CloseSquare, "a closing bracket must follow")?;
                            Ok(key)
                        })?;
                        ExprKind::Index(Box::new(of), Box::new(key))
                    }
                }
                _ => return Ok(of),
            };
            of = self.since(start, kind);
            count += 1;
            if count > LONGEST_CHAIN {
                let message = format!("is one of more than {LONGEST_CHAIN} steps from one value");
                return Err(self.fault(word, &message));
            }
        }
    }

    /// The name or number behind a point.
    fn attribute_step(&mut self, of: Expr) -> Read<ExprKind> {
        let word = self.take();
        match word.kind {
            Kind::Name => Ok(ExprKind::Attribute(Box::new(of), self.name(word))),
            Kind::Number => {
                let written = self.written(word);
                if written.contains('.') {
                    let message = format!(
                        "can't be read: write [{}] for indexes in a row",
                        written.replace('.', "][")
                    );
                    return Err(self.fault(word, &message));
                }
                let kind = ExprKind::Number(self.number(word)?);
                let key = Expr { kind, span: self.span_of(word) };
                Ok(ExprKind::Index(Box::new(of), Box::new(key)))
            }
            _ => Err(self.unexpected(word, "a name must follow the point, in the same line")),
        }
    }

    fn full_splat(&mut self, open: Word, of: Expr) -> Read<ExprKind> {
        self.take();
        self.require(Kind::CloseSquare, "] must follow *, in the same line")?;
        let element = self.since(open.start, ExprKind::Element);
        let each = self.deeper(|it| it.steps(open.start, element))?;
        Ok(ExprKind::Splat { of: Box::new(of), each: Box::new(each) })
    }

    fn legacy_splat(&mut self, of: Expr) -> Read<ExprKind> {
        let star = self.take();
        let mut each = Expr { kind: ExprKind::Element, span: self.span_of(star) };
        let mut count = 0;
        while self.take_if(Kind::Dot) {
            let next = self.peek();
            if next.kind == Kind::Star {
                let message = "can't be read: .* can't stand behind .*; write [*] for both";
                return Err(self.fault(next, message));
            }
            let kind = self.attribute_step(each)?;
            each = self.since(star.start, kind);
            count += 1;
            if count > LONGEST_CHAIN {
                let message = format!("is one of more than {LONGEST_CHAIN} steps from one value");
                return Err(self.fault(next, &message));
            }
        }
        Ok(ExprKind::Splat { of: Box::new(of), each: Box::new(each) })
    }
}

/// The operator that a word is, and how tightly it binds.
fn operator(kind: Kind) -> Option<(Binary, u8)> {
    let operator = match kind {
        Kind::Operator(it) => it,
        Kind::Star => Binary::Multiply,
        Kind::Minus => Binary::Subtract,
        _ => return None,
    };
    let level = match operator {
        Binary::Or => 1,
        Binary::And => 2,
        Binary::Equal | Binary::NotEqual => 3,
        Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual => 4,
        Binary::Add | Binary::Subtract => 5,
        Binary::Multiply | Binary::Divide | Binary::Modulo => 6,
    };
    Some((operator, level))
}

/// Whether a number is written as Terraform reads it. What is beyond our numbers is refused where it
/// is evaluated.
fn is_number(text: &str) -> bool {
    const LARGEST: u32 = 646_456_993;
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent = exponent.trim_start_matches(['+', '-']).trim_start_matches('0');
    let is_small = exponent.is_empty() || exponent.parse::<u32>().is_ok_and(|it| it <= LARGEST);
    is_small && digits.matches('.').count() <= 1
}

/// Whether it is a name and constant steps from there.
fn is_traversal(kind: &ExprKind) -> bool {
    match kind {
        ExprKind::Variable(_) => true,
        ExprKind::Attribute(of, _) => is_traversal(&of.kind),
        ExprKind::Index(of, key) => {
            use ExprKind::{Bool, Null, Number, String};
            matches!(key.kind, String(_) | Number(_) | Bool(_) | Null) && is_traversal(&of.kind)
        }
        _ => false,
    }
}
