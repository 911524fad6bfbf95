//! Two pipelines of one file with the same name.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Program, Severity, Stage};
use crate::lint::rule::{Check, FilePage, Rule};
use crate::pipeline::Pipeline;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::File(check),
};
const CODE: &str = "duplicate-pipeline-name";

fn check(page: &FilePage<'_>, found: &mut Vec<Diagnostic>) {
    let server = page.readers.and(Program::Server.into());
    if server.is_empty() {
        return;
    }
    let mut first: HashMap<&str, &Pipeline> = HashMap::new();
    for pipeline in page.pipelines() {
        let Some(earlier) = first.get(pipeline.raw_name()) else {
            first.insert(pipeline.raw_name(), pipeline);
            continue;
        };
        let (message, here, there) = match pipeline.raw_name() {
            "" => ("two pipelines have no name".to_owned(), "no `name` in this document", "nor in this one"),
            name => {
                (format!("the name `{name}` is used by two pipelines"), "used again here", "first used here")
            }
        };
        found.push(
            Diagnostic::error(CODE, pipeline.name_span(), message)
                .label(here)
                .also(earlier.name_span(), there)
                .why("a runner finds a pipeline by its name, and would run the first one twice")
                .help("give each pipeline a name of its own")
                .refused_by(server, Stage::Lint),
        );
    }
}
