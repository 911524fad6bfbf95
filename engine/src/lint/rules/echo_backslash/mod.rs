//! A backslash that dash's `echo` takes away: Drone hands the script over with `echo "$DRONE_SCRIPT" | /bin/sh`.

use crate::diagnostic::Diagnostic;
use crate::lint::purpose::is_python;
use crate::lint::rule::{Check, Rule};
use crate::lint::script::StepScript;
use crate::lint::sh::{Sh, sh_of};
use crate::lint::written::StepAdvice;
use crate::shell::{Piece, Script, Simple, Visit, Word, visit};
use crate::source::Span;

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};

const CODE: &str = "echo-backslash";

fn check(step: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    if !step.step.commands().iter().any(|it| it.value.contains('\\')) || sh_of(step) != Sh::Dash {
        return;
    }
    let Some(script) = step.script() else { return };
    let Some(tree) = script.tree() else { return };
    for (span, becomes) in changed(script, tree) {
        let written = script.text.get(span.range()).unwrap_or_default();
        found.push(
            Diagnostic::warning(CODE, script.place(span), format!("`{written}` reaches the shell as {becomes}"))
                .label("changed on the way to the shell")
                .why(format!(
                    "Drone runs `echo \"$DRONE_SCRIPT\" | /bin/sh`, and `echo` of `{}` (dash) reads backslashes as signs of its own",
                    step.step.image()
                ))
                .help("put the command into a script file of the repository, and run that: `sh scripts/NAME.sh`"),
        );
    }
}

/// The sequences that come out otherwise, where that makes a difference. Each command once.
fn changed(script: &StepScript, tree: &Script) -> Vec<(Span, &'static str)> {
    let mut found: Vec<(Span, &'static str)> = Vec::new();
    visit(tree, &mut |it, _| {
        let Visit::Simple(simple) = it else { return };
        let first = simple.words.iter().find_map(|it| in_word(script, simple, it));
        found.extend(first);
    });
    found
}

fn in_word(script: &StepScript, simple: &Simple, word: &Word) -> Option<(Span, &'static str)> {
    let reader = Reader::of(simple);
    for part in &word.parts {
        let (Piece::Text(_), true) = (&part.piece, part.quoted || word.quoted) else { continue };
        let text = script.text.get(part.span.range()).unwrap_or_default();
        if let Some((at, length, becomes)) = sequence(text, reader) {
            let start = part.span.start as usize + at;
            return Some((Span::new(start, start + length), becomes));
        }
    }
    None
}

/// Who reads the text in the end.
#[derive(Clone, Copy, PartialEq)]
enum Reader {
    /// `echo` and `printf` would make the same of it.
    Echo,
    /// A line end in the middle of it is an error: the text of a program, or JSON.
    Lines,
    /// Anything else.
    Other,
}

impl Reader {
    fn of(simple: &Simple) -> Self {
        let call = simple.unwrapped();
        match call.program() {
            Some("echo" | "printf") => Self::Echo,
            Some("sed" | "awk" | "gawk" | "mawk" | "node") => Self::Lines,
            Some("curl") if call.words.iter().any(|it| it.quoted && has_brace(it)) => Self::Lines,
            Some(it) if is_python(it) && call.has_flag("-c") => Self::Lines,
            _ => Self::Other,
        }
    }
}

fn has_brace(word: &Word) -> bool {
    word.beginning().starts_with(['{', '['])
}

/// The first sequence in a quoted text that makes a difference, and what becomes of it (tried with dash 0.5.12).
fn sequence(text: &str, reader: Reader) -> Option<(usize, usize, &'static str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut single = false;
    let mut double = false;
    while at < bytes.len() {
        let next = bytes.get(at + 1).copied();
        match (bytes[at], next) {
            (b'\'', _) if !double => single = !single,
            (b'"', _) if !single => double = !double,
            (b'\\', Some(it)) => {
                let third = bytes.get(at + 2).copied();
                if let Some(becomes) = becomes(it, third, single, reader) {
                    return Some((at, 2, becomes));
                }
                at += 1;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

fn becomes(next: u8, third: Option<u8>, single: bool, reader: Reader) -> Option<&'static str> {
    match next {
        b'c' => Some("nothing, and all that follows it is lost"),
        b'1'..=b'7' if reader != Reader::Echo => Some("a control character"),
        b'b' if reader != Reader::Echo => Some("a backspace"),
        b'n' if reader == Reader::Lines => Some("a line end"),
        // In double quotes the shell would do the same, but for what it treats so itself.
        b'\\' if single && reader != Reader::Echo => Some("a single `\\`"),
        b'\\' if !single && matches!(third, Some(b'"' | b'$' | b'`' | b'\\')) => Some("a single `\\`"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sequences_that_make_a_difference_are_named() {
        let rows = [
            (Reader::Lines, r"'s/\(a\)/\1/'", Some(r"\1")),
            (Reader::Lines, r"'s/a/\n/'", Some(r"\n")),
            (Reader::Other, r"'a\nb'", None),
            (Reader::Echo, r#""a\tb\n""#, None),
            (Reader::Echo, r#""a\c""#, Some(r"\c")),
            (Reader::Other, r"'\bword'", Some(r"\b")),
            (Reader::Other, r"'a\.b\d\s\w\/'", None),
            (Reader::Other, r"'a\\.b'", Some(r"\\")),
            (Reader::Other, r#""a\\n""#, None),
            (Reader::Other, r#""a\\""#, Some(r"\\")),
            (Reader::Other, r#""say \"hi\" $x""#, None),
        ];
        for (reader, text, expected) in rows {
            let found = sequence(text, reader).map(|it| &text[it.0..it.0 + it.1]);
            assert_eq!(found, expected, "{text}");
        }
    }
}
