//! Parameters of a plugin beside `image` → one problem for the step, and the edit that moves them under `settings`.

use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::lint::Written;
use crate::lint::edit::whole_lines;
use crate::lint::rules::unknown_key::CODE;
use crate::lint::rules::unknown_key::place::Place;
use crate::pipeline::Step;
use crate::source::Span;

pub(super) fn problem(places: &[Place<'_>]) -> Diagnostic {
    let (first, more) = (&places[0], &places[1..]);
    let message = match more {
        [] => format!("a step has no key {}", first.shown()),
        [second] => format!("a step has no keys {} and {}", first.shown(), second.shown()),
        _ => format!("a step has no key {}, nor these {} others", first.shown(), more.len()),
    };
    let it = if more.is_empty() { "it" } else { "them" };
    let mut problem = Diagnostic::warning(CODE, first.key, message)
        .label("a setting of the plugin?")
        .why("a plugin gets what stands under `settings`, and Drone ignores keys that it does not know")
        .help(format!("write {it} under `settings:`, indented"));
    for place in more {
        problem = problem.also(place.key, "");
    }
    match first.step.and_then(|step| edits(first.file, step, places)) {
        Some(edits) => {
            let message = format!("move {it} under `settings`");
            problem.fix(Fix { message, edits, safe: false })
        }
        None => problem,
    }
}

/// The lines of the keys go, and come again under `settings`. `None` unless all is written in block style.
fn edits(file: &Written<'_>, step: &Step, places: &[Place<'_>]) -> Option<Vec<Edit>> {
    let lines: Vec<Span> =
        places.iter().map(|it| whole_lines(file, it.key, it.key.to(it.value))).collect::<Option<_>>()?;
    let column = column(file, places[0].key);
    let below = step.settings.first().map(|it| it.0.span);
    if below.is_none() && has_settings_key(file, step) {
        return None; // `settings:` is there, and empty
    }
    let deeper = match below {
        Some(setting) => {
            let before = file.slice(Span { start: file.line_at(setting.start).start, end: setting.start });
            before.trim().is_empty().then_some(before.len()).filter(|it| *it > column)?
        }
        None => column + 2,
    };
    let mut moved = String::new();
    for span in &lines {
        moved.push_str(&indented(file.slice(*span), deeper - column));
    }
    if !moved.ends_with('\n') {
        moved.push('\n');
    }
    let mut edits: Vec<Edit> = lines.iter().map(|it| Edit { span: *it, text: String::new() }).collect();
    match below {
        Some(setting) => {
            let start = file.line_at(setting.start).start;
            edits.push(Edit { span: Span { start, end: start }, text: moved });
        }
        None => edits[0].text = format!("{}settings:\n{moved}", " ".repeat(column)),
    }
    Some(edits)
}

fn column(file: &Written<'_>, key: Span) -> usize {
    (key.start - file.line_at(key.start).start) as usize
}

fn has_settings_key(file: &Written<'_>, step: &Step) -> bool {
    file.slice(step.span).lines().any(|it| it.trim_start().starts_with("settings:"))
}

fn indented(lines: &str, by: usize) -> String {
    let deeper = |line: &str| {
        if line.trim().is_empty() { line.to_owned() } else { format!("{}{line}", " ".repeat(by)) }
    };
    lines.split_inclusive('\n').map(deeper).collect()
}
