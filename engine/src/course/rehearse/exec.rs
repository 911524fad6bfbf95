//! Shell commands and a [`State`] → all the states in which they may end. Follows `sh -e` as Drone uses it.
//!
//! Where the outcome of a command is not known, both are followed. Nothing is run.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::course::declared::{Role, Task};
use crate::course::rehearse::image::{Dialect, Image};
use crate::course::rehearse::network::Network;
use crate::course::rehearse::state::{Cause, Doubt, Flow, Note, State, Swallowed, UNKNOWN, What};
use crate::course::rehearse::world::{Key, Layout, join};
use crate::course::{Exercise, Files};
use crate::shell::{
    Assignment, Command, Joined, Joint, List, Part, Piece, Pipeline, Redirect, Script, Shape, Simple, Word,
};
use crate::source::Span;

/// So often the same is noted.
const TRIES: usize = 3;
/// More ways than this are not followed.
const MOST_STATES: usize = 24;

/// What does not change while a step goes on.
pub(super) struct Step<'a> {
    pub(super) exercise: &'a Exercise,
    /// The repository as a clone holds it.
    pub(super) files: &'a Files,
    /// Roles whose commands fail.
    pub(super) broken: &'a [String],
    /// Roles whose first command in the build fails, and that have not had it yet.
    pub(super) flaky: &'a [String],
    /// Place of the pipeline among the pipelines of the file, and of the step in it.
    pub(super) at: (usize, usize),
    pub(super) name: &'a str,
    /// Nobody waits for its end: a service, or a step with `detach`.
    pub(super) detached: bool,
    /// It is the build of a tag.
    pub(super) tagged: bool,
    /// What can be reached from its container.
    pub(super) network: &'a Network,
    /// Variables of the file that have no value in this build, and why.
    pub(super) empty: &'a BTreeMap<String, String>,
    pub(super) image: Image,
    pub(super) dialect: Dialect,
    pub(super) layout: Layout,
    /// Commands that may still be followed.
    pub(super) fuel: &'a Cell<usize>,
    /// How deep scripts call scripts.
    pub(super) depth: usize,
    /// Where in the text that is followed each entry of `commands` begins, in bytes; empty for another text.
    pub(super) items: &'a [usize],
}

impl<'a> Step<'a> {
    /// The step's script from its first command to its last.
    pub(super) fn run(&self, state: State, items: &[String]) -> Vec<State> {
        if items.is_empty() {
            return vec![state];
        }
        let mut starts = Vec::with_capacity(items.len());
        let mut length = 0;
        for item in items {
            starts.push(length);
            length += item.len() + 1;
        }
        let here = self.with_items(&starts);
        match self.dialect.read(&items.join("\n")) {
            Ok(script) => here.ended(here.script(vec![state], &script, false)),
            Err(error) => {
                let mut state = state;
                state.item = here.item_of(error.span);
                let text = items[state.item].clone();
                let cause = self.dialect.why_unreadable(&items.join("\n"), error);
                vec![self.broke(state, &text, cause, 2)]
            }
        }
    }

    /// The same step, for a text whose entries begin at these bytes.
    fn with_items<'b>(&'b self, items: &'b [usize]) -> Step<'b> {
        let this: &Step<'b> = self;
        Step { items, layout: this.layout.clone(), ..*this }
    }

    /// The entry of `commands` in which a place lies.
    fn item_of(&self, place: Span) -> usize {
        self.items.partition_point(|it| *it <= place.start as usize).saturating_sub(1)
    }

    /// What `trap … EXIT` asked for happens at the end.
    fn ended(&self, states: Vec<State>) -> Vec<State> {
        let trapped = |mut state: State| match state.at_exit.take().map(|it| self.dialect.read(&it)) {
            Some(Ok(script)) => {
                let before = (state.status, state.failing);
                state.flow = Flow::Next;
                let mut ends = self.with_items(&[]).script(vec![state], &script, true);
                for end in ends.iter_mut().filter(|it| it.flow != Flow::Exit) {
                    (end.status, end.failing) = before;
                }
                ends
            }
            _ => vec![state],
        };
        states.into_iter().flat_map(trapped).collect()
    }

    pub(super) fn script(&self, mut states: Vec<State>, script: &Script, tested: bool) -> Vec<State> {
        for list in &script.lists {
            states = each(states, |state| self.list(state, list, tested));
        }
        states
    }

    fn list(&self, state: State, list: &List, tested: bool) -> Vec<State> {
        if self.fuel.get() == 0 {
            // It is not followed any further, so either end is possible.
            let mut state = state;
            state.guess(Doubt::Unfollowed(text_of(&list.first)));
            let end = |status| State { status, flow: Flow::Exit, ..state.clone() };
            return vec![end(0), end(1)];
        }
        self.fuel.set(self.fuel.get() - 1);
        if list.background.is_none() {
            return self.joined(state, list, tested);
        }
        let after = |end: State, mut parent: State| {
            parent.jobs.push((end.status, end.failing));
            parent.world = end.world;
            parent.notes = end.notes;
            parent.swallowed = parent.swallowed.or(end.failing.then_some(Swallowed::Background));
            parent.ends(0)
        };
        let beside = |inner| self.joined(State { background: true, ..inner }, list, false);
        let ends = self.subshell(&state, beside);
        ends.into_iter().map(|end| after(end, state.clone())).collect()
    }

    fn joined(&self, state: State, list: &List, tested: bool) -> Vec<State> {
        let mut states = self.pipeline(state, &list.first, tested || !list.rest.is_empty());
        for (at, Joined { joint, pipeline, .. }) in list.rest.iter().enumerate() {
            let is_last = at + 1 == list.rest.len();
            states = each(states, |mut state| {
                let goes_on = (*joint == Joint::And) == (state.status == 0);
                if !goes_on {
                    state.quiet = true;
                    return vec![state];
                }
                if *joint == Joint::Or {
                    state.swallow(|| Swallowed::Or(text_of(pipeline)));
                }
                self.pipeline(state, pipeline, tested || !is_last)
            });
        }
        for state in &mut states {
            let fails = state.flow == Flow::Next && state.status != 0;
            if fails && state.errexit && !tested && !state.quiet {
                (state.flow, state.stopped) = (Flow::Exit, true);
            }
        }
        states
    }

    fn pipeline(&self, state: State, pipeline: &Pipeline, tested: bool) -> Vec<State> {
        let tested = tested || pipeline.negated;
        let mut states = match pipeline.commands.as_slice() {
            [one] => self.command(state, one, tested),
            many => self.piped(state, many, tested),
        };
        if pipeline.negated {
            for state in states.iter_mut().filter(|it| it.flow == Flow::Next) {
                state.swallow(|| Swallowed::Condition);
                state.status = i32::from(state.status == 0);
                state.quiet = true;
            }
        }
        states
    }

    fn piped(&self, state: State, commands: &[Command], tested: bool) -> Vec<State> {
        let last = commands.len() - 1;
        let (before, input) = (state.printed.clone(), state.input.clone());
        let mut ways = vec![(state, 0, false)];
        for (at, command) in commands.iter().enumerate() {
            let mut next = Vec::new();
            for (mut state, failed, failing) in ways {
                if at > 0 {
                    state.input = Some(lines(&state.printed.take().unwrap_or_default()));
                }
                state.printed = if at < last { Some(String::new()) } else { before.clone() };
                for mut end in self.subshell(&state, |inner| self.command(inner, command, tested)) {
                    let pipefail = end.pipefail && end.status != 0;
                    let (failed, failing) =
                        if pipefail { (end.status, end.failing) } else { (failed, failing) };
                    if at < last && end.pipefail {
                        end.failing = false;
                    } else if at < last {
                        end.swallow(|| Swallowed::Pipe(text_of_command(&commands[last])));
                    }
                    next.push((end, failed, failing));
                }
            }
            next.truncate(MOST_STATES);
            ways = next;
        }
        let ended = |(mut end, failed, failing): (State, i32, bool)| {
            if end.status == 0 && failed != 0 {
                (end.status, end.failing) = (failed, failing);
            }
            end.quiet = tested;
            end.input.clone_from(&input);
            end
        };
        ways.into_iter().map(ended).collect()
    }

    /// Follows `inner` in a shell of its own: only its exit code, the world and the notes come back.
    pub(super) fn subshell(&self, parent: &State, inner: impl Fn(State) -> Vec<State>) -> Vec<State> {
        let own = State { at_exit: None, ..parent.clone() };
        let back = |end: State| State {
            status: end.status,
            failing: end.failing,
            swallowed: end.swallowed,
            world: end.world,
            notes: end.notes,
            clock: end.clock,
            doubt: end.doubt,
            cut_loop: end.cut_loop,
            printed: end.printed,
            quiet: false,
            ..parent.clone()
        };
        self.ended(inner(own)).into_iter().map(back).collect()
    }

    pub(super) fn command(&self, state: State, command: &Command, tested: bool) -> Vec<State> {
        match command {
            Command::Simple(simple) => self.simple(state, simple, tested),
            Command::Compound(compound) => {
                let (state, target) = self.redirected(state, &compound.redirects);
                to_file(state, target, |state| self.shaped(state, &compound.shape, tested))
            }
        }
    }

    fn shaped(&self, state: State, shape: &Shape, tested: bool) -> Vec<State> {
        match shape {
            Shape::Group(script) => self.script(vec![state], script, tested),
            Shape::Subshell(script) => {
                let ends = self.subshell(&state, |inner| self.script(vec![inner], script, tested));
                ends.into_iter().map(|it| State { quiet: tested, ..it }).collect()
            }
            Shape::If { branches, otherwise } => {
                self.conditional(state, branches, otherwise.as_ref(), tested)
            }
            Shape::Loop { until, condition, body } => self.looped(state, *until, condition, body, tested),
            Shape::For { header: Some(header), body, .. } => self.stepped(state, header, body, tested),
            Shape::For { variable, body, bash: Some(_), .. } => {
                self.turns(state, variable, vec![UNKNOWN.into()], body, tested)
            }
            Shape::For { variable, words, body, bash: None, .. } => {
                self.counted(state, variable, words, body, tested)
            }
            Shape::Case { subject, arms } => self.chosen(state, subject, arms, tested),
            Shape::Function { name, body, .. } => {
                let mut state = state;
                Rc::make_mut(&mut state.functions).insert(name.clone(), Rc::clone(body));
                vec![state.ends(0)]
            }
            Shape::Arithmetic(sum) if self.dialect == Dialect::Bash => {
                self.is_true(State { quiet: tested, ..state }, sum)
            }
            Shape::Arithmetic(_) => {
                let state = State { quiet: tested, ..state };
                vec![self.broke(state, "(( … ))", Cause::NotInShell("(( … ))".into()), 127)]
            }
        }
    }

    fn simple(&self, mut state: State, simple: &Simple, tested: bool) -> Vec<State> {
        if self.depth == 0 {
            state.item = self.item_of(simple.span);
        }
        state.swallow(|| Swallowed::WentOn(simple.text.clone()));
        state.quiet = tested;
        let before = state.status;
        let (words, state) = self.fields(state, &simple.words);
        let (assigned, state) = self.assigned(state, simple);
        let (mut state, target) = self.redirected(state, &simple.redirects);
        if state.flow == Flow::Exit {
            return vec![state];
        }
        if words.is_empty() {
            let outputs = simple.assignments.iter().any(|it| it.value.parts.iter().any(is_output));
            for (name, value) in assigned {
                self.assign(&mut state, &name, value);
            }
            if simple.redirects.iter().any(|it| it.input) {
                state.print(UNKNOWN.encode_utf8(&mut [0; 3]));
            }
            let nothing = |state| vec![state];
            state = to_file(state, target, nothing).swap_remove(0);
            let status = if outputs { state.status } else { 0 };
            return vec![state.ends(status)];
        }
        state.swallow(|| Swallowed::Output);
        let kept = (Rc::clone(&state.variables), Rc::clone(&state.exported));
        for (name, value) in &assigned {
            state.set(name, value.clone());
            state.export(name);
        }
        state.status = before;
        let call = Call { words, simple, tested };
        let mut ends = to_file(state, target, |state| self.call(state, &call));
        for end in &mut ends {
            // Whatever happened inside a function or `eval`: for `set -e` it is one command that failed.
            end.quiet = tested;
            if !assigned.is_empty() {
                (end.variables, end.exported) = (Rc::clone(&kept.0), Rc::clone(&kept.1));
            }
        }
        ends
    }

    /// The values of `NAME=value`.
    fn assigned(&self, mut state: State, simple: &Simple) -> (Vec<(String, String)>, State) {
        let mut values = Vec::new();
        for Assignment { name, value, appends, .. } in &simple.assignments {
            if *appends && self.dialect != Dialect::Bash {
                state = self.broke(state, &simple.text, Cause::NotInShell("+=".into()), 127);
            }
            let before =
                if *appends { state.get(name).unwrap_or_default().to_owned() } else { String::new() };
            let (value, next) = self.text(state, value);
            state = next;
            values.push((name.clone(), before + &value));
        }
        (values, state)
    }

    /// The files that `>` makes, and where the output goes if not to whoever listens.
    fn redirected(&self, mut state: State, redirects: &[Redirect]) -> (State, Option<Target>) {
        let mut output = None;
        for redirect in redirects {
            let (path, next) = self.text(state, &redirect.target);
            state = next;
            if let Some(document) = &redirect.document {
                // What it says does not matter, what is called in it does.
                let word = Word { parts: document.parts().to_vec(), ..Word::default() };
                state = self.text(state, &word).1;
            }
            let key = self.key(&state, &path);
            let known = redirect.writes && !path.contains(UNKNOWN) && !path.starts_with("/dev/");
            let there = state.world.has(&key);
            if known {
                self.touch(&mut state, &path);
            }
            if redirect.sign.contains('>') && redirect.number.is_none_or(|it| it == 1) {
                let unknown = || UNKNOWN.to_string();
                let before = state.world.contents.get(&key).cloned();
                let appends = redirect.sign.ends_with(">>") && there;
                let before = if appends { before.unwrap_or_else(unknown) } else { String::new() };
                output = Some(Target { key: known.then_some(key), before });
            } else if known {
                state.world.contents.insert(key, UNKNOWN.into());
            }
        }
        (state, output)
    }

    /// The key of a path, as seen from the shell's folder.
    pub(super) fn key(&self, state: &State, path: &str) -> Key {
        self.layout.key(&join(&state.folder, path))
    }

    pub(super) fn touch(&self, state: &mut State, path: &str) {
        if !path.contains(UNKNOWN) && !path.starts_with("/dev/") {
            let key = self.key(state, path);
            state.world.files.insert(key);
        }
    }

    pub(super) fn note(&self, state: &mut State, command: &str, what: What) {
        let (pipeline, step) = self.at;
        let note = Note { pipeline, step, item: state.item, command: command.into(), what };
        // What a loop does once more, after a second try, is nothing new.
        if state.notes.iter().filter(|it| **it == note).count() < TRIES {
            state.notes.push(note);
        }
    }

    /// The command fails because of this.
    pub(super) fn broke(&self, mut state: State, command: &str, cause: Cause, status: i32) -> State {
        self.note(&mut state, command, What::Broke(cause));
        state.ends(status)
    }

    /// The same step, one script deeper.
    pub(super) fn deeper(&self, dialect: Dialect) -> Step<'a> {
        let (layout, at) = (self.layout.clone(), self.at);
        Step { layout, at, dialect, depth: self.depth + 1, ..*self }
    }

    pub(super) fn role(&self, name: &str) -> Option<(&'a Role, Option<&'a Task>)> {
        Some((self.exercise.roles.get(name)?, self.exercise.project.get(name)))
    }
}

/// A program or builtin with its words, expanded.
pub(super) struct Call<'a> {
    pub(super) words: Vec<String>,
    pub(super) simple: &'a Simple,
    pub(super) tested: bool,
}

/// Follows each state that has not ended, and keeps the number of ways small.
pub(super) fn each(states: Vec<State>, follow: impl Fn(State) -> Vec<State>) -> Vec<State> {
    let mut ends = Vec::new();
    for state in states {
        if state.flow == Flow::Next {
            ends.extend(follow(state));
        } else {
            ends.push(state);
        }
    }
    if ends.len() > MOST_STATES {
        // Both outcomes must stay in sight.
        ends.sort_by_key(|it| it.status != 0);
        let bad = ends.split_off(ends.len() / 2);
        ends.truncate(MOST_STATES / 2);
        ends.extend(bad.into_iter().rev().take(MOST_STATES / 2));
    }
    ends
}

/// Where the output of a command goes.
struct Target {
    /// The file, where it is one and its name is known.
    key: Option<Key>,
    /// What stands in it before.
    before: String,
}

/// What goes into a file is not heard outside.
fn to_file(mut state: State, target: Option<Target>, follow: impl Fn(State) -> Vec<State>) -> Vec<State> {
    let Some(Target { key, before }) = target else { return follow(state) };
    let outside = state.printed.replace(String::new());
    let mut ends = follow(state);
    for end in &mut ends {
        let text = std::mem::replace(&mut end.printed, outside.clone()).unwrap_or_default();
        if let Some(key) = &key {
            end.world.contents.insert(key.clone(), before.clone() + &text);
        }
    }
    ends
}

/// A text as lines.
fn lines(text: &str) -> Rc<[String]> {
    text.lines().map(str::to_owned).collect()
}

fn is_output(part: &Part) -> bool {
    matches!(part.piece, Piece::Output(_))
}

fn text_of(pipeline: &Pipeline) -> String {
    pipeline.commands.first().map_or_else(String::new, text_of_command)
}

fn text_of_command(command: &Command) -> String {
    let shape = match command {
        Command::Simple(simple) => return simple.text.clone(),
        Command::Compound(compound) => &compound.shape,
    };
    match shape {
        Shape::Group(_) => "{ … }".into(),
        Shape::Subshell(_) => "( … )".into(),
        Shape::If { .. } => "if …".into(),
        Shape::Loop { .. } | Shape::For { .. } => "a loop".into(),
        Shape::Case { .. } => "case …".into(),
        Shape::Function { name, .. } => name.clone(),
        Shape::Arithmetic(_) => "(( … ))".into(),
    }
}
