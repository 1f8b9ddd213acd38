//! What a user writes stays where it belongs: nothing of it ends up elsewhere in the YAML, in a
//! script, or in an expression.

use proptest::prelude::*;
use serde_json::{Value, json};
use stanchion_cty::schema::{Block, decode_object, validate};
use stanchion_cty::spanned::{Data, Node};
use stanchion_cty::yaml::{Dialect, parse};
use stanchion_cty::{Path, json as cty_json};
use stanchion_model::{Document, Found, Pipeline};

use super::deliveries::delivered;
use super::options::{base, merged};

/// A place where a user writes a text: the patch that says it, and where the workflow must have it.
struct Place {
    name: &'static str,
    said: fn(&str) -> Value,
    /// The way to it through the workflow, and what stands there for a text.
    written: &'static [&'static str],
    as_written: fn(&str) -> String,
}

const fn place(
    name: &'static str,
    said: fn(&str) -> Value,
    written: &'static [&'static str],
) -> Place {
    Place { name, said, written, as_written: str::to_owned }
}

fn test(patch: Value) -> Value {
    json!({"jobs": {"test": patch}})
}

const PLACES: &[Place] = &[
    place("name", |it| json!({"name": it}), &["name"]),
    place(
        "branch",
        |it| json!({"triggers": {"push": {"branches": [it]}}}),
        &["on", "push", "branches", "0"],
    ),
    place("tag", |it| json!({"triggers": {"push": {"tags": [it]}}}), &["on", "push", "tags", "0"]),
    place(
        "branch of a pull request",
        |it| json!({"triggers": {"pull_request": {"branches": [it]}}}),
        &["on", "pull_request", "branches", "0"],
    ),
    place(
        "question",
        |it| json!({"triggers": {"dispatch": {"inputs": {"a": {"description": it}}}}}),
        &["on", "workflow_dispatch", "inputs", "a", "description"],
    ),
    place(
        "answer",
        |it| json!({"triggers": {"dispatch": {"inputs": {"a": {"description": "a", "default": it}}}}}),
        &["on", "workflow_dispatch", "inputs", "a", "default"],
    ),
    Place {
        name: "group",
        said: |it| json!({"concurrency": {"group": it}}),
        written: &["concurrency", "group"],
        as_written: |it| format!("{it}-${{{{ github.ref }}}}"),
    },
    place("script", |it| test(json!({"run": it})), &["jobs", "test", "steps", "1", "run"]),
    place("variable", |it| test(json!({"env": {"A": it}})), &["jobs", "test", "env", "A"]),
    place(
        "value of a matrix",
        |it| test(json!({"matrix": {"a": [it]}})),
        &["jobs", "test", "strategy", "matrix", "a", "0"],
    ),
    place(
        "value that is included",
        |it| test(json!({"matrix_include": [{"a": it}]})),
        &["jobs", "test", "strategy", "matrix", "include", "0", "a"],
    ),
    Place {
        name: "path",
        said: |it| test(json!({"paths": [it]})),
        written: &["jobs", "changes", "steps", "1", "env", "PATHS"],
        as_written: |it| format!("test {it}\ntest .github/workflows/service.yml\n"),
    },
    place(
        "cached path",
        |it| test(json!({"cache": {"paths": [it]}})),
        &["jobs", "test", "steps", "1", "with", "path"],
    ),
    Place {
        name: "file of a key",
        said: |it| test(json!({"cache": {"paths": ["a"], "key_files": [it]}})),
        written: &["jobs", "test", "steps", "1", "with", "key"],
        as_written: |it| {
            let it = it.replace('\'', "''");
            format!("${{{{ runner.os }}}}-test-cache-${{{{ hashFiles('{it}') }}}}")
        },
    },
    place(
        "command of coverage",
        |it| test(json!({"coverage": {"command": it, "floor": 1}})),
        &["jobs", "test", "steps", "2", "env", "COMMAND"],
    ),
    place(
        "variable of a service",
        |it| test(json!({"services": {"a": {"image": IMAGE, "env": {"A": it}}}})),
        &["jobs", "test", "services", "a", "env", "A"],
    ),
    Place {
        name: "name of a step",
        said: |it| test(json!({"run": null, "steps": [{"name": it, "run": "x"}]})),
        written: &["jobs", "test", "steps", "1", "name"],
        as_written: str::to_owned,
    },
    place(
        "folder of a step",
        |it| test(json!({"run": null, "steps": [{"working_directory": it, "run": "x"}]})),
        &["jobs", "test", "steps", "1", "working-directory"],
    ),
    place(
        "script of a step",
        |it| test(json!({"run": null, "steps": [{"run": it}]})),
        &["jobs", "test", "steps", "1", "run"],
    ),
    place(
        "variable of a step",
        |it| test(json!({"run": null, "steps": [{"run": "x", "env": {"A": it}}]})),
        &["jobs", "test", "steps", "1", "env", "A"],
    ),
    place(
        "input of an action",
        |it| {
            test(
                json!({"run": null, "steps": [{"uses": "actions/upload-artifact", "with": {"path": it}}]}),
            )
        },
        &["jobs", "test", "steps", "1", "with", "path"],
    ),
    Place {
        name: "expression",
        said: |it| test(json!({"env_from": {"A": it}})),
        written: &["jobs", "test", "env", "A"],
        as_written: |it| format!("${{{{ {it} }}}}"),
    },
    Place {
        name: "condition",
        said: |it| test(json!({"run": null, "steps": [{"run": "x", "if": it}]})),
        written: &["jobs", "test", "steps", "1", "if"],
        as_written: |it| format!("${{{{ {it} }}}}"),
    },
    Place {
        name: "reason",
        said: |it| test(json!({"permissions": {"checks": {"access": "write", "reason": it}}})),
        written: &["jobs", "test", "permissions", "checks"],
        as_written: |_| "write".to_owned(),
    },
    place(
        "folder of an image",
        |it| delivering(json!({"images": {"app": {"context": it}}})),
        &["jobs", "image-app", "steps", "2", "with", "context"],
    ),
    place(
        "file of an image",
        |it| delivering(json!({"images": {"app": {"dockerfile": it}}})),
        &["jobs", "image-app", "steps", "2", "with", "file"],
    ),
    Place {
        name: "argument of a build",
        said: |it| delivering(json!({"images": {"app": {"args": {"A": it}}}})),
        written: &["jobs", "image-app", "steps", "2", "with", "build-args"],
        as_written: |it| format!("A={it}\n"),
    },
    place(
        "address of an environment",
        |it| delivering(json!({"environments": [{"name": "staging", "url": it}]})),
        &["jobs", "deploy-app-to-staging", "environment", "url"],
    ),
    Place {
        name: "branch of an environment",
        said: |it| delivering(json!({"environments": [{"name": "staging", "branches": [it]}]})),
        written: &["jobs", "deploy-app-to-staging", "if"],
        as_written: |it| {
            format!(
                "${{{{ !cancelled() && !failure() && needs.gate.result == 'success' \
                 && github.event_name != 'pull_request' && github.event_name != 'merge_group' \
                 && github.ref_type == 'branch' && (github.ref_name == '{it}') \
                 && needs.publish-app.result == 'success' }}}}"
            )
        },
    },
    place(
        "environment of a rollback",
        |it| delivering(json!({"environments": [{"name": "staging", "rollback_environment": it}]})),
        &["jobs", "rollback-app-in-staging", "environment"],
    ),
    place(
        "attribute of a platform",
        |it| deploying(json!({"platform": {"ecs": {"cluster": it}}})),
        &["jobs", "deploy-app-to-staging", "env", "CLUSTER"],
    ),
    place(
        "variable of a deployment",
        |it| deploying(json!({"env": {"A": it}})),
        &["jobs", "rollback-app-in-staging", "env", "A"],
    ),
    place(
        "migration",
        |it| deploying(json!({"migrate": it})),
        &["jobs", "deploy-app-to-staging", "steps", "4", "run"],
    ),
    place(
        "verification",
        |it| deploying(json!({"verify": it})),
        &["jobs", "verify-app-in-staging", "steps", "1", "run"],
    ),
    Place {
        name: "role",
        said: |it| {
            delivering(json!({"oidc": {"aws": {"role": format!("arn:aws:iam::1:role/{it}")}}}))
        },
        written: &["jobs", "deploy-app-to-staging", "steps", "1", "with", "role-to-assume"],
        as_written: |it| format!("arn:aws:iam::1:role/{it}"),
    },
];

/// A service that is deployed to Amazon ECS, with a patch.
fn delivering(patch: Value) -> Value {
    merged(&delivered("ecs", "rolling"), &patch)
}

fn deploying(patch: Value) -> Value {
    delivering(json!({"deployments": {"app": patch}}))
}

const IMAGE: &str = "a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Texts that would like to be something else.
const SLY: &[&str] = &[
    "a\nb: c\n",
    "a\n      - run: id\n",
    "- a",
    "*a",
    "&a b",
    "!!bool x",
    "<<",
    "a: b",
    "a #b",
    "'",
    "''",
    "\"",
    "\\",
    "`id`",
    "$(id)",
    "${HOME}",
    "${{ secrets.TOKEN }}",
    "a ${{ github.token }} b",
    "}}",
    "') }} ${{ github.token }} ('",
    "' || github.token || '",
    "%0A::error::x",
    "EOF\nid\nEOF",
    "null",
    "true",
    "on",
    "1.10",
    "~",
    "\t",
    " a ",
    "a\r\nb",
    "\u{feff}",
    "\u{2028}",
    "\u{85}",
    "é\u{301}😀",
    "github.sha",
    "github.sha # x",
    "|",
    ">-\n a",
    "? a",
    "{a: b}",
    "[a]",
    "%YAML 1.1",
    "---\na",
];

fn text() -> impl Strategy<Value = String> {
    let sly = prop::sample::select(SLY).prop_map(str::to_owned);
    let odd = "[ -~\\n\\té😀\u{85}\u{2028}]{0,20}";
    let some = prop_oneof![sly, odd.prop_map(|it| it)];
    prop::collection::vec(some, 1..3).prop_map(|it| it.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 700, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_of_a_users_leaves_its_place(i in 0..PLACES.len(), text in text()) {
        stays(&PLACES[i], &text)?;
    }
}

#[test]
fn sly_texts_stay_at_every_place_or_are_refused() {
    let (mut kept, mut refused) = (0, 0);
    for place in PLACES {
        for text in SLY {
            match stays(place, text) {
                Ok(true) => kept += 1,
                Ok(false) => refused += 1,
                Err(error) => panic!("{}: {text:?}: {error}", place.name),
            }
        }
    }
    println!("{} texts at {} places: {kept} kept, {refused} refused", SLY.len(), PLACES.len());
    assert!(kept > 500 && refused > 100, "{kept} kept, {refused} refused");
}

/// Whether a text is taken at a place. If it is, it stands there to the letter, everything else is as
/// it is around a harmless text, and it is read back as it was said.
fn stays(place: &Place, text: &str) -> Result<bool, TestCaseError> {
    let Some(pipeline) = pipeline(&merged(&base(), &(place.said)(text))) else {
        return Ok(false);
    };
    let tree = pipeline.render();
    let written = tree.text().into_known().unwrap();
    let workflow = parse(&written, Dialect::Core);
    let workflow = workflow.map_err(|error| TestCaseError::fail(format!("{error}\n{written}")))?;
    let expected = (place.as_written)(&normal(text));
    let at = place.written.iter().try_fold(&workflow, |node, key| step(node, key));
    prop_assert_eq!(at.and_then(Node::as_str), Some(&*expected), "{}\n{}", place.name, written);
    let harmless =
        if matches!(place.name, "expression" | "condition") { "github.sha" } else { "harmless" };
    let other = self::pipeline(&merged(&base(), &(place.said)(harmless))).unwrap();
    let other = parse(&other.render().text().into_known().unwrap(), Dialect::Core).unwrap();
    prop_assert_eq!(shape(&workflow), shape(&other), "{}\n{}", place.name, written);
    let found = Found { address: tree.address.into_known().unwrap(), text: written };
    let seen = Pipeline::observe(Some(&pipeline), &found).document;
    prop_assert_eq!(&seen.jobs, &pipeline.jobs, "{}", place.name);
    prop_assert_eq!(&seen.triggers, &pipeline.triggers, "{}", place.name);
    Ok(true)
}

/// The text as a state has it: in Unicode's normal form C.
fn normal(text: &str) -> String {
    stanchion_cty::Value::string(text).as_str().unwrap_or_default().to_owned()
}

/// What a configuration says, if all of it is right.
fn pipeline(said: &Value) -> Option<Pipeline> {
    let value = cty_json::decode(&said.to_string(), &Pipeline::object_type()).ok()?;
    if !validate(&Pipeline::object(), &value).is_empty() {
        return None;
    }
    let pipeline: Pipeline = decode_object(&value, &Path::root()).ok()?;
    (!pipeline.check().has_error()).then_some(pipeline)
}

fn step<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    match &node.data {
        Data::List(items) => items.get(key.parse::<usize>().ok()?),
        _ => node.get(key),
    }
}

/// All keys of a workflow and the number of items in its lists, and no texts.
fn shape(node: &Node) -> Value {
    match &node.data {
        Data::List(items) => items.iter().map(shape).collect(),
        Data::Map(entries) => {
            entries.iter().map(|it| (it.key.to_string(), shape(&it.value))).collect()
        }
        it => json!(it.friendly()),
    }
}
