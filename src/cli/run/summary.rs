//! The outcome of a build → the table at the end: what ran, what did not and why, and where to look first.

use std::fmt::Write;

use crate::cli::plan::text::{one_line, reason};
use crate::cli::run::text::{ended, seconds};
use crate::engine::plan::{Cause as Reason, Role, StepResult};
use crate::engine::source::SourceFile;
use crate::run::cause::{self, Cause, Page};
use crate::run::outcome::{Outcome, PipelineOutcome, PipelineState, StepOutcome};

/// How many lines of the first red step are shown again.
const LINES: usize = 8;

/// The whole table, and the last word.
pub(super) fn summary(outcome: &Outcome, source: &SourceFile) -> String {
    let mut text = String::from("\n");
    for pipeline in &outcome.pipelines {
        text += &pipeline_text(pipeline, source);
    }
    text += &slowest(outcome);
    text += &first_red(outcome);
    text + &verdict(outcome)
}

fn pipeline_text(pipeline: &PipelineOutcome, source: &SourceFile) -> String {
    let name = one_line(&pipeline.name);
    let word = match pipeline.state {
        PipelineState::Passed => format!("green after {}", seconds(pipeline.took)),
        PipelineState::Failed if pipeline.timed_out => {
            format!("red: its time was over after {}", seconds(pipeline.took))
        }
        PipelineState::Failed => format!("red after {}", seconds(pipeline.took)),
        PipelineState::Skipped => format!("skipped: {}", reason(pipeline.decision.reason(), source)),
        PipelineState::LeftOut => "not asked for".to_owned(),
    };
    let mut text = format!("pipeline {name}: {word}\n");
    let shown: Vec<&StepOutcome> = pipeline.steps.iter().collect();
    let width = shown.iter().map(|it| label(it).chars().count()).filter(|it| *it <= 32).max().unwrap_or(0);
    for step in shown {
        let (label, word) = (label(step), step_word(step, source));
        let took = if step.result == StepResult::Skipped { String::new() } else { seconds(step.took) };
        let _ = writeln!(text, "  {label:<width$}  {took:>10}  {word}");
    }
    if let Some(trouble) = &pipeline.trouble {
        let _ = writeln!(text, "  {}\n  help: {}", trouble.message, trouble.help);
    }
    text
}

fn step_word(step: &StepOutcome, source: &SourceFile) -> String {
    if !step.wanted {
        return "not asked for".to_owned();
    }
    if let Some(trouble) = &step.trouble {
        return format!("could not run: {}", trouble.message);
    }
    let because = reason(step.decision.reason(), source);
    match step.result {
        StepResult::Skipped if step.decision.runs() => "not started".to_owned(),
        StepResult::Skipped => format!("skipped: {because}"),
        result if step.detached => match step.code {
            Some(code) => format!("ended by itself, exit code {code}; nobody waits for it"),
            None => format!("{}; ended with the pipeline", ended(result, None)),
        },
        result => {
            let code = step.code.filter(|it| *it != 0);
            let note = match step.decision.reason().cause {
                Reason::Status | Reason::StoppedEarly => format!(" ({because})"),
                _ => String::new(),
            };
            ended(result, code) + &note
        }
    }
}

fn label(step: &StepOutcome) -> String {
    let name = if step.name.is_empty() { "(no name)" } else { &step.name };
    match (step.role, step.detached) {
        (Role::Service, _) => format!("{} (service)", one_line(name)),
        (Role::Step, true) => format!("{} (detached)", one_line(name)),
        _ => one_line(name),
    }
}

/// The steps that took most of the time, when it is worth a word.
fn slowest(outcome: &Outcome) -> String {
    let mut all: Vec<&StepOutcome> = outcome.pipelines.iter().flat_map(|it| &it.steps).collect();
    all.retain(|it| !it.detached && it.took.as_secs_f64() >= 1.0);
    all.sort_by_key(|it| std::cmp::Reverse(it.took));
    if all.is_empty() {
        return String::new();
    }
    let words: Vec<String> =
        all.iter().take(3).map(|it| format!("{} {}", one_line(&it.name), seconds(it.took))).collect();
    format!("\nslowest: {}\n", words.join(", "))
}

/// The step that made the build red.
pub(super) fn first_red_step(outcome: &Outcome) -> Option<(&PipelineOutcome, &StepOutcome)> {
    let steps = outcome.pipelines.iter().flat_map(|it| it.steps.iter().map(move |step| (it, step)));
    let mut red = steps.filter(|(_, it)| it.result == StepResult::Fails);
    red.next()
}

fn first_red(outcome: &Outcome) -> String {
    let Some((pipeline, step)) = first_red_step(outcome) else { return String::new() };
    let code = step.code.map(|it| format!(", exit code {it}")).unwrap_or_default();
    let mut text = format!("\nfirst red step: {}/{}{code}\n", one_line(&pipeline.name), one_line(&step.name));
    if let Some(trouble) = &step.trouble {
        let _ = writeln!(text, "  {}\n  help: {}", trouble.message, trouble.help);
    }
    let from = step.last_lines.len().saturating_sub(LINES);
    for line in &step.last_lines[from..] {
        let _ = writeln!(text, "  | {}", one_line(line));
    }
    if step.trouble.is_none() {
        text += &likely(cause::of(step.code, &step.last_lines));
    }
    text
}

/// What is likely behind it, and where that is explained.
fn likely(cause: Option<Cause>) -> String {
    let Some(cause) = cause else { return String::new() };
    let page = match cause.page {
        Page::Rule(code) => format!("ciworkshop explain {code}"),
        Page::Book(page) => format!("the page {page}.html of the book: ciworkshop start"),
    };
    format!("likely: {}\n  next: {}\n  more: {page}\n", cause.sentence, cause.next)
}

fn verdict(outcome: &Outcome) -> String {
    let took = seconds(outcome.took);
    if outcome.interrupted {
        return format!("\nstopped after {took}\n");
    }
    if outcome.green() {
        return format!("\ngreen after {took}\n");
    }
    if outcome.pipelines.iter().any(|it| it.state == PipelineState::Failed) {
        return format!("\nred after {took}\n");
    }
    "\nnothing ran: this build starts no pipeline, or none was asked for\n".to_owned()
}
