//! Text and small pieces of Markdown → HTML on one line, so that no blank line ends it inside a Markdown page.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};

/// Text with the characters of markup made harmless.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A sentence of the engine, in which `words` stand for code.
pub(crate) fn sentence(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escape(text);
    }
    let code = |(at, part): (usize, &&str)| {
        if at % 2 == 0 { escape(part) } else { format!("<code>{}</code>", escape(part)) }
    };
    parts.iter().enumerate().map(code).collect()
}

/// Line ends as character references: the reader of the page sees them, Markdown does not.
pub(crate) fn on_one_line(html: &str) -> String {
    html.trim_end().replace('\n', "&#10;")
}

/// Markdown blocks → HTML.
pub(crate) fn blocks(markdown: &str) -> String {
    let events = parser(markdown).map(|event| match event {
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: to_html(dest_url), title, id })
        }
        other => other,
    });
    let mut html = String::new();
    html::push_html(&mut html, events);
    on_one_line(&html)
}

/// Markdown of one paragraph → HTML without the paragraph.
pub(crate) fn inline(markdown: &str) -> String {
    let html = blocks(markdown);
    html.strip_prefix("<p>").and_then(|it| it.strip_suffix("</p>")).map_or(html.clone(), str::to_owned)
}

/// The parser with the extensions that mdBook has on.
pub(crate) fn parser(markdown: &str) -> Parser<'_> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_GFM | Options::ENABLE_DEFINITION_LIST;
    Parser::new_ext(markdown, options)
}

/// A link to a page's source → the link to the rendered page, as mdBook does for the Markdown it sees.
fn to_html(link: CowStr<'_>) -> CowStr<'_> {
    let (path, anchor) = link.split_once('#').map_or((&*link, None), |(path, anchor)| (path, Some(anchor)));
    let Some(page) = path.strip_suffix(".md") else { return link };
    let anchor = anchor.map(|it| format!("#{it}")).unwrap_or_default();
    format!("{page}.html{anchor}").into()
}
