//! Terraform's plugin protocol 6 and go-plugin's services, as Rust types.
