//! A condition on the branch that keeps out the tags which the file asks for: a tag build has no branch.

use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::lint::blocks::{place, says, short, step_words};
use crate::lint::edit;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::PipelineAdvice;
use crate::pipeline::{Condition, ConditionKey, Conditions, Text};
use crate::plan::{Event, Forge, Question, condition_matches};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "branch-and-tag";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let trigger = &page.pipeline.trigger;
    let by_trigger = keeps_tags_out(trigger);
    let server = Question::new().trigger(trigger);
    let wanted = tag_of(trigger);
    if let (Some(tag), Some(branch)) = (wanted, by_trigger)
        && only_branch_is_in_the_way(&server)
    {
        let owner = format!("the pipeline `{}`", short(page.pipeline.name()));
        let never = server.is_never(&Event::ALL, Forge::Usual);
        found.push(problem(&owner, tag, branch, never).together(trigger));
        return;
    }
    for step in page.all.iter().filter(|it| !it.step.when.entries.is_empty()) {
        let when = &step.step.when;
        let own = keeps_tags_out(when);
        let Some(branch) = own.or(by_trigger) else { continue };
        let Some(tag) = tag_of(when).or(wanted) else { continue };
        let both = server.clone().when(when);
        let never = both.is_never(&Event::ALL, Forge::Usual);
        // A step that leaves tags to others, in a pipeline that is for tags too, is fine.
        if (tag_of(when).is_none() && !never) || !only_branch_is_in_the_way(&both) {
            continue;
        }
        let found_here = problem(&step_words(step), tag, branch, never);
        if tag_of(when).is_none() {
            let help = "leave `branch` out: no condition can tell on which branch a tag was made";
            found.push(found_here.problem.help(help));
            continue;
        }
        let same = own.is_some();
        let pulls = server.reach(&[Event::PullRequest], Forge::Usual).is_some();
        found.push(if same { found_here.together(when) } else { found_here.apart(pulls) });
    }
}

/// The condition on the branch, if builds without a branch do not match it.
fn keeps_tags_out(conditions: &Conditions) -> Option<&Condition> {
    conditions.get(ConditionKey::Branch).filter(|it| !condition_matches(it, ""))
}

/// The word by which builds of tags are asked for.
fn tag_of(conditions: &Conditions) -> Option<&Text> {
    let of = |key| conditions.get(key).map(|it| it.include.as_slice()).unwrap_or_default();
    let event = of(ConditionKey::Event).iter().find(|it| it.value == Event::Tag.word());
    event.or_else(|| of(ConditionKey::Ref).iter().find(|it| it.value.starts_with("refs/tags/")))
}

/// True when tag builds would come through but for `branch`, and another forge may send them with one.
fn only_branch_is_in_the_way(question: &Question<'_>) -> bool {
    question.is_never(&[Event::Tag], Forge::Usual)
        && !question.without(ConditionKey::Branch).is_never(&[Event::Tag], Forge::Usual)
        && !question.is_never(&[Event::Tag], Forge::Any)
}

/// What is found, before it is known what to do.
struct Found<'c> {
    problem: Diagnostic,
    branch: &'c Condition,
}

fn problem<'c>(owner: &str, tag: &Text, branch: &'c Condition, never: bool) -> Found<'c> {
    let message = if never {
        format!("{owner} never runs: a tag build has no branch, and {} asks for one", says(branch))
    } else {
        format!("`{}` never matches: a tag build has no branch", short(&tag.value))
    };
    let problem = Diagnostic::warning(CODE, tag.span, message)
        .label("asks for tag builds")
        .also(place(branch), "keeps them out")
        .why("a tag belongs to a commit, and GitHub, Gitea and GitLab send no branch with it");
    Found { problem, branch }
}

impl Found<'_> {
    /// Both stand in the same block.
    fn together(self, conditions: &Conditions) -> Diagnostic {
        let others = conditions.get(ConditionKey::Event).map(|it| it.include.as_slice()).unwrap_or_default();
        let only_tags = !others.is_empty() && others.iter().all(|it| it.value == Event::Tag.word());
        let by_ref = conditions.get(ConditionKey::Ref).is_some();
        if only_tags || (by_ref && others.is_empty()) {
            let help = "leave `branch` out: no condition can tell on which branch a tag was made";
            return self.problem.help(help);
        }
        let Some(refs) = self.refs().filter(|_| !by_ref) else {
            return self
                .problem
                .help("use `ref` in the place of `branch`: `refs/heads/NAME` and `refs/tags/**`");
        };
        let pulls = others.is_empty() || others.iter().any(|it| it.value == Event::PullRequest.word());
        let also = if pulls { "; add `refs/pull/**` for pull requests" } else { "" };
        let help = format!("write `{refs}` in the place of `branch`{also}");
        let pushes = |it: &Text| matches!(it.value.as_str(), "push" | "tag" | "cron" | "custom");
        let problem = self.problem.help(help);
        if others.is_empty() || !others.iter().all(pushes) {
            return problem;
        }
        problem.fix(in_place_of(self.branch, refs))
    }

    /// One stands in the trigger, and the other in a step.
    fn apart(self, pulls: bool) -> Diagnostic {
        let also = if pulls { "; add `refs/pull/**` for pull requests" } else { "" };
        let help = match self.refs() {
            Some(refs) => format!("write `{refs}` in the place of `branch`{also}"),
            None => "use `ref` in the place of `branch`: `refs/heads/NAME` and `refs/tags/**`".to_owned(),
        };
        self.problem.help(help)
    }

    /// The same branches and all tags, as one condition on `ref`.
    fn refs(&self) -> Option<String> {
        let Condition { include, exclude, .. } = self.branch;
        let plain = |it: &Text| it.value.chars().all(|it| it.is_ascii_alphanumeric() || "-_./*".contains(it));
        if !exclude.is_empty() || include.len() > 4 || !include.iter().all(plain) {
            return None;
        }
        let heads: Vec<String> = include.iter().map(|it| format!("refs/heads/{}", it.value)).collect();
        Some(format!("ref: [{}, refs/tags/**]", heads.join(", ")))
    }
}

fn in_place_of(branch: &Condition, refs: String) -> Fix {
    let span = Span { start: branch.key_span.start, end: branch.span.end };
    edit::replace(span, refs, "replace `branch` by `ref`")
}
