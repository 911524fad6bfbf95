//! In which order a build does its jobs, whatever way it goes.

use std::collections::BTreeSet;

use crate::course::check::event::Scene;
use crate::course::check::found::Found;
use crate::course::check::roles::Part;
use crate::course::check::words;
use crate::course::rehearse::{What, is_image};
use crate::lint::lint;
use crate::plan::{Faults, Plan, plan};

/// A part that does not wait for another one.
struct Early<'a> {
    waited: Part,
    late: Part,
    /// The job that comes too early.
    called: &'a str,
    /// The job that it does not wait for.
    first: &'a str,
}

impl<'a> Scene<'a> {
    /// Each role that is listed comes before the next, in every way in which the build may go.
    pub(super) fn order(&self) -> Option<Found> {
        for pair in self.check.order.windows(2) {
            let (first, second) = (self.parts(&pair[0]), self.parts(&pair[1]));
            let in_time = |it: Part, late: Part| {
                self.before(it, late) || it == late && self.noted_before(&pair[0], &pair[1])
            };
            let early = second.iter().find(|late| !first.iter().any(|it| in_time(*it, **late)));
            if let Some(part) = early {
                let name = self.name_of(*part);
                let (a, b) = (self.called(&pair[0]), self.called(&pair[1]));
                let happened =
                    format!("{} the step `{name}` starts {b} without {a} before it.", self.occasion());
                return Some(self.too_early(happened, *part, &format!("nothing makes it wait for {a}")));
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
        let concerns = |first: &[Part], a: Part, b: Part| {
            // Within one command, a script, nothing can be told from its place.
            let one = (a.pipeline, a.step, a.at) == (b.pipeline, b.step, b.at);
            // A pipeline that does it all itself shares nothing with the others.
            let own = first.iter().any(|it| it.pipeline == b.pipeline);
            !one && (!own || a.pipeline == b.pipeline)
        };
        let Early { waited, late, called, first } = self.early(&self.check.all_before, &whole, concerns)?;
        Some(self.does_not_wait(waited, late, called, first))
    }

    fn does_not_wait(&self, waited: Part, late: Part, called: &str, first: &str) -> Found {
        let (occasion, name, waited_name) = (self.occasion(), self.name_of(late), self.name_of(waited));
        if (waited.pipeline, waited.step) == (late.pipeline, late.step) {
            let happened = format!("{occasion} in the step `{name}` {called} comes before {first}.");
            return self.too_early(happened, late, "in another order");
        }
        let happened = format!(
            "{occasion} the step `{name}` does not wait for `{waited_name}` before it starts {called}."
        );
        self.too_early(happened, late, &format!("does not wait for `{waited_name}`"))
    }

    /// All that does the one job comes before all that does the next, in whatever pipeline.
    pub(super) fn after_all(&self) -> Option<Found> {
        let all = |_: &[Part], _, _| true;
        let Early { waited, late, called, first } =
            self.early(&self.check.after_all, &self.rehearsal.plan, all)?;
        Some(self.does_not_wait(waited, late, called, first))
    }

    /// The first pair of parts, of a role and the next one, of which the second does not wait for the first.
    /// `concerns` gets all parts of the first role and a pair.
    fn early(
        &self,
        roles: &[String],
        plan: &Plan,
        concerns: impl Fn(&[Part], Part, Part) -> bool,
    ) -> Option<Early<'a>> {
        roles.windows(2).find_map(|pair| {
            let (first, second) = (self.running(&pair[0], plan), self.running(&pair[1], plan));
            let mut pairs = second.iter().flat_map(|b| first.iter().map(move |a| (*a, *b)));
            let (waited, late) = pairs.find(|(a, b)| concerns(&first, *a, *b) && !self.before(*a, *b))?;
            Some(Early { waited, late, called: self.called(&pair[1]), first: self.called(&pair[0]) })
        })
    }

    fn name_of(&self, part: Part) -> String {
        self.step_name((part.pipeline, part.step))
    }

    fn too_early(&self, happened: String, part: Part, label: &str) -> Found {
        Found::new(happened).at(self.step_span((part.pipeline, part.step)), label)
    }

    /// The parts that play a role in a build of that plan.
    fn running(&self, name: &str, plan: &Plan) -> Vec<Part> {
        let runs = |it: &Part| plan.pipelines.get(it.pipeline).is_some_and(|found| found.runs_step(it.step));
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
            let found = self.at_role(Found::new(happened), &wanted.role, &format!("not in `{missing}`"));
            Some(self.merged_late(&found).unwrap_or(found))
        })
    }

    /// What to say where a `<<` has taken back what stands above it.
    fn merged_late(&self, found: &Found) -> Option<Found> {
        let problem = lint(&self.page.source).into_iter().find(|it| it.code == "late-merge")?;
        let happened = format!("{} {}", found.happened, words::sentence(&problem.message));
        let next = problem.help.as_deref().map(words::sentence);
        let label = problem.primary.message.clone();
        Some(Found { next, ..Found::new(happened).at(problem.primary.span, label) })
    }

    pub(super) fn before(&self, a: Part, b: Part) -> bool {
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
        let (Some(a), Some(b)) = (pipeline.place_of(a.step), pipeline.place_of(b.step)) else { return false };
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
