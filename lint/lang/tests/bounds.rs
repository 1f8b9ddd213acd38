//! What would take for ever is reported at its place, soon and without much memory.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use stanchion_lang::{Evaluation, Files, Inputs, NoDataSources, Source, Unread, Workspace};

/// Templates that make each other, and a bomb.
struct Traps;

impl Files for Traps {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, Unread> {
        match path {
            "self.tftpl" => Ok(b"${templatefile(\"self.tftpl\", {})}".as_slice().into()),
            _ => Err(Unread::Missing),
        }
    }

    fn below(&self, _: &str) -> Result<Vec<String>, Unread> {
        Err(Unread::Missing)
    }

    fn absolute(&self, path: &str) -> String {
        path.to_owned()
    }

    fn home(&self) -> Option<String> {
        None
    }
}

/// Checks a configuration, and what is said about it at which line.
fn check(text: &str) -> Vec<(u32, String)> {
    let started = Instant::now();
    let workspace = Workspace::new([Source::new("main.tf", text.as_bytes().to_vec())]);
    let mut said: Vec<(u32, String)> = workspace
        .faults()
        .iter()
        .map(|it| (workspace.place(it.span).unwrap().line, it.message.clone()))
        .collect();
    if let Some(root) = workspace.module("") {
        let inputs = Inputs::default();
        let evaluation = Evaluation::new(&workspace, root, &inputs, &Traps, &NoDataSources);
        said.extend(evaluation.check().into_iter().map(|it| {
            (evaluation.place(it.span).unwrap().line, format!("{}: {}", it.summary, it.detail))
        }));
        drop(evaluation);
    }
    let took = started.elapsed();
    assert!(took < Duration::from_secs(60), "{took:?} for {}", &text[..text.len().min(80)]);
    said
}

/// Locals of which each is twice the one before.
fn doubling(first: &str, next: impl Fn(usize) -> String) -> String {
    let mut out = format!("locals {{\n  l0 = {first}\n");
    for at in 1..60 {
        out.push_str(&format!("  l{at} = {}\n", next(at - 1)));
    }
    out.push_str("}\noutput \"o\" { value = jsonencode(local.l59) }\n");
    out
}

#[test]
fn values_that_double_are_refused_where_they_are_written() {
    for text in [
        doubling("[1]", |it| format!("[local.l{it}, local.l{it}]")),
        doubling("\"abcdefgh\"", |it| format!("\"${{local.l{it}}}${{local.l{it}}}\"")),
        doubling("[1]", |it| format!("concat(local.l{it}, local.l{it})")),
        doubling("{ a = 1 }", |it| format!("{{ a = local.l{it}, b = local.l{it} }}")),
        doubling("[1, 2]", |it| format!("flatten([local.l{it}, local.l{it}])")),
        doubling("\"x\"", |it| format!("join(\"\", [local.l{it}, local.l{it}])")),
        doubling("\"x\"", |it| format!("format(\"%s%s\", local.l{it}, local.l{it})")),
        doubling("\"x\"", |it| format!("replace(local.l{it}, \"x\", \"xx\")")),
        doubling("\"x\"", |it| format!("jsonencode([local.l{it}, local.l{it}])")),
    ] {
        let said = check(&text);
        assert!(!said.is_empty(), "{}", &text[..120]);
        assert!(said.iter().all(|(line, _)| (2..64).contains(line)), "{said:?}");
    }
}

#[test]
fn a_reference_to_one_of_many_instances_costs_no_more_than_to_one_of_few() {
    let said = check(
        r#"
        locals {
          numbers = flatten([for a in range(100) : [for b in range(100) : a * 100 + b]])
        }
        resource "r" "many" { count = length(local.numbers) }
        resource "r" "each" { for_each = toset([for it in local.numbers : "k${it}"]) }
        resource "r" "of_many" {
          count = length(local.numbers)
          one   = [r.many[count.index].id, r.each["k${count.index}"].id]
        }
        "#,
    );
    assert_eq!(said, []);
}

#[test]
fn what_is_asked_for_in_one_call_is_bounded() {
    for expression in [
        "range(1000000000000)",
        "length(range(1000000000000))",
        "setproduct(range(1000), range(1000), range(1000))",
        "join(\"\", [for x in range(1000) : join(\"\", [for y in range(1000) : join(\"\", [for z in range(1000) : \"abcdefghij\"])])])",
        "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]]",
        "\"%{ for a in range(1000) }%{ for b in range(1000) }%{ for c in range(1000) }x%{ endfor }%{ endfor }%{ endfor }\"",
        "yamldecode(\"a: &a [x,x,x,x,x,x,x,x,x]\\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\\nh: [*g,*g,*g,*g,*g,*g,*g,*g,*g]\\n\")",
        "templatefile(\"self.tftpl\", {})",
        "indent(1000000000, \"a\\nb\")",
        "regexall(\"(a|a)*b\", \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\")[0]",
        "cidrsubnets(\"10.0.0.0/8\", [for x in range(1000) : 33]...)",
    ] {
        let said = check(&format!("\n\noutput \"o\" {{\n  value = {expression}\n}}\n"));
        assert!(!said.is_empty(), "{expression} is not refused");
        assert!(said.iter().all(|(line, _)| (3..=4).contains(line)), "{expression}: {said:?}");
    }
}

#[test]
fn large_numbers_take_no_time() {
    for expression in [
        "format(\"%1000000000d\", 1)",
        "format(\"%.1000000000f\", 1)",
        "pow(10, 1000000000)",
        "pow(2, -1000000000)",
        "1e30 * 1e30",
        "parseint(\"zz\", 36)",
    ] {
        check(&format!("output \"o\" {{\n  value = {expression}\n}}\n"));
    }
}

#[test]
fn depth_is_a_fault_and_no_overflow() {
    for (open, close) in
        [("[", "]"), ("(", ")"), ("{ a = ", " }"), ("-", ""), ("!", ""), ("\"${", "}\"")]
    {
        let text = format!(
            "output \"o\" {{\n  value = {}1{}\n}}\n",
            open.repeat(20_000),
            close.repeat(20_000)
        );
        assert!(!check(&text).is_empty(), "{open}");
    }
    let blocks = format!("{}{}", "a {\n".repeat(20_000), "}\n".repeat(20_000));
    assert!(!check(&blocks).is_empty());
    let chain = format!("output \"o\" {{\n  value = 1{}\n}}\n", " + 1".repeat(20_000));
    check(&chain);
    let mut locals = "locals {\n  l0 = 1\n".to_owned();
    for at in 1..5_000 {
        locals.push_str(&format!("  l{at} = local.l{} + 1\n", at - 1));
    }
    locals.push_str("}\n");
    check(&locals);
}

#[test]
fn many_modules_and_instances_are_bounded() {
    let calls = "module \"a\" {\n  source = \"./m\"\n  count = 100\n}\n";
    let inner = "module \"b\" {\n  source = \"../n\"\n  count = 100\n}\n";
    let innermost = "module \"c\" {\n  source = \"../o\"\n  count = 100\n}\n";
    let files = [
        ("main.tf", calls),
        ("m/main.tf", inner),
        ("n/main.tf", innermost),
        ("o/main.tf", "resource \"terraform_data\" \"x\" { count = 1000 }\n"),
    ];
    let workspace =
        Workspace::new(files.map(|(path, text)| Source::new(path, text.as_bytes().to_vec())));
    let inputs = Inputs::default();
    let root = workspace.module("").unwrap();
    let evaluation = Evaluation::new(&workspace, root, &inputs, &Traps, &NoDataSources);
    let resources = evaluation.resources().len();
    assert!(resources <= 1_000_000, "{resources}");
    assert!(!evaluation.gaps().is_empty());
}
