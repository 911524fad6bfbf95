//! Bytes that come in any pieces → blocks of whole lines, masked, in constant memory. Nothing else is changed.
//!
//! A line without an end is passed on in pieces; the last bytes of a piece are held back as long as a secret may begin
//! in them. `\r` stays what it is, except before a line's end.

use std::collections::VecDeque;
use std::io::{self, Write};

use crate::run::mask::Mask;

/// A line that is longer is passed on in pieces.
const LONGEST: usize = 64 * 1024;

/// How many of the last lines are remembered, and how much of each.
const REMEMBERED: usize = 50;
const REMEMBERED_BYTES: usize = 2000;

/// Passes lines on. `give` gets one or more whole lines, without the last one's end.
pub struct Lines<'m, G: FnMut(&[u8])> {
    mask: &'m Mask,
    give: G,
    /// What has no end yet.
    rest: Vec<u8>,
    last: VecDeque<String>,
}

impl<'m, G: FnMut(&[u8])> Lines<'m, G> {
    /// Nothing has come yet.
    pub fn new(mask: &'m Mask, give: G) -> Self {
        Self { mask, give, rest: Vec::new(), last: VecDeque::new() }
    }

    /// No more comes: passes on what is left, and gives the last lines, masked.
    pub fn finish(mut self) -> Vec<String> {
        if !self.rest.is_empty() {
            let rest = std::mem::take(&mut self.rest);
            self.pass(&rest);
        }
        self.last.into()
    }

    fn pass(&mut self, block: &[u8]) {
        let masked = self.mask.masked(block);
        let block: &[u8] = &masked;
        (self.give)(block);
        // From the end, and no more than are remembered: a block may hold thousands of lines.
        let lines: Vec<&[u8]> = block.rsplit(|it| *it == b'\n').take(REMEMBERED).collect();
        for line in lines.into_iter().rev() {
            if self.last.len() == REMEMBERED {
                self.last.pop_front();
            }
            let line = &line[line.len().saturating_sub(REMEMBERED_BYTES)..];
            self.last.push_back(String::from_utf8_lossy(line).trim_end_matches('\r').to_owned());
        }
    }

    /// Passes on the beginning of a line without an end, all but what may be the beginning of a secret.
    fn pass_piece(&mut self) {
        let cut = self.mask.cut(&self.rest);
        let held = self.rest.split_off(cut);
        let piece = std::mem::replace(&mut self.rest, held);
        (self.give)(&self.mask.masked(&piece));
    }
}

impl<G: FnMut(&[u8])> Write for Lines<'_, G> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(end) = memchr::memrchr(b'\n', bytes) else {
            self.rest.extend_from_slice(bytes);
            if self.rest.len() > LONGEST + self.mask.longest() {
                self.pass_piece();
            }
            return Ok(bytes.len());
        };
        if self.rest.is_empty() {
            self.pass(&bytes[..end]);
        } else {
            let mut block = std::mem::take(&mut self.rest);
            block.extend_from_slice(&bytes[..end]);
            self.pass(&block);
        }
        self.rest.extend_from_slice(&bytes[end + 1..]);
        Ok(bytes.len())
    }

    /// Lines are passed on when they are whole.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is given for pieces of these sizes, and the last lines.
    fn given(values: &[&str], text: &[u8], sizes: &[usize]) -> (Vec<u8>, Vec<String>) {
        let mask = Mask::of(values.iter().copied());
        let mut out = Vec::new();
        let mut first = true;
        let mut lines = Lines::new(&mask, |block: &[u8]| {
            if !std::mem::take(&mut first) {
                out.push(b'\n');
            }
            out.extend_from_slice(block);
        });
        let (mut from, mut at) = (0, 0);
        while from < text.len() {
            let to = (from + sizes[at % sizes.len()].max(1)).min(text.len());
            lines.write_all(&text[from..to]).unwrap();
            (from, at) = (to, at + 1);
        }
        let last = lines.finish();
        (out, last)
    }

    #[test]
    fn lines_are_whole_whatever_the_pieces() {
        for sizes in [&[1][..], &[3, 1], &[100]] {
            let (out, last) = given(&["secret"], b"a\nmy secret\r\n\nend", sizes);
            assert_eq!(out, b"a\nmy ******\r\n\nend", "{sizes:?}");
            assert_eq!(last, ["a", "my ******", "", "end"], "{sizes:?}");
        }
    }

    #[test]
    fn a_line_without_an_end_takes_little_memory_and_hides_what_is_cut() {
        let mask = Mask::of(["top-secret"]);
        let mut longest = 0;
        let mut out = Vec::new();
        let mut lines = Lines::new(&mask, |block: &[u8]| {
            longest = longest.max(block.len());
            out.extend_from_slice(block);
        });
        for _ in 0..20_000 {
            lines.write_all(b"xxxxxx top-secret ").unwrap();
        }
        lines.finish();
        assert!(longest < 2 * LONGEST);
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains("top") && !text.contains("secret"));
        assert_eq!(text.matches("******").count(), 20_000);
    }

    #[test]
    fn the_longer_of_two_secrets_wins_also_at_a_cut() {
        let text = "x".repeat(LONGEST + 3) + "abcdef" + &"y".repeat(LONGEST);
        for first in LONGEST..LONGEST + 12 {
            let mask = Mask::of(["abc", "abcdef"]);
            let mut out = Vec::new();
            let mut lines = Lines::new(&mask, |block: &[u8]| out.extend_from_slice(block));
            lines.write_all(&text.as_bytes()[..first]).unwrap();
            for byte in text.as_bytes()[first..].chunks(3) {
                lines.write_all(byte).unwrap();
            }
            lines.finish();
            assert!(!String::from_utf8(out).unwrap().contains("def"), "{first}");
        }
    }

    #[test]
    fn ten_thousand_secrets_are_never_seen() {
        let mut state = 7_u64;
        let mut random = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize
        };
        for _ in 0..100 {
            let letters: Vec<char> = "abcdefghijABCDEFGHIJ0123456789+/=$%-_.".chars().collect();
            let values: Vec<String> = (0..100)
                .map(|_| (0..random() % 30 + 8).map(|_| letters[random() % letters.len()]).collect())
                .collect();
            let text: String = values.iter().map(|it| format!("say {it} and{it}\n")).collect();
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            let (out, _) = given(&values, text.as_bytes(), &[random() % 20 + 1, random() % 70 + 1]);
            let out = String::from_utf8(out).unwrap();
            assert!(values.iter().all(|it| !out.contains(it)));
            assert_eq!(out.lines().count(), 100);
        }
    }

    proptest! {
        #[test]
        fn no_value_is_seen_and_nothing_else_changes(
            values in prop::collection::vec("[a-c]{2,6}", 0..4),
            text in prop::collection::vec(prop::sample::select(&b"abcd\n\r \xff"[..]), 0..200),
            sizes in prop::collection::vec(1_usize..9, 1..5),
        ) {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            let (out, _) = given(&values, &text, &sizes);
            for value in &values {
                prop_assert!(!out.windows(value.len()).any(|it| it == value.as_bytes()));
            }
            let whole = Mask::of(values.iter().copied());
            // A last line's end is not passed on.
            let text = text.strip_suffix(b"\n").unwrap_or(&text);
            prop_assert_eq!(out, whole.masked(text).into_owned());
        }
    }
}
