//! A label → nothing with that label is left in the engine. It asks the engine what there is, and believes nobody else:
//! so it also finds what a killed run has left.

use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::run::Trouble;
use crate::run::container::client::{Client, Kind};
use crate::run::container::{giving_back, words};

/// What all that belongs to a run, or to a pipeline of it, is labelled with.
#[derive(Clone, Debug)]
pub(super) struct Labelled {
    labels: Vec<String>,
}

impl Labelled {
    /// Everything of a run.
    pub(super) fn run(run: &str) -> Self {
        Self { labels: vec![format!("ciworkshop.run={run}")] }
    }

    /// Everything of a pipeline of a run.
    pub(super) fn pipeline(run: &str, number: usize) -> Self {
        Self { labels: vec![format!("ciworkshop.run={run}"), format!("ciworkshop.pipeline={number}")] }
    }

    /// Arguments that label a new thing so.
    pub(super) fn arguments(&self) -> Vec<String> {
        self.labels.iter().map(|it| format!("--label={it}")).collect()
    }

    /// Removes everything, and makes sure that the user can remove the folder.
    pub(super) fn sweep(&self, client: &Client, folder: &Path) -> Result<(), Trouble> {
        let images = self.images(client);
        let containers = self.remove_containers(client);
        let given = giving_back::give_back(client, folder, &self.arguments(), &images);
        let things = self.remove_volumes(client).and(self.remove_networks(client));
        containers.and(things).and(given).and(self.remove_images(client))
    }

    /// The containers, running or not.
    pub(super) fn remove_containers(&self, client: &Client) -> Result<(), Trouble> {
        let mut trouble = None;
        // More than once: one may be about to be made by an engine whose client is dead already.
        for _ in 0..5 {
            let ids = self.list(client, &["ps", "--all", "--quiet", "--no-trunc"])?;
            if ids.is_empty() {
                return Ok(());
            }
            trouble = remove_containers(client, &ids).err();
            if trouble.is_none() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(200));
        }
        trouble.map_or(Ok(()), Err)
    }

    /// Images that a rehearsal has built.
    pub(super) fn remove_images(&self, client: &Client) -> Result<(), Trouble> {
        let ids = self.list(client, &["images", "--quiet", "--no-trunc"])?;
        remove(client, "remove the images of the run", &["rmi", "--force"], &ids)
    }

    pub(super) fn remove_volumes(&self, client: &Client) -> Result<(), Trouble> {
        let names = self.list(client, &["volume", "ls", "--quiet"])?;
        remove(client, "remove the volumes of the run", &["volume", "rm", "--force"], &names)
    }

    pub(super) fn remove_networks(&self, client: &Client) -> Result<(), Trouble> {
        let ids = self.list(client, &["network", "ls", "--quiet"])?;
        // Podman's word for: also when something without our label is in it.
        let how: &[&str] = match client.kind() {
            Kind::Docker => &["network", "rm"],
            Kind::Podman => &["network", "rm", "--force", "--time=0"],
        };
        let mut removed = Ok(());
        // A container that has just been removed may still hold its end of the cable for a moment.
        for _ in 0..10 {
            removed = remove(client, "remove the network of the run", how, &ids);
            if removed.is_ok() {
                break;
            }
            thread::sleep(Duration::from_millis(100));
        }
        removed
    }

    /// The images from which its containers were made.
    fn images(&self, client: &Client) -> Vec<String> {
        let mut images = self.list(client, &["ps", "--all", "--format", "{{.Image}}"]).unwrap_or_default();
        images.sort();
        images.dedup();
        images
    }

    fn list(&self, client: &Client, asked: &[&str]) -> Result<Vec<String>, Trouble> {
        let filters = self.labels.iter().map(|it| format!("--filter=label={it}"));
        let arguments = asked.iter().map(|it| (*it).to_owned()).chain(filters);
        let told = client.must("say what is left of a run", arguments)?;
        Ok(told.lines().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect())
    }
}

/// Kills and removes containers. That one is gone already is fine; one that is paused is woken up first.
pub(super) fn remove_containers<N: AsRef<str>>(client: &Client, names: &[N]) -> Result<(), Trouble> {
    let options: &[&str] = match client.kind() {
        Kind::Docker => &["rm", "--force", "--volumes"],
        // It would ask first, and wait for ten seconds.
        Kind::Podman => &["rm", "--force", "--volumes", "--time=0"],
    };
    let what = "remove the containers of the run";
    let removed = remove(client, what, options, names);
    if removed.is_ok() {
        return Ok(());
    }
    for name in names {
        let _ = client.call(["unpause", name.as_ref()]);
    }
    remove(client, what, options, names)
}

/// Removes an image. That there is none is fine.
pub(super) fn remove_image(client: &Client, name: &str) -> Result<(), Trouble> {
    remove(client, "remove an image of the run", &["rmi", "--force"], &[name])
}

fn remove<N: AsRef<str>>(client: &Client, what: &str, how: &[&str], names: &[N]) -> Result<(), Trouble> {
    if names.is_empty() {
        return Ok(());
    }
    let answer = client.call(how.iter().copied().chain(names.iter().map(AsRef::as_ref)))?;
    let all_gone = || answer.err.lines().all(|it| it.trim().is_empty() || is_gone(it));
    if answer.good || all_gone() {
        return Ok(());
    }
    Err(client.trouble(&format!("cannot {what}"), &answer.err))
}

fn is_gone(line: &str) -> bool {
    words::is_missing(line) || line.contains("is already in progress")
}
