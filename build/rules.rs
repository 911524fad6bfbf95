//! The linter's catalogue → the pages of the part "Rules": one for each rule, and the list of all on the first.
//!
//! Nobody writes these pages: each is the page that `ciworkshop explain` shows, and what the linter says of its example.

use std::fmt::Write;

use ciworkshop_engine::diagnostic::Severity;
use ciworkshop_engine::lint::{Rule, rules};
use ciworkshop_engine::source::SourceFile;

use crate::site::directive::Directive;
use crate::site::drawing;
use crate::site::html::{escape, sentence};
use crate::site::page::Page;

/// The folder of the part.
pub(crate) const CHAPTER: &str = "rules";
/// The page that lists all rules; its text is a file of the book.
pub(crate) const INDEX: &str = "rules/index.md";

/// The groups of the list, worst first: the heading, and what it means.
const SEVERITIES: [(Severity, &str, &str); 3] = [
    (Severity::Error, "Errors", "At least one of Drone's programs refuses the file."),
    (Severity::Warning, "Warnings", "Drone takes the file, and it does not do what it says."),
    (Severity::Hint, "Hints", "The file works, and could be better."),
];

/// The subjects in the order of the list, and the rules of each. A test wants every rule in one of them.
pub(crate) const TOPICS: [(&str, &[&str]); 10] = [
    (
        "The file and YAML",
        &[
            "allow-comment",
            "incomplete-resource",
            "inert-key",
            "late-merge",
            "legacy",
            "long-line",
            "missing-kind",
            "null-item",
            "repeated-key",
            "separator-text",
            "text-behind-end",
            "unknown-key",
            "unknown-kind",
            "unknown-type",
            "wrong-shape",
            "yaml-alias-bomb",
            "yaml-anchor",
            "yaml-character",
            "yaml-cycle",
            "yaml-encoding",
            "yaml-merge",
            "yaml-syntax",
            "yaml-tag",
        ],
    ),
    (
        "Pipelines and steps",
        &[
            "duplicate-pipeline-name",
            "duplicate-step-name",
            "empty-pipeline",
            "exec-image",
            "failure-word",
            "foreign-platform",
            "long-step-name",
            "missing-step-name",
            "needs-trust",
            "non-root-user",
            "nothing-to-do",
            "only-installs",
            "restricted-workspace",
            "unsupported-platform",
        ],
    ),
    (
        "Order",
        &[
            "notice-runs-at-once",
            "parallel-surprise",
            "self-dependency",
            "self-pipeline-dependency",
            "unknown-pipeline-dependency",
            "unknown-step-dependency",
            "untested-publish",
        ],
    ),
    (
        "Conditions",
        &[
            "branch-and-tag",
            "condition-shape",
            "cron-document",
            "cron-everywhere",
            "dead-pattern",
            "ignored-condition",
            "ignored-instance",
            "notice-skipped-on-failure",
            "publish-on-pull-request",
            "pull-request-branch",
            "tags-only-plugin",
            "unknown-event",
            "unknown-status",
            "unreachable",
        ],
    ),
    (
        "Variables and substitution",
        &[
            "breaks-after-substitution",
            "dollar-dollar",
            "emptied-by-substitution",
            "environment-is-no-shell",
            "server-sees-text",
            "shell-only-operator",
            "status-too-early",
            "substitution",
            "untrusted-text",
        ],
    ),
    (
        "Secrets",
        &[
            "literal-secret",
            "nested-secret",
            "printed-secret",
            "secret-in-clear",
            "secret-in-pull-request",
            "secret-name",
        ],
    ),
    (
        "Plugins",
        &[
            "comma-in-list",
            "mangled-setting",
            "missing-setting",
            "privileged-plugin-spoiled",
            "replaced-setting",
            "setting-name",
            "setting-type",
            "settings-and-commands",
            "unknown-setting",
        ],
    ),
    ("Images", &["end-of-life-image", "floating-image", "missing-image", "no-shell-image", "pull-word"]),
    (
        "Services and volumes",
        &[
            "localhost-service",
            "missing-volume-name",
            "reserved-volume",
            "service-exits",
            "service-not-ready",
            "undefined-volume",
            "unused-volume",
            "volume-without-source",
        ],
    ),
    (
        "Commands",
        &[
            "asks-nobody",
            "bashism",
            "cut-command",
            "eaten-word",
            "echo-backslash",
            "folded-commands",
            "forgotten-between-steps",
            "hidden-failure",
            "lost-install",
            "pipe-hides-failure",
            "reads-the-script",
            "shallow-git",
            "stale-package-list",
            "unreadable-script",
        ],
    ),
];

fn topic(code: &str) -> &'static str {
    TOPICS.iter().find(|(_, codes)| codes.contains(&code)).map_or("Other", |(title, _)| *title)
}

/// A page for each rule, in the order of the list.
pub(crate) fn pages() -> Vec<Page> {
    let groups = SEVERITIES.iter().flat_map(|it| groups(it.0));
    groups.flat_map(|(_, rules)| rules).map(page).collect()
}

/// True for the page of a rule, which no table of contents lists by name.
pub(crate) fn is_rule(page: &Page) -> bool {
    page.chapter() == CHAPTER && page.path != INDEX
}

/// The rules of a severity by topic, without empty topics.
fn groups(severity: Severity) -> Vec<(&'static str, Vec<&'static Rule>)> {
    let own: Vec<&Rule> = rules::ALL.iter().filter(|it| it.severity == severity).collect();
    let of = |title: &str| own.iter().copied().filter(|it| topic(it.code) == title).collect();
    let groups = TOPICS.iter().map(|(title, _)| (*title, of(title)));
    groups.filter(|(_, rules): &(_, Vec<&Rule>)| !rules.is_empty()).collect()
}

/// The rule's own text, in which a directive stands for the example that has the problem.
fn page(rule: &'static Rule) -> Page {
    let facts = format!("{{{{#rule {}}}}}", rule.code);
    let title = format!("# {}\n", rule.code);
    let mut text = rule.page.replacen(&title, &format!("{title}\n{facts}\n"), 1);
    if let Some(before) = rule.before() {
        let directive = format!("{{{{#before {}}}}}\n", rule.code);
        text = text.replacen(&format!("```yaml\n{before}```\n"), &directive, 1);
    }
    Page { path: format!("{CHAPTER}/{}.md", rule.code), title: rule.code.to_owned(), text }
}

fn named(directive: &Directive<'_>) -> Result<&'static Rule, String> {
    directive.knows(&[])?;
    let code = directive.needs("the code of a rule")?;
    rules::ALL.iter().find(|it| it.code == code).ok_or_else(|| format!("there is no rule `{code}`"))
}

/// `{{#rule CODE}}`: the line under the title of a rule's page.
pub(crate) fn facts(directive: &Directive<'_>) -> Result<String, String> {
    let rule = named(directive)?;
    Ok(format!(
        "<p class=\"facts\"><span class=\"{severity}\">{severity}</span> · {topic} · in the terminal: \
         <code>ciworkshop explain {code}</code></p>",
        severity = rule.severity.word(),
        topic = escape(topic(rule.code)),
        code = escape(rule.code),
    ))
}

/// `{{#before CODE}}`: the example that has the problem, and what the linter says of it.
pub(crate) fn before(directive: &Directive<'_>) -> Result<String, String> {
    let rule = named(directive)?;
    let text = rule.before().ok_or_else(|| format!("the page of `{}` has no example", rule.code))?;
    Ok(drawing::judged(&SourceFile::new(".drone.yml", text)))
}

/// `{{#rules}}`: every rule with its first sentence, by severity and topic.
pub(crate) fn list(directive: &Directive<'_>) -> Result<String, String> {
    directive.knows(&[])?;
    let mut text = counts();
    for (severity, title, meaning) in SEVERITIES {
        let groups = groups(severity);
        if groups.is_empty() {
            continue;
        }
        let _ = write!(text, "\n## {title}\n\n{meaning}\n");
        for (topic, rules) in groups {
            let entries: String = rules.iter().map(|it| entry(it)).collect();
            let _ = write!(text, "\n### {topic}\n\n<dl class=\"rules\">{entries}</dl>\n\n");
        }
    }
    Ok(text)
}

/// How many there are of each severity, with the way to them.
fn counts() -> String {
    let parts = SEVERITIES.iter().filter_map(|(severity, title, _)| {
        let count = groups(*severity).iter().map(|it| it.1.len()).sum::<usize>();
        let title = title.to_lowercase();
        let noun = if count == 1 { severity.word() } else { &title };
        (count > 0).then(|| format!("[{count} {noun}](#{title})"))
    });
    format!("The linter knows {}.\n", parts.collect::<Vec<_>>().join(", "))
}

fn entry(rule: &Rule) -> String {
    let code = escape(rule.code);
    format!("<dt><a href=\"{code}.html\"><code>{code}</code></a></dt><dd>{}</dd>", sentence(&rule.summary()))
}
