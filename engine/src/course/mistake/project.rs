//! The files of a project → those that hold its code, the ones that a test speaks of first. Tests themselves and what only
//! builds the project are left out.

use crate::course::Files;
use crate::course::mistake::line::Family;

/// Folders whose code is not the project's, or does not ship.
const ASIDE: [&str; 20] = [
    "node_modules",
    "vendor",
    "third_party",
    "docs",
    "doc",
    "examples",
    "example",
    "migrations",
    "build",
    "dist",
    "target",
    "ci",
    ".ci",
    "benches",
    "fakes",
    "fixtures",
    "mocks",
    "stubs",
    "testdata",
    "fuzz",
];
/// Files that set up, and are no part of what is tested.
const SETUP: [&str; 9] = [
    "setup.py",
    "conftest.py",
    "noxfile.py",
    "tasks.py",
    "fabfile.py",
    "build.rs",
    "gulpfile.js",
    "Gruntfile.js",
    "manage.py",
];
/// Folders with tests.
const TESTS: [&str; 7] = ["test", "tests", "__tests__", "spec", "specs", "testing", "t"];

/// Files with code, in the order in which they are worth a try.
pub(super) fn code(files: &Files) -> Vec<(&str, &str)> {
    let (mut tested, mut others) = (Vec::new(), Vec::new());
    let spoken = Spoken::of(files);
    for (path, text) in all_code(files) {
        if spoken.of_file(path, text) { tested.push((path, text)) } else { others.push((path, text)) }
    }
    tested.append(&mut others);
    tested
}

/// How many of [`code`] a test speaks of.
pub(super) fn tested(files: &Files) -> usize {
    let spoken = Spoken::of(files);
    all_code(files).filter(|(path, text)| spoken.of_file(path, text)).count()
}

fn all_code(files: &Files) -> impl Iterator<Item = (&str, &str)> {
    texts(files).filter(|(path, _)| !is_test(path) && !is_aside(path))
}

fn texts(files: &Files) -> impl Iterator<Item = (&str, &str)> {
    let known = files.iter().filter(|(path, _)| Family::of(path).is_some());
    known.filter_map(|(path, bytes)| Some((path.as_str(), std::str::from_utf8(bytes).ok()?)))
}

fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.rsplit_once('/').map_or("", |(folder, _)| folder).split('/')
}

fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

fn stem(path: &str) -> &str {
    name(path).split('.').next().unwrap_or_default()
}

fn is_test(path: &str) -> bool {
    let (name, stem) = (name(path), stem(path));
    let by_name = stem.starts_with("test_") || matches!(stem, "test" | "tests");
    let by_end = stem.ends_with("_test")
        || stem.ends_with("_spec")
        || stem.ends_with("Test")
        || stem.ends_with("Tests");
    by_name
        || by_end
        || name.contains(".test.")
        || name.contains(".spec.")
        || folders(path).any(|it| TESTS.contains(&it))
}

fn is_aside(path: &str) -> bool {
    let name = name(path);
    let made = name.contains(".config.") || name.contains(".min.") || name.ends_with(".d.ts");
    made || SETUP.contains(&name) || folders(path).any(|it| ASIDE.contains(&it))
}

/// What the tests of a project say.
struct Spoken<'a> {
    /// Path and text of each test.
    tests: Vec<(&'a str, &'a str)>,
}

impl<'a> Spoken<'a> {
    fn of(files: &'a Files) -> Self {
        Self { tests: texts(files).filter(|(path, _)| is_test(path)).collect() }
    }

    /// True when a test names the file, stands beside it as Go's do, or is in it as Rust's are.
    fn of_file(&self, path: &str, text: &str) -> bool {
        let folder = folders(path).last().unwrap_or_default();
        let called = match stem(path) {
            "__init__" | "mod" | "index" | "main" | "__main__" if !folder.is_empty() => folder,
            stem => stem,
        };
        let beside = |it: &str| it.ends_with("_test.go") && folders(it).eq(folders(path));
        let crate_of_tests = path == "src/lib.rs" && !self.tests.is_empty();
        crate_of_tests
            || text.contains("#[cfg(test)]")
            || self.tests.iter().any(|(test, text)| beside(test) || has_word(text, called))
    }
}

fn has_word(text: &str, word: &str) -> bool {
    let part = |it: char| it.is_alphanumeric() || it == '_';
    !word.is_empty() && text.split(|it| !part(it)).any(|it| it == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[(&str, &str)]) -> (Vec<String>, usize) {
        let files: Files =
            list.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        (code(&files).iter().map(|it| it.0.to_owned()).collect(), tested(&files))
    }

    #[test]
    fn what_a_test_speaks_of_comes_first_in_each_language() {
        for (list, expected) in [
            (vec![("a.py", ""), ("b.py", ""), ("test_it.py", "from b import x")], ("b.py", 1)),
            (
                vec![("pkg/__init__.py", ""), ("a.py", ""), ("tests/test_it.py", "import pkg")],
                ("pkg/__init__.py", 1),
            ),
            (vec![("a/a.go", ""), ("b/b.go", ""), ("b/other_test.go", "package b")], ("b/b.go", 1)),
            (vec![("src/a.rs", ""), ("src/b.rs", "#[cfg(test)]\nmod tests {}")], ("src/b.rs", 1)),
            (
                vec![("a.js", ""), ("lib/b.js", ""), ("lib/b.test.js", "import x from './b.js'")],
                ("lib/b.js", 1),
            ),
            (vec![("a.sh", ""), ("b.sh", ""), ("tests/run.sh", "../b.sh --help")], ("b.sh", 1)),
            (vec![("a.py", ""), ("b.py", "")], ("a.py", 0)),
        ] {
            let (names, tested) = names(&list);
            assert_eq!((names[0].as_str(), tested), expected, "{list:?}");
        }
    }

    #[test]
    fn tests_and_what_only_builds_are_left_out() {
        let paths = [
            "test.py",
            "tests/a.py",
            "setup.py",
            "docs/conf.py",
            "a_test.go",
            "smoke/fakes/torch.py",
            "x.spec.ts",
            "vite.config.js",
            "notes.txt",
        ];
        let list: Vec<(&str, &str)> = paths.iter().map(|it| (*it, "")).collect();
        assert!(names(&list).0.is_empty());
    }
}
