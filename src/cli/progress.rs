//! `progress export|import`: where a participant stands → one file, and back. What was reached on either side stays.

use std::fs;
use std::io::{Read, Write};

use crate::cli::{Exit, Failure, Format, World, desk};
use crate::engine::course::{MarkState, Progress};
use crate::workshop::{Trouble, Workshop};

/// Arguments of `progress`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Write where you stand into one file
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
        Action::Export { file: None, .. } => write!(world.out, "{}", workshop.progress()?.to_json())?,
        Action::Export { file: Some(file), format } => export(&workshop, file, *format, world)?,
        Action::Import { file, format } => import(&workshop, file, *format, world)?,
    }
    Ok(Exit::Clean)
}

fn export(workshop: &Workshop, file: &str, format: Format, world: &mut World) -> Result<(), Failure> {
    let progress = workshop.progress()?;
    let path = world.folder.join(file);
    let written = fs::File::create_new(&path).and_then(|mut it| {
        it.write_all(progress.to_json().as_bytes())?;
        it.sync_all()
    });
    if let Err(error) = written {
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            let message = format!("{} is there already, and it stays as it is", path.display());
            return Err(Failure::could_not(message, "name a file that does not exist"));
        }
        return Err(Trouble::with_path("be written", &path, &error).into());
    }
    tell(&progress, &format!("written to {}", path.display()), format, world)
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
    let progress = workshop.import(&text)?;
    tell(&progress, "taken in", format, world)
}

fn tell(progress: &Progress, what: &str, format: Format, world: &mut World) -> Result<(), Failure> {
    if format == Format::Json {
        return desk::json(world, progress);
    }
    let passed = progress.exercises.values().filter(|it| it.state == MarkState::Passed).count();
    Ok(writeln!(world.out, "Progress {what}: {passed} passed.")?)
}
