//! `progress export|import`: what was reached and what was written → one file, and back. Nothing on either side is lost.

use std::fs;
use std::io::{ErrorKind, Read, Write};

use serde_json::json;

use crate::cli::{Exit, Failure, Format, World, desk};
use crate::engine::course::{MarkState, Progress};
use crate::workshop::view::VERSION;
use crate::workshop::{Import, Trouble, Workshop};

/// Arguments of `progress`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Write where you stand, and your files, into one file
    Export {
        /// The file to write, which must not exist yet; the terminal when left out
        file: Option<String>,
        /// How the answer is written (the exported file is always JSON)
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Take in what was reached elsewhere; nothing reached here is lost
    Import {
        /// A file that `export` wrote; `-` reads it from the input
        file: String,
        /// How the answer is written
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let workshop = desk::open(world)?;
    match &arguments.action {
        Action::Export { file: None, .. } => write!(world.out, "{}", workshop.export()?)?,
        Action::Export { file: Some(file), format } => export(&workshop, file, *format, world)?,
        Action::Import { file, format } => import(&workshop, file, *format, world)?,
    }
    Ok(Exit::Clean)
}

fn export(workshop: &Workshop, file: &str, format: Format, world: &mut World) -> Result<(), Failure> {
    let text = workshop.export()?;
    let path = world.folder.join(file);
    let mut created = match fs::File::create_new(&path) {
        Ok(created) => created,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let message = format!("{} is there already, and it stays as it is", path.display());
            return Err(Failure::could_not(message, "name a file that does not exist"));
        }
        Err(error) => return Err(Trouble::with_path("be written", &path, &error).into()),
    };
    if let Err(error) = created.write_all(text.as_bytes()).and_then(|()| created.sync_all()) {
        let _ = fs::remove_file(&path);
        return Err(Trouble::with_path("be written", &path, &error).into());
    }
    let passed = passed(&workshop.progress()?);
    if format == Format::Json {
        return desk::json(world, &json!({"version": VERSION, "file": path, "passed": passed}));
    }
    writeln!(world.out, "{passed} passed, and your files, are in {}.", path.display())?;
    Ok(writeln!(
        world.out,
        "On the other machine: `ciworkshop start`, then `ciworkshop progress import FILE`."
    )?)
}

fn import(workshop: &Workshop, file: &str, format: Format, world: &mut World) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    if file == "-" {
        world.input.read_to_end(&mut bytes)?;
    } else {
        let path = world.folder.join(file);
        bytes = fs::read(&path).map_err(|error| Trouble::with_path("be read", &path, &error))?;
    }
    let help = "import a file that `ciworkshop progress export` wrote";
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::could_not(format!("{file} is no text (UTF-8)"), help))?;
    let Import { progress, taken, kept } = workshop.import(&text)?;
    let passed = passed(&progress);
    if format == Format::Json {
        let answer = json!({"version": VERSION, "passed": passed, "taken": taken, "kept": kept});
        return desk::json(world, &answer);
    }
    writeln!(world.out, "Taken in: {passed} passed now.")?;
    taken.iter().try_for_each(|it| writeln!(world.out, "  taken {it}"))?;
    Ok(kept.iter().try_for_each(|it| writeln!(world.out, "  kept  {it} as you have it here"))?)
}

fn passed(progress: &Progress) -> usize {
    progress.exercises.values().filter(|it| it.state == MarkState::Passed).count()
}
