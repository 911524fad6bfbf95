//! A file → its documents, once for all programs: those that read the same text share one parse.
//!
//! The server and the old linter read the text as it stands, runners after `${…}` was replaced by the build's values,
//! today's linter after every `${…}` was replaced by nothing. A document without a `$` is the same for all of them.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Programs, Stage};
use crate::pipeline::decode::{Decoder, document};
use crate::pipeline::{Document, Resource, Variables};
use crate::source::{SourceFile, Span};
use crate::yaml::{Substituted, SubstitutionError, SubstitutionProblem, parse, split, substitute};

/// One way to read the file.
#[derive(Clone, Copy, Debug)]
pub struct View<'v> {
    /// The programs that read it so.
    pub programs: Programs,
    /// The values for `${…}`; `None` leaves the text as it stands.
    pub variables: Option<&'v Variables>,
}

/// The file as each view reads it.
#[derive(Clone, Debug, Default)]
pub struct Readings {
    /// Every document that some view reads, each once.
    pub documents: Vec<Document>,
    /// What is wrong with each of `documents`.
    pub problems: Vec<Vec<Diagnostic>>,
    /// Per view: indices into `documents`, in file order. Empty when the substitution fails.
    pub views: Vec<Vec<usize>>,
    /// Problems of a whole view: a substitution that fails.
    pub general: Vec<Diagnostic>,
}

/// Reads the file in each of the views.
#[must_use]
pub fn read_views(source: &SourceFile, views: &[View<'_>]) -> Readings {
    let mut readings = Readings::default();
    let mut shared: HashMap<Span, usize> = HashMap::new();
    let mut pages: Vec<Page<'_>> = Vec::new();
    let texts: Vec<_> = views.iter().map(|it| text_of(source, it)).collect();
    for (view, text) in views.iter().zip(&texts) {
        let mut documents = Vec::new();
        match text {
            Err(problem) => readings.general.push(Diagnostic::clone(problem)),
            Ok(text) => {
                for (index, span) in split(text.text()).documents.into_iter().enumerate() {
                    let original = text.copied_from(span);
                    let known = original.and_then(|it| shared.get(&it)).copied();
                    let page = known.unwrap_or(pages.len());
                    match known {
                        Some(page) => pages[page].programs = pages[page].programs | view.programs,
                        None => pages.push(Page { text, span, index, programs: view.programs }),
                    }
                    if let Some(original) = original {
                        shared.insert(original, page);
                    }
                    documents.push(page);
                }
            }
        }
        readings.views.push(documents);
    }
    for page in pages {
        let (document, problems) = page.read(source);
        readings.documents.push(document);
        readings.problems.push(problems);
    }
    readings
}

/// A document to read, for one or more views.
struct Page<'t> {
    text: &'t Substituted<'t>,
    span: Span,
    index: usize,
    programs: Programs,
}

impl Page<'_> {
    fn read(&self, source: &SourceFile) -> (Document, Vec<Diagnostic>) {
        let start = self.span.start as usize;
        let text = &self.text.text()[self.span.range()];
        let place =
            |it: Span| self.text.origin(Span::new(start + it.start as usize, start + it.end as usize));
        let span = place(Span::new(0, text.len()));
        let (tree, syntax) = parse(text);
        let mut problems: Vec<_> = syntax.into_iter().map(|it| moved(it, &place, self.programs)).collect();
        problems.extend(broken_bytes(source, span, self.programs));
        let mut decoder = Decoder::new(&tree, &place);
        let resource = document(&mut decoder, self.index, span, self.programs);
        problems.append(&mut decoder.problems);
        let unreadable =
            problems.iter().any(|it| it.code == "yaml-syntax") && matches!(resource, Resource::NoKind);
        let resource = if unreadable { Resource::Broken } else { resource };
        (Document { span, resource }, problems)
    }
}

fn text_of<'t>(source: &'t SourceFile, view: &View<'_>) -> Result<Substituted<'t>, Box<Diagnostic>> {
    let Some(variables) = view.variables else { return Ok(Substituted::verbatim(source.text())) };
    let lookup = |name: &str| variables.get(name).map_or_else(String::new, |it| insertable(it));
    substitute(source.text(), &lookup).map_err(|it| Box::new(substitution_problem(it, source, view.programs)))
}

/// A value with a line break is inserted as a quoted text.
fn insertable(value: &str) -> String {
    if value.contains('\n') { format!("{value:?}") } else { value.to_owned() }
}

fn substitution_problem(error: SubstitutionError, source: &SourceFile, programs: Programs) -> Diagnostic {
    let written = source.slice(error.span).lines().next().unwrap_or_default();
    let (message, help) = match error.kind {
        SubstitutionProblem::Name => ("`${` is not followed by the name of a variable", ""),
        SubstitutionProblem::ClosingBrace => ("Drone does not know what follows the name in this `${…}`", ""),
        SubstitutionProblem::Argument => ("the argument of this `${…}` cannot be read", ""),
        SubstitutionProblem::Operator => ("the operator of this `${…}` is not used as Drone knows it", ""),
        SubstitutionProblem::NegativeLength => (
            "a negative length in `${…}` crashes Drone",
            "count from the start, or cut the text in the shell: ",
        ),
    };
    let stage = if error.kind == SubstitutionProblem::NegativeLength { Stage::Panic } else { Stage::Subst };
    Diagnostic::error("substitution", error.span, message)
        .label(format!("`{written}`"))
        .why("Drone replaces `${…}` in the whole file before it reads it, comments included, and gives up here")
        .help(format!("{help}write `$${{…}}` to leave the work to the shell"))
        .refused_by(programs, stage)
}

fn moved(mut problem: Diagnostic, place: &dyn Fn(Span) -> Span, programs: Programs) -> Diagnostic {
    problem.primary.span = place(problem.primary.span);
    for label in &mut problem.secondary {
        label.span = place(label.span);
    }
    for refusal in &mut problem.refusals {
        refusal.programs = refusal.programs.and(programs);
    }
    problem
}

fn broken_bytes(source: &SourceFile, document: Span, programs: Programs) -> Option<Diagnostic> {
    let within = |it: &&u32| document.range().contains(&(**it as usize));
    let at = *source.broken_bytes().iter().find(within)? as usize;
    Some(
        Diagnostic::error("yaml-encoding", Span::new(at, at + 3), "this is not UTF-8")
            .label("bytes that are no character")
            .why("no program of Drone reads a file with such bytes, not even in a comment")
            .help("save the file as UTF-8")
            .refused_by(programs, Stage::Parse),
    )
}
