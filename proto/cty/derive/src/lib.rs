//! #[derive(Block)]: a struct's fields, declared once, as a Terraform schema.
