//! A pipeline → its network and its volumes; its steps, one container each, one call of the client each.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::engine::pipeline::Step;
use crate::engine::plan::Role;
use crate::run::Trouble;
use crate::run::backend::{Ended, Job, Machine, MachineOrder, Probe};
use crate::run::container::arguments::Place;
use crate::run::container::client::{Client, Kind};
use crate::run::container::ending::{self, State, Tail};
use crate::run::container::environment::{self, Passed};
use crate::run::container::images::Images;
use crate::run::container::killing::Killing;
use crate::run::container::removing::{Labelled, remove_containers};
use crate::run::container::volumes::{self, What};
use crate::run::container::{answering, giving_back};
use crate::run::process::{self, Stop};

/// Podman gives this machine an address in each network, and knows no other way.
const OPEN_TO_THIS_MACHINE: &str =
    "offline, but not from this machine: with services, podman lets steps reach what listens here\n";

/// How often one looks whether a service has been started.
const LOOK: Duration = Duration::from_millis(50);

/// The clean machine of a pipeline.
#[derive(Debug)]
pub(super) struct Containers {
    client: Arc<Client>,
    images: Arc<Images>,
    labelled: Labelled,
    place: Place,
    folder: PathBuf,
    /// Images that have been here, those with a shell first.
    used: Mutex<BTreeSet<(bool, String)>>,
    /// Containers that were asked for, and not seen when they were to be removed.
    unseen: Mutex<Vec<String>>,
}

impl Containers {
    pub(super) fn prepare(
        client: &Arc<Client>,
        images: &Arc<Images>,
        order: &MachineOrder<'_>,
        log: &mut dyn Write,
    ) -> Result<Self, Trouble> {
        let labelled = Labelled::pipeline(order.run, order.number);
        let place = place(client, order, &labelled)?;
        let machine = Self {
            client: Arc::clone(client),
            images: Arc::clone(images),
            labelled,
            place,
            folder: order.folder.to_owned(),
            used: Mutex::default(),
            unseen: Mutex::default(),
        };
        let mut wanted: Vec<&str> =
            order.pipeline.services.iter().chain(&order.pipeline.steps).map(Step::image).collect();
        wanted.retain(|it| !it.is_empty());
        wanted.sort_unstable();
        wanted.dedup();
        let made = thread::scope(|scope| {
            scope.spawn(|| images.look(&wanted));
            machine.make()
        });
        if made.is_err() {
            // What was made before is of no use.
            let _ = machine.remove_all();
        }
        made.map(|words| {
            // That nobody reads a remark is no reason not to build.
            let _ = log.write_all(words.as_bytes());
            machine
        })
    }

    /// Makes network and volumes. What is worth a remark is given.
    fn make(&self) -> Result<String, Trouble> {
        if !self.place.is_alone() {
            self.make_network()?;
        }
        for source in &self.place.sources {
            let What::Named(name) = &source.what else { continue };
            let mut volume = vec!["volume", "create"];
            volume.extend(self.place.labels.iter().map(String::as_str));
            volume.push(name);
            self.client.must("make a volume of the pipeline", volume)?;
        }
        let open = self.place.offline && self.place.meets && self.place.kind == Kind::Podman;
        Ok(if open { OPEN_TO_THIS_MACHINE.to_owned() } else { String::new() })
    }

    fn make_network(&self) -> Result<(), Trouble> {
        let mut network = vec!["network", "create", "--driver=bridge"];
        network.extend(self.place.labels.iter().map(String::as_str));
        if self.place.offline {
            network.push("--internal");
            if self.place.kind == Kind::Docker {
                // Else this machine has an address in it, at which steps reach what listens here.
                network.push("--opt=com.docker.network.bridge.inhibit_ipv4=true");
            }
        }
        network.push(&self.place.network);
        self.client.must("make the network of the pipeline", network).map(drop)
    }

    /// Everything that is to be run, ready to be started.
    fn command(&self, job: &Job) -> Result<(Command, Option<PathBuf>), Trouble> {
        let mut passed = environment::pass(&job.environment)?;
        if let Some(script) = &job.script {
            passed.by_name.push(("DRONE_SCRIPT".to_owned(), script.clone()));
        }
        let file = self.variables_file(job, &passed)?;
        let file_name = file.as_deref().map(|it| it.to_string_lossy().into_owned());
        let arguments = self.place.arguments(job, &passed, file_name.as_deref())?;
        let mut command = self.client.command(arguments);
        // Podman's helper leaves a file where it was started when a container is out of memory.
        command.envs(passed.by_name).current_dir(&self.folder);
        Ok((command, file))
    }

    fn variables_file(&self, job: &Job, passed: &Passed) -> Result<Option<PathBuf>, Trouble> {
        if passed.file.is_empty() {
            return Ok(None);
        }
        let path = self.folder.join(format!("variables-{}", job.place));
        write_private(&path, &passed.file).map_err(|it| Trouble::with_path("be written", &path, &it))?;
        Ok(Some(path))
    }

    /// Runs the client, and kills the container as soon as the step is stopped. The client ends with its container; it is
    /// not killed itself, for what it was making just then nobody would know of.
    fn run_client(
        &self,
        job: &Job,
        command: &mut Command,
        tail: &mut Tail<'_>,
        stop: &Stop,
        started: &(dyn Fn() + Sync),
    ) -> std::io::Result<Ended> {
        let ending = Arc::new(Killing::of(&self.client, self.place.container(job)));
        let hook = {
            let ending = Arc::clone(&ending);
            stop.when_stopped(move |why| ending.begin(why))
        };
        let ended = if job.role == Role::Service || job.step.is_detached() {
            thread::scope(|scope| {
                scope.spawn(|| self.tell_when_started(job, &ending.over, started));
                let ended = process::run(command, tail, &ending.give_up, &|| {});
                ending.over.store(true, Ordering::SeqCst);
                ended
            })
        } else {
            process::run(command, tail, &ending.give_up, started)
        };
        ending.over.store(true, Ordering::SeqCst);
        drop(hook);
        ended
    }

    /// Nobody waits for the end of a service, so those that come next wait until it is really there.
    fn tell_when_started(&self, job: &Job, over: &AtomicBool, started: &(dyn Fn() + Sync)) {
        let name = self.place.container(job);
        loop {
            let ended = over.load(Ordering::SeqCst);
            if State::of(&self.client, &name).is_ok_and(|it| it.is_some_and(|it| it.has_started())) {
                return started();
            }
            if ended {
                return;
            }
            thread::sleep(LOOK);
        }
    }

    fn judge(&self, job: &Job, code: i32, said: &str) -> Result<Ended, Trouble> {
        let name = self.place.container(job);
        // Most steps end well, and their engine need not be asked. One with a limit may have had a process killed.
        if code == 0 && job.step.mem_limit.is_none() {
            return Ok(Ended::Exit(0));
        }
        let state = State::of(&self.client, &name)?;
        let judged = ending::judge(&self.client, job, code, said, state.as_ref());
        if judged.is_err() {
            // Somebody may have removed the image while the build ran.
            self.images.forget(job.step.image());
            // What is left of it now, `close` removes.
            let _ = remove_containers(&self.client, &[&name]);
        }
        judged
    }

    /// Removes the container of a step that was stopped. Its client may have been killed before the engine made it.
    fn remove_stopped(&self, name: &str) {
        let gone = State::of(&self.client, name).is_ok_and(|it| it.is_none());
        if gone || remove_containers(&self.client, &[name]).is_err() {
            lock(&self.unseen).push(name.to_owned());
        }
    }

    /// Containers that were asked for may still come, when their client was killed in the middle.
    fn wait_for_the_unseen(&self) {
        let unseen = std::mem::take(&mut *lock(&self.unseen));
        for name in unseen {
            for _ in 0..10 {
                if !State::of(&self.client, &name).is_ok_and(|it| it.is_none()) {
                    break;
                }
                thread::sleep(Duration::from_millis(100));
            }
        }
    }

    fn remove_all(&self) -> Result<(), Trouble> {
        self.wait_for_the_unseen();
        let containers = self.labelled.remove_containers(&self.client);
        let used: Vec<String> = lock(&self.used).iter().rev().map(|it| it.1.clone()).collect();
        let given = giving_back::give_back(&self.client, &self.folder, &self.place.labels, &used);
        let named = self.place.sources.iter().any(|it| matches!(it.what, What::Named(_)));
        let volumes = if named { self.labelled.remove_volumes(&self.client) } else { Ok(()) };
        let networks = self.labelled.remove_networks(&self.client);
        containers.and(volumes).and(networks).and(given)
    }
}

impl Machine for Containers {
    fn run(
        &self,
        job: &Job,
        out: &mut (dyn Write + Send),
        stop: &Stop,
        started: &(dyn Fn() + Sync),
    ) -> Result<Ended, Trouble> {
        if job.step.image().is_empty() {
            return Err(Trouble::new(
                format!("the step `{}` has no image, so there is nothing to run it in", job.name),
                "write the `image` of the step",
            ));
        }
        let (mut command, file) = self.command(job)?;
        if stop.is_stopped() || !self.images.ensure(&job.step, self.place.offline, out, stop)? {
            return Ok(Ended::Stopped);
        }
        lock(&self.used).insert((job.script.is_some(), job.step.image().to_owned()));
        let mut tail = Tail::new(out);
        let ended = self.run_client(job, &mut command, &mut tail, stop, started);
        if let Some(file) = file {
            // The whole folder goes away soon.
            let _ = fs::remove_file(file);
        }
        if stop.is_stopped() || ended.is_err() {
            self.remove_stopped(&self.place.container(job));
        }
        match ended.map_err(|it| not_run(&self.client, job, &it))? {
            // Podman ends with 0 when it is asked to end: only what was not stopped ended by itself.
            Ended::Exit(code) if !stop.is_stopped() => self.judge(job, code, &tail.text()),
            _ => Ok(Ended::Stopped),
        }
    }

    fn answers(&self, service: &Job, probe: &Probe) -> bool {
        answering::answers(&self.client, &self.place.container(service), probe, self.place.offline)
    }

    fn close(self: Box<Self>) -> Result<(), Trouble> {
        self.remove_all()
    }
}

fn place(client: &Client, order: &MachineOrder<'_>, labelled: &Labelled) -> Result<Place, Trouble> {
    let network = format!("ciworkshop-{}-{}", order.run, order.number);
    let workspace = order.workspace.to_str().ok_or_else(|| {
        Trouble::new(
            format!(
                "the path {} is no UTF-8, and cannot be handed to {}",
                order.workspace.display(),
                client.name()
            ),
            "set TMPDIR to a folder with a plain name",
        )
    })?;
    Ok(Place {
        kind: client.kind(),
        traits: client.traits(),
        labels: labelled.arguments(),
        sources: volumes::sources(&order.pipeline.volumes, &network),
        network,
        workspace: workspace.to_owned(),
        base: order.base.to_owned(),
        offline: order.offline,
        meets: order.pipeline.runs_something_beside(),
        trusted: order.build.trusted,
    })
}

/// The client could not be run, or what it wrote could not be passed on.
fn not_run(client: &Client, job: &Job, error: &std::io::Error) -> Trouble {
    if error.kind() == std::io::ErrorKind::ArgumentListTooLong {
        return Trouble::new(
            format!("the variables or commands of `{}` are too long for a process: {error}", job.name),
            "put the long text into a file in the repository; a build server fails here too",
        );
    }
    if matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded) {
        return Trouble::new(
            format!("the output of `{}` cannot be written: {error}", job.name),
            "make room on the disk, and try again",
        );
    }
    Trouble::new(
        format!("the step `{}` cannot be run by {}: {error}", job.name, client.program().display()),
        "look whether that program can be started, and try again",
    )
}

#[cfg(unix)]
fn write_private(path: &Path, content: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600).open(path)?.write_all(content.as_bytes())
}

#[cfg(not(unix))]
fn write_private(path: &Path, content: &str) -> std::io::Result<()> {
    fs::write(path, content)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
