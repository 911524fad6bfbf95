//! Calls of the `git` program in which only our own settings count: no variables of the caller, no configuration of the
//! user or of the machine, no hooks, no filters, no network.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use crate::run::Trouble;

/// Our settings. That every folder is safe is true here: nothing of what is unsafe in a repository's own settings is
/// ever read, because all work is done in repositories of our own.
const SETTINGS: &str = "\
[safe]
\tdirectory = *
[core]
\tfsmonitor = false
\thooksPath = /dev/null
\tattributesFile = /dev/null
\tpager = cat
[gc]
\tauto = 0
[maintenance]
\tauto = false
[fetch]
\tunpackLimit = 1
[protocol]
\tallow = never
[protocol \"file\"]
\tallow = always
[uploadpack]
\tallowAnySHA1InWant = true
[submodule]
\trecurse = false
[commit]
\tgpgSign = false
[advice]
\tdetachedHead = false
[init]
\tdefaultBranch = main
";

/// The program, with a home of its own.
#[derive(Clone, Debug)]
pub(super) struct Git {
    home: PathBuf,
}

/// One call.
#[derive(Debug)]
pub(super) struct Call {
    command: Command,
    input: Vec<u8>,
}

/// What came of a call.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: ExitStatus,
    pub(super) out: Vec<u8>,
    pub(super) errors: String,
}

impl Git {
    /// Makes the home below `scratch`.
    pub(super) fn new(scratch: &Path) -> Result<Self, Trouble> {
        let home = scratch.join("home");
        let settings = home.join(".gitconfig");
        let made = fs::create_dir_all(&home).and_then(|()| fs::write(&settings, SETTINGS));
        made.map_err(|it| Trouble::with_path("be written", &settings, &it))?;
        Ok(Self { home })
    }

    /// A call on a repository. That the folder is named keeps git from asking who owns it.
    pub(super) fn at(&self, git_folder: &Path) -> Call {
        let mut call = Self::bare();
        // Older programs do not know the variable; for them the home is enough.
        call.command.env("GIT_CONFIG_GLOBAL", self.home.join(".gitconfig")).env("GIT_CONFIG_NOSYSTEM", "1");
        call.command.env("HOME", &self.home).env("XDG_CONFIG_HOME", &self.home);
        call.command.env("GIT_ATTR_NOSYSTEM", "1").env("GIT_NO_LAZY_FETCH", "1");
        call.command.env("GIT_NO_REPLACE_OBJECTS", "1").env("GIT_DIR", git_folder);
        call
    }

    /// A call that reads the settings of a repository and of its user, and can do nothing else.
    pub(super) fn settings_of(git_folder: &Path) -> Call {
        let mut call = Self::bare();
        call.command.env("GIT_DIR", git_folder).args(["config", "-z", "--get-regexp"]);
        call
    }

    fn bare() -> Call {
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"GIT_") {
                command.env_remove(name);
            }
        }
        command.env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0");
        Call { command, input: Vec::new() }
    }
}

impl Call {
    pub(super) fn args<I: IntoIterator<Item: AsRef<OsStr>>>(mut self, args: I) -> Self {
        self.command.args(args);
        self
    }

    pub(super) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// The files that the call is about, and the folder where it runs.
    pub(super) fn tree(mut self, top: &Path) -> Self {
        self.command.env("GIT_WORK_TREE", top).current_dir(top);
        self
    }

    pub(super) fn input(mut self, bytes: Vec<u8>) -> Self {
        self.input = bytes;
        self
    }

    /// What came of it, whether it did its job or not.
    pub(super) fn answer(mut self) -> Result<Answer, Trouble> {
        self.run().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Trouble::new(
                "the program `git` cannot be found, and a run clones with it",
                "install git, and see that `git --version` answers in this terminal",
            ),
            _ => Trouble::new(format!("the program `git` cannot be started: {error}"), "try `git --version`"),
        })
    }

    fn run(&mut self) -> io::Result<Answer> {
        let input = std::mem::take(&mut self.input);
        let stdin = if input.is_empty() { Stdio::null() } else { Stdio::piped() };
        let mut child = self.command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let pipe = child.stdin.take();
        // git answers while it reads: whoever only writes would wait for ever.
        let output = std::thread::scope(|scope| {
            scope.spawn(move || pipe.map(|mut it| it.write_all(&input)));
            child.wait_with_output()
        })?;
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok(Answer { status: output.status, out: output.stdout, errors })
    }

    /// The output of a call that must do its job. `what` completes "git cannot".
    pub(super) fn output(self, what: &str) -> Result<Vec<u8>, Trouble> {
        let answer = self.answer()?;
        if answer.status.success() { Ok(answer.out) } else { Err(answer.trouble(what)) }
    }

    /// The same, as one line of text.
    pub(super) fn line(self, what: &str) -> Result<String, Trouble> {
        Ok(String::from_utf8_lossy(&self.output(what)?).trim().to_owned())
    }
}

impl Answer {
    /// The trouble with a call that did not do its job.
    pub(super) fn trouble(&self, what: &str) -> Trouble {
        let lines =
            self.errors.lines().map(|it| it.trim_start_matches("fatal: ").trim_start_matches("error: "));
        let reason = lines.filter(|it| !it.is_empty() && !it.starts_with("hint:")).collect::<Vec<_>>();
        let reason = reason.get(..2).unwrap_or(&reason).join("; ");
        let reason: String = reason.chars().filter(|it| !it.is_control()).collect();
        Trouble::new(
            format!("git cannot {what}: {reason}"),
            "try `git status` and `git fsck` in that folder: they say more about it",
        )
    }
}
