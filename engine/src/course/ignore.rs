//! Files and their `.gitignore` rules → what `git add .` would take into a repository. No repository is looked at.

use crate::course::Files;
use crate::source::{SourceFile, Span};

/// All ignore rules of a folder.
#[derive(Clone, Debug, Default)]
pub(super) struct Ignore {
    /// Outer files first, then top to bottom: the last rule that matches decides.
    rules: Vec<Rule>,
}

/// One line of a `.gitignore`.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// The file that holds it.
    pub(super) file: String,
    /// Its place there.
    pub(super) span: Span,
    /// As written.
    pub(super) text: String,
    /// The folder of that file, with a final slash; empty at the top.
    folder: String,
    /// Takes back in.
    negated: bool,
    /// Matches folders only.
    folders_only: bool,
    /// Names between slashes.
    pattern: Vec<String>,
}

impl Ignore {
    /// Reads every `.gitignore` among the files.
    pub(super) fn read(files: &Files) -> Self {
        let is_rules = |path: &str| path == ".gitignore" || path.ends_with("/.gitignore");
        let mut found: Vec<_> = files.iter().filter(|(path, _)| is_rules(path)).collect();
        found.sort_by_key(|(path, _)| path.matches('/').count());
        let mut rules = Vec::new();
        for (path, content) in found {
            let source = SourceFile::new(path.as_str(), String::from_utf8_lossy(content));
            let mut start = 0;
            for line in source.text().split_inclusive('\n') {
                let text = line.trim_end_matches(['\n', '\r']);
                rules.extend(Rule::read(path, text, Span::new(start, start + text.len())));
                start += line.len();
            }
        }
        Self { rules }
    }

    /// The rule that keeps a path out of the repository.
    pub(super) fn hides(&self, path: &str) -> Option<&Rule> {
        let inside = folders(path).find_map(|it| self.decides(it, true));
        inside.or_else(|| self.decides(path, false))
    }

    /// A rule with `!` that comes nearest to taking a hidden path back in, and why it does not.
    pub(super) fn in_vain(&self, path: &str) -> Option<(&Rule, String)> {
        let hiding = &self.hides(path)?.text;
        let folder_hidden = folders(path).any(|it| self.decides(it, true).is_some());
        let why = |rule: &Rule| {
            if rule.matches(path, false) && folder_hidden {
                (0, format!("`{hiding}` hides a folder of the file, and no line brings back a file in there"))
            } else if rule.matches(path, false) {
                (0, format!("`{hiding}` comes after it, and the last line that matches decides"))
            } else if rule.text.chars().nth(1).is_some_and(char::is_whitespace) {
                (1, "no space may stand after `!`".into())
            } else if folders(path).any(|it| rule.matches(it, true)) {
                (2, format!("it names a folder, and `{hiding}` hides the file in it"))
            } else {
                (3, "it does not match this file".into())
            }
        };
        let negated = self.rules.iter().rev().filter(|it| it.negated).map(|it| (it, why(it)));
        let (rule, (_, why)) = negated.min_by_key(|(_, (distance, _))| *distance)?;
        Some((rule, why))
    }

    fn decides(&self, path: &str, is_folder: bool) -> Option<&Rule> {
        let last = self.rules.iter().rev().find(|it| it.matches(path, is_folder));
        last.filter(|it| !it.negated)
    }
}

/// The folders that a path lies in, the outermost first.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

impl Rule {
    fn read(file: &str, line: &str, span: Span) -> Option<Self> {
        let folder = file.strip_suffix(".gitignore").unwrap_or_default().to_owned();
        let mut text = line.trim_end_matches(' ');
        if text.ends_with('\\') && line.len() > text.len() {
            text = &line[..=text.len()];
        }
        if text.is_empty() || text.starts_with('#') {
            return None;
        }
        let (negated, body) = text.strip_prefix('!').map_or((false, text), |it| (true, it));
        let (folders_only, body) = body.strip_suffix('/').map_or((false, body), |it| (true, it));
        let anchored = body.contains('/');
        let body = body.strip_prefix('/').unwrap_or(body);
        let mut pattern: Vec<String> = body.split('/').map(str::to_owned).collect();
        if !anchored {
            pattern.insert(0, "**".into());
        }
        Some(Self { file: file.into(), span, text: text.into(), folder, negated, folders_only, pattern })
    }

    fn matches(&self, path: &str, is_folder: bool) -> bool {
        let Some(path) = path.strip_prefix(&self.folder) else { return false };
        let names: Vec<&str> = path.split('/').collect();
        (is_folder || !self.folders_only) && names_match(&self.pattern, &names)
    }
}

/// Matches names between slashes; `**` stands for any number of them.
fn names_match(pattern: &[String], names: &[&str]) -> bool {
    // One row of a table: which beginnings of the pattern match the names so far.
    let mut row = vec![false; pattern.len() + 1];
    row[0] = true;
    skip_stars(pattern, &mut row);
    for name in names {
        let mut next = vec![false; pattern.len() + 1];
        for (at, part) in pattern.iter().enumerate().filter(|(at, _)| row[*at]) {
            if part == "**" {
                next[at] = true;
            } else if name_matches(part, name) {
                next[at + 1] = true;
            }
        }
        // A final `**` needs at least one name; a leading or middle one may stand for none.
        if pattern.last().is_some_and(|it| it == "**") && row[pattern.len() - 1] {
            next[pattern.len()] = true;
        }
        skip_stars(pattern, &mut next);
        row = next;
    }
    row[pattern.len()]
}

fn skip_stars(pattern: &[String], row: &mut [bool]) {
    for at in 0..pattern.len().saturating_sub(1) {
        if row[at] && pattern[at] == "**" {
            row[at + 1] = true;
        }
    }
}

/// Matches one name against `*`, `?`, `[…]` and `\`.
pub(super) fn name_matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p, n));
            p += 1;
        } else if let Some(length) = one(&pattern[p.min(pattern.len())..], name[n]) {
            p += length;
            n += 1;
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            (p, n) = (at + 1, from + 1);
        } else {
            return false;
        }
    }
    pattern[p.min(pattern.len())..].iter().all(|it| *it == '*')
}

/// How many characters of the pattern the one character uses up, if it matches.
fn one(pattern: &[char], it: char) -> Option<usize> {
    match pattern.first()? {
        '?' => Some(1),
        '\\' => (pattern.get(1) == Some(&it)).then_some(2),
        '[' => {
            let close = pattern.iter().skip(2).position(|it| *it == ']').map(|at| at + 2);
            let Some(close) = close else { return (it == '[').then_some(1) };
            let negated = matches!(pattern[1], '!' | '^');
            let set = &pattern[1 + usize::from(negated)..close];
            (in_set(set, it) != negated).then_some(close + 1)
        }
        literal => (*literal == it).then_some(1),
    }
}

fn in_set(set: &[char], it: char) -> bool {
    let ranges = set.windows(3).any(|w| w[1] == '-' && (w[0]..=w[2]).contains(&it));
    ranges || set.contains(&it)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(rules: &str, path: &str) -> bool {
        let files = Files::from([(".gitignore".to_owned(), rules.as_bytes().to_vec())]);
        Ignore::read(&files).hides(path).is_some()
    }

    #[test]
    fn rules_hide_as_git_hides() {
        let cases = [
            ("*.csv", "tests/data/prices.csv", true),
            ("*.csv", "csv/readme", false),
            ("*.csv\n!tests/data/prices.csv", "tests/data/prices.csv", false),
            ("!tests/data/prices.csv\n*.csv", "tests/data/prices.csv", true),
            ("data/\n!tests/data/prices.csv", "tests/data/prices.csv", true),
            ("tests/data/*\n!tests/data/prices.csv", "tests/data/prices.csv", false),
            ("/data/", "tests/data/prices.csv", false),
            ("data", "tests/data/prices.csv", true),
            ("tests/data", "tests/data/prices.csv", true),
            ("tests/*.csv", "tests/data/prices.csv", false),
            ("tests/**/*.csv", "tests/prices.csv", true),
            ("tests/**", "tests/a/b", true),
            ("**/b", "a/b", true),
            ("# *.csv", "a.csv", false),
            ("*.csv # not the prices", "a.csv", false),
            ("prices.cs[a-z]", "prices.csv", true),
            ("prices.cs[!v]", "prices.csv", false),
            ("price?.csv", "prices.csv", true),
            ("\\!x", "!x", true),
            ("*.csv   ", "a.csv", true),
            ("*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false),
        ];
        for (rules, path, expected) in cases {
            assert_eq!(hidden(rules, path), expected, "{rules:?} {path}");
        }
    }

    #[test]
    fn a_deeper_file_has_the_last_word() {
        let files = Files::from([
            (".gitignore".to_owned(), b"*.csv".to_vec()),
            ("tests/.gitignore".to_owned(), b"!prices.csv".to_vec()),
        ]);
        assert!(Ignore::read(&files).hides("tests/prices.csv").is_none());
        assert!(Ignore::read(&files).hides("prices.csv").is_some());
    }
}
