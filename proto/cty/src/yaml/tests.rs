//! YAML as people and Terraform write it.
//!
//! What `yamldecode` makes of a text was asked of Terraform 1.11.4.

mod read;
mod write;
