//! `ciworkshop schema`: the keys of a `.drone.yml` as a JSON Schema, so that editors complete and explain them.

use crate::cli::{Exit, Failure, World};
use crate::engine::pipeline::schema;

/// Print a JSON Schema of .drone.yml, for editors
///
/// An editor that knows the schema completes keys, says what each is for, and marks values of a wrong shape.
///
/// For Visual Studio Code with its YAML extension, in the root of a repository:
///
///   mkdir -p .vscode
///
///   ciworkshop schema > .vscode/drone.schema.json
///
/// and in .vscode/settings.json: "yaml.schemas": {"./.vscode/drone.schema.json": "**/.drone.yml"}
///
/// For other editors that use yaml-language-server, put this as the first line below each `---`:
///
///   # yaml-language-server: $schema=.vscode/drone.schema.json
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Arguments {}

/// Prints the schema.
pub(super) fn run(_: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    writeln!(world.out, "{:#}", schema())?;
    Ok(Exit::Clean)
}
