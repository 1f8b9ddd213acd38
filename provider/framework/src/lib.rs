//! A Terraform provider in Rust.
//!
//! An author implements [`Provider`] and, for each thing that it manages, [`Managed`]; likewise
//! [`DataSource`], [`Ephemeral`] and [`Function`]. What a configuration may say is declared by
//! `#[derive(Block)]` on the struct that these traits work on. The framework does the rest: the
//! handshake with mutual TLS, the wire, validation, the plan, what is stored, diagnostics, logs,
//! timeouts and cancellation. [`serve`] is the whole of a provider's `main`.
//!
//! Absent on purpose: any resource of its own, protocol 5, and the legacy type system, which would
//! let a provider plan what it then does not do.

mod context;
mod data;
mod ephemeral;
mod function;
mod identity;
mod managed;
mod moved;
pub mod plan;
pub mod plugin;
mod private;
mod provider;
mod service;
mod timeouts;
mod upgrade;
mod wire;

pub use context::{Clock, Context, Environment};
pub use data::{AnyDataSource, DataSource, data_source};
pub use ephemeral::{AnyEphemeral, Ephemeral, Opened, Renewed, ephemeral};
pub use function::{AnyFunction, Argument, Function, FunctionProblem, function};
pub use identity::ObjectIdentity;
pub use managed::{AnyManaged, Failure, Managed, managed};
pub use moved::MovedFrom;
pub use private::Private;
pub use provider::{Plain, Provider, serve};
pub use service::Service;
pub use timeouts::{TimeoutSettings, Timeouts};
pub use upgrade::RawState;
