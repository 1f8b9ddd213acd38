//! Reads the rules that a settings file has itself: `[[rule]]`.

use std::sync::Arc;

use globset::{Glob, GlobSetBuilder};
use toml::Spanned;
use toml::de::DeValue;

use super::{Entry, Level, NotSettings, Reader};
use crate::custom::Custom;
use crate::finding::Severity;
use crate::rules;

const KEYS: &[&str] = &["id", "type", "condition", "message", "help", "severity"];

/// The rules, in the order of their ids.
pub(super) fn read(
    reader: &Reader<'_>,
    value: &Spanned<DeValue<'_>>,
) -> Result<Vec<Custom>, NotSettings> {
    let DeValue::Array(all) = value.get_ref() else {
        return Err(reader.wrong(value.span(), "is not a list of tables: write [[rule]]"));
    };
    let mut out: Vec<Custom> = Vec::new();
    for it in all {
        let rule = one(reader, it)?;
        if out.iter().any(|known| known.id == rule.id) {
            return Err(reader.wrong(it.span(), format!("there is a rule {} already", rule.id)));
        }
        out.push(rule);
    }
    out.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(out)
}

fn one(reader: &Reader<'_>, value: &Spanned<DeValue<'_>>) -> Result<Custom, NotSettings> {
    let entries = reader.table(value)?;
    if let Some((key, _)) = entries.iter().find(|(key, _)| !KEYS.contains(&&**key.get_ref())) {
        return Err(reader.misspelt(key.span(), "setting of a rule", key.get_ref(), KEYS));
    }
    let find = |name: &str| entries.iter().find(|(key, _)| key.get_ref() == name);
    let needed = |name: &str| -> Result<&Entry<'_>, NotSettings> {
        find(name).ok_or_else(|| reader.wrong(value.span(), format!("the rule has no {name}")))
    };
    let id = reader.string(needed("id")?.1)?;
    let is_id = |it: &str| {
        let is_word = |it: &str| {
            !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
        };
        it.split('-').all(is_word)
    };
    if !is_id(&id) {
        let message = "is no id: words of small letters and digits, with - between them";
        return Err(reader.wrong(needed("id")?.1.span(), message));
    }
    if rules::find(&id).is_some() {
        let message = format!("{id} is a rule of stanchion's own");
        return Err(reader.wrong(needed("id")?.1.span(), message));
    }
    let (_, ty) = needed("type")?;
    let patterns = match ty.get_ref() {
        DeValue::String(it) => vec![it.to_string()],
        _ => reader.strings(ty)?,
    };
    let mut types = GlobSetBuilder::new();
    for pattern in &patterns {
        let glob = Glob::new(pattern).map_err(|error| {
            reader.wrong(ty.span(), format!("is no pattern of types: {}", error.kind()))
        })?;
        types.add(glob);
    }
    let types = types.build().map_err(|error| {
        reader.wrong(ty.span(), format!("is no pattern of types: {}", error.kind()))
    })?;
    let severity = match find("severity") {
        None => Severity::Warning,
        Some((_, it)) => match reader.level(it)? {
            Level::On(severity) => severity,
            Level::Off => {
                return Err(reader.wrong(it.span(), "is not note, warning or error"));
            }
        },
    };
    let (_, condition) = needed("condition")?;
    let rule = Custom {
        id: id.into(),
        at: reader.at(value.span().start).into(),
        patterns,
        types,
        condition: Arc::from(reader.string(condition)?),
        message: reader.string(needed("message")?.1)?,
        help: find("help").map(|(_, it)| reader.string(it)).transpose()?,
        severity,
    };
    match rule.fault() {
        Some(fault) => Err(reader.wrong(condition.span(), format!("the condition {fault}"))),
        None => Ok(rule),
    }
}
