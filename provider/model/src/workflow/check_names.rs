//! The names of the checks that jobs report: what a branch's protection has to require.

use stanchion_cty::spanned::Node;
use stanchion_cty::yaml::{Dialect, parse};

use super::matrix::{Combination, combinations};
use super::{NotAWorkflow, Workflow, scalar};

/// The names of a job's checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckNames {
    /// These, one for each combination of a matrix.
    Known(Vec<String>),
    /// A run alone tells them, and why: a clause.
    Open(String),
}

impl CheckNames {
    /// The names, if they are known.
    #[must_use]
    pub fn known(&self) -> Option<&Vec<String>> {
        match self {
            Self::Known(names) => Some(names),
            Self::Open(_) => None,
        }
    }
}

/// Gives the text of a workflow of the repository by its path below the root.
pub type Called<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// The names of all checks that a workflow reports, in the order of its jobs' ids. Of what a job calls
/// nothing is known.
///
/// # Errors
/// If the text is no workflow, or a run alone tells the names of some job.
pub fn check_names(workflow: &str) -> Result<Vec<String>, NotAWorkflow> {
    let workflow = Workflow::read(workflow, &|_| None)?;
    for (id, job) in &workflow.jobs {
        if let CheckNames::Open(why) = &job.check_names {
            return Err(NotAWorkflow(format!(
                "the checks of the job {id} are not known, as {why}"
            )));
        }
    }
    Ok(workflow.check_names())
}

/// GitHub cuts longer names.
const LONGEST: usize = 100;
/// Workflows call each other no deeper.
const DEEPEST: usize = 10;

/// The names of the checks of a job.
pub(super) fn of_job(id: &str, job: &Node, called: &Called<'_>) -> CheckNames {
    names(id, job, called, DEEPEST).map_or_else(CheckNames::Open, CheckNames::Known)
}

fn names(id: &str, job: &Node, called: &Called<'_>, deepest: usize) -> Result<Vec<String>, String> {
    let matrix = job.get("strategy").and_then(|it| it.get("matrix"));
    let combinations = match matrix {
        Some(it) => combinations(it).ok_or("its matrix holds an expression or too much")?,
        None => vec![Combination { values: Vec::new(), shown: Vec::new() }],
    };
    let name = job.get("name").and_then(scalar).filter(|it| !it.is_empty());
    let own = combinations.iter().map(|it| match &name {
        Some(name) if name.contains("${{") => evaluated(name, it),
        name => Ok(shown(name.as_deref().unwrap_or(id), &it.shown)),
    });
    let own: Vec<String> = own.collect::<Result<_, _>>()?;
    let Some(uses) = job.get("uses").and_then(scalar) else { return Ok(own) };
    let inner = of_called(&uses, called, deepest)?;
    let below =
        |own: &String| -> Vec<_> { inner.iter().map(|it| format!("{own} / {it}")).collect() };
    Ok(own.iter().flat_map(below).collect())
}

/// The names of the checks of a workflow that a job calls.
fn of_called(uses: &str, called: &Called<'_>, deepest: usize) -> Result<Vec<String>, String> {
    let unknown = || format!("it calls {uses}, which is not known here");
    let path = uses.strip_prefix("./").filter(|_| deepest > 0).ok_or_else(unknown)?;
    let node = called(path).and_then(|it| parse(&it, Dialect::Core).ok()).ok_or_else(unknown)?;
    let jobs = node.get("jobs").ok_or_else(unknown)?;
    let mut out = Vec::new();
    for entry in jobs.entries() {
        out.extend(names(&entry.key, &entry.value, called, deepest - 1)?);
    }
    Ok(out)
}

/// A name and what it shows of a combination, however long.
pub(crate) fn check_name(name: &str, values: &[String]) -> String {
    if values.is_empty() { name.to_owned() } else { format!("{name} ({})", values.join(", ")) }
}

/// A name and what it shows of a combination, no longer than GitHub has it.
fn shown(name: &str, values: &[String]) -> String {
    let name = check_name(name, values);
    if name.chars().count() <= LONGEST {
        return name;
    }
    let kept: String = name.chars().take(LONGEST - DOTS.len()).collect();
    kept + DOTS
}

const DOTS: &str = "...";

/// A name with what its expressions come to, if they name values of the matrix alone.
fn evaluated(name: &str, of: &Combination<'_>) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = name;
    while let Some((before, after)) = rest.split_once("${{") {
        let Some((expression, after)) = after.split_once("}}") else { break };
        out.push_str(before);
        let expression = expression.trim();
        let value = of_matrix(expression, of);
        out.push_str(&value.ok_or_else(|| format!("its name holds {expression}"))?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// The value of `matrix.key`, `matrix.key.part` or `matrix['key']`; empty where there is none.
fn of_matrix(expression: &str, of: &Combination<'_>) -> Option<String> {
    let mut steps = Vec::new();
    let mut rest = expression.strip_prefix("matrix")?;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix("['") {
            let (name, after) = quoted.split_once("']")?;
            steps.push(name);
            rest = after;
        } else {
            let word = rest.strip_prefix('.')?;
            let end = word.find(['.', '[']).unwrap_or(word.len());
            let is_name = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
            let name = word.get(..end).filter(|it| !it.is_empty() && it.chars().all(is_name))?;
            steps.push(name);
            rest = &word[end..];
        }
    }
    let (first, rest) = steps.split_first()?;
    let Some((_, value)) = of.values.iter().find(|(key, _)| key.eq_ignore_ascii_case(first)) else {
        return Some(String::new());
    };
    let value = rest.iter().try_fold(*value, |value, name| value.get(name));
    match value {
        None => Some(String::new()),
        // A map or a list in a text is shown otherwise than it is written.
        Some(value) => scalar(value),
    }
}
