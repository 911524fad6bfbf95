//! Whatever stands in the workshop folder: a clear message with the next step, the right exit code, nothing lost.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on should say where")]

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use support::{Answer, Desk, run, tree};

fn progress_of(desk: &Desk) -> std::path::PathBuf {
    desk.root.join(".ciworkshop/progress.json")
}

#[test]
fn progress_cut_in_half_is_kept_aside_and_passes_are_found_again() {
    let desk = Desk::new();
    desk.solve("02_one_file/01_first_pipeline");
    desk.run(&["check", "2.1"]);
    desk.run(&["skip", "1.2"]);
    let text = fs::read_to_string(progress_of(&desk)).unwrap();
    let half = &text[..text.len() / 2];
    fs::write(progress_of(&desk), half).unwrap();
    let answer = desk.run(&["list"]);
    assert_eq!(answer.code, 0, "{answer:?}");
    assert!(answer.out.contains("ok   2.1") && answer.out.contains("skip 1.2"), "{answer:?}");
    for words in ["progress-broken-1.json", "1 passed"] {
        assert!(answer.err.contains(words), "{words}: {answer:?}");
    }
    let aside = desk.root.join(".ciworkshop/progress-broken-1.json");
    assert_eq!(fs::read_to_string(aside).unwrap(), half);
    assert_eq!(desk.run(&["list"]).err, "", "it is said once");
}

#[test]
fn passes_are_found_again_even_without_the_copy() {
    let desk = Desk::new();
    desk.solve("02_one_file/01_first_pipeline");
    desk.run(&["check", "2.1"]);
    fs::write(desk.root.join(".ciworkshop/progress-copy.json"), "{").unwrap();
    fs::write(progress_of(&desk), "{").unwrap();
    let answer = desk.run(&["list"]);
    assert!(answer.out.contains("ok   2.1") && answer.err.contains("1 passed"), "{answer:?}");
}

#[test]
fn whatever_the_progress_file_holds_no_command_breaks_and_the_bytes_are_kept() {
    let brackets = vec![b'['; 50_000];
    let contents: [&[u8]; 7] = [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"{\"version\": 1, \"exercises\": 3}",
        &[0xff, 0xfe, 0x00],
        brackets.as_slice(),
    ];
    for content in contents {
        let desk = Desk::new();
        fs::write(progress_of(&desk), content).unwrap();
        let answer = desk.run(&["hint"]);
        assert_eq!(answer.code, 0, "{answer:?}");
        assert_eq!(fs::read(desk.root.join(".ciworkshop/progress-broken-1.json")).unwrap(), content);
        assert_eq!(desk.run(&["task", "--format", "json"]).json()["hints"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn a_workshop_of_a_newer_program_is_refused_by_every_command_and_left_alone() {
    let desk = Desk::new();
    let record = desk.root.join(".ciworkshop/course.json");
    let text = fs::read_to_string(&record).unwrap();
    let newer_progress = r#"{"version": 99}"#;
    let spoilers: [(&Path, String); 3] = [
        (&record, text.replace("\"version\": 1", "\"version\": 2")),
        (&record, text.replace(env!("CARGO_PKG_VERSION"), "99.1.0")),
        (&progress_of(&desk), newer_progress.to_owned()),
    ];
    for (path, content) in spoilers {
        let original = fs::read(path).ok();
        fs::write(path, content).unwrap();
        let before = tree(&desk.root, &[".ciworkshop/lock"]);
        for arguments in [&["check"][..], &["hint"], &["list"], &["reset"], &["start", "--no-open"]] {
            let answer = desk.run(arguments);
            assert_eq!(answer.code, 3, "{arguments:?}: {answer:?}");
            assert!(answer.err.contains("newer ciworkshop") && answer.err.contains("help: "), "{answer:?}");
        }
        assert_eq!(tree(&desk.root, &[".ciworkshop/lock"]), before);
        match original {
            Some(original) => fs::write(path, original).unwrap(),
            None => fs::remove_file(path).unwrap(),
        }
    }
}

#[test]
fn the_pipeline_may_be_gone_empty_binary_or_endless_brackets() {
    let desk = Desk::new();
    let pipeline = desk.root.join("exercises/02_one_file/01_first_pipeline/.drone.yml");
    let brackets = "[".repeat(100_000);
    let line = format!("a: {}\n", "x".repeat(64 * 1024));
    let contents: [Option<&[u8]>; 6] = [
        None,
        Some(b""),
        Some(&[0xff, 0x00, 0xc3]),
        Some(brackets.as_bytes()),
        Some(line.as_bytes()),
        Some(b"\0"),
    ];
    for content in contents {
        match content {
            Some(content) => fs::write(&pipeline, content).unwrap(),
            None => drop(fs::remove_file(&pipeline)),
        }
        let answer = desk.run(&["check", "2.1"]);
        assert_eq!(answer.code, 1, "{content:?}");
        assert!(answer.out.starts_with("no   2.1") && answer.out.contains("next:"), "{}", answer.out);
        assert!(answer.out.len() < 20_000, "the excerpt stays readable: {} bytes", answer.out.len());
    }
}

#[test]
fn a_folder_where_a_file_is_due_is_named_and_reset_puts_it_aside() {
    let desk = Desk::new();
    let pipeline = desk.first().join(".drone.yml");
    fs::remove_file(&pipeline).unwrap();
    fs::create_dir(&pipeline).unwrap();
    fs::write(pipeline.join("notes.txt"), "mine").unwrap();
    let answer = desk.run(&["check"]);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(answer.err.contains("is a folder; the exercise needs a file there"), "{answer:?}");
    assert!(answer.err.contains("ciworkshop reset"), "{answer:?}");
    let backup = desk.run(&["reset", "--format", "json"]).json()["backup"].as_str().unwrap().to_owned();
    assert!(pipeline.is_file());
    assert_eq!(fs::read_to_string(Path::new(&backup).join(".drone.yml/notes.txt")).unwrap(), "mine");
}

#[test]
fn an_exercise_folder_that_is_gone_is_named_and_reset_brings_it_back() {
    let desk = Desk::new();
    fs::remove_dir_all(desk.first()).unwrap();
    let answer = desk.run(&["check", "1.1"]);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(answer.err.contains("is not there") && answer.err.contains("ciworkshop reset"), "{answer:?}");
    assert_eq!(desk.run(&["list"]).code, 0);
    assert_eq!(desk.run(&["reset", "1.1"]).code, 0);
    assert!(desk.first().join("tests/test_sales.py").is_file());
}

#[test]
fn a_folder_that_was_laid_down_by_halves_names_start() {
    let desk = Desk::new();
    for content in [None, Some("{\"version\": 1, \"program\"")] {
        let record = desk.root.join(".ciworkshop/course.json");
        match content {
            Some(content) => fs::write(&record, content).unwrap(),
            None => fs::remove_file(&record).unwrap(),
        }
        let answer = desk.run(&["check"]);
        assert_eq!(answer.code, 3, "{answer:?}");
        assert!(answer.err.contains("`ciworkshop start` in that folder completes it"), "{answer:?}");
    }
}

#[test]
fn start_refuses_a_folder_with_other_things_and_a_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.tex"), "words").unwrap();
    for (target, words) in [(".", "already holds other things (thesis.tex)"), ("thesis.tex", "is a file")] {
        let answer = run(folder.path(), &["start", target, "--no-open"]);
        assert_eq!(answer.code, 3, "{answer:?}");
        assert!(
            answer.err.contains(words) && answer.err.contains("ciworkshop start my-workshop"),
            "{answer:?}"
        );
    }
    assert_eq!(tree(folder.path(), &[]).len(), 1);
}

/// The program with no room for another byte in any file: as on a full disk, every write fails.
#[cfg(target_os = "linux")]
fn run_without_space(folder: &Path, arguments: &str) -> Answer {
    let script = format!("trap '' XFSZ; ulimit -f 0; exec {} {arguments}", env!("CARGO_BIN_EXE_ciworkshop"));
    let mut command = Command::new("sh");
    command.args(["-c", &script]).current_dir(folder).stdin(Stdio::null());
    Answer::from(command.output().unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_the_old_progress_stays() {
    let desk = Desk::new();
    desk.run(&["skip", "1.2"]);
    fs::write(desk.first().join(".drone.yml"), "mine: 1\n").unwrap();
    let before = tree(&desk.root, &[]);
    for command in ["hint", "check", "skip", "reset", "next"] {
        let answer = run_without_space(&desk.root, command);
        assert_eq!(answer.code, 3, "{command}: {answer:?}");
        assert!(answer.err.contains("cannot be written: file too large"), "{command}: {answer:?}");
        assert!(answer.err.contains("free some space"), "{command}: {answer:?}");
        assert_eq!(tree(&desk.root, &[]), before, "{command}");
        assert!(command != "check" || answer.out.starts_with("no   1.1"), "the verdict is shown: {answer:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_start_on_a_full_disk_is_said_and_can_be_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let answer = run_without_space(folder.path(), "start --no-open");
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(answer.err.contains("free some space"), "{answer:?}");
    let live = support::live::Live::json(folder.path(), &["start", "--no-open", "--port", "0"]);
    live.event("address");
    let files = tree(&folder.path().join("workshop"), &[]);
    for path in [".editorconfig", "README.md", "exercises/02_one_file/02_indentation/.drone.yml"] {
        assert!(!files[path].is_empty(), "{path}: a file that was cut off is completed");
    }
}

/// Folders that nobody may write to: `/proc` even where the tests run as root.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let answer = run(Path::new("/"), &["start", "/proc/workshop", "--no-open"]);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(answer.err.contains("/proc/workshop") && answer.err.contains("help: "), "{answer:?}");
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    let pipeline = desk.first().join(".drone.yml");
    fs::set_permissions(&pipeline, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&pipeline).is_ok() {
        println!("skipped: this user may read everything");
        return;
    }
    let answer = desk.run(&["check"]);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(answer.err.contains(".drone.yml cannot be read: permission denied"), "{answer:?}");
}

#[cfg(unix)]
#[test]
fn a_progress_file_that_is_a_folder_is_named() {
    let desk = Desk::new();
    fs::create_dir(progress_of(&desk)).unwrap();
    let answer = desk.run(&["hint"]);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(answer.err.contains("progress.json cannot be read"), "{answer:?}");
}
