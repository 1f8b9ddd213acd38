//! The linter program.

use std::process::ExitCode;

fn main() -> ExitCode {
    stanchion::run(std::env::args_os()).into()
}
