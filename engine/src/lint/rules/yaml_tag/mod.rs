//! A tag that does not fit its value. The reader finds it; here are its page and its examples.

use crate::lint::rule::{Check, Rule};

/// The rule.
pub(super) const RULE: Rule =
    Rule { code: "yaml-tag", page: include_str!("README.md"), check: Check::Reader };
