//! What the command line may touch: streams, the working folder, the environment. Tests make their own.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;

/// The surroundings of one call of the program.
pub struct World {
    /// Standard input.
    pub input: Box<dyn Read + Send>,
    /// Standard output: answers.
    pub out: Box<dyn Write + Send>,
    /// Standard error: problems.
    pub err: Box<dyn Write + Send>,
    /// Relative paths are relative to this folder.
    pub folder: PathBuf,
    /// The environment.
    pub variables: BTreeMap<String, String>,
    /// True when answers go to a terminal.
    pub terminal: bool,
    /// True when standard input is a terminal.
    pub typed: bool,
}

impl World {
    /// The real one.
    #[must_use]
    pub fn of_this_process() -> Self {
        let terminal = io::stdout().is_terminal();
        let text = |it: std::ffi::OsString| it.to_string_lossy().into_owned();
        Self {
            input: Box::new(io::stdin()),
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
            folder: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
            variables: std::env::vars_os().map(|(key, value)| (text(key), text(value))).collect(),
            terminal,
            typed: io::stdin().is_terminal(),
        }
    }

    /// True when a person can be asked: answers go to a terminal, and what is typed comes from one.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.terminal && self.typed
    }

    /// How wide a text may be: as wide as the terminal and at most 100 columns, as the program's help is.
    #[must_use]
    pub fn width(&self) -> usize {
        let terminal = self.terminal.then(terminal_size::terminal_size).flatten();
        let told = || self.variables.get("COLUMNS").and_then(|it| it.parse().ok());
        terminal.map(|(width, _)| usize::from(width.0)).or_else(told).unwrap_or(100).min(100)
    }

    /// True when answers may be coloured: `NO_COLOR`, `CLICOLOR_FORCE` and `CLICOLOR=0`, in this order, decide before
    /// the terminal does.
    #[must_use]
    pub fn colour(&self) -> bool {
        let value = |name: &str| self.variables.get(name).map(String::as_str).filter(|it| !it.is_empty());
        if value("NO_COLOR").is_some() {
            return false;
        }
        if value("CLICOLOR_FORCE").is_some_and(|it| it != "0") {
            return true;
        }
        self.terminal && value("CLICOLOR") != Some("0") && value("TERM") != Some("dumb")
    }
}
