//! Objects that get another type by a `moved` block.

use stanchion_tests::Terraform;

use stanchion_tests::place::{Place, both, with_trial};

const K: &str = "trial_known.k";

/// The oldest and the newest Terraform, and OpenTofu.
fn three() -> Vec<Terraform> {
    both().into_iter().chain([Terraform::tofu()]).collect()
}

/// The object that the other type's becomes.
const OBJECT: &str = r#"{"name":"one","region":null,"aliases":null,"number":7,"note":null}"#;

#[test]
fn an_object_goes_on_under_another_type() {
    for terraform in three() {
        for (from, source) in [
            ("trial_thing.old", "resource \"trial_thing\" \"old\" { name = \"one\" }"),
            ("terraform_data.old", "resource \"terraform_data\" \"old\" { input = \"one\" }"),
        ] {
            let place = Place::new(&terraform);
            place.workspace.step(&with_trial(source));
            place.put("trial_known", "one", OBJECT);
            let moved = with_trial(&format!(
                "resource \"trial_known\" \"k\" {{ name = \"one\" }}\n\
                 moved {{\n  from = {from}\n  to = {K}\n}}\n"
            ));
            let step = place.workspace.step(&moved);
            assert_eq!(step.plan.changes(), [], "{}", step.plan.output);
            let changes = step.plan.json["resource_changes"].as_array().unwrap();
            assert_eq!(changes[0]["previous_address"], from, "{changes:#?}");
            assert_eq!(step.state.addresses(), [K]);
            assert_eq!(step.state.value(K, "number"), 7);
            if terraform.at_least("1.12.0") {
                assert_eq!(step.state.identity(K)["name"], "one");
            }
            assert!(!step.plan.output.words().contains("never sealed"), "{}", step.plan.output);
        }
    }
}

#[test]
fn what_can_not_become_another_type_is_refused_with_the_cure() {
    for terraform in three() {
        let place = Place::new(&terraform);
        place.workspace.step(&with_trial("resource \"trial_aged\" \"old\" { name = \"one\" }"));
        for (to, configuration) in [
            (K, "resource \"trial_known\" \"k\" { name = \"one\" }"),
            ("trial_slow.s", "resource \"trial_slow\" \"s\" {\n  name = \"s\"\n  seconds = 0\n}"),
        ] {
            let moved =
                format!("{configuration}\nmoved {{\n  from = trial_aged.old\n  to = {to}\n}}\n");
            place.workspace.write("main.tf", with_trial(&moved));
            let output = place.workspace.run(["plan"]).failure();
            let told = "can't go on from trial_aged of";
            assert!(output.words().contains(told), "{output}");
            assert!(output.words().contains("Take the `moved` block out"), "{output}");
        }
    }
}
