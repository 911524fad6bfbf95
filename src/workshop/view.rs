//! What the terminal's `--format json` and the page's requests show of a workshop: one shape for both.

use serde::Serialize;

use crate::engine::course::{Exercise, Finding, MarkState, Progress, Report};
use crate::workshop::{Trouble, Workshop};

/// The version of these shapes.
pub const VERSION: u32 = 1;

/// The whole workshop.
#[derive(Clone, Debug, Serialize)]
pub struct StateView {
    /// The version of the shape.
    pub version: u32,
    /// The id of the current exercise.
    pub current: String,
    /// The workshop folder.
    pub folder: String,
    /// Every exercise, in order.
    pub exercises: Vec<ExerciseView>,
}

/// One exercise: what it asks, how it stands, what was found.
#[derive(Clone, Debug, Serialize)]
pub struct ExerciseView {
    /// Its stable name.
    pub id: String,
    /// Such as `1.2`.
    pub number: String,
    /// A few words.
    pub title: String,
    /// The page of the book, with anchor.
    pub page: String,
    /// The folder that holds its files.
    pub folder: String,
    /// The files to change, relative to the folder.
    pub edit: Vec<String>,
    /// Minutes that it typically takes.
    pub minutes: u32,
    /// How it stands: the last check when there is one, else what is remembered.
    pub state: StateWord,
    /// True when it passed once, whatever later edits did.
    pub done: bool,
    /// True when `findings`, `holds` and `not_run` come from looking at the files.
    pub checked: bool,
    /// What is to be reached, in Markdown.
    pub goal: String,
    /// The hints shown so far.
    pub hints: Vec<String>,
    /// How many hints there are.
    pub hints_total: usize,
    /// True when the solution was shown.
    pub solution_seen: bool,
    /// What does not hold, most useful first.
    pub findings: Vec<FindingView>,
    /// Sentences of the checks that hold.
    pub holds: Vec<String>,
    /// Sentences of the checks that were not run, with the reason where there is one.
    pub not_run: Vec<String>,
    /// How many real runs the exercise asks for.
    pub runs: usize,
    /// True when it passed once with all of them; a pass without is one by reading alone.
    pub really_ran: bool,
    /// Why the files could not be checked; a finding says it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<TroubleView>,
}

/// How an exercise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StateWord {
    /// Not checked yet.
    Todo,
    /// Checked, and something does not hold.
    Failed,
    /// All that was checked holds.
    Passed,
    /// Put aside.
    Skipped,
}

/// One thing that does not hold.
#[derive(Clone, Debug, Serialize)]
pub struct FindingView {
    /// Searchable code.
    pub code: String,
    /// The check's own sentence.
    pub check: String,
    /// What happened.
    pub happened: String,
    /// What was expected.
    pub expected: String,
    /// What to do now.
    pub next: String,
    /// The file, relative to the exercise's folder.
    pub file: Option<String>,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Column in characters, from 1.
    pub column: Option<usize>,
    /// The excerpt with carets.
    pub excerpt: Option<String>,
}

/// A problem: what could not be done, and what to try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TroubleView {
    /// What could not be done, and why.
    pub error: String,
    /// The next thing to try.
    pub help: String,
}

impl From<&Trouble> for TroubleView {
    fn from(trouble: &Trouble) -> Self {
        Self { error: trouble.message.clone(), help: trouble.help.clone() }
    }
}

impl From<&Finding> for FindingView {
    fn from(finding: &Finding) -> Self {
        let place = finding.place.as_ref();
        Self {
            code: finding.code.clone(),
            check: finding.check.clone(),
            happened: finding.happened.clone(),
            expected: finding.expected.clone(),
            next: finding.next.clone(),
            file: place.map(|it| it.file.clone()),
            line: place.map(|it| it.at.line),
            column: place.map(|it| it.at.column),
            excerpt: finding.excerpt.clone(),
        }
    }
}

impl From<&Trouble> for FindingView {
    fn from(trouble: &Trouble) -> Self {
        Self {
            code: "CW-unreadable".into(),
            check: "The exercise's files can be read.".into(),
            happened: trouble.message.clone(),
            expected: "Files that a check can read: without them nothing can be said about the exercise."
                .into(),
            next: trouble.help.clone(),
            file: None,
            line: None,
            column: None,
            excerpt: None,
        }
    }
}

/// The outcome of looking at an exercise's files.
pub type Outcome = Result<Report, Trouble>;

impl ExerciseView {
    /// The view of an exercise with what is remembered, and with an outcome when it was checked.
    #[must_use]
    pub fn new(
        workshop: &Workshop,
        exercise: &Exercise,
        progress: &Progress,
        outcome: Option<&Outcome>,
    ) -> Self {
        let mark = progress.mark(&exercise.id);
        let report = outcome.and_then(|it| it.as_ref().ok());
        let trouble = outcome.and_then(|it| it.as_ref().err());
        let sentences = |pick: fn(&Report) -> &Vec<String>| report.map(pick).cloned().unwrap_or_default();
        Self {
            id: exercise.id.clone(),
            number: exercise.number.clone(),
            title: exercise.title.clone(),
            page: exercise.page.clone(),
            folder: workshop.folder(exercise).display().to_string(),
            edit: exercise.edit.clone(),
            minutes: exercise.minutes,
            state: state(mark.state, mark.attempts, outcome),
            done: mark.state == MarkState::Passed,
            checked: outcome.is_some(),
            goal: exercise.goal.clone(),
            hints: exercise.hints.iter().take(mark.hints_shown).cloned().collect(),
            hints_total: exercise.hints.len(),
            solution_seen: mark.solution_seen,
            findings: findings(report, trouble),
            holds: sentences(|it| &it.holds),
            not_run: sentences(|it| &it.not_run),
            runs: exercise.run_checks().count(),
            really_ran: mark.really_ran,
            trouble: trouble.map(TroubleView::from),
        }
    }
}

/// What does not hold; files that cannot be read hold nothing.
fn findings(report: Option<&Report>, trouble: Option<&Trouble>) -> Vec<FindingView> {
    let found = report.into_iter().flat_map(|it| &it.findings).map(FindingView::from);
    found.chain(trouble.map(FindingView::from)).collect()
}

/// What the files say now comes first; a skip stays a skip until the exercise passes.
fn state(mark: MarkState, attempts: u64, outcome: Option<&Outcome>) -> StateWord {
    let red = match outcome {
        Some(Ok(report)) if report.findings.is_empty() => return StateWord::Passed,
        Some(_) => true,
        None => false,
    };
    match mark {
        MarkState::Skipped => StateWord::Skipped,
        _ if red => StateWord::Failed,
        MarkState::Passed => StateWord::Passed,
        MarkState::Todo if attempts > 0 => StateWord::Failed,
        MarkState::Todo => StateWord::Todo,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_files_say_now_comes_before_what_is_remembered() {
        use StateWord::{Failed, Passed, Skipped, Todo};
        let green = Ok(Report::default());
        let unreadable = Err(Trouble::could_not("gone", "look"));
        // (remembered, attempts, outcome) → word
        let cases = [
            (MarkState::Todo, 0, None, Todo),
            (MarkState::Todo, 1, None, Failed),
            (MarkState::Passed, 1, None, Passed),
            (MarkState::Skipped, 0, None, Skipped),
            (MarkState::Todo, 0, Some(&green), Passed),
            (MarkState::Skipped, 0, Some(&green), Passed),
            (MarkState::Skipped, 3, Some(&unreadable), Skipped),
            (MarkState::Passed, 3, Some(&unreadable), Failed),
            (MarkState::Todo, 0, Some(&unreadable), Failed),
        ];
        for (mark, attempts, outcome, word) in cases {
            assert_eq!(state(mark, attempts, outcome), word, "{mark:?} {attempts} {outcome:?}");
        }
    }

    #[test]
    fn words_in_json_are_the_ones_of_the_page() {
        let words = [StateWord::Todo, StateWord::Failed, StateWord::Passed, StateWord::Skipped];
        let json = serde_json::to_string(&words).unwrap();
        assert_eq!(json, r#"["todo","failed","passed","skipped"]"#);
    }
}
