//! YAML and console text → HTML with the parts marked, so that pages need no script to be coloured.

use crate::site::html::escape;

/// A whole code block. `language` decides what is marked; unknown ones are plain.
pub(crate) fn block(language: &str, text: &str) -> String {
    let mark = match language {
        "yaml" => yaml_line,
        "console" => console_line,
        _ => escape,
    };
    let mut lines = Vec::new();
    let mut scalar: Option<usize> = None;
    for line in text.trim_end().lines() {
        scalar = scalar.filter(|indent| line.trim().is_empty() || indentation(line) > *indent);
        let in_scalar = language == "yaml" && scalar.is_some();
        lines.push(if in_scalar { span("string", line) } else { mark(line) });
        if language == "yaml" && scalar.is_none() && opens_block_scalar(line) {
            scalar = Some(indentation(line));
        }
    }
    // A scrolling region must be reachable by keyboard.
    format!(
        "<pre class=\"code\" tabindex=\"0\"><code class=\"{language}\">{}</code></pre>",
        lines.join("&#10;")
    )
}

fn span(class: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("<span class=\"t-{class}\">{}</span>", escape(text)) }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn opens_block_scalar(line: &str) -> bool {
    let before_comment = line.split(" #").next().unwrap_or(line).trim_end();
    [" |", " >", " |-", " >-", " |+", " >+"].iter().any(|it| before_comment.ends_with(it))
}

fn yaml_line(line: &str) -> String {
    let (code, comment) = split_comment(line);
    let body = code.trim_start();
    let indent = code[..code.len() - body.len()].replace('\t', "<span class=\"t-tab\">\t</span>");
    if body.starts_with("---") || body.starts_with("...") {
        return format!("{}{}", span("mark", code), span("comment", comment));
    }
    let dashes = body.len() - body.trim_start_matches("- ").len();
    let (dash, rest) = if body == "-" { (body, "") } else { body.split_at(dashes) };
    format!("{indent}{}{}{}", span("mark", dash), yaml_entry(rest), span("comment", comment))
}

/// `key: value`, or a value alone.
fn yaml_entry(text: &str) -> String {
    let key_end = text.find(": ").or_else(|| text.ends_with(':').then(|| text.len() - 1));
    match key_end {
        Some(at) if !text.starts_with(['"', '\'', '[', '{']) => {
            format!("{}:{}", span("key", &text[..at]), span("value", &text[at + 1..]))
        }
        _ => span("value", text),
    }
}

/// A `#` begins a comment at the start of a line or after a space, outside of quotes.
fn split_comment(line: &str) -> (&str, &str) {
    let mut quote: Option<char> = None;
    let mut before = ' ';
    for (at, character) in line.char_indices() {
        match (quote, character) {
            (None, '#') if before == ' ' => return line.split_at(at),
            (None, '"' | '\'') if matches!(before, ' ' | '[' | '{' | ',') => quote = Some(character),
            (Some(open), it) if it == open => quote = None,
            _ => {}
        }
        before = character;
    }
    (line, "")
}

fn console_line(line: &str) -> String {
    match line.strip_prefix("$ ") {
        Some(command) => format!("{}{}", span("prompt", "$ "), span("key", command)),
        None if line.starts_with('#') => span("comment", line),
        None => escape(line),
    }
}
