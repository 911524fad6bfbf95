//! Requirement files, constraints and `pyproject.toml` → what pip would install, and whether each is exact.

use std::collections::BTreeSet;

use crate::course::Files;
use crate::source::Span;

/// One thing that pip is told to install.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Requirement {
    /// The package, lower case, with `-`.
    pub(super) name: String,
    /// As written.
    pub(super) text: String,
    /// True when only one version fits.
    pub(super) exact: bool,
    /// The file and the place in it; `None` when it stands in a command.
    pub(super) place: Option<(String, Span)>,
}

/// What a requirement file or a project asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Requirements {
    pub(super) list: Vec<Requirement>,
    /// Files that are named and not there.
    pub(super) missing: Vec<String>,
}

/// More files than any project has: a circle, or a trap.
const MOST_FILES: usize = 50;

impl Requirements {
    /// A requirement file with all that it includes. `path` is relative to the repository.
    pub(super) fn file(files: &Files, path: &str) -> Self {
        let (mut found, mut constraints) = (Self::default(), Vec::new());
        let mut open = vec![(path.to_owned(), false)];
        let mut seen = BTreeSet::new();
        while let Some((path, constrains)) = open.pop() {
            if !seen.insert(path.clone()) || seen.len() > MOST_FILES {
                continue;
            }
            let Some(content) = files.get(&path) else {
                found.missing.push(path);
                continue;
            };
            let text = String::from_utf8_lossy(content);
            for (line, span) in lines(&text) {
                if let Some((name, only)) = included(&line) {
                    open.push((beside(&path, name), only));
                    continue;
                }
                let target = if constrains { &mut constraints } else { &mut found.list };
                let place = Some((path.clone(), span));
                target.extend(Requirement::read(&line).map(|it| Requirement { place, ..it }));
            }
        }
        found.constrain(&constraints);
        found
    }

    /// The project in a folder of the repository, with the extras that are named.
    pub(super) fn project(files: &Files, folder: &str, extras: &[String]) -> Self {
        let path = beside(&format!("{folder}/x"), "pyproject.toml");
        let Some(content) = files.get(&path) else {
            let setup = beside(&format!("{folder}/x"), "setup.py");
            let missing = if files.contains_key(&setup) { Vec::new() } else { vec![path] };
            return Self { list: Vec::new(), missing };
        };
        let text = String::from_utf8_lossy(content);
        let mut wanted = vec![("project", "dependencies")];
        wanted.extend(extras.iter().map(|it| ("project.optional-dependencies", it.as_str())));
        let named = |(span, text): (Span, String)| {
            Some(Requirement { place: Some((path.clone(), span)), ..Requirement::read(&text)? })
        };
        let list =
            wanted.iter().flat_map(|(table, key)| strings_of(&text, table, key)).filter_map(named).collect();
        Self { list, missing: Vec::new() }
    }

    /// An exact constraint makes a requirement exact.
    pub(super) fn constrain(&mut self, constraints: &[Requirement]) {
        for it in &mut self.list {
            it.exact |= constraints.iter().any(|other| other.exact && other.name == it.name);
        }
    }
}

impl Requirement {
    /// A line of a requirement file, or a word after `pip install`. `None` for options and blank lines.
    pub(super) fn read(line: &str) -> Option<Self> {
        let text = line.trim();
        let text = text.split(" --").next().unwrap_or(text).trim();
        if text.is_empty() || text.starts_with('-') {
            return None;
        }
        let specifier = text.split(';').next().unwrap_or(text);
        let length = specifier.find(|it: char| !(it.is_alphanumeric() || matches!(it, '-' | '_' | '.')));
        let (name, rest) = specifier.split_at(length.unwrap_or(specifier.len()));
        let rest = rest.trim();
        let rest =
            if rest.starts_with('[') { rest.split_once(']').map_or("", |(_, it)| it.trim()) } else { rest };
        if name.is_empty() {
            return None;
        }
        let exact = is_exact(rest);
        Some(Self { name: package(name), text: text.into(), exact, place: None })
    }
}

/// The name of a package in the one spelling that pip compares.
pub(super) fn package(name: &str) -> String {
    name.to_lowercase().replace(['_', '.'], "-")
}

/// True for `==1.2.3`, `===1.2.3` and for an address with a hash.
fn is_exact(specifier: &str) -> bool {
    if let Some(address) = specifier.strip_prefix('@') {
        return address.contains("sha256=") || address.contains("sha256:");
    }
    specifier.split(',').any(|it| {
        let version = it.trim().strip_prefix("==").map(|it| it.trim_start_matches('=').trim());
        version.is_some_and(|it| {
            it.contains('.') && !it.contains('*') && it.starts_with(|c: char| c.is_ascii_digit())
        })
    })
}

/// The lines of a requirement file without comments, continued lines joined, each with its place.
fn lines(text: &str) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    let (mut at, mut joined, mut begin) = (0, String::new(), 0);
    for raw in text.split_inclusive('\n') {
        let line = raw.trim_end_matches(['\n', '\r']);
        if joined.is_empty() {
            begin = at;
        }
        if let Some(part) = line.strip_suffix('\\') {
            joined.push_str(part);
        } else {
            joined.push_str(line);
            let whole = std::mem::take(&mut joined);
            let content =
                if whole.starts_with('#') { "" } else { whole.split(" #").next().unwrap_or_default() };
            if !content.trim().is_empty() {
                found.push((content.trim().to_owned(), Span::new(begin, at + line.len())));
            }
        }
        at += raw.len();
    }
    found
}

/// `-r FILE` and `-c FILE`: the file, and whether it only constrains.
fn included(line: &str) -> Option<(&str, bool)> {
    let options = [("--requirement", false), ("--constraint", true), ("-r", false), ("-c", true)];
    options.into_iter().find_map(|(option, constrains)| {
        let rest = line.strip_prefix(option)?;
        Some((rest.trim_start_matches([' ', '=', '\t']).trim(), constrains))
    })
}

/// `name` as seen from the folder of the file `path`, both relative to the repository.
pub(super) fn beside(path: &str, name: &str) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(name.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The strings of `key = ["…", "…"]` in a table of a TOML file, with their places.
fn strings_of(text: &str, table: &str, key: &str) -> Vec<(Span, String)> {
    let (mut at, mut current, mut start) = (0, String::new(), None);
    for raw in text.split_inclusive('\n') {
        let line = raw.trim();
        if line.starts_with('[') && line.ends_with(']') && !line.contains('"') {
            line.trim_matches(['[', ']']).trim().clone_into(&mut current);
        } else if current == table
            && let Some((name, _)) = line.split_once('=')
            && name.trim().trim_matches('"') == key
        {
            start = raw.find('[').map(|offset| at + offset + 1);
            break;
        }
        at += raw.len();
    }
    start.map_or_else(Vec::new, |start| quoted(text, start))
}

fn quoted(text: &str, start: usize) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, char)> = None;
    let mut comment = false;
    for (at, it) in text[start..].char_indices().map(|(at, it)| (at + start, it)) {
        match (open, it) {
            (None, '\n') => comment = false,
            (None, _) if comment => {}
            (None, '#') => comment = true,
            (None, ']') => break,
            (None, '"' | '\'') => open = Some((at + 1, it)),
            (Some((begin, quote)), it) if it == quote => {
                found.push((Span::new(begin, at), text[begin..at].to_owned()));
                open = None;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn exact_is_two_equals_signs_and_a_whole_version() {
        let exact = [
            "pytest==8.4.2",
            "pytest == 8.4.2",
            "a[b,c]==1.0 ; python_version>'3'",
            "a===1.0",
            "a==1.0 --hash=sha256:x",
        ];
        let loose =
            ["pytest", "a>=1.0", "a~=1.0", "a==1.*", "a<2.0", "a!=1.0", "a==2", "a @ https://x/y.whl"];
        for line in exact {
            assert!(Requirement::read(line).unwrap().exact, "{line}");
        }
        for line in loose {
            assert!(!Requirement::read(line).unwrap().exact, "{line}");
        }
    }

    #[test]
    fn files_include_others_and_constraints_make_exact() {
        let files = files(&[
            ("req/dev.txt", "-r base.txt\n-c ../lock.txt\npytest # tests\n"),
            ("req/base.txt", "Tab_Late \\\n  >=0.8\n--index-url x\n"),
            ("lock.txt", "tab-late==0.9.0\npytest==8.4.2\n"),
        ]);
        let found = Requirements::file(&files, "req/dev.txt");
        let names: Vec<_> = found.list.iter().map(|it| (it.name.as_str(), it.exact)).collect();
        assert_eq!(names, [("pytest", true), ("tab-late", true)]);
        assert_eq!(Requirements::file(&files, "no.txt").missing, ["no.txt"]);
    }

    #[test]
    fn a_circle_of_files_ends() {
        let files = files(&[("a", "-r b\nx"), ("b", "-r a\ny")]);
        assert_eq!(Requirements::file(&files, "a").list.len(), 2);
    }

    #[test]
    fn a_project_brings_its_dependencies_and_extras() {
        let text = "[project]\nname = \"x\"\ndependencies = [\n  \"tabulate>=0.9\", # table\n]\n[project.optional-dependencies]\ndev = ['pytest==8.4.2']\n";
        let files = files(&[("pyproject.toml", text)]);
        let found = Requirements::project(&files, ".", &["dev".into()]);
        let names: Vec<_> = found.list.iter().map(|it| (it.name.as_str(), it.exact)).collect();
        assert_eq!(names, [("tabulate", false), ("pytest", true)]);
        assert_eq!(&text[found.list[0].place.as_ref().unwrap().1.range()], "tabulate>=0.9");
    }
}
