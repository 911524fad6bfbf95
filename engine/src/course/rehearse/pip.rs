//! `pip install`, `pip wheel`, `pip download` → what is installed or laid down, and where. Nothing is fetched: that a package exists is taken as given.

use std::collections::BTreeMap;

use crate::course::ignore::name_matches;
use crate::course::rehearse::exec::{Call, Step};
use crate::course::rehearse::python::Place;
use crate::course::rehearse::state::{Cause, State, UNKNOWN, What};
use crate::course::rehearse::world::{Env, join};
use crate::course::requirements::{Requirement, Requirements};

impl Step<'_> {
    pub(super) fn packages_at<'s>(
        &self,
        state: &'s mut State,
        place: &Place,
    ) -> &'s mut BTreeMap<String, String> {
        match place {
            Place::Base => &mut state.world.base,
            Place::Venv(key) | Place::Folder(key) => {
                let python = self.image.version;
                let env = || Env { python, ..Env::default() };
                &mut state.world.envs.entry(key.clone()).or_insert_with(env).packages
            }
        }
    }

    pub(super) fn pip_install(
        &self,
        mut state: State,
        args: &[String],
        place: &Place,
        call: &Call<'_>,
    ) -> State {
        let order = Order::read(args);
        let target = self.destination(&state, &order, place);
        let managed = target == Place::Base && !self.image.python && !order.breaks_system;
        if managed {
            return self.broke(state, &call.simple.text, Cause::Managed, 1);
        }
        let asked = match self.asked(&state, &order) {
            Ok(asked) => asked,
            Err(cause) => return self.broke(state, &call.simple.text, cause, 1),
        };
        for requirement in asked.list {
            if !order.dry {
                let step = self.name.to_owned();
                if target == Place::Base {
                    state.world.scripts.insert(requirement.name.clone());
                }
                self.packages_at(&mut state, &target).insert(requirement.name.clone(), step);
            }
            self.note(&mut state, &call.simple.text, What::Installed(requirement));
        }
        state.ends(0)
    }

    /// `pip wheel` and `pip download` leave one file for each package.
    pub(super) fn pip_wheel(&self, mut state: State, args: &[String], call: &Call<'_>) -> State {
        let order = Order::read(args);
        let asked = match self.asked(&state, &order) {
            Ok(asked) => asked,
            Err(cause) => return self.broke(state, &call.simple.text, cause, 1),
        };
        let folder = order.wheels.as_deref().unwrap_or(".");
        for requirement in asked.list {
            // What is chosen here is what an installation of the file will find.
            let name = requirement.name.replace('-', "_");
            self.touch(&mut state, &format!("{folder}/{name}-0-py3-none-any.whl"));
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

    /// All that one call asks pip for, or why pip cannot do it.
    fn asked(&self, state: &State, order: &Order) -> Result<Requirements, Cause> {
        if let Some(file) = order.list_without_r() {
            let why = format!("`-r` is missing before `{file}`, so pip looks for a package of that name");
            let next = format!("Write `-r {file}`: pip then reads the file as a list of packages.");
            return Err(Cause::Refused { why, next });
        }
        if !order.asks {
            let why = "pip is not told what to install".into();
            let next = "Name the file with the list, as in `pip install -r requirements.txt`.".into();
            return Err(Cause::Refused { why, next });
        }
        let mut all = self.listed(state, order);
        if let Some(path) = all.missing.first() {
            return Err(Cause::NoFile(path.clone()));
        }
        for word in &order.archives {
            all.list.extend(self.archives(state, word)?);
        }
        Ok(all)
    }

    /// The packages of the wheels that a word with a path stands for, with `*` or without.
    fn archives(&self, state: &State, word: &str) -> Result<Vec<Requirement>, Cause> {
        // The file is one version; what chose it was looked at when it was made.
        let of = |file: &str| {
            let name = file.split('-').next().unwrap_or_default();
            Requirement::read(name).map(|it| Requirement { text: file.into(), exact: true, ..it })
        };
        let (folder, pattern) = word.rsplit_once('/').unwrap_or((".", word));
        if word.contains("://") {
            return Ok(of(pattern).into_iter().collect());
        }
        let key = self.key(state, folder);
        let inside = format!("{}/", key.trim_end_matches('/'));
        let there: Vec<&str> = state.world.files.iter().filter_map(|it| it.strip_prefix(&inside)).collect();
        if there.is_empty() && !key.starts_with("container:") {
            return Err(Cause::NoFile(word.into()));
        }
        if !pattern.contains(['*', '?', '[']) {
            return Ok(of(pattern).into_iter().collect());
        }
        let wheels = there.into_iter().filter(|it| is_wheel(it) && name_matches(pattern, it));
        Ok(wheels.filter_map(of).collect())
    }

    fn listed(&self, state: &State, order: &Order) -> Requirements {
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

/// The words after `pip install`, `pip wheel` and `pip download`.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "the switches of pip are independent")]
struct Order {
    names: Vec<String>,
    /// Files of packages, by path.
    archives: Vec<String>,
    /// Where `pip wheel` and `pip download` put them.
    wheels: Option<String>,
    /// There is something that it asks for, though it may not be known what.
    asks: bool,
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
                "-r" | "--requirement" | "--requirements" => {
                    order.asks = true;
                    order.files.push((value(), false));
                }
                "-w" | "--wheel-dir" | "-d" | "--dest" => order.wheels = Some(value()),
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

    /// A file with a list that stands where a package should.
    fn list_without_r(&self) -> Option<&str> {
        let folders = self.projects.iter().map(|(it, _)| it);
        self.names.iter().chain(folders).find(|it| is_list(it)).map(String::as_str)
    }

    fn operand(&mut self, word: &str) {
        self.asks = true;
        if word.contains(UNKNOWN) {
            return;
        }
        let globs = word.contains('/') && word.contains('*');
        if is_wheel(word) || globs {
            self.archives.push(word.into());
            return;
        }
        if !word.starts_with('.') && !word.starts_with('/') {
            self.names.push(word.into());
            return;
        }
        let (folder, extras) = word.split_once('[').unwrap_or((word, ""));
        let extras = extras.trim_end_matches(']').split(',').filter(|it| !it.is_empty());
        self.projects.push((folder.into(), extras.map(|it| it.trim().to_owned()).collect()));
    }
}

/// Files that hold a list of packages, by their endings.
fn is_list(word: &str) -> bool {
    word.rsplit_once('.').is_some_and(|(_, it)| matches!(it, "txt" | "lock" | "in"))
}

fn is_wheel(word: &str) -> bool {
    word.rsplit_once('.').is_some_and(|(_, it)| it == "whl")
}

/// `--option=value`, `-rFILE` → the option and its value.
fn split_option(word: &str) -> (&str, Option<&str>) {
    if word.starts_with("--") {
        return word.split_once('=').map_or((word, None), |(option, value)| (option, Some(value)));
    }
    // Letters in one bunch, of which the last may want a value: `-qr`.
    let bunch = word.strip_prefix('-').filter(|it| {
        it.len() > 1 && it.chars().all(|it| matches!(it, 'q' | 'v' | 'U' | 'I' | 'r' | 'c' | 't' | 'e'))
    });
    if let Some(last) = bunch.and_then(|it| it.chars().last()).filter(|_| !word.starts_with("-r")) {
        let options = [("-r", 'r'), ("-c", 'c'), ("-t", 't'), ("-e", 'e')];
        return (options.into_iter().find(|(_, it)| *it == last).map_or("-q", |(option, _)| option), None);
    }
    let glued = word.starts_with("-r") || word.starts_with("-c") || word.starts_with("-t");
    if glued && word.len() > 2 && word.is_char_boundary(2) {
        return (&word[..2], Some(&word[2..]));
    }
    (word, None)
}
