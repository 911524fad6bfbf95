//! The project's own `.drone.yml` → what we say of others' holds for ours: nothing to find in it, and it does what it
//! claims to do.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use ciworkshop::engine::diagnostic::{Program, render};
use ciworkshop::engine::lint::{lint, verdict};
use ciworkshop::engine::plan::{Build, Event, Faults, Plan, plan};
use ciworkshop::engine::source::SourceFile;

fn own() -> SourceFile {
    SourceFile::from_bytes(".drone.yml", &std::fs::read(".drone.yml").unwrap())
}

fn planned(build: &Build) -> Plan {
    plan(&own(), build, &Faults::default())
}

fn started(plan: &Plan) -> Vec<&str> {
    plan.started().map(|it| it.name.as_str()).collect()
}

#[test]
fn our_own_linter_finds_nothing() {
    let source = own();
    let found: Vec<String> = lint(&source).iter().map(|it| render(it, &source, false)).collect();
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

#[test]
fn every_program_of_drone_that_has_something_to_judge_accepts_it() {
    let verdict = verdict(&own());
    for program in [Program::Server, Program::Runner, Program::Lint, Program::Lint15] {
        let judgement = verdict.of(program).unwrap_or_else(|| panic!("{} says nothing", program.name()));
        assert_eq!(judgement.untrusted, None, "{}", program.name());
        assert_eq!(judgement.pipelines, 2, "{}", program.name());
    }
}

#[test]
fn a_push_and_a_pull_request_are_tested_and_a_tag_is_released_after_the_test() {
    for event in [Event::Push, Event::PullRequest] {
        assert_eq!(started(&planned(&Build::new(event))), ["test"], "{event:?}");
    }
    let tag = planned(&Build::new(Event::Tag).with_tag("v1.0.0"));
    assert_eq!(started(&tag), ["test", "release"]);
    assert_eq!(tag.pipelines[1].waits_for, ["test"]);
}

#[test]
fn nothing_else_starts_a_build() {
    for event in [Event::Cron, Event::Promote, Event::Rollback, Event::Custom] {
        assert_eq!(started(&planned(&Build::new(event))), [""; 0], "{event:?}");
    }
}

#[test]
fn the_pipeline_runs_the_command_of_the_readme_on_the_compiler_that_cargo_toml_names() {
    let text = own().text().to_owned();
    let manifest = std::fs::read_to_string("Cargo.toml").unwrap();
    let version =
        manifest.lines().find_map(|it| it.strip_prefix("rust-version = ")).unwrap().trim_matches('"');
    assert!(text.contains("\n      - scripts/test\n"));
    let images: Vec<&str> = text.lines().filter_map(|it| it.trim().strip_prefix("image: ")).collect();
    assert_eq!(images.len(), 2);
    for image in images {
        assert!(image.starts_with(&format!("rust:{version}.")), "{image}");
    }
}
