//! Answers → a line of JSON for each file.
//!
//! ```json
//! {
//!   "version": 1,
//!   "file": ".drone.yml",
//!   "problems": [{
//!     "code": "wrong-shape", "severity": "error", "fails": true,
//!     "message": "…", "why": "…", "help": "…",
//!     "places": [{"line": 7, "column": 13, "end_line": 7, "end_column": 17, "start": 80, "end": 84, "message": "…"}],
//!     "refused_by": [{"program": "runner", "stage": "parse", "untrusted_only": false}],
//!     "fixes": [{"message": "…", "safe": true, "edits": [{"line": 7, …, "start": 80, "end": 84, "text": "[make]"}]}]
//!   }],
//!   "allowed": 0,
//!   "fixed": [{"code": "wrong-shape", "message": "…", "line": 7}]
//! }
//! ```
//!
//! The first place is the main one. Lines and columns count from 1, columns in characters; `start` and `end` are bytes.
//! `why` and `help` may be null. `fails` says that the problem makes the exit code 1. `allowed` counts what comments in
//! the file allow. `fixed` lists what `--fix` has done; the problems are those that are left. Fields may be added
//! without a new version.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::cli::lint::place::place;
use crate::cli::lint::{Answer, Style};
use crate::engine::diagnostic::{Diagnostic, Fix, Program, Refusal};
use crate::engine::lint::Applied;
use crate::engine::source::SourceFile;

pub(super) fn write(answers: &[Answer<'_>], style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    answers.iter().try_for_each(|it| writeln!(out, "{}", view(it, style)))
}

fn view(answer: &Answer<'_>, style: &Style<'_>) -> Value {
    let problems = answer.report.problems.iter().map(|it| problem(&answer.source, it, style));
    let fixed = answer.applied.iter().map(|it| {
        let Applied { code, message, line } = it;
        json!({"code": code, "message": message, "line": line})
    });
    json!({
        "version": 1,
        "file": answer.source.name(),
        "problems": problems.collect::<Vec<_>>(),
        "allowed": answer.report.allowed.len(),
        "fixed": fixed.collect::<Vec<_>>(),
    })
}

fn problem(source: &SourceFile, problem: &Diagnostic, style: &Style<'_>) -> Value {
    let labels = std::iter::once(&problem.primary).chain(&problem.secondary);
    let places = labels.map(|it| {
        let mut place = place(source, it.span);
        place["message"] = it.message.as_str().into();
        place
    });
    json!({
        "code": problem.code,
        "severity": problem.severity.word(),
        "fails": style.fails(problem),
        "message": problem.message,
        "why": problem.why,
        "help": problem.help,
        "places": places.collect::<Vec<_>>(),
        "refused_by": problem.refusals.iter().copied().flat_map(refusals).collect::<Vec<_>>(),
        "fixes": problem.fixes.iter().map(|it| fix(source, it)).collect::<Vec<_>>(),
    })
}

fn fix(source: &SourceFile, fix: &Fix) -> Value {
    let edits = fix.edits.iter().map(|it| {
        let mut edit = place(source, it.span);
        edit["text"] = it.text.as_str().into();
        edit
    });
    json!({"message": fix.message, "safe": fix.safe, "edits": edits.collect::<Vec<_>>()})
}

fn refusals(refusal: Refusal) -> Vec<Value> {
    let (stage, untrusted_only) = (refusal.stage.word(), refusal.untrusted_only);
    let view = |it: Program| json!({"program": it.key(), "stage": stage, "untrusted_only": untrusted_only});
    refusal.programs.iter().map(view).collect()
}
