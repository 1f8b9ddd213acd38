//! The configurations that `make bench` reads are what they are said to be: always the same, read by
//! Terraform and by the linter without a complaint, and as dense as the page of benchmarks tells.
//!
//! `UPDATE=1` writes the densities on the page anew.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use stanchion_lang::{
    Evaluation, Inputs, NoDataSources, NoFiles, Source, Workspace, is_configuration,
};
use stanchion_tests::{Terraform, page_is, repository, with_block};

const PAGE: &str = "docs/benchmarks.md";

#[test]
fn a_corpus_is_the_same_each_time_and_a_larger_one_begins_with_it() {
    let [(first, _), (again, _), (larger, _)] =
        ["150000", "150000", "400000"].map(|it| written(&["repository", "--bytes", it]));
    assert_eq!(first, again);
    assert!(larger.len() >= 2 * first.len(), "{} and {} files", larger.len(), first.len());
    assert!(first.iter().all(|(path, text)| larger.get(path) == Some(text)));
    let size = first.values().map(String::len).sum::<usize>();
    assert!((150_000..300_000).contains(&size), "{size} bytes");
}

#[test]
fn terraform_and_the_linter_take_each_corpus_as_it_is() {
    for (words, roots, instances) in [
        (&["repository", "--bytes", "250000"][..], 9, 700..1500),
        (&["cluster"][..], 12, 500..1500),
        (&["instances", "--instances", "300"][..], 1, 300..301),
    ] {
        let (files, folder) = written(words);
        let mut fmt = Command::new(Terraform::newest().path());
        fmt.args(["fmt", "-check", "-recursive"]).current_dir(folder.path());
        let done = fmt.env("TF_CLI_CONFIG_FILE", "/dev/null").output().unwrap();
        assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stdout));

        let sources = files.into_iter().map(|(path, text)| Source::new(path, text.into_bytes()));
        let workspace = Workspace::new(sources);
        assert_eq!(workspace.faults(), [], "{words:?}");
        let (inputs, mut found) = (Inputs::default(), 0);
        for root in workspace.roots() {
            let evaluation = Evaluation::new(&workspace, root, &inputs, &NoFiles, &NoDataSources);
            assert_eq!(evaluation.check(), [], "{words:?} {}", root.folder);
            found += evaluation.resources().len();
        }
        assert_eq!(workspace.roots().len(), roots, "{words:?}");
        assert!(instances.contains(&found), "{words:?}: {found} instances");
    }
}

#[test]
fn the_page_of_benchmarks_tells_how_dense_the_corpora_are() {
    for words in [&["repository", "--bytes", "500000"][..], &["cluster"][..]] {
        let folder = tempfile::tempdir().unwrap();
        let said = generate(words, folder.path());
        let source = format!("corpus.py {}", words.join(" "));
        page_is(PAGE, &with_block(PAGE, &source, &said));
    }
}

/// The files that the generator writes, by their paths, and the folder that they are in.
fn written(words: &[&str]) -> (BTreeMap<String, String>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    generate(words, folder.path());
    let mut files = BTreeMap::new();
    read(folder.path(), folder.path(), &mut files);
    (files, folder)
}

/// Runs the generator, and gives what it prints.
fn generate(words: &[&str], folder: &Path) -> String {
    let program = repository().join("tests/bench/corpus/corpus.py");
    let [shape, options @ ..] = words else { return String::new() };
    let output = Command::new(program).arg(shape).arg(folder).args(options).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn read(root: &Path, folder: &Path, into: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, into);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            assert!(is_configuration(&name), "{name}");
            into.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}
