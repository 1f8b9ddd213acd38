//! `--fix`: what is mended, how, and what is left alone.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use serde_json::Value;

use crate::common::{Run, folder, stanchion, stanchion_with};

fn group(list: &str) -> String {
    format!(
        "resource \"aws_security_group\" \"web\" {{\n  name = \"web\"\n\n  lifecycle {{\n    ignore_changes = {list}\n  }}\n}}\n"
    )
}

fn fix(folder: &tempfile::TempDir, more: &[&str]) -> Run {
    stanchion(folder.path(), &[&["lint", "--fix"], more].concat())
}

#[test]
fn fixes_are_made_and_told_and_the_rest_is_reported() {
    let folder = folder(&[
        ("main.tf", &group("[ingress, tags, egress]")),
        ("image.tf", "resource \"docker_image\" \"a\" {\n  name = \"nginx:latest\"\n}\n"),
        (
            "over.tf",
            "locals {\n  a = 1 # stanchion:allow image-floating-tag until 2020-01-31: over\n}\n",
        ),
    ]);
    let run = fix(&folder, &[]);
    assert_eq!((run.status, run.err.as_str()), (1, ""), "what is left decides");
    assert!(
        run.out.starts_with(
            "mended main.tf:5:23: takes ingress out of ignore_changes [drift-ignored]\n\
             mended main.tf:5:38: takes egress out of ignore_changes [drift-ignored]\n\
             mended over.tf:2:11: removes the comment [suppression-without-effect]\n\n"
        ),
        "{}",
        run.out
    );
    assert!(run.out.ends_with("1 finding in 1 root, 3 files, 2 instances\n"), "{}", run.out);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("main.tf"), group("[tags]"));
    assert_eq!(read("over.tf"), "locals {\n  a = 1\n}\n");
    fs::remove_file(folder.path().join("image.tf")).unwrap();
    let again = fix(&folder, &[]);
    assert_eq!(
        (again.status, again.out.as_str()),
        (0, "0 findings in 1 root, 2 files, 1 instance\n")
    );
}

#[test]
fn programs_read_what_is_left_and_people_what_was_mended() {
    let folder = folder(&[("main.tf", &group("[ingress]"))]);
    let run = fix(&folder, &["--format", "json"]);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.status, &document["findings"]), (0, &Value::Array(vec![])));
    assert_eq!(
        run.err,
        "mended main.tf:5:23: takes ingress out of ignore_changes [drift-ignored]\n"
    );
}

#[test]
fn what_would_be_a_guess_is_left_alone() {
    let files = [
        ("all.tf", group("all")),
        ("comma.tf", group("[ingress # why\n    , tags]").replace("web", "comma")),
        ("typo.tf", "locals {\n  a = 1 # stanchion:allow image-floting-tag: x\n}\n".to_owned()),
        (
            "more.tf",
            "/* stanchion:allow image-floating-tag: x\nand more */\nlocals {\n  b = 1\n}\n"
                .to_owned(),
        ),
        (
            "x.tf.json",
            "{\"//\": \"stanchion:allow image-floating-tag: x\", \"locals\": {\"c\": 1}}"
                .to_owned(),
        ),
    ];
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let folder = folder(&files);
    let run = fix(&folder, &["--format", "compact"]);
    assert_eq!((run.out.lines().count(), run.err.as_str()), (5, ""), "{}", run.out);
    for (name, text) in files {
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), text, "{name}");
    }
}

#[test]
fn a_provider_is_bounded_by_the_version_that_an_ignored_lock_file_has() {
    let main = |version: &str| {
        format!(
            "terraform {{\n  required_providers {{\n    aws = {{\n      source  = \"hashicorp/aws\"\n      version = \"{version}\"\n    }}\n  }}\n  backend \"s3\" {{}}\n}}\n"
        )
    };
    let lock = "provider \"registry.terraform.io/hashicorp/aws\" {\n  version = \"5.31.0\"\n}\n";
    let run = |ignored: &str| {
        let folder = folder(&[
            ("main.tf", &main(">= 5.0, != 5.2.0")),
            (".terraform.lock.hcl", lock),
            (".gitignore", ignored),
        ]);
        fs::create_dir(folder.path().join(".git")).unwrap();
        let before = stanchion(folder.path(), &["lint"]);
        let run = fix(&folder, &[]);
        assert_eq!((run.status, run.err.as_str()), (0, ""), "{}", run.out);
        (before, fs::read_to_string(folder.path().join("main.tf")).unwrap())
    };
    let (before, after) = run("*.hcl\n");
    assert!(
        before.out.contains("bounds the provider aws above, and git ignores its lock file"),
        "{}",
        before.out
    );
    assert!(
        before.out.contains("  fix: bounds aws by < 6.0.0, as 5.31.0 is in use\n"),
        "{}",
        before.out
    );
    assert_eq!(after, main(">= 5.0, != 5.2.0, < 6.0.0"));
    let (before, after) = run("*.tfstate\n");
    assert_eq!((before.status, after), (0, main(">= 5.0, != 5.2.0")), "the lock file pins it");
}

#[test]
fn a_fix_never_writes_what_is_secret() {
    let main = "terraform {\n  required_providers {\n    aws = {\n      source  = \"hashicorp/aws\"\n      version = \">= 5.0\"\n    }\n  }\n  backend \"s3\" {}\n}\n";
    let secret = "variable \"v\" {\n  sensitive = true\n  default   = \"6.0.0\"\n}\n";
    let lock = "provider \"registry.terraform.io/hashicorp/aws\" {\n  version = \"5.31.0\"\n}\n";
    for (text, is_mended) in [(main.to_owned(), true), (format!("{main}{secret}"), false)] {
        let folder =
            folder(&[("main.tf", &text), (".terraform.lock.hcl", lock), (".gitignore", "*.hcl\n")]);
        fs::create_dir(folder.path().join(".git")).unwrap();
        assert_eq!(fix(&folder, &[]).status, i32::from(!is_mended));
        let left = fs::read_to_string(folder.path().join("main.tf")).unwrap();
        assert_eq!(left != text, is_mended, "{left}");
    }
}

#[test]
fn a_lock_file_that_is_committed_pins_though_git_would_ignore_it() {
    let main = "terraform {\n  required_providers {\n    aws = {\n      source  = \"hashicorp/aws\"\n      version = \">= 5.0\"\n    }\n  }\n  backend \"s3\" {}\n}\n";
    let lock = "provider \"registry.terraform.io/hashicorp/aws\" {\n  version = \"5.31.0\"\n}\n";
    let folder = folder(&[
        ("infra/main.tf", main),
        ("infra/.terraform.lock.hcl", lock),
        (".gitignore", "*.hcl\n"),
    ]);
    let path = std::env::var("PATH").unwrap();
    let status = || {
        let arguments = ["lint", "infra", "--fail-on", "note"];
        stanchion_with(folder.path(), &arguments, &[("PATH", &path)]).status
    };
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        assert!(command.args(arguments).current_dir(folder.path()).status().unwrap().success());
    };
    git(&["init", "-q"]);
    assert_eq!(status(), 1, "it is there for nobody else");
    git(&["add", "-f", "infra/.terraform.lock.hcl"]);
    assert_eq!(status(), 0);
}

#[test]
fn a_comment_is_not_removed_where_other_values_may_need_it() {
    let text = "variable \"tag\" {\n  default = \"1\"\n}\nresource \"docker_image\" \"a\" {\n  # stanchion:allow image-floating-tag: a demo\n  name = \"nginx:${var.tag}\"\n}\n";
    let plan = "{\"format_version\": \"1.2\", \"planned_values\": {}, \"variables\": {\"tag\": {\"value\": \"2\"}}, \"configuration\": {\"root_module\": {\"variables\": {\"tag\": {}}}}}";
    let given = [(&["--var", "tag=2"][..], 1), (&["--plan", "plan.json"], 1), (&[], 0)];
    for (arguments, status) in given {
        let folder = folder(&[("main.tf", text), ("plan.json", plan)]);
        assert_eq!(fix(&folder, arguments).status, status, "{arguments:?}");
        let left = fs::read_to_string(folder.path().join("main.tf")).unwrap();
        assert_eq!(left.contains("stanchion:allow"), status == 1, "{arguments:?}");
    }
}

#[test]
fn a_file_that_can_not_be_mended_is_told_and_none_is_changed() {
    let text = group("[ingress]");
    let folder = folder(&[("a/main.tf", &text), ("b/main.tf", &text)]);
    let path = folder.path().join("b/main.tf");
    let refused = |told: &str| {
        let run = fix(&folder, &[]);
        assert_eq!((run.status, run.out.as_str(), run.err.as_str()), (2, "", told));
        assert_eq!(fs::read_to_string(folder.path().join("a/main.tf")).unwrap(), text);
    };
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    refused(
        "error: b/main.tf is not mended, since it is read-only\n\
         help: make it writable, as by chmod u+w b/main.tf\n",
    );
    fs::rename(&path, folder.path().join("b/there")).unwrap();
    symlink("there", &path).unwrap();
    refused(
        "error: b/main.tf is not mended, since it is a link\n\
         help: run stanchion where the file itself is, or mend it by hand\n",
    );
    let run = fix(&folder, &["--staged"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("'--fix' cannot be used with '--staged'"), "{}", run.err);
}

#[test]
fn permissions_line_ends_and_a_byte_order_mark_are_kept() {
    let text = format!(
        "\u{feff}{}",
        group("[\n      ingress,\n      tags, # ours\n    ]").replace('\n', "\r\n")
    );
    let folder = folder(&[("main.tf", &text)]);
    let path = folder.path().join("main.tf");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(fix(&folder, &[]).status, 0);
    assert_eq!(fs::read_to_string(&path).unwrap(), text.replace("      ingress,\r\n", ""));
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

/// The ways that a list may be written: what stands before, between, and behind its entries.
const LAYOUTS: &[[&str; 3]] = &[
    ["[", ", ", "]"],
    ["[ ", " , ", " ]"],
    ["[", ", ", ",]"],
    ["[\n      ", ",\n      ", ",\n    ]"],
    ["[\n      ", ",\n      ", "\n    ]"],
    ["[ # first\n      ", ", # after\n      ", " # last\n    ]"],
    ["[\n      # above\n      ", ",\n      # between\n      ", ",\n      # below\n    ]"],
    ["[\n", ",", "\n\n]"],
    ["[ /* a */ ", ", /* b */ ", " /* c */ ]"],
];
const NAMES: &[&str] = &["ingress", "tags", "metadata_options[0].http_tokens", "name"];

#[test]
fn whatever_a_list_looks_like_fixes_take_entries_out_and_a_second_run_nothing() {
    let mut files = Vec::new();
    for (number, [before, between, behind]) in LAYOUTS.iter().enumerate() {
        // Each list of up to three names, with repetitions.
        for chosen in 1..NAMES.len().pow(3) * 2 {
            let mut names = Vec::new();
            let mut left = chosen;
            while left > 0 {
                names.push(NAMES[left % NAMES.len()]);
                left /= NAMES.len();
            }
            let list = format!("{before}{}{behind}", names.join(between));
            let name = format!("f{number}_{chosen}");
            let text = group(&list).replace("\"web\"", &format!("\"{name}\""));
            let text = if chosen % 2 == 0 { text } else { text.replace('\n', "\r\n") };
            files.push((format!("{name}.tf"), names, text));
        }
    }
    let all: Vec<_> = files.iter().map(|(name, _, text)| (name.as_str(), text.as_str())).collect();
    let folder = folder(&all);
    let first = fix(&folder, &["--format", "json"]);
    let document: Value = serde_json::from_str(&first.out).unwrap();
    assert_eq!(document["findings"], Value::Array(vec![]), "{document:#}");
    assert!(first.err.lines().count() > files.len() / 2, "{}", first.err);
    let words = |it: &str| -> Vec<String> {
        let list = it.split("ignore_changes = ").nth(1).unwrap().split("\n  }").next().unwrap();
        let plain = |it: char| "[],\r\n ".contains(it);
        list.split(plain).filter(|it| !it.is_empty()).map(str::to_owned).collect()
    };
    let read = |name: &String| fs::read_to_string(folder.path().join(name)).unwrap();
    let after: Vec<_> = files.iter().map(|(name, ..)| read(name)).collect();
    for ((name, names, before), after) in files.iter().zip(&after) {
        let mut expected = words(before);
        let is_kept = |it: &String| !it.starts_with("ingress") && !it.starts_with("metadata");
        expected.retain(|it| is_kept(it) && it != "0" && it != ".http_tokens");
        assert_eq!(words(after), expected, "{name} of {names:?}:\n{before}\n{after}");
        let crs = |it: &str| it.matches("\r\n").count() == it.matches('\n').count();
        assert_eq!(crs(before), crs(after), "{name}");
    }
    let second = fix(&folder, &["--format", "compact"]);
    assert_eq!((second.status, second.out.as_str(), second.err.as_str()), (0, "", ""));
    let still: Vec<_> = files.iter().map(|(name, ..)| read(name)).collect();
    assert_eq!(still, after);
}

/// Texts with a comment at `@`, and what is left without it.
const COMMENTED: &[[&str; 2]] = &[
    ["@\nlocals {\n  a = 1\n}\n", "locals {\n  a = 1\n}\n"],
    ["@\n\nlocals {\n  a = 1\n}\n", "\nlocals {\n  a = 1\n}\n"],
    ["# licence\n@\nlocals {\n}\n", "# licence\nlocals {\n}\n"],
    ["locals {\n  @\n  a = 1\n}\n", "locals {\n  a = 1\n}\n"],
    ["locals {\n\t@\n\t# more\n\ta = 1\n}\n", "locals {\n\t# more\n\ta = 1\n}\n"],
    ["locals {\n  a = 1 @\n  b = 2\n}\n", "locals {\n  a = 1\n  b = 2\n}\n"],
    [
        "locals { @\n  a = [\n    1,   @\n    2\n  ]\n}\n",
        "locals {\n  a = [\n    1,\n    2\n  ]\n}\n",
    ],
    [
        "locals {\n  a = <<EOT\n# stanchion:allow image-floating-tag: text\nEOT\n}\n@\n",
        "locals {\n  a = <<EOT\n# stanchion:allow image-floating-tag: text\nEOT\n}\n",
    ],
    ["locals {\n  a = 1\n}\n@", "locals {\n  a = 1\n}\n"],
];
const SIGNS: &[[&str; 2]] = &[["# ", ""], ["#", " "], ["// ", ""], ["/* ", " */"], ["/*", "*/"]];

#[test]
fn whatever_a_comment_looks_like_it_goes_alone_and_a_second_run_changes_nothing() {
    let mut files = Vec::new();
    for (number, [text, expected]) in COMMENTED.iter().enumerate() {
        for (sign, [before, behind]) in SIGNS.iter().enumerate() {
            for (end, line) in ["\n", "\r\n"].iter().enumerate() {
                let comment = format!("{before}stanchion:allow image-floating-tag: none{behind}");
                let of = |it: &str| it.replace('\n', line).replace('@', &comment);
                files.push((format!("{number}-{sign}-{end}/main.tf"), of(text), of(expected)));
            }
        }
    }
    let all: Vec<_> = files.iter().map(|(name, text, _)| (name.as_str(), text.as_str())).collect();
    let folder = folder(&all);
    for _ in 0..2 {
        let run = fix(&folder, &["--format", "compact"]);
        assert_eq!((run.status, run.out.as_str()), (0, ""));
        for (name, text, expected) in &files {
            let left = fs::read_to_string(folder.path().join(name)).unwrap();
            assert_eq!(&left, expected, "{name}: {text}");
        }
    }
}

#[test]
fn a_reference_gets_the_digest_that_it_has_elsewhere() {
    let one = |name: &str, image: &str| {
        format!("resource \"docker_container\" \"{name}\" {{\n  image = {image}\n}}\n")
    };
    let digest = |of: &str| format!("sha256:{}", of.repeat(32));
    let (first, other) = (digest("0a"), digest("0b"));
    let main = [
        "variable \"image\" {\n  default = \"nginx\"\n}\n".to_owned(),
        one("pinned", &format!("\"docker.io/library/nginx:latest@{first}\"")),
        one("bare", "\"nginx\" # the web"),
        one("tagged", "\"nginx:latest\""),
        one("by_variable", "var.image"),
        one("other_tag", "\"nginx:edge\""),
        one("escaped", "\"nginx:\\u006catest\""),
        one("two", &format!("\"app:main@{first}\"")),
        one("digests", &format!("\"app:main@{other}\"")),
        one("of_two", "\"app:main\""),
        one("without_tag", &format!("\"api@{first}\"")),
        one("of_none", "\"api\""),
    ];
    let main = main.concat();
    let files = [("main.tf", main.as_str())];
    let folder = folder(&files);
    let run = fix(&folder, &["--format", "compact"]);
    let by = "pins it to the digest that docker_container.pinned has [image-floating-tag]";
    assert_eq!(run.err, format!("mended main.tf:8:11: {by}\nmended main.tf:11:11: {by}\n"));
    let after = fs::read_to_string(folder.path().join("main.tf")).unwrap();
    let expected = main
        .replace("\"nginx\" # the web", &format!("\"nginx@{first}\" # the web"))
        .replace("\"nginx:latest\"", &format!("\"nginx:latest@{first}\""));
    assert_eq!(after, expected);
    assert_eq!(run.out.lines().count(), 5, "{}", run.out);
    assert_eq!(fix(&folder, &["--format", "compact"]).err, "", "a second run changes nothing");
}

#[test]
fn a_reference_gets_the_digest_that_a_plan_has_looked_up() {
    let main = "resource \"docker_image\" \"a\" {\n  name = \"nginx:edge\"\n}\ndata \"docker_registry_image\" \"b\" {\n  name = \"app:main\"\n}\nresource \"docker_container\" \"c\" {\n  image = \"app:main\"\n}\n";
    let digest = |of: &str| format!("sha256:{}", of.repeat(32));
    let (of_nginx, of_app) = (digest("0c"), digest("0d"));
    let plan = serde_json::json!({
        "format_version": "1.2",
        "planned_values": { "root_module": { "resources": [{
            "address": "docker_image.a", "mode": "managed",
            "values": { "name": "nginx:edge", "repo_digest": format!("nginx@{of_nginx}") },
        }] } },
        "prior_state": { "values": { "root_module": { "resources": [{
            "address": "data.docker_registry_image.b", "mode": "data",
            "values": { "name": "app:main", "sha256_digest": of_app },
        }] } } },
        "configuration": { "root_module": { "resources": [
            { "address": "docker_image.a" }, { "address": "data.docker_registry_image.b" },
            { "address": "docker_container.c" },
        ] } },
    });
    let folder = folder(&[("main.tf", main), ("plan.json", &plan.to_string())]);
    let run = fix(&folder, &["--plan", "plan.json", "--format", "compact"]);
    let expected = main
        .replace("\"nginx:edge\"", &format!("\"nginx:edge@{of_nginx}\""))
        .replace("image = \"app:main\"", &format!("image = \"app:main@{of_app}\""));
    let after = fs::read_to_string(folder.path().join("main.tf")).unwrap();
    assert_eq!(after, expected, "{}{}", run.out, run.err);
    assert_eq!((run.status, run.out.as_str()), (0, ""));
}
