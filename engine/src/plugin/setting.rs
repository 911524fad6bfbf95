//! One setting of a plugin: its names, what its value may be, and the short words in which the tables are written.

/// A setting that a plugin reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name, as the pages of the plugin write it, in lower case.
    pub name: &'static str,
    /// Other names that the plugin reads for the same.
    pub aliases: &'static [&'static str],
    /// What its value is.
    pub kind: Kind,
    /// True for a password, a token or a key: a value that must not stand in the file.
    pub secret: bool,
    /// Whether it still counts.
    pub standing: Standing,
}

/// What the value of a setting is. Everything reaches the plugin as text, so this says how the text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A whole number, or a length of time that may be written as one.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Several texts. One text with commas is the same to the plugin (§5.6).
    List,
    /// Names with values. The plugin sees JSON (§5.6).
    Map,
    /// One of these words, as they are written.
    Words(&'static [&'static str]),
}

/// Whether a setting still counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Current,
    /// Older versions of the plugin read it; today's read this one instead, or recommend it.
    Replaced(&'static str),
    /// It stands in the pages, or older versions read it; today's do not look at it.
    Ignored,
}

impl Setting {
    /// True when the plugin reads the setting under this name.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.names().any(|it| it.eq_ignore_ascii_case(name))
    }

    /// Its name, then its aliases.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }

    /// The name of the setting that only `_`, `-`, `.` and case tell from this one.
    #[must_use]
    pub fn sounding_like(&self, name: &str) -> Option<&'static str> {
        self.names().find(|it| letters(it).eq(letters(name)))
    }

    pub(super) const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    pub(super) const fn or(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    pub(super) const fn replaced(mut self, by: &'static str) -> Self {
        self.standing = Standing::Replaced(by);
        self
    }

    pub(super) const fn ignored(mut self) -> Self {
        self.standing = Standing::Ignored;
        self
    }
}

fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().filter(|it| !matches!(it, '_' | '-' | '.')).map(|it| it.to_ascii_lowercase())
}

const fn setting(name: &'static str, kind: Kind) -> Setting {
    Setting { name, aliases: &[], kind, secret: false, standing: Standing::Current }
}

pub(super) const fn text(name: &'static str) -> Setting {
    setting(name, Kind::Text)
}

pub(super) const fn number(name: &'static str) -> Setting {
    setting(name, Kind::Number)
}

pub(super) const fn boolean(name: &'static str) -> Setting {
    setting(name, Kind::Boolean)
}

pub(super) const fn list(name: &'static str) -> Setting {
    setting(name, Kind::List)
}

pub(super) const fn map(name: &'static str) -> Setting {
    setting(name, Kind::Map)
}

pub(super) const fn words(name: &'static str, words: &'static [&'static str]) -> Setting {
    setting(name, Kind::Words(words))
}
