//! `ciworkshop verdict FILE…`: which of Drone's programs accept a file, and why the others do not.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::cli::{Exit, Failure, Format, World, parallel};
use crate::engine::diagnostic::{Program, Stage};
use crate::engine::lint::{Judgement, ReadStep, Verdict, verdict};
use crate::engine::source::SourceFile;

/// Say which of Drone's programs accept a file
///
/// A real build passes the server first, then the runner. `drone lint` is what people run by hand, and its old
/// version has other rules than today's. Each is asked for an untrusted repository, and for one that an
/// administrator trusts.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files to judge; `-` is standard input. Without any, the `.drone.yml` here or above
    files: Vec<PathBuf>,
    /// How to answer; JSON has one line a file
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Judges the files on all cores, and prints an answer for each in the order given.
pub(super) fn run(arguments: Arguments, world: &mut World) -> Result<Exit, Failure> {
    parallel::answer_each(arguments.files, world, |it| answer(it, arguments.format))
}

/// The text to print, and whether some program refuses the file.
fn answer(source: &SourceFile, format: Format) -> (String, bool) {
    let verdict = verdict(source);
    let text = match format {
        Format::Json => row(source, &verdict).to_string() + "\n",
        Format::Text => text(source, &verdict),
    };
    (text, !verdict.refused_by().is_empty())
}

/// What a person reads.
fn text(source: &SourceFile, verdict: &Verdict) -> String {
    let mut lines = vec![source.name().to_owned()];
    for judgement in &verdict.judgements {
        lines.extend(judgement_lines(source, verdict, judgement));
    }
    if verdict.legacy {
        lines.push(
            "  This file is written for Drone 0.8. Only the server understands it, by converting it.".into(),
        );
    }
    if !verdict.refused_by().is_empty() {
        lines.push(format!("  For all problems with their places: ciworkshop lint {}", source.name()));
    }
    lines.join("\n") + "\n"
}

fn judgement_lines(source: &SourceFile, verdict: &Verdict, judgement: &Judgement) -> Vec<String> {
    let name = judgement.program.name();
    let Some((stage, index)) = judgement.untrusted else {
        return vec![match judgement.pipelines {
            0 => format!("  none  {name}: {}", nothing_to_judge(judgement.program)),
            1 => format!("  ok    {name}"),
            many => format!("  ok    {name} ({many} pipelines)"),
        }];
    };
    let mut lines = vec![format!("  no    {name}: {}", reason(source, verdict, stage, index))];
    match judgement.trusted {
        None => lines.push("        ok in a repository that is trusted".into()),
        Some((stage, other)) if other != index => {
            lines.push(format!("        trusted, still no: {}", reason(source, verdict, stage, other)));
        }
        Some(_) => {}
    }
    lines
}

fn nothing_to_judge(program: Program) -> &'static str {
    match program {
        Program::Runner | Program::Lint => "no docker pipeline in the file, so nothing was judged",
        _ => "no pipeline in the file, so nothing was judged",
    }
}

fn reason(source: &SourceFile, verdict: &Verdict, stage: Stage, index: usize) -> String {
    let problem = &verdict.problems[index];
    let place = source.line_column(problem.primary.span.start);
    let crash = if stage == Stage::Panic { "crashes: " } else { "" };
    format!("{crash}{} ({}:{place}, {})", problem.message, source.name(), problem.code)
}

/// One line of JSON: the fields and nesting of the conformance rows that the project is tested with.
fn row(source: &SourceFile, verdict: &Verdict) -> Value {
    let mut row = Map::new();
    row.insert("file".into(), source.name().into());
    for judgement in &verdict.judgements {
        let key = judgement.program.key();
        row.insert(key.into(), outcome(source, verdict, judgement.untrusted));
        if judgement.trusted != judgement.untrusted {
            row.insert(format!("{key}_trusted"), outcome(source, verdict, judgement.trusted));
        }
    }
    let accepted = |program| verdict.of(program).is_some_and(|it| it.untrusted.is_none());
    if verdict.legacy {
        row.insert("legacy".into(), true.into());
    }
    if accepted(Program::Runner) {
        row.insert("runner_pipelines".into(), runner_pipelines(verdict));
    }
    if accepted(Program::Server) {
        row.insert("server_pipelines".into(), server_pipelines(verdict));
    }
    Value::Object(row)
}

fn outcome(source: &SourceFile, verdict: &Verdict, refusal: Option<(Stage, usize)>) -> Value {
    let Some((stage, index)) = refusal else { return json!({"ok": true}) };
    let problem = &verdict.problems[index];
    let place = source.line_column(problem.primary.span.start);
    let error = format!("line {}, column {}: {}", place.line, place.column, problem.message);
    json!({"ok": false, "stage": stage.word(), "error": error})
}

fn runner_pipelines(verdict: &Verdict) -> Value {
    let step = |it: &ReadStep| json!({"name": it.name, "depends_on": it.depends_on});
    let pipelines = verdict.runner_pipelines.iter().map(|it| {
        let builds = it.builds.iter();
        let builds =
            builds.map(|(name, trigger, when)| ((*name).into(), json!({"trigger": trigger, "when": when})));
        json!({
            "name": it.name,
            "type": it.type_,
            "depends_on": it.depends_on,
            "steps": it.steps.iter().map(step).collect::<Vec<_>>(),
            "services": it.services,
            "builds": builds.collect::<Map<String, Value>>(),
        })
    });
    pipelines.collect()
}

fn server_pipelines(verdict: &Verdict) -> Value {
    let pipelines = verdict.server_pipelines.iter().map(|it| {
        let builds = it.builds.iter().map(|(name, starts)| ((*name).into(), (*starts).into()));
        json!({
            "name": it.name,
            "depends_on": it.depends_on,
            "builds": builds.collect::<Map<String, Value>>(),
        })
    });
    pipelines.collect()
}
