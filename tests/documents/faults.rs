//! Calls of the file system that fail: a full disk, a broken one, a file system that can do less.

use std::fs;

use super::kills::calls;
use super::{ADDRESS, FOLDERS, NEW, OLD, Root, printed};

#[test]
fn a_full_disk_leaves_what_was_there() {
    let root = Root::with_old();
    let full = "write:error=ENOSPC:when=1";
    let bare = printed(root.injected(full, "bare", NEW));
    assert!(bare.contains("No space left on device"), "{bare}");
    assert_eq!(root.text().as_deref(), Some(""), "a bare write there loses what was there");

    let root = Root::with_old();
    let refused = printed(root.injected(full, "apply", NEW));
    let file = root.path(ADDRESS);
    assert_eq!(
        refused,
        format!(
            "refused: can't be written: {}: No space left on device (os error 28); make room on the \
             disk, and apply again",
            file.display()
        )
    );
    assert_eq!(root.text().as_deref(), Some(OLD));
    assert_eq!(root.names(), [".github", ".github/workflows", ADDRESS], "no draft is left");
}

#[test]
fn whatever_call_fails_there_is_a_whole_document_and_a_diagnostic() {
    for (begin, before, deed) in [
        (Root::new as fn() -> Root, None, "apply"),
        (Root::with_old, Some(OLD), "apply"),
        (Root::with_old, Some(OLD), "remove"),
    ] {
        let (rest, after) = if deed == "remove" { (FOLDERS, None) } else { (NEW, Some(NEW)) };
        let calls = calls(&begin(), deed, rest);
        let change = ["renameat", "renameat2", "unlinkat"];
        let change = calls.iter().position(|(name, _)| change.contains(&name.as_str())).unwrap();
        for (at, (name, number)) in calls.into_iter().enumerate() {
            let root = begin();
            let failed = root.injected(&format!("{name}:error=EIO:when={number}"), deed, rest);
            let said = format!("{deed} after {name} {number} failed: {failed}");
            let left = root.text();
            if failed.stdout.starts_with("done") {
                assert_eq!(left.as_deref(), after, "{said}");
            } else {
                assert!(failed.stdout.starts_with("refused: can't be "), "{said}");
                assert!(failed.stdout.contains("Input/output error"), "{said}");
                // Afterwards it is the folder that can't be made durable.
                let left_as = if at > change { after } else { before };
                assert_eq!(left.as_deref(), left_as, "{said}");
            }
            if !matches!(name.as_str(), "unlinkat" | "close") {
                let draft = root.names().into_iter().find(|it| it.contains(".draft"));
                assert_eq!(draft, None, "{said}");
            }
            assert!(root.run(deed, rest).starts_with("done"), "{said}");
            assert_eq!(root.text().as_deref(), after, "{said}");
            assert!(!root.names().iter().any(|it| it.contains(".draft")), "{said}");
        }
    }
}

#[test]
fn what_is_refused_has_its_cure() {
    for (fault, cure) in [
        ("fsync:error=EDQUOT", "make room on the disk, and apply again"),
        ("renameat:error=EROFS", "choose a root that can be written to"),
        ("renameat:error=EACCES", "let the user of this run write there"),
    ] {
        let root = Root::with_old();
        let refused = printed(root.injected(fault, "apply", NEW));
        assert!(refused.ends_with(&format!("; {cure}")), "{fault}: {refused}");
        assert_eq!(root.text().as_deref(), Some(OLD), "{fault}");
        assert_eq!(root.names().len(), 3, "{fault}: a draft is left");
    }
}

#[test]
fn a_file_system_without_locks_is_told() {
    for error in ["ENOLCK", "EOPNOTSUPP"] {
        let root = Root::new();
        let refused = printed(root.injected(&format!("flock:error={error}"), "apply", NEW));
        assert!(refused.contains("can't be locked: "), "{refused}");
        assert!(
            refused
                .ends_with("choose a root on a file system that has locks, such as a local disk")
        );
        assert_eq!(root.names(), [""; 0]);
    }
}

#[test]
fn a_system_that_can_do_less_does_the_same() {
    // Before Linux 5.6 there is no openat2, and some file systems know no rename that replaces nothing.
    for fault in ["openat2:error=ENOSYS", "renameat2:error=EINVAL", "fchmod:error=EPERM"] {
        let root = Root::new();
        assert_eq!(
            printed(root.injected(fault, "apply", NEW)),
            format!("done {FOLDERS}"),
            "{fault}"
        );
        assert_eq!(printed(root.injected(fault, "apply", OLD)), "done", "{fault}");
        assert_eq!(root.text().as_deref(), Some(OLD), "{fault}");
        let taken = printed(root.injected(fault, "create", "other"));
        assert!(taken.contains("which is there already"), "{taken}");
        assert_eq!(printed(root.injected(fault, "remove", FOLDERS)), "done", "{fault}");
        assert_eq!(root.names(), [""; 0], "{fault}");

        std::os::unix::fs::symlink(root.outside(), root.path(".github")).unwrap();
        let refused = printed(root.injected(fault, "apply", NEW));
        assert!(refused.contains("where a symlink leads out of the root"), "{fault}: {refused}");
        assert_eq!(fs::read_dir(root.outside()).unwrap().count(), 0, "{fault}");
    }
}
