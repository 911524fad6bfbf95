//! A volume that is neither a temporary folder nor one of the host.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::edit::insert;
use crate::lint::rule::{Check, Rule};
use crate::lint::{PipelineAdvice, Written};
use crate::pipeline::{Document, Volume};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "volume-without-source";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    if !page.pipeline.is_docker() {
        return; // other types have other sources
    }
    for volume in page.pipeline.volumes.iter().filter(|it| is_empty(it)) {
        let name = volume.name.as_ref().filter(|it| !it.value.is_empty());
        // Without a name there is an error, and what is written in place of a source is another rule's.
        if let Some(name) = name.filter(|_| !is_told(page.document, volume.span)) {
            found.push(problem(page.file, volume, &name.value, name.span));
        }
    }
}

fn is_empty(volume: &Volume) -> bool {
    !volume.null && volume.temp.is_none() && volume.host.is_none() && volume.claim.is_none()
}

fn is_told(document: &Document, volume: Span) -> bool {
    let from = document.lost.partition_point(|it| it.span.start < volume.start);
    document.lost.get(from).is_some_and(|it| it.span.start < volume.end)
}

fn problem(file: &Written<'_>, volume: &Volume, name: &str, place: Span) -> Diagnostic {
    let message = format!("the volume `{name}` has no source");
    let why = "a volume without a source is dropped without a word: no step gets it";
    let Some(temp) = empty_temp(file, volume) else {
        return Diagnostic::warning(CODE, place, message)
            .label("neither `temp` nor `host`")
            .why(why)
            .help("add `temp: {}` to it, for an empty folder that the steps share");
    };
    Diagnostic::warning(CODE, temp, message)
        .label("empty, as if it were not there")
        .also(place, "this volume")
        .why(why)
        .help("write `temp: {}`")
        .fix(insert(temp.end, " {}", "write `temp: {}`"))
}

/// A `temp:` with nothing behind it.
fn empty_temp(file: &Written<'_>, volume: &Volume) -> Option<Span> {
    // The place of a map ends with its last key when nothing stands behind it.
    let colon = file.slice(Span { start: volume.span.end, end: volume.span.end + 1 }) == ":";
    let text = file.slice(Span { end: volume.span.end + u32::from(colon), ..volume.span });
    let at = text.match_indices("temp:").map(|it| it.0).find(|at| {
        let before = text[..*at].chars().next_back();
        before.is_none_or(|it| it.is_whitespace() || matches!(it, '{' | ','))
    })?;
    let start = volume.span.start as usize + at;
    let after = file.text.get(start + 5..).and_then(|it| it.lines().next()).unwrap_or_default().trim();
    (after.is_empty() || after.starts_with('#')).then(|| Span::new(start, start + 5))
}
