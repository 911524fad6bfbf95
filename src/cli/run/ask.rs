//! What a run must be told or asked: the values of secrets, and consent where a machine keeps little apart.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::{Failure, World};
use crate::engine::plan::Plan;
use crate::engine::source::SourceFile;
use crate::run::backend::Description;
use crate::run::secrets::{Missing, Secrets, missing};

/// Where the values of secrets come from.
#[derive(Debug, Args)]
pub(super) struct SecretArguments {
    /// A file with lines NAME=VALUE, which git must not track
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// A secret whose value is in the environment variable of that name, or in VARIABLE (repeatable)
    #[arg(long, value_name = "NAME[=VARIABLE]")]
    secret: Vec<String>,
    /// Leave secrets without a value empty, as Drone does
    #[arg(long)]
    allow_missing_secrets: bool,
}

/// The secrets of a run, all that the plan needs.
///
/// # Errors
/// One that the build would see has no value, and nobody can be asked.
pub(super) fn secrets(
    arguments: &SecretArguments,
    plan: &Plan,
    source: &SourceFile,
    world: &mut World,
) -> Result<Secrets, Failure> {
    let mut secrets = given(arguments, world)?;
    if arguments.allow_missing_secrets {
        return Ok(secrets);
    }
    let mut open = missing(plan, &secrets);
    if world.asks() {
        let names: std::collections::BTreeSet<String> = open.iter().map(|it| it.name.clone()).collect();
        for name in names {
            let value = ask_hidden(&format!("value of the secret {name} (Enter leaves it out): "), world)?;
            if !value.is_empty() {
                secrets.set(&name, &value);
            }
        }
        open = missing(plan, &secrets);
    }
    match open.first() {
        None => Ok(secrets),
        Some(first) => Err(no_value(first, &open, source)),
    }
}

fn given(arguments: &SecretArguments, world: &mut World) -> Result<Secrets, Failure> {
    let mut secrets = match &arguments.secret_file {
        Some(path) => Secrets::read_file(&world.folder.join(path))?,
        None => Secrets::default(),
    };
    for note in secrets.notes() {
        writeln!(world.err, "note: {note}")?;
    }
    for word in &arguments.secret {
        let (name, variable) = word.split_once('=').unwrap_or((word, word));
        let Some(value) = world.variables.get(variable).filter(|it| !it.is_empty()) else {
            return Err(Failure::usage(
                format!("--secret {word}: the environment variable {variable} is not set"),
                format!(
                    "set it first: export {variable}=…; or write the value into a file for --secret-file"
                ),
            ));
        };
        secrets.set(name, value);
    }
    Ok(secrets)
}

fn no_value(first: &Missing, all: &[Missing], source: &SourceFile) -> Failure {
    let at = source.line_column(first.span.start);
    let place = format!("{}:{at}", source.name());
    let more = match all.len() - 1 {
        0 => String::new(),
        1 => " (and one more)".to_owned(),
        count => format!(" (and {count} more)"),
    };
    Failure::could_not(
        format!("the secret `{}` has no value; step `{}` uses it ({place}){more}", first.name, first.step),
        "give it with --secret NAME or --secret-file FILE; Drone itself would leave the variable empty and say \
         nothing, as --allow-missing-secrets does",
    )
}

/// Asks for consent where the machine keeps little apart.
///
/// # Errors
/// The answer is no, or nobody can be asked.
pub(in crate::cli) fn consent(
    machine: &Description,
    what: &str,
    yes: bool,
    world: &mut World,
) -> Result<(), Failure> {
    if machine.name != "plain" || yes {
        return Ok(());
    }
    let mut text = format!("This runs {what} on this machine, as you. Little keeps them apart:\n");
    for open in &machine.open {
        text += &format!("  - {open}\n");
    }
    if !world.asks() {
        write!(world.err, "{text}")?;
        return Err(Failure::usage(
            "the commands of the pipeline would run on this machine, and nobody can be asked",
            "add --yes if you trust the file, or install bubblewrap or a container engine",
        ));
    }
    write!(world.err, "{text}Run them? [y/N] ")?;
    world.err.flush()?;
    let mut answer = String::new();
    BufReader::new(&mut world.input).read_line(&mut answer)?;
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        return Ok(());
    }
    Err(Failure::usage(
        "nothing was run",
        "install bubblewrap or a container engine for a machine that is kept apart",
    ))
}

/// Asks with the terminal's echo switched off, where that can be done.
fn ask_hidden(question: &str, world: &mut World) -> Result<String, Failure> {
    write!(world.err, "{question}")?;
    world.err.flush()?;
    let echo = Echo::off();
    let mut answer = Vec::new();
    // One byte at a time: what follows the line belongs to the next question.
    let mut byte = [0];
    while world.input.read(&mut byte)? == 1 && byte[0] != b'\n' {
        answer.push(byte[0]);
    }
    drop(echo);
    writeln!(world.err)?;
    Ok(String::from_utf8_lossy(&answer).trim_end_matches('\r').to_owned())
}

/// The terminal's echo, off until this is dropped.
struct Echo(bool);

impl Echo {
    fn off() -> Self {
        Self(stty("-echo"))
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        if self.0 {
            stty("echo");
        }
    }
}

/// `stty` works on the terminal that is its standard input.
fn stty(word: &str) -> bool {
    let ran = std::process::Command::new("stty").arg(word).stderr(std::process::Stdio::null()).status();
    ran.is_ok_and(|it| it.success())
}

/// The root of the repository that holds a folder, or the folder.
pub(in crate::cli) fn project(folder: &Path) -> PathBuf {
    let root = folder.ancestors().find(|it| it.join(".git").exists());
    root.unwrap_or(folder).to_owned()
}
