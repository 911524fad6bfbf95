//! Conditions and a build → whether they match, and what decided (§4). The only evaluator of conditions.

use std::borrow::Cow;

use crate::diagnostic::shortened;
use crate::pipeline::{Condition, ConditionKey, Conditions, Text};
use crate::plan::{Build, Cause, Decision, Event, Reason, glob};

/// What the server compares for a `trigger`, in its order (§4.6). It knows no `instance`.
pub(super) const SERVER: [ConditionKey; 7] = [
    ConditionKey::Branch,
    ConditionKey::Event,
    ConditionKey::Action,
    ConditionKey::Ref,
    ConditionKey::Repo,
    ConditionKey::Target,
    ConditionKey::Cron,
];

/// What the runner compares. The order only chooses which of several reasons is told: the event says most.
pub(super) const RUNNER: [ConditionKey; 8] = [
    ConditionKey::Event,
    ConditionKey::Branch,
    ConditionKey::Ref,
    ConditionKey::Action,
    ConditionKey::Target,
    ConditionKey::Cron,
    ConditionKey::Repo,
    ConditionKey::Instance,
];

/// Whether the server starts a pipeline with this `trigger`. `status` is not looked at.
#[must_use]
pub fn trigger_matches(trigger: &Conditions, build: &Build) -> Decision {
    decide(trigger, build, &SERVER)
}

/// Whether the runner would take these conditions as met, for a `when` or a `trigger`. `status` is not looked at.
#[must_use]
pub fn when_matches(when: &Conditions, build: &Build) -> Decision {
    decide(when, build, &RUNNER)
}

/// As [`trigger_matches`], without the reason.
#[must_use]
pub fn trigger_allows(trigger: &Conditions, build: &Build) -> bool {
    first_mismatch(trigger, build, &SERVER).is_none()
}

/// As [`when_matches`], without the reason.
#[must_use]
pub fn when_allows(when: &Conditions, build: &Build) -> bool {
    first_mismatch(when, build, &RUNNER).is_none()
}

/// While what is a step or a pipeline with this `status` wanted (§4.4)?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// While all is well.
    pub on_success: bool,
    /// After something failed.
    pub on_failure: bool,
}

impl Wanted {
    const BY_DEFAULT: Self = Self { on_success: true, on_failure: false };

    /// For a step: words that Drone does not know mean the default.
    #[must_use]
    pub fn of_step(when: &Conditions) -> Self {
        let Some(status) = status(when) else { return Self::BY_DEFAULT };
        let on_failure = condition_matches(status, "failure");
        Self { on_success: !on_failure || condition_matches(status, "success"), on_failure }
    }

    /// For a pipeline: words that Drone does not know mean never.
    #[must_use]
    pub fn of_pipeline(trigger: &Conditions) -> Self {
        let Some(status) = status(trigger) else { return Self::BY_DEFAULT };
        let matches = |word| condition_matches(status, word);
        Self { on_success: matches("success"), on_failure: matches("failure") }
    }
}

/// The condition on `status`, when it says anything.
fn status(conditions: &Conditions) -> Option<&Condition> {
    conditions.get(ConditionKey::Status).filter(|it| restricts(it))
}

/// True when a condition says anything at all.
#[must_use]
pub fn restricts(condition: &Condition) -> bool {
    !condition.include.is_empty() || !condition.exclude.is_empty()
}

/// Whether one condition lets a value through. An empty value is a value: only patterns that match nothing do.
#[must_use]
pub fn condition_matches(condition: &Condition, value: &str) -> bool {
    matching(&condition.exclude, value).is_none()
        && (condition.include.is_empty() || matching(&condition.include, value).is_some())
}

fn matching<'c>(patterns: &'c [Text], value: &str) -> Option<&'c Text> {
    patterns.iter().find(|it| glob::matches(&it.value, value))
}

/// The condition that says no, and the `exclude` pattern that does.
struct Mismatch<'c> {
    condition: &'c Condition,
    excluded_by: Option<&'c Text>,
}

fn first_mismatch<'c>(
    conditions: &'c Conditions,
    build: &Build,
    keys: &[ConditionKey],
) -> Option<Mismatch<'c>> {
    // Most steps have no condition at all.
    if conditions.entries.is_empty() {
        return None;
    }
    keys.iter().filter_map(|key| conditions.get(*key)).find_map(|condition| {
        let value = build.value(condition.key);
        let excluded_by = matching(&condition.exclude, value);
        let refused = excluded_by.is_some() || !condition_matches(condition, value);
        refused.then_some(Mismatch { condition, excluded_by })
    })
}

fn decide(conditions: &Conditions, build: &Build, keys: &[ConditionKey]) -> Decision {
    if let Some(mismatch) = first_mismatch(conditions, build, keys) {
        return Decision::Skipped(mismatch.reason(build));
    }
    Decision::Runs(why_met(conditions, build, keys))
}

/// Why nothing says no. What looks like a restriction and is none is named: nobody else will.
fn why_met(conditions: &Conditions, build: &Build, keys: &[ConditionKey]) -> Reason {
    let no_say = match conditions.get(ConditionKey::Paths) {
        Some(paths) if restricts(paths) => "; `paths` has no say, Drone does not look at changed files",
        _ => "",
    };
    let met: Vec<&Condition> =
        keys.iter().filter_map(|key| conditions.get(*key)).filter(|it| restricts(it)).collect();
    let Some(first) = met.first() else {
        let text = format!("no condition restricts it{no_say}");
        return Reason { cause: Cause::Unconditional, text, span: None };
    };
    let value = build.value(first.key);
    let span = matching(&first.include, value).map_or(first.span, |it| it.span);
    let text = met.iter().map(|it| praise(it, build)).collect::<Vec<_>>().join(", ") + no_say;
    Reason { cause: Cause::Matches, text, span: Some(span) }
}

/// Why a condition is met, in a few words.
fn praise(condition: &Condition, build: &Build) -> String {
    let name = condition.key.name();
    let value = build.value(condition.key);
    match matching(&condition.include, value) {
        Some(pattern) if pattern.value == value => format!("{name} is `{}`", short(value)),
        Some(pattern) => format!("{name} `{}` matches `{}`", short(value), short(&pattern.value)),
        None if value.is_empty() => format!("no {name} is excluded"),
        None => format!("{name} `{}` is not excluded", short(value)),
    }
}

impl Mismatch<'_> {
    fn reason(&self, build: &Build) -> Reason {
        let Condition { key, include, .. } = self.condition;
        let value = build.value(*key);
        let name = key.name();
        let text = match self.excluded_by {
            Some(pattern) if pattern.value == value => format!("{name} `{}` is excluded", short(value)),
            Some(pattern) => format!("{name} `{}` is excluded by `{}`", short(value), short(&pattern.value)),
            None if value.is_empty() => {
                format!("{}, and {name} asks for {}", nothing(*key, build), list(include))
            }
            None => format!("{name} is `{}`, not {}", short(value), list(include)),
        };
        let span = match (self.excluded_by, include.as_slice()) {
            (Some(pattern), _) => pattern.span,
            (None, [only]) => only.span,
            (None, _) => self.condition.span,
        };
        let pattern = self.excluded_by.map(|it| it.value.clone());
        Reason {
            cause: Cause::Condition { key: *key, value: value.to_owned(), pattern },
            text,
            span: Some(span),
        }
    }
}

/// That the build has no such value, as a sentence.
fn nothing(key: ConditionKey, build: &Build) -> String {
    let event = build.event.word();
    match key {
        ConditionKey::Branch if build.event == Event::Tag => "a tag build has no branch".to_owned(),
        ConditionKey::Target => format!("a {event} build has no target"),
        ConditionKey::Cron => format!("a {event} build comes from no cron job"),
        _ => format!("this {event} build has no {}", key.name()),
    }
}

/// Patterns as a person lists them.
fn list(patterns: &[Text]) -> String {
    let quoted: Vec<String> = patterns.iter().take(4).map(|it| format!("`{}`", short(&it.value))).collect();
    match (patterns.len(), quoted.split_last()) {
        (0, _) | (_, None) => "nothing".to_owned(),
        (1, Some((only, _))) => only.clone(),
        (2..=4, Some((last, rest))) => format!("{} or {last}", rest.join(", ")),
        (count, _) => format!("{} or one of {} more", quoted.join(", "), count - quoted.len()),
    }
}

/// A text that fits a sentence, on one line.
pub(super) fn short(text: &str) -> Cow<'_, str> {
    shortened(text, 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing::conditions;
    use ConditionKey::{Action, Branch, Cron, Instance, Paths, Ref, Repo, Status, Target};

    const KEY_EVENT: ConditionKey = ConditionKey::Event;

    fn push() -> Build {
        Build::new(Event::Push)
    }

    /// Includes, excludes, value, answer (§4.3).
    #[test]
    fn exclude_beats_include_and_an_empty_include_lets_all_through() {
        let rows: &[(&[&str], &[&str], &str, bool)] = &[
            (&[], &[], "main", true),
            (&["main"], &[], "main", true),
            (&["main"], &[], "dev", false),
            (&["main", "dev"], &[], "dev", true),
            (&[], &["main"], "main", false),
            (&[], &["main"], "dev", true),
            (&["*"], &["main"], "main", false),
            (&["*"], &["main"], "dev", true),
            (&["main"], &["main"], "main", false),
            (&["["], &[], "[", false),
            (&[], &["["], "[", true),
            (&["main"], &[], "", false),
            (&[], &["main"], "", true),
        ];
        for (include, exclude, value, expected) in rows {
            let build = push().with_branch(value);
            let conditions = conditions(&[(Branch, include, exclude)]);
            assert_eq!(when_allows(&conditions, &build), *expected, "{include:?} {exclude:?} {value:?}");
            assert_eq!(trigger_allows(&conditions, &build), *expected, "{include:?} {exclude:?} {value:?}");
        }
    }

    /// Event, key, pattern, `trigger` answer, `when` answer (§4.1, §4.5).
    #[test]
    fn each_key_is_compared_with_its_value_of_the_build() {
        let rows: &[(Event, ConditionKey, &str, bool, bool)] = &[
            (Event::Push, KEY_EVENT, "push", true, true),
            (Event::Push, KEY_EVENT, "tag", false, false),
            (Event::Push, Branch, "main", true, true),
            (Event::PullRequest, Branch, "main", true, true),
            (Event::PullRequest, Branch, "feature/x", false, false),
            (Event::Tag, Branch, "main", false, false),
            (Event::Tag, Ref, "refs/tags/v*", true, true),
            (Event::Push, Ref, "refs/heads/main", true, true),
            (Event::PullRequest, Ref, "refs/pull/*/head", true, true),
            (Event::Push, Repo, "octocat/*", true, true),
            (Event::Push, Repo, "octocat", false, false),
            (Event::Push, Instance, "drone.example.com", true, true),
            (Event::Push, Instance, "other.example.com", true, false),
            (Event::Promote, Target, "production", true, true),
            (Event::Rollback, Target, "production", true, true),
            (Event::Promote, Target, "staging", false, false),
            (Event::Push, Target, "production", false, false),
            (Event::Cron, Cron, "nightly", true, true),
            (Event::Push, Cron, "nightly", false, false),
            (Event::Push, Cron, "*", true, true),
            (Event::PullRequest, Action, "opened", true, true),
            (Event::Tag, Action, "create", true, true),
            (Event::Push, Action, "opened", false, false),
            (Event::Push, Paths, "docs/**", true, true),
            (Event::Push, Status, "failure", true, true),
        ];
        for (event, key, pattern, trigger, when) in rows {
            let build = Build::new(*event);
            let conditions = conditions(&[(*key, &[pattern], &[])]);
            assert_eq!(
                trigger_matches(&conditions, &build).runs(),
                *trigger,
                "trigger {event:?} {key:?} {pattern}"
            );
            assert_eq!(when_matches(&conditions, &build).runs(), *when, "when {event:?} {key:?} {pattern}");
        }
    }

    #[test]
    fn all_keys_must_match() {
        let both = conditions(&[(KEY_EVENT, &["push"], &[]), (Branch, &["main"], &[])]);
        assert!(when_allows(&both, &push()));
        assert!(!when_allows(&both, &push().with_branch("dev")));
        assert!(!when_allows(&both, &Build::new(Event::Custom)));
    }

    /// Include, exclude, step (success, failure), pipeline (success, failure) (§4.4).
    #[test]
    fn status_of_a_step_and_of_a_pipeline_differ_for_unknown_words() {
        type Row = (&'static [&'static str], &'static [&'static str], (bool, bool), (bool, bool));
        let rows: &[Row] = &[
            (&[], &[], (true, false), (true, false)),
            (&["success"], &[], (true, false), (true, false)),
            (&["failure"], &[], (false, true), (false, true)),
            (&["success", "failure"], &[], (true, true), (true, true)),
            (&[], &["success"], (false, true), (false, true)),
            (&[], &["failure"], (true, false), (true, false)),
            (&["*"], &[], (true, true), (true, true)),
            (&["failed"], &[], (true, false), (false, false)),
            (&["always"], &[], (true, false), (false, false)),
            (&["changed", "failure"], &[], (false, true), (false, true)),
        ];
        for (include, exclude, step, pipeline) in rows {
            let conditions = conditions(&[(Status, include, exclude)]);
            let pair = |it: Wanted| (it.on_success, it.on_failure);
            assert_eq!(pair(Wanted::of_step(&conditions)), *step, "step {include:?} {exclude:?}");
            assert_eq!(pair(Wanted::of_pipeline(&conditions)), *pipeline, "pipeline {include:?} {exclude:?}");
        }
    }

    #[test]
    fn reasons_name_the_value_and_what_was_asked() {
        let tag = Build::new(Event::Tag);
        let rows: &[(Conditions, &Build, &str)] = &[
            (conditions(&[(KEY_EVENT, &["tag"], &[])]), &push(), "event is `push`, not `tag`"),
            (
                conditions(&[(KEY_EVENT, &["tag", "cron"], &[])]),
                &push(),
                "event is `push`, not `tag` or `cron`",
            ),
            (conditions(&[(Branch, &[], &["main"])]), &push(), "branch `main` is excluded"),
            (conditions(&[(Branch, &[], &["ma*"])]), &push(), "branch `main` is excluded by `ma*`"),
            (
                conditions(&[(Branch, &["main"], &[])]),
                &tag,
                "a tag build has no branch, and branch asks for `main`",
            ),
            (conditions(&[]), &push(), "no condition restricts it"),
            (
                conditions(&[(Paths, &["docs/**"], &[])]),
                &push(),
                "no condition restricts it; `paths` has no say, Drone does not look at changed files",
            ),
            (
                conditions(&[(KEY_EVENT, &["push"], &[]), (Branch, &["m*"], &["dev"])]),
                &push(),
                "event is `push`, branch `main` matches `m*`",
            ),
        ];
        for (conditions, build, expected) in rows {
            assert_eq!(when_matches(conditions, build).reason().text, *expected);
        }
    }

    #[test]
    fn the_span_is_the_pattern_that_decided() {
        let conditions = conditions(&[(Branch, &["main"], &["dev", "ma*"])]);
        let decision = when_matches(&conditions, &push());
        assert_eq!(decision.reason().span, Some(conditions.entries[0].exclude[1].span));
        let matched = when_matches(&conditions, &push().with_branch("main2"));
        assert!(!matched.runs());
    }
}
