//! What configurations are given from outside, for every command that evaluates.

use std::path::PathBuf;

use stanchion_lang::{Argument, Inputs, Module};

use super::CouldNot;
use crate::disk;

/// Values of variables, and the workspace's name.
#[derive(Debug, clap::Args)]
pub(super) struct Given {
    /// Give a variable a value
    #[arg(long = "var", value_name = "NAME=VALUE")]
    variables: Vec<String>,

    /// Give variables the values of a file
    #[arg(long = "var-file", value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,

    /// The name of the workspace; TF_WORKSPACE if it is not given, else "default"
    #[arg(long, value_name = "NAME")]
    workspace: Option<String>,
}

impl Given {
    /// Refuses a variable that none of the root modules declares: with a name that is spelt wrongly,
    /// what it was to settle would stay unknown without a word.
    pub(super) fn must_be_declared(&self, roots: &[&Module]) -> Result<(), CouldNot> {
        let names = self.variables.iter().filter_map(|it| it.split_once('=')).map(|it| it.0);
        let is_declared = |name: &str| roots.iter().any(|it| it.variables.contains_key(name));
        match names.into_iter().find(|it| !is_declared(it)) {
            None => Ok(()),
            Some(name) => Err(CouldNot {
                message: format!("no root module declares the variable {name}"),
                cure: Some("see to how it is spelt, or take the --var out".to_owned()),
            }),
        }
    }

    /// What a root module is given, with what the environment has.
    pub(super) fn inputs(&self) -> Result<Inputs, CouldNot> {
        let mut inputs = Inputs::default();
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            Some((name.strip_prefix("TF_VAR_")?.to_owned(), value.into_string().ok()?))
        });
        inputs.environment = environment.collect();
        inputs.environment.sort();
        let named = self.workspace.clone();
        let named =
            named.or_else(|| std::env::var("TF_WORKSPACE").ok().filter(|it| !it.is_empty()));
        if let Some(name) = named {
            inputs.workspace = name.into();
        }
        for path in &self.files {
            inputs.arguments.push(Argument::File(disk::shown(path)));
        }
        for it in &self.variables {
            let Some((name, text)) = it.split_once('=') else {
                return Err(CouldNot {
                    message: format!("--var {it} has no value"),
                    cure: Some("write --var 'NAME=VALUE'".to_owned()),
                });
            };
            let (name, text) = (name.to_owned(), text.to_owned());
            inputs.arguments.push(Argument::Variable { name, text });
        }
        Ok(inputs)
    }
}
