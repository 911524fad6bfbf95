//! What commands are given, what must not stand anywhere, and tables that are filled in: each holds and does not hold.

use super::{TEST, UPLOAD, exercise, happened, one_check, pipeline, report};

#[test]
fn a_command_has_what_is_exported_and_nothing_else() {
    // (commands, whether the tests find the secret in MODE)
    let cases = [
        ("[pytest]", false),
        ("[MODE=$KEY pytest]", true),
        ("[MODE=$KEY true, pytest]", false),
        ("[MODE=$KEY, pytest]", false),
        ("[MODE=$KEY, export MODE, pytest]", true),
        ("['export MODE=\"$KEY\"', pytest]", true),
        ("[set -a, MODE=$KEY, pytest]", true),
        ("[env MODE=$KEY pytest]", true),
        ("['export MODE=\"$(printenv KEY)\"', pytest]", true),
        ("['export MODE=\"$(echo $KEY)\"', pytest]", true),
        ("['export MODE=x$KEY', pytest]", false),
        ("[export MODE=Token, pytest]", false),
    ];
    for (commands, holds) in cases {
        let yml = pipeline(
            "",
            &format!(
                "- {{name: t, image: 'python:3.13', environment: {{KEY: {{from_secret: Token}}}}, commands: {commands}}}\n"
            ),
        );
        let told = happened("event: {variables: [{role: test, name: MODE, secret: token}]}", &yml);
        assert_eq!(told.is_empty(), holds, "{commands}: {told}");
    }
}

#[test]
fn a_variable_may_be_asked_to_be_absent_or_to_have_one_of_several_values() {
    let slack = |settings: &str| {
        pipeline("", &format!("- {{name: s, image: 'plugins/slack:1', settings: {settings}}}\n"))
    };
    let told = |wanted: &str, settings: &str| {
        happened(
            &format!("event: {{variables: [{{role: notify, name: PLUGIN_TAG, {wanted}}}]}}"),
            &slack(settings),
        )
    };
    assert_eq!(told("value: '1.10'", "{tag: '1.10'}"), "");
    assert_eq!(told("value: '1.10'", "{tag: ['1.10']}"), "");
    assert!(told("value: '1.10'", "{tag: 1.10}").contains("`PLUGIN_TAG` is `1.1`, not `1.10`"));
    assert!(told("value: '1.10'", "{other: 1}").contains("there is no `PLUGIN_TAG`; it should be `1.10`"));
    assert_eq!(told("value: a, or: [b]", "{tag: b}"), "");
    assert_eq!(told("or: [b]", "{other: 1}"), "");
    assert!(told("or: [b]", "{tag: c}").contains("is `c`; it should not be set"));
    assert_eq!(told("secret: token", "{tag: {from_secret: TOKEN}}"), "");
    assert!(told("secret: token", "{tag: token}").contains("not the value of the secret `token`"));
}

#[test]
fn a_value_that_somebody_changes_arrives_or_was_written_elsewhere() {
    let kind = "event: {replaced: {fast: slow}, hears: [{role: test, words: [slow]}]}";
    let yml = |command: &str| {
        pipeline(
            "environment: {MODE: fast}",
            &format!("- {{name: t, image: 'python:3.13', commands: [{command}]}}\n"),
        )
    };
    assert_eq!(happened(kind, &yml("'pytest --mode=$MODE'")), "");
    assert_eq!(happened(kind, &yml("'pytest $${MODE}'")), "");
    let told = happened(kind, &yml("pytest --mode fast"));
    let expected =
        "with `slow` in place of `fast` in `environment`, the program is given `pytest` `--mode` `fast`.";
    assert!(told.contains(expected) && told.ends_with("`slow` is not among them."), "{told}");
    assert!(happened(kind, &yml("'pytest ${MODE}'")).contains("`slow` is not among them"));
}

#[test]
fn a_job_that_needs_a_variable_says_why_it_is_empty() {
    let job = "secrets: [token]\nroles: {test: {called: the tests, command: [pytest]}}\nproject: {test: {variables: [KEY]}}\n\
               checks: [{code: CW-x, says: s, expected: e, next: n, event: {result: green, BUILD}}]\n";
    let told = |build: &str, environment: &str, command: &str| {
        let yml = pipeline(
            "",
            &format!(
                "- {{name: t, image: 'python:3.13', environment: {environment}, commands: [pip install pytest, {command}]}}\n"
            ),
        );
        let found = report(&exercise(&job.replace("BUILD", build)), &[(".drone.yml", &yml)]).findings;
        found.into_iter().map(|it| format!("{}: {}", it.code, it.happened)).collect::<String>()
    };
    let push = "builds: [{event: push}]";
    let secret = "{KEY: {from_secret: token}}";
    assert_eq!(told(push, secret, "pytest"), "");
    assert_eq!(told(push, secret, "test -n $KEY, pytest"), "");
    for (build, environment, command, words) in [
        (push, "{KEY: {from_secret: tokn}}", "pytest", "keeps no secret `tokn`"),
        ("builds: [{event: pull_request}]", secret, "pytest", "the secret `token` is kept from this build"),
        (push, "{OTHER: {from_secret: token}}", "pytest", "nothing in this step sets `KEY`"),
        (push, "{OTHER: {from_secret: token}}", "KEY=$OTHER, pytest", "`export` has not handed it on"),
        (push, "{OTHER: x}", "export KEY=$NONE, pytest", "it was set to an empty text"),
    ] {
        let told = told(build, environment, command);
        assert!(told.starts_with("CW-empty-variable") && told.contains(words), "{environment}: {told}");
    }
}

#[test]
fn a_job_in_a_script_is_found_where_the_script_is_called() {
    let script = ("ci.sh", "#!/bin/sh\npytest\ntwine upload x\n");
    let told = |kind: &str, steps: &str| {
        let files = [(".drone.yml", pipeline("", steps)), (script.0, script.1.to_owned())];
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let found = report(&one_check(kind), &files).findings;
        found.into_iter().map(|it| it.happened).collect::<String>()
    };
    let step = "- {name: s, image: 'python:3.13', environment: {T: {from_secret: t}}, commands: [pip install pytest twine, sh ci.sh]}\n";
    assert!(told("event: {never_sees: [{role: test, secret: t}]}", step).contains("gets the secret `t`"));
    assert!(told("event: {skips: [publish]}", step).contains("it comes to the upload all the same"));
}

#[test]
fn a_text_that_must_not_be_there_is_found_in_any_file_and_in_base64() {
    let yml = pipeline("", TEST);
    let told = |path: &str, text: &str| {
        let found = report(&one_check("model: {absent: [hunter2]}"), &[(".drone.yml", &yml), (path, text)]);
        found.findings.into_iter().map(|it| it.happened).collect::<String>()
    };
    assert_eq!(told("a.sh", "echo hunter"), "");
    assert!(told("a.sh", "# was hunter2").contains("`a.sh` still holds `hunter2`"));
    assert!(told("a.sh", "echo aHVudGVyMg== | base64 -d").contains("in base64"));
    assert!(told("a.sh", "echo aHVudGVyMgo= | base64 -d").contains("in base64"));
}

const TABLE: &str = "table: {file: answers.yml, pipeline: .drone.yml, steps: [t, p], rows: [{id: push, build: {event: push}}, {id: tag, build: {event: tag}}]}";

#[test]
fn a_table_is_judged_cell_by_cell() {
    let yml = pipeline("", &format!("{TEST}{UPLOAD}  when: {{event: tag}}\n"));
    let told = |answers: &str| {
        let found = report(&one_check(TABLE), &[(".drone.yml", &yml), ("answers.yml", answers)]).findings;
        found
            .into_iter()
            .map(|it| format!("{} @{:?}", it.happened, it.place.map(|it| it.at.line)))
            .collect::<String>()
    };
    assert_eq!(told("push:\n  t: runs\n  p: skipped\ntag:\n  t: yes\n  p: Runs\n"), "");
    assert_eq!(told("tag: {t: true, p: run}\npush: {p: no, t: y}\n"), "");
    for (answers, words) in [
        ("# nothing\n", "the cell `t` is empty"),
        ("push:\ntag:\n", "the cell `t` is empty. @Some(1)"),
        ("push:\n  t: runs\n  p:\ntag:\n  t:\n  p:\n", "the cell `p` is empty. @Some(3)"),
        ("push: {t: maybe, p: runs}\n", "says `maybe`; it is either"),
        (
            "push:\n  t: runs\n  p: skipped\ntag:\n  t: runs\n  p: skipped\n",
            "In the row `tag` you say that `p` is skipped. Look again at the build of the tag `v1.0.0`:",
        ),
        ("push:\n  t: runs\n  p: runs\ntag:\n  t: runs\n  p: runs\n", "that `p` runs."),
        ("push: [\n", "cannot be read"),
    ] {
        assert!(told(answers).contains(words), "{answers}: {}", told(answers));
    }
}
