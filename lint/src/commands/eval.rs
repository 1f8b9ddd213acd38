//! `stanchion eval`: what expressions of a configuration come to.

use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use stanchion_lang::{Evaluation, Refusal};

use super::CouldNot;
use super::given::Given;
use crate::data_sources::Computed;
use crate::shown as value;
use crate::terminal::Terminal;
use crate::{Exit, disk};

/// Shows what expressions come to, as Terraform evaluates them before the first apply
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  stanchion eval 'cidrsubnet(\"10.0.0.0/8\", 8, 3)'
  stanchion eval -C envs/prod --var region=eu-central-1 local.tags
  stanchion eval -C envs/prod 'module.app[\"web\"].aws_iam_policy.p.policy'
  echo 'keys(var.users)' | stanchion eval -C envs/prod -

One line for each expression: its value as jsonencode prints it, (known after apply) for what is
unknown, (sensitive value) for what is sensitive, (error) for what Terraform refuses.

Exit status: 0 all have values, 2 one is refused or could not run")]
pub(super) struct Arguments {
    /// Expressions or addresses; - reads them from standard input, one a line
    #[arg(value_name = "EXPR", required = true)]
    expressions: Vec<String>,

    /// The folder of the root module
    #[arg(short = 'C', long = "chdir", value_name = "DIR", default_value = ".")]
    folder: PathBuf,

    #[command(flatten)]
    given: Given,

    /// How to write the values
    #[arg(long, default_value = "text", value_parser = ["text", "json"])]
    format: String,

    /// Show what is sensitive
    #[arg(long)]
    show_sensitive: bool,

    /// Show where each value comes from
    #[arg(short, long)]
    verbose: bool,
}

pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, CouldNot> {
    let could_not = |message: String| CouldNot { message, cure: None };
    let tree = Arc::new(disk::Tree::Disk);
    let mut extra = arguments.given.files.clone();
    extra.sort();
    let read = disk::read_root(&tree, &arguments.folder, &extra)
        .map_err(|it| could_not(it.to_string()))?;
    let workspace = read.workspace;
    let empty = stanchion_lang::Module::default();
    let root = workspace.module(&read.root).unwrap_or(&empty);
    let inputs = arguments.given.inputs()?;
    let files = disk::Folder::new(Arc::clone(&tree), &read.root);
    for fault in workspace.faults() {
        let place = workspace.place(fault.span).map(|it| format!("{it}: ")).unwrap_or_default();
        writeln!(terminal.err, "error: {place}{}", fault.message)?;
    }
    let evaluation = Evaluation::new(&workspace, root, &inputs, &files, &Computed);
    let mut is_refused = !workspace.faults().is_empty();
    for refusal in evaluation.refused_inputs() {
        is_refused = true;
        tell(&evaluation, &refusal, terminal)?;
    }
    for text in expressions(&arguments.expressions)? {
        let evaluated = evaluation.evaluate(&text);
        for refusal in &evaluated.refusals {
            is_refused = true;
            tell(&evaluation, refusal, terminal)?;
        }
        let shown = value::Shown { show_sensitive: arguments.show_sensitive };
        match (&*arguments.format, evaluated.refusals.is_empty()) {
            ("json", _) => {
                let line = value::json(&evaluation, &text, &evaluated, shown);
                writeln!(terminal.out, "{line}")?;
            }
            (_, false) => writeln!(terminal.out, "(error)")?,
            (_, true) => writeln!(terminal.out, "{}", value::text(&evaluated.value, shown))?,
        }
        if arguments.verbose {
            for line in value::origins(&evaluation, &evaluated.value) {
                writeln!(terminal.out, "  {line}")?;
            }
        }
    }
    Ok(if is_refused { Exit::CouldNotRun } else { Exit::Clean })
}

fn tell(
    evaluation: &Evaluation<'_>,
    refusal: &Refusal,
    terminal: &mut Terminal,
) -> Result<(), CouldNot> {
    let place = evaluation.place(refusal.span).map(|it| format!("{it}: ")).unwrap_or_default();
    writeln!(terminal.err, "error: {place}{}: {}", refusal.summary, refusal.detail)?;
    Ok(())
}

/// The expressions that are asked for; for `-` the lines of standard input.
fn expressions(given: &[String]) -> Result<Vec<String>, CouldNot> {
    let mut out = Vec::new();
    for it in given {
        if it != "-" {
            out.push(it.clone());
            continue;
        }
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map_err(|error| CouldNot {
            message: format!("standard input can't be read: {error}"),
            cure: None,
        })?;
        out.extend(text.lines().filter(|it| !it.trim().is_empty()).map(str::to_owned));
    }
    Ok(out)
}
