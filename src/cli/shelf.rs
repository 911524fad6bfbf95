//! `shelf`: what rehearsed steps would have published → a list of it, pages that serve it, or an empty shelf.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::cli::run::ask::project;
use crate::cli::{Exit, Failure, Format, World, desk, live};
use crate::run::places::Places;
use crate::run::shelf::{Delivery, Kind, Shelf};
use crate::server::{self, Server};

/// The format of what `--format json` writes.
const VERSION: u32 = 1;
/// Tried first, so that the address stays the same from day to day. The book has another one.
const USUAL_PORT: u16 = 3141;

/// See what rehearsed steps would have published
///
/// A step of a publishing plugin is rehearsed: all is done but the publishing, and what would have been published goes
/// on a shelf in this user's cache folder, one for each project. Nothing on it has left this machine.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t, global = true)]
    format: Format,
    /// The folder of the shelf, instead of this project's own
    #[arg(long, value_name = "DIR", global = true)]
    folder: Option<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Serve the shelf to this machine, so that pip, npm, apt and browsers can use it
    Serve {
        /// The port; 3141, or one that is free, when left out
        #[arg(long)]
        port: Option<u16>,
    },
    /// Take everything off the shelf
    Clear {
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let shelf = match &arguments.folder {
        Some(folder) => Shelf::new(world.folder.join(folder)),
        None => of_project(world),
    };
    match arguments.action {
        None => list(&shelf, arguments.format, world),
        Some(Action::Serve { port }) => serve(shelf, port, arguments.format, world),
        Some(Action::Clear { yes }) => clear(&shelf, yes, arguments.format, world),
    }
}

/// The shelf of the project that the working folder belongs to.
pub(super) fn of_project(world: &World) -> Shelf {
    Places::of(&world.variables).shelf(&project(&world.folder))
}

fn list(shelf: &Shelf, format: Format, world: &mut World) -> Result<Exit, Failure> {
    let deliveries = shelf.deliveries()?;
    if format == Format::Json {
        let answer = json!({"version": VERSION, "folder": shelf.root(), "deliveries": deliveries});
        desk::json(world, &answer)?;
        return Ok(Exit::Clean);
    }
    if deliveries.is_empty() {
        writeln!(
            world.out,
            "The shelf is empty. A step that would publish puts something on it when it is rehearsed."
        )?;
        return Ok(Exit::Clean);
    }
    writeln!(
        world.out,
        "The shelf is in {}. Nothing on it has left this machine.\n",
        shelf.root().display()
    )?;
    let width = deliveries.iter().map(|it| it.title.chars().count()).max().unwrap_or(0).min(50);
    for delivery in &deliveries {
        writeln!(world.out, "{}", line(delivery, width))?;
    }
    writeln!(world.out, "\n`ciworkshop shelf serve` lets pip, npm, apt and browsers use it.")?;
    let has = |kind: Kind| deliveries.iter().any(|it| it.kind == kind);
    if has(Kind::Deb) {
        writeln!(world.out, "For apt, while it is served:")?;
        tell_apt(&format!("http://127.0.0.1:{USUAL_PORT}/"), world)?;
    }
    if has(Kind::Formula) {
        writeln!(world.out, "For brew, without it:")?;
        tell_brew(shelf.root(), world)?;
    }
    Ok(Exit::Clean)
}

/// What a user of Debian or Ubuntu types. The list is a file of its own, so that it is taken away easily.
fn tell_apt(url: &str, world: &mut World) -> Result<(), Failure> {
    let list = "/etc/apt/sources.list.d/shelf.list";
    writeln!(world.out, "  echo \"deb [trusted=yes] {url}apt/ stable main\" | sudo tee {list}")?;
    Ok(writeln!(world.out, "  sudo apt-get update && sudo apt-get install NAME")?)
}

/// What a user of brew types: it takes formulae from a tap alone.
fn tell_brew(root: &Path, world: &mut World) -> Result<(), Failure> {
    let folder = root.join("brew/Formula");
    writeln!(world.out, "  brew tap-new local/shelf")?;
    let to = "\"$(brew --repository local/shelf)/Formula/\"";
    writeln!(world.out, "  cp \"{}\"/*.rb {to}", folder.display())?;
    Ok(writeln!(world.out, "  brew install local/shelf/NAME")?)
}

fn line(delivery: &Delivery, width: usize) -> String {
    let Delivery { id, kind, title, path, source, .. } = delivery;
    let title: String = title.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    let from = format!("build {}, {}/{}", source.build, source.pipeline, source.step);
    format!("{id:>4}  {:<8} {title:<width$}  {from}  {path}", kind.word())
}

fn clear(shelf: &Shelf, yes: bool, format: Format, world: &mut World) -> Result<Exit, Failure> {
    if !yes && !agreed(shelf, world)? {
        writeln!(world.out, "The shelf stays as it is.")?;
        return Ok(Exit::Clean);
    }
    let count = shelf.clear()?;
    if format == Format::Json {
        desk::json(world, &json!({"version": VERSION, "folder": shelf.root(), "cleared": count}))?;
    } else {
        writeln!(world.out, "The shelf is empty: {count} {} taken off.", deliveries(count))?;
    }
    Ok(Exit::Clean)
}

fn deliveries(count: usize) -> &'static str {
    if count == 1 { "delivery was" } else { "deliveries were" }
}

fn agreed(shelf: &Shelf, world: &mut World) -> Result<bool, Failure> {
    if !world.terminal {
        let message = "nobody can be asked whether to clear the shelf: this is no terminal";
        return Err(Failure::usage(message, "add `--yes` to clear it without being asked"));
    }
    let count = shelf.deliveries().map_or(0, |it| it.len());
    write!(
        world.out,
        "Take {count} {} off {}? [y/N] ",
        if count == 1 { "delivery" } else { "deliveries" },
        shelf.root().display()
    )?;
    world.out.flush()?;
    let mut answer = String::new();
    BufReader::new(&mut world.input).read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn serve(shelf: Shelf, port: Option<u16>, format: Format, world: &mut World) -> Result<Exit, Failure> {
    let listener = match port {
        Some(port) => server::bind(Some(port))?,
        None => server::bind(Some(USUAL_PORT)).or_else(|_| server::bind(Some(0)))?,
    };
    let root = shelf.root().to_owned();
    live::runtime()?.block_on(async {
        let server = Server::start_shelf(listener, shelf)?;
        tell_address(&server.url(), &root, format, world)?;
        live::interrupt().await;
        server.end().await;
        Ok(Exit::Interrupted)
    })
}

fn tell_address(url: &str, root: &Path, format: Format, world: &mut World) -> Result<(), Failure> {
    if format == Format::Json {
        return desk::json_line(world, &json!({"event": "address", "address": url, "folder": root}));
    }
    writeln!(world.out, "The shelf is served at {url} until Ctrl-C, to this machine only.")?;
    writeln!(world.out, "  pip install --index-url {url}pypi/simple/ NAME")?;
    writeln!(world.out, "      when it needs others: add --extra-index-url https://pypi.org/simple/")?;
    writeln!(world.out, "  npm install --registry {url}npm/ NAME")?;
    if root.join("apt").is_dir() {
        tell_apt(url, world)?;
    }
    Ok(world.out.flush()?)
}
