//! What a root module is given from outside: variables and the workspace's name.

use std::collections::BTreeMap;
use std::sync::Arc;

use stanchion_cty::Value;

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
    /// What a plan of it tells.
    pub planned: Option<Arc<Planned>>,
}

/// What a plan tells of a root module: values that no configuration has, and values of variables
/// that were given when it was made. The numbers of symbols and origins in them mean nothing.
#[derive(Clone, Debug, Default)]
pub struct Planned {
    /// The values of the root module's variables. They hold before those of the environment and of
    /// files that are loaded by themselves, and after those of arguments.
    pub variables: BTreeMap<Arc<str>, Value>,
    /// The attributes of resource and data source instances by their addresses: objects. What is not
    /// known before apply is unknown.
    pub resources: BTreeMap<Arc<str>, Value>,
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
            planned: None,
        }
    }
}
