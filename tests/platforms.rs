//! The platforms' scripts as they are, with each platform's own client, against stand-ins that hold state:
//! what is asserted is where the traffic goes.
//!
//! Kubernetes has its own API server and controllers, whose build takes minutes: `make cluster`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use stanchion_model::pipeline::deployment::platform::Deed;
use stanchion_tests::repository;

use deeds::{Deployment, StandIn, part};

#[path = "platforms/command.rs"]
mod command;
#[path = "platforms/deeds.rs"]
mod deeds;
#[path = "platforms/ecs.rs"]
mod ecs;
#[path = "platforms/lint.rs"]
mod lint;
#[path = "platforms/railway.rs"]
mod railway;
#[path = "platforms/vercel.rs"]
mod vercel;
