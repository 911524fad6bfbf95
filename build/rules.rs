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

/// The subjects in the order of the list. A rule belongs to the first that has a word of its code; what has none
/// is about pipelines and steps as such.
const TOPICS: [(&str, &[&str]); 9] = [
    ("YAML", &["yaml", "shape", "null", "substitution", "legacy"]),
    (REST, &[]),
    ("Secrets", &["secret", "secrets", "password", "credentials", "token", "tokens"]),
    ("Plugins", &["plugin", "plugins", "setting", "settings", "publish"]),
    (
        "Conditions",
        &["when", "trigger", "triggers", "condition", "conditions", "event", "events", "branch", "cron"],
    ),
    ("Order", &["dependency", "dependencies", "depends", "cycle", "order", "parallel"]),
    ("Services and volumes", &["service", "services", "volume", "volumes", "port", "ports", "detach"]),
    ("Images", &["image", "images", "latest", "pull"]),
    (
        "Commands",
        &["command", "commands", "shell", "quote", "quotes", "pipe", "pipefail", "script", "exit", "cd"],
    ),
];
const REST: &str = "Pipelines and steps";

fn topic(code: &str) -> &'static str {
    let mine = |words: &[&str]| code.split('-').any(|it| words.contains(&it));
    TOPICS.iter().find(|(_, words)| mine(words)).map_or(REST, |(title, _)| *title)
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
