//! Rules as the terminal shows them: a page, which is Markdown → headings, text and examples; rules → a list.

use crate::cli::course_text::{Paint, wrapped_at};
use crate::cli::explain::Words;
use crate::engine::diagnostic::{Severity, render};
use crate::engine::lint::{Rule, lint};
use crate::engine::pipeline::grammar::{Key, Map};
use crate::engine::source::SourceFile;

/// Text stands so far to the right of its heading, and examples as far again.
const INDENT: usize = 2;

/// Every rule in a line with its first sentence, the worst first. With a width, long lines are broken.
pub(super) fn list(rules: &[Rule], width: Option<usize>, paint: Paint) -> String {
    let longest = rules.iter().map(|it| it.code.len()).max().unwrap_or_default();
    let rated: Vec<(Severity, &Rule)> = rules.iter().map(|it| (it.severity, it)).collect();
    let mut text = String::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Hint] {
        let lines = rated.iter().filter(|it| it.0 == severity).map(|(_, rule)| {
            let code = paint.label(&format!("{:longest$}", rule.code));
            let first = format!("{}  {code}  ", paint.severity(severity));
            wrapped_at(width.unwrap_or(usize::MAX), &first, longest + 11, &plain(&rule.summary()))
        });
        let group: String = lines.collect();
        if !group.is_empty() {
            text = text + &group + "\n";
        }
    }
    text + "`ciworkshop explain CODE` shows the page of a rule.\n"
}

/// What the course says about a code, for each exercise that has words of its own.
pub(super) fn finding(code: &str, words: &[Words], width: usize, paint: Paint) -> String {
    let mut text = format!("{} (finding of an exercise)\n", paint.label(code));
    for it in words {
        let place =
            it.exercise.as_ref().map_or_else(|| "in any exercise".into(), |it| format!("in exercise {it}"));
        let indent = " ".repeat(INDENT);
        let deeper = " ".repeat(2 * INDENT);
        text.push_str(&format!("\n{indent}{place}:\n"));
        for sentence in [&it.expected, &it.next] {
            text.push_str(&wrapped_at(width, &deeper, 2 * INDENT, &plain(sentence)));
        }
    }
    text
}

/// What a key is for, in each place that it may stand in. What is the same in several places is said once.
pub(super) fn key(places: &[(&Map, &Key)], width: usize, paint: Paint) -> String {
    let name = places.first().map_or("", |it| it.1.name);
    let mut said: Vec<(&str, Vec<&str>)> = Vec::new();
    for (map, key) in places {
        match said.iter_mut().find(|it| it.0 == key.says) {
            Some(it) => it.1.push(map.noun),
            None => said.push((key.says, vec![map.noun])),
        }
    }
    let mut text = format!("{} (key)\n", paint.label(name));
    for (says, nouns) in said {
        let words = format!("in {}: {says}", nouns.join(", "));
        text.push_str(&wrapped_at(width, &" ".repeat(INDENT), INDENT, &plain(&words)));
    }
    text
}

/// The whole page, and below the example that has the problem what the linter says of it.
pub(super) fn page(rule: &Rule, width: usize, paint: Paint) -> String {
    let mut text = String::new();
    let (mut last, mut section) = (None, "");
    for block in blocks(rule.page) {
        text.push_str(if stands_close(last.as_ref(), &block) { "" } else { "\n" });
        text.push_str(&shown(&block, rule, width, paint));
        match block {
            Block::Heading(title) => section = title,
            Block::Code(_) if section == "Before" => text.push_str(&findings(rule, paint)),
            _ => {}
        }
        last = Some(block);
    }
    text
}

/// True when no empty line comes before the block.
fn stands_close(last: Option<&Block<'_>>, block: &Block<'_>) -> bool {
    match last {
        None | Some(Block::Heading(_)) => true,
        Some(Block::Item(..)) => matches!(block, Block::Item(..)),
        Some(_) => false,
    }
}

fn shown(block: &Block<'_>, rule: &Rule, width: usize, paint: Paint) -> String {
    match block {
        Block::Title(title) => format!("{} ({})\n", paint.label(title), rule.severity.word()),
        Block::Heading(title) => paint.label(&plain(title)) + "\n",
        Block::Text(words) => wrapped_at(width, &" ".repeat(INDENT), INDENT, &plain(words)),
        Block::Item(mark, words) => {
            let first = format!("{:INDENT$}{mark}", "");
            wrapped_at(width, &first, INDENT + mark.len(), &plain(words))
        }
        Block::Code(lines) => indented(lines.iter().copied()),
    }
}

/// What the linter says of the example.
fn findings(rule: &Rule, paint: Paint) -> String {
    let source = SourceFile::new(".drone.yml", rule.before().unwrap_or_default());
    let mut text = format!("\n{:INDENT$}`ciworkshop lint` says:\n", "");
    for problem in lint(&source) {
        text = text + "\n" + &indented(render(&problem, &source, paint.colour).lines());
    }
    text
}

/// As they stand, so that they can be copied.
fn indented<'l>(lines: impl Iterator<Item = &'l str>) -> String {
    let line = |it: &str| if it.is_empty() { "\n".into() } else { format!("{:1$}{it}\n", "", 2 * INDENT) };
    lines.map(line).collect()
}

/// A piece of a page.
#[derive(Debug, PartialEq, Eq)]
enum Block<'p> {
    /// The heading of the whole page.
    Title(&'p str),
    Heading(&'p str),
    Text(String),
    /// `- ` or `1. `, and the text; a row of a table has no mark.
    Item(&'p str, String),
    Code(Vec<&'p str>),
}

fn blocks(markdown: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut open = false;
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if let Some(fence) = fence(line) {
            let inside = lines.by_ref().take_while(|it| !it.starts_with(fence));
            blocks.push(Block::Code(inside.collect()));
            open = false;
        } else if open && item(line).is_none() && !line.trim().is_empty() {
            continue_last(&mut blocks, line.trim());
        } else if let Some(block) = begin(line) {
            open = matches!(block, Block::Text(_) | Block::Item(..));
            blocks.push(block);
        } else {
            open = false;
        }
    }
    blocks
}

/// The block that begins with a line; `None` for an empty one.
fn begin(line: &str) -> Option<Block<'_>> {
    if let Some(title) = line.strip_prefix("# ") {
        return Some(Block::Title(title.trim()));
    }
    if line.starts_with("##") {
        return Some(Block::Heading(line.trim_start_matches('#').trim()));
    }
    if let Some((mark, text)) = item(line) {
        return Some(Block::Item(mark, text.to_owned()));
    }
    let text = line.trim();
    (!text.is_empty()).then(|| Block::Text(text.to_owned()))
}

fn continue_last(blocks: &mut [Block<'_>], line: &str) {
    if let Some(Block::Text(text) | Block::Item(_, text)) = blocks.last_mut() {
        text.push(' ');
        text.push_str(line);
    }
}

/// The blanks and the mark that begin a code block, and end it.
fn fence(line: &str) -> Option<&str> {
    let blanks = line.len() - line.trim_start().len();
    line[blanks..].starts_with("```").then(|| &line[..blanks + 3])
}

/// The mark of a list's item with its blank, and the text.
fn item(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    if line.starts_with('|') {
        return Some(("", line));
    }
    let mark = line.split_inclusive(' ').next()?;
    let number = mark.strip_suffix(". ").is_some_and(|it| it.parse::<u8>().is_ok());
    (number || matches!(mark, "- " | "* ")).then(|| line.split_at(mark.len()))
}

/// Text without the marks that do not read well: links become their words, and emphasis goes. Code keeps its marks.
fn plain(text: &str) -> String {
    let text = without_targets(text);
    let part = |(at, part): (usize, &str)| if at % 2 == 0 { without_emphasis(part) } else { part.to_owned() };
    text.split('`').enumerate().map(part).collect::<Vec<_>>().join("`")
}

/// Without `**`, and without each `*` that has a letter on one side only, as `*soft*` has.
fn without_emphasis(text: &str) -> String {
    let letters: Vec<char> = text.replace("**", "").chars().collect();
    let is_letter =
        |at: Option<usize>| at.and_then(|it| letters.get(it)).is_some_and(|it| it.is_alphanumeric());
    let marks = |at: usize| letters[at] == '*' && is_letter(at.checked_sub(1)) != is_letter(Some(at + 1));
    (0..letters.len()).filter(|it| !marks(*it)).map(|it| letters[it]).collect()
}

/// `[words](target)` → `words`.
fn without_targets(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once("](") {
        let (Some((before, words)), Some((_, after))) = (before.rsplit_once('['), after.split_once(')'))
        else {
            break;
        };
        plain = plain + before + words;
        rest = after;
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_falls_into_blocks() {
        let page =
            "# a\n\nOne\ntwo.\n- x\n  y\n- z\n\n1. n\n\n## Before\n\n```yaml\nk: |\n  ```\n```\nEnd.\n";
        let expected = [
            Block::Title("a"),
            Block::Text("One two.".into()),
            Block::Item("- ", "x y".into()),
            Block::Item("- ", "z".into()),
            Block::Item("1. ", "n".into()),
            Block::Heading("Before"),
            Block::Code(vec!["k: |", "  ```"]),
            Block::Text("End.".into()),
        ];
        assert_eq!(blocks(page), expected);
    }

    #[test]
    fn marks_that_do_not_read_well_go_and_code_stays() {
        let cases = [
            ("a **bold** and *soft* word", "a bold and soft word"),
            ("so *soft*. 2 * 3, 2*3", "so soft. 2 * 3, 2*3"),
            ("`*name` and `**`", "`*name` and `**`"),
            ("see [the `page`](../a/README.md) now", "see the `page` now"),
            ("two [a](b) [c](d)", "two a c"),
            ("a [list] (aside)", "a [list] (aside)"),
            ("no end [a](b", "no end [a](b"),
        ];
        for (text, expected) in cases {
            assert_eq!(plain(text), expected);
        }
    }
}
