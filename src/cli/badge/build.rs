//! `badge build`: the outcome of the project's last run, or a state that is named → the badge that a Drone server shows.

use std::io::Write;

use serde_json::json;

use crate::badge::State;
use crate::cli::badge::Look;
use crate::cli::badge::save::{Drawing, deliver};
use crate::cli::plan::git::Repository;
use crate::cli::run::ask::project;
use crate::cli::{Exit, Failure, World, input};
use crate::run::memory::Memory;
use crate::run::places::Places;

const STATES: &str = "success, failure, running, error and none";

const EXAMPLES: &str = "\
Examples:
  ciworkshop run; ciworkshop badge build -o build.svg   what the last run of this project gave
  ciworkshop badge build success                        a state that you name

Words and colours are those of the badge that a Drone server serves. `ciworkshop badge readme` writes the address of \
that one, which is always up to date.";

/// Say how the last run on this machine ended, as the badge of a Drone server does
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// success, failure, running, error or none [default: what the last `ciworkshop run` of this project gave]
    state: Option<String>,
    /// What it is about
    #[arg(long, value_name = "TEXT", default_value = "build")]
    label: String,
    #[command(flatten)]
    look: Look,
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let (state, commit) = match &arguments.state {
        Some(word) => {
            let state = word.parse::<State>();
            (state.map_err(|it| Failure::usage(it.to_string(), format!("there are {STATES}")))?, None)
        }
        None => last_run(world)?,
    };
    let facts = json!({"state": state.word(), "commit": commit});
    let (label, message, colour) = (arguments.label.as_str(), state.message(), state.colour());
    deliver(&Drawing { label, message, colour, digest: None, facts }, &arguments.look, world)
}

/// The state and the commit of the last run. What it does not cover is said.
fn last_run(world: &mut World) -> Result<(State, Option<String>), Failure> {
    let here = match input::find_drone_yml(world) {
        Ok(file) => world.folder.join(file).parent().map_or_else(|| world.folder.clone(), Into::into),
        Err(_) => world.folder.clone(),
    };
    let project = project(&here);
    let Some(memory) = Memory::read(&Places::of(&world.variables).last_run(&project)) else {
        let message = format!("no run of {} is remembered", project.display());
        let help = "run it: `ciworkshop run`; or name the state: `ciworkshop badge build success`";
        return Err(Failure::could_not(message, help));
    };
    if memory.partial {
        writeln!(
            world.err,
            "note: the last run was of a part of the build, so the badge speaks of that part"
        )?;
    }
    let now = Repository::around(&project).commit.map(|it| it.sha);
    if let Some(now) = now.filter(|it| *it != memory.commit && !memory.commit.is_empty()) {
        let short = |it: &str| it.chars().take(8).collect::<String>();
        let (ran, now) = (short(&memory.commit), short(&now));
        writeln!(world.err, "note: the last run built {ran}, and {now} is checked out now")?;
    }
    let state = if memory.green { State::Success } else { State::Failure };
    Ok((state, Some(memory.commit)))
}
