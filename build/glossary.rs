//! The glossary's text → its terms, and the page that first explains each.

use crate::site::directive::Directive;
use crate::site::page::{Page, Problem};

/// Where the glossary is.
pub(crate) const PATH: &str = "glossary.md";

/// One entry.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Term {
    /// The anchor in the rendered page.
    pub(crate) anchor: String,
    /// The page that explains it first.
    pub(crate) introduced: String,
}

/// Reads the definition list of the glossary page.
pub(crate) fn read(page: &Page, pages: &[Page]) -> (Vec<Term>, Vec<Problem>) {
    let (mut terms, mut problems) = (Vec::new(), Vec::new());
    let mut open: Option<(usize, &str)> = None;
    let lines: Vec<&str> = page.text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let is_term = !line.is_empty() && lines.get(at + 1).is_some_and(|it| it.starts_with(": "));
        if is_term {
            problems.extend(open.replace((at + 1, line)).map(not_introduced));
        }
        let Some(Ok(directive)) = Directive::parse(line) else { continue };
        if let ("introduced", Some(path), Some((line, name))) =
            (directive.name, directive.subject, open.take())
        {
            if !pages.iter().any(|it| it.path == path) {
                let message = format!("`{name}` is introduced by `{path}`, which is no page of the book");
                problems.push(Problem { file: PATH.to_owned(), line, message });
            }
            terms.push(Term { anchor: anchor(name), introduced: path.to_owned() });
        }
    }
    problems.extend(open.map(not_introduced));
    (terms, problems)
}

fn not_introduced((line, name): (usize, &str)) -> Problem {
    let message =
        format!("`{name}` does not say where it is explained first; end it with {{{{#introduced PAGE.md}}}}");
    Problem { file: PATH.to_owned(), line, message }
}

/// The id that mdBook gives to a heading or term of this text.
fn anchor(text: &str) -> String {
    let kept = text.trim().chars().filter_map(|it| match it {
        it if it.is_alphanumeric() || it == '_' || it == '-' => Some(it.to_ascii_lowercase()),
        it if it.is_whitespace() => Some('-'),
        _ => None,
    });
    kept.collect()
}
