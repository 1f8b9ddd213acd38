//! What strings, heredocs and templates come to, beside a real Terraform.

use stanchion_cty::json;
use stanchion_lang::{Evaluation, Inputs, NoDataSources, NoFiles, Source, Workspace as Read};
use stanchion_tests::{Terraform, Workspace};

use crate::cases;

#[test]
fn templates_and_heredocs_come_to_terraforms_text() {
    let cases: Vec<_> =
        cases().into_iter().filter(|it| it.name.starts_with("templates: ")).collect();
    let mut text =
        "locals {\n  s = \"S\"\n  e = \"\"\n  l = [\"x\", \"y\"]\n  t = true\n}\n".to_owned();
    for (at, case) in cases.iter().enumerate() {
        let expression = case.text.strip_prefix("x = ").unwrap();
        text.push_str(&format!("locals {{\no{at} = {expression}\n}}\n"));
    }
    let read = Read::new([Source::new("main.tf", text.clone().into_bytes())]);
    assert_eq!(read.faults(), []);
    let (inputs, root) = (Inputs::default(), read.module("").unwrap());
    let evaluation = Evaluation::new(&read, root, &inputs, &NoFiles, &NoDataSources);
    let ours: Vec<String> = (0..cases.len())
        .map(|at| {
            let out = evaluation.evaluate(&format!("local.o{at}"));
            match out.refusals.first() {
                None => format!("{:?}", json::encode_plain(&out.value).unwrap()),
                Some(it) => format!("refused: {}", it.detail),
            }
        })
        .collect();
    let terraform = Workspace::new(&Terraform::newest());
    for at in 0..cases.len() {
        text.push_str(&format!("output \"o{at}\" {{\n  value = jsonencode(local.o{at})\n}}\n"));
    }
    terraform.write("main.tf", text);
    let outputs = terraform.plan().json;
    let mut differing = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        let theirs = &outputs["planned_values"]["outputs"][format!("o{at}")]["value"];
        let theirs = format!("{:?}", theirs.as_str().unwrap());
        if ours[at] != theirs {
            differing.push(format!("{}\n    ours   {}\n    theirs {theirs}", case.name, ours[at]));
        }
    }
    assert!(
        differing.is_empty(),
        "{} of {}:\n{}",
        differing.len(),
        cases.len(),
        differing.join("\n")
    );
    assert!(cases.len() > 120);
}
