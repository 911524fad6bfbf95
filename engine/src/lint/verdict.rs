//! A file → which of Drone's programs accept it, what they read, and which of eight builds would start what.
//!
//! There are no rules here: a program refuses a file when some diagnostic says that it does.

use crate::diagnostic::{Diagnostic, Program, Programs, Stage};
use crate::lint::{Views, examine, refusing};
use crate::pipeline::{Document, Pipeline, Readings, Resource, Step, is_legacy, read};
use crate::plan::{Build, Event, substitution_variables, trigger_allows, when_allows};
use crate::source::SourceFile;

/// What all programs say of one file.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Every problem, by place: the reasons that [`Judgement`]s point to.
    pub problems: Vec<Diagnostic>,
    /// One for each program that has something to judge. The server and the three general readers always do; the
    /// exec, kubernetes and ssh runners only where the file has a pipeline of their type.
    pub judgements: Vec<Judgement>,
    /// What the docker runner read. Empty when it refuses the file, and when no pipeline is of its kind.
    pub runner_pipelines: Vec<ReadPipeline>,
    /// What the server read. Empty when it refuses the file.
    pub server_pipelines: Vec<ServerPipeline>,
    /// A file of Drone 0.8 that the server converts; no other program understands it.
    pub legacy: bool,
}

/// What one program says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The program.
    pub program: Program,
    /// Why it refuses the file for an untrusted repository: the stage, and the index into the problems.
    pub untrusted: Option<(Stage, usize)>,
    /// The same for a trusted repository.
    pub trusted: Option<(Stage, usize)>,
    /// How many pipelines of its kind it found. With none, it accepted nothing.
    pub pipelines: usize,
}

/// A pipeline as the docker runner read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadPipeline {
    /// The name as written.
    pub name: String,
    /// The type as written.
    pub type_: String,
    /// Names of pipelines it waits for.
    pub depends_on: Vec<String>,
    /// The steps in order.
    pub steps: Vec<ReadStep>,
    /// The names of the services, in order.
    pub services: Vec<String>,
    /// For each of the eight builds: its name, whether the trigger matches, and the steps whose `when` matches.
    pub builds: Vec<(&'static str, bool, Vec<String>)>,
}

/// A step or service as the docker runner read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadStep {
    /// Its name.
    pub name: String,
    /// Names of those it waits for.
    pub depends_on: Vec<String>,
}

/// A pipeline as the server read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerPipeline {
    /// The name as written.
    pub name: String,
    /// Names of pipelines it waits for.
    pub depends_on: Vec<String>,
    /// For each of the eight builds: its name, and whether the server starts the pipeline.
    pub builds: Vec<(&'static str, bool)>,
}

/// The eight builds of a verdict: one of each event, and a push to a branch that is not the default one.
#[must_use]
pub fn eight_builds() -> [(&'static str, Build); 8] {
    let build = |event| Build {
        default_branch: "master".into(),
        message: "fix: a thing".into(),
        ..Build::new(event).with_branch("master")
    };
    // Here the tag knows its branch, so that a condition on `branch` alone does not decide.
    let tag = Build { branch: "master".into(), ..build(Event::Tag).with_tag("v1.0.0") };
    [
        ("push-master", build(Event::Push)),
        ("push-feature", build(Event::Push).with_branch("feature/x")),
        ("pr-master", build(Event::PullRequest)),
        ("tag", Build { branch: "master".into(), ..tag }),
        ("cron-nightly", build(Event::Cron)),
        ("promote-production", build(Event::Promote)),
        ("rollback-production", build(Event::Rollback)),
        ("custom", build(Event::Custom)),
    ]
}

/// Asks every program.
#[must_use]
pub fn verdict(source: &SourceFile) -> Verdict {
    let builds = eight_builds();
    let variables = substitution_variables(&builds[0].1);
    let views = Views::of(source, &variables);
    let list = views.list();
    let (readings, mut problems) = examine(source, &list);
    let legacy = is_legacy(source.text());
    let server = legacy.then(|| converted(source, &mut problems));
    problems.sort_by_key(|it| it.primary.span);
    let server_documents =
        server.as_deref().map_or_else(|| documents(&readings, 0), |it| it.iter().collect());
    let by_runners = documents(&readings, 1);
    let judgements: Vec<_> = Program::ALL
        .into_iter()
        .filter_map(|it| {
            let seen = if it == Program::Server { &server_documents } else { &by_runners };
            judge(it, &problems, seen)
        })
        .collect();
    let accepted = |program| judgements.iter().any(|it| it.program == program && it.untrusted.is_none());
    let runner_pipelines = pipelines(&by_runners).filter(|it| it.is_docker());
    Verdict {
        runner_pipelines: if accepted(Program::Runner) {
            runner_pipelines.map(|it| read_pipeline(it, &builds)).collect()
        } else {
            Vec::new()
        },
        server_pipelines: if accepted(Program::Server) {
            pipelines(&server_documents).map(|it| server_pipeline(it, &builds)).collect()
        } else {
            Vec::new()
        },
        legacy: legacy && accepted(Program::Server),
        judgements,
        problems,
    }
}

/// For each program, in the order of [`Program::ALL`], the stage at which it refuses the file, when the repository is
/// not trusted and when it is.
pub(super) fn refusals(source: &SourceFile) -> Vec<[Option<Stage>; 2]> {
    let (_, problems) = refusing(source);
    let stage = |program, trusted| first_refusal(program, &problems, trusted).map(|it| it.0);
    Program::ALL.map(|it| [stage(it, false), stage(it, true)]).to_vec()
}

/// A 0.8 file as the server converts it.
fn converted(source: &SourceFile, problems: &mut Vec<Diagnostic>) -> Vec<Document> {
    let (manifest, wrong) = read(source);
    // That it is a 0.8 file was noted where the other programs look.
    problems.extend(wrong.into_iter().filter(|it| it.code != "legacy"));
    manifest.documents
}

fn documents(readings: &Readings, view: usize) -> Vec<&Document> {
    readings.views[view].iter().map(|it| &readings.documents[*it]).collect()
}

fn pipelines<'d>(documents: &[&'d Document]) -> impl Iterator<Item = &'d Pipeline> {
    documents.iter().filter_map(|it| match &it.resource {
        Resource::Pipeline(pipeline) => Some(&**pipeline),
        _ => None,
    })
}

fn judge(program: Program, problems: &[Diagnostic], documents: &[&Document]) -> Option<Judgement> {
    let of_type = |wanted: &str| {
        pipelines(documents).filter(|it| it.kind.value == "pipeline" && it.raw_type() == wanted).count()
    };
    let pipelines = match program {
        Program::Exec => of_type("exec"),
        Program::Kubernetes => of_type("kubernetes"),
        Program::Ssh => of_type("ssh"),
        Program::Runner | Program::Lint => pipelines(documents).filter(|it| it.is_docker()).count(),
        Program::Server | Program::Lint15 => pipelines(documents).count(),
    };
    let special = matches!(program, Program::Exec | Program::Kubernetes | Program::Ssh);
    if special && pipelines == 0 {
        return None;
    }
    let untrusted = first_refusal(program, problems, false);
    let trusted = first_refusal(program, problems, true);
    Some(Judgement { program, untrusted, trusted, pipelines })
}

/// The earliest stage that refuses, and the first problem in the file that makes it.
fn first_refusal(program: Program, problems: &[Diagnostic], trusted: bool) -> Option<(Stage, usize)> {
    let refusals = problems.iter().enumerate().flat_map(|(index, problem)| {
        let own = problem.refusals.iter().filter(|it| it.programs.contains(program));
        own.filter(move |it| !(trusted && it.untrusted_only)).map(move |it| (it.stage, index))
    });
    refusals.min()
}

fn read_pipeline(pipeline: &Pipeline, builds: &[(&'static str, Build)]) -> ReadPipeline {
    let step = |it: &Step| ReadStep { name: it.name().into(), depends_on: names(&it.depends_on) };
    ReadPipeline {
        name: pipeline.raw_name().into(),
        type_: pipeline.raw_type().into(),
        depends_on: names(&pipeline.depends_on),
        steps: pipeline.steps.iter().map(step).collect(),
        services: pipeline.services.iter().map(|it| it.name().into()).collect(),
        builds: builds.iter().map(|(name, build)| matching(pipeline, name, build)).collect(),
    }
}

fn matching(pipeline: &Pipeline, name: &'static str, build: &Build) -> (&'static str, bool, Vec<String>) {
    let steps = pipeline.steps.iter().filter(|it| when_allows(&it.when, build));
    (name, when_allows(&pipeline.trigger, build), steps.map(|it| it.name().into()).collect())
}

fn server_pipeline(pipeline: &Pipeline, builds: &[(&'static str, Build)]) -> ServerPipeline {
    ServerPipeline {
        name: pipeline.raw_name().into(),
        depends_on: names(&pipeline.depends_on),
        builds: builds
            .iter()
            .map(|(name, build)| (*name, trigger_allows(&pipeline.trigger, build)))
            .collect(),
    }
}

fn names(texts: &[crate::pipeline::Text]) -> Vec<String> {
    texts.iter().map(|it| it.value.clone()).collect()
}

impl Verdict {
    /// What a program says; `None` when there is nothing of its kind in the file.
    #[must_use]
    pub fn of(&self, program: Program) -> Option<&Judgement> {
        self.judgements.iter().find(|it| it.program == program)
    }

    /// The programs that refuse the file for an untrusted repository.
    #[must_use]
    pub fn refused_by(&self) -> Programs {
        let refusing = self.judgements.iter().filter(|it| it.untrusted.is_some());
        refusing.fold(Programs::NONE, |all, it| all | it.program.into())
    }
}
