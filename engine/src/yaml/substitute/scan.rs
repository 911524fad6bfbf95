//! The characters of a `${…}` → tokens. Each operator accepts its own.

/// Which characters a token may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Accept {
    Identifier,
    OneHash,
    OneColon,
    OneEqual,
    Colons,
    Slashes,
    DefaultOperator,
    CasingOperator,
    ReplaceOperator,
    HashOperator,
    PercentOperator,
    NotColonOrClosing,
    NotClosing,
    NotSlash,
    EscapedNotClosing,
}

impl Accept {
    /// `end` is how many bytes the token has with this character.
    fn takes(self, it: char, end: usize) -> bool {
        match self {
            Self::Identifier => it.is_alphabetic() || it.is_numeric() || it == '_',
            Self::OneHash => it == '#' && end == 1,
            Self::OneColon => it == ':' && end == 1,
            Self::OneEqual => it == '=' && end == 1,
            Self::Colons => it == ':',
            Self::Slashes => it == '/',
            Self::DefaultOperator => match end {
                1 => it == ':',
                2 => matches!(it, '=' | '-' | '?' | '+'),
                _ => false,
            },
            Self::CasingOperator => matches!(it, ',' | '^') && end < 3,
            Self::ReplaceOperator => match end {
                1 => it == '/',
                2 => matches!(it, '/' | '#' | '%'),
                _ => false,
            },
            Self::HashOperator => it == '#' && end < 3,
            Self::PercentOperator => it == '%' && end < 3,
            Self::NotColonOrClosing => it != ':' && it != '}',
            Self::NotClosing | Self::EscapedNotClosing => it != '}',
            Self::NotSlash => it != '/',
        }
    }

    /// Only the arguments of a replacement know `\/`, `\\` and `$$`.
    fn escapes(self) -> bool {
        matches!(self, Self::NotSlash | Self::EscapedNotClosing)
    }
}

/// An argument.
pub(super) enum Param {
    /// Literal text.
    Text(String),
    /// A `${` was read: a function follows.
    Function,
}

/// Reads tokens from `at` on.
pub(super) struct Scanner<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

impl Scanner<'_> {
    pub(super) fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    pub(super) fn peek_second(&self) -> Option<char> {
        self.text[self.at..].chars().nth(1)
    }

    /// The closing brace.
    pub(super) fn close(&mut self) -> Option<()> {
        (self.peek() == Some('}')).then(|| self.at += 1)
    }

    /// At least one accepted character.
    pub(super) fn token(&mut self, accept: Accept) -> Option<String> {
        let mut token = String::new();
        while let Some(it) = self.peek() {
            if self.is_escape(it, accept) {
                self.at += 1;
                let Some(escaped) = self.peek() else { break };
                token.push(escaped);
                self.at += escaped.len_utf8();
                continue;
            }
            if !accept.takes(it, token.len() + it.len_utf8()) {
                break;
            }
            token.push(it);
            self.at += it.len_utf8();
        }
        (!token.is_empty()).then_some(token)
    }

    /// Literal text up to a `${`, or that `${` itself.
    pub(super) fn parameter(&mut self, accept: Accept) -> Option<Param> {
        if self.text[self.at..].starts_with("${") {
            self.at += 2;
            return Some(Param::Function);
        }
        let rest = &self.text[self.at..];
        let limit = self.at + function_start(rest, accept);
        let mut part = Scanner { text: &self.text[..limit], at: self.at };
        let token = part.token(accept);
        self.at = part.at;
        token.map(Param::Text)
    }

    fn is_escape(&self, it: char, accept: Accept) -> bool {
        let next = self.text[self.at + it.len_utf8()..].chars().next();
        accept.escapes()
            && match it {
                '$' => next == Some('$'),
                '\\' => matches!(next, Some('/' | '\\')),
                _ => false,
            }
    }
}

/// Where the first `${` begins that is not behind an escaping `$`; the length when there is none.
fn function_start(rest: &str, accept: Accept) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'}', _) if accept != Accept::NotSlash => return at,
            (b'$', Some(b'{')) => return at,
            (b'$', Some(b'$')) | (b'\\', Some(b'/' | b'\\')) if accept.escapes() => at += 2,
            _ => at += 1,
        }
    }
    rest.len()
}
