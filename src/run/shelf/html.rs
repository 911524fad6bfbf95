//! Text → pages of the shelf. Everything that comes from a workspace is escaped; pages hold no scripts.

/// Text for HTML, in content and in attributes.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            it => escaped.push(it),
        }
    }
    escaped
}

/// A name for a link: only what no reader of addresses takes for something else stays as it is.
#[must_use]
pub fn address(name: &str) -> String {
    let mut address = String::new();
    for it in name.bytes() {
        if it.is_ascii_alphanumeric() || b"-_.~+!@/".contains(&it) {
            address.push(char::from(it));
        } else {
            address.push('%');
            address.push_str(&super::hex(&[it]).to_ascii_uppercase());
        }
    }
    address
}

/// A whole page. `body` is HTML.
#[must_use]
pub fn page(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n</head>\n\
         <body>\n{body}</body>\n</html>\n",
        escape(title)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_text_or_attribute() {
        assert_eq!(escape("<b a='\"&"), "&lt;b a=&#39;&quot;&amp;");
        assert_eq!(address("a b\"#?/ü.whl"), "a%20b%22%23%3F/%C3%BC.whl");
    }
}
