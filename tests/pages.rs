//! The pages under `docs/`, the README and the demo say what the programs do.
//!
//! `UPDATE=1` writes the pages anew.

#![expect(clippy::expect_used, reason = "a test that can't go on has failed")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use stanchion_cty::Type;
use stanchion_cty::schema::{Block as _, Page, page};
use stanchion_tests::{
    Provider, Terraform, Workspace, blocks_of, page_is, program, repository, with_block,
};
use terraform_provider_stanchion::{
    FunctionPage, Settings, data_source_pages, function_pages, pages,
};

#[path = "pages/pitfalls.rs"]
mod pitfalls;

#[test]
fn each_resource_has_a_page_with_what_its_example_really_writes() {
    for (name, object) in pages() {
        let example = example(&format!("resources/{name}/resource.tf"));
        let workspace = Workspace::requiring(&Provider::stanchion(), &Terraform::newest());
        let step = workspace.step(&example);
        let [address] = &step.state.addresses()[..] else {
            panic!("the example of {name} is one resource")
        };
        let path = step.state.value(address, "path");
        let content = step.state.value(address, "content");
        let (path, content) = (path.as_str().expect("a path"), content.as_str().expect("a text"));
        let sections = format!("It writes `{path}`:\n\n```yaml\n{content}```");
        workspace.destroy();
        let about = Page {
            name,
            kind: "Resource",
            example: &example,
            sections: &sections,
            import: Some(&format!("local:{path}")),
        };
        let short = name.trim_start_matches("stanchion_");
        page_is(&format!("docs/resources/{short}.md"), &page(&about, &object));
    }
}

#[test]
fn each_data_source_has_a_page_with_what_its_example_really_reads() {
    let workflow = fs::read_to_string(repository().join("examples/ci/github.yml"));
    for (name, object) in data_source_pages() {
        let example = example(&format!("data-sources/{name}/data-source.tf"));
        let read = outputs(&example, workflow.as_ref().expect("a workflow"));
        let sections = format!(
            "It gives of [this workflow](https://github.com/stanchion/stanchion/blob/main/examples/ci/github.yml):\n\n{read}"
        );
        let (kind, sections) = ("Data Source", &sections);
        let about = Page { name, kind, example: &example, sections, import: None };
        let short = name.trim_start_matches("stanchion_");
        page_is(&format!("docs/data-sources/{short}.md"), &page(&about, &object));
    }
}

#[test]
fn each_function_has_a_page_with_what_its_example_really_gives() {
    for FunctionPage { name, parameters, output } in function_pages() {
        let example = example(&format!("functions/{name}/function.tf"));
        let said: Vec<_> = parameters
            .attributes
            .iter()
            .map(|it| format!("{} {}", it.name, it.kind.ty().friendly()))
            .collect();
        let sections = format!(
            "It gives:\n\n{}\n\n## Signature\n\n```text\n{name}({}) {}\n```",
            outputs(&example, ""),
            said.join(", "),
            written(&output)
        );
        let sections = &sections;
        let about = Page { name, kind: "function", example: &example, sections, import: None };
        page_is(&format!("docs/functions/{name}.md"), &page(&about, &parameters));
    }
}

/// A type, with what an object has.
fn written(ty: &Type) -> String {
    match ty {
        Type::Object(of) => {
            let each = of.iter().map(|(name, it)| format!("{name} = {}", it.ty.friendly()));
            format!("object({{ {} }})", each.collect::<Vec<_>>().join(", "))
        }
        ty => ty.friendly(),
    }
}

/// What Terraform prints of an example's outputs, beside that workflow.
fn outputs(example: &str, workflow: &str) -> String {
    let workspace = Workspace::requiring(&Provider::stanchion(), &Terraform::newest());
    workspace.write(".github/workflows/ci.yml", workflow).write("main.tf", example);
    workspace.apply();
    let said = workspace.run(["output", "-no-color"]).success();
    format!("```text\n{}\n```", said.stdout.trim())
}

#[test]
fn the_provider_has_a_page() {
    let example = example("provider/provider.tf");
    let about =
        Page { name: "stanchion", kind: "Provider", example: &example, sections: "", import: None };
    page_is("docs/index.md", &page(&about, &Settings::object()));
}

#[test]
fn the_demo_runs_and_the_readme_shows_what_it_prints() {
    let linter = program("stanchion", "stanchion");
    let provider = program("terraform-provider-stanchion", "terraform-provider-stanchion");
    let programs = linter.parent().expect("a folder");
    assert_eq!(provider.parent(), Some(programs));
    let folder = tempfile::tempdir().expect("a folder");
    let demo = demo(programs, folder.path());
    let printed = String::from_utf8_lossy(&demo.stdout);
    let errors = String::from_utf8_lossy(&demo.stderr);
    assert!(demo.status.success(), "{printed}{errors}");
    assert!(printed.contains("terraform is not taken: its version is 1.6.6"), "{printed}");
    let blocks = blocks_of("README.md", "make demo");
    assert_eq!(blocks.len(), 2);
    for block in blocks {
        assert!(printed.contains(&block), "the demo does not print\n{block}\nbut\n{printed}");
    }
}

#[test]
fn the_demo_stops_where_an_act_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let nothing = tempfile::tempdir().expect("a folder");
    fs::write(nothing.path().join("terraform-provider-stanchion"), "").expect("a file");
    let demo = demo(nothing.path(), folder.path());
    assert_eq!(demo.status.code(), Some(1));
    let errors = String::from_utf8_lossy(&demo.stderr);
    assert!(errors.contains("The demo stopped: terraform"), "{errors}");
}

#[test]
fn the_clean_example_is_laid_out_as_terraform_lays_it_out() {
    let mut command = Command::new(Terraform::newest().path());
    command.args(["fmt", "-check", "-recursive", "-diff", "examples/infra"]);
    command.current_dir(repository()).env("TF_CLI_CONFIG_FILE", "/dev/null");
    let done = command.output().expect("terraform starts");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
}

/// Runs the demo where the only Terraform on the path is too old, and the user's settings would
/// break every command.
fn demo(programs: &Path, folder: &Path) -> Output {
    let old = Terraform::unsupported();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let without_terraform = std::env::split_paths(&path)
        .filter(|it| ["terraform", "tofu"].iter().all(|name| !it.join(name).exists()));
    let only_old = old.path().parent().map(Path::to_path_buf).into_iter().chain(without_terraform);
    Command::new("python3")
        .arg(repository().join("tests/demo/demo.py"))
        .args(["--programs".as_ref(), programs.as_os_str()])
        .args(["--folder".as_ref(), folder.as_os_str()])
        .env("PATH", std::env::join_paths(only_old).expect("a path"))
        .env("TF_CLI_ARGS", "-no-such-option")
        .env("TF_CLI_CONFIG_FILE", "/nowhere/at/all")
        .env("STANCHION_ROOT", "/nowhere/at/all")
        .output()
        .expect("python3 starts")
}

#[test]
fn the_architecture_shows_the_provider_that_is_tested() {
    let source = "tests/providers/minimal.rs";
    let text = fs::read_to_string(repository().join(source)).expect("the provider's source");
    let page = "docs/architecture.md";
    page_is(page, &with_block(page, source, &text));
}

fn example(path: &str) -> String {
    fs::read_to_string(repository().join("examples").join(path)).expect("an example")
}
