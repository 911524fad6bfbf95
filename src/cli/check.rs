//! `check`: an exercise's files → its verdict; the outcome is remembered.

use std::io::Write;

use serde::Serialize;

use crate::cli::run::ask;
use crate::cli::run::machine::{self, Kind};
use crate::cli::run::signals::Signals;
use crate::cli::{Exit, Failure, Format, World, course_text, desk};
use crate::engine::course::{Exercise, RunRequest, RunSeen};
use crate::run::places::Places;
use crate::run::process::Stop;
use crate::workshop::machine::CleanMachine;
use crate::workshop::runs::Runner;
use crate::workshop::view::{self, ExerciseView, Outcome, StateView, StateWord};
use crate::workshop::{Trouble, Workshop};

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Exercises, each by number (1.2), name, folder or a file in it; the current one when left out
    #[arg(value_name = "EXERCISE|FILE")]
    exercises: Vec<String>,
    /// Check every exercise
    #[arg(long, conflicts_with = "exercises")]
    all: bool,
    /// Also run the pipeline where the exercise asks for it, on a clean machine without a network
    #[arg(long)]
    run: bool,
    /// Where it runs; `auto` takes a sandbox if one works, else a container engine
    #[arg(long, value_enum, default_value_t, requires = "run")]
    backend: Kind,
    /// Run the commands on this machine without asking, when little keeps them apart
    #[arg(long, short, requires = "run")]
    yes: bool,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct Answer<'a> {
    version: u32,
    exercises: &'a [ExerciseView],
}

/// No machine was asked for, or none can be had: each run is said to be open.
struct NoMachine(String, String);

impl Runner for NoMachine {
    fn run(&self, _: &RunRequest<'_>) -> RunSeen {
        RunSeen::CouldNot { why: self.0.clone(), next: self.1.clone() }
    }
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    if !arguments.run {
        return run_with(arguments, world, &NoMachine(String::new(), String::new()));
    }
    let signals = Signals::listen()?;
    let stop = Stop::new();
    let places = Places::of(&world.variables);
    let exit = match machine::for_exercises(arguments.backend, world, &places) {
        Ok(backend) => {
            ask::consent(&backend.describe(), "the commands of the exercise", arguments.yes, world)?;
            signals.stop(&stop);
            machine::sweep(&backend, world, &places)?;
            let machine = CleanMachine::new(backend, places, stop.clone());
            run_with(arguments, world, &machine)
        }
        Err(trouble) => run_with(arguments, world, &NoMachine(trouble.message, trouble.help)),
    };
    drop(signals);
    if stop.is_stopped() { Ok(Exit::Interrupted) } else { exit }
}

fn run_with(arguments: &Arguments, world: &mut World, runner: &dyn Runner) -> Result<Exit, Failure> {
    let workshop = desk::open(world)?;
    let look = |exercise: &Exercise| {
        if arguments.run { workshop.look_and_run(exercise, runner) } else { workshop.look(exercise) }
    };
    let checked = if arguments.all {
        all(&workshop, look)?
    } else {
        named(&workshop, &arguments.exercises, world, look)?
    };
    let remembered = remember(&workshop, &checked, arguments.all);
    let views: Result<Vec<ExerciseView>, Failure> =
        checked.iter().map(|(exercise, outcome)| desk::view(&workshop, exercise, Some(outcome))).collect();
    let views = views?;
    match arguments.format {
        Format::Json => desk::json(world, &Answer { version: view::VERSION, exercises: &views })?,
        Format::Text if arguments.all => write_all(&workshop, &views, world)?,
        Format::Text => {
            let paint = desk::paint(world);
            for view in &views {
                write!(world.out, "{}", course_text::verdict(view, paint))?;
            }
        }
    }
    // A full disk takes nothing from the verdict; it is said after it.
    remembered?;
    Ok(exit(&views))
}

fn named(
    workshop: &Workshop,
    names: &[String],
    world: &World,
    look: impl Fn(&Exercise) -> Outcome,
) -> Result<Vec<(Exercise, Outcome)>, Failure> {
    let names: Vec<Option<&str>> =
        if names.is_empty() { vec![None] } else { names.iter().map(|it| Some(it.as_str())).collect() };
    let mut checked = Vec::new();
    for name in names {
        let exercise = desk::pick(workshop, name, world)?;
        let report = look(&exercise)?;
        checked.push((exercise, Ok(report)));
    }
    Ok(checked)
}

/// One whose files cannot be read does not keep the others from being checked.
fn all(
    workshop: &Workshop,
    look: impl Fn(&Exercise) -> Outcome,
) -> Result<Vec<(Exercise, Outcome)>, Failure> {
    Ok(workshop.course()?.exercises().map(|it| (it.clone(), look(it))).collect())
}

/// An exercise that nobody has touched was not attempted when all are checked.
fn remember(workshop: &Workshop, checked: &[(Exercise, Outcome)], all: bool) -> Result<(), Trouble> {
    let reports = checked.iter().filter_map(|(exercise, outcome)| Some((exercise, outcome.as_ref().ok()?)));
    if all {
        let touched: Vec<_> = reports.filter(|(exercise, _)| workshop.touched(exercise)).collect();
        return workshop.remember_aside(&touched);
    }
    reports.into_iter().try_for_each(|(exercise, report)| workshop.remember(exercise, report))
}

fn write_all(workshop: &Workshop, views: &[ExerciseView], world: &mut World) -> Result<(), Failure> {
    let paint = desk::paint(world);
    let state = StateView {
        version: view::VERSION,
        current: workshop.current_id()?,
        folder: workshop.root().display().to_string(),
        exercises: views.to_vec(),
    };
    Ok(write!(world.out, "{}", course_text::list(&state, &desk::chapters(workshop)?, paint))?)
}

fn exit(views: &[ExerciseView]) -> Exit {
    if views.iter().any(|it| it.trouble.is_some()) {
        Exit::CouldNot
    } else if views.iter().all(|it| it.state == StateWord::Passed) {
        Exit::Clean
    } else {
        Exit::Findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::course::{Ran, RedStep};
    use crate::workshop::{Material, lay_down};
    use std::io::Read;
    use std::sync::{Arc, Mutex};

    /// Green where sales.py adds up, as the project does and its twin does not; or never able to run.
    struct Fake {
        able: bool,
        sees_twin: bool,
    }

    impl Runner for Fake {
        fn run(&self, request: &RunRequest<'_>) -> RunSeen {
            if !self.able {
                return RunSeen::CouldNot {
                    why: "there is no docker here".into(),
                    next: "install it".into(),
                };
            }
            let good =
                String::from_utf8_lossy(&request.files["sales.py"]).contains("result.get(shop, 0) + amount");
            if good || !self.sees_twin {
                return RunSeen::Ran(Ran { green: true, log: "2 passed".into(), red: None });
            }
            let last_lines = vec!["E   assert 1 == 2".into(), "1 failed, 1 passed".into()];
            let red = RedStep { name: "test".into(), image: "python:3.13".into(), code: Some(1), last_lines };
            RunSeen::Ran(Ran { green: false, log: "1 failed, 1 passed".into(), red: Some(red) })
        }
    }

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(text)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// A workshop in which the first exercise is solved.
    fn solved() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let material = Material::embedded();
        lay_down(&folder.path().join("workshop"), &material).unwrap();
        let name = "01_clean_machine/01_nothing_is_installed";
        for (path, content) in material.solution(name).unwrap() {
            let place = folder.path().join("workshop/exercises").join(name).join(path);
            std::fs::write(place, content).unwrap();
        }
        folder
    }

    fn check(folder: &std::path::Path, run: bool, runner: &dyn Runner) -> (Exit, String) {
        let out = Shared::default();
        let mut world = World {
            input: Box::new(std::io::empty().take(0)),
            out: Box::new(out.clone()),
            err: Box::new(std::io::sink()),
            folder: folder.join("workshop"),
            variables: std::collections::BTreeMap::new(),
            terminal: false,
            typed: false,
        };
        let exercises = vec!["1.1".to_owned()];
        let arguments =
            Arguments { exercises, all: false, run, backend: Kind::Auto, yes: false, format: Format::Text };
        let exit = run_with(&arguments, &mut world, runner).unwrap();
        let text = String::from_utf8(out.0.lock().unwrap().clone()).unwrap();
        (exit, text)
    }

    fn really_ran(folder: &std::path::Path) -> bool {
        let workshop = Workshop::open(&folder.join("workshop"), Material::embedded()).unwrap();
        workshop.progress().unwrap().mark("nothing-is-installed").really_ran
    }

    #[test]
    fn a_pass_with_real_runs_is_remembered_as_one() {
        let folder = solved();
        let able = Fake { able: true, sees_twin: true };
        let (exit, text) = check(folder.path(), false, &able);
        assert!(exit == Exit::Clean && text.contains("not run: The pipeline really runs"), "{text}");
        assert!(!really_ran(folder.path()));
        let (exit, text) = check(folder.path(), true, &able);
        assert!(exit == Exit::Clean && !text.contains("not run"), "{text}");
        assert!(text.contains("ok   The pipeline really runs"), "{text}");
        assert!(really_ran(folder.path()));
        check(folder.path(), false, &able);
        assert!(really_ran(folder.path()), "a later check without runs takes nothing away");
    }

    #[test]
    fn who_lacks_a_machine_passes_by_reading_and_is_told_why() {
        let folder = solved();
        let (exit, text) = check(folder.path(), true, &Fake { able: false, sees_twin: true });
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(exit, Exit::Clean, "{text}");
        assert!(text.contains("and is green. There is no docker here. Install it."), "{text}");
        assert!(!really_ran(folder.path()));
    }

    #[test]
    fn a_run_that_does_not_see_the_mistake_is_a_finding() {
        let folder = solved();
        let (exit, text) = check(folder.path(), true, &Fake { able: true, sees_twin: false });
        assert_eq!(exit, Exit::Findings, "{text}");
        assert!(text.contains("CW-run-red") && text.contains("with a mistake put into `sales.py`"), "{text}");
        assert!(text.contains("         | 2 passed\n"), "{text}");
        assert!(!really_ran(folder.path()));
    }
}
