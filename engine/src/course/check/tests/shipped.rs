//! What is shipped: calls for each target, files that a plugin takes, two steps of one plugin, and badges.

use super::{exercise, pipeline, report};

/// What happened, or nothing when the check holds.
fn told(rest: &str, kind: &str, yml: &str) -> String {
    let it = exercise(&format!("{rest}checks:\n- {{code: CW-x, says: s, expected: e, next: n, {kind}}}\n"));
    let found = report(&it, &[(".drone.yml", yml), ("a.c", ""), ("make.sh", "cc -o out/a a.c\n")]).findings;
    found.into_iter().map(|it| format!("{}: {}", it.code, it.happened)).collect::<Vec<_>>().join("\n")
}

const TARGETS: &str = "
roles:
  compile: {called: the compiler, command: [cc]}
  sums: {called: the digests, command: [sha256sum]}
  one: {called: the copy for one, plugin: plugins/gcs, settings: {target: [b/one]}}
  two: {called: the copy for two, plugin: plugins/gcs, settings: {target: [b/two]}}
project:
  compile: {files: [a.c], makes_named: [-o]}
  sums: {files: [out/a]}
";

fn commands(commands: &str) -> String {
    pipeline("", &format!("- {{name: c, image: gcc:15, commands: {commands}}}\n"))
}

#[test]
fn a_call_has_its_variables_and_its_words_together() {
    let kind = "event: {calls: [{role: compile, with: {OS: a, CPU: b}, words: [out/a]}]}";
    for (lines, holds) in [
        ("[OS=a CPU=b cc -o out/a a.c]", true),
        ("[export OS=a, 'CPU=b cc -o ./out/a a.c']", true),
        ("['for it in a/b c/d; do OS=$${it%/*} CPU=$${it#*/} cc -o out/$${it%%/*}; done']", true),
        ("['OS=$(uname) CPU=b cc -o out/a']", true),
        ("[OS=a CPU=c cc -o out/a a.c, OS=c CPU=b cc -o out/a a.c]", false),
        ("[OS=a CPU=b cc -o out/b a.c]", false),
        ("[OS=a CPU=b, cc -o out/a a.c]", false),
    ] {
        let told = told(TARGETS, kind, &commands(lines));
        assert_eq!(told.is_empty(), holds, "{lines}: {told}");
    }
    let none = told(TARGETS, kind, &commands("[cp a b, OS=a CPU=b cc -o out/a]"));
    assert!(none.contains("is red at `cp a b`"), "what ended the step says more: {none}");
}

#[test]
fn a_command_leaves_the_file_that_its_option_names() {
    let kind = "event: {result: green}";
    for (lines, holds) in [
        ("[cc -o out/a a.c, sha256sum out/a]", true),
        ("['cd out || mkdir out', cc -o a ../a.c, sha256sum a]", false),
        ("[cc -o out/b a.c, sha256sum out/a]", false),
        ("[sha256sum out/a, cc -o out/a a.c]", false),
        ("[sh make.sh, sha256sum out/a]", true),
    ] {
        let told = told(TARGETS, kind, &commands(lines));
        assert_eq!(told.is_empty(), holds, "{lines}: {told}");
    }
}

#[test]
fn every_step_of_a_role_comes_before_the_next_role() {
    let kind = "event: {all_before: [compile, sums]}";
    let steps = |after: &str| {
        let step = |name: &str| {
            format!(
                "- {{name: {name}, image: gcc:15, commands: [cc -o out/{name} a.c], depends_on: [clone]}}\n"
            )
        };
        let sums =
            format!("- {{name: s, image: gcc:15, commands: [sha256sum out/a], depends_on: {after}}}\n");
        pipeline("", &format!("{}{}{sums}", step("a"), step("b")))
    };
    assert_eq!(told(TARGETS, kind, &steps("[a, b]")), "");
    let early = told(TARGETS, kind, &steps("[a]"));
    assert!(early.contains("the step `s` does not wait for `b` before it starts the digests"), "{early}");
    let script = commands("['cc -o out/a a.c && sha256sum out/a']");
    assert_eq!(told(TARGETS, kind, &script), "");
    let skipped = steps("[b]").replace("depends_on: [clone]}\n- {name: b", "when: {event: tag}}\n- {name: b");
    assert_eq!(told(TARGETS, kind, &skipped), "", "a step that does not run is not waited for");
    let two = format!(
        "{}---\n{}",
        steps("[a, b]"),
        steps("[a, b]").replace("name: a\n\nsteps", "name: z\n\nsteps")
    );
    assert_eq!(told(TARGETS, kind, &two), "", "each pipeline has its own");
}

#[test]
fn two_steps_of_one_plugin_are_told_apart_by_a_setting() {
    let copy = |target: &str, more: &str| {
        format!(
            "- {{name: '{target}', image: 'plugins/gcs:1', settings: {{source: out, target: '{target}'}}{more}}}\n"
        )
    };
    let yml = pipeline("", &(copy("b/one/", "") + &copy("/b/two", ", when: {event: tag}")));
    let push = "event: {runs: [one], skips: [two]}";
    assert_eq!(told(TARGETS, push, &yml), "");
    assert_eq!(told(TARGETS, "event: {builds: [{event: tag}], runs: [one, two]}", &yml), "");
    let elsewhere = told(TARGETS, "model: {present: [two]}", &yml.replace("/two", "/to"));
    assert!(
        elsewhere.contains("No step runs the copy for two (`plugins/gcs` with `target: b/two`)"),
        "{elsewhere}"
    );
    let chosen = "b/${DRONE_TAG:-two}";
    assert_eq!(told(TARGETS, "model: {present: [two]}", &pipeline("", &copy(chosen, ""))), "");
}

#[test]
fn a_plugin_takes_what_is_there_and_what_its_setting_names() {
    let kind = "event: {takes: [{role: one, setting: source, files: [out/a], folders: yes}]}";
    let yml = |source: &str, first: &str| {
        let copy =
            format!("- {{name: g, image: plugins/gcs, settings: {{source: {source}, target: b/one}}}}\n");
        let make = "- {name: c, image: gcc:15, commands: [cc -o out/a a.c]}\n";
        pipeline("", &if first == "make" { format!("{make}{copy}") } else { format!("{copy}{make}") })
    };
    assert_eq!(told(TARGETS, kind, &yml("out", "make")), "");
    assert_eq!(told(TARGETS, kind, &yml("'./out/*'", "make")), "");
    for (source, first, words) in [
        ("build", "make", "`source` of the copy for one is `build`. That does not fit `out/a`"),
        ("out", "copy", "`out/a` is not there when the copy for one begins"),
        ("''", "make", "is given no `source`"),
    ] {
        let told = told(TARGETS, kind, &yml(source, first));
        assert!(told.contains(words), "{source}: {told}");
    }
}

#[test]
fn a_word_may_be_one_that_nobody_should_type() {
    let kind = "event: {hears: [{role: sums, words: [], without: ['????']}]}";
    assert_eq!(told(TARGETS, kind, &commands("[cc -o out/a a.c, 'sha256sum out/a \"$(date)\"']")), "");
    let typed = told(TARGETS, kind, &commands("[cc -o out/a a.c, sha256sum out/a ab12]"));
    assert!(typed.contains("the program is given `ab12`, as it is typed"), "{typed}");
}

#[test]
fn what_only_a_tag_comes_to_is_there() {
    let yml = pipeline("", "- {name: a, image: gcc:15, commands: [sh make.sh], when: {event: tag}}\n");
    assert_eq!(told(TARGETS, "model: {present: [compile]}", &yml), "");
}

#[test]
fn a_badge_shows_the_branch_that_is_asked_for() {
    let it = exercise(
        "checks:\n- {code: CW-x, says: s, expected: e, next: n, model: {badge: {file: README.md, branch: main}}}\n",
    );
    let yml = pipeline("", "- {name: a, image: a, commands: [a]}\n");
    let told = |text: &str| {
        let found = report(&it, &[(".drone.yml", &yml), ("README.md", text)]).findings;
        found.into_iter().map(|it| it.happened).collect::<String>()
    };
    let badge = |query: &str| format!("![b](https://d.example/api/badges/o/r/status.svg{query})\n");
    assert_eq!(told(&badge("?branch=main")), "");
    assert_eq!(told(&badge("")), "");
    assert!(told(&badge("?ref=refs/heads/x")).contains("shows `x`, and not the branch `main`"));
    assert!(told("no badge\n").contains("shows no badge of Drone"));
}
