//! Names of files: bytes of git ↔ paths, and paths → text that is safe to show. Touches nothing.

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A path as git writes it with `-z`.
#[cfg(unix)]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// A path as git reads it with `-z`.
#[cfg(unix)]
pub(super) fn bytes_of(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().to_vec()
}

#[cfg(not(unix))]
pub(super) fn bytes_of(path: &Path) -> Vec<u8> {
    path.to_string_lossy().replace('\\', "/").into_bytes()
}

/// The path for people: what could move a cursor, or is no text, is written as an escape.
pub(super) fn shown(path: &Path) -> String {
    let bytes = bytes_of(path);
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for it in chunk.valid().chars() {
            if it.is_control() || is_invisible(it) {
                text.extend(it.escape_default());
            } else {
                text.push(it);
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// Characters that change the direction of the text around them, or cannot be seen.
fn is_invisible(it: char) -> bool {
    matches!(it, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The parts of an output that ends each of them with a zero byte.
pub(super) fn zero_ended(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|it| *it == 0).filter(|it| !it.is_empty())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_move_the_cursor() {
        for (bytes, text) in [
            (&b"src/a b.rs"[..], "src/a b.rs"),
            (b"a\nb", "a\\nb"),
            (b"\x1b[2J", "\\u{1b}[2J"),
            (b"caf\xe9", "caf\\xe9"),
            ("ab\u{202e}cd".as_bytes(), "ab\\u{202e}cd"),
        ] {
            assert_eq!(shown(&path_of(bytes)), text);
            assert_eq!(bytes_of(&path_of(bytes)), bytes);
        }
    }
}
