//! `watch`: the workshop folder → the verdict of each exercise when it is saved. Serves no pages.

use std::io::Write;
use std::sync::Arc;

use crate::cli::{Exit, Failure, Format, World, desk, live};
use crate::workshop::Session;
use crate::workshop::watch::{self, Mode};

/// Arguments of `watch`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Look every half second instead of waiting for events of the system
    #[arg(long)]
    poll: bool,
    /// How the answer is written: with `json` a line for each event
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let workshop = desk::open(world)?;
    let mode = watch::mode(workshop.root(), arguments.poll || live::asked_to_poll(world));
    let session = Arc::new(Session::new(workshop)?);
    let news = session.subscribe();
    let watcher = live::watch(&session, mode);
    live::show_current(&session, arguments.format, world)?;
    if arguments.format == Format::Text {
        let how = if watcher.mode() == Mode::Poll { ", looking every half second" } else { "" };
        writeln!(world.out, "Watching {}{how}. Ctrl-C ends.", session.workshop().root().display())?;
        world.out.flush()?;
    }
    live::runtime()?.block_on(live::follow(&session, news, arguments.format, world))
}
