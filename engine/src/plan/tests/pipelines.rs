//! §4.4, §4.6, §4.7 and §5.4: which pipelines start, and when.

use crate::pipeline::{ConditionKey, Pipeline};
use crate::plan::testing::{pipeline, step, text, with_event};
use crate::plan::tests::{depending, one, plan_of, push, triggered};
use crate::plan::{Build, Cause, Event, Fault, PipelinePlan, Plan};

#[test]
fn words_in_the_message_skip_pushes_and_pull_requests() {
    let rows = [
        (Event::Push, "fix [ci skip]", "", true),
        (Event::Push, "fix [Skip CI] it", "", true),
        (Event::Push, "***NO_CI***", "", true),
        (Event::Push, "[no ci] [skip drone]", "", false),
        (Event::PullRequest, "body", "a [ci skip] title", true),
        (Event::Tag, "[ci skip]", "", false),
        (Event::Cron, "[ci skip]", "", false),
        (Event::Custom, "[ci skip]", "", false),
        (Event::Promote, "[ci skip]", "", false),
        (Event::Rollback, "[ci skip]", "", false),
    ];
    for (event, message, title, skipped) in rows {
        let build = Build { message: message.into(), title: title.into(), ..Build::new(event) };
        let plan = plan_of(vec![pipeline("p", vec![step("a", &[])])], &build, &[]);
        assert_eq!(plan.skipped_by_message.is_some(), skipped, "{event:?} {message}");
        assert_eq!(plan.pipelines[0].decision.runs(), !skipped, "{event:?} {message}");
        assert_eq!(plan.started().count() == 0, skipped);
    }
}

/// `name wave <waits for>` of pipelines that start, `name -` of the others.
fn pipelines(plan: &Plan) -> String {
    let one = |it: &PipelinePlan| match (it.decision.runs(), it.waits_for.as_slice()) {
        (false, _) => format!("{} -", it.name),
        (true, []) => format!("{} {}", it.name, it.wave),
        (true, names) => format!("{} {} after {}", it.name, it.wave, names.join("+")),
    };
    plan.pipelines.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[test]
fn pipelines_start_in_waves_and_skipped_ones_are_cut_out() {
    let named = |name: &str, after: &[&str]| depending(pipeline(name, vec![step("s", &[])]), after);
    let on_tag = |it: Pipeline| triggered(it, ConditionKey::Event, &["tag"]);
    let with_status = |it: Pipeline, words: &[&str]| triggered(it, ConditionKey::Status, words);
    let fails = |name: &'static str| vec![(name, Fault::Fails)];
    let rows: Vec<(&str, Vec<Pipeline>, Vec<(&str, Fault)>, &str)> = vec![
        ("two at once", vec![named("a", &[]), named("b", &[])], vec![], "a 0, b 0"),
        ("one after the other", vec![named("a", &[]), named("b", &["a"])], vec![], "a 0, b 1 after a"),
        (
            "its dependency does not match",
            vec![on_tag(named("a", &[])), named("b", &["a"])],
            vec![],
            "a -, b 0",
        ),
        (
            "whoever waits inherits",
            vec![named("a", &[]), on_tag(named("b", &["a"])), on_tag(named("c", &["b"])), named("d", &["c"])],
            vec![],
            "a 0, b -, c -, d 1 after a",
        ),
        ("an unknown name", vec![named("a", &["nobody"])], vec![], "a 0"),
        ("a circle", vec![named("a", &["b"]), named("b", &["a"]), named("c", &[])], vec![], "a -, b -, c 0"),
        ("after a failure", vec![named("a", &[]), named("b", &["a"])], fails("a/s"), "a 0, b -"),
        (
            "unrelated ones that have not started are skipped too",
            vec![named("a", &[]), named("x", &[]), named("b", &["x"])],
            fails("a/s"),
            "a 0, x 0, b -",
        ),
        (
            "status failure with a dependency",
            vec![named("a", &[]), with_status(named("tell", &["a"]), &["failure"])],
            fails("a/s"),
            "a 0, tell 1 after a",
        ),
        (
            "status failure, and nothing failed",
            vec![named("a", &[]), with_status(named("tell", &["a"]), &["failure"])],
            vec![],
            "a 0, tell -",
        ),
        (
            "status failure without dependency runs at once",
            vec![named("a", &[]), with_status(named("tell", &[]), &["failure"])],
            vec![],
            "a 0, tell 0",
        ),
        (
            "both words",
            vec![named("a", &[]), with_status(named("tell", &["a"]), &["success", "failure"])],
            fails("a/s"),
            "a 0, tell 1 after a",
        ),
        (
            "unknown words with a dependency never run",
            vec![named("a", &[]), with_status(named("tell", &["a"]), &["failed"])],
            fails("a/s"),
            "a 0, tell -",
        ),
        (
            "one that is skipped counts as done",
            vec![named("a", &[]), named("b", &["a"]), with_status(named("tell", &["b"]), &["failure"])],
            fails("a/s"),
            "a 0, b -, tell 1 after b",
        ),
    ];
    for (what, file, faults, expected) in rows {
        assert_eq!(pipelines(&plan_of(file, &push(), &faults)), expected, "{what}");
    }
}

#[test]
fn steps_of_a_pipeline_that_does_not_start_are_listed_and_skipped() {
    let file = triggered(
        pipeline("p", vec![step("a", &[]), with_event(step("b", &[]), "cron")]),
        ConditionKey::Event,
        &["tag"],
    );
    let plan = one(file, &[]);
    assert!(matches!(plan.decision.reason().cause, Cause::Condition { key: ConditionKey::Event, .. }));
    assert_eq!(plan.step("a").unwrap().decision.reason().cause, Cause::PipelineSkipped);
    assert!(matches!(plan.step("b").unwrap().decision.reason().cause, Cause::Condition { .. }));
}

#[test]
fn kinds_and_types_without_a_runner_never_run_nor_does_what_waits_for_them() {
    let typed = |type_: &str| Pipeline { type_: Some(text(type_)), ..pipeline("p", vec![step("a", &[])]) };
    for (type_, runs) in
        [("docker", true), ("exec", true), ("kubernetes", true), ("ssh", true), ("Docker", false)]
    {
        let plan = plan_of(vec![typed(type_), depending(pipeline("next", vec![]), &["p"])], &push(), &[]);
        assert_eq!(plan.pipelines[0].decision.runs(), runs, "{type_}");
        assert_eq!(plan.pipelines[1].decision.runs(), runs, "{type_}");
        assert_eq!(plan.pipelines[0].decision.reason().cause == Cause::NoRunner, !runs, "{type_}");
    }
    let reason = one(typed("exec"), &[]).decision.reason().text.clone();
    assert_eq!(reason, "no condition restricts it; a runner for `exec` takes it");
    let odd = Pipeline { kind: text("pipelines"), ..pipeline("p", vec![]) };
    assert_eq!(one(odd, &[]).decision.reason().cause, Cause::NoRunner);
}

#[test]
fn three_thousand_pipelines_are_planned_without_quadratic_work() {
    let names: Vec<String> = (0..3_000).map(|it| format!("p-{it}")).collect();
    let chain = names.iter().enumerate().map(|(at, it)| {
        let after = at.checked_sub(1).map(|it| names[it].as_str());
        let one = depending(pipeline(it, vec![step("s", &[])]), &after.into_iter().collect::<Vec<_>>());
        if at % 2 == 0 { triggered(one, ConditionKey::Event, &["tag"]) } else { one }
    });
    let plan = plan_of(chain.collect(), &push(), &[]);
    assert_eq!(plan.started().count(), 1_500);
    assert_eq!(plan.pipelines[2_999].wave, 1_499);
}
