//! What several families write, do and ask.

use serde_json::Value;
use stanchion_tests::place::{Place, with_trial};
use stanchion_tests::{Diagnostic, Output};

/// A thing called `a`, with these attributes.
pub(crate) fn thing(attributes: &str) -> String {
    with_trial(&format!("resource \"trial_thing\" \"a\" {{\n  name = \"a\"\n  {attributes}\n}}\n"))
}

/// What takes its time to be made, without the block that requires the provider.
pub(crate) fn slow(name: &str, attributes: &str) -> String {
    format!("resource \"trial_slow\" \"{name}\" {{\n  name = \"{name}\"\n  {attributes}\n}}\n")
}

/// The errors that a command with `-json` has told.
pub(crate) fn told(output: &Output) -> Vec<String> {
    let all = Diagnostic::all(&output.stdout);
    all.into_iter().filter(|it| it.severity == "error").map(|it| it.summary).collect()
}

/// Applies a configuration, whatever becomes of it.
pub(crate) fn apply(place: &Place, text: &str) -> Output {
    place.workspace.write("main.tf", text);
    place.workspace.run(["apply", "-auto-approve", "-json"])
}

/// The status of an object in the state file: `tainted`, or nothing for one that is whole.
pub(crate) fn status(place: &Place) -> Option<String> {
    let state: Value = serde_json::from_str(&place.workspace.read("terraform.tfstate")).unwrap();
    let instance = state["resources"].get(0)?["instances"][0].clone();
    Some(instance["status"].as_str().unwrap_or_default().to_owned())
}
