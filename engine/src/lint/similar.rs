//! A word and the words that would be right → the one that was probably meant.

/// A file with more names than this is not written by hand, and comparing them all takes long.
const MOST_CANDIDATES: usize = 500;

/// The closest of `candidates`, if it is close enough to be a slip of the pen.
#[must_use]
pub fn closest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let limit = (word.chars().count() / 3).clamp(1, 3);
    let scored = candidates.into_iter().take(MOST_CANDIDATES).filter(|it| !it.is_empty() && *it != word);
    let scored = scored.map(|it| (distance(word, it), it)).filter(|(distance, _)| *distance <= limit);
    scored.min_by_key(|(distance, _)| *distance).map(|(_, it)| it)
}

/// How many insertions, deletions, replacements and swaps of neighbours lead from one word to the other, case aside.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().flat_map(char::to_lowercase).collect();
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).collect();
    if a.len().abs_diff(b.len()) > 3 || a.len() > 100 {
        return usize::MAX;
    }
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(x != y);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
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
