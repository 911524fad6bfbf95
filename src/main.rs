//! Hands arguments, environment and streams to the library, and turns its answer into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut world = ciworkshop::cli::World::of_this_process();
    ciworkshop::cli::run(std::env::args_os(), &mut world).into()
}
