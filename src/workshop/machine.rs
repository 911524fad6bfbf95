//! Files in memory → a real run of their pipeline on a clean machine without a network, for the run checks of exercises.
//! What publishes is rehearsed, on a shelf that goes away with the run.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::engine::course::{Ran, RedStep, RunRequest, RunSeen};
use crate::engine::pipeline::{Pipeline, Step, read};
use crate::engine::plan::{Build, Faults, StepResult, plan};
use crate::engine::source::SourceFile;
use crate::run::Trouble;
use crate::run::backend::Backend;
use crate::run::content::Content;
use crate::run::event::{Event, Sink};
use crate::run::ledger::{Ledger, RunFolder};
use crate::run::mask::Mask;
use crate::run::outcome::Outcome;
use crate::run::places::Places;
use crate::run::process::Stop;
use crate::run::rehearsal::Rehearsing;
use crate::run::schedule::{self, All, Order};
use crate::run::shelf::Shelf;
use crate::workshop::index::{self, Index};
use crate::workshop::runs::Runner;

/// How long a pipeline of an exercise may take.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Where the course's packages lie in the clone: git does not look there.
const PACKAGES: &str = ".git/ciworkshop-packages";

/// How much of the log is kept.
const LOG: usize = 64 * 1024;

/// A clean machine for exercises.
pub struct CleanMachine {
    backend: Arc<dyn Backend>,
    places: Places,
    stop: Stop,
}

impl CleanMachine {
    /// Runs on `backend`, until `stop` says so.
    #[must_use]
    pub fn new(backend: Arc<dyn Backend>, places: Places, stop: Stop) -> Self {
        Self { backend, places, stop }
    }

    fn try_run(&self, request: &RunRequest<'_>) -> Result<RunSeen, Trouble> {
        let RunRequest { files, build, .. } = *request;
        let text = files.get(".drone.yml").map(Vec::as_slice).unwrap_or_default();
        let source = SourceFile::from_bytes(".drone.yml", text);
        if self.backend.describe().name == "plain" {
            needs_no_walls(&source)?;
        }
        let run = Ledger::new(self.places.runs()).begin()?;
        let content = Content::of_files(files, &run.path().join("content"))?;
        let build = Build { after: content.commit().to_owned(), ..build.clone() };
        let index = Index::embedded().map_err(|it| Trouble::new(it.message, it.help))?;
        let clone = |pipeline: &Pipeline, target: &Path, log: &mut dyn Write| {
            content.lay(target, &build, &pipeline.clone, log)?;
            index.write(&target.join(PACKAGES)).map_err(|it| Trouble::new(it.message, it.help))
        };
        let mask = mask(&source, &build)?;
        let order = Order {
            source: &source,
            build: &build,
            chosen: &All,
            jobs: 2,
            timeout: TIMEOUT,
            offline: true,
            secrets: &|name| Some(made_up(name)),
            mask: &mask,
            clone: &clone,
            probe: &|_| None,
            patience: Duration::ZERO,
            variables: &variables(request),
        };
        Ok(self.seen(&order, &run))
    }

    fn seen(&self, order: &Order<'_>, run: &RunFolder) -> RunSeen {
        let shelf = Shelf::new(run.path().join("shelf"));
        let backend = Rehearsing::new(Arc::clone(&self.backend), shelf).letting_commands_run();
        let log = Log::default();
        let (outcome, _) = schedule::run(order, &backend, run, &log, &self.stop);
        seen(&outcome, &log.0.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Runner for CleanMachine {
    fn run(&self, request: &RunRequest<'_>) -> RunSeen {
        self.try_run(request).unwrap_or_else(could_not)
    }

    fn has_images(&self) -> bool {
        matches!(self.backend.describe().name, "docker" | "podman")
    }
}

/// The value that a secret has in these runs.
fn made_up(name: &str) -> String {
    format!("made-up-{name}")
}

/// Hides all secrets that the steps of the build ask for.
fn mask(source: &SourceFile, build: &Build) -> Result<Mask, Trouble> {
    let plan = plan(source, build, &Faults::default());
    let steps = plan.pipelines.iter().flat_map(|it| &it.steps);
    let values: Vec<String> = steps.flat_map(|it| &it.secrets).map(|it| made_up(&it.name)).collect();
    Mask::of(values.iter().map(String::as_str))
}

/// What the machine gives to every step: what the request asks for, and what points to the packages. A plain path, which a
/// machine without mounts can put right.
fn variables(request: &RunRequest<'_>) -> Vec<(String, String)> {
    let seen_at = format!("/drone/src/{PACKAGES}");
    let plain = |(name, value): (String, String)| match value.strip_prefix("file://") {
        Some(path) => (name, path.to_owned()),
        None => (name, value),
    };
    let own = request.variables.iter().map(|(name, value)| (name.clone(), value.clone()));
    own.chain(index::environment(&seen_at).into_iter().map(plain)).collect()
}

/// A plain folder knows no service by its name, and has no place but the workspace to mount a volume at.
fn needs_no_walls(source: &SourceFile) -> Result<(), Trouble> {
    let (manifest, _) = read(source);
    let steps = || manifest.pipelines().flat_map(|it| &it.steps);
    let serves = manifest.pipelines().any(|it| !it.services.is_empty()) || steps().any(Step::is_detached);
    let what = match (serves, steps().any(|it| !it.volumes.is_empty())) {
        (true, _) => "services by their names",
        (_, true) => "volumes",
        _ => return Ok(()),
    };
    let message = format!("it was not run: without bubblewrap or containers this machine has no {what}");
    Err(Trouble::new(message, "install bubblewrap, docker or podman, and check again"))
}

fn could_not(trouble: Trouble) -> RunSeen {
    RunSeen::CouldNot { why: trouble.message, next: trouble.help }
}

/// The outcome as the checks of an exercise look at it.
fn seen(outcome: &Outcome, log: &[u8]) -> RunSeen {
    if outcome.interrupted {
        return could_not(Trouble::new("the run was stopped", "check again"));
    }
    let steps = || outcome.pipelines.iter().flat_map(|it| &it.steps);
    let troubles = outcome.pipelines.iter().filter_map(|it| it.trouble.as_ref());
    if let Some(trouble) = troubles.chain(steps().filter_map(|it| it.trouble.as_ref())).next() {
        return could_not(trouble.clone());
    }
    let red = steps().find(|it| it.result == StepResult::Fails).map(|it| RedStep {
        name: it.name.clone(),
        image: it.image.clone(),
        code: it.code,
        last_lines: it.last_lines.clone(),
    });
    RunSeen::Ran(Ran { green: outcome.green(), log: String::from_utf8_lossy(log).into_owned(), red })
}

/// The last part of all output.
#[derive(Default)]
struct Log(Mutex<Vec<u8>>);

impl Sink for Log {
    fn tell(&self, event: &Event<'_>) {
        let Event::Output(_, lines) = event else { return };
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.extend_from_slice(lines);
        log.push(b'\n');
        if log.len() > 2 * LOG {
            let from = log.len() - LOG;
            log.drain(..from);
        }
    }
}
