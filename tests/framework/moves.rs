//! Objects that get another type by a `moved` block.

use stanchion_tests::Terraform;

use stanchion_tests::place::{Place, with_trial};

/// The newest Terraform, and OpenTofu; conformance asks the others.
fn newest() -> [Terraform; 2] {
    [Terraform::newest(), Terraform::tofu()]
}

#[test]
fn an_object_goes_on_under_another_type() {
    for terraform in newest() {
        let place = Place::new(&terraform);
        place.workspace.step(&with_trial(
            "resource \"trial_thing\" \"old\" { name = \"thing\" }\n\
             resource \"terraform_data\" \"old\" { input = \"data\" }",
        ));
        let mut moved = String::new();
        for (name, from) in [("thing", "trial_thing.old"), ("data", "terraform_data.old")] {
            let object = r#"{"name":"NAME","region":null,"aliases":null,"number":7,"note":null}"#;
            place.put("trial_known", name, &object.replace("NAME", name));
            moved += &format!(
                "resource \"trial_known\" \"{name}\" {{ name = \"{name}\" }}\n\
                 moved {{\n  from = {from}\n  to   = trial_known.{name}\n}}\n"
            );
        }
        let step = place.workspace.step(&with_trial(&moved));
        assert_eq!(step.plan.changes(), [], "{}", step.plan.output);
        assert!(!step.plan.output.words().contains("never sealed"), "{}", step.plan.output);
        for name in ["thing", "data"] {
            let address = format!("trial_known.{name}");
            assert_eq!(step.state.value(&address, "number"), 7);
            assert_eq!(step.state.identity(&address)["name"], name);
        }
    }
}

#[test]
fn what_can_not_become_another_type_is_refused_with_the_cure() {
    for terraform in newest() {
        let place = Place::new(&terraform);
        place.workspace.step(&with_trial("resource \"trial_aged\" \"old\" { name = \"one\" }"));
        for (to, configuration) in [
            ("trial_known.k", "resource \"trial_known\" \"k\" { name = \"one\" }"),
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
