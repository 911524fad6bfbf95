//! `ciworkshop init` where a `.drone.yml` is: what the file lacks, as a difference; with `--update` it is put in. What the
//! owner wrote stays.

use std::fs;

use crate::cli::init::project::{may_write, told};
use crate::cli::init::project_text as text;
use crate::cli::init::{Arguments, answer, could_not, json};
use crate::cli::{Exit, Failure, Format, World};
use crate::scaffold::{self, File, Mode, PIPELINE, Proposal, Update};

/// Shows what is missing, or adds it.
pub(super) fn run(arguments: &Arguments, proposal: &Proposal, world: &mut World) -> Result<Exit, Failure> {
    let path = world.folder.join(PIPELINE);
    let existing = fs::read(&path)
        .map_err(|it| Failure::could_not(format!("{PIPELINE} cannot be read: {it}"), "make it readable"))?;
    let Ok(existing) = String::from_utf8(existing) else {
        return Err(Failure::could_not(
            format!("{PIPELINE} is not UTF-8 text"),
            "`ciworkshop lint` shows the place",
        ));
    };
    let update = proposal.update(&existing).map_err(|it| could_not(&it))?;
    if update.changes.is_empty() && update.lacks.is_empty() {
        return complete(arguments, proposal, world);
    }
    if update.changes.is_empty() {
        return by_hand(arguments, &update, world);
    }
    if arguments.format == Format::Text {
        show(arguments, proposal, &update, &existing, world)?;
    }
    if !arguments.update || arguments.dry_run || arguments.diff {
        return stopped(arguments, &update, world);
    }
    if !may_write(arguments, world)? {
        return told(arguments, proposal, "declined", world);
    }
    let files = [File::new(PIPELINE, update.text)];
    scaffold::lay_down(&world.folder, &files, Mode::Replace).map_err(|it| could_not(&it))?;
    told(arguments, proposal, "written", world)
}

fn complete(arguments: &Arguments, proposal: &Proposal, world: &mut World) -> Result<Exit, Failure> {
    if arguments.format == Format::Json {
        return told(arguments, proposal, "same", world);
    }
    writeln!(world.out, "{PIPELINE} is yours, and does all that would be proposed. Nothing is written.")?;
    text::next(proposal, false, &mut world.out)?;
    Ok(Exit::Clean)
}

/// Only the owner knows where these belong.
fn by_hand(arguments: &Arguments, update: &Update, world: &mut World) -> Result<Exit, Failure> {
    if arguments.format == Format::Json {
        return stopped(arguments, update, world);
    }
    writeln!(world.out, "{PIPELINE} is yours, and a new proposal has what it has not:")?;
    update.lacks.iter().try_for_each(|it| writeln!(world.out, "- {it}"))?;
    writeln!(
        world.out,
        "\nNothing is written. `ciworkshop init --print` shows the whole proposal; take from it what you want."
    )?;
    Ok(Exit::Findings)
}

fn show(
    arguments: &Arguments,
    proposal: &Proposal,
    update: &Update,
    existing: &str,
    world: &mut World,
) -> Result<(), Failure> {
    if !arguments.diff {
        text::found(proposal, world)?;
        writeln!(world.out, "\n{PIPELINE} is there, and lacks something:")?;
        update.changes.iter().try_for_each(|it| writeln!(world.out, "- {it}"))?;
        update.lacks.iter().try_for_each(|it| writeln!(world.out, "- by hand: {it}"))?;
        writeln!(world.out)?;
    }
    let colour = world.colour();
    let difference = scaffold::difference(PIPELINE, existing, &update.text);
    Ok(answer::show(&mut world.out, &difference, colour)?)
}

/// Nothing is written without `--update`.
fn stopped(arguments: &Arguments, update: &Update, world: &mut World) -> Result<Exit, Failure> {
    match arguments.format {
        Format::Json => json(
            &mut world.out,
            &serde_json::json!({
                "version": 1, "path": PIPELINE, "done": "differs", "changed": false, "update": update,
            }),
        )?,
        Format::Text if arguments.diff => {}
        Format::Text => writeln!(
            world.out,
            "\nNothing is written. `ciworkshop init --update` puts that in and keeps every line of yours;\n\
            the file as it was stays beside it as {PIPELINE}.bak-1."
        )?,
    }
    Ok(Exit::Findings)
}
