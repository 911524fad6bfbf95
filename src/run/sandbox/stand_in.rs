//! An image → the programs of this machine that stand in for it, and one honest line about it. Nothing is run but the
//! programs themselves, to ask for their versions; each answer is kept for the run.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::pipeline::ImageName;
use crate::engine::plugin;
use crate::run::Trouble;
use crate::run::programs;
use crate::run::sandbox::python::Python;
use crate::run::sandbox::server::Server;
use crate::run::sandbox::table::{Kind, NEVER, Own, Program, ROWS, Row};

/// What stands in for an image.
#[derive(Clone, Debug, Default)]
pub(super) struct StandIn {
    /// One line for the log, without its end.
    pub line: String,
    /// The folders to be put in front of PATH.
    pub path: Vec<PathBuf>,
    /// The folders of this machine that have to be seen for that, besides the system.
    pub seen: Vec<PathBuf>,
    /// The Python to be laid out.
    pub python: Option<Arc<Python>>,
    /// Where what a step installs goes.
    pub own: Own,
    /// Programs to be linked into the step's own folder.
    pub moved: Vec<PathBuf>,
    /// The service that the image is, and the folder of its programs.
    pub server: Option<(Server, PathBuf)>,
    /// True when the image is one that we know.
    pub known: bool,
}

/// Finds stand-ins, and remembers them.
#[derive(Debug)]
pub(super) struct StandIns {
    variables: BTreeMap<String, String>,
    cache: PathBuf,
    found: Mutex<BTreeMap<String, Result<StandIn, Trouble>>>,
}

/// A program that was found.
struct Found {
    path: PathBuf,
    /// The folder in which it is installed, with all that belongs to it.
    home: PathBuf,
    version: String,
}

/// Where programs of the system are, also those that are not in everybody's PATH. `*` stands for a version.
const USUAL: [&str; 8] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/local/bin",
    "/usr/bin",
    "/bin",
    "/usr/local/sbin",
    "/usr/sbin",
    "/sbin",
    "/opt/homebrew/bin",
];

impl StandIns {
    /// With the environment of the person, and a folder for what is worth keeping.
    pub(super) fn new(variables: BTreeMap<String, String>, cache: PathBuf) -> Self {
        Self { variables, cache, found: Mutex::default() }
    }

    /// The environment of the person.
    pub(super) fn variables(&self) -> &BTreeMap<String, String> {
        &self.variables
    }

    /// What stands in for an image.
    ///
    /// # Errors
    /// A program that it takes is not here, or only a container engine can be this image.
    pub(super) fn of(&self, image: &str) -> Result<StandIn, Trouble> {
        // The lock is held while programs are asked: steps that start at once need one answer only.
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.entry(image.to_owned()).or_insert_with(|| self.find(image)).clone()
    }

    fn find(&self, image: &str) -> Result<StandIn, Trouble> {
        let repository = plugin::repository(image);
        let repository = repository.strip_prefix("library/").unwrap_or(repository);
        if NEVER.contains(&repository) {
            return Err(needs_engine(image, "it makes containers itself"));
        }
        match ROWS.iter().find(|it| it.images.contains(&repository)) {
            Some(row) => self.of_row(image, row),
            None => Ok(StandIn { line: unknown(image), ..StandIn::default() }),
        }
    }

    fn of_row(&self, image: &str, row: &Row) -> Result<StandIn, Trouble> {
        let mut stand_in = StandIn { known: true, own: row.own, ..StandIn::default() };
        if row.kind == Kind::System {
            stand_in.line = format!(
                "{image} -> the shell and the programs of this machine; the image's own are not here"
            );
        }
        let wanted = ImageName::of(image).tag.map(numbers).unwrap_or_default();
        for (place, program) in row.programs.iter().enumerate() {
            let wanted = if place == 0 { &wanted[..] } else { &[] };
            let found = self.program(program, wanted, row.kind).ok_or_else(|| missing(image, program))?;
            if place == 0 {
                stand_in.line = format!("{image} -> {}", agreement(&found, program, wanted));
            }
            self.add(&mut stand_in, &found, row.kind, place == 0);
        }
        for program in row.extras.iter().filter(|it| self.candidates(it.name).is_empty()) {
            stand_in.line += &format!("; {} is not installed here", program.title);
        }
        Ok(stand_in)
    }

    fn add(&self, stand_in: &mut StandIn, found: &Found, kind: Kind, first: bool) {
        let bin = found.path.parent().unwrap_or(Path::new("/")).to_owned();
        let beside = |name: &&str| programs::in_folder(&bin, name);
        stand_in.moved.extend(stand_in.own.moved.iter().filter(|_| first).filter_map(beside));
        if !is_system(&found.home) {
            stand_in.seen.push(found.home.clone());
        }
        match kind {
            Kind::Python => {
                let python = Python::of(&found.path, &self.variables, &self.cache);
                if let Some(python) = python {
                    stand_in.line += &python.remark();
                    stand_in.python = Some(Arc::new(python));
                }
            }
            Kind::Server(server) if first => stand_in.server = Some((server, bin)),
            _ if is_system(&found.home) => {}
            _ => stand_in.path.push(found.home.join("bin")),
        }
    }

    /// The program that fits the version best: one that carries it in its name, one of that version, the first in PATH.
    fn program(&self, program: &Program, wanted: &[u32], kind: Kind) -> Option<Found> {
        let mut all = Vec::new();
        if kind == Kind::Python && wanted.len() > 1 {
            all.extend(self.candidates(&format!("{}.{}", program.name, wanted[1])));
        }
        all.extend(self.candidates(program.name));
        let mut all = all.into_iter().filter_map(|it| self.look(program, it));
        let first = all.next()?;
        if compared(program, &first.version, wanted).is_none_or(Ordering::is_eq) {
            return Some(first);
        }
        let fits = |it: &Found| compared(program, &it.version, wanted).is_some_and(Ordering::is_eq);
        Some(all.find(fits).unwrap_or(first))
    }

    fn candidates(&self, name: &str) -> Vec<PathBuf> {
        let own = programs::folders(&self.variables);
        let usual = USUAL.iter().flat_map(|it| folders(it));
        // Debian's own way of having many versions of a server goes before all.
        let (versions, usual): (Vec<_>, Vec<_>) = usual.partition(|it| it.starts_with("/usr/lib"));
        let all = versions.into_iter().chain(own).chain(usual);
        let mut all: Vec<PathBuf> = all.filter_map(|it| programs::in_folder(&it, name)).collect();
        let mut seen = Vec::new();
        all.retain(|it| {
            let real = it.canonicalize().unwrap_or_else(|_| it.clone());
            let new = !seen.contains(&real);
            seen.push(real);
            new
        });
        all
    }

    fn look(&self, program: &Program, path: PathBuf) -> Option<Found> {
        let said = self.ask(&path, program.version)?;
        let real = path.canonicalize().ok()?;
        let home = match program.home {
            [] => real.parent()?.parent()?.to_owned(),
            question => PathBuf::from(self.ask(&path, question)?.trim()),
        };
        // What a version manager puts into PATH only starts the real one, which is below the folder that it tells.
        let inner = home.join("bin").join(path.file_name()?);
        let path = if !is_system(&home) && programs::is_program(&inner) { inner } else { path };
        let version = version_in(&said);
        (home.is_absolute() && !self.is_revealing(&home)).then_some(Found { path, home, version })
    }

    /// True when to see this folder is to see the HOME of the person.
    fn is_revealing(&self, folder: &Path) -> bool {
        let home = self.variables.get("HOME").filter(|it| !it.is_empty());
        folder.parent().is_none() || home.is_some_and(|it| Path::new(it).starts_with(folder))
    }

    fn ask(&self, program: &Path, arguments: &[&str]) -> Option<String> {
        ask(program, arguments, &self.variables)
    }
}

/// What a program says, run in the environment of the person but in no folder of theirs.
pub(super) fn ask(
    program: &Path,
    arguments: &[&str],
    variables: &BTreeMap<String, String>,
) -> Option<String> {
    let mut command = Command::new(program);
    command.args(arguments).env_clear().envs(variables).stdin(Stdio::null());
    let output = command.current_dir(std::env::temp_dir()).output().ok().filter(|it| it.status.success())?;
    // Java says it where others complain.
    let said = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    Some(String::from_utf8_lossy(&said).into_owned())
}

/// The first program of this name in the PATH of the person, or where programs usually are.
pub(super) fn in_path(variables: &BTreeMap<String, String>, name: &str) -> Option<PathBuf> {
    let usual = || USUAL.iter().flat_map(|it| folders(it)).find_map(|it| programs::in_folder(&it, name));
    programs::in_path(variables, name).or_else(usual)
}

/// `/a/*/b` → those that exist, highest version first.
fn folders(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once("/*/") else { return vec![pattern.into()] };
    let entries = std::fs::read_dir(before).into_iter().flatten().flatten();
    let mut found: Vec<(Vec<u32>, PathBuf)> =
        entries.map(|it| (numbers(&it.file_name().to_string_lossy()), it.path().join(after))).collect();
    found.sort_by(|a, b| b.cmp(a));
    found.into_iter().map(|it| it.1).collect()
}

/// True for a folder that is seen in every clean machine.
fn is_system(folder: &Path) -> bool {
    let inside = |it: &str| folder.starts_with(it);
    folder == Path::new("/")
        || ["/usr", "/bin", "/sbin", "/lib"].iter().any(|it| inside(it)) && !inside("/usr/local")
}

/// `3.11-slim` → 3, 11; `v1` → 1; nothing for `latest`, `slim` and `2024x`.
fn numbers(tag: &str) -> Vec<u32> {
    let tag = tag.strip_prefix('v').unwrap_or(tag);
    let word = tag.split('-').next().unwrap_or_default();
    word.split('.').map(str::parse).collect::<Result<_, _>>().unwrap_or_default()
}

/// The first version in what a program says: `go version go1.19.8 linux/amd64` → `1.19.8`.
fn version_in(said: &str) -> String {
    let digits = |it: char| it.is_ascii_digit();
    let starts = said.match_indices(digits).map(|it| it.0);
    let mut all = starts.map(|at| {
        let rest = &said[at..];
        let end = rest.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(rest.len());
        rest[..end].trim_end_matches('.')
    });
    let first = all.next().unwrap_or_default();
    let dotted = Some(first).filter(|it| it.contains('.')).or_else(|| all.find(|it| it.contains('.')));
    dotted.unwrap_or(first).to_owned()
}

/// How what is here compares to what is wanted, as far as that is said.
fn compared(program: &Program, version: &str, wanted: &[u32]) -> Option<Ordering> {
    let mut here = numbers(version);
    // What Java calls 8 calls itself 1.8.
    if program.title == "Java" && here.first() == Some(&1) {
        here.remove(0);
    }
    if wanted.is_empty() || here.is_empty() {
        return None;
    }
    here.truncate(wanted.len());
    Some(here.as_slice().cmp(&wanted[..here.len()]))
}

fn agreement(found: &Found, program: &Program, wanted: &[u32]) -> String {
    let here = format!("{}, {} {}", found.path.display(), program.title, found.version);
    match compared(program, &found.version, wanted) {
        None | Some(Ordering::Equal) => here,
        Some(Ordering::Greater) => format!("{here}, which is newer: what passes here may fail there"),
        Some(Ordering::Less) => format!("{here}, which is older: what fails here may pass there"),
    }
}

fn unknown(image: &str) -> String {
    format!(
        "{image} -> the shell and the programs of this machine: the sandbox does not know this image, and what is in \
         it is not here"
    )
}

fn missing(image: &str, program: &Program) -> Trouble {
    let package = match program.package {
        "" => String::new(),
        package => format!(" (on Debian: apt-get install {package})"),
    };
    Trouble::new(
        format!(
            "the image `{image}` needs {}, and there is no program `{}` here",
            program.title, program.name
        ),
        format!("install it{package}, or use a container engine, which has the image"),
    )
}

/// The trouble of an image that has no stand-in.
pub(super) fn needs_engine(image: &str, why: &str) -> Trouble {
    let help = match plugin::of_image(image) {
        Some(_) => "run it with a container engine, or let this step be rehearsed",
        None => "run it with a container engine",
    };
    Trouble::new(format!("the image `{image}` cannot be run in a sandbox: {why}"), help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_programs_say() {
        let rows = [
            ("Python 3.11.2\n", "3.11.2"),
            ("go version go1.19.8 linux/amd64", "1.19.8"),
            ("openjdk version \"17.0.18\" 2026-01-20", "17.0.18"),
            ("v18.19.0", "18.19.0"),
            ("Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0", "7.0.15"),
            ("Rscript (R) version 4.2.2 (2022-10-31)", "4.2.2"),
            ("hugo v0.111.3-5d4eb51+extended linux/amd64 BuildDate=unknown", "0.111.3"),
            ("java 21 2023-09-19", "21"),
            ("", ""),
        ];
        for (said, version) in rows {
            assert_eq!(version_in(said), version, "{said}");
        }
    }

    #[test]
    fn only_what_the_tag_says_is_compared() {
        let python = &ROWS[0].programs[0];
        let rows = [
            ("latest", None),
            ("slim", None),
            ("3", Some(Ordering::Equal)),
            ("3.11", Some(Ordering::Equal)),
            ("3.11-slim", Some(Ordering::Equal)),
            ("3.7-alpine", Some(Ordering::Greater)),
            ("3.12.1", Some(Ordering::Less)),
        ];
        for (tag, expected) in rows {
            assert_eq!(compared(python, "3.11.2", &numbers(tag)), expected, "{tag}");
        }
        let java = &ROWS.iter().find(|it| it.images.contains(&"openjdk")).unwrap().programs[0];
        assert_eq!(compared(java, "1.8.0", &[8]), Some(Ordering::Equal));
    }

    #[test]
    fn an_unknown_image_and_a_missing_program_say_so() {
        let stand_ins = StandIns::new(BTreeMap::from([("PATH".into(), String::new())]), PathBuf::new());
        let unknown = stand_ins.of("someone/own:1").unwrap();
        assert!(!unknown.known && unknown.line.contains("does not know this image"), "{}", unknown.line);
        let trouble = stand_ins.of("docker:24").unwrap_err();
        assert!(trouble.help.contains("container engine"));
        let program = &ROWS[1].programs[0];
        let trouble = missing("node:18", program);
        assert!(trouble.message.contains("`node:18`") && trouble.message.contains("`node`"));
        assert!(trouble.help.contains("apt-get install nodejs"));
    }
}
