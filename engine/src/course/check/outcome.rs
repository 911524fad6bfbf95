//! How a build ends, against how it should: which command broke it, or what kept a failure from it.

use crate::course::check::event::{Scene, item_span};
use crate::course::check::found::Found;
use crate::course::check::roles::Part;
use crate::course::check::words;
use crate::course::declared::Outcome;
use crate::course::rehearse::{Cause, End, Note, What};

impl Scene<'_> {
    pub(super) fn outcome(&self) -> Option<Found> {
        let expected = self.check.result?;
        let nothing_starts = self.rehearsal.plan.started().next().is_none();
        if nothing_starts {
            return Some(self.nothing_starts());
        }
        if expected == self.rehearsal.outcome() {
            return None;
        }
        Some(if expected == Outcome::Green { self.unexpected_red() } else { self.unexpected_green() })
    }

    fn nothing_starts(&self) -> Found {
        let plan = &self.rehearsal.plan;
        let reason = plan.pipelines.first().map(|it| it.decision.reason());
        let why = reason.map_or_else(|| "there is no pipeline".into(), |it| it.text.clone());
        let found = Found::new(format!("{} nothing runs: {}", self.occasion(), words::sentence(&why)));
        match reason.and_then(|it| it.span) {
            Some(span) => {
                let found = found.at(span, "this decides");
                if !self.check.builds.is_empty() {
                    return found;
                }
                Found { code: Some("CW-not-reached"), next: Some(self.without_condition()), ..found }
            }
            None => found,
        }
    }

    fn unexpected_red(&self) -> Found {
        match self.rehearsal.ends.iter().find(|it| !it.green) {
            Some(end) => self.red_step(end),
            None => Found::new(format!("{} the build is red.", self.occasion())),
        }
    }

    /// A step that does the job of a role, and ends red although nothing is wrong with it.
    pub(super) fn succeeds(&self) -> Option<Found> {
        let reached = |end: &End, roles: &[String]| {
            let mut notes = self.rehearsal.notes.iter().filter(|it| (it.pipeline, it.step) == end.at);
            notes.any(|it| matches!(&it.what, What::Reached(role) if roles.contains(role)))
        };
        // Where something broken runs in the same step, that may be what ends it.
        let does = |it: &&End| reached(it, &self.check.succeeds) && !reached(it, &self.check.broken);
        let end = self.rehearsal.ends.iter().filter(does).find(|it| !it.green)?;
        Some(self.red_step(end))
    }

    /// A step that waits longer than it may.
    pub(super) fn within(&self) -> Option<Found> {
        let limit = self.check.within?;
        let end = self.rehearsal.ends.iter().find(|it| it.seconds > limit)?;
        let name = self.step_name(end.at);
        let how = match end.seconds {
            3600.. => "never ends by itself: Drone stops it after an hour".into(),
            seconds => format!("waits {seconds} seconds"),
        };
        let begin = format!("{} the step `{name}` {how}", self.occasion());
        let asks_in_vain = self
            .broke(end)
            .filter(|(_, it)| matches!(it, Cause::NobodyThere { .. } | Cause::ServiceBroke { .. }));
        if let Some((note, cause)) = asks_in_vain {
            return Some(self.because(&begin, note, cause));
        }
        Some(Found::new(begin + ".").at(self.step_span(end.at), "waits too long"))
    }

    pub(super) fn red_step(&self, end: &End) -> Found {
        let name = self.step_name(end.at);
        let begin = format!("{} the step `{name}` is red", self.occasion());
        let Some((note, cause)) = self.broke(end) else {
            let found = Found::new(format!("{begin}, though nothing is wrong with the project."));
            return Found { code: Some("CW-always-red"), ..found.at(self.step_span(end.at), "ends red") };
        };
        let found = self.because(&begin, note, cause);
        if !end.cut_loop || !matches!(cause, Cause::TooEarly { .. }) {
            return found;
        }
        let happened = format!(
            "{} The shell ends a step at the first command that fails, also in a loop.",
            found.happened
        );
        let next = format!(
            "Make the question a condition, so that its failure is an answer: `{} && break`.",
            note.command
        );
        Found { happened, next: Some(next), ..found }
    }

    /// The last command of a step that could not work.
    fn broke(&self, end: &End) -> Option<(&Note, &Cause)> {
        let here = |it: &&Note| (it.pipeline, it.step) == end.at;
        self.rehearsal.notes.iter().rev().filter(here).find_map(|note| match &note.what {
            What::Broke(cause) => Some((note, cause)),
            _ => None,
        })
    }

    fn because(&self, begin: &str, note: &Note, cause: &Cause) -> Found {
        let image = self.step_image((note.pipeline, note.step));
        let happened = format!("{begin} at `{}`: {}.", note.command, words::cause(cause, &image));
        if let Cause::NoFile(path) = cause
            && self.page.files.contains_key(path)
            && let Some(rule) = self.page.ignore.hides(path)
        {
            let line = format!(" The file is in your folder; `{}` in {} keeps it out.", rule.text, rule.file);
            if let Some((vain, why)) = self.page.ignore.in_vain(path) {
                let but = format!(" `{}` does not take it back in: {why}.", vain.text);
                let found = Found::new(happened + &line + &but);
                let label = format!("does not help `{path}`");
                let code = Some("CW-not-committed");
                return Found { code, ..found.in_file(&vain.file, vain.span, label) };
            }
            let found = Found::new(happened + &line);
            let label = format!("hides `{path}`");
            return Found { code: Some("CW-not-committed"), ..found.in_file(&rule.file, rule.span, label) };
        }
        let span = item_span(self.page, note);
        let code = words::code(cause, false);
        let found = Found::new(happened).at(span, words::label(cause));
        let found = Found { code: Some(code), next: words::next(cause), ..found };
        let elsewhere = self.of_another_pipeline(note, cause, &found);
        elsewhere
            .or_else(|| self.of_another_step(note, cause, &found))
            .or_else(|| self.of_a_volume(note, cause, &found))
            .unwrap_or(found)
    }

    /// What to say of a file that another pipeline has made.
    fn of_another_pipeline(&self, note: &Note, cause: &Cause, found: &Found) -> Option<Found> {
        let Cause::NoFile(path) = cause else { return None };
        let makes = |role: &String| self.makes(role, path);
        let maker = self.rehearsal.notes.iter().find(|it| {
            it.pipeline != note.pipeline && matches!(&it.what, What::Reached(role) if makes(role))
        })?;
        let name = self.manifest.pipelines().nth(maker.pipeline)?.name();
        let happened =
            format!("{} The pipeline `{name}` has made it, on a machine of its own.", found.happened);
        let next = format!(
            "Pipelines share no files: let `{}` run in this pipeline too, before that command.",
            maker.command
        );
        Some(Found { happened, next: Some(next), ..found.clone() })
    }

    fn makes(&self, role: &str, path: &str) -> bool {
        self.page.exercise.project.get(role).is_some_and(|it| it.makes.iter().any(|it| it == path))
    }

    /// What to say of a file that a step makes which does not come first.
    fn of_another_step(&self, note: &Note, cause: &Cause, found: &Found) -> Option<Found> {
        let Cause::NoFile(path) = cause else { return None };
        let makers = self.page.exercise.project.keys().filter(|it| self.makes(it, path));
        let here = Part { pipeline: note.pipeline, step: note.step, at: 0 };
        let late =
            |it: &Part| it.pipeline == here.pipeline && it.step != here.step && !self.before(*it, here);
        let maker = makers.flat_map(|it| self.parts(it)).find(late)?;
        let name = |it: Part| self.step_name((it.pipeline, it.step));
        let (maker, here) = (name(maker), name(here));
        let happened =
            format!("{} The step `{maker}` makes it, and `{here}` does not wait for that.", found.happened);
        let next = format!(
            "Let `{here}` come after `{maker}`: below it in the file, or with `depends_on: [{maker}]`."
        );
        Some(Found { happened, next: Some(next), ..found.clone() })
    }

    fn unexpected_green(&self) -> Found {
        let plan = &self.rehearsal.plan;
        let failed = self.rehearsal.ends.iter().find(|it| !it.green);
        if let Some(end) = failed {
            return self.forgiven(end);
        }
        if self.check.broken.is_empty() && self.check.flaky.is_empty() {
            return self.failure_lost();
        }
        let spoiled = |it: &String| self.check.broken.contains(it) || self.check.flaky.contains(it);
        let reached = |note: &&Note| matches!(&note.what, What::Reached(it) if spoiled(it));
        let Some(note) = self.rehearsal.notes.iter().find(reached) else {
            let called = self
                .check
                .broken
                .iter()
                .chain(&self.check.flaky)
                .next()
                .map_or("nothing", |it| self.called(it));
            return Found::new(format!("{} the build is green: {called} did not run.", self.occasion()));
        };
        let at = (note.pipeline, note.step);
        let end = self.rehearsal.ends.iter().find(|it| it.at == at);
        let how = end
            .and_then(|it| it.swallowed.as_ref())
            .map_or_else(String::new, |it| format!(" {}", words::swallowed(it)));
        let started = plan.started().count();
        let whole = if started == 1 { "and so is the build" } else { "and its pipeline with it" };
        let happened = format!(
            "{} the step `{}` is green all the same, {whole}.{how}",
            self.occasion(),
            self.step_name(at)
        );
        let found = Found::new(happened + &self.consequence());
        // A check about what fails only once has words of its own.
        if self.check.broken.is_empty() && !self.check.flaky.is_empty() {
            return found.at(item_span(self.page, note), "its failure is lost");
        }
        let next = end.and_then(|it| words::way_out(it.swallowed.as_ref()?)).map(str::to_owned);
        let code = Some("CW-hidden-red");
        Found { code, next, ..found.at(item_span(self.page, note), "its failure is lost") }
    }

    /// A command cannot work, and its step is green.
    fn failure_lost(&self) -> Found {
        let broke = self.rehearsal.notes.iter().rev().find_map(|note| match &note.what {
            What::Broke(cause) => Some((note, cause)),
            _ => None,
        });
        let Some((note, cause)) = broke else {
            return Found::new(format!("{} the build is green.", self.occasion()));
        };
        let why = words::cause(cause, &self.step_image((note.pipeline, note.step)));
        let happened =
            format!("{} the build is green, although `{}` failed: {why}.", self.occasion(), note.command);
        let waits = matches!(cause, Cause::TooEarly { .. } | Cause::NobodyThere { .. });
        let next = waits.then(|| {
            "Let the step end red when all turns are used up: with `exit 1` after the loop, or with a command that needs the answer."
                .to_owned()
        });
        Found { next, ..Found::new(happened).at(item_span(self.page, note), words::label(cause)) }
    }

    /// A step is red, the build is not.
    fn forgiven(&self, end: &End) -> Found {
        let name = self.step_name(end.at);
        let step = self.manifest.pipelines().nth(end.at.0).and_then(|it| it.steps.get(end.at.1));
        let key = step
            .is_some_and(|it| it.is_detached() || it.failure.as_ref().is_some_and(|it| it.value == "ignore"));
        if end.status == 78 && !key {
            return self.stops_green(end);
        }
        let (why, span) = match step {
            Some(step) if step.is_detached() => {
                ("`detach` starts it and does not wait", step.detach.as_ref().map(|it| it.span))
            }
            Some(step) => ("`failure: ignore` forgives it", step.failure.as_ref().map(|it| it.span)),
            None => ("it is forgiven", None),
        };
        let happened = format!("{} the step `{name}` is red and the build is green: {why}.", self.occasion());
        let found = Found::new(happened + &self.consequence());
        let span = span.unwrap_or_else(|| self.step_span(end.at));
        let next = Some("Take out the key that lets the build go on without this step.".to_owned());
        Found { code: Some("CW-hidden-red"), next, ..found.at(span, "the failure is forgiven here") }
    }

    /// A step ends with 78: the pipeline stops there, and is green.
    fn stops_green(&self, end: &End) -> Found {
        let happened = format!(
            "{} the step `{}` ends with exit code 78. That code ends the pipeline there and keeps it green.",
            self.occasion(),
            self.step_name(end.at)
        );
        let reached = |it: &&Note| (it.pipeline, it.step) == end.at && matches!(it.what, What::Reached(_));
        let note = self.rehearsal.notes.iter().rev().find(reached);
        let span = note.map_or_else(|| self.step_span(end.at), |it| item_span(self.page, it));
        let next = Some("Let a failure end the step with another code than 78, such as 1.".to_owned());
        Found { code: Some("CW-hidden-red"), next, ..Found::new(happened).at(span, "exit code 78") }
    }

    /// What a failure that goes unseen leads to.
    fn consequence(&self) -> String {
        let happens: Vec<&str> =
            self.check.skips.iter().filter(|it| self.reached(it)).map(|it| self.called(it)).collect();
        match happens.as_slice() {
            [] => String::new(),
            names => format!(" Then it comes to {}.", names.join(" and ")),
        }
    }
}
