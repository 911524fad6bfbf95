//! `ciworkshop init` in a project: looks at it, shows what it found and what it proposes, asks once, and writes one file.

use std::io::{BufRead, BufReader, Write};

use crate::cli::init::project_text as text;
use crate::cli::init::{Arguments, could_not, explain, json};
use crate::cli::{Exit, Failure, Format, World};
use crate::scaffold::{self, Advice, Error, File, Mode, Outcome, PIPELINE, Proposal, State, Survey, Wishes};

/// Runs the command without the name of a practice project.
pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let survey = Survey::of(&world.folder).map_err(|it| could_not(&it))?;
    let wishes = wishes(arguments, world)?;
    let proposal = match scaffold::propose(&survey, &wishes) {
        Ok(proposal) => proposal,
        Err(Error::NoProject { advice, .. }) => return nothing(&survey, &advice, world),
        Err(error) => return Err(could_not(&error)),
    };
    if arguments.explain {
        return explained(&proposal, arguments.format, world);
    }
    if arguments.print {
        return printed(&proposal, arguments.format, world);
    }
    let files = [File::new(PIPELINE, proposal.text.clone())];
    let found = scaffold::lay_down(&world.folder, &files, Mode::Preview).map_err(|it| could_not(&it))?;
    decide(arguments, &proposal, &files, &found, world)
}

/// What is done about the file, by what is at its place.
fn decide(
    arguments: &Arguments,
    proposal: &Proposal,
    files: &[File],
    found: &Outcome,
    world: &mut World,
) -> Result<Exit, Failure> {
    let state = found.files.first().map_or(State::New, |it| it.state.clone());
    match state {
        State::Same => told(arguments, proposal, "same", world),
        State::Differs { .. } if !arguments.force => {
            crate::cli::init::update::run(arguments, proposal, world)
        }
        state => {
            if arguments.diff {
                return differences(proposal, &state, world);
            }
            if arguments.format == Format::Text {
                text::proposal(proposal, world)?;
            }
            if arguments.dry_run {
                return told(arguments, proposal, "dry-run", world);
            }
            if !may_write(arguments, world)? {
                return told(arguments, proposal, "declined", world);
            }
            let mode = if arguments.force { Mode::Replace } else { Mode::Keep };
            let done = scaffold::lay_down(&world.folder, files, mode).map_err(|it| could_not(&it))?;
            if done.conflicts().next().is_some() {
                let message = format!("{PIPELINE} has just been written by somebody else");
                return Err(Failure::could_not(message, "look at it, and call `ciworkshop init` again"));
            }
            told(arguments, proposal, "written", world)
        }
    }
}

/// Agreed: told so, or asked once. Where nobody can be asked, nothing is written.
pub(super) fn may_write(arguments: &Arguments, world: &mut World) -> Result<bool, Failure> {
    if arguments.yes {
        return Ok(true);
    }
    if !world.asks() {
        return Err(Failure::usage(
            "nothing is written: there is nobody here to ask",
            "add --yes to write it, or --dry-run to look only",
        ));
    }
    write!(world.out, "\nWrite it to {PIPELINE}? [Y/n] ")?;
    world.out.flush()?;
    let mut line = String::new();
    BufReader::new(&mut world.input).read_line(&mut line)?;
    Ok(!line.is_empty() && matches!(line.trim().to_lowercase().as_str(), "" | "y" | "yes"))
}

fn wishes(arguments: &Arguments, world: &World) -> Result<Wishes, Failure> {
    let wrong = |error: Error| Failure::usage(error.to_string(), error.help());
    let branch = arguments.branch.as_ref().map(|it| it.parse()).transpose().map_err(wrong)?;
    let python: Option<scaffold::Python> =
        arguments.python.as_ref().map(|it| it.parse()).transpose().map_err(wrong)?;
    let templates = arguments.template.as_ref().map(|it| world.folder.join(it));
    Ok(Wishes { branch, python: python.map(|it| it.to_string()), templates })
}

/// No project: in an empty folder the practice projects are what is left. Others are told what is known, and the ways on.
fn nothing(survey: &Survey, advice: &[Advice], world: &mut World) -> Result<Exit, Failure> {
    if survey.files().is_empty() {
        writeln!(
            world.err,
            "There is no project in this folder yet: it is empty. Practice projects, to start from:\n"
        )?;
        return explain(world);
    }
    write!(world.err, "{UNKNOWN}")?;
    for it in advice {
        writeln!(world.err, "\nWhat is here:\n- {}\n  {}", it.what, it.next)?;
    }
    Ok(Exit::Usage)
}

const UNKNOWN: &str = "\
This program finds nothing in this folder that it knows how to check.

It reads what projects in Python, Go, Rust, Node.js, Deno, Java, Scala, Ruby, PHP, C, C++, Elixir, R, Julia and .NET say about
themselves; sites, images and LaTeX; Makefiles, and plain scripts. Your code is in another folder? Call it there.

Two ways on:

  a Makefile with a target `test`
      `ciworkshop init` reads it, and the pipeline calls it
  ciworkshop init drone-hello-world hello
      the smallest practice project with its .drone.yml, in a new folder, to start a file of your own from; --list shows all
";

fn explained(proposal: &Proposal, format: Format, world: &mut World) -> Result<Exit, Failure> {
    match format {
        Format::Json => json(&mut world.out, proposal)?,
        Format::Text => text::explained(proposal, &mut world.out)?,
    }
    Ok(Exit::Clean)
}

fn printed(proposal: &Proposal, format: Format, world: &mut World) -> Result<Exit, Failure> {
    match format {
        Format::Json => {
            json(&mut world.out, &serde_json::json!({ "path": PIPELINE, "text": proposal.text }))?;
        }
        Format::Text => world.out.write_all(proposal.text.as_bytes())?,
    }
    Ok(Exit::Clean)
}

/// Against what is there, or against nothing.
fn differences(proposal: &Proposal, state: &State, world: &mut World) -> Result<Exit, Failure> {
    let difference = match state {
        State::Differs { difference } => difference.clone(),
        _ => scaffold::difference(PIPELINE, "", &proposal.text),
    };
    let colour = world.colour();
    super::answer::show(&mut world.out, &difference, colour)?;
    Ok(Exit::Findings)
}

/// The last words, for people or for programs.
pub(super) fn told(
    arguments: &Arguments,
    proposal: &Proposal,
    done: &str,
    world: &mut World,
) -> Result<Exit, Failure> {
    if arguments.format == Format::Json {
        let value = serde_json::json!({
            "version": 1, "path": PIPELINE, "done": done, "changed": done == "written", "proposal": proposal,
        });
        json(&mut world.out, &value)?;
        return Ok(Exit::Clean);
    }
    let out = &mut world.out;
    match done {
        "same" => writeln!(out, "{PIPELINE} is there already, and is what would be proposed.")?,
        "dry-run" => {
            writeln!(out, "\nNothing is written. Without --dry-run the same command asks, and writes it.")?;
        }
        "declined" => writeln!(out, "Nothing is written.")?,
        _ => writeln!(out, "\n{PIPELINE} is written.")?,
    }
    if matches!(done, "same" | "written") {
        text::next(proposal, done == "written", out)?;
    }
    Ok(Exit::Clean)
}
