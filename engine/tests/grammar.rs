//! The table of keys against the decoder: a value of a wrong shape is noted wherever the table has a key, one of the right
//! shape never is, and the decoder reads no key that the table lacks.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ciworkshop_engine::lint::lint;
use ciworkshop_engine::pipeline::ConditionKey;
use ciworkshop_engine::pipeline::grammar::{Key, Map, Shape, TRIGGER, Types, WHEN, of_kind};
use ciworkshop_engine::source::SourceFile;

/// The kinds that the decoder reads. `template` is read by a converter of the server, before any other program.
const KINDS: &[&str] = &["pipeline", "secret", "signature", "cron", "registry"];

/// Keys that only runners know which the decoder does not stand for: their values are looked at by nobody here.
const FOREIGN: &[&str] = &["server", "token", "claim", "node_name", "node_selector", "service_account_name"];

/// Keys that some program reads of every document, whatever its kind, and that mean something in pipelines only.
const OF_EVERY_DOCUMENT: &[&str] =
    &["type", "name", "version", "platform", "concurrency", "depends_on", "node"];

/// A map that the table knows, and the way to it from the top of a document.
#[derive(Clone)]
struct Place {
    kind: &'static str,
    type_: &'static str,
    path: Vec<&'static str>,
    map: &'static Map,
}

impl Place {
    /// A document in which this map has just these entries.
    fn document(&self, entries: &str) -> SourceFile {
        let wrap = |inner: String, step: &&str| match *step {
            "-" => format!("[{inner}]"),
            key => format!("{{{key}: {inner}}}"),
        };
        let type_ = if self.type_.is_empty() { String::new() } else { format!("type: {}\n", self.type_) };
        let head = format!("kind: {}\n{type_}", self.kind);
        let Some((top, inner)) = self.path.split_first() else {
            return SourceFile::new("it.yml", format!("{head}{entries}\n"));
        };
        let value = inner.iter().rev().fold(format!("{{{entries}}}"), wrap);
        SourceFile::new("it.yml", format!("{head}{top}: {value}\n"))
    }

    fn below(&self, key: &Key) -> Option<Self> {
        let (map, item) = match key.shape {
            Shape::Keys(map) | Shape::TextOr(map) => (map, None),
            Shape::Each(map) | Shape::EachOrInteger(map) => (map, Some("-")),
            _ => return None,
        };
        let path = self.path.iter().copied().chain([key.name]).chain(item).collect();
        Some(Self { path, map, ..*self })
    }

    /// True for a key whose value only runners look at which the decoder does not stand for.
    fn is_foreign(&self, key: &Key) -> bool {
        let docker = matches!(self.type_, "" | "docker");
        let path: Vec<&str> = self.path.iter().copied().chain([key.name]).collect();
        let own = path.iter().any(|it| FOREIGN.contains(it));
        let other = matches!(path[..], ["environment"] | ["resources", ..] | [.., "shm_size"]);
        // Only runners know these two, and no runner of virtual machines is among those that the decoder stands for.
        let machine = !["", "docker", "kubernetes", "exec", "ssh"].contains(&self.type_);
        let other = other || (machine && matches!(path[..], ["clone", "retries" | "trace"]));
        own || (!docker && other)
    }

    fn name(&self, key: &str) -> String {
        format!("{key} of {} in kind {}, type `{}`", self.map.noun, self.kind, self.type_)
    }
}

/// Every map of the table, in each type of pipeline that has it.
fn places() -> Vec<Place> {
    let top = |kind: &'static str, type_| Place {
        kind,
        type_,
        path: Vec::new(),
        map: of_kind(kind).expect("the table has it"),
    };
    let types = Types::NAMES.iter().map(|it| top("pipeline", it.0));
    let mut open: Vec<Place> =
        types.chain(KINDS.iter().filter(|it| **it != "pipeline").map(|it| top(it, ""))).collect();
    let mut found = Vec::new();
    while let Some(place) = open.pop() {
        open.extend(place.map.keys.iter().filter(|it| belongs(it, &place)).filter_map(|it| place.below(it)));
        found.push(place);
    }
    found
}

/// A key without a type is read in all of them, and does nothing.
fn belongs(key: &Key, place: &Place) -> bool {
    let own = Types::named(place.type_).expect("it is one of the names");
    key.types.meets(own) || !key.types.meets(Types::ALL)
}

fn wrong_shapes(source: &SourceFile) -> BTreeSet<String> {
    let found = lint(source);
    found.iter().filter(|it| it.code == "wrong-shape").map(|it| it.message.clone()).collect()
}

fn wrong(shape: Shape) -> &'static [&'static str] {
    match shape {
        Shape::Text | Shape::Words(_) => &["[x]", "{x: y}"],
        Shape::Boolean | Shape::Integer | Shape::Number | Shape::Bytes => &["maybe", "[x]", "{x: y}"],
        Shape::Texts => &["x", "{x: y}", "[[x]]"],
        Shape::TextMap | Shape::Variables => &["x", "[x]", "{x: [y]}"],
        Shape::Settings | Shape::Keys(_) => &["x", "[x]"],
        Shape::EachOrInteger(_) => &["x", "{x: y}", "[maybe]"],
        Shape::TextOr(_) => &["[x]"],
        Shape::Each(_) => &["x", "{x: y}", "[x]"],
        // Nothing is refused in the first two (§4.2), and only runners of other types read the third.
        Shape::Condition | Shape::Any | Shape::TextOrSecret => &[],
    }
}

fn right(shape: Shape) -> &'static [&'static str] {
    match shape {
        Shape::Text => &["x", "1", "~"],
        Shape::Words(_) => &["x"],
        Shape::Boolean => &["true", "off", "~"],
        Shape::Integer => &["1", "~"],
        Shape::Number => &["1.5", "1", "~"],
        Shape::Bytes => &["512m", "512", "~"],
        Shape::Texts => &["[x, 1]", "[]", "~"],
        Shape::TextMap => &["{x: y, z: 1}", "{}", "~"],
        Shape::Variables => &["{x: y, z: {from_secret: w}}", "~"],
        Shape::TextOrSecret => &["x", "{from_secret: x}"],
        Shape::Settings => &["{x: [y, {z: 1}], from: {from_secret: w}}", "~"],
        Shape::Condition => &["x", "[x]", "{include: [x]}", "{exclude: [x]}", "~"],
        Shape::EachOrInteger(_) => &["[1]", "[{}]", "~"],
        Shape::TextOr(_) => &["x", "{}", "~"],
        Shape::Keys(_) => &["{}", "~"],
        Shape::Each(_) => &["[{}]", "[]", "~"],
        Shape::Any => &["x", "[x]", "{x: y}"],
    }
}

#[test]
fn a_value_of_a_wrong_shape_is_noted_for_every_key_of_the_table() {
    let mut tried = 0;
    for place in places() {
        let keys = place.map.keys.iter().filter(|it| belongs(it, &place) && !place.is_foreign(it));
        for key in keys {
            for value in wrong(key.shape) {
                let source = place.document(&format!("{}: {value}", key.name));
                let named = format!("{}: {value}", place.name(key.name));
                assert!(!wrong_shapes(&source).is_empty(), "{named}\n{}", source.text());
                tried += 1;
            }
        }
    }
    assert!(tried > 1_000, "only {tried} values");
}

#[test]
fn a_value_of_the_right_shape_is_noted_for_no_key_of_the_table() {
    for place in places() {
        for key in place.map.keys.iter().filter(|it| belongs(it, &place)) {
            for value in right(key.shape) {
                let source = place.document(&format!("{}: {value}", key.name));
                assert_eq!(
                    wrong_shapes(&source),
                    BTreeSet::new(),
                    "{}\n{}",
                    place.name(key.name),
                    source.text()
                );
            }
        }
    }
}

#[test]
fn the_table_has_every_key_that_the_decoder_reads() {
    let words = words_of_the_decoder();
    assert!(words.contains("memswap_limit") && words.contains("size_limit"), "{words:?}");
    for place in places() {
        let known = |it: &&String| {
            place.map.key(it).is_some() || (place.path.is_empty() && OF_EVERY_DOCUMENT.contains(&it.as_str()))
        };
        let unknown: Vec<&String> = words.iter().filter(|it| !known(it) && *it != "kind").collect();
        for value in ["[x]", "{x: y}", "x"] {
            let separator = if place.path.is_empty() { "\n" } else { ", " };
            let entries: Vec<String> = unknown.iter().map(|it| format!("{it}: {value}")).collect();
            let source = place.document(&entries.join(separator));
            assert_eq!(wrong_shapes(&source), BTreeSet::new(), "{}", place.name("something"));
        }
    }
}

/// Every word that stands in quotes in the decoder: its keys are among them.
fn words_of_the_decoder() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pipeline/decode");
    let mut words = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("the decoder is there") {
        let text = fs::read_to_string(entry.expect("it can be listed").path()).expect("it can be read");
        let word = |it: &&str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
        words.extend(text.split('"').filter(word).map(str::to_owned));
    }
    words
}

#[test]
fn conditions_have_the_keys_that_are_evaluated() {
    for map in [&TRIGGER, &WHEN] {
        let keys: Vec<&str> = map.keys.iter().map(|it| it.name).collect();
        assert_eq!(keys, ConditionKey::ALL.map(ConditionKey::name));
    }
}
