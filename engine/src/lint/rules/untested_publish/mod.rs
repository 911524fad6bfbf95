//! A pipeline that publishes without waiting for tests: those that it waits for do not run in the same builds.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::blocks::{place, short};
use crate::lint::effect::publishes;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::{FileAdvice, PipelineAdvice, StepAdvice};
use crate::pipeline::{ConditionKey, Pipeline};
use crate::plan::{Event, Forge, Question, Reach};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::FileAdvice(check),
};
const CODE: &str = "untested-publish";

/// What others do with a promotion was tested before, and a pull request should not publish at all.
const EVENTS: [Event; 2] = [Event::Push, Event::Tag];

/// Files with more pipelines are made by programs.
const MOST: usize = 200;

fn check(page: &FileAdvice<'_>, found: &mut Vec<Diagnostic>) {
    if page.pipelines.len() < 2 || page.pipelines.len() > MOST || !page.is_complete() {
        return;
    }
    let mut named: HashMap<&str, &PipelineAdvice<'_>> = HashMap::new();
    for it in page.pipelines.iter().rev() {
        named.insert(it.pipeline.raw_name(), it);
    }
    for pipeline in &page.pipelines {
        let Some(step) = pipeline.steps().find(|it| publishes(it).is_some()) else { continue };
        if pipeline.pipeline.depends_on.is_empty() {
            found.extend(beside(page, pipeline, step));
            continue;
        }
        let awaited = awaited(pipeline.pipeline, &named);
        let alone = EVENTS.into_iter().find(|it| runs_alone(pipeline.pipeline, step, &awaited, *it));
        found.extend(alone.and_then(|it| problem(pipeline.pipeline, &awaited, it)));
    }
}

/// All that it waits for, and what those wait for: who waits for one that does not run inherits its waiting.
fn awaited<'f>(pipeline: &Pipeline, named: &HashMap<&str, &PipelineAdvice<'f>>) -> Vec<&'f Pipeline> {
    let mut all: Vec<&Pipeline> = Vec::new();
    let mut open: Vec<&str> = pipeline.depends_on.iter().map(|it| it.value.as_str()).collect();
    while let Some(name) = open.pop() {
        let Some(next) = named.get(name).map(|it| it.pipeline) else { continue };
        if !all.iter().any(|it| std::ptr::eq(*it, next)) {
            all.push(next);
            open.extend(next.depends_on.iter().map(|it| it.value.as_str()));
        }
    }
    all
}

/// True when the step runs in builds of this event, and never together with anything that it waits for.
fn runs_alone(pipeline: &Pipeline, step: &StepAdvice<'_>, awaited: &[&Pipeline], event: Event) -> bool {
    let own = Question::new().trigger(&pipeline.trigger).when(&step.step.when);
    !awaited.is_empty()
        && own.reach(&[event], Forge::Usual).is_some()
        && awaited.iter().all(|it| own.clone().trigger(&it.trigger).is_never(&[event], Forge::Any))
}

fn problem(pipeline: &Pipeline, awaited: &[&Pipeline], event: Event) -> Option<Diagnostic> {
    let wanted = pipeline.depends_on.first()?;
    let first = awaited.iter().find(|it| it.raw_name() == wanted.value)?;
    let (name, other, word) = (short(pipeline.name()), short(first.name()), event.word());
    let message = format!("`{name}` publishes without waiting: in {word} builds, `{other}` does not run");
    let problem = Diagnostic::warning(CODE, wanted.span, message)
        .label("nothing to wait for")
        .why("Drone cuts out a pipeline that does not run, and whoever waits for it starts at once")
        .help(format!("let the trigger of `{other}` match {word} builds too"));
    let question = Question::new().trigger(&first.trigger);
    let Reach::Never(core) = question.reach(&[event], Forge::Any) else { return Some(problem) };
    match core.iter().find(|it| it.condition.key == ConditionKey::Event).or(core.first()) {
        Some(it) => Some(problem.also(place(it.condition), format!("keeps {word} builds out"))),
        None => Some(problem),
    }
}

/// One that waits for nothing, although tests run at the same time.
fn beside<'f>(
    page: &FileAdvice<'f>,
    pipeline: &PipelineAdvice<'f>,
    step: &StepAdvice<'f>,
) -> Option<Diagnostic> {
    if tests(pipeline) {
        return None;
    }
    let own = Question::new().trigger(&pipeline.pipeline.trigger).when(&step.step.when);
    let meets = |it: &&PipelineAdvice<'_>| {
        tests(it) && own.clone().trigger(&it.pipeline.trigger).reach(&EVENTS, Forge::Usual).is_some()
    };
    let other = page.pipelines.iter().filter(|it| !std::ptr::eq(*it, pipeline)).find(meets)?;
    let (name, other_name) = (short(pipeline.pipeline.name()), short(other.pipeline.name()));
    let above = other.pipeline.document < pipeline.pipeline.document;
    let message = format!("`{name}` publishes while `{other_name}` is still testing");
    let problem = Diagnostic::hint(CODE, pipeline.pipeline.name_span(), message)
        .label("waits for nothing")
        .also(other.pipeline.name_span(), "runs at the same time")
        .why("pipelines of a build start together, unless `depends_on` says otherwise");
    let place = if above { "" } else { ", and move it below" };
    Some(problem.help(format!("add `depends_on: [{other_name}]` to `{name}`{place}")))
}

/// True when its name or one of its steps speaks of tests.
fn tests(pipeline: &PipelineAdvice<'_>) -> bool {
    let steps = || pipeline.steps().map(|it| it.step);
    speaks_of_tests(pipeline.pipeline.name())
        || steps()
            .any(|it| speaks_of_tests(it.name()) || it.commands().iter().any(|it| speaks_of_tests(&it.value)))
}

fn speaks_of_tests(text: &str) -> bool {
    const WORDS: [&str; 6] = ["test", "tests", "testing", "unittest", "pytest", "unittests"];
    text.split(|it: char| !it.is_ascii_alphanumeric())
        .any(|it| WORDS.iter().any(|word| it.eq_ignore_ascii_case(word)))
}
