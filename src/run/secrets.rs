//! Where the values of secrets come from, and which of them a build lacks. The values are shown to nobody.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::engine::plan::{Cause, Plan, StepPlan};
use crate::engine::source::Span;
use crate::run::Trouble;
use crate::run::mask::Mask;

/// Values by name. Names are compared without regard to capitals, as the server does (§5.9).
#[derive(Default)]
pub struct Secrets {
    values: BTreeMap<String, String>,
    notes: Vec<String>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.values.keys()).finish()
    }
}

/// A secret that a step of the build would see, and that has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Its name.
    pub name: String,
    /// The step.
    pub step: String,
    /// Place of the name in the file.
    pub span: Span,
}

impl Secrets {
    /// Reads lines `NAME=VALUE`: `#` begins a comment line, `export` before a name is passed over, quotes around a value are
    /// taken off. In double quotes a value may go over several lines, and `\n`, `\"` and `\\` are understood.
    ///
    /// # Errors
    /// The file cannot be read, git tracks it, or a line is none of these.
    pub fn read_file(path: &Path) -> Result<Self, Trouble> {
        let bytes = std::fs::read(path).map_err(|it| Trouble::with_path("be read", path, &it))?;
        if is_tracked(path) {
            return Err(Trouble::new(
                format!(
                    "git tracks {}, so everybody who can read the repository can read the secrets",
                    path.display()
                ),
                "take it out with `git rm --cached`, name it in .gitignore, and replace the values: they stay in the history",
            ));
        }
        let text = String::from_utf8(bytes).map_err(|_| {
            Trouble::new(format!("{} is no UTF-8 text", path.display()), "write lines NAME=VALUE, in UTF-8")
        })?;
        let mut secrets = Self::default();
        for (name, value) in entries(&text, path)? {
            secrets.set(&name, &value);
        }
        if others_can_read(path) {
            secrets.notes.push(format!(
                "other users of this computer can read {}; only you can after: chmod 600 {}",
                path.display(),
                path.display()
            ));
        }
        Ok(secrets)
    }

    /// Sets a value.
    pub fn set(&mut self, name: &str, value: &str) {
        if value.chars().count() == 1 {
            self.notes
                .push(format!("the secret {name} is one character long; it cannot be masked in the output"));
        }
        self.values.insert(name.to_lowercase(), value.to_owned());
    }

    /// The value of a secret.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(&name.to_lowercase()).map(String::as_str)
    }

    /// What a person should know about them.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// A mask for all values. Drone masks those that a pipeline uses; a value that is given and not used has no business in a
    /// log either.
    #[must_use]
    pub fn mask(&self) -> Mask {
        Mask::of(self.values.values().map(String::as_str))
    }
}

/// The secrets without a value, of steps that may run in this build and may see them, each name and step once.
#[must_use]
pub fn missing(plan: &Plan, secrets: &Secrets) -> Vec<Missing> {
    let mut missing: Vec<Missing> = Vec::new();
    for step in plan.started().flat_map(|it| &it.steps).filter(|it| may_run(it)) {
        for used in step.secrets.iter().filter(|it| it.visible && secrets.get(&it.name).is_none()) {
            let one = Missing { name: used.name.clone(), step: step.name.clone(), span: used.span };
            if !missing.iter().any(|it| (&it.name, &it.step) == (&one.name, &one.step)) {
                missing.push(one);
            }
        }
    }
    missing
}

/// It runs, or would if things went wrong before.
fn may_run(step: &StepPlan) -> bool {
    !matches!(step.decision.reason().cause, Cause::Condition { .. } | Cause::Circle) || step.decision.runs()
}

fn entries(text: &str, path: &Path) -> Result<Vec<(String, String)>, Trouble> {
    let mut entries = Vec::new();
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").map_or(line, str::trim_start);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |what: &str| {
            Trouble::new(
                format!("{}:{}: {what}", path.display(), number + 1),
                "write NAME=VALUE; put a value of several lines in double quotes",
            )
        };
        let (name, value) = line.split_once('=').ok_or_else(|| wrong("there is no `=` in this line"))?;
        let (name, mut value) = (name.trim(), value.trim().to_owned());
        if name.is_empty() {
            return Err(wrong("there is no name before the `=`"));
        }
        while value.starts_with('"') && !is_closed(&value) {
            let (_, more) = lines.next().ok_or_else(|| wrong("the quote that begins here has no end"))?;
            value = value + "\n" + more;
        }
        entries.push((name.to_owned(), unquoted(&value)));
    }
    Ok(entries)
}

/// A double quote ends the value, and is not escaped.
fn is_closed(value: &str) -> bool {
    let inner = value[1..].trim_end();
    let Some(before) = inner.strip_suffix('"') else { return false };
    before.len() % 2 == before.trim_end_matches('\\').len() % 2
}

fn unquoted(value: &str) -> String {
    let value = value.trim_end();
    if let Some(inner) = value.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')) {
        return inner.to_owned();
    }
    let Some(inner) = value.strip_prefix('"').and_then(|it| it.strip_suffix('"')) else {
        return value.to_owned();
    };
    let mut plain = String::new();
    let mut characters = inner.chars();
    while let Some(it) = characters.next() {
        match (it, characters.clone().next()) {
            ('\\', Some('n')) => plain.push('\n'),
            ('\\', Some(next @ ('"' | '\\' | '$'))) => plain.push(next),
            _ => {
                plain.push(it);
                continue;
            }
        }
        characters.next();
    }
    plain
}

/// Nothing of the repository's own configuration is run by this.
fn is_tracked(path: &Path) -> bool {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return false };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let status = Command::new("git")
        .current_dir(folder)
        .args(["-c", "core.fsmonitor=false", "-c", "safe.directory=*", "ls-files", "--error-unmatch", "--"])
        .arg(name)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|it| it.success())
}

#[cfg(unix)]
fn others_can_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|it| it.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_can_read(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::plan::{Build, Event, Faults, plan};
    use crate::engine::source::SourceFile;

    fn read(text: &str) -> Result<Secrets, Trouble> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets");
        std::fs::write(&path, text).unwrap();
        Secrets::read_file(&path)
    }

    #[test]
    fn a_file_gives_values_by_name() {
        let text = "# comment\n\nexport A=one\nB = 'it is $two # no comment' \nC=\"three\nlines \\\"and\\\" one\\nmore\"\nD=\nE=a=b\r\n";
        let secrets = read(text).unwrap();
        let rows = [
            ("a", Some("one")),
            ("B", Some("it is $two # no comment")),
            ("c", Some("three\nlines \"and\" one\nmore")),
            ("D", Some("")),
            ("e", Some("a=b")),
            ("F", None),
        ];
        for (name, value) in rows {
            assert_eq!(secrets.get(name), value, "{name}");
        }
        assert!(!format!("{secrets:?}").contains("one"));
    }

    #[test]
    fn a_line_that_is_none_is_an_error_with_its_place() {
        for (text, line) in [("A=1\nB\n", ":2:"), ("=x", ":1:"), ("A=\"x\n", ":1:")] {
            assert!(read(text).unwrap_err().message.contains(line), "{text}");
        }
    }

    #[test]
    fn a_file_that_git_tracks_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets");
        std::fs::write(&path, "A=one\n").unwrap();
        let git = |arguments: &[&str]| {
            assert!(
                Command::new("git")
                    .current_dir(folder.path())
                    .args(arguments)
                    .output()
                    .unwrap()
                    .status
                    .success()
            );
        };
        git(&["init", "--quiet"]);
        assert!(Secrets::read_file(&path).is_ok());
        git(&["add", "secrets"]);
        let trouble = Secrets::read_file(&path).unwrap_err();
        assert!(trouble.message.contains("git tracks") && !trouble.message.contains("one"));
    }

    #[test]
    fn only_secrets_that_the_build_sees_are_missing() {
        let text = "kind: pipeline\nname: p\nsteps:\n- name: a\n  image: i\n  environment: {X: {from_secret: one}, Y: {from_secret: two}}\n  commands: [a]\n\
            - name: b\n  image: i\n  settings: {z: {from_secret: three}}\n  when: {event: tag}\n- name: c\n  image: i\n  settings: {z: {from_secret: FOUR}}\n  when: {status: failure}\n";
        let source = SourceFile::new("x", text);
        let mut secrets = Secrets::default();
        secrets.set("ONE", "value");
        let names = |event| {
            let plan = plan(&source, &Build::new(event), &Faults::default());
            missing(&plan, &secrets).into_iter().map(|it| it.name).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names(Event::Push), "two FOUR");
        assert_eq!(names(Event::Tag), "two three FOUR");
        assert_eq!(names(Event::PullRequest), "");
    }
}
