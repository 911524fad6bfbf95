//! A pipeline that is to run after a failure, and waits for no pipeline: it starts with the others.

use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::lint::blocks::{place, says, short};
use crate::lint::edit;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::{FileAdvice, PipelineAdvice};
use crate::pipeline::{ConditionKey, Pipeline};
use crate::plan::{Wanted, restricts};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::FileAdvice(check),
};
const CODE: &str = "notice-runs-at-once";

fn check(page: &FileAdvice<'_>, found: &mut Vec<Diagnostic>) {
    if !page.is_complete() {
        return;
    }
    for pipeline in &page.pipelines {
        let own = pipeline.pipeline;
        let Some(status) = own.trigger.get(ConditionKey::Status).filter(|it| restricts(it)) else { continue };
        let wanted = Wanted::of_pipeline(&own.trigger);
        // With nothing else in the file, `success` and `failure` together change nothing and mislead nobody.
        let alone = page.pipelines.len() == 1 && wanted.on_success;
        if !own.depends_on.is_empty() || !wanted.on_failure || alone {
            continue;
        }
        let message =
            format!("the pipeline `{}` starts at once, whatever {} says", short(own.name()), says(status));
        let problem = Diagnostic::warning(CODE, place(status), message)
            .label("has no say here")
            .why("`status` is about the pipelines that it waits for, and it waits for none");
        found.push(advise(page, pipeline, problem));
    }
}

fn advise(page: &FileAdvice<'_>, pipeline: &PipelineAdvice<'_>, problem: Diagnostic) -> Diagnostic {
    let own = pipeline.pipeline;
    let others: Vec<&Pipeline> = page.pipelines.iter().map(|it| it.pipeline).collect();
    let others: Vec<&Pipeline> = others.into_iter().filter(|it| it.document != own.document).collect();
    if others.is_empty() {
        return problem
            .help("to run a step after a failure of another, use `status` in the `when` of the step");
    }
    let above: Vec<&Pipeline> = others.iter().copied().filter(|it| it.document < own.document).collect();
    let names: Vec<&str> = above.iter().map(|it| it.name()).collect();
    let list = format!("depends_on: [{}]", names.join(", "));
    if above.len() < others.len() {
        return problem
            .help("move it to the end of the file, with `depends_on` and the names of all that it watches");
    }
    if names.len() > 5 {
        return problem.help("add `depends_on` with the names of all pipelines that it watches");
    }
    let problem = problem.help(format!("add `{list}`"));
    match add(pipeline, &list) {
        Some(fix) if names.iter().all(|it| is_plain(it)) => problem.fix(fix),
        _ => problem,
    }
}

/// A key below the name, where the name has a line of its own.
fn add(pipeline: &PipelineAdvice<'_>, key: &str) -> Option<Fix> {
    let name = pipeline.pipeline.written_name.as_ref()?;
    let line = pipeline.file.line_at(name.span.start);
    let starts = pipeline.file.slice(line).starts_with("name:");
    starts.then(|| edit::insert(line.end, format!("\n{key}"), format!("add `{key}`")))
}

fn is_plain(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_alphabetic())
        && name.chars().all(|it| it.is_ascii_alphanumeric() || "-_.".contains(it))
}
