//! A key of the step among the settings → the edits that move it beside `settings`.

use crate::diagnostic::{Edit, Fix};
use crate::lint::edit::whole_lines;
use crate::lint::plugins::is_map;
use crate::lint::written::StepAdvice;
use crate::pipeline::grammar::PULLS;
use crate::pipeline::{Parameter, Step, Text};
use crate::source::Span;

/// True when the step has the key in its right place as well.
pub(super) fn is_there_too(step: &Step, key: &str) -> bool {
    match key {
        "environment" => !step.environment.is_empty(),
        "pull" => step.pull.is_some(),
        "volumes" => !step.volumes.is_empty(),
        "when" => step.when.span.is_some(),
        _ => false,
    }
}

/// Its lines go, and come again below the image, in line with it. `None` where they would not fit: its value is of
/// another shape, or something shares a line with it.
pub(super) fn beside_settings(page: &StepAdvice<'_>, key: &Text, value: &Parameter) -> Option<Fix> {
    let Parameter::Value(value) = value else { return None };
    let text = value.value.as_deref()?;
    let fits = match key.value.as_str() {
        "environment" | "when" => is_map(page, value),
        "volumes" => text.starts_with("[{\"name\":"),
        "pull" => PULLS.contains(&text),
        _ => false,
    };
    if !fits {
        return None;
    }
    let file = page.file;
    let lines = whole_lines(file, key.span, key.span.to(value.span))?;
    let column = (key.span.start - file.line_at(key.span.start).start) as usize;
    let (line, indent) = image_line(page)?;
    let moved = shallower(file.slice(lines).trim_end(), column.checked_sub(indent)?)?;
    let edits = vec![
        Edit { span: lines, text: String::new() },
        Edit { span: Span { start: line.end, end: line.end }, text: format!("\n{moved}") },
    ];
    Some(Fix { message: format!("move `{}` beside `settings`", key.value), edits, safe: false })
}

/// The line of the image, and the column of its key.
fn image_line(page: &StepAdvice<'_>) -> Option<(Span, usize)> {
    let image = page.step.image.as_ref()?.span;
    let line = page.file.line_at(image.start);
    let before = page.file.slice(Span { start: line.start, end: image.start });
    let key = before.trim_start_matches([' ', '-']);
    (key.starts_with("image:") && image.end <= line.end).then(|| (line, before.len() - key.len()))
}

/// Lines with fewer spaces before them. `None` when one has not so many.
fn shallower(lines: &str, by: usize) -> Option<String> {
    let mut out = String::with_capacity(lines.len());
    for line in lines.split_inclusive('\n') {
        let rest = if line.trim().is_empty() { line } else { line.strip_prefix(&" ".repeat(by))? };
        out.push_str(rest);
    }
    Some(out)
}
