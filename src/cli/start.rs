//! `start`: a folder → the workshop laid down or resumed, its book served, and each save's verdict, until Ctrl-C.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use crate::cli::{Exit, Failure, Format, World, desk, live};
use crate::server::{self, Server};
use crate::workshop::watch::{self, Mode};
use crate::workshop::{self, DEFAULT_FOLDER, Laid, Material, Session, Start, Workshop};

/// Arguments of `start`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The workshop folder; `workshop` in this folder when left out
    folder: Option<PathBuf>,
    /// Print the book's address and leave the browser alone
    #[arg(long)]
    no_open: bool,
    /// The port for the pages; 3000, or one that is free, when left out
    #[arg(long)]
    port: Option<u16>,
    /// Look every half second instead of waiting for events of the system
    #[arg(long)]
    poll: bool,
    /// How the answer is written: with `json` a line for each event
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let root = match &arguments.folder {
        Some(folder) => world.folder.join(folder),
        None => workshop::find(&world.folder).unwrap_or_else(|| world.folder.join(DEFAULT_FOLDER)),
    };
    let material = Material::embedded();
    let laid = workshop::lay_down(&root, &material)?;
    let workshop = Workshop::open(&root, material)?;
    tell_laid(&laid, &workshop, arguments.format, world)?;
    // The port first: when it is taken, nothing else has begun.
    let listener = server::bind(arguments.port)?;
    let mode = watch::mode(&root, arguments.poll || live::asked_to_poll(world));
    let session = Arc::new(Session::new(workshop)?);
    live::runtime()?.block_on(serve(arguments, listener, session, mode, world))
}

async fn serve(
    arguments: &Arguments,
    listener: std::net::TcpListener,
    session: Arc<Session>,
    mode: Mode,
    world: &mut World,
) -> Result<Exit, Failure> {
    let server = Server::start(listener, Arc::clone(&session))?;
    let watcher = live::watch(&session, mode);
    let url = server.url();
    live::show_current(&session, arguments.format, world)?;
    let opened = !arguments.no_open && has_browser(world) && open::that_detached(&url).is_ok();
    tell_address(&url, opened, watcher.mode(), arguments.format, world)?;
    let exit = live::follow(session, arguments.format, world).await;
    server.end().await;
    exit
}

fn tell_laid(laid: &Laid, workshop: &Workshop, format: Format, world: &mut World) -> Result<(), Failure> {
    let root = workshop.root().display().to_string();
    let changes: Vec<String> = laid.changes.iter().map(workshop::Change::sentence).collect();
    if format == Format::Json {
        let new = laid.start == Start::New;
        return desk::json_line(
            world,
            &json!({"event": "folder", "folder": root, "new": new, "changes": changes}),
        );
    }
    for notice in workshop.notices() {
        writeln!(world.err, "note: {notice}")?;
    }
    let text = match laid.start {
        Start::New => format!("The workshop folder is {root}. Everything you change is in there.\n"),
        Start::Resumed => format!("The workshop in {root} goes on.\n"),
    };
    writeln!(world.out, "{text}")?;
    if !changes.is_empty() {
        writeln!(world.out, "The course has changed:")?;
        changes.iter().try_for_each(|it| writeln!(world.out, "  {it}"))?;
        writeln!(world.out)?;
    }
    Ok(())
}

fn tell_address(
    url: &str,
    opened: bool,
    mode: Mode,
    format: Format,
    world: &mut World,
) -> Result<(), Failure> {
    if format == Format::Json {
        return desk::json_line(world, &json!({"event": "address", "address": url, "opened": opened}));
    }
    let book = if opened { "The book is open in the browser" } else { "Open the book in a browser" };
    let how = if mode == Mode::Poll { ", noticed within half a second" } else { "" };
    writeln!(world.out, "{book}: {url}")?;
    writeln!(world.out, "Each save is checked{how}. Ctrl-C ends.\n")?;
    Ok(world.out.flush()?)
}

/// A person sits in front of this machine, and it has a screen.
fn has_browser(world: &World) -> bool {
    let set = |name: &str| world.variables.get(name).is_some_and(|it| !it.is_empty());
    let away = ["CI", "SSH_CONNECTION", "SSH_TTY"].into_iter().any(set);
    let screen = !cfg!(target_os = "linux") || ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(set);
    world.terminal && !away && screen
}
