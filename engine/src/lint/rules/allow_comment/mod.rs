//! A comment that allows a problem, and is not needed or not understood. `lint/allow.rs` finds it while it obeys these
//! comments; here are the page and the examples.

use crate::diagnostic::Severity;
use crate::lint::rule::{Check, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: "allow-comment",
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::Reader,
};
