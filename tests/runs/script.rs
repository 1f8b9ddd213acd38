//! The script of a step, run by a real bash as the runner runs it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::run::Outcome;

/// How long the runner waits for a script after SIGINT, and then after SIGTERM, before it kills it:
/// "Canceling a workflow run" in GitHub's documentation.
const PATIENCE: [(Signal, Duration); 2] =
    [(Signal::INT, Duration::from_millis(7500)), (Signal::TERM, Duration::from_millis(2500))];

/// The longest that any script of a test may take.
const LONGEST: Duration = Duration::from_secs(120);

/// A step's script, with all that it sees.
pub(crate) struct Script<'a> {
    pub(crate) text: &'a str,
    pub(crate) shell: Option<&'a str>,
    pub(crate) folder: &'a Path,
    pub(crate) env: &'a BTreeMap<String, String>,
    /// Where the runner keeps its own files.
    pub(crate) temp: &'a Path,
}

/// How a script ended.
pub(crate) struct Ended {
    pub(crate) outcome: Outcome,
    pub(crate) log: String,
    /// Its processes, of which the runner kills those that are left when the job ends.
    pub(crate) group: Pid,
}

/// Runs a script to its end, or cancels it once its output has the text `until` in it.
pub(crate) fn run(script: &Script<'_>, until: Option<&str>) -> Ended {
    let [file, log] = ["script.sh", "log"].map(|it| script.temp.join(it));
    fs::write(&file, script.text).unwrap();
    let written = fs::File::create(&log).unwrap();
    // Bash can't trap what was ignored when it started, as it is for whatever runs in the background.
    let mut bash = Command::new("env");
    bash.args(["--default-signal=INT,TERM", "bash"]);
    match script.shell {
        Some("bash") => bash.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(&file),
        None => bash.arg("-e").arg(&file),
        Some(other) => panic!("the shell {other} is not known"),
    };
    bash.current_dir(script.folder).env_clear().envs(script.env).process_group(0);
    bash.stdin(Stdio::null()).stdout(written.try_clone().unwrap()).stderr(written);
    let mut child = bash.spawn().unwrap_or_else(|error| panic!("{error}: {:?}", script.folder));
    let group = Pid::from_child(&child);
    let said = || String::from_utf8_lossy(&fs::read(&log).unwrap()).into_owned();
    let started = Instant::now();
    let outcome = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break if status.success() { Outcome::Success } else { Outcome::Failure };
        }
        if until.is_some_and(|it| said().contains(it)) {
            cancel(&mut child);
            break Outcome::Cancelled;
        }
        if started.elapsed() > LONGEST {
            kill(group);
            panic!("a script took too long:\n{}\n{}", script.text, said());
        }
        thread::sleep(Duration::from_millis(5));
    };
    Ended { outcome, log: said(), group }
}

/// Signals go to the script's own process alone: what it started is left to it, until it is killed.
fn cancel(child: &mut Child) -> ExitStatus {
    let script = Pid::from_child(child);
    for (signal, patience) in PATIENCE {
        let _ = kill_process(script, signal);
        let until = Instant::now() + patience;
        while Instant::now() < until {
            if let Some(status) = child.try_wait().unwrap() {
                return status;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
    kill(script);
    child.wait().unwrap()
}

/// Kills what is left of a group of processes.
pub(crate) fn kill(group: Pid) {
    let _ = kill_process_group(group, Signal::KILL);
}

/// What a script wrote into a file of the runner's: `name=value` on a line, or `name<<END` and the
/// lines up to `END`. Another line is an error, as it is to the runner.
pub(crate) fn assignments(file: &Path) -> Result<Vec<(String, String)>, String> {
    let text = fs::read_to_string(file).unwrap();
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let is_first = |one: &str, other: &str| {
            line.find(one).is_some_and(|it| line.find(other).is_none_or(|other| it < other))
        };
        if line.is_empty() {
            continue;
        } else if is_first("=", "<<") {
            let (name, value) = line.split_once('=').unwrap();
            found.push((name.to_owned(), value.to_owned()));
        } else if let Some((name, end)) = line.split_once("<<") {
            let mut value = Vec::new();
            loop {
                match lines.next() {
                    Some(line) if line == end => break,
                    Some(line) => value.push(line),
                    None => return Err(format!("Matching delimiter not found '{end}'")),
                }
            }
            found.push((name.to_owned(), value.join("\n")));
        } else {
            return Err(format!("Invalid format '{line}'"));
        }
    }
    Ok(found)
}
