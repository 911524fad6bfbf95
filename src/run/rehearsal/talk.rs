//! What a rehearsal says in the output of its step. Secrets and what a terminal would obey never get through.

use std::io::Write;

use crate::run::rehearsal::settings::Secrets;

/// The output of a step.
pub(super) struct Talk<'a> {
    pub(super) out: &'a mut (dyn Write + Send),
    pub(super) secrets: &'a Secrets,
}

impl Talk<'_> {
    /// A line.
    pub(super) fn say(&mut self, text: &str) {
        let text = self.secrets.hide(text);
        let line: String =
            text.chars().map(|it| if it.is_control() && it != '\t' { ' ' } else { it }).collect();
        // When nobody can hear it, the work goes on: the outcome is told otherwise.
        let _ = writeln!(self.out, "{line}");
    }

    /// A line with a word of what it is about.
    pub(super) fn tell(&mut self, word: &str, text: &str) {
        self.say(&format!("  {word:<15} {text}"));
    }

    /// Several lines, such as a message.
    pub(super) fn quote(&mut self, text: &str) {
        // Hidden as a whole first: a secret may have several lines.
        let text = self.secrets.hide(text);
        text.lines().take(60).for_each(|it| self.say(&format!("    {it}")));
    }
}

/// The part of an address that may be shown: whom it reaches, not the path, which often is the key itself.
pub(super) fn host(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let more = rest.len() > authority.len() + 1;
    let scheme = if scheme.is_empty() { String::new() } else { format!("{scheme}://") };
    format!("{scheme}{host}{}", if more { "/******" } else { "/" })
}

/// An address without a name and password in it.
pub(super) fn without_login(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    format!("{scheme}://{}{path}", authority.rsplit('@').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_only_the_host_is_shown() {
        assert_eq!(host("https://hooks.example.com/services/T0/B0/key"), "https://hooks.example.com/******");
        assert_eq!(host("https://me:word@example.com"), "https://example.com/");
        assert_eq!(host("https://example.com?token=x"), "https://example.com/******");
        assert_eq!(without_login("https://me:word@example.com/a"), "https://example.com/a");
    }
}
