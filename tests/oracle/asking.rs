//! How a real Terraform is asked: one plan for many expressions, several of them in one output, since
//! Terraform's work for a plan grows faster than the number of its outputs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value as Json;
use stanchion_cty::json;
use stanchion_tests::{Terraform, Workspace};

use crate::UNKNOWN;
use crate::answers::{Answer, Shape, files};
use crate::ours::PLAN_TIME;
use crate::plan_file;

/// How many outputs one plan has.
const MOST_OUTPUTS: usize = 300;
/// How many expressions stand in one output.
const TOGETHER: usize = 20;
/// How often what is open is asked again without what was refused.
const ROUNDS: usize = 8;

/// What Terraform makes of the expressions. Ours tells which it expects to be refused before
/// anything is evaluated: one of these in an output, and nothing else of it is evaluated.
pub(crate) fn ask(terraform: &Terraform, expressions: &[String], ours: &[Answer]) -> Vec<Answer> {
    let mut early = Vec::new();
    let (mut late, mut expected) = (Vec::new(), Vec::new());
    for (at, answer) in ours.iter().enumerate() {
        match answer {
            Answer::Refused { is_early: true, .. } => early.push(vec![at]),
            Answer::Refused { .. } => late.push(at),
            Answer::Value { .. } => expected.push(at),
        }
    }
    let mut asked = Asked { terraform, expressions, answers: vec![None; expressions.len()] };
    asked.all(early);
    asked.all(late.chunks(TOGETHER).map(<[usize]>::to_vec).collect());
    // What is refused hides the values of its plan, so the rest is asked again without it.
    let mut together = TOGETHER;
    for round in 0..ROUNDS {
        let open: Vec<usize> =
            (0..expressions.len()).filter(|at| asked.answers[*at].is_none()).collect();
        if open.is_empty() {
            break;
        }
        if round > 2 {
            together = 1;
        }
        asked.all(open.chunks(together).map(<[usize]>::to_vec).collect());
    }
    let missing = |at: usize| panic!("no answer for {}", expressions[at]);
    let answers = asked.answers.into_iter().enumerate();
    answers.map(|(at, it)| it.unwrap_or_else(|| missing(at))).collect()
}

struct Asked<'a> {
    terraform: &'a Terraform,
    expressions: &'a [String],
    answers: Vec<Option<Answer>>,
}

impl Asked<'_> {
    /// Asks for the expressions of each group in one output.
    fn all(&mut self, groups: Vec<Vec<usize>>) {
        let mut alone = BTreeSet::new();
        for groups in groups.chunks(MOST_OUTPUTS) {
            alone.extend(self.plan(groups));
        }
        let alone: Vec<Vec<usize>> = alone.into_iter().map(|at| vec![at]).collect();
        for groups in alone.chunks(MOST_OUTPUTS) {
            self.plan(groups);
        }
    }

    /// Makes one plan, of which either the values are taken or the refusals. Gives back what must be
    /// asked alone: the refusal of an output that names no place in it.
    fn plan(&mut self, groups: &[Vec<usize>]) -> BTreeSet<usize> {
        let workspace = self.folder(groups);
        let done = workspace.run(["plan", "-json", "-input=false", "-out=test.tfplan"]);
        let printed = done.both();
        let (causes, vague) = causes(&printed, &workspace, groups);
        if causes.is_empty() && vague.is_empty() {
            self.values(&workspace, groups);
        }
        for (at, cause) in causes {
            self.answers[at] = Some(cause);
        }
        vague
    }

    /// A configuration with an output of each group.
    fn folder(&self, groups: &[Vec<usize>]) -> Workspace {
        let workspace = Workspace::new(self.terraform).with_timeout(Duration::from_secs(300));
        workspace.write("main.tf", UNKNOWN);
        for (name, content) in files() {
            workspace.write(name, content);
        }
        for (number, group) in groups.iter().enumerate() {
            let mut text = format!("output \"g{number}\" {{\n  sensitive = true\n  value = [\n");
            for at in group {
                text.push_str(&format!("{}{at}*/ {}\n,\n", MARK, self.expressions[*at]));
            }
            text.push_str("  ]\n}\n");
            workspace.write(format!("outputs{number}.tf"), text);
        }
        workspace
    }

    /// Takes the values out of a plan.
    fn values(&mut self, workspace: &Workspace, groups: &[Vec<usize>]) {
        let plan = workspace.run(["show", "-json", "test.tfplan"]).success();
        let text = plan.both();
        let plan: Json = serde_json::from_str(&text).unwrap();
        // Both say where they run, and when, in the same words.
        let text = text.replace(&*workspace.path().to_string_lossy(), "/cwd");
        let text = text.replace(plan["timestamp"].as_str().unwrap_or(PLAN_TIME), PLAN_TIME);
        let tree = json::parse(text.trim()).unwrap();
        let plan: Json = serde_json::from_str(&text).unwrap();
        let file = std::fs::read(workspace.path().join("test.tfplan")).unwrap();
        let typed = plan_file::types_of_outputs(&file);
        for (number, group) in groups.iter().enumerate() {
            let name = format!("g{number}");
            let change = tree.get("output_changes").and_then(|it| it.get(&name)).unwrap();
            let unknown = &plan["output_changes"][&name]["after_unknown"];
            let Shape::Row(row) = Shape::of(change.get("after"), Some(unknown)) else {
                panic!("{name} is no tuple");
            };
            let types = typed[&name][1].as_array().unwrap();
            assert_eq!((row.len(), types.len()), (group.len(), group.len()), "{name}");
            for ((at, shape), ty) in group.iter().zip(row).zip(types) {
                self.answers[*at] = Some(Answer::Value { ty: ty.clone(), shape });
            }
        }
    }
}

/// What stands before an expression, with its number behind it.
const MARK: &str = "    /*expression ";

/// The refusals in the lines of JSON that Terraform prints, by the expression that they are about; and
/// the expressions of outputs that are refused without a place.
fn causes(
    printed: &str,
    workspace: &Workspace,
    groups: &[Vec<usize>],
) -> (BTreeMap<usize, Answer>, BTreeSet<usize>) {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut out: BTreeMap<usize, (Vec<String>, Vec<String>)> = BTreeMap::new();
    let mut vague = BTreeSet::new();
    for line in printed.lines() {
        let Ok(line) = serde_json::from_str::<Json>(line) else { continue };
        let diagnostic = &line["diagnostic"];
        if diagnostic["severity"] != "error" {
            continue;
        }
        let summary = diagnostic["summary"].as_str().unwrap_or_default().to_owned();
        let detail = diagnostic["detail"].as_str().unwrap_or_default().to_owned();
        let start = |text: &str| {
            let byte = diagnostic["range"]["start"]["byte"].as_u64().unwrap_or(0);
            let before = &text[..usize::try_from(byte).unwrap().min(text.len())];
            let mark = before.rfind(MARK)? + MARK.len();
            text[mark..].split('*').next()?.parse::<usize>().ok()
        };
        let file = diagnostic["range"]["filename"].as_str();
        let at = file.and_then(|file| {
            start(texts.entry(file.to_owned()).or_insert_with(|| workspace.read(file)))
        });
        let Some(at) = at else {
            // What can't be stored is told by its output's name: infinity is no JSON.
            let number = |text: &str| text.split('"').next()?.parse::<usize>().ok();
            let named = detail.split("output value \"g").skip(1).filter_map(number);
            let beside =
                file.and_then(|it| number(&it.strip_prefix("outputs")?.replace('.', "\"")));
            let refused: Vec<usize> = named.chain(beside).collect();
            assert!(!refused.is_empty(), "{file:?}: {summary}: {detail}");
            for group in refused.into_iter().map(|it| &groups[it]) {
                match group.as_slice() {
                    [at] => out.entry(*at).or_default().0.push(summary.clone()),
                    several => vague.extend(several),
                }
            }
            continue;
        };
        let entry = out.entry(at).or_default();
        entry.0.push(summary);
        entry.1.push(detail);
    }
    vague.retain(|at| !out.contains_key(at));
    let refused = |(causes, details)| Answer::Refused { is_early: false, causes, details };
    (out.into_iter().map(|(at, it)| (at, refused(it))).collect(), vague)
}
