//! The mask: what is hidden, and that nothing else changes.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};

use super::*;
use crate::run::lines::LineWriter;
use std::io::Write;

fn hidden(secrets: &[&str], text: &str) -> String {
    Mask::of(secrets.iter().copied()).unwrap().hide_text(text)
}

#[test]
fn every_line_of_a_secret_is_hidden_when_it_has_two_bytes() {
    assert_eq!(hidden(&["hunter2"], "a hunter2 b hunter2"), "a ****** b ******");
    let key = "-----BEGIN-----\r\n  abcdef \n}\nxy\n";
    assert_eq!(hidden(&[key], "abcdef xy } z\n-----BEGIN-----"), "****** ****** } z\n******");
    assert_eq!(hidden(&["x", "", " \n "], "x y\n"), "x y\n");
    assert!(Mask::of(["x", "", "\n"]).unwrap().is_idle());
}

#[test]
fn secrets_that_overlap_go_under_one_mask() {
    assert_eq!(hidden(&["abcd", "cdef"], "-abcdef-"), "-******-");
    assert_eq!(hidden(&["abc", "abcdef", "cd"], "abcdefg abc"), "******g ******");
    assert_eq!(hidden(&["ab"], "abab"), "************");
    assert_eq!(hidden(&["aa"], "aaab"), "******b");
    assert_eq!(hidden(&["bcd", "abcde"], "abcde bcd"), "****** ******");
}

#[test]
fn a_debug_print_tells_no_secret() {
    assert_eq!(format!("{:?}", Mask::of(["hunter2"]).unwrap()), "Mask(******)");
}

#[test]
fn encoded_secrets_are_hidden() {
    let secret = "p/ss wörd<&>\"'\\+?";
    let mask = Mask::of([secret]).unwrap();
    for encoded in [
        STANDARD.encode(secret),
        URL_SAFE.encode(secret),
        STANDARD_NO_PAD.encode(secret),
        secret.bytes().map(|it| format!("{it:02x}")).collect(),
        secret.bytes().map(|it| format!("{it:02X}")).collect(),
        serde_json::to_string(secret).unwrap().trim_matches('"').to_owned() + "\"",
        "p%2Fss%20w%C3%B6rd%3C%26%3E%22%27%5C%2B%3F".to_owned(),
        "p%2fss%20w%c3%b6rd%3c%26%3e%22%27%5c%2b%3f".to_owned(),
        "p/ss%20w%C3%B6rd%3C%26%3E%22%27%5C%2B%3F".to_owned(),
        "p%2Fss%20w%C3%B6rd%3C%26%3E%22'%5C%2B%3F".to_owned(),
        "p%2Fss+w%C3%B6rd%3C%26%3E%22%27%5C%2B%3F".to_owned(),
        r#"p/ss wörd\u003c\u0026\u003e\"'\\+?"#.to_owned(),
        r#"p/ss w\u00f6rd<&>\"'\\+?"#.to_owned(),
        r#"p\/ss w\u00f6rd<&>\"'\\+?"#.to_owned(),
        r#"p/ss wörd<&>"'\''\+?"#.to_owned(),
    ] {
        let out = mask.hide_text(&format!("[{encoded}]"));
        let out = out.replace("******\"]", "******]");
        assert_eq!(out, "[******]", "{encoded}");
    }
}

#[test]
fn a_short_secret_is_hidden_only_as_it_is() {
    assert_eq!(hidden(&["true"], "true dHJ1ZQ== 74727565"), "****** dHJ1ZQ== 74727565");
}

#[test]
fn base64_in_lines_is_hidden() {
    let secret =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/=0123456789abcdefghijklmnopq";
    let mask = Mask::of([secret]).unwrap();
    for width in [64, 76] {
        for end in ["", "\n"] {
            let encoded = STANDARD.encode(format!("{secret}{end}"));
            let lines: Vec<&str> = (0..encoded.len())
                .step_by(width)
                .map(|it| &encoded[it..encoded.len().min(it + width)])
                .collect();
            let out = mask.hide_text(&lines.join("\n"));
            // With the end of a line behind it, the last group of four holds more than the secret.
            assert!(out.lines().all(|it| it.starts_with("******") && it.len() <= 10), "{out}");
        }
    }
}

/// Numbers that are the same in each run of the test.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn secret(&mut self) -> String {
        const SIGNS: &[u8] =
            b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/+-_.!$%&=@ \"'\\<>";
        let length = 10 + self.below(30);
        let sign = |it: usize| char::from(SIGNS[it % SIGNS.len()]);
        // No space at the ends: it is trimmed.
        (0..length).map(|at| if at == 0 || at + 1 == length { 'K' } else { sign(self.below(1000)) }).collect()
    }
}

/// A secret as a careless step prints it, and what must not remain of it.
fn printed(secret: &str, numbers: &mut Numbers) -> (String, String) {
    let hexadecimal: String = secret.bytes().map(|it| format!("{it:02x}")).collect();
    let percent: String = secret
        .bytes()
        .map(|it| if it.is_ascii_alphanumeric() { char::from(it).to_string() } else { format!("%{it:02X}") })
        .collect();
    let percent = percent.replace("%2D", "-").replace("%5F", "_").replace("%2E", ".");
    let one = match numbers.below(7) {
        0 => STANDARD.encode(secret),
        1 => URL_SAFE.encode(secret),
        2 => hexadecimal.clone(),
        3 => hexadecimal.to_uppercase(),
        4 => percent,
        5 => {
            let before = "user:".repeat(numbers.below(5));
            let encoded = STANDARD.encode(format!("{before}{secret}@host"));
            // What is written with bits of the secret alone.
            let inner = (before.len() * 8).div_ceil(6)..(before.len() + secret.len()) * 8 / 6;
            return (encoded.clone(), encoded[inner].to_owned());
        }
        _ => secret.to_owned(),
    };
    (one.clone(), one)
}

#[test]
fn ten_thousand_secrets_leave_nothing_in_the_output() {
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    for _ in 0..200 {
        let secrets: Vec<String> = (0..50).map(|_| numbers.secret()).collect();
        let mask = Mask::of(secrets.iter().map(String::as_str)).unwrap();
        let mut out = Vec::new();
        let mut writer = LineWriter::new(mask, |block: &[u8]| {
            out.extend_from_slice(block);
            out.push(b'\n');
        });
        let mut gone = Vec::new();
        for secret in &secrets {
            let (text, rest) = printed(secret, &mut numbers);
            let line = format!("value: {text} end\n");
            gone.push(rest);
            let mut left = line.as_bytes();
            while !left.is_empty() {
                let (chunk, rest) = left.split_at(left.len().min(1 + numbers.below(12)));
                writer.write_all(chunk).unwrap();
                left = rest;
            }
        }
        writer.finish();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out.lines().count(), 50);
        for (line, rest) in out.lines().zip(&gone) {
            assert!(line.starts_with("value: ") && line.ends_with(" end") && line.contains(HIDDEN), "{line}");
            assert!(!line.contains(rest.as_str()), "{rest} is in {line}");
        }
    }
}

/// By definition, slowly: a byte is hidden when it belongs to a form, and forms that overlap share one mask.
fn slowly(forms: &[Vec<u8>], text: &[u8]) -> Vec<u8> {
    let mut places: Vec<Range<usize>> = Vec::new();
    for form in forms {
        let found = text.windows(form.len()).enumerate().filter(|it| it.1 == form);
        places.extend(found.map(|(at, _)| at..at + form.len()));
    }
    places.sort_by_key(|it| it.start);
    let (mut out, mut at) = (Vec::new(), 0);
    for place in places {
        if place.start >= at {
            out.extend_from_slice(&text[at..place.start]);
            out.extend_from_slice(HIDDEN.as_bytes());
        }
        at = at.max(place.end);
    }
    out.extend_from_slice(&text[at..]);
    out
}

/// Few letters, so that secrets are found, overlap and repeat.
fn word(most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(vec!['a', 'b', 'c', '=']), 1..most)
        .prop_map(|it| it.into_iter().collect())
}

proptest! {
    #[test]
    fn what_belongs_to_a_secret_is_hidden_and_nothing_else_changes(
        secrets in proptest::collection::vec(word(12), 1..5),
        words in proptest::collection::vec(word(20), 0..12),
        chosen in proptest::collection::vec(0_usize..5, 12),
        chunk in 1_usize..9,
    ) {
        let forms: Vec<Vec<u8>> = forms::forms(secrets.iter().map(String::as_str)).into_iter().collect();
        let mask = Mask::of(secrets.iter().map(String::as_str)).unwrap();
        let mut text = String::new();
        for (word, secret) in words.iter().zip(chosen) {
            text.push_str(word);
            text.push_str(secrets.get(secret).map_or("\n", |it| it));
        }
        let expected = slowly(&forms, text.as_bytes());
        prop_assert_eq!(mask.hide(text.as_bytes()).into_owned(), expected.clone());
        for form in &forms {
            prop_assert!(!expected.windows(form.len()).any(|it| it == form));
        }

        let mut out = Vec::new();
        let mut writer = LineWriter::new(mask, |block: &[u8]| {
            out.extend_from_slice(block);
            out.push(b'\n');
        });
        for chunk in text.as_bytes().chunks(chunk) {
            writer.write_all(chunk).unwrap();
        }
        writer.finish();
        let mut lines = expected;
        if !lines.is_empty() && lines.last() != Some(&b'\n') {
            lines.push(b'\n');
        }
        prop_assert_eq!(out, lines);
    }
}
