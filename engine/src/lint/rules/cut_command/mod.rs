//! A ` #` in a plain item of `commands`: YAML takes the rest of the line for a comment, also inside shell quotes.

use crate::diagnostic::Diagnostic;
use crate::lint::edit::{quoted, replace};
use crate::lint::rule::{Check, Rule};
use crate::lint::written::{StepAdvice, Written};
use crate::pipeline::Text;
use crate::source::Span;

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};

const CODE: &str = "cut-command";

fn check(step: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for command in step.step.commands() {
        let Some(rest) = cut(step.file, command) else { continue };
        let whole = Span { start: command.span.start, end: rest.end };
        let new = quoted(step.file.slice(whole));
        let lost = step.file.slice(rest);
        found.push(
            Diagnostic::warning(CODE, rest, format!("`{lost}` is cut off: YAML takes it for a comment"))
                .label("the shell never sees this")
                .why("for YAML, ` #` begins a comment, also between the quotes of a shell command")
                .help(format!("put the whole command in quotes: `- {new}`"))
                .fix(replace(whole, new, "put the whole command in quotes")),
        );
    }
}

/// The part of the line that a command is cut off by mistake. A comment that is meant so is none.
pub(in crate::lint::rules) fn cut(file: &Written<'_>, command: &Text) -> Option<Span> {
    let written = file.slice(command.span);
    if written != command.value || written.is_empty() {
        return None;
    }
    let line = file.line_at(command.span.end);
    let behind = file.slice(Span { start: command.span.end, end: line.end });
    let rest = behind.trim_start();
    if !rest.starts_with('#') || rest.len() == behind.len() {
        return None;
    }
    let hash = Span { start: line.end - Span::new(0, rest.len()).end, end: line.end };
    (has_open_quote(written) || speaks_of_number(written, rest)).then_some(hash)
}

/// A quote that is closed behind the `#`, if at all.
fn has_open_quote(command: &str) -> bool {
    let mut open: Option<char> = None;
    let mut letters = command.chars();
    while let Some(it) = letters.next() {
        match (open, it) {
            (None | Some('"'), '\\') => _ = letters.next(),
            (None, '"' | '\'') => open = Some(it),
            (Some(quote), _) if it == quote => open = None,
            _ => {}
        }
    }
    open.is_some()
}

/// `echo fixes #12`
fn speaks_of_number(command: &str, comment: &str) -> bool {
    let speaks = ["echo ", "printf ", "git commit "].iter().any(|it| command.starts_with(it));
    speaks && comment[1..].starts_with(|it: char| it.is_ascii_digit()) && !command.contains(['>', '|', ';'])
}

#[cfg(test)]
mod tests {
    use super::has_open_quote;

    #[test]
    fn a_quote_is_open_until_its_like_closes_it() {
        for (command, open) in [
            ("echo \"issue", true),
            ("echo 'it", true),
            ("echo \"it's\"", false),
            ("echo it\\'s", false),
            ("echo \"a \\\" b", true),
            ("echo 'a\\' b", false),
        ] {
            assert_eq!(has_open_quote(command), open, "{command}");
        }
    }
}
