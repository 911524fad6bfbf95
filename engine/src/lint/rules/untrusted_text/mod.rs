//! A text that strangers choose, put into a script before the shell reads it.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::edit::replace;
use crate::lint::rule::{Check, Rule};
use crate::lint::uses::{Site, Use, events};
use crate::lint::written::{StepAdvice, Written};
use crate::plan::Event;
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "untrusted-text";

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    for it in page.uses() {
        let Some((name, operator)) = it.parts(page.file) else { continue };
        let Some(author) = author(page, name) else { continue };
        found.push(if it.site.is_shell() {
            in_script(page.file, it, name, operator, author)
        } else {
            in_file(it, name)
        });
    }
}

/// Who chooses the text of a variable, where it may be a stranger.
fn author(page: &StepAdvice<'_>, name: &str) -> Option<&'static str> {
    match name {
        "DRONE_COMMIT_MESSAGE" | "DRONE_COMMIT_AUTHOR_NAME" | "DRONE_COMMIT_AUTHOR_EMAIL" => {
            Some("the author of the commit")
        }
        "DRONE_PULL_REQUEST_TITLE" => Some("the author of the pull request"),
        "DRONE_SOURCE_BRANCH" if events(page).contains(&Event::PullRequest) => {
            Some("the author of the pull request")
        }
        _ => None,
    }
}

fn in_script(
    file: &Written<'_>,
    it: &Use<'_>,
    name: &str,
    operator: &str,
    author: &'static str,
) -> Diagnostic {
    let problem = Diagnostic::warning(
        CODE,
        it.dollar.span,
        format!("`${{{name}}}` becomes a part of the script"),
    )
    .label(format!("{author} chooses this text"))
    .why("Drone puts the text in before the shell reads the script, so the shell runs what stands in it");
    if !matches!(it.site, Site::Command) {
        return problem.help("leave it out of the script, or let the plugin hand it over as a variable");
    }
    let (quote, text) = (quote_before(file, it), for_shell(file, it, name, operator));
    let text = match quote {
        Some('"') => text,
        Some(_) => return problem.help(format!("write `\"${name}\"`, in double quotes")),
        None => format!("\"{text}\""),
    };
    let help = format!("write `\"${name}\"` in double quotes: then it stays a text");
    // In a quoted scalar, another quote would end it.
    let fits = !text.starts_with('"') || !file.slice(it.whole).starts_with(['"', '\'']);
    let fix = fits.then(|| replace(it.dollar.span, text, "leave it to the shell"));
    let problem = problem.help(help);
    match fix {
        Some(fix) => problem.fix(fix),
        None => problem,
    }
}

/// `$NAME`, or `$${NAME}` where that would be read as a longer name.
fn for_shell(file: &Written<'_>, it: &Use<'_>, name: &str, operator: &str) -> String {
    let end = it.dollar.span.end;
    let next = file.slice(Span { start: end, end: end + 1 });
    let joined = next.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '_');
    if joined || !operator.is_empty() { format!("$${{{name}{operator}}}") } else { format!("${name}") }
}

/// The quote of the shell that is open before the place, as far as its line tells.
fn quote_before(file: &Written<'_>, it: &Use<'_>) -> Option<char> {
    const MOST_BEFORE: u32 = 1_000;
    let written = file.slice(it.whole);
    let quoted = u32::from(written.starts_with(['"', '\'']));
    let start = (it.whole.start + quoted).max(it.dollar.span.start.saturating_sub(MOST_BEFORE));
    let before = file.slice(Span { start, end: it.dollar.span.start });
    let line = before.rsplit('\n').next().unwrap_or_default();
    let mut open = None;
    for it in line.chars().filter(|it| matches!(it, '"' | '\'')) {
        open = match open {
            None => Some(it),
            Some(own) if own == it => None,
            other => other,
        };
    }
    open
}

fn in_file(it: &Use<'_>, name: &str) -> Diagnostic {
    Diagnostic::hint(CODE, it.dollar.span, format!("the text of `${{{name}}}` can break the file"))
        .label("put in before the file is read as YAML")
        .why("a quote, a ` #` or a `: ` in the text is read as YAML, and the build fails")
        .help(format!("use `${name}` in `commands`, or what the plugin itself offers for this text"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::lint;
    use crate::source::SourceFile;

    #[test]
    fn the_fix_leaves_a_text_in_double_quotes_to_the_shell() {
        let head =
            "kind: pipeline\ntype: docker\nname: d\nsteps:\n- name: a\n  image: b:1\n  commands:\n  - ";
        let rows = [
            ("echo ${DRONE_COMMIT_MESSAGE}", Some("echo \"$DRONE_COMMIT_MESSAGE\"")),
            ("echo \"${DRONE_COMMIT_MESSAGE}\"", Some("echo \"$DRONE_COMMIT_MESSAGE\"")),
            ("echo \"${DRONE_COMMIT_MESSAGE}s\"", Some("echo \"$${DRONE_COMMIT_MESSAGE}s\"")),
            ("echo \"${DRONE_COMMIT_MESSAGE#a}\"", Some("echo \"$${DRONE_COMMIT_MESSAGE#a}\"")),
            ("echo '${DRONE_COMMIT_MESSAGE}'", None),
            ("'echo ${DRONE_COMMIT_MESSAGE}'", None),
        ];
        for (line, expected) in rows {
            let text = format!("{head}{line}\n");
            let found = lint(&SourceFile::new("a.yml", text.as_str()));
            let own = found.iter().find(|it| it.code == CODE).unwrap();
            let fixed = own.fixes.first().map(|fix| {
                let mut fixed = text.clone();
                fixed.replace_range(fix.edits[0].span.range(), &fix.edits[0].text);
                assert!(!lint(&SourceFile::new("a.yml", fixed.as_str())).iter().any(|it| it.code == CODE));
                fixed[head.len()..].trim_end().to_owned()
            });
            assert_eq!(fixed.as_deref(), expected, "{line}");
        }
    }
}
