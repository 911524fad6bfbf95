//! Files → what the program shellcheck says of their commands, where it is installed. Runs it, in a folder of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::cli::lint::When;
use crate::cli::{Failure, World};
use crate::engine::diagnostic::Diagnostic;
use crate::engine::lint::shellcheck::{ScriptToCheck, findings, scripts};
use crate::engine::source::SourceFile;

const VARIABLE: &str = "CIWORKSHOP_SHELLCHECK";

/// So many scripts are given to one process: starting it takes longer than reading them.
const AT_ONCE: usize = 100;

/// The program.
pub(super) struct Shellcheck {
    program: PathBuf,
    /// It knows the shell of busybox; older versions do not.
    busybox: bool,
}

/// A script, and the number of the file that it is from.
struct Part {
    file: usize,
    script: ScriptToCheck,
}

impl Shellcheck {
    /// The program, where it is wanted and there.
    ///
    /// # Errors
    /// It has to be there, and is not.
    pub(super) fn find(asked: Option<When>, world: &World) -> Result<Option<Self>, Failure> {
        let when = asked.map_or_else(|| of_variable(world), Ok)?;
        let folders = world.variables.get("PATH").map(String::as_str).unwrap_or_default();
        let found = || std::env::split_paths(folders).map(|it| it.join("shellcheck")).find(|it| it.is_file());
        match (when, found()) {
            (When::Never, _) | (When::Auto, None) => Ok(None),
            (When::Always, None) => Err(Failure::could_not(
                "shellcheck is not installed",
                "install it (`apt-get install shellcheck`, `brew install shellcheck`), or leave `--shellcheck always` away",
            )),
            (When::Auto | When::Always, Some(program)) => {
                let busybox = newer_than_0_9(&program);
                Ok(Some(Self { program, busybox }))
            }
        }
    }

    /// What it says of each file.
    ///
    /// # Errors
    /// The scripts cannot be written, or the program does not do what it should.
    pub(super) fn read<'s>(
        &self,
        sources: impl Iterator<Item = &'s SourceFile>,
    ) -> Result<Vec<Vec<Diagnostic>>, Failure> {
        let mut said = Vec::new();
        // The same script is asked about once, however many steps have it.
        let mut parts: BTreeMap<&str, BTreeMap<String, Vec<Part>>> = BTreeMap::new();
        for (file, source) in sources.enumerate() {
            said.push(Vec::new());
            for script in scripts(source) {
                let alike = parts.entry(self.dialect(&script)).or_default();
                alike.entry(script.text().to_owned()).or_default().push(Part { file, script });
            }
        }
        for (dialect, parts) in parts {
            let parts: Vec<(String, Vec<Part>)> = parts.into_iter().collect();
            for parts in parts.chunks(AT_ONCE) {
                self.ask(dialect, parts, &mut said).map_err(|it| failed(&it))?;
            }
        }
        Ok(said)
    }

    fn dialect(&self, script: &ScriptToCheck) -> &'static str {
        if script.dialect == "busybox" && !self.busybox { "dash" } else { script.dialect }
    }

    fn ask(
        &self,
        dialect: &str,
        parts: &[(String, Vec<Part>)],
        said: &mut [Vec<Diagnostic>],
    ) -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        for (number, (text, _)) in parts.iter().enumerate() {
            fs::write(folder.path().join(number.to_string()), text)?;
        }
        let output = Command::new(&self.program)
            .args(["--norc", "--format=json1", &format!("--shell={dialect}"), "--"])
            .args((0..parts.len()).map(|it| it.to_string()))
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .output()?;
        let answer: Value = serde_json::from_slice(&output.stdout)
            .map_err(|_| anyhow::anyhow!("{}", String::from_utf8_lossy(&output.stderr).trim()))?;
        for (number, comments) in by_script(&answer, parts.len()).into_iter().enumerate() {
            let comments = json!({"comments": comments}).to_string();
            for part in &parts[number].1 {
                said[part.file].extend(findings(&part.script, &comments)?);
            }
        }
        Ok(())
    }
}

/// What the environment says, for those who start the program from a script.
fn of_variable(world: &World) -> Result<When, Failure> {
    match world.variables.get(VARIABLE).map(String::as_str) {
        None | Some("" | "auto") => Ok(When::Auto),
        Some("never") => Ok(When::Never),
        Some("always") => Ok(When::Always),
        Some(other) => Err(Failure::usage(
            format!("{VARIABLE} is `{other}`"),
            "set it to `auto`, `never` or `always`, or leave it away",
        )),
    }
}

/// The comments of one answer, script by script.
fn by_script(answer: &Value, count: usize) -> Vec<Vec<Value>> {
    let mut sorted = vec![Vec::new(); count];
    for comment in answer["comments"].as_array().into_iter().flatten() {
        let number = comment["file"].as_str().and_then(|it| it.parse::<usize>().ok());
        if let Some(own) = number.and_then(|it| sorted.get_mut(it)) {
            own.push(comment.clone());
        }
    }
    sorted
}

/// Version 0.10 learned the shell of busybox.
fn newer_than_0_9(program: &Path) -> bool {
    let Ok(output) = Command::new(program).arg("--version").stdin(Stdio::null()).output() else {
        return false;
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.lines().find_map(|it| it.strip_prefix("version: ")).unwrap_or_default();
    let mut numbers = version.split('.').filter_map(|it| it.parse::<u32>().ok());
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) > (0, 9)
}

fn failed(error: &anyhow::Error) -> Failure {
    Failure::could_not(
        format!("shellcheck cannot be asked: {error}"),
        "`--shellcheck never` leaves it out; the linter's own rules need no other program",
    )
}
