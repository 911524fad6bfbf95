//! A manifest and a build → the [`Plan`]: what runs, in which order, with which environment, and why not.
//!
//! The only place that evaluates conditions and graphs; nothing is run here.

mod build;
mod commands;
mod compile;
mod conditions;
mod environment;
pub mod glob;
mod graph;
mod live;
mod model;
mod outline;
mod pipelines;
mod reach;
mod reading;
mod steps;
mod svg;
mod table;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod versions;

pub use build::{Build, Event};
pub use commands::{SHELL, script};
pub use conditions::{
    Wanted, condition_matches, restricts, trigger_allows, trigger_matches, when_allows, when_matches,
};
pub use environment::{
    BuildVariable, Presence, build_variable, build_variables, restricted_workspace, substitution_variables,
};
pub use live::{Ending, LiveBuild, LiveSteps, live};
pub use model::*;
pub use outline::{Outline, outline};
pub use reach::{Asked, Block, Forge, Question, Reach};
pub use svg::svg;
pub use table::{Row, Table, table_of, truth_table};

use std::collections::HashSet;

use crate::diagnostic::Diagnostic;
use crate::pipeline::{self, Manifest, Resource};
use crate::plan::reading::Reading;
use crate::source::SourceFile;

/// What a build of this file would do.
///
/// As in a real build, the server decides on the text as written, and the runner on the text in which `${…}` was
/// replaced by the build's values. A text without any is read once.
#[must_use]
pub fn plan(source: &SourceFile, build: &Build, faults: &Faults) -> Plan {
    let (server, problems) = pipeline::read(source);
    plan_text(source, &server, problems, build, faults)
}

/// As [`plan`], for several builds of one file: what they share is read once.
#[must_use]
pub fn plan_each(source: &SourceFile, builds: &[Build], faults: &Faults) -> Vec<Plan> {
    let (server, problems) = pipeline::read(source);
    builds.iter().map(|build| plan_text(source, &server, problems.clone(), build, faults)).collect()
}

fn plan_text(
    source: &SourceFile,
    server: &Manifest,
    problems: Vec<Diagnostic>,
    build: &Build,
    faults: &Faults,
) -> Plan {
    let reading = Reading::of(source, server, problems, build);
    let plan = plan_read(server, &reading.pipelines(), build, faults);
    Plan { problems: reading.problems, ..plan }
}

/// As [`plan`], for a manifest that was read before.
#[must_use]
pub fn plan_manifest(manifest: &Manifest, build: &Build, faults: &Faults) -> Plan {
    let read: Vec<pipelines::Read<'_>> =
        manifest.pipelines().map(|it| pipelines::Read { server: it, runner: it }).collect();
    plan_read(manifest, &read, build, faults)
}

fn plan_read(manifest: &Manifest, read: &[pipelines::Read<'_>], build: &Build, faults: &Faults) -> Plan {
    let encrypted = encrypted_names(manifest);
    Plan {
        build: build.clone(),
        skipped_by_message: pipelines::skipped_by_message(build),
        pipelines: pipelines::decide(read, build, faults, &|name| encrypted.contains(name)),
        problems: Vec::new(),
    }
}

/// The names of the secrets that the file holds encrypted.
fn encrypted_names(manifest: &Manifest) -> HashSet<&str> {
    manifest.documents.iter().filter_map(|it| encrypted_name(&it.resource)).collect()
}

/// The name of a secret whose encrypted value stands in the file.
fn encrypted_name(resource: &Resource) -> Option<&str> {
    match resource {
        Resource::Secret(secret) if secret.data.is_some() => secret.name.as_ref().map(|it| it.value.as_str()),
        _ => None,
    }
}
