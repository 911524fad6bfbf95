//! What the tests of the workshop share: a small course of their own, the real program, and a look at folders.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on should say where")]
#![allow(dead_code, unreachable_pub, clippy::missing_panics_doc, reason = "each test file uses its part")]

pub mod badges;
pub mod browser;
pub mod init_projects;
pub mod live;
#[cfg(unix)]
pub mod machines;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use ciworkshop::engine::course::Files;
use ciworkshop::workshop::Material;

/// How many exercises the course has.
#[must_use]
pub fn exercises() -> usize {
    let folders = |path: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(path).unwrap().map(|it| it.unwrap().path());
        entries.filter(|it| it.is_dir()).collect()
    };
    folders(Path::new("exercises")).iter().map(|it| folders(it).len()).sum()
}

/// One exercise of a test's course: it passes when `answers.yml` says `b` and `a`.
pub struct Told {
    /// Folder below `exercises/`.
    pub folder: &'static str,
    /// Stable name.
    pub id: &'static str,
    /// Files that it starts from, besides `answers.yml`, or instead of [`PIPELINE`].
    pub start: Vec<(&'static str, String)>,
}

/// The start of every exercise's answers.
pub const UNANSWERED: &str = "first:\n  answer:\n  reason:\n";
/// An answer that passes.
pub const RIGHT: &str = "first:\n  answer: b\n  reason: a\n";
/// An answer that fails.
pub const WRONG: &str = "first:\n  answer: a\n  reason: a\n";

/// The pipeline that every exercise starts from.
pub const PIPELINE: &str = "kind: pipeline\nname: default\n\nsteps:\n- name: test\n  image: python\n";

const EXERCISE: &str = r"
title: The title of ID
rung: predict
minutes: 5
page: page.html#ID
edit: [answers.yml, .drone.yml, notes.txt]
goal: Say what happens.
hints: [Look there., Think of this., Write that.]
expect_first: CW-predict
checks:
  - code: CW-predict
    says: You have said what happens.
    expected: The right letter.
    next: Open answers.yml and write another letter.
    answer:
      file: answers.yml
      questions:
        - id: first
          ask: What happens?
          answers:
            a: { text: Nothing., but: Look again. }
            b: { text: Something., right: true }
          reasons:
            a: { text: Because., right: true }
            b: { text: By chance., but: There is a cause. }
";

/// An exercise without further files.
pub fn told(folder: &'static str, id: &'static str) -> Told {
    Told { folder, id, start: Vec::new() }
}

/// The course of these exercises.
pub fn course(exercises: &[Told]) -> Arc<Material> {
    let (mut files, mut solutions) = (Files::new(), Files::new());
    for exercise in exercises {
        let (chapter, _) = exercise.folder.split_once('/').unwrap();
        files.insert(format!("{chapter}/chapter.yml"), format!("title: Chapter {chapter}\n").into());
        let definition = format!("id: {}{}", exercise.id, EXERCISE.replace("ID", exercise.id));
        files.insert(format!("{}/exercise.yml", exercise.folder), definition.into());
        files.insert(format!("{}/start/answers.yml", exercise.folder), UNANSWERED.into());
        files.insert(format!("{}/start/.drone.yml", exercise.folder), PIPELINE.into());
        for (path, text) in &exercise.start {
            files.insert(format!("{}/start/{path}", exercise.folder), text.clone().into());
        }
        solutions.insert(format!("{}/solution/answers.yml", exercise.folder), RIGHT.into());
    }
    Arc::new(Material::new(files, solutions))
}

/// Every file below a folder, but those whose path begins with one of `without`.
pub fn tree(root: &Path, without: &[&str]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            if !without.iter().any(|it| name.starts_with(it)) {
                found.insert(name, String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned());
            }
        }
    }
    found
}

/// The real program, in a folder, without what the test's own surroundings would tell it.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ciworkshop"));
    command.current_dir(folder).stdin(Stdio::null());
    for name in ["CIWORKSHOP_POLL", "NO_COLOR", "CLICOLOR_FORCE", "DISPLAY", "WAYLAND_DISPLAY"] {
        command.env_remove(name);
    }
    // What it says depends on the machine; the tests that are about it ask for it.
    command.env("CIWORKSHOP_SHELLCHECK", "never");
    command
}

/// Runs the real program to its end.
pub fn run(folder: &Path, arguments: &[&str]) -> Answer {
    Answer::from(program(folder).args(arguments).output().unwrap())
}

/// What a call of the program gave.
#[derive(Debug)]
pub struct Answer {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Answer {
    /// The output as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A temporary folder with the program's own workshop laid down in `workshop`.
pub struct Desk {
    _folder: tempfile::TempDir,
    /// The workshop folder.
    pub root: PathBuf,
}

impl Desk {
    /// Lays the program's own course down.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("workshop");
        ciworkshop::workshop::lay_down(&root, &Material::embedded()).unwrap();
        Self { _folder: folder, root }
    }

    /// The folder of the first exercise.
    pub fn first(&self) -> PathBuf {
        self.root.join("exercises/01_clean_machine/01_nothing_is_installed")
    }

    /// Puts the course's own solution of an exercise in place.
    pub fn solve(&self, folder: &str) {
        let solution = Path::new(env!("CARGO_MANIFEST_DIR")).join("solutions").join(folder).join("solution");
        for (path, content) in tree(&solution, &[]) {
            let name = path.replace("_gitignore", ".gitignore");
            fs::write(self.root.join("exercises").join(folder).join(name), content).unwrap();
        }
    }

    /// Runs the real program in the workshop folder.
    pub fn run(&self, arguments: &[&str]) -> Answer {
        run(&self.root, arguments)
    }
}
