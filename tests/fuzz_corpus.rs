//! What the fuzz targets have found stays found: their corpus is judged again, without a fuzzer.
//!
//! `UPDATE=1` writes the seeds anew, which our own codecs make, and those of `fuzz/seeds.rs`.
#![expect(clippy::panic, clippy::unwrap_used, reason = "judges and helpers fail the tests")]

use std::collections::BTreeMap;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use judges::{JUDGES, split_type};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use stanchion_cty::yaml::{Item, emit};
use stanchion_cty::{json, msgpack};
use stanchion_tests::arbitrary::{Known, types, values_of};
use stanchion_tests::repository;

#[path = "fuzz/judges/lib.rs"]
#[expect(unreachable_pub, reason = "the fuzz targets see it as a crate of its own")]
mod judges;

#[path = "fuzz/seeds.rs"]
mod seeds;

/// How long a judge may take for a file, built without optimisation. A fuzzer's limit is less.
const PATIENCE: Duration = Duration::from_secs(20);

/// The most bytes that a corpus is worth in the repository, of all targets together.
const WORTH: u64 = 300_000;

#[test]
fn every_judge_accepts_all_of_its_corpus_in_time() {
    for (target, judge) in JUDGES {
        let files = corpus(target);
        assert!(files.len() >= 20, "{target} has {} files only", files.len());
        for file in files {
            let bytes = fs::read(&file).unwrap();
            let began = Instant::now();
            let judged = catch_unwind(|| judge(&bytes));
            assert!(judged.is_ok(), "{target} broke its law: {}", file.display());
            assert!(began.elapsed() < PATIENCE, "{:?}: {}", began.elapsed(), file.display());
        }
    }
}

#[test]
fn every_judge_has_its_target_and_every_folder_its_judge() {
    let fuzz = repository().join("tests/fuzz");
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    let listed = manifest.lines().filter_map(|it| it.strip_prefix("path = \"targets/"));
    let mut listed: Vec<_> = listed.filter_map(|it| it.strip_suffix(".rs\"")).collect();
    listed.sort_unstable();
    let mut judged: Vec<_> = JUDGES.iter().map(|(name, _)| *name).collect();
    judged.sort_unstable();
    assert_eq!(listed, judged);
    for (folder, ending) in [("targets", ".rs"), ("corpus", "")] {
        let names = names(&fuzz.join(folder));
        let expected: Vec<_> = judged.iter().map(|it| format!("{it}{ending}")).collect();
        assert_eq!(names, expected, "{folder}");
    }
}

#[test]
fn the_corpus_is_small() {
    let files = JUDGES.iter().flat_map(|(target, _)| corpus(target));
    let sizes: BTreeMap<_, _> = files.map(|it| (fs::metadata(&it).unwrap().len(), it)).collect();
    assert!(sizes.keys().next_back() <= Some(&4096), "{:?}", sizes.values().next_back());
    let all: u64 = JUDGES
        .iter()
        .flat_map(|(target, _)| corpus(target))
        .map(|it| fs::metadata(it).unwrap().len())
        .sum();
    assert!(all <= WORTH, "{all} bytes");
}

#[test]
fn every_judge_accepts_its_seeds() {
    for (target, judge) in JUDGES {
        let seeds = &seeds()[target];
        assert!(seeds.len() >= 20, "{target}");
        for (i, seed) in seeds.iter().enumerate() {
            judge(seed);
            if std::env::var_os("UPDATE").is_some() {
                fs::create_dir_all(folder(target)).unwrap();
                fs::write(folder(target).join(format!("seed-{i:02}")), seed).unwrap();
            }
        }
    }
}

/// Values of types of all kinds, drawn from the same chances each time, in each form.
fn seeds() -> BTreeMap<&'static str, Vec<Vec<u8>>> {
    let mut runner = TestRunner::deterministic();
    let mut seeds: BTreeMap<_, Vec<Vec<u8>>> = BTreeMap::new();
    for kind in 0..40_u8 {
        // The bytes of a type: its kind, and what its parts are.
        let head = [kind % 10, 1 + kind % 3, kind.wrapping_mul(7), kind / 10, kind, 3, 1, 2];
        let (ty, rest) = split_type(&head);
        let head = &head[..head.len() - rest.len()];
        let mut value = |known| values_of(&ty, known).new_tree(&mut runner).unwrap().current();
        let (partly, wholly) = (value(Known::Partly), value(Known::Wholly));
        let mut seed = |target, bytes: Vec<u8>| seeds.entry(target).or_default().push(bytes);
        seed("msgpack", [head, &msgpack::encode(&partly, &ty).unwrap()].concat());
        seed("json", [head, json::encode(&wholly, &ty).unwrap().as_bytes()].concat());
        seed("yaml", emit(&Item::from_value(&wholly).unwrap()).into_bytes());
        let ty = types().new_tree(&mut runner).unwrap().current();
        seed("json", [&[0], json::type_to_json(&ty).as_bytes()].concat());
    }
    seeds.insert("environment", environments());
    seeds.insert("syntax", seeds::configurations());
    seeds.insert("evaluator", seeds::expressions());
    seeds.insert("tf_json", seeds::in_json());
    seeds.insert("settings", seeds::daily::settings());
    seeds.insert("baseline", seeds::daily::baselines());
    seeds.insert("plan", seeds::daily::plans());
    seeds.insert("suppressions", seeds::daily::suppressions());
    seeds
}

/// What hosts set, rightly and wrongly, in all combinations.
fn environments() -> Vec<Vec<u8>> {
    const CERTIFICATE: &str =
        "\0PLUGIN_CLIENT_CERT=-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    let versions = ["PLUGIN_PROTOCOL_VERSIONS=5,6", "PLUGIN_PROTOCOL_VERSIONS=4,5"];
    let certificates = ["", "\0PLUGIN_CLIENT_CERT=", "\0PLUGIN_CLIENT_CERT=none", CERTIFICATE];
    let others = [
        "",
        "\0PLUGIN_MIN_PORT=10000\0PLUGIN_MAX_PORT=25000\0PLUGIN_MULTIPLEX_GRPC=true",
        "\0PLUGIN_MIN_PORT=70000\0TF_LOG_PROVIDER=warn\0PLUGIN_UNIX_SOCKET_DIR=/tmp",
        "\0TF_PLUGIN_MAGIC_COOKIE=biscuit",
    ];
    let mut seeds = Vec::new();
    for version in versions {
        for certificate in certificates {
            seeds.extend(others.map(|it| format!("{version}{certificate}{it}").into_bytes()));
        }
    }
    seeds
}

fn corpus(target: &str) -> Vec<PathBuf> {
    names(&folder(target)).iter().map(|it| folder(target).join(it)).collect()
}

fn folder(target: &str) -> PathBuf {
    repository().join("tests/fuzz/corpus").join(target)
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<_> =
        files.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
