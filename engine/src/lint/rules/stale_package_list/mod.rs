//! `apt-get install` without `apt-get update` before it, in an image that has no list of packages.

use crate::diagnostic::Diagnostic;
use crate::lint::edit::insert;
use crate::lint::purpose::{Purpose, purpose};
use crate::lint::rule::{Check, Rule};
use crate::lint::sh::{Sh, sh_of};
use crate::lint::written::StepAdvice;
use crate::shell::{Simple, commands};

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};

const CODE: &str = "stale-package-list";

fn check(step: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let installs = |it: &str| it.contains("apt") && it.contains("install");
    if !step.step.commands().iter().any(|it| installs(&it.value)) || !has_no_list(step) {
        return;
    }
    let Some(script) = step.script() else { return };
    let Some(tree) = script.tree() else { return };
    for seen in commands(tree) {
        let simple = seen.simple;
        if installs_by_name(simple) {
            let image = step.step.image();
            let place = script.place(simple.span);
            found.push(
                Diagnostic::warning(
                    CODE,
                    place,
                    format!("`{image}` has no list of packages for `apt-get install`"),
                )
                .label("nothing has fetched the list")
                .why("official images are kept small: the list is deleted, so that no package can be found")
                .help("write `apt-get update` before it, in the same step")
                .fix(insert(place.start, update_for(simple), "fetch the list first")),
            );
            return;
        }
        // What is not known may fetch the list.
        if may_update(simple) {
            return;
        }
    }
}

/// Official images that are made from Debian or Ubuntu, with no volume that may bring a list.
fn has_no_list(step: &StepAdvice<'_>) -> bool {
    !step.step.image().contains('/') && sh_of(step) == Sh::Dash && step.step.volumes.is_empty()
}

fn installs_by_name(simple: &Simple) -> bool {
    let call = simple.unwrapped();
    matches!(call.program(), Some("apt-get" | "apt"))
        && call.subcommand() == Some("install")
        && call.operands().count() > 1
        && call.operands().skip(1).all(|it| it.text().is_some_and(|it| !it.contains(['/', '*'])))
}

fn may_update(simple: &Simple) -> bool {
    let updates = matches!(simple.unwrapped().program(), Some("add-apt-repository" | "." | "source" | "env"));
    let apt = matches!(simple.unwrapped().program(), Some("apt-get" | "apt" | "aptitude"));
    updates || apt || matches!(purpose(simple), Purpose::Other | Purpose::Test | Purpose::Build)
}

fn update_for(simple: &Simple) -> &'static str {
    if simple.program() == Some("sudo") { "sudo apt-get update && " } else { "apt-get update && " }
}
