//! A page with directives → the page as mdBook gets it, and what is wrong with it. Code blocks are left as they are.

use crate::site::directive::Directive;
use crate::site::drawing::Elsewhere;
use crate::site::page::{Page, Problem};
use crate::site::{Shelf, drawing, exercise, highlight, keys, question, rules};

/// Replaces every directive and colours YAML and console blocks.
pub(crate) fn expand(page: &Page, shelf: &Shelf) -> (String, Vec<Problem>) {
    let mut work =
        Work { page, shelf, lines: page.text.lines().collect(), at: 0, questions: 0, problems: Vec::new() };
    let mut text = String::with_capacity(page.text.len());
    while let Some(line) = work.take() {
        text.push_str(&work.one(line));
        text.push('\n');
    }
    (text, work.problems)
}

struct Work<'a> {
    page: &'a Page,
    shelf: &'a Shelf,
    lines: Vec<&'a str>,
    /// The line that comes next, from 0.
    at: usize,
    questions: usize,
    problems: Vec<Problem>,
}

impl<'a> Work<'a> {
    fn take(&mut self) -> Option<&'a str> {
        let line = self.lines.get(self.at).copied();
        self.at += 1;
        line
    }

    fn one(&mut self, line: &'a str) -> String {
        if let Some(language) = line.strip_prefix("```") {
            return self.code_block(line, language);
        }
        let begin = self.at;
        let expanded = match Directive::parse(line) {
            None if line.contains("{{#") => Err("a directive stands alone on its line".to_owned()),
            None => return line.to_owned(),
            Some(directive) => directive.and_then(|it| self.directive(&it)),
        };
        expanded.unwrap_or_else(|message| {
            self.problems.push(Problem { file: self.page.path.clone(), line: begin, message });
            String::new()
        })
    }

    fn code_block(&mut self, fence: &str, language: &str) -> String {
        let begin = self.at;
        let Ok(inside) = self.until("```") else { return fence.to_owned() };
        if language == "yaml"
            && let Err(message) = drawing::check_yaml(&inside)
        {
            self.problems.push(Problem { file: self.page.path.clone(), line: begin, message });
        }
        match language {
            known @ ("yaml" | "console") => highlight::block(known, &inside),
            _ => format!("{fence}\n{inside}```"),
        }
    }

    /// The lines up to one that is `end`, which is taken too.
    fn until(&mut self, end: &str) -> Result<String, String> {
        let mut inside = String::new();
        while let Some(line) = self.take() {
            if line.trim_end() == end {
                return Ok(inside);
            }
            inside.push_str(line);
            inside.push('\n');
        }
        Err(format!("this begins here and never ends with `{end}`"))
    }

    /// As `until`, with the directives and code blocks inside replaced.
    fn expanded_until(&mut self, end: &str) -> Result<String, String> {
        let mut inside = String::new();
        while let Some(line) = self.take() {
            if line.trim_end() == end {
                return Ok(inside);
            }
            inside.push_str(&self.one(line));
            inside.push('\n');
        }
        Err(format!("this begins here and never ends with `{end}`"))
    }

    /// What the page itself says of the same file.
    fn elsewhere(&self, directive: &Directive<'_>) -> Elsewhere {
        let has = |name| {
            let mut all = self.page.text.lines().filter_map(|it| Directive::parse(it)?.ok());
            all.any(|it| it.name == name && it.subject == directive.subject)
        };
        Elsewhere { graph: has("plan"), table: has("table") }
    }

    fn directive(&mut self, directive: &Directive<'_>) -> Result<String, String> {
        // Ids that no other directive of this page has.
        let id = format!("{}-{}", self.page.slug(), self.at);
        match directive.name {
            "code" => drawing::code(directive, self.shelf, &id, &self.elsewhere(directive)),
            "dialect" => drawing::dialect(directive, self.shelf),
            "pipeline" => drawing::pipeline(directive, self.shelf, &id, &self.elsewhere(directive)),
            "plan" => drawing::plan(directive, self.shelf, &id),
            "picture" => drawing::picture(directive, self.shelf),
            "table" => drawing::table(directive, self.shelf),
            "findings" => drawing::findings(directive, self.shelf, &id),
            "exercise" => exercise::section(directive, self.shelf, self.page),
            "introduced" => introduced(directive, self.shelf, self.page),
            "rules" => rules::list(directive),
            "keys" => keys::list(directive),
            "rule" => rules::facts(directive),
            "before" => rules::before(directive),
            "question" => {
                directive.knows(&["choose"])?;
                self.questions += 1;
                let number = self.questions;
                let inside = self.expanded_until("{{/question}}")?;
                question::fieldset(&inside, &id, number, directive.option("choose") == Some("many"))
            }
            other => Err(format!(
                "`{other}` is no directive; there are: code, dialect, pipeline, plan, table, findings, picture, \
                 exercise, question, introduced, keys, rules"
            )),
        }
    }
}

/// In the glossary: where a term is explained first.
fn introduced(directive: &Directive<'_>, shelf: &Shelf, page: &Page) -> Result<String, String> {
    directive.knows(&[])?;
    let path = directive.needs("the page that explains the term first")?;
    let target = shelf.page(path).ok_or_else(|| format!("`{path}` is no page of the book"))?;
    Ok(format!("  (First met in [{}]({}{}).)", target.title, page.to_root(), target.path))
}
