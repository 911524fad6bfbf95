//! Answers → the lines with which GitHub Actions shows a problem beside the line of a change.

use std::io::{self, Write};

use crate::cli::lint::Answer;
use crate::engine::diagnostic::{Diagnostic, Severity};
use crate::engine::source::SourceFile;

pub(super) fn write(answers: &[Answer<'_>], out: &mut dyn Write) -> io::Result<()> {
    for answer in answers {
        for problem in &answer.report.problems {
            writeln!(out, "{}", annotation(&answer.source, problem))?;
        }
    }
    Ok(())
}

fn annotation(source: &SourceFile, problem: &Diagnostic) -> String {
    let command = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "notice",
    };
    let (start, end) =
        (source.line_column(problem.primary.span.start), source.line_column(problem.primary.span.end));
    // Columns are only taken for a place on one line; the last one is part of the place.
    let last = end.column.saturating_sub(1).max(start.column);
    let columns = if start.line == end.line {
        format!(",col={},endColumn={last}", start.column)
    } else {
        String::new()
    };
    let place = format!("file={},line={},endLine={}{columns}", property(source.name()), start.line, end.line);
    let title = property(problem.code);
    let refusers = problem.refusers();
    let parts = [Some(&problem.message), problem.why.as_ref(), refusers.as_ref()];
    let mut lines: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    let help = problem.help.as_ref().map(|it| format!("help: {it}"));
    lines.extend(help.as_deref());
    format!("::{command} {place},title={title}::{}", data(&lines.join("\n")))
}

/// What stands between the last colons and the end of the line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands behind an equals sign.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::annotation;
    use crate::engine::diagnostic::Diagnostic;
    use crate::engine::source::{SourceFile, Span};

    #[test]
    fn an_annotation_is_one_line_with_its_range_and_everything_escaped() {
        let source = SourceFile::new("a,b:c/100%.yml", "é: ü\nnext\n");
        let problem =
            Diagnostic::warning("code", Span::new(4, 6), "50%: bad, really").why("one\r\ntwo").help("do: it");
        assert_eq!(
            annotation(&source, &problem),
            "::warning file=a%2Cb%3Ac/100%25.yml,line=1,endLine=1,col=4,endColumn=4,title=code\
             ::50%25: bad, really%0Aone%0D%0Atwo%0Ahelp: do: it"
        );
        let long = Diagnostic::hint("code", Span::new(0, 8), "long");
        assert_eq!(
            annotation(&source, &long),
            "::notice file=a%2Cb%3Ac/100%25.yml,line=1,endLine=2,title=code::long"
        );
        let empty = Diagnostic::error("code", Span::new(7, 7), "x");
        assert!(annotation(&source, &empty).contains("line=2,endLine=2,col=1,endColumn=1,"));
    }
}
