//! What git knows: which lines were changed, and what is staged. It is asked by its own program.

mod diff;

use std::collections::{BTreeSet, HashMap};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::changed::{Changed, Lines};
use crate::commands::CouldNot;
use crate::disk::{self, Real, Staged};

/// A repository's work tree.
#[derive(Debug)]
pub(crate) struct Repository {
    /// Its folder, links resolved.
    root: PathBuf,
}

/// The options under which a difference is the same whatever a user has configured.
const PLAIN: &[&str] = &[
    "--unified=0",
    "--find-renames",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--ignore-submodules",
    "--src-prefix=a/",
    "--dst-prefix=b/",
];

/// Whether git has a file in its index; not where there is no git to ask.
pub(crate) fn tracks(path: &Path) -> bool {
    let Ok(repository) = Repository::of(path) else { return false };
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let whole = whole.to_string_lossy().into_owned();
    let asked = repository.ask(&["ls-files", "--error-unmatch", "--", &whole]);
    asked.is_ok_and(|it| it.status.success())
}

impl Repository {
    /// The repository that a path lies in.
    pub(crate) fn of(path: &Path) -> Result<Self, CouldNot> {
        let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let asked = Self { root: folder.to_owned() }.ask(&["rev-parse", "--show-toplevel"])?;
        let said = String::from_utf8_lossy(&asked.stdout).trim_end_matches('\n').to_owned();
        match PathBuf::from(said).canonicalize() {
            Ok(root) if asked.status.success() => Ok(Self { root }),
            _ => Err(CouldNot {
                message: format!("{} lies in no git repository", folder.display()),
                cure: Some("run it in a repository's work tree".to_owned()),
            }),
        }
    }

    /// The lines that differ between the work tree and where it branched off from a commit, files
    /// that git doesn't know yet among them.
    pub(crate) fn changed_since(&self, reference: &str) -> Result<Changed, CouldNot> {
        let commit = format!("{reference}^{{commit}}");
        let known = self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
        if !known.status.success() {
            return Err(CouldNot {
                message: format!("there is no commit {reference} in this repository"),
                cure: Some(self.cure(&format!("git fetch origin {reference}"))),
            });
        }
        let id = String::from_utf8_lossy(&known.stdout).trim().to_owned();
        let base = self.ask(&["merge-base", &id, "HEAD"])?;
        if !base.status.success() {
            return Err(CouldNot {
                message: format!("{reference} and HEAD have no commit in common here"),
                cure: Some(self.cure("name a commit that this branch comes from")),
            });
        }
        let base = String::from_utf8_lossy(&base.stdout).trim().to_owned();
        let mut changed = self.difference(&[&base])?;
        for path in self.paths(&["ls-files", "--others", "--exclude-standard", "-z"])? {
            changed.add(path, Lines::All);
        }
        Ok(changed)
    }

    /// The lines that are staged, and all that is staged in the place of the work tree.
    pub(crate) fn staged(&self) -> Result<(Changed, Staged), CouldNot> {
        // Each asks the same index, and none has to wait for another.
        let (changed, files, other) = std::thread::scope(|scope| {
            let changed = scope.spawn(|| self.difference(&["--cached"]));
            let files = scope.spawn(|| self.index());
            let other = self.paths(&["diff-files", "--name-only", "-z", "--ignore-submodules"]);
            (changed.join(), files.join(), other)
        });
        let failed = |_| could_not("git could not be asked");
        let (files, changed) = (files.map_err(failed)??, changed.map_err(failed)??);
        let mut other = other?;
        other.dedup();
        let contents = self.contents(&other)?;
        Ok((changed, Staged { root: self.root.clone(), files, contents, real: Real::default() }))
    }

    /// The files of the index. One in conflict has several contents of a file, and git commits none
    /// of them.
    fn index(&self) -> Result<BTreeSet<PathBuf>, CouldNot> {
        let output = self.must(&["ls-files", "--stage", "-z"])?;
        let mut out = BTreeSet::new();
        for entry in output.split(|it| *it == 0) {
            // `MODE HASH STAGE`, a tab, and the path; the stage is 0 where there is no conflict.
            let Some(at) = entry.iter().position(|it| *it == b'\t') else { continue };
            let (head, path) = (&entry[..at], String::from_utf8_lossy(&entry[at + 1..]));
            let path = self.root.join(path.as_ref());
            if !head.ends_with(b" 0") {
                return Err(CouldNot {
                    message: format!("{} is in conflict", disk::shown(&disk::from_here(&path))),
                    cure: Some("resolve the conflict, then git add it".to_owned()),
                });
            }
            out.insert(path);
        }
        Ok(out)
    }

    fn difference(&self, what: &[&str]) -> Result<Changed, CouldNot> {
        let output = self.must(&[&["diff"], PLAIN, what, &["--"]].concat())?;
        let mut changed = Changed::default();
        for (path, lines) in diff::read(&output) {
            changed.add(self.root.join(path), lines);
        }
        Ok(changed)
    }

    /// What the index has of files. One that it has no content of, as a submodule, is left out.
    fn contents(&self, paths: &[PathBuf]) -> Result<HashMap<PathBuf, Vec<u8>>, CouldNot> {
        let mut out = HashMap::new();
        if paths.is_empty() {
            return Ok(out);
        }
        let mut command = self.command(&["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let failed = |error| could_not(&format!("git cat-file fails: {error}"));
        let mut child = command.spawn().map_err(failed)?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let asked: Vec<String> = paths
            .iter()
            .filter_map(|it| it.strip_prefix(&self.root).ok())
            .map(|it| format!(":{}\n", it.to_string_lossy()))
            .collect();
        // Git answers while it is still asked, so that both happen at once.
        let mut answer = Vec::new();
        std::thread::scope(|scope| {
            let asking = scope.spawn(move || match input {
                Some(mut it) => asked.iter().try_for_each(|line| it.write_all(line.as_bytes())),
                None => Ok(()),
            });
            let read = output.map_or(Ok(0), |mut it| it.read_to_end(&mut answer));
            // A git that ended early is told of below.
            drop(asking.join());
            read
        })
        .map_err(failed)?;
        child.wait().map_err(failed)?;
        let mut rest = &*answer;
        for path in paths {
            let Some(end) = rest.iter().position(|it| *it == b'\n') else { break };
            let head = String::from_utf8_lossy(&rest[..end]).into_owned();
            rest = &rest[end + 1..];
            // `HASH blob LENGTH`, or `NAME missing`.
            let mut words = head.rsplit(' ');
            if let (Some(Ok(length)), Some("blob")) = (words.next().map(str::parse), words.next()) {
                let length: usize = length;
                out.insert(path.clone(), rest.get(..length).unwrap_or(rest).to_vec());
                rest = rest.get(length + 1..).unwrap_or_default();
            }
        }
        Ok(out)
    }

    /// What to do about a commit that is not there.
    fn cure(&self, otherwise: &str) -> String {
        let asked = self.ask(&["rev-parse", "--is-shallow-repository"]);
        let is_shallow = asked.is_ok_and(|it| it.stdout.starts_with(b"true"));
        if is_shallow {
            "this clone is shallow: set fetch-depth: 0 of actions/checkout, or run git fetch --unshallow"
                .to_owned()
        } else {
            otherwise.to_owned()
        }
    }

    /// The paths that git prints, each ended by a zero, absolute.
    fn paths(&self, arguments: &[&str]) -> Result<Vec<PathBuf>, CouldNot> {
        let output = self.must(arguments)?;
        let paths = output.split(|it| *it == 0).filter(|it| !it.is_empty());
        Ok(paths.map(|it| self.root.join(String::from_utf8_lossy(it).as_ref())).collect())
    }

    fn must(&self, arguments: &[&str]) -> Result<Vec<u8>, CouldNot> {
        let output = self.ask(arguments)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(could_not(&format!("git {} fails: {}", arguments.join(" "), said.trim())))
    }

    fn ask(&self, arguments: &[&str]) -> Result<Output, CouldNot> {
        self.command(arguments).stdin(Stdio::null()).output().map_err(|error| CouldNot {
            message: format!("git does not start: {error}"),
            cure: Some("install git, or put it on PATH".to_owned()),
        })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.root).args(["-c", "core.quotePath=false"]).args(arguments);
        // Git says some things in the user's language otherwise, and may write to the index.
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0");
        command
    }
}

fn could_not(message: &str) -> CouldNot {
    CouldNot { message: message.to_owned(), cure: None }
}
