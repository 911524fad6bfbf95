//! What happens while a build runs → one JSON object a line, for programs.

use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::engine::plan::Decision;
use crate::engine::source::SourceFile;
use crate::run::backend::Description;
use crate::run::event::{At, Event, Sink};
use crate::run::memory::{result, state};
use crate::run::outcome::{Outcome, PipelineOutcome, StepOutcome};
use crate::run::process::{Stop, Why};

/// The version of the format: it changes when a field changes its meaning or goes away.
const VERSION: u32 = 1;

/// Writes as it is told. When nobody reads any more, the run is stopped.
pub(super) struct Json<'a> {
    out: Mutex<&'a mut (dyn Write + Send)>,
    stop: &'a Stop,
}

impl<'a> Json<'a> {
    pub(super) fn new(out: &'a mut (dyn Write + Send), stop: &'a Stop) -> Self {
        Self { out: Mutex::new(out), stop }
    }

    fn line(&self, value: &Value) {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        if writeln!(out, "{value}").and_then(|()| out.flush()).is_err() {
            self.stop.stop(Why::Interrupted);
        }
    }
}

impl Sink for Json<'_> {
    fn tell(&self, event: &Event<'_>) {
        let line = match event {
            Event::PipelineStarts(at) => about("pipeline_starts", *at, json!({})),
            Event::PipelineSkipped(at, decision) => {
                about("pipeline_skipped", *at, json!({"reason": decision.reason().text}))
            }
            Event::PipelineEnds { at, green, took } => {
                about("pipeline_ends", *at, json!({"green": green, "seconds": rounded(*took)}))
            }
            Event::StepStarts { at, image, detached } => {
                about("step_starts", *at, json!({"image": image, "detached": detached}))
            }
            Event::StepSkipped(at, decision) => {
                about("step_skipped", *at, json!({"reason": decision.reason().text}))
            }
            Event::Output(at, lines) => {
                for line in lines.split(|it| *it == b'\n') {
                    let text = String::from_utf8_lossy(line);
                    self.line(&about("output", *at, json!({"text": text})));
                }
                return;
            }
            Event::Note(at, text) => about("note", *at, json!({"text": text})),
            Event::StepEnds { at, result: ended, code, took } => about(
                "step_ends",
                *at,
                json!({"result": result(*ended), "code": code, "seconds": rounded(*took)}),
            ),
        };
        self.line(&line);
    }
}

fn about(event: &str, at: At<'_>, mut fields: Value) -> Value {
    fields["event"] = event.into();
    fields["pipeline"] = at.pipeline.into();
    if !at.step.is_empty() {
        fields["step"] = at.step.into();
    }
    fields
}

fn rounded(took: Duration) -> f64 {
    (took.as_secs_f64() * 1000.0).round() / 1000.0
}

/// The first line.
pub(super) fn begin(machine: &Description, commit: &str, left_out: &[String]) -> Value {
    json!({
        "event": "run_starts",
        "version": VERSION,
        "machine": {"name": machine.name, "title": machine.title, "open": machine.open},
        "commit": commit,
        "left_out": left_out,
    })
}

/// The last line: all that became of the build.
pub(super) fn end(outcome: &Outcome, source: &SourceFile, more: &[(&str, Value)]) -> Value {
    let mut line = json!({
        "event": "run_ends",
        "green": outcome.green(),
        "interrupted": outcome.interrupted,
        "seconds": rounded(outcome.took),
        "pipelines": outcome.pipelines.iter().map(|it| pipeline(it, source)).collect::<Vec<_>>(),
    });
    for (name, value) in more {
        line[*name] = value.clone();
    }
    line
}

fn pipeline(pipeline: &PipelineOutcome, source: &SourceFile) -> Value {
    json!({
        "name": pipeline.name,
        "state": state(pipeline.state),
        "reason": reason(&pipeline.decision, source),
        "timed_out": pipeline.timed_out,
        "trouble": pipeline.trouble.as_ref().map(|it| json!({"message": it.message, "help": it.help})),
        "seconds": rounded(pipeline.took),
        "steps": pipeline.steps.iter().map(|it| step(it, source)).collect::<Vec<_>>(),
    })
}

fn step(step: &StepOutcome, source: &SourceFile) -> Value {
    json!({
        "name": step.name,
        "image": step.image,
        "detached": step.detached,
        "asked_for": step.wanted,
        "result": result(step.result),
        "code": step.code,
        "reason": reason(&step.decision, source),
        "trouble": step.trouble.as_ref().map(|it| json!({"message": it.message, "help": it.help})),
        "seconds": rounded(step.took),
    })
}

fn reason(decision: &Decision, source: &SourceFile) -> Value {
    let reason = decision.reason();
    let at = reason.span.map(|it| source.line_column(it.start));
    json!({
        "text": reason.text,
        "line": at.map(|it| it.line),
        "column": at.map(|it| it.column),
    })
}
