//! The rules of §4.4, §4.6, §4.7, §5.2–§5.4 and §5.9 as data: manifests by hand, and what the plan says of them.

#![allow(clippy::too_many_lines, clippy::type_complexity, reason = "tables of cases read best in one piece")]

use crate::pipeline::{CloneOptions, ConditionKey, Pipeline, Spanned, Step};
use crate::plan::testing::{conditions, manifest, pipeline, step, text, texts, with_event, with_status};
use crate::plan::{
    Build, Cause, Event, Fault, Faults, Order, PipelinePlan, Plan, Role, StepResult, plan_manifest,
};
use crate::source::Span;

fn plan_of(pipelines: Vec<Pipeline>, build: &Build, faults: &[(&str, Fault)]) -> Plan {
    let steps = faults.iter().map(|(name, fault)| ((*name).to_owned(), *fault)).collect();
    plan_manifest(&manifest(pipelines), build, &Faults { steps })
}

fn push() -> Build {
    Build::new(Event::Push)
}

fn one(pipeline: Pipeline, faults: &[(&str, Fault)]) -> PipelinePlan {
    plan_of(vec![pipeline], &push(), faults).pipelines.remove(0)
}

/// `name wave` of all that run, `name -` of all that do not.
fn outline(plan: &PipelinePlan) -> String {
    let one = |name: &str, runs: bool, wave: usize| {
        if runs { format!("{name} {wave}") } else { format!("{name} -") }
    };
    let steps = plan.steps.iter().map(|it| one(&it.name, it.decision.runs(), it.wave));
    steps.collect::<Vec<_>>().join(", ")
}

fn without_clone(pipeline: Pipeline) -> Pipeline {
    let disable = Some(Spanned::new(true, Span::default()));
    Pipeline { clone: CloneOptions { disable, ..CloneOptions::default() }, ..pipeline }
}

fn with_services(pipeline: Pipeline, services: Vec<Step>) -> Pipeline {
    Pipeline { services, ..pipeline }
}

fn detached(step: Step) -> Step {
    Step { detach: Some(Spanned::new(true, Span::default())), ..step }
}

fn with_failure(step: Step, failure: &str) -> Step {
    Step { failure: Some(text(failure)), ..step }
}

fn depending(pipeline: Pipeline, names: &[&str]) -> Pipeline {
    Pipeline { depends_on: texts(names), ..pipeline }
}

fn triggered(pipeline: Pipeline, key: ConditionKey, patterns: &[&str]) -> Pipeline {
    Pipeline { trigger: conditions(&[(key, patterns, &[])]), ..pipeline }
}

#[test]
fn steps_run_in_drones_order_and_waves() {
    let a = || step("a", &[]);
    let b = || step("b", &[]);
    let rows: Vec<(&str, Pipeline, Order, &str)> = vec![
        ("serial", pipeline("p", vec![a(), b()]), Order::Serial, "clone 0, a 1, b 2"),
        ("serial, no clone", without_clone(pipeline("p", vec![a(), b()])), Order::Serial, "a 0, b 1"),
        ("nothing at all", pipeline("p", vec![]), Order::Serial, "clone 0"),
        (
            "a service is started and not waited for",
            with_services(pipeline("p", vec![a(), b()]), vec![step("db", &[])]),
            Order::Serial,
            "clone 0, db 1, a 1, b 2",
        ),
        (
            "a detached step is not waited for",
            pipeline("p", vec![a(), detached(b()), step("c", &[])]),
            Order::Serial,
            "clone 0, a 1, b 2, c 2",
        ),
        (
            "one depends_on makes all others start after the clone",
            pipeline("p", vec![a(), b(), step("c", &["a"])]),
            Order::Graph,
            "clone 0, a 1, b 1, c 2",
        ),
        (
            "a step that lists what it waits for does not wait for the clone",
            pipeline("p", vec![a(), step("b", &["a"]), step("c", &["a", "b"])]),
            Order::Graph,
            "clone 0, a 1, b 2, c 3",
        ),
        (
            "a service's depends_on counts",
            with_services(pipeline("p", vec![a(), b()]), vec![step("db", &[]), step("web", &["db"])]),
            Order::Graph,
            "clone 0, db 1, web 1, a 1, b 1",
        ),
        (
            "waiting for a service is waiting for its start",
            with_services(pipeline("p", vec![step("a", &["db"])]), vec![step("db", &[])]),
            Order::Graph,
            "clone 0, db 1, a 1",
        ),
        (
            "waiting for the clone",
            pipeline("p", vec![step("a", &["clone"]), b()]),
            Order::Graph,
            "clone 0, a 1, b 1",
        ),
        (
            "waiting for nothing but a disabled clone is not waiting",
            without_clone(pipeline("p", vec![step("a", &["clone"]), b()])),
            Order::Serial,
            "a 0, b 1",
        ),
        (
            "graph without clone",
            without_clone(pipeline("p", vec![a(), b(), step("c", &["a"])])),
            Order::Graph,
            "a 0, b 0, c 1",
        ),
        (
            "a step whose `when` does not match is transparent",
            pipeline("p", vec![a(), with_event(b(), "tag"), step("c", &[])]),
            Order::Serial,
            "clone 0, a 1, b -, c 2",
        ),
        (
            "so it is in a graph",
            pipeline("p", vec![with_event(a(), "tag"), step("b", &["a"]), step("c", &["b"])]),
            Order::Graph,
            "clone 0, a -, b 1, c 2",
        ),
        (
            "an unknown name is waited for by nobody",
            pipeline("p", vec![a(), step("b", &["nobody"])]),
            Order::Graph,
            "clone 0, a 1, b 0",
        ),
        (
            "a later step may be waited for here, though the linters refuse it",
            pipeline("p", vec![step("a", &["b"]), b()]),
            Order::Graph,
            "clone 0, a 2, b 1",
        ),
        (
            "a circle never starts",
            pipeline("p", vec![step("a", &["b"]), step("b", &["a"]), step("c", &["b"]), step("d", &[])]),
            Order::Graph,
            "clone 0, a -, b -, c -, d 1",
        ),
        (
            "nor does what waits for itself",
            pipeline("p", vec![step("a", &["a"])]),
            Order::Graph,
            "clone 0, a -",
        ),
        (
            "of two with one name the first is waited for",
            pipeline("p", vec![a(), a(), step("b", &["a", "a"])]),
            Order::Graph,
            "clone 0, a 1, a 1, b 2",
        ),
    ];
    for (what, pipeline, order, expected) in rows {
        let plan = one(pipeline, &[]);
        assert_eq!(outline(&plan), expected, "{what}");
        assert_eq!(plan.order, order, "{what}");
    }
}

#[test]
fn a_null_item_is_no_step() {
    let steps = vec![step("a", &[]), Step { null: true, ..Step::default() }, step("b", &[])];
    let plan = one(pipeline("p", steps), &[]);
    assert_eq!(outline(&plan), "clone 0, a 1, b 2");
    assert_eq!(plan.step("b").unwrap().index, 2);
}

/// What runs after a fault (§5.2–§5.4).
#[test]
fn faults_decide_what_then_runs() {
    use Fault::{Exits78, Fails, Slow};
    let serial = || {
        pipeline(
            "p",
            vec![
                step("a", &[]),
                step("b", &[]),
                with_status(step("on-failure", &[]), &["failure"]),
                with_status(step("always", &[]), &["success", "failure"]),
            ],
        )
    };
    let branches = || {
        pipeline(
            "p",
            vec![
                step("a", &[]),
                step("x", &[]),
                step("b", &["a"]),
                step("y", &["x"]),
                with_status(step("tell", &["b", "y"]), &["failure"]),
            ],
        )
    };
    let failing =
        |how| pipeline("p", vec![with_failure(step("a", &[]), how), step("x", &[]), step("b", &["a"])]);
    let rows: Vec<(&str, Pipeline, Vec<(&str, Fault)>, &str, bool)> = vec![
        ("no fault", serial(), vec![], "clone 0, a 1, b 2, on-failure -, always 3", false),
        ("first step fails", serial(), vec![("a", Fails)], "clone 0, a 1, b -, on-failure 2, always 3", true),
        ("by full name", serial(), vec![("p/a", Fails)], "clone 0, a 1, b -, on-failure 2, always 3", true),
        (
            "of another pipeline",
            serial(),
            vec![("q/a", Fails)],
            "clone 0, a 1, b 2, on-failure -, always 3",
            false,
        ),
        ("clone fails", serial(), vec![("clone", Fails)], "clone 0, a -, b -, on-failure 1, always 2", true),
        (
            "last step fails",
            serial(),
            vec![("always", Fails)],
            "clone 0, a 1, b 2, on-failure -, always 3",
            true,
        ),
        ("exit 78", serial(), vec![("a", Exits78)], "clone 0, a 1, b -, on-failure -, always 2", false),
        (
            "a failure is pipeline-wide; what runs beside it goes on",
            branches(),
            vec![("a", Fails)],
            "clone 0, a 1, x 1, b -, y -, tell 2",
            true,
        ),
        (
            "what has started is not called back",
            branches(),
            vec![("b", Fails)],
            "clone 0, a 1, x 1, b 2, y 2, tell 3",
            true,
        ),
        ("ignored", failing("ignore"), vec![("a", Fails)], "clone 0, a 1, x 1, b 2", false),
        ("always is normal", failing("always"), vec![("a", Fails)], "clone 0, a 1, x 1, b -", true),
        ("an unknown word is normal", failing("never"), vec![("a", Fails)], "clone 0, a 1, x 1, b -", true),
        ("fail-fast", failing("fail-fast"), vec![("a", Fails)], "clone 0, a 1, x 1, b -", true),
        (
            "slow steps are just steps",
            serial(),
            vec![("a", Slow(9))],
            "clone 0, a 1, b 2, on-failure -, always 3",
            false,
        ),
    ];
    for (what, pipeline, faults, expected, fails) in rows {
        let plan = one(pipeline, &faults);
        assert_eq!(outline(&plan), expected, "{what}");
        assert_eq!(plan.fails, fails, "{what}");
    }
}

#[test]
fn results_say_how_each_step_ends() {
    use StepResult::{Fails, FailsIgnored, Killed, Skipped, StopsEarly, Succeeds};
    let results = |failure: &str, fault| {
        let steps = vec![with_failure(step("a", &[]), failure), step("x", &[]), step("b", &["a"])];
        let plan = one(pipeline("p", steps), &[("a", fault)]);
        plan.steps.iter().map(|it| it.result).collect::<Vec<_>>()
    };
    assert_eq!(results("", Fault::Fails), [Succeeds, Fails, Succeeds, Skipped]);
    assert_eq!(results("ignore", Fault::Fails), [Succeeds, FailsIgnored, Succeeds, Succeeds]);
    for word in ["fast", "fast-fail", "fail-fast"] {
        assert_eq!(results(word, Fault::Fails), [Succeeds, Fails, Killed, Skipped], "{word}");
    }
    assert_eq!(results("", Fault::Exits78), [Succeeds, StopsEarly, Succeeds, Skipped]);
}

#[test]
fn a_cancelled_pipeline_runs_nothing_more_not_even_always() {
    let steps = vec![
        with_failure(step("a", &[]), "fail-fast"),
        with_status(step("always", &[]), &["success", "failure"]),
    ];
    let plan = one(pipeline("p", steps), &[("a", Fault::Fails)]);
    assert_eq!(plan.step("always").unwrap().decision.reason().cause, Cause::Cancelled);
}

#[test]
fn a_service_or_a_detached_step_cannot_fail_the_pipeline() {
    let steps = vec![detached(step("server", &[])), step("a", &[])];
    let plan = one(
        with_services(pipeline("p", steps), vec![step("db", &[])]),
        &[("db", Fault::Fails), ("server", Fault::Fails)],
    );
    assert_eq!(outline(&plan), "clone 0, db 1, server 1, a 1");
    assert!(!plan.fails);
}

#[test]
fn reasons_name_the_step_that_did_it() {
    let steps = || vec![step("a", &[]), step("b", &[]), with_status(step("c", &[]), &["failure"])];
    let text = |name: &str, faults: &[(&str, Fault)]| {
        let plan = one(pipeline("p", steps()), faults);
        plan.step(name).unwrap().decision.reason().text.clone()
    };
    assert_eq!(text("b", &[("a", Fault::Fails)]), "`a` failed before, and it runs only while all is well");
    assert_eq!(text("c", &[("a", Fault::Fails)]), "`a` failed before, and `status` asks for that");
    assert_eq!(text("c", &[]), "nothing failed before, and `status` asks for a failure");
    assert_eq!(
        text("b", &[("a", Fault::Exits78)]),
        "`a` exited with 78: success, and nothing that is pending runs"
    );
}

#[test]
fn a_slow_service_is_not_waited_for_and_the_plan_says_so() {
    let file =
        with_services(pipeline("p", vec![step("install", &[]), step("test", &[])]), vec![step("db", &[])]);
    let plan = one(file, &[("db", Fault::Slow(2))]);
    assert_eq!(outline(&plan), "clone 0, db 1, install 1, test 2");
    let seconds =
        |name: &str| plan.step(name).unwrap().not_ready.iter().map(|it| it.seconds).collect::<Vec<_>>();
    assert_eq!(seconds("install"), [2]);
    assert_eq!(seconds("test"), [1]);
    let reason = &plan.step("test").unwrap().decision.reason().text;
    assert_eq!(reason, "no condition restricts it; it starts 1 second before `db` answers");
}

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
fn ten_thousand_steps_are_planned_without_quadratic_work() {
    let names: Vec<String> = (0..10_000).map(|it| format!("step-{it}")).collect();
    let serial = names.iter().map(|it| step(it, &[])).collect();
    let chain = names.iter().enumerate().map(|(at, it)| match at.checked_sub(1) {
        Some(before) => step(it, &[&names[before]]),
        None => step(it, &[]),
    });
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let wide = names.iter().map(|it| step(it, &["first"])).chain([step("last", &all)]);
    let started = std::time::Instant::now();
    for steps in [serial, chain.collect(), wide.collect()] {
        let plan = one(pipeline("p", steps), &[("step-9", Fault::Fails)]);
        assert!(plan.fails);
        assert_eq!(plan.steps[0].role, Role::Clone);
    }
    // Quadratic work would take minutes in a build for tests.
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
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

mod properties {
    //! What holds of every plan, whatever the file.

    use proptest::prelude::*;

    use super::*;
    use crate::plan::{plan, table_of};
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

    fn some_pipeline() -> impl Strategy<Value = Pipeline> {
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

    fn some_faults() -> impl Strategy<Value = Vec<(&'static str, Fault)>> {
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
}
