//! A pipeline that a cron job starts as well, because its trigger asks for no event.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::blocks::short;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::{FileAdvice, PipelineAdvice};
use crate::pipeline::{ConditionKey, Conditions};
use crate::plan::{Event, Forge, Question};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Hint,
    page: include_str!("README.md"),
    check: Check::FileAdvice(check),
};
const CODE: &str = "cron-everywhere";

fn check(page: &FileAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let Some((name, span)) = page.pipelines.iter().find_map(|it| Some((it, asks(&it.pipeline.trigger)?)))
    else {
        return;
    };
    for pipeline in page.pipelines.iter().filter(|it| runs_too(it)) {
        let message = format!(
            "`{}` runs for every cron job too, like `{}`",
            short(pipeline.pipeline.name()),
            short(name.pipeline.name())
        );
        let problem = Diagnostic::hint(CODE, pipeline.pipeline.name_span(), message)
            .label("asks for no event")
            .also(span, "a pipeline for a cron job")
            .why("a cron job starts a build of the whole file, and each pipeline decides by its `trigger`");
        found.push(problem.help("add `event: {exclude: [cron]}` to its `trigger`, unless it is to run then"));
    }
}

/// Where the trigger asks for cron jobs, and for nothing else.
fn asks(trigger: &Conditions) -> Option<Span> {
    let cron = trigger.get(ConditionKey::Cron).filter(|it| !it.include.is_empty());
    let event = trigger.get(ConditionKey::Event)?;
    let only = event.include.first().filter(|it| it.value == Event::Cron.word() && event.include.len() == 1);
    only.map(|it| it.span).or(cron.map(|it| it.span))
}

/// True when nothing in the trigger speaks of events, and some step runs in the build of a cron job.
fn runs_too(page: &PipelineAdvice<'_>) -> bool {
    let trigger = &page.pipeline.trigger;
    let keys = [
        ConditionKey::Event,
        ConditionKey::Cron,
        ConditionKey::Ref,
        ConditionKey::Target,
        ConditionKey::Action,
    ];
    if keys.iter().any(|it| trigger.get(*it).is_some()) {
        return false;
    }
    let server = Question::new().trigger(trigger);
    let asked = |conditions: &Conditions| conditions.get(ConditionKey::Event).is_some();
    let runs = |conditions| server.clone().when(conditions).reach(&[Event::Cron], Forge::Usual).is_some();
    page.steps().any(|it| !asked(&it.step.when) && runs(&it.step.when))
}
