//! Answers → one log of SARIF 2.1.0, the format of code scanners and of editors that show their findings.
//!
//! Only the rules that have a result are described in it. Columns are those of UTF-16, which readers expect.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde_json::{Value, json};

use crate::cli::lint::Answer;
use crate::cli::lint::place::line_and_utf16;
use crate::engine::diagnostic::{Diagnostic, Edit, Fix, Label, Severity};
use crate::engine::lint::{Rule, rule_of};
use crate::engine::source::{SourceFile, Span};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// `successful` is false when some file could not be read or written.
pub(super) fn write(answers: &[Answer<'_>], successful: bool, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", log(answers, successful))
}

fn log(answers: &[Answer<'_>], successful: bool) -> Value {
    let rules = used(answers);
    let results = answers.iter().flat_map(|it| results(it, &rules));
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "ciworkshop",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.keys().filter_map(|it| rule_of(it)).map(rule).collect::<Vec<_>>(),
            }},
            "invocations": [{"executionSuccessful": successful}],
            "columnKind": "utf16CodeUnits",
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

/// The rules with results, by code: the index of each.
type Used = BTreeMap<&'static str, usize>;

fn used(answers: &[Answer<'_>]) -> Used {
    let allowed = answers.iter().flat_map(|it| &it.report.allowed).map(|it| &it.problem);
    let all = answers.iter().flat_map(|it| &it.report.problems).chain(allowed);
    let codes: BTreeSet<&'static str> = all.map(|it| it.code).collect();
    codes.into_iter().zip(0..).collect()
}

fn rule(rule: &Rule) -> Value {
    let text = paragraph(rule.page, &format!("# {}", rule.code));
    let why = paragraph(rule.page, "## Why it matters");
    json!({
        "id": rule.code,
        "shortDescription": {"text": rule.summary()},
        "fullDescription": {"text": format!("{text} {why}")},
        "help": {"text": rule.page, "markdown": rule.page},
        "defaultConfiguration": {"level": level(rule.severity)},
    })
}

/// The first paragraph below a heading, in one line.
fn paragraph(page: &str, heading: &str) -> String {
    let lines = page.lines().skip_while(|it| *it != heading).skip(1);
    let lines = lines.skip_while(|it| it.is_empty()).take_while(|it| !it.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

fn results(answer: &Answer<'_>, rules: &Used) -> Vec<Value> {
    let source = &answer.source;
    let problems = answer.report.problems.iter().map(|it| result(source, it, rules));
    let allowed = answer.report.allowed.iter().map(|it| {
        let mut result = result(source, &it.problem, rules);
        let mut suppression = json!({"kind": "inSource"});
        if !it.reason.is_empty() {
            suppression["justification"] = it.reason.as_str().into();
        }
        result["suppressions"] = json!([suppression]);
        result
    });
    problems.chain(allowed).collect()
}

fn result(source: &SourceFile, problem: &Diagnostic, rules: &Used) -> Value {
    let mut result = json!({
        "ruleId": problem.code,
        "ruleIndex": rules.get(problem.code),
        "level": level(problem.severity),
        "message": {"text": message(problem)},
        "locations": [location(source, &problem.primary)],
    });
    if !problem.secondary.is_empty() {
        let related = problem.secondary.iter().map(|it| location(source, it));
        result["relatedLocations"] = related.collect();
    }
    if !problem.fixes.is_empty() {
        result["fixes"] = problem.fixes.iter().map(|it| fix(source, it)).collect();
    }
    result
}

/// Lines: what is wrong, why it matters, who refuses it, what to do.
fn message(problem: &Diagnostic) -> String {
    let help = problem.help.as_ref().map(|it| format!("help: {it}"));
    let others = [problem.why.clone(), problem.refusers(), help];
    let lines: Vec<String> =
        std::iter::once(problem.message.clone()).chain(others.into_iter().flatten()).collect();
    lines.join("\n")
}

fn location(source: &SourceFile, label: &Label) -> Value {
    let mut location = json!({
        "physicalLocation": {"artifactLocation": artifact(source), "region": region(source, label.span)},
    });
    if !label.message.is_empty() {
        location["message"] = json!({"text": label.message});
    }
    location
}

fn artifact(source: &SourceFile) -> Value {
    json!({"uri": uri(source.name())})
}

/// A path as a relative address, or an absolute one.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let escaped: String = path.bytes().map(escape).collect();
    if path.starts_with('/') { format!("file://{escaped}") } else { escaped }
}

fn escape(byte: u8) -> String {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    }
}

fn region(source: &SourceFile, span: Span) -> Value {
    let ((line, column), (end_line, end_column)) =
        (line_and_utf16(source, span.start), line_and_utf16(source, span.end));
    json!({"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column})
}

fn fix(source: &SourceFile, fix: &Fix) -> Value {
    let description =
        if fix.safe { fix.message.clone() } else { format!("{} (may change the meaning)", fix.message) };
    json!({
        "description": {"text": description},
        "artifactChanges": [{
            "artifactLocation": artifact(source),
            "replacements": fix.edits.iter().map(|it| replacement(source, it)).collect::<Vec<_>>(),
        }],
    })
}

fn replacement(source: &SourceFile, edit: &Edit) -> Value {
    let mut deleted = region(source, edit.span);
    // Where bytes were replaced on reading, the offsets are not those of the file.
    if source.broken_bytes().is_empty() {
        deleted["byteOffset"] = edit.span.start.into();
        deleted["byteLength"] = (edit.span.end - edit.span.start).into();
    }
    json!({"deletedRegion": deleted, "insertedContent": {"text": edit.text}})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_an_address() {
        let cases = [
            (".drone.yml", ".drone.yml"),
            ("./a b/é#1.yml", "a%20b/%C3%A9%231.yml"),
            ("../.drone.yml", "../.drone.yml"),
            ("a:b.yml", "a%3Ab.yml"),
            ("/tmp/x%.yml", "file:///tmp/x%25.yml"),
            (r"a\b.yml", "a/b.yml"),
        ];
        for (path, expected) in cases {
            assert_eq!(uri(path), expected);
        }
    }

    #[test]
    fn a_rule_is_described_by_its_page() {
        let rule = rule(rule_of("allow-comment").unwrap());
        let short = rule["shortDescription"]["text"].as_str().unwrap();
        assert!(
            short.starts_with("A comment `# ciworkshop: allow(CODE) REASON` allows nothing")
                && short.ends_with('.')
        );
        let full = rule["fullDescription"]["text"].as_str().unwrap();
        assert!(full.starts_with(short) && full.contains("hides the next problem"), "{full}");
    }
}
