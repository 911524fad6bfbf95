//! A text → the places of what is a secret wherever it stands, told by its shape.

use crate::source::Span;

/// How a kind of secret begins, what follows, and what it is.
struct Shape {
    prefix: &'static str,
    /// At least so many of the characters that `takes` lets through.
    least: usize,
    takes: fn(u8) -> bool,
    what: &'static str,
}

/// Found at their first letter.
const KEYS: &[Shape] = &[
    Shape { prefix: "AKIA", least: 16, takes: is_upper, what: "a key of AWS" },
    Shape { prefix: "ASIA", least: 16, takes: is_upper, what: "a key of AWS" },
];

/// Found at the last character of the prefix.
const TOKENS: &[Shape] = &[
    Shape { prefix: "ghp_", least: 30, takes: is_word, what: "a token of GitHub" },
    Shape { prefix: "gho_", least: 30, takes: is_word, what: "a token of GitHub" },
    Shape { prefix: "ghs_", least: 30, takes: is_word, what: "a token of GitHub" },
    Shape { prefix: "github_pat_", least: 30, takes: is_word, what: "a token of GitHub" },
    Shape { prefix: "glpat-", least: 20, takes: is_dashed, what: "a token of GitLab" },
    Shape { prefix: "xoxb-", least: 20, takes: is_dashed, what: "a token of Slack" },
    Shape { prefix: "xoxp-", least: 20, takes: is_dashed, what: "a token of Slack" },
    Shape { prefix: "dckr_pat_", least: 20, takes: is_dashed, what: "a token of Docker Hub" },
    Shape { prefix: "npm_", least: 36, takes: is_letter_or_digit, what: "a token of npm" },
];

/// Found at their `://`.
const ADDRESSES: &[Shape] = &[
    Shape {
        prefix: "https://hooks.slack.com/services/T",
        least: 30,
        takes: is_path,
        what: "the address of a Slack channel",
    },
    Shape {
        prefix: "https://discord.com/api/webhooks/",
        least: 50,
        takes: is_path,
        what: "the address of a Discord channel",
    },
    Shape {
        prefix: "https://discordapp.com/api/webhooks/",
        least: 50,
        takes: is_path,
        what: "the address of a Discord channel",
    },
];

fn is_upper(it: u8) -> bool {
    it.is_ascii_uppercase() || it.is_ascii_digit()
}

fn is_letter_or_digit(it: u8) -> bool {
    it.is_ascii_alphanumeric()
}

fn is_word(it: u8) -> bool {
    it.is_ascii_alphanumeric() || it == b'_'
}

fn is_dashed(it: u8) -> bool {
    is_word(it) || it == b'-'
}

fn is_path(it: u8) -> bool {
    is_dashed(it) || it == b'/'
}

/// All of them, by place. The text is gone through once: each kind is looked for at a character that is rare.
pub(super) fn known(text: &str) -> Vec<(Span, &'static str)> {
    let mut found: Vec<(Span, &'static str)> = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'_' | b'-' => found.extend(behind(text, at)),
            b':' => found.extend(address(text, at)),
            b'A' => found.extend(KEYS.iter().find_map(|it| it.at(text, at))),
            _ => {}
        }
    }
    found.sort_by_key(|it| it.0);
    found
}

/// A secret whose beginning ends here, and the head of a key.
fn behind(text: &str, at: usize) -> Option<(Span, &'static str)> {
    let begins = |it: &&Shape| text.as_bytes()[..=at].ends_with(it.prefix.as_bytes());
    let token = TOKENS.iter().filter(begins).find_map(|it| it.at(text, at + 1 - it.prefix.len()));
    token.or_else(|| Some((private_key(text, at)?, "a private key")))
}

/// A secret in an address, or one that is an address.
fn address(text: &str, at: usize) -> Option<(Span, &'static str)> {
    if !text.as_bytes()[at..].starts_with(b"://") {
        return None;
    }
    let start = at.checked_sub("https".len()).filter(|it| text.is_char_boundary(*it));
    let whole = start.and_then(|start| ADDRESSES.iter().find_map(|it| it.at(text, start)));
    whole.or_else(|| Some((login(text, at)?, "a password")))
}

impl Shape {
    fn at(&self, text: &str, at: usize) -> Option<(Span, &'static str)> {
        if !text.as_bytes()[at..].starts_with(self.prefix.as_bytes()) {
            return None;
        }
        let before = text[..at].bytes().next_back();
        if before.is_some_and(is_word) {
            return None;
        }
        let rest = &text.as_bytes()[at + self.prefix.len()..];
        let length = rest.iter().position(|it| !(self.takes)(*it)).unwrap_or(rest.len());
        let end = at + self.prefix.len() + length;
        (length >= self.least && !is_made_up(&text[at..end])).then(|| (Span::new(at, end), self.what))
    }
}

/// What stands in handbooks.
fn is_made_up(text: &str) -> bool {
    let rest: &[u8] = &text.as_bytes()[text.len().saturating_sub(12)..];
    let lower = text.to_ascii_lowercase();
    rest.iter().all(|it| *it == rest[0]) || ["example", "xxxx", "0000000"].iter().any(|it| lower.contains(it))
}

/// The password in `https://user:password@host`, where the host is no neighbour of the build.
fn login(text: &str, at: usize) -> Option<Span> {
    const LONGEST: usize = 300;
    let secure = ["https", "http", "ftp"].iter().any(|it| text[..at].ends_with(it));
    if !secure {
        return None;
    }
    let start = at + 3;
    let rest = &text.as_bytes()[start..];
    let end = rest.iter().take(LONGEST).position(|it| !is_of_login(*it))?;
    if rest[end] != b'@' {
        return None;
    }
    let colon = rest[..end].iter().position(|it| *it == b':')?;
    let password = &text[start + colon + 1..start + end];
    let host = &text[start + end + 1..];
    let host = &host
        [..host.find(|it: char| !it.is_ascii_alphanumeric() && it != '.' && it != '-').unwrap_or(host.len())];
    let remote = host.contains('.') && !host.starts_with("127.") && !host.starts_with("0.0.0.0");
    let digits = password.bytes().any(|it| it.is_ascii_digit());
    let real = password.len() >= 6 && digits && !is_made_up(password);
    (remote && real).then(|| Span::new(start + colon + 1, start + end))
}

fn is_of_login(it: u8) -> bool {
    it.is_ascii_alphanumeric() || matches!(it, b':' | b'-' | b'_' | b'.' | b'!' | b'%' | b'+' | b'~' | b'=')
}

fn private_key(text: &str, at: usize) -> Option<Span> {
    let line =
        text[at..].strip_prefix("-----BEGIN ").map(|_| text[at..].lines().next().unwrap_or_default())?;
    let end = line.find("PRIVATE KEY-----")? + "PRIVATE KEY-----".len();
    // A script may look for the line, or print it around a variable.
    let after = text[at + end..].trim_start_matches(|it: char| it.is_whitespace() || it == '\\' || it == 'n');
    let body = after.bytes().take_while(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/')).count();
    (body >= 32).then(|| Span::new(at, at + end))
}

#[cfg(test)]
mod tests {
    use super::known;

    #[test]
    fn a_secret_is_known_by_its_shape() {
        // Put together here, so that no other program takes this file for a leak.
        let rows: &[(&str, &str, bool)] = &[
            ("AKIA", "Q7XJ2M5RT8WPL3ZV", true),
            ("AKIA", "IOSFODNN7EXAMPLE", false),
            ("AKIA", "SHORT", false),
            ("xAKIA", "Q7XJ2M5RT8WPL3ZV", false),
            ("ghp_", "x7Kq2LmV9pRt4Ws8Yb3Nc6Zd1Fh5Gj0QeUa2", true),
            ("ghp_", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", false),
            ("https://ci:", "kV8tqZ2m@git.example.com/x", true),
            ("https://ci:", "secret@git.example.com/x", false),
            ("https://ci:", "kV8tqZ2m@db/x", false),
            ("https://ci:", "$PASSWORD1@git.example.com/x", false),
            ("https://example.com", ":8080/a@b.c", false),
            ("-----BEGIN RSA ", "PRIVATE KEY-----\nMIIEpAIBAAKCAQEAx7Kq2LmV9pRt4Ws8Yb3Nc6Zd1Fh5", true),
            ("-----BEGIN RSA ", "PRIVATE KEY-----\" > key", false),
            ("-----BEGIN ", "PUBLIC KEY-----\nMIIEpAIBAAKCAQEAx7Kq2LmV9pRt4Ws8Yb3Nc6Zd1Fh5", false),
        ];
        for (begin, rest, is) in rows {
            assert_eq!(!known(&format!("a: {begin}{rest} ")).is_empty(), *is, "{begin} {rest}");
        }
    }
}
