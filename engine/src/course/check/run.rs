//! What was seen in a real run, against what an exercise expects of it. Somebody else runs it.

use std::collections::BTreeMap;

use crate::course::check::found::Found;
use crate::course::check::{Page, Verdict, words};
use crate::course::declared::{Outcome, RunCheck};
use crate::course::{Check, Files, Ran, RunRequest, RunSeen};
use crate::diagnostic::shortened;
use crate::plan::{Build, Event};

/// So many lines of a log are shown.
const SHOWN: usize = 12;
/// So many characters of each.
const WIDE: usize = 160;

/// Asks for the run and judges what was seen.
pub(super) fn look(
    page: &Page<'_>,
    check: &Check,
    run: &RunCheck,
    runner: &mut dyn FnMut(&RunRequest<'_>) -> RunSeen,
) -> Verdict {
    let build = run.build.as_ref().and_then(|it| it.build().ok()).unwrap_or_else(|| Build::new(Event::Push));
    let files = committed(page, run.twin.as_deref());
    let twin = run.twin.as_deref();
    for turn in 1..=run.times.max(1) {
        let variables = &variables(run, turn);
        let (files, build) = (&files, &build);
        let request = RunRequest { code: &check.code, files, build, variables, twin, result: run.result };
        match runner(&request) {
            RunSeen::CouldNot { why, next } => {
                let words = format!("{} {}", words::sentence(&why), words::sentence(&next));
                return Verdict::Open(Some(words.trim().into()));
            }
            RunSeen::Ran(ran) => {
                let found = Seen { page, run, build, variables, turn, ran: &ran }.judge();
                if let Some(found) = found {
                    return Verdict::Fails(Box::new(found));
                }
            }
        }
    }
    Verdict::Holds
}

/// The machine's variables in this turn.
fn variables(run: &RunCheck, turn: u32) -> BTreeMap<String, String> {
    let value = |it: &String| it.replace("{turn}", &turn.to_string());
    run.variables.iter().map(|(name, it)| (name.clone(), value(it))).collect()
}

/// What the clone holds.
fn committed(page: &Page<'_>, twin: Option<&str>) -> Files {
    let mut files = page.committed.clone();
    let twin = twin.and_then(|it| page.exercise.twins.get(it)).into_iter().flatten();
    let taken = twin.filter(|(path, _)| page.ignore.hides(path).is_none());
    files.extend(taken.map(|(path, content)| (path.clone(), content.clone())));
    files
}

/// A run and what it should be.
struct Seen<'a> {
    page: &'a Page<'a>,
    run: &'a RunCheck,
    build: &'a Build,
    variables: &'a BTreeMap<String, String>,
    turn: u32,
    ran: &'a Ran,
}

impl Seen<'_> {
    fn judge(&self) -> Option<Found> {
        match self.run.result {
            Some(Outcome::Green) if !self.ran.green => return Some(self.red()),
            Some(Outcome::Red) if self.ran.green => return Some(self.green()),
            _ => {}
        }
        let lacks = self.run.log.iter().find(|it| !self.ran.log.contains(*it));
        let has = || self.run.not_in_log.iter().find(|it| self.ran.log.contains(*it));
        lacks.map(|it| self.lacks(it)).or_else(|| has().map(|it| self.holds(it)))
    }

    fn red(&self) -> Found {
        let Some(step) = &self.ran.red else {
            let found = Found::new(format!("{} nothing is green.", self.occasion()));
            return Found { log: self.tail(), ..found };
        };
        let how = match step.code {
            Some(code) => format!("ended with exit code {code}"),
            None => "did not come to an end of its own".into(),
        };
        let happened = format!("{} the step `{}` {how}.", self.occasion(), step.name);
        let found = self.at_step(Found::new(happened), &step.name, "red in the run");
        Found { log: shown(step.last_lines.iter().map(String::as_str)), ..found }
    }

    fn green(&self) -> Found {
        let found = Found::new(format!("{} all is green: no step noticed it.", self.occasion()));
        Found { log: self.tail(), ..found }
    }

    fn lacks(&self, words: &str) -> Found {
        let end = if self.ran.green { "green" } else { "red" };
        let happened = format!("{} the end is {end}, and the log does not hold `{words}`.", self.occasion());
        Found { log: self.tail(), ..Found::new(happened) }
    }

    fn holds(&self, words: &str) -> Found {
        let with = |it: &&str| it.contains(words);
        let lines = shown(self.ran.log.lines().filter(with));
        Found { log: lines, ..Found::new(format!("{} the log holds `{words}`.", self.occasion())) }
    }

    /// `In a real run of a push to main`
    fn occasion(&self) -> String {
        let mut build = words::build(self.build);
        if self.run.times > 1 {
            build += &format!(", turn {} of {}", self.turn, self.run.times);
        }
        let given: Vec<String> = self.variables.iter().map(|(name, it)| format!("`{name}={it}`")).collect();
        if !given.is_empty() {
            build += &format!(", on a machine with {}", given.join(" and "));
        }
        let comma = if build.contains(", ") { "," } else { "" };
        let twin = self.run.twin.as_ref().and_then(|it| self.page.exercise.twins.get(it));
        let broken: Vec<String> =
            twin.into_iter().flat_map(Files::keys).map(|it| format!("`{it}`")).collect();
        if broken.is_empty() {
            return format!("In a real run of {build}{comma}");
        }
        format!("In a real run of {build}, with a mistake put into {},", broken.join(" and "))
    }

    fn at_step(&self, found: Found, name: &str, label: &str) -> Found {
        let mut steps = self.page.manifest.pipelines().flat_map(|it| &it.steps);
        match steps.find(|it| it.name() == name) {
            Some(step) => found.at(step.name.as_ref().map_or(step.span, |it| it.span), label),
            None => found,
        }
    }

    fn tail(&self) -> Vec<String> {
        shown(self.ran.log.lines())
    }
}

/// The last of the lines, as a terminal can show them.
fn shown<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let lines: Vec<&str> = lines.collect();
    lines[lines.len().saturating_sub(SHOWN)..]
        .iter()
        .map(|it| shortened(it.trim_end(), WIDE).into())
        .collect()
}
