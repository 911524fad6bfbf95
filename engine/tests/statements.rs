//! What the reference and go-yaml's own source say and no conformance row holds: file → who refuses it, and when.

use ciworkshop_engine::diagnostic::Program;
use ciworkshop_engine::lint::verdict;
use ciworkshop_engine::source::SourceFile;

/// The stage at which the server, the docker runner, `drone lint` and `drone lint` up to 1.5 refuse it; `ok` if not.
fn stages(text: &str) -> String {
    let verdict = verdict(&SourceFile::new("case.yml", text));
    let of = |program| {
        let judgement = verdict.of(program).expect("these four always answer");
        judgement.untrusted.map_or("ok", |(stage, _)| stage.word())
    };
    [Program::Server, Program::Runner, Program::Lint, Program::Lint15].map(of).join(" ")
}

const HEAD: &str = "kind: pipeline\ntype: docker\nname: d\n";

#[test]
fn an_item_spelled_null_in_capitals_is_an_empty_item() {
    let steps = "steps:\n- {name: a, image: b}\n";
    let cases = [
        (format!("{HEAD}steps: [NULL]\n"), "ok parse parse lint"),
        (format!("{HEAD}steps: [null]\n"), "ok parse parse panic-lint"),
        (format!("{HEAD}{steps}services: [Null]\n"), "ok lint lint lint"),
        (format!("{HEAD}steps:\n- {{name: a, image: b, volumes: [NULL]}}\n"), "ok ok ok ok"),
        (format!("{HEAD}{steps}volumes: [{{name: v, host: NULL}}]\n"), "ok lint lint lint"),
        (format!("{HEAD}{steps}volumes: [{{name: v, host: null}}]\n"), "ok ok ok ok"),
    ];
    for (text, expected) in cases {
        assert_eq!(stages(&text), expected, "{text}");
    }
}

#[test]
fn a_legacy_file_of_a_wrong_shape_cannot_be_converted() {
    let pipeline = "pipeline:\n  build:\n    image: golang\n";
    let refused = [
        format!("{pipeline}workspace: foo\n"),
        format!("{pipeline}clone: false\n"),
        format!("{pipeline}secrets: [a]\n"),
        format!("{pipeline}    privileged: foo\n"),
        format!("{pipeline}    detach: foo\n"),
        format!("{pipeline}    volumes: foo\n"),
        format!("{pipeline}matrix: {{X: 1}}\n"),
    ];
    for text in refused {
        assert_eq!(stages(&text), "convert ok ok parse", "{text}");
    }
    assert_eq!(stages(&format!("{pipeline}    privileged: true\n")), "ok ok ok parse");
}

#[test]
fn a_second_map_under_the_same_key_adds_to_the_first() {
    let twice = "steps:\n- name: a\n  image: b\n  when: {event: push}\n  when: {branch: x}\n";
    let verdict = verdict(&SourceFile::new("case.yml", format!("{HEAD}{twice}")));
    let runs = |name: &str| {
        let builds = &verdict.runner_pipelines[0].builds;
        !builds.iter().find(|it| it.0 == name).expect("it is one of the eight").2.is_empty()
    };
    assert!(!runs("push-master"), "the branch counts");
    assert!(!runs("custom"), "the event counts");
}

#[test]
fn a_size_begins_with_a_digit() {
    let limit = |it: &str| format!("{HEAD}steps:\n- {{name: a, image: b, mem_limit: {it}}}\n");
    assert_eq!(stages(&limit("1.5g")), "ok ok ok ok");
    assert_eq!(stages(&limit(".5g")), "ok parse parse ok");
}
