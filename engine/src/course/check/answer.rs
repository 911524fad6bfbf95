//! A participant's answers, read from their file, against what is right; a wrong one is answered with a reason.

use serde::Deserialize;
use std::collections::BTreeMap;

use crate::course::check::found::Found;
use crate::course::check::{Page, words};
use crate::course::declared::{AnswerCheck, Choice, Planned, Question};
use crate::plan::{Faults, plan};
use crate::source::{SourceFile, Span};

/// What stands under a question.
#[derive(Default, Deserialize)]
struct Given {
    answer: Option<String>,
    reason: Option<String>,
}

/// The first question that is not answered, or answered wrongly.
pub(super) fn look(page: &Page<'_>, check: &AnswerCheck) -> Option<Found> {
    let Some(content) = page.files.get(&check.file) else {
        return Some(Found::new(format!("There is no `{}`.", check.file)));
    };
    let source = SourceFile::new(check.file.as_str(), String::from_utf8_lossy(content));
    let given: BTreeMap<String, Option<Given>> = match serde_yaml::from_str(source.text()) {
        Ok(given) => given,
        Err(_) if nothing_but_comments(source.text()) => BTreeMap::new(),
        Err(error) => return Some(unreadable(check, &source, &error)),
    };
    let answer = |it: &Question| given.get(&it.id).and_then(Option::as_ref);
    check
        .questions
        .iter()
        .find_map(|it| Sheet { page, check, source: &source, question: it }.look(answer(it)))
}

fn nothing_but_comments(text: &str) -> bool {
    text.lines().all(|it| it.trim().is_empty() || it.trim_start().starts_with('#'))
}

fn unreadable(check: &AnswerCheck, source: &SourceFile, error: &serde_yaml::Error) -> Found {
    let error = error.without_snippet();
    let line = error.location().and_then(|it| usize::try_from(it.line()).ok()).unwrap_or(1);
    let happened = format!("`{}` cannot be read, in line {line}.", check.file);
    let next = "Write one letter after `answer:` and one after `reason:`, with a blank between, and leave the rest as it was.";
    let found = Found::new(happened).in_file(&check.file, source.line_span(line), "not understood");
    Found { next: Some(next.into()), ..found }
}

/// One question, and where its answer stands.
struct Sheet<'a> {
    page: &'a Page<'a>,
    check: &'a AnswerCheck,
    source: &'a SourceFile,
    question: &'a Question,
}

impl Sheet<'_> {
    fn look(&self, given: Option<&Given>) -> Option<Found> {
        let question = self.question;
        let none = Given::default();
        let given = given.unwrap_or(&none);
        self.one("answer", given.answer.as_deref(), &question.answers).or_else(|| {
            if question.reasons.is_empty() {
                return None;
            }
            self.one("reason", given.reason.as_deref(), &question.reasons)
        })
    }

    /// `part` is `answer` or `reason`.
    fn one(&self, part: &str, given: Option<&str>, choices: &BTreeMap<String, Choice>) -> Option<Found> {
        let id = &self.question.id;
        let letter = given.unwrap_or_default().trim().trim_end_matches([')', '.']).to_lowercase();
        let span = self.place(part);
        if letter.is_empty() {
            let found = Found::new(format!("`{id}` has no {part} yet: {}", self.question.ask));
            return Some(found.in_file(&self.check.file, span, "a letter is missing here"));
        }
        let Some(choice) = choices.get(&letter) else {
            let letters = choices.keys().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
            let found = Found::new(format!("`{letter}` is none of the letters of `{id}`: {letters}."));
            return Some(found.in_file(&self.check.file, span, "no such letter"));
        };
        let because = if part == "answer" { self.planned(&letter) } else { None };
        let right = because.as_ref().map_or(choice.right, |(right, _)| *right);
        if right {
            return None;
        }
        let but = because.map_or_else(|| choice.but.clone(), |(_, reason)| reason);
        let happened = format!("The {part} to `{id}` is {letter}: “{}” {but}", words::sentence(&choice.text));
        let next = format!("With that in mind, look at the letters again, change the {part} and save.");
        let found = Found::new(happened.trim_end()).in_file(&self.check.file, span, "think again");
        Some(Found { next: Some(next), ..found })
    }

    /// Whether the letter is right by the planner, and the planner's reason.
    fn planned(&self, letter: &str) -> Option<(bool, String)> {
        let asked: &Planned = self.question.planned.as_ref()?;
        let content = self.page.files.get(&asked.file)?;
        let source = SourceFile::new(asked.file.as_str(), String::from_utf8_lossy(content));
        let plan = plan(&source, &asked.build.build().ok()?, &Faults::default());
        let (pipeline, step) = plan.pipelines.iter().find_map(|it| Some((it, it.step(&asked.step)?)))?;
        let decided = if pipeline.decision.runs() { &step.decision } else { &pipeline.decision };
        let right = if decided.runs() { &asked.runs } else { &asked.skipped };
        Some((right == letter, words::sentence(&decided.reason().text)))
    }

    /// The line of the answer, or of the question.
    fn place(&self, part: &str) -> Span {
        let lines: Vec<&str> = self.source.text().lines().collect();
        let is = |line: &str, word: &str| {
            line.trim_start().strip_prefix(word).is_some_and(|it| it.starts_with(':'))
        };
        let Some(top) = lines.iter().position(|it| is(it, &self.question.id)) else { return Span::default() };
        let below = lines[top..].iter().position(|it| is(it, part)).map_or(top, |it| top + it);
        self.source.line_span(below + 1)
    }
}
