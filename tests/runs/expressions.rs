//! GitHub's own parser of workflows and evaluator of expressions: one process of Node.js that answers
//! line by line for as long as the tests run.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};
use stanchion_tests::repository;

/// What the status functions come to at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Status {
    pub(crate) success: bool,
    pub(crate) failure: bool,
    pub(crate) cancelled: bool,
}

/// A workflow as a tree, in which an expression is `{"$": …, "in": …}`, and each job and step has an
/// `if`. What GitHub refuses fails the test.
pub(crate) fn read(workflow: &str) -> Value {
    ask(&json!({"read": workflow})).unwrap_or_else(|error| panic!("{error} in\n{workflow}"))
}

/// A tree with values in place of its expressions.
pub(crate) fn evaluated(tree: &Value, contexts: &Value) -> Value {
    ask(&json!({"evaluate": tree, "contexts": contexts}))
        .unwrap_or_else(|error| panic!("{error}: {tree}"))
}

/// Whether a condition of a job or a step holds.
pub(crate) fn holds(condition: &Value, contexts: &Value, status: Status) -> bool {
    let Status { success, failure, cancelled } = status;
    let status =
        json!({"always": true, "success": success, "failure": failure, "cancelled": cancelled});
    let said = ask(&json!({"holds": condition, "contexts": contexts, "status": status}));
    said.unwrap_or_else(|error| panic!("{error}: {condition}")) == true
}

/// Whether a filter of branches, tags or paths lets a name pass.
pub(crate) fn matches(patterns: &Value, name: &str) -> bool {
    ask(&json!({"matches": patterns, "name": name})).unwrap_or_else(|error| panic!("{error}"))
        == true
}

/// A value as the runner writes it into an environment or an input.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(it) => it.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(_) | Value::Object(_) => panic!("{value} is no text"),
    }
}

/// The entries of a map whose values are texts; none of what is absent.
pub(crate) fn texts(map: &Value) -> BTreeMap<String, String> {
    map.as_object().into_iter().flatten().map(|(key, it)| (key.clone(), text(it))).collect()
}

fn ask(question: &Value) -> Result<Value, String> {
    static SERVICE: Mutex<Option<Service>> = Mutex::new(None);
    let mut service = SERVICE.lock().unwrap_or_else(PoisonError::into_inner);
    let service = service.get_or_insert_with(Service::start);
    let mut answer = service.ask(question);
    match answer.get_mut("error") {
        Some(error) => Err(text(error)),
        None => Ok(answer["is"].take()),
    }
}

/// It ends when its standard input does, which is with the process of the tests.
struct Service {
    _child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Service {
    fn start() -> Self {
        let installer = repository().join("tests/parts/workflow-checker");
        let output = Command::new(installer).arg("expressions").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let script = String::from_utf8(output.stdout).unwrap();
        let mut command = Command::new("node");
        command.arg(script.trim_end()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let questions = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self { _child: child, questions, answers }
    }

    fn ask(&mut self, question: &Value) -> Value {
        writeln!(self.questions, "{question}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer}"))
    }
}
