//! The programs that a command of the project calls → the packages of Debian that have them.

use std::collections::BTreeSet;

use crate::scaffold::project::{Folder, harm};

/// Programs that a small Debian lacks, and the packages that have them.
static PACKAGES: &[(&str, &[&str])] = &[
    ("ansible-lint", &["ansible-lint"]),
    ("bats", &["bats"]),
    ("bc", &["bc"]),
    ("build-essential", &["c++", "cc", "g++", "gcc", "ld"]),
    ("clang", &["clang"]),
    ("cmake", &["cmake"]),
    ("codespell", &["codespell"]),
    ("curl", &["curl"]),
    ("devscripts", &["checkbashisms"]),
    ("emacs-nox", &["emacs"]),
    ("expect", &["expect"]),
    ("file", &["file"]),
    ("fish", &["fish"]),
    ("gawk", &["gawk"]),
    ("gettext", &["msgfmt"]),
    ("git", &["git"]),
    ("gnupg", &["gpg", "gpg2"]),
    ("golang-go", &["go", "gofmt"]),
    ("groff", &["groff"]),
    ("jq", &["jq"]),
    ("libxml2-utils", &["xmllint"]),
    ("lua-busted", &["busted"]),
    ("lua-check", &["luacheck"]),
    ("lua5.4", &["lua"]),
    ("make", &["make"]),
    ("man-db", &["man"]),
    ("mandoc", &["mandoc"]),
    ("neovim", &["nvim"]),
    ("nodejs", &["node"]),
    ("npm", &["npm", "npx"]),
    ("openssl", &["openssl"]),
    ("pandoc", &["pandoc"]),
    ("parallel", &["parallel"]),
    ("perl", &["perl", "prove"]),
    ("procps", &["pgrep", "pkill", "ps"]),
    ("python-is-python3", &["python"]),
    ("python3", &["python3"]),
    ("python3-pip", &["pip", "pip3"]),
    ("python3-pytest", &["py.test", "pytest"]),
    ("redis-server", &["redis-server"]),
    ("ruby", &["rake", "ruby"]),
    ("shellcheck", &["shellcheck"]),
    ("shfmt", &["shfmt"]),
    ("sqlite3", &["sqlite3"]),
    ("tcl", &["tclsh"]),
    ("tmux", &["tmux"]),
    ("tree", &["tree"]),
    ("unzip", &["unzip"]),
    ("valgrind", &["valgrind"]),
    ("vim", &["vim"]),
    ("wget", &["wget"]),
    ("xz-utils", &["xz"]),
    ("yamllint", &["yamllint"]),
    ("zip", &["zip"]),
    ("zsh", &["zsh"]),
];

/// The programs that these commands call, with all that they call in turn.
pub(crate) fn called(folder: Folder<'_>, commands: &[&str]) -> BTreeSet<String> {
    folder.survey.programs(|| commands.iter().for_each(|it| drop(harm(folder, it))))
}

/// What a command calls, with all that it calls in turn, as packages, each once.
pub(crate) fn packages(folder: Folder<'_>, command: &str) -> Vec<&'static str> {
    let called = called(folder, &[command]);
    let has = |names: &[&str]| names.iter().any(|it| called.contains(*it));
    PACKAGES.iter().filter(|it| has(it.1)).map(|it| it.0).collect()
}

/// The programs that a command calls and that neither every system has nor are among these; a file of the project is none.
pub(crate) fn foreign(folder: Folder<'_>, command: &str, there: &[&str]) -> Vec<String> {
    let called = called(folder, &[command]);
    called.into_iter().filter(|it| !USUAL.contains(&it.as_str()) && !there.contains(&it.as_str())).collect()
}

/// What every system has, and the words of a shell.
const USUAL: [&str; 46] = [
    ".",
    ":",
    "[",
    "awk",
    "basename",
    "cat",
    "cd",
    "chmod",
    "command",
    "cp",
    "cut",
    "date",
    "dirname",
    "echo",
    "env",
    "exit",
    "export",
    "false",
    "find",
    "grep",
    "gzip",
    "head",
    "ln",
    "ls",
    "mkdir",
    "mktemp",
    "mv",
    "printf",
    "pwd",
    "return",
    "rm",
    "sed",
    "set",
    "sha256sum",
    "shift",
    "sort",
    "source",
    "tail",
    "tar",
    "test",
    "touch",
    "tr",
    "true",
    "uname",
    "wc",
    "xargs",
];
