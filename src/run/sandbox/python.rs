//! A Python of this machine → an environment without any of its packages but pip, laid out by hand: a few links and a
//! small file, so it costs a step nothing. What a step installs goes there, and is gone with it.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, process};

use crate::run::Trouble;
use crate::run::sandbox::stand_in::ask;

/// A Python that was found on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Python {
    /// The program itself; no link, no script that looks for one.
    program: PathBuf,
    /// Such as `3.11`.
    version: String,
    /// The folders of packages that belong to this machine.
    packages: Vec<PathBuf>,
    /// Our copy of pip and what belongs to it.
    pip: Option<PathBuf>,
}

/// Prints what [`Python`] holds, a line each.
const ABOUT: &str = "import os, site, sys
print(os.path.realpath(sys.executable))
print('%d.%d' % sys.version_info[:2])
for it in site.getsitepackages([sys.base_prefix]): print(it)";

/// Fills the folder that is its argument with pip, setuptools and wheel, as far as they can be had offline.
const COPY_PIP: &str = include_str!("copy_pip.py");

/// Takes this machine's own packages out of sight, where no sandbox does it. It is called while Python still looks for
/// them: a `sitecustomize` would be too late, because Debian's Python has one of its own that is found first. pip calls the
/// same function by the names of its parameters.
const HIDE_PACKAGES: &str = "import site, sys
own, usual = site.getsitepackages([sys.base_prefix]), site.addsitedir
def addsitedir(sitedir, known_paths=None):
    return known_paths if sitedir in own else usual(sitedir, known_paths)
site.addsitedir = addsitedir
";

/// Starts pip, which was elsewhere before 19.3; in the form that works however long the path of the Python is.
const PIP: &str = "#!/bin/sh
'''exec' \"$(dirname \"$0\")/python3\" \"$0\" \"$@\"
' '''
import sys
try:
    from pip._internal.cli.main import main
except ImportError:
    from pip._internal import main
sys.exit(main())
";

/// A link to the program itself, for what takes no environment for a Python, as `uv sync` does. An image has one in PATH,
/// too. It is not beside `pyvenv.cfg`, nor right below that, because then it would be the environment's.
pub(super) const ITSELF: &str = "lib/itself";

impl Python {
    /// Asks the program about itself, and copies pip when that was not done before.
    pub(super) fn of(program: &Path, variables: &BTreeMap<String, String>, cache: &Path) -> Option<Self> {
        let about = ask(program, &["-I", "-c", ABOUT], variables)?;
        let mut lines = about.lines();
        let mut python = Self {
            program: lines.next()?.into(),
            version: lines.next()?.to_owned(),
            packages: lines.map(PathBuf::from).collect(),
            pip: None,
        };
        python.pip = python.copy_of_pip(cache);
        Some(python)
    }

    /// What there is to be said about it in the line of the stand-in.
    pub(super) fn remark(&self) -> String {
        match self.pip {
            Some(_) => String::new(),
            None => "; there is no pip here (on Debian: apt-get install python3-venv)".to_owned(),
        }
    }

    /// Our copy of pip, on this machine.
    pub(super) fn pip(&self) -> Option<&Path> {
        self.pip.as_deref()
    }

    /// The folders of packages that no step may see, as far as they exist.
    pub(super) fn packages(&self) -> impl Iterator<Item = &Path> {
        self.packages.iter().map(PathBuf::as_path).filter(|it| it.is_dir())
    }

    fn copy_of_pip(&self, cache: &Path) -> Option<PathBuf> {
        let mut hasher = DefaultHasher::new();
        let changed = fs::metadata(&self.program).and_then(|it| it.modified()).ok();
        (&self.program, &self.version, changed, COPY_PIP).hash(&mut hasher);
        let copy = cache.join(format!("pip-{}-{:x}", self.version, hasher.finish()));
        if copy.join("pip").is_dir() {
            return Some(copy);
        }
        let new = cache.join(format!("pip-new-{}", process::id()));
        fs::create_dir_all(&new).ok()?;
        let mut command = Command::new(&self.program);
        command.args(["-I", "-c", COPY_PIP]).arg(&new).stdin(Stdio::null());
        let made = command.output().is_ok_and(|it| it.status.success()) && new.join("pip").is_dir();
        // Another run may have been first; both copies are alike.
        let kept = made && (fs::rename(&new, &copy).is_ok() || copy.join("pip").is_dir());
        let _ = fs::remove_dir_all(&new);
        kept.then_some(copy)
    }

    /// Lays the environment out in `local`, which the step sees as `seen_as`; pip it sees at `pip`.
    pub(super) fn lay(&self, local: &Path, pip: Option<&Path>) -> Result<(), Trouble> {
        self.try_lay(local, pip).map_err(|it| Trouble::with_path("be filled with a Python", local, &it))
    }

    fn try_lay(&self, local: &Path, pip: Option<&Path>) -> io::Result<()> {
        let bin = local.join("bin");
        let packages = local.join(format!("lib/python{}/site-packages", self.version));
        fs::create_dir_all(&packages)?;
        fs::create_dir_all(&bin)?;
        let home = self.program.parent().unwrap_or(Path::new("/")).display();
        let version = &self.version;
        // With `false`, `pip install --user` would be refused, which works in an image.
        let settings = format!("home = {home}\ninclude-system-site-packages = true\nversion = {version}\n");
        fs::write(local.join("pyvenv.cfg"), settings)?;
        // Beside the packages, so that it is not one of them.
        let hidden = local.join("lib/hidden");
        fs::create_dir_all(&hidden)?;
        fs::write(hidden.join("hide_packages.py"), HIDE_PACKAGES)?;
        fs::write(packages.join("hidden.pth"), "../../hidden\nimport hide_packages\n")?;
        link(&self.program, &bin.join("python3"))?;
        fs::create_dir_all(local.join(ITSELF))?;
        link(&self.program, &local.join(ITSELF).join(format!("python{version}")))?;
        for name in ["python".to_owned(), format!("python{}", self.version)] {
            link(Path::new("python3"), &bin.join(name))?;
        }
        let Some(pip) = pip else { return Ok(()) };
        fs::write(packages.join("pip.pth"), format!("{}\n", pip.display()))?;
        for name in ["pip".to_owned(), "pip3".to_owned(), format!("pip{}", self.version)] {
            write_program(&bin.join(name), PIP)?;
        }
        Ok(())
    }
}

/// A link, or a copy where there are none.
#[cfg(unix)]
pub(super) fn link(target: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

/// A link, or a copy where there are none.
#[cfg(not(unix))]
pub(super) fn link(target: &Path, at: &Path) -> io::Result<()> {
    let target = at.parent().unwrap_or(Path::new(".")).join(target);
    fs::copy(target, at.with_extension("exe")).map(|_| ())
}

/// Writes a file that can be run.
#[cfg(unix)]
pub(super) fn write_program(path: &Path, text: &str) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::write(path, text)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

/// Writes a file that can be run.
#[cfg(not(unix))]
pub(super) fn write_program(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)
}
