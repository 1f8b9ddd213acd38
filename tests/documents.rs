//! Documents that a target holds: the laws of all of them, and each obstacle that a file system has.
//!
//! An obstacle is first shown to bite: a bare write there fails, hangs, goes astray or leaves half a
//! file. Then the local target meets it, in a process of its own (`documents/deed.rs`), and ends in a
//! plan that repairs or in a clear diagnostic.
#![cfg(target_os = "linux")] // strace, which kills at a call or lets it fail, is Linux's.
#![expect(clippy::panic, clippy::unwrap_used, reason = "these are tests")]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use stanchion_tests::{Output, Running, program};

#[path = "documents/faults.rs"]
mod faults;
#[path = "documents/generating.rs"]
mod generating;
#[path = "documents/kills.rs"]
mod kills;
#[path = "documents/laws.rs"]
mod laws;
#[path = "documents/lives.rs"]
mod lives;
#[path = "documents/obstacles.rs"]
mod obstacles;
#[path = "documents/repair.rs"]
mod repair;

const ADDRESS: &str = ".github/workflows/ci.yml";
const FOLDERS: &str = ".github,.github/workflows";
const OLD: &str = "a: old\n";
const NEW: &str = "a: new\n";

/// A root for deeds.
struct Root {
    folder: tempfile::TempDir,
    deed: PathBuf,
}

impl Root {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("root")).unwrap();
        Self { folder, deed: program("stanchion-tests", "deed") }
    }

    /// A root with the old document in it.
    fn with_old() -> Self {
        let root = Self::new();
        root.write(ADDRESS, OLD);
        root
    }

    fn path(&self, address: &str) -> PathBuf {
        self.folder.path().join("root").join(address)
    }

    /// A place beside the root, which nothing may touch.
    fn outside(&self) -> PathBuf {
        let outside = self.folder.path().join("outside");
        fs::create_dir_all(&outside).unwrap();
        outside
    }

    fn write(&self, address: &str, text: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(address).parent().unwrap()).unwrap();
        fs::write(self.path(address), text).unwrap();
    }

    /// What stands at the document's address; none if there is no file.
    fn text(&self) -> Option<String> {
        fs::read_to_string(self.path(ADDRESS)).ok()
    }

    /// The names of all files and folders below the root, sorted.
    fn names(&self) -> Vec<String> {
        let top = self.path("");
        let mut names: Vec<String> = below(&top)
            .iter()
            .map(|it| it.strip_prefix(&top).unwrap().display().to_string())
            .collect();
        names.sort();
        names
    }

    /// The command of a deed at the document's address.
    fn command(&self, deed: &str, rest: &str) -> Vec<String> {
        self.command_at(ADDRESS, deed, rest)
    }

    fn command_at(&self, address: &str, deed: &str, rest: &str) -> Vec<String> {
        let root = self.path("").display().to_string();
        let program = self.deed.display().to_string();
        [&program, deed, &root, address, rest].map(String::from).to_vec()
    }

    /// What a deed prints.
    fn run(&self, deed: &str, rest: &str) -> String {
        printed(run(&[], &self.command(deed, rest)))
    }

    /// What a deed at another address prints.
    fn run_at(&self, address: &str, deed: &str, rest: &str) -> String {
        printed(run(&[], &self.command_at(address, deed, rest)))
    }

    /// What a deed prints to which the system does this: an option `inject` of strace.
    fn injected(&self, inject: &str, deed: &str, rest: &str) -> Output {
        let syscall = inject.split(':').next().unwrap_or_default();
        let (trace, inject) = (format!("trace={syscall}"), format!("inject={inject}"));
        let strace = ["strace", "-f", "-qqq", "-o", "/dev/null", "-e", &trace, "-e", &inject];
        run(&strace, &self.command(deed, rest))
    }

    /// What a deed prints that a user does who has no rights but those of the folder's mode.
    fn run_as_nobody(&self, deed: &str, rest: &str) -> String {
        if fs::metadata(self.folder.path()).unwrap().uid() != 0 {
            return self.run(deed, rest);
        }
        // Neither the folder of the tests nor that of the program need be open to others. What copies is
        // a process of its own: a child of another test would hold the file open, and nothing starts
        // that is being written.
        let program = self.folder.path().join("deed");
        let copied = [self.deed.as_path(), &program].map(|it| it.display().to_string());
        printed(run(&["cp"], &copied));
        mode(self.folder.path(), 0o755);
        let mut command = self.command(deed, rest);
        command[0] = program.display().to_string();
        let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
        printed(run(&nobody, &command))
    }
}

fn run(before: &[&str], command: &[String]) -> Output {
    start(before, command).finish()
}

fn start(before: &[&str], command: &[String]) -> Running {
    let words: Vec<&str> =
        before.iter().copied().chain(command.iter().map(String::as_str)).collect();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).current_dir("/");
    Running::start(command, "", Duration::from_secs(60))
}

/// What a deed that came to its end has printed.
#[track_caller]
fn printed(output: Output) -> String {
    output.success().stdout.trim_end().to_owned()
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap());
    let each = entries.flat_map(|it| {
        let deeper = if it.file_type().unwrap().is_dir() { below(&it.path()) } else { Vec::new() };
        [it.path()].into_iter().chain(deeper)
    });
    each.collect()
}
