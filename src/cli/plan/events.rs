//! The truth table → text: pipelines and steps down, events across, with the reasons of what is skipped below.

use std::collections::HashSet;
use std::fmt::Write;

use crate::cli::plan::text::{one_line, place};
use crate::engine::plan::{Build, Decision, Plan, Row, StepResult, Table};
use crate::engine::source::SourceFile;

/// Names longer than this are cut.
const MOST: usize = 28;

/// The table, and why cells say skip.
pub(super) fn table(table: &Table, source: &SourceFile) -> String {
    let mut text = format!("{}: which events run what\n\n", source.name());
    if table.rows.is_empty() {
        return text + "The file holds no pipeline, so no build starts.\n";
    }
    let labels: Vec<String> = table.rows.iter().map(label).collect();
    let width = labels.iter().map(|it| it.chars().count()).max().unwrap_or(0);
    // `fails` is a letter longer than the shortest head.
    let least = if table.plans.iter().any(|it| it.pipelines.iter().any(|it| it.fails)) { 5 } else { 4 };
    let heads: Vec<String> = table.builds.iter().map(|it| format!("{:least$}", it.event.word())).collect();
    let _ = writeln!(text, "{:width$}  {}", "", heads.join("  ").trim_end());
    let red: Vec<_> = table.plans.iter().map(red).collect();
    for (row, label) in table.rows.iter().zip(&labels) {
        let name = (row.pipeline.as_str(), row.step.as_deref());
        let cells = row.cells.iter().zip(&red).zip(&heads).map(|((cell, red), head)| {
            let word = if cell.runs() && red.contains(&name) { "fails" } else { word(cell) };
            format!("{word:<0$}", head.len())
        });
        let line = format!("{label:width$}  {}", cells.collect::<Vec<_>>().join("  "));
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text += &reasons(table, source);
    text += "\nnext: see one event with its reasons: ciworkshop plan --event NAME\n";
    text
}

/// The pipelines and steps that end red, with the faults that were asked for.
fn red(plan: &Plan) -> HashSet<(&str, Option<&str>)> {
    let failing = plan.pipelines.iter().filter(|it| it.fails);
    let names = failing.flat_map(|pipeline| {
        let steps = pipeline.steps.iter().filter(|it| it.result == StepResult::Fails);
        let steps = steps.map(|it| Some(it.name.as_str()));
        std::iter::once(None).chain(steps).map(|it| (pipeline.name.as_str(), it))
    });
    names.collect()
}

fn word(cell: &Decision) -> &'static str {
    if cell.runs() { "runs" } else { "skip" }
}

/// Steps stand under their pipeline.
fn label(row: &Row) -> String {
    let (indent, name) = match &row.step {
        None => ("", format!("pipeline {}", one_line(&row.pipeline))),
        Some(step) => ("  ", one_line(if step.is_empty() { "(no name)" } else { step })),
    };
    let cut: String = name.chars().take(MOST).collect();
    format!("{indent}{cut}{}", if cut.len() < name.len() { "…" } else { "" })
}

/// One line for each place that says no, with the events it keeps out.
fn reasons(table: &Table, source: &SourceFile) -> String {
    let mut text = String::new();
    for row in &table.rows {
        let mut places: Vec<(String, Vec<&str>)> = Vec::new();
        for (cell, build) in row.cells.iter().zip(&table.builds) {
            let Decision::Skipped(reason) = cell else { continue };
            let Some(span) = reason.span else { continue };
            add(&mut places, place(span, source), build);
        }
        for (place, events) in places {
            let _ = writeln!(
                text,
                "  {} skips {} because of {place}",
                label(row).trim_start(),
                events.join(", ")
            );
        }
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

fn add<'a>(places: &mut Vec<(String, Vec<&'a str>)>, place: String, build: &'a Build) {
    let event = build.event.word();
    match places.iter_mut().find(|(known, _)| *known == place) {
        Some((_, events)) => events.push(event),
        None => places.push((place, vec![event])),
    }
}
