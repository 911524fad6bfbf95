//! A plan → its picture as SVG, and the same in sentences. Pure text; nothing is decided here.
//!
//! The picture needs no style sheet: lines take the colour of the surrounding text, so it is right on light and
//! on dark paper, and every state is a word and a line style, never a colour alone. Time runs downwards.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use crate::plan::{PipelinePlan, Plan, Role, StepPlan, StepResult};

/// What a plan says, in sentences: one entry a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// The pipeline, and whether it starts.
    pub pipeline: String,
    /// Its steps in the order in which they may begin.
    pub steps: Vec<String>,
}

/// The plan in sentences, for readers who don't see the picture.
#[must_use]
pub fn outline(plan: &Plan) -> Vec<Outline> {
    let sentences = |it: &PipelinePlan| in_time(&it.steps).into_iter().map(step_sentence).collect();
    plan.pipelines
        .iter()
        .map(|it| Outline { pipeline: pipeline_sentence(it), steps: sentences(it) })
        .collect()
}

/// The plan as a picture. `id` begins every id in it: give each picture of a page its own.
#[must_use]
pub fn svg(plan: &Plan, id: &str) -> String {
    let mut pipelines: Vec<Node> = plan.pipelines.iter().map(pipeline_node).collect();
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
    all.collect::<Vec<_>>().join(" ")
}

fn pipeline_sentence(pipeline: &PipelinePlan) -> String {
    let name = &pipeline.name;
    if !pipeline.decision.runs() {
        return sentence(&format!("Pipeline {name} does not start: {}", pipeline.decision.reason().text));
    }
    match pipeline.waits_for.as_slice() {
        [] => format!("Pipeline {name} starts at once."),
        names => format!("Pipeline {name} starts after {}.", list(names)),
    }
}

fn step_sentence(step: &StepPlan) -> String {
    let name = display_name(step);
    let service = if step.role == Role::Service { " (service)" } else { "" };
    if step.result == StepResult::Skipped {
        return sentence(&format!("{name}{service} is skipped: {}", step.decision.reason().text));
    }
    let when = match step.waits_for.as_slice() {
        [] => "runs first".to_owned(),
        names => format!("runs after {}", list(names)),
    };
    let end = match state_word(step) {
        "" => String::new(),
        word => format!(" and {word}"),
    };
    format!("{name}{service} {when}{end}.")
}

/// With exactly one final stop, whoever wrote the text.
fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

fn display_name(step: &StepPlan) -> &str {
    if step.name.is_empty() { "a service without a name" } else { &step.name }
}

/// What the picture adds to a step that does not simply succeed.
fn state_word(step: &StepPlan) -> &'static str {
    match step.result {
        StepResult::Skipped => "is skipped",
        StepResult::Succeeds if step.detached => "keeps running beside the others",
        StepResult::Succeeds => "",
        StepResult::Fails => "fails",
        StepResult::FailsIgnored => "fails, which is forgiven",
        StepResult::StopsEarly => "ends the pipeline early",
        StepResult::Killed => "is stopped while it runs",
    }
}

/// The steps by the time at which they may begin; those of one wave in the order of the file.
fn in_time(steps: &[StepPlan]) -> Vec<&StepPlan> {
    let mut sorted: Vec<&StepPlan> = steps.iter().collect();
    sorted.sort_by_key(|it| it.wave);
    sorted
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
    name: &'a str,
    wave: usize,
    waits_for: &'a [String],
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

fn pipeline_node(pipeline: &PipelinePlan) -> Node<'_> {
    let mut inside: Vec<Node> = pipeline.steps.iter().map(step_node).collect();
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
        name: &pipeline.name,
        wave: pipeline.wave,
        waits_for: &pipeline.waits_for,
        lines,
        look: Look::Frame,
        inside,
        place: Place { width: size.0, height: size.1, ..Place::default() },
    }
}

fn step_node(step: &StepPlan) -> Node<'_> {
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
    Node {
        name: &step.name,
        wave: step.wave,
        waits_for: &step.waits_for,
        lines,
        look,
        inside: Vec::new(),
        place,
    }
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
    lines.iter().enumerate().map(|(at, it)| characters(it) * size(at)).max().unwrap_or(0)
}

fn text_height(lines: &[String]) -> u32 {
    u32::try_from(lines.len()).unwrap_or(1) * LINE
}

/// Puts the nodes in rows, one a wave, each row centred. Answers the size of the whole.
fn arrange(nodes: &mut [Node], gap: u32) -> (u32, u32) {
    let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, node) in nodes.iter().enumerate() {
        rows.entry(node.wave).or_default().push(at);
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
    let places: HashMap<&str, Place> = nodes.iter().map(|it| (it.name, it.place)).collect();
    for node in nodes {
        for parent in node.waits_for.iter().filter_map(|it| places.get(it.as_str())) {
            draw_arrow(*parent, node.place, svg);
        }
    }
    for node in nodes {
        draw_box(node, svg);
    }
}

fn draw_arrow(from: Place, to: Place, svg: &mut String) {
    let (x1, y1) = (from.x + from.width / 2, from.y + from.height);
    let (x2, y2) = (to.x + to.width / 2, to.y);
    let tip = y2.saturating_sub(7);
    let middle = u32::midpoint(y1, tip);
    let _ = write!(
        svg,
        "<path d=\"M{x1} {y1}C{x1} {middle} {x2} {middle} {x2} {tip}\" fill=\"none\" stroke=\"currentColor\" \
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
    use crate::plan::{Build, Cause, Decision, Event, Order, Reason};
    use crate::source::Span;

    fn reason(text: &str) -> Reason {
        Reason { cause: Cause::Unconditional, text: text.to_owned(), span: None }
    }

    fn step(name: &str, waits_for: &[&str], wave: usize, result: StepResult) -> StepPlan {
        let decision = match result {
            StepResult::Skipped => Decision::Skipped(reason("an earlier step fails.")),
            _ => Decision::Runs(reason("nothing restricts it")),
        };
        StepPlan {
            name: name.to_owned(),
            role: Role::Step,
            index: 0,
            span: Span::default(),
            image: "python:3.12".to_owned(),
            detached: false,
            decision,
            waits_for: waits_for.iter().map(|it| (*it).to_owned()).collect(),
            wave,
            result,
            environment: Vec::new(),
            secrets: Vec::new(),
        }
    }

    fn plan(steps: Vec<StepPlan>) -> Plan {
        let pipeline = PipelinePlan {
            document: 0,
            name: "a<b".to_owned(),
            span: Span::default(),
            decision: Decision::Runs(reason("nothing restricts it")),
            waits_for: Vec::new(),
            wave: 0,
            order: Order::Serial,
            steps,
            fails: false,
        };
        let build = Build::new(Event::Push);
        Plan { build, skipped_by_message: None, pipelines: vec![pipeline], problems: Vec::new() }
    }

    fn three_steps() -> Plan {
        plan(vec![
            step("install", &[], 0, StepResult::Succeeds),
            step("test", &["install"], 1, StepResult::Fails),
            step("publish", &["test"], 2, StepResult::Skipped),
        ])
    }

    #[test]
    fn the_outline_says_each_state_in_words() {
        let outline = outline(&three_steps());
        assert_eq!(outline[0].pipeline, "Pipeline a<b starts at once.");
        let expected = [
            "install runs first.",
            "test runs after install and fails.",
            "publish is skipped: an earlier step fails.",
        ];
        assert_eq!(outline[0].steps, expected);
    }

    #[test]
    fn the_picture_has_a_name_a_description_and_no_markup_from_the_file() {
        let svg = svg(&three_steps(), "one");
        assert!(svg.contains("<title id=\"one-title\">What a build for push does</title>"), "{svg}");
        assert!(svg.contains("<desc id=\"one-desc\">Pipeline a&lt;b starts at once. install runs first."));
        assert!(!svg.contains("a<b"), "{svg}");
        assert!(svg.contains(">is skipped</text>") && svg.contains(">fails</text>"), "{svg}");
    }

    #[test]
    fn one_arrow_is_drawn_for_each_wait() {
        let tips = |plan: &Plan| svg(plan, "x").matches("h10l-5 7z").count();
        assert_eq!(tips(&three_steps()), 2);
        let side_by_side = plan(vec![
            step("a", &[], 0, StepResult::Succeeds),
            step("b", &[], 0, StepResult::Succeeds),
            step("c", &["a", "b"], 1, StepResult::Succeeds),
        ]);
        assert_eq!(tips(&side_by_side), 2);
    }

    #[test]
    fn steps_of_one_wave_do_not_overlap() {
        let steps = ["a", "b", "c"].map(|it| step(it, &[], 0, StepResult::Succeeds));
        let mut nodes: Vec<Node> = steps.iter().map(step_node).collect();
        arrange(&mut nodes, STEP_GAP);
        for pair in nodes.windows(2) {
            assert!(pair[0].place.x + pair[0].place.width < pair[1].place.x);
            assert_eq!(pair[0].place.y, pair[1].place.y);
        }
    }

    #[test]
    fn a_chain_of_ten_thousand_steps_is_drawn_at_once() {
        let chain: Vec<StepPlan> = (0..10_000)
            .map(|at| {
                step(
                    &format!("s{at}"),
                    &[&format!("s{}", at - 1)],
                    usize::try_from(at).unwrap(),
                    StepResult::Succeeds,
                )
            })
            .collect();
        assert_eq!(svg(&plan(chain), "x").matches("h10l-5 7z").count(), 9_999);
    }
}
