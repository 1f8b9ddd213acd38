//! The scripts for Amazon ECS, Kubernetes and Vercel, with each platform's own client, against stand-ins that
//! hold state and against Kubernetes' own API server.
//!
//! Their clients take minutes to install, the cluster to build: `make platforms`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

use std::path::PathBuf;
use std::process::{Command, Stdio};

use stanchion_model::pipeline::deployment::platform::Deed;
use stanchion_tests::repository;

use deeds::{Deployment, StandIn, part};

#[path = "platforms/deeds.rs"]
mod deeds;
#[path = "platforms/ecs.rs"]
mod ecs;
#[path = "platforms/eks.rs"]
mod eks;
#[path = "platforms/kubernetes.rs"]
mod kubernetes;
#[path = "platforms/vercel.rs"]
mod vercel;
