//! The programs that a command of the project calls → the packages of Debian that have them.

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
    ("unzip", &["unzip"]),
    ("valgrind", &["valgrind"]),
    ("vim", &["vim"]),
    ("wget", &["wget"]),
    ("xz-utils", &["xz"]),
    ("yamllint", &["yamllint"]),
    ("zip", &["zip"]),
    ("zsh", &["zsh"]),
];

/// What a command calls, with all that it calls in turn, as packages, each once.
pub(crate) fn packages(folder: Folder<'_>, command: &str) -> Vec<&'static str> {
    let called = folder.survey.programs(|| {
        harm(folder, command);
    });
    let has = |names: &[&str]| names.iter().any(|it| called.contains(*it));
    PACKAGES.iter().filter(|it| has(it.1)).map(|it| it.0).collect()
}
