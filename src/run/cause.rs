//! The last words of the first red step → what is likely behind them. A guess from a table; it reads nothing else.

/// What is likely behind a red step, in words for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What it likely means.
    pub sentence: &'static str,
    /// The next thing to try.
    pub next: &'static str,
    /// Where it is explained.
    pub page: Page,
}

/// A place of the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// A page, by its path in the book without the ending.
    Book(&'static str),
    /// The page of a rule, by its code: `ciworkshop explain` shows it too.
    Rule(&'static str),
}

/// One line of the table: all of these words stand in one line of the output, or the exit code is this.
struct Row {
    words: &'static [&'static [&'static str]],
    code: Option<i32>,
    cause: Cause,
}

/// The most likely cause, looked for from the last line upwards. `None` when the table knows none.
#[must_use]
pub fn of(code: Option<i32>, lines: &[String]) -> Option<Cause> {
    let lines: Vec<String> =
        lines.iter().filter(|it| !it.starts_with("+ ")).map(|it| it.to_lowercase()).collect();
    let says = |row: &&Row| {
        let one_of = |line: &String| row.words.iter().any(|all| all.iter().all(|it| line.contains(it)));
        lines.iter().rev().any(one_of)
    };
    let by_words = TABLE.iter().find(says);
    let by_code = || TABLE.iter().find(|it| it.code.is_some() && it.code == code);
    by_words.or_else(by_code).map(|it| it.cause)
}

/// What is said first is the more particular one.
const TABLE: &[Row] = &[
    row(
        &[&["no module named"], &["modulenotfounderror"]],
        "Python lacks a package: the clean machine has only what the image holds and what this step installs.",
        "install it in this step, before it is used, and name it in requirements.txt",
        Page::Book("clean-machine/nothing-is-installed"),
    ),
    row(
        &[&["could not open requirements file"]],
        "The list of packages is not in the clone: it is not committed, or it has another name.",
        "look with `git ls-files`, and commit it",
        Page::Book("clean-machine/only-what-is-committed"),
    ),
    row(
        &[
            &["certificate_verify_failed"],
            &["certificate verify failed"],
            &["self-signed certificate"],
            &["self signed certificate"],
        ],
        "The certificate of a server is not trusted: something between here and there answers in its name, or the image lacks the authority.",
        "where a company's proxy or mirror is in the way, give every step the variables that lead there, such as --env PIP_CERT",
        Page::Book("running"),
    ),
    row(
        &[&["could not find a version"], &["no matching distribution"]],
        "No such version of a package can be had: the name or the version is misspelt, or the network is off.",
        "look at the name and the version that the line above asks for",
        Page::Book("clean-machine/same-answer-tomorrow"),
    ),
    row(
        &[&["conflicting dependencies"], &["resolutionimpossible"], &["version solving failed"]],
        "Two packages ask for versions of a third that do not go together.",
        "pin versions that fit, on a clean machine and not on yours",
        Page::Book("clean-machine/same-answer-tomorrow"),
    ),
    row(
        &[&["externally-managed-environment"], &["externally managed"]],
        "The Python of this image belongs to the system, and pip leaves it alone.",
        "take an image of Python, such as python:3.12, or make a virtual environment first",
        Page::Book("clean-machine/nothing-is-installed"),
    ),
    row(
        &[
            &["[[", "not found"],
            &["source: not found"],
            &["bad substitution"],
            &["syntax error", "unexpected"],
            &["pushd: not found"],
        ],
        "The commands are written for bash, and `/bin/sh` runs them.",
        "write them for sh, or put them into a script and call bash in an image that has it",
        Page::Rule("bashism"),
    ),
    row(
        &[
            &["connection refused"],
            &["could not connect to server"],
            &["connect: connection"],
            &["is the server running"],
        ],
        "Nothing answers there: the service is not ready yet, or it is asked at localhost and not by its name.",
        "use the service's name as the host, and wait in the step until it answers",
        Page::Rule("service-not-ready"),
    ),
    row(
        &[
            &["could not resolve host"],
            &["name or service not known"],
            &["temporary failure in name resolution"],
            &["no such host"],
            &["bad address"],
        ],
        "A name has no address: a service is called otherwise in the file, or the network is off.",
        "compare the name with `services`; with --offline nothing outside is reached",
        Page::Rule("localhost-service"),
    ),
    row(
        &[
            &["no names found, cannot describe"],
            &["no tags can describe"],
            &["unknown revision or path"],
            &["shallow"],
        ],
        "The clone has no tags and little history: Drone fetches neither.",
        "fetch what you need in the step: git fetch --tags",
        Page::Rule("shallow-git"),
    ),
    row(
        &[&["no space left on device"]],
        "The disk is full.",
        "make room on this computer, and run again",
        Page::Book("running"),
    ),
    row(
        &[&["exec format error"]],
        "A program is built for another kind of processor, or a script has no first line `#!`.",
        "take an image for this machine, or call the script with its interpreter",
        Page::Rule("unsupported-platform"),
    ),
    row(
        &[&["read-only file system"]],
        "The step writes where nothing can be written; the workspace and /tmp are the places for that.",
        "write below the folder in which the step starts",
        Page::Book("running"),
    ),
    row(
        &[
            &["401"],
            &["403"],
            &["unauthorized"],
            &["authentication failed"],
            &["invalid credentials"],
            &["permission denied (publickey"],
        ],
        "The other side does not know you: a secret is empty or wrong.",
        "look whether this build gets the secret: ciworkshop plan --env",
        Page::Rule("secret-in-pull-request"),
    ),
    row(
        &[&["pytest: not found"], &["pytest: command not found"], &["not found"], &["command not found"]],
        "A program is not there: the image does not hold it, or an earlier step installed it, which is forgotten.",
        "install it in the step that needs it, or take an image that holds it",
        Page::Rule("lost-install"),
    ),
    row(
        &[&["filenotfounderror"], &["no such file or directory"], &["cannot open"], &["can't open"]],
        "A file is not in the clone: git ignores it or it is not committed; or an earlier step should have made it.",
        "look with `git ls-files`, and at what the answer lists as left out",
        Page::Book("clean-machine/only-what-is-committed"),
    ),
    row(
        &[&["missing script"]],
        "package.json has no script of that name.",
        "look at `scripts` in package.json",
        Page::Book("one-file/install-test-publish"),
    ),
    row(
        &[
            &["failed", "passed"],
            &["assertionerror"],
            &["failures:"],
            &["--- fail"],
            &["test result: failed"],
            &["tests failed"],
            &[" failed in "],
        ],
        "The tests ran and found a mistake. That is what they are for.",
        "mend the code, or the test if it is wrong; run only this step again with --step",
        Page::Book("one-file/red-must-be-red"),
    ),
    coded(
        126,
        "A file was found that cannot be run: it lacks the permission.",
        "let git keep the permission: git update-index --chmod=+x FILE",
        Page::Book("clean-machine/only-what-is-committed"),
    ),
    coded(
        127,
        "A program is not there: the image does not hold it, or an earlier step installed it, which is forgotten.",
        "install it in the step that needs it, or take an image that holds it",
        Page::Rule("lost-install"),
    ),
    coded(
        137,
        "The step was killed: most often because it needs more memory than there is.",
        "let it do less at once, or give it more memory",
        Page::Book("running"),
    ),
];

const fn row(
    words: &'static [&'static [&'static str]],
    sentence: &'static str,
    next: &'static str,
    page: Page,
) -> Row {
    Row { words, code: None, cause: Cause { sentence, next, page } }
}

const fn coded(code: i32, sentence: &'static str, next: &'static str, page: Page) -> Row {
    Row { words: &[], code: Some(code), cause: Cause { sentence, next, page } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::lint::rule_of;

    fn page(code: i32, line: &str) -> Option<Page> {
        of(Some(code), &["+ pytest tests not found".to_owned(), line.to_owned(), "bye".to_owned()])
            .map(|it| it.page)
    }

    #[test]
    fn what_tools_say_leads_to_a_page() {
        let rows = [
            (
                1,
                "ModuleNotFoundError: No module named 'requests'",
                Page::Book("clean-machine/nothing-is-installed"),
            ),
            (127, "/bin/sh: 4: pytest: not found", Page::Rule("lost-install")),
            (
                1,
                "FileNotFoundError: [Errno 2] No such file or directory: 'data.csv'",
                Page::Book("clean-machine/only-what-is-committed"),
            ),
            (2, "/bin/sh: 5: [[: not found", Page::Rule("bashism")),
            (2, "/bin/sh: Syntax error: \"(\" unexpected", Page::Rule("bashism")),
            (
                2,
                "psql: error: connection to server at \"localhost\", port 5432 failed: Connection refused",
                Page::Rule("service-not-ready"),
            ),
            (128, "fatal: No names found, cannot describe anything.", Page::Rule("shallow-git")),
            (1, "=== 1 failed, 2 passed in 0.12s ===", Page::Book("one-file/red-must-be-red")),
            (126, "whatever", Page::Book("clean-machine/only-what-is-committed")),
            (137, "", Page::Book("running")),
        ];
        for (code, line, expected) in rows {
            assert_eq!(page(code, line), Some(expected), "{line}");
        }
        assert_eq!(page(3, "something else"), None);
    }

    #[test]
    fn each_page_is_in_the_book() {
        for row in TABLE {
            match row.cause.page {
                Page::Book(page) => {
                    assert!(std::path::Path::new(&format!("book/src/{page}.md")).exists(), "{page}");
                }
                Page::Rule(code) => assert!(rule_of(code).is_some(), "{code}"),
            }
        }
    }
}
