//! One way in which a step may go: the shell's state, the world around it, and what was noted on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::course::rehearse::world::World;
use crate::course::requirements::Requirement;
use crate::shell::Command;

/// Stands in a text for what is not known before the step really runs.
pub(in crate::course) const UNKNOWN: char = '\u{fffd}';

/// Longer texts are taken as unknown.
pub(super) const LONGEST: usize = 1 << 16;

/// More words than this are not handed to a script.
pub(super) const MOST_GIVEN: usize = 9;

/// Why a variable of tags is empty.
pub(in crate::course) const ONLY_OF_TAGS: &str = "only the build of a tag has it";

/// Stands on both sides of a secret's name, in the place of its value.
const SECRET: char = '\u{fffc}';

/// What stands for the value of a secret: not known, and not empty.
pub(in crate::course) fn secret(name: &str) -> String {
    format!("{SECRET}{}{SECRET}", name.to_lowercase())
}

/// Where the shell goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Flow {
    /// With the next command.
    #[default]
    Next,
    /// After the loop.
    Break,
    /// With the loop's next turn.
    Continue,
    /// After the function.
    Return,
    /// Nowhere: the shell has ended.
    Exit,
}

/// What happened, in the order in which it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::course) struct Note {
    /// The pipeline's place among the pipelines of the file.
    pub(in crate::course) pipeline: usize,
    /// The step's place in its pipeline.
    pub(in crate::course) step: usize,
    /// The entry of `commands`.
    pub(in crate::course) item: usize,
    /// The command, as it is written.
    pub(in crate::course) command: String,
    /// What.
    pub(in crate::course) what: What,
}

/// The kinds of thing that happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::course) enum What {
    /// A command that does the job of this role begins.
    Reached(String),
    /// What it is called with.
    Called(Rc<Called>),
    /// Something that pip is told to install.
    Installed(Requirement),
    /// A command fails, because of this.
    Broke(Cause),
}

/// A command that does the job of a role, as the program sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::course) struct Called {
    pub(in crate::course) role: String,
    /// Its words, expanded.
    pub(in crate::course) words: Vec<String>,
    /// Its variables.
    pub(in crate::course) environment: BTreeMap<String, String>,
}

/// Why a command cannot work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::course) enum Cause {
    /// The container has no such program.
    NoProgram(String),
    /// Python is there, and does not find the package.
    NoPackage(String),
    /// The program or package was there, in a container that is gone.
    Lost { name: String, step: String },
    /// The package lies in a folder in which this Python does not look.
    Elsewhere { package: String, folder: String },
    /// A file is not in the workspace.
    NoFile(String),
    /// A file lies in a volume that this step does not mount at that place.
    NotMounted { path: String, volume: String },
    /// A variable that the program needs is empty, and why.
    NoVariable { name: String, why: String },
    /// `/bin/sh` of this image has no such thing.
    NotInShell(String),
    /// The shell cannot read the commands.
    Unreadable(String),
    /// pip cannot do what it is told: why, and what to write.
    Refused { why: String, next: String },
    /// pip refuses to install into the Python of the operating system.
    Managed,
    /// The command never ends.
    Endless,
    /// It listens until somebody stops it, and the step waits for its end.
    Serves,
    /// Nobody listens where it looks for a server: why, and what to do where that is known.
    NobodyThere { host: String, why: String, next: Option<&'static str> },
    /// The service ends at once, because of this, in this image.
    ServiceBroke { host: String, image: String, cause: Box<Cause> },
    /// The server is there, and does not answer so early.
    TooEarly { host: String, seconds: u32 },
}

/// Why it is not sure that a step goes the way that was followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::course) enum Doubt {
    /// What this comes to is only known when it runs.
    Unfollowed(String),
    /// bash makes several words of it, and this shell one.
    OneWord(String),
}

/// How a failure was kept from the step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::course) enum Swallowed {
    /// In a pipe: what ends last.
    Pipe(String),
    /// By `||`.
    Or(String),
    /// By a `&`.
    Background,
    /// As the condition of `if`, `while`, `until`, or with `!`.
    Condition,
    /// The shell goes on although a command failed: with this one.
    WentOn(String),
    /// Its output is all that was asked for.
    Output,
}

/// One way in which a step may go.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "the switches of a shell are as many, and independent")]
pub(super) struct State {
    /// The last exit code.
    pub(super) status: i32,
    /// The last failure happened where `set -e` does not look.
    pub(super) quiet: bool,
    pub(super) flow: Flow,
    pub(super) errexit: bool,
    pub(super) pipefail: bool,
    /// The folder.
    pub(super) folder: String,
    /// Variables; [`UNKNOWN`] inside a value stands for what is not known.
    pub(super) variables: Rc<BTreeMap<String, String>>,
    /// The variables that programs get.
    pub(super) exported: Rc<BTreeSet<String>>,
    /// `set -a`: each variable that is set is also exported.
    pub(super) exports_all: bool,
    pub(super) functions: Rc<BTreeMap<String, Rc<Command>>>,
    /// The exit codes of commands in the background, and whether a role failed there.
    pub(super) jobs: Vec<(i32, bool)>,
    /// `trap … EXIT`
    pub(super) at_exit: Option<String>,
    /// The entry of `commands` that is at work.
    pub(super) item: usize,
    /// The last exit code is the failure of a broken role.
    pub(super) failing: bool,
    /// With a `&`: the shell goes on beside it.
    pub(super) background: bool,
    /// Seconds that the step has waited so far.
    pub(super) clock: u32,
    pub(super) swallowed: Option<Swallowed>,
    /// The first thing that was guessed, and the entry of `commands` in which it stands.
    pub(super) doubt: Option<(usize, Doubt)>,
    /// `set -e` has ended the shell.
    pub(super) stopped: bool,
    /// It did so in the middle of a loop.
    pub(super) cut_loop: bool,
    /// What was printed so far, where somebody reads it.
    pub(super) printed: Option<String>,
    /// The lines that a pipe brings and that nobody has read; [`UNKNOWN`] where they are not known.
    pub(super) input: Option<Rc<[String]>>,
    pub(super) world: World,
    pub(super) notes: Vec<Note>,
}

impl State {
    /// The value of a variable.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    pub(super) fn set(&mut self, name: &str, value: String) {
        Rc::make_mut(&mut self.variables).insert(name.into(), value);
        if self.exports_all {
            self.export(name);
        }
    }

    /// `$1`, `$2` … of the script or function that is followed.
    pub(super) fn given(&self) -> Vec<String> {
        (1..=MOST_GIVEN).map_while(|it| self.variables.get(&it.to_string()).cloned()).collect()
    }

    /// Sets `$1`, `$2` …, and those alone.
    pub(super) fn give(&mut self, words: &[String]) {
        if words.is_empty() && !self.variables.contains_key("1") {
            return;
        }
        let variables = Rc::make_mut(&mut self.variables);
        for at in 1..=MOST_GIVEN {
            match words.get(at - 1) {
                Some(word) => variables.insert(at.to_string(), word.clone()),
                None => variables.remove(&at.to_string()),
            };
        }
    }

    /// Programs get this variable from now on.
    pub(super) fn export(&mut self, name: &str) {
        if !self.exported.contains(name) {
            Rc::make_mut(&mut self.exported).insert(name.into());
        }
    }

    /// What a program gets, without what is empty.
    pub(super) fn environment(&self) -> BTreeMap<String, String> {
        let there = |(name, value): &(&String, &String)| self.exported.contains(*name) && !value.is_empty();
        self.variables.iter().filter(there).map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// The state after a command that ends with this exit code.
    pub(super) fn ends(mut self, status: i32) -> Self {
        self.status = status;
        self
    }

    /// From here on it is a guess.
    pub(super) fn guess(&mut self, why: Doubt) {
        let item = self.item;
        self.doubt.get_or_insert((item, why));
    }

    /// A command prints this.
    pub(super) fn print(&mut self, text: &str) {
        if let Some(printed) = &mut self.printed {
            printed.push_str(text);
            if printed.len() > LONGEST {
                UNKNOWN.encode_utf8(&mut [0; 3]).clone_into(printed);
            }
        }
    }

    /// A failure of a broken role does not reach the step.
    pub(super) fn swallow(&mut self, how: impl FnOnce() -> Swallowed) {
        if std::mem::take(&mut self.failing) && self.swallowed.is_none() {
            self.swallowed = Some(how());
        }
    }
}
