//! Pipelines or steps with what they wait for → a drawing in plain characters, a wave a line.
//!
//! A chain is drawn as a chain. Anything wider is a list of waves in which each box names what it waits for: arrows
//! that cross in a terminal say less than names.

use std::fmt::Write;

use crate::cli::plan::text::one_line;
use crate::engine::plan::{PipelinePlan, Plan, Role, StepPlan};

/// Drawings do not get wider than this.
const WIDTH: usize = 100;

/// One box.
struct Node {
    label: String,
    wave: usize,
    /// Names of those it waits for, where they are not simply all of the wave before.
    after: Vec<String>,
}

/// The pipelines that start.
pub(super) fn pipelines(plan: &Plan) -> String {
    let node =
        |it: &PipelinePlan| Node { label: boxed(&it.name), wave: it.wave, after: it.waits_for.clone() };
    draw(plan.started().map(node).collect())
}

/// The steps that run.
pub(super) fn steps(pipeline: &PipelinePlan) -> String {
    let running = pipeline.steps.iter().filter(|it| it.decision.runs());
    let node =
        |it: &StepPlan| Node { label: step_box(it), wave: it.wave, after: running_parents(it, pipeline) };
    draw(running.map(node).collect())
}

fn boxed(name: &str) -> String {
    format!("[{}]", one_line(if name.is_empty() { "(no name)" } else { name }))
}

/// Services and detached steps stand in round brackets: they run beside the others.
fn step_box(step: &StepPlan) -> String {
    let name = one_line(&step.name);
    if step.role == Role::Service || step.detached { format!("({name})") } else { boxed(&step.name) }
}

/// Names of the running steps that it waits for. Skipped ones are looked through.
fn running_parents(step: &StepPlan, pipeline: &PipelinePlan) -> Vec<String> {
    let mut names = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut open: Vec<usize> = step.after.iter().rev().copied().collect();
    while let Some(next) = open.pop() {
        let parent = &pipeline.steps[next];
        if !seen.insert(next) {
            continue;
        }
        if parent.decision.runs() {
            names.push(parent.name.clone());
        } else {
            open.extend(parent.after.iter().rev());
        }
    }
    names
}

fn draw(nodes: Vec<Node>) -> String {
    let mut waves: Vec<Vec<Node>> = Vec::new();
    for node in nodes {
        while waves.len() <= node.wave {
            waves.push(Vec::new());
        }
        let wave = node.wave;
        waves[wave].push(node);
    }
    waves.retain(|it| !it.is_empty());
    if waves.iter().all(|it| it.len() == 1) { chain(&waves) } else { rows(&waves) }
}

/// One box in each wave.
fn chain(waves: &[Vec<Node>]) -> String {
    let mut text = String::new();
    let mut column = 0;
    for label in waves.iter().flatten().map(|it| &it.label) {
        let width = label.chars().count() + 5;
        if column == 0 {
            text += "  ";
        } else if column + width > WIDTH {
            text += "\n    --> ";
            column = 4;
        } else {
            text += " --> ";
        }
        text += label;
        column += width;
    }
    text.push('\n');
    text
}

/// Several boxes in a wave: each names what it waits for.
fn rows(waves: &[Vec<Node>]) -> String {
    let label = |node: &Node| node.label.chars().count();
    let width = waves.iter().flatten().map(label).filter(|it| *it <= 32).max().unwrap_or(0);
    let mut text = String::new();
    for (number, wave) in waves.iter().enumerate() {
        if number > 0 {
            text += "     |\n";
        }
        for (place, node) in wave.iter().enumerate() {
            let number = if place == 0 { (number + 1).to_string() } else { String::new() };
            let after =
                if node.after.is_empty() { String::new() } else { format!("  after {}", after(&node.after)) };
            let line = format!(
                "{number:>4} {}{:<width$}{after}",
                if place == 0 { " " } else { "| " }.trim_end_matches(' '),
                node.label
            );
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }
    text
}

/// Names, as many as fit a line.
fn after(names: &[String]) -> String {
    const MOST: usize = 6;
    let shown: Vec<String> = names.iter().take(MOST).map(|it| one_line(it)).collect();
    match names.len().checked_sub(MOST) {
        None | Some(0) => shown.join(", "),
        Some(more) => format!("{} and {more} more", shown.join(", ")),
    }
}
