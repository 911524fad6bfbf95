//! What a project can show → lines for its README, in Markdown, reStructuredText or HTML. Every picture has its words.

use std::path::Path;
use std::str::FromStr;

use crate::badge::readme::{Found, Item, Table};

/// The language of a README.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Markup {
    /// `README.md`
    #[default]
    Markdown,
    /// `README.rst`
    Rst,
    /// `README.html`
    Html,
}

/// A word that is no markup.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no markup `{0}`")]
pub struct NoMarkup(String);

impl FromStr for Markup {
    type Err = NoMarkup;

    fn from_str(word: &str) -> Result<Self, NoMarkup> {
        match word {
            "markdown" | "md" => Ok(Self::Markdown),
            "rst" | "restructuredtext" => Ok(Self::Rst),
            "html" => Ok(Self::Html),
            _ => Err(NoMarkup(word.escape_debug().to_string())),
        }
    }
}

impl Markup {
    /// The language that a file's name tells; Markdown where it tells none.
    #[must_use]
    pub fn of_name(name: &Path) -> Self {
        let ending = name.extension().map(|it| it.to_string_lossy().to_ascii_lowercase());
        match ending.as_deref() {
            Some("rst") => Self::Rst,
            Some("html" | "htm") => Self::Html,
            _ => Self::Markdown,
        }
    }

    /// Its name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Rst => "rst",
            Self::Html => "html",
        }
    }

    /// The lines, each with its end.
    #[must_use]
    pub fn write(self, found: &Found) -> String {
        let mut text = String::new();
        let badges = found.badges.iter().map(|it| self.badge(it));
        match self {
            Self::Markdown => text.extend(badges.map(|it| it + "\n")),
            Self::Rst => text.extend(badges.map(|it| it + "\n")),
            Self::Html if found.badges.is_empty() => {}
            Self::Html => {
                text.push_str("<p>\n");
                text.extend(badges.map(|it| format!("  {it}\n")));
                text.push_str("</p>\n");
            }
        }
        if let Some(table) = &found.table {
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&match self {
                Self::Markdown => markdown_table(table),
                Self::Rst => rst_table(table),
                Self::Html => html_table(table),
            });
        }
        text
    }

    fn badge(self, item: &Item) -> String {
        match self {
            Self::Markdown => markdown(item),
            Self::Rst => rst(item, ""),
            Self::Html => html(item),
        }
    }
}

fn markdown(item: &Item) -> String {
    let image = format!("![{}]({})", in_markdown(&item.alt), item.image);
    item.link.as_ref().map_or_else(|| image.clone(), |link| format!("[{image}]({link})"))
}

/// Letters that mean something in Markdown mean themselves.
fn in_markdown(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, it| {
        if matches!(it, '\\' | '[' | ']' | '*' | '_' | '`' | '|' | '<' | '>' | '!' | '&' | '~') {
            out.push('\\');
        }
        out.push(if it.is_control() { ' ' } else { it });
        out
    })
}

fn markdown_table(table: &Table) -> String {
    let [one, other] = table.branches.each_ref().map(|it| in_markdown(it));
    let mut text = format!("| | {one} | {other} |\n| --- | --- | --- |\n");
    for row in &table.rows {
        let [one, other] = row.items.each_ref().map(markdown);
        text.push_str(&format!("| {} | {one} | {other} |\n", row.title));
    }
    text
}

fn rst(item: &Item, indent: &str) -> String {
    // After `:alt:` everything is text, to the end of the line.
    let alt: String = item.alt.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    let mut text = format!(".. image:: {}\n{indent}   :alt: {alt}", item.image);
    if let Some(link) = &item.link {
        text.push_str(&format!("\n{indent}   :target: {link}"));
    }
    text
}

fn in_rst(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, it| {
        if matches!(it, '\\' | '*' | '`' | '|' | '_' | ':') {
            out.push('\\');
        }
        out.push(if it.is_control() { ' ' } else { it });
        out
    })
}

fn rst_table(table: &Table) -> String {
    let [one, other] = table.branches.each_ref().map(|it| in_rst(it));
    let mut text = format!(".. list-table::\n   :header-rows: 1\n\n   * -\n     - {one}\n     - {other}\n");
    for row in &table.rows {
        let [one, other] = row.items.each_ref().map(|it| rst(it, "       "));
        text.push_str(&format!("   * - {}\n     - {one}\n     - {other}\n", row.title));
    }
    text
}

fn html(item: &Item) -> String {
    let image = format!("<img src=\"{}\" alt=\"{}\">", in_html(&item.image), in_html(&item.alt));
    item.link.as_ref().map_or_else(|| image.clone(), |it| format!("<a href=\"{}\">{image}</a>", in_html(it)))
}

fn in_html(text: &str) -> String {
    let mut out = String::new();
    crate::badge::text::escape(text, &mut out);
    out
}

fn html_table(table: &Table) -> String {
    let [one, other] = table.branches.each_ref().map(|it| in_html(it));
    let mut text = format!("<table>\n  <tr><th></th><th>{one}</th><th>{other}</th></tr>\n");
    for row in &table.rows {
        let [one, other] = row.items.each_ref().map(html);
        text.push_str(&format!("  <tr><th>{}</th><td>{one}</td><td>{other}</td></tr>\n", row.title));
    }
    text + "</table>\n"
}
