//! A host of our own: starts `examples/bare.rs` as Terraform would, and calls it.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod host;

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hyper_util::rt::TokioIo;
use stanchion_tfplugin::tfplugin6::provider_client::ProviderClient;
use stanchion_tfplugin::tfplugin6::{DynamicValue, call_function};
use tempfile::TempDir;
use tokio::net::UnixStream;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

pub(crate) const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// The program, which `cargo test` builds beside the tests.
pub(crate) fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test.parent().unwrap().parent().unwrap().join("examples/bare");
    assert!(path.is_file(), "first: cargo build -p stanchion-framework --example bare");
    path
}

/// The program in an empty environment, with a temporary folder of its own.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(program());
    command.env_clear().env("TMPDIR", folder).stdin(Stdio::null());
    command
}

/// A started plugin, ended with the test.
pub(crate) struct Plugin {
    pub(crate) child: Child,
    /// The handshake's fields.
    pub(crate) handshake: Vec<String>,
    pub(crate) folder: TempDir,
    stdout: BufReader<ChildStdout>,
    stderr: Arc<Mutex<String>>,
}

impl Plugin {
    /// Started in plaintext, with `set` in its environment.
    pub(crate) fn start(set: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = command(folder.path());
        command.env(COOKIE.0, COOKIE.1).env("PLUGIN_PROTOCOL_VERSIONS", "5,6");
        command.envs(set.iter().copied());
        let mut plugin = Self::spawn(folder, command);
        let line = plugin.stdout_line();
        plugin.handshake = line.trim_end_matches('\n').split('|').map(str::to_owned).collect();
        plugin
    }

    pub(crate) fn spawn(folder: TempDir, mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut from = BufReader::new(child.stderr.take().unwrap());
        let stderr = Arc::new(Mutex::new(String::new()));
        let into = Arc::clone(&stderr);
        std::thread::spawn(move || {
            let mut line = String::new();
            while from.read_line(&mut line).is_ok_and(|it| it > 0) {
                into.lock().unwrap().push_str(&std::mem::take(&mut line));
            }
        });
        Self { child, handshake: Vec::new(), folder, stdout, stderr }
    }

    pub(crate) fn stdout_line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line
    }

    /// All of stdout after what was read, up to the end of the process.
    pub(crate) fn stdout_rest(&mut self) -> String {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        rest
    }

    /// What stderr has once it contains `wanted`.
    pub(crate) fn stderr_with(&self, wanted: &str) -> String {
        let until = Instant::now() + Duration::from_secs(5);
        loop {
            let text = self.stderr();
            if text.contains(wanted) {
                return text;
            }
            assert!(Instant::now() < until, "no {wanted:?} in {text:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn stderr(&self) -> String {
        self.stderr.lock().unwrap().clone()
    }

    pub(crate) fn socket(&self) -> PathBuf {
        assert_eq!(self.handshake[2], "unix");
        PathBuf::from(&self.handshake[3])
    }

    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// The status, and how long the process took to end from now.
    pub(crate) fn wait(&mut self) -> (ExitStatus, Duration) {
        let from = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status, from.elapsed());
            }
            assert!(from.elapsed() < Duration::from_secs(10), "doesn't end: {}", self.stderr());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// A plaintext connection.
    pub(crate) async fn connect(&self) -> Channel {
        connect_unix(self.socket()).await
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) async fn connect_unix(path: PathBuf) -> Channel {
    let connector = service_fn(move |_| {
        let path = path.clone();
        async move { UnixStream::connect(path).await.map(TokioIo::new) }
    });
    Endpoint::from_static("http://localhost").connect_with_connector(connector).await.unwrap()
}

/// Calls one of the example's functions; the text of its result or error.
pub(crate) async fn call(channel: &Channel, name: &str) -> Result<String, tonic::Status> {
    let answer = call_with(channel, name, Vec::new()).await?;
    Ok(match (answer.result, answer.error) {
        (Some(it), None) => String::from_utf8(it.msgpack.to_vec()).unwrap(),
        (None, Some(it)) => it.text,
        other => panic!("{other:?}"),
    })
}

pub(crate) async fn call_with(
    channel: &Channel,
    name: &str,
    bytes: Vec<u8>,
) -> Result<call_function::Response, tonic::Status> {
    let argument = DynamicValue { msgpack: bytes.into(), ..Default::default() };
    let request = call_function::Request { name: name.into(), arguments: vec![argument] };
    let mut client = ProviderClient::new(channel.clone()).max_decoding_message_size(usize::MAX);
    client.call_function(request).await.map(tonic::Response::into_inner)
}
