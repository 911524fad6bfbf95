//! The pipeline file → the first line: every program of Drone takes it, and the linter has neither error nor warning.

use crate::cli::checklist::line::{CLEAN, Line};
use crate::engine::diagnostic::Severity;
use crate::engine::lint::{report, verdict};
use crate::engine::source::SourceFile;

pub(super) fn look(source: &SourceFile) -> Line {
    let problems = report(source).problems;
    let bad: Vec<_> = problems.iter().filter(|it| it.severity >= Severity::Warning).collect();
    let Some(first) = bad.first() else {
        let verdict = verdict(source);
        let refuses = verdict.judgements.iter().find(|it| it.untrusted.is_some());
        return match refuses {
            None => Line::yes(CLEAN, "Drone's programs take it, and the linter has no warning."),
            Some(judgement) => Line::no(
                CLEAN,
                format!(
                    "{} refuses it, although a comment in the file allows that.",
                    judgement.program.name()
                ),
                format!("ciworkshop verdict {}", source.name()),
            ),
        };
    };
    let at = source.line_column(first.primary.span.start);
    let more = match bad.len() - 1 {
        0 => String::new(),
        1 => ", and one thing more".to_owned(),
        count => format!(", and {count} things more"),
    };
    let why = format!("{}:{at}: {} ({}){more}.", source.name(), first.message, first.code);
    Line::no(CLEAN, why, format!("ciworkshop lint {}", source.name()))
}
