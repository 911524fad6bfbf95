//! The image of a step → the plugin behind it: what it does, which settings it reads and which it needs. Static data
//! and look-up; whether a file uses it well is for others to say.
//!
//! A plugin is a program in an image. Drone hands it each entry of `settings` as a variable: `repo` becomes
//! `PLUGIN_REPO` (§5.6). A name that the program does not read is passed on and never looked at, which is why a
//! slip of the pen in `settings` goes unnoticed for so long.
//!
//! The tables hold what the programs of the plugins read, in any of their versions that could be found. They lean
//! towards silence: a name that some version reads is known, and a plugin that reads any name is [`Plugin::open`].

mod need;
mod setting;
mod table;

pub use need::Need;
pub use setting::{Kind, Setting, Standing};

use crate::pipeline::ImageName;

/// A plugin: one program, whatever names its image has had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plugin {
    /// A short name of its own: `docker`, `s3-sync`.
    pub name: &'static str,
    /// Its images, without tag and without `docker.io/`. The first is the one to write today.
    pub images: &'static [&'static str],
    /// What it does, in one sentence.
    pub does: &'static str,
    /// What changes in the world when it runs.
    pub effect: Effect,
    /// The page of the project.
    pub page: &'static str,
    /// The settings it reads, in groups that several plugins share. Each group is sorted by name.
    pub groups: &'static [&'static [Setting]],
    /// What must be there for it to work.
    pub needs: &'static [Need],
    /// True when it reads settings that no table can hold, so that an unknown name means nothing.
    pub open: bool,
    /// True when it refuses to run in a build that is not one of a tag.
    pub tags_only: bool,
}

/// What changes in the world when a plugin runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// It makes files in the workspace, and nothing leaves the build.
    Builds,
    /// It brings files or a service into the build.
    Fetches,
    /// It keeps files for the next build, or brings them back.
    Caches,
    /// It puts an image, a package or files where others take them from.
    Publishes,
    /// It changes a machine, a cluster or a service that runs.
    Deploys,
    /// It tells people about the build.
    Notifies,
    /// It hands the results of tests and checks to a service that shows them.
    Reports,
    /// It starts other builds.
    Triggers,
}

/// The plugin behind the image of a step, if it is one we know: with or without tag, digest and the name of Docker's
/// own registry.
#[must_use]
pub fn of_image(image: &str) -> Option<&'static Plugin> {
    let repository = repository(image);
    // Images without a group are the official ones of languages and systems: no plugin is among them.
    if !repository.contains('/') {
        return None;
    }
    Plugin::ALL.iter().find(|it| it.images.contains(&repository))
}

/// The name of an image alone: `docker.io/plugins/docker:20@sha256:…` → `plugins/docker`.
#[must_use]
pub fn repository(image: &str) -> &str {
    let path = ImageName::of(image.trim()).path;
    let homes = ["docker.io/", "index.docker.io/", "registry-1.docker.io/", "registry.hub.docker.com/"];
    homes.iter().find_map(|it| path.strip_prefix(it)).unwrap_or(path)
}

impl Plugin {
    /// Every plugin we know, by name.
    pub const ALL: &'static [Plugin] = table::ALL;

    /// The setting that the plugin reads under this name, be it an alias or an old name. Drone upper-cases the name, so
    /// case does not count (§5.6).
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&'static Setting> {
        self.settings().find(|it| it.is_called(name))
    }

    /// Every setting it reads. Sorted within a group, not over all.
    pub fn settings(&self) -> impl Iterator<Item = &'static Setting> + use<> {
        self.groups.iter().flat_map(|it| it.iter())
    }

    /// True when it surely passes over a setting of this name.
    #[must_use]
    pub fn ignores(&self, name: &str) -> bool {
        !self.open && self.setting(name).is_none()
    }

    /// True when it reads a password, a token or a key under this name.
    #[must_use]
    pub fn is_secret(&self, name: &str) -> bool {
        self.setting(name).is_some_and(|it| it.secret)
    }

    /// For a name that it does not read: the setting that would be read if `dry-run`, `dryRun` and `dry.run` were
    /// `dry_run`. To Drone they are four different variables (§5.6).
    #[must_use]
    pub fn respelled(&self, name: &str) -> Option<&'static Setting> {
        let spelled = self.settings().any(|it| it.is_called(name));
        (!spelled).then(|| self.settings().find(|it| it.sounding_like(name).is_some()))?
    }
}

#[cfg(test)]
mod tests;
