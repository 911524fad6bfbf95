//! The command line: arguments in, text out, an exit code as the answer. One file per command; only this room prints.

mod badge;
mod book;
mod check;
mod checklist;
mod course_text;
mod desk;
mod explain;
mod explain_text;
mod hint;
mod init;
mod input;
mod lint;
mod list;
mod live;
mod next;
mod parallel;
mod plan;
mod progress;
mod reset;
mod run;
mod schema;
mod shelf;
mod skip;
mod solution;
mod start;
mod task;
mod verdict;
mod watch;
mod world;

pub use world::World;

use std::ffi::OsString;
use std::io::Write;

use clap::{Parser, Subcommand};

/// How a call ended. The numbers are a promise to scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing to complain about.
    Clean,
    /// Findings, or a red build.
    Findings,
    /// Wrong arguments.
    Usage,
    /// The job could not be done.
    CouldNot,
    /// Interrupted by the user.
    Interrupted,
}

impl Exit {
    /// The process exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::CouldNot => 3,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

/// A problem that ends a command: what could not be done, and what to try next.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What could not be done, and why.
    pub message: String,
    /// The next thing to try.
    pub help: String,
    /// The exit code.
    pub exit: Exit,
}

impl Failure {
    /// The job could not be done.
    pub fn could_not(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into(), exit: Exit::CouldNot }
    }

    /// The arguments make no sense together.
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into(), exit: Exit::Usage }
    }
}

impl From<std::io::Error> for Failure {
    /// For writing answers; reading and writing files name their path instead.
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            // Whoever read the answer has seen enough, as in `ciworkshop list | head -1`.
            return Self { message: String::new(), help: String::new(), exit: Exit::Clean };
        }
        Self::could_not(format!("the answer cannot be written: {error}"), "check where the output goes")
    }
}

/// How answers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Learn CI/CD by doing, and see what a .drone.yml really does
#[derive(Debug, Parser)]
#[command(name = "ciworkshop", version, propagate_version = false)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// A command without a line here says what it does at its arguments, so that `help COMMAND` shows all of it.
#[derive(Debug, Subcommand)]
enum Command {
    /// Lay down the workshop folder, serve the book and check each save
    Start(start::Arguments),
    /// Check an exercise
    Check(check::Arguments),
    /// Check each exercise when it is saved, without serving the book
    Watch(watch::Arguments),
    /// Say what an exercise asks for
    Task(task::Arguments),
    /// Show the next hint of an exercise
    Hint(task::Arguments),
    /// Go on to the next exercise
    Next(next::Arguments),
    /// Show every exercise and where you stand
    List(list::Arguments),
    /// Put an exercise aside
    Skip(task::Arguments),
    /// Bring an exercise's first version back; yours is kept
    Reset(task::Arguments),
    /// Show one good answer
    Solution(solution::Arguments),
    Plan(Box<plan::Arguments>),
    Run(Box<run::Arguments>),
    Verdict(verdict::Arguments),
    Lint(lint::Arguments),
    Schema(schema::Arguments),
    Explain(explain::Arguments),
    /// Write the book as files that read without a server
    Book(book::Arguments),
    /// Write the .drone.yml of your project, or start a practice project
    Init(Box<init::Arguments>),
    /// Take your progress to another machine
    Progress(progress::Arguments),
    Shelf(shelf::Arguments),
    Badge(Box<badge::Arguments>),
    Checklist(Box<checklist::Arguments>),
}

/// Runs one call of the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>, world: &mut World) -> Exit {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return explain_arguments(&error, world),
    };
    // What is still held back is written here, where a full disk can still be told.
    match dispatch(arguments.command, world).and_then(|exit| Ok(world.out.flush().map(|()| exit)?)) {
        Ok(exit) => exit,
        Err(failure) => report(&failure, world),
    }
}

fn dispatch(command: Command, world: &mut World) -> Result<Exit, Failure> {
    match command {
        Command::Start(it) => start::run(&it, world),
        Command::Check(it) => check::run(&it, world),
        Command::Plan(it) => plan::run(&it, world),
        Command::Run(it) => run::run(&it, world),
        Command::Verdict(it) => verdict::run(it, world),
        Command::Explain(it) => explain::run(&it, world),
        Command::Lint(it) => lint::run(&it, world),
        Command::Watch(it) => watch::run(&it, world),
        Command::Task(it) => task::run(&it, world),
        Command::Hint(it) => hint::run(&it, world),
        Command::Next(it) => next::run(&it, world),
        Command::List(it) => list::run(&it, world),
        Command::Skip(it) => skip::run(&it, world),
        Command::Reset(it) => reset::run(&it, world),
        Command::Solution(it) => solution::run(&it, world),
        Command::Schema(it) => schema::run(&it, world),
        Command::Book(it) => book::run(&it, world),
        Command::Init(it) => init::run(&it, world),
        Command::Progress(it) => progress::run(&it, world),
        Command::Shelf(it) => shelf::run(&it, world),
        Command::Badge(it) => badge::run(&it, world),
        Command::Checklist(it) => checklist::run(&it, world),
    }
}

/// Help and version are answers; everything else about arguments is a problem.
fn explain_arguments(error: &clap::Error, world: &mut World) -> Exit {
    let text = if world.colour() { error.render().ansi().to_string() } else { error.render().to_string() };
    if error.use_stderr() {
        let _ = world.err.write_all(text.as_bytes());
        return Exit::Usage;
    }
    match world.out.write_all(text.as_bytes()).and_then(|()| world.out.flush()) {
        Ok(()) => Exit::Clean,
        Err(error) => report(&error.into(), world),
    }
}

fn report(failure: &Failure, world: &mut World) -> Exit {
    if failure.message.is_empty() {
        return failure.exit;
    }
    let _ = writeln!(world.err, "error: {}\nhelp: {}", failure.message, failure.help);
    failure.exit
}
