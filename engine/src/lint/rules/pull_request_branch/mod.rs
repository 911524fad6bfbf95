//! A condition on the branch, meant for the branch of a pull request; it is compared with the one it goes to.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::blocks::{conditionals, short};
use crate::lint::rule::{Check, Rule};
use crate::lint::written::PipelineAdvice;
use crate::pipeline::{ConditionKey, Text};
use crate::plan::{Event, Forge, Question};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Hint,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "pull-request-branch";

/// How branches begin that are made for one change, and to which nobody makes a pull request.
const HEADS: [&str; 10] = [
    "bugfix/",
    "chore/",
    "dependabot/",
    "feat/",
    "feature-",
    "feature/",
    "features/",
    "fix/",
    "renovate/",
    "topic/",
];

const OTHERS: [Event; 6] =
    [Event::Push, Event::Tag, Event::Cron, Event::Promote, Event::Rollback, Event::Custom];

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let server = Question::new().trigger(&page.pipeline.trigger);
    for block in conditionals(page) {
        let Some(branch) = block.conditions.get(ConditionKey::Branch) else { continue };
        let is_head = |it: &&Text| HEADS.iter().any(|head| it.value.starts_with(head));
        let Some(pattern) = branch.include.iter().find(is_head) else { continue };
        let question = match block.step {
            Some(step) => server.clone().when(&step.step.when),
            None => server.clone(),
        };
        let only_pulls = question.reach(&[Event::PullRequest], Forge::Usual).is_some()
            && question.is_never(&OTHERS, Forge::Usual);
        if only_pulls {
            found.push(problem(pattern));
        }
    }
}

fn problem(pattern: &Text) -> Diagnostic {
    let written = short(&pattern.value);
    let message = format!("`{written}` is compared with the branch that the pull request goes to");
    Diagnostic::hint(CODE, pattern.span, message)
        .label("looks like the branch it comes from")
        .why("`branch` is the base of a pull request, and no condition knows the branch with the changes")
        .help("test `$DRONE_SOURCE_BRANCH` in `commands`")
}
