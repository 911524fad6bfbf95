//! The pipelines that `init` proposes are really run: each is green on its project, and red when a bug is planted in it.
//! Beside the files of each project in `tests/init_projects` stands `run.yml`, with the bug, or with the reason why it is
//! not run. Python comes from the course's own packages, so nothing needs a network.
//!
//! The practice projects are run, too. What takes `CIWORKSHOP_TEST_LONG`, and what lacks a program, is skipped and named.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails loudly, and says what it skips")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::Instant;

use ciworkshop::scaffold::{self, Mode, Options};
use ciworkshop::workshop::index::{self, Index};
use serde::Deserialize;
use support::init_projects::{copy, fixtures, name_of};
use support::machines::{Project, bubblewrap};

/// Where the packages are in each project.
const PACKAGES: &str = ".packages";

/// `run.yml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    /// A text that stands once in a file, and what makes it wrong.
    bug: Option<Bug>,
    /// The programs of this machine without which it cannot be run.
    #[serde(default)]
    needs: Vec<String>,
    /// Why it is run only where `CIWORKSHOP_TEST_LONG` is set.
    long: Option<String>,
    /// True when the packages come from the registries.
    #[serde(default)]
    network: bool,
    /// Releases that are broken at the registry today, and kept away in pip's own words.
    #[serde(default)]
    constraints: Vec<String>,
    /// What is done before the commit, in the project: it makes the lock file, which would be too long for a fixture.
    #[serde(default)]
    before: Vec<String>,
    /// Why it is not run at all.
    #[serde(rename = "not_run")]
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bug {
    file: String,
    from: String,
    to: String,
}

fn run_of(fixture: &Path) -> Run {
    let path = fixture.join("run.yml");
    let text = fs::read_to_string(&path).unwrap_or_else(|it| panic!("{}: {it}", path.display()));
    serde_yaml::from_str(&text).unwrap_or_else(|it| panic!("{}: {it}", path.display()))
}

#[test]
fn every_proposed_pipeline_is_run_or_says_why_not() {
    for fixture in fixtures().into_iter().filter(|it| it.join("expected.yml").is_file()) {
        let run = run_of(&fixture);
        let name = name_of(&fixture);
        assert_eq!(run.bug.is_some(), run.reason.is_none(), "{name}: either a bug or a reason");
        // What is promised for every machine: these need nothing but what is in Debian, and the course's packages.
        let plain = ["c-", "shell-", "makefile-"].iter().any(|it| name.starts_with(it));
        assert!(!plain || run.bug.is_some() && run.long.is_none(), "{name} is run");
        assert!(!run.network || run.long.is_some(), "{name}: only a long one may need a network");
        // Even where it is not run: the bug can be planted.
        if let Some(bug) = &run.bug {
            let text = fs::read_to_string(fixture.join("files").join(&bug.file)).unwrap_or_default();
            assert_eq!(text.matches(&bug.from).count(), 1, "{name}: `{}` in {}", bug.from, bug.file);
        }
    }
    let python = fixtures().into_iter().filter(|it| name_of(it).starts_with("python-"));
    assert!(python.map(|it| run_of(&it)).filter(|it| it.bug.is_some() && it.long.is_none()).count() >= 10);
}

/// Of each practice project: a bug that its pipeline must notice, and the programs without which it cannot be run.
const SAMPLES: [(&str, [&str; 3], &[&str]); 8] = [
    ("bertsum", ["src/prepare.py", "[:length]", ""], &[]),
    ("bqup", ["bqup/backup.py", "if path not in kept", "if path in kept"], &[]),
    ("drone-hello-world", ["hello.py", "{name}", "{name.lower()}"], &[]),
    ("fb-scraper", ["fb_scraper/page.py", "* 1000", "* 100"], &[]),
    ("geomancer", ["geomancer/distance.py", "6_371_000", "6_731_000"], &[]),
    ("pizapy", ["pizapy/recipe.py", "diameter / 2", "diameter"], &[]),
    ("spade", ["dig.go", "rows[1:]", "rows"], &["go"]),
    ("tiffany", ["heights.go", "+0.5", ""], &["go", "cc", "make", "/usr/include/zlib.h"]),
];

#[test]
fn practice_projects_are_green_and_a_planted_bug_makes_them_red() {
    let names: Vec<_> = scaffold::samples().into_iter().map(|it| it.name).collect();
    assert_eq!(names, SAMPLES.map(|it| it.0));
    let machine = machine();
    let packages = tempfile::tempdir().unwrap();
    Index::embedded().unwrap().write(packages.path()).unwrap();
    let only = std::env::var("CIWORKSHOP_TEST_ONLY").unwrap_or_default();
    for (name, [file, from, to], needs) in SAMPLES.into_iter().filter(|it| it.0.contains(&only)) {
        if let Some(missing) = needs.iter().find(|it| !is_here(it)) {
            eprintln!("skipped: {name}: not here: {missing}");
            continue;
        }
        let sample = scaffold::find(name).unwrap();
        let project = Project::new(&[(".gitattributes", "")]);
        let files = scaffold::render(&sample, &Options::default()).unwrap();
        scaffold::lay_down(project.path(), &files, Mode::Keep).unwrap();
        let bug = Bug { file: file.into(), from: from.into(), to: to.into() };
        let has_both = ["python3.11", "python3.13"].iter().all(|it| answers(it));
        let part =
            if name == "geomancer" && !has_both { ["python-3.11", "python-3.13"].as_slice() } else { &[] };
        if !part.is_empty() {
            eprintln!("skipped: tox and coverage of {name}: Python 3.11 and 3.13 are not both here");
        }
        let call = |project: &Project| {
            let mut command = called(project, machine, false);
            command.args(part.iter().map(|it| format!("--pipeline={it}")));
            for secret in &sample.secrets {
                command.arg(format!("--secret={}", secret.name)).env(&secret.name, "made-up-for-this-test");
            }
            command
        };
        copy(packages.path(), &project.path().join(PACKAGES));
        notices(&project, &bug, &call).unwrap_or_else(|it| panic!("{name}: {it}"));
    }
}

#[test]
fn proposed_pipelines_are_green_and_a_planted_bug_makes_them_red() {
    let machine = machine();
    let packages = tempfile::tempdir().unwrap();
    Index::embedded().unwrap().write(packages.path()).unwrap();
    let work = Mutex::new(chosen().into_iter());
    let wrong = Mutex::new(Vec::new());
    let next = || work.lock().unwrap().next();
    let one = || {
        while let Some((fixture, run)) = next() {
            let began = Instant::now();
            let found = proved(&fixture, &run, machine, packages.path());
            eprintln!("{}: {:.1?}", name_of(&fixture), began.elapsed());
            wrong.lock().unwrap().extend(found.err());
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(one);
        scope.spawn(one);
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The best machine of those that work here, without containers: their images are not here.
fn machine() -> &'static str {
    let Err(why) = bubblewrap() else { return "bubblewrap" };
    eprintln!("bubblewrap does not work here ({why}): the pipelines run in a plain folder");
    "plain"
}

/// What can be run here; the others are named. `CIWORKSHOP_TEST_ONLY` is a part of a name.
fn chosen() -> Vec<(PathBuf, Run)> {
    let long = std::env::var_os("CIWORKSHOP_TEST_LONG").is_some();
    let only = std::env::var("CIWORKSHOP_TEST_ONLY").unwrap_or_default();
    let mut chosen = Vec::new();
    for fixture in fixtures().into_iter().filter(|it| it.join("expected.yml").is_file()) {
        let (run, name) = (run_of(&fixture), name_of(&fixture));
        let missing: BTreeSet<_> = run.needs.iter().filter(|it| !is_here(it)).map(String::as_str).collect();
        if !name.contains(&only) {
        } else if let Some(why) = &run.reason {
            eprintln!("not run: {name}: {why}");
        } else if run.long.is_some() && !long {
            eprintln!("only with CIWORKSHOP_TEST_LONG: {name}");
        } else if !missing.is_empty() {
            eprintln!("skipped: {name}: not here: {}", missing.into_iter().collect::<Vec<_>>().join(", "));
        } else {
            chosen.push((fixture, run));
        }
    }
    chosen
}

/// A program may be there as no more than a signpost to versions that are not.
fn answers(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|it| it.status.success())
}

/// A program, one of at least some version (`go>=1.21`), or a file by its path.
fn is_here(need: &str) -> bool {
    if need.starts_with('/') {
        return Path::new(need).is_file();
    }
    if let Some((program, oldest)) = need.split_once(">=") {
        return version(program).is_some_and(|it| Some(it) >= numbers(oldest));
    }
    if need.starts_with("python") {
        return answers(need);
    }
    let found = Command::new("sh").args(["-c", "command -v \"$1\"", "sh", need]).output();
    found.unwrap().status.success()
}

/// The first two numbers of what `PROGRAM version` says, with which Go and its like answer.
fn version(program: &str) -> Option<(u32, u32)> {
    let said = Command::new(program).arg("version").output().ok()?;
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    text.split_whitespace().find_map(|it| numbers(it.trim_start_matches(char::is_alphabetic)))
}

fn numbers(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

fn proved(fixture: &Path, run: &Run, machine: &str, packages: &Path) -> Result<(), String> {
    let project = Project::new(&[(".gitattributes", "")]);
    copy(&fixture.join("files"), project.path());
    fs::copy(fixture.join("expected.yml"), project.path().join(".drone.yml")).unwrap();
    let own = project.path().join(PACKAGES);
    let constraints = own.join("constraints.txt");
    fs::create_dir(&own).unwrap();
    if !run.network {
        copy(packages, &own);
    }
    fs::write(&constraints, run.constraints.join("\n") + "\n").unwrap();
    for command in &run.before {
        let mut shell = Command::new("sh");
        let output = shell.args(["-c", command]).current_dir(project.path());
        let output = output.env("PIP_CONSTRAINT", &constraints).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        output
            .status
            .success()
            .then_some(())
            .ok_or_else(|| format!("{}: {command}: {said}", name_of(fixture)))?;
    }
    let bug = run.bug.as_ref().unwrap();
    let call = |project: &Project| {
        let mut command = called(project, machine, run.network);
        if !run.constraints.is_empty() {
            command.arg(format!("--env=PIP_CONSTRAINT=/drone/src/{PACKAGES}/constraints.txt"));
        }
        command
    };
    notices(&project, bug, &call).map_err(|it| format!("{}: {it}", name_of(fixture)))
}

/// Green as it is, and red with the bug.
fn notices(project: &Project, bug: &Bug, call: &dyn Fn(&Project) -> Command) -> Result<(), String> {
    // A step sees what is committed, and little else.
    commit(project);
    expect(call(project), 0)?;
    let path = project.path().join(&bug.file);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches(&bug.from).count(), 1, "{}: `{}` stands once", path.display(), bug.from);
    fs::write(&path, text.replace(&bug.from, &bug.to)).unwrap();
    commit(project);
    expect(call(project), 1).map_err(|it| format!("with `{}` for `{}`: {it}", bug.to, bug.from))
}

fn commit(project: &Project) {
    project.git(&["add", "--all"]);
    // Whatever the project ignores.
    project.git(&["add", "--force", PACKAGES]);
    project.git(&["commit", "--quiet", "--message=now"]);
}

/// The run of a push.
fn called(project: &Project, machine: &str, network: bool) -> Command {
    let mut command = project.run(machine, &["--timeout", "10"]);
    if network {
        command.args(registries().into_iter().map(|(name, value)| format!("--env={name}={value}")));
    } else {
        command.arg("--offline");
        command.args(variables().map(|(name, value)| format!("--env={name}={value}")));
    }
    command
}

/// Runs it, and compares the exit code.
fn expect(mut command: Command, code: i32) -> Result<(), String> {
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    let ended = output.status.code();
    // What is red must be so because of the project.
    let excuse = ["No matching distribution", "not on this machine:"].iter().any(|it| said.contains(it));
    let fine = ended == Some(code) && !excuse;
    fine.then_some(()).ok_or_else(|| format!("exit code {ended:?}, not {code}\n{said}"))
}

/// Where packages come from on this machine, as its own settings say: a step does not see those.
fn registries() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = std::env::vars()
        .filter(|it| {
            [
                "PIP_INDEX_URL",
                "PIP_CERT",
                "SSL_CERT_FILE",
                "REQUESTS_CA_BUNDLE",
                "UV_DEFAULT_INDEX",
                "GOPROXY",
                "NODE_EXTRA_CA_CERTS",
                "COREPACK_INTEGRITY_CHECK",
                "COREPACK_NPM_REGISTRY",
            ]
            .contains(&it.0.as_str())
        })
        .collect();
    let output = Command::new("python3").args(["-m", "pip", "config", "get", "global.index-url"]).output();
    if let Some(output) = output.ok().filter(|it| it.status.success()) {
        let address = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        found.extend(["PIP_INDEX_URL", "UV_DEFAULT_INDEX"].map(|name| (name.to_owned(), address.clone())));
    }
    found
}

/// What points the steps to the packages. A plain path, which a machine without mounts can put right; and whatever
/// Python is here has to do, as the line about the stand-in says.
fn variables() -> impl Iterator<Item = (String, String)> {
    let seen_at = format!("/drone/src/{PACKAGES}");
    let all = index::environment(&seen_at).into_iter();
    let all =
        all.map(|(name, value)| (name, value.strip_prefix("file://").map_or(value.clone(), str::to_owned)));
    all.chain([("PIP_IGNORE_REQUIRES_PYTHON".to_owned(), "1".to_owned())])
}
