//! Our evaluator beside a real Terraform, on the same text: value, type and unknownness are equal,
//! or both refuse, for the same cause.

#![expect(clippy::unwrap_used, clippy::panic, reason = "its helpers fail the tests that call them")]

#[path = "oracle/answers.rs"]
mod answers;
#[path = "oracle/expressions.rs"]
mod expressions;
#[path = "oracle/ours.rs"]
mod ours;
#[path = "oracle/random.rs"]
mod random;

use std::collections::BTreeMap;

use stanchion_tests::Terraform;

use answers::{Answer, ask};

/// What both see beside the expressions: values that are not known.
pub(crate) const UNKNOWN: &str = r#"
terraform {
  required_providers {
    terraform = { source = "terraform.io/builtin/terraform" }
  }
}
resource "terraform_data" "one" {}
locals {
  unknown_id     = terraform_data.one.id
  either         = tobool(local.unknown_id)
  unknown_string = local.either ? "x" : null
  unknown_number = tonumber(local.unknown_id)
  unknown_bool   = tobool(local.unknown_id)
  unknown_list   = local.either ? tolist(["a", "b"]) : null
  unknown_set    = local.either ? toset(["a", "b"]) : null
  unknown_map    = local.either ? tomap({ a = "b" }) : null
  unknown_any    = jsondecode(local.unknown_id)
  template       = "Hello, $${name}!"
  templates      = { upper = "$${upper(name)}", nested = "$${[name, 1]}", broken = "$${" }
}
"#;

/// How many expressions are made at random.
const RANDOM: usize = 4_000;

#[test]
fn expressions_come_to_what_terraform_makes_of_them() {
    let mut all = expressions::written();
    all.extend(expressions::variations(&all));
    all.extend(expressions::operators());
    let mut random = random::Random::new(20_261_121);
    all.extend((0..RANDOM).map(|at| random.any(1 + at % 4)));
    all.sort();
    all.dedup();
    if let Ok(only) = std::env::var("ORACLE_ONLY") {
        all.retain(|it| it.contains(&only));
    }
    let (all, ours, theirs) = answers(&Terraform::newest(), all);
    let differing = differing(&all, &ours, &theirs);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for it in &theirs {
        *counts.entry(it.kind()).or_default() += 1;
    }
    println!("{} expressions: {counts:?}", all.len());
    if let Ok(file) = std::env::var("ORACLE_REPORT") {
        std::fs::write(file, differing.join("\n")).unwrap();
    }
    let shown: Vec<_> = differing.iter().take(40).cloned().collect();
    assert!(
        differing.is_empty(),
        "{} of {} expressions differ:\n{}",
        differing.len(),
        all.len(),
        shown.join("\n")
    );
    if std::env::var("ORACLE_ONLY").is_err() {
        let evaluated = theirs.iter().filter(|it| matches!(it, Answer::Value { .. })).count();
        assert!(evaluated * 10 >= all.len() * 5, "{evaluated} of {} evaluate", all.len());
    }
}

#[test]
fn what_only_opentofu_has_comes_to_what_it_makes_of_it() {
    let (all, ours, theirs) = answers(&Terraform::tofu(), expressions::of_opentofu());
    assert!(all.len() >= 50, "{}", all.len());
    assert_eq!(differing(&all, &ours, &theirs), [""; 0]);
}

/// Both answers to each expression.
fn answers(terraform: &Terraform, all: Vec<String>) -> (Vec<String>, Vec<Answer>, Vec<Answer>) {
    // A plan can't hold infinity; `tostring(1 / 0)` and the like are among the expressions.
    let ours = ours::answer(&all);
    let (all, ours): (Vec<_>, Vec<_>) =
        all.into_iter().zip(ours).filter(|(_, it)| !it.is_infinite()).unzip();
    let theirs = ask(terraform, &all, &ours);
    (all, ours, theirs)
}

fn differing(all: &[String], ours: &[Answer], theirs: &[Answer]) -> Vec<String> {
    all.iter()
        .zip(ours)
        .zip(theirs)
        .filter(|((_, ours), theirs)| !ours.agrees_with(theirs))
        .map(|((text, ours), theirs)| format!("{text}\n    ours   {ours}\n    theirs {theirs}"))
        .collect()
}
