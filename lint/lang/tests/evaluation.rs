//! What configurations say: places, templates, modules and reasons.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use stanchion_cty::Value;
use stanchion_lang::{Evaluation, Inputs, NoDataSources, NoFiles, Source, Workspace};

fn workspace(files: &[(&str, &str)]) -> Workspace {
    Workspace::new(files.iter().map(|(path, text)| Source::new(*path, text.as_bytes().to_vec())))
}

/// The evaluation of the first root module.
fn evaluate(workspace: &Workspace) -> Evaluation<'_> {
    let root = workspace.roots()[0];
    Evaluation::new(workspace, root, &Inputs::default(), &NoFiles, &NoDataSources)
}

/// The value of `x` in the only resource, where that was written, and why it is unknown.
fn x(text: &str) -> (Value, String, Option<String>) {
    let workspace = workspace(&[("main.tf", text)]);
    assert_eq!(workspace.faults(), [], "{text}");
    let evaluation = evaluate(&workspace);
    let resources = evaluation.resources();
    let found = evaluation.view(&resources[0]).attribute("x").unwrap();
    let span = evaluation.written(&found.value).unwrap();
    let place = workspace.place(span).unwrap().to_string();
    let reason = evaluation.reason(&found.value);
    (found.value, place, reason)
}

fn expression(text: &str) -> Value {
    x(&format!("resource \"a\" \"b\" {{\n  x = {text}\n}}\n")).0
}

#[test]
fn a_value_says_where_its_literal_was_written() {
    let text = "variable \"v\" {\n  default = \"lit\"\n}\nlocals {\n  l = var.v\n}\n\
                resource \"a\" \"b\" {\n  x = \"${local.l}\"\n}\n";
    let (value, place, reason) = x(text);
    assert_eq!(value, Value::from("lit"));
    assert_eq!(place, "main.tf:2:13");
    assert_eq!(reason, None);
}

#[test]
fn a_byte_order_mark_moves_no_place() {
    let (value, place, _) = x("\u{feff}resource \"a\" \"b\" { x = 17 }\n");
    assert_eq!(value, Value::number(17));
    assert_eq!(place, "main.tf:1:24");
}

#[test]
fn windows_line_ends_are_line_ends() {
    let (value, place, _) = x("resource \"a\" \"b\" {\r\n  y = 1\r\n  x = \"z\"\r\n}\r\n");
    assert_eq!((value, place.as_str()), (Value::from("z"), "main.tf:3:7"));
}

#[test]
fn markers_strip_white_space_beside_them() {
    assert_eq!(expression("\"a ${~ \"b\" ~} c\""), Value::from("abc"));
    assert_eq!(expression("\"a ${ \"b\" } c\""), Value::from("a b c"));
    assert_eq!(expression("\"%{ if true ~} a %{~ endif } b\""), Value::from("a b"));
}

/// Each value is what Terraform 1.15.5 makes of the same text.
#[test]
fn heredocs_are_what_terraform_makes_of_them() {
    for (text, value) in [
        (
            "<<-EOT\n    a\n      b\n    %{ for it in [1, 2] ~}\n    - ${it}\n    %{ endfor ~}\n  EOT\n",
            "a\n  b\n    - 1\n    - 2\n",
        ),
        (
            "<<-EOT\n    a\n    %{ for it in [1, 2] }\n      - ${it}\n    %{ endfor }\n    c\n  EOT\n",
            "a\n\n  - 1\n\n  - 2\n\nc\n",
        ),
        (
            "<<EOT\n    a  ${~ \"x\" ~}  \n    %{~ if true ~}\n    - y\n    %{~ endif ~}\n\n   z\nEOT\n",
            "    ax    - y\n\n   z\n",
        ),
        ("<<-EOT\n      ${\"x\"}\n     $${y}\n    %%{z}\n  EOT\n", "  x\n ${y}\n%{z}\n"),
        ("<<EOT\nEOT\n", ""),
    ] {
        assert_eq!(expression(text), Value::from(value), "{text}");
    }
}

#[test]
fn what_is_wrong_with_a_broken_file_has_a_place_and_other_files_go_on() {
    let workspace = workspace(&[("a.tf", "x = [1,\n"), ("b.tf", "resource \"a\" \"b\" {\n}\n")]);
    let [fault] = workspace.faults() else { panic!("one fault") };
    assert_eq!(workspace.place(fault.span).unwrap().path.as_ref(), "a.tf");
    assert_eq!(evaluate(&workspace).resources().len(), 1);
}

#[test]
fn a_tofu_file_stands_for_the_tf_file_of_its_name() {
    let workspace = workspace(&[
        ("m.tf", "resource \"a\" \"tf\" {\n}\n"),
        ("m.tofu", "resource \"a\" \"tofu\" {\n}\n"),
    ]);
    let evaluation = evaluate(&workspace);
    let resources = evaluation.resources();
    let addresses: Vec<_> = resources.iter().map(|it| &*it.address).collect();
    assert_eq!(addresses, ["a.tofu"]);
}

#[test]
fn modules_that_call_each_other_are_judged_once_from_the_first() {
    let workspace = workspace(&[
        ("a/m.tf", "module \"b\" {\n  source = \"../b\"\n}\nresource \"a\" \"b\" {\n}\n"),
        ("b/m.tf", "module \"a\" {\n  source = \"../a\"\n}\n"),
    ]);
    let evaluation = evaluate(&workspace);
    assert_eq!(workspace.roots().len(), 1);
    assert_eq!(evaluation.resources().len(), 1);
    assert_eq!(evaluation.gaps().len(), 1);
}

#[test]
fn a_ring_of_names_is_unknown_with_the_reason() {
    let (value, _, reason) =
        x("locals {\n  a = local.b\n  b = local.a\n}\nresource \"a\" \"b\" {\n  x = local.a\n}\n");
    assert!(!value.is_known());
    assert_eq!(reason.unwrap(), "local.a depends on itself.");
}
