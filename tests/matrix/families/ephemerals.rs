//! Ephemeral resources: values of every kind, and how one is opened, renewed and closed.

use std::rc::Rc;

use serde_json::Value;
use stanchion_tests::{Diagnostic, Terraform};

use crate::features::Feature;
use crate::json::assert_is;
use crate::suite::{self, Case, case};
use stanchion_tests::place::{Place, with_trial};

pub(crate) struct Family;

/// An attribute of an ephemeral resource, a value as it is written, and as JSON shows it.
const KINDS: &[(&str, &str, &str)] = &[
    ("flag", "true", "true"),
    ("number", "12345678901234567890.5", "12345678901234567890.5"),
    ("whole", "-9223372036854775808", "-9223372036854775808"),
    ("whole32", "-2147483648", "-2147483648"),
    ("float", "0.1", "0.1"),
    ("float32", "3.4e38", "3.4e38"),
    ("text", r#""hä\n""#, r#""hä\n""#),
    ("list", r#"["b", "a"]"#, r#"["b", "a"]"#),
    ("set", r#"["b", "a", "b"]"#, r#"["a", "b"]"#),
    ("map", "{ a = 1 }", r#"{"a": 1}"#),
    ("dynamic", r#"{ a = [1, "b"] }"#, r#"{"a": [1, "b"]}"#),
    (
        "plain",
        r#"{ text = "a", number = 1.5, list = ["b", null] }"#,
        r#"{"text": "a", "number": 1.5, "list": ["b", null]}"#,
    ),
    ("loose", r#"{ text = "a", any = [1, "b"] }"#, r#"{"text": "a", "any": [1, "b"]}"#),
    ("single", r#"{ key = "k" }"#, r#"{"key": "k", "value": null}"#),
    ("pairs", r#"[{ key = "k", value = 1 }]"#, r#"[{"key": "k", "value": 1}]"#),
    ("pair_set", r#"[{ key = "k" }, { key = "k" }]"#, r#"[{"key": "k", "value": null}]"#),
    ("pair_map", r#"{ x = { key = "k" } }"#, r#"{"x": {"key": "k", "value": null}}"#),
];

/// Blocks of an ephemeral resource: their name, the blocks as they are written, what JSON shows of
/// them, and of none.
const BLOCKS: &[(&str, &str, &str, &str)] = &[
    (
        "one",
        "one {\n    key = \"a\"\n    value = 2\n    inner { text = \"x\" }\n  }",
        r#"{"key": "a", "value": 2, "inner": [{"text": "x"}], "made": "made of a"}"#,
        "null",
    ),
    (
        "row",
        "row { key = \"b\" }\n  row { key = \"a\" }",
        r#"[{"key": "b", "value": 1, "inner": [], "made": "made of b"},
            {"key": "a", "value": 1, "inner": [], "made": "made of a"}]"#,
        "[]",
    ),
    (
        "heap",
        "heap { key = \"b\" }\n  heap { key = \"a\" }\n  heap { key = \"b\" }",
        r#"[{"key": "a", "value": 1, "inner": [], "made": "made of a"},
            {"key": "b", "value": 1, "inner": [], "made": "made of b"}]"#,
        "[]",
    ),
    (
        "shelf",
        "shelf \"x\" { key = \"a\" }",
        r#"{"x": {"key": "a", "value": 1, "inner": [], "made": "made of a"}}"#,
        "{}",
    ),
];

pub(crate) struct World {
    place: Rc<Place>,
    planned: Vec<String>,
    applied: Vec<String>,
    all: Value,
    none: Value,
    failed: Vec<Diagnostic>,
}

impl suite::Family for Family {
    const NAME: &'static str = "ephemeral resources";
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = suite::place(terraform);
        place.order("open.refused", "error");
        let refused = "ephemeral \"trial_lease\" \"it\" {\n  name = \"refused\"\n}\n";
        let mut failed = place.workspace.errors(&with_trial(refused));
        place.order("open.broken", "panic");
        failed.extend(place.workspace.errors(&with_trial(&refused.replace("refused", "broken"))));
        place.take_log();
        place.workspace.write("main.tf", configuration(Feature::WRITE_ONLY.is_in(terraform)));
        place.workspace.plan();
        let planned = place.take_log();
        place.workspace.apply_plan();
        let applied = place.take_log();
        let [all, none] = ["all", "none"]
            .map(|it| serde_json::from_str(&place.read(&format!("given/{it}")).unwrap()).unwrap());
        World { place, planned, applied, all, none, failed }
    }

    fn cases() -> Vec<Case<World>> {
        let mut cases = Vec::new();
        let kinds = KINDS.iter().map(|&(name, _, expected)| (name, expected, "null"));
        let blocks = BLOCKS.iter().map(|&(name, _, expected, none)| (name, expected, none));
        for (name, expected, none) in kinds.chain(blocks) {
            cases.push(case(format!("{name}: given"), move |world: &World| {
                let mut opened = world.all.clone();
                // A value of any type is stored beside its type.
                let any = match name {
                    "dynamic" => Some(&mut opened[name]),
                    "loose" => Some(&mut opened[name]["any"]),
                    _ => None,
                };
                if let Some(any) = any {
                    *any = any["value"].take();
                }
                assert_is(&opened[name], expected);
            }));
            let told = case(format!("{name}: told"), move |world: &World| {
                // What came out of it went on into a write-only attribute.
                let told = world.place.read("told/all").unwrap();
                let told: Value = serde_json::from_str(&told).unwrap();
                assert_is(&told[name], expected);
            });
            cases.push(told.needs(Feature::WRITE_ONLY));
            cases.push(case(
                format!("{name}: {none} where it is left out"),
                move |world: &World| {
                    assert_is(&world.none[name], none);
                },
            ));
        }
        cases.extend([
            case("opened and closed once in a plan", |world: &World| {
                assert_eq!(
                    (count(&world.planned, "open l"), count(&world.planned, "close l")),
                    (1, 1)
                );
            }),
            case("opened and closed once in an apply", |world: &World| {
                assert_eq!(
                    (count(&world.applied, "open l"), count(&world.applied, "close l")),
                    (1, 1)
                );
            }),
            case("renewed while it is needed", |world: &World| {
                assert!(count(&world.applied, "renew l") >= 1, "{:?}", world.applied);
            }),
            case("not renewed after it is closed", |world: &World| {
                let closed = world.applied.iter().position(|it| it == "close l").unwrap();
                let renewed = world.applied.iter().rposition(|it| it == "renew l").unwrap();
                assert!(renewed < closed, "{:?}", world.applied);
            }),
            case("not opened while its configuration is unknown", |world: &World| {
                assert_eq!(count(&world.planned, "open thing-slow"), 0, "{:?}", world.planned);
                assert_eq!(count(&world.applied, "open thing-slow"), 1, "{:?}", world.applied);
            }),
            case("in no state and no plan", |world: &World| {
                let state = world.place.workspace.state();
                assert!(!state.addresses().iter().any(|it| it.starts_with("ephemeral.")));
                let text = world.place.workspace.read("terraform.tfstate");
                assert!(!text.contains("made up"), "{text}");
            }),
            case("one that can't be opened is an error at its place", |world: &World| {
                assert_eq!(world.failed[0].summary, "trial_lease is ordered to fail");
                assert_eq!(world.failed[0].detail, "Take the order back.");
                let line = with_trial("").lines().count();
                assert!(world.failed[0].place.starts_with(&format!("main.tf:{line}:")));
            }),
            case("a panic while it is opened is an error of that one", |world: &World| {
                let told = world.failed.iter().find(|it| it.summary.contains("panic")).unwrap();
                assert!(told.summary.contains("ordered for broken at"), "{told}");
            }),
        ]);
        cases.into_iter().map(|it| it.needs(Feature::EPHEMERAL)).collect()
    }
}

fn count(log: &[String], line: &str) -> usize {
    log.iter().filter(|it| *it == line).count()
}

/// What opens, and what needs what was opened: by a write-only attribute, or by a provider's setting
/// where there are none.
fn configuration(write_only: bool) -> String {
    let given: String =
        KINDS.iter().map(|(name, value, _)| format!("  {name} = {value}\n")).collect();
    let blocks: String = BLOCKS.iter().map(|(_, blocks, ..)| format!("  {blocks}\n")).collect();
    let names = KINDS.iter().map(|it| it.0).chain(BLOCKS.iter().map(|it| it.0));
    let told: String =
        names.map(|name| format!("    {name} = ephemeral.trial_given.all.{name}\n")).collect();
    let needing = |lease: &str| match write_only {
        true => (String::new(), format!("token = ephemeral.trial_lease.{lease}.token")),
        false => (
            format!(
                "provider \"trial\" {{\n  alias = \"{lease}\"\n  \
                 root = ephemeral.trial_lease.{lease}.token == \"\" ? \"\" : null\n}}\n"
            ),
            format!("provider = trial.{lease}"),
        ),
    };
    let ((l_provider, l), (later_provider, later)) = (needing("l"), needing("later"));
    let all = match write_only {
        true => format!("token = jsonencode({{\n{told}  }})"),
        false => String::new(),
    };
    with_trial(&format!(
        r#"{l_provider}{later_provider}ephemeral "trial_given" "all" {{
  name = "all"
{given}{blocks}}}
ephemeral "trial_given" "none" {{ name = "none" }}
resource "trial_thing" "all" {{
  name = "all"
  {all}
}}
resource "trial_slow" "slow" {{
  name    = "slow"
  seconds = 1.6
}}
resource "trial_thing" "slow" {{
  name = "slow"
  note = trial_slow.slow.complete
}}
ephemeral "trial_lease" "l" {{ name = "l" }}
resource "trial_thing" "before" {{
  name = "before"
  {l}
}}
resource "trial_thing" "after" {{
  name = "after"
  note = trial_slow.slow.complete
  {l}
}}
ephemeral "trial_lease" "later" {{ name = trial_thing.slow.id }}
resource "trial_thing" "last" {{
  name = "last"
  {later}
}}
"#
    ))
}
