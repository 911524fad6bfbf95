//! A folder → the paths of its files, in order, and what could not be looked at. It goes through no symbolic link, not
//! into what tools have put there, and stops at limits, so that no folder keeps it busy.

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::path::Path;

/// Deeper folders hold no manifest that a pipeline could be about. A folder that holds one folder and nothing else counts
/// as none: `org/example/app` is one name.
const DEEPEST: usize = 6;
/// Such chains end, too.
const LONGEST: usize = 30;
/// More files are not looked at; the first ones are the ones near the root.
pub(crate) const MOST: usize = 25_000;

/// Folders that tools make. What is in there is never the project.
const SKIPPED: [&str; 34] = [
    ".bundle",
    ".cache",
    ".eggs",
    ".git",
    ".gradle",
    ".hg",
    ".idea",
    ".mypy_cache",
    ".next",
    ".nox",
    ".nuxt",
    ".pytest_cache",
    ".ruff_cache",
    ".svn",
    ".terraform",
    ".tox",
    ".venv",
    ".vscode",
    ".yarn",
    "__pycache__",
    "_build",
    "bower_components",
    "build",
    "deps",
    "dist",
    "env",
    "htmlcov",
    "node_modules",
    "obj",
    "site-packages",
    "target",
    "vendor",
    "venv",
    "virtualenv",
];

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// Paths from the folder, with `/`, sorted.
    pub(crate) files: Vec<String>,
    /// What could not be looked at, in words.
    pub(crate) notes: Vec<String>,
}

/// Looks through the folder, the folders near its root first.
pub(crate) fn walk(root: &Path) -> Walked {
    let mut walked = Walked::default();
    let ignored = ignored(root);
    let mut waiting = VecDeque::from([(String::new(), 0)]);
    while let Some((folder, depth)) = waiting.pop_front() {
        let entries = match fs::read_dir(root.join(&folder)) {
            Ok(entries) => entries,
            Err(error) => {
                walked.notes.push(format!("`{folder}` cannot be read ({}), and is left out", plain(&error)));
                continue;
            }
        };
        let (before, waited) = (walked.files.len(), waiting.len());
        for entry in entries.flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                let shown = entry.file_name().to_string_lossy().escape_debug().to_string();
                walked.notes.push(format!("`{shown}` has a name that is not UTF-8, and is left out"));
                continue;
            };
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            if ignored.contains(&name) || ignored.contains(&format!("/{path}")) {
                continue;
            }
            if kind.is_file() {
                walked.files.push(path);
            } else if kind.is_dir() && depth < DEEPEST && enters(root, &path, &name) {
                waiting.push_back((path, depth + 1));
            }
        }
        if walked.files.len() == before
            && waiting.len() == waited + 1
            && let Some(only) = waiting.back_mut().filter(|it| it.0.matches('/').count() < LONGEST)
        {
            only.1 = depth;
        }
        if walked.files.len() > MOST {
            walked
                .notes
                .push(format!("there are more than {MOST} files: only those near the root are looked at"));
            break;
        }
    }
    walked.files.sort_unstable();
    walked
}

fn enters(root: &Path, path: &str, name: &str) -> bool {
    // A virtual environment may have any name; this file gives it away.
    !SKIPPED.contains(&name) && !name.ends_with(".egg-info") && !root.join(path).join("pyvenv.cfg").exists()
}

/// What `.gitignore` names without patterns: such a file is not in the clone that a build starts from.
fn ignored(root: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
    let plain = |line: &str| {
        let line = line.trim().trim_end_matches('/');
        let special = line.is_empty() || line.starts_with(['#', '!']) || line.contains(['*', '?', '[', '\\']);
        let anchored = line.trim_start_matches('/').contains('/') && !line.starts_with('/');
        (!special).then(|| if anchored { format!("/{line}") } else { line.to_owned() })
    };
    text.lines().filter_map(plain).collect()
}

fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied => "permission is denied".into(),
        _ => error.to_string(),
    }
}
