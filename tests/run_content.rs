//! Repositories of all kinds → the workspaces that a run lays for its pipelines, and what it says is not in them. Real
//! repositories, made with the real `git`; whether the user's repository stays as it was is looked at byte by byte.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Instant, SystemTime};

use ciworkshop::engine::course::Files;
use ciworkshop::engine::pipeline::{CloneOptions, Spanned};
use ciworkshop::engine::plan::{Build, Event};
use ciworkshop::engine::source::Span;
use ciworkshop::run::Trouble;
use ciworkshop::run::content::{Content, Laid, Reason, What, spread};
use tempfile::TempDir;

/// A folder for a user's repository, and a folder for runs.
struct World {
    home: TempDir,
}

impl World {
    /// With a repository on the branch `main` and one commit of `a.txt`, `b/c.txt` and `run.sh`.
    fn new() -> Self {
        let world = Self::empty();
        world.git(&["init", "-q", "-b", "main"]);
        world.write("a.txt", "one\n");
        world.write("b/c.txt", "two\n");
        world.write("run.sh", "#!/bin/sh\n");
        fs::set_permissions(world.folder().join("run.sh"), fs::Permissions::from_mode(0o755)).unwrap();
        world.commit("first");
        world
    }

    fn empty() -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("project")).unwrap();
        Self { home }
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join("project")
    }

    /// A new one each time.
    fn scratch(&self) -> PathBuf {
        tempfile::tempdir_in(self.home.path()).unwrap().keep()
    }

    fn write(&self, path: impl AsRef<Path>, text: &str) {
        let path = self.folder().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn git(&self, args: &[&str]) -> String {
        git(&self.folder(), args)
    }

    fn commit(&self, message: &str) -> String {
        self.git(&["add", "."]);
        self.git(&["commit", "-q", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn committed(&self) -> Content {
        Content::committed(&self.folder(), &self.scratch()).unwrap()
    }

    fn working_tree(&self) -> Content {
        Content::working_tree(&self.folder(), &self.scratch()).unwrap()
    }

    fn lay(&self, content: &Content) -> PathBuf {
        self.lay_for(content, &Build::new(Event::Push), 0).unwrap().0
    }

    fn lay_for(&self, content: &Content, build: &Build, depth: i64) -> Result<(PathBuf, String), Trouble> {
        let target = self.scratch().join("src");
        let mut log = Vec::new();
        content.lay(&target, build, &depth_of(depth), &mut log)?;
        Ok((target, String::from_utf8(log).unwrap()))
    }
}

fn depth_of(depth: i64) -> CloneOptions {
    let depth = Spanned { value: depth, span: Span::default() };
    CloneOptions { depth: Some(depth), ..CloneOptions::default() }
}

/// Runs git as a person does who has no settings, and gives its output.
fn git(folder: &Path, args: &[impl AsRef<OsStr>]) -> String {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os().filter(|it| it.0.to_string_lossy().starts_with("GIT_")) {
        command.env_remove(name);
    }
    let identity = ["user.name=A Person", "user.email=a@example.com", "protocol.file.allow=always"];
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command.args(identity.iter().flat_map(|it| ["-c", it])).arg("-C").arg(folder).args(args);
    let output = command.output().unwrap();
    let shown: Vec<_> = args.iter().map(AsRef::as_ref).collect();
    assert!(output.status.success(), "git {shown:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}

/// All files below, but git's own.
fn files(folder: &Path) -> BTreeMap<OsString, Vec<u8>> {
    let all = everything(folder).into_iter().filter(|it| !it.0.starts_with(".git/"));
    all.filter_map(|(path, it)| Some((path.into_os_string(), it.1?))).collect()
}

type Seen = (SystemTime, Option<Vec<u8>>);

/// All files and links below, with time and content.
fn everything(folder: &Path) -> BTreeMap<PathBuf, Seen> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![PathBuf::new()];
    while let Some(inner) = waiting.pop() {
        for entry in fs::read_dir(folder.join(&inner)).unwrap() {
            let path = inner.join(entry.unwrap().file_name());
            let place = folder.join(&path);
            let data = fs::symlink_metadata(&place).unwrap();
            let content = if data.is_symlink() {
                Some(fs::read_link(&place).unwrap().into_os_string().into_vec())
            } else {
                data.is_file().then(|| fs::read(&place).unwrap())
            };
            if data.is_dir() {
                waiting.push(path.clone());
            }
            found.insert(path, (data.modified().unwrap(), content));
        }
    }
    found
}

fn names(folder: &Path) -> Vec<String> {
    files(folder).into_keys().map(|it| it.to_string_lossy().into_owned()).collect()
}

fn is_clean(workspace: &Path) {
    assert_eq!(git(workspace, &["status", "--porcelain"]), "");
    assert_eq!(git(workspace, &["diff", "--exit-code", "HEAD"]), "");
}

fn omitted(content: &Content) -> Vec<(String, Reason)> {
    content.left_out().unwrap().omitted.into_iter().map(|it| (it.path, it.reason)).collect()
}

fn notes(content: &Content) -> String {
    content.left_out().unwrap().notes.join("\n")
}

#[test]
fn a_workspace_holds_exactly_the_last_commit() {
    let world = World::new();
    let head = world.git(&["rev-parse", "HEAD"]);
    world.git(&["tag", "v1"]);
    world.write("a.txt", "changed\n");
    world.write("new/file.txt", "new\n");
    world.write("new/other.txt", "new\n");
    world.write("staged.txt", "new\n");
    world.git(&["add", "staged.txt"]);
    fs::remove_file(world.folder().join("b/c.txt")).unwrap();
    let content = world.committed();
    assert_eq!((content.commit(), content.branch()), (head.as_str(), Some("main")));
    let (workspace, log) = world.lay_for(&content, &Build::new(Event::Push), 0).unwrap();
    // Nothing looks changed, not even to a command that compares times only. (It writes nothing; others do.)
    assert_eq!(git(&workspace, &["diff-files"]), "");
    assert_eq!(names(&workspace), ["a.txt", "b/c.txt", "run.sh"]);
    assert_eq!(fs::read_to_string(workspace.join("a.txt")).unwrap(), "one\n");
    assert_eq!(fs::metadata(workspace.join("run.sh")).unwrap().permissions().mode() & 0o111, 0o111);
    is_clean(&workspace);
    assert_eq!(git(&workspace, &["rev-parse", "HEAD"]), head);
    assert_eq!(git(&workspace, &["rev-parse", "--abbrev-ref", "HEAD"]), "main");
    assert_eq!(git(&workspace, &["log", "--format=%s"]), "first");
    assert_eq!(git(&workspace, &["tag"]), "");
    assert_eq!(git(&workspace, &["fsck", "--strict"]), "");
    assert_eq!(
        log,
        format!(
            "Initialized empty Git repository\n+ git fetch origin +refs/heads/main:\n+ git checkout {head} -b main\n"
        )
    );
    // Nothing in there leads to the user's folder.
    let own = world.folder().to_string_lossy().into_owned();
    let leads = |it: &Seen| it.1.as_ref().is_some_and(|it| String::from_utf8_lossy(it).contains(&own));
    assert!(!everything(&workspace).values().any(leads));
    let expected = [
        ("a.txt", Reason::Changed),
        ("b/c.txt", Reason::Deleted),
        ("staged.txt", Reason::New),
        ("new/", Reason::New),
    ];
    assert_eq!(omitted(&content), expected.map(|it| (it.0.to_owned(), it.1)));
    assert_eq!(content.left_out().unwrap().lines()[0], "a.txt (changed, not committed)");
}

#[test]
fn the_working_tree_is_one_commit_on_top_and_ignored_files_stay_out() {
    let world = World::new();
    world.write(".gitignore", "*.log\nout/\n");
    let head = world.commit("second");
    world.write("a.txt", "staged\n");
    world.git(&["add", "a.txt"]);
    world.write("a.txt", "staged and changed\n");
    world.write("new/file.txt", "new\n");
    world.write("planned.txt", "intent\n");
    world.git(&["add", "-N", "planned.txt"]);
    world.write("build.log", "x");
    world.write("out/1", "x");
    world.write("out/2", "x");
    fs::remove_file(world.folder().join("b/c.txt")).unwrap();
    world.write("b/c.txt/inner", "a folder where a file was\n");
    let content = world.working_tree();
    let workspace = world.lay(&content);
    assert_eq!(
        names(&workspace),
        [".gitignore", "a.txt", "b/c.txt/inner", "new/file.txt", "planned.txt", "run.sh"]
    );
    assert_eq!(fs::read_to_string(workspace.join("a.txt")).unwrap(), "staged and changed\n");
    is_clean(&workspace);
    assert_eq!(git(&workspace, &["rev-parse", "HEAD"]), content.commit());
    assert_eq!(git(&workspace, &["rev-parse", "HEAD~1"]), head);
    assert_eq!(
        omitted(&content),
        [("build.log".to_owned(), Reason::Ignored), ("out/".to_owned(), Reason::Ignored)]
    );
    assert!(content.title().ends_with("and what has changed since"), "{}", content.title());
}

#[test]
fn a_working_tree_without_changes_is_the_last_commit() {
    let world = World::new();
    let content = world.working_tree();
    assert_eq!(content.commit(), world.git(&["rev-parse", "HEAD"]));
    assert!(content.left_out().unwrap().is_empty());
}

#[test]
fn the_users_repository_is_never_written_to() {
    let world = World::new();
    world.write("a.txt", "changed\n");
    world.write("new.txt", "new\n");
    // Older than the index says: whoever refreshed it would write it.
    fs::File::options()
        .write(true)
        .open(world.folder().join("run.sh"))
        .unwrap()
        .set_modified(SystemTime::UNIX_EPOCH)
        .unwrap();
    let before = everything(&world.folder());
    for content in [world.committed(), world.working_tree()] {
        content.left_out().unwrap();
        for event in Event::ALL {
            world.lay_for(&content, &Build::new(event), 1).unwrap();
        }
    }
    assert!(before == everything(&world.folder()));
}

#[test]
fn nothing_that_a_repository_brings_along_is_run() {
    let world = World::new();
    let mark = world.home.path().join("mark");
    let evil = world.home.path().join("evil");
    fs::write(&evil, format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\ncat\n", mark.display())).unwrap();
    fs::set_permissions(&evil, fs::Permissions::from_mode(0o755)).unwrap();
    let evil = evil.to_str().unwrap();
    world.write(".gitattributes", "*.txt filter=evil diff=evil merge=evil\n");
    world.commit("attributes");
    // A repository inside, which has settings of its own, once as a submodule and once as a new folder.
    let inner = world.folder().join("inner");
    for name in ["inner", "new"] {
        let folder = world.folder().join(name);
        fs::create_dir(&folder).unwrap();
        git(&folder, &["init", "-q"]);
        git(&folder, &["commit", "-q", "--allow-empty", "-m", "x"]);
    }
    world.git(&["add", "inner"]);
    world.git(&["commit", "-q", "-m", "inner"]);
    fs::write(inner.join("file.txt"), "x").unwrap();
    let hooks = ["post-checkout", "pre-commit", "post-index-change", "reference-transaction", "post-merge"];
    fs::create_dir_all(world.folder().join(".git/hooks")).unwrap();
    for hook in hooks {
        fs::copy(evil, world.folder().join(".git/hooks").join(hook)).unwrap();
    }
    for folder in [world.folder(), inner, world.folder().join("new")] {
        for setting in [
            "core.fsmonitor",
            "core.sshCommand",
            "core.pager",
            "core.editor",
            "core.alternateRefsCommand",
            "diff.external",
            "diff.evil.textconv",
            "diff.evil.command",
            "filter.evil.clean",
            "filter.evil.smudge",
            "filter.evil.process",
            "merge.evil.driver",
            "uploadpack.packObjectsHook",
            "gpg.program",
            "remote.origin.uploadpack",
            "credential.helper",
        ] {
            git(&folder, &["config", setting, evil]);
        }
        git(&folder, &["config", "core.hooksPath", ".git/hooks"]);
        git(&folder, &["config", "commit.gpgSign", "true"]);
        let _ = fs::remove_file(&mark);
    }
    for name in ["a.txt", "b/c.txt", "new.txt", "run.sh"] {
        world.write(name, "changed\n");
    }
    let _ = fs::remove_file(&mark);
    for content in [world.committed(), world.working_tree()] {
        content.left_out().unwrap();
        for event in [Event::Push, Event::PullRequest] {
            world.lay_for(&content, &Build::new(event), 0).unwrap();
        }
    }
    assert!(!mark.exists(), "{}", fs::read_to_string(&mark).unwrap_or_default());
    // The trap does catch something: `git status` walks into it.
    world.git(&["status"]);
    assert!(mark.exists());
}

#[test]
fn a_watcher_that_overlooks_changes_is_not_believed() {
    let world = World::new();
    let watcher = world.home.path().join("watcher");
    fs::write(&watcher, "#!/bin/sh\nprintf 'token\\0'\n").unwrap();
    fs::set_permissions(&watcher, fs::Permissions::from_mode(0o755)).unwrap();
    world.git(&["config", "core.fsmonitor", watcher.to_str().unwrap()]);
    world.git(&["status"]);
    world.write("a.txt", "changed\n");
    assert_eq!(world.git(&["status", "--porcelain"]), "", "it overlooks the change");
    assert_eq!(omitted(&world.committed()), [("a.txt".to_owned(), Reason::Changed)]);
    assert_eq!(fs::read(world.lay(&world.working_tree()).join("a.txt")).unwrap(), b"changed\n");
}

#[test]
fn a_partial_clone_is_laid_as_far_as_it_goes() {
    let world = World::new();
    world.write("a.txt", "two\n");
    world.commit("second");
    world.git(&["config", "uploadpack.allowFilter", "true"]);
    let folder = world.home.path().join("partial");
    let url = format!("file://{}", world.folder().display());
    world.git(&["clone", "-q", "--filter=blob:none", &url, folder.to_str().unwrap()]);
    let content = Content::committed(&folder, &world.scratch()).unwrap();
    let (workspace, _) = world.lay_for(&content, &Build::new(Event::Push), 1).unwrap();
    is_clean(&workspace);
    let trouble = world.lay_for(&content, &Build::new(Event::Push), 0).unwrap_err();
    assert!(trouble.message.contains("partial clone"), "{trouble}");
    // The advice helps.
    git(&folder, &["fetch", "-q", "--refetch", "--filter=blob:limit=1g"]);
    let content = Content::committed(&folder, &world.scratch()).unwrap();
    is_clean(&world.lay(&content));
}

#[test]
fn a_repository_cannot_name_another_working_tree() {
    let world = World::new();
    fs::write(world.home.path().join("secret"), "x").unwrap();
    world.git(&["config", "core.worktree", world.home.path().to_str().unwrap()]);
    let workspace = world.lay(&world.working_tree());
    assert_eq!(names(&workspace), ["a.txt", "b/c.txt", "run.sh"]);
}

#[test]
fn strange_names_and_links_arrive_as_they_are() {
    let world = World::new();
    let strange: Vec<OsString> = [
        &b"with space"[..],
        b"new\nline",
        b"-rf",
        b"--",
        b"caf\xe9",
        b"tab\t\"quoted\"",
        b":(glob)*",
        b"\\",
        b"*",
    ]
    .map(|it| OsString::from_vec(it.to_vec()))
    .into();
    for name in &strange {
        world.write(name, "x\n");
    }
    fs::write(world.home.path().join("outside"), "secret").unwrap();
    symlink("../outside", world.folder().join("link")).unwrap();
    symlink("/etc", world.folder().join("folder-link")).unwrap();
    symlink("nowhere", world.folder().join("dead")).unwrap();
    let check = |content: &Content| {
        let workspace = world.lay(content);
        assert_eq!(git(&workspace, &["diff-files"]), "");
        let found = files(&workspace);
        assert!(strange.iter().all(|it| found[it] == b"x\n"));
        assert_eq!(fs::read_link(workspace.join("link")).unwrap(), Path::new("../outside"));
        assert_eq!(fs::read_link(workspace.join("folder-link")).unwrap(), Path::new("/etc"));
        assert_eq!(fs::read_link(workspace.join("dead")).unwrap(), Path::new("nowhere"));
        assert_eq!(found.len(), 3 + strange.len() + 3);
        is_clean(&workspace);
    };
    let content = world.committed();
    let left_out = content.left_out().unwrap();
    assert!(left_out.omitted.iter().any(|it| it.path == "new\\nline"), "{left_out:?}");
    check(&world.working_tree());
    world.commit("strange");
    check(&world.committed());
}

#[test]
fn a_folder_that_became_a_link_out_of_the_repository_is_a_link() {
    let world = World::new();
    let outside = world.home.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("c.txt"), "secret").unwrap();
    fs::remove_dir_all(world.folder().join("b")).unwrap();
    symlink(&outside, world.folder().join("b")).unwrap();
    let workspace = world.lay(&world.working_tree());
    assert_eq!(fs::read_link(workspace.join("b")).unwrap(), outside);
    is_clean(&workspace);
}

#[test]
fn depth_is_as_written() {
    let world = World::new();
    for number in 0..4 {
        world.write("a.txt", &number.to_string());
        world.commit("more");
    }
    let content = world.committed();
    for (depth, count) in [(0, "5"), (1, "1"), (3, "3"), (99, "5"), (-1, "5")] {
        let (workspace, log) = world.lay_for(&content, &Build::new(Event::Push), depth).unwrap();
        assert_eq!(git(&workspace, &["rev-list", "--count", "HEAD"]), count, "depth {depth}");
        assert_eq!(log.contains(&format!("--depth={depth} ")), depth > 0);
        is_clean(&workspace);
    }
}

#[test]
fn the_branch_of_the_build_is_checked_out_by_name_and_a_tag_is_not() {
    let world = World::new();
    world.git(&["tag", "v1.0.0"]);
    let content = world.committed();
    let on = |build: &Build| {
        let (workspace, log) = world.lay_for(&content, build, 0).unwrap();
        is_clean(&workspace);
        assert_eq!(git(&workspace, &["rev-parse", "HEAD"]), content.commit());
        assert_eq!(git(&workspace, &["tag"]), "");
        (git(&workspace, &["branch", "--show-current"]), log)
    };
    assert_eq!(on(&Build::new(Event::Push).with_branch("release/1")).0, "release/1");
    let (branch, log) = on(&Build::new(Event::Tag));
    assert_eq!(branch, "");
    assert!(log.contains("+ git fetch origin +refs/tags/v1.0.0:\n+ git checkout -qf FETCH_HEAD\n"), "{log}");
    assert_eq!(on(&Build::new(Event::Promote).with_branch("")).0, "");
    for name in ["-x", "a..b", "x\n+ git push"] {
        let (branch, log) = on(&Build::new(Event::Push).with_branch(name));
        assert_eq!(branch, "");
        assert!(log.contains("no name that git allows"), "{log}");
        assert_eq!(log.lines().count(), 4, "{log}");
    }
}

#[test]
fn a_pull_request_is_merged_into_its_base() {
    let world = World::new();
    world.git(&["checkout", "-q", "-b", "feature/x"]);
    world.write("feature.txt", "x\n");
    let head = world.commit("feature");
    world.git(&["checkout", "-q", "main"]);
    world.write("main.txt", "x\n");
    let base = world.commit("on main");
    world.git(&["checkout", "-q", "feature/x"]);
    let content = world.committed();
    let (workspace, log) = world.lay_for(&content, &Build::new(Event::PullRequest), 0).unwrap();
    assert_eq!(names(&workspace), ["a.txt", "b/c.txt", "feature.txt", "main.txt", "run.sh"]);
    assert_eq!(git(&workspace, &["branch", "--show-current"]), "main");
    assert_eq!(git(&workspace, &["log", "-1", "--format=%P %an"]), format!("{base} {head} Octo Cat"));
    assert!(log.ends_with(&format!("+ git fetch origin refs/pull/1/head:\n+ git merge {head}\n")), "{log}");
    is_clean(&workspace);
    // A base that only the remote is known to have.
    world.git(&["update-ref", "refs/remotes/origin/next", &base]);
    let build = Build::new(Event::PullRequest).with_branch("next");
    let (workspace, _) = world.lay_for(&content, &build, 0).unwrap();
    assert!(workspace.join("main.txt").exists());
    // None.
    let build = Build::new(Event::PullRequest).with_branch("elsewhere");
    let (workspace, log) = world.lay_for(&content, &build, 0).unwrap();
    assert!(log.contains("There is no branch elsewhere in this repository to merge into"), "{log}");
    assert_eq!(git(&workspace, &["rev-parse", "HEAD"]), head);
}

#[test]
fn a_pull_request_that_cannot_be_merged_says_so() {
    let world = World::new();
    world.git(&["checkout", "-q", "-b", "feature/x"]);
    world.write("a.txt", "feature\n");
    world.commit("feature");
    world.git(&["checkout", "-q", "main"]);
    world.write("a.txt", "main\n");
    world.commit("on main");
    world.git(&["checkout", "-q", "feature/x"]);
    let content = world.committed();
    let conflict = world.lay_for(&content, &Build::new(Event::PullRequest), 0).unwrap_err();
    assert_eq!(conflict.message, "the pull request cannot be merged into main: the two are in conflict");
    let shallow = world.lay_for(&content, &Build::new(Event::PullRequest), 1).unwrap_err();
    assert!(shallow.help.contains("`depth`"), "{shallow:?}");
}

#[test]
fn files_in_memory_become_what_git_add_takes() {
    let world = World::empty();
    let files = |list: &[(&str, &str)]| -> Files {
        list.iter().map(|it| (it.0.to_owned(), it.1.as_bytes().to_vec())).collect()
    };
    let all = files(&[
        (".drone.yml", "kind: pipeline\n"),
        (".gitignore", "*.log\n"),
        ("a/b.txt", "x"),
        ("x.log", "x"),
    ]);
    let content = Content::of_files(&all, &world.scratch()).unwrap();
    let again = Content::of_files(&all, &world.scratch()).unwrap();
    assert_eq!(content.commit(), again.commit());
    let workspace = world.lay(&content);
    assert_eq!(names(&workspace), [".drone.yml", ".gitignore", "a/b.txt"]);
    is_clean(&workspace);
    assert_eq!(git(&workspace, &["rev-list", "--count", "HEAD"]), "1");
    assert_eq!(content.manifest(Path::new(".drone.yml")).unwrap(), b"kind: pipeline\n");
    assert_eq!(omitted(&content), [("x.log".to_owned(), Reason::Ignored)]);
    for name in ["../x", "/x", "a/../../x", ".git/config", "a/.GIT/hooks/x", ""] {
        assert!(Content::of_files(&files(&[(name, "x")]), &world.scratch()).is_err(), "{name}");
    }
    let none = Content::of_files(&Files::new(), &world.scratch()).unwrap();
    assert_eq!(names(&world.lay(&none)), [""; 0]);
}

#[test]
fn a_folder_without_git_is_taken_with_a_note() {
    let world = World::empty();
    world.write(".gitignore", "out\n");
    world.write("a.txt", "x\n");
    world.write("out/x", "x\n");
    let before = everything(&world.folder());
    for content in [world.committed(), world.working_tree()] {
        assert_eq!(names(&world.lay(&content)), [".gitignore", "a.txt"]);
        assert!(notes(&content).contains("no git repository"), "{}", notes(&content));
        assert_eq!(content.root(), Some(world.folder().canonicalize().unwrap().as_path()));
    }
    assert!(before == everything(&world.folder()));
}

#[test]
fn what_is_not_there_yet_is_said_with_what_to_do() {
    let world = World::empty();
    world.git(&["init", "-q", "-b", "main"]);
    let empty = Content::committed(&world.folder(), &world.scratch()).unwrap_err();
    assert!(empty.message.starts_with("there is no commit yet"), "{empty}");
    assert!(empty.help.contains("--working-tree"), "{empty:?}");
    world.write("a.txt", "x\n");
    assert_eq!(names(&world.lay(&world.working_tree())), ["a.txt"]);
    world.commit("first");
    world.write(".drone.yml", "kind: pipeline\n");
    let missing = world.committed().manifest(Path::new(".drone.yml")).unwrap_err();
    assert!(missing.message.starts_with(".drone.yml is not committed"), "{missing}");
    assert!(missing.help.contains("--working-tree"), "{missing:?}");
    let elsewhere = world.committed().manifest(&world.home.path().join("x.yml")).unwrap_err();
    assert!(elsewhere.message.ends_with("x.yml is not in the folder that is run"), "{elsewhere}");
    let absolute = world.folder().join(".drone.yml");
    assert_eq!(world.working_tree().manifest(&absolute).unwrap(), b"kind: pipeline\n");
    let nowhere = world.working_tree().manifest(Path::new("other.yml")).unwrap_err();
    assert!(nowhere.message.starts_with("there is no other.yml"), "{nowhere}");
    assert!(Content::committed(Path::new("/nowhere/at/all"), &world.scratch()).is_err());
}

#[test]
fn every_kind_of_repository_can_be_laid() {
    let world = World::new();
    world.write("a.txt", "two\n");
    let head = world.commit("second");
    let home = world.home.path();
    let at = |name: &str| home.join(name).to_str().unwrap().to_owned();
    world.git(&["clone", "-q", "--bare", ".", &at("bare.git")]);
    world.git(&[
        "clone",
        "-q",
        "--depth",
        "1",
        &format!("file://{}", world.folder().display()),
        &at("shallow"),
    ]);
    world.git(&["worktree", "add", "-q", "--detach", &at("worktree")]);
    world.git(&["clone", "-q", "--shared", ".", &at("shared")]);
    fs::create_dir(home.join("new\nline")).unwrap();
    world.git(&["clone", "-q", ".", &at("new\nline/%41 x")]);
    git(&home.join("new\nline/%41 x"), &["pack-refs", "--all"]);
    world.git(&["clone", "-q", ".", &at("split")]);
    git(&home.join("split"), &["update-index", "--split-index"]);
    world.git(&["clone", "-q", ".", &at("cached")]);
    git(&home.join("cached"), &["update-index", "--untracked-cache"]);
    git(&home.join("cached"), &["status"]);
    for name in ["bare.git", "shallow", "worktree", "shared", "new\nline/%41 x", "split", "cached"] {
        let folder = home.join(name);
        let content = Content::committed(&folder, &world.scratch()).unwrap();
        assert_eq!(content.commit(), head, "{name}");
        assert_eq!(content.branch().is_none(), name == "worktree");
        for depth in [0, 1] {
            let (workspace, _) = world.lay_for(&content, &Build::new(Event::Push), depth).unwrap();
            assert_eq!(names(&workspace), ["a.txt", "b/c.txt", "run.sh"]);
            is_clean(&workspace);
            assert_eq!(git(&workspace, &["fsck"]), "", "{name}");
        }
        assert_eq!(notes(&content).contains("only its last commits"), name == "shallow");
        if name == "bare.git" {
            assert!(Content::working_tree(&folder, &world.scratch()).is_err());
            continue;
        }
        fs::write(folder.join("new.txt"), "x").unwrap();
        fs::remove_file(folder.join("run.sh")).unwrap();
        let content = Content::working_tree(&folder.join("b"), &world.scratch()).unwrap();
        assert_eq!(names(&world.lay(&content)), ["a.txt", "b/c.txt", "new.txt"], "{name}");
    }
}

#[test]
fn a_repository_with_sha256_stays_one() {
    let world = World::empty();
    world.git(&["init", "-q", "-b", "main", "--object-format=sha256"]);
    world.write("a.txt", "x\n");
    let head = world.commit("first");
    assert_eq!(head.len(), 64);
    world.write("b.txt", "x\n");
    let workspace = world.lay(&world.committed());
    assert_eq!(git(&workspace, &["rev-parse", "HEAD"]), head);
    is_clean(&workspace);
    assert_eq!(names(&world.lay(&world.working_tree())), ["a.txt", "b.txt"]);
}

#[test]
fn a_repository_of_somebody_else_can_be_laid() {
    let world = World::new();
    let chown = Command::new("chown").arg("-R").arg("65534").arg(world.folder()).output();
    if !chown.is_ok_and(|it| it.status.success()) {
        eprintln!("skipped: only root can give files away");
        return;
    }
    world.write("new.txt", "x");
    is_clean(&world.lay(&world.committed()));
    assert_eq!(names(&world.lay(&world.working_tree())), ["a.txt", "b/c.txt", "new.txt", "run.sh"]);
}

#[test]
fn submodules_and_large_file_storage_are_not_fetched_and_that_is_said() {
    let world = World::new();
    let other = World::new();
    world.git(&["submodule", "--quiet", "add", other.folder().to_str().unwrap(), "libs/other"]);
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n";
    world.write("assets/big.bin", pointer);
    world.write("assets/.gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    world.commit("submodule");
    // As the filter leaves it: git has noted the size and the time of what is in the folder.
    world.write("assets/big.bin", "what the filter made of it");
    world.git(&["config", "filter.lfs.clean", &format!("printf '{}'", pointer.replace('\n', "\\n"))]);
    world.git(&["add", "assets/big.bin"]);
    assert!(world.git(&["status", "--porcelain"]).is_empty());
    for content in [world.committed(), world.working_tree()] {
        assert_eq!(omitted(&content), []);
    }
    world.write("assets/big.bin", "what a person made of it");
    assert_eq!(omitted(&world.committed()), [("assets/big.bin".to_owned(), Reason::Filtered("lfs".into()))]);
    world.write("libs/other/a.txt", "changed in the submodule");
    let content = world.working_tree();
    let workspace = world.lay(&content);
    assert_eq!(fs::read_dir(workspace.join("libs/other")).unwrap().count(), 0);
    assert_eq!(fs::read_to_string(workspace.join("assets/big.bin")).unwrap(), pointer);
    is_clean(&workspace);
    assert_eq!(omitted(&content), [("assets/big.bin".to_owned(), Reason::Filtered("lfs".into()))]);
    let notes = notes(&content);
    assert!(notes.contains("libs/other is a submodule") && notes.contains("Git LFS"), "{notes}");
}

#[test]
fn what_is_untracked_and_cannot_be_taken_is_told() {
    let world = World::new();
    fs::create_dir(world.folder().join("nested")).unwrap();
    git(&world.folder().join("nested"), &["init", "-q"]);
    fs::write(world.folder().join("nested/file"), "x").unwrap();
    world.write("closed.txt", "x");
    fs::set_permissions(world.folder().join("closed.txt"), fs::Permissions::from_mode(0o000)).unwrap();
    let root = fs::read(world.folder().join("closed.txt")).is_ok();
    let content = world.working_tree();
    let found = omitted(&content);
    assert!(found.contains(&("nested/".to_owned(), Reason::Repository)), "{found:?}");
    assert_eq!(found.contains(&("closed.txt".to_owned(), Reason::Unreadable)), !root);
    is_clean(&world.lay(&content));
}

#[test]
fn a_long_list_is_cut() {
    let world = World::new();
    for number in 0..30 {
        world.write(format!("{number}.txt"), "x");
    }
    let left_out = world.committed().left_out().unwrap();
    assert_eq!((left_out.omitted.len(), left_out.more), (20, 10));
    assert_eq!(left_out.lines().last().unwrap(), "and 10 more");
}

#[test]
fn a_conflict_is_taken_as_it_stands_in_the_folder() {
    let world = World::new();
    world.git(&["checkout", "-q", "-b", "other"]);
    world.write("a.txt", "other\n");
    fs::remove_file(world.folder().join("b/c.txt")).unwrap();
    world.commit("other");
    world.git(&["checkout", "-q", "main"]);
    world.write("a.txt", "main\n");
    world.write("b/c.txt", "main\n");
    world.commit("main");
    let merged = Command::new("git")
        .arg("-C")
        .arg(world.folder())
        .args(["-c", "user.name=a", "-c", "user.email=a"])
        .args(["merge", "other"])
        .output();
    assert!(!merged.unwrap().status.success());
    fs::remove_file(world.folder().join("b/c.txt")).unwrap();
    let workspace = world.lay(&world.working_tree());
    assert_eq!(names(&workspace), ["a.txt", "run.sh"]);
    assert!(fs::read_to_string(workspace.join("a.txt")).unwrap().contains("<<<<<<<"));
    is_clean(&workspace);
}

#[test]
fn line_ends_that_only_the_users_settings_explain_are_no_change() {
    let world = World::new();
    world.git(&["config", "core.autocrlf", "true"]);
    fs::remove_file(world.folder().join("a.txt")).unwrap();
    world.git(&["checkout", "--", "a.txt"]);
    assert_eq!(fs::read(world.folder().join("a.txt")).unwrap(), b"one\r\n");
    let content = world.working_tree();
    assert_eq!(content.commit(), world.git(&["rev-parse", "HEAD"]));
    assert_eq!(fs::read(world.lay(&content).join("a.txt")).unwrap(), b"one\n");
}

#[test]
fn workspaces_are_laid_from_many_threads_and_share_nothing() {
    let world = World::new();
    let content = world.committed();
    let laid: Vec<PathBuf> = std::thread::scope(|scope| {
        let lay = || world.lay(&content);
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(lay)).collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    });
    // A step may do what it wants to its own copy, also to git's objects.
    let mut spoiled = 0;
    for path in everything(&laid[0]).into_keys().map(|it| laid[0].join(it)).filter(|it| it.is_file()) {
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        fs::write(&path, "spoiled").unwrap();
        spoiled += 1;
    }
    assert!(spoiled > 6);
    for workspace in &laid[1..] {
        is_clean(workspace);
        assert_eq!(git(workspace, &["fsck"]), "");
    }
    is_clean(&world.lay(&content));
    assert_eq!(world.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_workspace_that_holds_something_is_refused() {
    let world = World::new();
    let target = world.scratch();
    fs::write(target.join("x"), "").unwrap();
    let trouble =
        world.committed().lay(&target, &Build::new(Event::Push), &CloneOptions::default(), &mut Vec::new());
    assert!(trouble.unwrap_err().message.ends_with("is not empty"));
}

#[test]
fn a_change_of_the_same_size_in_the_same_second_is_seen() {
    let world = World::new();
    let workspace = world.lay(&world.committed());
    fs::write(workspace.join("a.txt"), "eno\n").unwrap();
    assert_eq!(git(&workspace, &["status", "--porcelain"]), " M a.txt");
    // The same in the user's folder, right after a commit.
    world.write("a.txt", "1\n");
    world.commit("second");
    world.write("a.txt", "2\n");
    // A copy of the index that is younger than the index would be believed now.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(omitted(&world.committed()), [("a.txt".to_owned(), Reason::Changed)]);
    assert_eq!(fs::read(world.lay(&world.working_tree()).join("a.txt")).unwrap(), b"2\n");
}

#[test]
fn variables_of_the_caller_do_not_count() {
    // The test of this name below, in a process that has them.
    let world = World::new();
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_workspace_holds_exactly_the_last_commit", "-q"])
        .env("GIT_DIR", world.home.path())
        .env("GIT_INDEX_FILE", world.home.path().join("index"))
        .env("GIT_WORK_TREE", "/")
        .env("GIT_OBJECT_DIRECTORY", world.home.path())
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "core.bare")
        .env("GIT_CONFIG_VALUE_0", "true")
        .output()
        .unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stdout));
}

fn laid(world: &World) -> (Laid, PathBuf) {
    let target = world.scratch().join("src");
    let content = world.committed();
    let laid =
        content.lay(&target, &Build::new(Event::Push), &CloneOptions::default(), &mut Vec::new()).unwrap();
    // Comparing needs the first workspace only, and that stays with the run's folder.
    drop(content);
    (laid, target)
}

#[test]
fn what_steps_made_changed_and_deleted_is_told() {
    let world = World::new();
    world.write("data.bin", "\u{1b}[31m");
    world.write("big.txt", &"line\n".repeat(20_000));
    world.write("same.txt", "same\n");
    world.commit("more");
    symlink("a.txt", world.folder().join("link")).unwrap();
    world.commit("link");
    let (laid, target) = laid(&world);
    assert!(laid.differences().is_empty());
    fs::write(target.join("a.txt"), "one\nmore\n").unwrap();
    fs::write(target.join("same.txt"), "same\n").unwrap();
    fs::write(target.join("data.bin"), "\u{1b}[32m").unwrap();
    fs::write(target.join("big.txt"), "line\n".repeat(20_001)).unwrap();
    fs::remove_file(target.join("b/c.txt")).unwrap();
    fs::set_permissions(target.join("run.sh"), fs::Permissions::from_mode(0o644)).unwrap();
    fs::remove_file(target.join("link")).unwrap();
    symlink("/etc/passwd", target.join("link")).unwrap();
    fs::write(target.join("evil\u{1b}[2J"), "").unwrap();
    fs::create_dir_all(target.join("out/deep")).unwrap();
    fs::write(target.join("out/deep/report"), "green\n").unwrap();
    fs::create_dir_all(target.join("modules/x")).unwrap();
    for number in 0..20 {
        fs::write(target.join(format!("modules/x/{number}")), vec![0; 1000]).unwrap();
    }
    git(&target, &["commit", "-q", "--allow-empty", "-m", "git's own files do not count"]);
    let differences = laid.differences();
    assert_eq!(
        differences.render(),
        "~ a.txt  (4 B → 9 B)\n    @@ -1 +1,2 @@\n     one\n    +more\n- b/c.txt  (4 B)\n\
         ~ big.txt  (100.0 kB → 100.0 kB)\n~ data.bin  (5 B)\n+ evil\\u{1b}[2J  (0 B)\n~ link  (5 B → 11 B)\n\
         + modules/  (20 files, 20.0 kB)\n+ out/deep/report  (6 B)\n    @@ -0,0 +1 @@\n    +green\n\
         ~ run.sh  (can no longer be run)\n"
    );
    assert_eq!(differences.all[5].what, What::Changed { before: 5, after: 11 });
}

#[test]
fn without_a_clone_all_that_is_there_was_made() {
    let world = World::empty();
    fs::write(world.folder().join("x"), "x\n").unwrap();
    let differences = Laid::nothing(&world.folder()).differences();
    assert_eq!(differences.render(), "+ x  (2 B)\n    @@ -0,0 +1 @@\n    +x\n");
}

/// Not a test of right or wrong: `cargo test --test run_content -- --ignored --nocapture speed`.
#[test]
#[ignore = "it measures, and a busy machine is no fault"]
fn speed_of_the_second_workspace() {
    let world = World::new();
    for number in 0..1000 {
        let text = format!("a line of file {number}\n").repeat(number % 97 + 20);
        world.write(format!("d{}/f{number}.txt", number % 40), &text);
    }
    world.commit("many");
    // As the folder of runs is.
    spread(world.home.path());
    let content = world.committed();
    let first = Instant::now();
    world.lay(&content);
    eprintln!("first workspace: {:?}", first.elapsed());
    let url = format!("file://{}", world.folder().display());
    let (mut clones, mut copies) = (Vec::new(), Vec::new());
    for _ in 0..7 {
        let target = world.scratch().join("clone");
        let start = Instant::now();
        world.git(&["clone", "-q", "--depth", "1", &url, target.to_str().unwrap()]);
        clones.push(start.elapsed());
        let start = Instant::now();
        let workspace = world.lay(&content);
        copies.push(start.elapsed());
        let start = Instant::now();
        git(&workspace, &["status", "--porcelain"]);
        eprintln!(
            "git clone --depth 1: {:?}, copy: {:?}, git status there: {:?}",
            clones.last().unwrap(),
            copies.last().unwrap(),
            start.elapsed()
        );
    }
    clones.sort();
    copies.sort();
    let ratio = copies[3].as_secs_f64() / clones[3].as_secs_f64();
    eprintln!("medians: clone {:?}, copy {:?}, ratio {ratio:.3}", clones[3], copies[3]);
    assert!(ratio < 0.25, "{ratio}");
}
