//! What `init` found and did → what it says: the differences, the ways out, the next steps. It writes to no file.

use std::io::{self, Write};
use std::path::Path;

use crate::cli::World;
use crate::cli::init::Arguments;
use crate::scaffold::{Outcome, Sample, State};

/// What was found and done, and how to say it.
pub(crate) struct Answer<'a> {
    pub(crate) arguments: &'a Arguments,
    pub(crate) sample: &'a Sample,
    pub(crate) outcome: &'a Outcome,
    /// The folder that the command was called in.
    pub(crate) around: &'a Path,
}

impl Answer<'_> {
    /// For programs.
    pub(crate) fn value(&self) -> serde_json::Value {
        let written = |it: &State| matches!(it, State::New | State::Replaced { .. });
        serde_json::json!({
            "sample": self.sample.name,
            "folder": self.outcome.folder.to_string_lossy(),
            "dry_run": self.arguments.dry_run,
            "done": self.outcome.done,
            "changed": self.outcome.done && self.outcome.files.iter().any(|it| written(&it.state)),
            "files": self.outcome.files,
        })
    }

    /// For people.
    pub(crate) fn text(&self, world: &mut World) -> io::Result<()> {
        let colour = world.colour();
        let out = &mut world.out;
        self.differences(out, colour)?;
        if self.arguments.dry_run {
            return self.preview(out);
        }
        if !self.outcome.done {
            return self.stopped(out);
        }
        self.done(out)
    }

    fn differences(&self, out: &mut dyn Write, colour: bool) -> io::Result<()> {
        for (_, difference) in self.outcome.conflicts() {
            show(out, difference, colour)?;
            writeln!(out)?;
        }
        Ok(())
    }

    fn preview(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(
            out,
            "Nothing is written. What the command would do in {}:\n",
            self.outcome.folder.display()
        )?;
        for file in &self.outcome.files {
            let word = match (&file.state, self.arguments.force) {
                (State::New, _) => "write",
                (State::Differs { .. }, true) => "replace",
                (State::Differs { .. }, false) => "differs",
                (State::Same | State::Replaced { .. }, _) => "as it is",
            };
            writeln!(out, "  {word:8}  {}", file.path)?;
        }
        writeln!(out)?;
        match self.outcome.conflicts().count() {
            0 => writeln!(out, "The same command without --dry-run writes them."),
            _ if self.arguments.force => {
                writeln!(
                    out,
                    "The same command without --dry-run does that, and keeps each of yours as NAME.bak-1."
                )
            }
            many => {
                writeln!(out, "Because of the difference it would stop, and write nothing.")?;
                self.ways_out(out, many)
            }
        }
    }

    fn stopped(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "Nothing was written.")?;
        self.ways_out(out, self.outcome.conflicts().count())
    }

    fn ways_out(&self, out: &mut dyn Write, many: usize) -> io::Result<()> {
        let (name, chosen) = (&self.sample.name, self.chosen());
        match many {
            1 => write!(out, "1 file is there with another content.")?,
            _ => write!(out, "{many} files are there with another content.")?,
        }
        writeln!(out, " Lines with - are yours, lines with + the practice project's.\n")?;
        let ways = [
            (format!("{name} {}{chosen}", self.free_folder()), "a new folder for the project alone"),
            (
                format!("{name}{}{chosen} --force", self.folder()),
                "replace them; each of yours is kept as NAME.bak-1",
            ),
            (format!("{name}{chosen} --print"), "show only the pipeline, to copy from"),
        ];
        ways.iter().try_for_each(|(command, why)| writeln!(out, "  ciworkshop init {command}\n      {why}"))
    }

    /// The folder as it was typed, for a command that can be repeated.
    fn folder(&self) -> String {
        self.arguments.folder.as_ref().map_or(String::new(), |it| format!(" {}", quoted(it)))
    }

    /// The choices as they were typed.
    fn chosen(&self) -> String {
        let chosen = [("python", &self.arguments.python), ("branch", &self.arguments.branch)];
        chosen.iter().filter_map(|(flag, value)| value.as_ref().map(|it| format!(" --{flag} {it}"))).collect()
    }

    /// A folder of the project's name that is not there yet.
    fn free_folder(&self) -> String {
        let name = &self.sample.name;
        let names = std::iter::once(name.clone()).chain((2..100).map(|it| format!("{name}-{it}")));
        names.into_iter().find(|it| !self.around.join(it).exists()).unwrap_or_else(|| name.clone())
    }

    fn done(&self, out: &mut dyn Write) -> io::Result<()> {
        for file in &self.outcome.files {
            if let State::Replaced { backup } = &file.state {
                writeln!(out, "{} is replaced; yours is kept as {}", file.path, backup.display())?;
            }
        }
        let count =
            |wanted: fn(&State) -> bool| self.outcome.files.iter().filter(|it| wanted(&it.state)).count();
        let (all, same) = (self.outcome.files.len(), count(|it| *it == State::Same));
        let (name, folder) = (&self.sample.name, self.outcome.folder.display());
        match same {
            0 => writeln!(out, "{name} is laid down in {folder}: {all} files.")?,
            _ if same == all => {
                writeln!(out, "{name} is already in {folder}: all {all} files are as they should be.")?;
            }
            _ => writeln!(out, "{name} is complete in {folder}: {} of {all} files written.", all - same)?,
        }
        self.next_steps(out)
    }

    fn next_steps(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "\nNext:")?;
        if let Some(folder) = &self.arguments.folder {
            writeln!(out, "  cd {}", quoted(folder))?;
        }
        let branch = self.arguments.branch.as_deref().unwrap_or("main");
        let commit =
            format!("git init -b {branch} && git add . && git commit -m \"A project with a pipeline\"");
        let steps = [
            (self.sample.tests.as_str(), "its tests, here and now"),
            ("ciworkshop plan --event push", "what a push would run"),
            ("ciworkshop plan --event tag --tag v1.0.0", "what a tag would run, and why the rest would not"),
            (&commit, "Drone builds commits"),
            ("ciworkshop run", "the build, on a clean machine: only what is committed is there"),
        ];
        steps.iter().try_for_each(|(command, why)| writeln!(out, "  {command}\n      {why}"))?;
        writeln!(out, "\nThe pipeline is .drone.yml; its comments say why each line is there.")?;
        writeln!(out, "What there is to learn: {}.", self.sample.lesson)?;
        writeln!(out, "Secrets it asks for, when the time comes:")?;
        self.sample.secrets.iter().try_for_each(|it| writeln!(out, "  {:12}  {}", it.name, it.purpose))
    }
}

pub(super) fn show(out: &mut dyn Write, difference: &str, colour: bool) -> io::Result<()> {
    for line in difference.lines() {
        let code = match line.as_bytes().first() {
            Some(b'-') if colour => "\x1b[31m",
            Some(b'+') if colour => "\x1b[32m",
            Some(b'@') if colour => "\x1b[36m",
            _ => "",
        };
        let end = if code.is_empty() { "" } else { "\x1b[0m" };
        writeln!(out, "{code}{}{end}", printable(line))?;
    }
    Ok(())
}

/// A file may hold anything: what a terminal would obey is shown, not sent.
fn printable(line: &str) -> String {
    let shown = |it: char| {
        if it.is_control() && it != '\t' { it.escape_default().to_string() } else { it.to_string() }
    };
    line.chars().map(shown).collect()
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    // A folder that begins like an option.
    let text = if text.starts_with('-') { format!("./{text}") } else { text };
    let plain = |it: char| it.is_alphanumeric() || matches!(it, '/' | '.' | '-' | '_' | '+' | ':');
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
