//! The scripts as shellcheck reads them.

use std::process::Command;

use stanchion_model::pipeline::deployment::platform::{Deed, NAMES, script};

use super::part;

const STRATEGIES: [&str; 4] = ["rolling", "blue_green", "canary", "feature_flag"];
const DEEDS: [Deed; 6] =
    [Deed::Former, Deed::Deploy, Deed::Stage, Deed::Shift, Deed::Settle, Deed::Rollback];

#[test]
fn shellcheck_has_nothing_to_say_of_any_script() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for platform in NAMES {
        for strategy in STRATEGIES {
            for deed in DEEDS {
                let Some(text) = script(platform, strategy, deed) else { continue };
                assert!(!text.contains("${{"), "GitHub would evaluate it: {platform} {deed:?}");
                let file = folder.path().join(format!("{platform}-{strategy}-{deed:?}.sh"));
                std::fs::write(&file, text).unwrap();
                files.push(file);
            }
        }
    }
    let faulty = folder.path().join("faulty.sh");
    std::fs::write(&faulty, "# shellcheck shell=bash\necho $1\n").unwrap();
    let shellcheck = part(&["python-program", "shellcheck"]);
    let check = |files: &[std::path::PathBuf]| {
        let done = Command::new(&shellcheck).args(["-f", "gcc"]).args(files).output().unwrap();
        String::from_utf8(done.stdout).unwrap()
    };
    assert!(check(&[faulty]).contains("SC2086"));
    let said = check(&files);
    assert!(said.is_empty(), "{said}");
}
