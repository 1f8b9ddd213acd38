//! Anywhere else: commands of one's own, whose platform is a folder here.

use std::fs;

use super::*;

const IMAGE: &str = "ghcr.io/acme/shop@sha256:bbbb";
const OTHER: &str = "ghcr.io/acme/shop@sha256:cccc";

/// A folder that is the platform, and a deployment onto it.
fn at(strategy: &'static str, folder: &Path) -> Deployment {
    let variables = [
        ("IMAGE", IMAGE),
        ("FORMER", ""),
        ("CURRENT", "cat \"$AT/runs\""),
        ("DEPLOY", "grep -q '@sha256:b' <<<\"$IMAGE\" | cat\necho \"$IMAGE\" >\"$AT/runs\""),
        ("STAGE", "[[ $IMAGE != *sick* ]]\necho \"$IMAGE\" >\"$AT/staged\""),
        ("SHIFT", "echo \"$WEIGHT\" >\"$AT/weight\""),
        ("SETTLE", "cp \"$AT/staged\" \"$AT/runs\""),
        ("ROLLBACK", "echo \"$FORMER\" >\"$AT/runs\"\necho 0 >\"$AT/weight\""),
        ("AT", folder.to_str().unwrap()),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    Deployment { platform: "command", strategy, variables, ..Deployment::default() }
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_default().trim_end().to_owned()
}

#[test]
fn commands_are_run_with_what_they_need_and_stop_at_the_first_failure() {
    let folder = tempfile::tempdir().unwrap();
    let it = at("rolling", folder.path());
    it.run(Deed::Former).failed("`current` failed");
    fs::write(folder.path().join("runs"), "release 7\n").unwrap();
    assert_eq!(it.former(), "release 7");
    it.run(Deed::Deploy).worked();
    assert_eq!(read(folder.path(), "runs"), IMAGE);
    it.with("FORMER", "release 7").run(Deed::Rollback).worked();
    assert_eq!(read(folder.path(), "runs"), "release 7");
    it.with("DEPLOY", "false | cat\necho never >\"$AT/runs\"").run(Deed::Deploy).failed("`deploy`");
    assert_eq!(read(folder.path(), "runs"), "release 7");
    it.with("CURRENT", "printf 'a\\nb\\n'").run(Deed::Former).failed("one line");
    assert_eq!(it.with("CURRENT", "true").former(), "");
}

#[test]
fn what_another_deployment_put_there_stays() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("runs"), OTHER).unwrap();
    let it = at("rolling", folder.path()).with("FORMER", "ghcr.io/acme/shop@sha256:aaaa");
    it.run(Deed::Rollback).worked().says("another deployment");
    assert_eq!(read(folder.path(), "runs"), OTHER);
}

#[test]
fn a_canary_gets_its_percents_step_by_step_and_none_where_nothing_ran_before() {
    let folder = tempfile::tempdir().unwrap();
    let it = at("canary", folder.path());
    fs::write(folder.path().join("runs"), "release 7\n").unwrap();
    it.with("IMAGE", "sick@sha256:d").run(Deed::Stage).failed("`stage` failed");
    assert_eq!(read(folder.path(), "staged"), "");
    it.run(Deed::Stage).worked();
    it.with("WEIGHT", "10").run(Deed::Shift).worked().says("10 % of the traffic");
    assert_eq!(
        ["runs", "staged", "weight"].map(|it| read(folder.path(), it)),
        ["release 7", IMAGE, "10"]
    );
    it.run(Deed::Rollback).worked().says("nothing ran before");
    assert_eq!(read(folder.path(), "weight"), "0");
    it.with("WEIGHT", "100").run(Deed::Shift).worked();
    it.run(Deed::Settle).worked();
    assert_eq!(read(folder.path(), "runs"), IMAGE);
    it.with("SETTLE", "").run(Deed::Settle).worked().says("nothing to settle");
    it.with("FORMER", "release 7").run(Deed::Rollback).worked();
    assert_eq!(["runs", "weight"].map(|it| read(folder.path(), it)), ["release 7", "0"]);
}
