//! Answers → what a person reads: excerpts, a summary, and what to type next.

use std::io::{self, Write};
use std::path::PathBuf;

use crate::cli::lint::{Answer, Style, Wish};
use crate::cli::parallel;
use crate::engine::diagnostic::{Diagnostic, Severity, render_with};
use crate::engine::lint::{Which, chosen};
use crate::engine::source::SourceFile;

pub(super) fn write(answers: &[Answer<'_>], style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let weight = |it: &Answer<'_>| it.report.problems.len();
    let files = parallel::map(answers, weight, |it| file(it, style));
    out.write_all(files.concat().as_bytes())?;
    if answers.len() > 1 {
        let mut all = Counts::default();
        for answer in answers {
            all.add(answer, style);
        }
        writeln!(out, "{} files: {}", answers.len(), all.summary())?;
    }
    out.write_all(next(answers, style).as_bytes())
}

fn file(answer: &Answer<'_>, style: &Style<'_>) -> String {
    let source = &answer.source;
    let applied = answer.applied.iter();
    let mut parts: Vec<String> = applied
        .map(|it| format!("fixed[{}]: {} ({}:{})\n", it.code, it.message, source.name(), it.line))
        .collect();
    if !(parts.is_empty() || answer.report.problems.is_empty()) {
        parts.push("\n".into());
    }
    parts.extend(answer.report.problems.iter().map(|it| excerpt(source, it, style)));
    let mut counts = Counts::default();
    counts.add(answer, style);
    parts.push(format!("{}: {}\n", source.name(), counts.summary()));
    parts.concat()
}

fn excerpt(source: &SourceFile, problem: &Diagnostic, style: &Style<'_>) -> String {
    let fix = chosen(problem, Which::All).map(|it| {
        let how = if it.safe { "--fix" } else { "--fix --unsafe" };
        let said = problem.help.as_ref().is_some_and(|help| help.contains(&it.message));
        if said { format!("{how} does it") } else { format!("{} ({how})", it.message) }
    });
    render_with(problem, fix.as_deref(), source, style.colour) + "\n\n"
}

/// How many there are of what.
#[derive(Default)]
struct Counts {
    fixed: usize,
    of: [usize; 3],
    denied: usize,
    allowed: usize,
}

impl Counts {
    fn add(&mut self, answer: &Answer<'_>, style: &Style<'_>) {
        self.fixed += answer.applied.len();
        self.allowed += answer.report.allowed.len();
        for problem in &answer.report.problems {
            self.of[problem.severity as usize] += 1;
            self.denied += usize::from(problem.severity != Severity::Error && style.fails(problem));
        }
    }

    /// `1 fixed, 2 errors, 1 warning (1 of these denied), 3 allowed`, or that there is nothing to say.
    fn summary(&self) -> String {
        let left = [Severity::Error, Severity::Warning, Severity::Hint].into_iter().filter_map(|severity| {
            let count = self.of[severity as usize];
            let plural = if count == 1 { "" } else { "s" };
            (count > 0).then(|| format!("{count} {}{plural}", severity.word()))
        });
        let mut parts: Vec<String> =
            (self.fixed > 0).then(|| format!("{} fixed", self.fixed)).into_iter().collect();
        parts.extend(left);
        if self.of == [0; 3] {
            parts.push(if self.fixed > 0 { "no problems left" } else { "no problems found" }.into());
        }
        if self.denied > 0 {
            parts.push(format!("{} denied", self.denied));
        }
        if self.allowed > 0 {
            parts.push(format!("{} allowed", self.allowed));
        }
        parts.join(", ")
    }
}

/// What can be done about it at once.
fn next(answers: &[Answer<'_>], style: &Style<'_>) -> String {
    let problems = answers.iter().flat_map(|it| &it.report.problems);
    let fixes = problems.filter_map(|it| chosen(it, Which::All));
    let (safe, others): (Vec<_>, Vec<_>) = fixes.partition(|it| it.safe);
    let typed = &style.typed;
    let mut lines = Vec::new();
    if answers.iter().any(|it| !it.ended) {
        lines.push("More can be fixed; this much took long. The same command goes on.\n".to_owned());
    }
    // The worst first: it is what a person looks at first.
    let worst = answers.iter().flat_map(|it| &it.report.problems).max_by_key(|it| it.severity);
    if let Some(code) = worst.map(|it| it.code) {
        lines.push(format!("What a code in brackets means: ciworkshop explain {code}\n"));
    }
    // After `--fix`, what is left of these cannot be mended without a new problem.
    if matches!(style.wish, Wish::Look) && !safe.is_empty() {
        lines.push(format!("{} of these can be fixed: ciworkshop lint --fix{typed}\n", safe.len()));
    }
    if !(others.is_empty() || matches!(style.wish, Wish::Fix(Which::All))) {
        let count = others.len();
        lines.push(format!(
            "{count} of these can be fixed, but the meaning may change; look first: ciworkshop lint --diff --unsafe{typed}\n"
        ));
    }
    lines.concat()
}

/// The files as they can be typed again, each after a blank.
pub(super) fn words(files: &[PathBuf]) -> String {
    const MOST: usize = 5;
    if files.len() > MOST {
        return " FILES".into();
    }
    let plain = |it: char| it.is_alphanumeric() || "-_./+,@%=:".contains(it);
    files
        .iter()
        .map(|it| {
            let name = it.display().to_string();
            if name.chars().all(plain) {
                format!(" {name}")
            } else {
                format!(" '{}'", name.replace('\'', r"'\''"))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_can_be_typed_again() {
        assert_eq!(words(&["a/.drone.yml".into(), "it's b".into()]), r" a/.drone.yml 'it'\''s b'");
        assert_eq!(words(&vec!["a".into(); 9]), " FILES");
        assert_eq!(words(&[]), "");
    }
}
