//! Every rule's folder: the page, the bad example with its exact rendering, the good example, and the same trap in
//! other clothes. `UPDATE_EXPECT=1` rewrites the renderings; read the difference before it is kept.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ciworkshop_engine::diagnostic::{Diagnostic, Severity, render};
use ciworkshop_engine::lint::{Rule, Which, apply, fix, report, rules};
use ciworkshop_engine::source::SourceFile;

/// What people see: what a comment in the file allows is not among it.
fn lint(source: &SourceFile) -> Vec<Diagnostic> {
    report(source).problems
}

fn folder(rule: &Rule) -> PathBuf {
    root().join(rule.code.replace('-', "_"))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lint/rules")
}

fn source(path: &Path) -> SourceFile {
    let bytes = fs::read(path).unwrap_or_else(|it| panic!("{}: {it}", path.display()));
    SourceFile::from_bytes(path.file_name().expect("it is a file").to_string_lossy(), &bytes)
}

fn bad(rule: &Rule) -> SourceFile {
    source(&folder(rule).join("bad.yml"))
}

fn text(text: &str) -> SourceFile {
    SourceFile::new("it.yml", text)
}

/// What each diagnostic points to, with its code.
fn places(source: &SourceFile) -> Vec<(&'static str, String)> {
    lint(source).iter().map(|it| (it.code, source.slice(it.primary.span).to_owned())).collect()
}

/// What is found of a rule, and all that is worse than a hint of any other: a rule's example may well hold what
/// could be better in another respect.
fn found(rule: &Rule, source: &SourceFile) -> Vec<Diagnostic> {
    let mut found = lint(source);
    found.retain(|it| it.code == rule.code || it.severity != Severity::Hint);
    found
}

/// The places of those.
fn places_of(rule: &Rule, source: &SourceFile) -> Vec<(&'static str, String)> {
    found(rule, source).iter().map(|it| (it.code, source.slice(it.primary.span).to_owned())).collect()
}

/// The same, sorted, as it is when only the order of the text changes.
fn sorted(rule: &Rule, source: &SourceFile) -> Vec<(&'static str, String)> {
    let mut places = places_of(rule, source);
    places.sort();
    places
}

#[test]
fn every_folder_is_a_rule_and_every_rule_has_a_folder() {
    let folders: BTreeSet<String> = fs::read_dir(root())
        .unwrap()
        .map(|it| it.unwrap())
        .filter(|it| it.file_type().unwrap().is_dir())
        .map(|it| it.file_name().to_string_lossy().replace('_', "-"))
        .collect();
    let codes: BTreeSet<String> = rules::ALL.iter().map(|it| it.code.to_owned()).collect();
    assert_eq!(codes, folders);
    assert_eq!(codes.len(), rules::ALL.len(), "a code is there twice");
    assert!(rules::ALL.is_sorted_by_key(|it| it.code), "the catalogue is sorted by name");
}

#[test]
fn every_bad_example_triggers_just_its_rule_and_is_rendered_exactly() {
    for rule in rules::ALL {
        let source = bad(rule);
        let found = found(rule, &source);
        assert!(!found.is_empty(), "{}: nothing found", rule.code);
        let worst = found.iter().map(|it| it.severity).max();
        assert_eq!(worst, Some(rule.severity), "{}: another severity", rule.code);
        for problem in &found {
            assert_eq!(problem.code, rule.code, "{}", render(problem, &source, false));
            let refused = !problem.refusals.is_empty();
            assert_eq!(refused, problem.severity == Severity::Error, "{}: errors are refused", rule.code);
            assert!(!problem.message.ends_with('.'), "{}: a final stop: {}", rule.code, problem.message);
            let texts = [&problem.why, &problem.help].into_iter().flatten();
            let stops: Vec<_> = texts.filter(|it| it.ends_with('.') && !it.ends_with("..")).collect();
            assert!(stops.is_empty(), "{}: a final stop: {stops:?}", rule.code);
            assert!(problem.help.is_some(), "{}: no next step in {}", rule.code, problem.message);
            assert!(problem.why.is_some(), "{}: no reason in {}", rule.code, problem.message);
        }
        let rendered: Vec<String> = found.iter().map(|it| render(it, &source, false)).collect();
        let rendered = rendered.join("\n\n") + "\n";
        let path = folder(rule).join("bad.txt");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&path, &rendered).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(rendered, expected, "{}: bad.txt differs", rule.code);
    }
}

#[test]
fn every_good_example_is_silent() {
    for rule in rules::ALL {
        let source = source(&folder(rule).join("good.yml"));
        assert_eq!(places_of(rule, &source), [], "{}", rule.code);
    }
}

#[test]
fn every_rule_stays_silent_on_three_files_that_come_close() {
    for rule in rules::ALL {
        let all = source(&folder(rule).join("near.yml"));
        let near: Vec<&str> = all.text().split("# near: ").skip(1).collect();
        assert!(near.len() >= 3, "{}: only {} files that come close", rule.code, near.len());
        for file in near {
            let file = text(file.split_once('\n').expect("a line says why it is fine").1);
            assert_eq!(places_of(rule, &file), [], "{}\n{}", rule.code, file.text());
        }
    }
}

#[test]
fn every_page_has_its_sections_and_its_examples_behave_as_it_says() {
    for rule in rules::ALL {
        let code = rule.code;
        let page = rule.page;
        assert!(page.starts_with(&format!("# {code}\n\n")), "{code}: the title is the code");
        let refused = page.contains("\n## Who refuses it\n");
        assert_eq!(refused, rule.severity == Severity::Error, "{code}: a section on who refuses it");
        for heading in ["Why it matters", "After"] {
            assert!(page.contains(&format!("\n## {heading}\n")), "{code}: no section `{heading}`");
        }
        // Bytes that no text can hold have no example on a page, nor has a line that no page can hold.
        if !matches!(code, "yaml-encoding" | "yaml-character" | "long-line") {
            let before = text(block(page, "Before").unwrap_or_else(|| panic!("{code}: no example")));
            let codes: BTreeSet<_> = found(rule, &before).iter().map(|it| it.code).collect();
            assert_eq!(codes, BTreeSet::from([code]), "{code}: the example before");
        }
        let after = text(block(page, "After").unwrap_or_else(|| panic!("{code}: no example")));
        assert_eq!(places_of(rule, &after), [], "{code}: the example after");
        assert!(page.lines().all(|it| it.chars().count() <= 120), "{code}: a line is too long");
    }
}

/// The YAML block under a heading.
fn block<'p>(page: &'p str, heading: &str) -> Option<&'p str> {
    let section = page.split_once(&format!("\n## {heading}\n"))?.1;
    let block = section.split_once("```yaml\n")?.1;
    Some(block.split_once("```")?.0)
}

/// Every rule whose example is a text: bytes that are none stand in an example of their own.
fn texts() -> impl Iterator<Item = &'static Rule> {
    rules::ALL.iter().filter(|it| it.code != "yaml-encoding")
}

/// Rules about how a text is laid out: dressed otherwise, it is another text. Each with the dress that does not fit it.
const LAYOUT: &[(&str, &str)] = &[
    // A number in JSON is spelled anew, so that nothing is left to be changed.
    ("mangled-setting", "flow"),
    // The dress brings a secret along that nobody asks for.
    ("secret-name", "later"),
    // What stands before the first document is its point.
    ("missing-kind", "later"),
    // What a line of the wrong indentation looks like is its point, and the error cuts its document off.
    ("yaml-syntax", "indented"),
    ("yaml-syntax", "anchor"),
    // Flow style cannot hold what these are about, or loses it on the way.
    ("legacy", "flow"),
    ("allow-comment", "flow"),
    ("late-merge", "flow"),
    // The dress takes only lines of three dashes and nothing else for separators.
    ("separator-text", "anchor"),
    // The dress writes below the last line, which is not read here.
    ("text-behind-end", "anchor"),
    ("long-line", "anchor"),
    // How YAML reads a command without quotes is their point.
    ("cut-command", "flow"),
    ("eaten-word", "flow"),
    ("folded-commands", "flow"),
];

/// The rules whose example can wear a dress.
fn wearing(dress: &'static str) -> impl Iterator<Item = &'static Rule> {
    let flow = dress == "flow";
    texts().filter(move |it| !LAYOUT.contains(&(it.code, dress)) && (!flow || !it.code.starts_with("yaml-")))
}

#[test]
fn a_trap_is_found_with_the_line_ends_of_windows() {
    for rule in wearing("windows") {
        let source = bad(rule);
        let windows = text(&source.text().replace('\n', "\r\n"));
        assert_eq!(places_of(rule, &windows), places_of(rule, &source), "{}", rule.code);
    }
}

#[test]
fn a_trap_is_found_in_a_later_document() {
    for rule in wearing("later") {
        let source = bad(rule);
        let later = text(&format!("kind: secret\nname: first\ndata: eA==\n---\n{}", source.text()));
        assert_eq!(places_of(rule, &later), places_of(rule, &source), "{}", rule.code);
    }
}

#[test]
fn a_trap_is_found_when_the_lists_are_indented() {
    for rule in wearing("indented") {
        let source = bad(rule);
        let deeper = |line: &str| {
            let inner = line.starts_with([' ', '-']) && !line.starts_with("---");
            if inner { format!("  {line}\n") } else { format!("{line}\n") }
        };
        let indented = text(&source.text().lines().map(deeper).collect::<String>());
        assert_eq!(places_of(rule, &indented), places_of(rule, &source), "{}", rule.code);
    }
}

#[test]
fn a_trap_is_found_in_flow_style() {
    for rule in wearing("flow") {
        let source = bad(rule);
        let flow: Vec<String> = source
            .text()
            .split("---\n")
            .map(|it| {
                serde_yaml::from_str::<serde_json::Value>(it).map_or_else(|_| it.into(), |it| it.to_string())
            })
            .collect();
        let flow = text(&flow.join("\n---\n"));
        let count = |it: &SourceFile| {
            let found = found(rule, it);
            assert!(found.iter().all(|it| it.code == rule.code), "{}: {:?}", rule.code, places(&flow));
            found.len()
        };
        assert_eq!(count(&flow), count(&source), "{}\n{}", rule.code, flow.text());
    }
}

#[test]
fn a_trap_is_found_behind_an_anchor() {
    for rule in wearing("anchor") {
        let source = bad(rule);
        let documents: Vec<String> = source.text().split("---\n").map(behind_anchors).collect();
        let moved = text(&documents.join("---\n"));
        assert_eq!(sorted(rule, &moved), sorted(rule, &source), "{}\n{}", rule.code, moved.text());
    }
}

/// `steps:` becomes `x-steps: &steps`, and the last line `steps: *steps`.
fn behind_anchors(document: &str) -> String {
    let mut document = document.to_owned();
    for key in ["steps", "services", "volumes"] {
        let line = format!("\n{key}:\n");
        if document.contains(&line) {
            document = document.replace(&line, &format!("\nx-{key}: &{key}\n"));
            document = format!("{document}{key}: *{key}\n");
        }
    }
    document
}

#[test]
fn every_place_is_the_smallest_that_says_it() {
    let line = |rule: &Rule| {
        let places: Vec<String> = places_of(rule, &bad(rule)).into_iter().map(|it| it.1).collect();
        format!("{}: {}\n", rule.code, places.join(" | "))
    };
    let table: String = rules::ALL.iter().map(line).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules-places.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &table).unwrap();
    }
    assert_eq!(table, fs::read_to_string(path).unwrap_or_default());
}

#[test]
fn every_safe_fix_mends_its_problem_and_is_needed_once() {
    let mut mended = 0;
    for rule in rules::ALL {
        let source = bad(rule);
        for problem in lint(&source) {
            for fix in problem.fixes.iter().filter(|it| it.safe) {
                let fixed = text(&apply(source.text(), &fix.edits));
                let still = |it: &Diagnostic| {
                    it.message == problem.message && it.primary.span == problem.primary.span
                };
                assert!(!lint(&fixed).iter().any(still), "{}: {}\n{}", rule.code, fix.message, fixed.text());
                mended += 1;
            }
        }
    }
    assert!(mended >= 5, "only {mended} fixes");
}

#[test]
fn fixing_a_bad_example_twice_is_as_fixing_it_once() {
    for rule in rules::ALL {
        for which in [Which::Safe, Which::All] {
            let fixed = fix(&bad(rule), which, &lint);
            let again = fix(&text(&fixed.text), which, &lint);
            assert_eq!((again.rounds, &again.text), (0, &fixed.text), "{}", rule.code);
        }
    }
}

#[test]
fn one_bad_document_hides_no_other() {
    let file = text(concat!(
        "kind: pipeline\nname: one\nsteps:\n- name: first\n",
        "---\nkind: pipeline\nname: two\nsteps:\n- name: a\n  image: b\n  commands:\n  - @make\n",
        "---\nkind: pipeline\nname: three\nsteps:\n- name: last\n",
    ));
    let expected = [("missing-image", "first"), ("yaml-syntax", "@"), ("missing-image", "last")];
    assert_eq!(places(&file), expected.map(|it| (it.0, it.1.to_owned())));
}

#[test]
fn what_stands_before_a_syntax_error_is_judged_and_what_it_cuts_off_is_not() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        // The name and the image of the step may stand behind the error.
        ("kind: pipeline\nsteps:\n- name: \"a\n  image: b\n", &[("yaml-syntax", "\"")]),
        ("kind: pipeline\nsteps:\n  - name: a\n   image: b\n", &[("yaml-syntax", "image")]),
        ("kind: pipeline\nsteps:\n- name: a\n\timage: b\n", &[("yaml-syntax", "\t")]),
        // So may the step that another one waits for, and the kind.
        ("kind: pipeline\nsteps:\n- {name: a, image: b, depends_on: [c]}\n- @\n", &[("yaml-syntax", "@")]),
        ("steps:\n- @\n", &[("yaml-syntax", "@")]),
        // A list or a map of the wrong shape on the same line is the same mistake.
        (
            "kind: pipeline\nsteps:\n- name: a\n  image: b\n  commands:\n  - [ -f x ] && y\n",
            &[("yaml-syntax", "[")],
        ),
        // What is complete stays judged.
        (
            "kind: pipeline\nsteps:\n- name: bare\n- {name: a, image: b}\n- {name: a, image: b}\n- @\n",
            &[("missing-image", "bare"), ("duplicate-step-name", "a"), ("yaml-syntax", "@")],
        ),
        // A value of a wrong shape is not missing as well.
        (
            "kind: pipeline\nsteps:\n- name: [a]\n  image: {b: c}\n",
            &[("wrong-shape", "[a]"), ("wrong-shape", "{b: c}")],
        ),
        ("kind: pipeline\nsteps:\n- name: a\n  image: *b\n", &[("yaml-anchor", "*b")]),
    ];
    for (file, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|it| (it.0, it.1.to_owned())).collect();
        assert_eq!(places(&text(file)), expected, "{file}");
    }
}

#[test]
fn what_one_program_ignores_hides_nothing_from_the_others() {
    // Only the server reads `ports`; the runner still wants an image.
    let file = text("kind: pipeline\ntype: docker\nsteps:\n- name: a\n  ports: ['80:80']\n");
    let codes: Vec<_> = lint(&file).iter().map(|it| (it.code, it.refusers().unwrap())).collect();
    let expected = [
        ("missing-image", "refused by the docker runner, drone lint and drone lint up to 1.5"),
        ("wrong-shape", "refused by the Drone server and drone lint up to 1.5"),
    ];
    assert_eq!(codes, expected.map(|it| (it.0, it.1.to_owned())));
}

#[test]
fn a_problem_that_several_programs_see_is_told_once() {
    // Each of the three ways to read this file gives another text.
    let file =
        text("kind: pipeline\ntype: docker\nname: ${DRONE_BRANCH}\nsteps:\n- name: a\n  commands: make\n");
    let expected = [("missing-image", "a"), ("wrong-shape", "make")];
    assert_eq!(places(&file), expected.map(|it| (it.0, it.1.to_owned())));
}

#[test]
fn a_typical_slip_points_to_the_character_and_gives_the_line() {
    let step = "kind: pipeline\nsteps:\n- name: a\n  image: b\n  commands:\n";
    let cases = [
        ("  - @x\n", "@", "'@x'"),
        ("  - `date`\n", "`", "'`date`'"),
        ("  - %x y\n", "%", "'%x y'"),
        ("  - *.sh\n", "*.sh", "'*.sh'"),
        ("  - | grep x\n", "|", "'| grep x'"),
        ("  - [[ -f x ]] && y # why\n", "[", "'[[ -f x ]] && y'"),
        ("  - {a} b\n", "{", "'{a} b'"),
        ("  - \"foo\" bar\n", "bar", "'\"foo\" bar'"),
        ("  - 'it's'\n", "s'", "'it''s'"),
        ("  - echo a: b: c\n", ":", "'echo a: b: c'"),
        ("  - echo \"a: b\"\n", "echo \"a: b\"", "- 'echo \"a: b\"'"),
        ("  - \"\\d\"\n", "\\d", "\\\\d"),
        ("  - 'open\n", "'", "close the quote"),
        ("\t- make\n", "\t", "spaces"),
        ("  ---\n", "---", "blanks before it"),
        ("  when: - x\n", "- x", "next line"),
        ("name:b\n", ":", "name: b"),
        (" tail: x\n", "tail", "after 2 spaces"),
    ];
    for (line, place, help) in cases {
        let file = text(&format!("{step}{line}"));
        let found = lint(&file);
        assert_eq!(found.len(), 1, "{line}: {:?}", places(&file));
        assert_eq!(file.slice(found[0].primary.span), place, "{line}");
        let given = found[0].help.as_deref().unwrap_or_default();
        assert!(given.contains(help), "{line}: {given}");
    }
}
