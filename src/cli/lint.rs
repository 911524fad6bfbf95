//! `ciworkshop lint [FILE…]`: every problem of a file, with its place, its reason and the next step.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::cli::{Exit, Failure, Format, World, parallel};
use crate::engine::diagnostic::{Diagnostic, Refusal, Severity, render};
use crate::engine::lint::lint;
use crate::engine::source::{SourceFile, Span};

/// Show every problem of a file
///
/// Unlike Drone's own linters it does not stop at the first problem, it says where each stands, and which of
/// Drone's programs refuse the file because of it.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files to look at; `-` is standard input. Without any, the `.drone.yml` here or above
    files: Vec<PathBuf>,
    /// How to answer; JSON has one line a file
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Looks at the files on all cores, and prints what is wrong with each in the order given.
pub(super) fn run(arguments: Arguments, world: &mut World) -> Result<Exit, Failure> {
    let (format, colour) = (arguments.format, world.colour());
    parallel::answer_each(arguments.files, world, |it| answer(it, format, colour))
}

/// The text to print, and whether there is an error.
fn answer(source: &SourceFile, format: Format, colour: bool) -> (String, bool) {
    let problems = lint(source);
    let text = match format {
        Format::Json => view(source, &problems).to_string() + "\n",
        Format::Text => text(source, &problems, colour),
    };
    (text, problems.iter().any(|it| it.severity == Severity::Error))
}

fn text(source: &SourceFile, problems: &[Diagnostic], colour: bool) -> String {
    let excerpts: String = problems.iter().map(|it| render(it, source, colour) + "\n\n").collect();
    format!("{excerpts}{}: {}\n", source.name(), summary(problems))
}

/// `2 errors, 1 warning`, or that there is nothing to say.
fn summary(problems: &[Diagnostic]) -> String {
    let counts = [Severity::Error, Severity::Warning, Severity::Hint].into_iter().filter_map(|severity| {
        let count = problems.iter().filter(|it| it.severity == severity).count();
        let plural = if count == 1 { "" } else { "s" };
        (count > 0).then(|| format!("{count} {}{plural}", severity.word()))
    });
    let counts: Vec<_> = counts.collect();
    if counts.is_empty() { "no problems found".into() } else { counts.join(", ") }
}

fn view(source: &SourceFile, problems: &[Diagnostic]) -> Value {
    let problems: Vec<_> = problems.iter().map(|it| problem_view(source, it)).collect();
    json!({"version": 1, "file": source.name(), "problems": problems})
}

fn problem_view(source: &SourceFile, problem: &Diagnostic) -> Value {
    let labels = std::iter::once(&problem.primary).chain(&problem.secondary);
    let places: Vec<_> = labels
        .map(|it| {
            let mut place = place(source, it.span);
            place["message"] = it.message.as_str().into();
            place
        })
        .collect();
    json!({
        "code": problem.code,
        "severity": problem.severity.word(),
        "message": problem.message,
        "why": problem.why,
        "help": problem.help,
        "places": places,
        "refused_by": problem.refusals.iter().copied().flat_map(refusal_views).collect::<Vec<_>>(),
    })
}

fn refusal_views(refusal: Refusal) -> Vec<Value> {
    let view = |it: crate::engine::diagnostic::Program| json!({"program": it.key(), "stage": refusal.stage.word(), "untrusted_only": refusal.untrusted_only});
    refusal.programs.iter().map(view).collect()
}

/// Lines and columns from 1, columns in characters; offsets in bytes.
fn place(source: &SourceFile, span: Span) -> Value {
    let (start, end) = (source.line_column(span.start), source.line_column(span.end));
    json!({
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "start": span.start,
        "end": span.end,
    })
}
