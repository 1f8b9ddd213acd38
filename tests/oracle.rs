//! Our evaluator beside a real Terraform, on the same text: value, type and unknownness are equal,
//! or both refuse, for the same cause.

#![expect(clippy::unwrap_used, clippy::panic, reason = "its helpers fail the tests that call them")]

#[path = "oracle/answers.rs"]
mod answers;
#[path = "oracle/asking.rs"]
mod asking;
#[path = "oracle/calls.rs"]
mod calls;
#[path = "oracle/coverage.rs"]
mod coverage;
#[path = "oracle/differences.rs"]
mod differences;
#[path = "oracle/expressions.rs"]
mod expressions;
#[path = "oracle/ours.rs"]
mod ours;
#[path = "oracle/plan_file.rs"]
mod plan_file;
#[path = "oracle/random.rs"]
mod random;
#[path = "oracle/signatures.rs"]
mod signatures;

use std::collections::BTreeMap;

use stanchion_tests::Terraform;

use answers::Answer;
use asking::ask;
use differences::Differences;
use signatures::signatures;

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

/// How many expressions with a call of each function come to something.
const AT_LEAST: usize = 8;

#[test]
fn expressions_come_to_what_terraform_makes_of_them() {
    let newest = Terraform::newest();
    let functions = signatures(&newest);
    let operations = expressions::operations();
    let mut all = expressions::written();
    all.extend(varied(&all, &functions));
    all.extend(operations.iter().map(|it| it.text.clone()));
    let mut random = random::Random::new(20_261_121);
    all.extend((0..RANDOM).map(|at| random.any(1 + at % 4)));
    all.sort();
    all.dedup();
    let only = std::env::var("ORACLE_ONLY").ok();
    if let Some(only) = &only {
        all.retain(|it| it.contains(only));
    }
    let (all, ours) = answered(all);
    let (newest, oldest) = std::thread::scope(|scope| {
        let oldest = scope.spawn(|| ask(&Terraform::oldest(), &all, &ours));
        (ask(&newest, &all, &ours), oldest.join().unwrap())
    });
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for it in &newest {
        *counts.entry(it.kind()).or_default() += 1;
    }
    println!("{} expressions: {counts:?}", all.len());
    let mut differing = differing(&all, &ours, &newest);
    differing.extend(unlisted(&all, &newest, &oldest, only.is_none()));
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
    if only.is_none() {
        let asked: Vec<_> = all.iter().map(String::as_str).zip(&newest).collect();
        let of_functions = coverage::of_functions(&functions, &asked, AT_LEAST);
        println!("{}", of_functions.text);
        is_whole("functions", &of_functions, &of_functions.text);
        let by_text = asked.into_iter().collect();
        let of_operators = coverage::of_operators(&operations, &by_text, false);
        let whole = coverage::of_operators(&operations, &by_text, true);
        println!("{}", of_operators.text);
        is_whole("operators", &of_operators, &whole.text);
        let evaluated = newest.iter().filter(|it| matches!(it, Answer::Value { .. })).count();
        assert!(evaluated >= 4_000, "{evaluated} evaluate");
        assert!(evaluated * 10 >= all.len() * 6, "{evaluated} of {} evaluate", all.len());
    }
}

/// Variations of the expressions, of calls of these functions.
fn varied(written: &[String], functions: &[signatures::Signature]) -> Vec<String> {
    let (known, answers) = answered(written.to_vec());
    let good: std::collections::BTreeSet<_> = known
        .into_iter()
        .zip(&answers)
        .filter(|(text, answer)| answer.kind() != "refused" && !text.contains("local.unknown"))
        .map(|(text, _)| text)
        .collect();
    let mut out = expressions::variations(written, functions, &|it| good.contains(it));
    out.sort();
    out.dedup();
    out
}

/// Fails where a table has a cell that nothing fills. `ORACLE_TABLE` names a file that the whole of it is
/// written to, with the table's name behind it.
fn is_whole(name: &str, table: &coverage::Table, whole: &str) {
    if let Ok(file) = std::env::var("ORACLE_TABLE") {
        std::fs::write(format!("{file}.{name}"), whole).unwrap();
    }
    assert_eq!(table.missing, [""; 0], "{name}");
}

#[test]
fn what_only_opentofu_has_comes_to_what_it_makes_of_it() {
    let tofu = Terraform::tofu();
    let mut functions = signatures(&tofu);
    let of_terraform = signatures(&Terraform::newest());
    functions.retain(|it| of_terraform.iter().all(|other| other.name != it.name));
    assert_eq!(functions.len(), 3);
    let mut all = expressions::of_opentofu();
    all.extend(varied(&all, &functions));
    all.sort();
    all.dedup();
    let (all, ours) = answered(all);
    let theirs = ask(&tofu, &all, &ours);
    assert_eq!(differing(&all, &ours, &theirs), [""; 0]);
    let asked: Vec<_> = all.iter().map(String::as_str).zip(&theirs).collect();
    let table = coverage::of_functions(&functions, &asked, AT_LEAST);
    println!("{}", table.text);
    is_whole("opentofu", &table, &table.text);
}

/// Our answers to the expressions that a plan can hold: it knows no infinity, which `1 / 0` and the
/// like come to.
fn answered(all: Vec<String>) -> (Vec<String>, Vec<Answer>) {
    let ours = ours::answer(&all);
    all.into_iter().zip(ours).filter(|(_, it)| !it.is_infinite()).unzip()
}

/// What the two Terraforms make different things of though that is not listed, and, where all were
/// asked, what is listed though nothing shows it.
fn unlisted(all: &[String], newest: &[Answer], oldest: &[Answer], is_all: bool) -> Vec<String> {
    let differences = Differences::of("expression");
    let mut out = Vec::new();
    for ((text, newest), oldest) in all.iter().zip(newest).zip(oldest) {
        let causes = match oldest {
            Answer::Value { .. } => None,
            Answer::Refused { causes, .. } => Some(causes.as_slice()),
        };
        if !oldest.agrees_with(newest) && !differences.explain(text, causes) {
            out.push(format!(
                "{text}\n    newest {newest}\n    oldest {oldest}, which is not listed"
            ));
        }
    }
    if is_all {
        out.extend(differences.unseen());
    }
    out
}

fn differing(all: &[String], ours: &[Answer], theirs: &[Answer]) -> Vec<String> {
    all.iter()
        .zip(ours)
        .zip(theirs)
        .filter(|((_, ours), theirs)| !ours.agrees_with(theirs))
        .map(|((text, ours), theirs)| format!("{text}\n    ours   {ours}\n    theirs {theirs}"))
        .collect()
}
