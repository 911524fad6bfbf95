//! A badge → standard output or a file. A file that is no badge of ours stays as it is, unless the user insists.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::badge::{BEGINNING, Badge, Colour};
use crate::cli::badge::{Look, VERSION, colour, too_long};
use crate::cli::{Exit, Failure, Format, World, desk};
use crate::workshop::{Trouble, write_atomically};

/// A badge, but for its look.
pub(super) struct Drawing<'a> {
    pub(super) label: &'a str,
    pub(super) message: &'a str,
    pub(super) colour: Colour,
    pub(super) digest: Option<&'a str>,
    /// What programs should know of it besides.
    pub(super) facts: Value,
}

/// Draws it and puts it where the look says.
pub(super) fn deliver(drawing: &Drawing<'_>, look: &Look, world: &mut World) -> Result<Exit, Failure> {
    let logo = look.logo(world)?;
    let label_colour = look.label_colour.as_deref().map(|it| colour("--label-colour", it)).transpose()?;
    let badge = Badge {
        style: look.style()?,
        label_colour,
        logo: logo.as_ref(),
        digest: drawing.digest,
        ..Badge::new(drawing.label, drawing.message, drawing.colour)
    };
    if let Some(note) = too_long(&badge) {
        writeln!(world.err, "note: {note}")?;
    }
    let svg = badge.svg();
    let file = look.output.as_deref().filter(|it| *it != Path::new("-"));
    let changed = file.map(|it| save(&world.folder.join(it), it, &svg, look.force)).transpose()?;
    if look.format == Format::Json {
        desk::json(world, &value(&badge, drawing, file, changed, &svg))?;
        return Ok(Exit::Clean);
    }
    match file.zip(changed) {
        None => world.out.write_all(svg.as_bytes())?,
        Some((file, true)) => writeln!(world.out, "wrote {}: {}", file.display(), badge.title())?,
        Some((file, false)) => {
            writeln!(world.out, "{} is up to date: {}", file.display(), badge.title())?;
        }
    }
    Ok(Exit::Clean)
}

fn value(
    badge: &Badge<'_>,
    drawing: &Drawing<'_>,
    file: Option<&Path>,
    changed: Option<bool>,
    svg: &str,
) -> Value {
    let (width, height) = badge.size();
    let mut value = json!({
        "version": VERSION,
        "title": badge.title(),
        "label": badge.label,
        "message": badge.message,
        "colour": badge.colour.to_string(),
        "style": badge.style.word(),
        "width": width,
        "height": height,
    });
    let more = match file {
        Some(file) => json!({"file": file, "changed": changed}),
        None => json!({"svg": svg}),
    };
    for (key, it) in [&drawing.facts, &more].into_iter().filter_map(Value::as_object).flatten() {
        value[key] = it.clone();
    }
    value
}

/// True when the file was written, false when it held just that already.
fn save(path: &Path, name: &Path, svg: &str, force: bool) -> Result<bool, Failure> {
    let target = match fs::read(path) {
        Ok(bytes) if bytes == svg.as_bytes() => return Ok(false),
        Ok(bytes) if !force && !bytes.starts_with(BEGINNING.as_bytes()) => return Err(in_the_way(name)),
        // A link stays, and what it leads to is written.
        Ok(_) => path.canonicalize().unwrap_or_else(|_| path.to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => new(path, name)?,
        Err(_) if path.is_dir() => {
            let help = format!("name a file in it: --output {}", name.join("badge.svg").display());
            return Err(Failure::could_not(format!("{} is a folder", name.display()), help));
        }
        Err(error) => return Err(Trouble::with_path("be read", path, &error).into()),
    };
    write_atomically(&target, svg.as_bytes())?;
    Ok(true)
}

fn new(path: &Path, name: &Path) -> Result<PathBuf, Failure> {
    if path.is_symlink() {
        let message = format!("{} is a symbolic link that leads nowhere", name.display());
        return Err(Failure::could_not(message, "take the link away, or name another file"));
    }
    Ok(path.to_owned())
}

fn in_the_way(name: &Path) -> Failure {
    let message =
        format!("{} is there already, is no badge of this program, and stays as it is", name.display());
    Failure::could_not(message, "name another file, or add --force to replace it")
}
