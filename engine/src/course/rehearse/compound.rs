//! `if`, `case` and loops → all the states in which they may end.

use std::collections::BTreeSet;

use crate::course::ignore::name_matches;
use crate::course::rehearse::exec::{Step, each};
use crate::course::rehearse::image::Dialect;
use crate::course::rehearse::network::HOUR;
use crate::course::rehearse::state::{Cause, Doubt, Flow, State, Swallowed, UNKNOWN};
use crate::shell::{Arithmetic, Arm, Script, Word};

/// Turns of a loop that are followed, where they may go several ways.
const MOST_TURNS: usize = 4;
/// Turns of a loop that are followed where there is one way, and it leads on.
const MOST_SURE_TURNS: usize = 400;

impl Step<'_> {
    pub(super) fn conditional(
        &self,
        state: State,
        branches: &[(Script, Script)],
        otherwise: Option<&Script>,
        tested: bool,
    ) -> Vec<State> {
        let (mut open, mut done) = (vec![state], Vec::new());
        for (condition, body) in branches {
            for mut end in self.script(std::mem::take(&mut open), condition, true) {
                if end.flow != Flow::Next {
                    done.push(end);
                } else if end.status == 0 {
                    done.extend(self.script(vec![end], body, tested));
                } else {
                    end.swallow(|| Swallowed::Condition);
                    open.push(end);
                }
            }
        }
        let open = open.into_iter().map(|it| it.ends(0)).collect();
        done.extend(otherwise.map_or_else(|| Vec::clone(&open), |it| self.script(open.clone(), it, tested)));
        done
    }

    /// `case`: the first arm that matches; where that is not known, every arm and none.
    pub(super) fn chosen(&self, state: State, subject: &Word, arms: &[Arm], tested: bool) -> Vec<State> {
        let (subject, state) = self.text(state, subject);
        let state = state.ends(0);
        let known = !subject.contains(UNKNOWN)
            && arms.iter().all(|it| it.patterns.iter().all(|it| it.text().is_some()));
        if known {
            let matches = |it: &Word| it.text().is_some_and(|it| name_matches(it, &subject));
            return match arms.iter().find(|it| it.patterns.iter().any(matches)) {
                Some(arm) => self.script(vec![state], &arm.body, tested),
                None => vec![state],
            };
        }
        let mut state = state;
        state.guess(Doubt::Unfollowed("case".into()));
        let arm = |it: &Arm| self.script(vec![state.clone()], &it.body, tested);
        arms.iter().flat_map(arm).chain([state.clone()]).collect()
    }

    pub(super) fn looped(
        &self,
        state: State,
        until: bool,
        condition: &Script,
        body: &Script,
        tested: bool,
    ) -> Vec<State> {
        let word = if until { "until" } else { "while" };
        let ask = |state| self.script(vec![state], condition, true);
        self.repeated(state, (word, until), ask, |state| self.script(vec![state], body, tested))
    }

    /// bash's `for ((…; …; …))`
    pub(super) fn stepped(
        &self,
        state: State,
        header: &Arithmetic,
        body: &Script,
        tested: bool,
    ) -> Vec<State> {
        let mut state = state;
        let text = self.sum_text(&mut state, header);
        let mut parts = text.splitn(3, ';');
        let (first, condition) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let step = parts.next().unwrap_or_default();
        let is_true = |state: State| match condition.trim() {
            "" => vec![state.ends(0)],
            condition => self.compared(state, condition),
        };
        let turn = |state: State| {
            let mut ends = self.script(vec![state], body, tested);
            for end in ends.iter_mut().filter(|it| matches!(it.flow, Flow::Next | Flow::Continue)) {
                self.worked_out(end, step);
            }
            ends
        };
        self.worked_out(&mut state, first);
        self.repeated(state, ("for", false), is_true, turn)
    }

    /// Turn after turn, as long as what is asked says so.
    fn repeated(
        &self,
        state: State,
        (word, until): (&str, bool),
        ask: impl Fn(State) -> Vec<State>,
        body: impl Fn(State) -> Vec<State>,
    ) -> Vec<State> {
        let (mut open, mut done) = (vec![state], Vec::new());
        for turn in 0..MOST_SURE_TURNS {
            let before = open.first().cloned().unwrap_or_default();
            for mut end in each(std::mem::take(&mut open), &ask) {
                if end.flow != Flow::Next {
                    done.push(end);
                } else if (end.status == 0) == until {
                    end.swallow(|| Swallowed::Condition);
                    done.push(end.ends(0));
                } else {
                    end.swallow(|| Swallowed::Condition);
                    open.extend(body(end));
                }
            }
            done.extend(open.iter().filter(|it| !matches!(it.flow, Flow::Next | Flow::Continue)).cloned());
            open.retain(|it| matches!(it.flow, Flow::Next | Flow::Continue));
            for state in &mut open {
                state.flow = Flow::Next;
            }
            if let [one] = open.as_mut_slice()
                && !leads_on(&before, one)
            {
                // It asks again and again without a pause, until something outside changes.
                one.clock = one.clock.saturating_add(1);
            }
            let leads_on = open.len() == 1 && leads_on(&before, &open[0]);
            if open.is_empty() || turn + 1 >= MOST_TURNS && !leads_on {
                break;
            }
        }
        let surely = open.len() == 1;
        let endless = |mut state: State| {
            if !surely {
                state.guess(Doubt::Unfollowed(format!("the turns of `{word}`")));
            }
            let state = self.broke(state, word, Cause::Endless, 137);
            State { flow: Flow::Exit, clock: HOUR, ..state }
        };
        done.extend(open.into_iter().map(endless));
        done.into_iter().map(after_loop).collect()
    }

    pub(super) fn counted(
        &self,
        state: State,
        variable: &str,
        words: &[Word],
        body: &Script,
        tested: bool,
    ) -> Vec<State> {
        let (values, mut state) = self.fields(state, words);
        let one = words.iter().filter(|it| it.braces.is_some()).find_map(Word::text);
        if let Some(word) = one.filter(|_| self.dialect != Dialect::Bash) {
            state.guess(Doubt::OneWord(word.to_owned()));
        }
        let values: Vec<String> = values.into_iter().flat_map(|it| self.files_like(&state, it)).collect();
        if values.iter().any(|it| it.contains(UNKNOWN)) {
            state.guess(Doubt::Unfollowed(format!("the turns of `for {variable}`")));
        }
        self.turns(state, variable, values, body, tested)
    }

    /// The files in the workspace that a pattern stands for; the word itself where there is none.
    fn files_like(&self, state: &State, word: String) -> Vec<String> {
        let folder = word.rsplit_once('/').map(|it| it.0);
        if !word.contains(['*', '?']) || folder.is_some_and(|it| it.contains(['*', '?'])) {
            return vec![word];
        }
        let inside = format!("{}/", self.key(state, folder.unwrap_or(".")).trim_end_matches('/'));
        let pattern = word.rsplit('/').next().unwrap_or_default();
        let names = state.world.files.iter().filter_map(|it| it.strip_prefix(&inside));
        let names: BTreeSet<&str> = names.filter_map(|it| it.split('/').next()).collect();
        let found: Vec<String> = names
            .into_iter()
            .filter(|it| !it.starts_with('.') && name_matches(pattern, it))
            .map(|it| folder.map_or_else(|| it.to_owned(), |folder| format!("{folder}/{it}")))
            .collect();
        if found.is_empty() { vec![word] } else { found }
    }

    /// The body once for each value.
    pub(super) fn turns(
        &self,
        state: State,
        variable: &str,
        values: Vec<String>,
        body: &Script,
        tested: bool,
    ) -> Vec<State> {
        let mut states = vec![state.ends(0)];
        for (turn, value) in values.into_iter().take(MOST_SURE_TURNS).enumerate() {
            if turn >= 4 * MOST_TURNS && states.len() > 1 {
                break;
            }
            states = each(states, |mut state| {
                state.set(variable, value.clone());
                let mut ends = self.script(vec![state], body, tested);
                for end in ends.iter_mut().filter(|it| it.flow == Flow::Continue) {
                    end.flow = Flow::Next;
                }
                ends
            });
        }
        states.into_iter().map(after_loop).collect()
    }
}

/// Time has passed, or something is counted.
fn leads_on(before: &State, after: &State) -> bool {
    after.clock > before.clock || after.variables != before.variables
}

fn after_loop(mut state: State) -> State {
    state.cut_loop |= state.flow == Flow::Exit && state.stopped;
    if matches!(state.flow, Flow::Break | Flow::Continue) {
        state.flow = Flow::Next;
    }
    state
}
