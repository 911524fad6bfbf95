//! `cd`, `export` and the like at the end of a step, as if the next step went on from there.

use crate::diagnostic::Diagnostic;
use crate::lint::rule::{Check, Rule};
use crate::lint::script::StepScript;
use crate::lint::written::{PipelineAdvice, StepAdvice};
use crate::pipeline::Variable;
use crate::shell::{Command, List, Piece, Script, Shape, Simple, Visit, commands, visit};
use crate::source::Span;

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};

const CODE: &str = "forgotten-between-steps";

/// So many later steps are looked at: what is meant for a step stands near it.
const NEAR: usize = 8;

/// So many variables of a step are followed.
const MANY: usize = 32;

fn check(advice: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let steps: Vec<&StepAdvice<'_>> = advice.steps().filter(|it| !it.step.commands().is_empty()).collect();
    for (at, step) in steps.iter().enumerate() {
        if !step.step.commands().iter().any(|it| may_set(&it.value)) {
            continue;
        }
        let Some(script) = step.script() else { continue };
        let Some(tree) = script.tree() else { continue };
        let later = &steps[at + 1..steps.len().min(at + 1 + NEAR)];
        if let (Some(next), Some(last)) = (later.first(), tree.lists.last().and_then(alone)) {
            found.extend(useless(script, last, next));
        }
        for (name, span) in set_by(tree).into_iter().take(MANY) {
            found.extend(used_later(step, script, name, span, later));
        }
    }
}

fn may_set(text: &str) -> bool {
    text.contains('=') || text.contains("cd ") || text.contains(". ") || text.contains("source ")
}

fn alone(list: &List) -> Option<&Simple> {
    match list.first.commands.as_slice() {
        [Command::Simple(simple)] if list.rest.is_empty() && list.background.is_none() => Some(simple),
        _ => None,
    }
}

/// `cd app` or `. venv/bin/activate` as the last command.
fn useless(script: &StepScript, last: &Simple, next: &StepAdvice<'_>) -> Option<Diagnostic> {
    let call = last.call();
    let target = call.text(1)?;
    let (message, help) = match call.program()? {
        "cd" if call.words.len() == 2 => (
            format!("the step ends here, so `cd {target}` changes nothing"),
            format!("write `cd {target}` as the first command of each step that needs it"),
        ),
        "." | "source" if target.ends_with("/activate") => (
            format!("the step ends here, so `{}` changes nothing", last.text),
            format!("write `. {target}` as the first command of each step that needs it"),
        ),
        _ => return None,
    };
    Some(
        Diagnostic::warning(CODE, script.place(last.span), message)
            .label("forgotten with the end of the step")
            .also(next.step.name_span(), "this step begins in a new container")
            .why("each step has a container and a shell of its own; only the files of the workspace are handed on")
            .help(help),
    )
}

/// The variables that a script sets for the commands that follow.
fn set_by(tree: &Script) -> Vec<(&str, Span)> {
    let mut found = Vec::new();
    for simple in tree.lists.iter().filter_map(alone) {
        if simple.words.is_empty() {
            found.extend(simple.assignments.iter().map(|it| (it.name.as_str(), it.span)));
        } else if simple.program() == Some("export") {
            found.extend(
                simple.words[1..].iter().filter_map(|it| Some((it.beginning().split_once('=')?.0, it.span))),
            );
        }
    }
    found
}

/// The first later step that uses a variable which nothing but this step sets.
fn used_later(
    step: &StepAdvice<'_>,
    script: &StepScript,
    name: &str,
    span: Span,
    later: &[&StepAdvice<'_>],
) -> Option<Diagnostic> {
    if is_everywhere(name) || step.pipeline.environment.iter().any(|it| it.0.value == name) {
        return None;
    }
    let (user, place) = later.iter().find_map(|it| Some((it, use_in(it, name)?)))?;
    let (here, there) = (step.step.name(), user.step.name());
    Some(
        Diagnostic::warning(CODE, place, format!("`${name}` is empty here: only the step `{here}` sets it"))
            .label("nothing sets it in this step")
            .also(script.place(span), "forgotten with the end of the step")
            .why("each step has a container and a shell of its own; only the files of the workspace are handed on")
            .help(format!(
                "set it in `{there}` as well, or hand it on in a file: `echo \"{name}=${name}\" > vars.env` there and `. ./vars.env` here"
            )),
    )
}

/// Images and the shell set these.
fn is_everywhere(name: &str) -> bool {
    ["DRONE_", "CI_", "PLUGIN_"].iter().any(|it| name.starts_with(it))
        || matches!(
            name,
            "CI" | "PATH"
                | "HOME"
                | "PWD"
                | "OLDPWD"
                | "USER"
                | "IFS"
                | "LANG"
                | "SHELL"
                | "HOSTNAME"
                | "GOPATH"
                | "GOROOT"
                | "GOBIN"
                | "JAVA_HOME"
                | "PYTHONPATH"
                | "NODE_ENV"
                | "NODE_PATH"
                | "CARGO_HOME"
                | "RUSTUP_HOME"
                | "GEM_HOME"
                | "TMPDIR"
        )
}

/// Where a step uses a variable that it does not get in any way of its own.
fn use_in(step: &StepAdvice<'_>, name: &str) -> Option<Span> {
    if !step.step.commands().iter().any(|it| it.value.contains(name)) {
        return None;
    }
    let own = |it: &(_, Variable)| {
        let (key, _): &(crate::pipeline::Text, Variable) = it;
        key.value == name
    };
    let script = step.script()?;
    let tree = script.tree()?;
    if step.step.environment.iter().any(own) || sets(tree, name) {
        return None;
    }
    let mut place = None;
    visit(tree, &mut |it, _| {
        let Visit::Word(word) = it else { return };
        let used = word.parts.iter().find(|it| matches!(&it.piece, Piece::Variable(own) if own == name));
        place = place.or(used.map(|it| it.span).filter(|it| !script.is_replaced(*it)));
    });
    place.map(|it| script.place(it))
}

/// True when a script sets the variable, or reads a file that may do so.
fn sets(tree: &Script, name: &str) -> bool {
    let by_command = commands(tree).iter().any(|it| {
        let simple = it.simple;
        let reads =
            matches!(simple.unwrapped().program(), Some("." | "source" | "eval" | "read" | "getopts"));
        reads
            || simple.assignments.iter().any(|it| it.name == name)
            || simple
                .words
                .iter()
                .any(|it| it.beginning().strip_prefix(name).is_some_and(|it| it.starts_with('=')))
    });
    let mut by_loop = false;
    visit(tree, &mut |it, _| {
        if let Visit::Compound(compound) = it {
            by_loop |= matches!(&compound.shape, Shape::For { variable, .. } if variable == name);
        }
    });
    by_command || by_loop
}
