//! `ciworkshop lint [FILE…]`: every problem of a file, with its place, its reason and the next step; and its fixes.

mod config;
mod diff;
mod files;
mod github;
mod json;
mod place;
mod sarif;
mod shellcheck;
mod text;
mod write;

use std::borrow::Cow;
use std::path::PathBuf;

use crate::cli::lint::files::File;
use crate::cli::lint::shellcheck::Shellcheck;
use crate::cli::{Exit, Failure, World, parallel, report as tell};
use crate::engine::diagnostic::Diagnostic;
use crate::engine::lint::{Applied, Fixed, Levels, Report, Which, fix, report_with};
use crate::engine::source::SourceFile;

/// Show every problem of a file, and mend what can be mended
///
/// Unlike Drone's own linters it does not stop at the first problem, it says where each stands, and which of
/// Drone's programs refuse the file because of it. An error is refused by some program of Drone. A warning is
/// accepted, but does not do what it says. A hint works, and could be better. Errors make the exit code 1, and so
/// does what is denied.
///
/// A comment `# ciworkshop: allow(CODE) REASON` in the file allows a problem: behind something on its line, on a line
/// of its own in the whole entry below it.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files to look at, or folders with all pipeline files in them; `-` is standard input. Without any, the
    /// `.drone.yml` here or above
    files: Vec<PathBuf>,
    /// How to answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Mend what can be mended without a change of meaning, and show the rest
    #[arg(long)]
    fix: bool,
    /// With --fix or --diff: also what may change the meaning
    #[arg(long = "unsafe")]
    unsafe_too: bool,
    /// Show what --fix would change, and change nothing
    #[arg(long)]
    diff: bool,
    /// Let `warnings`, `hints` (and warnings) or the problems of one rule make the exit code 1
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    deny: Vec<String>,
    /// Make the problems of a rule warnings
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    warn: Vec<String>,
    /// Do not show the problems of a rule
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    allow: Vec<String>,
    /// The file with the levels of the rules, instead of the .ciworkshop.yml here or above
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// What to call standard input in the answer
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,
    /// Whether shellcheck reads the commands too; without it, what `CIWORKSHOP_SHELLCHECK` says, or else `auto`
    #[arg(long, value_enum, value_name = "WHEN")]
    shellcheck: Option<When>,
}

/// Whether another program is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum When {
    /// Where it is installed
    #[default]
    Auto,
    /// Not at all
    Never,
    /// It has to be there
    Always,
}

/// How answers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs; one line a file
    Json,
    /// For code scanners and editors: SARIF 2.1.0, one log for all files
    Sarif,
    /// For GitHub Actions, which shows the problems beside the lines
    Github,
}

/// What is to be done about the problems.
#[derive(Clone, Copy)]
enum Wish {
    Look,
    Diff(Which),
    Fix(Which),
}

impl Wish {
    fn of(arguments: &Arguments) -> Result<Self, Failure> {
        let which = if arguments.unsafe_too { Which::All } else { Which::Safe };
        if arguments.diff && arguments.format != Format::Text {
            let help = "leave one of them away; `--format json` has the edits of every fix";
            return Err(Failure::usage("`--diff` has no other format than text", help));
        }
        match (arguments.diff, arguments.fix, arguments.unsafe_too) {
            (true, _, _) => Ok(Self::Diff(which)),
            (false, true, _) => Ok(Self::Fix(which)),
            (false, false, false) => Ok(Self::Look),
            (false, false, true) => {
                let help = "add `--diff` to look first, or `--fix` to change the file";
                Err(Failure::usage("`--unsafe` says which fixes to make, and none are asked for", help))
            }
        }
    }
}

/// One file and what is to be said of it.
struct Answer<'f> {
    /// As it is now.
    source: Cow<'f, SourceFile>,
    /// Its problems, with the levels that were asked for.
    report: Report,
    /// What was done.
    applied: Vec<Applied>,
    /// False when there was no time to do all that could be done.
    ended: bool,
}

/// What formats need to know besides the answers.
struct Style<'a> {
    levels: &'a Levels,
    wish: Wish,
    colour: bool,
    /// The files as they were typed.
    typed: String,
    /// The other program that reads the commands.
    shellcheck: Option<&'a Shellcheck>,
}

impl Style<'_> {
    fn fails(&self, problem: &Diagnostic) -> bool {
        self.levels.fails(problem)
    }

    /// The file with its problems mended. What shellcheck says counts, and is asked for anew after each change.
    fn mend(&self, source: &SourceFile, which: Which) -> Fixed {
        fix(source, which, &|it| {
            let said = self.shellcheck.and_then(|program| program.read(std::iter::once(it)).ok()?.pop());
            self.levels.apply(report_with(it, said.unwrap_or_default()).problems)
        })
    }
}

/// Looks at the files on all cores, mends them if that is asked for, and says what is left, in the order given.
pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let wish = Wish::of(arguments)?;
    let levels = config::levels(arguments, world)?;
    let typed = text::words(&arguments.files);
    let (files, mut exit) = files::read(arguments, matches!(wish, Wish::Fix(_)), world)?;
    let shellcheck = Shellcheck::find(arguments.shellcheck, world)?;
    let style =
        Style { levels: &levels, wish, colour: world.colour(), typed, shellcheck: shellcheck.as_ref() };
    if let Wish::Diff(which) = wish {
        return diff::show(&files, which, &style, exit, world);
    }
    let mut answers: Vec<Answer<'_>> = match wish {
        Wish::Fix(which) => parallel::map(&files, File::weight, |it| Answer::mended(it, which, &style)),
        _ => files.iter().map(Answer::of).collect(),
    };
    if matches!(wish, Wish::Fix(_)) {
        for (file, answer) in files.iter().zip(&mut answers) {
            if let Err(failure) = write::save(file, answer.source.text(), world) {
                exit = tell(&failure, world);
                *answer = Answer::of(file);
            }
        }
    }
    judge(&mut answers, &style)?;
    let fixed_input = matches!(wish, Wish::Fix(_)) && files.iter().any(|it| it.path.is_none());
    // The text of standard input is the answer then, and all else goes where problems go.
    let out = if fixed_input { &mut world.err } else { &mut world.out };
    match arguments.format {
        Format::Text => text::write(&answers, &style, out)?,
        Format::Json => json::write(&answers, &style, out)?,
        Format::Sarif => sarif::write(&answers, exit == Exit::Clean, out)?,
        Format::Github => github::write(&answers, out)?,
    }
    let fails = |it: &Answer<'_>| it.report.problems.iter().any(|it| levels.fails(it));
    Ok(if exit == Exit::Clean && answers.iter().any(fails) { Exit::Findings } else { exit })
}

/// Looks at the files as they are now, on all cores.
fn judge(answers: &mut [Answer<'_>], style: &Style<'_>) -> Result<(), Failure> {
    let sources: Vec<&SourceFile> = answers.iter().map(|it| &*it.source).collect();
    let said = match style.shellcheck {
        Some(program) => program.read(sources.iter().copied())?,
        None => vec![Vec::new(); sources.len()],
    };
    let asked: Vec<_> = sources.into_iter().zip(said).collect();
    let reports = parallel::map(
        &asked,
        |it| it.0.text().len(),
        |(source, said)| {
            let report = report_with(source, said.clone());
            Report { problems: style.levels.apply(report.problems), ..report }
        },
    );
    for (answer, report) in answers.iter_mut().zip(reports) {
        answer.report = report;
    }
    Ok(())
}

impl<'f> Answer<'f> {
    /// The file as it is. Nothing is said of it yet.
    fn of(file: &'f File) -> Self {
        Self {
            source: Cow::Borrowed(&file.source),
            report: Report::default(),
            applied: Vec::new(),
            ended: true,
        }
    }

    /// The file after its problems were mended. Nothing is said of what is left yet.
    fn mended(file: &'f File, which: Which, style: &Style<'_>) -> Self {
        let Fixed { text, applied, ended, .. } = style.mend(&file.source, which);
        let mut answer = Self { applied, ended, ..Self::of(file) };
        if !answer.applied.is_empty() {
            answer.source = Cow::Owned(SourceFile::new(file.source.name(), text));
        }
        answer
    }
}
