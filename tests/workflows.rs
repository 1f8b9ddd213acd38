//! What pipelines render: good to all that read workflows, whatever is said together, and no option
//! without effect.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use stanchion_cty::schema::{AttributeKind, Block, Object, decode_object};
use stanchion_cty::{Kind, Path, Step, Value as CtyValue, json as cty_json};
use stanchion_model::pipeline::actions::{Release, catalogue};
use stanchion_model::{Document, Found, Held, Pipeline};
use stanchion_tests::repository;

use deliveries::every_option;
use options::{OPTIONS, base, merged};
use rendering::{judged, pipeline, rendered};

#[path = "workflows/checkers.rs"]
mod checkers;
#[path = "workflows/deliveries.rs"]
mod deliveries;
#[path = "workflows/edits.rs"]
mod edits;
#[path = "workflows/options.rs"]
mod options;
#[path = "workflows/rendering.rs"]
mod rendering;
#[path = "workflows/scripts.rs"]
mod scripts;
#[path = "workflows/strings.rs"]
mod strings;

/// How many workflows the checkers read: each option alone, each two together in one at least, and each
/// with every platform and strategy.
const WORKFLOWS: usize = 587;

/// The pipelines of all options, by what is in them.
fn generated() -> Vec<(String, Pipeline)> {
    let mut all = vec![("base".to_owned(), base())];
    all.extend(OPTIONS.iter().map(|it| (it.name.to_owned(), it.on(&base()))));
    all.extend(pairs());
    all.extend(every_option());
    assert_eq!(all.len(), WORKFLOWS, "another number of workflows was made");
    all.iter().map(|(name, said)| (name.clone(), pipeline(said))).collect()
}

/// How many options are said together, of which each two then need not be said by themselves.
const TOGETHER: usize = 4;

/// Pipelines of which each two options that go together are in one at least.
fn pairs() -> Vec<(String, Value)> {
    let mut left: BTreeSet<(usize, usize)> = (0..OPTIONS.len())
        .flat_map(|i| (i + 1..OPTIONS.len()).map(move |j| (i, j)))
        .filter(|(i, j)| OPTIONS[*i].goes_with(&OPTIONS[*j]))
        .collect();
    let mut all = Vec::new();
    while let Some((i, j)) = left.pop_first() {
        let mut taken = vec![i, j];
        let mut said = OPTIONS[j].on(&OPTIONS[i].on(&base()));
        for (k, other) in OPTIONS.iter().enumerate().skip(j + 1) {
            let with = other.on(&said);
            let is_new = taken.iter().any(|it| left.contains(&(*it, k)));
            let fits = taken.iter().all(|it| OPTIONS[*it].goes_with(other))
                && taken.iter().all(|it| OPTIONS[*it].on(&with) == with);
            if taken.len() < TOGETHER && is_new && fits && judged(&with).is_ok() {
                left.retain(|(a, b)| *b != k || !taken.contains(a));
                taken.push(k);
                said = with;
            }
        }
        let names: Vec<_> = taken.iter().map(|it| OPTIONS[*it].name).collect();
        all.push((names.join(" + "), said));
    }
    all
}

#[test]
fn every_rendered_workflow_is_good_to_all_that_read_workflows() {
    let mut files: Vec<_> =
        generated().iter().map(|(name, it)| (name.clone(), rendered(it))).collect();
    files.extend(examples());
    files.extend(each_action());
    println!("{}", checkers::check(&files));
}

/// A pipeline for each action of the catalogue, with what it requires.
fn each_action() -> Vec<(String, String)> {
    let one = |(action, releases): (&String, &Vec<Release>)| {
        let required = releases[0].inputs.iter().filter(|(_, required)| **required);
        let mut with: BTreeMap<_, _> = required.map(|(input, _)| (input.as_str(), "x")).collect();
        match action.as_str() {
            "actions/checkout" => drop(with.insert("persist-credentials", "false")),
            "actions/create-github-app-token" => drop(with.insert("permission-contents", "read")),
            _ => {}
        }
        let with = if with.is_empty() { Value::Null } else { json!(with) };
        let job = json!({"run": null, "steps": [{"uses": action, "with": with}]});
        let said = merged(&base(), &json!({"jobs": {"test": job}}));
        (action.clone(), rendered(&pipeline(&said)))
    };
    let all = catalogue().iter().filter(|(action, _)| !SUPERFLUOUS.contains(&action.as_str()));
    all.map(one).collect()
}

/// Actions that zizmor wants to see replaced by a call of `gh`, which is for the user to say.
const SUPERFLUOUS: [&str; 2] = ["peter-evans/create-pull-request", "softprops/action-gh-release"];

/// What the example of the resource really renders, as its page shows it.
fn examples() -> Vec<(String, String)> {
    let page = std::fs::read_to_string(repository().join("docs/resources/pipeline.md")).unwrap();
    let blocks = page.split("```yaml\n").skip(1).filter_map(|it| it.split_once("```"));
    let found: Vec<_> = blocks.map(|(it, _)| ("example".to_owned(), it.to_owned())).collect();
    assert_eq!(found.len(), 1, "the page shows one workflow");
    found
}

#[test]
fn every_generated_pipeline_is_read_as_it_was_said_and_imports_as_the_same_document() {
    for (name, mut pipeline) in generated() {
        let tree = pipeline.render();
        let (address, text) = (tree.address.into_known().unwrap(), rendered(&pipeline));
        let found = Found { address: address.clone(), text: text.clone() };
        pipeline.complete();
        *pipeline.held_mut() = Held {
            path: address.as_str().into(),
            content: text.as_str().into(),
            sha256: found.sha256().into(),
            unmanaged: BTreeMap::new().into(),
        };
        let observed = Pipeline::observe(Some(&pipeline), &found);
        assert!(observed.document == pipeline, "{name}: {:#?}", observed.document);
        let imported = Pipeline::observe(None, &found).document;
        assert_eq!(imported.held().unmanaged, BTreeMap::new().into(), "{name}");
    }
}

#[test]
fn no_option_is_without_effect() {
    let mut seen = BTreeSet::new();
    for (option, base) in deliveries::each() {
        let (without, with) = (option.around(&base), option.on(&base));
        attributes_of(&Pipeline::object(), &with, "", &mut seen);
        let [without, with] = [without, with].map(|it| effects(&it));
        assert_ne!(with, without, "{} has no effect", option.name);
    }
    let mut declared = BTreeSet::new();
    declare(&Pipeline::object(), "", &mut declared);
    for cell in deliveries::cells() {
        attributes_of(&Pipeline::object(), &cell.pipeline, "", &mut seen);
    }
    let missing: Vec<_> = declared.difference(&seen).collect();
    assert!(missing.is_empty(), "no option below tests/workflows/ says {missing:?}");
}

#[test]
fn each_attribute_may_be_unknown_and_makes_nothing_wrong() {
    let mut count = 0;
    for (option, base) in deliveries::each() {
        let said = option.on(&base);
        let value = cty_json::decode(&said.to_string(), &Pipeline::object_type()).unwrap();
        let mut paths = Vec::new();
        parts(&value, &Path::root(), &mut paths);
        for path in paths {
            let unknown = with_unknown(&value, path.steps());
            let pipeline = decode_object::<Pipeline>(&unknown, &Path::root());
            let mut pipeline = pipeline.unwrap_or_else(|it| panic!("{path}: {it:?}"));
            let told = pipeline.check();
            assert!(!told.has_error(), "{}: {path}: {told:?}", option.name);
            pipeline.complete();
            let tree = pipeline.render();
            assert_eq!(tree.address.is_unknown(), path.to_string() == "name", "{path}");
            let is_silent = ["expected", "stage", "time_budget"];
            let changes_nothing = is_silent.iter().any(|it| path.to_string().ends_with(it));
            assert!(tree.content.is_unknown() || changes_nothing, "{}: {path}", option.name);
            count += 1;
        }
    }
    println!("{count} values were unknown, each by itself");
}

/// The paths of all values in a value that are not null.
fn parts(value: &CtyValue, path: &Path, found: &mut Vec<Path>) {
    let mut inner = |path: Path, it: &CtyValue| {
        if !it.is_null() {
            found.push(path.clone());
            parts(it, &path, found);
        }
    };
    match value.kind() {
        Kind::Object(it) => {
            it.iter().for_each(|(name, it)| inner(path.attribute(name.clone()), it))
        }
        Kind::Map(_, it) => it.iter().for_each(|(key, it)| inner(path.key(key.clone()), it)),
        Kind::List(_, it) => it.iter().enumerate().for_each(|(i, it)| inner(path.index(i), it)),
        _ => {}
    }
}

/// A value with an unknown one at that path.
fn with_unknown(value: &CtyValue, path: &[Step]) -> CtyValue {
    let [step, rest @ ..] = path else { return CtyValue::unknown(value.ty()) };
    match (step, value.kind()) {
        (Step::Attribute(name), Kind::Object(it)) => {
            CtyValue::object(it.iter().map(|(key, it)| {
                (key.clone(), if key == name { with_unknown(it, rest) } else { it.clone() })
            }))
        }
        (Step::Key(name), Kind::Map(ty, it)) => CtyValue::map(
            ty.clone(),
            it.iter().map(|(key, it)| {
                (key.clone(), if key == name { with_unknown(it, rest) } else { it.clone() })
            }),
        ),
        (Step::Index(at), Kind::List(ty, it)) => CtyValue::list(
            ty.clone(),
            it.iter()
                .enumerate()
                .map(|(i, it)| if i == *at { with_unknown(it, rest) } else { it.clone() }),
        ),
        _ => panic!("there is no {step:?}"),
    }
}

/// All that may come of a pipeline: the document, what it tells of itself, and problems.
fn effects(said: &Value) -> (String, Value, Vec<String>) {
    let mut pipeline = pipeline(said);
    pipeline.complete();
    let told = pipeline.check().iter().map(ToString::to_string).collect();
    let value = cty_json::encode(&pipeline.encode_value(), &Pipeline::object_type()).unwrap();
    let value: Value = serde_json::from_str(&value).unwrap();
    let computed = ["check_names", "gate_check", "critical_path", "critical_path_duration"];
    let computed = computed.map(|it| (it.to_owned(), value[it].clone()));
    (rendered(&pipeline), Value::Object(computed.into_iter().collect()), told)
}

/// The paths of all attributes that a configuration may say.
fn declare(object: &Object, path: &str, found: &mut BTreeSet<String>) {
    for attribute in object.attributes.iter().filter(|it| it.is_configurable()) {
        let path = format!("{path}.{}", attribute.name);
        if let AttributeKind::Nested(_, inner) = &attribute.kind {
            declare(inner, &path, found);
        }
        found.insert(path);
    }
}

/// The paths of those that are said.
fn attributes_of(object: &Object, said: &Value, path: &str, found: &mut BTreeSet<String>) {
    for attribute in &object.attributes {
        let Some(it) = said.get(attribute.name.as_ref()).filter(|it| !it.is_null()) else {
            continue;
        };
        let path = format!("{path}.{}", attribute.name);
        if let AttributeKind::Nested(nesting, inner) = &attribute.kind {
            let inners: Vec<&Value> = match (nesting, it) {
                (stanchion_cty::schema::Nesting::Single, it) => vec![it],
                (_, Value::Object(it)) => it.values().collect(),
                (_, it) => it.as_array().map(|it| it.iter().collect()).unwrap_or_default(),
            };
            for it in inners {
                attributes_of(inner, it, &path, found);
            }
        }
        found.insert(path);
    }
}
