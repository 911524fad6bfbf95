//! The files of a project → places where one small mistake can be made that its tests should notice. Changes no file.
//!
//! A mistake is one that people make: a comparison the wrong way round, `and` for `or`, a result that is lost. It keeps the line
//! readable for its language, so that it is the tests that notice it, and not a compiler.

mod line;
mod project;

use crate::course::Files;
use crate::course::mistake::line::{Family, Rank};

/// One line that is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The line as it stands there, without what is around it.
    pub before: String,
    /// The line with the mistake.
    pub after: String,
}

impl Mistake {
    /// The file's text with the mistake in it; `None` when the line is not what it was.
    #[must_use]
    pub fn made_in(&self, text: &str) -> Option<String> {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let old = lines.get(self.line.checked_sub(1)?)?;
        let at = old.find(&self.before).filter(|_| old.trim() == self.before)?;
        let new = format!("{}{}{}", &old[..at], self.after, &old[at + self.before.len()..]);
        let (above, below) = (lines[..self.line - 1].concat(), lines[self.line..].concat());
        Some(above + &new + &below)
    }
}

/// The places, best first: in files that a test speaks of, one in each file and then a second and a third.
#[must_use]
pub fn mistakes(files: &Files) -> Vec<Mistake> {
    let rows: Vec<Vec<Mistake>> =
        project::code(files).iter().map(|(file, text)| in_file(file, text)).collect();
    let (tested, others) = rows.split_at(project::tested(files).min(rows.len()));
    [tested, others].into_iter().flat_map(by_turns).collect()
}

/// The first of each, then the second of each, and so on.
fn by_turns(rows: &[Vec<Mistake>]) -> Vec<Mistake> {
    let most = rows.iter().map(Vec::len).max().unwrap_or_default();
    (0..most).flat_map(|turn| rows.iter().filter_map(move |it| it.get(turn).cloned())).collect()
}

/// How many places of one file are worth a try.
const OF_ONE_FILE: usize = 3;
/// So far apart are they: two in one breath would tell the same twice.
const LINES_APART: usize = 3;

fn in_file(file: &str, text: &str) -> Vec<Mistake> {
    let Some(family) = Family::of(file) else { return Vec::new() };
    let mut all: Vec<(Rank, Mistake)> = Vec::new();
    for (number, line) in line::code_lines(family, text) {
        let before = line.trim().to_owned();
        if let Some((rank, after)) = line::changed(family, &before) {
            all.push((rank, Mistake { file: file.to_owned(), line: number, before, after }));
        }
    }
    all.sort_by_key(|(rank, it)| (*rank, it.line));
    let mut taken: Vec<Mistake> = Vec::new();
    for (_, mistake) in all {
        let apart = |it: &Mistake| it.line.abs_diff(mistake.line) >= LINES_APART;
        if taken.len() < OF_ONE_FILE && taken.iter().all(apart) {
            taken.push(mistake);
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
    }

    fn told(list: &[(&str, &str)]) -> Vec<String> {
        let all = mistakes(&files(list));
        all.iter().map(|it| format!("{}:{} {} -> {}", it.file, it.line, it.before, it.after)).collect()
    }

    #[test]
    fn a_comparison_of_a_tested_file_comes_first() {
        let found = told(&[
            ("aside.py", "def f(a):\n    return a == 1\n"),
            ("setup.py", "if 1 == 2: pass\n"),
            (
                "shop/price.py",
                "import os\n\ndef cheap(a):\n    \"\"\"a < b\"\"\"\n    if a < 3:  # a == b\n        return a\n",
            ),
            ("tests/test_price.py", "from shop.price import cheap\nassert cheap(1) == 1\n"),
        ]);
        assert_eq!(
            found,
            [
                "shop/price.py:5 if a < 3:  # a == b -> if a >= 3:  # a == b",
                "aside.py:2 return a == 1 -> return a != 1"
            ]
        );
    }

    #[test]
    fn files_take_turns_and_one_file_gives_three_places_at_most() {
        let text = "def a(x):\n    return x\n\n\ndef b(x):\n    return x\n\n\ndef c(x):\n    return x\n\n\ndef d(x):\n    return x\n";
        let found = told(&[("a.py", text), ("b.py", text), ("test_all.py", "import a\nimport b\n")]);
        let places: Vec<&str> = found.iter().filter_map(|it| it.split(' ').next()).collect();
        assert_eq!(places, ["a.py:2", "b.py:2", "a.py:6", "b.py:6", "a.py:10", "b.py:10"]);
    }

    #[test]
    fn the_mistake_is_made_in_its_line_and_nowhere_else() {
        let text = "def f(a):\n\tif a == 1:\r\n        return a\n";
        let mistake = mistakes(&files(&[("f.py", text)])).remove(0);
        assert_eq!(mistake.made_in(text).unwrap(), "def f(a):\n\tif a != 1:\r\n        return a\n");
        assert_eq!(mistake.made_in("another\ntext\n"), None);
        assert_eq!(mistake.made_in(""), None);
    }

    #[test]
    fn a_project_without_code_gives_none() {
        assert!(told(&[("README.md", "a == b"), ("x.yml", "a: b"), ("bin.py", "\u{0}")]).is_empty());
        assert!(mistakes(&[("a.py".to_owned(), vec![0xff, 0xfe])].into()).is_empty());
    }
}
