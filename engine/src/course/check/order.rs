//! In which order a build does its jobs, whatever way it goes.

use std::collections::BTreeSet;

use crate::course::check::event::Scene;
use crate::course::check::found::Found;
use crate::course::check::roles::Part;
use crate::course::rehearse::{What, is_image};
use crate::plan::{Faults, Plan, StepPlan, plan};

impl Scene<'_> {
    /// Each role that is listed comes before the next, in every way in which the build may go.
    pub(super) fn order(&self) -> Option<Found> {
        for pair in self.check.order.windows(2) {
            let (first, second) = (self.parts(&pair[0]), self.parts(&pair[1]));
            let in_time = |it: Part, late: Part| {
                self.before(it, late) || it == late && self.noted_before(&pair[0], &pair[1])
            };
            let early = second.iter().find(|late| !first.iter().any(|it| in_time(*it, **late)));
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

    /// For two roles that one script plays.
    fn noted_before(&self, a: &str, b: &str) -> bool {
        let place =
            |role: &str| self.rehearsal.notes.iter().position(|it| it.what == What::Reached(role.to_owned()));
        place(a).is_some_and(|a| place(b).is_some_and(|b| a < b))
    }

    /// The same, for roles that several steps may share: each of them waits for all of those.
    pub(super) fn all_before(&self) -> Option<Found> {
        if self.check.all_before.is_empty() {
            return None;
        }
        // What keeps a step from running after a failure is not what it waits for.
        let whole = plan(&self.page.source, self.build, &Faults::default());
        for pair in self.check.all_before.windows(2) {
            let (first, second) = (self.running(&pair[0], &whole), self.running(&pair[1], &whole));
            // Within one command, a script, nothing can be told from its place.
            let one = |a: &Part, b: &Part| (a.pipeline, a.step, a.at) == (b.pipeline, b.step, b.at);
            let early = |a: &Part, b: &Part| !one(a, b) && !self.before(*a, *b);
            // A pipeline that does it all itself shares nothing with the others.
            let own = |b: &Part| first.iter().any(|a| a.pipeline == b.pipeline);
            let concerns = |a: &Part, b: &Part| !own(b) || a.pipeline == b.pipeline;
            let pairs = second.iter().flat_map(|b| first.iter().map(move |a| (a, b)));
            let pairs = pairs.filter(|(a, b)| concerns(a, b));
            let Some((a, b)) = pairs.into_iter().find(|(a, b)| early(a, b)) else { continue };
            let (waited, name) = (self.step_name((a.pipeline, a.step)), self.step_name((b.pipeline, b.step)));
            let called = self.called(&pair[1]);
            let happened = format!(
                "{} the step `{name}` does not wait for `{waited}` before it starts {called}.",
                self.occasion()
            );
            return Some(Found::new(happened).at(self.step_span((b.pipeline, b.step)), "too early"));
        }
        None
    }

    /// All that does the one job comes before all that does the next.
    pub(super) fn after_all(&self) -> Option<Found> {
        let running = |name: &String| {
            let steps = self.planned(name).into_iter();
            let pipelines = &self.rehearsal.plan.pipelines;
            let runs = move |(part, step): &(Part, &StepPlan)| {
                pipelines[part.pipeline].decision.runs() && step.decision.runs()
            };
            steps.filter(runs).map(|it| it.0).collect::<Vec<_>>()
        };
        for pair in self.check.after_all.windows(2) {
            let (first, second) = (running(&pair[0]), running(&pair[1]));
            for late in second {
                let Some(missed) = first.iter().find(|it| !self.before(**it, late)) else { continue };
                let [one, other] = [*missed, late].map(|it| self.step_name((it.pipeline, it.step)));
                let happened = format!(
                    "{} {} in the step `{other}` does not wait for the step `{one}`.",
                    self.occasion(),
                    self.called(&pair[1])
                );
                let found = Found::new(happened);
                return Some(found.at(self.step_span((late.pipeline, late.step)), "too early"));
            }
        }
        None
    }

    /// The parts that play a role in this build, as long as nothing fails.
    fn running(&self, name: &str, whole: &Plan) -> Vec<Part> {
        let runs = |part: &Part| {
            let Some(pipeline) = whole.pipelines.get(part.pipeline) else { return false };
            let mut steps = pipeline.steps.iter();
            let step = steps.find(|it| it.role == crate::plan::Role::Step && it.index == part.step);
            pipeline.decision.runs() && step.is_some_and(|it| it.decision.runs())
        };
        self.parts(name).into_iter().filter(runs).collect()
    }

    /// A job that is done twice.
    pub(super) fn once(&self) -> Option<Found> {
        let name = self.check.once.iter().find(|it| self.places(it).len() > 1)?;
        let places = self.places(name);
        let steps: Vec<String> = places.iter().map(|it| format!("`{}`", self.step_name(*it))).collect();
        let happened =
            format!("{} it comes to {} in {}.", self.occasion(), self.called(name), steps.join(" and in "));
        Some(Found::new(happened).at(self.step_span(places[1]), "once more"))
    }

    /// The steps that come to a role, as far as they are followed.
    fn places(&self, name: &str) -> Vec<(usize, usize)> {
        let mut places = Vec::new();
        for note in self.rehearsal.notes.iter().filter(|it| it.what == What::Reached(name.to_owned())) {
            let place = (note.pipeline, note.step);
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }

    /// An image in which a job should be done, and is not.
    pub(super) fn images(&self) -> Option<Found> {
        self.check.within_images.iter().find_map(|wanted| {
            let places = self.places(&wanted.role);
            let images: Vec<String> = places.iter().map(|it| self.step_image(*it)).collect();
            let missing = wanted.images.iter().find(|it| !images.iter().any(|image| is_image(image, it)))?;
            let (occasion, called) = (self.occasion(), self.called(&wanted.role));
            if images.is_empty() {
                return Some(Found::new(format!("{occasion} nothing runs {called}.")));
            }
            let there: Vec<String> = images.iter().map(|it| format!("`{it}`")).collect();
            let happened =
                format!("{occasion} nothing runs {called} in `{missing}`, only in {}.", there.join(", "));
            Some(self.at_role(Found::new(happened), &wanted.role, &format!("not in `{missing}`")))
        })
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

    pub(super) fn together(&self) -> Option<Found> {
        let plan = &self.rehearsal.plan;
        let waves = |name: &String| {
            self.planned(name).first().map(|(part, step)| (plan.pipelines[part.pipeline].wave, step.wave))
        };
        let mut all = self.check.together.iter().map(|it| (it, waves(it)));
        let (first, wave) = all.next()?;
        let (other, _) = all.find(|(_, it)| *it != wave)?;
        let (a, b) = (self.called(first), self.called(other));
        let (part, _) = self.planned(other).into_iter().next()?;
        let happened = format!("{} {a} and {b} do not start together.", self.occasion());
        Some(Found::new(happened).at(self.step_span((part.pipeline, part.step)), "waits"))
    }
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
