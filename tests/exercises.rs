//! Proof that the exercises are worth their name: what is red at the start, what passes, what must not.

use ciworkshop::engine::course::{Course, Files};
use std::path::Path;

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

#[test]
fn the_course_reads() {
    let numbers: Vec<_> = course().exercises().map(|it| it.number.clone()).collect();
    assert_eq!(numbers, ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5"]);
}

#[test]
fn three_hints_have_80_to_160_words_in_all() {
    for exercise in course().exercises() {
        let words: usize = exercise.hints.iter().map(|it| it.split_whitespace().count()).sum();
        assert!((80..=160).contains(&words), "{}: {words} words in the hints", exercise.id);
        assert_eq!(exercise.hints.len(), 3, "{}", exercise.id);
    }
}
