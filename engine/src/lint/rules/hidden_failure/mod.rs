//! Tests whose failure is thrown away: by `|| true`, by `set +e`, or by `failure: ignore` on the only step that tests.

use crate::diagnostic::Diagnostic;
use crate::lint::edit::replace;
use crate::lint::purpose::{Purpose, called, purpose};
use crate::lint::rule::{Check, Rule};
use crate::lint::script::StepScript;
use crate::lint::written::{PipelineAdvice, StepAdvice};
use crate::shell::{Command, Joint, List, Pipeline, Script, Shape, Simple, commands, lists};
use crate::source::Span;

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};

const CODE: &str = "hidden-failure";

fn check(advice: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for step in advice.steps() {
        let Some(script) = step.script() else { continue };
        let Some(tree) = script.tree() else { continue };
        if script.text.contains("||") {
            swallowed(script, tree, found);
        }
        if script.text.contains("set +") {
            switched_off(script, tree, found);
        }
    }
    ignored(advice, found);
}

/// `pytest || true`
fn swallowed(script: &StepScript, tree: &Script, found: &mut Vec<Diagnostic>) {
    for (list, context) in lists(tree) {
        let Some(last) = list.rest.last().filter(|it| it.joint == Joint::Or) else { continue };
        if context.substitution || !always_succeeds(&last.pipeline) {
            continue;
        }
        let before = list.rest.len().checked_sub(2).map_or(&list.first, |it| &list.rest[it].pipeline);
        // `a && exit 78 || exit 0` asks a question, and goes on with either answer.
        if list.pipelines().take(list.rest.len()).any(leaves) {
            continue;
        }
        let hidden = list.pipelines().take(list.rest.len()).filter_map(judge_of).last();
        let Some((simple, purpose)) = hidden else { continue };
        let sign = last.sign.to(last.pipeline.span);
        found.push(of_sign(script, sign, before.span.end, simple, purpose));
    }
}

fn of_sign(script: &StepScript, sign: Span, from: u32, simple: &Simple, purpose: Purpose) -> Diagnostic {
    let written = script.text.get(sign.range()).unwrap_or_default();
    let message = format!("`{written}` hides a failing `{}`", called(simple));
    let place = script.place(sign);
    let diagnostic = match purpose {
        Purpose::Lint => Diagnostic::hint(CODE, place, message),
        _ => Diagnostic::warning(CODE, place, message),
    };
    let whole = script.place(Span { start: from, end: sign.end });
    diagnostic
        .label("from here on, all is well")
        .why("the step is green whatever the command on its left says, so nobody hears of the failure")
        .help(format!(
            "delete `{written}`; if this may fail, put it in a step of its own with `failure: ignore`, which still shows it"
        ))
        .fix(replace(whole, "", format!("delete `{written}`")))
}

/// The command in a pipeline whose failure is a verdict on the code.
fn judge_of(pipeline: &Pipeline) -> Option<(&Simple, Purpose)> {
    let command = pipeline.commands.last().filter(|_| !pipeline.negated)?;
    let own = |it| Some((it, purpose(it))).filter(|it| it.1.judges());
    match command {
        Command::Simple(simple) => own(simple),
        Command::Compound(compound) => match &compound.shape {
            Shape::Group(script) | Shape::Subshell(script) => {
                commands(script).into_iter().filter(|it| !it.context.tested).find_map(|it| own(it.simple))
            }
            _ => None,
        },
    }
}

/// `exit 78`, `return`
fn leaves(pipeline: &Pipeline) -> bool {
    let [Command::Simple(simple)] = pipeline.commands.as_slice() else { return false };
    matches!(simple.program(), Some("exit" | "return" | "break" | "continue"))
}

/// `true`, `:`, `exit 0`, `echo …`
fn always_succeeds(pipeline: &Pipeline) -> bool {
    let [Command::Simple(simple)] = pipeline.commands.as_slice() else { return false };
    let program = simple.program();
    !pipeline.negated
        && match program {
            Some("true" | ":" | "echo" | "printf") => true,
            Some("exit") => simple.call().text(1) == Some("0"),
            _ => false,
        }
}

/// `set +e`, and a test after it that is not the last command.
fn switched_off(script: &StepScript, tree: &Script, found: &mut Vec<Diagnostic>) {
    let Some(off) = tree.lists.iter().position(|it| sets(it, "+")) else { return };
    let place = tree.lists[off].span;
    let after = script.text.get(place.end as usize..).unwrap_or_default();
    // Who looks at the exit code knows what they do.
    if after.contains("$?") || after.contains("PIPESTATUS") {
        return;
    }
    let until = tree.lists[off..].iter().position(|it| sets(it, "-")).map_or(tree.lists.len(), |it| off + it);
    let last = tree.lists.len() - 1;
    let unseen = tree.lists[off + 1..until].iter().enumerate().filter(|(at, _)| off + 1 + at < last);
    let hidden = unseen.filter(|it| it.1.rest.is_empty()).find_map(|it| judge_of(&it.1.first));
    let Some((simple, _)) = hidden else { return };
    let command = called(simple);
    found.push(
        Diagnostic::warning(CODE, script.place(place), format!("`set +e` hides a failing `{command}`"))
            .label("failures count for nothing from here on")
            .also(script.place(simple.span), "the step goes on when this fails")
            .why("Drone starts the script with `set -e`; without it only the last command decides about the step")
            .help(format!("delete `set +e`, or keep the result with `{command} || result=$?` and end with `exit $result`")),
    );
}

/// `set +e` or `set -e`, alone on its line.
fn sets(list: &List, sign: &str) -> bool {
    let [Command::Simple(simple)] = list.first.commands.as_slice() else { return false };
    list.rest.is_empty()
        && simple.program() == Some("set")
        && simple.words[1..].iter().any(|it| {
            it.text().and_then(|it| it.strip_prefix(sign)).is_some_and(|it| it.contains('e') && it.len() < 6)
        })
}

/// The only step that tests may fail as it likes.
fn ignored(advice: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let ignores = |it: &StepAdvice<'_>| it.step.failure.as_ref().is_some_and(|it| it.value == "ignore");
    if !advice.steps().any(ignores) {
        return;
    }
    let (mut ignoring, counting): (Vec<_>, Vec<_>) =
        advice.steps().filter(|it| tests(it)).partition(|it| ignores(it));
    ignoring.retain(|it| !is_trial(it));
    // Other steps may hold tests that cannot be seen.
    if !counting.is_empty() || advice.steps().any(|it| !ignores(it) && may_test(it)) {
        return;
    }
    for step in ignoring {
        let Some(failure) = &step.step.failure else { continue };
        let name = step.step.name();
        found.push(
            Diagnostic::warning(
                CODE,
                failure.span,
                format!("`failure: ignore` hides that the tests of `{name}` fail"),
            )
            .label("a red test leaves the build green")
            .why("no other step of this pipeline tests anything, so no test can turn the build red")
            .help("delete `failure: ignore`; keep it for steps that nobody depends on, such as an upload"),
        );
    }
}

fn tests(step: &StepAdvice<'_>) -> bool {
    let Some(tree) = step.script().and_then(StepScript::tree) else { return false };
    commands(tree).iter().any(|it| purpose(it.simple) == Purpose::Test)
}

/// A plugin, or a command that nothing is known of.
fn may_test(step: &StepAdvice<'_>) -> bool {
    let Some(tree) = step.script().and_then(StepScript::tree) else { return true };
    commands(tree).iter().any(|it| purpose(it.simple) == Purpose::Other)
}

/// A look at something that may well be broken.
fn is_trial(step: &StepAdvice<'_>) -> bool {
    let says = |it: &str| {
        let it = it.to_ascii_lowercase();
        [
            "nightly",
            "beta",
            "edge",
            "canary",
            "next",
            "experimental",
            "optional",
            "allow",
            "flaky",
            "unstable",
            "preview",
            "rc",
        ]
        .iter()
        .any(|word| it.contains(word))
    };
    says(step.step.name()) || says(step.step.image())
}
