//! The process that Terraform starts: handshake, mutual TLS, logs, signals, end.
//!
//! This is the server's side of HashiCorp's go-plugin, and knows nothing of any
//! resource. A provider's `main` is one call:
//!
//! ```no_run
//! use stanchion_framework::plugin;
//! # use stanchion_tfplugin::tfplugin6::provider_server::Provider;
//! # struct Example;
//! # impl Provider for Example {}
//!
//! const IDENTITY: plugin::Identity = plugin::Identity {
//!     address: "example/example",
//!     name: "terraform-provider-example",
//!     version: env!("CARGO_PKG_VERSION"),
//! };
//!
//! fn main() -> std::process::ExitCode {
//!     plugin::serve(&IDENTITY, |session| Example /* keeps session.stop and session.log */)
//! }
//! ```
//!
//! Terraform starts about five processes for one plan, so nothing is read,
//! written or computed before the handshake that it doesn't need.

mod calls;
mod debug;
mod environment;
mod handshake;
mod listener;
pub mod log;
mod orphan;
mod panics;
mod run;
mod services;
mod signals;
mod stop;
mod tls;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use stanchion_tfplugin::tfplugin6::provider_server::Provider;

use environment::{Environment, Fault};
use log::Log;
pub use panics::{Panicked, catch};
pub use stop::Stop;

/// The greatest message that is taken or sent, in bytes: as much as plugins
/// written in Go allow.
pub const MESSAGE_LIMIT: usize = 256 * 1024 * 1024;

/// What a provider's program is called.
#[derive(Debug, Clone, Copy)]
pub struct Identity {
    /// The provider's address as in `required_providers`: `namespace/type`,
    /// with the registry's host before it where that isn't the default one.
    pub address: &'static str,
    /// The program's name: `terraform-provider-` and the type.
    pub name: &'static str,
    /// The provider's version, without a `v`.
    pub version: &'static str,
}

impl Identity {
    /// The provider's type, which `TF_LOG_PROVIDER_…` and log lines go by.
    fn type_name(&self) -> &'static str {
        self.name.strip_prefix("terraform-provider-").unwrap_or(self.name)
    }
}

/// What a provider has from its process, for as long as it lives.
#[derive(Debug, Clone)]
pub struct Session {
    /// Tells running calls to end; the call `StopProvider` must trip it.
    pub stop: Stop,
    /// The log that Terraform reads.
    pub log: Log,
}

/// Serves the provider that `make` gives until Terraform ends the process.
///
/// Reads the arguments and environment of the process. Run by hand, it says
/// what the program is; `-debug` serves until Ctrl-C to a Terraform that is
/// started separately. Installs a panic hook and signal handlers. `make` is
/// called inside the asynchronous runtime, before Terraform's first call.
///
/// The status is a success when the process was asked to end, and a failure
/// when it couldn't start; why stands on stderr.
pub fn serve<P: Provider>(identity: &Identity, make: impl FnOnce(Session) -> P) -> ExitCode {
    panics::install_hook();
    let variable = |name: &str| std::env::var_os(name);
    match Request::read(std::env::args_os().skip(1).filter_map(|it| it.into_string().ok())) {
        Request::Version => say(io::stdout(), &format!("{} {}", identity.name, identity.version)),
        Request::Help => say(io::stdout(), &usage(identity)),
        Request::Other(argument) => {
            let text = format!("{argument}: no such argument\n\n{}", usage(identity));
            say(io::stderr(), &text);
            ExitCode::FAILURE
        }
        Request::Debug => finish(run::debug(identity, &Environment::by_hand(&variable), make)),
        Request::Plugin => match Environment::read(identity, &variable) {
            Err(Fault::NoHost) => {
                say(io::stderr(), &usage(identity));
                ExitCode::FAILURE
            }
            Err(fault) => finish(Err(fault)),
            Ok(environment) => finish(run::plugin(identity, &environment, make)),
        },
    }
}

/// Why a process that finds these variables can't serve the host that has started it, as
/// [`serve`] says it to the host: one line, without the `|` of a handshake. `None` if it can.
///
/// `variable` gives the value of a variable of the environment by its name.
#[must_use]
pub fn refusal(identity: &Identity, variable: &dyn Fn(&str) -> Option<OsString>) -> Option<String> {
    Environment::read(identity, variable).err().map(|it| it.to_string())
}

/// What the command line asks for.
enum Request {
    Plugin,
    Debug,
    Version,
    Help,
    Other(String),
}

impl Request {
    fn read(mut arguments: impl Iterator<Item = String>) -> Self {
        match arguments.next() {
            None => Self::Plugin,
            Some(it) => match it.as_str() {
                "-debug" | "--debug" => Self::Debug,
                "-version" | "--version" | "-V" | "version" => Self::Version,
                "-help" | "--help" | "-h" | "help" => Self::Help,
                _ => Self::Other(it),
            },
        }
    }
}

/// Says why the process could not serve.
fn finish(outcome: Result<(), Fault>) -> ExitCode {
    let Err(fault) = outcome else { return ExitCode::SUCCESS };
    let text = fault.to_string();
    // Terraform shows a user the first line of stdout where it isn't a
    // handshake, and stderr only in its log.
    if !matches!(fault, Fault::Stdout(_)) {
        say(io::stdout(), &text);
    }
    say(io::stderr(), &text);
    ExitCode::FAILURE
}

/// Writes a line. Where nobody listens, there is nobody to tell.
fn say(mut to: impl Write, text: &str) -> ExitCode {
    match writeln!(to, "{text}").and_then(|()| to.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn usage(identity: &Identity) -> String {
    let Identity { address, name, version } = identity;
    let type_name = identity.type_name();
    format!(
        "{name} {version} is a provider for Terraform and OpenTofu, which start it by themselves; \
         it does nothing when run by hand.

To use it, name it in a configuration and run `terraform init`:

    terraform {{
      required_providers {{
        {type_name} = {{
          source = \"{address}\"
        }}
      }}
    }}

Arguments:
    --version   print the version
    --help      print this text
    -debug      serve until Ctrl-C, and print the setting of TF_REATTACH_PROVIDERS
                with which a Terraform started elsewhere uses this process"
    )
}
