//! The program that Terraform starts.

use std::process::ExitCode;

use terraform_provider_stanchion::{IDENTITY, Stanchion};

fn main() -> ExitCode {
    stanchion_framework::serve(IDENTITY, Stanchion)
}
