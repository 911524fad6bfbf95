//! The exercises and their answers → `exercises.md`: what is proved of each, in numbers.

use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

use super::{Became, all, became, mutants};
use ciworkshop::engine::course::{Answers, CheckKind, Exercise};

const HEAD: &str = "# What is proved of each exercise

Made by `UPDATE_EXPECT=1 cargo nextest run --test exercises report`; the test compares all but the seconds, which are those of
a debug build on the machine that wrote this. Of the solution every key, list item and value is deleted, swapped or turned
elsewhere, one at a time. Each such change must be noticed, or be shown to do the same: by the planner, by a real shell, or as another right answer.
Beyond these numbers: the start gives the one finding that it announces, the solution and the alternates pass, each near-miss
fails with its own finding, and the declared runs are really made (`runs::`), green on the project and red on its twins.

| exercise | alternates | near-misses | runs | deleted | noticed | the same | other changes | noticed | the same | seconds |
| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |
";

/// Changes of one kind.
#[derive(Default)]
struct Count {
    made: usize,
    noticed: usize,
    same: usize,
}

#[test]
fn the_report_tells_what_is_proved() {
    if std::env::var_os("CIWORKSHOP_TEST_ONLY").is_some() {
        return eprintln!("skipped: the report is about all exercises");
    }
    let mut report = HEAD.to_owned();
    for (exercise, answers) in all() {
        report.push_str(&row(&exercise, &answers));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exercises/exercises.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &report).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(without_seconds(&kept), without_seconds(&report), "UPDATE_EXPECT=1 writes it anew");
}

fn row(exercise: &Exercise, answers: &Answers) -> String {
    let begun = Instant::now();
    let [deleted, other] = changes(exercise, answers);
    for count in [&deleted, &other] {
        assert_eq!(count.made, count.noticed + count.same, "{}", exercise.folder);
    }
    let runs = exercise.checks.iter().filter(|it| matches!(it.kind, CheckKind::Run(_))).count();
    let mut row = String::new();
    let _ = writeln!(
        row,
        "| {} {} | {} | {} | {runs} | {} | {} | {} | {} | {} | {} | {:.1} |",
        exercise.number,
        exercise.title,
        answers.alternates.len(),
        answers.near_misses.len(),
        deleted.made,
        deleted.noticed,
        deleted.same,
        other.made,
        other.noticed,
        other.same,
        begun.elapsed().as_secs_f64()
    );
    row
}

/// What becomes of the solution with one thing deleted, and with one thing changed.
fn changes(exercise: &Exercise, answers: &Answers) -> [Count; 2] {
    let files = Answers::laid_over(&exercise.start, &answers.solution);
    let text = String::from_utf8(files[".drone.yml"].clone()).unwrap();
    let mut counts = [Count::default(), Count::default()];
    let made = mutants::mutants(&text).into_iter().filter(|it| super::is_about_the_tests(&it.change, &text));
    for mutant in made {
        let count = &mut counts[usize::from(!mutant.change.starts_with("delete "))];
        count.made += 1;
        match became(exercise, "solution", &files, &mutant) {
            Became::Noticed => count.noticed += 1,
            Became::Missed => {}
            _ => count.same += 1,
        }
    }
    counts
}

fn without_seconds(report: &str) -> Vec<&str> {
    report
        .lines()
        .map(|it| match it.strip_suffix(" |").and_then(|it| it.rsplit_once(" | ")) {
            Some((all, _)) if it.starts_with("| ") => all,
            _ => it,
        })
        .collect()
}
