//! A folder → where git keeps its files around it. Reads only, and believes no configuration.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::run::Trouble;

/// The places of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Where the files begin; `None` for a bare repository.
    pub(super) top: Option<PathBuf>,
    /// Where HEAD and the index are.
    pub(super) git: PathBuf,
    /// Where objects and refs are; another folder in a linked worktree.
    pub(super) common: PathBuf,
}

impl Place {
    /// The repository around a folder; `None` when there is none.
    ///
    /// The working tree is always the folder that holds `.git`: a repository cannot name another one, such as `/`.
    pub(super) fn around(folder: &Path) -> Result<Option<Self>, Trouble> {
        let folder = folder.canonicalize().map_err(|it| Trouble::with_path("be read", folder, &it))?;
        for top in folder.ancestors() {
            let found = git_folder(top)?;
            if let Some(git) = found.filter(|it| is_repository(it)) {
                return Ok(Some(Self::new(Some(top.to_owned()), git)));
            }
            if is_repository(top) {
                return Ok(Some(Self::new(None, top.to_owned())));
            }
        }
        Ok(None)
    }

    fn new(top: Option<PathBuf>, git: PathBuf) -> Self {
        let common = match pointer(&git.join("commondir")) {
            Some(path) => git.join(path),
            None => git.clone(),
        };
        Self { top, git, common }
    }
}

/// `.git`, or the folder that a file of this name names.
fn git_folder(top: &Path) -> Result<Option<PathBuf>, Trouble> {
    let path = top.join(".git");
    let Ok(data) = fs::metadata(&path) else { return Ok(None) };
    if data.is_dir() {
        return Ok(Some(path));
    }
    let named = data.is_file().then(|| pointer(&path)).flatten();
    let named =
        named.and_then(|it| it.strip_prefix("gitdir:").map(|it| top.join(it.trim_start_matches(' '))));
    match named {
        Some(git) if is_repository(&git) => Ok(Some(git)),
        _ => Err(Trouble::new(
            format!("the file {} does not name a repository", path.display()),
            "look at that file; `git worktree repair` or `git submodule update` may bring it in order",
        )),
    }
}

/// The text of a small file that holds a path.
fn pointer(path: &Path) -> Option<String> {
    let mut text = String::new();
    fs::File::open(path).ok()?.take(1 << 16).read_to_string(&mut text).ok()?;
    Some(text.trim_end_matches(['\n', '\r']).to_owned())
}

fn is_repository(folder: &Path) -> bool {
    let has = |name: &str| folder.join(name).exists();
    let head = folder.join("HEAD").symlink_metadata().is_ok();
    head && (has("commondir") || (has("objects") && has("refs")))
}
