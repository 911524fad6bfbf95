//! `ciworkshop plan` as a participant meets it: a real program, real files, and what it says.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const PROJECT: &str = "kind: pipeline
type: docker
name: default

steps:
  - name: install
    image: python:3.12
    commands:
      - pip install -e .

  - name: test
    image: python:3.12
    commands:
      - pytest

  - name: tidy
    image: python:3.12
    commands:
      - ruff check
    when:
      event:
        - push
        - pull_request

  - name: publish
    image: plugins/pypi
    settings:
      username: __token__
      password:
        from_secret: pypi_token
    when:
      event: tag
      ref: refs/tags/v*
";

/// A folder with a `.drone.yml`.
fn folder(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(".drone.yml"), text).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ciworkshop"));
    command.arg("plan").args(arguments).current_dir(folder).env("NO_COLOR", "1");
    command
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

#[track_caller]
fn says(text: &str, arguments: &[&str], expected: &str) {
    let output = run(folder(text).path(), arguments);
    assert_eq!(out(&output).trim_end(), expected.trim(), "stderr: {}", err(&output));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_tag_build_shows_what_runs_and_why_the_rest_does_not() {
    says(
        PROJECT,
        &["--event", "tag", "--tag", "v1.0.0"],
        "
.drone.yml: tag v1.0.0, in octocat/hello-world

pipeline default: runs, no condition restricts it
  one step after the other
   1  clone    runs  the repository is cloned first
   2  install  runs  no condition restricts it
   3  test     runs  no condition restricts it
   -  tidy     skip  event is `tag`, not `push` or `pull_request` (.drone.yml:22:9)
   4  publish  runs  event is `tag`, ref `refs/tags/v1.0.0` matches `refs/tags/v*` (.drone.yml:32:14)

next: see what runs when a step fails: ciworkshop plan --fail STEP, with the same flags
",
    );
}

#[test]
fn a_step_that_fails_shows_what_then_runs() {
    says(
        PROJECT,
        &["--fail", "test"],
        "
.drone.yml: push to branch main, in octocat/hello-world

pipeline default: runs, no condition restricts it
  one step after the other
   1  clone    runs   the repository is cloned first
   2  install  runs   no condition restricts it
   3  test     fails  no condition restricts it
   -  tidy     skip   `test` failed before, and it runs only while all is well (.drone.yml:11:11)
   -  publish  skip   event is `push`, not `tag` (.drone.yml:32:14)
  The pipeline fails.

next: see the other events: ciworkshop plan --all-events
",
    );
}

#[test]
fn a_secret_that_a_pull_request_does_not_get_is_named() {
    let text =
        PROJECT.replace("event: tag", "event: [tag, pull_request]").replace("      ref: refs/tags/v*\n", "");
    let output = run(folder(&text).path(), &["--fork"]);
    let line = "          the secret pypi_token is empty in PLUGIN_PASSWORD: pull requests do not get it\n";
    assert!(out(&output).contains(line), "{}", out(&output));
    assert!(out(&output).contains("next: keep steps that need a secret away from pull requests"));
}

#[test]
fn all_events_stand_side_by_side() {
    says(
        PROJECT,
        &["--all-events"],
        "
.drone.yml: which events run what

                  push  pull_request  tag   cron  promote  rollback  custom
pipeline default  runs  runs          runs  runs  runs     runs      runs
  install         runs  runs          runs  runs  runs     runs      runs
  test            runs  runs          runs  runs  runs     runs      runs
  tidy            runs  runs          skip  skip  skip     skip      skip
  publish         skip  skip          runs  skip  skip     skip      skip

  tidy skips tag, cron, promote, rollback, custom because of .drone.yml:22:9
  publish skips push, pull_request, cron, promote, rollback, custom because of .drone.yml:32:14

next: see one event with its reasons: ciworkshop plan --event NAME
",
    );
}

#[test]
fn a_step_that_is_made_to_fail_fails_in_every_column() {
    let output = run(folder(PROJECT).path(), &["--all-events", "--fail", "test"]);
    let text = out(&output);
    let row = |name: &str| text.lines().find(|it| it.trim_start().starts_with(name)).unwrap().to_owned();
    assert_eq!(row("test").matches("fails").count(), 7, "{text}");
    assert_eq!(row("pipeline default").matches("fails").count(), 7, "{text}");
    assert_eq!(row("install").matches("runs").count(), 7, "{text}");
    assert_eq!(row("publish").matches("skip").count(), 7, "{text}");
}

#[test]
fn the_environment_of_a_step_is_shown_when_asked_for() {
    let output = run(folder(PROJECT).path(), &["--tag", "v1.2.0", "--env"]);
    for line in
        ["PLUGIN_USERNAME=__token__", "PLUGIN_PASSWORD=(the secret pypi_token)", "DRONE_SEMVER_MINOR=2"]
    {
        assert!(out(&output).lines().any(|it| it.trim() == line), "{line} in {}", out(&output));
    }
}

#[test]
fn json_has_a_version_and_the_condition_that_decided() {
    let output = run(folder(PROJECT).path(), &["--format", "json", "--env"]);
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(plan["version"], 1);
    assert_eq!(plan["build"]["event"], "push");
    let publish = &plan["pipelines"][0]["steps"][4];
    assert_eq!(publish["name"], "publish");
    assert_eq!(publish["runs"], false);
    assert_eq!(publish["reason"]["cause"], "condition");
    assert_eq!(publish["reason"]["condition"]["key"], "event");
    assert_eq!(publish["reason"]["place"]["line"], 32);
    assert_eq!(publish["secrets"][0]["variable"], "PLUGIN_PASSWORD");
    let environment = plan["pipelines"][0]["steps"][1]["environment"].as_array().unwrap();
    assert!(environment.iter().any(|it| it["name"] == "DRONE_BRANCH" && it["value"] == "main"));
    let output = run(folder(PROJECT).path(), &["--format", "json", "--all-events"]);
    let table: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(table["builds"].as_array().unwrap().len(), 7);
    assert_eq!(table["rows"][4]["cells"][2]["runs"], true);
}

#[test]
fn a_graph_is_drawn() {
    let text = "kind: pipeline
steps:
- {name: lint, image: a}
- {name: test, image: a}
- {name: pack, image: a, depends_on: [lint, test]}
";
    let output = run(folder(text).path(), &["--graph"]);
    let drawing = "
       [clone]
          |
     +----+----+
     |         |
  [lint]    [test]
     |         |
     +----+----+
          |
       [pack]
";
    assert!(out(&output).contains(drawing.trim_start_matches('\n')), "{}", out(&output));
}

#[test]
fn standard_input_is_a_file_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = command(folder.path(), &["-", "--branch", "dev"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(PROJECT.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(out(&output).starts_with("standard input: push to branch dev"), "{}", out(&output));
}

#[test]
fn wrong_arguments_are_explained() {
    let folder = folder(PROJECT);
    for (arguments, expected) in [
        (vec!["--event", "push", "--tag", "v1"], "--tag makes no sense for the event push"),
        (vec!["--event", "merge"], "the events are push, pull_request, tag, cron, promote, rollback, custom"),
        (vec!["--fail", "tests"], "no step is called `tests`\nhelp: did you mean `test`?"),
        (vec!["--fail", "zzzzzzz"], "help: the file has `clone`, `install`, `test`, `tidy`, `publish`"),
        (vec!["--slow", "db=3"], "no service is called `db`"),
        (vec!["--slow", "db"], "write the service and its seconds"),
        (vec!["--pipeline", "other"], "no pipeline is called `other`"),
    ] {
        let output = run(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(err(&output).contains(expected), "{arguments:?}: {}", err(&output));
    }
}

#[test]
fn files_that_cannot_be_planned_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("inner")).unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    fs::write(folder.path().join("empty.yml"), "\n").unwrap();
    fs::write(folder.path().join("latin.yml"), b"name: \xe9").unwrap();
    for (arguments, expected) in [
        (vec![], "there is no .drone.yml"),
        (vec![], "write a first one: ciworkshop init"),
        (vec!["none.yml"], "none.yml does not exist"),
        (vec!["inner"], "inner is a folder"),
        (vec!["empty.yml"], "empty.yml is empty"),
        (vec!["latin.yml"], "latin.yml is not UTF-8"),
    ] {
        let output = run(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        assert!(err(&output).contains(expected), "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains("\nhelp: "), "{arguments:?}");
    }
}

#[test]
fn a_file_with_errors_is_planned_as_far_as_it_can_be_read_and_is_a_finding() {
    let text = "kind: pipeline\nsteps:\n- name: a\n  image: i\n  commands: make\n---\nkind: pipeline\nname: good\nsteps:\n- {name: b, image: i}\n";
    let output = run(folder(text).path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains(".drone.yml:5:"), "{}", out(&output));
    assert!(out(&output).contains("pipeline good: runs"), "{}", out(&output));
    assert!(out(&output).contains("next: mend the first error above"), "{}", out(&output));
}

#[test]
fn the_repository_gives_branch_and_name() {
    let folder = folder(PROJECT);
    let git = |arguments: &[&str]| {
        let status =
            Command::new("git").arg("-C").arg(folder.path()).args(arguments).stdout(Stdio::null()).status();
        status.is_ok_and(|it| it.success())
    };
    assert!(git(&["init", "-q", "-b", "trunk"]));
    assert!(git(&["remote", "add", "origin", "git@example.com:team/tool.git"]));
    fs::create_dir(folder.path().join("inner")).unwrap();
    let output = run(&folder.path().join("inner"), &[]);
    assert!(
        out(&output).starts_with("../.drone.yml: push to branch trunk, in team/tool\n"),
        "{}",
        out(&output)
    );
}

#[test]
fn what_drone_refuses_is_said_before_the_plan_and_trust_is_heeded() {
    let unknown = folder("kind: pipeline\nsteps:\n- {name: a, image: i, depends_on: [b]}\n");
    let output = run(unknown.path(), &[]);
    assert!(out(&output).starts_with("error[unknown-step-dependency]"), "{}", out(&output));
    assert_eq!(output.status.code(), Some(1));
    let privileged = folder("kind: pipeline\nsteps:\n- {name: a, image: i, privileged: true}\n");
    assert_eq!(run(privileged.path(), &[]).status.code(), Some(1));
    assert_eq!(run(privileged.path(), &["--trusted"]).status.code(), Some(0));
}

#[test]
fn pipelines_that_do_not_start_take_a_line_each() {
    let one = |name: &str, event: &str| {
        format!(
            "---\nkind: pipeline\nname: {name}\ntrigger: {{event: {event}}}\nsteps:\n- {{name: s, image: i}}\n"
        )
    };
    says(
        &[one("a", "tag"), one("b", "cron"), one("c", "push")].concat(),
        &[],
        "
.drone.yml: push to branch main, in octocat/hello-world
1 of 3 pipelines starts

pipeline a: skip, event is `push`, not `tag` (.drone.yml:4:18)
pipeline b: skip, event is `push`, not `cron` (.drone.yml:10:18)

pipeline c: runs, event is `push` (.drone.yml:16:18)
  one step after the other
   1  clone  runs  the repository is cloned first
   2  s      runs  no condition restricts it

next: see the other events: ciworkshop plan --all-events
",
    );
}
