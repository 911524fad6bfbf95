//! A folder → its files, read when somebody asks; each at most once, and none that is too large. What cannot be read or
//! makes no sense is kept with its place.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde::Serialize;

use crate::scaffold::Error;
use crate::scaffold::project::value::Value;
use crate::scaffold::project::{git, git::GitFolder, ini::Ini, json, toml, walk, yaml};

/// Longer files are no manifests; lock files may be, and nobody reads them here.
const LONGEST: u64 = 1 << 20;

/// So much of a file is its head.
const HEAD: u64 = 32 * 1024;

/// A manifest that is broken: where, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file, from the project's folder.
    pub path: String,
    /// The line, from 1; 0 when it is about the whole file.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// Something that is known, and the place that says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Fact {
    /// What is known, in words.
    pub(crate) what: String,
    /// `pyproject.toml:5`.
    pub(crate) place: String,
}

impl Fact {
    pub(crate) fn new(what: impl Into<String>, place: impl Into<String>) -> Self {
        Self { what: what.into(), place: place.into() }
    }
}

/// The files of a project.
pub struct Survey {
    root: PathBuf,
    files: Vec<String>,
    notes: Vec<String>,
    texts: RefCell<BTreeMap<String, Option<Rc<str>>>>,
    values: RefCell<BTreeMap<String, Option<Rc<Value>>>>,
    problems: RefCell<Vec<Problem>>,
    judged: RefCell<BTreeMap<String, String>>,
    programs: RefCell<BTreeSet<String>>,
    embedding: RefCell<BTreeSet<String>>,
}

impl Survey {
    /// Looks through a folder.
    ///
    /// # Errors
    /// It is no folder, cannot be read, or is a repository without files.
    pub fn of(root: &Path) -> Result<Self, Error> {
        let read = |source| Error::Read { path: root.into(), source };
        if !fs::metadata(root).map_err(read)?.is_dir() {
            return Err(Error::InTheWay { path: root.into(), found: "a file" });
        }
        if git::is_bare(root) {
            return Err(Error::Bare { path: root.into() });
        }
        fs::read_dir(root).map_err(read)?;
        let walked = walk::walk(root);
        Ok(Self {
            root: root.into(),
            files: walked.files,
            notes: walked.notes,
            texts: RefCell::default(),
            values: RefCell::default(),
            problems: RefCell::default(),
            judged: RefCell::default(),
            programs: RefCell::default(),
            embedding: RefCell::default(),
        })
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What could not be looked at.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The manifests that were asked for and are broken.
    pub fn problems(&self) -> Vec<Problem> {
        self.problems.borrow().clone()
    }

    /// All files, sorted.
    pub fn files(&self) -> &[String] {
        &self.files
    }

    /// The default branch, as git's files say it.
    pub fn default_branch(&self) -> Option<String> {
        GitFolder::of(&self.root)?.default_branch()
    }

    /// The names of the tags that are here.
    pub(crate) fn tags(&self) -> Vec<String> {
        GitFolder::of(&self.root).map(|it| it.tags()).unwrap_or_default()
    }

    /// The name of the folder.
    pub(crate) fn name(&self) -> String {
        let full = self.root.canonicalize().unwrap_or_else(|_| self.root.clone());
        full.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned())
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.files.binary_search_by(|it| it.as_str().cmp(path)).is_ok()
    }

    /// The text of a file that is there, not too long, and not binary.
    pub(crate) fn text(&self, path: &str) -> Option<Rc<str>> {
        if !self.has(path) {
            return None;
        }
        if let Some(known) = self.texts.borrow().get(path) {
            return known.clone();
        }
        let text = match read(&self.root.join(path)) {
            Ok(text) => Some(Rc::from(text)),
            Err(message) => {
                self.report(path, 0, message);
                None
            }
        };
        self.texts.borrow_mut().insert(path.to_owned(), text.clone());
        text
    }

    /// How a file begins, whatever it is: lock files are long, and their first lines say who wrote them.
    pub(crate) fn head(&self, path: &str) -> Option<String> {
        let mut bytes = Vec::new();
        let file = self.has(path).then(|| fs::File::open(self.root.join(path)))?.ok()?;
        file.take(HEAD).read_to_end(&mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The text of a file that somebody else's tool reads: signs that are no UTF-8 are replaced, and what is too long is cut.
    pub(crate) fn loosely(&self, path: &str) -> Option<String> {
        let mut bytes = Vec::new();
        let file = self.has(path).then(|| fs::File::open(self.root.join(path)))?.ok()?;
        file.take(LONGEST).read_to_end(&mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// A manifest as values, by the ending of its name. `None` when it is not there or broken; the latter is kept.
    pub(crate) fn value(&self, path: &str) -> Option<Rc<Value>> {
        if let Some(known) = self.values.borrow().get(path) {
            return known.clone();
        }
        let text = self.text(path)?;
        let value = match parsed(path, &text) {
            Ok(value) => Some(Rc::new(value)),
            Err((at, message)) => {
                self.report(path, line_of(&text, at), message);
                None
            }
        };
        self.values.borrow_mut().insert(path.to_owned(), value.clone());
        value
    }

    /// Why a command should not be called, when it was read before; empty for one that is harmless.
    pub(crate) fn judged(&self, command: &str) -> Option<String> {
        self.judged.borrow().get(command).cloned()
    }

    /// Keeps what was found out about a command.
    pub(crate) fn judge(&self, command: &str, reason: &str) {
        self.judged.borrow_mut().insert(command.to_owned(), reason.to_owned());
    }

    /// The programs that are called by what `read` reads.
    pub(crate) fn programs(&self, read: impl FnOnce()) -> BTreeSet<String> {
        self.judged.borrow_mut().clear();
        self.programs.borrow_mut().clear();
        read();
        self.programs.borrow().clone()
    }

    /// Keeps the name of one.
    pub(crate) fn calls(&self, program: &str) {
        self.programs.borrow_mut().insert(program.to_owned());
    }

    /// Keeps the path of a source that takes in other files: whoever has read all of them has seen it.
    pub(crate) fn embeds(&self, path: String) {
        self.embedding.borrow_mut().insert(path);
    }

    /// The sources that take in other files, in order.
    pub(crate) fn embedding(&self) -> Vec<String> {
        self.embedding.borrow().iter().cloned().collect()
    }

    /// A file of YAML that is no manifest of ours: what cannot be read is passed over.
    pub(crate) fn guessed(&self, path: &str) -> Option<Value> {
        yaml::read(&self.loosely(path)?).ok()
    }

    /// A manifest as values, of a file that the project may hold broken on purpose, as tests do: then there is none.
    pub(crate) fn value_loosely(&self, path: &str) -> Option<Rc<Value>> {
        if let Some(known) = self.values.borrow().get(path) {
            return known.clone();
        }
        parsed(path, &self.loosely(path)?).ok().map(Rc::new)
    }

    fn report(&self, path: &str, line: usize, message: String) {
        self.problems.borrow_mut().push(Problem { path: path.to_owned(), line, message });
    }

    /// One folder of the project; the empty name is the project itself.
    pub(crate) fn folder<'s>(&'s self, root: &'s str) -> Folder<'s> {
        Folder { survey: self, root }
    }
}

fn read(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let opened = fs::File::open(path).and_then(|it| it.take(LONGEST + 1).read_to_end(&mut bytes));
    if let Err(error) = opened {
        return Err(match error.kind() {
            std::io::ErrorKind::PermissionDenied => "it cannot be read: permission is denied".into(),
            _ => format!("it cannot be read: {error}"),
        });
    }
    // What is no manifest may have any encoding and any length: its own tool knows.
    let source = path.extension().is_some_and(|it| it == "py" || it == "ipynb");
    if bytes.len() as u64 > LONGEST && !source {
        return Err("it has more than a megabyte, and is not read".into());
    }
    decoded(bytes, source)
}

/// Text in UTF-8; or in UTF-16 with its mark, as a Windows shell writes it and pip takes it.
fn decoded(bytes: Vec<u8>, source: bool) -> Result<String, String> {
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        let pairs: Vec<u16> = rest.chunks_exact(2).map(|it| u16::from_le_bytes([it[0], it[1]])).collect();
        return Ok(String::from_utf16_lossy(&pairs));
    }
    if source {
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".into())
}

/// The text as values, by the ending of its name.
fn parsed(path: &str, text: &str) -> Result<Value, (usize, String)> {
    match path.rsplit('.').next() {
        Some("json" | "jsonc") => json::read(text),
        Some("yml" | "yaml") => yaml::read(text),
        _ => toml::read(text),
    }
}

/// One folder of a project, seen as if it were the project.
#[derive(Clone, Copy)]
pub(crate) struct Folder<'s> {
    pub(crate) survey: &'s Survey,
    /// Its path; empty for the project's own folder.
    pub(crate) root: &'s str,
}

impl<'s> Folder<'s> {
    /// A path of this folder as one of the project.
    pub(crate) fn path(&self, name: &str) -> String {
        if self.root.is_empty() { name.to_owned() } else { format!("{}/{name}", self.root) }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.survey.has(&self.path(name))
    }

    /// The first of these names that is there.
    pub(crate) fn first<'n>(&self, names: &[&'n str]) -> Option<&'n str> {
        names.iter().find(|it| self.has(it)).copied()
    }

    pub(crate) fn text(&self, name: &str) -> Option<Rc<str>> {
        self.survey.text(&self.path(name))
    }

    pub(crate) fn head(&self, name: &str) -> Option<String> {
        self.survey.head(&self.path(name))
    }

    /// A source or a build file, whatever its encoding and however long it is.
    pub(crate) fn loosely(&self, name: &str) -> Option<String> {
        self.survey.loosely(&self.path(name))
    }

    pub(crate) fn value(&self, name: &str) -> Option<Rc<Value>> {
        self.survey.value(&self.path(name))
    }

    pub(crate) fn value_loosely(&self, name: &str) -> Option<Rc<Value>> {
        self.survey.value_loosely(&self.path(name))
    }

    pub(crate) fn ini(&self, name: &str) -> Option<Ini> {
        self.text(name).map(|it| Ini::read(&it))
    }

    /// All files below, by their paths in this folder.
    pub(crate) fn files(&self) -> impl Iterator<Item = &'s str> {
        let prefix = if self.root.is_empty() { String::new() } else { format!("{}/", self.root) };
        let files = &self.survey.files;
        // They are sorted, so those of a folder stand together.
        let start = files.partition_point(|it| it.as_str() < prefix.as_str());
        let after = files[start..].partition_point(|it| it.starts_with(&prefix));
        let length = prefix.len();
        files[start..start + after].iter().map(move |it| &it[length..])
    }

    /// The files of the folder itself.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'s str> {
        self.files().filter(|it| !it.contains('/'))
    }

    /// True when there is a file below a folder of that name.
    pub(crate) fn has_folder(&self, name: &str) -> bool {
        let prefix = format!("{}/", self.path(name));
        let files = &self.survey.files;
        let at = files.partition_point(|it| it.as_str() < prefix.as_str());
        files.get(at).is_some_and(|it| it.starts_with(&prefix))
    }

    /// `name:line`, for evidence.
    pub(crate) fn place(&self, name: &str, line: usize) -> String {
        if line == 0 { self.path(name) } else { format!("{}:{line}", self.path(name)) }
    }

    /// The first line of the file that holds this text, as a place.
    pub(crate) fn place_of(&self, name: &str, needle: &str) -> String {
        let line = self.text(name).and_then(|it| it.lines().position(|it| it.contains(needle)));
        self.place(name, line.map_or(0, |it| it + 1))
    }

    /// The name that the project goes by when no manifest says one.
    pub(crate) fn name(&self) -> String {
        match self.root.rsplit('/').next() {
            Some(name) if !name.is_empty() => name.to_owned(),
            _ => self.survey.name(),
        }
    }
}

/// The line of a byte, from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count() + 1
}
