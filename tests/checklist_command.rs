//! `ciworkshop checklist` as a person types it: the five lines on small projects, real runs, and what is left behind.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on should say where")]

mod support;

use std::process::Output;

use serde_json::Value;
use support::machines::{Project, machines};
use support::{program, tree};

/// One pipeline: the tests, and a release that waits for a tag.
const PIPELINE: &str = "kind: pipeline\ntype: docker\nname: greet\n\nsteps:\n- name: test\n  image: busybox:1.36\n  \
    commands: [sh tests/run.sh]\n- name: release\n  image: busybox:1.36\n  commands: [./release.sh]\n  when: {event: [tag]}\n";
const GREET: &str = "#!/bin/sh\n# greets\nif [ \"$1\" = \"\" ]; then\n  echo \"hello, world\"\nelse\n  echo \"hello, $1\"\nfi\n";
const TEST: &str = "#!/bin/sh\nset -e\ntest \"$(sh greet.sh Ada)\" = \"hello, Ada\"\n";
const README: &str = "# Greet\n\n![Build](https://drone.example.com/api/badges/octocat/greet/status.svg)\n";

fn project(pipeline: &str, test: &str, readme: &str) -> Project {
    Project::new(&[
        (".drone.yml", pipeline),
        ("greet.sh", GREET),
        ("tests/run.sh", test),
        ("README.md", readme),
    ])
}

fn check(project: &Project, arguments: &[&str]) -> Output {
    let mut command = program(project.path());
    command.env("CIWORKSHOP_CACHE", project.cache()).arg("checklist").args(arguments);
    command.output().unwrap()
}

fn json(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|it| panic!("{it}: {said}"))
}

/// The answers of the five lines, in order.
fn answers(answer: &Value) -> String {
    let lines = answer["lines"].as_array().unwrap().iter();
    lines.map(|it| it["answer"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

fn why<'a>(answer: &'a Value, id: &str) -> &'a str {
    let lines = answer["lines"].as_array().unwrap();
    lines.iter().find(|it| it["id"] == id).unwrap()["why"].as_str().unwrap()
}

#[test]
fn a_project_in_good_order_holds_all_five_on_every_machine_and_stays_as_it_is() {
    for machine in machines() {
        let project = project(PIPELINE, TEST, README);
        let before = tree(project.path(), &[]);
        let output = check(&project, &["--backend", machine, "--yes"]);
        let seen = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{machine}: {seen}");
        for words in [
            "yes   the file is clean",
            "yes   it runs green",
            "greet.sh:3 was changed from `if [ \"$1\" = \"\" ]; then` to `if [ \"$1\" != \"\" ]; then`.",
            "The step `test` was red.",
            "`release` publishes with `./release.sh`, and waits for a tag.",
            "README.md shows the badge of a Drone server.",
            "All five hold",
        ] {
            let flat = seen.split_whitespace().collect::<Vec<_>>().join(" ");
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(flat.contains(&words), "{machine}: no {words:?} in\n{seen}");
        }
        assert_eq!(tree(project.path(), &[]), before, "{machine}: the folder is as it was");
        assert!(project.runs().is_empty(), "{machine}: {:?}", project.runs());
    }
}

#[test]
fn tests_that_notice_nothing_are_told_the_lines_that_were_changed() {
    let project = project(PIPELINE, "#!/bin/sh\ntest -f greet.sh\n", README);
    let output = check(&project, &["--backend", "plain", "--yes", "--format", "json"]);
    let answer = json(&output);
    assert_eq!(
        (answers(&answer).as_str(), output.status.code()),
        ("yes yes no yes yes", Some(1)),
        "{answer}"
    );
    let why = why(&answer, "red");
    assert!(why.contains("greet.sh:3 was changed") && why.contains("greet.sh:6 was changed"), "{why}");
    assert!(why.ends_with("The build stayed green: no test noticed."), "{why}");
    assert!(answer["done"] == false && project.runs().is_empty());
}

#[test]
fn a_red_project_is_told_where_it_is_red_and_no_mistake_is_made() {
    let project = project(PIPELINE, "#!/bin/sh\necho the reason\nexit 1\n", README);
    let answer = json(&check(&project, &["--backend", "plain", "--yes", "--format", "json"]));
    assert_eq!(answers(&answer), "yes no open yes yes", "{answer}");
    let why = why(&answer, "green");
    assert!(why.contains("the step `test` of `greet` is red.\nIts last words: the reason"), "{why}");
}

#[test]
fn a_release_for_everything_and_a_readme_without_a_badge_are_told() {
    let open = PIPELINE.replace("  when: {event: [tag]}\n", "");
    let project = project(&open, TEST, "# Greet\n");
    let answer = json(&check(&project, &["--no-run", "--format", "json"]));
    assert_eq!(answers(&answer), "yes open open no no", "{answer}");
    assert_eq!(
        why(&answer, "gate"),
        "`release` publishes with `./release.sh` (.drone.yml:11:14), and runs for a push to main."
    );
    assert_eq!(why(&answer, "badge"), "README.md shows no badge of the build.");
}

#[test]
fn what_is_judged_is_what_is_committed_unless_the_working_tree_is_asked_for() {
    let project = project(PIPELINE, TEST, "# Greet\n");
    project.write(&[("README.md", README)]);
    let badge = |arguments: &[&str]| {
        let answer = json(&check(&project, &[&["--no-run", "--format", "json"], arguments].concat()));
        answers(&answer).split(' ').next_back().unwrap().to_owned()
    };
    assert_eq!(badge(&[]), "no");
    assert_eq!(badge(&["--working-tree"]), "yes");
    let said = String::from_utf8(check(&project, &["--no-run"]).stdout).unwrap();
    assert!(said.contains("not part of it: ") && said.contains("README.md"), "{said}");
}

#[test]
fn without_consent_nothing_runs_and_the_other_lines_are_answered() {
    let project = project(PIPELINE, "#!/bin/sh\nexit 1\n", README);
    let answer = json(&check(&project, &["--backend", "plain", "--format", "json"]));
    assert_eq!(answers(&answer), "yes open open yes yes", "{answer}");
    assert!(why(&answer, "green").contains("nobody can be asked"), "{answer}");
}

#[test]
fn a_folder_without_a_pipeline_says_what_writes_one() {
    let empty = Project::new(&[("README.md", README)]);
    let output = check(&empty, &[]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3));
    assert!(said.contains("there is no .drone.yml here") && said.contains("ciworkshop init"), "{said}");
    let output = check(&empty, &["nowhere"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("nowhere is no folder"));
}
