//! The outcome of the last run of a project, kept for `run --failed`, the badge and the book. Written whole or not at all.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::engine::plan::{Build, StepResult};
use crate::run::Trouble;
use crate::run::outcome::{Outcome, PipelineOutcome, PipelineState, StepOutcome};

const VERSION: u32 = 1;

/// What is remembered of a run.
#[derive(Debug, Serialize, Deserialize)]
pub struct Memory {
    version: u32,
    /// The name of the project's folder.
    #[serde(default)]
    project: String,
    /// The commit that was built.
    pub commit: String,
    event: String,
    #[serde(rename = "ref")]
    git_ref: String,
    /// Seconds since 1970.
    at: u64,
    /// True when nothing was red.
    pub green: bool,
    /// True when only a part of the build was asked for.
    pub partial: bool,
    pipelines: Vec<PipelineMemory>,
}

#[derive(Debug, Serialize, Deserialize)]
struct PipelineMemory {
    name: String,
    state: String,
    seconds: f64,
    steps: Vec<StepMemory>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StepMemory {
    name: String,
    result: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    code: Option<i32>,
    seconds: f64,
}

impl Memory {
    /// What is to be remembered of a run of the project in that folder.
    #[must_use]
    pub fn of(project: &Path, outcome: &Outcome, build: &Build, partial: bool) -> Self {
        Self {
            version: VERSION,
            project: project.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            commit: build.after.clone(),
            event: build.event.word().to_owned(),
            git_ref: build.git_ref.clone(),
            at: build.started,
            green: outcome.green(),
            partial,
            pipelines: outcome.pipelines.iter().map(PipelineMemory::of).collect(),
        }
    }

    /// The latest run of any project, of those that are remembered in that folder.
    #[must_use]
    pub fn latest(folder: &Path) -> Option<Self> {
        let entries = fs::read_dir(folder).ok()?.filter_map(Result::ok);
        let all = entries.filter_map(|it| Self::read(&it.path()));
        all.max_by_key(|it| it.at)
    }

    /// What is remembered; nothing when there is nothing, or a newer program wrote it.
    #[must_use]
    pub fn read(path: &Path) -> Option<Self> {
        let memory: Self = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        (memory.version == VERSION).then_some(memory)
    }

    /// Keeps it in that file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), Trouble> {
        let trouble = |error: &std::io::Error| Trouble::with_path("be written", path, error);
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|it| trouble(&it))?;
        let file = tempfile::NamedTempFile::new_in(folder).map_err(|it| trouble(&it))?;
        serde_json::to_writer_pretty(&file, self).map_err(|it| trouble(&it.into()))?;
        file.persist(path).map(drop).map_err(|it| trouble(&it.error))
    }

    /// The pipelines that were red.
    #[must_use]
    pub fn red(&self) -> Vec<String> {
        let red = self.pipelines.iter().filter(|it| it.state == state(PipelineState::Failed));
        red.map(|it| it.name.clone()).collect()
    }
}

impl PipelineMemory {
    fn of(pipeline: &PipelineOutcome) -> Self {
        Self {
            name: pipeline.name.clone(),
            state: state(pipeline.state).to_owned(),
            seconds: pipeline.took.as_secs_f64(),
            steps: pipeline.steps.iter().map(StepMemory::of).collect(),
        }
    }
}

impl StepMemory {
    fn of(step: &StepOutcome) -> Self {
        Self {
            name: step.name.clone(),
            result: result(step.result).to_owned(),
            code: step.code,
            seconds: step.took.as_secs_f64(),
        }
    }
}

/// The words of the formats.
#[must_use]
pub fn state(state: PipelineState) -> &'static str {
    match state {
        PipelineState::Passed => "passed",
        PipelineState::Failed => "failed",
        PipelineState::Skipped => "skipped",
        PipelineState::LeftOut => "left_out",
    }
}

/// The words of the formats.
#[must_use]
pub fn result(result: StepResult) -> &'static str {
    match result {
        StepResult::Skipped => "skipped",
        StepResult::Succeeds => "passed",
        StepResult::Fails => "failed",
        StepResult::FailsIgnored => "failed_ignored",
        StepResult::StopsEarly => "stopped_early",
        StepResult::Killed => "killed",
    }
}
