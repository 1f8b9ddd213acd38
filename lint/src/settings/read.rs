//! Reads a settings file. Each thing that is wrong in it has a place.

mod custom;

use std::borrow::Cow;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::effective::MOST_PROFILES;
use super::{Level, Profile, RuleSettings, Rules, Set, Settings, nearest};
use crate::finding::Severity;
use crate::rules;

/// The name of a settings file.
pub(crate) const NAME: &str = "stanchion.toml";

/// A settings file that can't be used, and why.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {message}")]
pub(crate) struct NotSettings {
    /// `stanchion.toml:3:1`.
    at: String,
    /// What is wrong there: a clause.
    message: String,
    /// What to do about it.
    pub(crate) cure: Option<String>,
}

/// Reads settings. `name` is how the file is called to users, `folder` its absolute folder.
///
/// # Errors
/// If it is no TOML, or says something that is no setting.
pub(crate) fn read(text: &str, name: &str, folder: PathBuf) -> Result<Settings, NotSettings> {
    let reader = Reader { text, name };
    let table = DeTable::parse(text).map_err(|error| {
        reader.wrong(error.span().unwrap_or(0..0), error.message().replace('\n', ", "))
    })?;
    let mut settings = Settings { folder, ..Settings::default() };
    let entries = entries(table.get_ref());
    // What is said about rules may be about those of the file itself.
    if let Some((_, value)) = entries.iter().find(|(key, _)| key.get_ref() == "rule") {
        settings.custom = custom::read(&reader, value)?;
    }
    let ids = settings.ids();
    for (key, value) in entries {
        match &**key.get_ref() {
            "paths" => settings.paths = Some(reader.set(key, reader.strings(value)?)),
            "baseline" => settings.baseline = Some(reader.set(key, reader.string(value)?)),
            "fail-on" => settings.fail_on = Some(reader.set(key, reader.severity(value)?)),
            "fail-on-unknown" => {
                settings.fail_on_unknown = Some(reader.set(key, reader.bool(value)?));
            }
            "rule" => {}
            "rules" => settings.rules = reader.rules(&ids, value)?,
            "profile" => settings.profiles = reader.profiles(&ids, value)?,
            other => return Err(reader.misspelt(key.span(), "setting", other, KEYS)),
        }
    }
    for (id, said) in settings.rules.iter().chain(settings.profiles.iter().flat_map(|it| &it.rules))
    {
        reader.check(id, said)?;
    }
    Ok(settings)
}

const KEYS: &[&str] =
    &["paths", "baseline", "fail-on", "fail-on-unknown", "rule", "rules", "profile"];

/// A key of a table and what stands behind it.
type Entry<'t> = (&'t Spanned<Cow<'t, str>>, &'t Spanned<DeValue<'t>>);

struct Reader<'a> {
    text: &'a str,
    name: &'a str,
}

impl Reader<'_> {
    fn rules(&self, ids: &[String], table: &Spanned<DeValue<'_>>) -> Result<Rules, NotSettings> {
        let mut rules = Rules::new();
        for (key, value) in self.table(table)? {
            let name: &str = key.get_ref();
            if !ids.iter().any(|it| it == name) {
                let ids: Vec<_> = ids.iter().map(String::as_str).collect();
                return Err(self.misspelt(key.span(), "rule", name, &ids));
            }
            rules.insert(name.to_owned(), self.rule(name, key, value)?);
        }
        Ok(rules)
    }

    /// `"off"`, or a table with `severity` and the rule's own settings.
    fn rule(
        &self,
        id: &str,
        key: &Spanned<Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<RuleSettings, NotSettings> {
        let mut said = RuleSettings::default();
        if value.get_ref().is_str() {
            said.level = Some(self.set(key, self.level(value)?));
            return Ok(said);
        }
        let defaults = rules::find(id).map(rules::Entry::defaults).unwrap_or_default();
        for (key, value) in self.table(value)? {
            let name: &str = key.get_ref();
            if name == "severity" {
                said.level = Some(self.set(key, self.level(value)?));
            } else if let Some(default) = defaults.get(name) {
                let given = json(value.get_ref());
                if std::mem::discriminant(&given) != std::mem::discriminant(default) {
                    let message = format!("{name} is not of the kind of its default {default}");
                    return Err(self.wrong(value.span(), message));
                }
                said.values.insert(name.to_owned(), self.set(key, given));
            } else {
                let names = defaults.keys().map(String::as_str).chain(["severity"]);
                let names: Vec<_> = names.collect();
                let what = format!("setting of {id}");
                return Err(self.misspelt(key.span(), &what, name, &names));
            }
        }
        Ok(said)
    }

    fn profiles(
        &self,
        ids: &[String],
        table: &Spanned<DeValue<'_>>,
    ) -> Result<Vec<Profile>, NotSettings> {
        let mut profiles = Vec::new();
        for (key, value) in self.table(table)? {
            let pattern = key.get_ref().to_string();
            let matches = matching(&pattern).map_err(|error| {
                self.wrong(key.span(), format!("is no pattern of paths: {}", error.kind()))
            })?;
            let mut rules = Rules::new();
            for (key, value) in self.table(value)? {
                match &**key.get_ref() {
                    "rules" => rules = self.rules(ids, value)?,
                    other => {
                        return Err(self.misspelt(
                            key.span(),
                            "setting of a profile",
                            other,
                            &["rules"],
                        ));
                    }
                }
            }
            profiles.push(Profile { pattern, matches, rules });
        }
        if profiles.len() > MOST_PROFILES {
            let message = format!("has more than {MOST_PROFILES} profiles");
            return Err(self.wrong(table.span(), message));
        }
        Ok(profiles)
    }

    /// Whether the rule can read its settings.
    fn check(&self, id: &str, said: &RuleSettings) -> Result<(), NotSettings> {
        let Some(entry) = rules::find(id) else { return Ok(()) };
        for (name, it) in &said.values {
            let alone = [(name.clone(), it.value.clone())].into_iter().collect();
            if let Err(error) = entry.configured(entry.severity, alone) {
                let message = format!("{name} can't be read: {error}");
                return Err(NotSettings { at: it.at.to_string(), message, cure: None });
            }
        }
        Ok(())
    }

    fn table<'t>(&self, value: &'t Spanned<DeValue<'_>>) -> Result<Vec<Entry<'t>>, NotSettings> {
        match value.get_ref() {
            DeValue::Table(it) => Ok(entries(it)),
            _ => Err(self.wrong(value.span(), "is not a table")),
        }
    }

    fn strings(&self, value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, NotSettings> {
        match value.get_ref() {
            DeValue::Array(all) => all.iter().map(|it| self.string(it)).collect(),
            _ => Err(self.wrong(value.span(), "is not a list of strings")),
        }
    }

    fn string(&self, value: &Spanned<DeValue<'_>>) -> Result<String, NotSettings> {
        let text = value.get_ref().as_str();
        text.map(str::to_owned).ok_or_else(|| self.wrong(value.span(), "is not a string"))
    }

    fn bool(&self, value: &Spanned<DeValue<'_>>) -> Result<bool, NotSettings> {
        let it = value.get_ref().as_bool();
        it.ok_or_else(|| self.wrong(value.span(), "is neither true nor false"))
    }

    fn severity(&self, value: &Spanned<DeValue<'_>>) -> Result<Severity, NotSettings> {
        match self.level(value)? {
            Level::On(it) => Ok(it),
            Level::Off => Err(self.wrong(value.span(), "is not note, warning or error")),
        }
    }

    fn level(&self, value: &Spanned<DeValue<'_>>) -> Result<Level, NotSettings> {
        let all = [Severity::Note, Severity::Warning, Severity::Error];
        match value.get_ref().as_str() {
            Some("off") => Ok(Level::Off),
            Some(word) => match all.into_iter().find(|it| it.word() == word) {
                Some(it) => Ok(Level::On(it)),
                None => Err(self.misspelt(
                    value.span(),
                    "severity",
                    word,
                    &["off", "note", "warning", "error"],
                )),
            },
            None => Err(self.wrong(value.span(), "is not off, note, warning or error")),
        }
    }

    fn set<T>(&self, key: &Spanned<Cow<'_, str>>, value: T) -> Set<T> {
        Set { value, at: self.at(key.span().start).into() }
    }

    fn misspelt(&self, span: Range<usize>, what: &str, name: &str, known: &[&str]) -> NotSettings {
        let cure = match nearest(name, known.iter().copied()) {
            Some(it) => format!("write {it}"),
            None => format!("there are {}", known.join(", ")),
        };
        NotSettings { cure: Some(cure), ..self.wrong(span, format!("there is no {what} {name}")) }
    }

    fn wrong(&self, span: Range<usize>, message: impl Into<String>) -> NotSettings {
        NotSettings { at: self.at(span.start), message: message.into(), cure: None }
    }

    fn at(&self, byte: usize) -> String {
        let before = self.text.get(..byte).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("{}:{line}:{column}", self.name)
    }
}

/// The entries of a table, in the order in which they are written.
fn entries<'t>(table: &'t DeTable<'_>) -> Vec<Entry<'t>> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// A pattern of paths, which a folder's own name satisfies too.
fn matching(pattern: &str) -> Result<GlobSet, globset::Error> {
    let whole = pattern.trim_end_matches('/');
    let folder = whole.strip_suffix("/**").unwrap_or(whole);
    let glob = |it: &str| -> Result<Glob, globset::Error> {
        GlobBuilder::new(it).literal_separator(true).build()
    };
    let mut set = GlobSetBuilder::new();
    set.add(glob(whole)?).add(glob(folder)?).add(glob(&format!("{folder}/**"))?);
    set.build()
}

fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(it) => Value::from(it.as_ref()),
        DeValue::Boolean(it) => Value::from(*it),
        DeValue::Integer(it) => {
            i64::from_str_radix(it.as_str(), it.radix()).map_or(Value::Null, Value::from)
        }
        DeValue::Float(it) => it.as_str().parse::<f64>().map_or(Value::Null, Value::from),
        DeValue::Datetime(it) => Value::from(it.to_string()),
        DeValue::Array(all) => all.iter().map(|it| json(it.get_ref())).collect(),
        DeValue::Table(all) => all
            .iter()
            .map(|(key, it)| (key.get_ref().to_string(), json(it.get_ref())))
            .collect::<serde_json::Map<_, _>>()
            .into(),
    }
}

/// Where a setting that nobody wrote comes from.
pub(super) fn by_default() -> Arc<str> {
    "default".into()
}
