//! Unknown values keep what they stand for, also inside texts and documents.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::collections::HashMap;
use std::sync::Arc;

use stanchion_cty::Value;
use stanchion_lang::{
    DataSources, Evaluation, Files, Inputs, Source, Unread, View, Why, Workspace,
};

const ROLE: &str = "resource \"aws_iam_role\" \"r\" {}\n";

/// One template is there.
struct OneFile;

impl Files for OneFile {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, Unread> {
        match path {
            "p.tftpl" => Ok(b"{\"Resource\": \"${arn}\"}".as_slice().into()),
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

/// A data source whose attribute `json` is its argument `of` in JSON. Its attributes `one` and
/// `other` are known texts that hold numbers, and `blocks` tells what its blocks go over.
struct Document;

impl DataSources for Document {
    fn read(&self, ty: &str, view: &View<'_, '_>) -> Option<HashMap<String, Value>> {
        let cx = view.evaluation();
        let of = (ty == "document").then(|| view.attribute("of"))??;
        let text = cx.encode_json(of.value, of.span);
        let holding = |text: &str, it: i64| cx.holding_json(text, Value::number(it), view.head);
        let over = view.blocks("part").into_iter().map(|it| it.over);
        let over = over.map(|it| it.unwrap_or_else(|| Value::from("known")));
        Some(HashMap::from([
            ("json".to_owned(), text),
            ("one".to_owned(), holding(" 1", 1)),
            ("other".to_owned(), holding(" 2", 2)),
            ("blocks".to_owned(), Value::tuple(over)),
        ]))
    }
}

/// The evaluation of one file, for a look at one expression.
fn evaluated<T>(text: &str, expression: &str, look: impl Fn(&Evaluation<'_>, Value) -> T) -> T {
    let workspace = Workspace::new([Source::new("main.tf", text.as_bytes().to_vec())]);
    assert_eq!(workspace.faults(), []);
    let inputs = Inputs::default();
    let root = workspace.module("").unwrap();
    let evaluation = Evaluation::new(&workspace, root, &inputs, &OneFile, &Document);
    let value = evaluation.evaluate(expression).value;
    look(&evaluation, value)
}

/// What stands for the `Resource` in the document that an expression makes.
fn resource(files: &[(&str, &str)], expression: &str) -> Option<String> {
    let all = [("role.tf", ROLE)].into_iter().chain(files.iter().copied());
    let workspace =
        Workspace::new(all.map(|(path, text)| Source::new(path, text.as_bytes().to_vec())));
    assert_eq!(workspace.faults(), []);
    let inputs = Inputs::default();
    let root = workspace.module("").unwrap();
    let evaluation = Evaluation::new(&workspace, root, &inputs, &OneFile, &Document);
    let evaluated = evaluation.evaluate(expression);
    assert_eq!(evaluated.refusals, [], "{expression}");
    let document = evaluation.json(&evaluated.value).unwrap();
    match evaluation.why(document.get("Resource")?)? {
        Why::Resource(it) => Some(it.to_string()),
        Why::Join(parts) => Some(
            parts
                .iter()
                .map(|it| match (it.as_str(), evaluation.why(it)) {
                    (Some(text), _) => text.to_owned(),
                    (None, Some(Why::Resource(it))) => format!("${{{it}}}"),
                    (None, other) => format!("{other:?}"),
                })
                .collect(),
        ),
        other => Some(format!("{other:?}")),
    }
}

#[test]
fn a_symbol_is_found_in_a_document_however_it_was_made() {
    for expression in [
        "jsonencode({ Resource = aws_iam_role.r.arn })",
        "jsonencode(merge({ A = 1 }, { Resource = aws_iam_role.r.arn }))",
        "jsonencode({ for k in [\"Resource\"] : k => aws_iam_role.r.arn })",
        "\"{\\\"Resource\\\": \\\"${aws_iam_role.r.arn}\\\"}\"",
        "format(\"{\\\"Resource\\\": \\\"%s\\\"}\", aws_iam_role.r.arn)",
        "join(\"\", [\"{\\\"Resource\\\": \\\"\", aws_iam_role.r.arn, \"\\\"}\"])",
        "templatefile(\"p.tftpl\", { arn = aws_iam_role.r.arn })",
        "<<EOT\n{ \"Resource\": \"${aws_iam_role.r.arn}\" }\nEOT",
        "<<-EOT\n  { \"Resource\":\n    ${jsonencode(aws_iam_role.r.arn)} }\n  EOT",
        "trimspace(\" ${jsonencode({ Resource = aws_iam_role.r.arn })} \")",
        "jsonencode({ Resource = true ? aws_iam_role.r.arn : \"x\" })",
        "jsonencode({ Resource = tolist([aws_iam_role.r.arn, \"x\"])[0] })",
    ] {
        let found = resource(&[], expression);
        assert_eq!(found.as_deref(), Some("aws_iam_role.r.arn"), "{expression}");
    }
}

#[test]
fn a_symbol_inside_a_text_keeps_what_stands_around_it() {
    for expression in [
        "jsonencode({ Resource = \"${aws_iam_role.r.arn}/*\" })",
        "jsonencode({ Resource = format(\"%s/*\", aws_iam_role.r.arn) })",
        "\"{\\\"Resource\\\": \\\"${aws_iam_role.r.arn}/*\\\"}\"",
    ] {
        let found = resource(&[], expression);
        let found = found.unwrap();
        let is_kept = found == "${aws_iam_role.r.arn}/*" || found.contains("format");
        assert!(is_kept, "{expression}: {found}");
    }
}

#[test]
fn a_symbol_comes_out_of_a_module_and_a_data_source() {
    let module = [
        ("main.tf", "module \"m\" {\n  source = \"./m\"\n  arn = aws_iam_role.r.arn\n}\n"),
        (
            "m/main.tf",
            "variable \"arn\" {}\noutput \"p\" {\n  value = jsonencode({ Resource = var.arn })\n}\n",
        ),
    ];
    assert_eq!(resource(&module, "module.m.p").as_deref(), Some("aws_iam_role.r.arn"));
    let data =
        [("main.tf", "data \"document\" \"d\" {\n  of = { Resource = aws_iam_role.r.arn }\n}\n")];
    assert_eq!(resource(&data, "data.document.d.json").as_deref(), Some("aws_iam_role.r.arn"));
}

#[test]
fn an_unknown_condition_keeps_both_branches() {
    let workspace = Workspace::new([Source::new(
        "main.tf",
        b"variable \"c\" {}\nlocals { x = var.c ? \"a\" : jsonencode({ b = 1 }) }\n".to_vec(),
    )]);
    let inputs = Inputs::default();
    let root = workspace.module("").unwrap();
    let evaluation = Evaluation::new(&workspace, root, &inputs, &OneFile, &Document);
    let value = evaluation.evaluate("local.x").value;
    let Some(Why::Choice(of)) = evaluation.why(&value) else { panic!("no choice") };
    assert_eq!(of[1], Value::from("a"));
    assert_eq!(of[2], Value::from("{\"b\":1}"));
    assert_eq!(evaluation.reason(&value).as_deref(), Some("var.c has no value"));
}

#[test]
fn of_an_unknown_number_it_is_known_what_each_one_is() {
    let counted = "variable \"on\" {}\nvariable \"names\" {}\n\
        data \"document\" \"d\" {\n  count = var.on ? 1 : 0\n  of = 1\n}\n\
        data \"document\" \"k\" {\n  for_each = var.names\n  of = { key = each.key }\n}\n\
        locals { all = data.document.d[*].one }\n";
    for (expression, expected) in [
        ("one(data.document.d[*].one)", Some("1")),
        ("one(data.document.d.*.one)", Some("1")),
        ("join(\"\", data.document.d[*].one)", Some("1")),
        ("try(one(data.document.d[*].one), \"\")", Some("1")),
        ("element(concat(data.document.d[*].one, [\"\"]), 0)", Some("1")),
        ("element(data.document.d[*].one, 0)", Some("1")),
        ("one([for it in data.document.d : it.one])", Some("1")),
        ("one(tolist(local.all))", Some("1")),
        ("one(local.all[*])", Some("1")),
        ("one(values(data.document.k)[*].other)", Some("2")),
        ("join(\",\", data.document.d[*].one)", None),
        ("element(data.document.d[*].one, 1)", None),
        ("one({ for it in data.document.d : it.one => 1 })", None),
        ("one(data.document.d[*].one.nope)", None),
    ] {
        let found = evaluated(counted, expression, |cx, it| {
            assert!(!it.is_known(), "{expression}");
            let Some(Why::Choice(of)) = cx.why(&it) else { return None };
            assert!(of[2].is_null(), "{expression}");
            cx.json(&of[1]).ok().map(|it| it.as_number().unwrap().to_string())
        });
        assert_eq!(found.as_deref(), expected, "{expression}");
    }
    let found = evaluated(counted, "local.all[0]", |cx, it| (it.is_known(), cx.json(&it)));
    assert_eq!(found, (false, Ok(Value::number(1))));
    let key = evaluated(counted, "values(data.document.k)[*].json", |cx, it| {
        let Some(Why::Each(of)) = cx.why(&it) else { panic!("not of each") };
        cx.json(&of.1).unwrap().get("key").and_then(|it| cx.reason(it))
    });
    let unknown = "each.key is unknown, since it is unknown how many instances there are";
    assert_eq!(key.as_deref(), Some(unknown));
}

#[test]
fn what_is_decoded_stands_for_what_was_encoded() {
    let workspace = Workspace::new([Source::new("main.tf", ROLE.as_bytes().to_vec())]);
    let inputs = Inputs::default();
    let root = workspace.module("").unwrap();
    let evaluation = Evaluation::new(&workspace, root, &inputs, &OneFile, &Document);
    for expression in [
        "jsondecode(jsonencode({ Resource = aws_iam_role.r.arn })).Resource",
        "jsondecode(jsonencode({ Resource = aws_iam_role.r.arn }))[\"Resource\"]",
        "jsondecode(jsonencode([1, aws_iam_role.r.arn]))[1]",
    ] {
        let value = evaluation.evaluate(expression).value;
        assert!(!value.is_known(), "{expression}");
        let Some(Why::Resource(it)) = evaluation.why(&value) else { panic!("{expression}") };
        assert_eq!(&*it, "aws_iam_role.r.arn");
    }
}

#[test]
fn a_part_of_a_part_of_a_document_is_the_symbol_that_stands_there() {
    let text = format!(
        "{ROLE}locals {{\n  p = jsonencode({{ S = [1, {{ R = aws_iam_role.r.arn, \"a b\" = \"x\" }}] }})\n}}\n"
    );
    for (way, expected) in [
        (".S[1].R", Some("aws_iam_role.r.arn is not known before apply")),
        (".S[1][\"R\"]", Some("aws_iam_role.r.arn is not known before apply")),
    ] {
        let reason = evaluated(&text, &format!("jsondecode(local.p){way}"), |cx, it| {
            matches!(cx.why(&it), Some(Why::Resource(_))).then(|| cx.reason(&it)).flatten()
        });
        assert_eq!(reason.as_deref(), expected, "{way}");
    }
    let pieces = evaluated(&text, "jsondecode(local.p).S[1][\"a b\"]", |cx, it| cx.pieces(&it));
    assert_eq!(pieces.unwrap(), [Value::from("x")]);
}

#[test]
fn texts_that_one_place_made_hold_what_each_was_made_of() {
    let text = "data \"document\" \"d\" {\n  of = 1\n}\n";
    for (attribute, expected) in [("one", 1), ("other", 2)] {
        let held = evaluated(text, &format!("data.document.d.{attribute}"), |cx, it| {
            (it.as_str().map(str::to_owned), cx.json(&it).unwrap())
        });
        assert_eq!(held, (Some(format!(" {expected}")), Value::number(expected)));
    }
}

#[test]
fn a_block_that_stands_for_any_number_tells_what_it_goes_over() {
    let text = "variable \"v\" {\n}\ndata \"document\" \"d\" {\n  of = 1\n  part {\n  }\n  dynamic \"part\" {\n    for_each = [1]\n    content {\n    }\n  }\n  dynamic \"part\" {\n    for_each = var.v\n    content {\n    }\n  }\n}\n";
    evaluated(text, "data.document.d.blocks", |cx, it| {
        let over = it.parts().collect::<Vec<_>>();
        assert_eq!(over[..2], [&Value::from("known"), &Value::from("known")]);
        assert_eq!(cx.reason(over[2]).as_deref(), Some("var.v has no value"));
        assert_eq!(over.len(), 3);
    });
}

#[test]
fn a_text_that_was_made_of_a_document_is_not_that_document() {
    let of = |text: &str, way: &str| {
        evaluated(text, way, |cx, it| cx.json(&it).ok().and_then(|it| it.get("A").cloned()))
    };
    let text = "locals {\n  p = jsonencode({ A = \"x\" })\n}\n";
    let replaced = of(text, "replace(local.p, \"x\", \"y\")");
    assert_eq!(replaced.and_then(|it| it.as_str().map(str::to_owned)).as_deref(), Some("y"));
    let trimmed = of(text, "trimspace(\" ${local.p} \")");
    assert_eq!(trimmed.and_then(|it| it.as_str().map(str::to_owned)).as_deref(), Some("x"));
}

#[test]
fn symbols_survive_in_yaml() {
    let symbol = |expression: &str| {
        evaluated(ROLE, expression, |cx, it| {
            let document = cx.yaml(&it).unwrap();
            cx.reason(document.get("Resource").unwrap())
        })
    };
    let expected = "aws_iam_role.r.arn is not known before apply";
    for expression in [
        "yamlencode({ Resource = aws_iam_role.r.arn })",
        "jsonencode({ Resource = aws_iam_role.r.arn })",
        "core::yamlencode({ Resource = aws_iam_role.r.arn })",
        "\"Resource: ${aws_iam_role.r.arn}\"",
        "\"Resource: '${aws_iam_role.r.arn}'\"",
        "\"{Resource: [\\\"${aws_iam_role.r.arn}\\\"]}\"",
        "\"Resource:\\n  - ${aws_iam_role.r.arn}\\n\"",
    ] {
        assert_eq!(symbol(expression).as_deref(), Some(expected), "{expression}");
    }
    let decoded = "yamldecode(\"A: [1, {B: ${aws_iam_role.r.arn}}]\").A[1].B";
    let reason = evaluated(ROLE, decoded, |cx, it| cx.reason(&it));
    assert_eq!(reason.as_deref(), Some(expected));
    let is_json = |expression: &str| evaluated(ROLE, expression, |cx, it| cx.json(&it).is_ok());
    assert!(!is_json("yamlencode({ A = \"x\" })"), "YAML is no JSON");
    assert!(is_json("jsonencode({ A = \"x\" })"));
}
