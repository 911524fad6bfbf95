//! A clean machine for tests, as simple as can be: a folder for each run, a Python that every step finds as new, and
//! the shell of this computer. Steps run one after the other, in the order that the plan gives.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use ciworkshop::engine::course::{Files, Ran, RedStep, RunSeen};
use ciworkshop::engine::pipeline::Step;
use ciworkshop::engine::plan::{Build, Ending, LiveBuild, LiveSteps, SHELL, live, script};
use ciworkshop::engine::source::SourceFile;
use ciworkshop::run::backend::Ended;
use ciworkshop::run::process::{self, Stop};
use ciworkshop::workshop::index::{self, Index};
use ciworkshop::workshop::runs::Runner;

/// What a pipeline may say that only a container can do: fixed places, and places outside the workspace.
const ELSEWHERE: [&str; 3] = ["/drone/", "/opt/", "/tmp/"];

/// The machine. One run at a time: each step has the same Python, made new.
pub(crate) struct Plain {
    folder: tempfile::TempDir,
    turn: Mutex<()>,
}

impl Plain {
    /// Makes the Python, or says what this computer lacks.
    pub(crate) fn new() -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        Index::embedded().unwrap().write(&folder.path().join("index")).unwrap();
        let made = Command::new("python3").args(["-m", "venv"]).arg(folder.path().join("python")).output();
        let made = made.map_err(|error| format!("there is no python3 here: {error}"))?;
        if !made.status.success() {
            return Err(format!("python3 -m venv: {}", String::from_utf8_lossy(&made.stdout)));
        }
        let plain = Self { folder, turn: Mutex::new(()) };
        plain.copy("python", "python-as-new");
        Ok(plain)
    }

    fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn copy(&self, from: &str, to: &str) {
        let _ = std::fs::remove_dir_all(self.place(to));
        let copied = Command::new("cp").arg("-a").args([self.place(from), self.place(to)]).status();
        assert!(copied.unwrap().success());
    }

    /// A new container: Python as at first, an empty home.
    fn renew(&self) {
        self.copy("python-as-new", "python");
        let _ = std::fs::remove_dir_all(self.place("home"));
        std::fs::create_dir(self.place("home")).unwrap();
    }

    fn command(&self, workspace: &Path, step: &Step, steps: &LiveSteps<'_>, number: usize) -> Command {
        let mut command = Command::new(SHELL[0]);
        command.args(&SHELL[1..]).current_dir(workspace).stdin(Stdio::null()).env_clear();
        command.envs(steps.environment(number).into_iter().map(|it| (it.name, it.value)));
        command.envs(index::environment(&self.place("index").display().to_string()));
        command.env("PATH", format!("{}:/usr/bin:/bin", self.place("python/bin").display()));
        command.env("HOME", self.place("home"));
        command.env("DRONE_SCRIPT", script(step.commands().iter().map(|it| it.value.as_str())));
        command
    }
}

impl Runner for Plain {
    fn run(&self, files: &Files, build: &Build) -> RunSeen {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8(files[".drone.yml"].clone()).unwrap();
        if let Some(place) = ELSEWHERE.iter().find(|it| text.contains(*it)) {
            let why = format!("only a container has a {place} of its own");
            return RunSeen::CouldNot { why, next: "run it in one".into() };
        }
        let (ran, problems) = live(&SourceFile::new(".drone.yml", text), build, |it| self.build(it, files));
        assert!(problems.iter().all(|it| it.severity != ciworkshop::engine::diagnostic::Severity::Error));
        RunSeen::Ran(ran)
    }

    fn has_images(&self) -> bool {
        false
    }
}

impl Plain {
    fn build(&self, mut build: LiveBuild<'_>, files: &Files) -> Ran {
        let mut ran = Ran::default();
        let mut ready: VecDeque<usize> = build.first().into();
        let mut started = 0;
        while let Some(number) = ready.pop_front() {
            let runs = build.start(number).decision.runs();
            let failed = runs && self.pipeline(build.steps(number), files, &mut ran);
            started += usize::from(runs);
            ready.extend(build.release(number, failed));
        }
        ran.green = started > 0 && ran.red.is_none();
        ran
    }

    /// True when it failed.
    fn pipeline(&self, mut steps: LiveSteps<'_>, files: &Files, ran: &mut Ran) -> bool {
        let workspace = tempfile::tempdir().unwrap();
        lay(workspace.path(), files);
        let mut ready: VecDeque<usize> = steps.first().into();
        while let Some(number) = ready.pop_front() {
            if let (true, Some(step)) = (steps.start(number).decision.runs(), steps.written(number)) {
                let before = ran.log.len();
                let code = self.step(workspace.path(), step, &steps, number, &mut ran.log);
                let failed_before = steps.failed();
                steps.ended(number, Ending::Exit(code));
                if steps.failed() && !failed_before && ran.red.is_none() {
                    let lines = ran.log[before..].lines().map(str::to_owned).collect();
                    let (name, image) = (step.name().to_owned(), step.image().to_owned());
                    ran.red = Some(RedStep { name, image, code: Some(code), last_lines: lines });
                }
            }
            ready.extend(steps.release(number));
        }
        steps.failed()
    }

    fn step(&self, place: &Path, step: &Step, steps: &LiveSteps<'_>, number: usize, log: &mut String) -> i32 {
        self.renew();
        let mut out = Vec::new();
        let mut command = self.command(place, step, steps, number);
        let ended = process::run(&mut command, &mut out, &Stop::new(), &|| {}).unwrap();
        log.push_str(&String::from_utf8_lossy(&out));
        if let Ended::Exit(code) = ended { code } else { -1 }
    }
}

fn lay(folder: &Path, files: &Files) {
    for (path, content) in files {
        let place = folder.join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, content).unwrap();
    }
}
