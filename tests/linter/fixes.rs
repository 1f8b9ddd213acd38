//! Plans before and after fixes differ only in the attribute that a fix names.

use serde_json::Value;
use stanchion_tests::{Terraform, Workspace, place};

use crate::stanchion;

const MAIN: &str = "terraform {
  required_providers {
    trial = {
      source  = \"stanchion/trial\"
      version = \">= 0.1\"
    }
  }
}

variable \"value\" {}

# stanchion:allow image-floating-tag until 2020-01-31: it was a demonstration
resource \"terraform_data\" \"a\" {
  input            = \"a ${var.value}\" # stanchion:allow secret-literal: none is here
  triggers_replace = var.value

  lifecycle {
    ignore_changes = [
      input, # kept elsewhere
      triggers_replace,
    ]
  }
}

resource \"terraform_data\" \"b\" {
  input = terraform_data.a.output
}

resource \"docker_container\" \"c\" {
  provider = trial
  name     = \"c\"
  image    = \"nginx:stable\" # the web
}

resource \"docker_container\" \"d\" {
  provider = trial
  name     = \"d\"
  image    = \"nginx:stable@sha256:{digest}\"
}
";

/// What a plan does to resources: addresses, what is done, and which attributes differ.
fn changes(workspace: &Workspace) -> Vec<(String, String, Vec<String>)> {
    let plan = workspace.plan_with(&["-var=value=2"]);
    let one = |it: &Value| {
        let change = &it["change"];
        let after = change["after"].as_object().unwrap();
        let is_other = |name: &&String| {
            change["before"].get(name.as_str()) != after.get(name.as_str())
                || change["after_unknown"].get(name.as_str()) == Some(&true.into())
        };
        let known = after.keys();
        let unknown = change["after_unknown"].as_object().unwrap().keys();
        let mut names: Vec<_> = known.chain(unknown).filter(is_other).cloned().collect();
        names.sort();
        names.dedup();
        let text = |it: &Value| it.as_str().unwrap().to_owned();
        (text(&it["address"]), text(&change["actions"][0]), names)
    };
    plan.json["resource_changes"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn a_fix_changes_the_attribute_that_it_names_and_nothing_else_in_a_plan() {
    for terraform in [Terraform::oldest(), Terraform::newest()] {
        let root = tempfile::tempdir().unwrap();
        let workspace = Workspace::new(&terraform)
            .with_mirror(&place::trial(), "0.1.0")
            .with_env("TRIAL_ROOT", root.path());
        let main = MAIN.replace("{digest}", &"0f".repeat(32));
        workspace.write("main.tf", &main).write(".gitignore", "*.hcl\n*.tfstate\n");
        workspace.write("stanchion.toml", "[rules.drift-ignored]\nsecurity = [\"input\"]\n");
        workspace.write(".git/HEAD", "").write("terraform.tfvars", "value = \"1\"\n");
        workspace.init();
        workspace.apply();
        let none = |address: &str| (address.to_owned(), "no-op".to_owned(), Vec::new());
        let (a, b) = ("terraform_data.a", "terraform_data.b");
        let (c, d) = ("docker_container.c", "docker_container.d");
        assert_eq!(
            changes(&workspace),
            [none(c), none(d), none(a), none(b)],
            "both changes are ignored"
        );

        let done = stanchion(&workspace, &["lint", "--fix", "--format", "compact"]);
        let said = String::from_utf8(done.stderr).unwrap();
        let mended = [
            "mended main.tf:5:17: bounds trial by < 1.0.0, as 0.1.0 is in use [drift-unpinned-provider]",
            "mended main.tf:12:3: removes the comment [suppression-without-effect]",
            "mended main.tf:14:41: removes the comment [suppression-without-effect]",
            "mended main.tf:19:7: takes input out of ignore_changes [drift-ignored]",
            "mended main.tf:32:14: pins it to the digest that docker_container.d has [image-floating-tag]",
        ];
        assert_eq!(said.lines().collect::<Vec<_>>(), mended);
        let pinned = format!("\"nginx:stable@sha256:{}\" # the web", "0f".repeat(32));
        let expected = main
            .replace("\"nginx:stable\" # the web", &pinned)
            .replace("\">= 0.1\"", "\">= 0.1, < 1.0.0\"")
            .replace(
                "# stanchion:allow image-floating-tag until 2020-01-31: it was a demonstration\n",
                "",
            )
            .replace(" # stanchion:allow secret-literal: none is here", "")
            .replace("input, # kept", "# kept");
        assert_eq!(workspace.read("main.tf"), expected);

        let (update, names) = ("update".to_owned(), vec!["input".to_owned(), "output".to_owned()]);
        // The output is what this type computes of its input, and the other resource follows it.
        let follows = |address: &str| (address.to_owned(), update.clone(), names.clone());
        let image = (c.to_owned(), update.clone(), vec!["image".to_owned()]);
        assert_eq!(changes(&workspace), [image, none(d), follows(a), follows(b)]);

        stanchion(&workspace, &["lint", "--fix"]);
        assert_eq!(workspace.read("main.tf"), expected, "a second run changes nothing");
    }
}

#[test]
fn fixes_that_are_about_no_attribute_change_no_plan() {
    let workspace = Workspace::new(&Terraform::newest());
    let text = "resource \"terraform_data\" \"a\" {\n  # stanchion:allow image-floating-tag: no image is here\n  input = \"a\"\n}\n";
    workspace.write("main.tf", text).init();
    let planned = |workspace: &Workspace| workspace.plan().json["resource_changes"].clone();
    let before = planned(&workspace);
    assert_eq!(stanchion(&workspace, &["lint", "--fix"]).status.code(), Some(0));
    assert_ne!(workspace.read("main.tf"), text);
    assert_eq!(planned(&workspace), before);
}
