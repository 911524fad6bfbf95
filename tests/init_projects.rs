//! Every folder of tests/init_projects: a project, the `.drone.yml` that `init` proposes for it, and what it says. What is
//! expected was read by a person; `WRITE_EXPECTED=1` writes what comes out now, for the next one to read.

#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ciworkshop::engine::lint::{report, verdict};
use ciworkshop::engine::plan::{Build, Event, Faults, plan};
use ciworkshop::engine::source::SourceFile;
use ciworkshop::scaffold::{PIPELINE, Proposal, Survey, Wishes, propose};
use tempfile::TempDir;

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/init_projects");
    let mut found: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    found.sort();
    found
}

/// The project in a folder of the fixture's name. Names that begin with `_` stand for those that tools look for.
fn laid(fixture: &Path) -> (TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join(fixture.file_name().unwrap());
    copy(&fixture.join("files"), &target);
    (place, target)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let name = match name.strip_prefix('_') {
            Some("Cargo.toml") => "Cargo.toml".to_owned(),
            Some(rest) if !rest.starts_with('_') => format!(".{rest}"),
            _ => name,
        };
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(name));
        } else {
            fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

fn proposed(folder: &Path) -> Result<Proposal, String> {
    let survey = Survey::of(folder).map_err(|it| it.to_string())?;
    propose(&survey, &Wishes::default()).map_err(|it| it.to_string())
}

/// What is said beside the file, as a person reads it.
fn said(proposal: &Proposal) -> String {
    proposal.advice.iter().map(|it| format!("- {}\n  {}\n", it.what, it.next)).collect()
}

fn expect(path: &Path, text: &str) -> Option<String> {
    if std::env::var_os("WRITE_EXPECTED").is_some() {
        if text.is_empty() {
            let _ = fs::remove_file(path);
        } else {
            fs::write(path, text).unwrap();
        }
    }
    let wanted = fs::read_to_string(path).unwrap_or_default();
    (wanted != text).then(|| format!("{}:\n--- expected\n{wanted}\n--- proposed\n{text}", path.display()))
}

#[test]
fn every_project_gets_the_pipeline_that_a_careful_colleague_would_write() {
    let mut wrong = Vec::new();
    for fixture in fixtures() {
        let (_place, folder) = laid(&fixture);
        let (text, said) = match proposed(&folder) {
            Ok(proposal) => (proposal.text.clone(), said(&proposal)),
            Err(error) => (String::new(), format!("error: {}\n", error.replace(folder.to_str().unwrap(), "FOLDER"))),
        };
        wrong.extend(expect(&fixture.join("expected.yml"), &text));
        wrong.extend(expect(&fixture.join("advice.txt"), &said));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_program_of_drone_and_no_rule_finds_anything_in_what_is_proposed() {
    let mut wrong = Vec::new();
    for fixture in fixtures() {
        let Ok(text) = fs::read_to_string(fixture.join("expected.yml")) else { continue };
        let name = fixture.file_name().unwrap().to_string_lossy().into_owned();
        let source = SourceFile::new(PIPELINE, text);
        for problem in report(&source).problems {
            let line = source.line_column(problem.primary.span.start).line;
            wrong.push(format!("{name}:{line}: {}: {}", problem.code, problem.message));
        }
        for judgement in verdict(&source).judgements {
            if judgement.untrusted.or(judgement.trusted).is_some() {
                wrong.push(format!("{name}: {:?} refuses it", judgement.program));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pushes_and_pull_requests_are_tested_and_only_a_tag_publishes() {
    for fixture in fixtures() {
        let Ok(text) = fs::read_to_string(fixture.join("expected.yml")) else { continue };
        let source = SourceFile::new(PIPELINE, text.clone());
        for event in [Event::Push, Event::PullRequest, Event::Tag] {
            let planned = plan(&source, &Build::new(event), &Faults::default());
            let started: Vec<_> = planned.started().map(|it| it.name.as_str()).collect();
            let publishes = started.contains(&"publish");
            assert!(started.len() > usize::from(publishes), "{}: {event:?} tests nothing", fixture.display());
            assert_eq!(publishes, event == Event::Tag && text.contains("\nname: publish\n"), "{}", fixture.display());
        }
    }
}

#[test]
fn no_file_comes_out_for_two_projects() {
    let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
    for fixture in fixtures() {
        let Ok(text) = fs::read_to_string(fixture.join("expected.yml")) else { continue };
        if let Some(other) = seen.insert(text, fixture.clone()) {
            panic!("{} and {} get the same file", other.display(), fixture.display());
        }
    }
}
