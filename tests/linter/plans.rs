//! What the linter reads in plans of a real Terraform.

use serde_json::Value;
use stanchion_tests::{Terraform, Workspace};

use crate::stanchion;

const MAIN: &str = "variable \"size\" {}

variable \"names\" {
  type = set(string)
}

variable \"token\" {
  sensitive = true
}

data \"terraform_remote_state\" \"other\" {
  backend = \"local\"
  config = {
    path = \"other.tfstate\"
  }
}

resource \"terraform_data\" \"given\" {
  input = var.size
}

resource \"terraform_data\" \"computed\" {
  input = terraform_data.given.output
}

resource \"terraform_data\" \"read\" {
  input = data.terraform_remote_state.other.outputs.size
}

resource \"terraform_data\" \"new\" {
  input = terraform_data.later.output
}

resource \"terraform_data\" \"later\" {
  input = timestamp()
}

resource \"terraform_data\" \"secret\" {
  input = var.token
}

module \"each\" {
  for_each = var.names
  source   = \"./each\"
  size     = \"${terraform_data.given.output}-${each.key}\"
}
";

const EACH: &str = "variable \"size\" {}\n\nresource \"terraform_data\" \"it\" {\n  input = [var.size, \"a\"]\n}\n";

const RULE: &str = "[[rule]]
id = \"size-is-small\"
type = \"terraform_data\"
condition = \"!strcontains(jsonencode(resource.input), \\\"big\\\")\"
message = \"the size is big\"
";

const OTHER: &str = "{\"version\": 4, \"terraform_version\": \"1.5.0\", \"serial\": 1, \"lineage\": \"a\", \"outputs\": {\"size\": {\"value\": \"a big one\", \"type\": \"string\"}}, \"resources\": []}";

/// The addresses that a rule objects to, those that it can't judge, and all that was written.
fn judged(workspace: &Workspace, more: &[&str]) -> (Vec<String>, Vec<String>, String) {
    let done = stanchion(workspace, &[&["lint", "--format", "json"], more].concat());
    assert_eq!(String::from_utf8(done.stderr).unwrap(), "");
    let text = String::from_utf8(done.stdout).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let of = |name: &str| {
        let all = document[name].as_array().unwrap().iter();
        let all = all.filter(|it| it["rule"] == "size-is-small");
        let mut all: Vec<_> = all
            .flat_map(|it| match it["subjects"].as_array() {
                Some(all) => all.iter().map(|it| it["address"].clone()).collect(),
                None => vec![it["address"].clone()],
            })
            .map(|it| it.as_str().unwrap().to_owned())
            .collect();
        all.sort();
        all
    };
    (of("findings"), of("unknown"), text)
}

#[test]
fn a_plan_tells_what_the_configuration_leaves_open() {
    for terraform in [Terraform::oldest(), Terraform::newest()] {
        let workspace = Workspace::new(&terraform);
        workspace.write("main.tf", MAIN).write("each/main.tf", EACH).write("stanchion.toml", RULE);
        workspace.write("other.tfstate", OTHER).init();
        let token = ["big", "token", "of", "mine"].join("-");
        let given = [
            "-var=size=big".to_owned(),
            "-var=names=[\"x\", \"y\"]".to_owned(),
            format!("-var=token={token}"),
        ];
        let given: Vec<&str> = given.iter().map(String::as_str).collect();
        let only = ["-target=terraform_data.given", "-auto-approve"];
        workspace.run([&["apply"], only.as_slice(), given.as_slice()].concat()).success();

        let (findings, unknown, _) = judged(&workspace, &[]);
        assert_eq!(findings, [""; 0]);
        assert_eq!(
            unknown,
            [
                "module.each[*].terraform_data.it",
                "terraform_data.computed",
                "terraform_data.given",
                "terraform_data.later",
                "terraform_data.new",
                "terraform_data.read",
                "terraform_data.secret",
            ]
        );

        let plan = workspace.plan_with(&given);
        workspace.write("plan.json", plan.json.to_string());
        let (findings, unknown, text) = judged(&workspace, &["--plan", "plan.json"]);
        assert_eq!(
            findings,
            [
                "module.each[\"x\"].terraform_data.it",
                "module.each[\"y\"].terraform_data.it",
                "terraform_data.computed",
                "terraform_data.given",
                "terraform_data.read",
                "terraform_data.secret",
            ],
            "{text}"
        );
        assert_eq!(unknown, ["terraform_data.later", "terraform_data.new"]);
        assert!(!text.contains(&token), "{text}");

        let state = workspace.run(["show", "-json"]).success().json();
        workspace.write("plan.json", state.to_string());
        let done = stanchion(&workspace, &["lint", "--plan", "plan.json"]);
        assert_eq!(done.status.code(), Some(2));
        let said = String::from_utf8(done.stderr).unwrap();
        assert!(said.starts_with("error: plan.json is a state and no plan\nhelp: "), "{said}");
    }
}
