//! What a root module is given from outside: variables and the workspace's name.

use std::sync::Arc;

/// What a root module is given beside the variable files that Terraform loads by itself.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// The name of the workspace, `terraform.workspace`.
    pub workspace: Arc<str>,
    /// When the plan is made, as `plantimestamp` gives it: in RFC 3339, in UTC, in whole seconds.
    /// Without it the time is unknown.
    pub plan_time: Option<Arc<str>>,
    /// `TF_VAR_…` of the environment: names without that prefix, and texts.
    pub environment: Vec<(String, String)>,
    /// `--var` and `--var-file`, in the order in which they are given; the last one holds.
    pub arguments: Vec<Argument>,
}

/// One argument that gives values to variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// `--var name=text`.
    Variable {
        /// The variable's name.
        name: String,
        /// The text; for a variable whose type is no string, number or bool it is an expression.
        text: String,
    },
    /// `--var-file path`: the path of one of the workspace's files.
    File(String),
}

impl Default for Inputs {
    fn default() -> Self {
        Self {
            workspace: "default".into(),
            plan_time: None,
            environment: Vec::new(),
            arguments: Vec::new(),
        }
    }
}
