//! The framework under a real Terraform: a provider for tests is planned, applied, interrupted.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

#[path = "framework/blocks.rs"]
mod blocks;
#[path = "framework/client.rs"]
mod client;
#[path = "framework/ephemerals.rs"]
mod ephemerals;
#[path = "framework/failures.rs"]
mod failures;
#[path = "framework/generated.rs"]
mod generated;
#[path = "framework/generating.rs"]
mod generating;
#[path = "framework/identity.rs"]
mod identity;
#[path = "framework/imports.rs"]
mod imports;
#[path = "framework/lifecycle.rs"]
mod lifecycle;
#[path = "framework/moves.rs"]
mod moves;
#[path = "framework/secrets.rs"]
mod secrets;
#[path = "framework/transport.rs"]
mod transport;
#[path = "framework/versions.rs"]
mod versions;
#[path = "framework/wire.rs"]
mod wire;
