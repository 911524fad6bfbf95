//! Files that a plugin is to take from the workspace, against what is there and what its setting names.

use std::collections::BTreeSet;

use crate::course::check::event::Scene;
use crate::course::check::found::Found;
use crate::course::check::roles::Part;
use crate::course::declared::TakenSpec;
use crate::plan::{StepPlan, glob};
use crate::source::Span;

impl Scene<'_> {
    /// The first file that is not taken.
    pub(super) fn takes(&self) -> Option<Found> {
        self.check.takes.iter().find_map(|it| self.leaves_out(it))
    }

    fn leaves_out(&self, wanted: &TakenSpec) -> Option<Found> {
        let planned = self.planned(&wanted.role);
        let mut running = planned.iter().filter_map(|(part, step)| {
            let found = self.rehearsal.found.get(&(part.pipeline, part.step))?;
            Some(self.left_out_by(wanted, *part, step, found))
        });
        let first = running.next()?;
        // One step that takes all is enough.
        if running.any(|it| it.is_none()) { None } else { first }
    }

    fn left_out_by(
        &self,
        wanted: &TakenSpec,
        part: Part,
        step: &StepPlan,
        found: &BTreeSet<String>,
    ) -> Option<Found> {
        let name = format!("PLUGIN_{}", wanted.setting.to_uppercase());
        let value = step.environment().into_iter().find(|it| it.name == name).map(|it| it.value);
        let (called, setting) = (self.called(&wanted.role), &wanted.setting);
        let place = self.place_of_setting(part, setting);
        let Some(value) = value.filter(|it| !it.is_empty()) else {
            let happened = format!("{} {called} is given no `{setting}`.", self.occasion());
            return Some(Found::new(happened).at(place, "takes nothing"));
        };
        if let Some(file) = wanted.files.iter().find(|it| !is_there(found, it)) {
            let happened = format!("{} `{file}` is not there when {called} begins.", self.occasion());
            return Some(Found::new(happened).at(place, "takes what is there by then"));
        }
        let file = wanted.files.iter().find(|it| !takes(&value, it, wanted.folders))?;
        let happened =
            format!("{} `{setting}` of {called} is `{value}`. That does not fit `{file}`.", self.occasion());
        Some(Found::new(happened).at(place, format!("without `{file}`")))
    }

    /// Where the setting stands, or its step.
    fn place_of_setting(&self, part: Part, setting: &str) -> Span {
        let step = self.manifest.pipelines().nth(part.pipeline).and_then(|it| it.steps.get(part.step));
        let written = step.and_then(|it| {
            it.settings.iter().find(|(key, _)| key.value.eq_ignore_ascii_case(setting)).map(|it| it.0.span)
        });
        written.unwrap_or_else(|| self.step_span((part.pipeline, part.step)))
    }
}

fn is_there(found: &BTreeSet<String>, file: &str) -> bool {
    let made = |it: &String| it.strip_suffix(".made").is_some_and(|folder| file.starts_with(folder));
    found.contains(file) || found.iter().any(made)
}

/// A list of patterns, as a plugin gets it.
fn takes(patterns: &str, file: &str, folders: bool) -> bool {
    patterns.split(',').any(|it| {
        let it = it.trim().trim_start_matches("./").trim_start_matches("/drone/src/").trim_end_matches('/');
        let above = file.match_indices('/').map(|(at, _)| &file[..at]);
        let in_folder = folders && above.into_iter().any(|folder| glob::matches(it, folder) || it == ".");
        glob::matches(it, file) || in_folder
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_a_file_and_a_folder_what_is_in_it() {
        for (patterns, folders, taken) in [
            ("dist/*", false, true),
            ("./dist/app", false, true),
            ("a,dist/a*", false, true),
            ("/drone/src/dist/*", false, true),
            ("dist", false, false),
            ("dist/", true, true),
            (".", true, true),
            ("build/*", false, false),
            ("*", false, false),
            ("dist/*.zip", true, false),
        ] {
            assert_eq!(takes(patterns, "dist/app", folders), taken, "{patterns}");
        }
    }

    #[test]
    fn a_folder_that_a_job_leaves_holds_what_is_asked_for() {
        let found = |it: &str| BTreeSet::from([it.to_owned()]);
        assert!(is_there(&found("dist/.made"), "dist/app"));
        assert!(!is_there(&found("site/.made"), "dist/app"));
    }
}
