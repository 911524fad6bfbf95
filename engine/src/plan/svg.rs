//! A plan → its picture as SVG. Pure text; nothing is decided here.
//!
//! The picture needs no style sheet: lines take the colour of the surrounding text, so it is right on light and
//! on dark paper, and every state is a word and a line style, never a colour alone. Time runs downwards.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::plan::outline::{depths, display_name, outline, state_word};
use crate::plan::{PipelinePlan, Plan, Role, StepPlan, StepResult};

/// The plan as a picture. `id` begins every id in it: give each picture of a page its own.
#[must_use]
pub fn svg(plan: &Plan, id: &str) -> String {
    let pairs = plan.pipelines.iter().zip(rows(&plan.pipelines));
    let mut pipelines: Vec<Node> = pairs.map(|(it, depth)| pipeline_node(it, depth)).collect();
    let (width, height) = arrange(&mut pipelines, PIPELINE_GAP);
    let title = format!("What a build for {} does", plan.build.event.word());
    let mut svg = format!(
        "<svg class=\"plan-graph\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" \
         width=\"{w}\" height=\"{h}\" aria-labelledby=\"{id}-title {id}-desc\"><title id=\"{id}-title\">{title}\
         </title><desc id=\"{id}-desc\">{desc}</desc>",
        w = width + 2,
        h = height + 2,
        id = escape(id),
        title = escape(&title),
        desc = escape(&description(plan)),
    );
    svg.push_str("<g transform=\"translate(1 1)\">");
    draw(&pipelines, &mut svg);
    svg.push_str("</g></svg>");
    svg
}

fn description(plan: &Plan) -> String {
    let all = outline(plan).into_iter().flat_map(|it| std::iter::once(it.pipeline).chain(it.steps));
    // Quotes for code are for the eye; here they would be read out.
    all.collect::<Vec<_>>().join(" ").replace('`', "")
}

// ---------------------------------------------------------------------------------------------- the layout

const STEP_GAP: u32 = 26;
const PIPELINE_GAP: u32 = 34;
const PADDING: u32 = 14;
const LINE: u32 = 18;
/// Width of a monospaced character of a box's first line, a little on the safe side.
const BIG: u32 = 9;
/// The same for all but the first line of a box.
const SMALL: u32 = 8;

/// A box with text: a step, or a pipeline around its steps.
struct Node<'a> {
    /// Its row.
    depth: usize,
    /// Places of those it waits for, in the list that it is in itself.
    after: &'a [usize],
    lines: Vec<String>,
    look: Look,
    inside: Vec<Node<'a>>,
    place: Place,
}

/// Left, top, width and height, relative to the box around it.
#[derive(Clone, Copy, Default)]
struct Place {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
}

/// How a box is drawn; a word says the same.
#[derive(Clone, Copy)]
enum Look {
    Frame,
    Plain,
    Skipped,
    Failing,
}

/// The row of each pipeline. What does not start has no place in time, and stands below all that does.
fn rows(pipelines: &[PipelinePlan]) -> Vec<usize> {
    let mut rows = depths(pipelines.iter().map(|it| it.after.as_slice()));
    let starts = |at: &usize| pipelines[*at].decision.runs();
    let last = (0..rows.len()).filter(starts).map(|at| rows[at] + 1).max().unwrap_or(0);
    for at in (0..rows.len()).filter(|at| !starts(at)) {
        rows[at] = last;
    }
    rows
}

fn pipeline_node(pipeline: &PipelinePlan, depth: usize) -> Node<'_> {
    let depths = depths(pipeline.steps.iter().map(|it| it.after.as_slice()));
    let mut inside: Vec<Node> =
        pipeline.steps.iter().zip(depths).map(|(it, depth)| step_node(it, depth)).collect();
    let (width, height) = arrange(&mut inside, STEP_GAP);
    let mut lines = vec![format!("pipeline {}", pipeline.name)];
    if !pipeline.decision.runs() {
        lines.push("does not start".to_owned());
    }
    let heading = text_height(&lines) + PADDING;
    for node in &mut inside {
        node.place.x += PADDING;
        node.place.y += heading + PADDING;
    }
    let text = text_width(&lines);
    let extra = text.saturating_sub(width) / 2;
    for node in &mut inside {
        node.place.x += extra;
    }
    let size = (width.max(text) + 2 * PADDING, heading + height + 2 * PADDING);
    Node {
        depth,
        after: &pipeline.after,
        lines,
        look: Look::Frame,
        inside,
        place: Place { width: size.0, height: size.1, ..Place::default() },
    }
}

fn step_node(step: &StepPlan, depth: usize) -> Node<'_> {
    let mut lines = vec![shorten(display_name(step))];
    if !step.image.is_empty() && step.role != Role::Clone {
        lines.push(shorten(&step.image));
    }
    if step.role == Role::Service {
        lines.push("service".to_owned());
    }
    if !state_word(step).is_empty() {
        lines.push(state_word(step).to_owned());
    }
    let look = match step.result {
        StepResult::Skipped => Look::Skipped,
        StepResult::Fails | StepResult::FailsIgnored | StepResult::Killed => Look::Failing,
        StepResult::Succeeds | StepResult::StopsEarly => Look::Plain,
    };
    let place = Place {
        width: text_width(&lines) + 2 * PADDING,
        height: text_height(&lines) + PADDING,
        ..Place::default()
    };
    Node { depth, after: &step.after, lines, look, inside: Vec::new(), place }
}

/// Long names would make the picture wider than a phone.
fn shorten(text: &str) -> String {
    const MOST: usize = 34;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST - 1).chain(['…']).collect()
}

fn text_width(lines: &[String]) -> u32 {
    let characters = |it: &String| u32::try_from(it.chars().count()).unwrap_or(u32::MAX / 32);
    let size = |at: usize| if at == 0 { BIG } else { SMALL };
    let widest = lines.iter().enumerate().map(|(at, it)| characters(it) * size(at)).max().unwrap_or(0);
    // An even width has a middle, and the arrows between the middles are straight.
    widest.next_multiple_of(2)
}

fn text_height(lines: &[String]) -> u32 {
    u32::try_from(lines.len()).unwrap_or(1) * LINE
}

/// Puts the nodes in rows, one a depth, each row centred. Answers the size of the whole.
fn arrange(nodes: &mut [Node], gap: u32) -> (u32, u32) {
    let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, node) in nodes.iter().enumerate() {
        rows.entry(node.depth).or_default().push(at);
    }
    let row_width = |nodes: &[Node], row: &[usize]| {
        row.iter().map(|at| nodes[*at].place.width + gap).sum::<u32>().saturating_sub(gap)
    };
    let width = rows.values().map(|row| row_width(nodes, row)).max().unwrap_or(0);
    let mut y = 0;
    for row in rows.values() {
        let mut x = (width - row_width(nodes, row)) / 2;
        let height = row.iter().map(|at| nodes[*at].place.height).max().unwrap_or(0);
        for at in row {
            let place = &mut nodes[*at].place;
            (place.x, place.y) = (x, y);
            x += place.width + gap;
        }
        y += height + gap;
    }
    (width, y.saturating_sub(gap))
}

// --------------------------------------------------------------------------------------------- the drawing

/// Arrows first: boxes are opaque and hide what passes behind them.
fn draw(nodes: &[Node], svg: &mut String) {
    let mut ends: BTreeMap<usize, u32> = BTreeMap::new();
    for node in nodes {
        let end = ends.entry(node.depth).or_default();
        *end = (*end).max(node.place.y + node.place.height);
    }
    for node in nodes {
        for parent in node.after.iter().filter_map(|it| nodes.get(*it)) {
            draw_arrow(parent.place, ends[&parent.depth], node.place, svg);
        }
    }
    for node in nodes {
        draw_box(node, svg);
    }
}

/// Straight down to the end of its row, so that it passes no taller neighbour, and then over to the box that waits.
fn draw_arrow(from: Place, row_end: u32, to: Place, svg: &mut String) {
    let (x1, y1) = (from.x + from.width / 2, from.y + from.height);
    let (x2, y2) = (to.x + to.width / 2, to.y);
    let tip = y2.saturating_sub(7);
    let middle = u32::midpoint(row_end, tip);
    let _ = write!(
        svg,
        "<path d=\"M{x1} {y1}V{row_end}C{x1} {middle} {x2} {middle} {x2} {tip}\" fill=\"none\" stroke=\"currentColor\" \
         stroke-width=\"1.5\"/><path d=\"M{} {tip}h10l-5 7z\" fill=\"currentColor\"/>",
        x2.saturating_sub(5),
    );
}

fn draw_box(node: &Node, svg: &mut String) {
    let Place { x, y, width, height } = node.place;
    let (class, style) = match node.look {
        Look::Frame => ("frame", "stroke-width=\"1\" stroke-opacity=\"0.5\""),
        Look::Plain => ("step", "stroke-width=\"1.5\""),
        Look::Skipped => ("step skipped", "stroke-width=\"1.5\" stroke-dasharray=\"3 5\""),
        Look::Failing => ("step failing", "stroke-width=\"4\""),
    };
    let _ = write!(
        svg,
        "<g class=\"{class}\" transform=\"translate({x} {y})\"><rect width=\"{width}\" height=\"{height}\" rx=\"6\" \
         fill=\"Canvas\" stroke=\"currentColor\" {style}/>",
    );
    draw_text(node, svg);
    draw(&node.inside, svg);
    svg.push_str("</g>");
}

fn draw_text(node: &Node, svg: &mut String) {
    for (at, line) in node.lines.iter().enumerate() {
        let (size, weight) = if at == 0 { (14, 600) } else { (12, 400) };
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" font-family=\"ui-monospace, monospace\" \
             font-size=\"{size}\" font-weight=\"{weight}\" fill=\"currentColor\">{}</text>",
            node.place.width / 2,
            PADDING / 2 + LINE * u32::try_from(at).unwrap_or(0) + 14,
            escape(line),
        );
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::{ConditionKey, Pipeline};
    use crate::plan::testing::{conditions, manifest, pipeline, step, texts};
    use crate::plan::{Build, Event, Fault, Faults, plan_manifest};

    fn plan_of(steps: &[(&str, &[&str])], failing: &[&str]) -> Plan {
        let steps = steps.iter().map(|(name, after)| step(name, after)).collect();
        let faults = Faults { steps: failing.iter().map(|it| ((*it).to_owned(), Fault::Fails)).collect() };
        plan_manifest(&manifest(vec![pipeline("a<b", steps)]), &Build::new(Event::Push), &faults)
    }

    const ARROW: &str = "h10l-5 7z";

    #[test]
    fn the_picture_has_a_name_a_description_and_no_markup_from_the_file() {
        let svg = svg(&plan_of(&[("install", &[]), ("test", &[]), ("publish", &[])], &["test"]), "one");
        assert!(svg.contains("<title id=\"one-title\">What a build for push does</title>"), "{svg}");
        assert!(svg.contains("<desc id=\"one-desc\">Pipeline a&lt;b starts at once. clone runs first."));
        assert!(!svg.contains("a<b"), "{svg}");
        assert!(svg.contains(">is skipped</text>") && svg.contains(">fails</text>"), "{svg}");
    }

    #[test]
    fn one_arrow_is_drawn_for_each_wait() {
        let arrows = |steps: &[(&str, &[&str])]| svg(&plan_of(steps, &[]), "x").matches(ARROW).count();
        assert_eq!(arrows(&[("a", &[]), ("b", &[])]), 2, "clone, a, b in a row");
        assert_eq!(
            arrows(&[("a", &[]), ("b", &[]), ("c", &["a", "b"])]),
            4,
            "a and b after clone, c after both"
        );
    }

    #[test]
    fn boxes_do_not_overlap() {
        let plan = plan_of(&[("a", &[]), ("b", &[]), ("c", &["a"]), ("d", &["a", "b"])], &["a"]);
        let inside = pipeline_node(&plan.pipelines[0], 0).inside;
        for (at, one) in inside.iter().enumerate() {
            for other in &inside[at + 1..] {
                let beside = one.place.x + one.place.width <= other.place.x
                    || other.place.x + other.place.width <= one.place.x;
                let below = one.place.y + one.place.height <= other.place.y
                    || other.place.y + other.place.height <= one.place.y;
                assert!(beside || below, "{:?} and {:?}", one.lines, other.lines);
            }
        }
    }

    #[test]
    fn an_arrow_goes_down_to_the_end_of_its_row_before_it_turns() {
        let plan = plan_of(&[("a", &["clone"]), ("b", &["clone"]), ("c", &["a", "b"])], &["b"]);
        let inside = pipeline_node(&plan.pipelines[0], 0).inside;
        let (short, tall) = (inside[1].place, inside[2].place);
        assert!(short.height < tall.height && short.y == tall.y, "`b fails` has one line more");
        let mut svg = String::new();
        draw(&inside, &mut svg);
        let straight =
            format!("M{} {}V{}C", short.x + short.width / 2, short.y + short.height, tall.y + tall.height);
        assert!(svg.contains(&straight), "{straight} is not in {svg}");
    }

    #[test]
    fn what_does_not_start_stands_below_what_does() {
        let tagged = |name: &str, after: &[&str]| Pipeline {
            depends_on: texts(after),
            trigger: conditions(&[(ConditionKey::Event, &["tag"], &[])]),
            ..pipeline(name, vec![step("s", &[])])
        };
        let waiting = Pipeline { depends_on: texts(&["test"]), ..pipeline("nightly", vec![step("s", &[])]) };
        let all = vec![pipeline("test", vec![step("s", &[])]), tagged("release", &["test"]), waiting];
        let plan = plan_manifest(&manifest(all), &Build::new(Event::Push), &Faults::default());
        assert_eq!(rows(&plan.pipelines), [0, 2, 1]);
        assert_eq!(rows(&plan.pipelines[1..2]), [0], "nothing starts at all");
    }

    #[test]
    fn a_chain_of_ten_thousand_steps_is_drawn_at_once() {
        let names: Vec<String> = (0..10_000).map(|at| format!("s{at}")).collect();
        let steps: Vec<(&str, &[&str])> = names.iter().map(|it| (it.as_str(), &[][..])).collect();
        assert_eq!(svg(&plan_of(&steps, &[]), "x").matches(ARROW).count(), 10_000);
    }
}
