//! What all rehearsals need: the step's settings and files, the build, a way to run a script in the clean machine, and
//! the shelf.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use crate::engine::pipeline::Text;
use crate::run::Trouble;
use crate::run::backend::{Ended, Job};
use crate::run::process::Stop;
use crate::run::rehearsal::RehearsingMachine;
use crate::run::rehearsal::settings::{Secrets, Settings};
use crate::run::rehearsal::talk::{Talk, without_login};
use crate::run::rehearsal::workspace::{Absent, Workspace};
use crate::run::shelf::{
    DeliveredFile, Delivery, Kind, NotPlaced, NotStaged, OpenShelf, SafeName, SafePath, Source, Staged,
    Staging,
};

/// Larger files are not delivered. It is what releases on GitHub allow.
pub(super) const LARGEST: u64 = 2 * 1024 * 1024 * 1024;

/// Why a rehearsal is over before its end.
#[derive(Debug)]
pub(super) enum Over {
    /// The plugin would fail here; in words, without a full stop.
    Fails(String),
    /// Somebody stopped it.
    Stopped,
    /// What ran in the clean machine ended so.
    Ended(Ended),
    /// The rehearsal itself could not be done.
    Trouble(Trouble),
}

impl From<Trouble> for Over {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<String> for Over {
    fn from(why: String) -> Self {
        Self::Fails(why)
    }
}

impl From<NotPlaced> for Over {
    fn from(not: NotPlaced) -> Self {
        match not {
            NotPlaced::Taken(name) => {
                Self::Fails(format!("{name} is on the shelf already, and cannot be there twice"))
            }
            NotPlaced::Refused(refused) => Self::Fails(refused.to_string()),
            NotPlaced::Trouble(trouble) => Self::Trouble(trouble),
        }
    }
}

/// One rehearsal.
pub(super) struct Stage<'s, 'o> {
    pub(super) machine: &'s RehearsingMachine,
    pub(super) settings: Settings<'s>,
    pub(super) workspace: Workspace,
    pub(super) talk: &'s mut Talk<'o>,
    pub(super) stop: &'s Stop,
}

impl<'s> Stage<'s, '_> {
    /// The event of the build, as the plugin is told.
    pub(super) fn event(&self) -> &'s str {
        self.told("DRONE_BUILD_EVENT", self.machine.build.event.word())
    }

    /// The full ref, as the plugin is told.
    pub(super) fn git_ref(&self) -> &'s str {
        self.told("DRONE_COMMIT_REF", &self.machine.build.git_ref)
    }

    /// `owner/name` as folders.
    pub(super) fn repo(&self) -> Result<SafePath, Over> {
        self.path(self.told("DRONE_REPO", &self.machine.build.repo))
    }

    /// A variable, or what the build says.
    pub(super) fn told(&self, variable: &str, build: &'s str) -> &'s str {
        let told = self.settings.job.variable(variable);
        if told.is_empty() { build } else { told }
    }

    /// A name on the shelf.
    pub(super) fn name(&self, name: &str) -> Result<SafeName, Over> {
        SafeName::of(&self.secrets().hide_in_name(name)).map_err(|it| Over::Fails(it.to_string()))
    }

    /// A path on the shelf.
    pub(super) fn path(&self, path: &str) -> Result<SafePath, Over> {
        SafePath::of(&self.secrets().hide_in_name(path)).map_err(|it| Over::Fails(it.to_string()))
    }

    /// The values that nobody may see.
    pub(super) fn secrets(&self) -> &Secrets {
        self.talk.secrets
    }

    /// A place for files that are not on the shelf yet.
    pub(super) fn staging(&self) -> Result<Staging, Over> {
        Ok(self.machine.shelf.stage()?)
    }

    /// The shelf, while nobody else puts anything on it.
    pub(super) fn open_shelf(&self) -> Result<OpenShelf<'s>, Over> {
        Ok(self.machine.shelf.open()?)
    }

    /// Copies a file of the workspace near the shelf.
    pub(super) fn take(&self, inner: &Path, staging: &Staging, largest: u64) -> Result<Staged, Over> {
        let file = self.workspace.open(inner).map_err(|why| self.absent(inner, &why))?;
        self.take_from(inner, &mut Watched::new(file, self.secrets()), staging, largest)
    }

    /// Copies a file of the workspace near the shelf, packed with gzip.
    pub(super) fn take_packed(&self, inner: &Path, staging: &Staging) -> Result<Staged, Over> {
        let file = self.workspace.open(inner).map_err(|why| self.absent(inner, &why))?;
        let watched = Watched::new(file, self.secrets());
        let mut packed = flate2::read::GzEncoder::new(watched, flate2::Compression::default());
        let taken = self.take_from_any(inner, &mut packed, staging, LARGEST)?;
        if packed.get_ref().found {
            return Err(self.holds_secret(inner));
        }
        Ok(taken)
    }

    fn take_from(
        &self,
        inner: &Path,
        from: &mut Watched<'_>,
        staging: &Staging,
        largest: u64,
    ) -> Result<Staged, Over> {
        let taken = self.take_from_any(inner, from, staging, largest)?;
        if from.found { Err(self.holds_secret(inner)) } else { Ok(taken) }
    }

    fn take_from_any(
        &self,
        inner: &Path,
        from: &mut dyn Read,
        staging: &Staging,
        largest: u64,
    ) -> Result<Staged, Over> {
        staging.take(from, largest, self.stop).map_err(|not| match not {
            NotStaged::Stopped => Over::Stopped,
            NotStaged::Trouble(trouble) => Over::Trouble(trouble),
            NotStaged::TooLarge => Over::Fails(format!(
                "`{}` is larger than {} MiB, and is not taken",
                self.workspace.shown(inner),
                largest >> 20
            )),
        })
    }

    fn holds_secret(&self, inner: &Path) -> Over {
        let shown = self.workspace.shown(inner);
        Over::Fails(format!(
            "`{shown}` holds the value of a secret. Once it is published everybody can read it. Keep it out of the file"
        ))
    }

    /// A file that cannot be had.
    pub(super) fn absent(&self, inner: &Path, why: &Absent) -> Over {
        Over::Fails(format!("`{}` {why}", self.workspace.shown(inner)))
    }

    /// Says where it would be sent.
    pub(super) fn tell_destination(&mut self, destination: &str) {
        self.talk.tell("would be sent to", &without_login(destination));
    }

    /// Notes a delivery, and says where it is.
    pub(super) fn delivered(&mut self, open: &OpenShelf<'_>, what: What) -> Result<(), Over> {
        let secrets = self.secrets();
        let delivery = Delivery {
            id: 0,
            at: 0,
            kind: what.kind,
            title: secrets.hide(&what.title),
            path: what.path.clone(),
            destination: secrets.hide(&without_login(&what.destination)),
            files: what.files,
            source: self.source(),
        };
        open.note(delivery)?;
        let place = open.root().join(what.path);
        self.talk.tell("on the shelf", &place.display().to_string());
        Ok(())
    }

    fn source(&self) -> Source {
        let (build, job) = (&self.machine.build, self.settings.job);
        let image = job.step.image.as_ref().map(|it| it.value.clone());
        Source {
            run: self.machine.run.clone(),
            build: build.number,
            event: build.event.word().to_owned(),
            repo: build.repo.clone(),
            git_ref: build.git_ref.clone(),
            commit: build.after.clone(),
            pipeline: self.machine.pipeline.clone(),
            step: job.name.clone(),
            image: image.unwrap_or_default(),
            plugin: self.settings.plugin.name.to_owned(),
        }
    }

    /// Runs a script in the clean machine, where the step works, without any of its secrets. A container has the tools
    /// of the plugin's own image; elsewhere `image` says what is needed.
    pub(super) fn run(&mut self, script: &str, image: &str) -> Result<Ended, Over> {
        let job = self.helper(script, image);
        let mut out = Plain(self.talk);
        Ok(self.machine.inner.run(&job, &mut out, self.stop, &|| {})?)
    }

    fn helper(&self, script: &str, image: &str) -> Job {
        let original = self.settings.job;
        let containers = ["docker", "podman"].contains(&self.machine.kind);
        let mut step = original.step.clone();
        step.settings.clear();
        step.environment.clear();
        step.command.clear();
        step.commands = Some(vec![Text { value: script.to_owned(), ..Text::default() }]);
        if !containers && let Some(written) = &mut step.image {
            image.clone_into(&mut written.value);
        }
        let secrets = self.secrets();
        let public = |it: &&(String, String)| !it.0.starts_with("PLUGIN_") && secrets.hide(&it.1) == it.1;
        Job {
            step,
            script: Some(format!("unset DRONE_SCRIPT\nset -e\n{script}\n")),
            environment: original.environment.iter().filter(public).cloned().collect(),
            folder: Some(original.folder.clone().unwrap_or_else(|| self.machine.base.clone())),
            ..original.clone()
        }
    }
}

/// What a rehearsal delivers.
pub(super) struct What {
    pub(super) kind: Kind,
    pub(super) title: String,
    pub(super) path: String,
    pub(super) destination: String,
    pub(super) files: Vec<DeliveredFile>,
}

/// A file as the ledger lists it.
pub(super) fn listed(name: &impl ToString, staged: &Staged) -> DeliveredFile {
    DeliveredFile { name: name.to_string(), bytes: staged.bytes, sha256: staged.sha256.clone() }
}

/// A text as one word of a shell.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\"'\"'"))
}

/// Output of a script, as it comes. Secrets are masked by whoever shows it; the script does not have any.
struct Plain<'t, 'o>(&'t mut Talk<'o>);

impl Write for Plain<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.out.flush()
    }
}

/// A file that is read, and whether it holds a secret.
struct Watched<'s> {
    file: File,
    secrets: &'s Secrets,
    /// The end of what was read last: a secret may be cut by the end of a read.
    tail: Vec<u8>,
    found: bool,
}

impl<'s> Watched<'s> {
    fn new(file: File, secrets: &'s Secrets) -> Self {
        Self { file, secrets, tail: Vec::new(), found: false }
    }
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        let longest = self.secrets.longest();
        if longest > 0 && !self.found {
            self.tail.extend_from_slice(&buffer[..length]);
            self.found = self.secrets.are_in(&self.tail);
            let keep = self.tail.len().saturating_sub(longest - 1);
            self.tail.drain(..keep);
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_a_shell_ends_nothing() {
        assert_eq!(quoted("a'; rm -rf /; '"), "'a'\"'\"'; rm -rf /; '\"'\"''");
    }
}
