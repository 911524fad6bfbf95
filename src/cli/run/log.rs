//! Each step's output → a file of its own, beside what is shown. Secrets are masked before they come here.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::run::Trouble;
use crate::run::event::{At, Event, Sink};

/// Writes the files and passes everything on.
pub(super) struct Logs<'a> {
    next: &'a dyn Sink,
    folder: PathBuf,
    files: Mutex<HashMap<(String, String), Option<File>>>,
}

impl<'a> Logs<'a> {
    /// Makes the folder.
    pub(super) fn new(folder: &Path, next: &'a dyn Sink) -> Result<Self, Trouble> {
        fs::create_dir_all(folder).map_err(|it| Trouble::with_path("be made", folder, &it))?;
        Ok(Self { next, folder: folder.to_owned(), files: Mutex::new(HashMap::new()) })
    }

    fn write(&self, at: At<'_>, lines: &[u8]) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (at.pipeline.to_owned(), at.step.to_owned());
        let open = || {
            let path = self.folder.join(file_name(at));
            let made = File::options().create(true).append(true).open(path);
            if let Err(error) = &made {
                self.next.tell(&Event::Note(at, &format!("its log cannot be written: {error}")));
            }
            made.ok()
        };
        let file = files.entry(key).or_insert_with(open);
        let written = file.as_mut().map(|it| it.write_all(lines).and_then(|()| it.write_all(b"\n")));
        if let Some(Err(error)) = written {
            *file = None;
            self.next.tell(&Event::Note(at, &format!("its log cannot be written any further: {error}")));
        }
    }
}

/// A name that every file system takes, and that stays inside the folder.
fn file_name(at: At<'_>) -> String {
    let plain = |text: &str| -> String {
        text.chars()
            .map(|it| if it.is_alphanumeric() || "._-".contains(it) { it } else { '-' })
            .take(80)
            .collect()
    };
    let (pipeline, step) = (plain(at.pipeline), plain(at.step));
    format!("{}.{step}.log", pipeline.trim_start_matches('.'))
}

impl Sink for Logs<'_> {
    fn tell(&self, event: &Event<'_>) {
        match event {
            Event::StepStarts { at, .. } => self.write_nothing(*at),
            Event::Output(at, lines) => self.write(*at, lines),
            _ => {}
        }
        self.next.tell(event);
    }
}

impl Logs<'_> {
    /// A step without output has an empty log, not none.
    fn write_nothing(&self, at: At<'_>) {
        let _ = File::create(self.folder.join(file_name(at)));
    }
}
