//! The book's sources as values: pages, and problems that name a file and a line.

use std::fmt;

/// One Markdown file of the book.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// Path below `book/src/`, such as `clean-machine/index.md`.
    pub(crate) path: String,
    /// Its title in the table of contents.
    pub(crate) title: String,
    /// Its text.
    pub(crate) text: String,
}

impl Page {
    /// The folder, which is the chapter: `clean-machine`; empty at the top level.
    pub(crate) fn chapter(&self) -> &str {
        self.path.split_once('/').map_or("", |(folder, _)| folder)
    }

    /// The rendered file: `clean-machine/index.html`.
    pub(crate) fn html(&self) -> String {
        format!("{}.html", self.path.trim_end_matches(".md"))
    }

    /// A beginning for ids that no other page uses: `clean-machine-index`.
    pub(crate) fn slug(&self) -> String {
        self.path.trim_end_matches(".md").replace('/', "-")
    }

    /// From this page to the top: `../` or nothing.
    pub(crate) fn to_root(&self) -> String {
        "../".repeat(self.path.matches('/').count())
    }

    /// Resolves a link of this page to a path below `book/src/`. `None` when it leaves the book.
    pub(crate) fn resolve(&self, target: &str) -> Option<String> {
        if target.is_empty() {
            return Some(self.path.clone());
        }
        let mut parts: Vec<&str> = self.path.split('/').collect();
        parts.pop();
        for part in target.split('/') {
            match part {
                "." => {}
                ".." => drop(parts.pop()?),
                part => parts.push(part),
            }
        }
        Some(parts.join("/"))
    }
}

/// Something that a writer of the book must mend.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// Path below `book/src/`.
    pub(crate) file: String,
    /// Line, from 1.
    pub(crate) line: usize,
    /// What is wrong, and what would be right.
    pub(crate) message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "book/src/{}:{}: {}", self.file, self.line, self.message)
    }
}
