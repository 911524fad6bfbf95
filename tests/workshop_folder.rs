//! Laying the workshop folder down, again, and with another version of the course: nothing of a participant's is lost.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on should say where")]

mod support;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use ciworkshop::engine::course::MarkState;
use ciworkshop::workshop::{Change, Material, Start, Workshop, find, lay_down};
use support::{PIPELINE, RIGHT, Told, UNANSWERED, course, told, tree};

fn with_pipeline(text: &str) -> Arc<Material> {
    course(&[Told {
        folder: "01_a/01_b",
        id: "first",
        start: vec![(".drone.yml", text.to_owned()), ("data.csv", "1,2\n".into())],
    }])
}

fn sentences(changes: &[Change]) -> Vec<String> {
    changes.iter().map(Change::sentence).collect()
}

#[test]
fn a_new_folder_gets_the_exercises_a_readme_and_editor_settings_but_no_definition() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("workshop");
    let laid = lay_down(&root, &with_pipeline(PIPELINE)).unwrap();
    assert_eq!((laid.start, laid.changes), (Start::New, vec![]));
    let files = tree(&root, &[".ciworkshop"]);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let exercise =
        ["exercises/01_a/01_b/.drone.yml", "exercises/01_a/01_b/answers.yml", "exercises/01_a/01_b/data.csv"];
    let top = [".editorconfig", ".vscode/drone.schema.json", ".vscode/settings.json", "README.md"];
    assert_eq!(names, [&top[..], &exercise].concat());
    assert!(files["README.md"].contains("1.1 The title of first: `exercises/01_a/01_b`"));
}

#[test]
fn laying_down_twice_changes_nothing_and_keeps_every_edit() {
    let folder = tempfile::tempdir().unwrap();
    let (root, material) = (folder.path().join("workshop"), with_pipeline(PIPELINE));
    lay_down(&root, &material).unwrap();
    fs::write(root.join("exercises/01_a/01_b/answers.yml"), RIGHT).unwrap();
    fs::write(root.join("exercises/01_a/01_b/notes.txt"), "mine").unwrap();
    fs::remove_file(root.join("exercises/01_a/01_b/data.csv")).unwrap();
    fs::write(root.join("README.md"), "mine").unwrap();
    let before = tree(&root, &[]);
    let laid = lay_down(&root, &material).unwrap();
    assert_eq!((laid.start, laid.changes), (Start::Resumed, vec![]));
    assert_eq!(tree(&root, &[]), before);
}

#[test]
fn an_exercise_folder_that_is_gone_is_laid_down_again() {
    let folder = tempfile::tempdir().unwrap();
    let (root, material) = (folder.path().join("workshop"), with_pipeline(PIPELINE));
    lay_down(&root, &material).unwrap();
    let before = tree(&root, &[]);
    fs::remove_dir_all(root.join("exercises/01_a")).unwrap();
    let laid = lay_down(&root, &material).unwrap();
    assert_eq!(sentences(&laid.changes).len(), 3);
    assert_eq!(tree(&root, &[]), before);
}

#[test]
fn a_folder_with_other_things_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.tex"), "words").unwrap();
    let trouble = lay_down(folder.path(), &with_pipeline(PIPELINE)).unwrap_err();
    assert!(trouble.message.contains("already holds other things (thesis.tex)"), "{trouble}");
    assert_eq!(tree(folder.path(), &[]).len(), 1);
    let file = folder.path().join("thesis.tex");
    let trouble = lay_down(&file, &with_pipeline(PIPELINE)).unwrap_err();
    assert!(trouble.message.contains("is a file; the workshop needs a folder"), "{trouble}");
}

#[test]
fn an_empty_folder_and_a_fresh_git_repository_are_accepted() {
    for extra in [None, Some(".git")] {
        let folder = tempfile::tempdir().unwrap();
        if let Some(extra) = extra {
            fs::create_dir(folder.path().join(extra)).unwrap();
        }
        assert_eq!(lay_down(folder.path(), &with_pipeline(PIPELINE)).unwrap().start, Start::New);
    }
}

#[test]
fn a_start_that_was_interrupted_is_completed() {
    let folder = tempfile::tempdir().unwrap();
    let (root, material) = (folder.path().join("workshop"), with_pipeline(PIPELINE));
    lay_down(&root, &material).unwrap();
    let whole = tree(&root, &[]);
    fs::remove_file(root.join(".ciworkshop/course.json")).unwrap();
    fs::remove_dir_all(root.join(".ciworkshop/originals")).unwrap();
    fs::remove_file(root.join("exercises/01_a/01_b/answers.yml")).unwrap();
    assert!(
        Workshop::open(&root, Arc::clone(&material))
            .unwrap_err()
            .message
            .contains("not laid down completely")
    );
    lay_down(&root, &material).unwrap();
    assert_eq!(tree(&root, &[]), whole);
}

/// The participant's file, the new version's, what stands there afterwards, and the word for it.
#[test]
fn a_new_version_is_merged_with_what_the_participant_wrote() {
    let pinned = PIPELINE.replace("image: python", "image: python:3.13");
    let renamed = PIPELINE.replace("name: default", "name: build");
    let retyped = PIPELINE.replace("name: default", "type: docker\nname: default");
    let both = retyped.replace("image: python", "image: python:3.13");
    let cases = [
        ("untouched", PIPELINE, retyped.as_str(), retyped.as_str(), "updated"),
        ("edited elsewhere", &pinned, &retyped, &both, "merged"),
        ("edited the same line", &renamed, &retyped, &renamed, "kept"),
        ("already there", &retyped, &retyped, &retyped, ""),
    ];
    for (name, mine, new, expected, word) in cases {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("workshop");
        lay_down(&root, &with_pipeline(PIPELINE)).unwrap();
        let file = root.join("exercises/01_a/01_b/.drone.yml");
        fs::write(&file, mine).unwrap();
        let laid = lay_down(&root, &with_pipeline(new)).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), expected, "{name}");
        let told = sentences(&laid.changes);
        let fits =
            |it: &[String]| it.first().map_or(word.is_empty(), |it| it.starts_with(word) && !word.is_empty());
        assert!(fits(&told), "{name}: {told:?}");
        check_aside(&root, &laid.changes, mine, new);
        let again = lay_down(&root, &with_pipeline(new)).unwrap();
        assert_eq!(again.changes, [], "{name}: once is enough");
    }
}

/// A merged file has its backup, and a file that was kept has the new one beside it.
fn check_aside(root: &Path, changes: &[Change], mine: &str, new: &str) {
    for change in changes {
        match change {
            Change::Merged { backup, .. } => assert_eq!(fs::read_to_string(root.join(backup)).unwrap(), mine),
            Change::Kept { new: aside, .. } => assert_eq!(fs::read_to_string(root.join(aside)).unwrap(), new),
            _ => {}
        }
    }
}

#[test]
fn exercises_that_change_places_take_the_participants_files_and_progress_along() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("workshop");
    let old = course(&[told("01_a/01_one", "one"), told("01_a/02_two", "two"), told("01_a/03_gone", "gone")]);
    lay_down(&root, &old).unwrap();
    fs::write(root.join("exercises/01_a/01_one/answers.yml"), RIGHT).unwrap();
    fs::write(root.join("exercises/01_a/03_gone/notes.txt"), "mine").unwrap();
    let workshop = Workshop::open(&root, Arc::clone(&old)).unwrap();
    workshop.skip(&workshop.exercise("one").unwrap()).unwrap();

    let new =
        course(&[told("01_a/01_two", "two"), told("01_a/02_one", "one"), told("01_a/03_three", "three")]);
    let laid = lay_down(&root, &new).unwrap();
    let answers =
        |folder: &str| fs::read_to_string(root.join("exercises/01_a").join(folder).join("answers.yml"));
    assert_eq!(answers("02_one").unwrap(), RIGHT);
    assert_eq!(answers("01_two").unwrap(), UNANSWERED);
    assert_eq!(answers("03_three").unwrap(), UNANSWERED);
    assert_eq!(fs::read_to_string(root.join("exercises/01_a/03_gone/notes.txt")).unwrap(), "mine");
    assert!(answers("01_one").is_err() && answers("02_two").is_err());
    let workshop = Workshop::open(&root, new).unwrap();
    assert_eq!(workshop.progress().unwrap().state("one"), MarkState::Skipped);
    let told = sentences(&laid.changes).join("\n");
    for words in [
        "moved    exercises/01_a/01_one to",
        "added    exercises/01_a/03_three",
        "which the course no longer has",
    ] {
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn two_exercises_that_swap_names_keep_their_own_files() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("workshop");
    lay_down(&root, &course(&[told("01_a/01_x", "one"), told("01_a/02_y", "two")])).unwrap();
    fs::write(root.join("exercises/01_a/01_x/notes.txt"), "of one").unwrap();
    fs::write(root.join("exercises/01_a/02_y/notes.txt"), "of two").unwrap();
    lay_down(&root, &course(&[told("01_a/01_x", "two"), told("01_a/02_y", "one")])).unwrap();
    assert_eq!(fs::read_to_string(root.join("exercises/01_a/01_x/notes.txt")).unwrap(), "of two");
    assert_eq!(fs::read_to_string(root.join("exercises/01_a/02_y/notes.txt")).unwrap(), "of one");
}

#[test]
fn an_exercise_that_left_makes_room_for_one_of_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("workshop");
    lay_down(&root, &course(&[told("01_a/01_x", "old")])).unwrap();
    fs::write(root.join("exercises/01_a/01_x/answers.yml"), RIGHT).unwrap();
    lay_down(&root, &course(&[told("01_a/01_x", "new")])).unwrap();
    assert_eq!(fs::read_to_string(root.join("exercises/01_a/01_x/answers.yml")).unwrap(), UNANSWERED);
    assert_eq!(fs::read_to_string(root.join("exercises/01_a/01_x-old-1/answers.yml")).unwrap(), RIGHT);
}

#[test]
fn a_folder_of_a_newer_program_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let (root, material) = (folder.path().join("workshop"), with_pipeline(PIPELINE));
    lay_down(&root, &material).unwrap();
    let record = root.join(".ciworkshop/course.json");
    let text = fs::read_to_string(&record).unwrap();
    fs::write(&record, text.replace(env!("CARGO_PKG_VERSION"), "99.0.0")).unwrap();
    let before = tree(&root, &[]);
    for trouble in
        [lay_down(&root, &with_pipeline("other")).unwrap_err(), Workshop::open(&root, material).unwrap_err()]
    {
        assert!(trouble.message.contains("belongs to a newer ciworkshop, 99.0.0"), "{trouble}");
    }
    assert_eq!(tree(&root, &[]), before);
}

#[test]
fn the_workshop_is_found_from_inside_and_from_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("workshop");
    assert_eq!(find(folder.path()), None);
    lay_down(&root, &with_pipeline(PIPELINE)).unwrap();
    for from in [folder.path(), &root, &root.join("exercises/01_a/01_b")] {
        assert_eq!(find(from).as_deref(), Some(root.as_path()), "{}", from.display());
    }
}
