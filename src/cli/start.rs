//! `start`: a folder → the workshop laid down or resumed, its book served, and each save's verdict, until Ctrl-C.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use crate::cli::{Exit, Failure, Format, World, desk, live};
use crate::run::places::Places;
use crate::server::{self, Server};
use crate::workshop::watch::{self, Mode};
use crate::workshop::{self, Claim, DEFAULT_FOLDER, Laid, Material, Session, Start, Workshop};

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
    let root = root(arguments, world);
    let material = Material::embedded();
    let laid = workshop::lay_down(&root, &material)?;
    let workshop = Workshop::open(&root, material)?;
    tell_laid(&laid, &workshop, arguments.format, world)?;
    let Some(claim) = Claim::take(&root)? else { return runs_already(&root, arguments, world) };
    let listener = server::bind(arguments.port)?;
    let session = Arc::new(Session::new(workshop)?);
    live::runtime()?.block_on(serve(arguments, listener, &claim, session, world))
}

/// The folder that was named, the one this folder lies in, or the default one, without any `.` in its path.
fn root(arguments: &Arguments, world: &World) -> PathBuf {
    let root = match &arguments.folder {
        Some(folder) => world.folder.join(folder),
        None => workshop::find(&world.folder).unwrap_or_else(|| world.folder.join(DEFAULT_FOLDER)),
    };
    root.components().collect()
}

async fn serve(
    arguments: &Arguments,
    listener: TcpListener,
    claim: &Claim,
    session: Arc<Session>,
    world: &mut World,
) -> Result<Exit, Failure> {
    let news = session.subscribe();
    let mode = watch::mode(session.workshop().root(), arguments.poll || live::asked_to_poll(world));
    let watcher = live::watch(&session, mode);
    let server = Server::start(listener, Arc::clone(&session), &Places::of(&world.variables).last_runs())?;
    let url = server.url();
    claim.announce(&url)?;
    live::show_current(&session, arguments.format, world)?;
    let opened = may_open(arguments, world) && open::that_detached(&url).is_ok();
    tell_address(&url, opened, watcher.mode(), arguments.format, world)?;
    let exit = live::follow(&session, news, arguments.format, world).await;
    server.end().await;
    exit
}

/// A second `start` shows where the first one serves.
fn runs_already(root: &Path, arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let Some(url) = workshop::address(root) else {
        let message = format!("another `ciworkshop start` is beginning or ending in {}", root.display());
        return Err(Failure::could_not(message, "wait a moment and try again"));
    };
    let opened = may_open(arguments, world) && open::that_detached(&url).is_ok();
    if arguments.format == Format::Json {
        desk::json_line(world, &json!({"event": "address", "address": url, "opened": opened, "runs": true}))?;
    } else {
        writeln!(world.out, "The workshop runs already, in another terminal: {url}")?;
    }
    Ok(Exit::Clean)
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
    writeln!(world.out, "Each save is checked{how}. Ctrl-C ends.")?;
    writeln!(world.out, "{}\n", other_commands(world))?;
    Ok(world.out.flush()?)
}

/// This command keeps its terminal. Who came by `cargo run` has no `ciworkshop` to call yet.
fn other_commands(world: &World) -> &'static str {
    if world.variables.contains_key("CARGO") {
        "For `ciworkshop hint` and the others, open a second terminal here and write `cargo run --release --`\n\
         in the place of `ciworkshop`; or call `cargo install --path .` once, and use them as they stand."
    } else {
        "For `ciworkshop hint` and the others, open a second terminal."
    }
}

/// A person sits in front of this machine, it has a screen, and the browser was not ruled out.
fn may_open(arguments: &Arguments, world: &World) -> bool {
    let set = |name: &str| world.variables.get(name).is_some_and(|it| !it.is_empty());
    let away = ["CI", "SSH_CONNECTION", "SSH_TTY"].into_iter().any(set);
    let screen = !cfg!(target_os = "linux") || ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(set);
    !arguments.no_open && world.terminal && !away && screen
}
