//! What the user gives — a file, variables, answers — → the values of secrets by name. Never prints a value, never
//! writes one anywhere, and asks nobody by itself.
//!
//! Names are compared without regard to case, as Drone's server does (§5.9). Where a secret has no value, Drone sets its
//! variable to an empty text and says nothing; [`missing`] finds such secrets before anything runs.

mod file;
mod missing;
#[cfg(test)]
mod tests;
mod tracked;

pub use missing::{Missing, missing};

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use crate::run::Trouble;
use crate::run::mask::Mask;

/// More than any file of secrets.
const MOST_BYTES: u64 = 1024 * 1024;

/// Values of secrets. Where one is given twice, the later one counts.
#[derive(Clone, Default)]
pub struct Secrets {
    /// By the name in small letters.
    values: BTreeMap<String, Secret>,
    notes: Vec<String>,
}

#[derive(Clone)]
struct Secret {
    /// As it was given.
    name: String,
    value: String,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

impl Secrets {
    /// None.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds those of a file, with lines `NAME=VALUE`.
    ///
    /// # Errors
    /// The file cannot be read or understood, or git tracks it.
    pub fn read_file(&mut self, path: &Path) -> Result<(), Trouble> {
        tracked::refuse(path)?;
        let text = read(path)?;
        let read = file::parse(&text).map_err(|it| it.in_file(path))?;
        self.notes.extend(tracked::notes(path));
        self.notes.extend(read.notes(path));
        for (name, value) in read.secrets {
            self.set(&name, value);
        }
        Ok(())
    }

    /// Adds those of variables. Each of `asked` is `NAME`, for the variable of that name, or `NAME=VARIABLE`.
    ///
    /// # Errors
    /// One of the variables is not set, or `asked` is no name.
    pub fn take_from_environment(
        &mut self,
        asked: &[String],
        variables: &BTreeMap<String, String>,
    ) -> Result<(), Trouble> {
        for asked in asked {
            let (name, variable) = asked.split_once('=').unwrap_or((asked, asked));
            // A value in the place of a variable's name must not get into a message.
            if !file::is_name(name) || !file::is_name(variable) {
                return Err(Trouble::new(
                    "`--secret` takes the name of a secret, or its name and that of a variable, never a value",
                    "set a variable, and name it: --secret TOKEN, or --secret token=MY_TOKEN",
                ));
            }
            let Some(value) = variables.get(variable) else { return Err(not_set(name, variable)) };
            self.set(name, value.clone());
        }
        Ok(())
    }

    /// Asks for those that are missing, each once. `ask` shows nothing of the answer; with `None` the secret stays
    /// missing.
    ///
    /// # Errors
    /// Those of `ask`.
    pub fn ask_for(
        &mut self,
        missing: &[Missing],
        ask: &mut dyn FnMut(&Missing) -> io::Result<Option<String>>,
    ) -> io::Result<()> {
        for missing in missing {
            if self.get(&missing.name).is_some() {
                continue;
            }
            if let Some(value) = ask(missing)? {
                self.set(&missing.name, value);
            }
        }
        Ok(())
    }

    /// Adds one.
    pub fn set(&mut self, name: &str, value: String) {
        let secret = Secret { name: name.to_owned(), value };
        self.values.insert(key(name), secret);
    }

    /// The value of one, whatever the case of its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(&key(name)).map(|it| it.value.as_str())
    }

    /// The names, as they were given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.values().map(|it| it.name.as_str())
    }

    /// Hides all values in all output. Drone hides those that a pipeline uses; a value that is given and not used has no
    /// business in a log either.
    ///
    /// # Errors
    /// As [`Mask::of`].
    pub fn mask(&self) -> Result<Mask, Trouble> {
        Mask::of(self.values.values().map(|it| it.value.as_str()))
    }

    /// What the user should know: about the file, and about values that cannot be hidden. A sentence each.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let of_values = self.values.values().filter_map(Secret::note);
        self.notes.iter().cloned().chain(of_values).collect()
    }
}

impl Secret {
    fn note(&self) -> Option<String> {
        let name = &self.name;
        match self.value.trim().len() {
            0 => Some(format!("The secret `{name}` is empty.")),
            1 => Some(format!(
                "The secret `{name}` has one character: it cannot be hidden in the output, because it stands everywhere."
            )),
            _ => None,
        }
    }
}

fn key(name: &str) -> String {
    name.to_lowercase()
}

/// The variable is named only where it is the secret's name: in the other case, somebody could have written the value.
fn not_set(name: &str, variable: &str) -> Trouble {
    if name == variable {
        return Trouble::new(
            format!("the secret `{name}` has no value: there is no variable of that name"),
            format!("set it without showing it: read -rs {name} && export {name}"),
        );
    }
    Trouble::new(
        format!("the secret `{name}` has no value: the variable that stands behind its `=` is not set"),
        "write the name of a variable there, and never the value, which others on this computer could see",
    )
}

fn read(path: &Path) -> Result<String, Trouble> {
    let trouble = |error: &io::Error| Trouble::with_path("be read", path, error);
    if path.is_dir() {
        let message = format!("{} is a folder, no file of secrets", path.display());
        return Err(Trouble::new(message, "name the file in it"));
    }
    let file = fs::File::open(path).map_err(|it| trouble(&it))?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|it| trouble(&it))?;
    if bytes.len() as u64 > MOST_BYTES {
        let message = format!("{} is too long for a file of secrets", path.display());
        return Err(Trouble::new(message, "write lines such as NAME=VALUE in it, one for each secret"));
    }
    String::from_utf8(bytes).map_err(|_| {
        let message = format!("{} is no text in UTF-8", path.display());
        Trouble::new(message, "write the value of a binary secret in base64, and decode it in the step")
    })
}
