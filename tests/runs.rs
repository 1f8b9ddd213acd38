//! What pipelines do: their workflows are run, with GitHub's own evaluator for the expressions, a real
//! bash for the scripts, and a real git for the repository.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

#[path = "runs/actions.rs"]
mod actions;
#[path = "runs/delivery.rs"]
mod delivery;
#[path = "runs/deployment.rs"]
mod deployment;
#[path = "runs/event.rs"]
mod event;
#[path = "runs/expressions.rs"]
mod expressions;
#[path = "runs/images.rs"]
mod images;
#[path = "runs/job.rs"]
mod job;
#[path = "runs/matrix.rs"]
mod matrix;
#[path = "runs/oci.rs"]
mod oci;
#[path = "runs/pipelines.rs"]
mod pipelines;
#[path = "workflows/rendering.rs"]
mod rendering;
#[path = "runs/repository.rs"]
mod repository;
#[path = "runs/run.rs"]
mod run;
#[path = "runs/scanners.rs"]
mod scanners;
#[path = "runs/script.rs"]
mod script;
#[path = "runs/semantics.rs"]
mod semantics;
#[path = "runs/steps.rs"]
mod steps;
