//! A document that does not say what it is. Often nobody meant to write one.

use crate::diagnostic::{Diagnostic, Edit, Fix, Programs, Severity, Stage};
use crate::lint::closest;
use crate::lint::rule::{Check, DocumentPage, Rule};
use crate::pipeline::{Resource, legacy_line};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::Document(check),
};
const CODE: &str = "missing-kind";

fn check(page: &DocumentPage<'_>, found: &mut Vec<Diagnostic>) {
    if !matches!(page.document.resource, Resource::NoKind) {
        return;
    }
    let text = page.text.get(page.document.span.range()).unwrap_or_default();
    if legacy_line(text).is_some() {
        return; // the rule `legacy` speaks of it
    }
    let mut lines = text.lines().map(str::trim).filter(|it| !it.is_empty());
    let problem = if lines.clone().all(|it| it.starts_with('#')) {
        nothing_but_comments(page, text, lines.next())
    } else {
        no_kind(page, text)
    };
    found.push(problem.refused_by(page.readers.and(Programs::OLD), Stage::Parse));
}

fn nothing_but_comments(page: &DocumentPage<'_>, text: &str, comment: Option<&str>) -> Diagnostic {
    let (span, separator) = (page.document.span, page.document.separator);
    let why = "a document without a `kind` is enough for the whole file to be refused; runners skip it";
    if !separator.is_empty() {
        return after_separator(page, separator, comment).why(why);
    }
    if span.end as usize >= page.text.len() {
        return Diagnostic::error(CODE, span, "the file holds no document")
            .label("nothing but blanks and comments")
            .why("Drone finds nothing to run in it")
            .help("begin with `kind: pipeline`, `type: docker` and `name: default`");
    }
    let Some(comment) = comment else {
        return Diagnostic::error(CODE, span, "an empty line stands before the first `---`")
            .label("read as a document of its own")
            .why(why)
            .help("delete the empty line, or the `---` below it");
    };
    let start = span.start as usize + text.find(comment).unwrap_or_default();
    Diagnostic::error(
        CODE,
        Span::new(start, start + comment.len()),
        "a comment stands before the first `---`",
    )
    .label("read as a document of its own")
    .also(Span::new(span.end as usize, span.end as usize + 3), "the first pipeline begins here")
    .why(why)
    .help("move the comment below the `---`, or delete that `---`")
}

/// A `---` that nothing follows, or nothing but comments.
fn after_separator(page: &DocumentPage<'_>, separator: Span, comment: Option<&str>) -> Diagnostic {
    let line = page.text.get(separator.range()).unwrap_or_default();
    let lost = line.trim_start_matches('-').trim();
    if !lost.is_empty() && !lost.starts_with('#') && comment.is_none() {
        let start = separator.start as usize + line.find(lost).unwrap_or_default();
        return Diagnostic::error(
            CODE,
            Span::new(start, start + lost.len()),
            "what stands behind `---` is thrown away",
        )
        .label("not read")
        .help("put it on the next line");
    }
    let message = match comment {
        Some(_) => "nothing but comments follows this `---`",
        None => "nothing follows this `---`",
    };
    Diagnostic::error(CODE, separator, message)
        .label("begins a document that is empty")
        .help("delete this `---`")
}

fn no_kind(page: &DocumentPage<'_>, text: &str) -> Diagnostic {
    let start = page.document.span.start as usize;
    let line = |wanted: &dyn Fn(&str) -> bool| {
        let mut at = 0;
        text.split_inclusive('\n').find_map(|it| {
            let from = at;
            at += it.len();
            wanted(it).then(|| Span::new(start + from, start + from + it.trim_end().len()))
        })
    };
    let first = line(&|it| !it.trim().is_empty() && !it.trim_start().starts_with(['#', '%']));
    let first = first.unwrap_or(page.document.span);
    let why = "a document is a pipeline, a secret or something else, and only `kind` says which";
    if let Some(empty) = line(&|it| it.starts_with("kind:")) {
        return Diagnostic::error(CODE, empty, "`kind` is empty")
            .label("no word follows")
            .why(why)
            .help("write `kind: pipeline`");
    }
    let keys = text.lines().filter(|it| !it.starts_with([' ', '-', '#'])).filter_map(|it| it.split_once(':'));
    if let Some(slip) = keys.map(|it| it.0).find(|it| closest(it, ["kind"]).is_some()) {
        let at = line(&|it| it.starts_with(slip)).unwrap_or(first);
        let span = Span::new(at.start as usize, at.start as usize + slip.len());
        let edits = vec![Edit { span, text: "kind".into() }];
        return Diagnostic::error(CODE, span, "this document has no `kind`")
            .label("Drone does not know this key, and ignores it")
            .why(why)
            .help("did you mean `kind`?")
            .fix(Fix { message: "write `kind`".into(), edits, safe: true });
    }
    let edits = vec![Edit {
        span: Span::new(first.start as usize, first.start as usize),
        text: "kind: pipeline\n".into(),
    }];
    let problem = Diagnostic::error(CODE, first, "this document has no `kind`")
        .label("the document begins here")
        .why(why)
        .help("write `kind: pipeline` on a line above it, at the left edge");
    let is_pipeline = text.lines().any(|it| it.starts_with("steps:"));
    let fix = is_pipeline.then(|| Fix { message: "add `kind: pipeline`".into(), edits, safe: true });
    Diagnostic { fixes: fix.into_iter().collect(), ..problem }
}
