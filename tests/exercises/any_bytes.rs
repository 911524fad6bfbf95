//! Whatever the files hold, a check answers: with findings, never with a panic, and in little time.

use ciworkshop::engine::course::{Exercise, Files, check};
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof};
use proptest::test_runner::{Config, TestRunner};
use std::time::{Duration, Instant};

/// Far more than a check may take, so that a busy machine does not matter.
const PATIENCE: Duration = Duration::from_secs(2);

/// Words of which broken files are made.
const WORDS: &[&str] = &[
    "pytest",
    "pip install -r requirements.txt",
    "python -m",
    "|",
    "||",
    "&&",
    ";",
    "\n",
    "(",
    ")",
    "{ ",
    " }",
    "if ",
    "then",
    "fi",
    "else",
    "while ",
    "do ",
    "done",
    "case x in",
    "*)",
    ";;",
    "esac",
    "$(",
    "`",
    "'",
    "\"",
    "<<END",
    "END",
    "\\",
    "#",
    "&",
    "!",
    ">",
    "<",
    "x=1",
    "$x",
    "${x}",
    "${",
    "$((",
    "exit 1",
    "set +e",
    "trap ",
    "sh -c ",
    ". ./x",
    "f() ",
    "- ",
    ": ",
    "[",
    "]",
    "{",
    "}",
    "steps:",
    "  ",
    "*a",
    "&a ",
    "commands: ",
    "---\n",
    "\t",
    "é",
    "\u{fffd}",
    "%",
    "@",
    "==",
    "-r ",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let words =
        prop::collection::vec(prop::sample::select(WORDS), 0..40).prop_map(|it| it.concat().into_bytes());
    prop_oneof![words, prop::collection::vec(any::<u8>(), 0..300)]
}

/// A pipeline with any text as its commands.
fn pipeline(commands: &[u8]) -> Vec<u8> {
    let items = serde_json::to_string(&String::from_utf8_lossy(commands)).unwrap();
    let step = format!(
        "name: test, image: 'python:3.13-slim', commands: [pip install -r requirements.txt, {items}]"
    );
    format!("kind: pipeline\ntype: docker\nname: a\nsteps: [{{{step}}}]\n").into_bytes()
}

#[test]
fn any_bytes_in_any_file_are_answered() {
    let all: Vec<(Exercise, Files)> = crate::all()
        .into_iter()
        .map(|(it, answers)| {
            (it.clone(), ciworkshop::engine::course::Answers::laid_over(&it.start, &answers.solution))
        })
        .collect();
    let which = (any::<prop::sample::Index>(), any::<prop::sample::Index>());
    let how = prop_oneof![Just(0_u8), Just(1), Just(2)];
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&(which, how, text(), any::<prop::sample::Index>()), |((exercise, file), how, text, at)| {
            let (exercise, files) = exercise.get(&all);
            let mut files = files.clone();
            let path = files.keys().nth(file.index(files.len())).cloned().unwrap();
            match how {
                0 => drop(files.insert(path, text)),
                1 => drop(files.insert(".drone.yml".into(), pipeline(&text))),
                _ => {
                    let content = files.get_mut(&path).unwrap();
                    let at = at.index(content.len() + 1);
                    content.splice(at..at, text);
                }
            }
            let before = Instant::now();
            let report = check(exercise, &files);
            proptest::prop_assert!(before.elapsed() < PATIENCE, "too slow");
            for finding in &report.findings {
                let words =
                    [&finding.code, &finding.check, &finding.happened, &finding.expected, &finding.next];
                proptest::prop_assert!(words.iter().all(|it| !it.is_empty()), "{finding:?}");
            }
            Ok(())
        })
        .unwrap_or_else(|it| panic!("{it}"));
}

#[test]
fn traps_of_size_and_depth_are_answered_in_time() {
    let (exercise, answers) = crate::all().swap_remove(0);
    let start = ciworkshop::engine::course::Answers::laid_over(&exercise.start, &answers.solution);
    let deep = |open: &str, close: &str| format!("{}pytest{}", open.repeat(5_000), close.repeat(5_000));
    let many = |line: &str, times: usize| line.repeat(times);
    let traps = [
        ("nested groups", deep("(", ")")),
        ("nested substitutions", deep("$(", ")")),
        ("nested conditions", deep("if ", "; then a; fi")),
        ("endless loop", "while true; do pytest; done".into()),
        ("loops in loops", many("for i in 1 2 3 4 5 6 7 8; do ", 8) + "pytest" + &many("; done", 8)),
        ("a function that calls itself", "f() { f; f; }; f".into()),
        ("eval that grows", "x='eval $x; eval $x'; eval $x".into()),
        ("forks", many("[ -n \"$(a)\" ] && b\n", 300)),
        ("forks in functions", "f() { grep a b || grep c d; }\n".to_owned() + &many("f && f\n", 100)),
        ("many commands", many("pytest\n", 20_000)),
        ("one long word", many("a", 1_000_000)),
        ("many variables", many("x=$x$x\n", 60)),
        ("many variables from something", "x=aaaaaaaaaaaaaaaa\n".to_owned() + &many("x=\"$x$x\"\n", 60)),
        ("many here-documents", many("cat <<A <<B\n", 1_000)),
    ];
    let traps = traps.map(|(name, commands)| (name, pipeline(commands.as_bytes())));
    let step = |at: usize| {
        format!(
            "- {{name: s{at}, image: 'python:3.13', failure: ignore, commands: [pip install x, nothing/there, pytest]}}\n"
        )
    };
    let steps = (0..1_000).map(step).collect::<Vec<_>>().concat();
    let many_steps = format!("kind: pipeline\ntype: docker\nname: a\nsteps:\n{steps}").into_bytes();
    for (name, text) in traps.into_iter().chain([("many steps that fail", many_steps)]) {
        let mut files = start.clone();
        files.insert(".drone.yml".into(), text);
        let before = Instant::now();
        let report = check(&exercise, &files);
        assert!(before.elapsed() < PATIENCE, "{name}: {:?}", before.elapsed());
        assert!(report.findings.len() <= 10, "{name}");
    }
}
