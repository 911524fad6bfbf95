//! Causes, builds and outcomes → sentences; and the advice that belongs to ideas which any exercise can meet.

use crate::course::check::NOT_FOLLOWED;
use crate::course::rehearse::{Cause, ONLY_OF_TAGS, Swallowed};
use crate::plan::{Build, Event};

/// What to say about an idea, whichever check came upon it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The code of its findings.
    pub code: &'static str,
    /// What is expected, and the idea behind it.
    pub expected: &'static str,
    /// One thing to do.
    pub next: &'static str,
}

/// Ideas that the engine itself knows.
const ADVICE: [Advice; 17] = [
    Advice {
        code: NOT_FOLLOWED,
        expected: "The check reads the commands and runs none. What it cannot follow, it does not judge.",
        next: "Say it in a simpler way, or let the pipeline really run.",
    },
    Advice {
        code: "CW-not-reached",
        expected: "A command counts when it runs. One that is never reached checks nothing.",
        next: "Look at what stands before the command: what has to happen for the shell to come to it?",
    },
    Advice {
        code: "CW-not-installed",
        expected: "A container starts with what its image holds. All else has to be installed before it is used.",
        next: "Install it in an earlier command of this step, or choose an image that holds it.",
    },
    Advice {
        code: "CW-lost-with-container",
        expected: "A container goes when its step ends, with all that was installed in it. The workspace goes on.",
        next: "Install it where it is used, or into a folder of the workspace.",
    },
    Advice {
        code: "CW-installed-elsewhere",
        expected: "Python looks in its own folders, and in those that PYTHONPATH names.",
        next: "Run the program of the environment that holds the package, or name its folder in PYTHONPATH.",
    },
    Advice {
        code: "CW-not-committed",
        expected: "A build sees what is committed, and what its own commands make.",
        next: "Let the file be committed, or let a command make it before it is used.",
    },
    Advice {
        code: "CW-no-file",
        expected: "Each file that a command uses is in the repository, or an earlier command has made it.",
        next: "Check the spelling of the path, and who is to make the file.",
    },
    Advice {
        code: "CW-not-mounted",
        expected: "A volume is there in each step that mounts it, and in no other. Where it is, its `path` says.",
        next: "Compare the steps' `volumes`: each needs the same `name`, and the `path` at which its program looks.",
    },
    Advice {
        code: "CW-empty-variable",
        expected: "A step has the variables that Drone sets, those of its own `environment`, and those of its `settings`.",
        next: "Look at `environment` of that step: is the name right, and does it have a value in this build?",
    },
    Advice {
        code: "CW-not-in-shell",
        expected: "Drone runs commands with the image's /bin/sh, and that is not always bash.",
        next: "Say it in a way that every sh knows, or call `bash -c` where the image has bash.",
    },
    Advice {
        code: "CW-shell-syntax",
        expected: "The commands of a step are one shell script, from the first to the last.",
        next: "Look at that line as you would in a terminal: is something open that is never closed?",
    },
    Advice {
        code: "CW-system-python",
        expected: "The Python of an operating system belongs to its package manager, and pip leaves it alone.",
        next: "Make a virtual environment, or take an image that is made for Python.",
    },
    Advice {
        code: "CW-endless",
        expected: "A command ends by itself, with a limit on how long it tries.",
        next: "Give the loop a number of turns after which it fails.",
    },
    Advice {
        code: "CW-nobody-there",
        expected: "Each container has a localhost of its own. A service is reached by its name in `services`.",
        next: "Let the program look for the host that is called as the service is.",
    },
    Advice {
        code: "CW-too-early",
        expected: "Drone starts a service and does not wait until it answers. A step that needs it waits itself.",
        next: "Ask the service in a loop until it answers, and give up after a number of turns.",
    },
    Advice {
        code: "CW-always-red",
        expected: "On the good project the build is green. A pipeline that is always red warns of nothing.",
        next: "Look at how the step ends when all is well: with exit code 0, or with another?",
    },
    Advice {
        code: "CW-hidden-red",
        expected: "Only the exit code with which a step's commands end tells Drone that something failed.",
        next: "Let the exit code of the failing command reach the step.",
    },
];

/// What the engine itself has to say about a code; checks of exercises bring words of their own, see
/// [`Course::checks_of`](crate::course::Course::checks_of).
#[must_use]
pub fn advice(code: &str) -> Option<&'static Advice> {
    ADVICE.iter().find(|it| it.code == code)
}

/// `message` with a capital letter and a full stop.
pub(super) fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let begin = letters.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
    // A word of the file keeps its own spelling.
    let named = message.split_whitespace().next().is_some_and(|it| it.starts_with('`') || it.contains('_'));
    let text = if named { message.to_owned() } else { begin + letters.as_str() };
    if text.ends_with(['.', '?', '!']) { text } else { text + "." }
}

/// `a push to main`, `the tag v1.0.0`
pub(super) fn build(build: &Build) -> String {
    let branch = &build.branch;
    match build.event {
        Event::Push => format!("a push to `{branch}`"),
        Event::PullRequest if build.fork => "a pull request from a stranger's copy".into(),
        Event::PullRequest => format!("a pull request from `{}` to `{branch}`", build.source),
        Event::Tag => format!("the tag `{}`", build.tag().unwrap_or_default()),
        Event::Cron => format!("the cron job `{}`", build.cron),
        Event::Promote => format!("a promotion to `{}`", build.target),
        Event::Rollback => format!("a rollback of `{}`", build.target),
        Event::Custom => format!("a build by hand of `{branch}`"),
    }
}

/// The code of the idea behind a cause.
pub(super) fn code(cause: &Cause, hidden: bool) -> &'static str {
    match cause {
        Cause::NoProgram(_) | Cause::NoPackage(_) | Cause::Refused { .. } => "CW-not-installed",
        Cause::Lost { .. } => "CW-lost-with-container",
        Cause::Elsewhere { .. } => "CW-installed-elsewhere",
        Cause::NoFile(_) if hidden => "CW-not-committed",
        Cause::NoFile(_) => "CW-no-file",
        Cause::NotMounted { .. } => "CW-not-mounted",
        Cause::NoVariable { .. } => "CW-empty-variable",
        Cause::NotInShell(_) => "CW-not-in-shell",
        Cause::Unreadable(_) => "CW-shell-syntax",
        Cause::Managed => "CW-system-python",
        Cause::Endless | Cause::Serves => "CW-endless",
        Cause::NobodyThere { .. } | Cause::ServiceBroke { .. } => "CW-nobody-there",
        Cause::TooEarly { .. } => "CW-too-early",
    }
}

/// A cause as the second half of a sentence.
pub(super) fn cause(cause: &Cause, image: &str) -> String {
    match cause {
        Cause::NoProgram(program) if program.contains('/') => format!("there is no program `{program}`"),
        Cause::NoProgram(program) => {
            format!("the shell finds no program `{program}` in a new container of `{image}`")
        }
        Cause::NoPackage(package) => {
            format!("Python finds no package `{package}` in a new container of `{image}`")
        }
        Cause::Lost { name, step } => {
            format!(
                "`{name}` is not there: the step `{step}` put it into its own container, and that is gone"
            )
        }
        Cause::Elsewhere { package, folder } => {
            format!("`{package}` is installed in `{folder}`, and this Python does not look there")
        }
        Cause::NoFile(path) => format!("there is no `{path}`"),
        Cause::NotMounted { path, volume } => {
            format!("there is no `{path}` here: it lies in the volume `{volume}`, which is not mounted there")
        }
        Cause::NoVariable { name, why } => format!("the program finds `{name}` empty: {why}"),
        Cause::NotInShell(what) => format!("the shell `/bin/sh` of `{image}` does not know `{what}`"),
        Cause::Unreadable(message) => format!("the shell cannot read it: {message}"),
        Cause::Refused { why, .. } => why.clone(),
        Cause::Managed => "pip refuses to install into the Python of the operating system".into(),
        Cause::Endless => "it never ends, and is stopped when the build has taken too long".into(),
        Cause::Serves => {
            "it listens until somebody stops it, so this step never ends and no other begins".into()
        }
        Cause::NobodyThere { host, why, .. } => format!("nobody answers at `{host}`: {why}"),
        Cause::ServiceBroke { host, image, cause: inner } => {
            format!("nobody answers at `{host}`. That service is over at once: {}", self::cause(inner, image))
        }
        Cause::TooEarly { host, seconds: 1 } => format!("it comes a second before `{host}` answers"),
        Cause::TooEarly { host, seconds } if *seconds > 30_000 => format!("`{host}` does not answer"),
        Cause::TooEarly { host, seconds } => format!("it comes {seconds} seconds before `{host}` answers"),
    }
}

/// What to do about a cause, where that is more than its code says.
pub(super) fn next(cause: &Cause) -> Option<String> {
    match cause {
        Cause::Refused { next, .. } => Some(next.clone()),
        Cause::Serves => Some(
            "Take it out of `steps` and make it an entry of `services`: those run beside the steps.".into(),
        ),
        Cause::NobodyThere { next, .. } => next.map(str::to_owned),
        Cause::ServiceBroke { cause, .. } => next(cause).or_else(|| {
            advice(code(cause, false)).map(|it| it.next.replace("of this step", "of this service"))
        }),
        Cause::NoVariable { why, .. } if why == ONLY_OF_TAGS => Some(
            "Give the step a condition that only the build of a tag fulfils: `when` with `event: tag`."
                .into(),
        ),
        _ => None,
    }
}

/// A cause in the few words that fit under a line.
pub(super) fn label(cause: &Cause) -> String {
    match cause {
        Cause::NoProgram(program) => format!("no program `{program}` here"),
        Cause::NoPackage(package) => format!("no package `{package}` here"),
        Cause::Lost { name, step } => format!("`{name}` went away with the container of `{step}`"),
        Cause::Elsewhere { folder, .. } => format!("does not look in `{folder}`"),
        Cause::NoFile(path) => format!("no `{path}` in the workspace"),
        Cause::NotMounted { volume, .. } => format!("without the volume `{volume}`"),
        Cause::NoVariable { name, .. } => format!("`{name}` is empty here"),
        Cause::NotInShell(what) => format!("this `/bin/sh` has no `{what}`"),
        Cause::Unreadable(message) => message.clone(),
        Cause::Refused { why, .. } => why.clone(),
        Cause::Managed => "pip refuses".into(),
        Cause::Endless | Cause::Serves => "never ends".into(),
        Cause::NobodyThere { host, .. } | Cause::ServiceBroke { host, .. } => {
            format!("nobody answers at `{host}`")
        }
        Cause::TooEarly { host, .. } => format!("`{host}` does not answer yet"),
    }
}

/// How a failure is kept from the step, as a sentence.
pub(super) fn swallowed(how: &Swallowed) -> String {
    match how {
        Swallowed::Pipe(last) => {
            format!(
                "In a pipe only the last command counts: `{last}` ends well, and the failure before it is forgotten."
            )
        }
        Swallowed::Or(other) => {
            format!("After `||` the exit code is that of `{other}`, and the failure is forgotten.")
        }
        Swallowed::Background => "With `&` the shell does not wait, and never learns that it failed.".into(),
        Swallowed::Condition => {
            "As a condition it only chooses what comes next, and its failure counts as an answer.".into()
        }
        Swallowed::WentOn(next) => format!("The shell goes on with `{next}`, and the failure is forgotten."),
        Swallowed::Output => "Only its output is used, and its exit code is forgotten.".into(),
    }
}

/// What to do about it, where that is more than looking at the line.
pub(super) fn way_out(how: &Swallowed) -> Option<&'static str> {
    match how {
        Swallowed::Pipe(_) | Swallowed::Output => None,
        Swallowed::Or(_) => {
            Some("Take out what stands after `||`, or let it end with a failure, such as `exit 1`.")
        }
        Swallowed::Background => {
            Some("Take out the `&`, or wait for this one job: `wait $!` hands on its exit code.")
        }
        Swallowed::Condition => {
            Some("Let the branch that is taken on a failure end with one, such as `exit 1`.")
        }
        Swallowed::WentOn(_) => {
            Some("Find out what lets the shell go on after a failure, and take that out.")
        }
    }
}
