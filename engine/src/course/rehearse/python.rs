//! Python's part of a rehearsal: which interpreter a word finds, what it can import, where pip puts things.

use crate::course::rehearse::exec::{Call, Step};
use crate::course::rehearse::programs::{Run, is_python};
use crate::course::rehearse::state::{Cause, Doubt, State, UNKNOWN};
use crate::course::rehearse::world::{Env, Key};
use crate::course::requirements::package;

/// Where a program was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the image, or installed beside it.
    Base,
    /// In a virtual environment.
    Venv(Key),
    /// In the `bin` of a folder that pip filled; the image's Python runs it.
    Folder(Key),
}

/// Programs that come as Python packages, where the package has another name.
const PROVIDED: [(&str, &str); 4] =
    [("uvx", "uv"), ("pyproject-build", "build"), ("py.test", "pytest"), ("http", "httpie")];

/// Programs that come as Python packages of the same name.
const TOOLS: [&str; 18] = [
    "uvx",
    "pipx",
    "pytest",
    "twine",
    "build",
    "tox",
    "nox",
    "coverage",
    "flake8",
    "ruff",
    "black",
    "mypy",
    "pylint",
    "isort",
    "uv",
    "poetry",
    "hatch",
    "virtualenv",
];

/// Modules that Python brings along.
const STANDARD: [&str; 12] = [
    "venv",
    "pip",
    "ensurepip",
    "unittest",
    "doctest",
    "json",
    "compileall",
    "zipapp",
    "zipfile",
    "http.server",
    "timeit",
    "py_compile",
];

impl Step<'_> {
    /// Where the shell finds the program.
    pub(super) fn find(&self, state: &State, word: &str) -> Result<Place, Cause> {
        let name = word.rsplit('/').next().unwrap_or_default();
        if let Some(folder) = word.strip_suffix(&format!("/bin/{name}")) {
            if folder.starts_with("/usr") {
                return self.find(state, name);
            }
            let key = self.key(state, folder);
            return self.inside(state, &key, name).ok_or_else(|| self.why_not_found(state, word, name));
        }
        if word.contains('/') {
            return Err(Cause::NoProgram(word.into()));
        }
        for folder in state.get("PATH").unwrap_or(super::PATH).split(':') {
            if folder.starts_with("/usr") || folder == "/bin" {
                if self.in_base(state, name) {
                    return Ok(Place::Base);
                }
            } else if let Some(folder) = folder.strip_suffix("/bin")
                && let Some(place) = self.inside(state, &self.key(state, folder), name)
            {
                return Ok(place);
            }
        }
        Err(self.why_not_found(state, word, name))
    }

    fn inside(&self, state: &State, key: &Key, name: &str) -> Option<Place> {
        let env = state.world.envs.get(key)?;
        let own = env.venv && (is_python(name) || name == "pip" || name == "pip3");
        let has = own || env.packages.contains_key(provider(name));
        let runs = has && self.has_python(state) && self.same_python(env);
        runs.then(|| if env.venv { Place::Venv(key.clone()) } else { Place::Folder(key.clone()) })
    }

    fn has_python(&self, state: &State) -> bool {
        self.image.python || state.world.tools.contains("python3")
    }

    /// An environment belongs to the Python that made it.
    fn same_python(&self, env: &Env) -> bool {
        env.python.is_none() || self.image.version.is_none() || env.python == self.image.version
    }

    fn in_base(&self, state: &State, name: &str) -> bool {
        let tools = &state.world.tools;
        match name {
            "python" => self.image.python,
            "pip" | "pip3" => self.image.python || tools.contains("pip"),
            name if is_python(name) => self.has_python(state),
            "uv" | "uvx" if self.image.uv => true,
            name => state.world.scripts.contains(provider(name)) || tools.contains(name),
        }
    }

    fn why_not_found(&self, state: &State, word: &str, name: &str) -> Cause {
        let package = provider(name);
        let interpreter = is_python(name) || name.starts_with("pip");
        if !self.has_python(state) {
            return Cause::NoProgram(if interpreter { name.into() } else { "python".into() });
        }
        let folder = word.strip_suffix(&format!("/bin/{name}"));
        let gone = folder.and_then(|it| Some((it, state.world.lost_envs.get(&self.key(state, it))?)));
        if let Some((folder, step)) = gone {
            return Cause::Lost { name: folder.into(), step: step.clone() };
        }
        if interpreter || word.contains('/') {
            return match state.world.lost.get(package) {
                Some(step) if !interpreter => Cause::Lost { name: package.into(), step: step.clone() },
                _ => Cause::NoProgram(word.into()),
            };
        }
        match why_missing(state, package) {
            Cause::NoPackage(_) => Cause::NoProgram(word.into()),
            cause => cause,
        }
    }

    /// True when the Python of that place finds the package.
    ///
    /// `-m` also looks in the shell's folder.
    fn imports(&self, state: &State, place: &Place, module: bool, name: &str) -> bool {
        let world = &state.world;
        let in_env = |key: &Key| {
            world.envs.get(key).is_some_and(|it| it.packages.contains_key(name) && self.same_python(it))
        };
        let base = || world.base.contains_key(name) || in_env(&self.user_base(state));
        let own = match place {
            Place::Base | Place::Folder(_) => base(),
            Place::Venv(key) => in_env(key) || world.envs.get(key).is_some_and(|it| it.system) && base(),
        };
        let here = || module && in_env(&self.key(state, "."));
        own || here() || self.python_path(state).iter().any(in_env)
    }

    /// The folders of `PYTHONPATH`, as keys of what pip filled.
    fn python_path(&self, state: &State) -> Vec<Key> {
        let path = state.get("PYTHONPATH").unwrap_or_default();
        let folders = path.split(':').filter(|it| !it.is_empty() && !it.contains(UNKNOWN));
        folders.map(|it| self.key(state, it.split("/lib/python3").next().unwrap_or(it))).collect()
    }

    pub(super) fn user_base(&self, state: &State) -> Key {
        let home = state.get("HOME").unwrap_or("/root");
        let folder = state.get("PYTHONUSERBASE").map_or_else(|| format!("{home}/.local"), str::to_owned);
        self.key(state, &folder)
    }

    /// Follows `python`, `pip` and programs that are Python packages.
    pub(super) fn python_call(
        &self,
        mut state: State,
        run: &Run,
        place: &Place,
        call: &Call<'_>,
    ) -> Vec<State> {
        let text = &call.simple.text;
        let missing = |state: &State, name: &str| {
            (!self.imports(state, place, run.module, name)).then(|| why_missing(state, name))
        };
        let name = package(provider(&run.program));
        let needs_itself = run.module || !matches!(run.program.as_str(), "python" | "pip");
        let own = STANDARD.contains(&run.program.as_str())
            || state.world.tools.contains(&name)
            || !needs_itself
            || self.image.uv && name == "uv";
        let module_file =
            run.module && !TOOLS.contains(&name.as_str()) && self.is_own_module(&state, &run.program);
        if !own
            && !module_file
            && let Some(cause) = missing(&state, &name)
        {
            let roles = self.roles_of(&state, run);
            for role in roles {
                self.reaches(&mut state, call, role);
            }
            return vec![self.broke(state, text, cause, 1)];
        }
        let roles = self.roles_of(&state, run);
        if run.program == "pytest"
            && let Some(path) = self.no_such_tests(&state, run)
        {
            for role in roles {
                self.reaches(&mut state, call, role);
            }
            return vec![self.broke(state, text, Cause::NoFile(path), 4)];
        }
        if let Some(file) = self.left_behind(&state, run).filter(|_| !roles.is_empty()) {
            for role in roles {
                self.reaches(&mut state, call, role);
            }
            return vec![self.broke(state, text, Cause::NoFile(file), 2)];
        }
        let here = state.clone();
        let played =
            self.play(state, &roles, call, |task| task.packages.iter().find_map(|it| missing(&here, it)));
        if played.status != 0 {
            return vec![played];
        }
        self.python_effect(played, run, place, call)
    }

    /// A file of the repository, called from a folder that is not in the workspace.
    fn left_behind(&self, state: &State, run: &Run) -> Option<String> {
        let file = run.args.first().filter(|it| run.program == "python" && !it.starts_with('-'))?;
        let key = self.key(state, file);
        (key.starts_with("container:") && !state.world.has(&key)).then(|| file.clone())
    }

    /// A path that pytest is told to look at, in the workspace and not there.
    fn no_such_tests(&self, state: &State, run: &Run) -> Option<String> {
        const SWITCHES: &str = "vqsxl";
        let is_switch = |it: &str| {
            it.starts_with("--") && it.contains('=')
                || it.strip_prefix('-').is_some_and(|it| it.chars().all(|it| SWITCHES.contains(it)))
        };
        let before = std::iter::once("-q").chain(run.args.iter().map(String::as_str));
        let words = run.args.iter().map(String::as_str).zip(before);
        // A word behind an option may be its value.
        let paths = words
            .filter(|(it, before)| !it.starts_with('-') && (!before.starts_with('-') || is_switch(before)));
        paths.map(|(it, _)| it.split("::").next().unwrap_or(it)).find_map(|it| {
            let key = self.key(state, it);
            let path = key.strip_prefix("workspace:/").filter(|path| !path.is_empty())?;
            let known = !it.contains([UNKNOWN, '*', '?', '[', '{', '<']);
            (known && !state.world.has(&key)).then(|| path.to_owned())
        })
    }

    fn is_own_module(&self, state: &State, module: &str) -> bool {
        let path = module.replace('.', "/");
        let there = |it: String| state.world.has(&self.key(state, &it));
        there(format!("{path}.py")) || there(path.clone()) || there(format!("src/{path}"))
    }

    fn python_effect(&self, mut state: State, run: &Run, place: &Place, call: &Call<'_>) -> Vec<State> {
        let text = &call.simple.text;
        let first = run.operands().next().unwrap_or_default().to_owned();
        match run.program.as_str() {
            "venv" | "virtualenv" => {
                let system = run.args.iter().any(|it| it == "--system-site-packages");
                self.make_venv(&mut state, &first, system);
                vec![state.ends(0)]
            }
            "pip" if first == "install" => {
                let at = run.args.iter().position(|it| *it == first).unwrap_or_default();
                vec![self.pip_install(state, &run.args[at + 1..], place, call)]
            }
            "pip" if matches!(first.as_str(), "wheel" | "download") => {
                let at = run.args.iter().position(|it| *it == first).unwrap_or_default();
                vec![self.pip_wheel(state, &run.args[at + 1..], call)]
            }
            "pip" if run.args.first() == Some(&first) && !is_order_of_pip(&first) => {
                let why = format!("pip has no command `{first}`");
                let next = "Check the spelling: the command that installs is `pip install`.".into();
                vec![self.broke(state, text, Cause::Refused { why, next }, 1)]
            }
            "pip" if first == "uninstall" => {
                for name in run.operands().skip(1) {
                    self.packages_at(&mut state, place).remove(&package(name));
                }
                vec![state.ends(0)]
            }
            "python" => vec![self.python_file(state, run, call)],
            "coverage" if first == "run" => match run.args.iter().position(|it| it == "-m") {
                Some(at) if run.args.len() > at + 1 => {
                    let inner = Run {
                        program: run.args[at + 1].clone(),
                        word: run.word.clone(),
                        module: true,
                        args: run.args[at + 2..].to_vec(),
                    };
                    self.python_call(state, &inner, place, call)
                }
                _ => vec![state.ends(0)],
            },
            "uv" => self.uv(state, run, call),
            "pipx" if first == "run" => {
                let at = run.args.iter().position(|it| it == "run").unwrap_or_default();
                self.pipx_run(state, &run.args[at + 1..], call)
            }
            "uvx" => self.uv_run(state, &run.args, call),
            _ => vec![state.ends(0)],
        }
    }

    /// `python FILE`
    fn python_file(&self, state: State, run: &Run, call: &Call<'_>) -> State {
        let Some(file) = run.args.first().filter(|it| !it.starts_with('-') && !it.contains(UNKNOWN)) else {
            let mut state = state;
            if run.args.iter().any(|it| it == "-c") {
                state.guess(Doubt::Unfollowed(call.simple.text.clone()));
            }
            return state.ends(0);
        };
        let key = self.key(&state, file);
        let mut state = state;
        if self.roles_of(&state, run).is_empty() {
            state.guess(Doubt::Unfollowed(call.simple.text.clone()));
        }
        if key.starts_with("container:") || state.world.has(&key) {
            return state.ends(0);
        }
        self.broke(state, &call.simple.text, Cause::NoFile(file.clone()), 2)
    }

    pub(super) fn make_venv(&self, state: &mut State, folder: &str, system: bool) {
        let key = self.key(state, folder);
        let env = Env { venv: true, system, python: self.image.version, ..Env::default() };
        state.world.envs.entry(key).or_insert(env);
    }
}

/// The first words that pip knows.
fn is_order_of_pip(word: &str) -> bool {
    const ORDERS: [&str; 17] = [
        "install",
        "uninstall",
        "wheel",
        "download",
        "freeze",
        "list",
        "show",
        "check",
        "config",
        "search",
        "cache",
        "index",
        "inspect",
        "hash",
        "completion",
        "debug",
        "help",
    ];
    ORDERS.contains(&word) || word == "lock" || word.contains(UNKNOWN)
}

/// True for what this file knows how to follow.
pub(super) fn is_pythonic(state: &State, run: &Run) -> bool {
    let name = run.word.rsplit('/').next().unwrap_or_default();
    let world = &state.world;
    let installed = |it: &str| {
        world.base.contains_key(it)
            || world.lost.contains_key(it)
            || world.envs.values().any(|env| env.packages.contains_key(it))
    };
    is_python(name)
        || name.starts_with("pip")
        || TOOLS.contains(&run.program.as_str())
        || installed(provider(name))
}

/// Why Python does not find a package.
fn why_missing(state: &State, name: &str) -> Cause {
    let holder = state.world.envs.iter().find(|(_, env)| env.packages.contains_key(name));
    if let Some((key, _)) = holder {
        let folder = key.strip_prefix("workspace:/").or(key.split_once(':').map(|(_, it)| it)).unwrap_or(key);
        return Cause::Elsewhere { package: name.into(), folder: folder.into() };
    }
    match state.world.lost.get(name) {
        Some(step) => Cause::Lost { name: name.into(), step: step.clone() },
        None => Cause::NoPackage(name.into()),
    }
}

/// The package that brings a program.
fn provider(program: &str) -> &str {
    PROVIDED.iter().find(|(name, _)| *name == program).map_or(program, |(_, package)| package)
}
