//! What Terraform writes as the configuration of something that exists.

use stanchion_tests::{Plan, Terraform};

use stanchion_tests::place::{Place, with_trial};

/// What is written for each of these objects, and the plan for it.
fn written(terraform: &Terraform, kind: &str, attributes: &str) -> (String, Plan) {
    let place = Place::new(terraform);
    let address = format!("{kind}.one");
    let object = format!("resource \"{kind}\" \"one\" {{\n  name = \"one\"\n{attributes}\n}}");
    place.workspace.step(&with_trial(&object));
    place.workspace.import_generating(&with_trial(""), &address, "one")
}

#[test]
fn terraform_writes_the_configuration_of_what_exists() {
    let (written, plan) = written(&Terraform::newest(), "trial_thing", "");
    assert!(written.contains("name          = \"one\""), "{written}");
    assert!(!written.contains("digest"), "{written}");
    assert_eq!(plan.changes(), []);
}

#[test]
fn what_is_written_plans_empty_whatever_is_in_it() {
    let (written, plan) = written(&Terraform::oldest(), "trial_kinds", KINDS);
    assert_eq!(plan.changes(), [], "{written}");
    for terraform in able() {
        for (kind, attributes) in
            [("trial_kinds", KINDS), ("trial_nested", NESTED), ("trial_known", "")]
        {
            let (written, plan) = self::written(&terraform, kind, attributes);
            assert_eq!(plan.changes(), [], "{}: {written}", terraform.number());
            assert!(plan.change(&format!("{kind}.one"))["importing"].is_object());
        }
    }
}

#[test]
fn blocks_are_written_as_blocks() {
    for terraform in able() {
        let (written, plan) = written(&terraform, "trial_block", BLOCKS);
        assert_eq!(plan.changes(), [], "{}: {written}", terraform.number());
        for words in
            ["\n  limit {\n", "\n  door \"front\" {\n", "\n    step {\n      run = \"one\"\n"]
        {
            assert!(written.contains(words), "{words}: {written}");
        }
        for computed in ["rules", "made", "shown", "id "] {
            assert!(!written.contains(computed), "{computed}: {written}");
        }
    }
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

/// Terraform 1.8 itself fails where nested attributes hold computed values, so the next one is the
/// oldest here.
fn able() -> [Terraform; 3] {
    [Terraform::version("1.10.5"), Terraform::newest(), Terraform::tofu()]
}

const KINDS: &str = r#"
  flag     = true
  number   = 0.1
  text     = "a\n$${b}"
  list     = ["b", "a"]
  set      = [2.5, 1]
  map      = { yes = true }
  deep     = [{ a = ["y", "x"] }, {}]
  dynamic  = { a = [1, "b", null] }
  single   = { key = "k" }
  pairs    = [{ key = "a", value = 1 }, { key = "b" }]
  pair_set = [{ key = "a", value = 1 }]
  pair_map = { x = { key = "b" } }
  nest     = { n = { pairs = [{ key = "k", value = 1 }] } }
"#;

const NESTED: &str = r#"
  one  = { key = "a" }
  list = [{ key = "a", count = 2 }, { key = "b", form = "round" }]
  set  = [{ key = "a" }, { key = "b" }]
  map  = { x = { key = "x" } }
"#;

const BLOCKS: &str = r#"
  limit {}
  rule {
    key = "a"
    target = { key = "t" }
    step { run = "one" }
    step {
      run = "two"
      label { key = "x" }
    }
  }
  label { key = "d" }
  label { key = "e" }
  door "front" { most = 3 }
"#;
