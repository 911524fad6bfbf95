//! `ciworkshop explain` as a person and as a program call it: pages, the list, JSON, and codes that no rule has.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use std::path::Path;

use ciworkshop::engine::diagnostic::render;
use ciworkshop::engine::lint::{Rule, lint, rules};
use ciworkshop::engine::source::SourceFile;
use serde_json::Value;
use support::{Answer, program, run};

fn explain(arguments: &[&str]) -> Answer {
    let arguments: Vec<&str> = ["explain"].iter().chain(arguments).copied().collect();
    run(Path::new("."), &arguments)
}

/// Every line to the right of `indent` columns.
fn indented(text: &str, indent: usize) -> String {
    let line = |it: &str| if it.is_empty() { "\n".to_owned() } else { format!("{:indent$}{it}\n", "") };
    text.lines().map(line).collect()
}

/// Every rule whose example is a text, with that example.
fn with_example() -> impl Iterator<Item = (&'static Rule, SourceFile)> {
    rules::ALL.iter().filter_map(|it| Some((it, SourceFile::new(".drone.yml", it.before()?))))
}

#[test]
fn every_rule_is_explained_with_its_text_and_its_examples_as_they_stand() {
    for rule in rules::ALL {
        let answer = explain(&[rule.code]);
        assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{answer:?}");
        let title = format!("{} ({})\n\n", rule.code, rule.severity.word());
        assert!(answer.out.starts_with(&title), "{}", answer.out);
        for example in [rule.before(), rule.after()].into_iter().flatten() {
            assert!(answer.out.contains(&indented(example, 4)), "{}\n{example}", answer.out);
        }
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(&answer.out).contains(&rule.summary()), "{}", answer.out);
        for mark in ["\n#", "```", "\u{1b}", "\n\n\n", " \n"] {
            assert!(!answer.out.contains(mark), "{mark:?} in\n{}", answer.out);
        }
    }
}

/// What `ciworkshop check` shows as a code, `explain` knows.
#[test]
fn the_code_of_a_finding_is_explained_with_what_the_course_says_of_it() {
    let answer = explain(&["CW-hidden-red"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{answer:?}");
    assert!(answer.out.starts_with("CW-hidden-red (finding of an exercise)\n"), "{}", answer.out);
    assert!(answer.out.contains("Only the exit code"), "{}", answer.out);
    let answer = explain(&["CW-not-followed", "--format", "json"]);
    let view: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(view["finding"], "CW-not-followed");
    assert!(view["says"][0]["next"].as_str().unwrap().contains("really run"), "{view}");
    assert_eq!(explain(&["CW-nothing-of-the-kind"]).code, 2);
}

#[test]
fn below_the_example_stands_what_the_linter_says_of_it() {
    for (rule, source) in with_example() {
        let found = lint(&source);
        let said: Vec<String> = found.iter().map(|it| indented(&render(it, &source, false), 4)).collect();
        let out = explain(&[rule.code]).out;
        let due = format!("  `ciworkshop lint` says:\n\n{}", said.join("\n"));
        let at = out.find(&due).unwrap_or_else(|| panic!("{due}\nis not in\n{out}"));
        let (before, after) = (out.find("\nBefore\n").unwrap(), out.find("\nAfter\n").unwrap());
        assert!(before < at && at < after, "{out}");
    }
}

#[test]
fn a_page_is_as_wide_as_one_wants_it_and_examples_stay_whole() {
    let wide = |columns: &str, code: &str| {
        let answer =
            program(Path::new(".")).args(["explain", code]).env("COLUMNS", columns).output().unwrap();
        Answer::from(answer).out
    };
    for rule in rules::ALL {
        let page = wide("60", rule.code);
        let text = page.lines().filter(|it| !it.starts_with("    "));
        for line in text {
            assert!(line.chars().count() <= 60, "{line}");
        }
    }
    let longest =
        |it: &str| it.lines().filter(|it| !it.starts_with("    ")).map(|it| it.chars().count()).max();
    let usual = explain(&["missing-kind"]).out;
    assert!(longest(&usual) > Some(80) && longest(&usual) <= Some(100), "{usual}");
    assert_eq!(wide("300", "missing-kind"), usual, "no wider than the program's help");
}

#[test]
fn colour_marks_the_headings_and_changes_no_word() {
    let coloured =
        program(Path::new(".")).args(["explain", "missing-image"]).env("CLICOLOR_FORCE", "1").output();
    let coloured = Answer::from(coloured.unwrap()).out;
    assert!(coloured.contains("\u{1b}[1mWhy it matters\u{1b}[0m\n"), "{coloured}");
    let plain: String = coloured
        .split('\u{1b}')
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split_once('m').unwrap().1 })
        .collect();
    assert_eq!(plain, explain(&["missing-image"]).out);
}

#[test]
fn several_pages_come_in_the_order_asked_for() {
    let both = explain(&["yaml-syntax", "missing-image"]).out;
    assert_eq!(both, format!("{}\n{}", explain(&["yaml-syntax"]).out, explain(&["missing-image"]).out));
}

#[test]
fn without_a_code_every_rule_has_its_line_and_the_worst_come_first() {
    let out = explain(&[]).out;
    let lines: Vec<&str> = out.lines().collect();
    for rule in rules::ALL {
        let own = lines.iter().filter(|it| it.split_whitespace().nth(1) == Some(rule.code));
        let own: Vec<_> = own.collect();
        assert_eq!(own.len(), 1, "{}\n{out}", rule.code);
        assert!(own[0].starts_with(rule.severity.word()) && own[0].contains(rule.summary().trim_end()));
    }
    let rank = |line: &&&str| ["error ", "warning ", "hint "].iter().position(|it| line.starts_with(it));
    let ranks: Vec<usize> = lines.iter().filter_map(|it| rank(&it)).collect();
    assert!(ranks.len() == rules::ALL.len() && ranks.is_sorted(), "{out}");
    assert!(out.ends_with("\n\n`ciworkshop explain CODE` shows the page of a rule.\n"), "{out}");
}

#[test]
fn programs_get_one_line_a_rule() {
    let all = explain(&["--format", "json"]);
    let some = explain(&["--format", "json", "yaml-encoding", "missing-image"]);
    let views = |answer: &Answer| -> Vec<Value> {
        answer
            .out
            .lines()
            .map(|it| serde_json::from_str(it).unwrap_or_else(|error| panic!("{error}: {it}")))
            .collect()
    };
    let (all, some) = (views(&all), views(&some));
    let codes: Vec<&str> = all.iter().map(|it| it["code"].as_str().unwrap()).collect();
    assert_eq!(codes, rules::ALL.iter().map(|it| it.code).collect::<Vec<_>>());
    for (view, rule) in all.iter().zip(rules::ALL) {
        assert_eq!(view["version"], 1);
        assert_eq!((&view["page"], &view["summary"]), (&rule.page.into(), &rule.summary().into()));
        assert_eq!(view["severity"], rule.severity.word());
        assert_eq!((&view["before"], &view["after"]), (&rule.before().into(), &rule.after().into()));
    }
    assert_eq!(some.len(), 2);
    assert_eq!((&some[0]["code"], &some[0]["before"]), (&"yaml-encoding".into(), &Value::Null));
    assert_eq!(some[1]["code"], "missing-image");
}

#[test]
fn a_code_that_no_rule_has_is_wrong_usage_with_a_suggestion() {
    let cases = [
        ("mising-image", "help: did you mean `missing-image`?"),
        ("Missing-Image", "help: did you mean `missing-image`?"),
        ("missing_image", "help: did you mean `missing-image`?"),
        ("wednesday", "help: `ciworkshop explain` lists all rules"),
        ("", "help: `ciworkshop explain` lists all rules"),
    ];
    for (code, help) in cases {
        for arguments in [vec![code], vec!["legacy", code], vec![code, "--format", "json"]] {
            let answer = explain(&arguments);
            assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{answer:?}");
            assert_eq!(answer.err, format!("error: there is no rule and no key `{code}`\n{help}\n"));
        }
    }
}

#[test]
fn a_key_is_explained_for_each_place_that_it_may_stand_in() {
    let folder = tempfile::tempdir().unwrap();
    let text = run(folder.path(), &["explain", "depends_on", "image"]);
    assert_eq!(text.code, 0);
    assert!(
        text.out.starts_with("depends_on (key)\n  in the pipeline: Names of pipelines above this one"),
        "{}",
        text.out
    );
    assert!(text.out.contains("  in a service, a step: Names of steps above this one"), "{}", text.out);
    let json = run(folder.path(), &["explain", "depends_on", "--format", "json"]).json();
    assert_eq!((&json["version"], &json["key"]), (&1.into(), &"depends_on".into()));
    assert_eq!(json["places"][0]["in"], "the pipeline");
    let slip = run(folder.path(), &["explain", "depend_on"]);
    assert_eq!(slip.code, 2);
    assert!(slip.err.contains("did you mean `depends_on`?"), "{}", slip.err);
}
