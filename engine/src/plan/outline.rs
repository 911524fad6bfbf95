//! A plan → the same in sentences, for readers who don't see the picture. Pure text; nothing is decided here.

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
    let sentences = |it: &PipelinePlan| {
        in_time(&it.steps).into_iter().map(|step| step_sentence(step, &it.steps)).collect()
    };
    plan.pipelines
        .iter()
        .map(|it| Outline { pipeline: pipeline_sentence(it), steps: sentences(it) })
        .collect()
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

fn step_sentence(step: &StepPlan, all: &[StepPlan]) -> String {
    let name = display_name(step);
    let service = if step.role == Role::Service { " (service)" } else { "" };
    if step.result == StepResult::Skipped {
        return sentence(&format!("{name}{service} is skipped: {}", step.decision.reason().text));
    }
    let end = match state_word(step) {
        "" => String::new(),
        word => format!(" and {word}"),
    };
    format!("{name}{service} {}{end}.", moment(step, all))
}

/// When a step runs. Nobody waits for the end of what is detached, only for its start (§5.3).
fn moment(step: &StepPlan, all: &[StepPlan]) -> String {
    let is_detached = |name: &String| all.iter().any(|it| it.detached && it.name == *name);
    let (begun, ended): (Vec<String>, Vec<String>) = step.waits_for.iter().cloned().partition(is_detached);
    let started = |names: &[String]| {
        format!("{} {} been started", list(names), if names.len() == 1 { "has" } else { "have" })
    };
    match (ended.as_slice(), begun.as_slice()) {
        ([], []) => "runs first".to_owned(),
        (names, []) => format!("runs after {}", list(names)),
        ([], names) => format!("runs when {}", started(names)),
        (names, more) => format!("runs after {}, when {}", list(names), started(more)),
    }
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

pub(super) fn display_name(step: &StepPlan) -> &str {
    if step.name.is_empty() { "a service without a name" } else { &step.name }
}

/// What the picture adds to a step that does not simply succeed.
pub(super) fn state_word(step: &StepPlan) -> &'static str {
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

/// The steps by the time at which they may begin; those of one time in the order of the file.
fn in_time(steps: &[StepPlan]) -> Vec<&StepPlan> {
    let depths = depths(steps.iter().map(|it| it.after.as_slice()));
    let mut sorted: Vec<(usize, &StepPlan)> = depths.into_iter().zip(steps).collect();
    sorted.sort_by_key(|(depth, _)| *depth);
    sorted.into_iter().map(|(_, step)| step).collect()
}

/// For each node of a graph, how many stand in front of it on the longest way to it. `after` holds the places of
/// those that a node waits for. Nodes that wait for each other stand at 0.
pub(super) fn depths<'a>(after: impl Iterator<Item = &'a [usize]>) -> Vec<usize> {
    let after: Vec<&[usize]> = after.collect();
    let mut open: Vec<usize> = after.iter().map(|it| it.len()).collect();
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); after.len()];
    for (node, parent) in after.iter().enumerate().flat_map(|(node, it)| it.iter().map(move |p| (node, *p))) {
        match followers.get_mut(parent) {
            Some(list) => list.push(node),
            None => open[node] -= 1,
        }
    }
    let mut depths = vec![0; after.len()];
    let mut ready: Vec<usize> = (0..after.len()).filter(|it| open[*it] == 0).collect();
    while let Some(node) = ready.pop() {
        for follower in std::mem::take(&mut followers[node]) {
            depths[follower] = depths[follower].max(depths[node] + 1);
            open[follower] -= 1;
            if open[follower] == 0 {
                ready.push(follower);
            }
        }
    }
    depths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::{Spanned, Step};
    use crate::plan::testing::{manifest, pipeline, step, with_event};
    use crate::plan::{Build, Event, Fault, Faults, plan_manifest};
    use crate::source::Span;

    fn sentences(steps: Vec<Step>, failing: &str) -> Outline {
        let faults = Faults { steps: vec![(failing.to_owned(), Fault::Fails)] };
        let plan = plan_manifest(&manifest(vec![pipeline("p", steps)]), &Build::new(Event::Push), &faults);
        outline(&plan).remove(0)
    }

    #[test]
    fn each_step_is_one_sentence_in_the_order_of_time() {
        let said = sentences(vec![step("late", &["early"]), step("early", &[])], "none");
        assert_eq!(said.pipeline, "Pipeline p starts at once.");
        assert_eq!(said.steps, ["clone runs first.", "early runs after clone.", "late runs after early."]);
    }

    #[test]
    fn a_failure_and_what_it_keeps_from_running_are_said() {
        let said = sentences(vec![step("test", &[]), step("publish", &[])], "test");
        assert_eq!(said.steps[1], "test runs after clone and fails.");
        assert!(
            said.steps[2].starts_with("publish is skipped: ") && said.steps[2].ends_with('.'),
            "{said:?}"
        );
    }

    #[test]
    fn of_what_is_detached_only_the_start_is_waited_for() {
        let running = |name| Step { detach: Some(Spanned::new(true, Span::default())), ..step(name, &[]) };
        let said = sentences(vec![running("db"), step("test", &[])], "none");
        assert_eq!(said.steps[2], "test runs when db has been started.");
        let all = vec![
            running("db"),
            running("web"),
            step("style", &[]),
            step("test", &["style", "db", "web"]),
            step("smoke", &["db", "web"]),
        ];
        let said = sentences(all, "none").steps;
        let ends = [
            "test runs after style, when db and web have been started.",
            "smoke runs when db and web have been started.",
        ];
        assert!(ends.iter().all(|end| said.iter().any(|it| it == end)), "{said:?}");
    }

    #[test]
    fn a_condition_that_does_not_match_is_given_as_the_reason() {
        let said = sentences(vec![with_event(step("publish", &[]), "tag")], "none");
        assert!(said.steps[1].starts_with("publish is skipped: "), "{said:?}");
        assert!(said.steps[1].contains("tag"), "{said:?}");
    }

    #[test]
    fn a_pipeline_without_a_name_is_called_default() {
        let plan = plan_manifest(
            &manifest(vec![pipeline("", vec![step("a", &[])])]),
            &Build::new(Event::Push),
            &Faults::default(),
        );
        assert_eq!(outline(&plan)[0].pipeline, "Pipeline default starts at once.");
    }

    #[test]
    fn depth_counts_the_longest_way_and_survives_circles_and_strangers() {
        let graph: [&[usize]; 4] = [&[], &[0], &[0, 1], &[9]];
        assert_eq!(depths(graph.into_iter()), [0, 1, 2, 0]);
        let circle: [&[usize]; 3] = [&[1], &[0], &[]];
        assert_eq!(depths(circle.into_iter()), [0, 0, 0]);
    }
}
