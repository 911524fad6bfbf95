//! A folder, or files in memory → what a pipeline finds in its workspace: a fresh clone, as the clone step of Drone
//! makes it (§5.8). Never writes to the folder, and never runs anything that the folder brings along.
//!
//! | file | what it does |
//! | --- | --- |
//! | `place` | where git keeps its files around a folder |
//! | `git` | the `git` program, with an environment in which nothing of the user and of the repository counts |
//! | `source` | a repository of our own that borrows the objects of the folder's; all reading goes through it |
//! | `changes` | what differs from the last commit, and the commit made of it |
//! | `left_out` | what a run does not see, and why |
//! | `clone` | the first workspace of its kind: fetch and check out |
//! | `copy` | all workspaces: copies of the first |
//! | `difference` | what the steps made, changed and deleted |
//!
//! With `--working-tree`, what is not committed becomes one commit on top of the last one, in the clone only. So the
//! run answers what people ask with it: would this be green if I committed it now? Steps such as
//! `git diff --exit-code` then tell what the *steps* changed, as in a real build.

mod changes;
mod clone;
mod copy;
mod difference;
mod git;
mod left_out;
mod names;
mod place;
mod source;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::engine::course::Files;
use crate::engine::pipeline::CloneOptions;
use crate::engine::plan::Build;
use crate::run::Trouble;
use crate::run::content::changes::Skipped;
use crate::run::content::copy::Template;
use crate::run::content::names::shown;
use crate::run::content::place::Place;
use crate::run::content::source::Source;

pub use clone::ORIGIN;
pub use copy::spread;
pub use difference::{Difference, Differences, What};
pub use left_out::{LeftOut, Omitted, Reason};

/// What a run is made from. Workspaces can be laid from many threads at a time.
#[derive(Debug)]
pub struct Content {
    source: Source,
    kind: Kind,
    commit: String,
    skipped: Vec<Skipped>,
    templates: Mutex<BTreeMap<clone::Key, Arc<Template>>>,
    left_out: OnceLock<Result<LeftOut, Trouble>>,
}

/// Where the content comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The last commit of a repository.
    Committed,
    /// The last commit and all that has changed since.
    WorkingTree,
    /// A folder that is no repository.
    Folder,
    /// Files in memory.
    Files,
}

/// A workspace as it was laid, for [`Laid::differences`].
#[derive(Clone, Debug)]
pub struct Laid {
    target: PathBuf,
    template: Option<Arc<Template>>,
}

/// Commits of files in memory carry this time: their names then depend on the files only.
const FIXED: &str = "1600000000 +0000";

impl Content {
    /// Exactly the last commit of the repository around `folder`; of a folder without one, its files.
    ///
    /// `scratch` is a folder that does not exist yet, or is empty, in the folder of the run. It must live as long as
    /// this, and is removed with the run.
    pub fn committed(folder: &Path, scratch: &Path) -> Result<Self, Trouble> {
        let Some(place) = Place::around(folder)? else { return Self::of_folder(folder, scratch) };
        let source = Source::borrow(&place, scratch)?;
        let Some(commit) = source.head().map(str::to_owned) else {
            return Err(Trouble::new(
                "there is no commit yet, so there is nothing that a build could clone",
                "commit your files first (`git add .`, `git commit`), or use --working-tree",
            ));
        };
        Ok(Self::new(source, Kind::Committed, commit, Vec::new()))
    }

    /// The last commit, all changes of tracked files, and all untracked files that are not ignored. For `scratch` see
    /// [`Content::committed`].
    pub fn working_tree(folder: &Path, scratch: &Path) -> Result<Self, Trouble> {
        let Some(place) = Place::around(folder)? else { return Self::of_folder(folder, scratch) };
        if place.top.is_none() {
            return Err(Trouble::new(
                format!("{} is a repository without a working tree", folder.display()),
                "leave --working-tree away: the last commit can be run",
            ));
        }
        let source = Source::borrow(&place, scratch)?;
        let message = "What is not committed yet\n\nMade by `ciworkshop run --working-tree`.";
        let (commit, skipped) = changes::commit(&source, message, None)?;
        Ok(Self::new(source, Kind::WorkingTree, commit, skipped))
    }

    /// One commit of what `git add .` takes of the files. For `scratch` see [`Content::committed`].
    pub fn of_files(files: &Files, scratch: &Path) -> Result<Self, Trouble> {
        let folder = scratch.join("files");
        for (name, bytes) in files {
            put(&folder, name, bytes)?;
        }
        std::fs::create_dir_all(&folder).map_err(|it| Trouble::with_path("be made", &folder, &it))?;
        let source = Source::fresh(&folder, scratch, false)?;
        let (commit, skipped) = changes::commit(&source, "All files", Some(FIXED))?;
        Ok(Self::new(source, Kind::Files, commit, skipped))
    }

    /// A folder without git: what `git add .` would take of it.
    fn of_folder(folder: &Path, scratch: &Path) -> Result<Self, Trouble> {
        let folder = folder.canonicalize().map_err(|it| Trouble::with_path("be read", folder, &it))?;
        let source = Source::fresh(&folder, scratch, true)?;
        let (commit, skipped) = changes::commit(&source, "All files", None)?;
        Ok(Self::new(source, Kind::Folder, commit, skipped))
    }

    fn new(source: Source, kind: Kind, commit: String, skipped: Vec<Skipped>) -> Self {
        Self { source, kind, commit, skipped, templates: Mutex::default(), left_out: OnceLock::new() }
    }

    /// The commit that is laid. It is one of the repository's only when nothing was added to it.
    #[must_use]
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// The branch that is checked out in the repository; `None` when there is no repository, or no branch.
    #[must_use]
    pub fn branch(&self) -> Option<&str> {
        self.source.branch()
    }

    /// Where the repository's files begin; `None` for files in memory and for a repository without a working tree.
    #[must_use]
    pub fn root(&self) -> Option<&Path> {
        if self.kind == Kind::Files { None } else { self.source.top() }
    }

    /// What it is, in a few words.
    #[must_use]
    pub fn title(&self) -> String {
        let short = |it: &str| it.chars().take(8).collect::<String>();
        match (self.kind, self.source.head()) {
            (Kind::Committed, _) => format!("commit {}", short(&self.commit)),
            (Kind::WorkingTree, Some(head)) if head == self.commit => {
                format!("commit {}, nothing has changed since", short(head))
            }
            (Kind::WorkingTree, Some(head)) => format!("commit {} and what has changed since", short(head)),
            (Kind::WorkingTree, None) => "the files of a repository without a commit".into(),
            (Kind::Folder, _) => "the files of a folder without git".into(),
            (Kind::Files, _) => "files in memory".into(),
        }
    }

    /// A file as the run sees it; `None` when the run has no such file. The path is absolute, or counted from
    /// [`Content::root`].
    pub fn file(&self, path: &Path) -> Result<Option<Vec<u8>>, Trouble> {
        let Some(path) = self.inside(path) else { return Ok(None) };
        self.source.file(&self.commit, &path)
    }

    /// The pipeline file as the run sees it; an error when it is not part of what is run. For the path see
    /// [`Content::file`].
    pub fn manifest(&self, path: &Path) -> Result<Vec<u8>, Trouble> {
        let Some(path) = self.inside(path) else {
            return Err(Trouble::new(
                format!("{} is not in the folder that is run", shown(path)),
                "name a file of this repository, or run its own one from there",
            ));
        };
        if let Some(bytes) = self.file(&path)? {
            return Ok(bytes);
        }
        let name = shown(&path);
        let exists = self.source.top().is_some_and(|top| top.join(&path).exists());
        Err(match (self.kind, exists) {
            (Kind::Committed, true) => Trouble::new(
                format!("{name} is not committed, and a build only sees what is committed"),
                format!("commit it (`git add {name}`, `git commit`), or use --working-tree"),
            ),
            (_, true) => Trouble::new(
                format!("{name} exists, but git does not take it, so a build cannot see it"),
                "look into .gitignore and .gitattributes",
            ),
            (_, false) => {
                Trouble::new(format!("there is no {name} here"), "`ciworkshop init` writes a first one")
            }
        })
    }

    /// A path counted from the root; `None` when it is elsewhere.
    fn inside(&self, path: &Path) -> Option<PathBuf> {
        if path.is_relative() {
            return Some(path.components().filter(|it| *it != Component::CurDir).collect());
        }
        let top = self.source.top()?;
        // The last part may be a link on purpose; all before it is only a way to the same folder.
        let parent = path.parent()?.canonicalize().ok()?;
        Some(parent.strip_prefix(top).ok()?.join(path.file_name()?))
    }

    /// What the run will not see, and why. Worked out once.
    pub fn left_out(&self) -> Result<LeftOut, Trouble> {
        self.left_out.get_or_init(|| left_out::of(self)).clone()
    }

    /// Lays a fresh workspace into `target`, a folder that is empty or does not exist yet. Lines like those of Drone's
    /// clone step go to `log`.
    ///
    /// Branch builds have their branch checked out, tag builds the commit; pull requests the base branch with this
    /// content merged, when the repository knows the base branch.
    pub fn lay(
        &self,
        target: &Path,
        build: &Build,
        options: &CloneOptions,
        log: &mut dyn Write,
    ) -> Result<Laid, Trouble> {
        let order = clone::Order::of(self, build, options)?;
        let template = self.template(&order)?;
        // A log that cannot be written is not worth a red build.
        let _ = log.write_all(order.log().as_bytes());
        template.copy_to(target)?;
        Ok(Laid { target: target.to_owned(), template: Some(template) })
    }

    /// The first workspace of its kind. Whoever needs it while it is made waits.
    fn template(&self, order: &clone::Order) -> Result<Arc<Template>, Trouble> {
        let mut templates = self.templates.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(template) = templates.get(&order.key) {
            return Ok(Arc::clone(template));
        }
        let folder = self.source.scratch().join(format!("template-{}", templates.len()));
        let template = Arc::new(order.make(&self.source, &folder)?);
        templates.insert(order.key.clone(), Arc::clone(&template));
        Ok(template)
    }
}

impl Laid {
    /// A workspace in which nothing was laid, because the pipeline does not clone.
    #[must_use]
    pub fn nothing(target: &Path) -> Self {
        Self { target: target.to_owned(), template: None }
    }

    /// What has become of the workspace since. Git's own files do not count.
    #[must_use]
    pub fn differences(&self) -> Differences {
        difference::between(self.template.as_deref(), &self.target)
    }
}

/// Writes a file whose name comes from somewhere else.
fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Trouble> {
    let path = Path::new(name);
    let plain = |it: Component<'_>| matches!(it, Component::Normal(it) if !it.eq_ignore_ascii_case(".git"));
    if name.is_empty() || !path.components().all(plain) {
        return Err(Trouble::new(
            format!("`{}` is no name of a file in a project", shown(path)),
            "use a path that begins in the project's folder and stays there",
        ));
    }
    let place = folder.join(path);
    let parent = place.parent().unwrap_or(folder);
    let written = std::fs::create_dir_all(parent).and_then(|()| std::fs::write(&place, bytes));
    written.map_err(|it| Trouble::with_path("be written", &place, &it))
}
