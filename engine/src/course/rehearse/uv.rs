//! `uv` → the same as what pip and venv would do, in uv's words.

use crate::course::rehearse::exec::{Call, Step};
use crate::course::rehearse::programs::Run;
use crate::course::rehearse::python::Place;
use crate::course::rehearse::state::{Cause, State};

/// Where uv keeps a project's environment.
const OWN: &str = ".venv";
/// Where it keeps one that is made for a single command.
const PASSING: &str = "/root/.cache/uv/passing";

impl Step<'_> {
    pub(super) fn uv(&self, mut state: State, run: &Run, call: &Call<'_>) -> Vec<State> {
        let operands: Vec<&str> = run.operands().collect();
        let after = |word: &str| {
            let at = run.args.iter().position(|it| it == word).unwrap_or_default();
            run.args[at + 1..].to_vec()
        };
        match operands.as_slice() {
            ["venv", rest @ ..] => {
                self.make_venv(&mut state, rest.first().unwrap_or(&OWN), false);
                vec![state.ends(0)]
            }
            ["sync", ..] => {
                self.make_venv(&mut state, OWN, false);
                let place = Place::Venv(self.key(&state, OWN));
                vec![self.pip_install(state, &[".".into()], &place, call)]
            }
            ["pip", "install", ..] => vec![self.uv_pip(state, &after("install"), call)],
            ["pip", "sync", files @ ..] => {
                let named = files.iter().flat_map(|it| ["-r".to_owned(), (*it).to_owned()]);
                let system = run.args.iter().filter(|it| *it == "--system").cloned();
                vec![self.uv_pip(state, &named.chain(system).collect::<Vec<_>>(), call)]
            }
            ["run", ..] | ["tool", "run", ..] => self.uv_run(state, &after("run"), call),
            _ => vec![state.ends(0)],
        }
    }

    fn uv_pip(&self, state: State, args: &[String], call: &Call<'_>) -> State {
        let system = args.iter().any(|it| it == "--system") || state.get("UV_SYSTEM_PYTHON").is_some();
        let own = self.key(&state, OWN);
        let place = if system { Place::Base } else { Place::Venv(own.clone()) };
        if !system && !state.world.envs.contains_key(&own) {
            return self.broke(state, &call.simple.text, Cause::NoProgram(OWN.into()), 2);
        }
        self.pip_install(state, args, &place, call)
    }

    /// `pipx run [--spec X] PROGRAM`: in an environment with the package of that name, and nothing of the project.
    pub(super) fn pipx_run(&self, mut state: State, args: &[String], call: &Call<'_>) -> Vec<State> {
        let spec = args.windows(2).find(|two| two[0] == "--spec").map(|two| two[1].clone());
        let skipped = if spec.is_some() { 2 } else { 0 };
        let Some(word) = args.get(skipped) else { return vec![state.ends(1)] };
        // `build==1.3.0` is a program and its version.
        let program = word.split("==").next().unwrap_or(word).to_owned();
        self.make_venv(&mut state, PASSING, false);
        let place = Place::Venv(self.key(&state, PASSING));
        state = self.pip_install(state, &[spec.unwrap_or_else(|| word.clone())], &place, call);
        if state.status != 0 {
            return vec![state];
        }
        let program = if program == "build" { "pyproject-build".to_owned() } else { program };
        let mut words = vec![format!("{PASSING}/bin/{program}")];
        words.extend_from_slice(&args[skipped + 1..]);
        self.call(state, &Call { words, simple: call.simple, tested: call.tested })
    }

    /// `uv run [--with X] COMMAND`: in an environment with what the project and the options name.
    pub(super) fn uv_run(&self, mut state: State, args: &[String], call: &Call<'_>) -> Vec<State> {
        let mut wanted = Vec::new();
        let mut words = args.iter();
        let mut command: Vec<String> = Vec::new();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--with" | "--from" => wanted.extend(words.next().cloned()),
                "--with-requirements" => {
                    wanted.push("-r".into());
                    wanted.extend(words.next().cloned());
                }
                "--python" | "-p" | "--extra" | "--group" => drop(words.next()),
                option if option.starts_with('-') => {}
                _ => {
                    command = std::iter::once(word).chain(words).cloned().collect();
                    break;
                }
            }
        }
        let project = self
            .files
            .get("pyproject.toml")
            .is_some_and(|it| String::from_utf8_lossy(it).contains("[project]"));
        if project {
            wanted.push(".".into());
        }
        let has_own = state.world.envs.contains_key(&self.key(&state, OWN));
        let folder = if has_own { OWN } else { PASSING };
        self.make_venv(&mut state, folder, false);
        if !wanted.is_empty() {
            let place = Place::Venv(self.key(&state, folder));
            state = self.pip_install(state, &wanted, &place, call);
            if state.status != 0 {
                return vec![state];
            }
        }
        let before = state.get("PATH").unwrap_or(super::PATH).to_owned();
        let at = super::world::join(&state.folder, folder);
        state.set("PATH", format!("{at}/bin:{before}"));
        let inner = Call { words: command, simple: call.simple, tested: call.tested };
        let mut ends = self.call(state, &inner);
        for end in &mut ends {
            end.set("PATH", before.clone());
        }
        ends
    }
}
