//! `ciworkshop lint --shellcheck`: what another program says of the commands, at its place in the file.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on should say where")]

mod support;

use std::fs;
use std::process::Command;

use serde_json::Value;
use support::{program, run};

const FILE: &str = "kind: pipeline
type: docker
name: test

steps:
- name: test
  image: debian:13
  commands:
  - make test
  - |
    for f in *.txt; do
      cat $f
    done
  # ciworkshop: allow(shellcheck) the shell that reads the text expands it
  - 'echo ''it is $HOME'''
- name: alpine
  image: alpine:3.22
  commands:
  - cat $FILE $$HOME.txt
";

/// A folder with the file in it; `None` where the program is not installed, which is said.
fn folder() -> Option<tempfile::TempDir> {
    if Command::new("shellcheck").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI installs shellcheck");
        println!("skipped: shellcheck is missing");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.yml"), FILE).unwrap();
    Some(folder)
}

#[test]
fn what_it_says_is_shown_where_it_stands_in_the_file() {
    let Some(folder) = folder() else { return };
    let answer = run(folder.path(), &["lint", "--shellcheck", "always", "--format", "json", "a.yml"]);
    let json = answer.json();
    let problems = json["problems"].as_array().unwrap().iter();
    let found: Vec<(&str, &str)> = problems
        .filter(|it| it["code"] == "shellcheck")
        .map(|it| {
            let place = |key: &str| usize::try_from(it["places"][0][key].as_u64().unwrap()).unwrap();
            (&it["message"].as_str().unwrap()[..6], &FILE[place("start")..place("end")])
        })
        .collect();
    assert_eq!(found, [("SC2086", "$f"), ("SC2086", "$FILE"), ("SC2086", "$$HOME")]);
    assert_eq!(json["allowed"], 1, "the comment allows what is said of `echo`");
    assert_eq!(answer.code, 0, "warnings and hints alone are no reason to fail");
}

#[test]
fn what_it_would_change_is_changed_in_the_file_and_nothing_else() {
    let Some(folder) = folder() else { return };
    let answer = run(folder.path(), &["lint", "--shellcheck", "always", "--fix", "--unsafe", "a.yml"]);
    let fixed = fs::read_to_string(folder.path().join("a.yml")).unwrap();
    assert_eq!(
        fixed,
        FILE.replace("cat $f", "cat \"$f\"").replace("cat $FILE $$HOME", "cat \"$FILE\" \"$$HOME\""),
        "{}",
        answer.out
    );
}

#[test]
fn it_is_left_out_where_that_is_said_and_missed_where_it_has_to_be_there() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.yml"), FILE).unwrap();
    let never = run(folder.path(), &["lint", "--shellcheck", "never", "--format", "json", "a.yml"]);
    let codes = |it: &Value| {
        it["problems"].as_array().unwrap().iter().map(|it| it["code"].clone()).collect::<Vec<_>>()
    };
    assert!(!codes(&never.json()).contains(&"shellcheck".into()));
    let mut command = program(folder.path());
    let missing = command.env("PATH", "").args(["lint", "--shellcheck", "always", "a.yml"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("shellcheck is not installed"));
    let mut command = program(folder.path());
    let wrong = command.env("CIWORKSHOP_SHELLCHECK", "perhaps").args(["lint", "a.yml"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
}
