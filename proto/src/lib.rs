//! Terraform's plugin protocol 6 and go-plugin's services, as Rust types.
//!
//! Everything here is generated from the definitions in `proto/`, which are
//! written from the protocol's wire facts and carry the documentation of each
//! message. There is no logic, and no opinion on how a provider is built.
//!
//! - [`tfplugin6`]: what Terraform asks of a provider.
//! - [`go_plugin`]: what go-plugin asks of any plugin's process.
//! - [`health`]: gRPC's health service, which go-plugin pings.
//!
//! A call that a server doesn't implement answers `UNIMPLEMENTED`. Bytes are
//! [`Bytes`]: slices of the buffer that they arrived in, so nothing large is
//! copied on its way in. Messages that may hold a secret print as their size.

mod withheld;

/// Bytes that many owners can share; `Vec<u8>` converts into it for free.
pub use prost::bytes::Bytes;

/// Protocol 6: the service `Provider` and its messages.
///
/// The trait to implement is `provider_server::Provider`.
#[allow(
    missing_docs,
    clippy::all,
    clippy::allow_attributes_without_reason,
    reason = "generated; proto/tfplugin6*.proto is its documentation"
)]
pub mod tfplugin6 {
    tonic::include_proto!("tfplugin6");
}

/// go-plugin's own services: controller, broker and standard streams.
#[allow(
    missing_docs,
    clippy::all,
    clippy::allow_attributes_without_reason,
    reason = "generated; proto/go_plugin.proto is its documentation"
)]
pub mod go_plugin {
    tonic::include_proto!("plugin");
}

/// gRPC's health service, `grpc.health.v1`.
#[allow(
    missing_docs,
    clippy::all,
    clippy::allow_attributes_without_reason,
    reason = "generated; proto/grpc_health.proto is its documentation"
)]
pub mod health {
    tonic::include_proto!("grpc.health.v1");
}
