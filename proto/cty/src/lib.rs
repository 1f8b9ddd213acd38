//! Terraform's types, values, paths and schemas.
