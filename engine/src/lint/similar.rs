//! A word and the words that would be right → the one that was probably meant.

/// A file with more names than this is not written by hand, and comparing them all takes long.
const MOST_CANDIDATES: usize = 500;

/// The closest of `candidates`, if it is close enough to be a slip of the pen.
#[must_use]
pub fn closest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let letters = lower(word);
    let limit = (letters.len() / 3).clamp(1, 3);
    let mut meter = Meter::default();
    let mut best: Option<(usize, &'c str)> = None;
    for candidate in candidates.into_iter().take(MOST_CANDIDATES) {
        if candidate.is_empty() || candidate == word || candidate.len() > 400 || letters.len() > 100 {
            continue;
        }
        let distance = meter.distance(&letters, candidate, limit);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, it)| it)
}

fn lower(word: &str) -> Vec<char> {
    word.chars().flat_map(char::to_lowercase).collect()
}

/// Measures distances; its rows are kept, since there are many words to compare.
#[derive(Default)]
struct Meter {
    other: Vec<char>,
    before: Vec<usize>,
    last: Vec<usize>,
    row: Vec<usize>,
}

impl Meter {
    /// How many insertions, deletions, replacements and swaps of neighbours lead from one word to the other, case aside;
    /// anything above the limit when it is more than that.
    fn distance(&mut self, a: &[char], b: &str, limit: usize) -> usize {
        self.other.clear();
        self.other.extend(b.chars().flat_map(char::to_lowercase));
        let b = &self.other;
        if a.len().abs_diff(b.len()) > limit {
            return usize::MAX;
        }
        self.before.clear();
        self.before.resize(b.len() + 1, 0);
        self.last.clear();
        self.last.extend(0..=b.len());
        for (i, x) in a.iter().enumerate() {
            self.row.clear();
            self.row.push(i + 1);
            let mut least = i + 1;
            for (j, y) in b.iter().enumerate() {
                let replaced = self.last[j] + usize::from(x != y);
                let mut best = replaced.min(self.last[j + 1] + 1).min(self.row[j] + 1);
                if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                    best = best.min(self.before[j - 1] + 1);
                }
                least = least.min(best);
                self.row.push(best);
            }
            // A swap looks two rows back, so one row more may still come below the limit.
            if least > limit + 1 {
                return usize::MAX;
            }
            std::mem::swap(&mut self.before, &mut self.last);
            std::mem::swap(&mut self.last, &mut self.row);
        }
        self.last[b.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn a_slip_of_the_pen_is_recognised() {
        let names = ["build", "test", "publish"];
        assert_eq!(closest("biuld", names), Some("build"));
        assert_eq!(closest("Test", names), Some("test"));
        assert_eq!(closest("tests", names), Some("test"));
        assert_eq!(closest("deploy", names), None);
        assert_eq!(closest("x", ["y", ""]), Some("y"));
    }
}
