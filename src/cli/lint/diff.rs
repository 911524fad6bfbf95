//! Files and the fixes to make → what would change, as a unified difference. Writes nothing to a file.

use std::time::Duration;

use similar::TextDiff;

use crate::cli::lint::files::File;
use crate::cli::lint::{Answer, Style};
use crate::cli::{Exit, Failure, World, parallel};
use crate::engine::lint::Which;

/// Shows what would change, and says how much on standard error. There is something to complain about when there is
/// something to change.
pub(super) fn show(
    files: &[File],
    which: Which,
    style: &Style<'_>,
    exit: Exit,
    world: &mut World,
) -> Result<Exit, Failure> {
    let answers = parallel::map(files, File::weight, |it| Answer::mended(it, which, style));
    let mut made = Made::default();
    for (file, answer) in files.iter().zip(&answers).filter(|it| !it.1.applied.is_empty()) {
        made.fixes += answer.applied.len();
        made.files += 1;
        let text = difference(file.source.name(), file.source.text(), answer.source.text());
        let text = if style.colour { coloured(&text) } else { text };
        world.out.write_all(text.as_bytes())?;
    }
    writeln!(world.err, "{}", made.summary(which, &style.typed))?;
    Ok(if exit == Exit::Clean && made.files > 0 { Exit::Findings } else { exit })
}

/// How much would change.
#[derive(Default)]
struct Made {
    fixes: usize,
    files: usize,
}

impl Made {
    fn summary(&self, which: Which, typed: &str) -> String {
        let option = if which == Which::All { " --unsafe" } else { "" };
        let (what, them) = match (self.fixes, self.files) {
            (0, _) => return "nothing to fix".into(),
            (1, _) => ("1 fix".to_owned(), "it"),
            (count, 1) => (format!("{count} fixes"), "them"),
            (count, files) => (format!("{count} fixes in {files} files"), "them"),
        };
        format!("{what}; to make {them}: ciworkshop lint --fix{option}{typed}")
    }
}

/// A difference that `patch` understands.
fn difference(name: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::configure().timeout(Duration::from_secs(2)).diff_lines(old, new);
    diff.unified_diff().context_radius(3).header(name, name).to_string()
}

fn coloured(difference: &str) -> String {
    let line = |line: &str| {
        let code = match line.as_bytes().first() {
            _ if line.starts_with("--- ") || line.starts_with("+++ ") => "\x1b[1m",
            Some(b'-') => "\x1b[31m",
            Some(b'+') => "\x1b[32m",
            Some(b'@') => "\x1b[36m",
            _ => return line.to_owned(),
        };
        let content = line.trim_end_matches(['\n', '\r']);
        format!("{code}{content}\x1b[0m{}", &line[content.len()..])
    };
    difference.split_inclusive('\n').map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_keeps_line_ends_and_can_be_coloured() {
        let text = difference("a", "x\r\n- one\r\nend", "x\r\n- two\r\nend");
        let expected =
            "--- a\n+++ a\n@@ -1,3 +1,3 @@\n x\r\n-- one\r\n+- two\r\n end\n\\ No newline at end of file\n";
        assert_eq!(text, expected);
        assert!(coloured(&text).contains("\x1b[31m-- one\x1b[0m\r\n\x1b[32m+- two\x1b[0m\r\n"));
    }
}
