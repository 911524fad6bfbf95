//! A call of a program → what it needs, what it leaves, and whether it does the job of a role.

use std::rc::Rc;

use crate::course::declared::{Role, Task};
use crate::course::rehearse::builtins::both;
use crate::course::rehearse::exec::{Call, Step};
use crate::course::rehearse::network::HOUR;
use crate::course::rehearse::python::is_pythonic;
use crate::course::rehearse::state::{Called, Cause, Doubt, Flow, Note, ONLY_OF_TAGS, State, UNKNOWN, What};
use crate::course::rehearse::texts::summed;
use crate::course::rehearse::world::{Key, join};

/// A program as it is known, whatever path or interpreter it is called with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// `pytest`, also for `.venv/bin/pytest` and `python -m pytest`.
    pub(super) program: String,
    /// The word by which the shell finds it: `.venv/bin/pytest`, `python`.
    pub(super) word: String,
    /// True for `python -m`.
    pub(super) module: bool,
    /// All that follows.
    pub(super) args: Vec<String>,
}

impl Run {
    /// Reads the words of a call.
    pub(super) fn of(words: &[String]) -> Self {
        let word = words.first().cloned().unwrap_or_default();
        let name = word.rsplit('/').next().unwrap_or_default();
        let rest = words.get(1..).unwrap_or_default();
        if !is_python(name) {
            let program = match name {
                "pip3" => "pip",
                "py.test" => "pytest",
                "pyproject-build" => "build",
                name if name.starts_with("pip3.") => "pip",
                name => name,
            };
            return Self { program: program.into(), word, module: false, args: rest.to_vec() };
        }
        let takes_value = |it: &String| matches!(it.as_str(), "-W" | "-X");
        let mut at = 0;
        while rest.get(at).is_some_and(|it| it.starts_with('-') && !matches!(it.as_str(), "-m" | "-c" | "-"))
        {
            at += 1 + usize::from(takes_value(&rest[at]));
        }
        match rest.get(at..) {
            Some([minus_m, module, args @ ..]) if minus_m == "-m" => {
                let program = if module == "py.test" { "pytest" } else { module };
                Self { program: program.into(), word, module: true, args: args.to_vec() }
            }
            more => {
                // Options alone: `python --version`.
                let alone = more.is_none_or(<[String]>::is_empty);
                let args = if alone { rest } else { more.unwrap_or_default() }.to_vec();
                Self { program: "python".into(), word, module: false, args }
            }
        }
    }

    /// What `pipx run` and `uvx` are told to run.
    fn inner(&self) -> Option<Self> {
        let words = match (self.program.as_str(), self.args.as_slice()) {
            ("pipx", [run, words @ ..]) if run == "run" => words,
            ("uvx", words) => words,
            _ => return None,
        };
        let program = words.first()?.split("==").next()?.to_owned();
        Some(Self { word: program.clone(), program, module: false, args: words[1..].to_vec() })
    }

    /// The words that are no options.
    pub(super) fn operands(&self) -> impl Iterator<Item = &str> {
        self.args.iter().map(String::as_str).filter(|it| !it.starts_with('-'))
    }

    /// True when it does the job of a role. `folder` is where the shell is, seen from the workspace: empty, or `tools/`.
    pub(super) fn plays(&self, role: &Role, folder: &str) -> bool {
        let spoiled = self.args.iter().any(|it| role.without.contains(it));
        !spoiled && role.command.iter().any(|it| self.is(it, folder))
    }

    fn is(&self, pattern: &str, folder: &str) -> bool {
        let words: Vec<String> = pattern.split_whitespace().map(str::to_owned).collect();
        let wanted = Self::of(&words);
        let same =
            wanted.program == self.program && (!wanted.module || self.module || self.program == "build");
        let mut ours = self.operands().map(|it| it.trim_start_matches("./"));
        let names = |ours: &str, wanted: &str| ours == wanted || wanted.strip_prefix(folder) == Some(ours);
        same && wanted.operands().all(|it| ours.next().is_some_and(|our| names(our, it)))
    }
}

pub(super) fn is_python(name: &str) -> bool {
    let rest = name.strip_prefix("python");
    rest.is_some_and(|it| it.is_empty() || (it.starts_with('3') && !it.contains(|c: char| c.is_alphabetic())))
}

/// Programs that read their standard input when no file is given, and what must be absent for that.
fn reads_input(run: &Run) -> bool {
    match run.program.as_str() {
        "cat" | "python" => {
            run.operands().next().is_none() && !run.args.iter().any(|it| it == "-c" || it.len() > 2)
        }
        "read" | "ssh" | "ffmpeg" => !run.args.iter().any(|it| it == "-n"),
        "docker" => {
            run.args.first().is_some_and(|it| it == "run")
                && run.args.iter().any(|it| it == "-i" || it == "-it")
        }
        _ => false,
    }
}

/// The files that the words name behind an option: `-o dist/app`, `--output=dist/app`.
fn named_files<'w>(task: &Task, words: &'w [String]) -> Vec<&'w str> {
    let behind = words.windows(2).filter(|two| task.makes_named.contains(&two[0])).map(|two| two[1].as_str());
    let joined = words.iter().filter_map(|it| it.split_once('='));
    let joined = joined.filter(|(option, _)| task.makes_named.iter().any(|it| it == option)).map(|it| it.1);
    behind.chain(joined).collect()
}

/// What the words give behind options in the place of variables: `-u octocat`, `--username=octocat`.
fn given<'w>(task: &'w Task, words: &'w [String]) -> impl Iterator<Item = (&'w String, &'w str)> {
    let value = |options: &[String]| {
        let behind = words.windows(2).find(|two| options.contains(&two[0])).map(|two| two[1].as_str());
        let joined = || {
            words
                .iter()
                .filter_map(|it| it.split_once('='))
                .find(|it| options.iter().any(|name| name == it.0))
        };
        behind.or_else(|| joined().map(|it| it.1))
    };
    task.options.iter().filter_map(move |(name, options)| Some((name, value(options)?)))
}

/// Tools that make, move and remove files.
const MOVERS: [&str; 9] = ["touch", "tee", "mkdir", "rm", "rmdir", "cp", "mv", "install", "ln"];

/// Programs that say or change something and end; whoever waits, waits for another.
const ENDS_AT_ONCE: [&str; 35] = [
    "awk",
    "basename",
    "cat",
    "chmod",
    "chown",
    "cut",
    "df",
    "diff",
    "dirname",
    "du",
    "file",
    "find",
    "free",
    "git",
    "grep",
    "gzip",
    "head",
    "hostname",
    "id",
    "ls",
    "md5sum",
    "ps",
    "sed",
    "sha1sum",
    "sha256sum",
    "sha512sum",
    "shasum",
    "sort",
    "tail",
    "tar",
    "tr",
    "uname",
    "wc",
    "which",
    "whoami",
];

/// Programs that bring other programs into the container.
const MANAGERS: [&str; 6] = ["apt-get", "apt", "apk", "dnf", "yum", "microdnf"];

impl Step<'_> {
    /// Follows a program that is no builtin.
    pub(super) fn program(&self, state: State, call: &Call<'_>) -> Vec<State> {
        if call.words.first().is_none_or(|it| it.contains(UNKNOWN)) {
            return both(state);
        }
        let run = Run::of(&call.words);
        let text = self.printed(&state, &run, call);
        let mut ends = self.ran(state, &run, call);
        for end in &mut ends {
            end.print(&text);
        }
        ends
    }

    /// What a program prints, where that is known.
    fn printed(&self, state: &State, run: &Run, call: &Call<'_>) -> String {
        let unknown = || UNKNOWN.to_string();
        let silent = |it: &String| self.role(it).and_then(|it| it.1).is_some_and(|it| it.silent.is_some());
        if let Some(text) = self.text_of(state, run, call) {
            return text;
        }
        match run.program.as_str() {
            "cat" if run.args.len() == 1 => {
                let key = self.key(state, &run.args[0]);
                let gone = key.starts_with("workspace:") && !state.world.has(&key);
                let text = state.world.contents.get(&key).cloned();
                if gone { String::new() } else { text.unwrap_or_else(unknown) }
            }
            // `$(NAME)` for `${NAME}`: a program of that name is not there.
            name if call.words.len() == 1 && state.variables.contains_key(name) => String::new(),
            _ if self.roles_of(state, run).iter().any(silent) => String::new(),
            _ => unknown(),
        }
    }

    fn ran(&self, state: State, run: &Run, call: &Call<'_>) -> Vec<State> {
        let gone = |it: &&str| {
            let key = self.key(&state, it);
            !it.contains(['*', '?', '[', UNKNOWN]) && key.starts_with("workspace:") && !state.world.has(&key)
        };
        if let Some(file) = summed(run).into_iter().find(gone)
            && self.roles_of(&state, run).is_empty()
        {
            return vec![self.broke(state, &call.simple.text, Cause::NoFile(file.to_owned()), 1)];
        }
        if let Some(state) = self.files_and_packages(&state, run, call) {
            return vec![state];
        }
        if let Some(ends) = self.own_script(&state, run, call) {
            return ends;
        }
        let redirected = state.input.is_some() || call.simple.redirects.iter().any(|it| it.input);
        let state = self.unread(state, run, call);
        if is_pythonic(&state, run) {
            return match self.find(&state, &run.word) {
                Ok(_) if reads_input(run) && !redirected => vec![self.eats_the_rest(state)],
                Ok(place) => self.python_call(state, run, &place, call),
                Err(cause) => vec![self.broken_call(state, run, cause, call)],
            };
        }
        if reads_input(run) && !redirected {
            return vec![self.eats_the_rest(state)];
        }
        let roles = self.roles_of(&state, run);
        let mut state = state;
        if roles.is_empty() && !ENDS_AT_ONCE.contains(&run.program.as_str()) {
            state.guess(Doubt::Unfollowed(call.simple.text.clone()));
        }
        vec![self.play(state, &roles, call, |_| None)]
    }

    /// Notes the text of a program that is not followed: one that is given as a word or as input, or that the participant
    /// has written.
    fn unread(&self, mut state: State, run: &Run, call: &Call<'_>) -> State {
        const INTERPRETERS: [&str; 4] = ["python", "perl", "ruby", "node"];
        if !INTERPRETERS.contains(&run.program.as_str()) {
            return state;
        }
        let inline = run.args.iter().any(|it| matches!(it.as_str(), "-c" | "-e"));
        if inline {
            state.world.unread.insert(run.args.join(" "));
        }
        let documents = call.simple.redirects.iter().filter_map(|it| it.document.as_ref());
        state.world.unread.extend(documents.map(|it| it.text().to_owned()));
        let file = run.args.first().filter(|_| !inline && self.roles_of(&state, run).is_empty());
        if let Some(text) =
            file.filter(|it| self.is_new(&state, it)).and_then(|it| self.script_file(&state, it))
        {
            state.world.unread.insert(text);
        }
        state
    }

    /// A file that the exercise does not begin with.
    fn is_new(&self, state: &State, path: &str) -> bool {
        let key = self.key(state, path);
        key.strip_prefix("workspace:/").is_some_and(|it| !self.exercise.start.contains_key(it))
    }

    /// A program that is not there was still meant to do its job.
    fn broken_call(&self, mut state: State, run: &Run, cause: Cause, call: &Call<'_>) -> State {
        let inner = run.inner();
        for role in self.roles_of(&state, inner.as_ref().unwrap_or(run)) {
            self.reaches(&mut state, call, role);
        }
        self.broke(state, &call.simple.text, cause, 127)
    }

    pub(super) fn roles_of(&self, state: &State, run: &Run) -> Vec<String> {
        let workspace = format!("{}/", self.layout.workspace);
        let relative = |it: &String| it.strip_prefix(&workspace).unwrap_or(it).to_owned();
        let run = Run { args: run.args.iter().map(relative).collect(), ..run.clone() };
        let inside = state.folder.strip_prefix(&self.layout.workspace).unwrap_or_default();
        let folder = if inside.is_empty() { String::new() } else { format!("{}/", inside.trim_matches('/')) };
        let roles = self.exercise.roles.iter().filter(|(_, role)| run.plays(role, &folder));
        roles.map(|(name, _)| name.clone()).collect()
    }

    /// The job of each role is done: it needs its files, and leaves what it makes, unless it is broken.
    pub(super) fn play(
        &self,
        mut state: State,
        roles: &[String],
        call: &Call<'_>,
        missing: impl Fn(&Task) -> Option<Cause>,
    ) -> State {
        let mut status = 0;
        for name in roles {
            self.reaches(&mut state, call, name.clone());
            let task = self.role(name).and_then(|(_, task)| task);
            let lack = task.and_then(|it| missing(it).or_else(|| self.lacks(&state, it, call)));
            let serves = task.is_some_and(|it| it.serves.is_some());
            if let Some(cause) = lack {
                return self.broke(state, &call.simple.text, cause, 1);
            }
            if serves && !self.broken.contains(name) {
                return self.serve(state, name, call);
            }
            if self.broken.contains(name) || self.flaky.contains(name) && first(&state, name) {
                status = 1;
                state.failing = true;
            } else {
                let makes = task.map(|it| it.makes.as_slice()).unwrap_or_default();
                for path in makes {
                    self.leave(&mut state, path);
                }
                for path in task.into_iter().flat_map(|it| named_files(it, &call.words)) {
                    self.touch(&mut state, path);
                }
            }
        }
        state.ends(status)
    }

    /// A command that does the job of a role begins.
    pub(super) fn reaches(&self, state: &mut State, call: &Call<'_>, role: String) {
        let (words, mut environment) = (call.words.clone(), state.environment());
        let task = self.exercise.project.get(&role);
        let given = task.into_iter().flat_map(|it| given(it, &words));
        environment.extend(given.map(|(name, value)| (name.clone(), value.to_owned())));
        self.note(state, &call.simple.text, What::Reached(role.clone()));
        self.note(state, &call.simple.text, What::Called(Rc::new(Called { role, words, environment })));
    }

    /// A program that listens and does not end. The shell goes on only where it does not wait for it.
    fn serve(&self, mut state: State, role: &str, call: &Call<'_>) -> State {
        if state.background {
            state.world.listening.insert(role.to_owned());
            return state.ends(0);
        }
        state.flow = Flow::Exit;
        if self.detached {
            state.world.serving.insert(role.to_owned());
            return state.ends(0);
        }
        state.clock = HOUR;
        self.broke(state, &call.simple.text, Cause::Serves, 137)
    }

    fn leave(&self, state: &mut State, path: &str) {
        let at = join(&self.layout.workspace, path);
        let name = if path.ends_with('/') { format!("{at}/.made") } else { at };
        let key = self.layout.key(&name);
        state.world.files.insert(key);
    }

    fn lacks(&self, state: &State, task: &Task, call: &Call<'_>) -> Option<Cause> {
        let unanswered = || self.unanswered(state, task.asks.as_ref()?);
        self.lacks_file(state, task).or_else(|| self.lacks_variable(state, task, call)).or_else(unanswered)
    }

    fn lacks_variable(&self, state: &State, task: &Task, call: &Call<'_>) -> Option<Cause> {
        let mut environment = state.environment();
        let given = given(task, &call.words).filter(|it| !it.1.is_empty());
        environment.extend(given.map(|(name, value)| (name.clone(), value.to_owned())));
        let name = task.variables.iter().find(|it| !environment.contains_key(*it))?;
        let why = match (self.empty.get(name), state.get(name)) {
            (Some(why), _) => why.clone(),
            (None, Some(value)) if !value.is_empty() => {
                "the shell has it for itself, and `export` has not handed it on".into()
            }
            (None, Some(_)) => "it was set to an empty text".into(),
            (None, None) if self.only_of_tags(name) => ONLY_OF_TAGS.into(),
            (None, None) if environment.contains_key(&format!("PLUGIN_{name}")) => {
                format!("`settings` hands it on as `PLUGIN_{name}`")
            }
            (None, None) => format!("nothing in this step sets `{name}`"),
        };
        Some(Cause::NoVariable { name: name.clone(), why })
    }

    /// Drone sets it in builds of a tag, and this is none.
    fn only_of_tags(&self, name: &str) -> bool {
        !self.tagged && (name == "DRONE_TAG" || name.starts_with("DRONE_SEMVER"))
    }

    fn lacks_file(&self, state: &State, task: &Task) -> Option<Cause> {
        // Where a volume is mounted there is a folder, and no file.
        let mounted = |path: &str| self.layout.mounts.iter().any(|it| it.0.trim_end_matches('/') == path);
        let there = |path: &str| {
            let key = self.layout.key(&join(&self.layout.workspace, path));
            !mounted(path) && (state.world.has(&key) || state.world.may_hold(&key))
        };
        let path = task.files.iter().find(|it| !there(it))?.clone();
        let key = self.layout.key(&join(&self.layout.workspace, &path));
        let unmounted = format!("container:{path}");
        if let Some(step) = [&key, &unmounted].iter().find_map(|it| state.world.lost_files.get(*it)) {
            return Some(Cause::Lost { name: path, step: step.clone() });
        }
        let volume = |it: &Key| {
            let (volume, inside) = it.strip_prefix("volume ")?.split_once(':')?;
            path.ends_with(inside).then(|| volume.to_owned())
        };
        let elsewhere = state.world.files.iter().filter(|_| path.starts_with('/')).find_map(volume);
        Some(match elsewhere {
            Some(volume) => Cause::NotMounted { path, volume },
            None => Cause::NoFile(path),
        })
    }

    /// Tools that move files, and package managers of the container.
    fn files_and_packages(&self, state: &State, run: &Run, call: &Call<'_>) -> Option<State> {
        if !MOVERS.contains(&run.program.as_str()) && !MANAGERS.contains(&run.program.as_str()) {
            return None;
        }
        let mut state = state.clone();
        let paths: Vec<&str> = run.operands().collect();
        match run.program.as_str() {
            "touch" => paths.iter().for_each(|it| self.touch(&mut state, it)),
            "tee" => {
                let text = self.text_of(&state, run, call).unwrap_or_else(|| UNKNOWN.into());
                for path in paths {
                    self.touch(&mut state, path);
                    let key = self.key(&state, path);
                    state.world.contents.insert(key, text.clone());
                }
            }
            "mkdir" => paths.iter().for_each(|it| self.touch(&mut state, &format!("{it}/.made"))),
            "rm" | "rmdir" => {
                for path in paths {
                    let key = self.key(&state, path.trim_end_matches('*'));
                    state.world.remove(&key);
                }
            }
            "ln" if run.args.iter().any(|it| it.starts_with('-') && it.contains('s')) => {
                self.linked(&mut state, &paths);
            }
            "cp" | "mv" | "install" | "ln" => return Some(self.copied(state, run, &paths, call)),
            program if MANAGERS.contains(&program) => {
                let mut names = paths.into_iter();
                if matches!(names.next(), Some("install" | "add")) {
                    names.for_each(|it| self.system_package(&mut state, it));
                }
            }
            _ => return None,
        }
        Some(state.ends(0))
    }

    fn copied(&self, mut state: State, run: &Run, paths: &[&str], call: &Call<'_>) -> State {
        let Some((target, sources)) = paths.split_last() else { return state.ends(1) };
        for source in sources.iter().filter(|it| !it.contains(['*', '?', UNKNOWN])) {
            let key = self.key(&state, source);
            // What else an image holds is not known; what a laptop's home holds is not there.
            let elsewhere = key.starts_with("container:") && !key.starts_with("container:/root");
            if !elsewhere && !state.world.has(&key) {
                let cause = Cause::NoFile((*source).to_owned());
                return self.broke(state, &call.simple.text, cause, 1);
            }
            let name = source.rsplit('/').next().unwrap_or_default();
            if target.contains(UNKNOWN) {
                state.world.unread.insert(UNKNOWN.to_string());
                continue;
            }
            let into = self.key(&state, target);
            let inside =
                target.ends_with('/') || !state.world.files.contains(&into) && state.world.has(&into);
            let to = if inside { format!("{}/{name}", into.trim_end_matches('/')) } else { into };
            if run.program == "mv" {
                state.world.remove(&key);
            }
            state.world.files.insert(to);
        }
        state.ends(0)
    }

    /// `ln -s`: what a link leads to is seen from its own folder, and need not be there.
    fn linked(&self, state: &mut State, paths: &[&str]) {
        let Some((target, sources)) = paths.split_last() else { return };
        for source in sources {
            let into = join(&state.folder, target);
            let inside = state.world.has(&format!("{}/", self.layout.key(&into)));
            let name = if inside { source.rsplit('/').next().unwrap_or_default() } else { "" };
            let at = join(&into, name);
            let folder = at.rsplit_once('/').map_or("/", |it| it.0);
            if target.contains(UNKNOWN) || state.world.has(&self.layout.key(&join(folder, source))) {
                self.touch(state, &at);
            }
        }
    }

    fn system_package(&self, state: &mut State, name: &str) {
        let python = name.strip_prefix("python3-").or_else(|| name.strip_prefix("py3-"));
        match (name, python) {
            (_, Some("pip")) => {
                state.world.tools.extend(["pip".to_owned(), "python3".to_owned()]);
            }
            (_, Some(package)) => {
                state.world.tools.insert("python3".into());
                state.world.base.insert(package.into(), self.name.into());
                state.world.scripts.insert(package.into());
            }
            (name, None) => {
                state.world.tools.insert(name.into());
            }
        }
    }

    /// `./test.sh`, and other programs that the repository itself holds.
    fn own_script(&self, state: &State, run: &Run, call: &Call<'_>) -> Option<Vec<State>> {
        if !run.word.contains('/') || self.depth > 6 {
            return None;
        }
        let text = self.script_file(state, &run.word)?;
        let first = text.lines().next().unwrap_or_default();
        let shell = if first.contains("bash") { "bash" } else { "sh" };
        if !first.starts_with("#!") || !first.ends_with("sh") && !first.contains("sh -") {
            return None;
        }
        let flags = first.split_whitespace().nth(1).filter(|it| it.starts_with('-')).unwrap_or("-u");
        let mut words = [shell, flags, &run.word].map(str::to_owned).to_vec();
        words.extend_from_slice(&run.args);
        Some(self.call(state.clone(), &Call { words, simple: call.simple, tested: call.tested }))
    }
}

/// True when no command of this step has done the job of the role before.
fn first(state: &State, role: &str) -> bool {
    let same = |note: &&Note| matches!(&note.what, What::Reached(it) if it == role);
    state.notes.iter().filter(same).count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(command: &str) -> Run {
        Run::of(&command.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn a_program_is_known_by_any_of_its_spellings() {
        let cases = [
            ("pytest", "pytest -q tests/", true),
            ("pytest", ".venv/bin/pytest", true),
            ("pytest", "python3.13 -X dev -m pytest", true),
            ("pytest", "echo pytest", false),
            ("pytest", "python pytest", false),
            ("pip install", "pip --quiet install -r x", true),
            ("pip install", "python -m pip install x", true),
            ("pip install", "pip download x", false),
            ("python -m build", "pyproject-build", true),
            ("python -m unittest", "unittest", false),
            ("python tools/make.py", "python3 ./tools/make.py --all", true),
            ("python tools/make.py", "python tools/other.py", false),
            ("twine upload", ".venv/bin/twine upload dist/*", true),
            ("twine upload", "twine check dist/*", false),
            ("python make.py", "python --version", false),
        ];
        for (pattern, command, expected) in cases {
            assert_eq!(run(command).is(pattern, ""), expected, "{pattern}: {command}");
        }
    }

    #[test]
    fn a_path_is_seen_from_the_folder_of_the_shell() {
        assert!(run("python make.py").is("python tools/make.py", "tools/"));
        assert!(!run("python make.py").is("python tools/make.py", ""));
    }

    #[test]
    fn some_words_turn_a_test_into_something_else() {
        let role =
            Role { command: vec!["pytest".into()], without: vec!["--version".into()], ..Role::default() };
        assert!(run("pytest -x").plays(&role, ""));
        assert!(!run("pytest --version").plays(&role, ""));
    }
}
