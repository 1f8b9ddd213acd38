//! All that read workflows, each started once on a folder of them. Each first has to see a fault.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

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

/// What the checkers found, and how long they worked.
pub(crate) struct Report {
    rows: Vec<(&'static str, f64)>,
    workflows: usize,
}

/// The longest that one checker may work, and so that all together take, which run side by side; in seconds
/// of a processor: how long one waits depends on what else the machine does.
const SECONDS: f64 = 60.0;

/// Shows each checker a fault, and then these workflows, of which it must find nothing.
pub(crate) fn check(workflows: &[(String, String)]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    for (i, (name, text)) in workflows.iter().enumerate() {
        write(folder.path(), &format!("{i:04}"), &format!("# {name}\n{text}"));
    }
    CHECKERS.iter().for_each(|it| sees_its_fault(it, &workflows[0].1));
    let judged: Vec<_> = thread::scope(|scope| {
        let running: Vec<_> =
            CHECKERS.iter().map(|it| scope.spawn(|| run(it, folder.path()))).collect();
        running.into_iter().map(|it| it.join().unwrap()).collect()
    });
    for (checker, (told, _)) in CHECKERS.iter().zip(&judged) {
        assert!(told.is_empty(), "{} found\n{told}", checker.name);
    }
    let rows: Vec<_> =
        CHECKERS.iter().zip(judged).map(|(it, (_, seconds))| (it.name, seconds)).collect();
    let longest = rows.iter().map(|(_, it)| *it).fold(0.0, f64::max);
    assert!(longest <= SECONDS, "a checker worked for {longest:.0} s, and {SECONDS} are the most");
    Report { rows, workflows: workflows.len() }
}

fn sees_its_fault(checker: &Checker, good: &str) {
    let folder = tempfile::tempdir().unwrap();
    let [from, to] = checker.fault;
    assert!(good.contains(from), "there is no {from} in\n{good}");
    write(folder.path(), "good", good);
    let (told, _) = run(checker, folder.path());
    assert_eq!(told, "", "{} and a good workflow", checker.name);
    write(folder.path(), "good", &good.replace(from, to));
    let (told, _) = run(checker, folder.path());
    assert!(told.contains("good.yml"), "{} does not see {to}: {told}", checker.name);
}

/// What a checker tells, nothing if it is content, and how many seconds it worked.
fn run(checker: &Checker, folder: &Path) -> (String, f64) {
    let command = (checker.command)(folder);
    // Bash tells what its child used of the processors.
    let mut timed = Command::new("bash");
    timed.args(["-c", "TIMEFORMAT='worked %U %S'; time \"$@\"", "bash"]);
    timed.arg(command.get_program()).args(command.get_args());
    let output = timed.current_dir(folder).env("LC_ALL", "C").output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let (errors, worked) = errors.rsplit_once("worked ").unwrap();
    let seconds = worked.split_whitespace().map(|it| it.parse::<f64>().unwrap()).sum();
    if output.status.success() {
        return (String::new(), seconds);
    }
    let told = format!("{}{errors}", String::from_utf8_lossy(&output.stdout));
    assert!(!told.trim().is_empty(), "{} ended with {}", checker.name, output.status);
    (told, seconds)
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
        Ok(())
    }
}
