//! Tree → Drone's nouns: a [`Manifest`] with its pipelines and steps, always with what was wrong beside it.

mod model;

pub use model::*;

use crate::diagnostic::Diagnostic;
use crate::source::SourceFile;

/// Values for `${…}`: the name of a variable → its value. Unknown names are empty (§5.10).
pub type Variables = std::collections::BTreeMap<String, String>;

/// Reads the file as the server does: nothing is substituted.
#[must_use]
pub fn read(source: &SourceFile) -> (Manifest, Vec<Diagnostic>) {
    let _ = source;
    (Manifest::default(), Vec::new())
}

/// Reads the file as the runner does: `${…}` is replaced first (§5.10). Spans are those of `source`.
#[must_use]
pub fn read_with(source: &SourceFile, variables: &Variables) -> (Manifest, Vec<Diagnostic>) {
    let _ = variables;
    read(source)
}
