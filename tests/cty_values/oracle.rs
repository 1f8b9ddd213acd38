//! What Terraform says of many expressions at once.

use serde_json::{Value as Json, json};
use stanchion_cty::{Kind, Type, Value};
use stanchion_tests::{Terraform, Workspace};

/// An expression of Terraform's language, and what it is by our reckoning; `None` is a refusal.
pub(crate) struct Case {
    text: String,
    /// What must be declared for it.
    declaration: String,
    ours: Option<Value>,
}

/// So many expressions stand in one output: Terraform's time grows with the square of the outputs.
const BATCH: usize = 50;

/// How many expressions were compared, and how many of them have a value.
#[derive(Debug)]
pub(crate) struct Count {
    pub(crate) all: usize,
    pub(crate) evaluated: usize,
}

impl Case {
    pub(crate) fn new(text: String, ours: Option<Value>) -> Self {
        Self { text, declaration: String::new(), ours }
    }

    /// A variable's default, converted to the variable's type. It must have a value: Terraform
    /// takes no configuration in which a default does not fit.
    pub(crate) fn variable(name: &str, ty: &Type, default: &str, ours: Value) -> Self {
        let declaration =
            format!("variable \"{name}\" {{\n  type = {ty}\n  default = {default}\n}}\n");
        Self { text: format!("var.{name}"), declaration, ours: Some(ours) }
    }
}

/// Asks Terraform for each expression whether it has a value, of which type, and which one, in
/// one plan; panics with all expressions of which that is not what we say.
#[track_caller]
pub(crate) fn compare(cases: &[Case]) -> Count {
    let workspace = Workspace::new(&Terraform::newest());
    let mut text: String = cases.iter().map(|it| it.declaration.as_str()).collect();
    for (i, batch) in cases.chunks(BATCH).enumerate() {
        text += &format!("output \"o{i}\" {{\n  value = [\n");
        for Case { text: it, .. } in batch {
            text += &format!("    {{ v = try([{it}], null) }},\n");
        }
        text += "  ]\n}\n";
    }
    let plan = workspace.plan_of(&text);
    let outputs = &plan.json["planned_values"]["outputs"];
    let mut wrong = Vec::new();
    let (mut all, mut evaluated) = (0, 0);
    for (i, case) in cases.iter().enumerate() {
        let output = &outputs[&format!("o{}", i / BATCH)];
        let (ty, value) = (&output["type"][1][i % BATCH], &output["value"][i % BATCH]);
        // A value stands in a tuple of its own; null is a refusal.
        let ok = value["v"].is_array();
        let theirs = ok.then(|| (ty[1]["v"][1][0].clone(), value["v"][0].clone()));
        all += 1;
        let ours = case.ours.as_ref().map(|it| (type_json(&it.ty()), value_json(it)));
        evaluated += usize::from(ok);
        if theirs != ours {
            let shown = |it: &Option<(Json, Json)>| match it {
                Some((ty, value)) => format!("{value} of type {ty}"),
                None => "refused".to_owned(),
            };
            wrong.push(format!(
                "{}\n  theirs {}\n  ours   {}",
                case.text,
                shown(&theirs),
                shown(&ours)
            ));
        }
    }
    let shown = wrong.len().min(20);
    assert!(wrong.is_empty(), "{} differ, such as\n{}", wrong.len(), wrong[..shown].join("\n"));
    Count { all, evaluated }
}

/// A type as Terraform writes it in JSON.
fn type_json(ty: &Type) -> Json {
    match ty {
        Type::Bool => json!("bool"),
        Type::Number => json!("number"),
        Type::String => json!("string"),
        Type::Dynamic => json!("dynamic"),
        Type::List(it) => json!(["list", type_json(it)]),
        Type::Set(it) => json!(["set", type_json(it)]),
        Type::Map(it) => json!(["map", type_json(it)]),
        Type::Tuple(it) => json!(["tuple", it.iter().map(type_json).collect::<Vec<_>>()]),
        Type::Object(it) => {
            let attributes = it.iter().map(|(name, it)| (name.to_string(), type_json(&it.ty)));
            json!(["object", attributes.collect::<serde_json::Map<_, _>>()])
        }
    }
}

fn value_json(value: &Value) -> Json {
    match value.kind() {
        Kind::Null(_) | Kind::Unknown(_) => Json::Null,
        Kind::Bool(it) => json!(it),
        Kind::String(it) => json!(&**it),
        Kind::Number(it) => serde_json::from_str(&it.to_string()).unwrap_or_default(),
        Kind::List(_, it) | Kind::Set(_, it) | Kind::Tuple(it) => {
            it.iter().map(value_json).collect()
        }
        Kind::Map(_, it) | Kind::Object(it) => {
            let attributes = it.iter().map(|(name, it)| (name.to_string(), value_json(it)));
            Json::Object(attributes.collect())
        }
    }
}
