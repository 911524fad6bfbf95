//! The bytes that a step prints, in any chunks → blocks of whole lines without secrets. Keeps the last lines for the
//! summary, and no more than that: its memory does not grow with the output.
//!
//! A line ends with `\n` or `\r\n`. A `\r` elsewhere is how programs draw over a line again and again to show their
//! progress; of such a line only the last state is given, as a terminal would show it in the end.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::io::{self, Write};

use memchr::{memchr, memchr_iter, memrchr, memrchr_iter};

use crate::run::mask::{Mask, Part};

/// A longer line is given in pieces of about this size, each as a line of its own.
const PIECE: usize = 64 * 1024;

/// Not more than this is worked on at once.
const MOST_AT_ONCE: usize = 256 * 1024;

/// So many last lines are kept.
pub const LAST_LINES: usize = 50;

/// Of each line that is kept, so many bytes.
const LAST_LINE_BYTES: usize = 2000;

/// Takes bytes, and gives whole lines without secrets to `give`: one or more at once, with `\n` between them and none
/// at the end. An empty block is one empty line.
///
/// [`Write::flush`] does nothing, because a secret may go on in the bytes that follow. What is left without an end of
/// line is given by [`LineWriter::finish`], and only there.
pub struct LineWriter<F> {
    mask: Mask,
    give: F,
    /// The line that has no end yet, or what is left of it.
    pending: Vec<u8>,
    /// So many bytes of it belong to a mask that was given already.
    already: usize,
    /// True when pieces of it were given already.
    in_pieces: bool,
    last: LastLines,
}

impl<F: FnMut(&[u8])> LineWriter<F> {
    /// One that hides what `mask` hides.
    pub fn new(mask: Mask, give: F) -> Self {
        let last = LastLines::default();
        Self { mask, give, pending: Vec::new(), already: 0, in_pieces: false, last }
    }

    /// Gives the last line, if it has no end, and tells the last lines of all.
    pub fn finish(mut self) -> Vec<String> {
        if !last_state(&self.pending).is_empty() {
            self.end_line();
        }
        self.last.texts()
    }

    /// Lines that begin and end here.
    fn block(&mut self, lines: &[u8]) {
        if memchr(b'\r', lines).is_none() {
            let hidden = self.mask.hide(lines);
            self.hand_out(&hidden);
            return;
        }
        let states = last_states(lines);
        let hidden = self.mask.hide(&states);
        self.hand_out(&hidden);
    }

    /// The pending line is complete.
    fn end_line(&mut self) {
        let line = last_state(&self.pending);
        // Where the line was drawn over, what was hidden before is gone with its first state.
        let drawn_over = line.len() + trailing_returns(&self.pending) < self.pending.len();
        let already = if drawn_over { 0 } else { self.already };
        let mut out = Vec::new();
        self.mask.hide_part(line, Part { already, until: line.len() }, &mut out);
        if !(self.in_pieces && out.is_empty()) {
            self.hand_out(&out);
        }
        self.pending.clear();
        self.already = 0;
        self.in_pieces = false;
    }

    /// Keeps the beginning of a line, and gives a piece of it when it grows long.
    fn keep(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(PIECE) {
            self.pending.extend_from_slice(part);
            if self.is_long() {
                self.forget_old_states();
            }
            if self.is_long() {
                self.give_piece();
            }
        }
    }

    fn is_long(&self) -> bool {
        self.pending.len() > PIECE + self.held_back()
    }

    /// So many bytes at the end may belong to a secret or a character that goes on, or be a `\r` before its `\n`.
    fn held_back(&self) -> usize {
        self.mask.reach().max(4)
    }

    /// Drops what was drawn over.
    fn forget_old_states(&mut self) {
        let returns = trailing_returns(&self.pending);
        let end = self.pending.len() - returns;
        let start = memrchr(b'\r', &self.pending[..end]).map_or(0, |it| it + 1);
        self.pending.truncate(end + returns.min(1));
        if start > 0 {
            self.pending.drain(..start);
            self.already = 0;
        }
    }

    fn give_piece(&mut self) {
        // A secret that begins before this is complete, and so is known.
        let until = whole_characters(&self.pending, self.pending.len() - self.held_back());
        let mut out = Vec::new();
        let part = Part { already: self.already, until };
        self.already = self.mask.hide_part(&self.pending, part, &mut out);
        self.pending.drain(..until);
        self.in_pieces = true;
        if !out.is_empty() {
            self.hand_out(&out);
        }
    }

    fn hand_out(&mut self, block: &[u8]) {
        self.last.add(block);
        (self.give)(block);
    }
}

impl<F: FnMut(&[u8])> Write for LineWriter<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let bytes = &bytes[..bytes.len().min(MOST_AT_ONCE)];
        let Some(end) = memrchr(b'\n', bytes) else {
            self.keep(bytes);
            return Ok(bytes.len());
        };
        let mut lines = Some(&bytes[..end]);
        if !self.pending.is_empty() || self.in_pieces {
            let first = memchr(b'\n', bytes).unwrap_or(end);
            self.keep(&bytes[..first]);
            self.end_line();
            lines = (first < end).then(|| &bytes[first + 1..end]);
        }
        if let Some(lines) = lines {
            self.block(lines);
        }
        self.keep(&bytes[end + 1..]);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a terminal shows of many lines in the end.
fn last_states(lines: &[u8]) -> Vec<u8> {
    let mut states = Vec::with_capacity(lines.len());
    let mut start = 0;
    for end in memchr_iter(b'\n', lines) {
        states.extend_from_slice(last_state(&lines[start..end]));
        states.push(b'\n');
        start = end + 1;
    }
    states.extend_from_slice(last_state(&lines[start..]));
    states
}

/// What a terminal shows of a line in the end. `line` has no `\n`.
fn last_state(line: &[u8]) -> &[u8] {
    let line = &line[..line.len() - trailing_returns(line)];
    memrchr(b'\r', line).map_or(line, |it| &line[it + 1..])
}

fn trailing_returns(line: &[u8]) -> usize {
    line.iter().rev().take_while(|it| **it == b'\r').count()
}

/// A place at or shortly before `until` that cuts no character of UTF-8 in two.
fn whole_characters(text: &[u8], until: usize) -> usize {
    let within = |at: usize| text.get(at).is_some_and(|it| it & 0b1100_0000 == 0b1000_0000);
    (until.saturating_sub(3)..=until).rev().find(|it| !within(*it)).unwrap_or(until)
}

/// The last lines of an output.
#[derive(Default)]
struct LastLines(VecDeque<Vec<u8>>);

impl LastLines {
    fn add(&mut self, block: &[u8]) {
        let start = memrchr_iter(b'\n', block).nth(LAST_LINES - 1).map_or(0, |it| it + 1);
        for line in block[start..].split(|it| *it == b'\n') {
            self.push(&line[..line.len().min(LAST_LINE_BYTES)]);
        }
    }

    fn push(&mut self, line: &[u8]) {
        let oldest = if self.0.len() < LAST_LINES { None } else { self.0.pop_front() };
        let mut room = oldest.unwrap_or_default();
        room.clear();
        room.extend_from_slice(line);
        self.0.push_back(room);
    }

    fn texts(&self) -> Vec<String> {
        self.0.iter().map(|it| String::from_utf8_lossy(it).into_owned()).collect()
    }
}
