//! The files that an exercise protects, compared with its start.

use crate::course::{Exercise, Files, Finding};

/// One finding for all protected files that are missing or changed.
pub(super) fn findings(exercise: &Exercise, files: &Files) -> Vec<Finding> {
    let protected = exercise.start.iter().filter(|(path, _)| !exercise.may_edit(path));
    let differs = protected.filter_map(|(path, start)| match files.get(path) {
        None if is_config(path) => None,
        None => Some(format!("`{path}` is missing")),
        Some(now) if !same_lines(now, start) => Some(format!("`{path}` has changed")),
        Some(_) => None,
    });
    let differs: Vec<String> = differs.collect();
    if differs.is_empty() {
        return Vec::new();
    }
    let editable = exercise.edit.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    vec![Finding {
        code: "CW-guarded-file".into(),
        check: "The files that are not part of the exercise are as they were.".into(),
        happened: format!("In this folder {}.", differs.join(", ")),
        expected: format!("The project itself stays as it is: this exercise is about {editable}."),
        next: "Undo that change, or run `ciworkshop reset`, which keeps a backup of your files.".into(),
        place: None,
        excerpt: None,
    }]
}

/// Without `.drone.yml` there is a finding of its own.
fn is_config(path: &str) -> bool {
    path == super::CONFIG
}

/// Editors and git on Windows may change the ends of lines; that changes nothing here.
fn same_lines(a: &[u8], b: &[u8]) -> bool {
    let plain = |it: &[u8]| it.iter().copied().filter(|byte| *byte != b'\r').collect::<Vec<_>>();
    a == b || plain(a) == plain(b)
}
