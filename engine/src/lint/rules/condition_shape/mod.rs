//! A condition in a shape that Drone drops without a word, so that it restricts nothing.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::blocks::short;
use crate::lint::closest;
use crate::lint::edit;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::LostAdvice;
use crate::pipeline::Loss;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::Lost(check),
};
const CODE: &str = "condition-shape";

fn check(page: &LostAdvice<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(match &page.lost.loss {
        Loss::NoList { condition, key } => Some(no_list(page, condition, key)),
        Loss::NoPattern { condition, name } => Some(no_pattern(page, condition, name)),
        Loss::NoText { condition } => Some(no_text(page, condition)),
        _ => None,
    });
}

fn no_list(page: &LostAdvice<'_>, condition: &str, key: &str) -> Diagnostic {
    let written = page.file.slice(page.lost.span);
    let one_line = !written.is_empty() && !written.contains(['\n', '{', '[', '&', ':']);
    let effect = if key == "include" { "restricts" } else { "excludes" };
    let what = if one_line { format!("`{key}: {}`", short(written)) } else { format!("`{key}`") };
    let problem = Diagnostic::warning(
        CODE,
        page.lost.span,
        format!("{what} is not a list, so this condition on `{condition}` {effect} nothing"),
    )
    .label("no list")
    .why("Drone drops it without a word, as if it were not there");
    let fix = edit::as_list(page.file, page.lost.span, "make it a list").filter(|_| one_line);
    match fix {
        Some(fix) => problem.help(format!("write `{key}: [{}]`", short(written))).fix(fix),
        None => problem.help(format!("write a list under `{key}`, one pattern an item")),
    }
}

fn no_pattern(page: &LostAdvice<'_>, condition: &str, name: &str) -> Diagnostic {
    let message = format!("`{}` means nothing under `{condition}`, and restricts nothing", short(name));
    let problem = Diagnostic::warning(CODE, page.lost.span, message)
        .label("neither `include` nor `exclude`")
        .why("Drone drops it without a word, as if it were not there");
    let meant = closest(name, ["include", "exclude"]).filter(|_| page.file.slice(page.lost.span) == name);
    match meant {
        Some(meant) => problem.help(format!("did you mean `{meant}`?")).fix(edit::replace(
            page.lost.span,
            meant,
            format!("write `{meant}`"),
        )),
        None => problem.help("write the patterns as a list, or as lists under `include` and `exclude`"),
    }
}

fn no_text(page: &LostAdvice<'_>, condition: &str) -> Diagnostic {
    let message = format!("an item of `{condition}` is not a text, so Drone drops it");
    Diagnostic::warning(CODE, page.lost.span, message)
        .label("a list or a map")
        .why("Drone says nothing, and a condition without any pattern left matches every build")
        .help("write one pattern an item, such as `- main`")
}
