//! The values of secrets → all texts that are hidden. No form holds the end of a line.
//!
//! | hidden | from |
//! | --- | --- |
//! | each line as it is, trimmed | 2 bytes, as in Drone |
//! | base64, both alphabets, with and without `=`, also in the midst of a longer text, also in lines of 64 or 76 | 8 bytes |
//! | hexadecimal, in small or capital letters, also in lines of 60 (`xxd -p`) | 8 bytes |
//! | percent-encoded as browsers, curl, Python and forms do, `%2f` and `%2F` | 8 bytes |
//! | JSON, also with `\/`, `\u003c` and `\u00e9` | 8 bytes |
//! | quoted by a shell that traces (`'\''` and `'"'"'`) | 8 bytes |
//!
//! The encoded forms are those of the whole value, of the trimmed value, and of each of its lines. Of a base64 text
//! that holds a secret in its midst the first and the last character can remain: they also hold bits of what stands
//! beside it.
//!
//! **Not hidden**: a value of one byte; a value that is cut, reversed, spaced out, coloured in its midst, or put in
//! another case; rot13, base32, quoted-printable, HTML's `&amp;`; base64 of base64, of something compressed or
//! encrypted, or with lines of another width; hexadecimal with separators; sums and signatures made from a secret.

use std::collections::BTreeSet;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

/// As in Drone: what is shorter stands everywhere.
pub(super) const SHORTEST: usize = 2;

/// What is shorter is not looked for in encoded forms, which would then be found in harmless words.
const SHORTEST_ENCODED: usize = 8;

/// All texts to hide.
pub(super) fn forms<'v>(values: impl IntoIterator<Item = &'v str>) -> BTreeSet<Vec<u8>> {
    let mut forms = Forms::default();
    for value in values {
        let mut originals: BTreeSet<&str> = BTreeSet::from([value, value.trim()]);
        for line in value.split(['\n', '\r']).map(str::trim) {
            forms.add(line);
            originals.insert(line);
        }
        for original in originals.iter().filter(|it| it.len() >= SHORTEST_ENCODED) {
            forms.add_encoded(original);
        }
    }
    forms.0
}

#[derive(Default)]
struct Forms(BTreeSet<Vec<u8>>);

impl Forms {
    fn add(&mut self, form: &str) {
        if form.len() >= SHORTEST && !form.contains(['\n', '\r']) {
            self.0.insert(form.as_bytes().to_vec());
        }
    }

    /// A form, and its lines when it is written in lines of these widths.
    fn add_wrapped(&mut self, form: &str, widths: &[usize]) {
        self.add(form);
        for width in widths.iter().filter(|it| form.len() > **it) {
            // The forms that are wrapped are ASCII: any place is a boundary.
            let lines = (0..form.len()).step_by(*width).map(|it| &form[it..form.len().min(it + width)]);
            lines.filter(|it| it.len() >= SHORTEST_ENCODED).for_each(|it| self.add(it));
        }
    }

    fn add_encoded(&mut self, original: &str) {
        self.add_base64(original.as_bytes());
        let hexadecimal = hexadecimal(original);
        self.add_wrapped(&hexadecimal, &[60]);
        self.add_wrapped(&hexadecimal.to_uppercase(), &[60]);
        self.add_percent(original);
        for form in json(original) {
            self.add(&form);
        }
        for quote in [r"'\''", r#"'"'"'"#] {
            self.add(&original.replace('\'', quote));
        }
    }

    fn add_base64(&mut self, original: &[u8]) {
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let alone = engine.encode(original);
            let padded = format!("{alone}{}", "=".repeat((4 - alone.len() % 4) % 4));
            self.add_wrapped(&alone, &[64, 76]);
            self.add_wrapped(&padded, &[64, 76]);
            for before in 0..3 {
                let inner = inner_base64(&engine, before, original);
                self.add_wrapped(&inner, if before == 0 { &[64, 76] } else { &[] });
            }
        }
    }

    fn add_percent(&mut self, original: &str) {
        for keeps in [&UNRESERVED, &PYTHON, &COMPONENT, &ADDRESS] {
            let encoded = percent_encode(original.as_bytes(), keeps).to_string();
            self.add(&encoded);
            self.add(&small(&encoded));
        }
        let form = percent_encode(original.as_bytes(), &FORM).to_string().replace("%20", "+");
        self.add(&form);
        self.add(&small(&form));
    }
}

/// RFC 3986, curl, `quote(safe='')`.
const UNRESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// Python's `quote`.
const PYTHON: AsciiSet = UNRESERVED.remove(b'/');
/// JavaScript's `encodeURIComponent`.
const COMPONENT: AsciiSet = UNRESERVED.remove(b'!').remove(b'*').remove(b'\'').remove(b'(').remove(b')');
/// JavaScript's `encodeURI`.
const ADDRESS: AsciiSet = COMPONENT
    .remove(b';')
    .remove(b'/')
    .remove(b'?')
    .remove(b':')
    .remove(b'@')
    .remove(b'&')
    .remove(b'=')
    .remove(b'+')
    .remove(b'$')
    .remove(b',')
    .remove(b'#');
/// What a browser sends for a form; a space is written as `+`.
const FORM: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'*');

/// The characters of a base64 text that hold nothing but bits of `original`, which has `before` (modulo 3) bytes
/// before it.
fn inner_base64(engine: &impl Engine, before: usize, original: &[u8]) -> String {
    let longer = [&[0, 0][..before], original].concat();
    let encoded = engine.encode(&longer);
    encoded[(before * 8).div_ceil(6)..longer.len() * 8 / 6].to_owned()
}

fn hexadecimal(original: &str) -> String {
    original.bytes().fold(String::new(), |mut text, it| {
        let _ = write!(text, "{it:02x}");
        text
    })
}

/// The percent signs' digits in small letters.
fn small(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        let _ = write!(text, "%{}{rest}", digits.to_lowercase());
    }
    text
}

/// The ways in which programs write a text in JSON, without the quotes.
fn json(original: &str) -> [String; 5] {
    let quoted = serde_json::to_string(original).unwrap_or_default();
    let plain = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned();
    let slashes = plain.replace('/', "\\/");
    let go = escaped(&plain, |it| matches!(it, '<' | '>' | '&' | '\u{2028}' | '\u{2029}'));
    let ascii = escaped(&plain, |it| !it.is_ascii());
    let php = escaped(&slashes, |it| !it.is_ascii());
    [plain, slashes, go, ascii, php]
}

/// Some characters written as `\u003c`.
fn escaped(text: &str, which: impl Fn(char) -> bool) -> String {
    let mut out = String::new();
    for it in text.chars() {
        if !which(it) {
            out.push(it);
            continue;
        }
        for unit in it.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out
}
