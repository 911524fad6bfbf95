//! An unquoted scalar → what go-yaml v2 takes it for: null, boolean, number or text (§1.3).

/// What a scalar is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'t> {
    /// Nothing.
    Null,
    /// `yes`, `no`, `on`, `off`, `y`, `n`, `true`, `false` in their usual cases.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number above the largest `i64`.
    Unsigned(u64),
    /// Any other number.
    Float(f64),
    /// A date or a time: text for most purposes.
    Timestamp(&'t str),
    /// Everything else.
    Text(&'t str),
}

impl Scalar<'_> {
    /// The short tag that Drone's error messages use.
    #[must_use]
    pub fn tag(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::Unsigned(_) => "int",
            Self::Float(_) => "float",
            Self::Timestamp(_) => "timestamp",
            Self::Text(_) => "str",
        }
    }
}

/// Resolves the text of an unquoted scalar without a tag.
#[must_use]
pub fn resolve(text: &str) -> Scalar<'_> {
    match text.as_bytes().first() {
        None => Scalar::Null,
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => word(text),
        Some(b'.') => special(text).or_else(|| float(text)).unwrap_or(Scalar::Text(text)),
        Some(b'0'..=b'9' | b'+' | b'-') => number(text),
        Some(_) => Scalar::Text(text),
    }
}

fn word(text: &str) -> Scalar<'_> {
    match text {
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Scalar::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Scalar::Bool(false)
        }
        _ => Scalar::Text(text),
    }
}

fn special(text: &str) -> Option<Scalar<'static>> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(Scalar::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(Scalar::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => Some(Scalar::Float(f64::NEG_INFINITY)),
        _ => None,
    }
}

fn number(text: &str) -> Scalar<'_> {
    if let Some(special) = special(text) {
        return special;
    }
    if is_timestamp(text) {
        return Scalar::Timestamp(text);
    }
    let plain;
    let digits = if text.contains('_') {
        plain = text.replace('_', "");
        plain.as_str()
    } else {
        text
    };
    if let Some(number) = integer(digits) {
        return number;
    }
    match float(digits) {
        Some(Scalar::Float(value)) => Scalar::Float(value),
        _ => Scalar::Text(text),
    }
}

/// Go's integer literals: `0x`, `0o`, `0b`, and a leading `0` for octal.
fn integer(digits: &str) -> Option<Scalar<'static>> {
    let (negative, rest) = match digits.as_bytes().first()? {
        b'-' => (true, &digits[1..]),
        b'+' => (false, &digits[1..]),
        _ => (false, digits),
    };
    let (radix, rest) = match rest.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &rest[2..]),
        [b'0', b'o' | b'O', ..] => (8, &rest[2..]),
        [b'0', b'b' | b'B', ..] => (2, &rest[2..]),
        [b'0', _, ..] => (8, &rest[1..]),
        _ => (10, rest),
    };
    if rest.is_empty() || !rest.bytes().all(|it| it.is_ascii_alphanumeric()) {
        return None;
    }
    let value = u64::from_str_radix(rest, radix).ok()?;
    match (negative, i64::try_from(value)) {
        (false, Ok(value)) => Some(Scalar::Int(value)),
        (false, Err(_)) if !digits.starts_with('+') => Some(Scalar::Unsigned(value)),
        (false, Err(_)) => None,
        (true, Ok(value)) => Some(Scalar::Int(-value)),
        (true, Err(_)) => (value == i64::MIN.unsigned_abs()).then_some(Scalar::Int(i64::MIN)),
    }
}

/// Digits with at most one dot and an exponent.
fn float(text: &str) -> Option<Scalar<'static>> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let shape = unsigned.bytes().all(|it| matches!(it, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    if !shape || !unsigned.starts_with(|it: char| it == '.' || it.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|it: &f64| it.is_finite()).map(Scalar::Float)
}

/// `2020-01-02`, with a time after `T`, `t` or a blank or not.
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || !bytes[..4].iter().all(u8::is_ascii_digit) || bytes[4] != b'-' {
        return false;
    }
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    is_date(date) && time.is_none_or(is_time)
}

fn is_date(date: &str) -> bool {
    let parts: Vec<&str> = date.split('-').collect();
    let [_, month, day] = parts[..] else { return false };
    let within = |it: &str, most: u8| {
        (1..=2).contains(&it.len()) && it.parse::<u8>().is_ok_and(|it| (1..=most).contains(&it))
    };
    // Without a time both parts need two digits or one; Go accepts either.
    within(month, 12) && within(day, 31)
}

fn is_time(time: &str) -> bool {
    let time = time.trim_start();
    let parts: Vec<&str> = time.splitn(3, ':').collect();
    let [hour, minute, second] = parts[..] else { return false };
    let two = |it: &str| it.len() == 2 && it.bytes().all(|it| it.is_ascii_digit());
    two(hour) && two(minute) && second.len() >= 2 && two(&second[..second.ceil_char_boundary(2)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_what_go_yaml_takes_them_for() {
        let cases = [
            ("", Scalar::Null),
            ("~", Scalar::Null),
            ("NULL", Scalar::Null),
            ("nULL", Scalar::Text("nULL")),
            ("y", Scalar::Bool(true)),
            ("On", Scalar::Bool(true)),
            ("off", Scalar::Bool(false)),
            ("oN", Scalar::Text("oN")),
            ("010", Scalar::Int(8)),
            ("0o17", Scalar::Int(15)),
            ("0x1F", Scalar::Int(31)),
            ("-0b101", Scalar::Int(-5)),
            ("1_000", Scalar::Int(1000)),
            ("08", Scalar::Float(8.0)),
            ("3.10", Scalar::Float(3.1)),
            ("1e3", Scalar::Float(1000.0)),
            (".5", Scalar::Float(0.5)),
            ("1.", Scalar::Float(1.0)),
            ("1.2.3", Scalar::Text("1.2.3")),
            ("12:30", Scalar::Text("12:30")),
            ("2020-01-02", Scalar::Timestamp("2020-01-02")),
            ("2020-13-02", Scalar::Text("2020-13-02")),
            ("-", Scalar::Text("-")),
            ("-f", Scalar::Text("-f")),
            ("+1", Scalar::Int(1)),
            ("-9223372036854775808", Scalar::Int(i64::MIN)),
            ("18446744073709551615", Scalar::Unsigned(u64::MAX)),
            ("99999999999999999999", Scalar::Float(1e20)),
            ("0x", Scalar::Text("0x")),
            ("1e400", Scalar::Text("1e400")),
            ("main", Scalar::Text("main")),
        ];
        for (text, expected) in cases {
            assert_eq!(resolve(text), expected, "{text}");
        }
    }

    #[test]
    fn infinity_and_nan_have_their_own_spelling() {
        assert_eq!(resolve("-.inf"), Scalar::Float(f64::NEG_INFINITY));
        assert!(matches!(resolve(".nan"), Scalar::Float(it) if it.is_nan()));
    }
}
