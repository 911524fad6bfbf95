//! A running `start` or `watch`: its lines as they come, and its end.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A process whose output is read line by line.
pub struct Live {
    child: Child,
    lines: Receiver<String>,
}

impl Live {
    /// Runs the real program in a folder with `--format json`.
    pub fn json(folder: &Path, arguments: &[&str]) -> Self {
        Self::spawn(super::program(folder).args(arguments).args(["--format", "json"]))
    }

    /// Runs a command.
    pub fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|it| sender.send(it)));
        Self { child, lines }
    }

    /// The next line.
    pub fn line(&self) -> String {
        self.lines.recv_timeout(Duration::from_secs(10)).expect("a line comes within ten seconds")
    }

    /// The next line that fits, skipping others.
    pub fn line_with(&self, words: &str) -> String {
        loop {
            let line = self.line();
            if line.contains(words) {
                return line;
            }
        }
    }

    /// The next event of that name.
    pub fn event(&self, name: &str) -> Value {
        loop {
            let line = self.line();
            let value: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
            if value["event"] == name {
                return value;
            }
        }
    }

    /// True when nothing is said for so long.
    pub fn silent_for(&self, time: Duration) -> bool {
        matches!(self.lines.recv_timeout(time), Err(RecvTimeoutError::Timeout))
    }

    /// Sends Ctrl-C and waits for the end; gives how long that took.
    pub fn interrupt(mut self) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        (self.child.wait().unwrap(), begun.elapsed())
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
