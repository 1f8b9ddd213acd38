//! The provider's data sources and functions, asked by real Terraform and OpenTofu.

use serde_json::json;
use stanchion_tests::{Provider, Terraform, Workspace};

const CI: &str = "name: CI
on:
  push: {branches: [main]}
  merge_group:
jobs:
  test:
    runs-on: ubuntu-24.04
    needs: lint
    environment: staging
    timeout-minutes: 10
    permissions: {contents: read}
    strategy:
      matrix:
        python: ['3.12', 3.10]
        exclude: [{python: 3.1}]
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
      - uses: actions/setup-python@v6
  lint:
    uses: ./.github/workflows/lint.yml
  open:
    name: ${{ github.ref }}
    runs-on: ubuntu-24.04
";
const LINT: &str = "on: workflow_call\njobs:\n  fmt: {runs-on: ubuntu-24.04}\n";

fn workspace(terraform: &Terraform) -> Workspace {
    Workspace::requiring(&Provider::stanchion(), terraform)
}

#[test]
fn a_workflow_is_read_with_those_that_it_calls() {
    for terraform in Terraform::edges() {
        let workspace = workspace(&terraform);
        workspace.write(".github/workflows/ci.yml", CI);
        workspace.write(".github/workflows/lint.yml", LINT);
        let step = workspace.step(
            "data \"stanchion_workflow\" \"ci\" {\n  path = \".github/workflows/ci.yml\"\n}\n\
             output \"it\" {\n  value = data.stanchion_workflow.ci\n}\n",
        );
        let it = step.state.output("it");
        assert_eq!(it["name"], "CI");
        assert_eq!(it["check_names"], json!(["lint / fmt", "test (3.12)"]));
        assert_eq!(it["open_jobs"], json!({ "open": "its name holds github.ref" }));
        let triggers = json!({ "push": "{\"branches\": [\"main\"]}", "merge_group": "" });
        assert_eq!(it["triggers"], triggers);
        let test = json!({
            "check_names": ["test (3.12)"], "needs": ["lint"], "runs_on": ["ubuntu-24.04"],
            "environment": "staging", "calls": null, "permissions": { "contents": "read" },
            "timeout_minutes": "10",
        });
        assert_eq!(it["jobs"]["test"], test);
        assert_eq!(it["jobs"]["lint"]["calls"], "./.github/workflows/lint.yml");
        assert_eq!(it["jobs"]["open"]["check_names"], json!(null));
        let pin = |at: usize| {
            let it = &it["pins"][at];
            (
                it["action"].clone(),
                it["version"].clone(),
                it["is_pinned"].clone(),
                it["step"].clone(),
            )
        };
        assert_eq!(
            pin(2),
            (json!("./.github/workflows/lint.yml"), json!(null), json!(true), json!(null))
        );
        assert_eq!(pin(0), (json!("actions/checkout"), json!("v7.0.1"), json!(true), json!(0)));
        assert_eq!(pin(1), (json!("actions/setup-python"), json!(null), json!(false), json!(1)));
        assert_eq!(it["content"], CI);
        let before = it["sha256"].clone();

        workspace.write(".github/workflows/ci.yml", format!("# a comment\n{CI}"));
        let step = workspace.step(
            "data \"stanchion_workflow\" \"ci\" {\n  path = \".github/workflows/ci.yml\"\n}\n\
             output \"it\" {\n  value = data.stanchion_workflow.ci.sha256\n}\n",
        );
        assert_eq!(step.state.output("it"), before, "a comment is no other workflow");
    }
}

#[test]
fn a_path_that_is_known_only_after_apply_is_read_then() {
    let workspace = workspace(&Terraform::newest());
    workspace.write("ci.yml", LINT);
    let step = workspace.step(
        "resource \"terraform_data\" \"path\" {\n  input = \"ci.yml\"\n}\n\
         data \"stanchion_workflow\" \"ci\" {\n  path = terraform_data.path.output\n}\n\
         output \"names\" {\n  value = data.stanchion_workflow.ci.check_names\n}\n",
    );
    assert_eq!(step.state.output("names"), json!(["fmt"]));
}

#[test]
fn what_can_not_be_read_is_told_at_the_path_with_the_cure() {
    let workspace = workspace(&Terraform::newest());
    workspace.write("list.yml", "- a\n").write("broken.yml", "a: [\n");
    for (path, summary, detail) in [
        (
            "none.yml",
            "path names none.yml, and there is no such file",
            "Give a path below the root",
        ),
        ("../../etc/passwd", "leads out of the root", "Give a path below the root"),
        ("list.yml", "which is no workflow: there is no map `jobs` in it", "Name a workflow"),
        ("broken.yml", "which is no workflow: line 2, column 1", "Name a workflow"),
        (" ", "path must not be blank", ""),
    ] {
        let found = workspace
            .errors(&format!("data \"stanchion_workflow\" \"it\" {{\n  path = \"{path}\"\n}}\n"));
        let found = found.first().expect("a diagnostic");
        assert!(found.summary.contains(summary), "{path}: {}", found.summary);
        assert!(found.detail.starts_with(detail), "{path}: {}", found.detail);
        assert_eq!(found.place, "main.tf:2:10", "{path}");
    }
}

#[test]
fn functions_give_what_they_say_and_refuse_the_rest_at_their_argument() {
    for terraform in Terraform::edges() {
        let workspace = workspace(&terraform);
        let step = workspace.step(
            "output \"sizes\" {\n  value = [for it in [\"300MB\", \"300MiB\", \"1.5 kB\"] : \
             provider::stanchion::parse_size(it)]\n}\n\
             output \"image\" {\n  value = provider::stanchion::parse_image_ref(\"nginx:1\")\n}\n\
             output \"checks\" {\n  value = provider::stanchion::check_names(\"jobs: {a: {}, b: {name: B}}\")\n}\n\
             output \"seconds\" {\n  value = provider::stanchion::parse_duration(\"1h30m\")\n}\n",
        );
        assert_eq!(step.state.output("sizes"), json!([300_000_000, 314_572_800, 1500]));
        let image = json!({
            "registry": null, "path": "nginx", "tag": "1", "digest": null,
            "full_name": "docker.io/library/nginx:1",
        });
        assert_eq!(step.state.output("image"), image);
        assert_eq!(step.state.output("checks"), json!(["a", "B"]));
        assert_eq!(step.state.output("seconds"), json!(5400));
    }
    let workspace = workspace(&Terraform::newest());
    for (call, why) in [
        ("parse_duration(\"soon\")", "is no duration"),
        ("parse_size(\"300 megabytes\")", "is no size: give a number and a unit"),
        ("parse_image_ref(\"a b\")", "is no image name"),
        (
            "check_names(\"jobs: {a: {name: '$${{ x }}'}}\")",
            "the checks of the job a are not known",
        ),
        ("check_names(\"[]\")", "there is no map `jobs` in it"),
    ] {
        let found = workspace
            .errors(&format!("output \"it\" {{\n  value = provider::stanchion::{call}\n}}\n"));
        let found = found.first().expect("a diagnostic");
        let words = found.detail.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(why), "{call}: {words}");
    }
}
