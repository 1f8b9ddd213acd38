//! Another linter's findings beside ours: which of them both have, which only one of the two, and
//! what the other one may leave to us.

mod report;
mod run;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::finding::{Finding, Report, Subject, Unknown};
use crate::rules::{Entry, RULES};

pub(crate) use report::{Named, Theirs, Told, read};
pub(crate) use run::{DidNotRun, run};

/// What a comparison comes to.
#[derive(Debug)]
pub(crate) struct Comparison<'a> {
    /// Each of their findings, in their order, with what we say of it.
    pub(crate) theirs: Vec<(&'a Theirs, Verdict<'a>)>,
    /// Our findings that are none of theirs, in our order.
    pub(crate) only_ours: Vec<&'a Finding>,
}

/// What we say of one of their findings.
#[derive(Debug)]
pub(crate) enum Verdict<'a> {
    /// We have it: these are ours, at least one.
    Agree(Vec<&'a Finding>),
    /// We don't, and why: a clause.
    OnlyTheirs(String),
}

/// How many findings of one id there are, and how many of them we have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// All of them.
    pub(crate) all: usize,
    /// Those that we have.
    pub(crate) ours: usize,
}

/// Compares. `linter` is the name under which our rules' pages list the other's ids; `found` is where
/// a file of its report lies, and `real` makes our paths such ones.
pub(crate) fn compare<'a>(
    linter: &str,
    theirs: &'a [Theirs],
    ours: &'a Report,
    found: &dyn Fn(&Named) -> PathBuf,
    real: &dyn Fn(&Path) -> PathBuf,
) -> Comparison<'a> {
    // What a comment excuses here is known here.
    let all = || ours.findings.iter().chain(ours.excused.iter().map(|(it, _)| it));
    let file = |it: &str| real(&ours.paths.absolute(it));
    let is_alone = ours.summary.roots == 1;
    let mut compared = Vec::new();
    for their in theirs {
        let rules = rules_of(linter, &their.id);
        let root = their.root_file.as_ref().and_then(|it| found(it).parent().map(Path::to_owned));
        let place = Place { of: their, file: found(&their.file), root, is_alone };
        let same = |it: &&Finding| {
            let is_peer = rules.iter().any(|rule| *rule.id == *it.rule);
            is_peer && place.is_of(it, &file)
        };
        let agreed: Vec<_> = all().filter(same).collect();
        let verdict = if agreed.is_empty() {
            Verdict::OnlyTheirs(why_not(&rules, &place, &ours.unknown, &file))
        } else {
            Verdict::Agree(agreed)
        };
        compared.push((their, verdict));
    }
    let is_theirs = |it: &Finding| {
        let mut agreed = compared.iter().filter_map(|(_, verdict)| match verdict {
            Verdict::Agree(all) => Some(all),
            Verdict::OnlyTheirs(_) => None,
        });
        agreed.any(|all| all.iter().any(|ours| std::ptr::eq(*ours, it)))
    };
    let only_ours = ours.findings.iter().filter(|it| !is_theirs(it)).collect();
    Comparison { theirs: compared, only_ours }
}

impl Comparison<'_> {
    /// How much of each id we have, in the order of the ids.
    pub(crate) fn counts(&self) -> BTreeMap<&str, Count> {
        let mut counts = BTreeMap::<&str, Count>::new();
        for (their, verdict) in &self.theirs {
            let count = counts.entry(&their.id).or_default();
            count.all += 1;
            count.ours += usize::from(matches!(verdict, Verdict::Agree(_)));
        }
        counts
    }

    /// The ids that the other linter may skip: those of which we have every finding.
    pub(crate) fn skip(&self) -> Vec<&str> {
        let counts = self.counts().into_iter();
        counts.filter(|(_, it)| it.ours == it.all).map(|(id, _)| id).collect()
    }
}

/// Our rules that list an id of the other linter's under *Peers*.
fn rules_of(linter: &str, id: &str) -> Vec<&'static Entry> {
    let is_peer = |it: &&Entry| it.peers().iter().any(|(name, peer)| name == linter && peer == id);
    RULES.iter().filter(is_peer).collect()
}

/// Where one of their findings is.
struct Place<'a> {
    of: &'a Theirs,
    file: PathBuf,
    /// The folder of the root module, if it is told.
    root: Option<PathBuf>,
    /// Whether there is one root module only.
    is_alone: bool,
}

impl Place<'_> {
    /// Whether one of ours is about the same: the same instance in the same root module, as a module
    /// may be at fault under one root and not under another. Where one of the two names no instance,
    /// it is the block.
    fn is_of(&self, it: &Finding, file: &dyn Fn(&str) -> PathBuf) -> bool {
        self.is_about(&it.place.start, &it.subjects, file)
    }

    fn is_about(
        &self,
        at: &stanchion_lang::Place,
        subjects: &[Subject],
        file: &dyn Fn(&str) -> PathBuf,
    ) -> bool {
        let mut ours = subjects.iter().filter_map(|it| Some((it, it.address.as_deref()?)));
        match &self.of.address {
            Some(theirs) if subjects.iter().any(|it| it.address.is_some()) => {
                ours.any(|(subject, address)| {
                    let root = subject.root.as_deref().map(file);
                    is_same(address, theirs) && root.is_some_and(|it| self.is_root(&it))
                })
            }
            _ => self.of.lines.contains(&at.line) && file(&at.path) == self.file,
        }
    }

    /// Whether it may have been met under a root module: the one that it tells, or the one that its
    /// file lies in; and if it tells none of a module's, the only one.
    fn is_root(&self, folder: &Path) -> bool {
        let is_in_module = self.of.address.as_deref().is_some_and(|it| it.starts_with("module."));
        match &self.root {
            Some(root) => root == folder,
            None if is_in_module => self.is_alone,
            None => self.file.parent() == Some(folder),
        }
    }
}

/// Whether an address of ours is one of theirs, which has no keys of what was not expanded, and does
/// not say that it is a data source.
fn is_same(ours: &str, theirs: &str) -> bool {
    let ours = if theirs.contains('[') { ours.to_owned() } else { without_keys(ours) };
    let managed = match ours.strip_prefix("data.") {
        Some(rest) => rest.to_owned(),
        None => ours.replacen(".data.", ".", 1),
    };
    ours == theirs || managed == theirs
}

/// Why none of ours is one of theirs.
fn why_not(
    rules: &[&Entry],
    place: &Place<'_>,
    unknown: &[Unknown],
    file: &dyn Fn(&str) -> PathBuf,
) -> String {
    let Some(rule) = rules.first() else { return "no rule is about it".to_owned() };
    let open = unknown.iter().find(|it| {
        let is_peer = rules.iter().any(|rule| *rule.id == *it.rule);
        let subjects = std::slice::from_ref(&it.subject);
        is_peer && place.is_about(&it.place.start, subjects, file)
    });
    match open {
        Some(it) => format!("{} can't judge it, because {}", it.rule, it.why),
        None => format!("{} has nothing to object to", rule.id),
    }
}

/// An address without the keys of instances: `module.a["x"].b.c[0]` is `module.a.b.c`.
fn without_keys(address: &str) -> String {
    let (mut out, mut depth, mut is_quoted, mut is_escaped) =
        (String::new(), 0_usize, false, false);
    for c in address.chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' if depth > 0 => is_quoted = !is_quoted,
            '[' if !is_quoted => depth += 1,
            ']' if !is_quoted => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_same_without_keys_that_the_other_does_not_tell() {
        for (ours, theirs, expected) in [
            ("a.b[0]", "a.b", true),
            ("a.b[0]", "a.b[0]", true),
            ("a.b[0]", "a.b[1]", false),
            ("a.b", "a.c", false),
            ("data.a.b", "a.b", true),
            ("module.m[\"k\"].data.a.b", "module.m.a.b", true),
            ("module.m.a.b", "a.b", false),
        ] {
            assert_eq!(is_same(ours, theirs), expected, "{ours} {theirs}");
        }
    }

    #[test]
    fn an_address_loses_its_keys_and_nothing_else() {
        for (address, plain) in [
            ("aws_s3_bucket.a", "aws_s3_bucket.a"),
            ("module.a[\"x\"].aws_s3_bucket.b[0]", "module.a.aws_s3_bucket.b"),
            ("module.a[\"]\\\"[\"].b.c", "module.a.b.c"),
            ("a.b[\"é.f\"]", "a.b"),
        ] {
            assert_eq!(without_keys(address), plain);
        }
    }
}
