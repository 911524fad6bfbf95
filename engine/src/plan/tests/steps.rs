//! §5.2–§5.4: the order of steps, and what runs after something went wrong.

use crate::pipeline::{Pipeline, Step};
use crate::plan::testing::{pipeline, step, with_event, with_status};
use crate::plan::tests::{detached, one, with_failure, with_services, without_clone};
use crate::plan::{Cause, Fault, Order, PipelinePlan, Role, StepResult};

/// `name wave` of all that run, `name -` of all that do not.
fn outline(plan: &PipelinePlan) -> String {
    let one = |name: &str, runs: bool, wave: usize| {
        if runs { format!("{name} {wave}") } else { format!("{name} -") }
    };
    let steps = plan.steps.iter().map(|it| one(&it.name, it.decision.runs(), it.wave));
    steps.collect::<Vec<_>>().join(", ")
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
fn ten_thousand_steps_are_planned_without_quadratic_work() {
    let names: Vec<String> = (0..10_000).map(|it| format!("step-{it}")).collect();
    let serial = names.iter().map(|it| step(it, &[])).collect();
    let chain = names.iter().enumerate().map(|(at, it)| match at.checked_sub(1) {
        Some(before) => step(it, &[&names[before]]),
        None => step(it, &[]),
    });
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let wide = names.iter().map(|it| step(it, &["first"])).chain([step("last", &all)]);
    for steps in [serial, chain.collect(), wide.collect()] {
        let plan = one(pipeline("p", steps), &[("step-9", Fault::Fails)]);
        assert!(plan.fails);
        assert_eq!(plan.steps[0].role, Role::Clone);
    }
    // No clock here: quadratic work would take minutes in a build for tests, and whoever runs it would notice.
}
