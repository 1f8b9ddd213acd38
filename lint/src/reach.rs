//! Which folders a change can reach, told by the texts of files alone: of a large repository most files
//! need not be parsed then.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::paths::normal;

/// What one file says of others, as far as its text tells without being read as Terraform reads it.
#[derive(Debug, PartialEq)]
pub(crate) enum Calls {
    /// The local sources that may stand in it, as they are written; there are at least these.
    To(BTreeSet<String>),
    /// There may be any, as it is written in escapes.
    Anything,
}

impl Calls {
    /// Each text in quotes that begins as a local source does.
    pub(crate) fn of(text: &str) -> Self {
        // `\u002e` is a point, and `\/` in JSON is a slash.
        if text.contains("\"\\u") {
            return Self::Anything;
        }
        let mut out = BTreeSet::new();
        for (at, _) in text.match_indices("\".") {
            let rest = &text[at + 1..];
            let source = &rest[..rest.find(['"', '\n']).unwrap_or(rest.len())];
            if source.starts_with(".\\") || source.starts_with("..\\") {
                return Self::Anything;
            }
            if source.starts_with("./") || source.starts_with("../") || matches!(source, "." | "..")
            {
                if source.contains('\\') {
                    return Self::Anything;
                }
                out.insert(source.to_owned());
            }
        }
        Self::To(out)
    }
}

/// The folders that have to be read to judge all that a change takes part in: those that are changed,
/// those that call them, and all that these call. All paths are absolute.
pub(crate) fn folders(
    calls: &[(PathBuf, Calls)],
    changed: &BTreeSet<PathBuf>,
) -> BTreeSet<PathBuf> {
    let all: BTreeSet<&Path> = calls.iter().map(|it| parent(&it.0)).collect();
    let mut callees: BTreeMap<&Path, BTreeSet<PathBuf>> = BTreeMap::new();
    let mut callers: BTreeMap<PathBuf, BTreeSet<&Path>> = BTreeMap::new();
    for (path, it) in calls {
        let by = parent(path);
        let to: Vec<PathBuf> = match it {
            Calls::To(sources) => sources.iter().map(|it| normal(&by.join(it))).collect(),
            Calls::Anything => all.iter().map(|it| it.to_path_buf()).collect(),
        };
        for to in to {
            callers.entry(to.clone()).or_default().insert(by);
            callees.entry(by).or_default().insert(to);
        }
    }
    let reaching = closure(changed.clone(), |it| {
        callers.get(it).into_iter().flatten().map(|it| it.to_path_buf()).collect()
    });
    closure(reaching, |it| callees.get(it).into_iter().flatten().cloned().collect())
}

/// What is found from some by going on from each.
fn closure(from: BTreeSet<PathBuf>, next: impl Fn(&Path) -> Vec<PathBuf>) -> BTreeSet<PathBuf> {
    let mut open: Vec<PathBuf> = from.iter().cloned().collect();
    let mut out = from;
    while let Some(it) = open.pop() {
        for next in next(&it) {
            if out.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    out
}

fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_local_source_is_seen_without_parsing() {
        let to = |it: &[&str]| Calls::To(it.iter().map(|it| (*it).to_owned()).collect());
        for (text, expected) in [
            ("source = \"./a\"\nx = \"../b/c\"", to(&["../b/c", "./a"])),
            ("source=\".\" # \"..\"", to(&[".", ".."])),
            ("{\"source\": \"./a\", \"b\": \".x\"}", to(&["./a"])),
            ("source = \"registry/x\"\n y = \"a./b\"", to(&[])),
            ("{\"source\": \".\\/a\"}", Calls::Anything),
            ("source = \"\\u002e/a\"", Calls::Anything),
            ("source = \"./\\u0061\"", Calls::Anything),
            ("source = \"./a", to(&["./a"])),
        ] {
            assert_eq!(Calls::of(text), expected, "{text}");
        }
    }

    #[test]
    fn who_calls_what_is_changed_is_read_with_all_that_it_calls() {
        let calls: Vec<(PathBuf, Calls)> = [
            ("/r/prod/main.tf", "source = \"../modules/web\"\n s = \"../modules/db\""),
            ("/r/dev/main.tf", "source = \"../modules/db\""),
            ("/r/modules/web/main.tf", "source = \"../dns\""),
            ("/r/modules/db/main.tf", ""),
            ("/r/modules/dns/main.tf", ""),
            ("/r/other/main.tf", "source = \"./inner\""),
        ]
        .map(|(path, text)| (PathBuf::from(path), Calls::of(text)))
        .into();
        let reached = |changed: &str| -> Vec<String> {
            let all = folders(&calls, &BTreeSet::from([PathBuf::from(changed)]));
            all.iter().map(|it| it.to_string_lossy().into_owned()).collect()
        };
        assert_eq!(
            reached("/r/modules/dns"),
            ["/r/modules/db", "/r/modules/dns", "/r/modules/web", "/r/prod"]
        );
        assert_eq!(reached("/r/dev"), ["/r/dev", "/r/modules/db"]);
        assert_eq!(reached("/r/other/inner"), ["/r/other", "/r/other/inner"]);
        let odd =
            [(PathBuf::from("/r/odd/main.tf"), Calls::Anything), calls.into_iter().next().unwrap()];
        let all = folders(&odd, &BTreeSet::from([PathBuf::from("/r/prod")]));
        assert!(all.contains(Path::new("/r/odd")));
    }
}
