//! Python's part of a rehearsal: which interpreter a word finds, what it can import, where pip puts things.

use std::collections::BTreeMap;

use crate::course::rehearse::exec::{Call, Step};
use crate::course::rehearse::programs::{Run, is_python};
use crate::course::rehearse::state::{Cause, State, UNKNOWN, What};
use crate::course::rehearse::world::{Env, Key, join};
use crate::course::requirements::{Requirement, Requirements, package};

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
const PROVIDED: [(&str, &str); 3] = [("pyproject-build", "build"), ("py.test", "pytest"), ("http", "httpie")];

/// Programs that come as Python packages of the same name.
const TOOLS: [&str; 16] = [
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
const STANDARD: [&str; 11] = [
    "venv",
    "pip",
    "ensurepip",
    "unittest",
    "doctest",
    "json",
    "compileall",
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
            name => state.world.base.contains_key(provider(name)) || tools.contains(name),
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
    fn imports(&self, state: &State, place: &Place, name: &str) -> bool {
        let world = &state.world;
        let in_env = |key: &Key| {
            world.envs.get(key).is_some_and(|it| it.packages.contains_key(name) && self.same_python(it))
        };
        let base = || world.base.contains_key(name) || in_env(&self.user_base(state));
        let own = match place {
            Place::Base | Place::Folder(_) => base(),
            Place::Venv(key) => in_env(key) || world.envs.get(key).is_some_and(|it| it.system) && base(),
        };
        own || self.python_path(state).iter().any(in_env)
    }

    /// The folders of `PYTHONPATH`, as keys of what pip filled.
    fn python_path(&self, state: &State) -> Vec<Key> {
        let path = state.get("PYTHONPATH").unwrap_or_default();
        let folders = path.split(':').filter(|it| !it.is_empty() && !it.contains(UNKNOWN));
        folders.map(|it| self.key(state, it.split("/lib/python3").next().unwrap_or(it))).collect()
    }

    fn user_base(&self, state: &State) -> Key {
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
        let missing =
            |state: &State, name: &str| (!self.imports(state, place, name)).then(|| why_missing(state, name));
        let name = package(&run.program);
        let needs_itself = run.module || !matches!(run.program.as_str(), "python" | "pip");
        let own =
            STANDARD.contains(&run.program.as_str()) || state.world.tools.contains(&name) || !needs_itself;
        let module_file =
            run.module && !TOOLS.contains(&name.as_str()) && self.is_own_module(&state, &run.program);
        if !own
            && !module_file
            && let Some(cause) = missing(&state, &name)
        {
            let roles = self.roles_of(&state, run);
            for role in roles {
                self.note(&mut state, text, What::Reached(role));
            }
            return vec![self.broke(state, text, cause, 1)];
        }
        let roles = self.roles_of(&state, run);
        let here = state.clone();
        let played =
            self.play(state, &roles, call, |task| task.packages.iter().find_map(|it| missing(&here, it)));
        if played.status != 0 {
            return vec![played];
        }
        self.python_effect(played, run, place, call)
    }

    fn is_own_module(&self, state: &State, module: &str) -> bool {
        let path = module.replace('.', "/");
        let there = |it: String| state.world.has(&self.key(state, &it));
        there(format!("{path}.py")) || there(path.clone()) || there(format!("src/{path}"))
    }

    fn python_effect(&self, mut state: State, run: &Run, place: &Place, call: &Call<'_>) -> Vec<State> {
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
            "uv" => self.uv(state, run, &first, call),
            _ => vec![state.ends(0)],
        }
    }

    /// `python FILE`
    fn python_file(&self, state: State, run: &Run, call: &Call<'_>) -> State {
        let Some(file) = run.args.first().filter(|it| !it.starts_with('-') && !it.contains(UNKNOWN)) else {
            return state.ends(0);
        };
        let key = self.key(&state, file);
        if key.starts_with("container:") || state.world.has(&key) {
            return state.ends(0);
        }
        self.broke(state, &call.simple.text, Cause::NoFile(file.clone()), 2)
    }

    fn make_venv(&self, state: &mut State, folder: &str, system: bool) {
        let key = self.key(state, folder);
        let env = Env { venv: true, system, python: self.image.version, ..Env::default() };
        state.world.envs.entry(key).or_insert(env);
    }

    fn uv(&self, mut state: State, run: &Run, first: &str, call: &Call<'_>) -> Vec<State> {
        let own = ".venv".to_owned();
        let named = || Place::Venv(self.key(&state, ".venv"));
        match first {
            "venv" => {
                let folder = run.operands().nth(1).unwrap_or(&own).to_owned();
                self.make_venv(&mut state, &folder, false);
                vec![state.ends(0)]
            }
            "sync" => {
                self.make_venv(&mut state, &own, false);
                vec![self.pip_install(
                    state.clone(),
                    &[".".into()],
                    &Place::Venv(self.key(&state, &own)),
                    call,
                )]
            }
            "pip" if run.operands().nth(1) == Some("install") => {
                let at = run.args.iter().position(|it| it == "install").unwrap_or_default();
                let system =
                    run.args.iter().any(|it| it == "--system") || state.get("UV_SYSTEM_PYTHON").is_some();
                let place = if system { Place::Base } else { named() };
                if place != Place::Base && !state.world.envs.contains_key(&self.key(&state, &own)) {
                    let cause = Cause::NoProgram(".venv".into());
                    return vec![self.broke(state, &call.simple.text, cause, 2)];
                }
                vec![self.pip_install(state, &run.args[at + 1..], &place, call)]
            }
            _ => vec![state.ends(0)],
        }
    }

    fn packages_at<'s>(&self, state: &'s mut State, place: &Place) -> &'s mut BTreeMap<String, String> {
        match place {
            Place::Base => &mut state.world.base,
            Place::Venv(key) | Place::Folder(key) => {
                let python = self.image.version;
                let env = || Env { python, ..Env::default() };
                &mut state.world.envs.entry(key.clone()).or_insert_with(env).packages
            }
        }
    }

    fn pip_install(&self, mut state: State, args: &[String], place: &Place, call: &Call<'_>) -> State {
        let order = Order::read(args);
        let target = self.destination(&state, &order, place);
        let managed = target == Place::Base && !self.image.python && !order.breaks_system;
        if managed {
            return self.broke(state, &call.simple.text, Cause::Managed, 1);
        }
        let asked = self.asked(&state, &order);
        if let Some(path) = asked.missing.first() {
            let cause = Cause::NoFile(path.clone());
            return self.broke(state, &call.simple.text, cause, 1);
        }
        if asked.list.is_empty()
            && order.names.is_empty()
            && order.files.is_empty()
            && order.projects.is_empty()
        {
            let cause = Cause::Unreadable("`pip install` is told nothing to install".into());
            return self.broke(state, &call.simple.text, cause, 1);
        }
        for requirement in asked.list {
            if !order.dry {
                let step = self.name.to_owned();
                self.packages_at(&mut state, &target).insert(requirement.name.clone(), step);
            }
            self.note(&mut state, &call.simple.text, What::Installed(requirement));
        }
        state.ends(0)
    }

    fn destination(&self, state: &State, order: &Order, place: &Place) -> Place {
        let variable = |name: &str| state.get(name).filter(|it| !it.is_empty()).map(str::to_owned);
        let folder =
            order.target.clone().or_else(|| variable("PIP_TARGET")).or_else(|| variable("PIP_PREFIX"));
        let user =
            order.user || variable("PIP_USER").is_some_and(|it| matches!(it.as_str(), "1" | "true" | "yes"));
        match folder {
            Some(folder) => Place::Folder(self.key(state, &folder)),
            None if user && *place == Place::Base => Place::Folder(self.user_base(state)),
            None => place.clone(),
        }
    }

    /// All that one call asks pip to install.
    fn asked(&self, state: &State, order: &Order) -> Requirements {
        let mut all = Requirements::default();
        let mut constraints = Vec::new();
        let relative = |path: &str| {
            let key = self.layout.key(&join(&state.folder, path));
            key.strip_prefix("workspace:/").map(str::to_owned)
        };
        for (path, constrains) in &order.files {
            let Some(path) = relative(path) else { continue };
            let mut read = Requirements::file(self.files, &path);
            all.missing.append(&mut read.missing);
            if *constrains { &mut constraints } else { &mut all.list }.append(&mut read.list);
        }
        for (folder, extras) in &order.projects {
            let folder = self.layout.key(&join(&state.folder, folder));
            let Some(folder) = folder.strip_prefix("workspace:") else { continue };
            let mut read = Requirements::project(self.files, folder.trim_start_matches('/'), extras);
            all.missing.append(&mut read.missing);
            all.list.append(&mut read.list);
        }
        all.list.extend(order.names.iter().filter_map(|it| Requirement::read(it)));
        all.constrain(&constraints);
        all
    }
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

/// The words after `pip install`.
#[derive(Debug, Default)]
struct Order {
    names: Vec<String>,
    /// Requirement files, and whether each only constrains.
    files: Vec<(String, bool)>,
    /// Folders of projects, with extras.
    projects: Vec<(String, Vec<String>)>,
    target: Option<String>,
    user: bool,
    dry: bool,
    breaks_system: bool,
}

/// Options of pip whose value is the next word.
const VALUED: [&str; 16] = [
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "--cache-dir",
    "--python-version",
    "--platform",
    "--only-binary",
    "--no-binary",
    "--progress-bar",
    "--proxy",
    "--timeout",
    "--retries",
    "--trusted-host",
    "--python",
];

impl Order {
    fn read(args: &[String]) -> Self {
        let mut order = Self::default();
        let mut words = args.iter().map(String::as_str);
        while let Some(word) = words.next() {
            let (option, value) = split_option(word);
            let mut value = || value.or_else(|| words.next()).unwrap_or_default().to_owned();
            match option {
                "-r" | "--requirement" | "--requirements" => order.files.push((value(), false)),
                "-c" | "--constraint" => order.files.push((value(), true)),
                "-t" | "--target" | "--prefix" | "--root" => order.target = Some(value()),
                "-e" | "--editable" => order.operand(&value()),
                "--user" => order.user = true,
                "--dry-run" => order.dry = true,
                "--break-system-packages" => order.breaks_system = true,
                option if VALUED.contains(&option) => drop(value()),
                option if option.starts_with('-') => {}
                operand => order.operand(operand),
            }
        }
        order
    }

    fn operand(&mut self, word: &str) {
        if !word.starts_with('.') && !word.starts_with('/') {
            if !word.contains(UNKNOWN) && !is_wheel(word) {
                self.names.push(word.into());
            }
            return;
        }
        let (folder, extras) = word.split_once('[').unwrap_or((word, ""));
        let extras = extras.trim_end_matches(']').split(',').filter(|it| !it.is_empty());
        self.projects.push((folder.into(), extras.map(|it| it.trim().to_owned()).collect()));
    }
}

fn is_wheel(word: &str) -> bool {
    word.rsplit_once('.').is_some_and(|(_, it)| it == "whl")
}

/// `--option=value`, `-rFILE` → the option and its value.
fn split_option(word: &str) -> (&str, Option<&str>) {
    if word.starts_with("--") {
        return word.split_once('=').map_or((word, None), |(option, value)| (option, Some(value)));
    }
    let glued = word.starts_with("-r") || word.starts_with("-c") || word.starts_with("-t");
    if glued && word.len() > 2 && word.is_char_boundary(2) {
        return (&word[..2], Some(&word[2..]));
    }
    (word, None)
}
