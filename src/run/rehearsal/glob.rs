//! A pattern as a plugin reads it → paths in the workspace, sorted.

use std::path::{Path, PathBuf};

use crate::engine::plan::glob;
use crate::run::rehearsal::workspace::{Absent, What, Workspace};

/// How a plugin reads patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// As Go's own library does: `*`, `?` and `[…]`, each within one name.
    Plain,
    /// Also `**` for any folders, and `{a,b}`.
    Wild,
}

/// The paths that a pattern matches. None is no error here; one that leads out of the workspace is.
pub(super) fn find(workspace: &Workspace, pattern: &str, dialect: Dialect) -> Result<Vec<PathBuf>, Absent> {
    let inner = workspace.inner(pattern)?;
    let mut segments: Vec<String> = inner.iter().map(|it| spelled(&it.to_string_lossy(), dialect)).collect();
    segments.dedup_by(|a, b| a == "**" && b == "**");
    let mut search = Search { workspace, dialect, found: Vec::new(), looks: MOST_LOOKS };
    search.walk(Path::new(""), &segments)?;
    search.found.sort();
    search.found.dedup();
    Ok(search.found)
}

/// A pattern may not cost more looks at names than this.
const MOST_LOOKS: usize = 1_000_000;

struct Search<'w> {
    workspace: &'w Workspace,
    dialect: Dialect,
    found: Vec<PathBuf>,
    looks: usize,
}

impl Search<'_> {
    fn walk(&mut self, folder: &Path, segments: &[String]) -> Result<(), Absent> {
        let Some((first, rest)) = segments.split_first() else { return Ok(()) };
        let deep = self.dialect == Dialect::Wild && first == "**";
        if deep {
            self.walk(folder, rest)?;
        } else if !first.contains(['*', '?', '[', '{', '\\']) {
            return self.step_into(folder.join(first), rest);
        }
        let names = match self.workspace.names(folder) {
            Ok(names) => names,
            Err(Absent::Missing) => return Ok(()),
            Err(why) => return Err(why),
        };
        for name in names {
            self.looks = self.looks.checked_sub(1).ok_or_else(too_many)?;
            if deep {
                self.look(folder.join(name), segments, rest.is_empty())?;
            } else if glob::matches(first, &name) {
                self.look(folder.join(name), rest, rest.is_empty())?;
            }
        }
        Ok(())
    }

    /// A name that is written out is looked at even when its folder cannot be listed.
    fn step_into(&mut self, path: PathBuf, rest: &[String]) -> Result<(), Absent> {
        match self.workspace.what(&path) {
            Ok(_) if rest.is_empty() => self.found.push(path),
            Ok(What::Folder) => self.walk(&path, rest)?,
            Ok(What::File) | Err(Absent::Missing) => {}
            Err(why) => return Err(why),
        }
        Ok(())
    }

    /// Looks at what fits so far. `next` is what a folder still has to fit.
    fn look(&mut self, path: PathBuf, next: &[String], last: bool) -> Result<(), Absent> {
        match self.workspace.what(&path) {
            Err(Absent::Missing) => {}
            Err(why) => return Err(named(self.workspace, &path, why)),
            Ok(What::Folder) if !next.is_empty() => {
                // Folders in folders are not looked for through links: they could go round in a circle.
                if next[0] != "**" || !self.workspace.is_link(&path) {
                    self.walk(&path, next)?;
                }
            }
            Ok(_) if last => self.found.push(path),
            Ok(_) => {}
        }
        Ok(())
    }
}

fn too_many() -> Absent {
    Absent::Unusable("fits too many files to look at".into())
}

/// A pattern finds many: the one that cannot be used has to be named.
fn named(workspace: &Workspace, path: &Path, why: Absent) -> Absent {
    match why {
        Absent::Missing => Absent::Missing,
        Absent::Unusable(why) => Absent::Unusable(format!("finds `{}`, which {why}", workspace.shown(path))),
    }
}

/// The pattern as our own library reads it: braces mean themselves where the plugin knows none.
fn spelled(segment: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Wild => segment.to_owned(),
        Dialect::Plain => segment.replace('{', "\\{").replace('}', "\\}"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn found(pattern: &str, dialect: Dialect) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for path in ["dist/a.whl", "dist/b.tar.gz", "dist/sub/c.whl", "dist/.hidden", "{x}", "top.txt"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let workspace = Workspace::new(folder.path(), "/drone/src", None).unwrap();
        let paths = find(&workspace, pattern, dialect).unwrap();
        paths.iter().map(|it| it.display().to_string()).collect()
    }

    #[test]
    fn patterns_find_what_the_plugins_find() {
        use Dialect::{Plain, Wild};
        assert_eq!(found("dist/*", Plain), ["dist/.hidden", "dist/a.whl", "dist/b.tar.gz", "dist/sub"]);
        assert_eq!(found("./dist/*.whl", Plain), ["dist/a.whl"]);
        assert_eq!(found("*/[ab].*", Plain), ["dist/a.whl", "dist/b.tar.gz"]);
        assert_eq!(found("dist/**", Plain), found("dist/*", Plain));
        assert_eq!(found("{x}", Plain), ["{x}"]);
        assert_eq!(found("/drone/src/top.txt", Plain), ["top.txt"]);
        assert_eq!(found("dist/none*", Plain), Vec::<String>::new());
        assert_eq!(found("dist/**/*.whl", Wild), ["dist/a.whl", "dist/sub/c.whl"]);
        assert_eq!(found("dist/{a,c}.whl", Wild), ["dist/a.whl"]);
        assert_eq!(found("dist/sub/**", Wild), ["dist/sub/c.whl"]);
    }

    #[test]
    fn a_pattern_that_climbs_out_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::new(folder.path(), "/drone/src", None).unwrap();
        assert!(find(&workspace, "../*", Dialect::Plain).is_err());
        assert!(find(&workspace, "/etc/*", Dialect::Plain).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_among_the_found_that_leads_out_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("x.txt")).unwrap();
        let workspace = Workspace::new(folder.path(), "/drone/src", None).unwrap();
        let Err(Absent::Unusable(why)) = find(&workspace, "*.txt", Dialect::Plain) else { panic!("refused") };
        assert_eq!(why, "finds `x.txt`, which is a link that leads out of the workspace");
    }
}
