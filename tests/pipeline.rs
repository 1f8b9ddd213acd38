//! `stanchion_pipeline` under real Terraforms: its life, its drift, its settings, its refusals.

use std::fs;

use serde_json::json;
use stanchion_tests::{Provider, Terraform, Workspace};

const PIPELINE: &str = r#"
resource "stanchion_pipeline" "ci" {
  name     = "CI"
  triggers = { push = { branches = ["main"] } }
  jobs = {
    lint = { stage = "lint", run = "make lint" }
    test = { stage = "test", needs = ["lint"], run = "make test" }
  }
}
"#;
const ADDRESS: &str = "stanchion_pipeline.ci";
const FILE: &str = ".github/workflows/ci.yml";

fn workspace(terraform: &Terraform) -> Workspace {
    Workspace::requiring(&Provider::stanchion(), terraform)
}

#[test]
fn a_hand_edit_is_found_attribute_by_attribute_and_repaired() {
    for terraform in Terraform::edges() {
        let workspace = workspace(&terraform);
        let state = workspace.step(PIPELINE).state;
        assert_eq!(state.value(ADDRESS, "path"), FILE);
        let written = workspace.read(FILE);
        assert_eq!(state.value(ADDRESS, "content"), written.as_str());

        let edited = written
            .replace("make lint", "make style")
            .replace("permissions: {}\nconcurrency", "env: {A: b}\nconcurrency");
        workspace.write(FILE, &edited);
        let plan = workspace.plan();
        assert_eq!(plan.action(ADDRESS), "update");
        let before = &plan.change(ADDRESS)["before"];
        assert_eq!(before["jobs"]["lint"]["run"], "make style");
        assert_eq!(before["jobs"]["test"]["run"], "make test");
        let unmanaged = json!({"env": "{\"A\": \"b\"}", "permissions": "# absent"});
        assert_eq!(before["unmanaged"], unmanaged);
        assert_eq!(plan.after(ADDRESS, "unmanaged"), json!({}));
        assert_eq!(plan.after(ADDRESS, "content"), written.as_str());
        workspace.apply_plan();
        assert_eq!(workspace.read(FILE), written);

        workspace.write(FILE, format!("# mine\n{written}"));
        assert!(workspace.plan().is_empty, "a comment is no drift");
        workspace.destroy();
        assert!(!workspace.path().join(".github").exists());
    }
}

/// All that a pipeline can say, in spellings that the document does not keep.
const FULL: &str = r#"
resource "stanchion_pipeline" "ci" {
  name = "CI"
  triggers = {
    push         = { branches = ["main"] }
    pull_request = {}
    merge_group  = true
    schedule     = ["0 4 * * 1"]
    dispatch     = { inputs = { level = { description = "How much?" } } }
  }
  concurrency = {}
  time_budget = "1200s"
  action_pins = { "actions/upload-artifact" = "b7c566a772e6b6bfb58ed0dc250532a479d7789f # v6.0.0" }
  jobs = {
    lint = { stage = "lint", run = "make lint", timeout = "600s", expected = "90s", needs = [] }
    test = {
      stage       = "test"
      needs       = ["lint"]
      paths       = ["service"]
      matrix      = { python = ["3.12", "3.13"] }
      setup       = "python@matrix.python"
      cache       = { paths = ["build"], key_files = ["Makefile"] }
      coverage    = { command = "coverage report", floor = 80.5 }
      permissions = { pull-requests = { access = "write", reason = "to comment" } }
      env         = { A = "$${HOME} # $(id)" }
      env_from    = { SHA = "github.sha" }
      timeout     = "1h"
      expected    = "3m"
      services = {
        db = {
          image  = "postgres:16@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
          ports  = ["5432:5432"]
          health = { command = "pg_isready", interval = "60s" }
        }
      }
      steps = [
        { name = "Test", run = "make test", if = "!cancelled()" },
        { uses = "actions/upload-artifact", with = { path = "a" }, with_from = { name = "github.run_id" } },
      ]
    }
    ship = { stage = "deploy", needs = ["test"], run = "make ship" }
  }
}
"#;

#[test]
fn all_that_a_pipeline_can_say_is_applied_and_then_there_is_nothing_to_do() {
    for terraform in Terraform::edges() {
        let workspace = workspace(&terraform);
        let step = workspace.step(FULL);
        assert_eq!(step.plan.after(ADDRESS, "gate_check"), "CI gate", "it is known in the plan");
        let state = step.state;
        assert_eq!(state.value(ADDRESS, "gate_check"), "CI gate");
        let names = json!(["CI changes", "lint", "ship", "test (3.12)", "test (3.13)", "CI gate"]);
        assert_eq!(state.value(ADDRESS, "check_names"), names);
        assert_eq!(state.value(ADDRESS, "critical_path"), json!(["lint", "test"]));
        assert_eq!(state.value(ADDRESS, "critical_path_duration"), "4m30s");
        assert_eq!(state.value(ADDRESS, "jobs.test.services.db.health.retries"), 5);

        let written = workspace.read(FILE);
        workspace.write(FILE, written.replace("FLOOR: \"80.5\"", "FLOOR: \"8\""));
        let plan = workspace.plan();
        assert_eq!(plan.change(ADDRESS)["before"]["jobs"]["test"]["coverage"]["floor"], 8);
        workspace.apply_plan();
        assert_eq!(workspace.read(FILE), written);
        workspace.destroy();
    }
}

#[test]
fn what_is_gone_or_broken_is_planned_again() {
    let workspace = workspace(&Terraform::newest());
    workspace.step(PIPELINE);
    let written = workspace.read(FILE);
    fs::remove_file(workspace.path().join(FILE)).expect("a file");
    let plan = workspace.plan();
    assert_eq!(plan.action(ADDRESS), "create");
    workspace.apply_plan();
    for broken in ["jobs: [\n", "- no\n- workflow\n", ""] {
        workspace.write(FILE, broken);
        assert_eq!(workspace.plan().action(ADDRESS), "update", "{broken:?}");
        workspace.apply_plan();
        assert_eq!(workspace.read(FILE), written);
    }
}

#[test]
fn what_changes_between_plan_and_apply_is_not_overwritten() {
    let workspace = workspace(&Terraform::newest());
    workspace.step(PIPELINE);
    workspace.write("main.tf", workspace.read("main.tf").replace("make lint", "make style"));
    workspace.plan();
    let mine = workspace.read(FILE).replace("make test", "make all");
    workspace.write(FILE, &mine);
    let refused = workspace.run(["apply", "-input=false", "test.tfplan"]).failure();
    assert!(refused.words().contains("was changed since it was planned"), "{}", refused.words());
    assert_eq!(workspace.read(FILE), mine);
}

#[test]
fn a_file_that_is_there_already_is_imported_and_not_overwritten() {
    for terraform in [Terraform::oldest(), Terraform::newest()] {
        let workspace = workspace(&terraform);
        workspace.write(FILE, "name: CI\non: {push: {branches: [main]}}\njobs: {}\n");
        let refusals = workspace.errors(PIPELINE);
        let [refusal] = &refusals[..] else { panic!("one refusal, not {refusals:?}") };
        assert!(refusal.summary.contains("which is there already"), "{}", refusal.summary);
        assert!(refusal.detail.contains("local:.github/workflows/ci.yml"), "{}", refusal.detail);
        assert_eq!(refusal.address, ADDRESS);
        fs::remove_file(workspace.path().join(FILE)).expect("a file");

        workspace.step(PIPELINE);
        let stages = ["jobs.lint.stage", "jobs.test.stage"];
        workspace.import_by_command(ADDRESS, &format!("local:{FILE}"), &stages);

        workspace.run(["state", "rm", ADDRESS]).success();
        let block = format!("import {{\n  to = {ADDRESS}\n  id = \"local:{FILE}\"\n}}\n");
        let plan = workspace.plan_of(&format!("{block}{PIPELINE}"));
        let change = plan.change(ADDRESS);
        assert!(change["importing"].is_object());
        let mut expected = change["after"].clone();
        for job in ["lint", "test"] {
            expected["jobs"][job]["stage"] = json!(null);
        }
        assert_eq!(change["before"], expected, "only the stages are added");
        workspace.apply_plan();
        assert!(workspace.plan().is_empty);
    }
}

#[test]
fn an_import_that_can_not_be_says_why() {
    let workspace = workspace(&Terraform::newest());
    workspace.write("main.tf", PIPELINE);
    for (id, why) in [
        ("ci.yml", "Give the target and the path"),
        ("local:.github/workflows/none.yml", "there is no .github/workflows/none.yml"),
        ("local:../../etc/passwd", "leads out of the root"),
    ] {
        let refused = workspace.run(["import", "-input=false", ADDRESS, id]).failure();
        assert!(refused.words().contains(why), "{id}: {}", refused.words());
    }
}

#[test]
fn the_root_comes_from_the_attribute_else_the_variable_else_the_repository() {
    let terraform = Terraform::newest();
    let configured =
        format!("provider \"stanchion\" {{ root = \"{}\" }}\n{PIPELINE}", "${path.cwd}/attribute");
    let is_at = |workspace: &Workspace, folder: &str| {
        assert!(workspace.path().join(folder).join(FILE).exists(), "it is not in {folder}");
        workspace.destroy();
    };

    let with = workspace(&terraform);
    let variable = with.path().join("variable");
    fs::create_dir_all(&variable).expect("a folder");
    fs::create_dir_all(with.path().join("attribute")).expect("a folder");
    let with = with.with_env("STANCHION_ROOT", &variable);
    with.step(&configured);
    is_at(&with, "attribute");
    with.step(PIPELINE);
    is_at(&with, "variable");

    let nested = workspace(&terraform);
    let above = nested.path().parent().expect("a folder").to_owned();
    fs::create_dir(above.join(".git")).expect("a folder");
    nested.step(PIPELINE);
    assert!(above.join(FILE).exists(), "the nearest .git above is the root");
    nested.destroy();

    let missing = workspace(&terraform).with_env("STANCHION_ROOT", "/nowhere/at/all");
    let refusals = missing.errors(PIPELINE);
    let refusal = refusals.first().expect("a refusal");
    let summary = "root (from STANCHION_ROOT) can't be used, as /nowhere/at/all";
    assert!(refusal.summary.starts_with(summary), "{}", refusal.summary);
    assert_eq!(refusal.detail, "Name a folder that exists.");
}

#[test]
fn a_root_and_names_that_are_known_only_after_apply_are_planned() {
    for terraform in Terraform::edges() {
        let workspace = workspace(&terraform);
        let unknown = r#"
resource "terraform_data" "later" {
  input = "later"
}
provider "stanchion" {
  root = "${path.cwd}/${terraform_data.later.output == "later" ? "." : "x"}"
}
resource "stanchion_pipeline" "ci" {
  name     = terraform_data.later.output
  triggers = { push = {} }
  jobs     = { a = { stage = "lint", run = "make ${terraform_data.later.output}" } }
}
"#;
        let plan = workspace.plan_of(unknown);
        assert!(plan.is_unknown(ADDRESS, "path"));
        assert!(plan.is_unknown(ADDRESS, "content"));
        assert_eq!(plan.after(ADDRESS, "jobs.a.stage"), "lint");
        let step = workspace.step(unknown);
        assert_eq!(step.state.value(ADDRESS, "path"), ".github/workflows/later.yml");
        assert!(workspace.read(".github/workflows/later.yml").contains("run: make later"));
        workspace.destroy();
    }
}

#[test]
fn schemas_and_validation_need_nothing() {
    let workspace = workspace(&Terraform::newest()).with_env("STANCHION_ROOT", "/nowhere/at/all");
    workspace.write("main.tf", PIPELINE);
    let validated = workspace.validate_json();
    assert_eq!(validated["valid"], true);
    let warning = &validated["diagnostics"][0];
    assert_eq!(warning["severity"], "warning");
    let summary = "time_budget is 10m, and only timeouts bound 20m: lint → test";
    assert_eq!(warning["summary"], summary);
    assert_eq!(warning["detail"], "Say in `expected` how long lint and test take.");
    let schemas = workspace.providers_schema();
    let schema = &schemas["provider_schemas"]["registry.terraform.io/stanchion/stanchion"];
    let jobs = &schema["resource_schemas"]["stanchion_pipeline"]["block"]["attributes"]["jobs"];
    assert_eq!(jobs["nested_type"]["nesting_mode"], "map");
}

#[test]
fn bad_input_is_told_at_its_attribute_with_the_cure() {
    let workspace = workspace(&Terraform::newest());
    let pipeline =
        |lines: &str| format!("resource \"stanchion_pipeline\" \"ci\" {{\n{lines}\n}}\n");
    let job = "jobs = { a = { stage = \"lint\", run = \"true\" } }";
    let push = "triggers = { push = {} }";
    for (lines, place, summary, detail) in [
        (format!("name = \" \"\n{push}\n{job}"), "main.tf:2:8", "name must not be blank", ""),
        (
            format!("name = \"—\"\n{push}\n{job}"),
            "main.tf:2:8",
            "name must have a letter from a to z or a digit",
            "",
        ),
        (
            format!("name = \"a\"\ntriggers = {{}}\n{job}"),
            "main.tf:3:12",
            "triggers must hold at least one trigger",
            "Say `push = {}`",
        ),
        (format!("name = \"a\"\n{push}\njobs = {{}}"), "main.tf:4:8", "jobs must not be empty", ""),
        (
            format!("name = \"a\"\n{push}\njobs = {{ a = {{ stage = \"tset\", run = \"x\" }} }}"),
            "main.tf:4:24",
            "jobs[\"a\"].stage must be one of \"lint\", \"test\"",
            "",
        ),
        (
            format!(
                "name = \"a\"\n{push}\njobs = {{ a = {{ stage = \"lint\", run = \"x\", needs = [\"b\"] }} }}"
            ),
            "main.tf:4:51",
            "jobs[\"a\"].needs names \"b\", and there is no such job",
            "Name one of a.",
        ),
        (
            format!("name = \"a\"\n{push}\njobs = {{ a = {{ stage = \"lint\" }} }}"),
            "main.tf:4:14",
            "jobs[\"a\"].run is missing, and there are no `steps`",
            "Say what the job runs.",
        ),
        (
            format!(
                "name = \"a\"\n{push}\njobs = {{ a = {{ stage = \"lint\", run = \"echo $${{{{ github.sha }}}}\" }} }}"
            ),
            "main.tf:4:38",
            "jobs[\"a\"].run must not contain `${{`",
            "",
        ),
        (
            format!(
                "name = \"a\"\n{push}\njobs = {{ a = {{ stage = \"lint\", run = \"x\", setup = \"python\" }} }}"
            ),
            "main.tf:4:51",
            "jobs[\"a\"].setup is \"python\", whose version moves by itself",
            "Name a version, as in \"python@3.12\".",
        ),
        (
            format!(
                "name = \"a\"\n{push}\ntime_budget = \"1m\"\njobs = {{ a = {{ stage = \"lint\", run = \"x\", expected = \"2m\" }} }}"
            ),
            "main.tf:4:15",
            "time_budget is 1m, and the way to the gate takes 2m: a (2m)",
            "",
        ),
        (
            format!(
                "name = \"a\"\n{push}\njobs = {{ a = {{ stage = \"lint\", steps = [{{ uses = \"actions/checkout@v6\" }}] }} }}"
            ),
            "main.tf:4:50",
            "jobs[\"a\"].steps[0].uses is \"actions/checkout@v6\"",
            "Say \"actions/checkout\", which is pinned to v7.0.1, or name a commit.",
        ),
    ] {
        let found = workspace.errors(&pipeline(&lines));
        let found = found.first().expect("a diagnostic");
        assert!(found.summary.starts_with(summary), "{}", found.summary);
        assert!(found.detail.starts_with(detail), "{}", found.detail);
        assert_eq!(found.place, place, "{summary}");
    }
}
