//! What TOML, JSON and YAML have in common: text, lists and tables, each with its line. Numbers stay as they are written.

/// A value of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    /// The line of the key that leads to it, or of the value itself in a list.
    pub(crate) line: usize,
    /// What it is.
    pub(crate) kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Anything without parts, as it is written.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// A table, in the order of the file where the format keeps it.
    Table(Vec<(String, Value)>),
}

impl Value {
    /// A table without entries: what an empty file says.
    pub(crate) fn empty() -> Self {
        Self { line: 1, kind: Kind::Table(Vec::new()) }
    }

    /// The value that a path of keys leads to.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, key| {
            value.entries().iter().find(|(name, _)| name == key).map(|(_, value)| value)
        })
    }

    /// The text there, if it is one.
    pub(crate) fn text_at(&self, path: &[&str]) -> Option<&str> {
        self.at(path)?.text()
    }

    /// The text, if it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The entries of a table; none for anything else.
    pub(crate) fn entries(&self) -> &[(String, Self)] {
        match &self.kind {
            Kind::Table(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none for anything else.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The texts of a list, or the one text.
    pub(crate) fn texts(&self) -> Vec<&str> {
        match &self.kind {
            Kind::Text(text) => vec![text],
            Kind::List(items) => items.iter().filter_map(Self::text).collect(),
            Kind::Table(_) => Vec::new(),
        }
    }
}
