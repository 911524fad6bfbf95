//! A pipeline or a step that no build can reach, because its conditions contradict each other.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::blocks::{block_word, place, says, short, step_words};
use crate::lint::rule::{Check, Rule};
use crate::lint::written::PipelineAdvice;
use crate::pipeline::{Condition, ConditionKey};
use crate::plan::{Asked, Block, Event, Forge, Question, Reach, condition_matches};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "unreachable";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let pipeline = page.pipeline;
    let server = Question::new().trigger(&pipeline.trigger);
    if !pipeline.trigger.entries.is_empty()
        && let Reach::Never(core) = server.reach(&Event::ALL, Forge::Any)
    {
        // Whatever its steps say, they do not run either.
        found.extend(problem(&format!("the pipeline `{}`", short(pipeline.name())), &core));
        return;
    }
    for step in page.all.iter().filter(|it| !it.step.when.entries.is_empty()) {
        let both = server.clone().when(&step.step.when);
        if let Reach::Never(core) = both.reach(&Event::ALL, Forge::Any) {
            found.extend(problem(&step_words(step), &core));
        }
    }
}

fn problem(owner: &str, core: &[Asked<'_>]) -> Option<Diagnostic> {
    let (last, others) = core.split_last()?;
    if others.is_empty() {
        return contradicts_itself(last.condition).then(|| excluded(owner, last.condition));
    }
    let all: Vec<String> = core.iter().map(|it| says(it.condition)).collect();
    let message = format!("{owner} can never run: no build matches {}", list(&all));
    let mut problem = Diagnostic::warning(CODE, place(last.condition), message)
        .label(format!("asked for by `{}`", block_word(last.block)))
        .why(why(core))
        .help("let them agree, or take one of them out");
    for other in others {
        problem = problem.also(place(other.condition), format!("asked for by `{}`", block_word(other.block)));
    }
    Some(problem)
}

/// One that lets nothing through although some of its patterns would: words and patterns that are wrong on their own
/// are the matter of other rules.
fn contradicts_itself(condition: &Condition) -> bool {
    let excludes = |it: &str| condition.exclude.iter().any(|other| other.value == it || other.value == "**");
    let lets = |it: &str| !condition.exclude.is_empty() && !condition_matches(condition, it);
    condition.include.iter().any(|it| excludes(&it.value) || lets(&it.value))
        || (condition.include.is_empty() && excludes("**"))
}

fn excluded(owner: &str, condition: &Condition) -> Diagnostic {
    let name = condition.key.name();
    let message = format!("{owner} can never run: all that `{name}` includes is excluded too");
    Diagnostic::warning(CODE, condition.span, message)
        .label("lets nothing through")
        .why("`exclude` wins over `include`")
        .help("leave out one of the two patterns")
}

fn list(all: &[String]) -> String {
    match all {
        [first, second] => format!("both {first} and {second}"),
        [rest @ .., last] => format!("all of {} and {last}", rest.join(", ")),
        [] => String::new(),
    }
}

fn why(core: &[Asked<'_>]) -> &'static str {
    let has = |key| core.iter().any(|it| it.condition.key == key);
    let first = core.first().map(|it| it.condition.key);
    if core.iter().all(|it| Some(it.condition.key) == first) {
        return "`when` can only narrow what `trigger` lets through";
    }
    if has(ConditionKey::Target) {
        return "only builds that are promoted or rolled back have a target";
    }
    if has(ConditionKey::Cron) {
        return "only builds that a cron job starts have the name of one";
    }
    if has(ConditionKey::Action) {
        return "a pull request is `opened` or `synchronized`, a tag is `create`, other builds have no action";
    }
    if has(ConditionKey::Ref) {
        return "a push has `refs/heads/` and its branch as ref, a tag `refs/tags/`, a pull request neither";
    }
    if core.iter().any(|it| it.block == Block::Trigger) && core.iter().any(|it| it.block == Block::When) {
        return "a step needs a build that matches `trigger` and `when`";
    }
    "all conditions must match in the same build"
}
