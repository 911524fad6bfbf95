//! Flags and what is installed → the backend that runs the build, and how.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::cli::{Failure, World};
use crate::engine::pipeline::ImageName;
use crate::run::Trouble;
use crate::run::backend::{Backend, Job, Probe};
use crate::run::container::{self, Builder, Container};
use crate::run::ledger::Ledger;
use crate::run::places::Places;
use crate::run::rehearsal::Rehearsing;
use crate::run::sandbox::{self, Level, Sandbox};

/// Where and how the steps run.
#[derive(Debug, Default, Args)]
pub(in crate::cli) struct MachineChoice {
    /// Where the steps run; `auto` takes a container engine if one answers, else a sandbox
    #[arg(long, value_enum, default_value_t)]
    pub(super) backend: Kind,
    /// Run the commands on this machine without asking, when little keeps them apart
    #[arg(long, short)]
    pub(super) yes: bool,
    /// No step reaches the network
    #[arg(long)]
    pub(super) offline: bool,
    /// Let publishing plugins really publish; without it they deliver to the local shelf
    #[arg(long, conflicts_with = "offline")]
    pub(super) publish: bool,
    /// How many steps run at once [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Minutes that a pipeline may take
    #[arg(long, value_name = "MINUTES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    timeout: u32,
    /// Wait for this service until the port is open, or until the command, run in it, ends with 0 (repeatable)
    #[arg(long, value_name = "SERVICE=PORT|COMMAND", value_parser = wait)]
    wait: Vec<(String, Probe)>,
    /// Do not wait for services: Drone does not either
    #[arg(long, conflicts_with = "wait")]
    no_wait: bool,
    /// A variable for every step, as the administrator of a runner sets them: with a value, or that of your environment
    /// (repeatable)
    #[arg(long, value_name = "NAME[=VALUE]")]
    env: Vec<String>,
    /// Seconds to wait for a service
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    patience: u32,
}

/// The kinds of machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Kind {
    /// A container engine if one answers, else a sandbox.
    #[default]
    Auto,
    /// Containers of Docker.
    Docker,
    /// Containers of Podman.
    Podman,
    /// The sandbox bubblewrap.
    Bubblewrap,
    /// A folder and a cleared environment on this machine.
    Plain,
}

fn wait(text: &str) -> Result<(String, Probe), String> {
    let (name, what) = text.split_once('=').ok_or("write the service and its port, such as db=5432")?;
    let probe = what.parse().map_or_else(|_| Probe::Command(what.to_owned()), Probe::Port);
    Ok((name.to_owned(), probe))
}

impl MachineChoice {
    /// One that publishes nothing, with the patience and the time that are usual.
    pub(in crate::cli) fn rehearsing(backend: Kind, offline: bool, env: &[String]) -> Self {
        Self { backend, offline, env: env.to_vec(), timeout: 60, patience: 60, ..Self::default() }
    }

    /// Finds the backend.
    ///
    /// # Errors
    /// The one that is asked for is not there.
    pub(in crate::cli) fn find(
        &self,
        world: &World,
        places: &Places,
        project: &Path,
    ) -> Result<Arc<dyn Backend>, Failure> {
        let found = find(self.backend, world, places, [Order::Container, Order::Sandbox])?;
        if self.publish {
            return Ok(found.backend);
        }
        let rehearsing = Rehearsing::new(found.backend, places.shelf(project));
        Ok(Arc::new(match found.builder {
            Some(builder) => rehearsing.with_builder(Arc::new(builder)),
            None => rehearsing,
        }))
    }

    /// Variables that every step gets beside those of the build.
    ///
    /// # Errors
    /// One has no value here, or no name.
    pub(in crate::cli) fn variables(&self, world: &World) -> Result<Vec<(String, String)>, Failure> {
        let one = |word: &String| {
            let (name, value) = word.split_once('=').map_or((word.as_str(), None), |it| (it.0, Some(it.1)));
            let value = value.or_else(|| world.variables.get(name).map(String::as_str));
            let value = value.filter(|_| !name.is_empty());
            value.map(|it| (name.to_owned(), it.to_owned())).ok_or_else(|| {
                Failure::usage(
                    format!("--env {name}: there is no such variable in your environment"),
                    "write --env NAME=VALUE, or set the variable first; for a secret use --secret",
                )
            })
        };
        self.env.iter().map(one).collect()
    }

    /// How many steps run at once.
    pub(in crate::cli) fn jobs(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(2, Into::into);
        self.jobs.map_or_else(cores, usize::from)
    }

    /// How long a pipeline may take.
    pub(super) fn timeout(&self) -> Duration {
        Duration::from_secs(u64::from(self.timeout) * 60)
    }

    /// How long to wait for a service.
    pub(in crate::cli) fn patience(&self) -> Duration {
        Duration::from_secs(self.patience.into())
    }

    /// How a service is known to answer: as the flags say, or by the port of a well-known image.
    pub(in crate::cli) fn probe(&self, job: &Job) -> Option<Probe> {
        if self.no_wait {
            return None;
        }
        let named = self.wait.iter().find(|it| it.0 == job.name).map(|it| it.1.clone());
        named
            .or_else(|| job.script.is_none().then(|| known_port(job.step.image())).flatten().map(Probe::Port))
    }
}

/// What is tried first, when nothing is asked for.
#[derive(Clone, Copy)]
enum Order {
    Container,
    Sandbox,
}

/// The backend for exercises. A sandbox comes first: it needs no images, which cannot be fetched offline.
///
/// # Errors
/// None can be had.
pub(in crate::cli) fn for_exercises(
    kind: Kind,
    world: &World,
    places: &Places,
) -> Result<Arc<dyn Backend>, Trouble> {
    Ok(find(kind, world, places, [Order::Sandbox, Order::Container])?.backend)
}

/// Removes what runs have left that could not clean up. Each of them may have used another engine.
///
/// # Errors
/// An engine refuses to remove something, or a folder stays.
pub(in crate::cli) fn sweep(
    backend: &Arc<dyn Backend>,
    world: &World,
    places: &Places,
) -> Result<(), Trouble> {
    let others = ["docker", "podman"].into_iter().filter(|it| *it != backend.describe().name);
    let found = others.filter_map(|it| container::find_named(it, &world.variables).ok());
    let all = || std::iter::once(Arc::clone(backend)).chain(found.map(|it| Arc::new(it) as _)).collect();
    Ledger::new(places.runs()).sweep(all)
}

/// A backend, and what builds images beside it.
struct Found {
    backend: Arc<dyn Backend>,
    builder: Option<Builder>,
}

impl From<Container> for Found {
    fn from(engine: Container) -> Self {
        Self { builder: Some(engine.builder()), backend: Arc::new(engine) }
    }
}

impl From<Sandbox> for Found {
    fn from(sandbox: Sandbox) -> Self {
        Self { builder: None, backend: Arc::new(sandbox) }
    }
}

fn find(kind: Kind, world: &World, places: &Places, order: [Order; 2]) -> Result<Found, Trouble> {
    let variables = &world.variables;
    let engine = |name| container::find_named(name, variables).map(Found::from);
    let sand = |level| sandbox::find(level, variables, &places.cache()).map(Found::from);
    let first = |order| match order {
        Order::Container => container::find(variables).map(Found::from),
        Order::Sandbox => sand(Level::Bubblewrap),
    };
    match kind {
        Kind::Auto => first(order[0]).or_else(|_| first(order[1])).or_else(|_| sand(Level::Plain)),
        Kind::Docker => engine("docker"),
        Kind::Podman => engine("podman"),
        Kind::Bubblewrap => sand(Level::Bubblewrap),
        Kind::Plain => sand(Level::Plain),
    }
}

/// The port on which the program of a well-known image answers.
fn known_port(image: &str) -> Option<u16> {
    const PORTS: [(&str, u16); 16] = [
        ("postgres", 5432),
        ("postgis/postgis", 5432),
        ("mysql", 3306),
        ("mariadb", 3306),
        ("redis", 6379),
        ("memcached", 11211),
        ("mongo", 27017),
        ("rabbitmq", 5672),
        ("elasticsearch", 9200),
        ("nats", 4222),
        ("minio/minio", 9000),
        ("nginx", 80),
        ("httpd", 80),
        ("cassandra", 9042),
        ("couchdb", 5984),
        ("influxdb", 8086),
    ];
    let path = ImageName::of(image).path;
    // The official images have a long name too.
    let path = path.strip_prefix("docker.io/").unwrap_or(path);
    let path = path.strip_prefix("library/").unwrap_or(path);
    PORTS.iter().find(|it| it.0 == path).map(|it| it.1)
}
