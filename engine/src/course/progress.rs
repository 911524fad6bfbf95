//! What a participant has reached, as a value that is written as JSON and merged; no clock and no file is touched.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the format that this program writes.
pub(super) const VERSION: u32 = 1;

/// Where a participant stands. Also the whole of an exported file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The version of the format.
    pub version: u32,
    /// The exercise that was worked on last: its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    /// What is known of each exercise that was touched, by id. Ids that the course does not know are kept.
    #[serde(default)]
    pub exercises: BTreeMap<String, Mark>,
    /// What another program wrote and this one does not know.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

/// What is known of one exercise.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// How far it is.
    #[serde(default)]
    pub state: MarkState,
    /// How many of the hints were shown.
    #[serde(default)]
    pub hints_shown: usize,
    /// How often it was checked.
    #[serde(default)]
    pub attempts: u64,
    /// True once the solution was shown.
    #[serde(default)]
    pub solution_seen: bool,
    /// When it was first opened or checked, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<u64>,
    /// When it first passed, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_at: Option<u64>,
    /// True once it passed with real runs of its pipeline. Programs that do not know it keep it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub really_ran: bool,
    /// What another program wrote and this one does not know.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

/// What is not so is not written.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(it: &bool) -> bool {
    !it
}

/// How far an exercise is. The order is that of worth: merging keeps the greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkState {
    /// Still to do.
    #[default]
    Todo,
    /// Put aside on purpose.
    Skipped,
    /// It passed once; later edits do not undo that.
    Passed,
}

impl Default for Progress {
    fn default() -> Self {
        Self { version: VERSION, current: None, exercises: BTreeMap::new(), unknown: BTreeMap::new() }
    }
}

impl Progress {
    /// Reads what [`Progress::to_json`] wrote.
    ///
    /// # Errors
    /// One sentence, when the text is cut, is something else, or comes from a newer version.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|it| format!("this is no complete progress file: {it}"))?;
        let version = value.get("version").and_then(serde_json::Value::as_u64);
        match version {
            None => return Err("this is no progress file: it has no version number".into()),
            Some(version) if version > u64::from(VERSION) => {
                return Err(format!(
                    "this progress was written by a newer program (format {version}; this program knows {VERSION})"
                ));
            }
            Some(_) => {}
        }
        serde_json::from_value(value)
            .map_err(|it| format!("this progress file holds something unexpected: {it}"))
    }

    /// The text to keep: JSON, readable, with a final newline.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Writing strings, numbers and maps with string keys into memory has no way to fail.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// What is known of an exercise.
    #[must_use]
    pub fn mark(&self, id: &str) -> Mark {
        self.exercises.get(id).cloned().unwrap_or_default()
    }

    /// How far an exercise is.
    #[must_use]
    pub fn state(&self, id: &str) -> MarkState {
        self.exercises.get(id).map_or(MarkState::Todo, |it| it.state)
    }

    /// The exercise is opened now.
    pub fn open(&mut self, id: &str, now: u64) {
        self.current = Some(id.to_owned());
        self.touch(id, now);
    }

    /// The exercise was checked now. A pass is kept, whatever later checks say.
    pub fn checked(&mut self, id: &str, passed: bool, now: u64) {
        let mark = self.touch(id, now);
        mark.attempts = mark.attempts.saturating_add(1);
        if passed {
            mark.state = MarkState::Passed;
            mark.passed_at.get_or_insert(now);
        }
    }

    /// The exercise passed with real runs of its pipeline, as [`Progress::checked`] was told.
    pub fn really_ran(&mut self, id: &str, now: u64) {
        self.touch(id, now).really_ran = true;
    }

    /// The exercise is put aside. A pass stays a pass.
    pub fn skip(&mut self, id: &str, now: u64) {
        let mark = self.touch(id, now);
        mark.state = mark.state.max(MarkState::Skipped);
    }

    /// One more hint was asked for: how many are shown now, at most `available`.
    pub fn hint(&mut self, id: &str, available: usize, now: u64) -> usize {
        let mark = self.touch(id, now);
        mark.hints_shown = mark.hints_shown.saturating_add(1).min(available);
        mark.hints_shown
    }

    /// The solution was shown.
    pub fn solution(&mut self, id: &str, now: u64) {
        self.touch(id, now).solution_seen = true;
    }

    /// The exercise is begun anew: all that is known of it goes, except when it was first seen.
    pub fn reset(&mut self, id: &str) {
        if let Some(mark) = self.exercises.get_mut(id) {
            *mark = Mark {
                first_seen: mark.first_seen,
                unknown: std::mem::take(&mut mark.unknown),
                ..Mark::default()
            };
        }
    }

    /// Takes in what another file knows. Nothing that was reached is lost: for each exercise the better state stays,
    /// the larger counts and the earlier times.
    pub fn merge(&mut self, imported: Self) {
        for (id, theirs) in imported.exercises {
            self.exercises.entry(id).or_default().merge(theirs);
        }
        self.current = self.current.take().or(imported.current);
        for (key, value) in imported.unknown {
            self.unknown.entry(key).or_insert(value);
        }
    }

    fn touch(&mut self, id: &str, now: u64) -> &mut Mark {
        let mark = self.exercises.entry(id.to_owned()).or_default();
        mark.first_seen.get_or_insert(now);
        mark
    }
}

impl Mark {
    fn merge(&mut self, theirs: Self) {
        self.state = self.state.max(theirs.state);
        self.hints_shown = self.hints_shown.max(theirs.hints_shown);
        self.attempts = self.attempts.max(theirs.attempts);
        self.solution_seen |= theirs.solution_seen;
        self.really_ran |= theirs.really_ran;
        self.first_seen = earlier(self.first_seen, theirs.first_seen);
        self.passed_at = earlier(self.passed_at, theirs.passed_at);
        for (key, value) in theirs.unknown {
            self.unknown.entry(key).or_insert(value);
        }
    }
}

fn earlier(ours: Option<u64>, theirs: Option<u64>) -> Option<u64> {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => Some(ours.min(theirs)),
        (ours, theirs) => ours.or(theirs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let mut progress = Progress::default();
        progress.open("a", 7);
        progress.checked("a", false, 8);
        progress.hint("a", 3, 9);
        progress.checked("b", true, 10);
        assert_eq!(Progress::from_json(&progress.to_json()), Ok(progress));
    }

    #[test]
    fn a_pass_survives_red_checks_skips_and_merges() {
        let mut progress = Progress::default();
        progress.checked("a", true, 10);
        progress.checked("a", false, 20);
        progress.skip("a", 30);
        let mut other = Progress::default();
        other.skip("a", 5);
        other.checked("b", true, 40);
        progress.merge(other);
        assert_eq!(progress.state("a"), MarkState::Passed);
        assert_eq!(progress.mark("a").passed_at, Some(10));
        assert_eq!(progress.mark("a").first_seen, Some(5));
        assert_eq!(progress.state("b"), MarkState::Passed);
    }

    #[test]
    fn what_this_program_does_not_know_is_kept() {
        let text =
            r#"{"version": 1, "exercises": {"gone": {"state": "passed", "stars": 3}}, "theme": "dark"}"#;
        let progress = Progress::from_json(text).unwrap();
        let again = progress.to_json();
        assert!(again.contains("\"stars\": 3") && again.contains("\"theme\": \"dark\""), "{again}");
    }

    #[test]
    fn a_real_run_is_remembered_in_a_key_that_only_then_is_there() {
        let mut progress = Progress::default();
        progress.checked("a", true, 10);
        assert!(!progress.to_json().contains("really_ran"), "a file of an older program has no such key");
        let mut other = progress.clone();
        other.really_ran("a", 20);
        assert!(other.to_json().contains("\"really_ran\": true"));
        progress.merge(other.clone());
        assert_eq!(Progress::from_json(&progress.to_json()), Ok(other));
        progress.reset("a");
        assert!(!progress.mark("a").really_ran);
    }

    #[test]
    fn hints_stop_at_the_last() {
        let mut progress = Progress::default();
        let shown: Vec<_> = (0..5).map(|now| progress.hint("a", 3, now)).collect();
        assert_eq!(shown, [1, 2, 3, 3, 3]);
    }

    #[test]
    fn a_reset_forgets_the_pass_but_not_the_first_day() {
        let mut progress = Progress::default();
        progress.checked("a", true, 10);
        progress.reset("a");
        assert_eq!(progress.mark("a"), Mark { first_seen: Some(10), ..Mark::default() });
    }

    #[test]
    fn bad_files_are_refused_in_words() {
        let cases = [
            (r#"{"version": 1, "exerc"#, "no complete progress file"),
            ("[]", "no version number"),
            (r#"{"version": 99}"#, "newer program (format 99; this program knows 1)"),
            (r#"{"version": 1, "exercises": 3}"#, "something unexpected"),
            (r#"{"version": 1, "exercises": {"a": {"state": "won"}}}"#, "something unexpected"),
        ];
        for (text, words) in cases {
            let error = Progress::from_json(text).unwrap_err();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
