//! A call → what the shell itself does about it: builtins, functions, wrappers such as `env`, scripts in files.

use std::rc::Rc;

use crate::course::rehearse::exec::{Call, Step};
use crate::course::rehearse::expand::counted;
use crate::course::rehearse::image::Dialect;
use crate::course::rehearse::state::{Cause, Doubt, Flow, State, Swallowed, UNKNOWN, What};
use crate::shell::Command;

/// The second at which a build is thought to begin.
const EPOCH: u32 = 1_700_000_000;
/// Scripts call scripts no deeper than this.
const DEEPEST: usize = 8;

impl Step<'_> {
    /// Follows one command.
    pub(super) fn call(&self, state: State, call: &Call<'_>) -> Vec<State> {
        let words: Vec<&str> = call.words.iter().map(String::as_str).collect();
        let Some((program, rest)) = words.split_first() else { return vec![state.ends(0)] };
        if let Some(body) = state.functions.get(*program).cloned() {
            return match self.depth {
                DEEPEST.. => guessed(state, program),
                _ => self.function(state, &body, call),
            };
        }
        self.builtin(state, program, rest, call)
    }

    fn function(&self, state: State, body: &Command, call: &Call<'_>) -> Vec<State> {
        let deeper = self.deeper(self.dialect);
        let before = state.given();
        let mut state = state;
        state.give(call.words.get(1..).unwrap_or_default());
        let mut ends = deeper.command(state, body, call.tested);
        for end in &mut ends {
            end.give(&before);
        }
        for end in ends.iter_mut().filter(|it| it.flow == Flow::Return) {
            end.flow = Flow::Next;
        }
        ends
    }

    fn builtin(&self, mut state: State, program: &str, rest: &[&str], call: &Call<'_>) -> Vec<State> {
        let number = |it: Option<&&str>, before: i32| match it.map(|it| it.parse::<i32>()) {
            None => Some(before),
            Some(Ok(status)) => Some(status & 255),
            Some(Err(_)) => None,
        };
        match program {
            "shift" => {
                let given = state.given();
                state.give(given.get(1..).unwrap_or_default());
                vec![state.ends(0)]
            }
            "echo" | "printf" => {
                state.print(&printed(program, rest));
                vec![state.ends(0)]
            }
            "seq" | "expr" | "date" | "printenv" | "pwd" => vec![self.told(state, program, rest)],
            "read" if state.input.is_some() => read_line(state, rest),
            "let" if self.dialect == Dialect::Bash => self.compared(state, &rest.join(",")),
            ":" | "true" | "umask" | "local" | "readonly" | "alias" => {
                if matches!(program, "local" | "readonly") {
                    assign(&mut state, rest);
                }
                vec![state.ends(0)]
            }
            "sleep" => {
                state.clock = state.clock.saturating_add(rest.iter().filter_map(|it| seconds(it)).sum());
                vec![state.ends(0)]
            }
            "false" => vec![state.ends(1)],
            "exit" | "return" => {
                let before = state.status;
                state.flow = if program == "exit" { Flow::Exit } else { Flow::Return };
                match number(rest.first(), before) {
                    Some(status) => vec![left(state, status, call)],
                    None => both(state),
                }
            }
            "break" | "continue" => {
                state.flow = if program == "break" { Flow::Break } else { Flow::Continue };
                vec![state.ends(0)]
            }
            "set" => vec![self.set(state, rest, call)],
            "cd" => vec![self.cd(state, rest, call)],
            "export" | "declare" | "typeset" => {
                assign(&mut state, rest);
                if program == "export" || rest.iter().any(|it| it.starts_with('-') && it.contains('x')) {
                    export(&mut state, rest);
                }
                vec![state.ends(0)]
            }
            "unset" => {
                for name in rest {
                    Rc::make_mut(&mut state.variables).remove(*name);
                }
                vec![state.ends(0)]
            }
            "trap" => {
                if let [script, signals @ ..] = rest
                    && signals.iter().any(|it| matches!(*it, "EXIT" | "0"))
                {
                    state.at_exit = Some((*script).to_owned());
                }
                vec![state.ends(0)]
            }
            "wait" => {
                if self.detached {
                    let waited = std::mem::take(&mut state.world.listening);
                    state.world.serving.extend(waited);
                }
                vec![wait(state, rest)]
            }
            "[[" if self.dialect == Dialect::Dash => {
                let cause = Cause::NotInShell("[[".into());
                vec![self.broke(state, &call.simple.text, cause, 127)]
            }
            "test" | "[" => self.test(state, rest),
            "[[" => self.double_bracket(state, rest),
            "eval" => self.nested(state, &rest.join(" "), self.dialect, call),
            "." | "source" => self.sourced(state, program, rest, call),
            "exec" => self.wrapped(state, rest, call, true),
            "command" if rest.first() == Some(&"-v") => both(state),
            "which" | "type" | "grep" | "egrep" | "diff" | "cmp" | "curl" | "wget" | "git" if call.tested => {
                both(state)
            }
            "command" | "nohup" | "time" | "sudo" | "xvfb-run" => self.wrapped(state, rest, call, false),
            "timeout" => self.timed(state, rest, call),
            "env" | "nice" | "stdbuf" | "tini" | "dumb-init" => {
                let rest = after_options(program, rest, &mut state);
                self.wrapped(state, rest, call, false)
            }
            "sh" | "bash" | "dash" | "ash" => self.shell(state, program, rest, call),
            _ => self.program(state, call),
        }
    }

    fn set(&self, mut state: State, rest: &[&str], call: &Call<'_>) -> State {
        let mut words = rest.iter();
        while let Some(word) = words.next() {
            if *word == "--" {
                let given: Vec<String> = words.map(|it| (*it).to_owned()).collect();
                state.give(&given);
                break;
            }
            let Some(sign @ ('-' | '+')) = word.chars().next() else { break };
            let on = sign == '-';
            if word.contains('e') && !word.starts_with("--") {
                state.errexit = on;
            }
            if word.contains('a') && !word.starts_with("--") {
                state.exports_all = on;
            }
            if !word.ends_with('o') {
                continue;
            }
            match words.next() {
                Some(&"pipefail") if self.dialect == Dialect::Dash => {
                    state.flow = Flow::Exit;
                    let cause = Cause::NotInShell("set -o pipefail".into());
                    return self.broke(state, &call.simple.text, cause, 2);
                }
                Some(&"pipefail") => state.pipefail = on,
                Some(&"errexit") => state.errexit = on,
                Some(&"allexport") => state.exports_all = on,
                _ => {}
            }
        }
        state.ends(0)
    }

    fn cd(&self, mut state: State, rest: &[&str], call: &Call<'_>) -> State {
        let target = rest.iter().find(|it| !it.starts_with('-')).copied().unwrap_or("~");
        if target.contains(UNKNOWN) {
            return state.ends(0);
        }
        let folder = super::world::join(&state.folder, target);
        let key = self.layout.key(&folder);
        let known = key.starts_with("workspace:/") && key != "workspace:/" && !state.world.may_hold(&key);
        let nowhere = key.strip_prefix("container:/").is_some_and(|it| !is_usual(it));
        if (known || nowhere) && !state.world.has(&key) {
            return self.broke(state, &call.simple.text, Cause::NoFile(target.into()), 2);
        }
        state.folder = folder;
        state.ends(0)
    }

    /// `[ … ]`: known values decide, otherwise both ways are open.
    fn test(&self, state: State, rest: &[&str]) -> Vec<State> {
        match self.holds(&state, rest) {
            Some(holds) => vec![state.ends(i32::from(!holds))],
            None => guessed(state, &format!("[ {}", rest.join(" "))),
        }
    }

    /// `[[ … ]]`: tests that are joined; what stands in parentheses is not worked out.
    fn double_bracket(&self, state: State, rest: &[&str]) -> Vec<State> {
        if rest.contains(&"(") {
            return guessed(state, "[[ … ]]");
        }
        let all =
            |tests: &[&str]| joined(tests.split(|it| *it == "&&").map(|it| self.holds(&state, it)), false);
        match joined(rest.split(|it| *it == "||").map(all), true) {
            Some(holds) => vec![state.ends(i32::from(!holds))],
            None => guessed(state, "[[ … ]]"),
        }
    }

    fn holds(&self, state: &State, rest: &[&str]) -> Option<bool> {
        let words: Vec<&str> = rest.iter().copied().filter(|it| !matches!(*it, "]" | "]]")).collect();
        let (negated, words) = match words.split_first() {
            Some((&"!", rest)) => (true, rest.to_vec()),
            _ => (false, words),
        };
        if words.iter().any(|it| it.contains(UNKNOWN)) {
            return None;
        }
        let holds = match words.as_slice() {
            [] => Some(false),
            [word] | ["-n", word] => Some(!word.is_empty()),
            ["-z", word] => Some(word.is_empty()),
            ["-f" | "-e" | "-d" | "-s" | "-r" | "-x", path] => {
                let key = self.key(state, path);
                let there = || state.world.has(&key) || state.world.may_hold(&key);
                (!key.starts_with("container:")).then(there)
            }
            [a, "=" | "==", b] => Some(a == b),
            [a, "!=", b] => Some(a != b),
            [a, sign, b] => compare(a, sign, b),
            _ => None,
        };
        holds.map(|it| it != negated)
    }

    /// Small programs whose answer is known.
    fn told(&self, mut state: State, program: &str, rest: &[&str]) -> State {
        let numbers = |words: &[&str]| words.iter().map(|it| it.parse().ok()).collect::<Option<Vec<i64>>>();
        let words: Vec<&str> = rest.iter().copied().filter(|it| !matches!(*it, "-w" | "--")).collect();
        let all = |it: Vec<String>| it.iter().map(|it| format!("{it}\n")).collect::<String>();
        let text = match (program, words.as_slice()) {
            ("pwd", _) => Some(state.folder.clone()),
            ("printenv", [name]) => state.environment().remove(*name),
            ("date", ["+%s"]) => Some((EPOCH + self.network.start + state.clock).to_string()),
            ("seq", words) => match numbers(words).as_deref() {
                Some([last]) => Some(all(counted(1, 1, *last))),
                Some([first, last]) => Some(all(counted(*first, 1, *last))),
                Some([first, step, last]) if *step != 0 => Some(all(counted(*first, *step, *last))),
                _ => None,
            },
            ("expr", [a, sign @ ("+" | "-" | "*" | "/" | "%" | "<" | "<=" | ">" | ">="), b]) => {
                let known = numbers(&[a, b]).is_some();
                let value = known.then(|| self.worked_out(&mut state, &format!("{a} {sign} {b}"))).flatten();
                state.status = i32::from(value == Some(0));
                value.map(|it| it.to_string())
            }
            _ => None,
        };
        let status = if program == "expr" { state.status } else { 0 };
        state.print(&text.map_or_else(|| UNKNOWN.to_string(), |it| it + "\n"));
        state.ends(status)
    }

    /// A script that is given as text, in this shell.
    fn nested(&self, state: State, text: &str, dialect: Dialect, call: &Call<'_>) -> Vec<State> {
        if self.depth >= DEEPEST || text.contains(UNKNOWN) {
            return guessed(state, &call.simple.text);
        }
        match dialect.read(text) {
            Ok(script) => self.deeper(dialect).script(vec![state], &script, call.tested),
            Err(error) => {
                vec![self.broke(state, &call.simple.text, dialect.why_unreadable(text, error), 2)]
            }
        }
    }

    /// `. FILE`
    fn sourced(&self, mut state: State, program: &str, rest: &[&str], call: &Call<'_>) -> Vec<State> {
        if program == "source" && self.dialect == Dialect::Dash {
            let cause = Cause::NotInShell("source".into());
            return vec![self.broke(state, &call.simple.text, cause, 127)];
        }
        let Some(path) = rest.first() else { return vec![state.ends(2)] };
        if let Some(folder) = path.strip_suffix("/bin/activate") {
            let key = self.key(&state, folder);
            if state.world.envs.get(&key).is_some_and(|it| it.venv) {
                let at = super::world::join(&state.folder, folder);
                let old = state.get("PATH").unwrap_or(super::PATH).to_owned();
                state.set("PATH", format!("{at}/bin:{old}"));
                return vec![state.ends(0)];
            }
        }
        if let Some(text) = self.script_file(&state, path) {
            return self.nested(state, &text, self.dialect, call);
        }
        let state = self.broke(state, &call.simple.text, Cause::NoFile((*path).into()), 2);
        vec![State { flow: Flow::Exit, ..state }]
    }

    /// The text of a file of the repository.
    pub(super) fn script_file(&self, state: &State, path: &str) -> Option<String> {
        let key = self.key(state, path);
        let path = key.strip_prefix("workspace:/").filter(|_| state.world.files.contains(&key))?;
        self.files.get(path).map(|it| String::from_utf8_lossy(it).into_owned())
    }

    /// `sh -c TEXT` and `sh FILE`
    fn shell(&self, state: State, program: &str, rest: &[&str], call: &Call<'_>) -> Vec<State> {
        let dialect = if program == "bash" { Dialect::Bash } else { self.dialect };
        if program == "bash" && self.dialect == Dialect::Busybox {
            return vec![self.broke(state, &call.simple.text, Cause::NoProgram("bash".into()), 127)];
        }
        let (mut errexit, mut pipefail, mut text) = (false, false, None);
        let mut given: Vec<String> = Vec::new();
        let mut words = rest.iter();
        while let Some(word) = words.next() {
            if !word.starts_with('-') {
                text = self.script_file(&state, word);
                if text.is_none() {
                    return vec![self.broke(state, &call.simple.text, Cause::NoFile((*word).into()), 127)];
                }
                given = words.map(|it| (*it).to_owned()).collect();
                break;
            }
            let letters = word.trim_start_matches('-');
            errexit |= !word.starts_with("--") && letters.contains('e');
            if letters.ends_with('o') {
                pipefail |= words.next() == Some(&"pipefail");
            }
            if !word.starts_with("--") && letters.contains('c') {
                text = words.next().map(|it| (*it).to_owned());
                given = words.skip(1).map(|it| (*it).to_owned()).collect();
                break;
            }
        }
        let Some(text) = text else { return vec![self.eats_the_rest(state)] };
        self.subshell(&state, |mut inner| {
            (inner.errexit, inner.pipefail) = (errexit, pipefail && dialect != Dialect::Dash);
            if dialect == Dialect::Bash {
                self.deeper(dialect).assign(&mut inner, "SECONDS", "0".into());
            }
            inner.give(&given);
            let call = Call { words: Vec::new(), simple: call.simple, tested: false };
            self.nested(inner, &text, dialect, &call)
        })
    }

    /// The program reads what the shell would read next: the rest of the script is its input and is not run.
    pub(super) fn eats_the_rest(&self, mut state: State) -> State {
        if self.depth == 0 {
            state.flow = Flow::Exit;
        }
        state.ends(0)
    }

    /// `timeout SECONDS COMMAND`
    fn timed(&self, mut state: State, rest: &[&str], call: &Call<'_>) -> Vec<State> {
        let inner = after_options("timeout", rest, &mut state);
        let limit = rest[..rest.len() - inner.len()].last().and_then(|it| seconds(it)).unwrap_or(u32::MAX);
        let deadline = state.clock.saturating_add(limit);
        let mut ends = self.wrapped(state, inner, call, false);
        for end in ends.iter_mut().filter(|it| it.clock > deadline) {
            end.notes.retain(|it| it.what != What::Broke(Cause::Endless));
            (end.clock, end.status, end.flow) = (deadline, 124, Flow::Next);
        }
        ends
    }

    fn wrapped(&self, state: State, rest: &[&str], call: &Call<'_>, leaves: bool) -> Vec<State> {
        let words: Vec<String> = rest.iter().map(|it| (*it).to_owned()).collect();
        if words.is_empty() {
            return vec![state.ends(0)];
        }
        let inner = Call { words, simple: call.simple, tested: call.tested };
        let mut ends = self.call(state, &inner);
        if leaves {
            for end in &mut ends {
                end.flow = Flow::Exit;
            }
        }
        ends
    }
}

/// True for what an image may hold: folders that each system has, and those of the well-known images.
fn is_usual(path: &str) -> bool {
    const USUAL: [&str; 19] = [
        "", "app", "bin", "boot", "dev", "etc", "go", "home", "lib", "media", "mnt", "opt", "proc", "root",
        "run", "sbin", "tmp", "usr", "var",
    ];
    USUAL.contains(&path.split('/').next().unwrap_or_default())
}

/// `exit`: a failure that the exit code hands on is not lost.
fn left(mut state: State, status: i32, call: &Call<'_>) -> State {
    if status == 0 {
        state.swallow(|| Swallowed::WentOn(call.simple.text.clone()));
    }
    state.ends(status)
}

/// `NAME=value …`
fn assign(state: &mut State, words: &[&str]) {
    for (name, value) in words.iter().filter_map(|it| it.split_once('=')) {
        state.set(name, value.to_owned());
    }
}

/// Programs get the variables that these words name.
fn export(state: &mut State, words: &[&str]) {
    for word in words.iter().filter(|it| !it.starts_with('-')) {
        state.export(word.split('=').next().unwrap_or(word));
    }
}

/// The outcome of several tests when `decides` is what one of them needs to decide all.
fn joined(mut tests: impl Iterator<Item = Option<bool>>, decides: bool) -> Option<bool> {
    let mut unknown = false;
    let found = tests.any(|it| {
        unknown |= it.is_none();
        it == Some(decides)
    });
    if found {
        return Some(decides);
    }
    (!unknown).then_some(!decides)
}

/// `8`, `8s`, `2m`; begun seconds count.
fn seconds(word: &str) -> Option<u32> {
    let (number, unit) = match word.strip_suffix('m') {
        Some(minutes) => (minutes, 60.0),
        None => (word.trim_end_matches('s'), 1.0),
    };
    let number: f64 = number.parse().ok()?;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "kept inside the range before"
    )]
    Some((number * unit).ceil().clamp(0.0, f64::from(u16::MAX)) as u32)
}

/// Both outcomes, of something that is not followed.
pub(super) fn guessed(mut state: State, text: &str) -> Vec<State> {
    state.guess(Doubt::Unfollowed(text.replace(UNKNOWN, "…")));
    both(state)
}

/// What `echo` and `printf` print.
fn printed(program: &str, words: &[&str]) -> String {
    let unknown = || UNKNOWN.to_string();
    let words = words.strip_prefix(&["--"]).unwrap_or(words);
    match (program, words) {
        ("echo", ["-n", words @ ..]) => words.join(" "),
        ("echo", ["-e" | "-ne" | "-en", ..]) => unknown(),
        ("echo", words) => words.join(" ") + "\n",
        (_, ["%s\\n", words @ ..]) => words.iter().map(|it| format!("{it}\n")).collect(),
        (_, ["%s", words @ ..]) => words.concat(),
        (_, [text]) if !text.contains(['%', '\\']) => (*text).to_owned(),
        _ => unknown(),
    }
}

/// `read NAME …`: a line of what the pipe brings, or a failure at its end.
fn read_line(mut state: State, rest: &[&str]) -> Vec<State> {
    let input = state.input.take().unwrap_or_default();
    let Some((line, more)) = input.split_first() else {
        state.input = Some(input);
        return vec![state.ends(1)];
    };
    if line.contains(UNKNOWN) {
        state.input = Some(Rc::clone(&input));
        return guessed(state, &format!("read {}", rest.join(" ")));
    }
    let names: Vec<&&str> = rest.iter().filter(|it| !it.starts_with('-')).collect();
    let mut words = line.split_whitespace();
    for (at, name) in names.iter().enumerate() {
        let last = at + 1 == names.len();
        let value = if last {
            words.by_ref().collect::<Vec<_>>().join(" ")
        } else {
            words.next().unwrap_or_default().into()
        };
        state.set(name, value);
    }
    state.input = Some(more.into());
    vec![state.ends(0)]
}

/// Both outcomes.
pub(super) fn both(state: State) -> Vec<State> {
    vec![state.clone().ends(0), state.ends(1)]
}

fn wait(mut state: State, rest: &[&str]) -> State {
    let job = rest.first().and_then(|it| it.strip_prefix('%')?.parse::<usize>().ok());
    let (status, failing) =
        job.and_then(|it| state.jobs.get(it.checked_sub(1)?)).copied().unwrap_or_default();
    state.failing = failing;
    state.ends(status)
}

/// A comparison of numbers; with something else it is an error, and does not hold.
fn compare(a: &str, sign: &str, b: &str) -> Option<bool> {
    let signs = ["-eq", "-ne", "-lt", "-le", "-gt", "-ge"];
    let (Ok(a), Ok(b)) = (a.parse::<i64>(), b.parse::<i64>()) else {
        return signs.contains(&sign).then_some(false);
    };
    Some(match sign {
        "-eq" => a == b,
        "-ne" => a != b,
        "-lt" => a < b,
        "-le" => a <= b,
        "-gt" => a > b,
        "-ge" => a >= b,
        _ => return None,
    })
}

/// What follows the options of `env`, `nice` and `timeout`; `env` also sets variables.
fn after_options<'a, 'b>(program: &str, mut rest: &'a [&'b str], state: &mut State) -> &'a [&'b str] {
    while let [first, more @ ..] = rest {
        let assigns = program == "env" && first.contains('=');
        if !(first.starts_with('-') || assigns) {
            break;
        }
        assign(state, &[first]);
        if assigns {
            export(state, &[first]);
        }
        let takes_value = matches!(*first, "-n" | "-k" | "-s" | "-u" | "-o" | "-i") && program != "env";
        rest = if takes_value { more.get(1..).unwrap_or_default() } else { more };
    }
    if program == "timeout" { rest.get(1..).unwrap_or_default() } else { rest }
}
