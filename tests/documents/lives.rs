//! Documents under a real Terraform: who holds a path, what goes with it, and what a kill leaves.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use stanchion_tests::{Provider, Running, Terraform, Workspace};

use super::ADDRESS as FILE;

fn workspace(terraform: &Terraform) -> Workspace {
    Workspace::requiring(&Provider::stanchion(), terraform)
}

fn pipeline(address: &str, name: &str, run: &str) -> String {
    format!(
        "resource \"stanchion_pipeline\" \"{address}\" {{\n  name = \"{name}\"\n  triggers = {{ push = {{}} }}\n  \
         jobs = {{ lint = {{ stage = \"lint\", run = \"{run}\" }} }}\n}}\n"
    )
}

#[test]
fn two_resources_on_one_path_are_told_and_a_replacement_is_none() {
    for terraform in Terraform::edges() {
        let workspace = workspace(&terraform);
        let one = pipeline("one", "CI", "make");
        let with_another = |run| format!("{one}{}", pipeline("other", "ci", run));
        let twice = "would write .github/workflows/ci.yml, as another resource does";
        let told = |run| {
            let errors = workspace.errors(&with_another(run));
            let [error] = &errors[..] else { panic!("one error, not {errors:?}") };
            error.summary.clone()
        };
        // Two new ones may be one that several runs of a test plan: a warning, and the second to be
        // made is refused.
        let plan = workspace.plan_of(&with_another("other"));
        assert!(plan.output.words().contains(twice), "{}", plan.output);
        let said = told("other");
        let just =
            "would overwrite .github/workflows/ci.yml, which another resource has just written";
        assert!(said.contains(just), "{said}");
        assert_eq!(workspace.state().addresses().len(), 1);
        workspace.make("");
        assert!(!workspace.path().join(FILE).exists());

        workspace.make(&one);
        // Of one that is there, it makes no difference what the other one says.
        assert!(told("make").contains(twice));
        // Each of these is planned twice, as what it is and as new.
        workspace.make(&pipeline("one", "ci", "make"));
        let plan = workspace.plan_with(&["-replace=stanchion_pipeline.one"]);
        let actions = plan.change("stanchion_pipeline.one")["actions"].as_array().map(Vec::len);
        assert_eq!(actions, Some(2));
        workspace.apply_plan();
        assert!(workspace.read(FILE).contains("name: ci\n"));
        assert!(workspace.plan().is_empty);
    }
}

#[test]
fn a_provider_that_lives_for_many_runs_takes_none_for_another_resource() {
    // Newer Terraforms give all runs of a test the provider that its file configures.
    let workspace = workspace(&Terraform::newest());
    fs::create_dir(workspace.path().join("root")).unwrap();
    let runs =
        [("plan", "make"), ("plan", "all"), ("apply", "make"), ("plan", "all"), ("apply", "all")];
    let runs = runs.iter().enumerate().map(|(number, (command, run))| {
        format!(
            "run \"r{number}\" {{\n  command = {command}\n  variables {{\n    run = \"{run}\"\n  }}\n  assert {{\n    \
             condition = stanchion_pipeline.ci.path == \"{FILE}\"\n    error_message = \"elsewhere\"\n  }}\n}}\n"
        )
    });
    let provider = "provider \"stanchion\" {\n  root = \"root\"\n}\n".to_owned();
    workspace.write("all.tftest.hcl", [provider].into_iter().chain(runs).collect::<String>());
    let variable = "variable \"run\" {\n  type = string\n}\n";
    workspace.write("main.tf", format!("{variable}{}", pipeline("ci", "CI", "${var.run}")));
    let done = workspace.run(["test"]).success();
    assert!(done.words().contains("5 passed, 0 failed"), "{done}");
    assert!(!workspace.path().join("root/.github").exists(), "what the test made is taken away");
}

#[test]
fn two_resources_whose_path_is_known_late_are_told_in_the_apply() {
    let workspace = workspace(&Terraform::newest());
    let later = "resource \"terraform_data\" \"later\" {\n  input = \"CI\"\n}\n";
    let name = "${terraform_data.later.output}";
    // To the letter the same, so that the second would find what it is to write.
    let [one, other] = ["one", "other"].map(|it| pipeline(it, name, "make"));
    let errors = workspace.errors(&format!("{later}{one}{other}"));
    let [error] = &errors[..] else { panic!("one error, not {errors:?}") };
    let said = "would overwrite .github/workflows/ci.yml, which another resource has just written";
    assert!(error.summary.contains(said), "{}", error.summary);
    assert_eq!(error.detail, "Give one of them another name, or take it out.");
    let made = workspace.state().addresses();
    let is_one = made.contains(&"stanchion_pipeline.one".to_owned());
    let holds = if is_one { one } else { other };
    assert!(workspace.read(FILE).contains("run: make\n"));
    let step = workspace.step(&format!("{later}{holds}"));
    assert!(step.plan.is_empty, "of {made:?} one is whole: {}", step.plan.output);
}

#[test]
fn a_resource_under_another_name_keeps_its_document() {
    // The old one is destroyed when the new one is there, or in whichever order.
    let late = "removed {\n  from = stanchion_pipeline.before\n  lifecycle {\n    destroy = true\n  }\n  \
                provisioner \"local-exec\" {\n    when = destroy\n    command = \"sleep 2\"\n  }\n}\n";
    for removed in [late, ""] {
        let workspace = workspace(&Terraform::newest());
        workspace.make(&pipeline("before", "CI", "make"));
        let step = workspace.step(&format!("{removed}{}", pipeline("after", "CI", "make")));
        assert_eq!(step.state.addresses(), ["stanchion_pipeline.after"]);
        assert!(workspace.read(FILE).contains("run: make\n"));
    }
}

#[test]
fn folders_that_we_made_go_with_the_last_document_and_no_others() {
    let workspace = workspace(&Terraform::newest());
    let all: String =
        (0..10).map(|it| pipeline(&format!("p{it}"), &format!("p{it}"), "make")).collect();
    workspace.step(&all);
    let state = workspace.read("terraform.tfstate");
    let here = workspace.path().display().to_string();
    assert!(!state.contains(&here), "the state says where the repository is");
    workspace.write(".github/CODEOWNERS", "* @me\n");
    workspace.destroy();
    assert!(!workspace.path().join(".github/workflows").exists());
    assert_eq!(workspace.read(".github/CODEOWNERS"), "* @me\n");
    fs::remove_file(workspace.path().join(".github/CODEOWNERS")).unwrap();

    workspace.make(&pipeline("p", "p", "make"));
    workspace.destroy();
    assert!(workspace.path().join(".github").exists(), "it was there before");
    assert!(!workspace.path().join(".github/workflows").exists());
}

#[test]
fn two_terraforms_at_once_write_below_one_root() {
    let root = tempfile::tempdir().unwrap();
    let configured = |prefix: &str| {
        let each = (0..10).map(|it| pipeline(&format!("p{it}"), &format!("{prefix}{it}"), "make"));
        each.collect::<String>()
    };
    let all = ["a", "b"].map(|prefix| {
        let workspace = workspace(&Terraform::newest()).with_env("STANCHION_ROOT", root.path());
        workspace.write("main.tf", configured(prefix));
        workspace
    });
    let running = [0, 1].map(|it: usize| all[it].start(["apply", "-auto-approve"]));
    for it in running {
        it.finish().success();
    }
    let folder = root.path().join(".github/workflows");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 20);
    assert!(all.iter().all(|it| it.plan().is_empty));
    let running = [0, 1].map(|it: usize| all[it].start(["destroy", "-auto-approve"]));
    for it in running {
        it.finish().success();
    }
    assert_eq!(fs::read_dir(&folder).into_iter().flatten().count(), 0);
}

#[test]
fn a_root_that_moved_is_told_where_the_document_was() {
    let workspace = workspace(&Terraform::newest());
    let below = |root: &str| {
        format!(
            "provider \"stanchion\" {{\n  root = \"{root}\"\n}}\n{}",
            pipeline("ci", "CI", "make")
        )
    };
    for root in ["one", "two"] {
        fs::create_dir(workspace.path().join(root)).unwrap();
    }
    workspace.step(&below("one"));
    let plan = workspace.plan_of(&below("two"));
    assert_eq!(plan.action("stanchion_pipeline.ci"), "create");
    let said = plan.output.words();
    let path = |it: &str| workspace.path().canonicalize().unwrap().join(it).display().to_string();
    for told in [
        format!(
            "is below the root {} from now on, and {} stays as it is",
            path("two"),
            path("one/.github/workflows/ci.yml")
        ),
        "Move .github/workflows/ci.yml to the new root before you apply, or remove it.".to_owned(),
    ] {
        assert!(said.contains(&told.split_whitespace().collect::<Vec<_>>().join(" ")), "{said}");
    }
    // Moved over, as the message says, it is the one that is held, and nothing is told any more.
    fs::rename(workspace.path().join("one/.github"), workspace.path().join("two/.github")).unwrap();
    let plan = workspace.plan();
    assert!(plan.is_empty, "{}", plan.output);
    assert!(!plan.output.words().contains("from now on"));
    // A clone elsewhere has the same root, seen from its configuration.
    let elsewhere = workspace.path().parent().unwrap().join("elsewhere");
    workspace.apply();
    fs::rename(workspace.path(), &elsewhere).unwrap();
    let mut command = workspace.command(["plan", "-detailed-exitcode"]);
    command.current_dir(&elsewhere);
    let plan = Running::start(command, "", Duration::from_secs(60)).finish().success();
    assert!(!plan.words().contains("from now on"), "{plan}");
}

/// The provider under strace, which kills it where the variable `KILL` says.
fn killable(folder: &Path) -> Provider {
    let script = folder.join("terraform-provider-stanchion");
    let text = format!(
        "#!/bin/sh\n[ -n \"$KILL\" ] || exec {provider}\n\
         exec strace -D -f -qqq -o /dev/null -e \"trace=${{KILL%%:*}}\" -e \"inject=$KILL\" {provider}\n",
        provider = Provider::stanchion().path().display()
    );
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    Provider::new("stanchion/stanchion", script)
}

/// Kills the provider in an apply of `main.tf` with this text.
fn kill(workspace: Workspace, call: &str, number: usize, text: &str) -> Workspace {
    let workspace = workspace.with_env("KILL", format!("{call}:signal=KILL:when={number}"));
    workspace.write("main.tf", text);
    let killed = workspace.run(["apply", "-auto-approve"]).failure();
    let said = killed.words();
    assert!(
        said.contains("plugin") || said.contains("EOF") || said.contains("connection"),
        "{said}"
    );
    workspace.with_env("KILL", "")
}

#[test]
fn a_kill_while_a_document_is_made_is_repaired_by_the_next_apply() {
    // The draft is made durable, then its two folders, then it is renamed, then the root is made durable.
    for (call, number, is_there) in [("renameat2", 1, false), ("fsync", 4, true)] {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::requiring(&killable(folder.path()), &Terraform::newest());
        let text = pipeline("ci", "CI", "make");
        let workspace = kill(workspace, call, number, &text);
        assert_eq!(workspace.path().join(FILE).exists(), is_there, "{call}");
        assert_eq!(workspace.path().join(".github").exists(), is_there, "{call}");
        assert_eq!(workspace.state().addresses(), [""; 0], "what the state says is not so");
        let step = workspace.step(&text);
        assert_eq!(step.plan.action("stanchion_pipeline.ci"), "create");
        assert_eq!(
            step.state.value("stanchion_pipeline.ci", "content"),
            workspace.read(FILE).as_str()
        );
        is_without_drafts(&workspace);
        workspace.destroy();
        assert!(!workspace.path().join(FILE).exists());
    }
}

#[test]
fn a_kill_while_a_document_changes_is_repaired_by_the_next_apply() {
    for (call, number, is_new) in [("renameat", 1, false), ("fsync", 2, true)] {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::requiring(&killable(folder.path()), &Terraform::newest());
        workspace.make(&pipeline("ci", "CI", "make"));
        let new = pipeline("ci", "CI", "make all");
        let workspace = kill(workspace, call, number, &new);
        assert_eq!(workspace.read(FILE).contains("run: make all\n"), is_new, "{call}");
        let held = workspace.state().value("stanchion_pipeline.ci", "content");
        assert!(held.to_string().contains("run: make\\n"), "the state has what was there: {held}");
        let step = workspace.step(&new);
        assert!(workspace.read(FILE).contains("run: make all\n"));
        assert_eq!(step.plan.is_empty, is_new, "{}", step.plan.output);
        is_without_drafts(&workspace);
    }
}

#[test]
fn a_kill_while_a_document_is_removed_is_repaired_by_the_next_destroy() {
    for (call, number, is_there) in [("unlinkat", 1, true), ("fsync", 1, false)] {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::requiring(&killable(folder.path()), &Terraform::newest());
        workspace.make(&pipeline("ci", "CI", "make"));
        let workspace = kill(workspace, call, number, "");
        assert_eq!(workspace.path().join(FILE).exists(), is_there, "{call}");
        assert_eq!(workspace.state().addresses(), ["stanchion_pipeline.ci"]);
        workspace.destroy();
        assert!(!workspace.path().join(FILE).exists());
        is_without_drafts(&workspace);
    }
}

fn is_without_drafts(workspace: &Workspace) {
    let names = super::below(&workspace.path());
    let draft = names.iter().find(|it| it.to_string_lossy().ends_with(".draft"));
    assert_eq!(draft, None);
}
