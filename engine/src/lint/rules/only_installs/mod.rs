//! A file whose pipelines install what the project needs, and then test nothing.

use crate::diagnostic::Diagnostic;
use crate::lint::purpose::{Purpose, purpose};
use crate::lint::rule::{Check, Rule};
use crate::lint::script::StepScript;
use crate::lint::written::{FileAdvice, PipelineAdvice};
use crate::shell::commands;
use crate::source::Span;

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Hint,
    page: include_str!("README.md"),
    check: Check::FileAdvice(check),
};

const CODE: &str = "only-installs";

fn check(advice: &FileAdvice<'_>, found: &mut Vec<Diagnostic>) {
    if !advice.is_complete() || advice.pipelines.is_empty() {
        return;
    }
    let mut last = None;
    for pipeline in &advice.pipelines {
        let Some(install) = last_install(pipeline) else { return };
        last = Some(install);
    }
    let Some(place) = last else { return };
    found.push(
        Diagnostic::hint(CODE, place, "the build ends here: nothing is tested")
            .label("the last thing that it does")
            .why("a build that only installs is green as long as the packages can be had, whatever the code does")
            .help("add a command that runs the tests, such as `pytest`, `npm test` or `make test`"),
    );
}

/// The last command that installs, of a pipeline that does nothing else.
fn last_install(advice: &PipelineAdvice<'_>) -> Option<Span> {
    let mut last = None;
    for step in advice.steps() {
        // A plugin, a script for Windows and one that cannot be read do what nobody knows.
        let script = step.script()?;
        for seen in commands(script.tree()?) {
            match purpose(seen.simple) {
                Purpose::Install if installs_for_project(script, seen.simple.span) => {
                    last = Some(script.place(seen.simple.span));
                }
                Purpose::Install | Purpose::Prepare => {}
                _ => return None,
            }
        }
    }
    last
}

/// What a package manager of the system brings says nothing of a project.
fn installs_for_project(script: &StepScript, span: Span) -> bool {
    let text = script.text.get(span.range()).unwrap_or_default();
    !["apt", "apk ", "yum ", "dnf ", "brew "].iter().any(|it| text.contains(it))
}
