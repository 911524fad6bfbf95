//! What the client and the engine say about a container that is over → how the step ended, or that it never ran.

use std::io::{self, Write};

use serde::Deserialize;

use crate::run::Trouble;
use crate::run::backend::{Ended, Job};
use crate::run::container::client::Client;
use crate::run::container::words;

/// How much of the end of the output is kept: what an engine says fits well.
const KEPT: usize = 8 * 1024;

/// Passes everything on, and keeps the end of it.
pub(super) struct Tail<'a> {
    out: &'a mut (dyn Write + Send),
    kept: Vec<u8>,
}

impl<'a> Tail<'a> {
    pub(super) fn new(out: &'a mut (dyn Write + Send)) -> Self {
        Self { out, kept: Vec::with_capacity(2 * KEPT) }
    }

    /// The end of what was written.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.kept).into_owned()
    }

    fn keep(&mut self, bytes: &[u8]) {
        let new = &bytes[bytes.len().saturating_sub(KEPT)..];
        let spare = (self.kept.len() + new.len()).saturating_sub(KEPT);
        self.kept.drain(..spare.min(self.kept.len()));
        self.kept.extend_from_slice(new);
    }
}

impl Write for Tail<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.out.write(bytes)?;
        self.keep(&bytes[..length]);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A container, as its engine sees it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct State {
    #[serde(default)]
    status: String,
    #[serde(default, rename = "OOMKilled")]
    out_of_memory: bool,
    #[serde(default)]
    exit_code: i32,
    #[serde(default)]
    error: String,
}

impl State {
    /// Asks the engine. `None`: there is no such container.
    pub(super) fn of(client: &Client, container: &str) -> Result<Option<Self>, Trouble> {
        let asked = ["container", "inspect", "--format", "{{json .State}}", container];
        let answer = client.call(asked)?;
        if !answer.good && words::is_missing(&answer.err) {
            return Ok(None);
        }
        let state = serde_json::from_str(answer.out.trim()).ok().filter(|_| answer.good);
        state
            .map(Some)
            .ok_or_else(|| client.trouble("says nothing about the container of the step", &answer.err))
    }

    /// True when its program has been started, whatever became of it.
    pub(super) fn has_started(&self) -> bool {
        !["created", "configured", "initialized"].contains(&self.status.as_str())
    }

    fn is_over(&self) -> bool {
        ["exited", "stopped", "dead", "removing"].contains(&self.status.as_str())
    }

    /// How the program ended, in a container that has a limit of memory or none.
    ///
    /// Neither engine always knows that memory was short: the kernel's notice may come when the container is gone.
    /// With a limit, it is the likely reason of a process that was killed.
    fn ended(&self, limited: bool) -> Ended {
        if self.out_of_memory || limited && self.exit_code == 137 {
            return Ended::OutOfMemory;
        }
        Ended::Exit(self.exit_code)
    }
}

/// How a step ended whose client ended with `code`, of which `said` are the last words.
///
/// # Errors
/// The step never ran, or nobody knows what became of it.
pub(super) fn judge(
    client: &Client,
    job: &Job,
    code: i32,
    said: &str,
    state: Option<&State>,
) -> Result<Ended, Trouble> {
    let Some(state) = state else { return Err(never_ran(client, job, said)) };
    if !state.has_started() {
        let words = if state.error.is_empty() { said } else { &state.error };
        return Err(never_ran(client, job, words));
    }
    if !state.is_over() {
        return Err(lost(client, code, said));
    }
    Ok(state.ended(job.step.mem_limit.is_some()))
}

fn never_ran(client: &Client, job: &Job, words: &str) -> Trouble {
    let image = job.step.image();
    let lower = words.to_lowercase();
    let no_program = ["executable file not found", "no such file or directory", "command that was not found"]
        .iter()
        .any(|it| lower.contains(it));
    if !no_program || !(lower.contains("exec") || lower.contains("stat ")) {
        return client.trouble(&format!("cannot start a container from `{image}`"), words);
    }
    let message =
        format!("{} cannot start a container from `{image}`: {}", client.name(), words::last_words(words));
    let help = if job.script.is_some() {
        "`commands` need a `/bin/sh` in the image: take an image that has one"
    } else {
        "look which programs the image has, and what `entrypoint` and `command` of the step say"
    };
    Trouble::new(message, help)
}

/// The client ended, the container did not.
fn lost(client: &Client, code: i32, said: &str) -> Trouble {
    if words::is_gone(said) {
        return client.trouble("lost its engine while the step ran", said);
    }
    let name = client.name();
    Trouble::new(
        format!("the command `{name}` ended with {code} while the container of the step still ran"),
        format!("look whether somebody ended `{name}`, or whether the machine is short of memory"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_long_output_is_kept_and_no_more() {
        let mut out = Vec::new();
        let mut tail = Tail::new(&mut out);
        for number in 0..5000 {
            writeln!(tail, "line {number}").unwrap();
        }
        assert!(tail.text().ends_with("line 4999\n") && tail.kept.len() == KEPT);
        tail.write_all(&vec![b'x'; 3 * KEPT]).unwrap();
        assert_eq!(tail.text(), "x".repeat(KEPT));
    }

    #[test]
    fn the_states_of_both_engines_are_read() {
        let docker: State =
            serde_json::from_str(r#"{"Status":"exited","OOMKilled":true,"ExitCode":137,"Error":""}"#)
                .unwrap();
        assert!(docker.is_over() && docker.has_started() && docker.out_of_memory);
        let podman: State =
            serde_json::from_str(r#"{"Status":"configured","OOMKilled":false,"ExitCode":0}"#).unwrap();
        assert!(!podman.has_started() && !podman.is_over());
    }

    #[test]
    fn a_killed_program_with_a_limit_was_out_of_memory_whether_its_engine_knows_or_not() {
        let state = |json: &str| serde_json::from_str::<State>(json).unwrap();
        let (known, missed) = (state(r#"{"OOMKilled":true,"ExitCode":1}"#), state(r#"{"ExitCode":137}"#));
        assert_eq!([known.ended(true), known.ended(false)], [Ended::OutOfMemory; 2]);
        assert_eq!([missed.ended(true), missed.ended(false)], [Ended::OutOfMemory, Ended::Exit(137)]);
        assert_eq!(state(r#"{"ExitCode":9}"#).ended(true), Ended::Exit(9));
    }
}
