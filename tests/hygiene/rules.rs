//! What holds in every file of the house, one rule each.
//!
//! Needles are written with a dot in them (`to·do!(`), so that this file does not find itself.

/// What holds in every file. `fault` is a file in which the check must find something.
pub(crate) const CHECKS: &[Check] = &[
    Check {
        cure: "begin the file with a `//!` line: what it is about, for someone who just opened it",
        find: |file| {
            (file.is("rs") && !file.text.starts_with("//!")).then_some(1).into_iter().collect()
        },
        fault: ("a.rs", "use std::fs;\n"),
    },
    Check {
        cure: "split the file by meaning: at most 400 lines",
        find: |file| {
            (file.is("rs") && file.text.lines().count() > 400).then_some(401).into_iter().collect()
        },
        fault: ("a.rs", LONG),
    },
    Check {
        cure: "a test that does not run or that wants a panic proves nothing: mend or delete it",
        find: |file| with(file, file.is("rs"), &["#[ig·nore", "#[should_·panic"]),
        fault: ("a.rs", "//! A.\n#[ig·nore]\nfn a() {}\n"),
    },
    Check {
        cure: "do it now or leave it out: what is open stands elsewhere",
        find: |file| with(file, true, &["TO·DO", "FIX·ME", "to·do!(", "unimple·mented!("]),
        fault: ("a.md", "TO·DO: more\n"),
    },
    Check {
        cure: "remove the blanks at the end of the line",
        find: |file| lines(file, |line| line.ends_with([' ', '\t', '\r'])),
        fault: ("a.md", "a \n"),
    },
    Check {
        cure: "end the file with one newline",
        find: |file| {
            // How these end is what is asked about.
            let is_data = file.path.starts_with("tests/oracle/files/");
            let ended = is_data
                || file.text.is_empty()
                || (file.text.ends_with('\n') && !file.text.ends_with("\n\n"));
            (!ended).then(|| file.text.lines().count()).into_iter().collect()
        },
        fault: ("a.md", "a"),
    },
    Check {
        cure: "say where by a path inside the repository, or make it a variable",
        find: |file| {
            lines(file, |line| ["/wo·rk/", "/ro·ot/"].iter().any(|it| starts_path(line, &word(it))))
        },
        fault: ("a.md", "see /wo·rk/main\n"),
    },
    Check {
        cure: "name the file after what is in it",
        find: |file| {
            let name = file.path.rsplit('/').next().unwrap_or_default();
            ["utils.rs", "helpers.rs", "common.rs"]
                .contains(&name)
                .then_some(1)
                .into_iter()
                .collect()
        },
        fault: ("a/utils.rs", "//! A.\n"),
    },
    Check {
        cure: "give the exception its `reason = \"…\"`",
        find: |file| if file.is("rs") { without_reason(&file.text) } else { Vec::new() },
        fault: ("a.rs", "//! A.\n#[al·low(dead_code)]\nfn a() {}\n"),
    },
    Check {
        cure: "say beside the dependency what it is for: `name = \"1\" # reason`",
        find: |file| if file.path == "Cargo.toml" { unreasoned(&file.text) } else { Vec::new() },
        fault: ("Cargo.toml", "[workspace.dependencies]\nserde = \"1\"\n"),
    },
    Check {
        cure: "write `name.workspace = true`: each version stands once, in the root Cargo.toml",
        find: |file| {
            if file.path.ends_with("/Cargo.toml") && !file.is_of_its_own_workspace() {
                versioned(&file.text)
            } else {
                Vec::new()
            }
        },
        fault: ("a/Cargo.toml", "[lints]\nworkspace = true\n[dependencies]\nserde = \"1\"\n"),
    },
    Check {
        cure: "take the workspace's lints: `[lints]` and `workspace = true`",
        find: |file| {
            let lacks = file.path.ends_with("/Cargo.toml")
                && !file.is_of_its_own_workspace()
                && !file.text.contains("[lints]\nworkspace = true\n");
            lacks.then_some(1).into_iter().collect()
        },
        fault: ("a/Cargo.toml", "[package]\n"),
    },
];

pub(crate) struct Check {
    pub(crate) cure: &'static str,
    /// The lines that break the rule, counted from 1.
    pub(crate) find: fn(&File) -> Vec<usize>,
    pub(crate) fault: (&'static str, &'static str),
}

const LONG: &str = match std::str::from_utf8(&[b'\n'; 401]) {
    Ok(lines) => lines,
    Err(_) => "",
};

pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn is(&self, extension: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, found)| found == extension)
    }

    /// Whether it belongs to one of the packages that are no members of the workspace.
    fn is_of_its_own_workspace(&self) -> bool {
        ["tests/fuzz/", "tests/bench/peer/"].iter().any(|it| self.path.starts_with(it))
    }

    /// Whether tests are all that it is for: they may print and write as they like.
    pub(crate) fn is_for_tests(&self) -> bool {
        let folders = ["tests", "benches", "examples"];
        self.path.split('/').any(|part| folders.contains(&part)) || self.path.ends_with("/tests.rs")
    }
}

fn lines(file: &File, broken: impl Fn(&str) -> bool) -> Vec<usize> {
    let numbered = file.text.split('\n').zip(1..);
    numbered.filter(|(line, _)| broken(line)).map(|(_, number)| number).collect()
}

fn with(file: &File, concerned: bool, words: &[&str]) -> Vec<usize> {
    let words = words.iter().map(|it| word(it)).collect::<Vec<_>>();
    lines(file, |line| concerned && words.iter().any(|it| line.contains(it)))
}

/// Whether an absolute path that starts like this stands in the line, rather than part of another.
fn starts_path(line: &str, start: &str) -> bool {
    let inside =
        |before: &str| before.ends_with(|c: char| c.is_alphanumeric() || "._-~})>*".contains(c));
    line.match_indices(start).any(|(at, _)| !inside(&line[..at]))
}

fn without_reason(text: &str) -> Vec<usize> {
    let starts =
        ["al·low(", "ex·pect("].map(|it| [format!("#[{}", word(it)), format!("#![{}", word(it))]);
    let mut broken = Vec::new();
    for start in starts.iter().flatten() {
        for (at, _) in text.match_indices(start) {
            let attribute = text[at..].split(")]").next().unwrap_or_default();
            if !attribute.contains("reason =") {
                broken.push(text[..at].lines().count() + 1);
            }
        }
    }
    broken
}

fn unreasoned(manifest: &str) -> Vec<usize> {
    let mut lines =
        manifest.lines().zip(1..).skip_while(|(line, _)| *line != "[workspace.dependencies]");
    lines.next();
    let lines = lines.take_while(|(line, _)| !line.starts_with('['));
    let foreign = lines.filter(|(line, _)| line.contains(" = ") && !line.starts_with('#'));
    let bare = foreign.filter(|(line, _)| !line.contains("path = ") && !line.contains(" # "));
    bare.map(|(_, number)| number).collect()
}

fn versioned(manifest: &str) -> Vec<usize> {
    let mut inside = false;
    let mut broken = Vec::new();
    for (line, number) in manifest.lines().zip(1..) {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
        } else if inside
            && line.contains('=')
            && !line.contains("workspace = true")
            && !line.starts_with('#')
        {
            broken.push(number);
        }
    }
    broken
}

pub(crate) fn word(dotted: &str) -> String {
    dotted.replace('·', "")
}
