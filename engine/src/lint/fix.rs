//! A file and who judges it → the file with its problems mended as far as that makes nothing worse, and what was done.
//!
//! Fixes are made in rounds. After each the text is read and judged anew, and a fix that let some program refuse what
//! it accepted before, that brought a new error, or that mended nothing, is taken back. So it ends when there is
//! nothing left to do, and doing it twice does no more than doing it once.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, Edit, Fix, Programs, Severity, Stage};
use crate::lint::verdict::refusals;
use crate::source::{SourceFile, Span};

/// So many bytes are read anew at most, and at least [`LEAST_READS`] times. Only a file that was made to be slow needs
/// more; see [`Fixed::ended`].
const MOST_BYTES: usize = 8 * 1024 * 1024;
const LEAST_READS: usize = 8;

/// Which fixes may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that cannot alter the meaning of anything that works.
    Safe,
    /// Those that may, too.
    All,
}

/// The text after all fixes, and what was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// What was done, in the order in which it was.
    pub applied: Vec<Applied>,
    /// How many rounds it took.
    pub rounds: usize,
    /// False when it took too long, and more could be done. Then the same call goes on.
    pub ended: bool,
}

/// One fix that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The code of the problem that it mends.
    pub code: &'static str,
    /// What it does.
    pub message: String,
    /// The line that it begins on, as the lines were when it was made.
    pub line: usize,
}

/// The fix that is made for a problem: the first that may be made, a safe one if there is one.
#[must_use]
pub fn chosen(problem: &Diagnostic, which: Which) -> Option<&Fix> {
    let safe = problem.fixes.iter().find(|it| it.safe);
    safe.or_else(|| problem.fixes.first().filter(|_| which == Which::All))
}

/// Mends what can be mended. `judge` says what the problems of a text are. A text with bytes that are no UTF-8 stays as
/// it is, because the bytes are not known here.
pub fn fix(source: &SourceFile, which: Which, judge: &dyn Fn(&SourceFile) -> Vec<Diagnostic>) -> Fixed {
    let mut fixed = Fixed { text: source.text().to_owned(), ended: true, ..Fixed::default() };
    if !source.broken_bytes().is_empty() {
        return fixed;
    }
    let mut refused = Refused::default();
    let mut seen = HashSet::from([fixed.text.clone()]);
    let mut reader = Reader { judge, left: (MOST_BYTES / source.text().len().max(1)).max(LEAST_READS) };
    let mut now = Judged::of(SourceFile::new(source.name(), source.text()), judge);
    loop {
        let mut round = Round { base: &now, made: Vec::new(), best: None, seen: &seen };
        fixed.ended = round.make(now.possible(which, &refused), &mut refused, &mut reader);
        let Round { made, best, .. } = round;
        let Some(best) = best else { break };
        fixed.rounds += 1;
        fixed.applied.extend(made.iter().map(|it| it.applied(&now.source)));
        refused.move_with(&edits_of(&made));
        seen.insert(best.source.text().to_owned());
        now = best;
    }
    now.source.text().clone_into(&mut fixed.text);
    fixed
}

/// Judges texts, so many and no more.
struct Reader<'r> {
    judge: &'r dyn Fn(&SourceFile) -> Vec<Diagnostic>,
    left: usize,
}

/// A text and all that is said of it.
struct Judged {
    source: SourceFile,
    problems: Vec<Diagnostic>,
    /// For each program the stage at which it refuses the file, for a repository that is not trusted, and one that is.
    stages: Vec<[Option<Stage>; 2]>,
}

impl Judged {
    fn of(source: SourceFile, judge: &dyn Fn(&SourceFile) -> Vec<Diagnostic>) -> Self {
        Self { problems: judge(&source), stages: refusals(&source), source }
    }

    /// One change for each problem, in the order of the text; none touches another.
    fn possible(&self, which: Which, refused: &Refused) -> Vec<Change<'_>> {
        let fits = |it: &Edit| self.source.text().get(it.span.range()).is_some();
        let changes = self.problems.iter().filter_map(|problem| {
            let fix = chosen(problem, which)?;
            let change = Change { problem, fix };
            let usable = !fix.edits.is_empty() && fix.edits.iter().all(fits);
            (usable && !refused.holds(&change)).then_some(change)
        });
        let mut changes: Vec<_> = changes.collect();
        changes.sort_by_key(Change::span);
        let mut end = None;
        changes.retain(|it| {
            let span = it.span();
            let free = end.is_none_or(|end| end < span.start);
            if free {
                end = Some(span.end);
            }
            free
        });
        changes
    }

    /// True when this text is no worse than the one before it.
    fn keeps_what_was_good(&self, before: &Self, made: &[Change<'_>]) -> bool {
        let worse = |(new, old): (&Option<Stage>, &Option<Stage>)| match (new, old) {
            (Some(_), None) => true,
            (Some(new), Some(old)) => new < old,
            (None, _) => false,
        };
        if self.stages.iter().flatten().zip(before.stages.iter().flatten()).any(worse) {
            return false;
        }
        // What stopped the reading hid what stands behind it.
        made.iter().any(Change::opens) || !self.has_errors_that_are_not_of(before)
    }

    fn has_errors_that_are_not_of(&self, before: &Self) -> bool {
        let mut known: HashMap<_, usize> = HashMap::new();
        before.errors().for_each(|it| *known.entry(it).or_default() += 1);
        self.errors().any(|it| match known.get_mut(&it) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        })
    }

    fn errors(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let errors = self.problems.iter().filter(|it| it.severity == Severity::Error);
        errors.map(|it| (it.code, it.message.as_str()))
    }

    /// True when the problem, which stood at `place` before, is still there.
    fn still_has(&self, problem: &Diagnostic, place: Span) -> bool {
        let from = self.problems.partition_point(|it| it.primary.span.start < place.start);
        // What begins where the place ends is another problem.
        let last = if place.is_empty() { place.end } else { place.end - 1 };
        let mut near = self.problems[from..].iter().take_while(|it| it.primary.span.start <= last);
        near.any(|it| it.code == problem.code && it.message == problem.message)
    }
}

/// A problem and the fix that is to be made for it.
#[derive(Clone, Copy)]
struct Change<'j> {
    problem: &'j Diagnostic,
    fix: &'j Fix,
}

impl Change<'_> {
    /// From its first edit to its last.
    fn span(&self) -> Span {
        self.fix.edits.iter().map(|it| it.span).reduce(Span::to).unwrap_or_default()
    }

    /// True when the problem keeps a program from reading on.
    fn opens(&self) -> bool {
        let early =
            |it: &crate::diagnostic::Refusal| it.stage <= Stage::Parse && it.programs != Programs::NONE;
        self.problem.refusals.iter().any(early)
    }

    fn applied(&self, source: &SourceFile) -> Applied {
        let line = source.line_column(self.span().start).line;
        Applied { code: self.problem.code, message: self.fix.message.clone(), line }
    }
}

/// The changes that proved to be bad, by their problem and its place.
#[derive(Default)]
struct Refused(HashSet<(&'static str, u32, String)>);

impl Refused {
    fn holds(&self, change: &Change<'_>) -> bool {
        !self.0.is_empty() && self.0.contains(&Self::key(change))
    }

    fn add(&mut self, change: &Change<'_>) {
        self.0.insert(Self::key(change));
    }

    fn key(change: &Change<'_>) -> (&'static str, u32, String) {
        (change.problem.code, change.problem.primary.span.start, change.fix.message.clone())
    }

    /// Their places after the edits.
    fn move_with(&mut self, edits: &[Edit]) {
        let moves = Moves::new(edits);
        let keys = self.0.drain();
        let keys = keys.map(|(code, at, fix)| (code, moves.of(Span { start: at, end: at }).start, fix));
        self.0 = keys.collect();
    }
}

/// One round: the changes that are made to a text.
struct Round<'j> {
    base: &'j Judged,
    made: Vec<Change<'j>>,
    /// The text with these changes.
    best: Option<Judged>,
    seen: &'j HashSet<String>,
}

impl<'j> Round<'j> {
    /// Makes all changes at once; where that is not good, those of each half, down to the single one that is bad. False
    /// when there was no time for all of them.
    fn make(&mut self, changes: Vec<Change<'j>>, refused: &mut Refused, reader: &mut Reader<'_>) -> bool {
        let mut waiting = vec![changes];
        while let Some(batch) = waiting.pop().filter(|it| !it.is_empty()) {
            if reader.left == 0 {
                return false;
            }
            if self.accepts(&batch, reader) {
                continue;
            }
            if let [bad] = batch.as_slice() {
                refused.add(bad);
                continue;
            }
            let (first, second) = batch.split_at(batch.len() / 2);
            waiting.extend([second.to_vec(), first.to_vec()]);
        }
        true
    }

    fn accepts(&mut self, batch: &[Change<'j>], reader: &mut Reader<'_>) -> bool {
        let mut made = self.made.clone();
        made.extend(batch);
        let edits = edits_of(&made);
        let text = apply(self.base.source.text(), &edits);
        if self.seen.contains(&text) {
            return false;
        }
        reader.left -= 1;
        let judged = Judged::of(SourceFile::new(self.base.source.name(), text), reader.judge);
        let moves = Moves::new(&edits);
        let mended = |it: &Change<'_>| !judged.still_has(it.problem, moves.of(it.problem.primary.span));
        if !(judged.keeps_what_was_good(self.base, &made) && made.iter().all(mended)) {
            return false;
        }
        (self.made, self.best) = (made, Some(judged));
        true
    }
}

/// The edits of all changes, in the order of the text.
fn edits_of(changes: &[Change<'_>]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = changes.iter().flat_map(|it| it.fix.edits.iter().cloned()).collect();
    edits.sort_by_key(|it| it.span);
    edits
}

/// The text with the edits, which are in its order. Nothing else changes.
#[must_use]
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut new = String::with_capacity(text.len() + edits.iter().map(|it| it.text.len()).sum::<usize>());
    let mut at = 0;
    for edit in edits {
        new.push_str(text.get(at..edit.span.start as usize).unwrap_or_default());
        new.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    new.push_str(text.get(at..).unwrap_or_default());
    new
}

/// Where places are after edits.
struct Moves<'e> {
    edits: &'e [Edit],
    /// For each edit, how much longer the text before it has become.
    shifts: Vec<i64>,
}

impl<'e> Moves<'e> {
    /// Takes edits in the order of the text.
    fn new(edits: &'e [Edit]) -> Self {
        let before = edits.iter().scan(0, |sum, it| {
            let shift = *sum;
            *sum += growth(it);
            Some(shift)
        });
        Self { edits, shifts: before.collect() }
    }

    /// The place, with the whole new text of the edits that touch it.
    fn of(&self, place: Span) -> Span {
        let first = self.edits.partition_point(|it| it.span.end < place.start);
        let touching = self.edits[first..].iter().take_while(|it| it.span.start <= place.end);
        let (around, grown) =
            touching.fold((place, 0), |(around, grown), it| (around.to(it.span), grown + growth(it)));
        let last = first.checked_sub(1).and_then(|it| self.edits.get(it).zip(self.shifts.get(it)));
        let shift = last.map_or(0, |(edit, shift)| shift + growth(edit));
        let at = |place: u32, by: i64| usize::try_from(i64::from(place) + by).unwrap_or_default();
        Span::new(at(around.start, shift), at(around.end, shift + grown))
    }
}

/// How much longer an edit makes the text.
fn growth(edit: &Edit) -> i64 {
    i64::try_from(edit.text.len()).unwrap_or_default() - i64::from(edit.span.end - edit.span.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::report;

    fn judge(source: &SourceFile) -> Vec<Diagnostic> {
        report(source).problems
    }

    fn fixed(text: &str, which: Which) -> Fixed {
        let once = fix(&SourceFile::new("it.yml", text), which, &judge);
        let twice = fix(&SourceFile::new("it.yml", once.text.as_str()), which, &judge);
        assert_eq!((twice.text.as_str(), twice.rounds), (once.text.as_str(), 0), "twice is as once");
        once
    }

    const STEP: &str = "kind: pipeline\nname: a\nsteps:\n- name: b\n  image: c\n";

    #[test]
    fn only_the_bytes_of_the_edits_change() {
        let text = "# é ü\r\nkind: pipeline\r\nname: \"a\"   # ä\r\nsteps:\r\n- name: b\r\n  image: c\r\n  commands: make ü\r\n";
        let expected = text.replace("make ü", "[make ü]");
        let fixed = fixed(text, Which::Safe);
        assert_eq!((fixed.text, fixed.rounds), (expected, 1));
        let applied = &fixed.applied[0];
        assert_eq!((applied.code, applied.line), ("wrong-shape", 7));
    }

    #[test]
    fn what_may_change_the_meaning_is_left_until_it_is_asked_for() {
        let text = format!("{STEP}  commands:\n  - echo ${{a[0]}}${{a[0]}} ${{b[1]}}\n");
        assert_eq!(fixed(&text, Which::Safe).text, text);
        assert_eq!(fixed(&text, Which::All).text, text.replace("${", "$${"));
    }

    #[test]
    fn what_a_syntax_error_hides_is_mended_in_a_later_round() {
        let text = format!("{STEP}  commands:\n  - @x\n  - @x\n- name: d\n  image: e\n  commands: make\n");
        let fixed = fixed(&text, Which::Safe);
        assert_eq!(fixed.text, text.replace("@x", "'@x'").replace("make", "[make]"));
        assert_eq!(fixed.rounds, 3);
    }

    /// `a` may become `b`, by what the judge says; and so on.
    fn suggesting(
        changes: &'static [(&'static str, &'static str)],
    ) -> impl Fn(&SourceFile) -> Vec<Diagnostic> {
        move |source| {
            let found = changes.iter().flat_map(|(old, new)| {
                source.text().match_indices(old).map(move |(at, _)| {
                    let span = Span::new(at, at + old.len());
                    let edits = vec![Edit { span, text: (*new).into() }];
                    let fix = Fix { message: format!("write {new}"), edits, safe: true };
                    Diagnostic::warning("legacy", span, *old).fix(fix)
                })
            });
            let mut problems: Vec<_> = found.chain(judge(source)).collect();
            problems.sort_by_key(|it| it.primary.span);
            problems
        }
    }

    fn suggested(text: &str, changes: &'static [(&'static str, &'static str)]) -> String {
        fix(&SourceFile::new("it.yml", text), Which::Safe, &suggesting(changes)).text
    }

    #[test]
    fn a_fix_that_makes_something_worse_is_taken_back_and_the_others_stay() {
        let text = format!("{STEP}  commands: [one, two, three]\n");
        // `one` and `three` are fine; `two` becomes something that no program takes.
        let expected = text.replace("one", "1x").replace("three", "3x");
        assert_eq!(suggested(&text, &[("one", "1x"), ("two", "{"), ("three", "3x")]), expected);
        // A new error of a kind that some program minds already is one, too.
        let twice = "kind: pipeline\nsteps:\n- name: b\n  image: c\n- name: d\n  image: e\n- name: f\n";
        assert_eq!(suggested(twice, &[("  image: e\n", "")]), twice);
        // Nothing is mended.
        assert_eq!(suggested(&text, &[("one", "one, one")]), text);
    }

    #[test]
    fn rules_that_want_opposite_things_come_to_an_end() {
        let text = format!("{STEP}  commands: [one]\n");
        let end = suggested(&text, &[("one", "two"), ("two", "one")]);
        assert_eq!(end, text.replace("one", "two"));
    }

    #[test]
    fn a_place_moves_with_what_stands_before_it() {
        let edit = |start, end, text: &str| Edit { span: Span::new(start, end), text: text.into() };
        let cases = [
            (edit(0, 2, "longer"), (9, 12)),
            (edit(6, 6, "x"), (5, 9)),
            (edit(4, 7, "1"), (4, 6)),
            (edit(7, 12, ""), (5, 7)),
            (edit(9, 12, "abc"), (5, 8)),
        ];
        for (edit, (start, end)) in cases {
            assert_eq!(
                Moves::new(std::slice::from_ref(&edit)).of(Span::new(5, 8)),
                Span::new(start, end),
                "{edit:?}"
            );
        }
    }

    #[test]
    fn a_text_with_broken_bytes_is_left_alone() {
        let source = SourceFile::from_bytes("it.yml", b"kind: pipeline\nsteps: {name: \"a\xff\"}\n");
        let fixed = fix(&source, Which::All, &judge);
        assert_eq!((fixed.text.as_str(), fixed.rounds), (source.text(), 0));
    }

    #[test]
    fn many_problems_take_no_long() {
        let text = format!("{STEP}{}", "- name: b\n  image: c\n  commands: make\n".repeat(2_000));
        let source = SourceFile::new("it.yml", text.as_str());
        assert_eq!(fix(&source, Which::Safe, &judge).text, text.replace("make", "[make]"));
    }
}
