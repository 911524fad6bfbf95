//! A truth table that a participant has filled in, against what the planner decides: the first cell that is wrong.

use std::collections::BTreeMap;

use crate::course::check::found::Found;
use crate::course::check::{Page, words};
use crate::course::declared::{TableCheck, TableRow};
use crate::plan::{Decision, Faults, plan};
use crate::source::{SourceFile, Span};

/// Row → step → what is said of it.
type Given = BTreeMap<String, Option<BTreeMap<String, Option<String>>>>;

/// The first cell that is empty, and else the first that is wrong: all are asked for before one is judged.
pub(super) fn look(page: &Page<'_>, check: &TableCheck) -> Option<Found> {
    let Some(content) = page.files.get(&check.file) else {
        return Some(Found::new(format!("There is no `{}`.", check.file)));
    };
    let source = SourceFile::new(check.file.as_str(), String::from_utf8_lossy(content));
    let given: Given = match serde_yaml::from_str(source.text()) {
        Ok(given) => given,
        Err(error) => return Some(unreadable(check, &source, &error)),
    };
    let sheet = Sheet { page, check, source: &source };
    sheet.first(&given, Sheet::empty).or_else(|| sheet.first(&given, Sheet::wrong))
}

fn unreadable(check: &TableCheck, source: &SourceFile, error: &serde_yaml::Error) -> Found {
    let line = error.location().and_then(|it| usize::try_from(it.line()).ok()).unwrap_or(1);
    let found = Found::new(format!("`{}` cannot be read, in line {line}.", check.file));
    let next =
        "Write `runs` or `skipped` after each colon, with a blank between, and leave the rest as it was.";
    Found { next: Some(next.into()), ..found.in_file(&check.file, source.line_span(line), "not understood") }
}

struct Sheet<'a> {
    page: &'a Page<'a>,
    check: &'a TableCheck,
    source: &'a SourceFile,
}

/// One cell.
struct Cell<'c> {
    row: &'c TableRow,
    step: &'c str,
    given: String,
    place: Span,
}

impl Sheet<'_> {
    fn first(&self, given: &Given, judge: impl Fn(&Self, &Cell<'_>) -> Option<Found>) -> Option<Found> {
        for row in &self.check.rows {
            for step in &self.check.steps {
                let said = given.get(&row.id).and_then(|it| it.as_ref()?.get(step)?.as_ref());
                let given = said.map_or_else(String::new, |it| it.trim().to_lowercase());
                let cell = Cell { row, step, given, place: self.place(&row.id, step) };
                if let Some(found) = judge(self, &cell) {
                    return Some(found);
                }
            }
        }
        None
    }

    fn empty(&self, cell: &Cell<'_>) -> Option<Found> {
        let Cell { row, step, given, place } = cell;
        let (row, known) = (&row.id, word(given).is_some());
        let found = match given.as_str() {
            _ if known => return None,
            "" => Found::new(format!("In the row `{row}` the cell `{step}` is empty.")),
            given => Found::new(format!(
                "In the row `{row}` the cell `{step}` says `{given}`; it is either `runs` or `skipped`."
            )),
        };
        Some(found.in_file(&self.check.file, *place, "`runs` or `skipped`"))
    }

    fn wrong(&self, cell: &Cell<'_>) -> Option<Found> {
        let Cell { row, step, given, place } = cell;
        let decided = self.decided(row, step)?;
        if word(given)? == decided.runs() {
            return None;
        }
        let build = words::build(&row.build.build().ok()?);
        let claim = if decided.runs() { "is skipped" } else { "runs" };
        let happened = format!(
            "In the row `{}` you say that `{step}` {claim}. Look again at the build of {build}: {}",
            row.id,
            words::sentence(&decided.reason().text)
        );
        let next = "With that in mind, go through the other cells of this row too, and save.".to_owned();
        let found = Found::new(happened).in_file(&self.check.file, *place, "think again");
        Some(Found { next: Some(next), ..found })
    }

    fn decided(&self, row: &TableRow, step: &str) -> Option<Decision> {
        let content = self.page.files.get(&self.check.pipeline)?;
        let source = SourceFile::new(self.check.pipeline.as_str(), String::from_utf8_lossy(content));
        let plan = plan(&source, &row.build.build().ok()?, &Faults::default());
        let (pipeline, step) = plan.pipelines.iter().find_map(|it| Some((it, it.step(step)?)))?;
        Some(if pipeline.decision.runs() { step.decision.clone() } else { pipeline.decision.clone() })
    }

    /// The line of the cell, or of its row.
    fn place(&self, row: &str, step: &str) -> Span {
        let lines: Vec<&str> = self.source.text().lines().collect();
        let is = |line: &str, word: &str| {
            line.trim_start().strip_prefix(word).is_some_and(|it| it.starts_with(':'))
        };
        let Some(top) = lines.iter().position(|it| is(it, row)) else { return Span::default() };
        let below = lines[top + 1..].iter().take_while(|it| it.is_empty() || it.starts_with([' ', '#']));
        let below = below.enumerate().find(|(_, it)| is(it, step)).map_or(top, |(at, _)| top + 1 + at);
        self.source.line_span(below + 1)
    }
}

/// True for a step that runs.
fn word(given: &str) -> Option<bool> {
    match given {
        "runs" | "run" | "yes" | "y" | "true" => Some(true),
        "skipped" | "skips" | "skip" | "no" | "n" | "false" => Some(false),
        _ => None,
    }
}
