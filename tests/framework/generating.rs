//! What Terraform writes as the configuration of something that exists, where a plan of it is not
//! empty, and of a resource with an identity; what else it writes, conformance's imports see.

use stanchion_tests::{Plan, Terraform};

use stanchion_tests::place::{Place, with_trial};

/// What is written for an object with these attributes, and the plan for it.
fn written(terraform: &Terraform, kind: &str, attributes: &str) -> (String, Plan) {
    let place = Place::new(terraform);
    let address = format!("{kind}.one");
    let object = format!("resource \"{kind}\" \"one\" {{\n  name = \"one\"\n{attributes}\n}}");
    place.workspace.step(&with_trial(&object));
    place.workspace.import_generating(&with_trial(""), &address, "one")
}

#[test]
fn a_secret_is_left_for_the_user_to_write() {
    let (written, plan) = written(&Terraform::newest(), "trial_thing", "  code = \"sesame\"");
    assert!(written.contains("code          = null # sensitive"), "{written}");
    assert!(written.contains("token         = null\n"), "{written}");
    let one = "trial_thing.one";
    assert_eq!(plan.changes(), [(one.to_owned(), "update".to_owned())]);
    let change = plan.change(one);
    let differing = ["note", "zone", "colour", "code"];
    let differing = differing.iter().filter(|it| change["before"][**it] != change["after"][**it]);
    assert_eq!(differing.collect::<Vec<_>>(), [&"code"]);
}

#[test]
fn what_is_written_of_an_object_with_an_identity_plans_empty() {
    for terraform in [Terraform::version("1.10.5"), Terraform::newest(), Terraform::tofu()] {
        let (written, plan) = written(&terraform, "trial_known", "  aliases = [\"a\"]");
        assert!(written.contains("aliases = [\"a\"]"), "{written}");
        assert!(!written.contains("number"), "{written}");
        assert_eq!(plan.changes(), [], "{}: {written}", terraform.number());
    }
}
