//! What `stanchion.toml` says, and where from.

use crate::common::{folder, stanchion};

const MOVING: &str = "resource \"docker_image\" \"a\" {\n  name = \"nginx:latest\"\n}\n";

/// What is found, one a line, and the exit status.
fn lint(files: &[(&str, &str)], arguments: &[&str]) -> (i32, Vec<String>) {
    let folder = folder(files);
    let arguments = [&["lint", "--format", "compact"], arguments].concat();
    let run = stanchion(folder.path(), &arguments);
    assert_eq!(run.err, "");
    (run.status, run.out.lines().map(str::to_owned).collect())
}

#[test]
fn a_rule_is_as_severe_as_the_settings_say_or_off() {
    for (settings, status, line) in [
        ("", 1, "warning[image-floating-tag]"),
        ("[rules]\nimage-floating-tag = \"note\"\n", 0, "note[image-floating-tag]"),
        ("[rules.image-floating-tag]\nseverity = \"error\"\n", 1, "error[image-floating-tag]"),
        ("fail-on = \"error\"\n", 0, "warning[image-floating-tag]"),
        ("[rules]\nimage-floating-tag = \"off\"\n", 0, ""),
    ] {
        let (found, lines) = lint(&[("main.tf", MOVING), ("stanchion.toml", settings)], &[]);
        assert_eq!(found, status, "{settings}");
        assert!(lines.concat().contains(line), "{settings}: {lines:?}");
        assert_eq!(lines.len(), usize::from(!line.is_empty()), "{settings}: {lines:?}");
    }
    let files = [("main.tf", MOVING), ("stanchion.toml", "fail-on = \"error\"\n")];
    assert_eq!(lint(&files, &["--fail-on", "warning"]).0, 1, "the command line has the last word");
}

#[test]
fn what_is_off_is_not_counted() {
    let folder = folder(&[
        ("main.tf", MOVING),
        ("stanchion.toml", "[rules]\nimage-floating-tag = \"off\"\n"),
    ]);
    let run = stanchion(folder.path(), &["lint", "--format", "json"]);
    assert!(!run.out.contains("image-floating-tag"), "{}", run.out);
    assert!(run.out.contains("unreadable-file"), "{}", run.out);
}

#[test]
fn a_rule_has_settings_of_its_own() {
    let beta = MOVING.replace("latest", "beta");
    let settings = "[rules.image-floating-tag]\nmoving = [\"beta\"]\nfixed = [\"latest\"]\n";
    let files = |text: &str, settings: &str| {
        lint(&[("main.tf", text), ("stanchion.toml", settings)], &[]).0
    };
    assert_eq!([files(&beta, ""), files(&beta, settings)], [0, 1]);
    assert_eq!([files(MOVING, ""), files(MOVING, settings)], [1, 0]);
}

#[test]
fn a_profile_holds_for_its_paths_and_for_root_modules_below_them() {
    let call = "module \"m\" {\n  source = \"../../m\"\n}\n";
    let settings = "[rules]\nimage-floating-tag = \"note\"\n\
        [profile.\"envs/prod/**\".rules]\nimage-floating-tag = \"error\"\n\
        [profile.\"*/prod/old\".rules.image-floating-tag]\nfixed = [\"latest\"]\n";
    let (_, lines) = lint(
        &[
            ("envs/prod/main.tf", MOVING),
            ("envs/prod/old/main.tf", MOVING),
            ("envs/dev/main.tf", MOVING),
            ("envs/dev/call.tf", &call.replace("../../m", "../../n")),
            ("envs/prod/call.tf", call),
            ("m/main.tf", MOVING),
            ("n/main.tf", MOVING),
            ("stanchion.toml", settings),
        ],
        &[],
    );
    let tag = "[image-floating-tag]: the image's tag latest moves";
    assert_eq!(
        lines,
        [
            format!("envs/dev/main.tf:2:10: note{tag}"),
            format!("envs/prod/main.tf:2:10: error{tag}"),
            format!("m/main.tf:2:10: error{tag}"),
            format!("n/main.tf:2:10: note{tag}"),
        ]
    );
}

#[test]
fn settings_are_found_upwards_but_not_above_the_repository() {
    let off = "[rules]\nimage-floating-tag = \"off\"\n";
    let folder =
        folder(&[("a/b/main.tf", MOVING), ("stanchion.toml", off), ("r/c/main.tf", MOVING)]);
    std::fs::create_dir(folder.path().join("r/.git")).unwrap();
    assert_eq!(stanchion(folder.path(), &["lint", "a/b"]).status, 0);
    assert_eq!(stanchion(&folder.path().join("a/b"), &["lint"]).status, 0);
    assert_eq!(stanchion(folder.path(), &["lint", "r/c"]).status, 1);
}

#[test]
fn paths_of_the_settings_are_judged_if_none_is_given() {
    let folder = folder(&[
        ("a/main.tf", MOVING),
        ("b/main.tf", MOVING),
        ("b/c/main.tf", MOVING),
        ("stanchion.toml", "paths = [\"a\", \"b/c\"]\n"),
    ]);
    let paths = |at: &str, arguments: &[&str]| {
        let arguments = [&["lint", "--format", "compact"], arguments].concat();
        let run = stanchion(&folder.path().join(at), &arguments);
        let of = |line: &str| line.split(':').next().unwrap().to_owned();
        run.out.lines().map(of).collect::<Vec<_>>()
    };
    assert_eq!(paths("", &[]), ["a/main.tf", "b/c/main.tf"]);
    assert_eq!(paths("b", &[]), ["../a/main.tf", "c/main.tf"]);
    assert_eq!(paths("", &["b/c"]), ["b/c/main.tf"]);
}

#[test]
fn an_empty_list_of_paths_judges_the_working_directory() {
    let (status, lines) = lint(&[("main.tf", MOVING), ("stanchion.toml", "paths = []\n")], &[]);
    assert_eq!((status, lines.len()), (1, 1), "{lines:?}");
}

#[test]
fn what_is_no_setting_is_refused_with_its_place_and_a_suggestion() {
    for (settings, error, cure) in [
        ("[ruless]\n", "1:2: there is no setting ruless", "write rules"),
        (
            "[rules]\nimage-flaoting-tag = \"off\"\n",
            "2:1: there is no rule image-flaoting-tag",
            "write image-floating-tag",
        ),
        ("[rules]\nimage-floating-tag = \"of\"\n", "2:22: there is no severity of", "write off"),
        (
            "[rules.image-floating-tag]\nmovng = []\n",
            "2:1: there is no setting of image-floating-tag movng",
            "write moving",
        ),
        (
            "[profile.\"a/**\"]\nrule = 1\n",
            "2:1: there is no setting of a profile rule",
            "write rules",
        ),
        ("colour = 1\n", "1:1: there is no setting colour", "there are paths, baseline,"),
    ] {
        let folder = folder(&[("main.tf", MOVING), ("stanchion.toml", settings)]);
        let run = stanchion(folder.path(), &["lint"]);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{settings}");
        let expected = format!("error: stanchion.toml:{error}\nhelp: {cure}");
        assert!(run.err.starts_with(&expected), "{settings}: {}", run.err);
    }
    for (settings, error) in [
        ("a = [\n", "1:6: "),
        ("paths = 1\n", "1:9: is not a list of strings"),
        (
            "[rules.image-floating-tag]\nmoving = \"x\"\n",
            "2:10: moving is not of the kind of its default []",
        ),
        ("[rules.image-floating-tag]\nmoving = [1]\n", "2:1: moving can't be read: "),
        ("[profile.\"a[\".rules]\n", "1:10: is no pattern of paths: "),
        ("fail-on = \"off\"\n", "1:11: is not note, warning or error"),
        ("fail-on-unknown = 1\n", "1:19: is neither true nor false"),
        ("rules = 1\n", "1:9: is not a table"),
    ] {
        let folder = folder(&[("stanchion.toml", settings)]);
        let run = stanchion(folder.path(), &["lint"]);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{settings}");
        assert!(run.err.starts_with(&format!("error: stanchion.toml:{error}")), "{}", run.err);
    }
}

#[test]
fn the_settings_on_the_page_are_settings() {
    let page = include_str!("../../../docs/linter.md");
    let blocks: Vec<_> = page.split("```toml\n").skip(1).collect();
    assert_eq!(blocks.len(), 2);
    let whole: String = blocks.iter().map(|it| it.split("```").next().unwrap()).collect();
    let folder = folder(&[("stanchion.toml", &whole)]);
    let run = stanchion(folder.path(), &["lint", "--show-settings"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    for shown in ["moving = [\"beta\"]", "[profile.\"envs/dev/**\"", "id = \"bucket-is-owned\""] {
        assert!(run.out.contains(shown), "{shown} is not in\n{}", run.out);
    }
}

#[test]
fn settings_that_are_no_file_are_refused_and_not_passed_over() {
    let folder = folder(&[("main.tf", MOVING), ("infra/main.tf", MOVING)]);
    std::fs::create_dir(folder.path().join("stanchion.toml")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("infra/stanchion.toml")).unwrap();
    for (path, name) in [(".", "stanchion.toml"), ("infra", "infra/stanchion.toml")] {
        let run = stanchion(folder.path(), &["lint", path]);
        let told = format!(
            "error: {name} is no file\nhelp: make it a readable file of UTF-8 text, or remove it\n"
        );
        assert_eq!((run.status, run.err), (2, told), "{}", run.out);
    }
}

#[test]
fn settings_that_are_no_text_are_refused() {
    let folder = folder(&[]);
    std::fs::write(folder.path().join("stanchion.toml"), b"a = \xff\n").unwrap();
    let run = stanchion(folder.path(), &["lint"]);
    assert_eq!(run.status, 2);
    assert!(run.err.starts_with("error: stanchion.toml can't be read: "), "{}", run.err);
    assert!(run.err.contains("help: make it a readable file of UTF-8 text"), "{}", run.err);
}

#[test]
fn each_value_is_shown_with_where_it_comes_from() {
    let folder = folder(&[(
        "stanchion.toml",
        "paths = [\"a\"]\n[rules.image-floating-tag]\nmoving = [\"beta\"]\n\
         [profile.\"p/**\".rules]\nimage-floating-tag = \"off\"\n",
    )]);
    let arguments = ["lint", "--show-settings", "--fail-on", "error"];
    let run = stanchion(folder.path(), &arguments);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<_> = run.out.lines().map(words).collect();
    for line in [
        "paths = [\"a\"] # stanchion.toml:1:1",
        "fail-on = \"error\" # --fail-on",
        "fail-on-unknown = false # default",
        "moving = [\"beta\"] # stanchion.toml:3:1",
        "fixed = [] # default",
        "[profile.\"p/**\".rules.image-floating-tag]",
        "severity = \"off\" # stanchion.toml:5:1",
    ] {
        assert!(lines.iter().any(|it| it == line), "{line} is not in\n{}", run.out);
    }
    let again = tempfile::tempdir().unwrap();
    std::fs::write(again.path().join("stanchion.toml"), &run.out).unwrap();
    assert_eq!(
        stanchion(again.path(), &["lint", "--show-settings"]).err,
        "",
        "it can be read again"
    );
}
