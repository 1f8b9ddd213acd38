//! The evaluator: a text as a part of a configuration, and as an expression that somebody asks for.

use stanchion_lang::{Evaluation, Inputs, NoDataSources};

use super::configuration::{Memory, READ, are_told, beside, evaluates, is_sound};

pub(crate) fn judge(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let files = Memory("a: 1\n");
    evaluates(&beside("main.tf", text), &files, &Inputs::default());
    let output = format!("output \"it\" {{\n  value = (\n{text}\n)\n}}\n");
    evaluates(&beside("main.tf", &output), &files, &Inputs::default());
    asked(text);
}

/// An expression gives the same value each time that it is asked for.
fn asked(text: &str) {
    let (inputs, files) = (Inputs::default(), Memory("a: 1\n"));
    let Some(root) = READ.module("") else { return };
    let evaluation = Evaluation::new(&READ, root, &inputs, &files, &NoDataSources);
    let first = evaluation.evaluate(text);
    are_told(&evaluation, &first.refusals);
    is_sound(&evaluation, &first.value);
    let second = evaluation.evaluate(text);
    assert_eq!(first.value, second.value);
    assert_eq!(first.refusals.len(), second.refusals.len());
}
