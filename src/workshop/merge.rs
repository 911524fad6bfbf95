//! Three texts (as it was, as the participant has it, as the new version has it) → one, or `None` where both changed
//! the same lines. Never writes a conflict into a text.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Merges line by line. Changes of both sides are kept; the same change on both sides counts once.
pub(crate) fn merge(base: &str, theirs: &str, new: &str) -> Option<String> {
    let base: Vec<&str> = base.split_inclusive('\n').collect();
    let theirs: Vec<&str> = theirs.split_inclusive('\n').collect();
    let new: Vec<&str> = new.split_inclusive('\n').collect();
    let mut hunks = hunks(&base, &theirs);
    for hunk in self::hunks(&base, &new) {
        if !hunks.contains(&hunk) {
            hunks.push(hunk);
        }
    }
    hunks.sort_by_key(|it| (it.old.start, it.old.end));
    let clash = hunks.windows(2).any(|pair| touch(&pair[0], &pair[1]));
    (!clash).then(|| apply(&base, &hunks))
}

/// Lines `old` of the base become `lines`.
#[derive(Debug, PartialEq)]
struct Hunk<'a> {
    old: Range<usize>,
    lines: Vec<&'a str>,
}

fn hunks<'a>(base: &[&'a str], changed: &[&'a str]) -> Vec<Hunk<'a>> {
    let operations = capture_diff_slices(Algorithm::Myers, base, changed);
    let different = operations.into_iter().filter(|it| !matches!(it, DiffOp::Equal { .. }));
    different.map(|it| Hunk { old: it.old_range(), lines: changed[it.new_range()].to_vec() }).collect()
}

/// Changes to lines that overlap, or that stand directly side by side, may depend on each other.
fn touch(first: &Hunk<'_>, second: &Hunk<'_>) -> bool {
    second.old.start <= first.old.end
}

fn apply(base: &[&str], hunks: &[Hunk<'_>]) -> String {
    let mut text = String::new();
    let mut at = 0;
    for hunk in hunks {
        text.extend(base[at..hunk.old.start].iter().copied());
        text.extend(hunk.lines.iter().copied());
        at = hunk.old.end;
    }
    text.extend(base[at..].iter().copied());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "kind: pipeline\nname: x\n\nsteps:\n- name: a\n  image: python\n";

    #[test]
    fn changes_in_different_places_are_both_kept() {
        let theirs = BASE.replace("image: python", "image: python:3.12");
        let new = BASE.replace("kind: pipeline", "---\nkind: pipeline");
        let merged = merge(BASE, &theirs, &new).unwrap();
        assert_eq!(merged, "---\nkind: pipeline\nname: x\n\nsteps:\n- name: a\n  image: python:3.12\n");
    }

    #[test]
    fn the_same_change_on_both_sides_counts_once() {
        let both = BASE.replace("name: x", "name: y");
        assert_eq!(merge(BASE, &both, &both).unwrap(), both);
    }

    #[test]
    fn different_changes_of_the_same_line_are_not_merged() {
        let theirs = BASE.replace("name: x", "name: mine");
        let new = BASE.replace("name: x", "name: ours");
        assert_eq!(merge(BASE, &theirs, &new), None);
    }

    #[test]
    fn two_additions_at_the_same_place_are_not_merged() {
        let theirs = format!("{BASE}- name: mine\n");
        let new = format!("{BASE}- name: ours\n");
        assert_eq!(merge(BASE, &theirs, &new), None);
    }

    #[test]
    fn one_side_unchanged_gives_the_other() {
        let changed = BASE.replace("name: a", "name: test");
        assert_eq!(merge(BASE, BASE, &changed).unwrap(), changed);
        assert_eq!(merge(BASE, &changed, BASE).unwrap(), changed);
    }
}
