//! A diagnostic and its source → the excerpt with carets, as text. Never prints.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{SourceFile, Span};

/// The excerpt of one problem, in the style of the Rust compiler. `colour` adds ANSI codes.
///
/// Spans that do not fit the text are cut to it, so any diagnostic can be rendered with any source.
#[must_use]
pub fn render(diagnostic: &Diagnostic, source: &SourceFile, colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::HELP.with_name("hint"),
    };
    let text = source.text();
    let refusers = diagnostic.refusers();
    let primary = AnnotationKind::Primary.span(fit(diagnostic.primary.span, text));
    let mut snippet = Snippet::source(text)
        .path(source.name())
        .annotation(primary.label(diagnostic.primary.message.as_str()));
    for label in &diagnostic.secondary {
        let context = AnnotationKind::Context.span(fit(label.span, text));
        snippet = snippet.annotation(context.label(label.message.as_str()));
    }
    let mut group: Group<'_> =
        level.primary_title(diagnostic.message.as_str()).id(diagnostic.code).element(snippet);
    if let Some(why) = &diagnostic.why {
        group = group.element(Level::NOTE.message(why.as_str()));
    }
    if let Some(refusers) = &refusers {
        group = group.element(Level::NOTE.message(refusers.as_str()));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).render(&[group]).to_string()
}

/// The span as a range that lies in the text, on character boundaries.
fn fit(span: Span, text: &str) -> std::ops::Range<usize> {
    let start = text.floor_char_boundary(span.start as usize);
    let end = text.ceil_char_boundary((span.end as usize).min(text.len()));
    start..end.max(start)
}
