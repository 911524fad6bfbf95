//! An image and a policy → the image is here, pulled if need be (§3, `pull`), with a line about each layer.

use std::collections::HashMap;
use std::io::Write;
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::engine::pipeline::{ImageName, Step};
use crate::run::backend::Ended;
use crate::run::container::client::{Client, Kind};
use crate::run::container::words;
use crate::run::process::{self, Stop};
use crate::run::{Trouble, container::ending::Tail};

/// When an image is pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pull {
    /// Each time.
    Always,
    /// When it is not here.
    Missing,
    /// In no case.
    Never,
}

impl Pull {
    /// The policy that is written, or the default: `latest` moves, and is pulled each time.
    pub(super) fn of(step: &Step) -> Self {
        let written = step.pull.as_ref().map(|it| it.value.to_lowercase());
        match written.as_deref() {
            Some("always") => Self::Always,
            Some("if-not-exists") => Self::Missing,
            Some("never") => Self::Never,
            _ if is_latest(step.image()) => Self::Always,
            _ => Self::Missing,
        }
    }
}

fn is_latest(image: &str) -> bool {
    let name = ImageName::of(image);
    name.digest.is_none() && name.tag.is_none_or(|it| it == "latest")
}

/// Which images are known to be here. Two steps that need the same one wait for the same pull.
#[derive(Debug)]
pub(super) struct Images {
    client: Arc<Client>,
    here: Mutex<HashMap<String, Arc<Mutex<bool>>>>,
}

impl Images {
    pub(super) fn new(client: &Arc<Client>) -> Self {
        Self { client: Arc::clone(client), here: Mutex::default() }
    }

    /// Asks about all images of a pipeline at once, so that no step has to. An answer that is not clear is none.
    pub(super) fn look(&self, images: &[&str]) {
        let unknown: Vec<&str> = images.iter().copied().filter(|it| !*lock(&self.slot(it))).collect();
        if unknown.is_empty() {
            return;
        }
        let asked = ["image", "inspect", "--format", "{{.Id}}", "--"].into_iter();
        let answer = self.client.call(asked.chain(unknown.iter().copied()));
        if answer.is_ok_and(|it| it.good) {
            for image in unknown {
                *lock(&self.slot(image)) = true;
            }
        }
    }

    /// Sees to it that the step's image is here. False when that was stopped.
    ///
    /// # Errors
    /// It is not here, and cannot be pulled or may not be.
    pub(super) fn ensure(
        &self,
        wanted: &Step,
        offline: bool,
        out: &mut (dyn Write + Send),
        stop: &Stop,
    ) -> Result<bool, Trouble> {
        let (client, image) = (&*self.client, wanted.image());
        let slot = self.slot(image);
        let mut here = lock(&slot);
        let pull = Pull::of(wanted);
        if *here && (pull != Pull::Always || offline) {
            return Ok(true);
        }
        *here = *here || is_here(client, image)?;
        match (pull, *here) {
            (_, false) if offline => Err(not_here(client, image, OFFLINE)),
            (Pull::Never, false) => Err(not_here(client, image, "and `pull: never` forbids to pull it")),
            (Pull::Missing | Pull::Never, true) => Ok(true),
            (_, true) if offline => Ok(true),
            (_, there) => {
                let pulled = fetch(client, image, there, out, stop)?;
                *here = *here || pulled;
                Ok(pulled)
            }
        }
    }

    /// The image is gone, although it was here: it is looked for again.
    pub(super) fn forget(&self, image: &str) {
        *lock(&self.slot(image)) = false;
    }

    fn slot(&self, image: &str) -> Arc<Mutex<bool>> {
        Arc::clone(lock(&self.here).entry(image.to_owned()).or_default())
    }
}

/// What a build is made from, when nothing may be pulled.
///
/// # Errors
/// It is not here, or its name depends on something.
pub(super) fn must_be_here(client: &Client, image: &str) -> Result<(), Trouble> {
    if image.contains('$') {
        return Err(Trouble::new(
            format!(
                "which image `{image}` is depends on a build argument, and `--offline` forbids to pull it"
            ),
            "write the image in full in the recipe, or leave `--offline` out",
        ));
    }
    if is_here(client, image)? { Ok(()) } else { Err(not_here(client, image, OFFLINE)) }
}

/// Why nothing is pulled.
const OFFLINE: &str = "and `--offline` forbids to pull it";

fn is_here(client: &Client, image: &str) -> Result<bool, Trouble> {
    let answer = client.call(["image", "inspect", "--format", "{{.Id}}", "--", image])?;
    if answer.good || words::is_missing(&answer.err) {
        return Ok(answer.good);
    }
    Err(client.trouble(&format!("cannot look for the image `{image}`"), &answer.err))
}

fn fetch(
    client: &Client,
    image: &str,
    there: bool,
    out: &mut (dyn Write + Send),
    stop: &Stop,
) -> Result<bool, Trouble> {
    let mut tail = Tail::new(out);
    let mut command: Command = client.command(["pull", "--", &full_name(client, image)]);
    let ended = process::run(&mut command, &mut tail, stop, &|| {})
        .map_err(|it| Trouble::with_path("be run", client.program(), &it))?;
    match ended {
        Ended::Exit(0) => Ok(true),
        Ended::Stopped => Ok(false),
        _ => {
            let trouble = client.trouble(&format!("cannot pull `{image}`"), &tail.text());
            Err(if there { with_the_old_one(&trouble) } else { trouble })
        }
    }
}

/// A real build fails here too, so this does not go on by itself.
fn with_the_old_one(trouble: &Trouble) -> Trouble {
    let message = format!("{}; an older one is here, but a build takes only a fresh one", trouble.message);
    Trouble::new(message, "use the one that is here with `--offline`, or write `pull: if-not-exists`")
}

fn not_here(client: &Client, image: &str, why: &str) -> Trouble {
    let name = client.name();
    Trouble::new(
        format!("the image `{image}` is not on this machine, {why}"),
        format!("get it once with `{name} pull {image}`, and try again"),
    )
}

/// Podman asks which registry is meant by a short name; Drone knows only one (§3).
fn full_name(client: &Client, image: &str) -> String {
    if client.kind() == Kind::Docker {
        return image.to_owned();
    }
    match image.split_once('/') {
        None => format!("docker.io/library/{image}"),
        Some((first, _)) if first.contains(['.', ':']) || first == "localhost" => image.to_owned(),
        Some(_) => format!("docker.io/{image}"),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::pipeline::Text;

    fn step(image: &str, pull: &str) -> Step {
        let text = |it: &str| Some(Text { value: it.to_owned(), ..Text::default() });
        Step { image: text(image), pull: text(pull).filter(|_| !pull.is_empty()), ..Step::default() }
    }

    #[test]
    fn what_is_latest_is_pulled_each_time_unless_the_step_says_otherwise() {
        let rows = [
            ("golang", "", Pull::Always),
            ("golang:latest", "", Pull::Always),
            ("r:5000/golang", "", Pull::Always),
            ("golang:1", "", Pull::Missing),
            ("golang@sha256:abc", "", Pull::Missing),
            ("golang:1", "ALWAYS", Pull::Always),
            ("golang", "if-not-exists", Pull::Missing),
            ("golang", "never", Pull::Never),
            ("golang:1", "true", Pull::Missing),
        ];
        for (image, pull, expected) in rows {
            assert_eq!(Pull::of(&step(image, pull)), expected, "{image} {pull}");
        }
    }
}
