//! Module trees: what our evaluator plans beside what a real Terraform plans.

#![expect(clippy::unwrap_used, clippy::panic, reason = "its helpers fail the tests that call them")]

#[path = "oracle/constructs.rs"]
mod constructs;
#[path = "oracle/differences.rs"]
mod differences;
#[path = "oracle/planned.rs"]
mod planned;
#[path = "oracle/tree.rs"]
mod tree;

use stanchion_tests::Terraform;

use constructs::CONSTRUCTS;
use differences::Differences;
use planned::{OF_PROVIDER, Planned, ours, theirs};
use tree::{Tree, trees};

/// What came of a tree.
type Plan = Result<Planned, Vec<String>>;

#[test]
fn trees_plan_what_terraform_plans() {
    let only = std::env::var("ORACLE_ONLY").ok();
    let mut trees = trees();
    trees.retain(|it| only.as_ref().is_none_or(|only| it.name.contains(only)));
    let asked = |terraform: fn() -> Terraform| -> Vec<Plan> {
        let of = |it: &Tree| if it.is_tofu { Terraform::tofu() } else { terraform() };
        trees.iter().map(|it| theirs(&of(it), it)).collect()
    };
    let (newest, oldest) = std::thread::scope(|scope| {
        let oldest = scope.spawn(|| asked(Terraform::oldest));
        (asked(Terraform::newest), oldest.join().unwrap())
    });
    let differences = Differences::of("tree");
    let (mut compared, mut differing) = (0, Vec::new());
    for ((tree, newest), oldest) in trees.iter().zip(&newest).zip(&oldest) {
        let ours = ours(tree);
        let apart = apart(tree, newest, &ours);
        differing.extend(apart.into_iter().map(|it| format!("{}: {it}", tree.name)));
        let values = newest.as_ref().map_or(1, Planned::len);
        println!("{:40} {values}", tree.name);
        compared += values;
        let between = between(newest, oldest);
        let causes = oldest.as_ref().err().map(Vec::as_slice);
        if !between.is_empty() && !differences.explain(&tree.name, causes) {
            let between = between.join("\n    ");
            differing.push(format!("{}: not listed of the oldest:\n    {between}", tree.name));
        }
    }
    let mut table = String::new();
    for construct in CONSTRUCTS {
        let shown: Vec<&str> =
            trees.iter().filter(|it| (construct.stands_in)(it)).map(|it| &*it.name).collect();
        table.push_str(&format!("{:32} {}\n", construct.name, shown.len()));
        if shown.is_empty() && only.is_none() {
            differing.push(format!("no tree has {}", construct.name));
        }
    }
    println!("{table}{} trees, {compared} values", trees.len());
    if let Ok(file) = std::env::var("ORACLE_TABLE") {
        std::fs::write(format!("{file}.constructs"), table).unwrap();
    }
    if only.is_none() {
        differing.extend(differences.unseen());
        assert!(trees.len() >= 60, "{} trees", trees.len());
        assert!(compared >= 3_000, "{compared} values");
    }
    assert!(differing.is_empty(), "{} differ:\n{}", differing.len(), differing.join("\n"));
}

/// What differs between Terraform's plan and ours.
fn apart(tree: &Tree, theirs: &Plan, ours: &Plan) -> Vec<String> {
    match (&tree.refused, theirs, ours) {
        (Some(cause), Err(theirs), Err(ours)) => {
            let says = |all: &[String], cause: &str| all.iter().any(|it| it.starts_with(cause));
            if says(theirs, cause) && says(ours, tree.ours.as_ref().unwrap_or(cause)) {
                Vec::new()
            } else {
                vec![format!("refused: {theirs:?} but ours {ours:?}")]
            }
        }
        (None, Ok(theirs), Ok(ours)) => differing(theirs, ours, "ours"),
        (expected, theirs, ours) => {
            let (theirs, ours) = (short(theirs), short(ours));
            vec![format!("theirs {theirs}, ours {ours}, expected {expected:?}")]
        }
    }
}

/// What differs between two Terraforms' plans.
fn between(newest: &Plan, oldest: &Plan) -> Vec<String> {
    match (newest, oldest) {
        (Ok(newest), Ok(oldest)) => differing(newest, oldest, "the oldest"),
        (Err(newest), Err(oldest)) if newest.iter().any(|it| has(oldest, it)) => Vec::new(),
        _ => vec![format!("{}, the oldest {}", short(newest), short(oldest))],
    }
}

/// A cycle's summary lists its members in any order.
fn has(causes: &[String], cause: &str) -> bool {
    causes.iter().any(|it| it == cause || it.starts_with("Cycle: ") && cause.starts_with("Cycle: "))
}

fn short(plan: &Plan) -> String {
    match plan {
        Ok(_) => "planned".to_owned(),
        Err(why) => format!("refused: {why:?}"),
    }
}

fn differing(theirs: &Planned, ours: &Planned, whose: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (address, leaf) in theirs {
        // A provider adds to what is written.
        if address.contains(OF_PROVIDER) && !ours.contains_key(address) {
            continue;
        }
        match ours.get(address) {
            Some(it) if it == leaf => {}
            it => out.push(format!("{address} is {leaf:?}, {whose} {it:?}")),
        }
    }
    for address in ours.keys().filter(|it| !theirs.contains_key(*it)) {
        out.push(format!("{address} is of {whose} alone: {:?}", ours[address]));
    }
    out
}
