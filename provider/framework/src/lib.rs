//! A Terraform provider in Rust: handshake, plan engine, diagnostics.
