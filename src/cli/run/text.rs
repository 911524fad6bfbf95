//! What happens while a build runs → lines for a person, each with its pipeline and step.

use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anstyle::{AnsiColor, Style};

use crate::cli::plan::text::one_line;
use crate::engine::plan::{Plan, Role, StepResult};
use crate::run::event::{At, Event, Sink};
use crate::run::process::{Stop, Why};

/// Names longer than this push their own lines to the right.
const WIDEST: usize = 28;

const COLOURS: [AnsiColor; 6] = [
    AnsiColor::Cyan,
    AnsiColor::Yellow,
    AnsiColor::Magenta,
    AnsiColor::Blue,
    AnsiColor::Green,
    AnsiColor::BrightRed,
];

/// Writes as it is told. When nobody reads any more, the run is stopped.
pub(super) struct Text<'a> {
    out: Mutex<&'a mut (dyn Write + Send)>,
    width: usize,
    colour: bool,
    stop: &'a Stop,
}

impl<'a> Text<'a> {
    pub(super) fn new(out: &'a mut (dyn Write + Send), plan: &Plan, colour: bool, stop: &'a Stop) -> Self {
        let steps = plan.started().flat_map(|pipeline| {
            let runs = pipeline.steps.iter().filter(|it| it.decision.runs() || it.role == Role::Step);
            runs.map(|it| label(At { pipeline: &pipeline.name, step: &it.name }).chars().count())
        });
        let width = steps.filter(|it| *it <= WIDEST).max().unwrap_or(0);
        Self { out: Mutex::new(out), width, colour, stop }
    }

    fn write(&self, bytes: &[u8]) {
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        if out.write_all(bytes).and_then(|()| out.flush()).is_err() {
            self.stop.stop(Why::Interrupted);
        }
    }

    /// The beginning of every line about a step.
    fn prefix(&self, at: At<'_>) -> String {
        let label = format!("{:<width$}", label(at), width = self.width);
        let style = self.style(at);
        format!("{style}{label} |{style:#} ")
    }

    fn style(&self, at: At<'_>) -> Style {
        if !self.colour {
            return Style::new();
        }
        let sum = at
            .pipeline
            .bytes()
            .chain(at.step.bytes())
            .fold(0_usize, |sum, it| sum.wrapping_mul(31).wrapping_add(usize::from(it)));
        COLOURS[sum % COLOURS.len()].on_default()
    }

    fn output(&self, at: At<'_>, lines: &[u8]) {
        let prefix = self.prefix(at);
        let mut block = Vec::with_capacity(lines.len() + lines.len() / 2 + 64);
        for line in lines.split(|it| *it == b'\n') {
            block.extend_from_slice(prefix.as_bytes());
            if self.colour || !line.contains(&0x1b) {
                block.extend_from_slice(line);
            } else {
                for plain in anstream::adapter::strip_bytes(line) {
                    block.extend_from_slice(plain);
                }
            }
            block.push(b'\n');
        }
        self.write(&block);
    }

    fn say(&self, at: At<'_>, text: &str) {
        let prefix = self.prefix(at);
        let dim = if self.colour { Style::new().dimmed() } else { Style::new() };
        let lines: String = text.lines().map(|it| format!("{prefix}{dim}* {it}{dim:#}\n")).collect();
        self.write(lines.as_bytes());
    }
}

impl Sink for Text<'_> {
    fn tell(&self, event: &Event<'_>) {
        match event {
            Event::PipelineStarts(_) | Event::PipelineSkipped(..) | Event::PipelineEnds { .. } => {}
            Event::StepStarts { at, image, detached } => {
                let detached = if *detached { ", not waited for" } else { "" };
                let image = if image.is_empty() { String::new() } else { format!(" in {}", one_line(image)) };
                self.say(*at, &format!("starts{image}{detached}"));
            }
            Event::StepSkipped(at, decision) => {
                self.say(*at, &format!("skipped: {}", decision.reason().text));
            }
            Event::Output(at, lines) => self.output(*at, lines),
            Event::Note(at, text) => self.say(*at, text),
            Event::StepEnds { at, result, code, took } => {
                self.say(*at, &format!("{} after {}", ended(*result, *code), seconds(*took)));
            }
        }
    }
}

/// How a step ended, in words.
pub(super) fn ended(result: StepResult, code: Option<i32>) -> String {
    let code = code.map(|it| format!(", exit code {it}")).unwrap_or_default();
    match result {
        StepResult::Succeeds => "ok".to_owned(),
        StepResult::Skipped => "skipped".to_owned(),
        StepResult::Fails => format!("failed{code}"),
        StepResult::FailsIgnored => format!("failed{code}, which `failure: ignore` forgives"),
        StepResult::StopsEarly => "ok, exit code 78: the rest is skipped".to_owned(),
        StepResult::Killed => "stopped".to_owned(),
    }
}

/// A time as people say it.
pub(super) fn seconds(took: Duration) -> String {
    let seconds = took.as_secs_f64();
    if seconds < 60.0 {
        return format!("{seconds:.1} s");
    }
    format!("{} min {:02} s", took.as_secs() / 60, took.as_secs() % 60)
}

fn label(at: At<'_>) -> String {
    let step = if at.step.is_empty() { String::new() } else { format!("/{}", one_line(at.step)) };
    one_line(at.pipeline) + &step
}
