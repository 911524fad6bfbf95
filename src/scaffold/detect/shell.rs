//! Scripts of the shell, and their tests: in bats, or scripts themselves.

use crate::scaffold::detect::kit::{no_tests, not_called, path, submodules, version};
use crate::scaffold::detect::{Advice, Component, Line, Version, elsewhere, programs};
use crate::scaffold::project::{Fact, Folder, harm};

/// So many files are named one by one.
const MOST: usize = 30;

/// Scripts that tools write.
const MADE: [&str; 11] = [
    "compile",
    "config.guess",
    "config.sub",
    "configure",
    "depcomp",
    "gradlew",
    "install-sh",
    "ltmain.sh",
    "missing",
    "mvnw",
    "ylwrap",
];

/// Names of scripts that run all tests.
const RUNNERS: [&str; 12] = [
    "run-tests.sh",
    "run_tests.sh",
    "runtests.sh",
    "test.sh",
    "tests.sh",
    "test/run.sh",
    "test/run-tests.sh",
    "test/run_tests.sh",
    "tests/run.sh",
    "tests/run-tests.sh",
    "tests/run_tests.sh",
    "test/test.sh",
];

pub(crate) fn shell(folder: Folder<'_>) -> Option<Component> {
    let scripts = scripts(folder);
    let tests = tests(folder);
    let first = scripts.first().copied().or_else(|| folder.files().find(|it| it.ends_with(".bats")))?;
    let mut advice = Vec::new();
    let mut test: Vec<Line> = check(folder, &scripts, &mut advice).into_iter().collect();
    let (install, image) = match &tests {
        None => (Vec::new(), small()),
        Some(tests) => (needed(folder, tests), whole()),
    };
    let tested = tests.is_some();
    test.extend(tests);
    let left_out = bats(folder).1;
    advice.extend(
        left_out.iter().map(|it| not_called(&format!("bats {}", path(it.0)), &it.1, &folder.path(it.0))),
    );
    if !tested {
        advice.extend(unread(folder));
    }
    if !tested && left_out.is_empty() {
        advice.push(no_tests(
            "shellcheck finds something",
            "test/first.bats with `@test \"it says its name\" { run ./your.sh --help; [ \"$status\" -eq 0 ]; }`",
        ));
    }
    Some(Component {
        ecosystem: "Shell",
        name: folder.name(),
        score: 2 + u32::from(tested),
        evidence: vec![Fact::new("a script", folder.path(first))],
        install,
        test,
        tested,
        versions: vec![image],
        advice,
        ..Component::default()
    })
}

fn small() -> Version {
    version("shellcheck", "0.10", "koalaman/shellcheck-alpine:v0.10.0", "the linter of shell scripts")
}

/// Tests of scripts expect the tools of a usual system.
fn whole() -> Version {
    version("debian", "13", "debian:13-slim", "no file names a system: a stable one")
}

fn needed(folder: Folder<'_>, tests: &Line) -> Vec<Line> {
    let mut names = programs::packages(folder, &tests.command);
    names.push("shellcheck");
    if tests.command.starts_with("bats") {
        names.push("bats");
    }
    let modules = submodules(folder);
    if modules.is_some() {
        names.extend(["ca-certificates", "git"]);
    }
    names.sort_unstable();
    names.dedup();
    let install = Line::plain(format!("apt-get update && apt-get install -y {}", names.join(" ")));
    std::iter::once(install).chain(modules).collect()
}

/// Files by their ending, or by their first line. zsh and fish are languages of their own, which shellcheck does not read.
fn scripts(folder: Folder<'_>) -> Vec<&str> {
    let material = |it: &str| it.split('/').any(|it| matches!(it, "fixtures" | "fixture" | "testdata"));
    let is = |it: &&str| {
        let name = it.rsplit('/').next().unwrap_or_default();
        if MADE.contains(&name) {
            return false;
        }
        let named = name.ends_with(".sh") || name.ends_with(".bash");
        let may_be = named || !name.contains('.') && it.matches('/').count() <= 2;
        if !may_be || material(it) {
            return false;
        }
        let head = folder.head(it).unwrap_or_default();
        match head.lines().next().and_then(|it| it.strip_prefix("#!")) {
            Some(line) => {
                line.split([' ', '/']).any(|it| matches!(it, "sh" | "bash" | "dash" | "ksh" | "mksh"))
            }
            None => named,
        }
    };
    folder.files().filter(is).collect()
}

/// shellcheck, which looks for what a script reads in beside that script; a file that is not in the project is no mistake.
fn check(folder: Folder<'_>, scripts: &[&str], advice: &mut Vec<Advice>) -> Option<Line> {
    scripts.first()?;
    let mut flags = Vec::new();
    let mut why = "finds what a shell forgives and a user does not".to_owned();
    let reads = |line: &str| line.trim_start().starts_with(". ") || line.trim_start().starts_with("source ");
    let reading = scripts.iter().find_map(|it| Some((*it, folder.loosely(it)?.lines().position(reads)?)));
    if let Some((file, line)) = reading {
        flags.push("--external-sources --source-path=SCRIPTDIR --exclude=SC1091");
        why = format!("{why}; {} reads another file in", folder.place(file, line + 1));
    }
    if scripts.len() > 5 && !is_used(folder, scripts) {
        flags.push("--severity=error");
        advice.push(Advice::new(
            "no file says that the project keeps to shellcheck: only errors make the pipeline red",
            "mend what `shellcheck --severity=warning` finds, and then take --severity out",
        ));
    }
    let names: Vec<String> = scripts.iter().take(MOST).map(|it| path(it)).collect();
    let flags: String = flags.iter().map(|it| format!("{it} ")).collect();
    if scripts.len() <= MOST {
        return Some(Line::new(format!("shellcheck {flags}{}", names.join(" ")), why));
    }
    Some(Line::new(
        format!("find . -name '*.sh' -not -path '*/fixtures/*' -exec shellcheck {flags}{{}} +"),
        why,
    ))
}

/// True where a file shows that somebody calls shellcheck.
fn is_used(folder: Folder<'_>, scripts: &[&str]) -> bool {
    folder.has(".shellcheckrc")
        || elsewhere::calls(folder, "shellcheck").is_some()
        || folder.head(".pre-commit-config.yaml").is_some_and(|it| it.contains("shellcheck"))
        || scripts.iter().any(|it| folder.loosely(it).is_some_and(|it| it.contains("# shellcheck ")))
}

/// The tests in bats, and those that need Docker, which a step does not have.
fn bats(folder: Folder<'_>) -> (Vec<&str>, Vec<(&str, String)>) {
    let own =
        |it: &&str| it.ends_with(".bats") && !it.split('/').any(|it| matches!(it, "fixtures" | "fixture"));
    let docker =
        |it: &str| harm(folder, &format!("bats {}", path(it))).filter(|it| it.contains("a Docker daemon"));
    let (mut whole, mut left_out) = (Vec::new(), Vec::new());
    for file in folder.files().filter(own) {
        match docker(file) {
            Some(reason) => left_out.push((file, reason)),
            None => whole.push(file),
        }
    }
    (whole, left_out)
}

/// All folders with tests in bats, else a script that runs all.
fn tests(folder: Folder<'_>) -> Option<Line> {
    let (files, left_out) = bats(folder);
    if let Some(first) = files.first() {
        let mut places = files.clone();
        if left_out.is_empty() {
            places = files.iter().map(|it| it.rsplit_once('/').map_or(".", |it| it.0)).collect();
        }
        places.sort_unstable();
        places.dedup();
        let names: Vec<String> = places.iter().take(MOST).map(|it| path(it)).collect();
        return Some(Line::new(
            format!("bats {}", names.join(" ")),
            format!("{}: a test", folder.path(first)),
        ));
    }
    let runner = folder.first(&RUNNERS)?;
    let command = command(folder, runner);
    harm(folder, &command)
        .is_none()
        .then(|| Line::new(command, format!("{}: read and found harmless", folder.path(runner))))
}

fn command(folder: Folder<'_>, runner: &str) -> String {
    let bash = folder.head(runner).is_some_and(|it| it.lines().next().is_some_and(|it| it.contains("bash")));
    format!("{} {}", if bash { "bash" } else { "sh" }, path(runner))
}

/// Says why a script that runs all tests is not called.
fn unread(folder: Folder<'_>) -> Option<Advice> {
    let runner = folder.first(&RUNNERS)?;
    let command = command(folder, runner);
    Some(not_called(&command, &harm(folder, &command)?, &folder.path(runner)))
}
