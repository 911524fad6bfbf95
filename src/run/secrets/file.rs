//! The text of a file of secrets → names and values. Reads the text only, and puts nothing of a value in a message.
//!
//! ```text
//! # A comment. Empty lines are fine.
//! TOKEN=abc123
//! export name = value          # the rest is a comment: there is a space before the `#`
//! password: value              # a colon does as well as `=`
//! LITERAL='no $sign, no \sign and no # means anything here'
//! ESCAPED="a quote \", a backslash \\, the end of a line \n"
//! KEY="a value of
//! several lines, in quotes of either kind"
//! ```
//!
//! That is what `drone exec --secret-file` reads. In two things this is more careful: `$NAME` in a value stays as it is,
//! where that program puts the value of another line, and a `#` in the midst of a word ends no value. Values in single
//! quotes are the same for both, and a note says where it matters.

use std::path::Path;

use crate::run::Trouble;

/// What a file holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parsed {
    /// Names and values, in the order of the file.
    pub(super) secrets: Vec<(String, String)>,
    /// Names of those that `drone exec` reads in another way.
    differing: Vec<String>,
}

impl Parsed {
    pub(super) fn notes(&self, path: &Path) -> Vec<String> {
        let note = |name: &String| {
            format!(
                "{}: `{name}` has `$` or `#` in its value, which `drone exec` reads in its own way. In single quotes it \
                 is the same for both.",
                path.display()
            )
        };
        self.differing.iter().map(note).collect()
    }
}

/// A line that cannot be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// From 1.
    pub(super) line: usize,
    pub(super) what: What,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// It is no `NAME=VALUE`.
    NoName,
    /// A quote is not closed.
    OpenQuote,
    /// There is something behind the closing quote.
    BehindQuote,
    /// The file is JSON.
    Json,
}

impl Wrong {
    pub(super) fn in_file(self, path: &Path) -> Trouble {
        let (what, help) = match self.what {
            What::NoName => (
                "there is no NAME=VALUE",
                "write a name of letters, digits, `_`, `-` and `.`; put a value of several lines in quotes",
            ),
            What::OpenQuote => ("a quote begins here and does not end", "close it with the same quote"),
            What::BehindQuote => (
                "there is text behind the closing quote",
                "write `\\\"` for a quote inside of double quotes, or use single quotes around the value",
            ),
            What::Json => {
                ("the file looks like JSON", "write lines such as NAME=VALUE in it, one for each secret")
            }
        };
        Trouble::new(format!("{}:{}: {what}", path.display(), self.line), help)
    }
}

/// True for what can be the name of a secret.
pub(super) fn is_name(text: &str) -> bool {
    let fine = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-' | '.');
    !text.is_empty() && text.chars().all(fine)
}

/// Reads the text.
pub(super) fn parse(text: &str) -> Result<Parsed, Wrong> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let mut reader = Reader { rest: &text, line: 1 };
    let mut parsed = Parsed::default();
    if text.trim_start().starts_with('{') {
        return Err(reader.wrong(What::Json));
    }
    while !reader.rest.is_empty() {
        if let Some(secret) = reader.entry()? {
            if secret.differs {
                parsed.differing.push(secret.name.clone());
            }
            parsed.secrets.push((secret.name, secret.value));
        }
    }
    Ok(parsed)
}

struct Entry {
    name: String,
    value: String,
    differs: bool,
}

/// What is left of the text, and the number of the line where it begins.
struct Reader<'t> {
    rest: &'t str,
    line: usize,
}

impl<'t> Reader<'t> {
    fn wrong(&self, what: What) -> Wrong {
        Wrong { line: self.line, what }
    }

    /// The next line, or lines when a value in quotes has several. `None` for one that says nothing.
    fn entry(&mut self) -> Result<Option<Entry>, Wrong> {
        let line = self.rest.split('\n').next().unwrap_or_default();
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            self.pass(line.len());
            return Ok(None);
        }
        let Some(sign) = line.find(['=', ':']) else { return Err(self.wrong(What::NoName)) };
        let name = line[..sign].trim();
        let name = name.strip_prefix("export ").map_or(name, str::trim_start);
        if !is_name(name) {
            return Err(self.wrong(What::NoName));
        }
        let value = &self.rest[sign + 1..];
        let value = value.trim_start_matches([' ', '\t']);
        let entry = |value: String, differs| Some(Entry { name: name.to_owned(), value, differs });
        if let Some(quote) = value.chars().next().filter(|it| matches!(it, '"' | '\'')) {
            let value = self.quoted(&value[1..], quote)?;
            let differs = quote == '"' && expands(&value);
            Ok(entry(value, differs))
        } else {
            let plain = plain(&line[sign + 1..]);
            self.pass(line.len());
            Ok(entry(plain.to_owned(), expands(plain) || plain.contains('#')))
        }
    }

    /// A value that begins behind its opening quote; up to the end of the line where it ends.
    fn quoted(&mut self, text: &'t str, quote: char) -> Result<String, Wrong> {
        let mut value = String::new();
        let mut signs = text.char_indices();
        while let Some((at, sign)) = signs.next() {
            if sign == quote {
                let behind = text[at + 1..].split('\n').next().unwrap_or_default();
                let end = self.rest.len() - text.len() + at + 1 + behind.len();
                let behind = behind.trim();
                if !behind.is_empty() && !behind.starts_with('#') {
                    return Err(self.wrong(What::BehindQuote));
                }
                self.pass(end);
                return Ok(value);
            }
            match (quote, sign) {
                ('"', '\\') => match signs.next() {
                    Some((_, 'n')) => value.push('\n'),
                    Some((_, 'r')) => value.push('\r'),
                    Some((_, other)) => value.push(other),
                    None => {}
                },
                _ => value.push(sign),
            }
        }
        Err(self.wrong(What::OpenQuote))
    }

    /// Goes on behind the end of the line that ends after so many bytes.
    fn pass(&mut self, bytes: usize) {
        self.line += self.rest[..bytes].matches('\n').count() + 1;
        self.rest = self.rest.get(bytes + 1..).unwrap_or_default();
    }
}

/// A value without quotes: up to a comment.
fn plain(text: &str) -> &str {
    let comment = [" #", "\t#"].iter().filter_map(|it| text.find(it)).min();
    text[..comment.unwrap_or(text.len())].trim()
}

/// True when `drone exec` puts something in the place of a `$NAME`.
fn expands(value: &str) -> bool {
    let name =
        |it: &str| it.starts_with(|it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '{' | '('));
    value.match_indices('$').any(|(at, _)| name(&value[at + 1..]))
}
