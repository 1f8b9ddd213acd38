//! The rules. Each is a file here, and a word in the list below; the file's name is its id.

use crate::facts::{Fact, Facts};
use crate::finding::{Report, Severity};
use crate::judge::{Context, Verdict, judge_all};

/// A rule judges facts of one kind.
pub trait Rule {
    /// The kind of fact.
    type On: Fact;

    /// How bad it is if a fact is not as the rule wants it.
    const SEVERITY: Severity;

    /// Judges one fact.
    fn judge(&self, it: &Self::On, cx: &mut Context<'_>) -> Verdict;
}

/// A rule of the list.
pub struct Entry {
    /// The id: the file's name, with dashes.
    pub id: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    /// The rule's source, whose head is its page.
    source: &'static str,
    pub(crate) judge: Judge,
}

type Judge = for<'w> fn(&Entry, &'w Facts<'w>, &dyn Fn(&str) -> bool, &mut Report);

macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        /// All rules, in the order of their ids.
        pub const RULES: &[Entry] = &[$(Entry {
            id: dashed!($name),
            severity: <$name::It as Rule>::SEVERITY,
            source: include_str!(concat!("rules/", stringify!($name), ".rs")),
            judge: |entry, facts, is_wanted, report| {
                judge_all(&$name::It, entry, facts, is_wanted, report);
            },
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

rules! { image_floating_tag, refused_configuration, unreadable_file }

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

    /// The examples under a heading of the page: *Fails* or *Passes*.
    #[must_use]
    pub fn examples(&self, heading: &str) -> Vec<String> {
        let page = self.page();
        let section = page.split("## ").find(|it| it.lines().next() == Some(heading));
        let parts = section.unwrap_or_default().split("```").collect::<Vec<_>>();
        let inside = parts.iter().skip(1).step_by(2);
        inside.map(|it| it.split_once('\n').map_or("", |(_, text)| text).to_owned()).collect()
    }
}

/// The rule of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Entry> {
    RULES.iter().find(|it| it.id == id)
}
