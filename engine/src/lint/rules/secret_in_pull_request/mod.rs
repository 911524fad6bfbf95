//! A step that needs a secret, and runs in the builds of pull requests, where the secret is empty.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::blocks::short;
use crate::lint::effect::{only_tries, publishes};
use crate::lint::rule::{Check, Rule};
use crate::lint::written::{FileAdvice, PipelineAdvice, StepAdvice};
use crate::pipeline::{ConditionKey, Conditions, Parameter, Resource, Step, Text, Variable};
use crate::plan::{Event, Forge, Question, Wanted};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Hint,
    page: include_str!("README.md"),
    check: Check::FileAdvice(check),
};
const CODE: &str = "secret-in-pull-request";

fn check(page: &FileAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for pipeline in &page.pipelines {
        // Where nothing speaks of pull requests, there may be none.
        let whens = pipeline.pipeline.steps.iter().map(|it| &it.when);
        let named = || std::iter::once(&pipeline.pipeline.trigger).chain(whens).find_map(asks);
        let Some(asked) = named() else { continue };
        for step in &pipeline.all {
            let Some(secret) = secret(step.step).filter(|it| !is_in_file(page, it)) else { continue };
            if needs_it(pipeline, step) {
                found.push(problem(step, secret, asked));
            }
        }
    }
}

fn asks(conditions: &Conditions) -> Option<Span> {
    let event = conditions.get(ConditionKey::Event)?;
    event.include.iter().find(|it| it.value == Event::PullRequest.word()).map(|it| it.span)
}

/// The first secret of the step.
fn secret(step: &Step) -> Option<&Text> {
    let of_settings = step.settings.iter().filter_map(|it| match &it.1 {
        Parameter::Secret(name) => Some(name),
        Parameter::Value(_) => None,
    });
    let of_environment = step.environment.iter().filter_map(|it| match &it.1 {
        Variable::Secret(name) => Some(name),
        Variable::Value(_) => None,
    });
    of_settings.chain(of_environment).next()
}

/// True when the file itself holds the value: pull requests of one's own branches get it.
fn is_in_file(page: &FileAdvice<'_>, secret: &Text) -> bool {
    page.file.documents.iter().any(|it| match &it.resource {
        Resource::Secret(it) => it.name.as_ref().is_some_and(|it| it.value == secret.value),
        _ => false,
    })
}

/// True when the step runs in pull requests, and nothing shows that it can do without.
fn needs_it(pipeline: &PipelineAdvice<'_>, step: &StepAdvice<'_>) -> bool {
    const GUARDS: [&str; 6] =
        ["DRONE_PULL_REQUEST", "DRONE_BUILD_EVENT", " -z ", " -n ", ":-", "DRONE_REPO_OWNER"];
    let guarded = |it: &Text| GUARDS.iter().any(|guard| it.value.contains(guard));
    // One that publishes has another rule, and one that only tells of failures does not matter here.
    let spoken = publishes(step).is_some() || !Wanted::of_step(&step.step.when).on_success;
    if spoken || step.step.failure.is_some() || only_tries(step.step) {
        return false;
    }
    let question = Question::new().trigger(&pipeline.pipeline.trigger).when(&step.step.when);
    question.reach(&[Event::PullRequest], Forge::Usual).is_some() && !step.step.commands().iter().any(guarded)
}

fn problem(step: &StepAdvice<'_>, secret: &Text, asked: Span) -> Diagnostic {
    let (name, secret_name) = (short(step.step.name()), short(&secret.value));
    let message =
        format!("`{name}` runs in pull requests, which get `{secret_name}` only if the server allows it");
    Diagnostic::hint(CODE, secret.span, message)
        .label("empty there, unless allowed")
        .also(asked, "pull requests are built")
        .why("anyone who makes a pull request could print the secret, so the server keeps it back")
        .help(
            "leave pull requests out with `event: {exclude: [pull_request]}`, or let the step do without it",
        )
}
