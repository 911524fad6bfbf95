//! What builds do, against what an exercise expects of them: outcome, what is reached, in which order, who sees what.

use crate::course::check::found::Found;
use crate::course::check::roles::{Part, parts};
use crate::course::check::{NOT_FOLLOWED, Page, words};
use crate::course::declared::{EventCheck, FaultWord, Outcome, Role, SecretSpec};
use crate::course::rehearse::{Doubt, Note, Rehearsal, Request, What, rehearse};
use crate::pipeline::{Manifest, read_with};
use crate::plan::{Build, Cause, Event, Fault, Faults, StepPlan, StepResult, substitution_variables};
use crate::source::Span;

/// The first build that does not do what is expected.
pub(super) fn look(page: &Page<'_>, check: &EventCheck) -> Option<Found> {
    let push = || vec![Build::new(Event::Push)];
    let builds: Vec<Build> = check.builds.iter().filter_map(|it| it.build().ok()).collect();
    let builds = if builds.is_empty() { push() } else { builds };
    let images: Vec<Option<&str>> = match check.broken_in.as_slice() {
        [] => vec![None],
        some => some.iter().map(|it| Some(it.as_str())).collect(),
    };
    let look = |build| images.iter().find_map(|image| Scene::set(page, check, build, *image).look());
    builds.iter().find_map(look)
}

/// One build and what became of it.
pub(super) struct Scene<'a> {
    pub(super) page: &'a Page<'a>,
    pub(super) check: &'a EventCheck,
    pub(super) build: &'a Build,
    /// Where roles are broken, if not everywhere.
    pub(super) broken_in: Option<&'a str>,
    /// The file as the runner reads it.
    pub(super) manifest: Manifest,
    pub(super) rehearsal: Rehearsal,
}

impl<'a> Scene<'a> {
    fn set(page: &'a Page<'a>, check: &'a EventCheck, build: &'a Build, broken_in: Option<&'a str>) -> Self {
        let (manifest, _) = read_with(&page.source, &substitution_variables(build));
        // Where a step may end either way, the way that the check is afraid of is looked at.
        let prefers = match check.result {
            Some(Outcome::Green) => Outcome::Red,
            None if check.skips.is_empty() => Outcome::Red,
            Some(Outcome::Red) | None => Outcome::Green,
        };
        let rehearsal = rehearse(&Request {
            exercise: page.exercise,
            source: &page.source,
            manifest: &manifest,
            files: &page.committed,
            build,
            faults: &faults(page, check, &manifest),
            broken: &check.broken,
            broken_in,
            flaky: &check.flaky,
            slow: &slow(check),
            prefers,
            replaced: &check.replaced,
        });
        Self { page, check, build, broken_in, manifest, rehearsal }
    }

    fn look(&self) -> Option<Found> {
        let found = self.finds()?;
        Some(self.doubtful(&found).unwrap_or(found))
    }

    /// What to say instead where the wait for a server was not wholly followed.
    fn doubtful(&self, found: &Found) -> Option<Found> {
        const UNSURE: [&str; 3] = ["CW-too-early", "CW-endless", "CW-always-red"];
        let unsure = found.code.is_none_or(|it| UNSURE.contains(&it)) && !slow(self.check).is_empty();
        let mut ends = self.rehearsal.ends.iter().filter(|_| unsure);
        let (at, (item, doubt)) = ends.find_map(|it| Some((it.at, it.doubt.as_ref()?)))?;
        let (happened, label, code, next) = match doubt {
            Doubt::OneWord(word) => (
                format!(
                    "`{word}` is one word for the shell `/bin/sh` of `{}`, so the loop has one turn. bash makes many words of it.",
                    self.step_image(at)
                ),
                "one word, one turn",
                "CW-not-in-shell",
                "Write `$(seq 60)`, which every sh knows, or put the loop into `bash -c '…'` where the image has bash.".into(),
            ),
            Doubt::Unfollowed(text) => (
                format!("The check cannot follow `{text}`, and so it does not know how long this step waits."),
                "not followed",
                NOT_FOLLOWED,
                format!(
                    "Write the wait as a `for` or `until` loop in sh. Or see what it does: `ciworkshop check {} --run`.",
                    self.page.exercise.number
                ),
            ),
        };
        let found = Found::new(happened).at(self.command_span(at, *item), label);
        Some(Found { code: Some(code), next: Some(next), ..found })
    }

    fn command_span(&self, at: (usize, usize), item: usize) -> Span {
        let command = self.step(at).and_then(|it| it.commands().get(item)).map(|it| it.span);
        command.unwrap_or_else(|| self.step_span(at))
    }

    fn finds(&self) -> Option<Found> {
        self.order()
            .or_else(|| self.all_before())
            .or_else(|| self.after_all())
            .or_else(|| self.outcome())
            .or_else(|| self.runs())
            .or_else(|| self.images())
            .or_else(|| self.once())
            .or_else(|| self.skips())
            .or_else(|| self.succeeds())
            .or_else(|| self.together())
            .or_else(|| self.within())
            .or_else(|| self.secrets())
            .or_else(|| self.variables())
            .or_else(|| self.hears())
            .or_else(|| self.makes_calls())
            .or_else(|| self.takes())
            .or_else(|| self.sums())
    }

    fn role(&self, name: &str) -> Option<&'a Role> {
        self.page.exercise.roles.get(name)
    }

    pub(super) fn called(&self, name: &str) -> &'a str {
        self.role(name).map_or("the step", |it| it.called.as_str())
    }

    /// The parts that play a role: those that the file shows, or else those where a script comes to it.
    pub(super) fn parts(&self, name: &str) -> Vec<Part> {
        let shown = self.role(name).map(|it| parts(it, &self.manifest)).unwrap_or_default();
        if !shown.is_empty() {
            return shown;
        }
        let reached = self.rehearsal.notes.iter().filter(|it| it.what == What::Reached(name.to_owned()));
        reached.map(|it| self.part_of(it)).collect()
    }

    fn part_of(&self, note: &Note) -> Part {
        let items = self.step((note.pipeline, note.step)).map(crate::pipeline::Step::commands);
        let before = items.into_iter().flatten().take(note.item);
        let at = before.map(|it| it.value.len() + 1).sum();
        Part { pipeline: note.pipeline, step: note.step, at }
    }

    /// The steps of a role as they were planned.
    pub(super) fn planned(&self, name: &str) -> Vec<(Part, &StepPlan)> {
        let plan = &self.rehearsal.plan;
        let planned = |it: Part| Some((it, plan.pipelines.get(it.pipeline)?.step_at(it.step)?));
        self.parts(name).into_iter().filter_map(planned).collect()
    }

    pub(super) fn reached(&self, name: &str) -> bool {
        let by_command = self.role(name).is_some_and(|it| !it.command.is_empty());
        let ran = |(part, step): &(Part, &StepPlan)| {
            let starts =
                self.rehearsal.plan.pipelines.get(part.pipeline).is_some_and(|it| it.decision.runs());
            starts && step.result != StepResult::Skipped
        };
        if by_command { self.rehearsal.reached(name) } else { self.planned(name).iter().any(ran) }
    }

    /// `In the build of a push to main`
    pub(super) fn occasion(&self) -> String {
        let build = words::build(self.build);
        let broken: Vec<&str> = self.check.broken.iter().map(|it| self.called(it)).collect();
        let faults = self.check.faults.iter().filter(|it| it.fault == FaultWord::Fails);
        let failing: Vec<&str> = broken.into_iter().chain(faults.map(|it| self.called(&it.role))).collect();
        let mut text = format!("In the build of {build}");
        if self.build.message != Build::new(self.build.event).message {
            text += &format!(", with the message `{}`,", self.build.message);
        }
        if !failing.is_empty() {
            let place = self.broken_in.map_or_else(String::new, |it| format!(" in `{it}`"));
            text += &format!(", with {} failing{place},", failing.join(" and "));
        }
        for name in &self.check.flaky {
            text += &format!(", with {} failing the first time,", self.called(name));
        }
        for (role, seconds) in slow(self.check) {
            text += &match seconds {
                NEVER.. => format!(", in which {} never answers,", self.called(&role)),
                1 => format!(", in which {} needs a second to answer,", self.called(&role)),
                _ => format!(", in which {} needs {seconds} seconds to answer,", self.called(&role)),
            };
        }
        for (old, new) in &self.check.replaced {
            text += &format!(", with `{new}` in place of `{old}` in `environment`,");
        }
        text
    }

    fn runs(&self) -> Option<Found> {
        let name = self.check.runs.iter().find(|it| !self.reached(it))?;
        let called = self.called(name);
        let Some((part, step)) = self.planned(name).into_iter().next() else {
            return Some(Found::new(format!("{} nothing runs {called}.", self.occasion())));
        };
        let pipeline = &self.rehearsal.plan.pipelines[part.pipeline];
        let decided = if pipeline.decision.runs() { &step.decision } else { &pipeline.decision };
        let begin = format!("{} it does not come to {called} (step `{}`)", self.occasion(), step.name);
        if decided.runs() {
            let found =
                Found::new(format!("{begin}: the commands before it end the step, or go another way."));
            return Some(Found { code: Some("CW-not-reached"), ..found.at(step.span, "never comes to it") });
        }
        let reason = decided.reason();
        let of_step = pipeline.decision.runs() && !step.decision.runs();
        let taken = reason.span.filter(|_| of_step).map_or_else(String::new, |it| self.taken_over(step, it));
        let found = Found::new(format!("{begin}: {}{taken}", words::sentence(&reason.text)));
        let found = found.at(reason.span.unwrap_or(step.span), "this decides");
        // Where the check names its builds, it is about conditions, and has words of its own.
        if !self.check.builds.is_empty() {
            return Some(found);
        }
        Some(Found { code: Some("CW-not-reached"), next: Some(self.without_condition()), ..found })
    }

    /// Where a condition stands outside its step: an anchor brings it there.
    fn taken_over(&self, step: &StepPlan, at: Span) -> String {
        if step.span.start <= at.start && at.end <= step.span.end {
            return String::new();
        }
        let line = self.page.source.line_column(at.start).line;
        format!(" The step `{}` takes that over from line {line}.", step.name)
    }

    /// What to do about a condition that keeps a build from something.
    pub(super) fn without_condition(&self) -> String {
        let build = words::build(self.build);
        format!(
            "This exercise judges the build of {build}. Take out the condition, or let it hold for that build."
        )
    }

    fn skips(&self) -> Option<Found> {
        let name = self.check.skips.iter().find(|it| self.reached(it))?;
        let found = format!("{} it comes to {} all the same.", self.occasion(), self.called(name));
        let note = self.rehearsal.notes.iter().find(|it| it.what == What::Reached(name.clone()));
        let shown = self.planned(name);
        let plan = &self.rehearsal.plan;
        let reached =
            note.and_then(|it| Some((it.pipeline, plan.pipelines.get(it.pipeline)?.step_at(it.step)?)));
        let Some((at, step)) = reached.or(shown.first().map(|(part, step)| (part.pipeline, *step))) else {
            return Some(Found::new(found));
        };
        let pipeline = &plan.pipelines[at];
        let reason = if step.decision.runs() { step.decision.reason() } else { pipeline.decision.reason() };
        // A pipeline that waits for none starts at once, whatever becomes of the others.
        let alone = plan.started().count() > 1 && pipeline.waits_for.is_empty();
        let why = if alone && reason.cause == Cause::Unconditional {
            format!("The pipeline `{}` waits for no other and starts at once.", pipeline.name)
        } else {
            words::sentence(&reason.text)
        };
        let elsewhere = !shown.is_empty() && shown.iter().all(|(_, it)| it.span != step.span);
        let why = if elsewhere { format!("The step `{}` runs it.", step.name) } else { why };
        let found = Found::new(format!("{found} {why}"));
        let command = note.map(|it| item_span(self.page, it));
        Some(found.at(reason.span.or(command).unwrap_or(step.span), "runs"))
    }

    fn secrets(&self) -> Option<Found> {
        let lacks = self.check.sees.iter().find(|it| !self.sees(it));
        if let Some(it) = lacks {
            let happened = format!(
                "{} the step of {} does not get the secret `{}`.",
                self.occasion(),
                self.called(&it.role),
                it.secret
            );
            return Some(self.at_role(Found::new(happened), &it.role, "without the secret"));
        }
        let has = self.check.never_sees.iter().find(|it| self.sees(it))?;
        let happened = format!(
            "{} the step of {} gets the secret `{}`.",
            self.occasion(),
            self.called(&has.role),
            has.secret
        );
        Some(self.at_role(Found::new(happened), &has.role, "gets the secret"))
    }

    fn sees(&self, wanted: &SecretSpec) -> bool {
        let same = |name: &str| name.eq_ignore_ascii_case(&wanted.secret);
        let visible = |step: &StepPlan| step.secrets.iter().any(|it| same(&it.name) && it.visible);
        self.reached(&wanted.role) && self.planned(&wanted.role).iter().any(|(_, step)| visible(step))
    }

    pub(super) fn at_role(&self, found: Found, role: &str, label: &str) -> Found {
        match self.parts(role).first() {
            Some(part) => found.at(self.step_span((part.pipeline, part.step)), label),
            None => found,
        }
    }

    fn step(&self, at: (usize, usize)) -> Option<&crate::pipeline::Step> {
        self.manifest.pipelines().nth(at.0)?.steps.get(at.1)
    }

    pub(super) fn step_name(&self, at: (usize, usize)) -> String {
        self.step(at).map_or_else(String::new, |it| it.name().to_owned())
    }

    pub(super) fn step_image(&self, at: (usize, usize)) -> String {
        self.step(at).map_or_else(String::new, |it| it.image().to_owned())
    }

    pub(super) fn step_span(&self, at: (usize, usize)) -> Span {
        self.step(at).map_or_else(Span::default, crate::pipeline::Step::name_span)
    }
}

/// The place of the command that a note is about.
pub(super) fn item_span(page: &Page<'_>, note: &Note) -> Span {
    let step = page.manifest.pipelines().nth(note.pipeline).and_then(|it| it.steps.get(note.step));
    let item = step.and_then(|it| it.commands().get(note.item)).map(|it| it.span);
    item.or(step.map(crate::pipeline::Step::name_span)).unwrap_or_default()
}

/// A service that needs longer than any pipeline may take.
const NEVER: u32 = 36_000;

/// The roles whose programs answer late.
fn slow(check: &EventCheck) -> Vec<(String, u32)> {
    let slow = check.faults.iter().filter(|it| it.fault == FaultWord::Slow);
    slow.map(|it| (it.role.clone(), it.seconds)).collect()
}

fn faults(page: &Page<'_>, check: &EventCheck, manifest: &Manifest) -> Faults {
    let mut faults = Faults::default();
    for spec in &check.faults {
        let fault = match spec.fault {
            FaultWord::Fails => Fault::Fails,
            FaultWord::Exits78 => Fault::Exits78,
            // A rehearsal knows its services by what they run.
            FaultWord::Slow => continue,
        };
        let Some(role) = page.exercise.roles.get(&spec.role) else { continue };
        for part in parts(role, manifest) {
            let named = manifest.pipelines().nth(part.pipeline).and_then(|it| {
                let step = it.steps.get(part.step)?;
                Some(format!("{}/{}", it.name(), step.name()))
            });
            faults.steps.extend(named.map(|it| (it, fault)));
        }
    }
    faults
}
