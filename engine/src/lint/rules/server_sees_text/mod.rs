//! A `${…}` where the server reads, which replaces nothing.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::rule::{Check, Rule};
use crate::lint::written::PipelineAdvice;
use crate::pipeline::Text;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "server-sees-text";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    if page.file.dollars.is_empty() {
        return;
    }
    for (key, text) in texts(page) {
        for dollar in page.file.dollars_in(text.span).iter().filter(|it| it.name().is_some()) {
            let written = page.file.slice(dollar.span);
            found.push(
                Diagnostic::warning(
                    CODE,
                    dollar.span,
                    format!("the server does not replace `{written}` in `{key}`"),
                )
                .label("taken letter by letter")
                .why(reason(key))
                .help("write the value itself"),
            );
        }
    }
}

/// What the server reads of a pipeline, with the name of its key.
fn texts<'f>(page: &PipelineAdvice<'f>) -> impl Iterator<Item = (&'static str, &'f Text)> {
    let pipeline = page.pipeline;
    let platform = &pipeline.platform;
    let platform = [&platform.os, &platform.arch, &platform.variant, &platform.version];
    let conditions = pipeline.trigger.entries.iter();
    let patterns = conditions.flat_map(|it| it.include.iter().chain(&it.exclude));
    let named = pipeline.written_name.iter().map(|it| ("name", it));
    let typed = pipeline.type_.iter().map(|it| ("type", it));
    named
        .chain(typed)
        .chain(platform.into_iter().flatten().map(|it| ("platform", it)))
        .chain(pipeline.depends_on.iter().map(|it| ("depends_on", it)))
        .chain(pipeline.node.iter().map(|it| ("node", &it.1)))
        .chain(patterns.map(|it| ("trigger", it)))
}

fn reason(key: &str) -> &'static str {
    match key {
        "trigger" => "the server compares with the letters of `${…}`, and no build has such a value",
        "node" | "platform" | "type" => "the server looks for a runner with these letters, and there is none",
        _ => "the server decides before any runner replaces `${…}`, and shows these letters as they are",
    }
}
