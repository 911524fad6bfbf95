//! The values of secrets → texts in which `******` stands in their place. Keeps nothing of what it reads, and never
//! says what it hides.
//!
//! Drone hides every line of a secret, trimmed, of at least two bytes (§5.9). So does this, and it also hides the forms
//! of `forms`, in which a secret often gets printed by accident. Where hidden texts overlap, all of their bytes go
//! under one `******`: no rest of one secret stands beside the mask of another.

mod forms;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::packed::{self, Searcher};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use memchr::memchr;

use crate::run::Trouble;
use crate::run::mask::forms::forms;

/// What stands in the place of a secret.
pub const HIDDEN: &str = "******";

/// Up to so many bytes of hidden texts are looked for with a table that needs half a kilobyte for each of them.
const FAST: usize = 16 * 1024;

/// Hides secrets. A copy is cheap.
#[derive(Clone, Default)]
pub struct Mask(Option<Arc<Finder>>);

struct Finder {
    /// Finds the beginnings of hidden texts, many bytes at once. `None` where there are too many of them, and on
    /// processors that cannot do it.
    filter: Option<Searcher>,
    automaton: AhoCorasick,
    /// The length of the longest hidden text.
    longest: usize,
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_idle() { "Mask(nothing)" } else { "Mask(******)" })
    }
}

impl Mask {
    /// Hides nothing.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// Hides these values.
    ///
    /// # Errors
    /// They are so long that they cannot be looked for. Nothing may be shown then.
    pub fn of<'v>(values: impl IntoIterator<Item = &'v str>) -> Result<Self, Trouble> {
        let forms = forms(values);
        let Some(longest) = forms.iter().map(Vec::len).max() else { return Ok(Self::none()) };
        let short = forms.iter().map(Vec::len).sum::<usize>() <= FAST;
        let kind = if short { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        let automaton = AhoCorasick::builder()
            .kind(Some(kind))
            .match_kind(MatchKind::Standard)
            .prefilter(false)
            .build(&forms)
            .map_err(|_| Trouble::new("the secrets are too long to be hidden in the output", HELP))?;
        let filter = filter(&forms);
        Ok(Self(Some(Arc::new(Finder { filter, automaton, longest }))))
    }

    /// True when there is nothing to hide.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.0.is_none()
    }

    /// The text without secrets. It may have many lines, and need not be UTF-8.
    #[must_use]
    pub fn hide<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        let runs = self.runs(text, 0);
        if runs.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = Vec::with_capacity(text.len());
        write_masked(text, &runs, Part { already: 0, until: text.len() }, &mut out);
        Cow::Owned(out)
    }

    /// The words without secrets: for messages and notes.
    #[must_use]
    pub fn hide_text(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.hide(text.as_bytes())).into_owned()
    }

    /// How many bytes at the end of a text may belong to a secret that goes on.
    pub(super) fn reach(&self) -> usize {
        self.0.as_ref().map_or(0, |it| it.longest - 1)
    }

    /// Adds a part of a text to `out`, without secrets. Gives how many bytes behind the part belong to a mask that is
    /// written already.
    pub(super) fn hide_part(&self, text: &[u8], part: Part, out: &mut Vec<u8>) -> usize {
        let runs = self.runs(text, part.already);
        write_masked(text, &runs, part, out)
    }

    /// The places to hide, in order, with room between them. `already` bytes at the beginning are hidden in any case.
    fn runs(&self, text: &[u8], already: usize) -> Vec<Range<usize>> {
        let mut runs = Vec::new();
        if already > 0 {
            runs.push(0..already);
        }
        let Some(finder) = &self.0 else { return runs };
        let mut from = 0;
        while let Some(lines) = finder.suspicious(text, from) {
            for found in finder.automaton.find_overlapping_iter(&text[lines.clone()]) {
                add(&mut runs, found.start() + lines.start..found.end() + lines.start);
            }
            from = lines.end;
        }
        runs
    }
}

impl Finder {
    /// The next part of a text that can hold something to hide: from the beginning of a hidden text to the end of the
    /// line, because none goes on in the next; without a filter, all that is left.
    fn suspicious(&self, text: &[u8], from: usize) -> Option<Range<usize>> {
        if from >= text.len() {
            return None;
        }
        let Some(filter) = &self.filter else { return Some(from..text.len()) };
        let start = filter.find_in(text, (from..text.len()).into())?.start();
        let end = memchr(b'\n', &text[start..]).map_or(text.len(), |it| start + it);
        Some(start..end)
    }
}

/// Finds the first few bytes of each form. Many forms of a secret begin alike.
fn filter(forms: &BTreeSet<Vec<u8>>) -> Option<Searcher> {
    let beginnings: BTreeSet<&[u8]> = forms.iter().map(|it| &it[..it.len().min(BEGINNING)]).collect();
    packed::Config::new().builder().extend(beginnings).build()
}

/// So many bytes of a hidden text tell it from most others.
const BEGINNING: usize = 4;

const HELP: &str = "give such a secret as a file, not as a variable";

/// Which part of a text is wanted.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// So many bytes at the beginning belong to a mask that stands in the output already.
    pub(super) already: usize,
    /// Up to here.
    pub(super) until: usize,
}

/// Adds a place that does not end before any other, and joins it with those that it overlaps.
fn add(runs: &mut Vec<Range<usize>>, mut new: Range<usize>) {
    while let Some(last) = runs.pop_if(|it| new.start < it.end) {
        new = new.start.min(last.start)..new.end.max(last.end);
    }
    runs.push(new);
}

fn write_masked(text: &[u8], runs: &[Range<usize>], part: Part, out: &mut Vec<u8>) -> usize {
    let mut at = 0;
    for run in runs.iter().take_while(|it| it.start < part.until) {
        out.extend_from_slice(&text[at..run.start]);
        let written_before = run.start == 0 && part.already > 0;
        if !written_before {
            out.extend_from_slice(HIDDEN.as_bytes());
        }
        at = run.end;
    }
    if at < part.until {
        out.extend_from_slice(&text[at..part.until]);
    }
    at.saturating_sub(part.until)
}
