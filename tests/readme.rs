//! README.md → every console block in it does what it says, in order, in one folder; its links lead somewhere; and the
//! commands that it names exist.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use ciworkshop::workshop::{Material, lay_down};
use support::program;

fn readme() -> String {
    fs::read_to_string("README.md").unwrap()
}

/// A fenced block: the word after the fence, the line it begins at, and what is inside.
struct Block {
    language: String,
    line: usize,
    text: String,
}

fn blocks(markdown: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut open = false;
    for (index, line) in markdown.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(language) => {
                open = true;
                found.push(Block { language: language.into(), line: index + 1, text: String::new() });
            }
            None if open => found.last_mut().unwrap().text.extend([line, "\n"]),
            None => {}
        }
    }
    assert!(!open, "a block of the README does not end");
    found
}

/// One call in a console block: what is typed, and what is then shown.
struct Call {
    typed: String,
    shown: String,
}

fn calls(block: &Block) -> Vec<Call> {
    let mut found: Vec<Call> = Vec::new();
    for line in block.text.lines() {
        if let Some(typed) = line.strip_prefix("$ ") {
            found.push(Call { typed: typed.into(), shown: String::new() });
        } else {
            let call = found.last_mut().unwrap_or_else(|| panic!("line {}: no `$ ` at first", block.line));
            call.shown.extend([line, "\n"]);
        }
    }
    found
}

#[test]
fn every_console_block_is_what_a_person_sees() {
    let home = tempfile::tempdir().unwrap();
    let mut folder = home.path().canonicalize().unwrap();
    // What `start` does before it serves: it ends only when somebody ends it.
    lay_down(&folder.join("workshop"), &Material::embedded()).unwrap();
    let mut ran = 0;
    for block in blocks(&readme()) {
        match block.language.as_str() {
            // A file of the example; its first line is a comment with its name.
            "yaml" => {
                let name = block.text.lines().next().and_then(|it| it.strip_prefix("# ")).unwrap();
                fs::write(folder.join(name), &block.text).unwrap();
            }
            "console" => {
                for call in calls(&block) {
                    folder = run(folder, &call, block.line);
                    ran += 1;
                }
            }
            "sh" | "text" => {}
            other => panic!("line {}: a block of `{other}` is not checked by anything", block.line),
        }
    }
    assert!(ran >= 5, "only {ran} calls found");
}

/// Runs a call; gives the folder that the next one starts in.
fn run(folder: PathBuf, call: &Call, line: usize) -> PathBuf {
    let mut words = call.typed.split(' ');
    let (first, arguments): (_, Vec<&str>) = (words.next().unwrap(), words.collect());
    if first == "cd" {
        return folder.join(arguments[0]).canonicalize().unwrap();
    }
    assert_eq!(first, "ciworkshop", "line {line}: only `cd` and `ciworkshop` can be run here");
    // Both streams into one pipe, as in a terminal.
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut command = program(&folder);
    command.args(arguments).stdin(Stdio::null()).stdout(writer.try_clone().unwrap()).stderr(writer);
    let mut child = command.spawn().unwrap();
    drop(command);
    let mut shown = String::new();
    std::io::Read::read_to_string(&mut reader, &mut shown).unwrap();
    child.wait().unwrap();
    let fits = fits(&call.shown, &shown);
    assert!(fits, "line {line}, `{}` shows\n{shown}\nand the README says\n{}", call.typed, call.shown);
    folder
}

/// Line by line the same, where a line `...` stands for any lines. Empty lines at the end don't count.
fn fits(expected: &str, shown: &str) -> bool {
    fn rest_fits(expected: &[&str], shown: &[&str]) -> bool {
        match (expected.split_first(), shown.split_first()) {
            (None, _) => shown.is_empty(),
            (Some((&"...", after)), _) => (0..=shown.len()).any(|it| rest_fits(after, &shown[it..])),
            (Some((wanted, after)), Some((line, rest))) => {
                wanted.trim_end() == line.trim_end() && rest_fits(after, rest)
            }
            (Some(_), None) => false,
        }
    }
    let expected: Vec<&str> = expected.trim_end().lines().collect();
    let shown: Vec<&str> = shown.trim_end().lines().collect();
    rest_fits(&expected, &shown)
}

#[test]
fn a_console_block_that_says_something_else_is_seen() {
    let shown = "one\ntwo\nthree\n";
    for (expected, same) in [
        ("one\ntwo\nthree\n", true),
        ("one\n...\n", true),
        ("...\nthree\n", true),
        ("one\n...\ntwo\n...\nthree\n", true),
        ("one\n...\nfour\n", false),
        ("one\ntwo\n", false),
        ("one\ntwo\nthree\nfour\n", false),
        ("", false),
    ] {
        assert_eq!(fits(expected, shown), same, "{expected}");
    }
}

#[test]
fn every_command_to_type_exists() {
    let commands: Vec<String> = blocks(&readme())
        .iter()
        .filter(|it| it.language == "sh")
        .flat_map(|it| it.text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert!(commands.iter().any(|it| it == "cargo run --release -- start"));
    assert!(commands.iter().any(|it| it == "scripts/test"));
    for command in commands {
        let typed = command.split('#').next().unwrap().trim().to_owned();
        if let Some(script) = typed.split(' ').next().filter(|it| it.starts_with("scripts/")) {
            assert!(Path::new(script).exists(), "{script}");
        } else if let Some(arguments) = typed.strip_prefix("cargo run --release -- ") {
            let status =
                program(Path::new(".")).args(arguments.split(' ')).arg("--help").output().unwrap().status;
            assert!(status.success(), "{typed}");
        } else {
            assert!(typed.starts_with("cargo install --path ."), "nothing checks `{typed}`");
        }
    }
}

#[test]
fn every_path_that_the_readme_names_is_there() {
    let text = readme();
    let links = text.split("](").skip(1).filter_map(|it| it.split(')').next());
    for link in links.filter(|it| !it.starts_with("https://") && !it.starts_with('#')) {
        assert!(Path::new(link).exists(), "{link}");
    }
    let rows = text.lines().filter_map(|it| it.strip_prefix("| `")?.split_once("` |"));
    for (path, _) in rows.filter(|(path, _)| path.contains('/') && !path.contains(' ')) {
        assert!(Path::new(path).exists(), "{path}");
    }
}

#[test]
fn the_compiler_that_it_asks_for_is_the_one_that_cargo_asks_for() {
    let manifest = fs::read_to_string("Cargo.toml").unwrap();
    let version =
        manifest.lines().find_map(|it| it.strip_prefix("rust-version = ")).unwrap().trim_matches('"');
    assert!(readme().contains(&format!("Rust {version}")));
}
