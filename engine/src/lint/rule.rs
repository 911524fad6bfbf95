//! What a rule is, what it sees, and the driver that shows the file to every rule.

use crate::diagnostic::{Diagnostic, Program, Programs, Severity};
use crate::lint::rules;
use crate::lint::similar::closest;
use crate::lint::written::{FileAdvice, LostAdvice, PipelineAdvice, StepAdvice};
use crate::pipeline::{Document, Loss, Pipeline, Readings, Resource, Step, View};
use crate::source::Span;

/// A rule: a folder under `rules/` with its check, its page and its examples.
pub struct Rule {
    /// Its code: the folder's name with dashes.
    pub code: &'static str,
    /// How bad its findings are; a rule may say less of a single one.
    pub severity: Severity,
    /// Its page: what, why, before and after. What `explain` shows and the book includes.
    pub page: &'static str,
    /// What it looks at.
    pub check: Check,
}

/// What a rule looks at, and the function that looks. Problems go into the list.
#[derive(Clone, Copy)]
pub enum Check {
    /// The reader finds these; the rule's folder holds its page and examples.
    Reader,
    /// One pipeline at a time.
    Pipeline(fn(&PipelinePage<'_>, &mut Vec<Diagnostic>)),
    /// One document at a time, of any kind.
    Document(fn(&DocumentPage<'_>, &mut Vec<Diagnostic>)),
    /// The whole file, as one view reads it.
    File(fn(&FilePage<'_>, &mut Vec<Diagnostic>)),
    /// The whole file as it is written, with all pipelines that were read without a problem.
    FileAdvice(fn(&FileAdvice<'_>, &mut Vec<Diagnostic>)),
    /// One pipeline at a time, as it is written; only those that were read without a problem.
    PipelineAdvice(fn(&PipelineAdvice<'_>, &mut Vec<Diagnostic>)),
    /// One step or service at a time, of the same pipelines.
    StepAdvice(fn(&StepAdvice<'_>, &mut Vec<Diagnostic>)),
    /// One thing without effect at a time, of any document.
    Lost(fn(&LostAdvice<'_>, &mut Vec<Diagnostic>)),
}

/// A pipeline, and who reads and who checks it.
#[derive(Clone, Copy)]
pub struct PipelinePage<'f> {
    /// The pipeline.
    pub pipeline: &'f Pipeline,
    /// The document it is read from.
    pub document: &'f Document,
    /// The whole file.
    pub text: &'f str,
    /// The programs that read its steps.
    pub readers: Programs,
    /// Those of them that go on to check it. A runner and today's linter look a pipeline up by its name, so of
    /// two with the same name only the first is checked (§6.2).
    pub checkers: Programs,
}

impl<'f> PipelinePage<'f> {
    /// Services, then steps: the order in which runners check them.
    pub fn services_and_steps(&self) -> impl Iterator<Item = &'f Step> + use<'f> {
        self.pipeline.services.iter().chain(&self.pipeline.steps)
    }

    /// Steps, then services: the order in which the old linter checks them.
    pub fn steps_and_services(&self) -> impl Iterator<Item = &'f Step> + use<'f> {
        self.pipeline.steps.iter().chain(&self.pipeline.services)
    }

    /// The programs of these that could read every value of the keys in the span: for the others, what seems to be
    /// missing there may be what they could not read.
    #[must_use]
    pub fn who_read(&self, keys: &[&str], span: Span, programs: Programs) -> Programs {
        programs.without(self.document.misread(span, keys))
    }

    /// True when the item is one of `services`.
    #[must_use]
    pub fn is_service(&self, step: &Step) -> bool {
        self.pipeline.services.iter().any(|it| std::ptr::eq(it, step))
    }
}

/// A document, and who reads it.
#[derive(Clone, Copy)]
pub struct DocumentPage<'f> {
    /// The document.
    pub document: &'f Document,
    /// The whole file.
    pub text: &'f str,
    /// The programs that read it.
    pub readers: Programs,
}

/// A whole file, and who reads it so.
pub struct FilePage<'f> {
    /// The documents in file order.
    pub documents: Vec<&'f Document>,
    /// The programs of this view.
    pub readers: Programs,
}

impl<'f> FilePage<'f> {
    /// The programs of this view that could read the kind and the name of every document.
    #[must_use]
    pub fn who_read_names(&self) -> Programs {
        let misread = |it: &Document| it.misread(it.span, &["kind", "name", "a document"]);
        self.documents.iter().fold(self.readers, |all, it| all.without(misread(it)))
    }

    /// The pipelines in file order, those of unknown kinds included.
    pub fn pipelines(&self) -> impl Iterator<Item = &'f Pipeline> {
        self.documents.iter().filter_map(|it| match &it.resource {
            Resource::Pipeline(pipeline) => Some(&**pipeline),
            _ => None,
        })
    }
}

/// The key in the span that was probably meant to be `wanted`: its place, and how it is written. Only the text as written
/// is known to hold any.
pub(super) fn misspelt<'d>(document: &'d Document, span: Span, wanted: &str) -> Option<(Span, &'d str)> {
    let from = document.lost.partition_point(|it| it.span.start < span.start);
    let inside = document.lost[from..].iter().take_while(|it| it.span.start < span.end);
    inside.filter(|it| it.span.end <= span.end).find_map(|it| match &it.loss {
        Loss::UnknownKey { name, .. } if closest(name, [wanted]).is_some() => Some((it.span, name.as_str())),
        _ => None,
    })
}

/// The step or service that a place is in. Steps stand in file order, unless aliases shuffle them.
pub(super) fn step_at(pipeline: &Pipeline, at: Span) -> Option<&Step> {
    [&pipeline.steps, &pipeline.services].into_iter().find_map(|steps| {
        let index = steps.partition_point(|it| it.span.start <= at.start).checked_sub(1)?;
        steps.get(index).filter(|it| it.span.to(at) == it.span)
    })
}

/// Shows every rule what the views read. The problems of the reader are not among the answers.
pub(super) fn run(text: &str, readings: &Readings, views: &[View<'_>]) -> Vec<Diagnostic> {
    let pages: Vec<FilePage<'_>> =
        views.iter().zip(&readings.views).map(|it| file_page(readings, it)).collect();
    let who = who(readings, views, &pages);
    let mut found = Vec::new();
    for rule in rules::ALL {
        match rule.check {
            Check::Reader
            | Check::FileAdvice(_)
            | Check::PipelineAdvice(_)
            | Check::StepAdvice(_)
            | Check::Lost(_) => {}
            Check::File(check) => pages.iter().for_each(|it| check(it, &mut found)),
            Check::Document(check) => {
                for (document, who) in readings.documents.iter().zip(&who) {
                    check(&DocumentPage { document, text, readers: who.readers }, &mut found);
                }
            }
            Check::Pipeline(check) => {
                for (document, who) in readings.documents.iter().zip(&who) {
                    let Resource::Pipeline(pipeline) = &document.resource else { continue };
                    let (readers, checkers) = (who.of_steps(pipeline), who.checkers);
                    check(&PipelinePage { pipeline, document, text, readers, checkers }, &mut found);
                }
            }
        }
    }
    found.retain_mut(|problem| {
        let advice = problem.refusals.is_empty();
        problem.refusals.retain(|it| !it.programs.is_empty());
        advice || !problem.refusals.is_empty()
    });
    found
}

fn file_page<'f>(readings: &'f Readings, (view, documents): (&View<'_>, &Vec<usize>)) -> FilePage<'f> {
    let documents = documents.iter().map(|it| &readings.documents[*it]).collect();
    FilePage { documents, readers: view.programs }
}

/// Who reads, and who checks, one document.
#[derive(Clone, Copy, Default)]
struct Who {
    readers: Programs,
    checkers: Programs,
}

impl Who {
    /// Runners and today's linter read the steps of their own types only.
    fn of_steps(self, pipeline: &Pipeline) -> Programs {
        self.readers.and(Programs::OLD | own_programs(pipeline))
    }
}

fn who(readings: &Readings, views: &[View<'_>], pages: &[FilePage<'_>]) -> Vec<Who> {
    let mut who = vec![Who::default(); readings.documents.len()];
    for ((view, page), documents) in views.iter().zip(pages).zip(&readings.views) {
        for index in documents {
            who[*index].readers = who[*index].readers | view.programs;
            who[*index].checkers = who[*index].checkers | view.programs.and(Program::Lint15.into());
        }
        for program in view.programs.and(Programs::ALL_BUT_OLD).iter() {
            for (pipeline, index) in checked_by(program, page, documents) {
                let own = Programs::one(program).and(own_programs(pipeline));
                who[index].checkers = who[index].checkers | own;
            }
        }
    }
    who
}

/// The pipelines that a program finds when it looks up, by name, each of those it means to check.
fn checked_by<'f>(program: Program, page: &FilePage<'f>, documents: &[usize]) -> Vec<(&'f Pipeline, usize)> {
    let own = |it: &Pipeline| own_programs(it).contains(program);
    let mut first: Vec<(&Pipeline, usize, bool)> = Vec::new();
    let mut seen = std::collections::HashMap::new();
    for (document, index) in page.documents.iter().zip(documents) {
        let Resource::Pipeline(pipeline) = &document.resource else { continue };
        if !own(pipeline) {
            continue;
        }
        // Today's linter looks up only those whose type is spelled out.
        let wanted = program != Program::Lint || pipeline.raw_type() == "docker";
        if let Some(at) = seen.get(pipeline.name()) {
            let entry: &mut (_, _, bool) = &mut first[*at];
            entry.2 |= wanted;
        } else {
            seen.insert(pipeline.name(), first.len());
            first.push((pipeline, *index, wanted));
        }
    }
    first.into_iter().filter(|it| it.2).map(|it| (it.0, it.1)).collect()
}

/// The runner of the pipeline's type; today's linter goes with the docker runner.
fn own_programs(pipeline: &Pipeline) -> Programs {
    if pipeline.kind.value != "pipeline" {
        return Programs::NONE;
    }
    match pipeline.raw_type() {
        "" | "docker" => Programs::NEW,
        "exec" => Program::Exec.into(),
        "kubernetes" => Program::Kubernetes.into(),
        "ssh" => Program::Ssh.into(),
        _ => Programs::NONE,
    }
}
