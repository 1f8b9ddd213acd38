//! `stanchion explain`: shows a rule's page.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};

use super::CouldNot;
use crate::custom::Custom;
use crate::rules::{self, RULES};
use crate::terminal::Terminal;
use crate::{Exit, disk, settings};

/// Explains a rule: why it is there, what fails and what passes
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  stanchion explain image-floating-tag")]
pub(super) struct Arguments {
    /// The rule's id; `stanchion rules` lists them
    #[arg(value_name = "RULE", hide_possible_values = true, value_parser = Id)]
    rule: String,
}

pub(super) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, CouldNot> {
    if let Some(rule) = rules::find(&arguments.rule) {
        let severity = rule.severity.word();
        write!(terminal.out, "{} ({severity})\n\n{}", rule.id, rule.page())?;
        return Ok(Exit::Clean);
    }
    let custom = disk::settings(Path::new("."))?.custom;
    match custom.iter().find(|it| *it.id == *arguments.rule) {
        Some(rule) => write!(terminal.out, "{}", page(rule))?,
        None => return Err(no_such_rule(&arguments.rule, &custom)),
    }
    Ok(Exit::Clean)
}

/// What there is to say of a rule of the settings.
fn page(rule: &Custom) -> String {
    let Custom { id, message, condition, .. } = rule;
    let (severity, at) = (rule.severity.word(), rule.line());
    let types: Vec<_> = rule.patterns.iter().map(|it| format!("`{it}`")).collect();
    let types = types.join(", ");
    let mut out = format!("{id} ({severity})\n\n{message}\n\nIt is written in {at}.\n");
    if let Some(help) = &rule.help {
        out += &format!("\n## Help\n\n{help}\n");
    }
    out + &format!(
        "\n## Passes\n\n{types} where this is true:\n\n```hcl\n{}\n```\n",
        condition.trim()
    )
}

fn no_such_rule(id: &str, custom: &[Custom]) -> CouldNot {
    let all = RULES.iter().map(|it| it.id).chain(custom.iter().map(|it| &*it.id));
    let cure = match settings::nearest(id, all) {
        Some(it) => format!("did you mean '{it}'? stanchion rules lists them"),
        None => "stanchion rules lists them".to_owned(),
    };
    CouldNot { message: format!("there is no rule '{id}'"), cure: Some(cure) }
}

/// Reads a rule's id. Shells complete those of our own; which there are beside is read later.
#[derive(Clone)]
struct Id;

impl TypedValueParser for Id {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(RULES.iter().map(|it| PossibleValue::new(it.id))))
    }
}
