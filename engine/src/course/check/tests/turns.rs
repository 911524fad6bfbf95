//! What happens only now and then, or elsewhere: tests that fail once, runs in several turns, machines with variables.

use super::{TEST, UPLOAD, exercise, happened, pipeline, ran};
use crate::course::{Report, RunSeen, check_with_runs};

#[test]
fn a_second_try_lets_through_what_fails_once() {
    let kind = "event: {flaky: [test], skips: [publish], result: red}";
    let told = |command: &str| {
        let test =
            format!("- {{name: t, image: 'python:3.13', commands: [pip install pytest, '{command}']}}\n");
        happened(kind, &pipeline("", &format!("{test}{UPLOAD}")))
    };
    assert_eq!(told("pytest"), "");
    assert_eq!(told("pytest && pytest"), "");
    for again in
        ["pytest || pytest", "if ! pytest; then pytest; fi", "for i in 1 2; do pytest && break; done"]
    {
        let told = told(again);
        let words = "CW-x: In the build of a push to `main`, with the tests failing the first time, the step `t` is green";
        assert!(told.starts_with(words) && told.ends_with("Then it comes to the upload."), "{told}");
    }
    let twice = pipeline("", &format!("{TEST}{}{UPLOAD}", TEST.replace("name: t", "name: u")));
    assert_eq!(happened(kind, &twice), "", "the first of two steps is red, and that is enough");
    let ignored = TEST.replace("name: t", "name: t, failure: ignore");
    let told =
        happened(kind, &pipeline("", &format!("{ignored}{}{UPLOAD}", TEST.replace("name: t", "name: u"))));
    assert!(told.starts_with("CW-hidden-red"), "{told}");
}

/// The variables of each run, and the report, when the runs end so.
fn turns(seen: &[RunSeen]) -> (Vec<String>, Report) {
    let exercise = exercise(
        "checks:\n- {code: CW-x, says: s, expected: e, next: n, run: {variables: {TZ: UTC, SEED: '1{turn}'}, times: 3, \
         result: green}}\n",
    );
    let files = [(".drone.yml".to_owned(), pipeline("", TEST).into_bytes())].into();
    let (mut asked, mut seen) = (Vec::new(), seen.iter().cloned());
    let report = check_with_runs(&exercise, &files, &mut |request| {
        asked.push(format!("{:?}", request.variables));
        seen.next().unwrap()
    });
    (asked, report)
}

#[test]
fn every_turn_has_the_variables_of_the_machine_and_must_end_as_asked() {
    let (asked, report) = turns(&[ran(true, ""), ran(true, ""), ran(true, "")]);
    let expected: Vec<String> =
        (1..=3).map(|it| format!("{{\"SEED\": \"1{it}\", \"TZ\": \"UTC\"}}")).collect();
    assert_eq!(asked, expected);
    assert!(report.findings.is_empty() && report.really_ran);
    let (asked, report) = turns(&[ran(true, ""), ran(false, "no")]);
    assert_eq!(asked.len(), 2, "after the first that ends otherwise nothing more is run");
    let words = "In a real run of a push to `main`, turn 2 of 3, on a machine with `SEED=12` and `TZ=UTC`, the step `t` ended \
                 with exit code 1.";
    assert_eq!(report.findings[0].happened, words);
}

#[test]
fn jobs_that_one_script_does_are_in_the_order_of_the_script() {
    let kind = "event: {order: [test, publish]}";
    let told = |script: &str| {
        let yml = pipeline(
            "",
            "- {name: t, image: 'python:3.13', commands: [pip install pytest twine, sh ci.sh]}\n",
        );
        let report = super::report(&super::one_check(kind), &[(".drone.yml", &yml), ("ci.sh", script)]);
        report.findings.into_iter().map(|it| it.happened).collect::<String>()
    };
    assert_eq!(told("set -e\npytest\ntwine upload x\n"), "");
    assert!(
        told("set -e\ntwine upload x\npytest\n").contains("starts the upload without the tests before it")
    );
}

#[test]
fn a_job_is_there_when_a_script_does_it_for_any_event() {
    let yml = |trigger: &str| {
        pipeline(trigger, "- {name: t, image: 'python:3.13', commands: [pip install pytest, sh ci.sh]}\n")
    };
    let told = |yml: &str| {
        let files = [(".drone.yml", yml), ("ci.sh", "pytest\n")];
        super::report(&super::one_check("model: {present: [test]}"), &files).findings.len()
    };
    for trigger in ["", "trigger: {event: tag}", "trigger: {event: promote}"] {
        assert_eq!(told(&yml(trigger)), 0, "{trigger}");
    }
    assert_eq!(told(&yml("trigger: {repo: other/one}")), 1);
}

#[test]
fn what_a_script_is_given_it_can_hand_on() {
    let told = |script: &str| {
        let yml = pipeline(
            "",
            "- {name: t, image: 'python:3.13', commands: [pip install pytest, sh ci.sh pytest -q]}\n",
        );
        let kind = "event: {runs: [test], hears: [{role: test, words: ['-q']}]}";
        let report = super::report(&super::one_check(kind), &[(".drone.yml", &yml), ("ci.sh", script)]);
        report.findings.into_iter().map(|it| it.happened).collect::<String>()
    };
    for script in ["\"$@\"", "exec \"$@\" tests", "set -- pytest -q\n\"$@\"", "shift\npytest \"$@\""] {
        assert_eq!(told(script), "", "{script}");
    }
    assert!(told("shift\n\"$@\"").contains("nothing runs the tests"));
}

#[test]
fn the_name_of_a_secret_may_be_written_in_any_letters() {
    let kind = "event: {sees: [{role: test, secret: token}]}";
    let test = |name: &str| {
        TEST.replace("name: t", &format!("name: t, environment: {{T: {{from_secret: {name}}}}}"))
    };
    assert_eq!(happened(kind, &pipeline("", &test("TOKEN"))), "");
    assert_ne!(happened(kind, &pipeline("", &test("tokens"))), "");
}

#[test]
fn a_file_that_is_to_be_mended_must_at_least_have_changed() {
    let mut it = super::one_check("model: {changed: [answers.yml]}");
    it.start.insert("answers.yml".into(), b"old".to_vec());
    let told = |text: &str| {
        let report = super::report(&it, &[(".drone.yml", &pipeline("", TEST)), ("answers.yml", text)]);
        report.findings.into_iter().map(|it| it.happened).collect::<String>()
    };
    assert_eq!((told("new").as_str(), told("old").as_str()), ("", "`answers.yml` is as it was."));
}
