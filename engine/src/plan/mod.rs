//! A manifest and a build → the [`Plan`]: what runs, in which order, with which environment, and why not.
//!
//! The only place that evaluates conditions and graphs; nothing is run here.

mod build;
mod model;

pub use build::{Build, Event};
pub use model::*;

use crate::pipeline::Manifest;
use crate::source::SourceFile;

/// What a build of this file would do. Reads `source` with the build's own `${…}` values.
#[must_use]
pub fn plan(source: &SourceFile, build: &Build, faults: &Faults) -> Plan {
    let _ = (source, faults);
    Plan { build: build.clone(), skipped_by_message: None, pipelines: Vec::new(), problems: Vec::new() }
}

/// As [`plan`], for a manifest that was read before.
#[must_use]
pub fn plan_manifest(manifest: &Manifest, build: &Build, faults: &Faults) -> Plan {
    let _ = (manifest, faults);
    Plan { build: build.clone(), skipped_by_message: None, pipelines: Vec::new(), problems: Vec::new() }
}
