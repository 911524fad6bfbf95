//! The JSON Schema that editors use: it takes what Drone takes, and refuses what no program reads.
#![allow(clippy::print_stdout, reason = "what is skipped, or shown on request, is said")]

use std::fs;
use std::path::{Path, PathBuf};

use ciworkshop_engine::diagnostic::Program;
use ciworkshop_engine::lint::verdict;
use ciworkshop_engine::pipeline::schema;
use ciworkshop_engine::source::SourceFile;
use ciworkshop_engine::yaml::{Kind, NodeId, Scalar, Tree, parse, resolve, split};
use jsonschema::Validator;
use serde_json::{Map, Value};

fn validator() -> Validator {
    jsonschema::draft7::new(&schema()).expect("the schema is one")
}

/// What the schema says of the documents of a file: where and why it refuses one.
fn refusals(validator: &Validator, text: &str) -> Vec<String> {
    let documents = split(text).documents;
    let texts = documents.iter().map(|it| &text[it.range()]);
    texts
        .flat_map(|it| {
            let (tree, _) = parse(it);
            let value = tree.root().map(|it| json(&tree, it, 0));
            let errors = value
                .iter()
                .flat_map(|it| validator.iter_errors(it).map(|it| format!("{}: {it}", it.instance_path())));
            errors.collect::<Vec<_>>()
        })
        .collect()
}

/// A tree as an editor sees it: aliases looked through, `<<` merged.
fn json(tree: &Tree<'_>, node: NodeId, depth: usize) -> Value {
    // What is nested deeper is no key of Drone's.
    if depth > 50 {
        return Value::Null;
    }
    let node = tree.resolve(node);
    match &tree.node(node).kind {
        Kind::Sequence(_) => tree.items(node).iter().map(|it| json(tree, *it, depth + 1)).collect(),
        Kind::Mapping(_) => {
            let mut map = Map::new();
            for (key, value) in tree.pairs(node) {
                match (text(tree, key), json(tree, value, depth + 1)) {
                    ("<<", Value::Object(merged)) => map.extend(merged),
                    ("<<", Value::Array(list)) => {
                        map.extend(
                            list.iter()
                                .filter_map(Value::as_object)
                                .flatten()
                                .map(|(k, v)| (k.clone(), v.clone())),
                        );
                    }
                    (name, value) => drop(map.insert(name.to_owned(), value)),
                }
            }
            Value::Object(map)
        }
        Kind::Scalar { text, plain: true } => match resolve(text) {
            Scalar::Null => Value::Null,
            Scalar::Bool(it) => it.into(),
            Scalar::Int(it) => it.into(),
            Scalar::Unsigned(it) => it.into(),
            Scalar::Float(it) => it.into(),
            Scalar::Timestamp(it) | Scalar::Text(it) => it.into(),
        },
        Kind::Scalar { text, .. } => text.as_ref().into(),
        _ => Value::Null,
    }
}

fn text<'t>(tree: &'t Tree<'_>, node: NodeId) -> &'t str {
    match &tree.node(tree.resolve(node)).kind {
        Kind::Scalar { text, .. } => text,
        _ => "",
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|it| it.expect("it can be listed").path()).collect();
    files.retain(|it| it.extension().is_some_and(|it| it == "yml"));
    files.sort();
    files
}

/// Refused by nobody, or only by those who mind the order of things, names and trust: no schema can know these.
fn is_valid(source: &SourceFile) -> bool {
    let verdict = verdict(source);
    let accepts = |it| verdict.of(it).is_none_or(|it| it.trusted.is_none());
    !verdict.legacy && accepts(Program::Server) && accepts(Program::Runner)
}

#[test]
fn every_file_that_the_server_and_the_runner_take_is_taken() {
    let validator = validator();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = files(&root.join("../../shared/conformance/corpus"));
    if corpus.is_empty() {
        println!("skipped: the corpus of real files is not here");
    }
    let mut taken = 0;
    for path in corpus.into_iter().chain(files(&root.join("tests/conformance"))) {
        let source = SourceFile::from_bytes("it", &fs::read(&path).expect("it can be read"));
        // A document without a kind is no document of Drone's, though its runner passes over it.
        if source.text().len() < 100_000 && is_valid(&source) {
            let refused = refusals(&validator, source.text());
            assert!(refused.is_empty(), "{}\n{}", path.display(), refused.join("\n"));
            taken += 1;
        }
    }
    assert!(taken >= 100, "only {taken} files");
    println!("{taken} files taken");
}

#[test]
fn what_the_server_cannot_decode_is_refused() {
    let validator = validator();
    let base = "kind: pipeline\ntype: docker\nname: a\n";
    let wrong = [
        "steps: make\n",
        "steps:\n- name: [a]\n",
        "steps:\n- name: a\n  commands: make\n",
        "steps:\n- name: a\n  environment: [A=b]\n",
        "steps:\n- name: a\n  when: [push]\n",
        "steps:\n- name: a\n  depends_on: clone\n",
        "steps:\n- name: a\n  detach: perhaps\n",
        "steps:\n- name: a\n  volumes: ['/a:/b']\n",
        "clone: false\n",
        "concurrency: 1\n",
        "platform: linux/amd64\n",
        "trigger: push\n",
        "environment: {A: {from_secret: b}}\n",
    ];
    for it in wrong {
        assert!(!refusals(&validator, &format!("{base}{it}")).is_empty(), "{it}");
    }
    assert!(!refusals(&validator, "name: no kind\n").is_empty());
    assert!(refusals(&validator, base).is_empty());
}

#[test]
fn every_key_has_a_description_where_it_may_stand() {
    let schema = schema();
    let definitions = schema["definitions"].as_object().expect("there are some");
    for (name, definition) in definitions {
        for (key, value) in definition["properties"].as_object().into_iter().flatten() {
            assert!(value["description"].is_string(), "{name}.{key}");
        }
    }
    let docker = &definitions["docker_pipeline"]["properties"];
    // Steps and services have the same keys, so they share a description.
    assert_eq!(docker["steps"]["items"]["$ref"], docker["services"]["items"]["$ref"]);
    assert_eq!(definitions["exec_step"]["properties"]["settings"]["deprecated"], true);
    assert!(schema.to_string().len() < 100_000, "what is the same is there once");
}
