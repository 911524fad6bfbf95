//! A file → its documents, once for all programs: those that read the same text share one parse.
//!
//! The server and the old linter read the text as it stands, runners after `${…}` was replaced by the build's values,
//! today's linter after every `${…}` was replaced by nothing. A document without a `$` is the same for all of them.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Edit, Fix, Programs, Stage};
use crate::pipeline::decode::{self, Decoder};
use crate::pipeline::grammar::{self, Map};
use crate::pipeline::lost::lost;
use crate::pipeline::{Document, Resource, Unread, Variables};
use crate::source::{SourceFile, Span};
use crate::yaml::{Substituted, SubstitutionError, SubstitutionProblem, Tree, parse, split, substitute};

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
    /// Per view: indices into `documents`, in file order.
    pub views: Vec<Vec<usize>>,
    /// Problems of a whole view: substitutions that fail.
    pub general: Vec<Diagnostic>,
}

/// Reads the file in each of the views.
#[must_use]
pub fn read_views(source: &SourceFile, views: &[View<'_>]) -> Readings {
    let mut readings = Readings::default();
    let mut shared: HashMap<Span, usize> = HashMap::new();
    let mut pages: Vec<Page<'_>> = Vec::new();
    // By the number of the document: the pages of which something was replaced.
    let mut replaced: HashMap<usize, Vec<usize>> = HashMap::new();
    let texts: Vec<_> = views.iter().map(|it| text_of(source, it, &mut readings.general)).collect();
    for (view, text) in views.iter().zip(&texts) {
        let mut documents = Vec::new();
        let split = split(text.text());
        for (index, (span, separator)) in split.documents.into_iter().zip(split.separators).enumerate() {
            let original = text.copied_from(span);
            let known = original.and_then(|it| shared.get(&it)).copied();
            // Often the values make no difference: `$$` is the same in all of them, and many variables are empty.
            let known = match original {
                Some(_) => known,
                None => same(&pages, replaced.get(&index), &text.text()[span.range()]),
            };
            let page = known.unwrap_or(pages.len());
            match known {
                Some(page) => pages[page].programs = pages[page].programs | view.programs,
                None => pages.push(Page { text, span, separator, index, programs: view.programs }),
            }
            if original.is_none() && known.is_none() {
                replaced.entry(index).or_default().push(page);
            }
            if let Some(original) = original {
                shared.insert(original, page);
            }
            documents.push(page);
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

/// Which of these pages has the same text after substitution.
fn same(pages: &[Page<'_>], candidates: Option<&Vec<usize>>, wanted: &str) -> Option<usize> {
    let equal = |it: &Page<'_>| it.text.text().get(it.span.range()) == Some(wanted);
    candidates?.iter().copied().find(|it| equal(&pages[*it]))
}

/// A document to read, for one or more views.
struct Page<'t> {
    text: &'t Substituted<'t>,
    span: Span,
    separator: Span,
    index: usize,
    programs: Programs,
}

impl Page<'_> {
    fn read(&self, source: &SourceFile) -> (Document, Vec<Diagnostic>) {
        let text = &self.text.text()[self.span.range()];
        let place = |it: Span| self.text.origin(self.placed(it));
        let span = place(Span::new(0, text.len()));
        let mut document = Document::new(span, Resource::Broken);
        document.separator = self.text.origin(self.separator);
        let broken = broken_bytes(source, span, self.programs);
        if let Some(problem) = broken.as_ref().filter(|_| source.text().contains('\0')) {
            // UTF-16: nothing that could be said of the document would be true.
            document.unread.push(Unread { span, key: None, programs: self.programs });
            return (document, vec![problem.clone()]);
        }
        let (tree, syntax) = parse(text);
        let read_up_to = syntax.iter().find(|it| it.code == "yaml-syntax").map(|it| it.primary.span);
        let unreadable = !syntax.is_empty();
        let mut problems: Vec<_> =
            syntax.into_iter().map(|it| self.moved(it, &place)).chain(broken).collect();
        let mut decoder = Decoder::new(&tree, &place);
        document.resource = decode::document(&mut decoder, self.index, span, self.programs);
        problems
            .extend(decoder.problems.into_iter().filter(|it| !is_consequence(it, read_up_to, text, &place)));
        if unreadable && matches!(document.resource, Resource::NoKind) {
            document.resource = Resource::Broken;
        }
        document.unread = decoder.unread;
        if let Some((map, type_)) = self.keys_of(&document.resource) {
            document.lost = lost(&tree, text, map, type_, &place);
        }
        document.unread.extend(self.unread(&tree, &problems, &place));
        if let Some(error) = read_up_to.filter(|it| !text[..it.start as usize].is_empty()) {
            document.unread.extend(self.torn_item(text, error, &place));
        }
        document.unread.sort_by_key(|it| it.span);
        Self::explain_shape(&document, &mut problems);
        explain_anchors(source, span, &mut problems);
        (document, problems)
    }

    /// The keys that the document may have, and its type. Only the text as written tells what its author lost.
    fn keys_of<'d>(&self, resource: &'d Resource) -> Option<(&'static Map, &'d str)> {
        if self.programs.and(Programs::OLD).is_empty() {
            return None;
        }
        let (kind, type_) = match resource {
            Resource::Pipeline(it) => (it.kind.value.as_str(), it.raw_type()),
            Resource::Secret(_) => ("secret", ""),
            Resource::Signature(_) => ("signature", ""),
            Resource::Cron(_) => ("cron", ""),
            Resource::Registry(_) => ("registry", ""),
            Resource::NoKind | Resource::Broken => return None,
        };
        Some((grammar::of_kind(kind)?, type_))
    }

    /// A span of the document's text as one of the whole text.
    fn placed(&self, span: Span) -> Span {
        let start = self.span.start as usize;
        Span::new(start + span.start as usize, start + span.end as usize)
    }

    /// A problem of the document's text, moved to the file as written.
    fn moved(&self, mut problem: Diagnostic, place: &dyn Fn(Span) -> Span) -> Diagnostic {
        problem.primary.span = place(problem.primary.span);
        for label in &mut problem.secondary {
            label.span = place(label.span);
        }
        for refusal in &mut problem.refusals {
            refusal.programs = refusal.programs.and(self.programs);
        }
        // An edit of what was put in for a `${…}` would write the value into the file.
        let copied = |it: &Edit| self.text.copied_from(self.placed(it.span)).is_some();
        if !problem.fixes.iter().all(|it: &Fix| it.edits.iter().all(copied)) {
            problem.fixes.clear();
            problem.help = Some(
                "put quotes around the whole text: it is read after each `${…}` was replaced, and a variable \
                 without a value leaves nothing behind"
                    .into(),
            );
        }
        for edit in problem.fixes.iter_mut().flat_map(|it| &mut it.edits) {
            edit.span = place(edit.span);
        }
        problem
    }

    /// Where programs gave up, and the maps that a syntax error cut off.
    fn unread(&self, tree: &Tree<'_>, problems: &[Diagnostic], place: &dyn Fn(Span) -> Span) -> Vec<Unread> {
        let refusing = |it: &Diagnostic| it.refusals.iter().fold(Programs::NONE, |all, it| all | it.programs);
        let seen = problems.iter().filter(|it| it.code != "wrong-shape").map(|it| Unread {
            span: it.primary.span,
            key: None,
            programs: refusing(it),
        });
        let cut = tree.cut().iter().map(|it| {
            let start = tree.node(*it).span.start as usize;
            Unread { span: place(Span::new(start, start)), key: None, programs: self.programs }
        });
        seen.chain(cut).collect()
    }

    /// A line that fails and begins no item of its own may belong to what stands before it.
    fn torn_item(&self, text: &str, error: Span, place: &dyn Fn(Span) -> Span) -> Option<Unread> {
        let before = &text[..error.start as usize];
        let line = &text[before.rfind('\n').map_or(0, |it| it + 1)..];
        let end = before.trim_end().len();
        let span = place(Span::new(end, error.end as usize));
        (!line.trim_start().starts_with('-')).then_some(Unread { span, key: None, programs: self.programs })
    }

    /// A document that is a text is often the rest of a block that a `---` at the left edge ended.
    fn explain_shape(document: &Document, problems: &mut [Diagnostic]) {
        let root = |it: &&mut Diagnostic| it.code == "wrong-shape" && it.message.starts_with("a document ");
        if document.separator.is_empty() {
            return;
        }
        for problem in problems.iter_mut().filter(root) {
            problem.secondary.push(crate::diagnostic::Label {
                span: document.separator,
                message: "this line begins the document, even inside a block of text".into(),
            });
        }
    }
}

/// An alias whose anchor stands in another document was not meant as a text.
fn explain_anchors(source: &SourceFile, document: Span, problems: &mut [Diagnostic]) {
    // Each looks through the whole text, and a longer one is not written by hand.
    if source.text().len() > 200_000 {
        return;
    }
    for problem in problems.iter_mut().filter(|it| it.code == "yaml-anchor").take(50) {
        let Some(name) = source.slice(problem.primary.span).strip_prefix('*') else { continue };
        let Some(anchor) = anchor_elsewhere(source.text(), name, document) else { continue };
        let message = "an anchor of another document".into();
        problem.secondary.push(crate::diagnostic::Label { span: anchor, message });
        problem.help =
            Some(format!("write the value of `&{name}` in this document, too: anchors do not cross a `---`"));
    }
}

/// `&name` as it would stand before a value, outside of the document.
fn anchor_elsewhere(text: &str, name: &str, document: Span) -> Option<Span> {
    let anchor = format!("&{name}");
    let found = text.match_indices(&anchor).map(|(at, _)| Span::new(at, at + anchor.len()));
    let outside = |it: &Span| it.end <= document.start || it.start >= document.end;
    let ends = |it: &Span| text[it.end as usize..].chars().next().is_none_or(char::is_whitespace);
    let begins = |it: &Span| text[..it.start as usize].ends_with([' ', '\n']);
    let mut found = found.filter(|it| !name.is_empty() && outside(it) && ends(it) && begins(it));
    found.next()
}

/// On and after the line of a syntax error, a wrong shape is only another way to see that error.
fn is_consequence(
    problem: &Diagnostic,
    read_up_to: Option<Span>,
    text: &str,
    place: &dyn Fn(Span) -> Span,
) -> bool {
    let Some(error) = read_up_to else { return false };
    let line = text[..error.start as usize].rfind('\n').map_or(0, |it| it + 1);
    problem.primary.span.end > place(Span::new(line, line)).start
}

fn text_of<'t>(source: &'t SourceFile, view: &View<'_>, problems: &mut Vec<Diagnostic>) -> Substituted<'t> {
    let Some(variables) = view.variables else { return Substituted::verbatim(source.text()) };
    let lookup = |name: &str| variables.get(name).map_or_else(String::new, |it| insertable(it));
    let (text, errors) = substitute(source.text(), &lookup);
    problems.extend(errors.into_iter().map(|it| substitution_problem(it, source, view.programs)));
    text
}

/// A value with a line break is inserted as a quoted text.
fn insertable(value: &str) -> String {
    if value.contains('\n') { format!("{value:?}") } else { value.to_owned() }
}

fn substitution_problem(error: SubstitutionError, source: &SourceFile, programs: Programs) -> Diagnostic {
    let span = up_to_brace(error.span, source);
    let written = source.slice(span);
    let (message, label) = match error.kind {
        SubstitutionProblem::Name => ("`${` is not followed by the name of a variable", "no name"),
        SubstitutionProblem::ClosingBrace => (
            "Drone does not know what follows the name in this `${…}`",
            "neither `}` nor an operator of Drone's",
        ),
        SubstitutionProblem::Argument => {
            ("the argument of this `${…}` cannot be read", "no argument, or no end")
        }
        SubstitutionProblem::Operator => {
            ("the operator of this `${…}` is not used as Drone knows it", "not an operator as Drone knows it")
        }
        SubstitutionProblem::NegativeLength => {
            ("a negative length in `${…}` crashes Drone", "negative length")
        }
    };
    let stage = if error.kind == SubstitutionProblem::NegativeLength { Stage::Panic } else { Stage::Subst };
    let edits = vec![Edit { span: Span::new(span.start as usize, span.start as usize), text: "$".into() }];
    let help = match written.strip_prefix("${{") {
        Some(_) => "Drone has no `${{ … }}`: use a variable of the build, such as `$DRONE_BRANCH`".to_owned(),
        None if written.ends_with('}') => format!("write `${written}` to leave it to the shell"),
        None => "write `$${` to leave it to the shell, and close it with `}`".to_owned(),
    };
    Diagnostic::error("substitution", span, message)
        .label(label)
        .why("`${…}` is replaced in the whole file before it is read, comments included, and that fails here")
        .help(help)
        .fix(Fix { message: "double the `$`".into(), edits, safe: false })
        .refused_by(programs, stage)
}

/// The whole `${…}`, if it ends on its line.
fn up_to_brace(span: Span, source: &SourceFile) -> Span {
    let text = source.text();
    let from = span.start as usize;
    // A longer one is no help to look at, and a line may have a megabyte of open ones.
    let end = text.floor_char_boundary((from + 500).min(text.len()));
    let line = text[from..end].lines().next().unwrap_or_default();
    let closing = if line.starts_with("${{") { "}}" } else { "}" };
    match line.find(closing) {
        Some(at) => Span::new(from, from + at + closing.len()),
        None => Span::new(from, from + line.trim_end().len().min(span.range().len().max(2))),
    }
}

fn broken_bytes(source: &SourceFile, document: Span, programs: Programs) -> Option<Diagnostic> {
    let within = |it: &&u32| document.range().contains(&(**it as usize));
    let at = *source.broken_bytes().iter().find(within)? as usize;
    let wide = source.text().contains('\0');
    let help = if wide {
        "save the file as UTF-8; it looks like UTF-16, which some editors of Windows write"
    } else {
        "save the file as UTF-8; most editors can do so from their `Save as` window"
    };
    Some(
        Diagnostic::error("yaml-encoding", Span::new(at, at + 3), "this is not UTF-8")
            .label("bytes that are no character")
            .why("a file with such bytes is refused as a whole, even if they stand in a comment")
            .help(help)
            .refused_by(programs, Stage::Parse),
    )
}
