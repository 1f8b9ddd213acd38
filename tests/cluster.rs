//! The scripts for Kubernetes, with kubectl, against its own API server and controllers.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

use std::process::Command;

use stanchion_model::pipeline::deployment::platform::Deed;

use deeds::{Deployment, StandIn, part};

#[expect(dead_code, reason = "kubectl asks the cluster, and no other stand-in runs")]
#[path = "platforms/deeds.rs"]
mod deeds;
#[path = "platforms/kubernetes.rs"]
mod kubernetes;
