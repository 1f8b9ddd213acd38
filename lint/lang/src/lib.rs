//! What a Terraform configuration says: syntax, modules, evaluation.
