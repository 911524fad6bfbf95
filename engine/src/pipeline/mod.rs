//! Tree → Drone's nouns: a [`Manifest`] with its pipelines and steps, always with what was wrong beside it.

mod decode;
pub mod grammar;
mod image;
mod legacy;
mod lost;
mod model;
mod reader;
mod schema;

pub use image::ImageName;
pub use legacy::{is_legacy, legacy_line};
pub use lost::{Loss, Lost};
pub use model::*;
pub use reader::{Readings, View, read_views};
pub use schema::schema;

use crate::diagnostic::{Diagnostic, Programs};
use crate::source::SourceFile;

/// Values for `${…}`: the name of a variable → its value. Unknown names are empty (§5.10).
pub type Variables = std::collections::BTreeMap<String, String>;

/// Reads the file as the server does: nothing is substituted. A 0.8 file is converted.
#[must_use]
pub fn read(source: &SourceFile) -> (Manifest, Vec<Diagnostic>) {
    if is_legacy(source.text()) {
        return legacy::convert(source);
    }
    read_view(source, View { programs: Programs::ALL, variables: None })
}

/// Reads the file as the runner does: `${…}` is replaced first (§5.10). Spans are those of `source`.
#[must_use]
pub fn read_with(source: &SourceFile, variables: &Variables) -> (Manifest, Vec<Diagnostic>) {
    if is_legacy(source.text()) {
        return legacy::convert(source);
    }
    read_view(source, View { programs: Programs::ALL, variables: Some(variables) })
}

fn read_view(source: &SourceFile, view: View<'_>) -> (Manifest, Vec<Diagnostic>) {
    let readings = read_views(source, &[view]);
    let mut problems = readings.general;
    problems.extend(readings.problems.into_iter().flatten());
    problems.sort_by_key(|it| it.primary.span);
    (Manifest { documents: readings.documents, legacy: false }, problems)
}
