//! What a comment says: whose suppression it is, of what, why and until when.

use std::ops::Range;

use jiff::civil::Date;

use crate::rules;

/// Words without which no comment suppresses anything.
pub(super) const WORDS: &[&str] =
    &[OURS, "checkov:skip", "tfsec:ignore", "trivy:ignore", "tflint-ignore"];

const OURS: &str = "stanchion:allow";

/// A suppression as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Marker {
    pub(super) whose: Whose,
    /// The ids, as whoever's they are.
    pub(super) rules: Vec<String>,
    pub(super) reason: Option<String>,
    pub(super) until: Until,
    pub(super) extent: Extent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    Ours,
    Checkov,
    Tfsec,
    Trivy,
    Tflint,
}

/// How long it holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Until {
    Ever,
    /// To the end of this day.
    Open(Date),
    /// It held to the end of this day.
    Over(Date),
    /// What is written there is no date.
    Unreadable(String),
}

/// For what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// The line, the block whose head it stands at, or the file whose head it stands at.
    Place,
    /// The outermost block around it.
    Enclosing,
    /// The whole file.
    File,
}

impl Whose {
    /// The linter's name, as rules' pages write it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ours => "stanchion",
            Self::Checkov => "checkov",
            Self::Tfsec => "tfsec",
            Self::Trivy => "trivy",
            Self::Tflint => "tflint",
        }
    }

    /// Whether it is about ids of that linter. Trivy took tfsec's rules over, and each reads the
    /// other's.
    fn knows(self, peer: &str) -> bool {
        self.name() == peer
            || matches!((self, peer), (Self::Tfsec, "trivy") | (Self::Trivy, "tfsec"))
    }
}

impl Marker {
    /// Whether it suppresses at all.
    pub(super) fn has_effect(&self) -> bool {
        let is_open = matches!(self.until, Until::Ever | Until::Open(_));
        is_open && (self.whose != Whose::Ours || self.reason.is_some())
    }

    /// Whether one of our rules is meant.
    pub(super) fn names(&self, rule: &str) -> bool {
        if self.whose == Whose::Ours {
            return self.rules.iter().any(|it| it == rule);
        }
        let peers = rules::find(rule).map(rules::Entry::peers).unwrap_or_default();
        let mut ids = peers.iter().filter(|(peer, _)| self.whose.knows(peer)).map(|(_, id)| id);
        ids.any(|id| {
            self.rules.iter().any(|it| matches!(&**it, "*" | "all") || it.eq_ignore_ascii_case(id))
        })
    }
}

/// The suppressions of a comment, and where in it each stands.
pub(super) fn read(comment: &str, today: Date) -> Vec<(Marker, Range<usize>)> {
    let mut out = Vec::new();
    for word in WORDS {
        for (start, _) in comment.match_indices(word) {
            let line = comment[start..].lines().next().unwrap_or_default();
            let rest = &line[word.len()..];
            let marker = match *word {
                OURS => Some(ours(rest, today)),
                "checkov:skip" => checkov(rest),
                "tfsec:ignore" => aqua(Whose::Tfsec, rest, today),
                "trivy:ignore" => aqua(Whose::Trivy, rest, today),
                _ => tflint(rest),
            };
            let end = start + line.trim_end().trim_end_matches("*/").trim_end().len();
            out.extend(marker.map(|it| (it, start..end)));
        }
    }
    out
}

/// `RULE: reason` or `RULE until 2027-01-31: reason`.
fn ours(rest: &str, today: Date) -> Marker {
    let rest = rest.trim_end().trim_end_matches("*/");
    let (head, reason) = rest.split_once(':').unwrap_or((rest, ""));
    let mut words = head.split_whitespace();
    let rule = words.next().unwrap_or_default().to_owned();
    let until = match (words.next(), words.next()) {
        (None, _) => Until::Ever,
        (Some("until"), Some(date)) => until(date, today),
        (Some(word), _) => Until::Unreadable(word.to_owned()),
    };
    Marker {
        whose: Whose::Ours,
        rules: vec![rule],
        reason: text(reason),
        until,
        extent: Extent::Place,
    }
}

/// `=ID,ID:reason`, inside of the block that it is about.
fn checkov(rest: &str) -> Option<Marker> {
    let (ids, reason) = match rest.strip_prefix('=')?.split_once(':') {
        Some((ids, reason)) => (ids, text(reason)),
        None => (rest.strip_prefix('=')?, None),
    };
    let rules = listed(ids);
    Some(Marker {
        whose: Whose::Checkov,
        rules,
        reason,
        until: Until::Ever,
        extent: Extent::Enclosing,
    })
}

/// `:ID`, with `:exp:2027-01-31` behind it and other conditions, which may all stand there.
fn aqua(whose: Whose, rest: &str, today: Date) -> Option<Marker> {
    let rest = rest.strip_prefix(':')?;
    let (whole, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let mut parts = whole.split(':');
    let rules = listed(parts.next().unwrap_or_default());
    let mut until_when = Until::Ever;
    while let Some(part) = parts.next() {
        match part {
            "exp" => until_when = until(parts.next().unwrap_or_default(), today),
            // It holds for one workspace, which is not known here.
            "ws" => return None,
            _ => {}
        }
    }
    let reason = text(after).filter(|it| !it.contains(":ignore:"));
    Some(Marker { whose, rules, reason, until: until_when, extent: Extent::Place })
}

/// `: rule, rule # reason`, or `-file: …`.
fn tflint(rest: &str) -> Option<Marker> {
    let (rest, extent) = match rest.strip_prefix("-file") {
        Some(rest) => (rest, Extent::File),
        None => (rest, Extent::Place),
    };
    let (ids, reason) = match rest.strip_prefix(':')?.split_once(['#', '/']) {
        Some((ids, reason)) => (ids, text(reason)),
        None => (rest.strip_prefix(':')?, None),
    };
    let rules = listed(ids);
    Some(Marker { whose: Whose::Tflint, rules, reason, until: Until::Ever, extent })
}

fn until(text: &str, today: Date) -> Until {
    match text.parse::<Date>() {
        Ok(date) if text.len() == 10 && date < today => Until::Over(date),
        Ok(date) if text.len() == 10 => Until::Open(date),
        _ => Until::Unreadable(text.to_owned()),
    }
}

fn listed(ids: &str) -> Vec<String> {
    let ids = ids.split(',').map(str::trim).filter(|it| !it.is_empty());
    ids.map(|it| it.split_whitespace().next().unwrap_or_default().to_owned()).collect()
}

fn text(reason: &str) -> Option<String> {
    let reason = reason.trim_matches(|it: char| it.is_whitespace() || it == '/');
    (!reason.is_empty()).then(|| reason.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(comment: &str) -> Marker {
        let today = jiff::civil::date(2027, 1, 31);
        let all = read(comment, today);
        assert_eq!(all.len(), 1, "{comment}: {all:?}");
        all[0].0.clone()
    }

    #[test]
    fn ours_has_a_rule_a_reason_and_perhaps_an_end() {
        let it = one("# stanchion:allow image-floating-tag: a demo: never deployed");
        assert_eq!(it.rules, ["image-floating-tag"]);
        assert_eq!(it.reason.as_deref(), Some("a demo: never deployed"));
        assert_eq!((it.until.clone(), it.has_effect()), (Until::Ever, true));
        let of = |it: &str| {
            let it = one(&format!("/* stanchion:allow x until {it}: y */"));
            (it.until.clone(), it.has_effect())
        };
        let date = |day| jiff::civil::date(2027, 1, day);
        assert_eq!(of("2027-01-31"), (Until::Open(date(31)), true));
        assert_eq!(of("2027-01-30"), (Until::Over(date(30)), false));
        assert_eq!(of("2027-1-30"), (Until::Unreadable("2027-1-30".to_owned()), false));
        assert_eq!(of("tomorrow"), (Until::Unreadable("tomorrow".to_owned()), false));
        for without in ["stanchion:allow x", "stanchion:allow x:", "/* stanchion:allow x: */"] {
            assert!(!one(without).has_effect(), "{without}");
        }
        assert_eq!(
            one("# stanchion:allow x for ever: y").until,
            Until::Unreadable("for".to_owned())
        );
    }

    #[test]
    fn those_of_others_are_read_as_they_are_written() {
        let it = one("# checkov:skip=CKV_AWS_1,CKV_K8S_14:because");
        assert_eq!((it.rules.len(), it.reason.as_deref()), (2, Some("because")));
        assert!(it.names("image-floating-tag") && it.has_effect());
        assert_eq!(it.extent, Extent::Enclosing);
        assert!(!one("# checkov:skip=CKV_AWS_1").names("image-floating-tag"));
        assert!(one("#trivy:ignore:ksv-0013").names("image-floating-tag"));
        assert!(one("#tfsec:ignore:*").names("image-floating-tag"));
        assert!(!one("#tfsec:ignore:*").names("unreadable-file"));
        assert!(!one("#trivy:ignore:AVD-KSV-0013:exp:2027-01-30").has_effect());
        assert!(one("#trivy:ignore:AVD-KSV-0013:exp:2027-01-31").has_effect());
        let it = one("# tflint-ignore: a, b # why");
        assert_eq!((it.rules, it.reason.as_deref()), (vec!["a".into(), "b".into()], Some("why")));
        assert_eq!(one("# tflint-ignore-file: a").extent, Extent::File);
        let today = jiff::civil::date(2027, 1, 31);
        assert_eq!(read("#trivy:ignore:A trivy:ignore:B", today).len(), 2);
        assert_eq!(read("#trivy:ignore:A:ws:prod", today), []);
    }
}
