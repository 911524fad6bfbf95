//! Commands on lines of their own that YAML joins to one: a `>` block, or a plain item over several lines.

use crate::diagnostic::Diagnostic;
use crate::lint::edit::replace;
use crate::lint::purpose::{Purpose, purpose};
use crate::lint::rule::{Check, Rule};
use crate::lint::written::{StepAdvice, Written};
use crate::pipeline::Text;
use crate::shell::{Command, Simple, parse};
use crate::source::Span;

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};

const CODE: &str = "folded-commands";

fn check(step: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for command in step.step.commands() {
        found.extend(folded(step.file, command).map(|at| of(step.file, command, at)));
    }
}

fn of(file: &Written<'_>, command: &Text, line: Span) -> Diagnostic {
    let written = file.slice(line);
    let diagnostic =
        Diagnostic::warning(CODE, line, format!("`{written}` becomes a part of the command above it"))
            .label("joined to the line above with a blank")
            .why("YAML joins the lines of this item to one, so the shell sees one long command");
    let Some(sign) = block_sign(file, command) else {
        return diagnostic
            .help("make an item of each command, or write `- |` on a line of its own before them");
    };
    diagnostic
        .also(sign, "this sign joins the lines")
        .help("write `|` in the place of `>`: it keeps the lines")
        .fix(replace(sign, "|", "keep the lines with `|`"))
}

/// The first line that is a command of its own, and is joined to the one before it.
pub(in crate::lint::rules) fn folded(file: &Written<'_>, command: &Text) -> Option<Span> {
    let written = file.slice(command.span);
    if written.starts_with(['"', '\'']) || !written.contains('\n') {
        return None;
    }
    let lines = lines(command.span.start, written);
    let joined = |pair: &&[(Span, &str)]| {
        let [(_, first), (_, second)] = pair else { return false };
        command.value.contains(&format!("{first} {second}"))
    };
    let unreadable = || {
        let apart = lines.iter().map(|it| it.1).collect::<Vec<_>>().join("\n");
        parse(&command.value, true).is_err() && parse(&apart, true).is_ok()
    };
    let first = lines.windows(2).find(joined)?;
    let second = lines.windows(2).filter(joined).find(|it| is_end(it[0].1) && is_command(it[1].1));
    match second {
        Some(pair) => Some(pair[1].0),
        None if unreadable() => Some(first[1].0),
        None => None,
    }
}

/// The `>` of a block: it ends the line above the text.
fn block_sign(file: &Written<'_>, command: &Text) -> Option<Span> {
    let before = file.text.get(..command.span.start as usize)?.trim_end();
    let line = before.rfind('\n').map_or(0, |it| it + 1);
    let header = before[line..].split(" #").next().unwrap_or_default().trim_end();
    let sign = header.trim_end_matches(|it: char| it.is_ascii_digit() || matches!(it, '-' | '+'));
    let at = line + sign.len();
    sign.ends_with('>').then(|| Span::new(at - 1, at))
}

/// The lines of text in a block or a plain item, without their blanks.
fn lines(start: u32, written: &str) -> Vec<(Span, &str)> {
    let mut found = Vec::new();
    let mut at = start as usize;
    for line in written.split('\n') {
        let text = line.trim();
        if !text.is_empty() {
            let from = at + line.len() - line.trim_start().len();
            found.push((Span::new(from, from + text.len()), text));
        }
        at += line.len() + 1;
    }
    found
}

/// A whole command that takes no other command as its words.
fn is_end(line: &str) -> bool {
    let open = ["\\", "&&", "||", "|", ";", "(", "{", "&", "then", "do", "else"];
    if open.iter().any(|it| line.ends_with(it)) {
        return false;
    }
    let Ok(script) = parse(line, true) else { return false };
    let [list] = script.lists.as_slice() else { return false };
    let end = list.rest.last().map_or(&list.first, |it| &it.pipeline);
    let Some(Command::Simple(simple)) = end.commands.last() else { return false };
    let takes_words = simple.words.last().is_some_and(|it| it.beginning().starts_with('-'));
    let known = is_familiar(simple) || matches!(simple.program(), Some("." | "source" | "make"));
    let own = !matches!(
        simple.program(),
        Some("env" | "sudo" | "docker" | "python" | "python3" | "npx" | "echo" | "printf")
    );
    !takes_words
        && own
        && (known || !matches!(purpose(simple), Purpose::Other | Purpose::Prepare | Purpose::Wait))
}

/// A program whose name nobody uses for a word among others.
fn is_familiar(simple: &Simple) -> bool {
    matches!(
        simple.program(),
        Some("cd" | "export" | "set" | "mkdir" | "rm" | "cp" | "mv" | "chmod" | "git" | "curl" | "wget")
    )
}

/// A line that begins as a command does.
fn is_command(line: &str) -> bool {
    let Ok(script) = parse(line, true) else { return false };
    let Some(Command::Simple(simple)) = script.lists.first().and_then(|it| it.first.commands.first()) else {
        return false;
    };
    let known = is_familiar(simple) || simple.program() == Some("echo");
    let begins =
        simple.words.len() > 1 && (known || !matches!(purpose(simple), Purpose::Other | Purpose::Prepare));
    begins && !simple.words.iter().any(|it| it.text() == Some("="))
}
