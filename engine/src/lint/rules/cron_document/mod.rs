//! A document of `kind: cron`: no program of Drone makes a job of it.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::blocks::short;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::FileAdvice;
use crate::pipeline::{Cron, Resource};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Hint,
    page: include_str!("README.md"),
    check: Check::FileAdvice(check),
};
const CODE: &str = "cron-document";

fn check(page: &FileAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for document in &page.file.documents {
        if let Resource::Cron(cron) = &document.resource {
            found.push(problem(cron));
        }
    }
}

fn problem(cron: &Cron) -> Diagnostic {
    let name = cron.name.as_ref().map_or("", |it| it.value.as_str());
    let message = match name {
        "" => "Drone makes no cron job of this document".to_owned(),
        name => {
            format!("Drone makes no cron job of this document: `{}` does not start anything", short(name))
        }
    };
    let name = if name.is_empty() { "NAME" } else { name };
    let schedule = cron.schedule.as_ref().map_or("@daily", |it| it.value.as_str());
    let add = format!("drone cron add OWNER/REPO {} \"{}\"", short(name), short(schedule));
    Diagnostic::hint(CODE, cron.kind.span, message)
        .label("read, and not used")
        .why("the server keeps cron jobs apart from the file")
        .help(format!("add the job on the repository's settings page, or with `{add}`"))
}
