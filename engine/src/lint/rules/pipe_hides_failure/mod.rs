//! A test on the left side of a `|`: its failure is lost.

use crate::diagnostic::Diagnostic;
use crate::lint::purpose::{Purpose, called, purpose};
use crate::lint::rule::{Check, Rule};
use crate::lint::script::StepScript;
use crate::lint::sh::{Sh, sh_of};
use crate::lint::written::StepAdvice;
use crate::shell::{Command, Pipeline, Simple, pipelines};

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};

const CODE: &str = "pipe-hides-failure";

fn check(step: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    if step.is_service || !step.step.commands().iter().any(|it| it.value.contains('|')) {
        return;
    }
    let Some(script) = step.script() else { return };
    let Some(tree) = script.tree() else { return };
    let until = script.text.find("pipefail").unwrap_or(script.text.len());
    for (pipeline, context) in pipelines(tree) {
        if context.substitution || pipeline.span.start as usize > until {
            continue;
        }
        if let Some((at, simple)) = lost(pipeline) {
            found.push(of(step, script, pipeline, at, simple));
        }
    }
}

/// The first command whose failure is lost, and its place.
fn lost(pipeline: &Pipeline) -> Option<(usize, &Simple)> {
    let [left @ .., Command::Simple(last)] = pipeline.commands.as_slice() else { return None };
    if left.is_empty() || pipeline.negated || !passes_on(last) {
        return None;
    }
    let only_shows = matches!(last.program(), Some("tee" | "cat"));
    left.iter().enumerate().find_map(|(at, it)| {
        let Command::Simple(simple) = it else { return None };
        let counts = match purpose(simple) {
            Purpose::Test | Purpose::Build => true,
            // `gofmt -l . | grep .` asks the right side.
            Purpose::Lint => only_shows,
            _ => false,
        };
        counts.then_some((at, simple))
    })
}

/// Programs that show or keep what they read, and judge nothing.
fn passes_on(simple: &Simple) -> bool {
    match simple.unwrapped().program() {
        Some(
            "tee" | "cat" | "head" | "tail" | "sed" | "awk" | "tr" | "sort" | "uniq" | "ts" | "less" | "more"
            | "wc" | "cut" | "grep" | "egrep" | "xcpretty" | "aha" | "ccze" | "column" | "pino-pretty"
            | "bunyan",
        ) => true,
        Some("go-junit-report") => !simple.words.iter().any(|it| it.beginning().contains("set-exit-code")),
        _ => false,
    }
}

fn of(
    step: &StepAdvice<'_>,
    script: &StepScript,
    pipeline: &Pipeline,
    at: usize,
    simple: &Simple,
) -> Diagnostic {
    let command = called(simple);
    let last = match pipeline.commands.last() {
        Some(Command::Simple(it)) => it.unwrapped().program().unwrap_or("the last program"),
        _ => "the last program",
    };
    let help = match sh_of(step) {
        Sh::Ash | Sh::Bash => {
            "write `set -o pipefail` as the first command; the shell of this image knows it".to_owned()
        }
        Sh::Dash | Sh::Unknown => {
            format!("write the output to a file: `{command} > test.log 2>&1 || {{ cat test.log; exit 1; }}`")
        }
    };
    Diagnostic::warning(
        CODE,
        script.place(pipeline.pipes[at].span),
        format!("`{last}` succeeds, so a failing `{command}` goes unseen"),
    )
    .label("what fails on the left is lost here")
    .also(script.place(simple.span), "its exit code counts for nothing")
    .why("the exit code of a pipe is that of its last program, and that one only passes on what it reads")
    .help(help)
}
