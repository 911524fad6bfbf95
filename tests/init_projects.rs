//! Every folder of `tests/init_projects`: a project, the `.drone.yml` that `init` proposes for it, and what it says. What is
//! expected was read by a person; `WRITE_EXPECTED=1` writes what comes out now, for the next one to read.

#![allow(clippy::print_stderr, reason = "what is skipped is said")]
#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ciworkshop::engine::lint::{publishing_command, report, verdict};
use ciworkshop::engine::pipeline::{Parameter, Step, Variable, read};
use ciworkshop::engine::plan::{Build, Event, Faults, plan};
use ciworkshop::engine::plugin::of_image;
use ciworkshop::engine::source::SourceFile;
use ciworkshop::scaffold::{PIPELINE, Proposal, Survey, Wishes, propose};
use support::init_projects::{copy, fixtures, name_of};
use tempfile::TempDir;

/// The project in a folder of the fixture's name. Names that begin with `_` stand for those that tools look for.
fn laid(fixture: &Path) -> (TempDir, PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join(fixture.file_name().unwrap());
    copy(&fixture.join("files"), &target);
    (place, target)
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

/// The table of layouts has every project once, and each says what it is like and by what one sees that.
#[test]
fn the_table_of_layouts_has_every_project_once() {
    let text = include_str!("init_projects/README.md");
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter(|it| it.starts_with("| "))
        .skip(2)
        .map(|it| it.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    let listed: Vec<String> = rows.iter().map(|it| it[0].to_owned()).collect();
    let there: Vec<String> = fixtures().iter().map(|it| name_of(it)).collect();
    assert_eq!(listed, there);
    for row in &rows {
        let repository = row[1].starts_with('[') && row[1].contains("](https://github.com/");
        assert!(row.len() == 3 && (repository || row[1] == "a trap") && !row[2].is_empty(), "{row:?}");
    }
    assert!(rows.iter().filter(|it| it[1] != "a trap").count() >= 60, "most layouts are real ones");
}

#[test]
fn every_project_gets_the_pipeline_that_a_careful_colleague_would_write() {
    let mut wrong = Vec::new();
    for fixture in fixtures() {
        let (_place, folder) = laid(&fixture);
        let (text, said) = match proposed(&folder) {
            Ok(proposal) => (proposal.text.clone(), said(&proposal)),
            Err(error) => {
                (String::new(), format!("error: {}\n", error.replace(folder.to_str().unwrap(), "FOLDER")))
            }
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
fn shellcheck_finds_nothing_in_the_commands_that_are_proposed() {
    let there = Command::new("shellcheck").arg("--version").output().is_ok_and(|it| it.status.success());
    if !there {
        eprintln!("skipped: shellcheck is missing");
        return;
    }
    let files = fixtures().into_iter().map(|it| it.join("expected.yml")).filter(|it| it.is_file());
    let mut command = Command::new(env!("CARGO_BIN_EXE_ciworkshop"));
    let output = command.args(["lint", "--shellcheck", "always"]).args(files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(
        !String::from_utf8_lossy(&output.stdout).contains("[shellcheck]"),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
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
            assert_eq!(
                publishes,
                event == Event::Tag && text.contains("\nname: publish\n"),
                "{}",
                fixture.display()
            );
        }
    }
}

/// `ciworkshop run` holds back only what it knows to publish.
#[test]
fn what_publishes_is_known_to_do_so_and_is_never_done_by_a_run() {
    for fixture in fixtures() {
        let Ok(text) = fs::read_to_string(fixture.join("expected.yml")) else { continue };
        let (manifest, _) = read(&SourceFile::new(PIPELINE, text));
        let secret = |it: &Step| {
            it.environment.iter().any(|it| matches!(it.1, Variable::Secret(_)))
                || it.settings.iter().any(|it| matches!(it.1, Parameter::Secret(_)))
        };
        for step in manifest.pipelines().flat_map(|it| &it.steps).filter(|it| secret(it)) {
            let commands: Vec<_> = step.commands().iter().map(|it| it.value.as_str()).collect();
            let known = match commands.as_slice() {
                [] => of_image(step.image()).is_some(),
                commands => publishing_command(&commands.join("\n")).is_some(),
            };
            assert!(known, "{}: {commands:?}", fixture.display());
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

/// The proposal for a fixture with some texts replaced in all its files and paths.
fn changed(fixture: &str, swaps: &[(&str, &str)]) -> String {
    let (place, folder) =
        laid(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/init_projects").join(fixture));
    let target = place.path().join("changed").join(fixture);
    swapped(&folder, &target, swaps);
    proposed(&target).unwrap().text
}

fn swapped(from: &Path, to: &Path, swaps: &[(&str, &str)]) {
    let swap = |text: String| swaps.iter().fold(text, |text, (old, new)| text.replace(old, new));
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(swap(entry.file_name().into_string().unwrap()));
        if entry.path().is_dir() {
            swapped(&entry.path(), &target, swaps);
        } else {
            fs::write(target, swap(fs::read_to_string(entry.path()).unwrap())).unwrap();
        }
    }
}

fn expected(fixture: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/init_projects").join(fixture);
    fs::read_to_string(folder.join("expected.yml")).unwrap()
}

#[test]
fn another_name_version_or_folder_changes_the_file_there_and_nowhere_else() {
    type Swaps = &'static [(&'static str, &'static str)];
    let cases: [(&str, Swaps, Swaps); 8] = [
        (
            "python-uv",
            &[("tide-table", "moon-phase"), ("tide_table", "moon_phase")],
            &[("tide-table", "moon-phase")],
        ),
        ("python-private", &[("vault", "crypt")], &[("vault", "crypt")]),
        ("python-requirements", &[("3.12.4", "3.11.9")], &[("3.12", "3.11")]),
        ("python-requirements", &[("tests", "test")], &[("tests/", "test/")]),
        (
            "python-no-tests",
            &[("quiet_owl", "loud_owl"), ("quiet-owl", "loud-owl")],
            &[("quiet_owl", "loud_owl"), ("quiet-owl", "loud-owl")],
        ),
        (
            "go-program",
            &[("octo/ferry", "octo/barge")],
            &[("octo/ferry", "octo/barge"), ("dist/ferry", "dist/barge")],
        ),
        ("node-yarn", &[("v22.11.0", "v24.1.0")], &[("node 22", "node 24"), ("node:22", "node:24")]),
        (
            "java-maven",
            &[("<maven.compiler.release>17", "<maven.compiler.release>21")],
            &[("java 17", "java 21"), ("temurin-17", "temurin-21")],
        ),
    ];
    for (fixture, swaps, wanted) in cases {
        let before = expected(fixture);
        let wanted = wanted.iter().fold(before, |text, (old, new)| text.replace(old, new));
        assert_eq!(changed(fixture, swaps), wanted, "{fixture} {swaps:?}");
    }
}

#[test]
fn what_jsr_would_refuse_is_not_published() {
    assert_eq!(
        expected("deno-jsr").matches("deno publish").count(),
        2,
        "tried on each push, sent with a tag"
    );
    let without_licence = changed("deno-jsr", &[("\"license\"", "\"licence\"")]);
    assert!(!without_licence.contains("deno publish"), "{without_licence}");
    assert!(without_licence.contains("deno test"), "{without_licence}");
}

#[test]
fn an_old_service_and_a_name_that_two_packages_have_leave_a_clean_file() {
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);
    let cases: [Case<'_>; 2] = [
        ("services-compose", &[("postgres:16", "postgres:12")], "allow(end-of-life-image) the project asks"),
        ("monorepo-two-packages", &[("quay-api", "quay"), ("@quay/web", "quay")], "name: publish-quay-2\n"),
    ];
    for (fixture, swaps, wanted) in cases {
        let text = changed(fixture, swaps);
        assert!(text.contains(wanted), "{fixture}: {text}");
        let found = report(&SourceFile::new(PIPELINE, text));
        assert!(found.problems.is_empty(), "{fixture}: {:?}", found.problems);
    }
}

#[test]
fn a_file_of_an_owner_gets_what_it_lacks_and_keeps_every_line() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/init_projects/python-requirements");
    let (_place, folder) = laid(&fixture);
    let proposal = proposed(&folder).unwrap();
    // Complete as it is, whatever it looks like.
    let own = "# mine\nkind: pipeline\nname: all\nsteps:\n- {name: t, image: 'python:3.12', commands: [pytest -x]} # keep\n";
    assert!(proposal.update(own).unwrap().changes.is_empty());
    // Without a test: it is added at the end.
    let lacking = own.replace("pytest -x", "echo hi").replace("name: all", "name: test");
    let update = proposal.update(&lacking).unwrap();
    assert!(update.text.starts_with(&lacking), "{}", update.text);
    assert!(update.text[lacking.len()..].contains("name: test-2\n"), "{}", update.text);
    assert!(
        report(&SourceFile::new(PIPELINE, update.text.clone()))
            .problems
            .iter()
            .all(|it| it.code != "duplicate-pipeline-name")
    );
    // What was added is not added again.
    assert!(proposal.update(&update.text).unwrap().changes.is_empty());
    // A version that the project no longer names is changed in its place, with the owner's ending and quotes.
    let old = proposal.text.replace("image: python:3.12-slim", "image: \"python:3.10-slim-bookworm\" # ours");
    let update = proposal.update(&old).unwrap();
    assert_eq!(update.text, old.replace("python:3.10-slim-bookworm", "python:3.12-slim-bookworm"));
    // What Drone cannot read is not touched.
    for broken in ["kind: [\n", "kind: pipeline\nname: x\n...\nkind: y\n", "pipeline:\n  x:\n    image: y\n"]
    {
        let error = proposal.update(broken).unwrap_err().to_string();
        assert!(error.starts_with(".drone.yml:"), "{error}");
    }
}

#[test]
fn what_publishes_waits_for_a_test_that_is_added() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/init_projects/python-requirements");
    let (_place, folder) = laid(&fixture);
    let proposal = proposed(&folder).unwrap();
    let build =
        "kind: pipeline\nname: build # mine\nsteps:\n- {name: b, image: 'alpine:3', commands: [ls]}\n";
    let release = "kind: pipeline\nname: out\nsteps:\n- {name: r, image: 'alpine:3', commands: [ls]}\ntrigger: {event: tag}\n";
    // How it is written → what becomes of it.
    let cases = [
        ("depends_on:\n- build # first\n", "depends_on:\n- build # first\n- test\n"),
        ("depends_on: [build] # so\n", "depends_on: [build, test] # so\n"),
        ("depends_on: [\n  build,\n]\n", "depends_on: [\n  build, test,\n]\n"),
        ("", "\ndepends_on:\n- test\n"),
    ];
    for (before, after) in cases {
        let own = format!("{build}---\n{release}{before}");
        let update = proposal.update(&own).unwrap();
        assert_eq!(
            update.changes,
            ["the pipeline `test` is added, and what publishes waits for it"],
            "{own}"
        );
        assert!(
            update.text.starts_with(build) && update.text.ends_with(&format!("{release}{after}")),
            "{}",
            update.text
        );
        let source = SourceFile::new(PIPELINE, update.text.clone());
        assert!(verdict(&source).judgements.iter().all(|it| it.untrusted.is_none()), "{}", update.text);
        assert!(proposal.update(&update.text).unwrap().changes.is_empty(), "{}", update.text);
    }
    // The file begins with what publishes.
    let update = proposal.update(release).unwrap();
    assert!(update.text.ends_with(&format!("\n---\n{release}\ndepends_on:\n- test\n")), "{}", update.text);
    // Written so that it takes a person: the test is added below, and that is said.
    let shared = format!("{release}depends_on: []\n");
    let update = proposal.update(&shared).unwrap();
    assert!(update.changes[0].ends_with("and move it up") && update.text.starts_with(&shared), "{update:?}");
}

#[test]
fn a_team_brings_templates_of_its_own() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/init_projects/python-requirements");
    let (place, folder) = laid(&fixture);
    let templates = place.path().join("templates");
    let with = || {
        let wishes = Wishes { templates: Some(templates.clone()), ..Wishes::default() };
        propose(&Survey::of(&folder).unwrap(), &wishes).map(|it| it.text).map_err(|it| it.to_string())
    };
    fs::create_dir(&templates).unwrap();
    assert!(with().unwrap_err().contains("there is none of drone.yml.jinja"));
    fs::write(
        templates.join("step.yml.jinja"),
        "  - name: {{ step.name | yaml }} # ours\n    image: {{ step.image }}\n",
    )
    .unwrap();
    assert!(with().unwrap().contains("  - name: test # ours\n    image: python:3.12-slim\n"));
    fs::write(templates.join("step.yml.jinja"), "a\n{{ step.imag }}\n").unwrap();
    let error = with().unwrap_err();
    assert!(error.contains("step.yml.jinja: line 2"), "{error}");
}
