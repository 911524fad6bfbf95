//! A clean machine for tests, as simple as can be: a folder for each run, a new Python for each step, and the shell of
//! this computer. Steps run one after the other, in the order that the plan gives.

use std::collections::VecDeque;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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

/// What all its machines share, and nothing changes: the packages, and a pip.
pub(crate) struct Plain {
    folder: tempfile::TempDir,
    /// Where pip is, with all that belongs to it: `lib/python3.x/site-packages`.
    library: PathBuf,
}

impl Plain {
    /// Makes the pip, or says what this computer lacks.
    pub(crate) fn new() -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        Index::embedded().unwrap().write(&folder.path().join("index")).unwrap();
        let shared = folder.path().join("shared");
        venv(&shared, &[])?;
        let library = std::fs::read_dir(shared.join("lib")).unwrap().next().unwrap().unwrap().path();
        Ok(Self { folder, library: library.join("site-packages") })
    }

    /// A new container: a Python with pip and nothing else, an empty home.
    fn renew(&self, machine: &Path) {
        let (python, home) = (machine.join("python"), machine.join("home"));
        for old in [&python, &home] {
            let _ = std::fs::remove_dir_all(old);
        }
        std::fs::create_dir(&home).unwrap();
        venv(&python, &["--without-pip"]).unwrap();
        let version = self.library.parent().and_then(Path::file_name).unwrap();
        let library = python.join("lib").join(version).join("site-packages");
        for entry in std::fs::read_dir(&self.library).unwrap().flatten() {
            if entry.file_name().to_string_lossy().starts_with("pip") {
                symlink(entry.path(), library.join(entry.file_name())).unwrap();
            }
        }
        let pip = "#!/bin/sh\nexec \"${0%/*}/python\" -m pip \"$@\"\n";
        for name in ["pip", "pip3"] {
            let place = python.join("bin").join(name);
            std::fs::write(&place, pip).unwrap();
            std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
    }

    fn command(&self, machine: &Path, step: &Step, steps: &LiveSteps<'_>, number: usize) -> Command {
        let mut command = Command::new(SHELL[0]);
        command.args(&SHELL[1..]).current_dir(machine.join("src")).stdin(Stdio::null()).env_clear();
        command.envs(steps.environment(number).into_iter().map(|it| (it.name, it.value)));
        command.envs(index::environment(&self.folder.path().join("index").display().to_string()));
        command.env("PATH", format!("{}:/usr/bin:/bin", machine.join("python/bin").display()));
        command.env("HOME", machine.join("home"));
        command.env("DRONE_SCRIPT", script(step.commands().iter().map(|it| it.value.as_str())));
        command
    }
}

impl Runner for Plain {
    fn run(&self, files: &Files, build: &Build) -> RunSeen {
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
        let machine = tempfile::tempdir().unwrap();
        lay(&machine.path().join("src"), files);
        let mut ready: VecDeque<usize> = steps.first().into();
        while let Some(number) = ready.pop_front() {
            if let (true, Some(step)) = (steps.start(number).decision.runs(), steps.written(number)) {
                let before = ran.log.len();
                let code = self.step(machine.path(), step, &steps, number, &mut ran.log);
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

    fn step(
        &self,
        machine: &Path,
        step: &Step,
        steps: &LiveSteps<'_>,
        number: usize,
        log: &mut String,
    ) -> i32 {
        self.renew(machine);
        let mut out = Vec::new();
        let mut command = self.command(machine, step, steps, number);
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

fn venv(place: &Path, options: &[&str]) -> Result<(), String> {
    let made = Command::new("python3").args(["-m", "venv"]).args(options).arg(place).output();
    let made = made.map_err(|error| format!("there is no python3 here: {error}"))?;
    if made.status.success() {
        return Ok(());
    }
    Err(format!("python3 -m venv fails here: {}", String::from_utf8_lossy(&made.stdout)))
}
