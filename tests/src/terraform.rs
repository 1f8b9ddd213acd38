//! The Terraforms and the OpenTofu that `tests/parts` installs.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::repository;

/// A pinned program that speaks Terraform's language. The list is `tests/parts/versions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terraform {
    part: &'static str,
    number: String,
    path: PathBuf,
}

impl Terraform {
    /// Terraform of this version, which must be listed; installed on first use.
    #[track_caller]
    pub fn version(number: &str) -> Self {
        let path = installed(&["terraform", number]);
        Self { part: "terraform", number: number.to_owned(), path }
    }

    /// The oldest Terraform that the provider supports.
    #[track_caller]
    pub fn oldest() -> Self {
        Self::version(listed("terraform", "").first().map_or("", String::as_str))
    }

    /// The newest Terraform that is listed.
    #[track_caller]
    pub fn newest() -> Self {
        Self::version(listed("terraform", "").last().map_or("", String::as_str))
    }

    /// A Terraform that is too old for the provider, for what such a user is told.
    #[track_caller]
    pub fn unsupported() -> Self {
        Self::version(listed("terraform", "unsupported").last().map_or("", String::as_str))
    }

    /// Every supported Terraform, oldest first; without OpenTofu.
    #[track_caller]
    pub fn all() -> Vec<Self> {
        listed("terraform", "").iter().map(|number| Self::version(number)).collect()
    }

    /// The numbers of every supported Terraform, oldest first; nothing is installed.
    pub fn numbers() -> Vec<String> {
        listed("terraform", "")
    }

    /// OpenTofu; built on first use, which takes minutes.
    #[track_caller]
    pub fn tofu() -> Self {
        let number = listed("opentofu", "").last().cloned().unwrap_or_default();
        Self { part: "opentofu", number, path: installed(&["tofu"]) }
    }

    /// The oldest and the newest Terraform, and OpenTofu.
    #[track_caller]
    pub fn edges() -> [Self; 3] {
        [Self::oldest(), Self::newest(), Self::tofu()]
    }

    /// The version: `1.8.4`.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// The executable.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether this is OpenTofu.
    pub fn is_tofu(&self) -> bool {
        self.part == "opentofu"
    }

    /// The registry that a provider's source means when it names none.
    pub fn registry(&self) -> &'static str {
        if self.is_tofu() { "registry.opentofu.org" } else { "registry.terraform.io" }
    }

    /// Whether this is Terraform of at least this version; never true of OpenTofu, whose versions
    /// count otherwise.
    pub fn at_least(&self, number: &str) -> bool {
        let numbers = |text: &str| text.split('.').map(str::parse).collect::<Result<Vec<u32>, _>>();
        !self.is_tofu() && numbers(&self.number).ok() >= numbers(number).ok()
    }
}

/// The versions of a part with this note, oldest first.
#[track_caller]
fn listed(part: &str, note: &str) -> Vec<String> {
    let text = include_str!("../parts/versions");
    let rows = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut words = line.split_whitespace();
        let (name, number) = (words.next()?, words.next()?);
        let notes = words.skip(1).collect::<Vec<_>>().join(" ");
        (name == part && notes == note).then(|| number.to_owned())
    });
    rows.collect()
}

/// What an installer prints: the path of an executable. Each is asked once per process.
#[track_caller]
fn installed(command: &[&str]) -> PathBuf {
    static KNOWN: Mutex<Option<HashMap<String, PathBuf>>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    let key = command.join(" ");
    if let Some(path) = known.get(&key) {
        return path.clone();
    }
    let script = repository().join("tests/parts").join(command[0]);
    let done = Command::new(&script).args(&command[1..]).stderr(Stdio::inherit()).output();
    let path = match done {
        Ok(done) if done.status.success() => {
            PathBuf::from(String::from_utf8_lossy(&done.stdout).trim_end())
        }
        Ok(done) => panic!("tests/parts/{key} ended with {}", done.status),
        Err(error) => panic!("tests/parts/{key} does not start: {error}"),
    };
    known.insert(key, path.clone());
    path
}
