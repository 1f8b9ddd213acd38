//! A child process in a group of its own: bounded in time, interruptible, killed with all it started.

use std::fmt;
use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;

/// A program on its way. Dropped before it ended, it is killed with its group.
#[derive(Debug)]
pub struct Running {
    child: Child,
    name: String,
    printed: Arc<Printed>,
    deadline: Instant,
    over: bool,
}

impl Running {
    /// Starts a program whose streams are read at once; `stdin` is all of its standard input.
    #[track_caller]
    pub fn start(mut command: Command, stdin: &str, timeout: Duration) -> Self {
        let name = spelled(&command);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = match command.process_group(0).spawn() {
            Ok(child) => child,
            Err(error) => panic!("{name} does not start: {error}"),
        };
        let printed = Arc::new(Printed::default());
        read(child.stdout.take(), 0, &printed);
        read(child.stderr.take(), 1, &printed);
        if let Some(mut pipe) = child.stdin.take() {
            let stdin = stdin.to_owned();
            // A program that does not read to the end closes the pipe: its right.
            thread::spawn(move || drop(pipe.write_all(stdin.as_bytes())));
        }
        Self { child, name, printed, deadline: Instant::now() + timeout, over: false }
    }

    /// Waits until the program has printed this, on either stream.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) -> &mut Self {
        let met = self.wait_until(|streams| {
            streams.iter().any(|it| plain(&it.bytes).contains(text))
                || streams.iter().all(|it| it.closed)
        });
        let output = self.so_far();
        if !met || !output.both().contains(text) {
            self.kill();
            panic!("`{text}` was not printed in time or at all by {output}");
        }
        self
    }

    /// All that it has printed so far.
    pub fn printed(&self) -> String {
        self.so_far().both()
    }

    /// Ctrl-C: an interrupt to everything that the program started, too.
    pub fn interrupt(&self) -> &Self {
        self.signal(Signal::INT);
        self
    }

    /// Kills the group outright, as a power cut would.
    pub fn kill(&mut self) {
        if !self.over {
            self.signal(Signal::KILL);
            self.over = self.child.wait().is_ok();
        }
    }

    /// What was printed and how it ended; a test fails where that takes too long.
    #[track_caller]
    pub fn finish(mut self) -> Output {
        let closed = self.wait_until(|streams| streams.iter().all(|it| it.closed));
        let status = loop {
            match self.child.try_wait() {
                Ok(Some(status)) if closed => break status,
                Ok(None) if Instant::now() < self.deadline => {
                    thread::sleep(Duration::from_millis(2));
                }
                _ => {
                    self.kill();
                    panic!("took too long and was killed: {}", self.so_far());
                }
            }
        };
        self.over = true;
        Output { status: code(status), ..self.so_far() }
    }

    /// The id of the process, which is that of its group, too.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // A group that is gone needs no signal.
            let _gone = kill_process_group(group, signal);
        }
    }

    fn so_far(&self) -> Output {
        let streams = self.printed.lock();
        let [stdout, stderr] = [0, 1].map(|it: usize| plain(&streams[it].bytes));
        Output { command: self.name.clone(), status: -1, stdout, stderr }
    }

    fn wait_until(&self, done: impl Fn(&[Stream; 2]) -> bool) -> bool {
        let mut streams = self.printed.lock();
        while !done(&streams) {
            let left = self.deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.printed.changed.wait_timeout(streams, left);
            streams = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// How a program ended, and what it printed, without colours.
#[derive(Debug, Clone)]
pub struct Output {
    /// The words of the command line, for messages.
    pub command: String,
    /// The exit status; 128 and the signal's number where one ended it.
    pub status: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Output {
    /// The same output; a test fails where the status is not 0.
    #[track_caller]
    pub fn success(self) -> Self {
        if self.status != 0 {
            panic!("expected success of {self}");
        }
        self
    }

    /// The same output; a test fails where the status is 0.
    #[track_caller]
    pub fn failure(self) -> Self {
        if self.status == 0 {
            panic!("expected failure of {self}");
        }
        self
    }

    /// Standard output as one JSON document.
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_str(&self.stdout) {
            Ok(value) => value,
            Err(error) => panic!("standard output is not JSON ({error}): {self}"),
        }
    }

    /// Standard output and standard error.
    pub fn both(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// All that was printed as one line of words: without the frames of Terraform's messages and
    /// without the line breaks that it puts into sentences.
    pub fn words(&self) -> String {
        let unframed = self.both().replace(['│', '╷', '╵'], " ");
        unframed.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { command, status, stdout, stderr } = self;
        let status = if *status < 0 { "unfinished".to_owned() } else { format!("status {status}") };
        write!(f, "{command} ({status})\n--- stdout\n{stdout}\n--- stderr\n{stderr}\n---")
    }
}

#[derive(Debug, Default)]
struct Printed {
    streams: Mutex<[Stream; 2]>,
    changed: Condvar,
}

impl Printed {
    fn lock(&self) -> MutexGuard<'_, [Stream; 2]> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Default)]
struct Stream {
    bytes: Vec<u8>,
    closed: bool,
}

/// Reads one stream to its end in a thread of its own.
fn read(pipe: Option<impl Read + Send + 'static>, stream: usize, printed: &Arc<Printed>) {
    let printed = Arc::clone(printed);
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        let mut pipe = pipe;
        loop {
            let count = pipe.as_mut().and_then(|it| it.read(&mut buffer).ok()).unwrap_or(0);
            let mut streams = printed.lock();
            streams[stream].bytes.extend_from_slice(&buffer[..count]);
            streams[stream].closed = count == 0;
            printed.changed.notify_all();
            if count == 0 {
                return;
            }
        }
    });
}

/// The text without the escape sequences that colour it.
fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut pieces = text.split("\u{1b}[");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        plain.push_str(piece.split_once(|c: char| c.is_ascii_alphabetic()).map_or("", |it| it.1));
    }
    plain
}

fn code(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

fn spelled(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
