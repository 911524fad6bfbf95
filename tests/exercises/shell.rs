//! The reading of commands, held against a real shell: for each script, both say whether the step is green on a good
//! project and red on a broken one.

use ciworkshop::engine::course::{Course, Exercise, Files, check};
use proptest::prelude::{BoxedStrategy, Just, Strategy, prop, prop_oneof};
use proptest::test_runner::{Config, TestRunner};

use crate::real_shell::ends_well;

const EXERCISE: &str = "
id: shell
title: Shell
rung: fix
minutes: 1
page: a.html#exercise
edit: [.drone.yml]
goal: x
hints: [x]
expect_first: CW-green
roles:
  test: {called: the tests, command: [run-tests]}
checks:
  - {code: CW-green, says: green, expected: x, next: x, event: {result: green}}
  - {code: CW-red, says: red, expected: x, next: x, event: {broken: [test], result: red}}
";

fn exercise() -> Exercise {
    let files = [
        ("01_a/chapter.yml", "title: A"),
        ("01_a/01_b/exercise.yml", EXERCISE),
        ("01_a/01_b/start/.drone.yml", ""),
    ];
    let files: Files =
        files.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect();
    Course::read(&files).unwrap().exercises().next().unwrap().clone()
}

/// As [`ends_well`], by reading.
fn read_ends_well(exercise: &Exercise, items: &[String], image: &str) -> (bool, bool) {
    // Before a shell sees it, Drone itself replaces `${…}`, unless the dollar is doubled.
    let commands = serde_json::to_string(items).unwrap().replace("${", "$${");
    let step = format!("name: a, image: '{image}', commands: {commands}");
    let text = format!("kind: pipeline\ntype: docker\nname: a\nsteps: [{{{step}}}]\n");
    let files = Files::from([(".drone.yml".to_owned(), text.into_bytes())]);
    let report = check(exercise, &files);
    let holds = |says: &str| report.findings.iter().all(|it| it.check != says);
    (holds("green"), !holds("red"))
}

const DASH: &str = "python:3.13-slim";

/// What people write, and what they should not.
const SCRIPTS: &[&[&str]] = &[
    &["run-tests"],
    &["run-tests || true"],
    &["run-tests || :"],
    &["run-tests || echo no"],
    &["run-tests || exit 1"],
    &["run-tests || exit 0"],
    &["run-tests || { echo no; exit 1; }"],
    &["run-tests || (echo no; exit 1)"],
    &["run-tests || (echo no; exit 1)", "echo on"],
    &["run-tests || { echo no; false; }", "echo on"],
    &["run-tests; true"],
    &["run-tests", "true"],
    &["run-tests && echo yes"],
    &["run-tests && echo yes", "echo on"],
    &["run-tests | cat"],
    &["cat /dev/null | run-tests"],
    &["run-tests | tee log; exit ${PIPESTATUS:-0}"],
    &["run-tests &"],
    &["run-tests &", "wait"],
    &["run-tests &", "wait $!"],
    &["run-tests & pid=$!", "echo x", "wait $pid"],
    &["! run-tests"],
    &["! run-tests", "echo on"],
    &["if run-tests; then echo yes; fi"],
    &["if run-tests; then echo yes; else exit 1; fi"],
    &["if ! run-tests; then exit 1; fi"],
    &["if ! run-tests; then false; fi", "echo on"],
    &["if ! run-tests; then false; fi"],
    &["if run-tests", "then echo yes", "else exit 7", "fi"],
    &["set +e", "run-tests"],
    &["set +e", "run-tests", "echo on"],
    &["set +e; run-tests; code=$?; set -e", "exit $code"],
    &["set +e; run-tests; code=$?", "[ $code -eq 0 ]"],
    &["set +e; run-tests; code=$?", "[ $code -ne 0 ] && exit 1", "true"],
    &["set +e; run-tests; code=$?", "test \"$code\" = 0 || exit 2"],
    &["code=0; run-tests || code=$?", "echo x", "exit $code"],
    &["out=$(run-tests)", "echo $out"],
    &["echo $(run-tests)"],
    &["export OUT=$(run-tests)"],
    &["OUT=`run-tests`"],
    &["sh -c 'run-tests'"],
    &["sh -c 'run-tests; echo on'"],
    &["sh -ec 'run-tests; echo on'"],
    &["sh -c 'run-tests' || true"],
    &["bash -c 'run-tests | cat'"],
    &["bash -o pipefail -c 'run-tests | cat'"],
    &["bash -euo pipefail -c 'run-tests | cat; echo on'"],
    &["bash -c 'set -o pipefail; run-tests | cat'"],
    &["bash -c 'set -o pipefail; run-tests | cat; echo on'"],
    &["(run-tests)"],
    &["(run-tests; echo on)"],
    &["(run-tests || true)"],
    &["{ run-tests; }"],
    &["{ run-tests && true; }", "echo on"],
    &["{ run-tests; } && true", "echo on"],
    &["(run-tests && true)", "echo on"],
    &["check() { run-tests; echo on; }", "check"],
    &["check() { run-tests; echo on; }", "check || exit 1"],
    &["check() { run-tests || return 3; }", "check"],
    &["check() { run-tests || return 0; }", "check"],
    &["for i in 1 2 3; do run-tests; done"],
    &["for i in 1 2 3; do run-tests || true; done"],
    &["for i in 1 2 3; do run-tests && break; done"],
    &["for i in 1 2 3; do run-tests && break; done", "echo on"],
    &["for i in 1 2; do if run-tests; then exit 0; fi; done", "exit 1"],
    &["while ! run-tests; do exit 4; done"],
    &["until run-tests; do break; done"],
    &["trap 'exit 0' EXIT", "run-tests"],
    &["trap 'echo bye' EXIT", "run-tests"],
    &["trap 'rm -f x' EXIT", "run-tests || exit 1"],
    &["exec run-tests", "echo never"],
    &["exec run-tests || true"],
    &["eval 'run-tests'"],
    &["eval 'run-tests || true'"],
    &["command run-tests"],
    &["env A=b run-tests"],
    &["A=b run-tests"],
    &["timeout 60 run-tests"],
    &["nice run-tests"],
    &["CMD='run-tests -q'", "$CMD"],
    &["CMD=run-tests", "\"$CMD\""],
    &["run-tests # || true"],
    &["# run-tests"],
    &["echo run-tests"],
    &["run-tests \\", "|| true"],
    &["run-tests > log 2>&1", "cat log"],
    &["run-tests > log || { cat log; exit 1; }"],
    &["cat <<END", "run-tests", "END"],
    &["cat <<END && run-tests", "text", "END"],
    &["run-tests", "exit 0"],
    &["exit 0", "run-tests"],
    &["exit 3"],
    &["false"],
    &["false || run-tests"],
    &["true || run-tests"],
    &["case x in x) run-tests;; esac"],
    &["[ -n x ] && run-tests"],
    &["[ -z x ] && run-tests", "echo on"],
    &["[ -z x ] || run-tests"],
    &["set -e; run-tests; echo on"],
    &["set -o errexit; run-tests; echo on"],
    &["set -o pipefail", "run-tests | cat"],
    &["run-tests &> log"],
    &["run-tests &> log; cat log"],
    &["run-tests |& cat"],
    &["[[ -n x ]] && run-tests"],
    &["[[ -n x ]] || run-tests"],
    &["if [[ -n x ]]; then run-tests; fi"],
    &["{ run-tests; echo $? > code; } | tee log; exit $(cat code)"],
    &["(run-tests; echo $? > code) | tee log", "test \"$(cat code)\" -eq 0"],
    &["set +e; (run-tests; echo $? > code) | tee log; exit $(cat code)"],
    &["{ run-tests || echo 1 > code; } | cat", "[ ! -f code ]"],
    &["x=abc; echo ${x//a/b}", "run-tests"],
    &["run-tests | cat; exit ${PIPESTATUS[0]}"],
    &["function f { run-tests; }", "f"],
    &["diff <(echo a) <(run-tests)"],
    &["source ./x"],
    &["echo 'never closed", "run-tests"],
    &["if true; then run-tests"],
    &["run-tests; then"],
    &["cd /nowhere-at-all || true", "run-tests"],
    &["run-tests </dev/null"],
    &["cat </dev/null", "run-tests"],
    &["run-tests && exit 0 || exit 1"],
    &["run-tests || echo no >&2 && false"],
    &["true && run-tests || false"],
    &["run-tests\nrun-tests || true"],
    &["if [ 1 -eq 1 ]; then\n  run-tests\nelif false; then\n  true\nelse\n  false\nfi"],
];

#[test]
fn known_scripts_end_as_in_a_real_shell() {
    let exercise = exercise();
    let mut wrong = Vec::new();
    for script in SCRIPTS {
        let items: Vec<String> = script.iter().map(|it| (*it).to_owned()).collect();
        let (shell, reading) = (ends_well(&items, DASH), read_ends_well(&exercise, &items, DASH));
        if shell != reading {
            wrong.push(format!("{script:?}: a shell says {shell:?}, reading it says {reading:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Some shells read their input in blocks, some by the byte; only with the latter a program eats the lines after it. A
/// reader that cannot know must expect the worse.
#[test]
fn where_shells_differ_the_worse_is_expected() {
    let exercise = exercise();
    for script in [&["cat", "run-tests"], &["sh", "run-tests"]] {
        let items = script.map(str::to_owned);
        assert_eq!(read_ends_well(&exercise, &items, DASH), (true, true), "{script:?}");
    }
}

/// Scripts of commands whose outcome is certain.
fn scripts() -> BoxedStrategy<String> {
    let words = [
        "run-tests",
        "run-tests",
        "true",
        "false",
        "echo a",
        ":",
        "exit 0",
        "exit 3",
        "set +e",
        "set -e",
        "x=$?",
    ];
    let simple = prop::sample::select(words.to_vec()).prop_map(str::to_owned).boxed();
    simple
        .prop_recursive(4, 24, 3, |inner| {
            let two = (inner.clone(), inner.clone());
            let three = (inner.clone(), inner.clone(), inner.clone());
            prop_oneof![
                (two.clone(), prop::sample::select(vec![" && ", " || ", "; ", "\n", " | "]))
                    .prop_map(|((a, b), joint)| format!("{a}{joint}{b}")),
                inner.clone().prop_map(|a| format!("({a})")),
                inner.clone().prop_map(|a| format!("{{ {a}; }}")),
                inner.clone().prop_map(|a| format!("! {{ {a}; }}")),
                three.prop_map(|(a, b, c)| format!("if {a}; then {b}; else {c}; fi")),
                two.clone().prop_map(|(a, b)| format!("if {a}; then {b}; fi")),
                two.clone().prop_map(|(a, b)| format!("{{ f() {{ {a}; }}; f; {b}; }}")),
                two.clone().prop_map(|(a, b)| format!("for i in 1 2; do {a}; done; {b}")),
                two.clone().prop_map(|(a, b)| format!("v=$( {a} ); {b}")),
                two.prop_map(|(a, b)| format!("{{ {a}; }} & wait $!; {b}")),
                inner.prop_map(|a| format!("sh -ec '{a}'")),
            ]
        })
        .prop_filter("quotes do not nest", |it| it.matches('\'').count() <= 2)
        .boxed()
}

#[test]
fn any_script_ends_as_in_a_real_shell() {
    let exercise = exercise();
    let config = Config { failure_persistence: None, ..Config::default() };
    let both = (scripts(), prop_oneof![Just(None), scripts().prop_map(Some)]);
    TestRunner::new(config)
        .run(&both, |(first, second)| {
            let items: Vec<String> = std::iter::once(first).chain(second).collect();
            let (shell, reading) = (ends_well(&items, DASH), read_ends_well(&exercise, &items, DASH));
            proptest::prop_assert_eq!(shell, reading, "{}", items.join("\n"));
            Ok(())
        })
        .unwrap_or_else(|it| panic!("{it}"));
}
