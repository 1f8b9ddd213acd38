//! All that read workflows, each started once on a folder of them. Each first has to see a fault.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Instant;

use stanchion_tests::repository;

/// One that reads all workflows of a folder.
struct Checker {
    name: &'static str,
    command: fn(&Path) -> Command,
    /// What takes a good workflow for a faulty one that this checker must see: a text and what stands
    /// in its place.
    fault: [&'static str; 2],
}

const CHECKERS: &[Checker] = &[
    Checker {
        name: "actionlint",
        command: |folder| {
            let mut command = Command::new(part("actionlint"));
            command.args(["-shellcheck=", "-pyflakes="]).args(files(folder));
            command
        },
        fault: ["runs-on: ubuntu-24.04", "runs-on: ubuntu-24.4"],
    },
    Checker {
        name: "zizmor",
        command: |folder| {
            let mut command = Command::new(part("zizmor"));
            command.args(["--offline", "--no-progress", "--persona", "auditor"]).arg(folder);
            command
        },
        fault: ["persist-credentials: false", "persist-credentials: true"],
    },
    Checker {
        name: "GitHub's schema",
        command: |folder| {
            let mut command = Command::new(part("check-jsonschema"));
            command.args(["--builtin-schema", "vendor.github-workflows"]).args(files(folder));
            command
        },
        fault: ["timeout-minutes:", "timeout-minuets:"],
    },
    Checker {
        name: "GitHub's parser and language service",
        command: |folder| {
            let mut command = Command::new("node");
            let catalogue = repository().join("provider/model/data/action-pins.json");
            command.arg(part("workflow-checker")).arg(catalogue).arg(workflows(folder));
            command
        },
        fault: ["github.workflow", "github.workfolw"],
    },
];

/// What the checkers found, and how long they took.
pub(crate) struct Report {
    rows: Vec<(&'static str, f64)>,
    workflows: usize,
    seconds: f64,
}

/// The longest that all checkers together may take.
const SECONDS: f64 = 60.0;

/// Shows each checker a fault, and then these workflows, of which it must find nothing.
pub(crate) fn check(workflows: &[(String, String)]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    for (i, (name, text)) in workflows.iter().enumerate() {
        write(folder.path(), &format!("{i:04}"), &format!("# {name}\n{text}"));
    }
    CHECKERS.iter().for_each(|it| sees_its_fault(it, &workflows[0].1));
    let started = Instant::now();
    let judge = |checker: &Checker| {
        let started = Instant::now();
        (run(checker, folder.path()), started.elapsed().as_secs_f64())
    };
    let judged: Vec<_> = thread::scope(|scope| {
        let running: Vec<_> = CHECKERS.iter().map(|it| scope.spawn(|| judge(it))).collect();
        running.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let seconds = started.elapsed().as_secs_f64();
    for (checker, (told, _)) in CHECKERS.iter().zip(&judged) {
        assert!(told.is_empty(), "{} found\n{told}", checker.name);
    }
    assert!(seconds <= SECONDS, "the checkers took {seconds:.0} s, and {SECONDS} are the most");
    let rows = CHECKERS.iter().zip(judged).map(|(it, (_, seconds))| (it.name, seconds)).collect();
    Report { rows, workflows: workflows.len(), seconds }
}

fn sees_its_fault(checker: &Checker, good: &str) {
    let folder = tempfile::tempdir().unwrap();
    let [from, to] = checker.fault;
    assert!(good.contains(from), "there is no {from} in\n{good}");
    write(folder.path(), "good", good);
    assert_eq!(run(checker, folder.path()), "", "{} and a good workflow", checker.name);
    write(folder.path(), "good", &good.replace(from, to));
    let told = run(checker, folder.path());
    assert!(told.contains("good.yml"), "{} does not see {to}: {told}", checker.name);
}

/// What a checker tells; nothing if it is content.
fn run(checker: &Checker, folder: &Path) -> String {
    let mut command = (checker.command)(folder);
    let output = command.current_dir(folder).output().unwrap();
    let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    if output.status.success() {
        return String::new();
    }
    assert!(!said.concat().trim().is_empty(), "{} ended with {}", checker.name, output.status);
    said.concat()
}

fn write(folder: &Path, name: &str, text: &str) {
    let folder = workflows(folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{name}.yml")), text).unwrap();
}

fn workflows(folder: &Path) -> PathBuf {
    folder.join(".github/workflows")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> =
        fs::read_dir(workflows(folder)).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    files
}

/// A program that a script of `tests/parts` installs.
fn part(name: &str) -> PathBuf {
    let parts = repository().join("tests/parts");
    let mut command = match name {
        "workflow-checker" => Command::new(parts.join(name)),
        name => {
            let mut command = Command::new(parts.join("python-program"));
            command.arg(name);
            command
        }
    };
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    PathBuf::from(String::from_utf8(output.stdout).unwrap().trim_end())
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, seconds) in &self.rows {
            writeln!(f, "{name:<40} {} workflows, 0 findings, {seconds:.1} s", self.workflows)?;
        }
        write!(f, "together {:.1} s", self.seconds)
    }
}
