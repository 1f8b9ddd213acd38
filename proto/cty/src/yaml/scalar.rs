//! What a scalar says, in either dialect.

use std::sync::Arc;

use base64::Engine as _;
use saphyr_parser::ScalarStyle;

use super::Dialect;
use super::read::OWN;
use super::timestamp::timestamp;
use crate::Number;
use crate::spanned::Data;

/// A scalar as it was written.
pub(super) struct Scalar<'a> {
    pub(super) text: &'a str,
    pub(super) style: ScalarStyle,
    /// The whole tag, if there is one: `tag:yaml.org,2002:str`, `!foo`.
    pub(super) tag: Option<&'a str>,
}

impl Scalar<'_> {
    /// Whether this is a key that merges what follows.
    pub(super) fn is_merge(&self, dialect: Dialect) -> bool {
        match (self.tag.map(|it| it.strip_prefix(OWN)), dialect) {
            (Some(own), _) => own == Some("merge"),
            (None, Dialect::Core) => self.text == "<<" && self.is_plain(),
            (None, Dialect::Terraform) => self.text == "<<",
        }
    }

    fn is_plain(&self) -> bool {
        self.style == ScalarStyle::Plain
    }

    fn is_quoted(&self) -> bool {
        matches!(self.style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted)
    }
}

/// What a scalar says, and its tag if that is not one of YAML's own. The error is a message.
pub(super) fn resolve(
    scalar: &Scalar<'_>,
    dialect: Dialect,
) -> Result<(Data, Option<Arc<str>>), String> {
    match (dialect, scalar.tag) {
        (Dialect::Core, tag) => core(scalar, tag),
        (Dialect::Terraform, Some(tag)) => terraform(scalar, Some(tag)).map(|it| (it, None)),
        (Dialect::Terraform, None) => {
            let data = terraform(scalar, None)?;
            if scalar.is_plain() {
                return Ok((data, None));
            }
            // A block of text is a string, but one that has been something else in between.
            Ok((key_text(&data).map_or(data, |it| Data::String(it.into())), None))
        }
    }
}

/// The text of a key. The error is a message.
pub(super) fn resolve_key(scalar: &Scalar<'_>, dialect: Dialect) -> Result<String, String> {
    match dialect {
        Dialect::Core => Ok(scalar.text.to_owned()),
        Dialect::Terraform => {
            let data = terraform(scalar, scalar.tag)?;
            key_text(&data).ok_or_else(|| "a key must not be null".to_owned())
        }
    }
}

fn key_text(data: &Data) -> Option<String> {
    match data {
        Data::Bool(it) => Some(it.to_string()),
        Data::Number { number, .. } => Some(number.to_string()),
        Data::String(it) => Some(it.to_string()),
        Data::Null | Data::List(_) | Data::Map(_) | Data::Tagged { .. } => None,
    }
}

/// The core schema of YAML 1.2.2, chapter 10.3.
fn core(scalar: &Scalar<'_>, tag: Option<&str>) -> Result<(Data, Option<Arc<str>>), String> {
    let text = scalar.text;
    let string = || Data::String(text.into());
    let own = match tag {
        Some("!") => return Ok((string(), None)),
        None if !scalar.is_plain() => return Ok((string(), None)),
        None => return core_plain(text).map(|it| (it, None)),
        Some(tag) => match tag.strip_prefix(OWN) {
            Some(own) => own,
            None => return Ok((string(), Some(tag.into()))),
        },
    };
    let found = match own {
        "str" => return Ok((string(), None)),
        "null" | "bool" | "int" | "float" => core_plain(text)?,
        _ => return Ok((string(), Some(format!("!!{own}").into()))),
    };
    match (own, &found) {
        ("null", Data::Null) | ("bool", Data::Bool(_)) | ("int" | "float", Data::Number { .. }) => {
            Ok((found, None))
        }
        _ => Err(format!("{text:?} is not what its tag !!{own} says")),
    }
}

fn core_plain(text: &str) -> Result<Data, String> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Ok(Data::Null),
        "true" | "True" | "TRUE" => Ok(Data::Bool(true)),
        "false" | "False" | "FALSE" => Ok(Data::Bool(false)),
        ".nan" | ".NaN" | ".NAN" => Err("there is no number of this name".to_owned()),
        _ => match infinite(text) {
            Some(number) => Ok(Data::Number { number, text: text.into() }),
            None if is_integer(text) || is_float(text) => number(text),
            None => Ok(Data::String(text.into())),
        },
    }
}

/// As go-cty-yaml resolves scalars, whose steps these are.
fn terraform(scalar: &Scalar<'_>, tag: Option<&str>) -> Result<Data, String> {
    let text = scalar.text;
    let tag = match tag {
        None => "",
        Some(tag) => match tag.strip_prefix(OWN) {
            Some(own @ ("str" | "bool" | "int" | "float" | "null" | "timestamp" | "binary")) => own,
            _ => return Err(format!("the tag {tag} means nothing to Terraform")),
        },
    };
    let first = text.as_bytes().first().copied();
    let is_hint = first.is_none_or(|it| b"+-0123456789yYnNtTfFoO~.".contains(&it));
    let mut as_number = matches!(tag, "int" | "float");
    if is_hint && !matches!(tag, "str" | "binary") {
        if scalar.is_quoted() {
            return Ok(Data::String(text.into()));
        }
        if let Some(data) = terraform_word(text) {
            return Ok(data);
        }
        if tag.is_empty() && matches!(text, ".nan" | ".NaN" | ".NAN") {
            return Err("Terraform has no number of this name".to_owned());
        }
        match first {
            Some(b'.') => {
                if let Ok(number) = Number::parse(text) {
                    return Ok(Data::Number { number, text: text.into() });
                }
            }
            Some(b'+' | b'-' | b'0'..=b'9') => {
                let may_be_time = matches!(tag, "" | "timestamp");
                if let Some(it) = timestamp(text).filter(|_| may_be_time) {
                    return Ok(Data::String(it.into()));
                }
                as_number |= is_integer(text) || is_float(text);
            }
            _ => {}
        }
    }
    if as_number {
        return number(&text.replace('_', ""));
    }
    match tag {
        "bool" => Err(format!("{text:?} is no bool")),
        "null" => Ok(Data::Null),
        "timestamp" => match timestamp(text) {
            Some(it) => Ok(Data::String(it.into())),
            None => Err(format!("{text:?} is no timestamp")),
        },
        "binary" if base64::engine::general_purpose::STANDARD.decode(text).is_err() => {
            Err("the text under !!binary is not in base64".to_owned())
        }
        _ => Ok(Data::String(text.into())),
    }
}

fn terraform_word(text: &str) -> Option<Data> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Some(Data::Bool(true))
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(Data::Bool(false))
        }
        "" | "~" | "null" | "Null" | "NULL" => Some(Data::Null),
        _ => infinite(text).map(|number| Data::Number { number, text: text.into() }),
    }
}

fn infinite(text: &str) -> Option<Number> {
    let (negative, name) = match text.strip_prefix(['+', '-']) {
        Some(name) => (text.starts_with('-'), name),
        None => (false, text),
    };
    matches!(name, ".inf" | ".Inf" | ".INF").then(|| Number::infinity(negative))
}

/// `[-+]?[0-9]+`, `0o[0-7]+` or `0x[0-9a-fA-F]+`.
fn is_integer(text: &str) -> bool {
    let all = |it: &str, radix| !it.is_empty() && it.chars().all(|it| it.is_digit(radix));
    if let Some(digits) = text.strip_prefix("0o") {
        return all(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return all(digits, 16);
    }
    all(text.strip_prefix(['+', '-']).unwrap_or(text), 10)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn is_float(text: &str) -> bool {
    let is_digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let exponent = exponent.map(|it| it.strip_prefix(['+', '-']).unwrap_or(it));
    if exponent.is_some_and(|it| it.is_empty() || !is_digits(it)) {
        return false;
    }
    match mantissa.split_once('.') {
        Some(("", fraction)) => !fraction.is_empty() && is_digits(fraction),
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
        None => !mantissa.is_empty() && is_digits(mantissa),
    }
}

/// The number that a text names which looks like one, with or without a prefix for its base.
fn number(text: &str) -> Result<Data, String> {
    let (sign, digits) = match text.strip_prefix(['+', '-']) {
        Some(digits) => (if text.starts_with('-') { "-" } else { "" }, digits),
        None => ("", text),
    };
    let based = [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)];
    let based = based.into_iter().find_map(|(prefix, base)| {
        digits.strip_prefix(prefix).map(|it| Number::parse_integer(&format!("{sign}{it}"), base))
    });
    match based.unwrap_or_else(|| Number::parse(text)) {
        Ok(number) => Ok(Data::Number { number, text: text.into() }),
        Err(_) => Err(format!("{text:?} is no number, or is out of range")),
    }
}
