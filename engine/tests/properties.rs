//! Any text at all: made up, mutated from real cases, or as nasty as we could think of. The promises are in
//! `ciworkshop_engine::invariants`; here are the texts.
#![expect(clippy::format_collect, clippy::format_push_string, reason = "made-up files need not be made fast")]

use std::fs;
use std::path::Path;

use ciworkshop_engine::invariants::{fixes, reader, verdict_and_plan};
use ciworkshop_engine::lint::lint;
use ciworkshop_engine::source::SourceFile;
use proptest::prelude::*;

fn holds(bytes: &[u8]) {
    reader(bytes);
    verdict_and_plan(bytes);
    // The text is read again for each fix.
    if bytes.len() < 5_000 {
        fixes(bytes);
    }
}

/// The small ones of the cases that are compared with Drone, and the examples of the rules.
fn cases() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = fs::read_dir(root.join("tests/conformance")).expect("the cases are there");
    let files = files.map(|it| it.expect("it can be listed").path());
    let rules = fs::read_dir(root.join("src/lint/rules")).expect("the rules are there");
    let rules = rules.map(|it| it.expect("it can be listed").path().join("bad.yml"));
    let mut paths: Vec<_> =
        files.chain(rules).filter(|it| it.extension().is_some_and(|it| it == "yml")).collect();
    paths.sort();
    let texts = paths.iter().filter_map(|it| fs::read(it).ok());
    let texts = texts.map(|it| String::from_utf8_lossy(&it).into_owned());
    texts.filter(|it| it.len() < 4_000).collect()
}

/// A change of one line.
#[derive(Clone, Debug)]
enum Change {
    Delete(usize),
    Double(usize),
    Swap(usize, usize),
    Indent(usize),
    Outdent(usize),
    Insert(usize, &'static str),
    Cut(usize),
    Rename(usize, &'static str),
}

const LINES: &[&str] = &[
    "---",
    "...",
    "- ",
    "steps:",
    "  image: ${X",
    "\timage: x",
    "- &a [*a]",
    "  <<: *a",
    "kind: secret",
    "\"",
    "'",
    "depends_on: [a, b]",
    "  - @x",
    "? [a]",
    "pipeline:",
    "%YAML 1.1",
    "!!int x",
    "${A:-${B",
    "$$${#A}",
    "\u{feff}",
    "- name: clone",
    "  when: {branch: [*x]}",
    "|",
    "key: >",
    "{",
    "]",
    "é: ü",
    "\0",
    "\r",
    "volumes: [~]",
    "# ciworkshop: allow(missing-image, yaml-syntax) why",
    "- x # ciworkshop: allow(wrong-shape)",
    "commands: make",
    "- echo: a b",
];
const KEYS: &[&str] =
    &["kind", "name", "steps", "image", "commands", "when", "depends_on", "<<", "", "volumes"];

fn change() -> impl Strategy<Value = Change> {
    let line = 0..30_usize;
    prop_oneof![
        line.clone().prop_map(Change::Delete),
        line.clone().prop_map(Change::Double),
        (line.clone(), line.clone()).prop_map(|it| Change::Swap(it.0, it.1)),
        line.clone().prop_map(Change::Indent),
        line.clone().prop_map(Change::Outdent),
        (line.clone(), proptest::sample::select(LINES)).prop_map(|it| Change::Insert(it.0, it.1)),
        (0..600_usize).prop_map(Change::Cut),
        (line, proptest::sample::select(KEYS)).prop_map(|it| Change::Rename(it.0, it.1)),
    ]
}

fn apply(text: &str, change: &Change) -> String {
    if let Change::Cut(at) = change {
        return text[..text.floor_char_boundary(*at)].to_owned();
    }
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let count = lines.len();
    match change {
        Change::Delete(at) => drop(lines.remove(at % count)),
        Change::Double(at) => lines.insert(at % count, lines[at % count].clone()),
        Change::Swap(a, b) => lines.swap(a % count, b % count),
        Change::Indent(at) => lines[at % count].insert(0, ' '),
        Change::Outdent(at) => {
            let line = &mut lines[at % count];
            *line = line.strip_prefix(' ').unwrap_or(line).to_owned();
        }
        Change::Insert(at, line) => lines.insert(at % count, (*line).to_owned()),
        Change::Rename(at, key) => {
            let line = &mut lines[at % count];
            if let Some((before, value)) = line.clone().split_once(':') {
                let indentation = before.len() - before.trim_start_matches([' ', '-']).len();
                *line = format!("{}{key}:{value}", &before[..indentation]);
            }
        }
        Change::Cut(_) => {}
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_keep_the_promises(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        holds(&bytes);
    }

    #[test]
    fn anything_that_looks_like_a_pipeline_keeps_the_promises(
        lines in proptest::collection::vec((0..5_usize, proptest::sample::select(LINES), 0..KEYS.len()), 0..25)
    ) {
        let line = |(indent, text, key): &(usize, &str, usize)| {
            if indent % 2 == 0 { format!("{:indent$}{text}\n", "") } else { format!("{:indent$}{}: {text}\n", "", KEYS[*key]) }
        };
        let text: String = lines.iter().map(line).collect();
        holds(format!("kind: pipeline\nsteps:\n- name: a\n{text}").as_bytes());
    }

    #[test]
    fn any_substitution_keeps_the_promises(text in "([$]|[{]|[}]|[a-zA-Z_#%/:,^=+?!*-]|é|\n|\\\\){0,60}") {
        holds(text.as_bytes());
    }

    #[test]
    fn a_mutated_case_keeps_the_promises(
        case in proptest::sample::select(cases()),
        changes in proptest::collection::vec(change(), 1..6),
    ) {
        let text = changes.iter().fold(case, |text, change| apply(&text, change));
        holds(text.as_bytes());
    }
}

fn step(rest: &str) -> String {
    format!("kind: pipeline\ntype: docker\nname: a\nsteps:\n- name: a\n  image: b\n{rest}\n")
}

/// Nine times nine times nine …
fn bomb(depth: usize, list: bool) -> String {
    let mut lines = String::from(if list { "    a0: &a0 [x, x]\n" } else { "    a0: &a0 {x: y}\n" });
    for level in 1..=depth {
        let below = format!("*a{}", level - 1);
        let value = if list {
            format!("[{}]", [below.as_str(); 9].join(", "))
        } else {
            format!("{{<<: [{}], k{level}: v}}", [below.as_str(); 9].join(", "))
        };
        lines.push_str(&format!("    a{level}: &a{level} {value}\n"));
    }
    lines
}

#[test]
fn nasty_files_keep_the_promises_and_are_quick() {
    let many = 100_000;
    let nested: String = (0..2_000).map(|it| format!("{:it$}a:\n", "")).collect();
    let dashes = "- ".repeat(many);
    let chain: String =
        (0..10_000).map(|it| format!("- {{name: s{}, image: i, depends_on: [s{it}]}}\n", it + 1)).collect();
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("empty", vec![]),
        ("binary", (0..=255).cycle().take(50_000).collect()),
        ("zeros", vec![0; many]),
        ("UTF-16", "kind: pipeline\n".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("opening brackets", "[".repeat(many).into()),
        ("opening braces", "{".repeat(many).into()),
        ("maps in brackets", "{a: ".repeat(many).into()),
        ("closing brackets", "]".repeat(many).into()),
        ("dashes", dashes.clone().into()),
        ("question marks", "? ".repeat(many).into()),
        ("keys on a line", "a: ".repeat(many).into()),
        ("nested keys", nested.into()),
        (
            "brackets in settings",
            step(&format!("  settings: {{a: {}{}}}", "[".repeat(5_000), "]".repeat(5_000))).into(),
        ),
        ("dashes in commands", step(&format!("  commands:\n  {dashes}x")).into()),
        ("a line of 64 KiB", format!("kind: pipeline\nname: {}\nsteps: []\n", "x".repeat(65_529)).into()),
        (
            "a line just over 64 KiB",
            format!("kind: pipeline\nname: {}\nsteps: []\n", "x".repeat(65_530)).into(),
        ),
        ("a line of a megabyte", format!("name: {}", "é".repeat(500_000)).into()),
        ("many separators", "---\n".repeat(20_000).into()),
        ("many small documents", "kind: pipeline\n---\n".repeat(1_500).into()),
        ("dollars", "$".repeat(1_000_000).into()),
        ("open substitutions", "${".repeat(500_000).into()),
        ("nested substitutions", format!("{}{}", "${A:-".repeat(many), "}".repeat(many)).into()),
        ("unclosed nested substitutions", "${A:-".repeat(many).into()),
        ("many substitutions", step(&format!("  commands:\n{}", "  - echo ${A:-x}\n".repeat(8_000))).into()),
        (
            "substitutions by pattern",
            step(&format!("  commands: ['{}']", "${A##*a*a*a*}".repeat(4_000))).into(),
        ),
        ("an alias bomb in settings", step(&format!("  settings:\n{}", bomb(30, true))).into()),
        ("an alias bomb of merges", step(&format!("  settings:\n{}", bomb(30, false))).into()),
        ("an alias bomb in environment", step(&format!("  environment:\n{}", bomb(30, false))).into()),
        ("an alias bomb at the top", format!("x:\n{}kind: pipeline\nsteps: *a30\n", bomb(30, true)).into()),
        ("an anchor that contains itself", step("  settings: &a {b: [*a, *a]}").into()),
        ("a merge of itself", step("  environment: &a {<<: *a, <<: [*a, *a]}").into()),
        ("an anchor around the document", "&a\nkind: pipeline\nsteps: *a\n<<: *a\n".into()),
        ("many aliases", step(&format!("  settings: {{a: &a [x], b: [{}]}}", "*a, ".repeat(50_000))).into()),
        (
            "many anchors",
            format!(
                "kind: pipeline\nx: [{}]\n",
                (0..50_000).map(|it| format!("&a{it} x, ")).collect::<String>()
            )
            .into(),
        ),
        ("huge numbers", step("  mem_limit: 99999999999999999999999\n  shm_size: 1e999\n  user: 0x").into()),
        ("huge sizes", step(&format!("  mem_limit: {}gib\nclone: {{depth: -9e99}}", "9".repeat(400))).into()),
        ("lone carriage returns", "kind: pipeline\rsteps:\r- name: a\r".repeat(1_000).into()),
        ("marks of the byte order", "\u{feff}---\n\u{feff}kind: pipeline\n\u{feff}".repeat(1_000).into()),
        ("a chain of 10,000 steps", format!("kind: pipeline\nname: a\nsteps:\n{chain}").into()),
        (
            "20,000 bare steps",
            format!("kind: pipeline\nname: a\nsteps:\n{}", "- name: a\n".repeat(20_000)).into(),
        ),
        (
            "20,000 steps without names",
            format!("kind: pipeline\nname: a\nsteps:\n{}", "- {}\n".repeat(20_000)).into(),
        ),
        (
            "5,000 wrong shapes",
            format!("kind: pipeline\nsteps:\n{}", "- {name: [a], image: {}}\n".repeat(5_000)).into(),
        ),
        (
            "many variables",
            step(&format!(
                "  environment:\n{}",
                (0..20_000).map(|it| format!("    A{it}: b\n")).collect::<String>()
            ))
            .into(),
        ),
        ("one key many times", step(&"  image: x\n".repeat(20_000)).into()),
        ("many unknown dependencies", step(&format!("  depends_on: [{}]", "x, ".repeat(20_000))).into()),
        ("quotes", "'".repeat(many).into()),
        ("an open quote and many lines", format!("a: '{}", "b\n".repeat(many)).into()),
        ("blank lines", "\n".repeat(1_000_000).into()),
        ("comments", "# c\n".repeat(many).into()),
        (
            "a tab at the end",
            format!("kind: pipeline\nsteps:\n{}\t- x\n", "- {name: a, image: b}\n".repeat(5_000)).into(),
        ),
    ];
    for (name, file) in files {
        let started = file.len();
        println!("{name}: {started} bytes");
        holds(&file);
    }
}

#[test]
fn deep_nesting_is_told_and_not_a_crash() {
    let deep = format!("kind: pipeline\nsteps: {}", "[".repeat(10_001));
    let found = lint(&SourceFile::new("deep.yml", deep));
    assert!(found.iter().any(|it| it.code == "yaml-syntax" && it.message.contains("too deep")), "{found:?}");
}

#[test]
fn repetition_that_drone_refuses_is_told() {
    for (kind, list) in [("settings", true), ("settings", false), ("environment", false)] {
        let file = step(&format!("  {kind}:\n{}", bomb(8, list)));
        let codes: Vec<_> = lint(&SourceFile::new("bomb.yml", file)).iter().map(|it| it.code).collect();
        assert!(codes.contains(&"yaml-alias-bomb"), "{kind}: {codes:?}");
    }
}

/// What fuzzing found, made small. Each once broke a promise.
#[test]
fn what_was_found_before_stays_mended() {
    let found = [
        // A `<<` of a document that no program decodes was refused by nobody.
        "kind: pepeline\ntype: docker\nname: a\nx$${A}: &b {image: i}\nsteps:\n- <<: text\n  name: m\n",
        "kind: pepeline\ntype: docker\nx$${A}: y\nsteps:\n- &b {<<: *b}\n",
        "kind: pepeline\ntype: docker\nx$${A}: y\nsteps:\n- privileged: !!bool 3\n",
    ];
    for text in found {
        holds(text.as_bytes());
    }
}
