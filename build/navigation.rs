//! The table of contents → the list of links that every page carries, as a piece of mdBook's page template.

use std::fmt::Write;

use crate::site::html::escape;
use crate::site::page::Page;
use crate::site::rules;

/// One link a page; a chapter's pages stand below its first one. The template fills in where the top is. Of the rules
/// only the one that is open is shown: there are many, and their first page lists them.
pub(crate) fn navigation(pages: &[Page]) -> String {
    let mut html = String::from("<ol>");
    let mut chapter = "";
    for page in pages {
        let begins = page.path.ends_with("/index.md");
        if chapter != page.chapter() {
            html.push_str(if chapter.is_empty() { "" } else { "</ol></li>" });
            chapter = page.chapter();
        }
        if rules::is_rule(page) {
            let _ = write!(html, "{{{{#if (eq path \"{}\")}}}}{}</li>{{{{/if}}}}", page.path, item(page));
            continue;
        }
        html.push_str(&item(page));
        html.push_str(if begins { "<ol>" } else { "</li>" });
    }
    html.push_str(if chapter.is_empty() { "</ol>" } else { "</ol></li></ol>" });
    html
}

fn item(page: &Page) -> String {
    let mut html = String::new();
    let _ = write!(
        html,
        "<li data-page=\"{link}\"><a href=\"{{{{ path_to_root }}}}{link}\"{{{{#if (eq path \"{path}\")}}}} \
         aria-current=\"page\"{{{{/if}}}}>{title}</a>",
        link = page.html(),
        path = page.path,
        title = escape(&page.title),
    );
    html
}
