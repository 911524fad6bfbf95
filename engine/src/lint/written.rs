//! A file as its author wrote it → the pages that rules of advice look at: the file, its pipelines, their steps.
//!
//! Nothing is substituted here. A rule of advice speaks of what the author wrote, and speaks once, however many of Drone's
//! programs read it.

use std::cell::OnceCell;

use crate::diagnostic::Diagnostic;
use crate::lint::rule::{Check, Rule};
use crate::lint::script::StepScript;
use crate::lint::uses::{Use, uses};
use crate::pipeline::{Document, Lost, Pipeline, Resource, Step, is_legacy};
use crate::source::{SourceFile, Span};
use crate::yaml::{Dollar, dollars};

/// The text of a file and all its documents.
pub struct Written<'f> {
    /// The whole text.
    pub text: &'f str,
    /// The places that substitution changes, in file order.
    pub dollars: Vec<Dollar>,
    /// Every document, readable or not, in file order.
    pub documents: Vec<&'f Document>,
}

impl<'f> Written<'f> {
    /// The text of a place; empty where it does not fit.
    #[must_use]
    pub fn slice(&self, span: Span) -> &'f str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The places in the span that substitution changes.
    #[must_use]
    pub fn dollars_in(&self, span: Span) -> &[Dollar] {
        let from = self.dollars.partition_point(|it| it.span.start < span.start);
        let to = self.dollars.partition_point(|it| it.span.start < span.end);
        &self.dollars[from..to.max(from)]
    }

    /// The whole line that holds an offset, without its line end.
    #[must_use]
    pub fn line_at(&self, offset: u32) -> Span {
        let at = (offset as usize).min(self.text.len());
        let start = self.text[..at].rfind('\n').map_or(0, |it| it + 1);
        let end = self.text[at..].find('\n').map_or(self.text.len(), |it| at + it);
        Span::new(start, start + self.text[start..end].trim_end_matches('\r').len())
    }
}

/// The file, and those of its pipelines that were read without a problem.
pub struct FileAdvice<'f> {
    /// The text.
    pub file: &'f Written<'f>,
    /// Every document of `kind: pipeline`, in file order, that was read without a problem.
    pub pipelines: Vec<PipelineAdvice<'f>>,
}

impl FileAdvice<'_> {
    /// True when the file holds nothing that could not be read: only then something is missing for sure.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.file.documents.iter().all(|it| is_readable(it))
    }
}

/// One pipeline.
pub struct PipelineAdvice<'f> {
    /// The text.
    pub file: &'f Written<'f>,
    /// The document.
    pub document: &'f Document,
    /// The pipeline.
    pub pipeline: &'f Pipeline,
    /// Its services, then its steps, in the order in which Drone starts them. Null items are left out.
    pub all: Vec<StepAdvice<'f>>,
}

impl<'f> PipelineAdvice<'f> {
    /// The steps, in file order.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = &StepAdvice<'f>> {
        self.all.iter().filter(|it| !it.is_service)
    }

    /// The services, in file order.
    pub fn services(&self) -> impl DoubleEndedIterator<Item = &StepAdvice<'f>> {
        self.all.iter().filter(|it| it.is_service)
    }

    /// The step or service of that name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&StepAdvice<'f>> {
        self.all.iter().find(|it| it.step.name() == name)
    }
}

/// One step or service.
pub struct StepAdvice<'f> {
    /// The text.
    pub file: &'f Written<'f>,
    /// The pipeline that it is in.
    pub pipeline: &'f Pipeline,
    /// The step.
    pub step: &'f Step,
    /// True for an item of `services`.
    pub is_service: bool,
    script: OnceCell<Option<StepScript>>,
    uses: OnceCell<Vec<Use<'f>>>,
}

impl<'f> StepAdvice<'f> {
    fn new(file: &'f Written<'f>, pipeline: &'f Pipeline, step: &'f Step, is_service: bool) -> Self {
        Self { file, pipeline, step, is_service, script: OnceCell::new(), uses: OnceCell::new() }
    }

    /// The commands as one shell script. `None` when there are none, and for Windows, whose shell is another one.
    #[must_use]
    pub fn script(&self) -> Option<&StepScript> {
        self.script.get_or_init(|| self.read_script()).as_ref()
    }

    /// The places of the step that substitution changes, comments left out.
    pub(super) fn uses(&self) -> &[Use<'f>] {
        self.uses.get_or_init(|| uses(self))
    }

    fn read_script(&self) -> Option<StepScript> {
        let os = self.pipeline.platform.os.as_ref().map_or("linux", |it| it.value.as_str());
        let commands = self.step.commands();
        (!commands.is_empty() && os != "windows").then(|| StepScript::of(commands, self.file))
    }
}

/// What every rule of advice says of the file. Files of Drone 0.8 are not looked at: the rule `legacy` speaks.
pub(super) fn advise(source: &SourceFile, documents: Vec<&Document>, rules: &[Rule]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if is_legacy(source.text()) {
        return found;
    }
    let text = source.text();
    let dollars = if text.contains('$') { dollars(text) } else { Vec::new() };
    let file = Written { text, dollars, documents };
    let pages: Vec<PipelineAdvice<'_>> = file.documents.iter().filter_map(|it| page(&file, it)).collect();
    let page = FileAdvice { file: &file, pipelines: pages };
    for rule in rules {
        match rule.check {
            Check::FileAdvice(check) => check(&page, &mut found),
            Check::PipelineAdvice(check) => page.pipelines.iter().for_each(|it| check(it, &mut found)),
            Check::StepAdvice(check) => {
                page.pipelines.iter().flat_map(|it| &it.all).for_each(|it| check(it, &mut found));
            }
            Check::Lost(check) => {
                for document in &file.documents {
                    document
                        .lost
                        .iter()
                        .for_each(|it| check(&LostAdvice { file: &file, document, lost: it }, &mut found));
                }
            }
            _ => {}
        }
    }
    found
}

/// Something without effect, and the document that it stands in.
pub struct LostAdvice<'f> {
    /// The text.
    pub file: &'f Written<'f>,
    /// The document.
    pub document: &'f Document,
    /// What has no effect.
    pub lost: &'f Lost,
}

fn page<'f>(file: &'f Written<'f>, document: &'f Document) -> Option<PipelineAdvice<'f>> {
    let Resource::Pipeline(pipeline) = &document.resource else { return None };
    if pipeline.kind.value != "pipeline" || !is_readable(document) {
        return None;
    }
    let step = |it, is_service| StepAdvice::new(file, pipeline, it, is_service);
    let services = pipeline.services.iter().filter(|it| !it.null).map(|it| step(it, true));
    let steps = pipeline.steps.iter().filter(|it| !it.null).map(|it| step(it, false));
    Some(PipelineAdvice { file, document, pipeline, all: services.chain(steps).collect() })
}

/// True when every program could read all of the document.
fn is_readable(document: &Document) -> bool {
    document.unread.is_empty() && !matches!(document.resource, Resource::Broken)
}
