//! Why the workshop could not do something, and what to try next: a value that the terminal and the page both show.

use std::io;
use std::path::Path;

/// A problem that stops one action. Nothing of the participant's is lost by it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Trouble {
    /// What could not be done, and why.
    pub message: String,
    /// The next thing to try.
    pub help: String,
    /// What kind of problem it is.
    pub kind: Kind,
}

/// Whose move it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something was asked for that does not exist or makes no sense.
    Asked,
    /// The folder or the machine is in the way.
    CouldNot,
}

impl Trouble {
    /// The job could not be done.
    pub fn could_not(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into(), kind: Kind::CouldNot }
    }

    /// What was asked for does not exist or makes no sense.
    pub fn asked(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into(), kind: Kind::Asked }
    }

    /// A file or folder could not be read or written. `action` completes "cannot …", such as `be read`.
    #[must_use]
    pub fn with_path(action: &str, path: &Path, error: &io::Error) -> Self {
        let help = match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "check who owns it and its permissions, or use another folder"
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                "free some space and try again; the file is as it was before"
            }
            io::ErrorKind::NotFound => "check that it is still there",
            _ => "check the folder and try again; the file is as it was before",
        };
        Self::could_not(format!("{} cannot {action}: {}", path.display(), plain(error)), help)
    }
}

/// The error's words without the number that the standard library adds.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let cut = text.find(" (os error").map_or(text.as_str(), |at| &text[..at]);
    let mut letters = cut.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_system_come_without_its_number() {
        let error = io::Error::from_raw_os_error(13);
        let trouble = Trouble::with_path("be read", Path::new("a/b.yml"), &error);
        assert_eq!(trouble.message, "a/b.yml cannot be read: permission denied");
    }
}
