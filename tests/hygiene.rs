//! The house has a test: what a reader may count on in every file, and where each kind of line lives.
//!
//! Whoever adds a crate gives it a line in `CRATES`; whoever writes a new deed file, or prints, gives
//! it a line in `ONLY_IN`. Needles are written with a dot in them (`db·g!(`), so that this file does
//! not find itself.
#![expect(clippy::panic, reason = "its helpers fail the tests that call them")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use serde_json::Value;
use stanchion_tests::repository;

use rules::{CHECKS, File, word};

#[path = "hygiene/rules.rs"]
mod rules;

/// What each crate may import, and with it what these import. The order is that of the layers.
const CRATES: &[(&str, &[&str])] = &[
    ("stanchion-tfplugin", &[]),
    ("stanchion-cty-derive", &[]),
    ("stanchion-cty", &["stanchion-cty-derive"]),
    ("stanchion-remote", &[]),
    ("stanchion-framework", &["stanchion-cty", "stanchion-tfplugin"]),
    ("stanchion-model", &["stanchion-cty"]),
    ("stanchion-secrets", &["stanchion-model", "stanchion-remote"]),
    (
        "terraform-provider-stanchion",
        &["stanchion-framework", "stanchion-model", "stanchion-secrets", "stanchion-remote"],
    ),
    ("stanchion-lang", &["stanchion-cty"]),
    ("stanchion", &["stanchion-lang", "stanchion-model", "stanchion-remote", "stanchion-secrets"]),
];

/// Imports for tests alone, which close a circle that a build does not see.
const FOR_TESTS: &[(&str, &str)] = &[("stanchion-cty-derive", "stanchion-cty")];

/// Words that only some files may have. A path that ends in `/` is a folder.
const ONLY_IN: &[Only] = &[
    Only {
        words: &[
            "fs::wri·te",
            "fs::create_·dir",
            "fs::remo·ve",
            "fs::ren·ame",
            "fs::co·py",
            "fs::hard_·link",
            "File::cre·ate",
            "Open·Options",
            "set_perm·issions",
            "sym·link(",
            "Command::n·ew",
            "Tcp·Stream",
            "Tcp·Listener",
            "Unix·Stream",
            "Unix·Listener",
            "open_ambi·ent_dir",
        ],
        files: &[
            (
                "provider/framework/src/plugin/listener.rs",
                "the socket on which Terraform calls the plugin, and its folder",
            ),
            ("provider/src/target/local.rs", "reads and removes documents below the root"),
            ("provider/src/target/local/draft.rs", "writes documents below the root"),
            ("lint/src/disk.rs", "writes the baseline that a user asks for"),
            ("lint/src/disk/mend.rs", "writes files that a user asks to have mended"),
            ("lint/src/git.rs", "asks git which lines were changed"),
            ("lint/src/adopt/run.rs", "runs the linter that is to be replaced"),
        ],
        cure: "a deed belongs in a deed file: return what is to be done, or list the file here",
    },
    Only {
        words: &["print·ln!", "eprint·ln!", "pri·nt!(", "eprin·t!(", "db·g!("],
        files: &[("proto/build.rs", "speaks to cargo"), ("lint/build.rs", "speaks to cargo")],
        cure: "print at the edge only: return text, or list the file here",
    },
];

struct Only {
    words: &'static [&'static str],
    files: &'static [(&'static str, &'static str)],
    cure: &'static str,
}

#[test]
fn every_file_keeps_the_rules_of_the_house() {
    let files = files();
    let broken = CHECKS.iter().flat_map(|check| {
        files.iter().flat_map(|file| {
            (check.find)(file)
                .into_iter()
                .map(|line| format!("{}:{line}: {}", file.path, check.cure))
        })
    });
    report(broken.collect());
}

#[test]
fn every_rule_of_the_house_sees_its_fault() {
    for check in CHECKS {
        let file = File { path: check.fault.0.to_owned(), text: word(check.fault.1) };
        assert!(!(check.find)(&file).is_empty(), "unseen: {}", check.cure);
    }
    let only = Only { files: &[("a/src/deeds.rs", "it does them")], ..ONLY_IN[0] };
    let file = |path: &str, text| File { path: path.to_owned(), text: word(text) };
    let [fault, deed, test] = [
        file("a/src/a.rs", "//! A.\nfs::wri·te(a)\n"),
        file("a/src/deeds.rs", "//! A.\nfs::wri·te(a)\n"),
        file("a/src/b.rs", "//! A.\n#[cfg(test)]\nfs::wri·te(a)\n"),
    ];
    let found = outside(&[fault, test], &only);
    assert!(found[0].starts_with("a/src/a.rs:2: "), "{found:?}");
    assert!(found[1].starts_with("a/src/deeds.rs: needs no exception"), "{found:?}");
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(outside(&[deed], &only), [""; 0]);
}

#[test]
fn each_kind_of_line_stands_where_it_belongs() {
    let files = files();
    report(ONLY_IN.iter().flat_map(|only| outside(&files, only)).collect());
}

#[test]
fn crates_import_as_the_design_says() {
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--no-deps", "--format-version=1"]).current_dir(repository());
    let metadata = serde_json::from_slice::<Value>(&output(command)).unwrap();
    let mut broken = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        if name == "stanchion-tests" {
            continue;
        }
        let Some(allowed) = allowed(name) else {
            broken.push(format!("{name}: give the crate its line in CRATES of tests/hygiene.rs"));
            continue;
        };
        let ours = package["dependencies"].as_array().unwrap().iter();
        for import in ours.filter(|it| it["path"].is_string()) {
            let imported = import["name"].as_str().unwrap();
            let for_tests = import["kind"] == "dev" && FOR_TESTS.contains(&(name, imported));
            if !allowed.contains(imported) && !for_tests {
                broken.push(format!("{name} may not import {imported}: turn the need around"));
            }
        }
    }
    report(broken);
}

#[test]
fn lint_and_provider_never_meet() {
    let [lint, provider] =
        ["stanchion", "terraform-provider-stanchion"].map(|it| allowed(it).unwrap());
    assert!(!lint.contains("stanchion-framework") && !provider.contains("stanchion-lang"));
}

#[test]
fn the_top_has_at_most_nine_folders() {
    let files = files();
    let tops = files.iter().filter_map(|file| Some(file.path.split_once('/')?.0));
    let seen = tops.filter(|top| !top.starts_with('.')).collect::<BTreeSet<_>>();
    assert!(seen.len() <= 9, "a tenth folder: {seen:?}");
}

#[test]
fn what_can_be_run_says_by_what() {
    let mut broken = Vec::new();
    for file in files() {
        let mode = fs::metadata(repository().join(&file.path)).unwrap().permissions().mode();
        match (file.text.starts_with("#!/"), mode & 0o100 != 0) {
            (true, false) => broken.push(format!("{}:1: make it executable: chmod +x", file.path)),
            (false, true) => broken.push(format!("{}:1: nothing to run: chmod -x", file.path)),
            _ => {}
        }
    }
    report(broken);
}

/// All text files that git knows or would add, but for what a fuzzer has made.
fn files() -> Vec<File> {
    let mut command = Command::new("git");
    command.args(["ls-files", "-co", "--exclude-standard", "-z"]).current_dir(repository());
    let listed = String::from_utf8(output(command)).unwrap_or_default();
    let ours = |path: &&str| !path.is_empty() && !path.starts_with("tests/fuzz/corpus/");
    let paths = listed.split('\0').filter(ours).collect::<BTreeSet<_>>();
    // A file that is deleted but still listed, or not text, is none.
    let read = |path: &str| fs::read_to_string(repository().join(path)).ok();
    let files =
        paths.into_iter().filter_map(|it| Some(File { path: it.to_owned(), text: read(it)? }));
    files.collect()
}

fn outside(files: &[File], only: &Only) -> Vec<String> {
    let words = only.words.iter().map(|it| word(it)).collect::<Vec<_>>();
    let mut unused = only.files.iter().map(|(path, _)| *path).collect::<BTreeSet<_>>();
    let mut broken = Vec::new();
    for file in files.iter().filter(|it| it.is("rs") && !it.is_for_tests()) {
        let at =
            |path: &str| file.path == path || (path.ends_with('/') && file.path.starts_with(path));
        let allowed = only.files.iter().find(|(path, _)| at(path));
        let code = file.text.split("#[cfg(test)]").next().unwrap_or_default();
        let code =
            code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        // Clap calls the description of a command line a command, too.
        let code = code.map(|(number, line)| (number, line.replace("clap::Command", "")));
        for (number, _) in code.filter(|(_, line)| words.iter().any(|it| line.contains(it))) {
            match allowed {
                Some((path, _)) => drop(unused.remove(path)),
                None => broken.push(format!("{}:{}: {}", file.path, number + 1, only.cure)),
            }
        }
    }
    broken.extend(
        unused.into_iter().map(|path| format!("{path}: needs no exception: take it off the list")),
    );
    broken
}

/// What a crate may import, with what these import; none for a crate that is not listed.
fn allowed(name: &str) -> Option<BTreeSet<&'static str>> {
    let direct = CRATES.iter().copied().collect::<BTreeMap<_, _>>();
    let mut open = direct.get(name)?.to_vec();
    let mut found = BTreeSet::new();
    while let Some(next) = open.pop() {
        if found.insert(next) {
            open.extend(direct.get(next).copied().unwrap_or_default());
        }
    }
    Some(found)
}

fn output(mut command: Command) -> Vec<u8> {
    match command.output() {
        Ok(done) if done.status.success() => done.stdout,
        Ok(done) => panic!("{command:?}: {}", String::from_utf8_lossy(&done.stderr)),
        Err(error) => panic!("{command:?}: {error}"),
    }
}

fn report(broken: Vec<String>) {
    assert!(broken.is_empty(), "{} broken:\n{}", broken.len(), broken.join("\n"));
}
