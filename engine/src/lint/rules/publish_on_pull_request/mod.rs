//! A step that publishes something, also from a pull request.

use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::lint::blocks::step_words;
use crate::lint::edit;
use crate::lint::effect::publishes;
use crate::lint::rule::{Check, Rule};
use crate::lint::rules::{tags_only_plugin, unknown_setting};
use crate::lint::written::StepAdvice;
use crate::pipeline::{ConditionKey, Conditions, Parameter, Text};
use crate::plan::{Event, Forge, Question};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "publish-on-pull-request";

fn check(step: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let when = &step.step.when;
    let Some(publishing) = publishes(step) else { return };
    if builds_only_branches_and_tags(step) {
        return;
    }
    let question = Question::new().trigger(&step.pipeline.trigger).when(when);
    if !question.reach(&[Event::PullRequest], Forge::Usual).is_some() {
        return;
    }
    // Mended there, it is mended here.
    if tags_only_plugin::speaks(step) || unknown_setting::speaks_of(step, "when") {
        return;
    }
    let message = format!("{} publishes with {}, also from pull requests", step_words(step), publishing.what);
    // Where nothing speaks of pull requests, there may be none.
    let steps = step.pipeline.steps.iter().map(|it| &it.when);
    let named = std::iter::once(&step.pipeline.trigger).chain(steps).any(|it| asks(it).is_some());
    let make = if named { Diagnostic::warning } else { Diagnostic::hint };
    let mut problem = make(CODE, publishing.span, message).label("publishes").why(
        "nobody has reviewed what a pull request builds; and where its secrets are kept back, the step fails",
    );
    for conditions in [&step.pipeline.trigger, when] {
        problem = match asks(conditions) {
            Some(span) => problem.also(span, "lets pull requests in"),
            None => problem,
        };
    }
    found.push(advise(step, problem));
}

fn advise(step: &StepAdvice<'_>, problem: Diagnostic) -> Diagnostic {
    let when = &step.step.when;
    if let Some((lost, _)) = step.step.settings.iter().find(|it| it.0.value == "when") {
        let problem = problem.also(lost.span, "a setting, not a condition");
        return problem.help("move `when` out of `settings`: there it is a parameter of the plugin");
    }
    if when.get(ConditionKey::Event).is_some() {
        return problem.help("take pull requests out of `event`");
    }
    if when.span.is_some() {
        return problem.help("add `event: {exclude: [pull_request]}` to its `when`");
    }
    let problem = problem.help("add `when: {event: {exclude: [pull_request]}}` to the step");
    match add_when(step) {
        Some(fix) => problem.fix(fix),
        None => problem,
    }
}

/// With `auto_tag`, the plugins that build images do nothing for a ref that is neither the default branch nor a tag.
fn builds_only_branches_and_tags(step: &StepAdvice<'_>) -> bool {
    step.step.settings.iter().any(|(name, value)| {
        let said = matches!(value, Parameter::Value(it) if it.value.as_deref() == Some("true"));
        name.value == "auto_tag" && said
    })
}

/// The pattern that asks for pull requests by name.
fn asks(conditions: &Conditions) -> Option<Span> {
    let of = |key| conditions.get(key).map(|it| it.include.as_slice()).unwrap_or_default();
    let by_event = of(ConditionKey::Event).iter().find(|it| it.value == Event::PullRequest.word());
    let refs = ["refs/pull", "refs/merge-requests/"];
    let is_pull = |it: &&Text| refs.iter().any(|begin| it.value.starts_with(begin));
    by_event.or_else(|| of(ConditionKey::Ref).iter().find(is_pull)).map(|it| it.span)
}

/// A `when` below the image, in line with it. Only where the image has a line of its own.
fn add_when(step: &StepAdvice<'_>) -> Option<Fix> {
    let image = step.step.image.as_ref()?.span;
    let line = step.file.line_at(image.start);
    let before = step.file.slice(Span { start: line.start, end: image.start });
    let key = before.trim_start_matches([' ', '-']);
    if !key.trim_end_matches(['"', '\'']).starts_with("image:") || image.end > line.end {
        return None;
    }
    let indent = " ".repeat(before.len() - key.len());
    let lines = format!("\n{indent}when:\n{indent}  event:\n{indent}    exclude: [pull_request]");
    Some(edit::insert(line.end, lines, "leave pull requests out"))
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::lint::lint;
    use crate::source::SourceFile;

    fn codes(image: &str, rest: &str) -> Vec<&'static str> {
        let text = format!(
            "kind: pipeline\ntype: docker\nname: d\ntrigger: {{event: [push, pull_request, tag]}}\nsteps:\n- name: \
             a\n  image: {image}\n{rest}"
        );
        let mut found = lint(&SourceFile::new("it.yml", text));
        found.retain(|it| it.severity != Severity::Hint);
        found.iter().map(|it| it.code).collect()
    }

    #[test]
    fn one_rule_speaks_of_a_step_that_publishes_too_often() {
        let release = "  settings:\n    api_key: {from_secret: a}\n";
        let docker = "  settings:\n    repo: a/b\n";
        let lost = "    when: {event: [push]}\n";
        let plain = "plugins/docker:20";
        let rows = [
            ("plugins/github-release:1", release.to_owned(), "tags-only-plugin"),
            ("plugins/github-release:1", format!("{release}    when: {{event: [tag]}}\n"), "unknown-setting"),
            ("plugins/github-release:1", format!("{release}  failure: ignore\n"), "publish-on-pull-request"),
            (plain, docker.to_owned(), "publish-on-pull-request"),
            (plain, format!("{docker}{lost}"), "unknown-setting"),
            ("plugins/drone-git-push:1", format!("  settings:\n{lost}"), "publish-on-pull-request"),
        ];
        for (image, rest, code) in rows {
            assert_eq!(codes(image, &rest), [code], "{image}\n{rest}");
        }
    }
}
