//! A pipeline that waits for itself.

use crate::diagnostic::{Diagnostic, Program, Severity, Stage};
use crate::lint::rule::{Check, FilePage, Rule};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::File(check),
};
const CODE: &str = "self-pipeline-dependency";

fn check(page: &FilePage<'_>, found: &mut Vec<Diagnostic>) {
    let server = page.readers.and(Program::Server.into());
    if server.is_empty() {
        return;
    }
    for pipeline in page.pipelines() {
        let itself = pipeline.depends_on.iter().filter(|it| it.value == pipeline.raw_name());
        found.extend(itself.map(|it| {
            Diagnostic::error(CODE, it.span, format!("the pipeline `{}` waits for itself", pipeline.name()))
                .label("its own name")
                .also(pipeline.name_span(), "this pipeline")
                .why("it could never start, so the server refuses the file")
                .help("take the name out of `depends_on`")
                .refused_by(server, Stage::Lint)
        }));
    }
}
