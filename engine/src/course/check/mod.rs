//! An exercise and a participant's files → the [`Report`]. One finding for each check that does not hold.
//!
//! A file that Drone cannot read is said first, and then nothing else about the pipeline: whatever a check would say
//! about half a file would be a guess.

mod answer;
mod badge;
mod calls;
mod digests;
mod event;
mod found;
mod guard;
mod keys;
mod model;
mod order;
mod outcome;
mod roles;
mod run;
mod sums;
mod table;
mod taken;
#[cfg(test)]
mod tests;
mod volumes;
mod words;

pub use words::{Advice, advice};

use std::collections::BTreeSet;

use crate::course::check::found::{At, Found};
use crate::course::ignore::Ignore;
use crate::course::{Check, CheckKind, Exercise, Files, Finding, Place, Report, RunRequest, RunSeen};
use crate::diagnostic::{Diagnostic, Program, Severity, render};
use crate::lint::lint;
use crate::pipeline::{Manifest, read};
use crate::source::SourceFile;

/// The file that all exercises are about.
const CONFIG: &str = ".drone.yml";

/// The code of a finding that is none: a check does not know.
const NOT_FOLLOWED: &str = "CW-not-followed";

/// Checks a participant's files against an exercise. `files` is the whole exercise folder as it now is.
///
/// Nothing is run: what only a run can show is said to be open.
#[must_use]
pub fn check(exercise: &Exercise, files: &Files) -> Report {
    checked(exercise, files, None)
}

/// The same, and `run` is asked for each real run that the exercise wants, unless a check that it builds on does not
/// hold.
#[must_use]
pub fn check_with_runs(
    exercise: &Exercise,
    files: &Files,
    run: &mut dyn FnMut(&RunRequest<'_>) -> RunSeen,
) -> Report {
    checked(exercise, files, Some(run))
}

fn checked(exercise: &Exercise, files: &Files, runner: Runner<'_>) -> Report {
    let mut report = Report { findings: guard::findings(exercise, files), ..Report::default() };
    match Page::read(exercise, files) {
        Err(findings) => {
            report.findings.extend(findings);
            report.not_run.extend(exercise.checks.iter().map(|it| it.says.clone()));
        }
        Ok(page) => judge(&page, runner, &mut report),
    }
    report
}

/// All that the checks look at.
struct Page<'a> {
    exercise: &'a Exercise,
    files: &'a Files,
    source: SourceFile,
    manifest: Manifest,
    ignore: Ignore,
    /// What `git add .` would take.
    committed: Files,
}

impl<'a> Page<'a> {
    fn read(exercise: &'a Exercise, files: &'a Files) -> Result<Self, Vec<Finding>> {
        let content = files.get(CONFIG).ok_or_else(|| vec![missing()])?;
        let text = std::str::from_utf8(content).map_err(|it| vec![not_utf8(content, it.valid_up_to())])?;
        let source = SourceFile::new(CONFIG, text);
        let refused: Vec<Diagnostic> = lint(&source).into_iter().filter(stops_the_build).collect();
        if !refused.is_empty() {
            return Err(refused.iter().map(|it| of_diagnostic(it, &source)).collect());
        }
        let (manifest, _) = read(&source);
        let ignore = Ignore::read(files);
        let taken = files.iter().filter(|(path, _)| ignore.hides(path).is_none());
        let committed = taken.map(|(path, content)| (path.clone(), content.clone())).collect();
        Ok(Self { exercise, files, source, manifest, ignore, committed })
    }
}

/// The server or the runner refuses it.
fn stops_the_build(problem: &Diagnostic) -> bool {
    let refused = |program| problem.refusals.iter().any(|it| it.programs.contains(program));
    problem.severity == Severity::Error && (refused(Program::Server) || refused(Program::Runner))
}

/// Whoever really runs things, where somebody does.
type Runner<'a> = Option<&'a mut dyn FnMut(&RunRequest<'_>) -> RunSeen>;

/// How a check came out.
enum Verdict {
    Holds,
    Fails(Box<Found>),
    /// The check does not know. A real run tells.
    Unknown(Box<Found>),
    /// Not looked at; why, where that is more than a check before it.
    Open(Option<String>),
}

fn judge(page: &Page<'_>, mut runner: Runner<'_>, report: &mut Report) {
    let mut open: BTreeSet<&str> = BTreeSet::new();
    let (mut ran, mut missed) = (0, 0);
    let mut unknown: Vec<(&Check, Found)> = Vec::new();
    for check in &page.exercise.checks {
        if unknown.is_empty() && takes_a_part(check) {
            continue;
        }
        let waits = check.after.iter().any(|it| open.contains(it.as_str()));
        let verdict = if waits { Verdict::Open(None) } else { look(page, check, &mut runner) };
        if let CheckKind::Run(_) = check.kind {
            *(if matches!(verdict, Verdict::Open(_)) { &mut missed } else { &mut ran }) += 1;
        }
        match verdict {
            Verdict::Holds => {
                report.holds.push(check.says.clone());
                continue;
            }
            Verdict::Unknown(found) => {
                unknown.push((check, *found));
                continue;
            }
            Verdict::Fails(found) => report.findings.push(finding(page, check, *found)),
            Verdict::Open(None) => report.not_run.push(check.says.clone()),
            Verdict::Open(Some(why)) => report.not_run.push(format!("{} {why}", check.says)),
        }
        open.insert(&check.code);
    }
    report.really_ran = ran > 0 && missed == 0;
    answer_unknown(page, unknown, report);
}

/// A run for those checks alone that could not follow the commands.
fn takes_a_part(check: &Check) -> bool {
    matches!(&check.kind, CheckKind::Run(run) if run.where_unknown.is_some())
}

/// What no check could follow: where all runs took place, they have told, and else it is the one finding.
fn answer_unknown(page: &Page<'_>, unknown: Vec<(&Check, Found)>, report: &mut Report) {
    if report.findings.is_empty() && !report.really_ran {
        let first = unknown.into_iter().next();
        report.findings.extend(first.map(|(check, found)| finding(page, check, found)));
        return;
    }
    let open = unknown.into_iter().map(|(check, found)| format!("{} {}", check.says, found.happened));
    report.not_run.extend(open);
}

fn look(page: &Page<'_>, check: &Check, runner: &mut Runner<'_>) -> Verdict {
    let found = match &check.kind {
        CheckKind::Model(fact) => model::look(page, fact),
        CheckKind::Event(event) => event::look(page, event),
        CheckKind::Answer(answers) => answer::look(page, answers),
        CheckKind::Table(table) => table::look(page, table),
        CheckKind::Run(run) => {
            let Some(runner) = runner else { return Verdict::Open(None) };
            return run::look(page, check, run, runner);
        }
    };
    match found {
        None => Verdict::Holds,
        Some(found) if found.code == Some(NOT_FOLLOWED) => Verdict::Unknown(Box::new(found)),
        Some(found) => Verdict::Fails(Box::new(found)),
    }
}

/// What was found, with the words of the check, or with words of its own where it is about something else.
fn finding(page: &Page<'_>, check: &Check, found: Found) -> Finding {
    let own = found.code.filter(|it| *it != check.code);
    let (code, expected, next) = match own.and_then(words::advice) {
        Some(advice) => (advice.code.to_owned(), advice.expected.to_owned(), advice.next.to_owned()),
        None => (check.code.clone(), check.expected.clone(), check.next.clone()),
    };
    let next = found.next.unwrap_or(next);
    let (place, excerpt) = found.at.map_or((None, None), |it| excerpt(page, &it));
    let excerpt = with_log(excerpt, &found.log);
    Finding { code, check: check.says.clone(), happened: found.happened, expected, next, place, excerpt }
}

fn excerpt(page: &Page<'_>, at: &At) -> (Option<Place>, Option<String>) {
    let source = if at.file == CONFIG {
        page.source.clone()
    } else {
        let content = page.files.get(&at.file).map(Vec::as_slice).unwrap_or_default();
        SourceFile::new(at.file.as_str(), String::from_utf8_lossy(content))
    };
    let problem = Diagnostic::error("course", at.span, "").label(at.label.clone());
    let place = Place { file: at.file.clone(), span: at.span, at: source.line_column(at.span.start) };
    (Some(place), Some(without_title(&render(&problem, &source, false))))
}

/// The lines of the log below the excerpt, each behind a bar.
fn with_log(excerpt: Option<String>, log: &[String]) -> Option<String> {
    if log.is_empty() {
        return excerpt;
    }
    let lines = log.iter().fold(String::new(), |all, it| all + "  | " + it + "\n");
    Some(excerpt.map_or(lines.clone(), |it| format!("{}\n\n{lines}", it.trim_end())))
}

/// The excerpt alone: the finding says the rest.
fn without_title(text: &str) -> String {
    text.split_once('\n').map_or_else(String::new, |(_, rest)| rest.to_owned())
}

/// A problem of the file in the words of the linter.
fn of_diagnostic(problem: &Diagnostic, source: &SourceFile) -> Finding {
    let span = problem.primary.span;
    let at = source.line_column(span.start);
    let bare = Diagnostic { why: None, help: None, fixes: Vec::new(), ..problem.clone() };
    let next =
        problem.help.clone().unwrap_or_else(|| format!("look at line {}, column {}", at.line, at.column));
    Finding {
        code: problem.code.into(),
        check: "Drone can read the file.".into(),
        happened: words::sentence(&problem.message),
        expected: problem.why.as_ref().map_or_else(
            || "A file that Drone accepts. One mistake stops all of it: no step runs.".into(),
            |it| words::sentence(it),
        ),
        next: words::sentence(&next),
        place: Some(Place { file: CONFIG.into(), span, at }),
        excerpt: Some(without_title(&render(&bare, source, false))),
    }
}

fn missing() -> Finding {
    Finding {
        code: "CW-no-file".into(),
        check: "Drone can read the file.".into(),
        happened: "There is no .drone.yml in this folder.".into(),
        expected: "Drone looks for .drone.yml at the top of the repository. Without it nothing is built."
            .into(),
        next: "Bring the file back: `ciworkshop reset` lays down the exercise as it was and keeps a backup."
            .into(),
        place: None,
        excerpt: None,
    }
}

fn not_utf8(content: &[u8], at: usize) -> Finding {
    let line = content[..at].split(|it| *it == b'\n').count();
    Finding {
        code: "CW-not-text".into(),
        check: "Drone can read the file.".into(),
        happened: format!("Line {line} of .drone.yml holds bytes that are not UTF-8 text."),
        expected: "A text file in UTF-8, as editors write it.".into(),
        next: "Save the file as UTF-8, or type that line anew.".into(),
        place: None,
        excerpt: None,
    }
}
