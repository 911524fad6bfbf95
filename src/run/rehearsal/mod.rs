//! A backend → the same backend, in which nothing is published. A step whose image is a plugin that would change the
//! world outside is done here up to the point where it would be sent; what would have been sent goes on the local
//! shelf. All other steps run as they are, and a step with `commands` is never taken for a plugin.
//!
//! | file | rehearses |
//! | --- | --- |
//! | `pypi` | a Python package: built in the clean machine, looked at, put into an index |
//! | `twine` | the same for the command `twine upload`; what other commands publish is held back |
//! | `release` | a release on GitHub or Gitea, with checksums (`checksum`) |
//! | `offers` | what brew and apt read among its files: formulae (`formula`) and packages (`deb`) |
//! | `bucket` | files for a store |
//! | `image` | an image: its recipe and its tags (`tags`) |
//! | `npm` | a JavaScript package: packed in the clean machine |
//! | `pages` | a site |
//! | `message` | a message to people or programs, from a template (`template`) |
//! | `held` | every other plugin that would change the world: only held back |
//!
//! The files of the workspace are read through `workspace` only, and no value of a secret gets past `settings`.

mod bucket;
mod checksum;
mod deb;
mod formula;
mod glob;
mod held;
mod image;
mod message;
mod metadata;
mod npm;
mod offers;
mod pages;
mod pypi;
mod release;
mod settings;
mod stage;
mod tags;
mod talk;
mod template;
mod twine;
mod workspace;

pub use image::{BuildsImages, ImageOrder};

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::engine::lint;
use crate::engine::pipeline::Step;
use crate::engine::plan::Build;
use crate::engine::plugin::{self, Effect, Plugin};
use crate::run::Trouble;
use crate::run::backend::{Backend, Description, Ended, Job, Machine, MachineOrder, Probe};
use crate::run::process::Stop;
use crate::run::rehearsal::settings::{Secrets, Settings};
use crate::run::rehearsal::stage::{Over, Stage};
use crate::run::rehearsal::talk::Talk;
use crate::run::rehearsal::workspace::Workspace;
use crate::run::shelf::Shelf;

/// A backend whose publishing steps only rehearse.
pub struct Rehearsing {
    inner: Arc<dyn Backend>,
    shelf: Shelf,
    builder: Option<Arc<dyn BuildsImages>>,
    commands_run: bool,
}

impl Rehearsing {
    /// Steps run in `inner`; what would be published goes on `shelf`.
    #[must_use]
    pub fn new(inner: Arc<dyn Backend>, shelf: Shelf) -> Self {
        Self { inner, shelf, builder: None, commands_run: false }
    }

    /// Commands that publish are run like all others, where they can reach nothing: what the course uploads with is its
    /// own small program.
    #[must_use]
    pub fn letting_commands_run(mut self) -> Self {
        self.commands_run = true;
        self
    }

    /// Images are really built, by whoever can.
    #[must_use]
    pub fn with_builder(mut self, builder: Arc<dyn BuildsImages>) -> Self {
        self.builder = Some(builder);
        self
    }
}

impl Backend for Rehearsing {
    fn describe(&self) -> Description {
        self.inner.describe()
    }

    fn prepare(&self, order: &MachineOrder<'_>, log: &mut dyn Write) -> Result<Box<dyn Machine>, Trouble> {
        Ok(Box::new(RehearsingMachine {
            inner: self.inner.prepare(order, log)?,
            kind: self.inner.describe().name,
            shelf: self.shelf.clone(),
            builder: self.builder.clone(),
            commands_run: self.commands_run,
            run: order.run.to_owned(),
            pipeline: order.pipeline.name().to_owned(),
            build: order.build.clone(),
            root: order.workspace.to_owned(),
            base: order.base.to_owned(),
            offline: order.offline,
        }))
    }

    fn sweep(&self, run: &str, folder: &Path) -> Result<(), Trouble> {
        self.inner.sweep(run, folder)
    }
}

/// The machine of a pipeline, with all that a rehearsal must know of it.
struct RehearsingMachine {
    inner: Box<dyn Machine>,
    /// What kind of machine `inner` is.
    kind: &'static str,
    shelf: Shelf,
    builder: Option<Arc<dyn BuildsImages>>,
    commands_run: bool,
    run: String,
    pipeline: String,
    build: Build,
    /// The workspace on this machine.
    root: PathBuf,
    /// The workspace in the clean machine.
    base: String,
    offline: bool,
}

impl Machine for RehearsingMachine {
    fn run(
        &self,
        job: &Job,
        out: &mut (dyn Write + Send),
        stop: &Stop,
        started: &(dyn Fn() + Sync),
    ) -> Result<Ended, Trouble> {
        if let Some(command) = publishing_command(job).filter(|_| !self.commands_run) {
            started();
            return self.rehearse_command(job, &command, out, stop);
        }
        let taken = if job.script.is_none() { rehearsed(&job.step) } else { None };
        let settings = taken.map(|plugin| Settings { plugin, job });
        let Some(settings) = settings.filter(|it| !fetches(*it)) else {
            return self.inner.run(job, out, stop, started);
        };
        started();
        self.rehearse(settings, out, stop)
    }

    fn answers(&self, service: &Job, probe: &Probe) -> bool {
        self.inner.answers(service, probe)
    }

    fn close(self: Box<Self>) -> Result<(), Trouble> {
        self.inner.close()
    }
}

impl RehearsingMachine {
    fn rehearse(
        &self,
        settings: Settings<'_>,
        out: &mut (dyn Write + Send),
        stop: &Stop,
    ) -> Result<Ended, Trouble> {
        let secrets = Secrets::of(settings);
        let mut talk = Talk { out, secrets: &secrets };
        talk.say(&format!("Rehearsal of {}: nothing leaves this machine.", settings.plugin.name));
        let over = self.play(settings, &mut talk, stop);
        Self::ended(over, &mut talk)
    }

    /// What a step's own command would publish.
    fn rehearse_command(
        &self,
        job: &Job,
        command: &(&str, String),
        out: &mut (dyn Write + Send),
        stop: &Stop,
    ) -> Result<Ended, Trouble> {
        let upload = plugin::of_image("plugins/pypi").zip(twine::Upload::of(&command.1));
        let Some((plugin, upload)) = upload else {
            // Whoever reads the output may be gone; the outcome is told otherwise.
            let _ = out.write_all(held::of_command(command.0).as_bytes());
            return Ok(Ended::Exit(0));
        };
        let settings = Settings { plugin, job };
        let secrets = Secrets::of(settings);
        let mut talk = Talk { out, secrets: &secrets };
        talk.say(&format!("Rehearsal of `{}`: nothing leaves this machine.", command.1));
        let over = self.workspace_of(job).and_then(|workspace| {
            let mut stage = Stage { machine: self, settings, workspace, talk: &mut talk, stop };
            twine::rehearse(&mut stage, &upload)
        });
        Self::ended(over, &mut talk)
    }

    fn workspace_of(&self, job: &Job) -> Result<Workspace, Over> {
        Workspace::new(&self.root, &self.base, job.folder.as_deref())
            .map_err(|why| Over::Fails(format!("the folder of this step {why}")))
    }

    fn ended(over: Result<(), Over>, talk: &mut Talk<'_>) -> Result<Ended, Trouble> {
        match over {
            Ok(()) => Ok(Ended::Exit(0)),
            Err(Over::Fails(why)) => {
                talk.say(&format!("error: {why}."));
                Ok(Ended::Exit(1))
            }
            Err(Over::Stopped) => Ok(Ended::Stopped),
            Err(Over::Ended(ended)) => Ok(ended),
            Err(Over::Trouble(trouble)) => Err(trouble),
        }
    }

    fn play(&self, settings: Settings<'_>, talk: &mut Talk<'_>, stop: &Stop) -> Result<(), Over> {
        for setting in settings.shown() {
            talk.tell("with", &setting);
        }
        let workspace = self.workspace_of(settings.job)?;
        let mut stage = Stage { machine: self, settings, workspace, talk, stop };
        if settings.plugin.tags_only && stage.event() != "tag" {
            return Err(Over::Fails(format!(
                "{} works only in a build of a tag, and this is one of the event {}",
                settings.plugin.name,
                stage.event()
            )));
        }
        if let Some(unmet) = settings.unmet() {
            return Err(Over::Fails(unmet));
        }
        perform(&mut stage)
    }
}

fn perform(stage: &mut Stage<'_, '_>) -> Result<(), Over> {
    match stage.settings.plugin.name {
        "pypi" => pypi::rehearse(stage),
        "github-release" | "gitea-release" => release::rehearse(stage),
        "gcs" => bucket::gcs(stage),
        "s3" => bucket::s3(stage),
        "s3-sync" => bucket::s3_sync(stage),
        "npm" => npm::rehearse(stage),
        "gh-pages" => pages::rehearse(stage),
        "slack" => message::slack(stage),
        "webhook" => message::webhook(stage),
        name if image::builds(name) => image::rehearse(stage),
        _ => held::hold_back(stage),
    }
}

/// The plugin that a step would be rehearsed as. `None` for every step that runs as it is: one with commands or a
/// program of its own, one of a plugin that changes nothing outside, one of an image that is no known plugin.
#[must_use]
pub fn rehearsed(step: &Step) -> Option<&'static Plugin> {
    if !step.commands.as_deref().unwrap_or_default().is_empty() || !step.entrypoint.is_empty() {
        return None;
    }
    let image = &step.image.as_ref()?.value;
    let plugin = plugin::of_image(image).or_else(|| mirrored(image))?;
    match plugin.effect {
        Effect::Builds | Effect::Fetches | Effect::Caches => None,
        Effect::Publishes | Effect::Deploys | Effect::Notifies | Effect::Reports | Effect::Triggers => {
            Some(plugin)
        }
    }
}

/// What a step with commands publishes by.
fn publishing_command(job: &Job) -> Option<(&'static str, String)> {
    job.script.as_ref()?;
    let commands: Vec<&str> = job.step.commands().iter().map(|it| it.value.as_str()).collect();
    lint::publishing_command(&commands.join("\n"))
}

/// A copy of a plugin in another registry publishes just the same.
fn mirrored(image: &str) -> Option<&'static Plugin> {
    let mut parts = plugin::repository(image).rsplitn(3, '/');
    let (name, owner) = (parts.next()?, parts.next()?);
    parts.next().and_then(|_| plugin::of_image(&format!("{owner}/{name}")))
}

/// Some plugins work in both directions; bringing files in changes nothing outside.
fn fetches(settings: Settings<'_>) -> bool {
    ["gcs", "s3"].contains(&settings.plugin.name) && settings.flag("download").unwrap_or(false)
}
