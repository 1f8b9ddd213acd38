//! A run that is killed before and after each call that it makes of the file system.
//!
//! strace kills at the entry of a call, before the system does anything: before one call is after the
//! one before it, and after the last is a run that nobody killed.

use std::fs;

use super::{ADDRESS, FOLDERS, NEW, OLD, Root, printed, run};

/// Calls that ask nothing of the file system.
const ELSEWHERE: &[&str] =
    &["mmap", "munmap", "epoll_create1", "epoll_ctl", "epoll_wait", "eventfd2", "poll", "ppoll"];

/// The calls that a deed makes of the file system, each as its name and which of that name it is.
pub(crate) fn calls(root: &Root, deed: &str, rest: &str) -> Vec<(String, usize)> {
    let log = root.outside().join("calls");
    let strace = ["strace", "-f", "-qqq", "-e", "trace=%file,%desc", "-o", log.to_str().unwrap()];
    printed(run(&strace, &root.command(deed, rest)));
    let mut seen = Vec::<String>::new();
    let mut calls = Vec::new();
    let mut begun = false;
    for line in fs::read_to_string(log).unwrap().lines() {
        let Some((_, call)) = line.split_once(' ') else { continue };
        let Some((name, arguments)) = call.trim_start().split_once('(') else { continue };
        seen.push(name.to_owned());
        let is_print = name == "write" && arguments.starts_with("1,");
        if begun && !is_print && !ELSEWHERE.contains(&name) {
            calls.push((name.to_owned(), seen.iter().filter(|it| *it == name).count()));
        }
        begun |= arguments.contains("/the/deed/begins");
    }
    assert!(calls.len() > 20, "{calls:?}");
    calls
}

/// Kills a deed before each of its calls, and looks at what is left.
fn walk(begin: impl Fn() -> Root, deed: &str, rest: &str, look: impl Fn(&Root, &str)) {
    let calls = calls(&begin(), deed, rest);
    for (name, number) in &calls {
        let root = begin();
        let killed = root.injected(&format!("{name}:signal=KILL:when={number}"), deed, rest);
        assert_eq!(killed.status, 137, "{name} {number} of {deed} was not killed: {killed}");
        look(&root, &format!("{deed} killed before {name} {number}"));
    }
}

/// After a kill: the document is wholly what it was or what it should be, and the next run repairs and
/// leaves nothing but it.
fn is_whole_and_repaired(root: &Root, before: Option<&str>, killed: &str) {
    let left = root.text();
    assert!(left.as_deref() == before || left.as_deref() == Some(NEW), "{killed}: {left:?}");
    assert!(root.run("apply", NEW).starts_with("done"), "{killed}");
    assert_eq!(root.text().as_deref(), Some(NEW), "{killed}");
    let names = [".github", ".github/workflows", ADDRESS];
    assert_eq!(root.names(), names, "{killed}: a draft is left");
}

#[test]
fn a_bare_write_that_is_killed_leaves_half_a_file() {
    let root = Root::with_old();
    let killed = root.injected("write:signal=KILL:when=1", "bare", NEW);
    assert_eq!(killed.status, 137, "{killed}");
    assert_eq!(root.text().as_deref(), Some(""), "what was there is gone");
}

#[test]
fn a_document_that_is_killed_while_it_is_made_is_not_there_or_whole() {
    walk(Root::new, "apply", NEW, |root, killed| {
        let was_there = root.text().is_some();
        let folders = root.path(".github").exists();
        assert_eq!(folders, was_there, "{killed}: folders come with the document");
        let printed = root.run("create", NEW);
        // What was there is taken as ours; what was not is made with its folders.
        let made = if was_there { "" } else { FOLDERS };
        assert_eq!(printed, format!("done {made}").trim_end(), "{killed}");
        is_whole_and_repaired(root, None, killed);
    });
    let within_folders = || {
        let root = Root::with_old();
        fs::remove_file(root.path(ADDRESS)).unwrap();
        root
    };
    walk(within_folders, "apply", NEW, |root, killed| {
        is_whole_and_repaired(root, None, killed);
    });
}

#[test]
fn a_document_that_is_killed_while_it_changes_is_the_old_or_the_new_one() {
    walk(Root::with_old, "apply", NEW, |root, killed| {
        is_whole_and_repaired(root, Some(OLD), killed);
    });
}

#[test]
fn a_document_that_is_killed_while_it_is_removed_is_there_or_gone() {
    walk(Root::with_old, "remove", FOLDERS, |root, killed| {
        let left = root.text();
        assert!(left.is_none() || left.as_deref() == Some(OLD), "{killed}: {left:?}");
        assert_eq!(root.run("remove", FOLDERS), "done", "{killed}");
        assert_eq!(root.names(), [""; 0], "{killed}");
    });
}
