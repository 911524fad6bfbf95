//! What holds of every plan, whatever the file.

use proptest::prelude::*;

use crate::pipeline::{ConditionKey, Pipeline, Step};
use crate::plan::testing::{pipeline, step, with_event, with_status};
use crate::plan::tests::{
    depending, detached, plan_of, push, triggered, with_failure, with_services, without_clone,
};
use crate::plan::{Build, Event, Fault, Faults, StepResult, plan, table_of};
use crate::source::SourceFile;

const NAMES: [&str; 6] = ["a", "b", "c", "d", "clone", ""];
const STATUSES: &[&[&str]] = &[&[], &["failure"], &["success", "failure"], &["always"]];
const WORDS: &[&[&str]] = &[&[], &["push"], &["tag"], &["failure"]];

fn some_step() -> impl Strategy<Value = Step> {
    let name = prop::sample::select(&NAMES[..]);
    let after = prop::collection::vec(prop::sample::select(&NAMES[..]), 0..3);
    let status = prop::sample::select(STATUSES);
    let failure = prop::sample::select(&["", "ignore", "fast"][..]);
    (name, after, status, failure, any::<bool>(), any::<bool>()).prop_map(
        |(name, after, status, failure, beside, on_tag)| {
            let one = with_failure(with_status(step(name, &after), status), failure);
            let one = if beside { detached(one) } else { one };
            if on_tag { with_event(one, "tag") } else { one }
        },
    )
}

pub(super) fn some_pipeline() -> impl Strategy<Value = Pipeline> {
    let steps = || prop::collection::vec(some_step(), 0..6);
    let after = prop::collection::vec(prop::sample::select(&NAMES[..]), 0..3);
    let name = prop::sample::select(&NAMES[..]);
    let trigger = prop::sample::select(&[ConditionKey::Event, ConditionKey::Status][..]);
    let words = prop::sample::select(WORDS);
    (name, steps(), steps(), after, trigger, words, any::<bool>()).prop_map(
        |(name, steps, services, after, key, words, clone)| {
            let one = with_services(depending(pipeline(name, steps), &after), services);
            let one = triggered(one, key, words);
            if clone { one } else { without_clone(one) }
        },
    )
}

pub(super) fn some_faults() -> impl Strategy<Value = Vec<(&'static str, Fault)>> {
    let fault = prop::sample::select(&[Fault::Fails, Fault::Exits78, Fault::Slow(3)][..]);
    prop::collection::vec((prop::sample::select(&NAMES[..]), fault), 0..3)
}

proptest! {
    #[test]
    fn what_runs_starts_after_all_it_waits_for(
        file in prop::collection::vec(some_pipeline(), 0..4),
        faults in some_faults(),
    ) {
        let plan = plan_of(file, &push(), &faults);
        for pipeline in &plan.pipelines {
            for parent in pipeline.after.iter().filter(|_| pipeline.decision.runs()) {
                let parent = &plan.pipelines[*parent];
                prop_assert!(!parent.decision.runs() || parent.wave < pipeline.wave);
            }
            for step in pipeline.steps.iter().filter(|it| it.decision.runs()) {
                prop_assert!(pipeline.decision.runs());
                for parent in step.after.iter().map(|it| &pipeline.steps[*it]) {
                    let time = usize::from(parent.decision.runs() && !parent.detached);
                    prop_assert!(parent.wave + time <= step.wave, "{} after {}", step.name, parent.name);
                }
            }
        }
    }

    #[test]
    fn a_step_runs_exactly_if_its_result_says_so(
        file in prop::collection::vec(some_pipeline(), 0..4),
        faults in some_faults(),
    ) {
        let plan = plan_of(file, &push(), &faults);
        for step in plan.pipelines.iter().flat_map(|it| &it.steps) {
            prop_assert_eq!(step.decision.runs(), step.result != StepResult::Skipped);
            prop_assert!(!step.decision.reason().text.is_empty());
        }
        for pipeline in &plan.pipelines {
            let fails = pipeline.steps.iter().any(|it| it.result == StepResult::Fails);
            prop_assert_eq!(pipeline.fails, fails);
        }
    }

    #[test]
    fn without_faults_nothing_fails(file in prop::collection::vec(some_pipeline(), 0..4)) {
        let plan = plan_of(file, &push(), &[]);
        prop_assert!(plan.pipelines.iter().all(|it| !it.fails));
    }

    #[test]
    fn any_text_has_a_plan(
        lines in prop::collection::vec(
            prop::sample::select(&[
                "---", "kind: pipeline", "name: x", "steps:", "- name: a", "  image: ${DRONE_TAG}", "- {name: b, depends_on: [a]}",
                "  when: {event: tag}", "trigger:", "  branch: [", "services: [{name: a}]", "depends_on: [x]", "- ~", "\t", "pipeline:", "${",
            ][..]),
            0..12,
        ),
        event in prop::sample::select(&Event::ALL[..]),
    ) {
        let source = SourceFile::new("x", lines.join("\n"));
        let plan = plan(&source, &Build::new(event), &Faults::default());
        for step in plan.pipelines.iter().flat_map(|it| &it.steps) {
            prop_assert!(step.environment().iter().any(|it| it.name == "CI"));
        }
        let _ = table_of(vec![plan]);
    }
}
