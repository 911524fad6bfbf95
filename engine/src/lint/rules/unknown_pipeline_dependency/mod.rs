//! A pipeline that waits for a pipeline that is not there, or not yet.

use crate::diagnostic::{Diagnostic, Program, Programs, Severity, Stage};
use crate::lint::closest;
use crate::lint::edit::replace;
use crate::lint::rule::{Check, FilePage, Rule};
use crate::pipeline::{Pipeline, Resource, Text};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::File(check),
};
const CODE: &str = "unknown-pipeline-dependency";

fn check(page: &FilePage<'_>, found: &mut Vec<Diagnostic>) {
    // The name may be one that could not be read.
    let readers = page.who_read_names();
    let server = readers.and(Program::Server.into());
    let lint = readers.and(Program::Lint.into());
    let pipelines: Vec<&Pipeline> = page.pipelines().collect();
    let nameable = nameable(page);
    let first: std::collections::HashMap<&str, usize> =
        pipelines.iter().enumerate().rev().map(|(at, it)| (it.raw_name(), at)).collect();
    for (at, pipeline) in pipelines.iter().enumerate() {
        for wanted in &pipeline.depends_on {
            let place = first.get(wanted.value.as_str()).copied();
            // The server wants it above; today's linter wants it of a type it knows, wherever it stands.
            let unseen = place.is_none_or(|it| it > at);
            let strange = is_pipeline(pipeline) && !nameable.contains(wanted.value.as_str());
            let refused = |refuses: bool, who: Programs| if refuses { who } else { Programs::NONE };
            let (server, lint) = (refused(unseen, server), refused(strange, lint));
            if !(server | lint).is_empty() {
                let there = place.map(|it| (pipelines[it], unseen));
                let problem = problem(pipeline, wanted, there, &pipelines);
                found.push(problem.refused_by(server, Stage::Lint).refused_by(lint, Stage::Stages));
            }
        }
    }
}

/// Unknown kinds count as pipelines only for the server.
fn is_pipeline(pipeline: &Pipeline) -> bool {
    pipeline.kind.value == "pipeline"
}

/// What today's linter lets a pipeline wait for: docker pipelines, secrets and signatures, anywhere in the file.
fn nameable<'f>(page: &FilePage<'f>) -> std::collections::HashSet<&'f str> {
    let named = page.documents.iter().filter_map(|it| match &it.resource {
        Resource::Pipeline(it) if it.is_docker() => Some(it.raw_name()),
        Resource::Secret(it) => Some(it.name.as_ref().map_or("", |it| it.value.as_str())),
        Resource::Signature(it) => Some(it.name.as_ref().map_or("", |it| it.value.as_str())),
        _ => None,
    });
    named.collect()
}

fn problem(
    pipeline: &Pipeline,
    wanted: &Text,
    there: Option<(&Pipeline, bool)>,
    all: &[&Pipeline],
) -> Diagnostic {
    let (name, dependency) = (pipeline.name(), wanted.value.as_str());
    let Some((there, later)) = there else {
        let message =
            format!("the pipeline `{name}` waits for `{dependency}`, and there is no such pipeline");
        let problem = Diagnostic::error(CODE, wanted.span, message)
            .label("no pipeline of this file has this name")
            .why("the server refuses the file: it could never start this pipeline");
        let owner = all.iter().find(|it| it.steps.iter().any(|it| it.name() == dependency));
        if let Some(owner) = owner.filter(|it| !dependency.is_empty() && !std::ptr::eq(**it, pipeline)) {
            let owner = owner.name();
            return problem
                .help(format!("`{dependency}` is a step of the pipeline `{owner}`: wait for `{owner}`"));
        }
        return match closest(dependency, all.iter().map(|it| it.raw_name())) {
            Some(meant) => problem.help(format!("did you mean `{meant}`?")).fix(replace(
                wanted.span,
                meant,
                format!("write `{meant}`"),
            )),
            None => problem.help(
                "use the name of a pipeline above it; names of steps belong at the step's own `depends_on`",
            ),
        };
    };
    if later {
        return Diagnostic::error(
            CODE,
            wanted.span,
            format!("`{name}` waits for `{dependency}`, which comes later in the file"),
        )
        .label("not known up to here")
        .also(there.name_span(), "declared here")
        .why("the server reads from top to bottom: a pipeline may wait only for what stands above it")
        .help(format!("move the pipeline `{dependency}` above `{name}`"));
    }
    Diagnostic::error(CODE, wanted.span, format!("`drone lint` does not count `{dependency}` as a pipeline"))
        .label(format!("a pipeline of `type: {}`", there.raw_type()))
        .also(there.name_span(), "declared here")
        .why("it knows docker pipelines only, and refuses to wait for any other; the server does not mind")
        .help("leave it as it is if `drone lint` is not part of your work")
}
