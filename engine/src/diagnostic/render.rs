//! A diagnostic and its source → the excerpt with carets, as text. Never prints.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{SourceFile, Span};

/// The excerpt of one problem, in the style of the Rust compiler. `colour` adds ANSI codes.
///
/// Spans that do not fit the text are cut to it, so any diagnostic can be rendered with any source.
#[must_use]
pub fn render(diagnostic: &Diagnostic, source: &SourceFile, colour: bool) -> String {
    render_with(diagnostic, None, source, colour)
}

/// The same, and in a last line what can be done at once.
#[must_use]
pub fn render_with(diagnostic: &Diagnostic, fix: Option<&str>, source: &SourceFile, colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::HELP.with_name("hint"),
    };
    let window = Window::around(diagnostic, source);
    let refusers = diagnostic.refusers();
    let primary = AnnotationKind::Primary.span(window.fit(diagnostic.primary.span));
    let mut snippet = Snippet::source(window.text)
        .line_start(window.first_line)
        .path(source.name())
        .annotation(primary.label(diagnostic.primary.message.as_str()));
    for label in &diagnostic.secondary {
        let context = AnnotationKind::Context.span(window.fit(label.span));
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
    if let Some(fix) = fix {
        group = group.element(Level::HELP.with_name("fix").message(fix));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).render(&[group]).clone()
}

/// The lines from the first label to the last: the renderer reads all it is given, and a file may be long.
struct Window<'s> {
    text: &'s str,
    start: usize,
    first_line: usize,
}

impl<'s> Window<'s> {
    fn around(diagnostic: &Diagnostic, source: &'s SourceFile) -> Self {
        let text = source.text();
        let labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.secondary);
        let all = labels.map(|it| it.span).reduce(Span::to).unwrap_or_default();
        let first = text.floor_char_boundary(all.start as usize);
        let last = text.ceil_char_boundary((all.end as usize).clamp(first, text.len()));
        let start = text[..first].rfind('\n').map_or(0, |it| it + 1);
        let end = text[last..].find('\n').map_or(text.len(), |it| last + it + 1);
        Self { text: &text[start..end], start, first_line: source.line_column(all.start).line }
    }

    /// The span as a range of the window, on character boundaries.
    fn fit(&self, span: Span) -> std::ops::Range<usize> {
        let inside = |at: u32| (at as usize).saturating_sub(self.start).min(self.text.len());
        let start = self.text.floor_char_boundary(inside(span.start));
        let end = self.text.ceil_char_boundary(inside(span.end));
        start..end.max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Label;

    fn label(text: &str, word: &str) -> Label {
        let start = text.find(word).unwrap();
        Label { span: Span::new(start, start + word.len()), message: format!("see {word}") }
    }

    #[test]
    fn the_excerpt_shows_the_lines_of_all_labels_with_their_numbers() {
        let text = "one\ntwo\nthrée\nfour\nfive\nsix\n";
        let mut diagnostic = Diagnostic::error("code", Span::new(0, 0), "wrong");
        diagnostic.primary = label(text, "five");
        diagnostic.secondary = vec![label(text, "thr"), label(text, "two")];
        let shown = render(&diagnostic, &SourceFile::new("a.yml", text), false);
        for line in ["--> a.yml:5:1", "2 | two", "3 | thrée", "5 | five", "  | ^^^^ see five"] {
            assert!(shown.contains(line), "{line} is not in\n{shown}");
        }
        assert!(!shown.contains("one") && !shown.contains("six"), "{shown}");
    }

    #[test]
    fn a_span_that_does_not_fit_is_cut_to_the_text() {
        for (start, end) in [(0, 99), (99, 100), (3, 4), (7, 2)] {
            let mut diagnostic = Diagnostic::error("code", Span::new(0, 0), "wrong");
            diagnostic.primary.span = Span { start, end };
            let shown = render(&diagnostic, &SourceFile::new("a.yml", "a: é\nb"), false);
            assert!(shown.contains("--> a.yml:"), "{shown}");
        }
    }
}
