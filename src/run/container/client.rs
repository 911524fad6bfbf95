//! Arguments → one call of `docker` or `podman`, and what it said. It has a process group of its own, so that a Ctrl-C
//! of the user does not end it: what cleans up has to go on.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use crate::run::container::words;
use crate::run::{Trouble, process};

/// How long a call may take that only asks or removes something.
const LIMIT: Duration = Duration::from_mins(2);

/// Which of the two command lines it is. They are the same but for a few words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `docker`, also when it speaks to another engine.
    Docker,
    /// `podman`, also when it is installed as `docker`.
    Podman,
}

/// What is known about an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Traits {
    /// It can limit processes.
    pub limits: bool,
    /// The addresses of its containers are addresses on this machine.
    pub reachable: bool,
    /// The root of a container is the user here, not this machine's root.
    pub rootless: bool,
}

/// The command, and the variables that lead it to its engine.
#[derive(Debug)]
pub(super) struct Client {
    program: PathBuf,
    kind: Kind,
    traits: Traits,
    variables: BTreeMap<String, String>,
}

/// What a call said.
#[derive(Debug)]
pub(super) struct Answer {
    /// Its exit code is 0.
    pub good: bool,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Client {
    pub(super) fn new(program: PathBuf, kind: Kind, variables: &BTreeMap<String, String>) -> Self {
        let traits = Traits { limits: true, reachable: false, rootless: false };
        Self { program, kind, traits, variables: variables.clone() }
    }

    pub(super) fn with(self, traits: Traits) -> Self {
        Self { traits, ..self }
    }

    pub(super) fn with_kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    pub(super) fn traits(&self) -> Traits {
        self.traits
    }

    /// The command's name, as its user types it.
    pub(super) fn name(&self) -> &'static str {
        match self.kind {
            Kind::Docker => "docker",
            Kind::Podman => "podman",
        }
    }

    pub(super) fn program(&self) -> &Path {
        &self.program
    }

    /// A command that can be started. Its environment is the user's: that leads to the engine, and never into a container.
    pub(super) fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).env_clear().envs(&self.variables).stdin(Stdio::null());
        // Advertisements do not belong into the output of a step.
        command.env("DOCKER_CLI_HINTS", "false");
        command
    }

    /// Calls it and waits.
    ///
    /// # Errors
    /// It could not be started, or does not come to an end. That it fails is an answer.
    pub(super) fn call<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Answer, Trouble> {
        self.call_within(LIMIT, arguments)
    }

    /// As [`Self::call`], with another limit.
    pub(super) fn call_within<A: AsRef<OsStr>>(
        &self,
        limit: Duration,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Answer, Trouble> {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        process::own_group(&mut command);
        let mut child = command.spawn().map_err(|it| Trouble::with_path("be started", &self.program, &it))?;
        let until = Instant::now() + limit;
        let (out, err) = (reading(child.stdout.take()), reading(child.stderr.take()));
        let answers = in_time(&out, until).and_then(|out| Some((out, in_time(&err, until)?)));
        let Some((out, err)) = answers else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(self.silent(limit));
        };
        let status = child.wait().map_err(|it| Trouble::with_path("be waited for", &self.program, &it))?;
        Ok(Answer { good: status.success(), out, err })
    }

    /// As [`Self::call`]; that it fails is a trouble: `what` is such as "make a network".
    pub(super) fn must<A: AsRef<OsStr>>(
        &self,
        what: &str,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<String, Trouble> {
        let answer = self.call(arguments)?;
        if answer.good { Ok(answer.out) } else { Err(self.trouble(&format!("cannot {what}"), &answer.err)) }
    }

    /// A trouble with the engine: what could not be done, and the engine's own words.
    pub(super) fn trouble(&self, what: &str, words: &str) -> Trouble {
        let cause = words::last_words(words);
        let cause = if cause.is_empty() { "it does not say why" } else { &cause };
        Trouble::new(format!("{} {what}: {cause}", self.name()), words::next_step(self.name(), words))
    }

    fn silent(&self, limit: Duration) -> Trouble {
        let name = self.name();
        let seconds = limit.as_secs();
        Trouble::new(
            format!("{name} has not answered for {seconds} seconds"),
            format!(
                "try `{name} ps`; if that hangs too, start the engine again, or use `--backend bubblewrap`"
            ),
        )
    }
}

/// Reads to the end, beside everything else.
fn reading(stream: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut all = Vec::new();
        if let Some(mut stream) = stream {
            // What was read before an error is all there is to know.
            let _ = stream.read_to_end(&mut all);
        }
        // Nobody listens any more when it took too long.
        let _ = sender.send(String::from_utf8_lossy(&all).into_owned());
    });
    receiver
}

fn in_time(receiver: &Receiver<String>, until: Instant) -> Option<String> {
    receiver.recv_timeout(until.saturating_duration_since(Instant::now())).ok()
}
