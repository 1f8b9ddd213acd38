//! The platforms' scripts as they are, with each platform's own client, against stand-ins that hold state:
//! what is asserted is where the traffic goes.
//!
//! The others, whose clients take minutes to install, stand in `tests/clouds.rs`: `make platforms`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

use std::path::Path;
use std::process::Command;

use stanchion_model::pipeline::deployment::platform::Deed;
use stanchion_tests::repository;

use deeds::{Deployment, StandIn, part};

#[path = "platforms/command.rs"]
mod command;
#[path = "platforms/deeds.rs"]
mod deeds;
#[path = "platforms/lint.rs"]
mod lint;
#[path = "platforms/railway.rs"]
mod railway;
