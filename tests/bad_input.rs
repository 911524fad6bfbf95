//! Files and outputs that go wrong → `plan`, `lint` and `verdict` say so in time, with the path and the next step, and
//! with the right exit code. What is the participant's stays as it is.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use support::{Answer, Desk, program, run};

const READERS: [&str; 3] = ["plan", "lint", "verdict"];

const GOOD: &str = "kind: pipeline\ntype: docker\nname: test\n\nsteps:\n- name: test\n  image: python:3.12\n  commands: [pytest]\n";

fn folder_with(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// A problem is said on standard error, with the path and a next step.
fn assert_said(answer: &Answer, path: &str, words: &str) {
    assert_eq!(answer.code, 3, "{answer:?}");
    let lines: Vec<&str> = answer.err.lines().collect();
    assert_eq!(lines.len(), 2, "{answer:?}");
    assert!(
        lines[0].starts_with("error: ") && lines[0].contains(path) && lines[0].contains(words),
        "{answer:?}"
    );
    assert!(lines[1].starts_with("help: ") && lines[1].len() > 12, "{answer:?}");
}

#[test]
fn a_missing_file_and_a_folder_are_named_with_the_next_step() {
    let folder = folder_with(&[("plain", b"a: b\n")]);
    fs::create_dir(folder.path().join("ci")).unwrap();
    for command in READERS {
        assert_said(&run(folder.path(), &[command, "ci/none.yml"]), "ci/none.yml", "does not exist");
        assert_said(&run(folder.path(), &[command, "ci"]), "ci", "is a folder");
        assert_said(&run(folder.path(), &[command, "plain/.drone.yml"]), "plain/.drone.yml", "");
        assert_said(&run(folder.path(), &[command]), ".drone.yml", "there is no");
    }
}

#[test]
#[cfg(unix)]
fn a_file_without_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder_with(&[("closed.yml", GOOD.as_bytes())]);
    let path = folder.path().join("closed.yml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(&path).is_ok() {
        println!("skipped: root may read everything");
        return;
    }
    for command in READERS {
        assert_said(&run(folder.path(), &[command, "closed.yml"]), "closed.yml", "permission denied");
    }
}

#[test]
fn what_is_no_text_is_called_so_and_where() {
    let folder = folder_with(&[
        ("latin.yml", b"kind: pipeline\nname: caf\xe9\n"),
        ("picture", b"\x89PNG\r\n\x00\xff"),
    ]);
    for (name, place) in [("latin.yml", "2"), ("picture", "1")] {
        assert_said(&run(folder.path(), &["plan", name]), name, &format!("line {place}"));
        for command in ["lint", "verdict"] {
            let answer = run(folder.path(), &[command, name]);
            assert_eq!(answer.code, 1, "{answer:?}");
            assert!(answer.out.contains(&format!("{name}:{place}:")), "{answer:?}");
            assert!(answer.out.contains("yaml-encoding"), "{answer:?}");
        }
    }
}

#[test]
fn an_empty_file_is_never_called_accepted() {
    let folder = folder_with(&[("empty.yml", b""), ("blank.yml", b" \n\n")]);
    for name in ["empty.yml", "blank.yml"] {
        assert_said(&run(folder.path(), &["plan", name]), name, "is empty");
        let answer = run(folder.path(), &["verdict", name]);
        assert!(answer.out.contains("nothing was judged"), "{answer:?}");
        assert!(!answer.out.contains("ok "), "{answer:?}");
    }
}

/// Texts that make careless programs crash, hang or eat the memory.
fn traps() -> Vec<(&'static str, String)> {
    let deep = |unit: &str, times: usize| unit.repeat(times);
    let indented: Vec<String> = (0..3000).map(|it| format!("{}a:", " ".repeat(it))).collect();
    let bomb = (1..30).map(|it| format!("a{it}: &a{it} [{}]\n", format!("*a{},", it - 1).repeat(9)));
    let in_lines =
        |unit: &str| format!("kind: pipeline\nname: a\nx: {}", deep(&format!("{unit}\n "), 100_000));
    vec![
        ("brackets in one line", deep("[", 100_000)),
        ("brackets in many lines", in_lines("[")),
        ("braces in many lines", in_lines("{a:")),
        ("dashes in one line", deep("- ", 30_000)),
        ("keys, each deeper than the last", indented.join("\n")),
        ("an alias bomb", format!("kind: pipeline\na0: &a0 x\n{}", bomb.collect::<String>())),
        ("an alias of itself", "kind: pipeline\na: &a [*a]\n".into()),
        ("a line of 64 KiB and more", format!("kind: pipeline\nname: {}\n", deep("x", 70_000))),
        ("document marks", deep("---\n", 20_000)),
        ("a long text", format!("kind: pipeline\nx: |\n{}", deep("  text\n", 100_000))),
        ("one key again and again", deep("a: b\n", 50_000)),
        ("substitutions in each other", format!("kind: pipeline\nname: {}\n", deep("${A:-", 10_000))),
        ("substitutions without end", format!("kind: pipeline\nname: {}\n", deep("${", 30_000))),
        ("quotes without end", format!("kind: pipeline\nname: \"{}", deep("\\\"\n", 30_000))),
        ("tabs", format!("a:\n{}", deep("\t", 60_000))),
        ("carriage returns", deep("a: b\r", 10_000)),
    ]
}

#[test]
fn no_text_makes_a_command_crash_hang_or_grow() {
    let folder = tempfile::tempdir().unwrap();
    for (what, text) in traps() {
        fs::write(folder.path().join("trap.yml"), text).unwrap();
        for command in READERS {
            let began = Instant::now();
            let answer = run(folder.path(), &[command, "trap.yml"]);
            assert!(matches!(answer.code, 0 | 1), "{command}, {what}: {} {}", answer.code, answer.err);
            // Far more than it takes, far less than a hang: this is no benchmark.
            assert!(began.elapsed() < Duration::from_secs(30), "{command}, {what}: {:?}", began.elapsed());
        }
    }
}

#[test]
fn a_file_that_is_far_too_large_is_refused_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    // A file with a hole: it takes no room on the disk.
    File::create(folder.path().join("huge.yml")).unwrap().set_len(1 << 40).unwrap();
    for command in READERS {
        assert_said(&run(folder.path(), &[command, "huge.yml"]), "huge.yml", "larger than");
    }
}

#[test]
fn one_bad_file_does_not_hide_the_others() {
    let folder = folder_with(&[("good.yml", GOOD.as_bytes())]);
    for command in ["lint", "verdict"] {
        let answer = run(folder.path(), &[command, "none.yml", "good.yml"]);
        assert_eq!(answer.code, 3, "{answer:?}");
        assert!(answer.err.contains("none.yml") && answer.out.contains("good.yml"), "{answer:?}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_problem() {
    let desk = Desk::new();
    fs::write(desk.root.join("good.yml"), GOOD).unwrap();
    for arguments in [
        &["list"][..],
        &["solution", "1.1", "--yes"],
        &["plan", "good.yml", "--env"],
        &["lint", "good.yml"],
        &["verdict", "good.yml", "good.yml"],
        &["plan", "good.yml", "--format", "json"],
        &["--help"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let answer = Answer::from(
            program(&desk.root).args(arguments).stdout(writer).stderr(Stdio::piped()).output().unwrap(),
        );
        assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{arguments:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn an_answer_that_cannot_be_written_is_said() {
    let desk = Desk::new();
    fs::write(desk.root.join("good.yml"), GOOD).unwrap();
    for arguments in [
        &["list"][..],
        &["task"],
        &["check", "--format", "json"],
        &["plan", "good.yml"],
        &["lint", "good.yml"],
        &["verdict", "good.yml"],
        &["init", "--list"],
        &["--help"],
        &["--version"],
    ] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let answer = Answer::from(
            program(&desk.root).args(arguments).stdout(full).stderr(Stdio::piped()).output().unwrap(),
        );
        assert_eq!(answer.code, 3, "{arguments:?}: {answer:?}");
        assert!(answer.err.starts_with("error: the answer cannot be written"), "{arguments:?}: {answer:?}");
    }
}

#[test]
fn standard_input_is_read_like_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [(&str, &[u8], i32); 5] = [
        ("plan", GOOD.as_bytes(), 0),
        ("lint", GOOD.as_bytes(), 0),
        ("verdict", b"kind: pipeline\nsteps: 3\n", 1),
        ("plan", b"", 3),
        ("plan", b"\xff", 3),
    ];
    for (command, bytes, code) in cases {
        let answer = with_input(folder.path(), &[command, "-"], bytes);
        assert_eq!(answer.code, code, "{command} {bytes:?}: {answer:?}");
    }
}

fn with_input(folder: &Path, arguments: &[&str], bytes: &[u8]) -> Answer {
    let mut command = program(folder);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    Answer::from(child.wait_with_output().unwrap())
}

/// A disk with room for a few files only, where this process may make one.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_loses_nothing_of_the_participant() {
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mount = |arguments: &[&str]| {
        let done = std::process::Command::new(arguments[0]).args(&arguments[1..]).arg(&disk).output();
        done.is_ok_and(|it| it.status.success())
    };
    if !mount(&["mount", "-t", "tmpfs", "-o", "size=2m", "none"]) {
        println!("skipped: no small disk can be mounted here");
        return;
    }
    let outcome = std::panic::catch_unwind(|| fill_and_use(&disk));
    assert!(mount(&["umount"]), "the small disk stays mounted");
    outcome.unwrap();
}

#[cfg(target_os = "linux")]
fn fill_and_use(disk: &Path) {
    let root = disk.join("workshop");
    ciworkshop::workshop::lay_down(&root, &ciworkshop::workshop::Material::embedded()).unwrap();
    assert_eq!(run(&root, &["hint", "1.1"]).code, 0);
    let before = support::tree(&root, &[]);
    let mut filler = File::create(disk.join("filler")).unwrap();
    while filler.write_all(&[0; 4096]).is_ok() {}
    for arguments in [&["hint", "1.1"][..], &["skip", "1.1"], &["reset", "1.1"]] {
        let answer = run(&root, arguments);
        assert_eq!(answer.code, 3, "{arguments:?}: {answer:?}");
        assert!(answer.err.contains("help: "), "{answer:?}");
    }
    assert_eq!(support::tree(&root, &[]), before);
    // Its room is free again when nobody holds it open.
    drop(filler);
    fs::remove_file(disk.join("filler")).unwrap();
    assert_eq!(run(&root, &["hint", "1.1"]).code, 0);
}
