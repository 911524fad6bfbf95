//! §5.7, §5.9–§5.11 as data: what stands in a container's environment.

use std::sync::Arc;

use crate::plan::environment::substitution_variables;
use crate::plan::{Build, Event, Fault, Faults, Hidden, Plan, SecretUse, plan};
use crate::source::SourceFile;

fn plan_of(text: &str, build: &Build, faults: &[(&str, Fault)]) -> Plan {
    let steps = faults.iter().map(|(name, fault)| ((*name).to_owned(), *fault)).collect();
    let plan = plan(&SourceFile::new(".drone.yml", text), build, &Faults { steps });
    assert!(plan.problems.is_empty(), "{:?}", plan.problems);
    plan
}

/// The value of a variable in the first step called `a`.
fn value(text: &str, build: &Build, name: &str) -> Option<String> {
    let plan = plan_of(text, build, &[]);
    let step = plan.pipelines[0].step("a").unwrap();
    step.environment().into_iter().find(|it| it.name == name).map(|it| it.value)
}

const PLAIN: &str = "kind: pipeline\nsteps:\n- {name: a, image: i}\n";

/// Event, variable, value; `-` for one that is not set (§5.11).
#[test]
fn each_event_sets_its_variables() {
    let rows: &[(Event, &str, &str)] = &[
        (Event::Push, "CI", "true"),
        (Event::Push, "DRONE", "true"),
        (Event::Push, "DRONE_SYSTEM_HOST", "drone.example.com"),
        (Event::Push, "DRONE_REPO", "octocat/hello-world"),
        (Event::Push, "DRONE_REPO_OWNER", "octocat"),
        (Event::Push, "DRONE_REPO_NAME", "hello-world"),
        (Event::Push, "DRONE_REPO_BRANCH", "main"),
        (Event::Push, "DRONE_BRANCH", "main"),
        (Event::Push, "DRONE_SOURCE_BRANCH", "main"),
        (Event::Push, "DRONE_TAG", "-"),
        (Event::Push, "DRONE_PULL_REQUEST", "-"),
        (Event::Push, "DRONE_DEPLOY_TO", "-"),
        (Event::Push, "DRONE_DEPLOY_ID", "0"),
        (Event::Push, "DRONE_BUILD_EVENT", "push"),
        (Event::Push, "DRONE_BUILD_ACTION", "-"),
        (Event::Push, "DRONE_BUILD_STATUS", "success"),
        (Event::Push, "DRONE_BUILD_TRIGGER", "@hook"),
        (Event::Push, "DRONE_BUILD_LINK", "https://drone.example.com/octocat/hello-world/42"),
        (Event::Push, "DRONE_FAILED_STEPS", "-"),
        (Event::Push, "DRONE_STAGE_NAME", "default"),
        (Event::Push, "DRONE_STAGE_TYPE", "docker"),
        (Event::Push, "DRONE_STAGE_OS", "linux"),
        (Event::Push, "DRONE_STAGE_ARCH", "amd64"),
        (Event::Push, "DRONE_STAGE_VARIANT", "-"),
        (Event::Push, "DRONE_STEP_NAME", "a"),
        (Event::Push, "DRONE_STEP_NUMBER", "2"),
        (Event::Push, "DRONE_WORKSPACE", "/drone/src"),
        (Event::Push, "DRONE_WORKSPACE_PATH", "-"),
        (Event::Push, "GIT_AUTHOR_NAME", "Octo Cat"),
        (Event::Push, "CI_COMMIT_BRANCH", "main"),
        (Event::Push, "DRONE_CRON", "-"),
        (Event::PullRequest, "DRONE_BRANCH", "main"),
        (Event::PullRequest, "DRONE_SOURCE_BRANCH", "feature/x"),
        (Event::PullRequest, "DRONE_PULL_REQUEST", "1"),
        (Event::PullRequest, "DRONE_PULL_REQUEST_TITLE", "a change"),
        (Event::PullRequest, "DRONE_BUILD_ACTION", "opened"),
        (Event::Tag, "DRONE_BRANCH", "-"),
        (Event::Tag, "DRONE_TAG", "v1.0.0"),
        (Event::Tag, "DRONE_SEMVER", "1.0.0"),
        (Event::Tag, "DRONE_SEMVER_MAJOR", "1"),
        (Event::Tag, "DRONE_SEMVER_ERROR", "-"),
        (Event::Cron, "DRONE_BUILD_TRIGGER", "@cron"),
        (Event::Promote, "DRONE_DEPLOY_TO", "production"),
        (Event::Promote, "DRONE_BUILD_TRIGGER", "octocat"),
    ];
    for (event, name, expected) in rows {
        let value = value(PLAIN, &Build::new(*event), name);
        assert_eq!(value.as_deref().unwrap_or("-"), *expected, "{event:?} {name}");
    }
}

#[test]
fn later_sources_win_but_only_as_far_as_drone_lets_them() {
    let text = "
kind: pipeline
environment: {MINE: pipeline, BOTH: pipeline, DRONE_REPO: pipeline, DRONE_BRANCH: pipeline, CI: pipeline}
steps:
- name: a
  image: i
  environment: {BOTH: step, DRONE_REPO: step, DRONE_BRANCH: step, DRONE_TAG: step, EMPTY: '', PLUGIN_TAGS: step}
  settings: {tags: [a, 1.10], dry_run: true, camelCase: x, dashed-name: z, nothing: null}
";
    for (name, expected) in [
        ("MINE", "pipeline"),
        ("BOTH", "step"),
        ("CI", "true"),
        ("DRONE_REPO", "step"),
        ("DRONE_BRANCH", "main"),
        ("DRONE_TAG", "step"),
        ("EMPTY", "-"),
        ("PLUGIN_TAGS", "a,1.1"),
        ("PLUGIN_DRY_RUN", "true"),
        ("PLUGIN_CAMELCASE", "x"),
        ("PLUGIN_DASHED-NAME", "z"),
        ("PLUGIN_NOTHING", "-"),
    ] {
        let value = value(text, &Build::new(Event::Push), name);
        assert_eq!(value.as_deref().unwrap_or("-"), expected, "{name}");
    }
}

#[test]
fn failures_are_told_to_the_steps_that_start_after_them() {
    let text = "
kind: pipeline
steps:
- {name: bad, image: i}
- {name: a, image: i, when: {status: [success, failure]}}
---
kind: pipeline
name: tell
depends_on: [default]
trigger: {status: [failure]}
steps:
- {name: a, image: i}
";
    // The server compares written names, and the first pipeline has none.
    let text = text.replacen("kind: pipeline", "kind: pipeline\nname: default", 1);
    let plan = plan_of(&text, &Build::new(Event::Push), &[("default/bad", Fault::Fails)]);
    let value = |pipeline: usize, step: &str, name: &str| {
        let environment = plan.pipelines[pipeline].step(step).unwrap().environment();
        environment.into_iter().find(|it| it.name == name).map(|it| it.value).unwrap_or_default()
    };
    assert_eq!(value(0, "bad", "DRONE_BUILD_STATUS"), "success");
    assert_eq!(value(0, "a", "DRONE_BUILD_STATUS"), "failure");
    assert_eq!(value(0, "a", "DRONE_STAGE_STATUS"), "failure");
    assert_eq!(value(0, "a", "DRONE_FAILED_STEPS"), "bad");
    assert_eq!(value(1, "a", "DRONE_BUILD_STATUS"), "failure");
    assert_eq!(value(1, "a", "DRONE_FAILED_STAGES"), "default");
    assert_eq!(value(1, "a", "DRONE_STAGE_STATUS"), "success");
    assert_eq!(value(1, "a", "DRONE_STAGE_DEPENDS_ON"), "default");
}

#[test]
fn secrets_come_last_and_are_withheld_from_pull_requests() {
    let text = "
kind: pipeline
steps:
- name: a
  image: i
  environment:
    TOKEN: {from_secret: token}
  settings:
    password: {from_secret: sealed}
---
kind: secret
name: sealed
data: abc
";
    let uses = |build: &Build| {
        let plan = plan_of(text, build, &[]);
        let step = plan.pipelines[0].step("a").unwrap();
        let environment = step.environment();
        for used in &step.secrets {
            let variable = environment.iter().find(|it| it.name == used.variable).unwrap();
            assert_eq!((variable.secret.as_ref(), variable.value.as_str()), (Some(&used.name), ""));
        }
        let one = |it: &SecretUse| (it.name.clone(), it.variable.clone(), it.hidden);
        step.secrets.iter().map(one).collect::<Vec<_>>()
    };
    let expected = |token, sealed| {
        [("token".into(), "TOKEN".into(), token), ("sealed".into(), "PLUGIN_PASSWORD".into(), sealed)]
    };
    assert_eq!(uses(&Build::new(Event::Push)), expected(None, None));
    let pull_request = Build::new(Event::PullRequest);
    assert_eq!(uses(&pull_request), expected(Some(Hidden::PullRequest), None));
    let fork = Build { fork: true, ..pull_request };
    assert_eq!(uses(&fork), expected(Some(Hidden::PullRequest), Some(Hidden::Fork)));
}

/// `workspace`, then base, path and both (§5.7).
#[test]
fn the_workspace_is_where_drone_puts_it() {
    for (written, base, path, full) in [
        ("{}", "/drone/src", "", "/drone/src"),
        ("{path: /go/src/x}", "/go/src/x", "", "/go/src/x"),
        ("{path: src}", "/drone/src", "src", "/drone/src/src"),
        ("{base: /go, path: src/x}", "/go", "src/x", "/go/src/x"),
        ("{base: /go, path: ../x}", "/go", "../x", "/x"),
        ("{base: /etc}", "/drone/src", "", "/drone/src"),
        ("{base: /etc/docker, path: x}", "/drone/src", "", "/drone/src"),
        ("{base: /var/run, path: x}", "/drone/src", "", "/drone/src"),
        // As many real pipelines have it; `/var/run` would stand in the list for nothing if all of `/var` were meant.
        ("{base: /var/www, path: x}", "/var/www", "x", "/var/www/x"),
        ("{path: /}", "/drone/src", "", "/drone/src"),
        ("{path: /usr/binary}", "/usr/binary", "", "/usr/binary"),
    ] {
        let text = format!("kind: pipeline\nworkspace: {written}\nsteps:\n- {{name: a, image: i}}\n");
        let value = |name| value(&text, &Build::new(Event::Push), name).unwrap_or_default();
        let all = [value("DRONE_WORKSPACE_BASE"), value("DRONE_WORKSPACE_PATH"), value("DRONE_WORKSPACE")];
        assert_eq!(all, [base, path, full], "{written}");
    }
}

#[test]
fn values_for_substitution_are_those_of_the_build() {
    let variables = substitution_variables(&Build::new(Event::Tag));
    let value = |name: &str| variables.get(name).map_or("", String::as_str);
    assert_eq!(value("DRONE_TAG"), "v1.0.0");
    assert_eq!(value("DRONE_STAGE_NAME"), "default");
    assert_eq!(value("DRONE_STAGE_MACHINE"), "m");
    assert_eq!(value("DRONE_BUILD_STATUS"), "success");
    // Not there: the container's own.
    assert_eq!((value("DRONE_STEP_NAME"), value("DRONE_WORKSPACE"), value("CI_REPO")), ("", "", ""));
}

#[test]
fn the_environment_of_ten_thousand_steps_is_not_made_before_it_is_asked_for() {
    let steps: Vec<String> = (0..10_000).map(|it| format!("- {{name: s{it}, image: i}}\n")).collect();
    let plan = plan_of(&format!("kind: pipeline\nsteps:\n{}", steps.concat()), &Build::new(Event::Push), &[]);
    let steps = &plan.pipelines[0].steps;
    assert!(Arc::ptr_eq(&steps[1].variables.shared, &steps[9_999].variables.shared));
    assert!(steps.iter().all(|it| it.variables.own.is_empty()));
}
