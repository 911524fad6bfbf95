//! An exercise and something that can run pipelines → the report with its real runs. What runs them is given: this
//! file starts no process.

use crate::engine::course::{
    Exercise, Files, Outcome, Ran, RedStep, Report, RunRequest, RunSeen, check_with_runs,
};
use crate::workshop::index::Index;
use crate::workshop::{Trouble, Workshop};

/// The exit codes with which a shell says that a program is missing, or cannot be started.
const NO_PROGRAM: [i32; 2] = [126, 127];

/// Something that runs pipelines on clean machines.
pub trait Runner {
    /// Runs the build of a repository whose only commit holds the files. Steps reach no network, and install from
    /// the course's own [`Index`], to which [`environment`](crate::workshop::index::environment) points them. They have
    /// the variables that the request gives to the machine. Secrets are made up.
    ///
    /// What says nothing about the pipeline, such as an image that cannot be had, is [`RunSeen::CouldNot`].
    fn run(&self, request: &RunRequest<'_>) -> RunSeen;

    /// False when steps run with the programs of this machine instead of those of their image.
    fn has_images(&self) -> bool {
        true
    }
}

/// Checks the files, with real runs where the exercise asks for them.
#[must_use]
pub fn check_and_run(exercise: &Exercise, files: &Files, runner: &dyn Runner, index: &Index) -> Report {
    check_with_runs(exercise, files, &mut |request| {
        let seen = runner.run(request);
        // What should be red was green before, on the good project: the machine has all that it needs.
        if request.result == Some(Outcome::Red) { seen } else { fair(seen, runner.has_images(), index) }
    })
}

impl Workshop {
    /// Checks the files as they are, with real runs, and remembers nothing.
    pub fn look_and_run(&self, exercise: &Exercise, runner: &dyn Runner) -> Result<Report, Trouble> {
        Ok(check_and_run(exercise, &self.files(exercise)?, runner, &Index::embedded()?))
    }
}

/// A run that is red only because this machine is not the one that was asked for says nothing about the pipeline.
fn fair(seen: RunSeen, has_images: bool, index: &Index) -> RunSeen {
    let RunSeen::Ran(Ran { red: Some(red), log, .. }) = &seen else { return seen };
    let excuse = not_offered(log, index).or_else(|| if has_images { None } else { other_programs(red) });
    excuse.unwrap_or(seen)
}

/// pip asked for something that the course does not bring.
fn not_offered(log: &str, index: &Index) -> Option<RunSeen> {
    const SAYS: &str = "No matching distribution found for ";
    let wanted = log.lines().find_map(|it| it.split_once(SAYS))?.1;
    let wanted = wanted.split(" (from").next().unwrap_or(wanted).trim();
    let in_name = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
    let name = wanted.split(|it: char| !in_name(it)).next().unwrap_or(wanted);
    let has = match index.versions(name) {
        None => "which the course's own packages do not include".into(),
        Some(versions) => format!("and the course brings `{name}` as {} only", versions.join(", ")),
    };
    Some(RunSeen::CouldNot {
        why: format!("it was not run to its end: pip asks for `{wanted}`, {has}"),
        next: "`ciworkshop run` in this folder runs it with what the network has".into(),
    })
}

/// The step's image may well have what this machine lacks.
fn other_programs(red: &RedStep) -> Option<RunSeen> {
    let last = || red.last_lines.last().map_or_else(String::new, |it| format!(" ({})", it.trim()));
    let what = match red.code {
        Some(code) if NO_PROGRAM.contains(&code) => format!("lacks a program{}", last()),
        // Where an image has another shell than most, a line of the script may mean something else here.
        Some(_) if red.image.contains("alpine") => format!("is not the one of its image{}", last()),
        _ => return None,
    };
    Some(RunSeen::CouldNot {
        why: format!("the step `{}` ran with the programs of this machine, which {what}", red.name),
        next: "with docker or podman it runs in its image".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn red(image: &str, code: i32, line: &str) -> RunSeen {
        let last_lines = vec![line.to_owned()];
        let red = RedStep { name: "test".into(), image: image.into(), code: Some(code), last_lines };
        RunSeen::Ran(Ran { green: false, log: format!("+ x\n{line}\n"), red: Some(red) })
    }

    fn why(seen: RunSeen, has_images: bool) -> Option<String> {
        match fair(seen, has_images, &Index::embedded().unwrap()) {
            RunSeen::CouldNot { why, .. } => Some(why),
            RunSeen::Ran(_) => None,
        }
    }

    #[test]
    fn a_red_run_counts_unless_the_machine_is_to_blame() {
        let lacks = |name: &str| format!("ERROR: No matching distribution found for {name}");
        // (image, exit code, last line, has images) → words of the excuse
        let cases = [
            ("python:3.13", 1, "1 failed".to_owned(), false, None),
            ("python:3.13", 127, "sh: 1: uv: not found".into(), true, None),
            ("python:3.13", 127, "sh: 1: uv: not found".into(), false, Some("uv: not found")),
            ("python:3.13-alpine", 2, "Illegal option -o pipefail".into(), false, Some("of its image")),
            ("python:3.13-alpine", 2, "Illegal option -o pipefail".into(), true, None),
            ("python:3.13", 1, lacks("pandas (from -r x.txt)"), true, Some("`pandas`, which the course's")),
            ("python:3.13", 1, lacks("PyTest==9.9"), true, Some("8.4.2 only")),
        ];
        for (image, code, line, has_images, expected) in cases {
            let told = why(red(image, code, &line), has_images);
            assert_eq!(told.is_some(), expected.is_some(), "{line}: {told:?}");
            assert!(told.unwrap_or_default().contains(expected.unwrap_or_default()), "{line}");
        }
    }
}
