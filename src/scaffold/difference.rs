//! Two contents of one file → what a person compares: a unified difference, or the reason why there is none to show.

use std::time::Duration;

use similar::TextDiff;

/// Longer files are not compared line by line: none of ours is, so the other one is something else.
const LONGEST: usize = 1 << 20;

/// What stands in the file (`theirs`) and what we would write (`ours`). Ends with a line end.
pub(crate) fn difference(path: &str, theirs: &[u8], ours: &[u8]) -> String {
    let heads = (format!("{path}  (yours)"), format!("{path}  (the practice project's)"));
    let (Ok(old), Ok(new)) = (str::from_utf8(theirs), str::from_utf8(ours)) else {
        return plain(&heads, "one of them is not text");
    };
    if old.len() > LONGEST {
        return plain(&heads, &format!("yours has {} bytes: too many to show", old.len()));
    }
    // Two texts that share nothing can take long; after the time is up the answer is coarser, not wrong.
    let diff = TextDiff::configure().timeout(Duration::from_millis(500)).diff_lines(old, new);
    let text = diff.unified_diff().context_radius(3).header(&heads.0, &heads.1).to_string();
    if text.ends_with('\n') { text } else { text + "\n" }
}

/// The difference between a file and what it would be; both are text.
#[must_use]
pub fn lines(path: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::configure().timeout(Duration::from_millis(500)).diff_lines(old, new);
    diff.unified_diff().context_radius(3).header(path, path).to_string()
}

fn plain(heads: &(String, String), why: &str) -> String {
    format!("--- {}\n+++ {}\n  {why}\n", heads.0, heads.1)
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn lines_of_the_reader_are_minus_and_ours_are_plus() {
        let text = difference("a.txt", b"one\ntwo\n", b"one\n2\n");
        assert_eq!(
            text,
            "--- a.txt  (yours)\n+++ a.txt  (the practice project's)\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"
        );
    }

    #[test]
    fn what_is_not_text_is_said_and_not_shown() {
        assert!(difference("a", b"\xff\0", b"x").contains("not text"));
        assert!(difference("a", &vec![b'x'; 2 << 20], b"x").contains("too many"));
    }

    #[test]
    fn a_missing_line_end_is_a_difference_too() {
        let text = difference("a", b"one", b"one\n");
        assert!(text.contains("-one\n") && text.contains("+one\n"), "{text}");
    }
}
