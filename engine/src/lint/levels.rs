//! What people want to hear of which rule → the problems with the severity they asked for, and which of them fail.
//!
//! Nothing here changes what Drone does: a rule that is off is not shown, and `verdict` still knows of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::similar::closest;
use crate::lint::{rule_of, rules};

/// What becomes of the problems of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// They are not shown.
    Off,
    /// They are shown with this severity.
    At(Severity),
}

impl Level {
    /// The words that a configuration may use.
    pub const WORDS: [&'static str; 4] = ["off", "hint", "warning", "error"];

    /// The level of a word.
    ///
    /// # Errors
    /// It is none of [`Level::WORDS`].
    pub fn of_word(word: &str) -> Result<Self, Unknown> {
        match word {
            "off" => Ok(Self::Off),
            "hint" => Ok(Self::At(Severity::Hint)),
            "warning" => Ok(Self::At(Severity::Warning)),
            "error" => Ok(Self::At(Severity::Error)),
            _ => Err(Unknown::new("level", word, &Self::WORDS)),
        }
    }
}

/// A word that names nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// What is wrong, with the word.
    pub message: String,
    /// What was probably meant, or what there is.
    pub help: String,
}

impl Unknown {
    fn new(what: &str, word: &str, known: &[&str]) -> Self {
        let all = || format!("there are {}", known.join(", "));
        let help =
            closest(word, known.iter().copied()).map_or_else(all, |it| format!("did you mean `{it}`?"));
        Self { message: format!("there is no {what} `{word}`"), help }
    }
}

/// The code of a rule, as the catalogue spells it.
///
/// # Errors
/// No rule has this code.
pub fn known_code(code: &str) -> Result<&'static str, Unknown> {
    if let Some(known) = rule_of(code) {
        return Ok(known.code);
    }
    let meant = closest(code, rules::ALL.iter().map(|it| it.code));
    let help = meant.map_or_else(
        || "`ciworkshop explain` lists all rules".to_owned(),
        |it| format!("did you mean `{it}`?"),
    );
    Err(Unknown { message: format!("there is no rule `{code}`"), help })
}

/// Which rules are off or have another severity, and what makes a run fail besides errors. What is said later counts.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    of: BTreeMap<&'static str, Level>,
    denied: BTreeSet<&'static str>,
    least: Option<Severity>,
}

impl Levels {
    /// The words of [`Levels::deny`] that are no code.
    pub const GROUPS: [&'static str; 2] = ["warnings", "hints"];

    /// Gives the problems of a rule a level.
    ///
    /// # Errors
    /// No rule has this code.
    pub fn set(&mut self, code: &str, level: Level) -> Result<(), Unknown> {
        let code = known_code(code)?;
        self.denied.remove(code);
        self.of.insert(code, level);
        Ok(())
    }

    /// Lets a run fail because of `warnings`, of `hints` and warnings, or of the problems of one rule, which is then
    /// no longer off.
    ///
    /// # Errors
    /// It is neither one of the two words nor the code of a rule.
    pub fn deny(&mut self, what: &str) -> Result<(), Unknown> {
        let least = match what {
            "warnings" => Severity::Warning,
            "hints" => Severity::Hint,
            code => return self.deny_code(code),
        };
        self.least = Some(self.least.map_or(least, |it| it.min(least)));
        Ok(())
    }

    fn deny_code(&mut self, word: &str) -> Result<(), Unknown> {
        let code = known_code(word).map_err(|unknown| match closest(word, Self::GROUPS) {
            Some(meant) => Unknown { help: format!("did you mean `{meant}`?"), ..unknown },
            None => unknown,
        })?;
        if self.of.get(code) == Some(&Level::Off) {
            self.of.remove(code);
        }
        self.denied.insert(code);
        Ok(())
    }

    /// The problems that are shown, with the severity they are shown with.
    #[must_use]
    pub fn apply(&self, mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
        problems.retain_mut(|problem| match self.of.get(problem.code) {
            Some(Level::Off) => false,
            Some(Level::At(severity)) => {
                problem.severity = *severity;
                true
            }
            None => true,
        });
        problems
    }

    /// True for a problem that makes a run fail.
    #[must_use]
    pub fn fails(&self, problem: &Diagnostic) -> bool {
        let least = self.least.unwrap_or(Severity::Error);
        problem.severity >= least || self.denied.contains(problem.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn problems() -> Vec<Diagnostic> {
        let at = Span::new(0, 1);
        vec![
            Diagnostic::error("missing-image", at, "no image"),
            Diagnostic::warning("legacy", at, "old"),
            Diagnostic { severity: Severity::Hint, ..Diagnostic::warning("needs-trust", at, "trust") },
        ]
    }

    /// `code severity!` for each that is shown; `!` where it fails.
    fn shown(levels: &Levels) -> Vec<String> {
        let shown = levels.apply(problems()).into_iter();
        shown
            .map(|it| {
                format!("{} {}{}", it.code, it.severity.word(), if levels.fails(&it) { "!" } else { "" })
            })
            .collect()
    }

    #[test]
    fn only_errors_fail_unless_more_is_denied() {
        let cases: [(&[&str], [&str; 3]); 4] = [
            (&[], ["missing-image error!", "legacy warning", "needs-trust hint"]),
            (&["warnings"], ["missing-image error!", "legacy warning!", "needs-trust hint"]),
            (&["hints", "warnings"], ["missing-image error!", "legacy warning!", "needs-trust hint!"]),
            (&["needs-trust"], ["missing-image error!", "legacy warning", "needs-trust hint!"]),
        ];
        for (denied, expected) in cases {
            let mut levels = Levels::default();
            for it in denied {
                levels.deny(it).unwrap();
            }
            assert_eq!(shown(&levels), expected, "{denied:?}");
        }
    }

    #[test]
    fn a_rule_can_be_off_or_another_severity_and_what_is_said_later_counts() {
        let mut levels = Levels::default();
        levels.set("missing-image", Level::Off).unwrap();
        levels.set("legacy", Level::of_word("error").unwrap()).unwrap();
        levels.deny("needs-trust").unwrap();
        levels.set("needs-trust", Level::of_word("warning").unwrap()).unwrap();
        assert_eq!(shown(&levels), ["legacy error!", "needs-trust warning"]);
        levels.deny("missing-image").unwrap();
        assert_eq!(shown(&levels)[0], "missing-image error!");
    }

    #[test]
    fn a_word_that_names_nothing_is_told_with_what_was_meant() {
        let mut levels = Levels::default();
        let unknown = levels.set("mising-image", Level::Off).unwrap_err();
        assert_eq!(unknown.message, "there is no rule `mising-image`");
        assert_eq!(unknown.help, "did you mean `missing-image`?");
        assert_eq!(levels.deny("warning").unwrap_err().help, "did you mean `warnings`?");
        assert!(levels.deny("nothing-like-it").unwrap_err().help.contains("lists all rules"));
        assert_eq!(Level::of_word("warn").unwrap_err().help, "there are off, hint, warning, error");
        assert_eq!(Level::of_word("of").unwrap_err().help, "did you mean `off`?");
    }
}
