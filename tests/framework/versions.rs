//! What each Terraform and OpenTofu gets, and what one that is too old is told.

use std::thread;

use stanchion_tests::{Diagnostic, Provider, Terraform, Workspace};

use stanchion_tests::place::{Place, trial, with_trial};

#[test]
fn a_thing_lives_under_every_terraform() {
    let all = [Terraform::all(), vec![Terraform::tofu()]].concat();
    let halves = all.split_at(all.len() / 2);
    thread::scope(|scope| {
        let half = scope.spawn(|| halves.0.iter().for_each(a_thing_lives_under));
        halves.1.iter().for_each(a_thing_lives_under);
        half.join().unwrap();
    });
}

fn a_thing_lives_under(terraform: &Terraform) {
    let place = Place::new(terraform);
    let step = place.workspace.step(&with_trial(
        r#"resource "trial_thing" "one" {
             name = "one"
             note = provider::trial::join("-", "a", "b")
           }
           data "trial_lookup" "one" { name = trial_thing.one.name }
           resource "trial_nested" "n" {
             name = "n"
             set  = [{ key = data.trial_lookup.one.note }]
           }
           resource "trial_dynamic" "d" {
             name  = "d"
             value = [trial_nested.n.set, 1e300]
           }"#,
    ));
    assert_eq!(step.state.value("trial_nested.n", "set.0.label"), "1 of a-b");
    assert_eq!(step.state.value("trial_dynamic.d", "stored.0.0.key"), "a-b");
    place.workspace.import_by_command("trial_thing.one", "one", &[]);
    place.workspace.destroy();
    assert_eq!(place.object("trial_thing", "one"), None);
}

#[test]
fn a_terraform_that_is_too_old_is_told_so() {
    let place = Place::new(&Terraform::unsupported());
    let errors =
        place.workspace.errors(&with_trial("resource \"trial_thing\" \"a\" {\n  name = \"a\"\n}"));
    let told: Vec<_> = errors.iter().map(|it| format!("{}: {}", it.summary, it.detail)).collect();
    let sentence = "the provider needs Terraform or OpenTofu 1.8 or newer, and this is 1.6.6: \
                    Upgrade to 1.8 or newer.";
    assert!(told.iter().any(|it| it == sentence), "{told:?}");
}

#[test]
fn a_terraform_that_would_store_a_write_only_value_is_refused_it() {
    for terraform in [Terraform::oldest(), Terraform::version("1.10.5")] {
        let place = Place::new(&terraform);
        let token = |token: &str| {
            with_trial(&format!(
                "resource \"trial_thing\" \"a\" {{\n  name = \"a\"\n  {token}\n}}\n"
            ))
        };
        let errors = place.workspace.errors(&token("token = \"secret\""));
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!(errors[0].summary, "token is write-only, and this Terraform would store it");
        assert!(errors[0].detail.contains("1.11 or newer"), "{}", errors[0]);
        assert!(errors[0].place.starts_with("main.tf:8:"), "{}", errors[0]);
        assert!(!place.workspace.path().join("terraform.tfstate").exists());
        place.workspace.step(&token(""));
    }
}

#[test]
fn editors_ask_without_settings_and_get_every_declaration() {
    for terraform in [Terraform::newest(), Terraform::tofu()] {
        // No root: neither a folder nor anything else is needed.
        let workspace = Workspace::new(&terraform).with_override(&trial());
        workspace.write("main.tf", with_trial("resource \"trial_thing\" \"a\" {\n  name = var.a\n  weight = 0\n}\nvariable \"a\" {}"));
        let output = workspace.run(["validate", "-json"]);
        let told = Diagnostic::all(&output.stdout);
        let errors: Vec<_> = told.iter().filter(|it| it.severity == "error").collect();
        assert_eq!(errors.len(), 1, "{told:?}");
        assert_eq!(errors[0].summary, "weight must be at least 1");
        assert_eq!(errors[0].place, "main.tf:8:12");
        let schemas = workspace.providers_schema();
        let schemas =
            &schemas["provider_schemas"][format!("{}/stanchion/trial", terraform.registry())];
        let thing = &schemas["resource_schemas"]["trial_thing"]["block"]["attributes"];
        assert_eq!(thing["token"]["write_only"], true, "{thing:#}");
        assert_eq!(thing["code"]["sensitive"], true);
        assert_eq!(thing["remark"]["deprecated"], true);
        assert_eq!(thing["note"]["description"], "What is said of it.");
        let nested = &schemas["resource_schemas"]["trial_nested"]["block"]["attributes"];
        assert_eq!(nested["set"]["nested_type"]["nesting_mode"], "set");
        assert_eq!(schemas["resource_schemas"]["trial_aged"]["version"], 2);
        assert!(schemas["ephemeral_resource_schemas"]["trial_lease"].is_object());
        assert!(schemas["data_source_schemas"]["trial_lookup"].is_object());
        if !terraform.is_tofu() {
            assert_eq!(schemas["functions"]["join"]["variadic_parameter"]["name"], "parts");
            assert_eq!(schemas["functions"]["said"]["parameters"][0]["is_nullable"], true);
        }
    }
}

#[test]
fn settings_come_from_the_configuration_or_the_environment_and_are_checked() {
    let place = Place::new(&Terraform::newest()).with_env("TRIAL_LIMIT", "many");
    let thing = "resource \"trial_thing\" \"a\" {\n  name = \"a\"\n}\n";
    let errors = place.workspace.errors(&with_trial(thing));
    assert_eq!(errors[0].summary, "limit comes from TRIAL_LIMIT, which is no number");
    let provider = format!("provider \"trial\" {{\n  limit = 70000\n}}\n{thing}");
    let errors = place.workspace.errors(&with_trial(&provider));
    assert!(errors[0].summary.contains("from 0 to 65535, and is 70000"), "{}", errors[0]);
    assert_eq!(errors[0].place, "main.tf:7:11");
    let provider = format!("provider \"trial\" {{\n  limit = 7\n}}\n{thing}");
    place.workspace.write("main.tf", with_trial(&provider));
    place.workspace.plan();
}

#[test]
fn the_least_provider_is_a_whole_one() {
    let path = env!("CARGO_BIN_EXE_terraform-provider-minimal");
    let minimal = Provider::new("example/minimal", path);
    let workspace = Workspace::new(&Terraform::newest()).with_override(&minimal);
    let note = |text: &str| {
        format!(
            "{}resource \"minimal_note\" \"a\" {{\n  path = \"${{path.module}}/a.txt\"\n  text = {text}\n}}\n",
            minimal.required()
        )
    };
    workspace.step(&note("\"hello\""));
    assert_eq!(workspace.read("a.txt"), "hello");
    let from = format!(
        "{}resource \"terraform_data\" \"d\" {{\n  input = \"later\"\n}}\n",
        note("terraform_data.d.output")
    );
    let step = workspace.step(&from);
    assert!(step.plan.is_unknown("minimal_note.a", "text"));
    assert_eq!(workspace.read("a.txt"), "later");
    workspace.write("a.txt", "changed");
    assert_eq!(workspace.plan().action("minimal_note.a"), "delete create");
    workspace.destroy();
    assert!(!workspace.path().join("a.txt").exists());
}
