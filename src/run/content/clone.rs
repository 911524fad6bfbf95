//! A commit, a build and the `clone` of a pipeline → the first workspace of its kind, fetched and checked out as Drone's
//! clone step does it (§5.8): no tags, no submodules, no filters. Writes only into the run's folder.

use std::fmt::Write;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::engine::pipeline::CloneOptions;
use crate::engine::plan::{Build, Event};
use crate::run::Trouble;
use crate::run::content::Content;
use crate::run::content::copy::{Template, stamp};
use crate::run::content::git::{Answer, Call};
use crate::run::content::names::shown;
use crate::run::content::source::Source;
use crate::run::ledger;

/// Where a workspace's `origin` is: nowhere, on purpose. A step that pushes must not reach the real repository, and the
/// address of that may hold a password.
pub const ORIGIN: &str = "https://forge.invalid/";

/// Workspaces with the same key are the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    /// In commits; 0 is all.
    depth: i64,
    checkout: Checkout,
    origin: String,
    author: (String, String),
}

/// What is checked out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Checkout {
    /// The commit, under the name of the branch.
    Branch(String),
    /// The commit, under no name.
    Commit,
    /// The base branch, with the commit merged into it.
    Merge { base: String, commit: String },
}

/// What kind of ref Drone's clone step sees.
enum RefKind {
    Branch,
    Tag,
    Pull,
}

/// A workspace that is wanted.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) key: Key,
    commit: String,
    git_ref: String,
    tag: bool,
    remark: Option<String>,
}

impl Order {
    pub(super) fn of(content: &Content, build: &Build, options: &CloneOptions) -> Result<Self, Trouble> {
        let kind = ref_kind(build);
        let (checkout, remark) = match kind {
            RefKind::Tag => (Checkout::Commit, None),
            RefKind::Branch => branch(content, &build.branch)?,
            RefKind::Pull => pull(content, &build.branch)?,
        };
        let depth = options.depth.as_ref().map_or(0, |it| it.value.max(0));
        let or =
            |value: &str, other: &str| if value.is_empty() { other.to_owned() } else { value.to_owned() };
        // Who merges, when the build does not say, is Drone's own choice.
        let author = (or(&build.author_name, "drone"), or(&build.author_email, "drone@localhost"));
        Ok(Self {
            key: Key { depth, checkout, origin: format!("{ORIGIN}{}.git", build.repo), author },
            commit: content.commit.clone(),
            git_ref: build.git_ref.clone(),
            tag: matches!(kind, RefKind::Tag),
            remark,
        })
    }

    /// What Drone's clone step would have written.
    pub(super) fn log(&self) -> String {
        let depth = if self.key.depth > 0 { format!(" --depth={}", self.key.depth) } else { String::new() };
        let mut text = String::from("Initialized empty Git repository\n");
        let mut line = |it: String| {
            let _ = writeln!(text, "{}", shown(Path::new(&it)));
        };
        match &self.key.checkout {
            Checkout::Branch(name) => {
                line(format!("+ git fetch{depth} origin +refs/heads/{name}:"));
                line(format!("+ git checkout {} -b {name}", self.commit));
            }
            Checkout::Commit if self.tag => {
                line(format!("+ git fetch{depth} origin +{}:", self.git_ref));
                line("+ git checkout -qf FETCH_HEAD".into());
            }
            Checkout::Commit => {
                line("+ git fetch origin".into());
                line(format!("+ git checkout -qf {}", self.commit));
            }
            Checkout::Merge { base, .. } => {
                line(format!("+ git fetch{depth} origin +refs/heads/{base}:"));
                line(format!("+ git checkout {base}"));
                line(format!("+ git fetch origin {}:", self.git_ref));
                line(format!("+ git merge {}", self.commit));
            }
        }
        self.remark.iter().for_each(|it| line(it.clone()));
        text
    }

    /// Fetches and checks out into `folder`, which does not exist yet.
    pub(super) fn make(&self, source: &Source, folder: &Path) -> Result<Template, Trouble> {
        // What an earlier attempt has left is in the way.
        let _ = ledger::remove(folder);
        let work = Work { source, folder, order: self };
        work.init()?;
        work.check_out()?;
        work.settle()?;
        Template::of(folder)
    }
}

fn ref_kind(build: &Build) -> RefKind {
    let is = |prefixes: &[&str]| prefixes.iter().any(|it| build.git_ref.starts_with(it));
    if is(&["refs/tags/"]) {
        return RefKind::Tag;
    }
    if is(&["refs/pull/", "refs/pull-request/", "refs/pull-requests/", "refs/merge-requests/"]) {
        return RefKind::Pull;
    }
    match build.event {
        Event::Tag => RefKind::Tag,
        Event::PullRequest => RefKind::Pull,
        _ => RefKind::Branch,
    }
}

fn branch(content: &Content, name: &str) -> Result<(Checkout, Option<String>), Trouble> {
    if name.is_empty() {
        return Ok((Checkout::Commit, None));
    }
    let full = format!("refs/heads/{name}");
    let named = content.source.call().args(["check-ref-format", &full]).answer()?;
    if named.status.success() && !name.starts_with('-') && name != "HEAD" {
        return Ok((Checkout::Branch(name.to_owned()), None));
    }
    let remark =
        format!("`{name}` is no name that git allows for a branch: the commit is checked out without one.");
    Ok((Checkout::Commit, Some(remark)))
}

fn pull(content: &Content, base: &str) -> Result<(Checkout, Option<String>), Trouble> {
    let (usual, remark) = branch(content, base)?;
    if usual == Checkout::Commit {
        return Ok((usual, remark));
    }
    if let Some(commit) = content.source.branch_commit(base)? {
        return Ok((Checkout::Merge { base: base.to_owned(), commit }, None));
    }
    let remark = format!(
        "There is no branch {base} in this repository to merge into: the workspace holds the pull request as it is."
    );
    Ok((usual, Some(remark)))
}

/// A workspace in the making.
struct Work<'a> {
    source: &'a Source,
    folder: &'a Path,
    order: &'a Order,
}

impl Work<'_> {
    fn call(&self) -> Call {
        self.source.git().at(&self.folder.join(".git")).tree(self.folder)
    }

    fn init(&self) -> Result<(), Trouble> {
        let trouble = |it: &std::io::Error| Trouble::with_path("be written", self.folder, it);
        fs::create_dir(self.folder).map_err(|it| trouble(&it))?;
        let format: &[&str] = if self.source.is_sha256() { &["--object-format=sha256"] } else { &[] };
        // Without a template there are no sample hooks: fewer files to copy.
        self.call().args(["init", "-q", "--template="]).args(format).output("make a workspace")?;
        let origin = &self.order.key.origin;
        self.call().args(["remote", "add", "origin", origin]).output("make a workspace")?;
        // A copy of a file has another inode and another time of change; what git compares are size and time of
        // writing, which are kept. So no copy looks changed, not even for an instant.
        let config = self.folder.join(".git/config");
        let copied = b"[core]\n\tcheckStat = minimal\n\ttrustctime = false\n";
        let written = fs::File::options().append(true).open(config).and_then(|mut it| it.write_all(copied));
        written.map_err(|it| trouble(&it))
    }

    fn check_out(&self) -> Result<(), Trouble> {
        let commit = &self.order.commit;
        match &self.order.key.checkout {
            Checkout::Branch(name) => {
                self.fetch(commit, Some(name), self.order.key.depth)?;
                self.check_out_as(&["--no-track", "-b", name, commit])
            }
            Checkout::Commit => {
                let depth = if self.order.tag { self.order.key.depth } else { 0 };
                self.fetch(commit, None, depth)?;
                self.check_out_as(&["--detach", commit])
            }
            Checkout::Merge { base, commit: base_commit } => {
                self.fetch(base_commit, Some(base), self.order.key.depth)?;
                self.check_out_as(&["--no-track", "-b", base, base_commit])?;
                self.fetch(commit, None, 0)?;
                self.merge(base)
            }
        }
    }

    fn fetch(&self, commit: &str, branch: Option<&str>, depth: i64) -> Result<(), Trouble> {
        let to = branch.map(|it| format!("refs/remotes/origin/{it}")).unwrap_or_default();
        let depth = (depth > 0).then(|| format!("--depth={depth}"));
        let args = ["-c", "core.logAllRefUpdates=false", "fetch", "-q", "--no-tags", "--update-shallow"];
        let call = self.call().args(args).args(depth);
        let answer = call.args([self.source.folder()]).args([format!("+{commit}:{to}")]).answer()?;
        if answer.status.success() { Ok(()) } else { Err(self.fetch_trouble(&answer)) }
    }

    fn fetch_trouble(&self, answer: &Answer) -> Trouble {
        let trouble = answer.trouble("copy the commit into a workspace");
        if !self.source.is_partial() {
            return trouble;
        }
        Trouble::new(
            "this repository is a partial clone: not all files of its history are here, and a run fetches nothing",
            "get them with `git fetch --refetch --filter=blob:limit=1g`, or ask for `depth: 1` in `clone`",
        )
    }

    fn check_out_as(&self, args: &[&str]) -> Result<(), Trouble> {
        let call = self.call().args(["checkout", "-q", "-f"]).args(args).args(["--"]);
        call.output("check out the commit").map(drop)
    }

    fn merge(&self, base: &str) -> Result<(), Trouble> {
        let (name, mail) = &self.order.key.author;
        let call = self.call().env("GIT_AUTHOR_NAME", name).env("GIT_AUTHOR_EMAIL", mail);
        let call = call.env("GIT_COMMITTER_NAME", name).env("GIT_COMMITTER_EMAIL", mail);
        let answer = call.args(["merge", "-q", "--no-edit", &self.order.commit]).answer()?;
        if answer.status.success() {
            return Ok(());
        }
        let base = shown(Path::new(base));
        let (why, help) = if answer.errors.contains("unrelated histories") {
            (
                "the two have no commit in common, as far as the clone reaches back",
                "raise `depth` in `clone`, or leave it away: Drone's clone fails in the same way",
            )
        } else {
            (
                "the two are in conflict",
                "merge that branch into yours first: Drone's clone fails in the same way",
            )
        };
        Err(Trouble::new(format!("the pull request cannot be merged into {base}: {why}"), help))
    }

    /// Makes every file older than the index. Otherwise git would read each of them again, in every copy.
    fn settle(&self) -> Result<(), Trouble> {
        for name in ["FETCH_HEAD", "ORIG_HEAD"] {
            let _ = fs::remove_file(self.folder.join(".git").join(name));
        }
        let past = SystemTime::now() - Duration::from_secs(2);
        stamp(self.folder, past).map_err(|it| Trouble::with_path("be written", self.folder, &it))?;
        // Files that break the rules of their .gitattributes look changed at once, as in every clone.
        self.call().args(["update-index", "-q", "--refresh"]).answer().map(drop)
    }
}
