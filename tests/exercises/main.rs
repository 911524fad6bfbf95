//! Proof that the exercises are worth their name: what is red at the start, what passes, what must not.

#![allow(clippy::print_stderr, reason = "what is skipped is said")]
#![allow(clippy::unwrap_used, reason = "a test that cannot read its own material has nothing to prove")]

mod any_bytes;
mod changes;
#[cfg(unix)]
mod machine;
mod mutants;
mod newcomers;
#[cfg(unix)]
mod real_shell;
mod report;
#[cfg(unix)]
mod runs;
#[cfg(unix)]
mod shell;
mod variants;

use ciworkshop::engine::course::{Answers, Course, Exercise, Files, Report, Solutions, check};
use ciworkshop::engine::diagnostic::Severity;
use ciworkshop::engine::lint::lint;
use ciworkshop::engine::source::SourceFile;
use std::collections::BTreeSet;
use std::path::Path;

use crate::changes::{Became, RIGHT_TOO, became, is_about_the_tests};

/// A folder of the repository as a value.
fn folder(name: &str) -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let mut files = Files::new();
    let mut open = vec![root.clone()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|it| it.unwrap().path()));
            continue;
        }
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        files.insert(name, std::fs::read(&path).unwrap());
    }
    files
}

fn course() -> Course {
    Course::read(&folder("exercises")).unwrap_or_else(|wrong| panic!("{}", wrong.join("\n")))
}

fn solutions() -> Solutions {
    Solutions::read(&folder("solutions")).unwrap_or_else(|wrong| panic!("{}", wrong.join("\n")))
}

/// Every exercise with its answers. Whoever writes one looks at it alone: with `CIWORKSHOP_TEST_ONLY=05_` these are the
/// exercises whose folder has that in its name.
fn all() -> Vec<(Exercise, Answers)> {
    let solutions = solutions();
    let answers =
        |it: &Exercise| solutions.of(it).cloned().unwrap_or_else(|| panic!("{}: no solutions", it.folder));
    let only = std::env::var("CIWORKSHOP_TEST_ONLY").unwrap_or_default();
    let all: Vec<_> = course().exercises().filter(|it| it.folder.contains(&only)).cloned().collect();
    assert!(!all.is_empty(), "no exercise's folder has `{only}` in its name");
    all.into_iter().map(|it| (it.clone(), answers(&it))).collect()
}

fn codes(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|it| it.code.as_str()).collect()
}

/// The whole report, for a message.
fn show(report: &Report) -> String {
    let mut lines = Vec::new();
    for it in &report.findings {
        let excerpt = it.excerpt.as_deref().unwrap_or("(no place)");
        lines.push(format!(
            "{}\n  {}\n  {}\n  -> {}\n{excerpt}\n",
            it.code, it.happened, it.expected, it.next
        ));
    }
    lines.join("")
}

/// All that does not hold, so that one run tells of everything.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn add(&mut self, holds: bool, words: impl FnOnce() -> String) {
        if !holds {
            self.0.push(words());
        }
    }

    fn none(self) {
        assert!(self.0.is_empty(), "{}", self.0.join("\n"));
    }
}

#[test]
fn the_start_gives_the_finding_it_announces_and_no_other() {
    let mut wrong = Wrong::default();
    for (exercise, _) in all() {
        let report = check(&exercise, &exercise.start);
        let expected = codes(&report) == [exercise.expect_first.as_str()];
        wrong.add(expected, || format!("{}\n{}", exercise.folder, show(&report)));
    }
    wrong.none();
}

#[test]
fn the_solution_passes() {
    let mut wrong = Wrong::default();
    for (exercise, answers) in all() {
        let report = check(&exercise, &Answers::laid_over(&exercise.start, &answers.solution));
        let passes = report.findings.is_empty() && !report.holds.is_empty();
        wrong.add(passes, || format!("{}\n{}", exercise.folder, show(&report)));
    }
    wrong.none();
}

#[test]
fn answers_that_are_written_differently_pass_too() {
    let mut wrong = Wrong::default();
    for (exercise, answers) in all() {
        assert!(answers.alternates.len() >= 2, "{}", exercise.folder);
        for (name, files) in &answers.alternates {
            let report = check(&exercise, &Answers::laid_over(&exercise.start, files));
            wrong
                .add(report.findings.is_empty(), || format!("{} {name}\n{}", exercise.folder, show(&report)));
        }
    }
    wrong.none();
}

#[test]
fn plausible_wrong_answers_fail_with_their_own_finding() {
    let mut wrong = Wrong::default();
    for (exercise, answers) in all() {
        assert!(answers.near_misses.len() >= 2, "{}", exercise.folder);
        for (name, miss) in &answers.near_misses {
            let report = check(&exercise, &Answers::laid_over(&exercise.start, &miss.files));
            // What only a run tells is looked at where there are runs.
            let own = match codes(&report).first() {
                None => miss.run,
                Some(code) => !miss.run && *code == miss.code,
            };
            wrong.add(own, || format!("{} {name}: not {}\n{}", exercise.folder, miss.code, show(&report)));
        }
    }
    wrong.none();
}

#[test]
fn right_answers_hold_nothing_that_a_program_of_drone_refuses() {
    let mut wrong = Wrong::default();
    for (exercise, answers) in all() {
        for files in answers.alternates.values().chain([&answers.solution]) {
            let files = Answers::laid_over(&exercise.start, files);
            let text = String::from_utf8(files[".drone.yml"].clone()).unwrap();
            let refused: Vec<_> = lint(&SourceFile::new(".drone.yml", text))
                .into_iter()
                .filter(|it| it.severity == Severity::Error)
                .map(|it| it.message)
                .collect();
            wrong.add(refused.is_empty(), || format!("{}: {refused:?}", exercise.folder));
        }
    }
    wrong.none();
}

#[test]
fn answers_change_only_what_may_be_changed_and_little_of_it() {
    for (exercise, answers) in all() {
        let misses = answers.near_misses.values().map(|it| &it.files);
        for files in answers.alternates.values().chain(misses).chain([&answers.solution]) {
            for path in files.keys() {
                assert!(exercise.may_edit(path), "{}: {path} is not to be edited", exercise.folder);
            }
        }
        let changed: usize = answers.solution.iter().map(|(path, new)| new_lines(&exercise, path, new)).sum();
        assert!(changed <= 25, "{}: {changed} lines change", exercise.folder);
    }
}

/// Lines of the answer that the start does not have.
fn new_lines(exercise: &Exercise, path: &str, new: &[u8]) -> usize {
    let old = exercise.start.get(path).cloned().unwrap_or_default();
    let (old, new) = (String::from_utf8(old).unwrap(), String::from_utf8(new.to_vec()).unwrap());
    let old: BTreeSet<&str> = old.lines().collect();
    new.lines().filter(|it| !it.trim_start().starts_with('#') && !old.contains(it)).count()
}

#[test]
fn three_hints_have_80_to_160_words_in_all() {
    for exercise in course().exercises() {
        let words: usize = exercise.hints.iter().map(|it| it.split_whitespace().count()).sum();
        assert!((80..=160).contains(&words), "{}: {words} words in the hints", exercise.id);
        assert_eq!(exercise.hints.len(), 3, "{}", exercise.id);
    }
}

#[test]
fn pages_times_and_numbers_are_those_of_the_book() {
    let course = course();
    let numbers: Vec<_> = course.exercises().map(|it| it.number.as_str()).collect();
    assert_eq!(
        numbers,
        [
            "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5", "3.1", "3.2", "3.3", "4.1", "4.2", "4.3",
            "4.4", "5.1", "5.2", "5.3", "6.1", "6.2", "6.3", "6.4", "7.1", "7.2", "7.3", "7.4", "7.5", "8.1",
            "8.2", "8.3", "9.1", "9.2", "9.3", "9.4", "10.1", "10.2"
        ]
    );
    for exercise in course.exercises() {
        let (page, anchor) = exercise.page.split_once('#').unwrap_or_default();
        assert_eq!(anchor, "exercise", "{}", exercise.folder);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("book/src").join(page).with_extension("md");
        assert!(path.exists(), "{}: {}", exercise.folder, path.display());
        assert!((1..=10).contains(&exercise.minutes), "{}", exercise.folder);
    }
}

#[test]
fn a_right_answer_with_one_thing_changed_is_wrong_or_does_the_same() {
    let mut wrong = Wrong::default();
    let (mut noticed, mut same, mut reordered, mut rearranged) = (0, 0, 0, 0);
    let mut used = BTreeSet::new();
    for (exercise, answers) in all() {
        let named = |(name, files): (&String, &Files)| (name.clone(), files.clone());
        let mut right: Vec<(String, Files)> = answers.alternates.iter().map(named).collect();
        right.push(("solution".into(), answers.solution.clone()));
        for (name, files) in right {
            let files = Answers::laid_over(&exercise.start, &files);
            let text = String::from_utf8(files[".drone.yml"].clone()).unwrap();
            let made = mutants::mutants(&text).into_iter().filter(|it| is_about_the_tests(&it.change, &text));
            for mutant in made {
                match became(&exercise, &name, &files, &mutant) {
                    Became::Noticed => noticed += 1,
                    Became::Same => same += 1,
                    Became::Reordered => reordered += 1,
                    Became::Rearranged => rearranged += 1,
                    Became::RightToo(at) => drop(used.insert(at)),
                    Became::Missed => wrong.add(false, || {
                        format!(
                            "{} {name}: {} is not noticed\n{}",
                            exercise.folder, mutant.change, mutant.text
                        )
                    }),
                }
            }
        }
    }
    println!(
        "{noticed} changes are noticed, {same} do the same, {rearranged} in another order, {reordered} publish the same"
    );
    let numbers: BTreeSet<String> = all().into_iter().map(|it| it.0.number).collect();
    for (at, it) in RIGHT_TOO.iter().enumerate().filter(|it| numbers.contains(it.1.0)) {
        wrong.add(used.contains(&at), || format!("no change needs {it:?} any more"));
    }
    assert!(noticed > 10 * same, "{noticed} noticed, {same} the same");
    wrong.none();
}
