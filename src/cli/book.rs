//! `ciworkshop book DIR`: the book that is built into the program → a folder of pages that read without a server.
//!
//! Writes over nothing but an earlier book that nobody has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::cli::{Exit, Failure, World};
use crate::server::{BookFile, book_files};
use crate::workshop::{hash, write_atomically};

/// Lists what a book's folder holds, so that a later book knows what it may replace.
const LIST: &str = ".ciworkshop-book";

/// Arguments of `book`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A new or empty folder, or one that holds an earlier book
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let folder = world.folder.join(&arguments.folder);
    let book = unpacked()?;
    let before = known(&folder)?;
    let present = refuse_strangers(&folder, &before)?;
    // Until all is written the list names both books, so that an interrupted call can be repeated.
    let now: Known = book.iter().map(|(path, content)| (path.clone(), hash([content.as_slice()]))).collect();
    write(&folder.join(LIST), list(before.union(&now)).as_bytes())?;
    for (path, content) in &book {
        write(&folder.join(path), content)?;
    }
    // Only what was found there: the list is a file like any other, and could name anything.
    for path in present.iter().filter(|path| !book.contains_key(*path)) {
        remove(&folder, path)?;
    }
    write(&folder.join(LIST), list(now.iter()).as_bytes())?;
    let shown = arguments.folder.join("index.html");
    writeln!(world.out, "The book is written: {} files. Open {} in a browser.", book.len(), shown.display())?;
    Ok(Exit::Clean)
}

/// Every file of the book.
fn unpacked() -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let content = |(path, file): (String, BookFile)| file.content().map(|it| (path, it));
    let book: io::Result<_> = book_files().map(content).collect();
    book.map_err(|error| {
        Failure::could_not(
            format!("the book in this program is damaged: {error}"),
            "install the program again",
        )
    })
}

/// Path and fingerprint of each file of a book.
type Known = BTreeSet<(String, String)>;

fn list<'a>(files: impl Iterator<Item = &'a (String, String)>) -> String {
    let lines = files.map(|(path, hash)| format!("{hash} {path}\n"));
    std::iter::once("ciworkshop book 1\n".to_owned()).chain(lines).collect()
}

/// What an earlier book has left; nothing when there was none.
fn known(folder: &Path) -> Result<Known, Failure> {
    let path = folder.join(LIST);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Known::new()),
        // `folder` is a file, or lies in one.
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Err(not_a_folder(folder)),
        Err(error) => return Err(trouble("read", &path, &error)),
    };
    let entries = text.lines().skip(1).filter_map(|it| it.split_once(' '));
    Ok(entries.map(|(hash, path)| (path.to_owned(), hash.to_owned())).collect())
}

/// A file that no book has written, or that somebody has changed since, belongs to somebody. Without any, the
/// files that are there.
fn refuse_strangers(folder: &Path, known: &Known) -> Result<Vec<String>, Failure> {
    let mut present = Vec::new();
    for path in files_below(folder)? {
        let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        if name == LIST {
            continue;
        }
        let ours = known.iter().any(|(known, _)| *known == name);
        let same =
            ours && fs::read(&path).is_ok_and(|it| known.contains(&(name.clone(), hash([it.as_slice()]))));
        if !same {
            let why = if ours { "was changed after the book was written" } else { "is not part of a book" };
            let message = format!("{} is not written over: `{name}` in it {why}", folder.display());
            return Err(Failure::could_not(message, "name a folder that is new or empty"));
        }
        present.push(name);
    }
    Ok(present)
}

/// All files and links below, deepest last. Links are not followed.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let (mut files, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(inside) = open.pop() {
        let entries = match fs::read_dir(&inside) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Err(not_a_folder(folder)),
            Err(error) => return Err(trouble("read", &inside, &error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| trouble("read", &inside, &error))?;
            let is_folder = entry.file_type().is_ok_and(|it| it.is_dir());
            if is_folder { open.push(entry.path()) } else { files.push(entry.path()) }
        }
    }
    files.sort();
    Ok(files)
}

fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    write_atomically(path, content).map_err(Failure::from)
}

/// Takes away a page that the book no longer has, and its folder if that was the last one.
fn remove(folder: &Path, path: &str) -> Result<(), Failure> {
    let file = folder.join(path);
    match fs::remove_file(&file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(trouble("removed", &file, &error));
        }
        _ => {}
    }
    let parents = file.ancestors().skip(1).take_while(|it| *it != folder);
    for parent in parents {
        if fs::remove_dir(parent).is_err() {
            break;
        }
    }
    Ok(())
}

fn not_a_folder(path: &Path) -> Failure {
    Failure::could_not(format!("{} is not a folder", path.display()), "name a folder that is new or empty")
}

fn trouble(what: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::could_not(
        format!("{} cannot be {what}: {error}", path.display()),
        "check that the folder is yours and that the disk has room",
    )
}
