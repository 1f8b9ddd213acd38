//! What users do beside plan and apply: each operation of Terraform that reaches a provider.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};
use stanchion_tests::{Provider, Running, Terraform, Workspace, program};

use crate::suite::{self, Case, case};
use stanchion_tests::place::{Place, trial, with_trial};

pub(crate) struct Family;

const A: &str = "trial_thing.a";

impl suite::Family for Family {
    const NAME: &'static str = "operations";
    type World = Terraform;

    fn prepare(terraform: &Terraform) -> Terraform {
        terraform.clone()
    }

    fn cases() -> Vec<Case<Terraform>> {
        vec![
            case("refresh-only takes over what has changed, and changes nothing", refresh_only),
            case("without refresh, what has changed is not looked at", without_refresh),
            case("replace makes a new object of one that needs none", replace),
            case("a tainted object is made anew", taint),
            case("target leaves the others out", target),
            case("plan -destroy is applied as it was planned", plan_destroy),
            case("workspaces have states of their own", workspaces),
            case("parallelism 1 does one thing after the other", |it| parallelism(it, 1)),
            case("parallelism 100 does all at once", |it| parallelism(it, 100)),
            case("two providers work at once", two_providers),
            case("create_before_destroy makes the new object first", create_before_destroy),
            case("ignore_changes keeps what is there", ignore_changes),
            case("prevent_destroy keeps a replacement from being planned", prevent_destroy),
            case("for_each adds and removes by key", for_each),
            case("a moved block within a type changes nothing", moved),
            case("a removed block forgets what goes on to exist", removed),
            case("a module's resources are as those of the root", module),
            case("TF_REATTACH_PROVIDERS uses a process that goes on", reattach),
            case("TF_DISABLE_PLUGIN_TLS is served without certificates", without_tls),
            case("a mirror is installed and locked, from a cache the second time", cache),
            case("a dev override goes before what is locked", dev_override),
        ]
    }
}

fn thing(attributes: &str) -> String {
    with_trial(&format!("resource \"trial_thing\" \"a\" {{\n  name = \"a\"\n  {attributes}\n}}\n"))
}

fn refresh_only(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.workspace.make(&thing("note = \"first\""));
    place.change("trial_thing", "a", "note", "changed");
    let plan = place.workspace.plan_with(&["-refresh-only"]);
    assert_eq!(plan.changes(), []);
    let drift = &plan.json["resource_drift"][0]["change"];
    assert_eq!([&drift["before"]["note"], &drift["after"]["note"]], ["first", "changed"]);
    place.take_log();
    place.workspace.apply_plan();
    assert_eq!(place.workspace.state().value(A, "note"), "changed");
    let changes = place.take_log().into_iter().filter(|it| it.starts_with("update")).count();
    assert_eq!(changes, 0);
    assert_eq!(place.workspace.plan().action(A), "update");
}

fn without_refresh(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.workspace.make(&thing("note = \"first\""));
    place.remove("trial_thing", "a");
    place.take_log();
    assert!(place.workspace.plan_with(&["-refresh=false"]).is_empty);
    assert!(!place.take_log().iter().any(|it| it.starts_with("read")));
    assert_eq!(place.workspace.plan().action(A), "create");
}

fn replace(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.workspace.make(&thing(""));
    let plan = place.workspace.plan_with(&[&format!("-replace={A}")]);
    assert_eq!(plan.action(A), "delete create");
    assert!(plan.is_unknown(A, "id") && plan.is_unknown(A, "zone"));
    place.take_log();
    place.workspace.apply_plan();
    let log = place.take_log();
    let at = |line: &str| log.iter().position(|it| it == line);
    assert!(at("delete a").unwrap() < at("create a").unwrap(), "{log:?}");
}

fn taint(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.workspace.make(&thing(""));
    place.workspace.run(["taint", A]).success();
    assert_eq!(place.workspace.plan().action(A), "delete create");
    place.workspace.run(["untaint", A]).success();
    assert!(place.workspace.plan().is_empty);
}

fn target(terraform: &Terraform) {
    let place = suite::place(terraform);
    let other = "resource \"trial_thing\" \"b\" {\n  name = \"b\"\n}\n";
    place.workspace.write("main.tf", thing("") + other);
    let plan = place.workspace.plan_with(&[&format!("-target={A}")]);
    assert_eq!(plan.changes(), [(A.to_owned(), "create".to_owned())]);
    place.workspace.apply_plan();
    assert_eq!(place.object("trial_thing", "b"), None);
    assert_eq!(place.workspace.plan().action("trial_thing.b"), "create");
}

fn plan_destroy(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.workspace.make(&thing("note = \"x\""));
    let plan = place.workspace.plan_with(&["-destroy"]);
    assert_eq!(plan.action(A), "delete");
    assert_eq!(plan.change(A)["after"], Value::Null);
    place.workspace.apply_plan();
    assert_eq!(place.workspace.state().addresses(), [""; 0]);
    assert_eq!(place.object("trial_thing", "a"), None);
}

fn workspaces(terraform: &Terraform) {
    let place = suite::place(terraform);
    let text = with_trial("resource \"trial_thing\" \"a\" {\n  name = terraform.workspace\n}\n");
    place.workspace.make(&text);
    place.workspace.run(["workspace", "new", "other"]).success();
    let plan = place.workspace.plan();
    assert_eq!((plan.action(A), plan.after(A, "name")), ("create".to_owned(), json!("other")));
    place.workspace.apply_plan();
    place.workspace.run(["destroy", "-auto-approve"]).success();
    assert_eq!(place.object("trial_thing", "other"), None);
    place.workspace.run(["workspace", "select", "default"]).success();
    assert!(place.workspace.plan().is_empty);
    assert!(place.object("trial_thing", "default").is_some());
}

fn parallelism(terraform: &Terraform, parallelism: usize) {
    let place = suite::place(terraform);
    let things =
        "resource \"trial_thing\" \"all\" {\n  count = 30\n  name = \"t${count.index}\"\n}\n";
    let slow = "resource \"trial_slow\" \"all\" {\n  count = 4\n  name = \"s${count.index}\"\n  seconds = 0.5\n}\n";
    place.workspace.write("main.tf", with_trial(&format!("{things}{slow}")));
    let option = format!("-parallelism={parallelism}");
    let began = std::time::Instant::now();
    place.workspace.run(["apply", "-auto-approve", &option]).success();
    let took = began.elapsed();
    assert_eq!(place.workspace.state().addresses().len(), 34);
    let made = place.take_log().into_iter().filter(|it| it.starts_with("create ")).count();
    assert_eq!(made, 34);
    // Four half seconds one after the other are two seconds.
    assert!(parallelism > 1 || took >= Duration::from_secs(2), "{took:?}");
    assert!(place.workspace.plan().is_empty);
    place.workspace.run(["destroy", "-auto-approve", &option]).success();
    assert_eq!(place.object("trial_thing", "t29"), None);
}

fn two_providers(terraform: &Terraform) {
    let place = suite::place(terraform);
    let name = "terraform-provider-minimal";
    let minimal = Provider::new("example/minimal", program("stanchion-tests", name));
    let workspace = Workspace::new(terraform).with_override(&trial()).with_override(&minimal);
    let workspace = workspace.with_env("TRIAL_ROOT", place.root());
    let both = "terraform {\n  required_providers {\n    trial = { source = \"stanchion/trial\" }\n    \
                minimal = { source = \"example/minimal\" }\n  }\n}\n";
    let step = workspace.step(&format!(
        "{both}resource \"minimal_note\" \"n\" {{\n  path = \"${{path.module}}/n.txt\"\n  text = trial_thing.a.id\n}}\n\
         resource \"trial_thing\" \"a\" {{\n  name = \"a\"\n}}\n\
         resource \"trial_thing\" \"b\" {{\n  name = \"b\"\n  note = minimal_note.n.text\n}}\n"
    ));
    assert_eq!(step.state.value("trial_thing.b", "note"), "thing-a");
    assert_eq!(workspace.read("n.txt"), "thing-a");
    workspace.destroy();
}

fn create_before_destroy(terraform: &Terraform) {
    let place = suite::place(terraform);
    let text = |name: &str| {
        with_trial(&format!(
            "resource \"trial_thing\" \"a\" {{\n  name = \"{name}\"\n  lifecycle {{\n    create_before_destroy = true\n  }}\n}}\n"
        ))
    };
    place.workspace.make(&text("old"));
    place.take_log();
    let step = place.workspace.step(&text("new"));
    assert_eq!(step.plan.action(A), "create delete");
    let log = place.take_log();
    let at = |line: &str| log.iter().position(|it| it == line);
    assert!(at("create new").unwrap() < at("delete old").unwrap(), "{log:?}");
}

fn ignore_changes(terraform: &Terraform) {
    let place = suite::place(terraform);
    let text = |note: &str| {
        thing(&format!("note = \"{note}\"\n  lifecycle {{\n    ignore_changes = [note]\n  }}"))
    };
    place.workspace.make(&text("first"));
    place.change("trial_thing", "a", "note", "by hand");
    assert_eq!(place.workspace.plan_of(&text("second")).changes(), []);
    place.workspace.run(["apply", "-refresh-only", "-auto-approve"]).success();
    assert_eq!(place.workspace.state().value(A, "note"), "by hand");
}

fn prevent_destroy(terraform: &Terraform) {
    let place = suite::place(terraform);
    let text = |name: &str| {
        with_trial(&format!(
            "resource \"trial_thing\" \"a\" {{\n  name = \"{name}\"\n  lifecycle {{\n    prevent_destroy = true\n  }}\n}}\n"
        ))
    };
    place.workspace.make(&text("old"));
    let errors = place.workspace.errors(&text("new"));
    let summary = &errors[0].summary;
    assert!(summary.to_lowercase().ends_with("instance cannot be destroyed"), "{summary}");
    assert!(place.object("trial_thing", "old").is_some());
    place.workspace.write("main.tf", text("old").replace("prevent_destroy = true", ""));
}

fn for_each(terraform: &Terraform) {
    let place = suite::place(terraform);
    let text = |keys: &str| {
        with_trial(&format!(
            "resource \"trial_thing\" \"a\" {{\n  for_each = toset({keys})\n  name = each.key\n}}\n"
        ))
    };
    place.workspace.make(&text(r#"["x", "y"]"#));
    let plan = place.workspace.step(&text(r#"["y", "z"]"#)).plan;
    let mut changes = plan.changes();
    changes.sort();
    let expected = [("trial_thing.a[\"x\"]", "delete"), ("trial_thing.a[\"z\"]", "create")];
    assert_eq!(changes, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert_eq!(place.object("trial_thing", "x"), None);
}

fn moved(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.workspace.make(&thing(""));
    let text = thing("").replace("\"trial_thing\" \"a\"", "\"trial_thing\" \"b\"")
        + "moved {\n  from = trial_thing.a\n  to = trial_thing.b\n}\n";
    let step = place.workspace.step(&text);
    assert_eq!(step.plan.changes(), []);
    assert_eq!(step.state.addresses(), ["trial_thing.b"]);
}

fn removed(terraform: &Terraform) {
    let place = suite::place(terraform);
    place.workspace.make(&thing(""));
    let text = with_trial(
        "removed {\n  from = trial_thing.a\n  lifecycle {\n    destroy = false\n  }\n}\n",
    );
    let step = place.workspace.step(&text);
    assert_eq!(step.plan.action(A), "forget");
    assert_eq!(step.state.addresses(), [""; 0]);
    place.remove("trial_thing", "a");
}

fn module(terraform: &Terraform) {
    let place = suite::place(terraform);
    let inner = format!(
        "{}variable \"name\" {{}}\noutput \"id\" {{\n  value = trial_thing.a.id\n}}\n",
        thing("")
    );
    place.workspace.write(
        "inner/main.tf",
        inner
            .replace("\"a\"\n", "var.name\n")
            .replace("\"trial_thing\" var.name", "\"trial_thing\" \"a\""),
    );
    let text = with_trial(
        "module \"m\" {\n  source = \"./inner\"\n  name = \"in a module\"\n}\noutput \"id\" {\n  value = module.m.id\n}\n",
    );
    place.workspace.write("main.tf", &text);
    // With an override there is nothing to install but the module.
    place.workspace.run(["get"]).success();
    let step = place.workspace.step(&text);
    assert_eq!(step.state.addresses(), ["module.m.trial_thing.a"]);
    assert_eq!(step.state.output("id"), "thing-in a module");
}

fn reattach(terraform: &Terraform) {
    let place = suite::place(terraform);
    let mut command = std::process::Command::new(trial().path());
    command.arg("-debug").env("TRIAL_ROOT", place.root());
    let mut served = Running::start(command, "", Duration::from_secs(60));
    served.wait_for("TF_REATTACH_PROVIDERS=");
    let printed = served.printed();
    let line = printed.lines().find(|it| it.contains("TF_REATTACH_PROVIDERS=")).unwrap();
    let value = line.trim().strip_prefix("export TF_REATTACH_PROVIDERS='").unwrap();
    let value = value.strip_suffix('\'').unwrap();
    let id = served.id().to_string();
    assert!(value.contains(&id), "{value}");
    let workspace = Workspace::new(terraform).with_env("TF_REATTACH_PROVIDERS", value);
    workspace.write("main.tf", thing("note = \"by one that goes on\""));
    workspace.init();
    for _ in 0..2 {
        workspace.run(["apply", "-auto-approve"]).success();
        assert!(fs::exists(format!("/proc/{id}/exe")).unwrap(), "it ended");
    }
    assert_eq!(place.object("trial_thing", "a").unwrap()["note"], "by one that goes on");
    workspace.destroy();
    served.interrupt();
    assert_eq!(served.finish().status, 0);
}

fn without_tls(terraform: &Terraform) {
    let place = suite::kept(Place::new(terraform).with_env("TF_DISABLE_PLUGIN_TLS", "1"));
    let step = place.workspace.step(&thing("note = \"plain\""));
    assert_eq!(step.state.value(A, "note"), "plain");
    assert_eq!(place.object("trial_thing", "a").unwrap()["note"], "plain");
}

fn cache(terraform: &Terraform) {
    let place = suite::place(terraform);
    let folder = tempfile::tempdir().unwrap();
    let workspace = || {
        Workspace::new(terraform)
            .with_mirror(&trial(), "1.2.3")
            .with_env("TF_PLUGIN_CACHE_DIR", folder.path())
            .with_env("TRIAL_ROOT", place.root())
    };
    let first = workspace();
    first.step(&thing(""));
    let lock = first.read(".terraform.lock.hcl");
    assert!(lock.contains("version = \"1.2.3\"") && lock.contains("h1:"), "{lock}");
    let second = workspace();
    second.write("main.tf", thing(""));
    second.write(".terraform.lock.hcl", lock);
    let output = second.init();
    assert!(output.words().contains("from the shared cache directory"), "{output}");
    assert_eq!(second.plan().action(A), "create");
    first.destroy();
}

fn dev_override(terraform: &Terraform) {
    let place = suite::place(terraform);
    let workspace = Workspace::new(terraform)
        .with_mirror(&trial(), "1.2.3")
        .with_override(&trial())
        .with_env("TRIAL_ROOT", place.root());
    workspace.write("main.tf", thing(""));
    // Nothing is installed, and nothing has to be.
    let output = workspace.run(["plan"]).success();
    assert!(output.words().contains("Provider development overrides are in effect"), "{output}");
    assert!(output.words().contains("1 to add"), "{output}");
    assert!(!workspace.path().join(".terraform.lock.hcl").exists());
}
