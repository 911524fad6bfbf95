//! Rules → diagnostics; and [`verdict`]: which program of Drone refuses what, from the same rules.

mod allow;
mod blocks;
mod edit;
mod effect;
mod fix;
mod gate;
mod idle_image;
mod image;
mod items;
mod levels;
mod page;
mod plugins;
mod purpose;
mod rule;
pub mod rules;
mod script;
mod sh;
pub mod shellcheck;
mod similar;
mod uses;
mod verdict;
mod written;

pub use allow::{Allowed, Report};
pub use effect::publishing_command;
pub use fix::{Applied, Fixed, Which, apply, chosen, fix};
pub use gate::{Publisher, publishers};
pub use levels::{Level, Levels, Unknown, known_code};
pub use rule::{Check, DocumentPage, FilePage, PipelinePage, Rule};
pub use script::StepScript;
pub use similar::closest;
pub use verdict::{Judgement, ReadPipeline, ReadStep, ServerPipeline, Verdict, eight_builds, verdict};
pub use written::{FileAdvice, LostAdvice, PipelineAdvice, StepAdvice, Written};

use std::sync::LazyLock;

use crate::diagnostic::{Diagnostic, Program, Programs, Refusal};
use crate::pipeline::{Readings, Variables, View, is_legacy, read, read_views};
use crate::plan::{Build, substitution_variables};
use crate::source::{SourceFile, Span};

/// Every problem of a file, by place. What only untrusted repositories are refused is among them, and says so; and so
/// is what a comment in the file allows, because Drone does not read these comments. For people there is [`report`].
#[must_use]
pub fn lint(source: &SourceFile) -> Vec<Diagnostic> {
    let Report { mut problems, allowed } = report(source);
    if !allowed.is_empty() {
        problems.extend(allowed.into_iter().map(|it| it.problem));
        by_place(&mut problems);
    }
    problems
}

/// Every problem of a file, by place, and apart from them those that a comment in the file allows.
#[must_use]
pub fn report(source: &SourceFile) -> Report {
    report_with(source, Vec::new())
}

/// As [`report`], with what another program says of the file.
#[must_use]
pub fn report_with(source: &SourceFile, more: Vec<Diagnostic>) -> Report {
    let mut problems = without_comments(source);
    if !more.is_empty() {
        problems.extend(more);
        by_place(&mut problems);
    }
    allow::obey(source.text(), problems)
}

/// The rule of that code, with the page about what shellcheck says among them.
#[must_use]
pub fn rule_of(code: &str) -> Option<&'static Rule> {
    let own = rules::ALL.binary_search_by(|it| it.code.cmp(code)).ok().map(|at| &rules::ALL[at]);
    own.or_else(|| Some(&shellcheck::RULE).filter(|it| it.code == code))
}

/// Since when nobody maintains what this image brings (year and month), as the rule `end-of-life-image` knows it.
#[must_use]
pub fn ended_since(image: &str) -> Option<&'static str> {
    rules::ended_since(image)
}

/// Every problem but those of the comments that allow problems.
fn without_comments(source: &SourceFile) -> Vec<Diagnostic> {
    let (readings, mut problems) = refusing(source);
    let documents = readings.views[0].iter().map(|it| &readings.documents[*it]).collect();
    for mut advice in written::advise(source, documents, rules::ALL) {
        narrow(source, &mut advice);
        problems.push(advice);
    }
    by_place(&mut problems);
    let mut problems = join_same(problems);
    keep_line_ends(source.text(), &mut problems);
    problems
}

/// What was read, and every problem that makes some program refuse the file, in no order.
fn refusing(source: &SourceFile) -> (Readings, Vec<Diagnostic>) {
    static VARIABLES: LazyLock<Variables> = LazyLock::new(|| substitution_variables(&any_push()));
    let views = Views::of(source, &VARIABLES);
    let (readings, mut problems) = examine(source, &views.list());
    if is_legacy(source.text()) {
        // How the server converts it; the rule `legacy` speaks for the other programs.
        for mut problem in read(source).1.into_iter().filter(|it| it.code != "legacy") {
            narrow(source, &mut problem);
            problems.push(problem);
        }
    }
    (readings, problems)
}

/// The order in which a person reads them.
fn by_place(problems: &mut [Diagnostic]) {
    problems.sort_by(|a, b| (a.primary.span, a.code).cmp(&(b.primary.span, b.code)));
}

/// The build that a verdict looks at first, with a message that breaks nothing: what another message would break is for
/// the rule `untrusted-text` to say, and no fault of the file for sure.
fn any_push() -> Build {
    let [(_, push), ..] = eight_builds();
    Build { message: "a change".to_owned(), ..push }
}

/// The views of all programs: the text as it stands, with a build's values, and with every `${…}` empty.
struct Views<'b> {
    raw: Programs,
    build: &'b Variables,
    empty: Variables,
}

impl<'b> Views<'b> {
    /// A 0.8 file is read by the server in a way of its own.
    fn of(source: &SourceFile, build: &'b Variables) -> Self {
        let raw = if is_legacy(source.text()) { Program::Lint15.into() } else { Programs::OLD };
        Self { raw, build, empty: Variables::new() }
    }

    fn list(&self) -> [View<'_>; 3] {
        let runners = Programs::ALL_BUT_OLD.without(Program::Lint.into());
        [
            View { programs: self.raw, variables: None },
            View { programs: runners, variables: Some(self.build) },
            View { programs: Program::Lint.into(), variables: Some(&self.empty) },
        ]
    }
}

/// Reads the file in all views, and asks every rule.
fn examine(source: &SourceFile, views: &[View<'_>]) -> (Readings, Vec<Diagnostic>) {
    let mut readings = read_views(source, views);
    let mut problems = std::mem::take(&mut readings.general);
    problems.extend(rule::run(source.text(), &readings, views));
    for of_document in &mut readings.problems {
        problems.append(of_document);
    }
    for problem in &mut problems {
        narrow(source, problem);
    }
    (readings, problems)
}

/// A place of several lines is shown by its first, and an empty one by the last character before it.
fn narrow(source: &SourceFile, problem: &mut Diagnostic) {
    let text = source.text();
    for label in std::iter::once(&mut problem.primary).chain(&mut problem.secondary) {
        let written = source.slice(label.span);
        let start = label.span.start as usize;
        let first = written.lines().next().unwrap_or_default().trim_end_matches('\r');
        let first = if first.len() < written.len() { first.trim_end() } else { first };
        label.span = Span::new(start, start + first.len());
        if first.is_empty() {
            let before = text.get(..start).unwrap_or(text).trim_end();
            let length = before.chars().next_back().map_or(0, char::len_utf8);
            label.span = Span::new(before.len() - length, before.len());
        }
    }
}

/// The same problem, seen by several programs in texts of their own, is one problem.
fn join_same(problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut joined: Vec<Diagnostic> = Vec::with_capacity(problems.len());
    for problem in problems {
        let same = |it: &Diagnostic| it.code == problem.code && it.primary.span == problem.primary.span;
        match joined.last_mut().filter(|it| same(it)) {
            Some(earlier) => add(&mut earlier.refusals, problem.refusals),
            None => joined.push(problem),
        }
    }
    joined
}

/// In a file with the line ends of Windows, edits have them too.
fn keep_line_ends(text: &str, problems: &mut [Diagnostic]) {
    let first_end = text.find('\n').unwrap_or_default();
    if !text[..first_end].ends_with('\r') {
        return;
    }
    let edits = problems.iter_mut().flat_map(|it| &mut it.fixes).flat_map(|it| &mut it.edits);
    for edit in edits.filter(|it| it.text.contains('\n')) {
        edit.text = edit.text.replace("\r\n", "\n").replace('\n', "\r\n");
    }
}

fn add(refusals: &mut Vec<Refusal>, more: Vec<Refusal>) {
    for it in more {
        let same = |own: &&mut Refusal| (own.stage, own.untrusted_only) == (it.stage, it.untrusted_only);
        match refusals.iter_mut().find(same) {
            Some(own) => own.programs = own.programs | it.programs,
            None => refusals.push(it),
        }
    }
}
