//! What a clean machine is. Each kind of machine is a folder beside this file.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::engine::pipeline::{Pipeline, Step};
use crate::engine::plan::{Build, Role};
use crate::run::Trouble;
use crate::run::process::Stop;

/// A kind of clean machine, found and ready to be used.
pub trait Backend: Send + Sync {
    /// What it is, and what it does and does not keep apart.
    fn describe(&self) -> Description;

    /// Makes the machine of one pipeline ready: network, volumes. Lines about what takes time go to `log`.
    fn prepare(&self, order: &MachineOrder<'_>, log: &mut dyn Write) -> Result<Box<dyn Machine>, Trouble>;

    /// Removes all that a run which ended without cleaning up has left outside its folder. `run` is its id, `folder` its
    /// folder.
    fn sweep(&self, run: &str, folder: &Path) -> Result<(), Trouble>;
}

/// A backend in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// One word: `docker`, `podman`, `bubblewrap`, `plain`.
    pub name: &'static str,
    /// One line for people: which program, which version, which engine.
    pub title: String,
    /// What it does not keep apart, a sentence each. Empty for a container.
    pub open: Vec<String>,
}

/// What the machine of a pipeline is made from.
#[derive(Clone, Copy, Debug)]
pub struct MachineOrder<'a> {
    /// The id of the run: letters, digits and `-`. Everything that outlives a process is labelled with it.
    pub run: &'a str,
    /// The place of the pipeline in the file.
    pub number: usize,
    /// The pipeline as the runner reads it.
    pub pipeline: &'a Pipeline,
    /// The build.
    pub build: &'a Build,
    /// On this machine: a folder that exists and that only this pipeline uses. It is removed after the run.
    pub folder: &'a Path,
    /// On this machine: the folder that all steps of the pipeline share, inside `folder`. It exists.
    pub workspace: &'a Path,
    /// In the clean machine: where `workspace` is to be found, such as `/drone/src`.
    pub base: &'a str,
    /// True when no step may reach the network.
    pub offline: bool,
}

/// The clean machine of one pipeline.
pub trait Machine: Send + Sync {
    /// Runs a step, service or detached step until it ends or is stopped. `started` is called once, when its first
    /// process runs (images are pulled before). Output goes to `out` as it comes.
    ///
    /// # Errors
    /// The step could not be started at all, such as for want of its image. Its exit code is never an error.
    fn run(
        &self,
        job: &Job,
        out: &mut (dyn Write + Send),
        stop: &Stop,
        started: &(dyn Fn() + Sync),
    ) -> Result<Ended, Trouble>;

    /// True when the service answers: the port is open, or the command, run in the machine, ends with 0.
    fn answers(&self, service: &Job, probe: &Probe) -> bool;

    /// Removes all of it but the workspace, of which this makes sure that the caller can remove it.
    fn close(self: Box<Self>) -> Result<(), Trouble>;
}

/// How a step was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With this exit code; 128 and the signal's number when a signal ended it.
    Exit(i32),
    /// It was out of memory.
    OutOfMemory,
    /// It was stopped, by [`Stop`].
    Stopped,
}

/// How one knows that a service answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe {
    /// Something listens there.
    Port(u16),
    /// A command, run where the service runs, ends with 0.
    Command(String),
}

/// One container: a step, a service, or the clone.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its name; never empty.
    pub name: String,
    /// What it is.
    pub role: Role,
    /// Its place in the compiled pipeline: unique in it.
    pub place: usize,
    /// What is written in the file: image, settings, volumes, user and so on.
    pub step: Step,
    /// The script of its `commands`, for [`crate::engine::plan::SHELL`]; `None` when the image's own program runs.
    pub script: Option<String>,
    /// The whole environment, secrets filled in, sorted by name; without `DRONE_SCRIPT`.
    pub environment: Vec<(String, String)>,
    /// The folder where it runs, in the clean machine; `None` for the image's own.
    pub folder: Option<String>,
}

impl Job {
    /// The value of a variable; empty when it is not set.
    #[must_use]
    pub fn variable(&self, name: &str) -> &str {
        self.environment.iter().find(|it| it.0 == name).map_or("", |it| &it.1)
    }
}

/// Where a path of the clean machine below the workspace's base is on this machine.
#[must_use]
pub fn on_this_machine(order: &MachineOrder<'_>, path: &str) -> PathBuf {
    let inner = path.strip_prefix(order.base).unwrap_or(path);
    order.workspace.join(inner.trim_start_matches('/'))
}
