//! For tests of `ciworkshop run`: projects under git, and the machines that are here.
#![allow(clippy::print_stderr, reason = "what is skipped is said")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::support::program;

/// A project under git, and the cache of the program: both go away with it.
pub struct Project {
    folder: TempDir,
    cache: TempDir,
}

impl Project {
    /// All files are committed on the branch `main`.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap(), cache: tempfile::tempdir().unwrap() };
        project.git(&["init", "--quiet", "--initial-branch=main"]);
        project.write(files);
        project.git(&["add", "--all"]);
        project.git(&["commit", "--quiet", "--message=first"]);
        project
    }

    /// Writes files without committing them.
    pub fn write(&self, files: &[(&str, &str)]) {
        for (name, text) in files {
            let path = self.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    /// Git, with an identity.
    pub fn git(&self, arguments: &[&str]) {
        let identity =
            ["-c", "user.name=A Person", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
        let status =
            Command::new("git").current_dir(self.path()).args(identity).args(arguments).status().unwrap();
        assert!(status.success(), "git {arguments:?}");
    }

    /// The project's folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where the program keeps its things.
    pub fn cache(&self) -> &Path {
        self.cache.path()
    }

    /// `ciworkshop run`, on a machine.
    pub fn run(&self, machine: &str, arguments: &[&str]) -> Command {
        let mut command = program(self.path());
        command.env("CIWORKSHOP_CACHE", self.cache());
        command.args(["run", "--backend", machine, "--yes"]).args(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// The folders of runs that are still there.
    pub fn runs(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.cache().join("runs")) else { return Vec::new() };
        entries.map(|it| it.unwrap().path()).collect()
    }

    /// The processes that work in this project's folders of runs, or have them in their environment.
    pub fn processes(&self) -> Vec<String> {
        let mark = self.cache().to_str().unwrap().as_bytes().to_vec();
        let has = |bytes: &[u8]| bytes.windows(mark.len()).any(|it| it == mark);
        let all = fs::read_dir("/proc").unwrap().flatten().map(|it| it.path());
        let own = std::process::id().to_string();
        let found =
            all.filter(|it| it.file_name().is_some_and(|it| it.to_str() != Some(&own))).filter(|path| {
                let folder = fs::read_link(path.join("cwd")).unwrap_or_default();
                folder.starts_with(self.cache())
                    || fs::read(path.join("environ")).is_ok_and(|it| has(&it))
                    || fs::read(path.join("cmdline")).is_ok_and(|it| has(&it))
            });
        found
            .map(|it| {
                let words = fs::read_to_string(it.join("cmdline")).unwrap_or_default();
                format!("{} {}", it.display(), words.replace('\0', " "))
            })
            .collect()
    }
}

/// The machines that can be used here. Those that cannot are named, so that nobody takes them for tested; with
/// `CIWORKSHOP_TEST_ENGINE=required` they are a failure. `CIWORKSHOP_TEST_MACHINES=docker` leaves the others out.
pub fn machines() -> Vec<&'static str> {
    let required = std::env::var("CIWORKSHOP_TEST_ENGINE").is_ok_and(|it| it == "required");
    if std::env::var("CIWORKSHOP_TEST_MACHINES").is_ok_and(|it| it == "docker") {
        docker().unwrap_or_else(|why| panic!("docker: {why}"));
        return vec!["docker"];
    }
    let mut all = vec!["plain"];
    for (machine, why) in [("bubblewrap", bubblewrap()), ("docker", docker())] {
        match why {
            Ok(()) => all.push(machine),
            Err(why) => {
                assert!(!required, "{machine}: {why}");
                eprintln!("skipped: {machine}: {why}");
            }
        }
    }
    all
}

/// bubblewrap works here, or the reason why not.
pub fn bubblewrap() -> Result<(), String> {
    let tried = Command::new("bwrap").args(["--unshare-all", "--ro-bind", "/", "/", "true"]).output();
    match tried {
        Ok(it) if it.status.success() => Ok(()),
        Ok(it) => Err(String::from_utf8_lossy(&it.stderr).trim().to_owned()),
        Err(_) => Err("it is not installed".to_owned()),
    }
}

/// The image that the pipelines of the tests name.
pub const IMAGE: &str = "busybox:1.36";

/// An engine answers, and the image is there or can be made.
fn docker() -> Result<(), String> {
    let docker = |arguments: &[&str]| Command::new("docker").args(arguments).output();
    let answered = docker(&["version", "--format", "{{.Server.Version}}"]);
    if !answered.is_ok_and(|it| it.status.success()) {
        return Err("no engine answers".to_owned());
    }
    if docker(&["image", "inspect", IMAGE]).is_ok_and(|it| it.status.success()) {
        return Ok(());
    }
    let busybox = Path::new("/bin/busybox");
    if !busybox.exists() {
        return Err("busybox-static is missing, of which the image is made".to_owned());
    }
    make_image(busybox)
}

fn make_image(busybox: &Path) -> Result<(), String> {
    let root = tempfile::tempdir().unwrap();
    for folder in ["bin", "tmp", "root", "etc"] {
        fs::create_dir(root.path().join(folder)).unwrap();
    }
    fs::copy(busybox, root.path().join("bin/busybox")).unwrap();
    let listed = Command::new(busybox).arg("--list").output().unwrap();
    for applet in String::from_utf8_lossy(&listed.stdout).lines().filter(|it| *it != "busybox") {
        std::os::unix::fs::symlink("busybox", root.path().join("bin").join(applet)).unwrap();
    }
    let archive = root.path().with_extension("tar");
    let packed = Command::new("tar").arg("-C").arg(root.path()).arg("-cf").arg(&archive).arg(".").status();
    assert!(packed.unwrap().success());
    let imported = Command::new("docker").arg("import").arg(&archive).arg(IMAGE).output().unwrap();
    fs::remove_file(archive).unwrap();
    if imported.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&imported.stderr).into_owned())
    }
}
