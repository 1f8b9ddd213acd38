//! The rules. Each is a file here, and a word in the list below; the file's name is its id.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::facts::Fact;
use crate::finding::Severity;
use crate::judge::{Context, Judge, Verdict};

/// A rule judges facts of one kind. Its fields are its settings, and their defaults are those of
/// the rule; each field stands under *Settings* of its page.
pub trait Rule: Default + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The kind of fact.
    type On: Fact;

    /// How bad it is if a fact is not as the rule wants it, unless the settings say otherwise.
    const SEVERITY: Severity;

    /// Judges one fact.
    fn judge(&self, it: &Self::On, cx: &mut Context<'_>) -> Verdict;
}

/// A rule of the list.
pub struct Entry {
    /// The id: the file's name, with dashes.
    pub id: &'static str,
    /// How bad its findings are, unless the settings say otherwise.
    pub severity: Severity,
    /// The rule's source, whose head is its page.
    source: &'static str,
    /// The rule with the settings of an object; what that lacks is as by default.
    configure: fn(serde_json::Value) -> serde_json::Result<Box<dyn Judge>>,
    defaults: fn() -> serde_json::Value,
}

/// A rule with its settings.
pub(crate) struct Configured {
    /// Its id.
    pub(crate) id: Arc<str>,
    /// How bad its findings are.
    pub(crate) severity: Severity,
    /// What judges.
    pub(crate) judge: Box<dyn Judge>,
}

macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        /// All rules, in the order of their ids.
        pub const RULES: &[Entry] = &[$(Entry {
            id: dashed!($name),
            severity: <$name::It as Rule>::SEVERITY,
            source: include_str!(concat!("rules/", stringify!($name), ".rs")),
            configure: |given| Ok(Box::new(serde_json::from_value::<$name::It>(given)?)),
            defaults: || serde_json::to_value($name::It::default()).unwrap_or_default(),
        }),*];
    };
}

/// A module's name as an id: `image_floating_tag` is `image-floating-tag`.
macro_rules! dashed {
    ($name:ident) => {{
        const NAME: &str = stringify!($name);
        const BYTES: [u8; NAME.len()] = {
            let mut out = [0; NAME.len()];
            let mut at = 0;
            while at < out.len() {
                let byte = NAME.as_bytes()[at];
                out[at] = if byte == b'_' { b'-' } else { byte };
                at += 1;
            }
            out
        };
        match std::str::from_utf8(&BYTES) {
            Ok(it) => it,
            Err(_) => NAME,
        }
    }};
}

rules! {
    drift_ignored,
    drift_local_state,
    drift_unpinned_provider,
    iam_admin,
    image_floating_tag,
    refused_configuration,
    secret_literal,
    suppression_without_effect,
    unreadable_file,
}

impl Entry {
    /// The page: Markdown without the heading, its first paragraph the summary.
    #[must_use]
    pub fn page(&self) -> String {
        let lines = self.source.lines().map_while(|it| it.strip_prefix("//!"));
        let mut page = String::new();
        for line in lines {
            page.push_str(line.strip_prefix(' ').unwrap_or(line));
            page.push('\n');
        }
        page
    }

    /// What it objects to, in one sentence.
    #[must_use]
    pub fn summary(&self) -> String {
        let page = self.page();
        page.split("\n\n").next().unwrap_or_default().replace('\n', " ").trim().to_owned()
    }

    /// The settings with their defaults, by name.
    #[must_use]
    pub fn defaults(&self) -> serde_json::Map<String, serde_json::Value> {
        match (self.defaults)() {
            serde_json::Value::Object(it) => it,
            _ => serde_json::Map::new(),
        }
    }

    /// The rule as the settings want it.
    ///
    /// # Errors
    /// If a setting is of another type.
    pub(crate) fn configured(
        &self,
        severity: Severity,
        given: serde_json::Map<String, serde_json::Value>,
    ) -> serde_json::Result<Configured> {
        let judge = (self.configure)(given.into())?;
        Ok(Configured { id: self.id.into(), severity, judge })
    }

    /// The settings that the page tells of under *Settings*: a list of names in backquotes, each
    /// with what it is for.
    #[must_use]
    pub fn settings(&self) -> Vec<(String, String)> {
        let section = self.section("Settings");
        let items = section.split("\n- `").skip(1);
        let named = items.filter_map(|it| it.split_once('`'));
        let plain = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
        named.map(|(name, what)| (name.to_owned(), plain(what.trim_start_matches(':')))).collect()
    }

    /// The ids that other linters give the same fault, as the page tells them under *Peers*: a list
    /// of the linter's name and, behind a colon, ids in backquotes.
    #[must_use]
    pub fn peers(&self) -> Vec<(String, String)> {
        let section = self.section("Peers");
        let items = section.split("\n- ").skip(1).filter_map(|it| it.split_once(':'));
        let ids = |(peer, rest): (&str, &str)| {
            let peer = peer.to_owned();
            rest.split('`')
                .skip(1)
                .step_by(2)
                .map(move |id| (peer.clone(), id.to_owned()))
                .collect()
        };
        items.flat_map(|it| -> Vec<_> { ids(it) }).collect()
    }

    /// What stands under a heading of the page, with the newline behind the heading.
    fn section(&self, heading: &str) -> String {
        let page = self.page();
        let mut sections = page.split("\n## ").skip(1);
        let found = sections.find_map(|it| it.strip_prefix(heading));
        found.filter(|it| it.starts_with('\n')).unwrap_or_default().to_owned()
    }

    /// The examples under a heading of the page: *Fails* or *Passes*.
    #[must_use]
    pub fn examples(&self, heading: &str) -> Vec<String> {
        let section = self.section(heading);
        let parts = section.split("```").collect::<Vec<_>>();
        let inside = parts.iter().skip(1).step_by(2);
        inside.map(|it| it.split_once('\n').map_or("", |(_, text)| text).to_owned()).collect()
    }
}

/// The rule of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Entry> {
    RULES.iter().find(|it| it.id == id)
}
