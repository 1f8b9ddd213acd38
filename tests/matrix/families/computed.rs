//! Computed values: unknown where only the change shows them, kept or following where they can be.

use std::rc::Rc;

use serde_json::{Value, json};
use stanchion_tests::{Diagnostic, Plan, Step, Terraform};

use crate::suite::{self, Case, case};
use stanchion_tests::place::{Place, with_trial};

pub(crate) struct Family;

pub(crate) struct World {
    first: Step,
    then: Step,
    last: Plan,
    said: Vec<Diagnostic>,
    place: Rc<Place>,
}

const ONE: &str = "trial_thing.one";
const SAME: &str = "trial_thing.same";
const ZONED: &str = "trial_thing.zoned";
const OWN: &str = "trial_thing.own";
const NULL: &str = "trial_thing.null";
const LATER: &str = "trial_later.u";
const ANY: &str = "trial_dynamic.any";
const WHOLE: &str = "trial_dynamic.whole";

/// A dynamic value's type, and what it is in one step and the next.
const TYPES: &[(&str, &str, &str)] = &[
    ("string_number", "\"a\"", "1"),
    ("number_object", "1.5", "{ a = [1, \"b\"] }"),
    ("object_null", "{ a = 1 }", "null"),
    ("null_list", "null", "[\"a\", 2]"),
    ("digits_text", "7", "\"7\""),
];

impl suite::Family for Family {
    const NAME: &'static str = "computed and unknown values";
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = suite::place(terraform);
        let thing = |name: &str, inner: &str| {
            format!("resource \"trial_thing\" \"{name}\" {{\n  name = \"{name}\"\n  {inner}\n}}\n")
        };
        let wrong = [
            thing("heavy", "weight = 201"),
            thing("light", "weight = 0"),
            thing("many", "weight = 300\n  colour = \"red\""),
            thing("written", "digest = \"by hand\""),
            thing("deprecated", "remark = \"old\""),
            thing("warned", "note = \"warn\""),
            thing("red", "weight = 201\n  colour = \"red\""),
        ];
        place.workspace.write("main.tf", with_trial(&wrong.concat()));
        let said = Diagnostic::all(&place.workspace.run(["validate", "-json"]).stdout);
        let things = |note: &str, zone: &str, colour: &str| {
            [
                thing("one", &format!("note = \"{note}\"\n  code = \"sesame-{note}\"")),
                thing("same", "note = \"same\""),
                thing("zoned", zone),
                thing("own", colour),
                thing("null", "colour = null\n  zone = null\n  note = null"),
            ]
            .concat()
        };
        let before: String = TYPES.iter().map(|it| dynamic(it.0, it.1)).collect();
        let now: String = TYPES.iter().map(|it| dynamic(it.0, it.2)).collect();
        let known = things("a", "zone = \"south\"", "colour = \"green\"") + &before + UNKNOWN;
        let first = place.workspace.step(&with_trial(&known));
        let changed = things("b", "", "") + &now + UNKNOWN;
        let then = place.workspace.step(&with_trial(&changed));
        let last =
            place.workspace.plan_of(&with_trial(&changed.replace("note = \"b\"", "note = uuid()")));
        World { first, then, last, said, place }
    }

    fn cases() -> Vec<Case<World>> {
        let mut cases = computed();
        cases.extend(unknown());
        cases.extend(judged());
        for &(name, ..) in TYPES {
            let (before, now) = name.split_once('_').unwrap();
            cases.push(case(
                format!("a dynamic value goes from {before} to {now}"),
                move |it: &World| dynamic_goes_on(it, name),
            ));
        }
        cases
    }
}

fn computed() -> Vec<Case<World>> {
    vec![
        case("of a new object, all that is computed is unknown", |it: &World| {
            assert_eq!(unknowns(&it.first.plan, ONE), ["id", "digest", "revision", "zone"]);
        }),
        case("after the apply, it is known", |it: &World| {
            let values = it.first.state.values(ONE);
            let known = ["id", "digest", "revision", "zone"].map(|name| values[name].clone());
            assert_eq!(known, [json!("thing-one"), json!("<a>"), json!(1), json!("north")]);
        }),
        case("what is kept is known when others change", |it: &World| {
            assert_eq!(it.then.plan.action(ONE), "update");
            assert_eq!(it.then.plan.after(ONE, "id"), "thing-one");
            assert_eq!(it.then.plan.after(ONE, "zone"), "north");
        }),
        case("what follows a value is unknown when it changes", |it: &World| {
            assert_eq!(unknowns(&it.then.plan, ONE), ["digest", "revision"]);
            assert_eq!(it.then.state.value(ONE, "digest"), "<b>");
        }),
        case("what follows another value stays", |it: &World| {
            assert_eq!(it.then.plan.action(OWN), "update");
            assert_eq!(unknowns(&it.then.plan, OWN), ["revision"]);
            assert_eq!(it.then.plan.after(OWN, "digest"), "<>");
        }),
        case("nothing is unknown where nothing changes", |it: &World| {
            assert_eq!(it.then.plan.action(SAME), "no-op");
            assert_eq!(unknowns(&it.then.plan, SAME), [""; 0]);
            assert_eq!(it.then.state.value(SAME, "revision"), 1);
        }),
        case("what may be given is known when it is", |it: &World| {
            assert_eq!(it.first.plan.after(ZONED, "zone"), "south");
            assert_eq!(unknowns(&it.first.plan, ZONED), ["id", "digest", "revision"]);
        }),
        case("what was given is kept when it is given no longer", |it: &World| {
            assert_eq!(it.then.plan.action(ZONED), "no-op");
            assert_eq!(it.then.state.value(ZONED, "zone"), "south");
        }),
        case("a default comes back when a value is given no longer", |it: &World| {
            assert_eq!(it.first.plan.after(OWN, "colour"), "green");
            assert_eq!(it.then.plan.after(OWN, "colour"), "blue");
            assert_eq!(it.place.object("trial_thing", "own").unwrap()["colour"], "blue");
        }),
        case("null that is written is as if nothing were", |it: &World| {
            assert_eq!(it.first.plan.after(NULL, "colour"), "blue");
            assert!(it.first.plan.is_unknown(NULL, "zone"));
            assert_eq!(it.first.state.value(NULL, "note"), Value::Null);
            assert_eq!(it.first.state.value(NULL, "zone"), "north");
        }),
        case("what is sensitive is marked in the plan", |it: &World| {
            assert_eq!(it.first.plan.change(ONE)["after_sensitive"]["code"], true);
            assert_eq!(it.then.plan.change(ONE)["before_sensitive"]["code"], true);
            assert_eq!(it.first.plan.change(ONE)["after_sensitive"]["note"], Value::Null);
        }),
        case("what is sensitive is not printed", |it: &World| {
            assert!(
                it.then.plan.output.words().contains("(sensitive value)"),
                "{}",
                it.then.plan.output
            );
            assert!(!it.then.plan.output.both().contains("sesame"), "{}", it.then.plan.output);
            assert_eq!(it.then.state.value(ONE, "code"), "sesame-b");
        }),
    ]
}

fn unknown() -> Vec<Case<World>> {
    vec![
        case("what is unknown can be known not to be null", |it: &World| {
            assert!(it.first.plan.is_unknown(LATER, "text"));
            assert_eq!(planned(&it.first.plan, "is_there"), true);
        }),
        case("what is unknown can be known to begin so", |it: &World| {
            assert_eq!(planned(&it.first.plan, "begins"), true);
            assert_eq!(planned(&it.first.plan, "begins_otherwise"), false);
        }),
        case("what is unknown can be known to be less", |it: &World| {
            assert_eq!(planned(&it.first.plan, "less"), true);
            assert_eq!(planned(&it.first.plan, "more"), false);
        }),
        case("what is unknown can be known not to have as many", |it: &World| {
            assert_eq!(planned(&it.first.plan, "many"), false);
        }),
        case("what is unknown is what it was known to be", |it: &World| {
            let values = it.first.state.values(LATER);
            assert_eq!(values["text"], "later-and-known");
            assert_eq!([&values["number"], &values["yes"]], [&json!(9), &json!(true)]);
            assert_eq!(values["list"], json!(["a", "b"]));
        }),
        case("a dynamic value that is unknown has any type afterwards", |it: &World| {
            assert!(it.first.plan.is_unknown(LATER, "any"));
            assert_eq!(it.first.state.value(LATER, "any"), json!(["a", 1]));
        }),
        case("a value that is wholly unknown is planned so, and stored", |it: &World| {
            assert!(it.first.plan.is_unknown(WHOLE, "value"));
            assert!(it.first.plan.is_unknown(WHOLE, "stored"));
            assert_eq!(it.first.state.value(WHOLE, "value"), json!(["a", 1]));
            assert_eq!(it.first.state.value(WHOLE, "stored"), json!(["a", 1]));
        }),
        case("a dynamic value with an unknown part keeps what is known", |it: &World| {
            assert_eq!(it.first.plan.after(ANY, "value.known"), "k");
            assert!(it.first.plan.is_unknown(ANY, "value.later"));
            assert!(it.first.plan.is_unknown(ANY, "stored"));
            let value = json!({ "known": "k", "later": "later-and-known" });
            assert_eq!(it.first.state.value(ANY, "stored"), value);
        }),
        case(
            "a value that is known after the apply alone makes its followers unknown",
            |it: &World| {
                assert!(it.last.is_unknown(ONE, "note"));
                assert_eq!(unknowns(&it.last, ONE), ["digest", "revision"]);
                assert_eq!(it.last.after(ONE, "id"), "thing-one");
            },
        ),
    ]
}

fn judged() -> Vec<Case<World>> {
    let told = |name: &str, severity: &'static str, address: &'static str, said: &'static str| {
        case(name, move |it: &World| {
            let address = format!("trial_thing.{address}");
            let of_it = it.said.iter().filter(|it| it.address == address);
            let found: Vec<String> =
                of_it.map(|it| format!("{} {}: {}", it.severity, it.summary, it.detail)).collect();
            assert_eq!(found, [format!("{severity} {said}")]);
        })
    };
    vec![
        told(
            "an object is checked as a whole",
            "error",
            "heavy",
            "colour must be red for what is heavy: Say \"red\" or take a weight of at most 200.",
        ),
        told(
            "a number is checked against its bound",
            "error",
            "light",
            "weight must be at least 1: ",
        ),
        told(
            "a number that does not fit is refused",
            "error",
            "many",
            "weight must be a whole number from 0 to 255, and is 300: ",
        ),
        told(
            "what the provider alone computes can't be written",
            "error",
            "written",
            "digest is the provider's to say: Leave it out.",
        ),
        told(
            "what is deprecated is warned of",
            "warning",
            "deprecated",
            "remark is deprecated: Use `note`.",
        ),
        told(
            "a warning of the author's is shown",
            "warning",
            "warned",
            "note warns: Say something else.",
        ),
        case("an object that fulfils its checks has nothing said of it", |it: &World| {
            let of_it = it.said.iter().filter(|it| it.address == "trial_thing.red");
            assert_eq!(of_it.count(), 0, "{:?}", it.said);
            assert!(it.said.iter().any(|it| it.address == "trial_thing.heavy"));
        }),
    ]
}

#[track_caller]
fn dynamic_goes_on(it: &World, name: &str) {
    let address = format!("trial_dynamic.{name}");
    let (_, before, now) = TYPES.iter().find(|it| it.0 == name).unwrap();
    let [before, now] = [before, now]
        .map(|it| -> Value { serde_json::from_str(&it.replace("a = ", "\"a\": ")).unwrap() });
    assert_eq!(it.first.plan.after(&address, "value"), before);
    assert_eq!(it.first.state.value(&address, "stored"), before);
    let change = it.then.plan.change(&address);
    assert_eq!([&change["before"]["value"], &change["after"]["value"]], [&before, &now]);
    assert!(it.then.plan.is_unknown(&address, "stored"), "{change:#}");
    let values = it.then.state.values(&address);
    assert_eq!([&values["value"], &values["stored"]], [&now, &now]);
}

/// Which of a thing's computed values are planned as unknown.
fn unknowns(plan: &Plan, address: &str) -> Vec<&'static str> {
    let computed = ["id", "digest", "revision", "zone"];
    computed.into_iter().filter(|it| plan.is_unknown(address, it)).collect()
}

/// The value of an output, as far as a plan knows it.
fn planned(plan: &Plan, output: &str) -> Value {
    plan.json["planned_values"]["outputs"][output]["value"].clone()
}

fn dynamic(name: &str, value: &str) -> String {
    format!(
        "resource \"trial_dynamic\" \"{name}\" {{\n  name = \"{name}\"\n  value = {value}\n}}\n"
    )
}

const UNKNOWN: &str = r#"
resource "trial_later" "u" {
  name = "u"
}
resource "trial_dynamic" "whole" {
  name  = "whole"
  value = trial_later.u.any
}
resource "trial_dynamic" "any" {
  name  = "any"
  value = { known = "k", later = trial_later.u.text }
}
output "is_there" {
  value = trial_later.u.text != null
}
output "begins" {
  value = startswith(trial_later.u.text, "later-")
}
output "begins_otherwise" {
  value = startswith(trial_later.u.text, "sooner")
}
output "less" {
  value = trial_later.u.number < 10
}
output "more" {
  value = trial_later.u.number > 10
}
output "many" {
  value = length(trial_later.u.list) == 4
}
"#;
