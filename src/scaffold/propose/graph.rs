//! Pipelines that test and an existing file that publishes → the edits that put the new ones in front of what publishes,
//! and let it wait for them. Nothing else of the owner's text is touched.

use crate::engine::diagnostic::Severity;
use crate::engine::pipeline::{Document, Manifest, Pipeline, Resource, read};
use crate::engine::source::{SourceFile, Span};

/// A place, and what is to stand there instead.
pub(super) type Edit = (Span, String);

/// The edits; `None` where the file is written so that it takes a person. `text` is that of the new pipelines, `waits`
/// tells which of the owner's pipelines publish.
pub(super) fn before_publishing(
    existing: &str,
    manifest: &Manifest,
    new: (&str, &[String]),
    waits: impl Fn(&Pipeline) -> bool,
) -> Option<Vec<Edit>> {
    let (text, names) = new;
    let publishing =
        || manifest.documents.iter().filter_map(|it| Some((it, pipeline(it)?))).filter(|it| waits(it.1));
    let first = publishing().next()?.0;
    let mut edits = vec![in_front(first, text)];
    for (document, pipeline) in publishing() {
        edits.push(waiting(existing, document, pipeline, names)?);
    }
    let trial = SourceFile::new(".drone.yml", applied(existing, &edits));
    let (after, problems) = read(&trial);
    let waits_now =
        |own: &&Pipeline| names.iter().all(|name| own.depends_on.iter().any(|it| it.value == *name));
    let as_meant = after.pipelines().filter(waits_now).count() == publishing().count();
    (as_meant && problems.iter().all(|it| it.severity != Severity::Error)).then_some(edits)
}

fn pipeline(document: &Document) -> Option<&Pipeline> {
    match &document.resource {
        Resource::Pipeline(pipeline) => Some(pipeline),
        _ => None,
    }
}

/// A pipeline must stand below all that it waits for.
fn in_front(document: &Document, text: &str) -> Edit {
    if document.separator.is_empty() {
        return (at(document.span.range().start), format!("{text}\n---\n"));
    }
    (at(document.separator.range().start), format!("---\n{text}\n"))
}

fn at(place: usize) -> Span {
    Span::new(place, place)
}

/// Adds the names to `depends_on`, in the way in which it is written.
fn waiting(text: &str, document: &Document, pipeline: &Pipeline, names: &[String]) -> Option<Edit> {
    let Some(last) = pipeline.depends_on.last() else { return at_the_end(text, document, names) };
    let place = last.span.range();
    let line = text[..place.start].rfind('\n').map_or(0, |it| it + 1);
    let before = &text[line..place.start];
    if before.trim() == "-" {
        let end = text[place.end..].find('\n').map_or(text.len(), |it| place.end + it);
        return Some((at(end), names.iter().map(|it| format!("\n{before}{it}")).collect()));
    }
    let more: String = names.iter().map(|it| format!(", {it}")).collect();
    text[place.end..].trim_start().starts_with([',', ']']).then(|| (at(place.end), more))
}

/// The key, where there is none yet.
fn at_the_end(text: &str, document: &Document, names: &[String]) -> Option<Edit> {
    let range = document.span.range();
    let inside = text[range.clone()].trim_end();
    let list: String = names.iter().map(|it| format!("\n- {it}")).collect();
    let has = |key: &str| inside.lines().any(|it| it.starts_with(key));
    // A document between braces has no key at the beginning of a line.
    let edit = (at(range.start + inside.len()), format!("\n\ndepends_on:{list}"));
    (has("kind") && !has("depends_on")).then_some(edit)
}

/// The text with all edits.
pub(super) fn applied(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|it| std::cmp::Reverse(it.0.start));
    let mut text = text.to_owned();
    for (span, new) in edits {
        text.replace_range(span.range(), new);
    }
    text
}
