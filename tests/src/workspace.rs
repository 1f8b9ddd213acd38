//! A folder with a configuration, in which one Terraform runs alone: nothing of the user's reaches it.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::child::{Output, Running};
use crate::json::{Plan, State};
use crate::provider::{Provider, make};
use crate::terraform::Terraform;

/// The file of a plan, in the configuration's folder.
pub(crate) const PLAN: &str = "test.tfplan";

/// A temporary folder with a configuration, its state, a home and a mirror of its own. It goes away
/// with the value.
#[derive(Debug)]
pub struct Workspace {
    root: TempDir,
    terraform: Terraform,
    overrides: BTreeMap<String, PathBuf>,
    mirrored: bool,
    env: BTreeMap<OsString, OsString>,
    timeout: Duration,
}

impl Workspace {
    /// An empty folder. No provider is installed from a network: one comes from an override, from
    /// the mirror, or is built in.
    #[track_caller]
    pub fn new(terraform: &Terraform) -> Self {
        let root = match tempfile::Builder::new().prefix("stanchion-test-").tempdir() {
            Ok(root) => root,
            Err(error) => panic!("no temporary folder: {error}"),
        };
        let workspace = Self {
            root,
            terraform: terraform.clone(),
            overrides: BTreeMap::new(),
            mirrored: false,
            env: BTreeMap::new(),
            timeout: Duration::from_secs(120),
        };
        for folder in ["configuration", "home", "mirror"] {
            make(&workspace.root.path().join(folder));
        }
        workspace.write_settings();
        workspace
    }

    /// Takes a provider by `dev_overrides`: needs no `init`, as developers work.
    #[track_caller]
    #[must_use]
    pub fn with_override(mut self, provider: &Provider) -> Self {
        let folder = provider.place_override(&self.root.path().join("override"));
        self.overrides.insert(provider.source().to_owned(), folder);
        self.write_settings();
        self
    }

    /// A workspace that takes a provider by `dev_overrides`, and whose `required.tf` says so.
    #[track_caller]
    pub fn requiring(provider: &Provider, terraform: &Terraform) -> Self {
        let workspace = Self::new(terraform).with_override(provider);
        workspace.write("required.tf", provider.required());
        workspace
    }

    /// Takes a provider from a filesystem mirror in its unpacked layout, as `init` installs it.
    #[track_caller]
    #[must_use]
    pub fn with_mirror(mut self, provider: &Provider, version: &str) -> Self {
        provider.place_unpacked(&self.host(), version);
        self.mirrored = true;
        self
    }

    /// Takes a provider from a filesystem mirror in its packed layout: the zip of a release.
    #[track_caller]
    #[must_use]
    pub fn with_packed_mirror(mut self, provider: &Provider, version: &str) -> Self {
        provider.place_packed(&self.host(), version);
        self.mirrored = true;
        self
    }

    /// Sets a variable in the environment of Terraform and so of the provider.
    #[must_use]
    pub fn with_env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env.insert(name.as_ref().to_owned(), value.as_ref().to_owned());
        self
    }

    /// Sets how long one command may take: two minutes, unless said otherwise.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The folder of the configuration, in which Terraform runs.
    pub fn path(&self) -> PathBuf {
        self.root.path().join("configuration")
    }

    /// The Terraform that runs here.
    pub fn terraform(&self) -> &Terraform {
        &self.terraform
    }

    /// Writes a file, by its path below the configuration's folder.
    #[track_caller]
    pub fn write(&self, file: impl AsRef<Path>, text: impl AsRef<[u8]>) -> &Self {
        let file = self.path().join(file);
        make(file.parent().unwrap_or(&file));
        match fs::write(&file, text) {
            Ok(()) => self,
            Err(error) => panic!("{}: {error}", file.display()),
        }
    }

    /// Reads a file, by its path below the configuration's folder.
    #[track_caller]
    pub fn read(&self, file: impl AsRef<Path>) -> String {
        let file = self.path().join(file);
        match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) => panic!("{}: {error}", file.display()),
        }
    }

    /// Runs Terraform to its end, whatever that is.
    #[track_caller]
    pub fn run<I: IntoIterator<Item: AsRef<OsStr>>>(&self, arguments: I) -> Output {
        self.start(arguments).finish()
    }

    /// Starts Terraform, for tests that interrupt or kill it.
    #[track_caller]
    pub fn start<I: IntoIterator<Item: AsRef<OsStr>>>(&self, arguments: I) -> Running {
        Running::start(self.command(arguments), "", self.timeout)
    }

    /// The command itself, with the folder and the scrubbed environment.
    pub fn command<I: IntoIterator<Item: AsRef<OsStr>>>(&self, arguments: I) -> Command {
        let root = self.root.path();
        let mut command = Command::new(self.terraform.path());
        command.args(arguments).current_dir(self.path()).env_clear();
        command.envs(["PATH", "TMPDIR"].iter().filter_map(|name| Some((name, env::var_os(name)?))));
        command.env("HOME", root.join("home")).env("TF_DATA_DIR", root.join("data"));
        command.env("TF_CLI_CONFIG_FILE", self.settings()).env("LC_ALL", "C.UTF-8");
        command.envs([("CHECKPOINT_DISABLE", "1"), ("TF_IN_AUTOMATION", "1"), ("TF_INPUT", "0")]);
        // Each lives for a moment only: what it leaves is not worth collecting, within bounds.
        command.envs([("GOGC", "off"), ("GOMEMLIMIT", "512MiB")]);
        command.env("NO_COLOR", "1").envs(&self.env);
        command
    }

    /// `init`, which must succeed.
    #[track_caller]
    pub fn init(&self) -> Output {
        self.run(["init"]).success()
    }

    /// `plan`, which must succeed; the file is kept for `apply_plan`.
    #[track_caller]
    pub fn plan(&self) -> Plan {
        self.plan_with(&[])
    }

    /// `plan` with more options: `&["-refresh=false"]`, `&["-target=…"]`, `&["-destroy"]`.
    #[track_caller]
    pub fn plan_with(&self, options: &[&str]) -> Plan {
        let output = self.plan_command(options);
        let json = self.run(["show", "-json", PLAN]).success().json();
        Plan { json, is_empty: output.status == 0, output }
    }

    /// The command `plan` alone: status 0 means that nothing is to be done, 2 that something is.
    #[track_caller]
    pub(crate) fn plan_command(&self, options: &[&str]) -> Output {
        let out = format!("-out={PLAN}");
        let output = self.run([&["plan", "-detailed-exitcode", &out], options].concat());
        if output.status != 0 && output.status != 2 {
            panic!("expected success of {output}");
        }
        output
    }

    /// `apply` of the plan that was made last, which must succeed.
    #[track_caller]
    pub fn apply_plan(&self) -> Output {
        self.run(["apply", PLAN]).success()
    }

    /// `apply` without a saved plan, which must succeed.
    #[track_caller]
    pub fn apply(&self) -> Output {
        self.run(["apply", "-auto-approve"]).success()
    }

    /// `destroy`, which must succeed and leave nothing in the state.
    #[track_caller]
    pub fn destroy(&self) -> Output {
        let output = self.run(["destroy", "-auto-approve"]).success();
        let left = self.state().addresses();
        if !left.is_empty() {
            panic!("still in the state: {left:?}, after {output}");
        }
        output
    }

    /// The state.
    #[track_caller]
    pub fn state(&self) -> State {
        State { json: self.run(["show", "-json"]).success().json() }
    }

    /// The value of an expression, as `console` prints it.
    #[track_caller]
    pub fn console(&self, expression: &str) -> String {
        let line = format!("{expression}\n");
        let output = Running::start(self.command(["console"]), &line, self.timeout).finish();
        let output = output.success();
        // A warning about overrides comes before the value, in a frame.
        let framed = |line: &&str| !line.starts_with(['╷', '│', '╵']);
        output.stdout.lines().filter(framed).collect::<Vec<_>>().join("\n").trim().to_owned()
    }

    /// `providers schema -json`, whole.
    #[track_caller]
    pub fn providers_schema(&self) -> Value {
        self.run(["providers", "schema", "-json"]).success().json()
    }

    /// `validate -json`, whole, also where it says that the configuration is wrong.
    #[track_caller]
    pub fn validate_json(&self) -> Value {
        self.run(["validate", "-json"]).json()
    }

    /// Whether `init` has anything to do: with overrides alone it would ask a registry.
    pub(crate) fn needs_init(&self) -> bool {
        self.mirrored || self.overrides.is_empty()
    }

    fn host(&self) -> PathBuf {
        self.root.path().join("mirror").join(self.terraform.registry())
    }

    fn settings(&self) -> PathBuf {
        self.root.path().join("terraform.rc")
    }

    #[track_caller]
    fn write_settings(&self) {
        let lines =
            self.overrides.iter().map(|(source, folder)| format!("    {source:?} = {folder:?}\n"));
        let overrides = match lines.collect::<String>() {
            lines if lines.is_empty() => lines,
            lines => format!("  dev_overrides {{\n{lines}  }}\n"),
        };
        let mirror = self.root.path().join("mirror");
        let text = format!(
            "provider_installation {{\n{overrides}  filesystem_mirror {{ path = {mirror:?} }}\n}}\n"
        );
        if let Err(error) = fs::write(self.settings(), text) {
            panic!("{}: {error}", self.settings().display());
        }
    }
}
