//! The linter program.

fn main() {}
