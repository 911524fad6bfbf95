//! A plugin that works in builds of a tag only, in a step that others reach.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::edit::insert;
use crate::lint::plugins::plugin_of;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::StepAdvice;
use crate::pipeline::ConditionKey;
use crate::plan::{Build, Event, Forge, Question, trigger_allows};
use crate::plugin::repository;
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "tags-only-plugin";

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(reached_after(page).map(|it| diagnose(page, it)));
}

/// True when this rule speaks of the step. Other rules leave it to this one: a step for tags only publishes from
/// nothing else.
pub(in crate::lint::rules) fn speaks(page: &StepAdvice<'_>) -> bool {
    reached_after(page).is_some()
}

/// What brings a build that is not one of a tag to the step of such a plugin.
fn reached_after(page: &StepAdvice<'_>) -> Option<&'static str> {
    if page.is_service || !plugin_of(page).is_some_and(|it| it.tags_only) || is_on_purpose(page) {
        return None;
    }
    let events = [(Event::Push, "a push"), (Event::PullRequest, "a pull request")];
    let own = Question::new().trigger(&page.pipeline.trigger).when(&page.step.when);
    let reached = events.into_iter().find(|it| own.reach(&[it.0], Forge::Usual).is_some());
    reached.map(|it| it.1)
}

/// True when it may fail, or when a `when` among the settings shows what was meant: the rule `unknown-setting` speaks.
fn is_on_purpose(page: &StepAdvice<'_>) -> bool {
    let may_fail = page.step.failure.as_ref().is_some_and(|it| it.value == "ignore");
    may_fail || page.step.settings.iter().any(|it| it.0.value == "when")
}

fn diagnose(page: &StepAdvice<'_>, event: &str) -> Diagnostic {
    let step = page.step;
    let image = repository(step.image());
    let span = step.image.as_ref().map_or(step.span, |it| it.span);
    let message = format!("`{image}` works for tags only, and this step also runs after {event}");
    let problem = Diagnostic::warning(CODE, span, message)
        .label(format!("fails after {event}"))
        .why("the plugin looks at the event first, and stops when it is not `tag`");
    let tag = Build::new(Event::Tag);
    if !trigger_allows(&page.pipeline.trigger, &tag) {
        let trigger = &page.pipeline.trigger;
        let event = trigger.get(ConditionKey::Event).map(|it| it.span);
        return problem
            .also(event.or(trigger.span).unwrap_or(span), "keeps tags out")
            .help("move the step to a pipeline with `trigger: {event: [tag]}`");
    }
    if let Some(when) = step.when.get(ConditionKey::Event) {
        return problem.also(when.span, "lets it in").help("leave only `tag` in its `event`");
    }
    if step.when.span.is_some() {
        return problem.help("add `event: [tag]` to its `when`");
    }
    let problem = problem.help("add `when: {event: [tag]}` to the step");
    match below_image(page) {
        Some((at, indent)) => {
            let lines = format!("\n{indent}when:\n{indent}  event: [tag]");
            problem.fix(insert(at, lines, "run it for tags only"))
        }
        None => problem,
    }
}

/// The end of the image's line, and what a key below it begins with. Only where the image has a line of its own.
fn below_image(page: &StepAdvice<'_>) -> Option<(u32, String)> {
    let image = page.step.image.as_ref()?.span;
    let line = page.file.line_at(image.start);
    let before = page.file.slice(Span { start: line.start, end: image.start });
    let key = before.trim_start_matches([' ', '-']);
    let alone = key.starts_with("image:") && image.end <= line.end;
    alone.then(|| (line.end, " ".repeat(before.len() - key.len())))
}

#[cfg(test)]
mod tests {
    use super::CODE;
    use crate::diagnostic::Diagnostic;
    use crate::lint::lint;
    use crate::source::SourceFile;

    fn found(trigger: &str, when: &str) -> (String, Vec<Diagnostic>) {
        let text = format!(
            "kind: pipeline\ntype: docker\nname: d\n{trigger}\nsteps:\n- name: a\n  image: \
             plugins/github-release:1\n  settings:\n    api_key: {{from_secret: a}}\n{when}\n"
        );
        let mut found = lint(&SourceFile::new("it.yml", text.as_str()));
        found.retain(|it| it.code == CODE);
        (text, found)
    }

    #[test]
    fn it_speaks_where_some_branch_or_pull_request_reaches_the_step() {
        let rows = [
            ("", "", 1),
            ("trigger: {branch: [develop]}", "", 1),
            ("trigger: {ref: [refs/heads/release/*]}", "", 1),
            ("trigger: {repo: [me/tool], event: [pull_request]}", "", 1),
            ("trigger: {event: [pull_request], action: [synchronized]}", "", 1),
            ("trigger: {branch: [develop]}", "  when: {event: [tag, push]}", 1),
            ("trigger: {event: [tag]}", "", 0),
            ("trigger: {ref: [refs/tags/**]}", "", 0),
            ("", "  when: {event: tag}", 0),
            ("trigger: {event: [promote, cron]}", "", 0),
            ("trigger: {ref: [refs/heads/main]}", "  when: {event: [tag]}", 0),
        ];
        for (trigger, when, count) in rows {
            assert_eq!(found(trigger, when).1.len(), count, "{trigger} {when}");
        }
    }

    #[test]
    fn the_fix_leaves_the_step_to_tags() {
        let (mut text, all) = found("", "");
        let edit = &all[0].fixes[0].edits[0];
        text.replace_range(edit.span.range(), &edit.text);
        assert!(text.contains("github-release:1\n  when:\n    event: [tag]\n  settings:\n"), "{text}");
        assert!(lint(&SourceFile::new("it.yml", text.as_str())).iter().all(|it| it.code != CODE), "{text}");
    }
}
