//! A secret that is printed in another form: the log masks it only as it is.

use crate::diagnostic::Diagnostic;
use crate::lint::rule::{Check, Rule};
use crate::lint::script::StepScript;
use crate::lint::written::StepAdvice;
use crate::pipeline::Variable;
use crate::shell::{Command, Pipeline, Simple, pipelines};
use crate::source::Span;

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};

const CODE: &str = "printed-secret";

fn check(step: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let secrets: Vec<&str> = step.step.environment.iter().filter_map(secret).collect();
    if secrets.is_empty() || step.step.commands().is_empty() {
        return;
    }
    let Some(script) = step.script() else { return };
    let Some(tree) = script.tree() else { return };
    for (pipeline, context) in pipelines(tree) {
        if !context.substitution && !context.writes_to_pipe() {
            found.extend(changed(script, pipeline, &secrets));
            found.extend(encoded_by_curl(script, pipeline, &secrets));
        }
    }
}

fn secret((name, value): &(crate::pipeline::Text, Variable)) -> Option<&str> {
    matches!(value, Variable::Secret(_)).then_some(name.value.as_str())
}

/// `echo $TOKEN | base64`
fn changed(script: &StepScript, pipeline: &Pipeline, secrets: &[&str]) -> Option<Diagnostic> {
    let [Command::Simple(first), middle @ .., Command::Simple(last)] = pipeline.commands.as_slice() else {
        return None;
    };
    let simple = |it| matches!(it, &Command::Simple(_));
    if !matches!(first.program(), Some("echo" | "printf")) || !middle.iter().all(simple) || writes(last) {
        return None;
    }
    let rest = pipeline.commands[1..].iter().filter_map(|it| match it {
        Command::Simple(it) => it.program().map(|program| (program, it)),
        Command::Compound(_) => None,
    });
    let mut rest = rest.collect::<Vec<_>>();
    // All of them only change a text, so that it ends in the log.
    if !rest.iter().all(|it| changes(it.0, it.1) || it.0 == "cat") {
        return None;
    }
    rest.retain(|it| it.0 != "cat");
    let by = rest.first()?.0;
    let name = used(first, secrets)?;
    let place = script.place(pipeline.span);
    Some(of(place, format!("`{by}` prints `${name}` in a form that the log does not mask")))
}

fn changes(program: &str, simple: &Simple) -> bool {
    match program {
        "base64" | "rev" | "cut" | "xxd" | "od" | "hexdump" | "fold" | "tr" => true,
        "head" | "tail" => simple.call().has_letter('c'),
        _ => false,
    }
}

/// `curl -v -u me:$TOKEN`: it prints the header with the password in base64.
fn encoded_by_curl(script: &StepScript, pipeline: &Pipeline, secrets: &[&str]) -> Option<Diagnostic> {
    let Some(Command::Simple(simple)) = pipeline.commands.first() else { return None };
    let call = simple.unwrapped();
    let loud = call.has_flag("--verbose") || call.has_flag("-v");
    let user = call.has_letter('u') || call.has_flag("--user");
    if !call.is("curl") || !loud || !user || simple.redirects.iter().any(|it| it.number == Some(2)) {
        return None;
    }
    let name = used(simple, secrets)?;
    let place = script.place(simple.span);
    Some(of(place, format!("`curl -v` prints `${name}` in a form that the log does not mask")))
}

fn writes(simple: &Simple) -> bool {
    simple.redirects.iter().any(|it| it.writes && it.number.is_none_or(|it| it == 1))
}

/// The secret among the words of a command.
fn used<'s>(simple: &Simple, secrets: &[&'s str]) -> Option<&'s str> {
    let parts = || simple.words.iter().flat_map(|it| &it.parts);
    secrets.iter().copied().find(|name| parts().any(|it| it.piece.variable() == Some(name)))
}

fn of(place: Span, message: String) -> Diagnostic {
    Diagnostic::warning(CODE, place, message)
        .label("readable in the log")
        .why("Drone replaces a secret in the log by stars only where it stands letter by letter; in any other form everybody reads it who sees the log")
        .help("write it into a file or a variable instead of the log: `… > file`, `NAME=$( … )`")
}
