//! A provider's settings: from the configuration, from the environment, from variables; wrong ones.

use serde_json::json;
use stanchion_tests::{Diagnostic, Plan, State, Terraform};

use crate::suite::{self, Case, case};
use stanchion_tests::place::{Place, with_trial};

pub(crate) struct Family;

pub(crate) struct World {
    interpolated: State,
    aliased: State,
    later: (Plan, State),
    from_environment: Vec<Diagnostic>,
    out_of_range: Vec<Diagnostic>,
    blank: Vec<Diagnostic>,
    unknown_argument: Vec<Diagnostic>,
}

const THING: &str = "resource \"trial_thing\" \"a\" {\n  name = var.name\n  note = \"${var.name}-${var.list[1]}-${var.object.key}\"\n}\n";
const VARIABLES: &str = "variable \"name\" {}\nvariable \"list\" { type = list(number) }\nvariable \"object\" { type = object({ key = string }) }\n";

impl suite::Family for Family {
    const NAME: &'static str = "settings and variables";
    type World = World;

    fn prepare(terraform: &Terraform) -> World {
        let place = || Place::new(terraform);
        let variables = |place: Place| {
            place
                .with_env("TF_VAR_name", "from the environment")
                .with_env("TF_VAR_list", "[1, 2]")
                .with_env("TF_VAR_object", "{ key = \"k\" }")
        };
        let text = with_trial(&format!("{VARIABLES}{THING}"));
        let interpolated = suite::kept(variables(place())).workspace.step(&text).state;

        let it = suite::place(terraform);
        let other = it.root().join("other");
        std::fs::create_dir(&other).unwrap();
        let text = with_trial(&format!(
            "provider \"trial\" {{\n  alias = \"other\"\n  root = {other:?}\n}}\n\
             resource \"trial_thing\" \"here\" {{\n  name = \"same\"\n  note = \"here\"\n}}\n\
             resource \"trial_thing\" \"there\" {{\n  provider = trial.other\n  name = \"same\"\n  note = \"there\"\n}}\n"
        ));
        let aliased = it.workspace.step(&text).state;

        let it = suite::place(terraform);
        let text = with_trial(&format!(
            "resource \"terraform_data\" \"root\" {{\n  input = {:?}\n}}\n\
             provider \"trial\" {{\n  root = terraform_data.root.output\n}}\n\
             resource \"trial_thing\" \"a\" {{\n  name = \"a\"\n}}\n",
            it.root()
        ));
        let step = it.workspace.step(&text);

        let errors = |place: Place, settings: &str| {
            let thing = "resource \"trial_thing\" \"a\" {\n  name = \"a\"\n}\n";
            place.workspace.errors(&with_trial(&format!("{settings}{thing}")))
        };
        World {
            interpolated,
            aliased,
            later: (step.plan, step.state),
            from_environment: errors(place().with_env("TRIAL_LIMIT", "many"), ""),
            out_of_range: errors(place(), "provider \"trial\" {\n  limit = 70000\n}\n"),
            blank: errors(place(), "provider \"trial\" {\n  root = \" \"\n}\n"),
            unknown_argument: errors(place(), "provider \"trial\" {\n  colour = \"red\"\n}\n"),
        }
    }

    fn cases() -> Vec<Case<World>> {
        let setting_at =
            |line: usize| format!("main.tf:{}:", with_trial("").lines().count() - 1 + line);
        vec![
            case("a variable comes from TF_VAR_name", |world: &World| {
                assert_eq!(
                    world.interpolated.value("trial_thing.a", "name"),
                    "from the environment"
                );
            }),
            case("list and object variables are interpolated", |world: &World| {
                let note = world.interpolated.value("trial_thing.a", "note");
                assert_eq!(note, "from the environment-2-k");
            }),
            case("two configurations of one provider work side by side", |world: &World| {
                assert_eq!(world.aliased.value("trial_thing.here", "note"), "here");
                assert_eq!(world.aliased.value("trial_thing.there", "note"), "there");
            }),
            case("a setting that is not known yet defers what needs it", |world: &World| {
                let (plan, state) = &world.later;
                assert_eq!(plan.action("trial_thing.a"), "create");
                assert!(plan.is_unknown("trial_thing.a", "id"));
                assert_eq!(state.value("trial_thing.a", "id"), json!("thing-a"));
            }),
            case(
                "a setting from the environment is checked, and its variable named",
                |world: &World| {
                    let summary = "limit comes from TRIAL_LIMIT, which is no number";
                    assert_eq!(world.from_environment[0].summary, summary);
                },
            ),
            case("a setting out of its range is refused at its place", move |world: &World| {
                let told = &world.out_of_range[0];
                let summary = "limit must be a whole number from 0 to 65535, and is 70000";
                assert_eq!(told.summary, summary);
                assert!(told.place.starts_with(&setting_at(2)), "{told}");
            }),
            case("a setting that fails its check is refused at its place", move |world: &World| {
                assert_eq!(world.blank[0].summary, "root must not be blank");
                assert!(world.blank[0].place.starts_with(&setting_at(2)), "{}", world.blank[0]);
            }),
            case("a setting that is not declared is refused", |world: &World| {
                let told = format!("{}", world.unknown_argument[0]);
                assert!(told.contains("argument named \"colour\" is not expected"), "{told}");
            }),
        ]
    }
}
