//! Permissions of AWS: policies, and what rules say of them.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod common;

#[path = "iam/admin.rs"]
mod admin;
#[path = "iam/admin_findings.rs"]
mod admin_findings;
#[path = "iam/policy_documents.rs"]
mod policy_documents;
#[path = "iam/unknown_number.rs"]
mod unknown_number;
