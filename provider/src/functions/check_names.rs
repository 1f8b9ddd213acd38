//! The names of a workflow's checks.

use stanchion_cty::schema::Block;
use stanchion_framework::{Function, FunctionProblem};
use stanchion_model::check_names;

use super::refused;

/// The names of all checks that a workflow of GitHub Actions reports.
///
/// They are what a branch's protection has to require: a job's `name` or id, and the values of its
/// matrix behind it, as GitHub writes them. It refuses a workflow of which a run alone tells them: with
/// a matrix or a name that holds an expression, or a job that calls another workflow. For a workflow
/// in the repository the data source `stanchion_workflow` tells more.
#[derive(Block)]
pub(super) struct Arguments {
    /// The workflow's text, in YAML.
    workflow: String,
}

pub(super) struct It;

impl Function for It {
    const NAME: &'static str = "check_names";
    type Arguments = Arguments;
    type Output = Vec<String>;

    fn call(&self, Arguments { workflow }: Arguments) -> Result<Vec<String>, FunctionProblem> {
        check_names(&workflow).map_err(|it| refused("workflow", it.0))
    }
}
