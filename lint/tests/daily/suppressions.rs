//! Comments that let something through, and those that don't.

use serde_json::Value;

use crate::common::{folder, lint_all, stanchion};

/// What is found in one file, one a line without the path.
fn found(text: &str) -> Vec<String> {
    let folder = folder(&[("main.tf", text)]);
    let run = stanchion(folder.path(), &["lint", "--format", "compact"]);
    assert_eq!(run.err, "");
    run.out.lines().map(|it| it.trim_start_matches("main.tf:").to_owned()).collect()
}

const OPEN: &str = "2:10: warning[image-floating-tag]: the image's tag latest moves";

/// A resource with comments: on the first line, above the attribute, behind it.
fn image(head: &str, above: &str, behind: &str) -> String {
    format!(
        "resource \"docker_image\" \"a\" {{{head}\n{above}  name = \"nginx:latest\"{behind}\n}}\n"
    )
}

#[test]
fn ours_holds_for_the_line_the_block_and_the_file() {
    let allow = "# stanchion:allow image-floating-tag: a demo";
    let plain = image("", "", "");
    assert_eq!(found(&plain), [OPEN]);
    for text in [
        image(&format!(" {allow}"), "", ""),
        image("", &format!("  {allow}\n"), ""),
        image("", "", &format!(" {allow}")),
        image("", "", " /* stanchion:allow image-floating-tag until 9999-12-31: a demo */"),
        format!("{allow}\n{plain}"),
        format!("{allow}\n\n{plain}{}", plain.replace("\"a\"", "\"b\"")),
        format!("# A licence\n{allow}\n\n{plain}"),
    ] {
        assert_eq!(found(&text), [""; 0], "{text}");
    }
}

#[test]
fn a_suppression_without_effect_is_a_finding_and_what_it_is_about_too() {
    for (comment, why) in [
        ("stanchion:allow image-floating-tag", "it gives no reason, so it suppresses nothing"),
        ("stanchion:allow image-floating-tag until 2020-01-31: x", "it held until 2020-01-31"),
        ("stanchion:allow image-floating-tag until soon: x", "soon is no date"),
        ("stanchion:allow image-tag: x", "there is no rule image-tag"),
        (
            "stanchion:allow refused-configuration: x",
            "refused-configuration has nothing to object to here",
        ),
    ] {
        let lines = found(&image("", "", &format!(" # {comment}")));
        let of = format!(
            "2:27: warning[suppression-without-effect]: the suppression has no effect: {why}"
        );
        assert_eq!(lines, [OPEN.to_owned(), of], "{comment}");
    }
}

#[test]
fn what_is_off_unknown_or_unreadable_needs_its_suppression_still() {
    let allow = "# stanchion:allow image-floating-tag: a demo\n";
    let unknown = "variable \"i\" {}\nresource \"docker_image\" \"a\" {\n  name = var.i\n}\n";
    assert_eq!(found(&unknown.replace("resource", &format!("{allow}resource"))), [""; 0]);
    let lines = found(&format!("{allow}{}", image("", "", "").replace("}\n", "")));
    assert_eq!(lines.len(), 1, "{lines:?}");
    let off = folder(&[
        ("main.tf", &image("", allow, "").replace(":latest", ":1.2")),
        ("stanchion.toml", "[rules]\nimage-floating-tag = \"off\"\n"),
    ]);
    assert_eq!(stanchion(off.path(), &["lint", "--format", "compact"]).out, "");
}

#[test]
fn those_of_other_linters_are_honoured_and_never_a_finding() {
    let pod = |inside: &str, above: &str| {
        format!(
            "resource \"kubernetes_pod_v1\" \"a\" {{\n  spec {{\n{inside}    container {{\n{above}      image = \"nginx:latest\"\n    }}\n  }}\n}}\n"
        )
    };
    assert_eq!(found(&pod("", "")).len(), 1);
    for text in [
        pod("# checkov:skip=CKV_K8S_14:because\n", ""),
        pod("", "#trivy:ignore:KSV-0013\n"),
        pod("", "# tfsec:ignore:*\n"),
    ] {
        assert_eq!(found(&text), [""; 0], "{text}");
    }
    for text in [
        pod("# checkov:skip=CKV_K8S_1:because\n", ""),
        pod("", "#trivy:ignore:KSV-0013:exp:2020-01-01\n"),
        pod("# trivy:ignore:KSV-0013 of a line that is another\n\n", ""),
    ] {
        assert_eq!(found(&text).len(), 1, "{text}");
    }
}

#[test]
fn what_is_suppressed_is_counted_and_shown_to_programs() {
    let text = image("", "", " # stanchion:allow image-floating-tag: a demo");
    let document = lint_all(&[("main.tf", &text)]);
    let excused = document["excused"].as_array().unwrap();
    assert_eq!(excused.len(), 1);
    assert_eq!(excused[0]["by"], "stanchion");
    assert_eq!(excused[0]["reason"], "a demo");
    assert_eq!(excused[0]["at"]["column"], 27);
    assert_eq!(excused[0]["finding"]["rule"], "image-floating-tag");
    let folder = folder(&[("main.tf", &text)]);
    let run = stanchion(folder.path(), &["lint"]);
    assert!(run.out.starts_with("0 findings, 1 suppressed in 1 root,"), "{}", run.out);
    let run = stanchion(folder.path(), &["lint", "--format", "sarif"]);
    let sarif: Value = serde_json::from_str(&run.out).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["suppressions"][0]["kind"], "inSource");
    assert_eq!(result["suppressions"][0]["justification"], "a demo");
    assert_eq!(run.status, 0);
}

#[test]
fn no_suppress_honours_none_and_finds_no_idle_ones() {
    let text = image("# checkov:skip=CKV_K8S_14", "", " # stanchion:allow image-floating-tag: x");
    let folder = folder(&[("main.tf", &text)]);
    assert_eq!(stanchion(folder.path(), &["lint"]).status, 0);
    let run = stanchion(folder.path(), &["lint", "--no-suppress", "--format", "compact"]);
    assert_eq!((run.status, run.out), (1, format!("main.tf:{OPEN}\n")));
}

#[test]
fn a_suppression_holds_where_the_value_is_written_too() {
    let module = "variable \"i\" {}\nresource \"docker_image\" \"a\" {\n  name = var.i\n}\n";
    let call = |name: &str, comment: &str| {
        format!("module \"{name}\" {{\n  source = \"./m\"\n  i = \"x:latest\"{comment}\n}}\n")
    };
    let allow = " # stanchion:allow image-floating-tag: a demo";
    let document = lint_all(&[
        ("main.tf", &format!("{}{}", call("a", allow), call("b", ""))),
        ("m/main.tf", module),
    ]);
    let findings = document["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{document:#}");
    assert_eq!(findings[0]["address"], "module.b.docker_image.a");
    assert_eq!(document["excused"][0]["finding"]["address"], "module.a.docker_image.a");
}

#[test]
fn in_json_a_suppression_is_the_text_of_a_property() {
    let json = |comment: &str| {
        format!(
            "{{\"resource\": {{\"docker_image\": {{\"a\": {{{comment}\n\"name\": \"nginx:latest\"}}}}}}}}"
        )
    };
    let count = |comment: &str| {
        lint_all(&[("x.tf.json", &json(comment))])["findings"].as_array().unwrap().len()
    };
    assert_eq!(count(""), 1);
    assert_eq!(count("\"//\": \"stanchion:allow image-floating-tag: a demo\","), 0);
}
