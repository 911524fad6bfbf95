//! Rules → diagnostics; and [`verdict`]: which program of Drone refuses what, from the same rules.

use crate::diagnostic::Diagnostic;
use crate::source::SourceFile;

/// Every problem of a file, in file order, for an untrusted repository unless a refusal says otherwise.
#[must_use]
pub fn lint(source: &SourceFile) -> Vec<Diagnostic> {
    let _ = source;
    Vec::new()
}
