//! What a participant may choose about a project. Values are checked here, so none can change the shape of a file.

use std::str::FromStr;

use crate::scaffold::Error;

/// The choices, with the defaults that fit most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The Python of the pipeline's images.
    pub python: Python,
    /// The branch that releases come from.
    pub branch: Branch,
}

/// A version of Python for which an image exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Python {
    minor: u8,
}

impl Python {
    const OLDEST: u8 = 9;
    const NEWEST: u8 = 14;
    /// The newest on which every practice project and all that it pins runs.
    const NEWEST_OF_SAMPLES: u8 = 13;

    /// The same, if the practice projects run on it.
    ///
    /// # Errors
    /// It is newer than what they pin.
    pub fn for_samples(self) -> Result<Self, Error> {
        if self.minor <= Self::NEWEST_OF_SAMPLES {
            return Ok(self);
        }
        Err(Error::Option {
            option: "python",
            value: self.to_string(),
            problem: "is newer than what the practice projects pin",
            help: "write one from 3.9 to 3.13, such as --python 3.12",
        })
    }
}

impl Default for Python {
    fn default() -> Self {
        Self { minor: 12 }
    }
}

impl std::fmt::Display for Python {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "3.{}", self.minor)
    }
}

impl FromStr for Python {
    type Err = Error;

    fn from_str(value: &str) -> Result<Self, Error> {
        // `3.012` and `3.+12` are numbers to a parser, and no tags of an image.
        let minor = value
            .strip_prefix("3.")
            .filter(|it| it.bytes().all(|it| it.is_ascii_digit()) && !it.starts_with('0'));
        match minor.and_then(|it| it.parse().ok()) {
            Some(minor @ Self::OLDEST..=Self::NEWEST) => Ok(Self { minor }),
            _ => Err(Error::Option {
                option: "python",
                value: value.into(),
                problem: "is no version of Python that has an image here",
                help: "write one from 3.9 to 3.14, such as --python 3.12",
            }),
        }
    }
}

/// The name of a branch, of characters that mean nothing special to YAML, to a pattern or to a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch(String);

impl Default for Branch {
    fn default() -> Self {
        Self("main".into())
    }
}

impl Branch {
    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// The name as a YAML value. A branch may be called `null` or `1.10`; in quotes those stay words.
    #[must_use]
    pub fn as_yaml(&self) -> String {
        let plain = self.0.starts_with(|it: char| it.is_ascii_alphabetic());
        let word = matches!(
            self.0.to_ascii_lowercase().as_str(),
            "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n"
        );
        if plain && !word { self.0.clone() } else { format!("'{}'", self.0) }
    }
}

impl FromStr for Branch {
    type Err = Error;

    fn from_str(value: &str) -> Result<Self, Error> {
        let problem = |problem| {
            let help = "write the name that `git branch` shows, such as --branch main";
            Err(Error::Option { option: "branch", value: value.escape_debug().to_string(), problem, help })
        };
        let allowed = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.' | '/');
        if value.is_empty() || value.len() > 200 {
            return problem("is no name of a branch");
        }
        if !value.chars().all(allowed) {
            return problem("has a character other than letters, digits, `-`, `_`, `.` and `/`");
        }
        let crooked = |part: &str| part.is_empty() || part.starts_with(['-', '.']) || part.ends_with('.');
        if value.split('/').any(crooked) || value.contains("..") {
            return problem("is no name that git takes");
        }
        Ok(Self(value.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Branch, Python};

    #[test]
    fn versions_are_taken_only_where_an_image_exists() {
        for good in ["3.9", "3.10", "3.12", "3.14"] {
            assert_eq!(good.parse::<Python>().unwrap().to_string(), good);
        }
        for bad in
            ["", "3", "2.7", "3.8", "3.15", "3.012", "3.+12", "3.12-slim", "latest", "3.12\nprivileged: true"]
        {
            assert!(bad.parse::<Python>().is_err(), "{bad}");
        }
        let for_samples = |it: &str| it.parse().and_then(Python::for_samples);
        assert!(for_samples("3.13").is_ok() && for_samples("3.14").is_err());
    }

    #[test]
    fn a_branch_is_a_name_and_never_a_piece_of_yaml() {
        for good in ["main", "master", "release/2.x", "feature_1", "null", "1.10"] {
            assert_eq!(good.parse::<Branch>().unwrap().name(), good);
        }
        for bad in [
            "",
            "a b",
            "main]\n  event: [push",
            "m'ain",
            "*",
            "a:b",
            "${X}",
            "-main",
            "/main",
            "a//b",
            "a..b",
            "a/",
            "ä",
        ] {
            assert!(bad.parse::<Branch>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_branch_that_yaml_would_take_for_something_else_stands_in_quotes() {
        for (name, written) in [("main", "main"), ("null", "'null'"), ("1.10", "'1.10'"), ("Yes", "'Yes'")] {
            assert_eq!(name.parse::<Branch>().unwrap().as_yaml(), written);
        }
    }
}
