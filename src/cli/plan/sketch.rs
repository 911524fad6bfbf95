//! Pipelines or steps with what they wait for → a drawing in plain characters, or a list where a drawing is too wide.

use std::collections::HashSet;
use std::fmt::Write;

use crate::cli::plan::layers::{self, Node};
use crate::cli::plan::text::one_line;
use crate::engine::plan::{PipelinePlan, Plan, Role, StepPlan};

/// Drawings do not get wider than this.
const WIDTH: usize = 100;

/// The pipelines that start.
pub(super) fn pipelines(plan: &Plan) -> String {
    let nodes = numbered(plan.pipelines.iter().map(|it| it.decision.runs()));
    // One that was skipped on the way is not drawn: it let those behind it start.
    let node = |PipelinePlan { name, wave, after, .. }: &PipelinePlan| Node {
        label: boxed(name),
        wave: *wave,
        after: after.iter().filter_map(|it| nodes[*it]).collect(),
    };
    draw(&plan.started().map(node).collect::<Vec<_>>())
}

/// The steps that run.
pub(super) fn steps(pipeline: &PipelinePlan) -> String {
    let nodes = numbered(pipeline.steps.iter().map(|it| it.decision.runs()));
    let node = |step: &StepPlan| Node {
        label: step_box(step),
        wave: step.wave,
        after: running_parents(step, pipeline).into_iter().filter_map(|it| nodes[it]).collect(),
    };
    let running = pipeline.steps.iter().filter(|it| it.decision.runs());
    draw(&running.map(node).collect::<Vec<_>>())
}

/// The number of each among those that run.
fn numbered(runs: impl Iterator<Item = bool>) -> Vec<Option<usize>> {
    let up = |next: &mut usize, runs: bool| {
        *next += usize::from(runs);
        Some(runs.then(|| *next - 1))
    };
    runs.scan(0, up).collect()
}

fn boxed(name: &str) -> String {
    format!("[{}]", one_line(if name.is_empty() { "(no name)" } else { name }))
}

/// Services and detached steps stand in round brackets: they run beside the others.
fn step_box(step: &StepPlan) -> String {
    let beside = step.role == Role::Service || step.detached;
    if beside && !step.name.is_empty() { format!("({})", one_line(&step.name)) } else { boxed(&step.name) }
}

/// Places of the steps that it waits for. What takes no time (skipped or not waited for) is looked through.
fn running_parents(step: &StepPlan, pipeline: &PipelinePlan) -> Vec<usize> {
    let mut parents = Vec::new();
    let mut seen = HashSet::new();
    let mut open: Vec<usize> = step.after.iter().rev().copied().collect();
    while let Some(next) = open.pop() {
        if !seen.insert(next) {
            continue;
        }
        let parent = &pipeline.steps[next];
        if parent.decision.runs() && !parent.detached {
            parents.push(next);
        } else {
            open.extend(parent.after.iter().rev());
        }
    }
    parents
}

fn draw(nodes: &[Node]) -> String {
    let waves: HashSet<usize> = nodes.iter().map(|it| it.wave).collect();
    if waves.len() == nodes.len() && nodes.iter().all(|it| it.after.len() <= 1) {
        return chain(nodes);
    }
    layers::draw(nodes, WIDTH).unwrap_or_else(|| list(nodes))
}

/// One box after the other.
fn chain(nodes: &[Node]) -> String {
    let mut text = String::new();
    let mut column = 0;
    for label in nodes.iter().map(|it| &it.label) {
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

/// A wave after the other; each box names what it waits for.
fn list(nodes: &[Node]) -> String {
    let mut order: Vec<&Node> = nodes.iter().collect();
    order.sort_by_key(|it| it.wave);
    let width = nodes.iter().map(|it| it.label.chars().count()).filter(|it| *it <= 32).max().unwrap_or(0);
    let mut text = String::new();
    let mut before = None;
    for Node { label, wave, after } in order {
        let number = if before == Some(wave) { String::new() } else { (wave + 1).to_string() };
        before = Some(wave);
        let after = if after.is_empty() { String::new() } else { format!("  after {}", names(after, nodes)) };
        let line = format!("{number:>4}  {label:<width$}{after}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// Labels without their brackets, as many as fit the rest of a line.
fn names(places: &[usize], nodes: &[Node]) -> String {
    const ROOM: usize = 50;
    let mut text = String::new();
    for (shown, place) in places.iter().enumerate() {
        let name = nodes[*place].label.trim_matches(['[', ']', '(', ')']);
        if shown > 0 && text.len() + name.len() > ROOM {
            let _ = write!(text, " and {} more", places.len() - shown);
            break;
        }
        text += if shown == 0 { "" } else { ", " };
        text += name;
    }
    text
}
