//! What builds do, against what an exercise expects of them: outcome, what is reached, in which order, who sees what.

use std::collections::BTreeSet;

use crate::course::check::found::Found;
use crate::course::check::roles::{Part, parts};
use crate::course::check::{Page, words};
use crate::course::declared::{EventCheck, FaultWord, Outcome, Role, SecretSpec};
use crate::course::rehearse::{Cause, End, Note, Rehearsal, Request, What, rehearse};
use crate::pipeline::{Manifest, read_with};
use crate::plan::{Build, Event, Fault, Faults, StepPlan, StepResult, substitution_variables};
use crate::source::Span;

/// The first build that does not do what is expected.
pub(super) fn look(page: &Page<'_>, check: &EventCheck) -> Option<Found> {
    let push = || vec![Build::new(Event::Push)];
    let builds: Vec<Build> = check.builds.iter().filter_map(|it| it.build().ok()).collect();
    let builds = if builds.is_empty() { push() } else { builds };
    builds.iter().find_map(|build| Scene::set(page, check, build).look())
}

/// One build and what became of it.
struct Scene<'a> {
    page: &'a Page<'a>,
    check: &'a EventCheck,
    build: &'a Build,
    /// The file as the runner reads it.
    manifest: Manifest,
    rehearsal: Rehearsal,
}

impl<'a> Scene<'a> {
    fn set(page: &'a Page<'a>, check: &'a EventCheck, build: &'a Build) -> Self {
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
            prefers,
        });
        Self { page, check, build, manifest, rehearsal }
    }

    fn look(&self) -> Option<Found> {
        self.order()
            .or_else(|| self.outcome())
            .or_else(|| self.runs())
            .or_else(|| self.skips())
            .or_else(|| self.together())
            .or_else(|| self.secrets())
            .or_else(|| self.variables())
    }

    fn role(&self, name: &str) -> Option<&'a Role> {
        self.page.exercise.roles.get(name)
    }

    fn called(&self, name: &str) -> &'a str {
        self.role(name).map_or("the step", |it| it.called.as_str())
    }

    fn parts(&self, name: &str) -> Vec<Part> {
        self.role(name).map(|it| parts(it, &self.manifest)).unwrap_or_default()
    }

    /// The steps of a role as they were planned.
    fn planned(&self, name: &str) -> Vec<(Part, &StepPlan)> {
        let plan = &self.rehearsal.plan;
        let planned = |it: Part| {
            let steps = &plan.pipelines.get(it.pipeline)?.steps;
            let step =
                steps.iter().find(|step| step.role == crate::plan::Role::Step && step.index == it.step)?;
            Some((it, step))
        };
        self.parts(name).into_iter().filter_map(planned).collect()
    }

    fn reached(&self, name: &str) -> bool {
        let by_command = self.role(name).is_some_and(|it| !it.command.is_empty());
        let ran = |(part, step): &(Part, &StepPlan)| {
            let starts =
                self.rehearsal.plan.pipelines.get(part.pipeline).is_some_and(|it| it.decision.runs());
            starts && step.result != StepResult::Skipped
        };
        if by_command { self.rehearsal.reached(name) } else { self.planned(name).iter().any(ran) }
    }

    /// `In the build of a push to main`
    fn occasion(&self) -> String {
        let broken: Vec<&str> = self.check.broken.iter().map(|it| self.called(it)).collect();
        let build = words::build(self.build);
        match broken.as_slice() {
            [] => format!("In the build of {build}"),
            names => format!("In the build of {build}, with {} failing,", names.join(" and ")),
        }
    }

    fn outcome(&self) -> Option<Found> {
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
            Some(span) => found.at(span, "this decides"),
            None => found,
        }
    }

    fn unexpected_red(&self) -> Found {
        let Some(end) = self.rehearsal.ends.iter().find(|it| !it.green) else {
            return Found::new(format!("{} the build is red.", self.occasion()));
        };
        let name = self.step_name(end.at);
        let begin = format!("{} the step `{name}` is red", self.occasion());
        let here = |it: &&Note| (it.pipeline, it.step) == end.at;
        let broke = self.rehearsal.notes.iter().rev().filter(here).find_map(|note| match &note.what {
            What::Broke(cause) => Some((note, cause)),
            _ => None,
        });
        let Some((note, cause)) = broke else {
            let found = Found::new(format!("{begin}, though nothing is wrong with the project."));
            return Found { code: Some("CW-always-red"), ..found.at(self.step_span(end.at), "ends red") };
        };
        self.because(&begin, note, cause)
    }

    fn because(&self, begin: &str, note: &Note, cause: &Cause) -> Found {
        let image = self.step_image((note.pipeline, note.step));
        let happened = format!("{begin} at `{}`: {}.", note.command, words::cause(cause, &image));
        if let Cause::NoFile(path) = cause
            && self.page.files.contains_key(path)
            && let Some(rule) = self.page.ignore.hides(path)
        {
            let line = format!(" The file is in your folder; `{}` in {} keeps it out.", rule.text, rule.file);
            let found = Found::new(happened + &line);
            let label = format!("hides `{path}`");
            return Found { code: Some("CW-not-committed"), ..found.in_file(&rule.file, rule.span, label) };
        }
        let span = item_span(self.page, note);
        let code = words::code(cause, false);
        Found { code: Some(code), ..Found::new(happened).at(span, words::label(cause)) }
    }

    fn unexpected_green(&self) -> Found {
        let plan = &self.rehearsal.plan;
        let failed = self.rehearsal.ends.iter().find(|it| !it.green);
        if let Some(end) = failed {
            return self.forgiven(end);
        }
        let reached =
            |note: &&Note| matches!(&note.what, What::Reached(it) if self.check.broken.contains(it));
        let Some(note) = self.rehearsal.notes.iter().find(reached) else {
            let called = self.check.broken.first().map_or("nothing", |it| self.called(it));
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
        let next = end.and_then(|it| words::way_out(it.swallowed.as_ref()?)).map(str::to_owned);
        let code = Some("CW-hidden-red");
        Found { code, next, ..found.at(item_span(self.page, note), "its failure is lost") }
    }

    /// A step is red, the build is not.
    fn forgiven(&self, end: &End) -> Found {
        let name = self.step_name(end.at);
        let step = self.manifest.pipelines().nth(end.at.0).and_then(|it| it.steps.get(end.at.1));
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

    /// What a failure that goes unseen leads to.
    fn consequence(&self) -> String {
        let happens: Vec<&str> =
            self.check.skips.iter().filter(|it| self.reached(it)).map(|it| self.called(it)).collect();
        match happens.as_slice() {
            [] => String::new(),
            names => format!(" Then it comes to {}.", names.join(" and ")),
        }
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
        let found = Found::new(format!("{begin}: {}", words::sentence(&reason.text)));
        Some(found.at(reason.span.unwrap_or(step.span), "this decides"))
    }

    fn skips(&self) -> Option<Found> {
        let name = self.check.skips.iter().find(|it| self.reached(it))?;
        let found = format!("{} it comes to {} all the same.", self.occasion(), self.called(name));
        let (part, step) = self.planned(name).into_iter().next()?;
        let pipeline = &self.rehearsal.plan.pipelines[part.pipeline];
        let reason = if step.decision.runs() { step.decision.reason() } else { pipeline.decision.reason() };
        let found = Found::new(format!("{found} {}", words::sentence(&reason.text)));
        Some(found.at(reason.span.unwrap_or(step.span), "runs"))
    }

    /// Each role that is listed comes before the next, in every way in which the build may go.
    fn order(&self) -> Option<Found> {
        for pair in self.check.order.windows(2) {
            let (first, second) = (self.parts(&pair[0]), self.parts(&pair[1]));
            let early = second.iter().find(|late| !first.iter().any(|it| self.before(*it, **late)));
            if let Some(part) = early {
                let name = self.step_name((part.pipeline, part.step));
                let (a, b) = (self.called(&pair[0]), self.called(&pair[1]));
                let happened =
                    format!("{} the step `{name}` starts {b} without {a} before it.", self.occasion());
                return Some(
                    Found::new(happened).at(self.step_span((part.pipeline, part.step)), "too early"),
                );
            }
        }
        None
    }

    fn before(&self, a: Part, b: Part) -> bool {
        let plan = &self.rehearsal.plan;
        if a.pipeline != b.pipeline {
            let waits =
                |at: usize| plan.pipelines[at].waits_for.iter().map(String::as_str).collect::<Vec<_>>();
            let names: Vec<&str> = plan.pipelines.iter().map(|it| it.name.as_str()).collect();
            return ancestors(b.pipeline, &names, waits).contains(&a.pipeline);
        }
        if a.step == b.step {
            return a.at < b.at;
        }
        let Some(pipeline) = plan.pipelines.get(a.pipeline) else { return false };
        let names: Vec<&str> = pipeline.steps.iter().map(|it| it.name.as_str()).collect();
        let place = |index| {
            pipeline.steps.iter().position(|it| it.role == crate::plan::Role::Step && it.index == index)
        };
        let (Some(a), Some(b)) = (place(a.step), place(b.step)) else { return false };
        ancestors(b, &names, |at| pipeline.steps[at].waits_for.iter().map(String::as_str).collect())
            .contains(&a)
    }

    fn together(&self) -> Option<Found> {
        let waves = |name: &String| self.planned(name).first().map(|(part, step)| (part.pipeline, step.wave));
        let mut all = self.check.together.iter().map(|it| (it, waves(it)));
        let (first, wave) = all.next()?;
        let (other, _) = all.find(|(_, it)| *it != wave)?;
        let (a, b) = (self.called(first), self.called(other));
        let (part, _) = self.planned(other).into_iter().next()?;
        let happened = format!("{} {a} and {b} do not start together.", self.occasion());
        Some(Found::new(happened).at(self.step_span((part.pipeline, part.step)), "waits"))
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
        let visible = |step: &StepPlan| step.secrets.iter().any(|it| it.name == wanted.secret && it.visible);
        self.reached(&wanted.role) && self.planned(&wanted.role).iter().any(|(_, step)| visible(step))
    }

    fn variables(&self) -> Option<Found> {
        let has = |wanted: &&crate::course::VariableSpec| {
            let same = |step: &StepPlan| {
                step.environment().iter().any(|it| it.name == wanted.name && it.value == wanted.value)
            };
            self.planned(&wanted.role).iter().any(|(_, step)| same(step))
        };
        let lacks = self.check.variables.iter().find(|it| !has(it))?;
        let (called, name, value) = (self.called(&lacks.role), &lacks.name, &lacks.value);
        let happened = format!("{} `{name}` is not `{value}` in the step of {called}.", self.occasion());
        Some(self.at_role(Found::new(happened), &lacks.role, "without it"))
    }

    fn at_role(&self, found: Found, role: &str, label: &str) -> Found {
        match self.parts(role).first() {
            Some(part) => found.at(self.step_span((part.pipeline, part.step)), label),
            None => found,
        }
    }

    fn step(&self, at: (usize, usize)) -> Option<&crate::pipeline::Step> {
        self.manifest.pipelines().nth(at.0)?.steps.get(at.1)
    }

    fn step_name(&self, at: (usize, usize)) -> String {
        self.step(at).map_or_else(String::new, |it| it.name().to_owned())
    }

    fn step_image(&self, at: (usize, usize)) -> String {
        self.step(at).map_or_else(String::new, |it| it.image().to_owned())
    }

    fn step_span(&self, at: (usize, usize)) -> Span {
        self.step(at).map_or_else(Span::default, crate::pipeline::Step::name_span)
    }
}

/// The place of the command that a note is about.
pub(super) fn item_span(page: &Page<'_>, note: &Note) -> Span {
    let step = page.manifest.pipelines().nth(note.pipeline).and_then(|it| it.steps.get(note.step));
    let item = step.and_then(|it| it.commands().get(note.item)).map(|it| it.span);
    item.or(step.map(crate::pipeline::Step::name_span)).unwrap_or_default()
}

fn faults(page: &Page<'_>, check: &EventCheck, manifest: &Manifest) -> Faults {
    let mut faults = Faults::default();
    for spec in &check.faults {
        let fault = match spec.fault {
            FaultWord::Fails => Fault::Fails,
            FaultWord::Exits78 => Fault::Exits78,
            FaultWord::Slow => Fault::Slow(spec.seconds),
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

/// All that one waits for, directly or not.
fn ancestors<'n>(of: usize, names: &[&'n str], waits_for: impl Fn(usize) -> Vec<&'n str>) -> BTreeSet<usize> {
    let (mut found, mut open) = (BTreeSet::new(), vec![of]);
    while let Some(at) = open.pop() {
        for name in waits_for(at) {
            let place = names.iter().position(|it| *it == name);
            open.extend(place.filter(|it| found.insert(*it)));
        }
    }
    found
}
