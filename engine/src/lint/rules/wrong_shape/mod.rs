//! A list where a text is due, a text where a list is due. The reader finds it; here are its page and its examples.

use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: "wrong-shape",
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::Reader,
};
