//! What stands in a document's way: links that lead astray, what is no file, missing rights, others
//! at work.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::process::Command;
use std::thread;
use std::time::Duration;

use super::{ADDRESS, NEW, OLD, Root, mode, printed, run, start};

#[test]
fn a_symlink_out_of_the_root_is_not_followed() {
    let root = Root::new();
    symlink(root.outside(), root.path(".github")).unwrap();
    assert_eq!(root.run("bare", NEW), "done");
    let astray = root.outside().join("workflows/ci.yml");
    assert_eq!(fs::read_to_string(&astray).unwrap(), NEW, "a bare write goes astray");
    for deed in ["create", "apply", "remove"] {
        assert_eq!(
            root.run(deed, OLD),
            format!(
                "refused: has the path \"{ADDRESS}\", where a symlink leads out of the root; remove \
                 the symlink, or choose another root"
            )
        );
    }
    assert_eq!(fs::read_to_string(&astray).unwrap(), NEW);
    for (link, deed) in [("/nowhere/at/all", "create"), ("../outside/workflows", "create")] {
        let root = Root::new();
        fs::create_dir_all(root.outside().join("workflows")).unwrap();
        fs::create_dir(root.path(".github")).unwrap();
        symlink(link, root.path(".github/workflows")).unwrap();
        let refused = root.run(deed, NEW);
        assert!(refused.starts_with("refused: "), "{link}: {refused}");
        assert_eq!(fs::read_dir(root.outside().join("workflows")).unwrap().count(), 0);
    }
}

#[test]
fn a_symlink_within_the_root_is_followed_and_one_that_is_the_file_refused() {
    let root = Root::new();
    fs::create_dir_all(root.path("ci/workflows")).unwrap();
    symlink("ci", root.path(".github")).unwrap();
    assert_eq!(root.run("apply", NEW), "done");
    assert_eq!(fs::read_to_string(root.path("ci/workflows/ci.yml")).unwrap(), NEW);
    assert_eq!(root.run("remove", ".github,.github/workflows"), "done");
    assert!(root.path(".github").exists(), "a link is no folder that we made");

    fs::create_dir_all(root.path("ci/workflows")).unwrap();
    root.write("mine.yml", OLD);
    symlink("../../mine.yml", root.path(ADDRESS)).unwrap();
    let refused = root.run("apply", NEW);
    assert!(refused.contains("ci.yml is a symlink; move it away"), "{refused}");
    assert_eq!(fs::read_to_string(root.path("mine.yml")).unwrap(), OLD);
}

#[test]
fn a_folder_that_becomes_a_symlink_between_check_and_write_leads_nowhere() {
    for (name, inject) in
        [("renameat2", "delay_enter=400000"), ("fsync", "delay_enter=400000:when=1")]
    {
        let root = Root::new();
        fs::create_dir_all(root.path(".github/workflows")).unwrap();
        fs::create_dir_all(root.outside().join("workflows")).unwrap();
        let (trace, inject) = (format!("trace={name}"), format!("inject={name}:{inject}"));
        let strace = ["strace", "-f", "-qqq", "-o", "/dev/null", "-e", &trace, "-e", &inject];
        let running = start(&strace, &root.command("apply", NEW));
        let folder = root.path(".github/workflows");
        while fs::read_dir(&folder).unwrap().count() == 0 {
            thread::sleep(Duration::from_millis(2));
        }
        fs::rename(root.path(".github"), root.path("aside")).unwrap();
        symlink(root.outside(), root.path(".github")).unwrap();
        let bare = fs::write(root.path(".github/workflows/bare"), "");
        assert!(bare.is_ok(), "a bare write there goes astray");
        let _whichever = running.finish();
        let astray: Vec<_> = fs::read_dir(root.outside().join("workflows")).unwrap().collect();
        assert_eq!(astray.len(), 1, "only the bare one: {astray:?}");
    }
}

#[test]
fn a_file_that_comes_between_check_and_write_is_not_overwritten() {
    let root = Root::new();
    fs::create_dir_all(root.path(".github/workflows")).unwrap();
    let inject = "inject=renameat2:delay_enter=400000";
    let strace = ["strace", "-f", "-qqq", "-o", "/dev/null", "-e", "trace=renameat2", "-e", inject];
    let running = start(&strace, &root.command("apply", NEW));
    while root.names().len() < 3 {
        thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(root.text(), None, "the draft is there and the document is not");
    assert_eq!(root.run("bare", OLD), "done", "a bare write is what comes");
    let refused = printed(running.finish());
    assert!(refused.contains("would overwrite .github/workflows/ci.yml"), "{refused}");
    assert_eq!(root.text().as_deref(), Some(OLD));
    assert_eq!(root.names().len(), 3, "no draft is left");
}

#[test]
fn an_address_above_the_root_is_refused() {
    let root = Root::new();
    assert_eq!(root.run_at("../outside.yml", "bare", NEW), "done", "a bare write goes there");
    fs::remove_file(root.path("../outside.yml")).unwrap();
    assert_eq!(
        root.run_at("../outside.yml", "apply", NEW),
        "refused: has the path \"../outside.yml\", which leads out of the root; give a path below the \
         root, without `..`"
    );
    assert!(!root.path("../outside.yml").exists());
}

#[test]
fn what_is_no_file_is_told_and_nobody_waits_for_it() {
    let root = Root::new();
    fs::create_dir_all(root.path(".github/workflows")).unwrap();
    let fifo = Command::new("mkfifo").arg(root.path(ADDRESS)).status().unwrap();
    assert!(fifo.success());
    let mut bare = start(&[], &root.command("bare", NEW));
    thread::sleep(Duration::from_millis(200));
    assert_eq!(bare.printed(), "", "a bare write waits for ever");
    bare.kill();
    let file = root.path(ADDRESS).display().to_string();
    let told = |what: &str| {
        format!("refused: can't be held, as {file} is {what}; move it away, and plan again")
    };
    for deed in ["create", "apply", "remove"] {
        assert_eq!(root.run(deed, NEW), told("no ordinary file"));
    }
    fs::remove_file(root.path(ADDRESS)).unwrap();

    // A socket's path is short, so it is bound elsewhere and moved.
    let socket = UnixListener::bind(root.outside().join("socket")).unwrap();
    fs::rename(root.outside().join("socket"), root.path(ADDRESS)).unwrap();
    assert!(root.run("bare", NEW).starts_with("refused"), "a bare write fails");
    assert_eq!(root.run("apply", NEW), told("no ordinary file"));
    drop(socket);
    fs::remove_file(root.path(ADDRESS)).unwrap();

    fs::create_dir(root.path(ADDRESS)).unwrap();
    assert!(root.run("bare", NEW).starts_with("refused"), "a bare write fails");
    assert_eq!(root.run("apply", NEW), told("a folder"));
    assert_eq!(root.run("remove", ".github/workflows"), told("a folder"));
}

#[test]
fn a_file_where_a_folder_should_be_is_told() {
    let root = Root::new();
    root.write(".github", OLD);
    assert!(root.run("bare", NEW).starts_with("refused"), "a bare write fails");
    let refused = root.run("apply", NEW);
    assert!(refused.ends_with("(os error 20); move away the file that is in the way"), "{refused}");
    assert_eq!(fs::read_to_string(root.path(".github")).unwrap(), OLD);

    let root = Root::new();
    symlink(".github", root.path(".github")).unwrap();
    assert!(root.run("bare", NEW).starts_with("refused"), "a bare write fails");
    let refused = root.run("apply", NEW);
    assert!(refused.contains("Too many levels of symbolic links"), "{refused}");
}

#[test]
fn a_name_that_is_too_long_is_told_before_anything_is_done() {
    let root = Root::new();
    let address = format!("a/{}.yml", "x".repeat(252));
    let bare = root.run_at(&address, "bare", NEW);
    assert!(bare.contains("File name too long"), "{bare}");
    let fresh = Root::new();
    let refused = fresh.run_at(&address, "apply", NEW);
    assert!(
        refused.ends_with("with a name of over 255 bytes; give it a shorter name"),
        "{refused}"
    );
    assert_eq!(fresh.names(), [""; 0]);
    assert_eq!(
        root.run_at(&address[..257], "apply", NEW),
        "done",
        "the longest name that there is"
    );
}

#[test]
fn a_folder_without_the_right_to_write_is_told() {
    let root = Root::with_old();
    mode(&root.path(ADDRESS), 0o444);
    mode(&root.path(".github/workflows"), 0o555);
    let bare = root.run_as_nobody("bare", NEW);
    assert!(bare.contains("Permission denied"), "a bare write fails: {bare}");
    let file = root.path(ADDRESS).display().to_string();
    let told = |what: &str| {
        format!(
            "refused: can't be {what}: {file}: Permission denied (os error 13); let the user of this run \
             write there"
        )
    };
    assert_eq!(root.run_as_nobody("apply", NEW), told("written"));
    assert_eq!(root.run_as_nobody("remove", ".github/workflows"), told("removed"));
    assert_eq!(root.text().as_deref(), Some(OLD));
    mode(&root.path(ADDRESS), 0o000);
    assert_eq!(root.run_as_nobody("apply", NEW), told("read"));
    mode(&root.path(".github/workflows"), 0o755);
}

#[test]
fn the_mode_of_a_file_is_kept() {
    let root = Root::with_old();
    for wanted in [0o600, 0o444, 0o755] {
        mode(&root.path(ADDRESS), wanted);
        let (before, after) = if wanted == 0o444 { (NEW, OLD) } else { (OLD, NEW) };
        assert_eq!(root.text().as_deref(), Some(before));
        assert_eq!(root.run("apply", after), "done");
        let found = fs::metadata(root.path(ADDRESS)).unwrap().permissions().mode() & 0o7777;
        assert_eq!(found, wanted, "{found:o}");
    }
}

#[test]
fn what_only_its_owner_may_read_is_not_open_for_a_moment() {
    let root = Root::with_old();
    mode(&root.path(ADDRESS), 0o600);
    let killed = root.injected("fsync:signal=KILL:when=1", "apply", NEW);
    assert_eq!(killed.status, 137, "{killed}");
    let killed = root.injected("write:signal=KILL:when=1", "apply", NEW);
    assert_eq!(killed.status, 137, "{killed}");
    let names = root.names();
    let drafts: Vec<_> = names.iter().filter(|it| it.ends_with(".draft")).collect();
    assert_eq!(drafts.len(), 1, "the first is taken away by the second: {drafts:?}");
    let found = fs::metadata(root.path(drafts[0])).unwrap().permissions().mode() & 0o777;
    assert_eq!(found, 0o600, "{found:o}");
}

#[test]
fn whatever_text_is_there_is_repaired() {
    let large = format!("\0{}", "x".repeat(10 << 20));
    for broken in
        [&b"a: \xff\xfe\xe9\n"[..], b"", b"a: [\n", b"\0", b"a: old\r\n", large.as_bytes()]
    {
        let root = Root::new();
        root.write(ADDRESS, broken);
        assert_eq!(root.run("apply", NEW), "done");
        assert_eq!(root.text().as_deref(), Some(NEW));
    }
    let root = Root::new();
    let deed = format!("{large}\n");
    root.write(ADDRESS, &deed);
    fs::File::options().write(true).open(root.path(ADDRESS)).unwrap().set_len(65 << 20).unwrap();
    let refused = root.run("apply", NEW);
    assert!(
        refused.ends_with("ci.yml is too large; move the file away: no document is of that size")
    );
}

#[test]
fn ten_at_once_write_each_its_own_or_one_for_all() {
    let root = Root::new();
    let own = |number: usize| format!(".github/workflows/{number}.yml");
    let all: Vec<_> =
        (0..10).map(|it| start(&[], &root.command_at(&own(it), "create", NEW))).collect();
    let folders = all.into_iter().map(|it| printed(it.finish())).filter(|it| it.contains(','));
    assert_eq!(folders.collect::<Vec<_>>(), ["done .github,.github/workflows"], "one makes them");
    assert_eq!(root.names().len(), 12);

    let texts: Vec<String> = (0..10).map(|it| format!("a: {it}\n")).collect();
    let all: Vec<_> = texts.iter().map(|it| start(&[], &root.command("create", it))).collect();
    let said: Vec<String> = all.into_iter().map(|it| printed(it.finish())).collect();
    let won: Vec<usize> = (0..10).filter(|it| said[*it] == "done").collect();
    assert_eq!(won.len(), 1, "{said:?}");
    assert_eq!(root.text().as_deref(), Some(texts[won[0]].as_str()));
    let refused =
        said.iter().filter(|it| it.contains("which is there already; import it with the id"));
    assert_eq!(refused.count(), 9, "{said:?}");
}

#[test]
fn of_two_changes_at_once_one_is_refused() {
    let root = Root::with_old();
    // The one stands before its rename while the other has read what it is to change.
    let inject = "inject=renameat:delay_enter=600000";
    let strace = ["strace", "-f", "-qqq", "-o", "/dev/null", "-e", "trace=renameat", "-e", inject];
    let slow = start(&strace, &root.command("apply", NEW));
    while root.names().len() < 4 {
        thread::sleep(Duration::from_millis(2));
    }
    let other = root.run("apply", "a: other\n");
    assert_eq!(printed(slow.finish()), "done");
    assert_eq!(
        other,
        format!(
            "refused: would change {ADDRESS}, which was changed since it was planned; plan again, and \
             look at what changed"
        )
    );
    assert_eq!(root.text().as_deref(), Some(NEW));
}

#[test]
fn a_root_that_is_gone_is_told() {
    let root = Root::new();
    fs::remove_dir(root.path("")).unwrap();
    let refused = printed(run(&[], &root.command("apply", NEW)));
    assert!(refused.starts_with("refused: can't be used, as "), "{refused}");
    assert!(refused.ends_with("(os error 2); name a folder that exists"), "{refused}");
    assert!(!root.path("").exists());
}
