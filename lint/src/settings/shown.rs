//! Settings as they hold in the end, each with where it is written.

use std::sync::Arc;

use serde_json::Value;

use super::{Rules, Set, Settings, read};
use crate::custom::Custom;
use crate::rules::RULES;

/// All settings as a settings file would have them; behind each stands where it comes from.
/// `given` are those of the command line, by name.
pub(crate) fn show(settings: &Settings, given: &[(&str, Value, &str)]) -> String {
    let mut lines = Vec::new();
    let tops = [
        ("paths", settings.paths.as_ref().map(plain), Value::from(vec!["."])),
        ("baseline", settings.baseline.as_ref().map(plain), Value::from("")),
        (
            "fail-on",
            settings.fail_on.as_ref().map(|it| (Value::from(it.value.word()), it.at.clone())),
            Value::from("warning"),
        ),
        ("fail-on-unknown", settings.fail_on_unknown.as_ref().map(plain), Value::from(false)),
    ];
    for (name, written, default) in tops {
        let by_hand = given.iter().find(|it| it.0 == name);
        let (value, at) = match (by_hand, written) {
            (Some((_, value, at)), _) => (value.clone(), (*at).into()),
            (None, Some(it)) => it,
            (None, None) => (default, read::by_default()),
        };
        lines.push((format!("{name} = {}", toml(&value)), at));
    }
    for rule in RULES {
        let said = settings.rules.get(rule.id);
        lines.push((format!("\n[rules.{}]", rule.id), "".into()));
        let level = said.and_then(|it| it.level.as_ref());
        let (word, at) = match level {
            Some(it) => (it.value.word(), it.at.clone()),
            None => (rule.severity.word(), read::by_default()),
        };
        lines.push((format!("severity = \"{word}\""), at));
        for (name, default) in rule.defaults() {
            let (value, at) = match said.and_then(|it| it.values.get(&name)) {
                Some(it) => (it.value.clone(), it.at.clone()),
                None => (default, read::by_default()),
            };
            lines.push((format!("{name} = {}", toml(&value)), at));
        }
    }
    for rule in &settings.custom {
        of_custom(rule, &settings.rules, &mut lines);
    }
    for profile in &settings.profiles {
        of_profile(&profile.pattern, &profile.rules, &mut lines);
    }
    let width = lines.iter().map(|(it, _)| it.trim_start().chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for (line, at) in lines {
        out.push_str(&match at.is_empty() {
            true => format!("{line}\n"),
            false => format!("{line:width$}  # {at}\n"),
        });
    }
    out
}

/// A rule of the settings, with where the settings change how severe it is.
fn of_custom(rule: &Custom, rules: &Rules, lines: &mut Vec<(String, Arc<str>)>) {
    let text = |it: &str| toml(&Value::from(it));
    lines.push(("\n[[rule]]".to_owned(), "".into()));
    for (name, value) in [
        ("id", Value::from(&*rule.id)),
        ("type", rule.patterns.clone().into()),
        ("condition", Value::from(&*rule.condition)),
        ("message", Value::from(&*rule.message)),
    ] {
        lines.push((format!("{name} = {}", toml(&value)), rule.at.clone()));
    }
    if let Some(help) = &rule.help {
        lines.push((format!("help = {}", text(help)), rule.at.clone()));
    }
    lines.push((format!("severity = {}", text(rule.severity.word())), rule.at.clone()));
    if let Some(level) = rules.get(&*rule.id).and_then(|it| it.level.as_ref()) {
        lines.push((format!("\n[rules.{}]", rule.id), "".into()));
        lines.push((format!("severity = {}", text(level.value.word())), level.at.clone()));
    }
}

fn of_profile(pattern: &str, rules: &Rules, lines: &mut Vec<(String, Arc<str>)>) {
    for (id, said) in rules {
        let pattern = toml(&Value::from(pattern));
        lines.push((format!("\n[profile.{pattern}.rules.{id}]"), "".into()));
        if let Some(it) = &said.level {
            lines.push((format!("severity = \"{}\"", it.value.word()), it.at.clone()));
        }
        for (name, it) in &said.values {
            lines.push((format!("{name} = {}", toml(&it.value)), it.at.clone()));
        }
    }
}

fn plain<T: Clone + Into<Value>>(it: &Set<T>) -> (Value, Arc<str>) {
    (it.value.clone().into(), it.at.clone())
}

/// A value as TOML writes it: JSON, but for tables.
fn toml(value: &Value) -> String {
    match value {
        Value::Array(all) => {
            let all: Vec<_> = all.iter().map(toml).collect();
            format!("[{}]", all.join(", "))
        }
        Value::Object(all) => {
            let all: Vec<_> = all
                .iter()
                .map(|(key, it)| format!("{} = {}", Value::from(&**key), toml(it)))
                .collect();
            format!("{{ {} }}", all.join(", "))
        }
        other => other.to_string(),
    }
}
