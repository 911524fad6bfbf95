//! What a run must be told or asked: the values of secrets, and consent where a machine keeps little apart.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;

use crate::cli::run::choice::Asked;
use crate::cli::{Failure, World};
use crate::engine::plan::{PipelinePlan, Plan, Role, StepPlan};
use crate::engine::source::SourceFile;
use crate::run::backend::Description;
use crate::run::schedule::Chosen;
use crate::run::secrets::{Missing, Secrets, missing};

/// Where the values of secrets come from.
#[derive(Debug, Args)]
pub(in crate::cli) struct SecretArguments {
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
pub(in crate::cli) fn secrets(
    arguments: &SecretArguments,
    plan: &Plan,
    asked: &Asked,
    source: &SourceFile,
    world: &mut World,
) -> Result<Secrets, Failure> {
    let mut secrets = Secrets::none();
    if let Some(path) = &arguments.secret_file {
        secrets.read_file(&world.folder.join(path))?;
    }
    secrets.take_from_environment(&arguments.secret, &world.variables)?;
    if !arguments.allow_missing_secrets {
        let wanted = |pipeline: &PipelinePlan, step: &StepPlan| {
            asked.pipeline(&pipeline.name) && (step.role != Role::Step || asked.step(&pipeline.name, step))
        };
        let mut open = missing(plan, &secrets, wanted);
        if world.asks() {
            secrets.ask_for(&open, &mut |it| ask_value(it, world))?;
            open = missing(plan, &secrets, wanted);
        }
        if let Some(first) = open.first() {
            return Err(no_value(first, open.len() - 1, source));
        }
    }
    for note in secrets.notes() {
        writeln!(world.err, "note: {note}")?;
    }
    Ok(secrets)
}

/// Asks for one value. An empty answer leaves it out.
fn ask_value(missing: &Missing, world: &mut World) -> std::io::Result<Option<String>> {
    let value = ask_hidden(&format!("value of the secret {} (Enter leaves it out): ", missing.name), world)?;
    Ok(Some(value).filter(|it| !it.is_empty()))
}

fn no_value(first: &Missing, others: usize, source: &SourceFile) -> Failure {
    let at = source.line_column(first.span.start);
    let more = match others {
        0 => String::new(),
        1 => " One more has none.".to_owned(),
        count => format!(" {count} more have none."),
    };
    let trouble = first.trouble();
    Failure::could_not(
        format!("{}:{at}: {}", source.name(), trouble.message),
        format!(
            "{}.{more} Drone itself would leave the variable empty and say nothing, as --allow-missing-secrets does",
            trouble.help
        ),
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
fn ask_hidden(question: &str, world: &mut World) -> std::io::Result<String> {
    write!(world.err, "{question}")?;
    world.err.flush()?;
    let hidden = Echo::off();
    let mut answer = Vec::new();
    // One byte at a time: what follows the line belongs to the next question.
    let mut byte = [0];
    while world.input.read(&mut byte)? == 1 && byte[0] != b'\n' {
        answer.push(byte[0]);
    }
    drop(hidden);
    writeln!(world.err)?;
    Ok(String::from_utf8_lossy(&answer).trim_end_matches('\r').to_owned())
}

/// The terminal's echo, off until this is dropped.
struct Echo;

/// True while the terminal's echo is off.
static ECHO_IS_OFF: AtomicBool = AtomicBool::new(false);

impl Echo {
    fn off() -> Self {
        ECHO_IS_OFF.store(stty("-echo"), Ordering::SeqCst);
        Self
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        show_typing();
    }
}

/// Switches the terminal's echo on again, where a question has switched it off.
pub(super) fn show_typing() {
    if ECHO_IS_OFF.swap(false, Ordering::SeqCst) {
        stty("echo");
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
