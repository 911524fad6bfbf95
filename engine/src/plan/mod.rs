//! A manifest and a build → the [`Plan`]: what runs, in which order, with which environment, and why not.
//!
//! The only place that evaluates conditions and graphs; nothing is run here.

mod build;
mod compile;
mod conditions;
mod environment;
pub mod glob;
mod graph;
mod model;
mod outline;
mod pipelines;
mod steps;
mod svg;
mod table;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod versions;

pub use build::{Build, Event};
pub use conditions::{
    Wanted, condition_matches, restricts, trigger_allows, trigger_matches, when_allows, when_matches,
};
pub use environment::substitution_variables;
pub use model::*;
pub use outline::{Outline, outline};
pub use svg::svg;
pub use table::{Row, Table, table_of, truth_table};

use std::collections::{HashMap, HashSet};

use crate::diagnostic::Diagnostic;
use crate::pipeline::{self, Manifest, Pipeline, Resource};
use crate::source::SourceFile;

/// What a build of this file would do.
///
/// As in a real build, the server decides on the text as written, and the runner on the text in which `${…}` was
/// replaced by the build's values. A text without any is read once.
#[must_use]
pub fn plan(source: &SourceFile, build: &Build, faults: &Faults) -> Plan {
    let (server, mut problems) = pipeline::read(source);
    if !source.text().contains("${") && !source.text().contains("$$") {
        return Plan { problems, ..plan_manifest(&server, build, faults) };
    }
    let (runner, more) = pipeline::read_with(source, &substitution_variables(build));
    let new: Vec<Diagnostic> = more.into_iter().filter(|it| !problems.contains(it)).collect();
    problems.extend(new);
    problems.sort_by_key(|it| it.primary.span);
    Plan { problems, ..plan_both(&server, &runner, build, faults) }
}

/// As [`plan`], for a manifest that was read before.
#[must_use]
pub fn plan_manifest(manifest: &Manifest, build: &Build, faults: &Faults) -> Plan {
    plan_both(manifest, manifest, build, faults)
}

fn plan_both(server: &Manifest, runner: &Manifest, build: &Build, faults: &Faults) -> Plan {
    let of_runner: HashMap<usize, &Pipeline> = runner.pipelines().map(|it| (it.document, it)).collect();
    let both = |server| pipelines::Read {
        server,
        runner: of_runner.get(&server.document).copied().unwrap_or(server),
    };
    let read: Vec<pipelines::Read<'_>> = server.pipelines().map(both).collect();
    let encrypted: HashSet<&str> =
        server.documents.iter().filter_map(|it| encrypted_name(&it.resource)).collect();
    Plan {
        build: build.clone(),
        skipped_by_message: pipelines::skipped_by_message(build),
        pipelines: pipelines::decide(&read, build, faults, &|name| encrypted.contains(name)),
        problems: Vec::new(),
    }
}

/// The name of a secret whose encrypted value stands in the file.
fn encrypted_name(resource: &Resource) -> Option<&str> {
    match resource {
        Resource::Secret(secret) if secret.data.is_some() => secret.name.as_ref().map(|it| it.value.as_str()),
        _ => None,
    }
}
