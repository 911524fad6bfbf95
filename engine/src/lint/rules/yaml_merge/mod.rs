//! A `<<` that merges no map. The reader finds it; here are its page and its examples.

use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: "yaml-merge",
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::Reader,
};
