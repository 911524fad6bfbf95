//! A text and values → the text with `${…}` replaced, as Drone's runner does before it reads YAML (§5.10).
//!
//! The operators look like those of bash and are not: see [`apply`]. Nesting costs no stack.

mod apply;
mod scan;

use std::borrow::Cow;
use std::ops::Range;

use crate::source::Span;
use scan::{Accept, Param, Scanner};

/// A text after substitution, and where each part of it was written.
#[derive(Clone, Debug)]
pub struct Substituted<'t> {
    text: Cow<'t, str>,
    pieces: Vec<Piece>,
}

/// A stretch of the new text, from `at` on, and the stretch of the old text that it stands for.
#[derive(Clone, Debug)]
struct Piece {
    at: usize,
    raw: Range<usize>,
    verbatim: bool,
}

/// Why a text cannot be substituted: every stage of the build then fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubstitutionError {
    /// From the `${` to where the reading stopped.
    pub span: Span,
    /// What is wrong.
    pub kind: SubstitutionProblem,
}

/// What is wrong with a `${…}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubstitutionProblem {
    /// What follows `${` is no name.
    Name,
    /// After the name comes neither an operator nor `}`.
    ClosingBrace,
    /// The operator's argument cannot be read.
    Argument,
    /// The operator is not used as it must be.
    Operator,
    /// A negative length in `${NAME:offset:length}`: Drone crashes.
    NegativeLength,
}

impl<'t> Substituted<'t> {
    /// The text without any change.
    #[must_use]
    pub fn verbatim(text: &'t str) -> Self {
        Self { text: Cow::Borrowed(text), pieces: vec![Piece { at: 0, raw: 0..text.len(), verbatim: true }] }
    }

    /// The new text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a span of the new text was written in the old one. A part that was put in stands for its whole `${…}`.
    #[must_use]
    pub fn origin(&self, span: Span) -> Span {
        let start = self.origin_of(span.start as usize, |raw| raw.start);
        let last = (span.end as usize).saturating_sub(1);
        let end = if span.is_empty() { start } else { self.origin_of(last, |raw| raw.end - 1) + 1 };
        Span::new(start, end.max(start))
    }

    /// The old place of a stretch that was copied as it stands; `None` when any part of it was put in.
    #[must_use]
    pub fn copied_from(&self, span: Span) -> Option<Span> {
        let piece = self.piece(span.start as usize)?;
        let length = span.end as usize - span.start as usize;
        let offset = span.start as usize - piece.at;
        let whole = piece.verbatim && offset + length <= piece.raw.len();
        whole.then(|| Span::new(piece.raw.start + offset, piece.raw.start + offset + length))
    }

    fn origin_of(&self, at: usize, inserted: impl Fn(&Range<usize>) -> usize) -> usize {
        match self.piece(at) {
            Some(piece) if piece.verbatim => (piece.raw.start + at - piece.at).min(piece.raw.end),
            Some(piece) => inserted(&piece.raw),
            None => 0,
        }
    }

    fn piece(&self, at: usize) -> Option<&Piece> {
        let index = self.pieces.partition_point(|it| it.at <= at);
        self.pieces.get(index.checked_sub(1)?)
    }
}

/// More broken places than this tell nobody anything new.
const MOST_ERRORS: usize = 1_000;

/// Replaces every `${…}` by what `lookup` says of its name, and every `$$` by `$`.
///
/// What Drone cannot read stays as it stands and is told, in file order: Drone itself gives up at the first.
/// A NUL byte ends the text, as in Drone.
pub fn substitute<'t>(
    text: &'t str,
    lookup: &dyn Fn(&str) -> String,
) -> (Substituted<'t>, Vec<SubstitutionError>) {
    let text = &text[..text.find('\0').unwrap_or(text.len())];
    let (mut out, mut pieces, mut errors) = (String::new(), Vec::new(), Vec::new());
    let mut copied = 0;
    let mut at = 0;
    while let Some(dollar) = text[at..].find('$').map(|it| at + it) {
        let value = match text.as_bytes().get(dollar + 1) {
            Some(b'$') => Ok((String::from("$"), dollar + 2)),
            Some(b'{') => function(text, dollar + 2, lookup),
            _ => {
                at = dollar + 1;
                continue;
            }
        };
        let (value, end) = match value {
            Ok(it) => it,
            Err((kind, end)) => {
                errors.push(SubstitutionError { span: Span::new(dollar, end), kind });
                // Going on where the reading stopped keeps the work linear, however deep the nesting.
                at = end;
                if errors.len() == MOST_ERRORS {
                    break;
                }
                continue;
            }
        };
        copy(&mut out, &mut pieces, text, copied..dollar);
        pieces.push(Piece { at: out.len(), raw: dollar..end, verbatim: false });
        out.push_str(&value);
        (copied, at) = (end, end);
    }
    if pieces.is_empty() {
        return (Substituted::verbatim(text), errors);
    }
    copy(&mut out, &mut pieces, text, copied..text.len());
    (Substituted { text: Cow::Owned(out), pieces }, errors)
}

fn copy(out: &mut String, pieces: &mut Vec<Piece>, text: &str, raw: Range<usize>) {
    pieces.push(Piece { at: out.len(), raw: raw.clone(), verbatim: true });
    out.push_str(&text[raw]);
}

/// A function whose arguments are being read.
struct Frame {
    name: String,
    operator: String,
    arguments: Vec<String>,
    delimited: bool,
}

/// What a step of reading a function leads to.
enum Step {
    /// The next argument is itself a `${…}`.
    Nested,
    /// The function ended with this value.
    Value(String),
}

type Problem = (SubstitutionProblem, usize);

/// A place that substitution changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dollar {
    /// The whole `$$` or `${…}`.
    pub span: Span,
    /// The names that are looked up, the outermost last; empty for a `$$`.
    pub names: Vec<String>,
}

impl Dollar {
    /// The outermost name of a `${…}`; `None` for a `$$`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.names.last().map(String::as_str)
    }
}

/// The places that [`substitute`] changes, in file order. What Drone cannot read is not among them.
#[must_use]
pub fn dollars(text: &str) -> Vec<Dollar> {
    let text = &text[..text.find('\0').unwrap_or(text.len())];
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(dollar) = text[at..].find('$').map(|it| at + it) {
        let names = std::cell::RefCell::new(Vec::new());
        let lookup = |name: &str| {
            names.borrow_mut().push(name.to_owned());
            String::new()
        };
        at = match text.as_bytes().get(dollar + 1) {
            Some(b'$') => dollar + 2,
            Some(b'{') => match function(text, dollar + 2, &lookup) {
                Ok((_, end)) => end,
                Err((_, end)) => {
                    at = end;
                    continue;
                }
            },
            _ => {
                at = dollar + 1;
                continue;
            }
        };
        found.push(Dollar { span: Span::new(dollar, at), names: names.into_inner() });
    }
    found
}

/// Reads the function whose text begins at `at`, after `${`. Gives its value and where it ends.
fn function(text: &str, at: usize, lookup: &dyn Fn(&str) -> String) -> Result<(String, usize), Problem> {
    let mut scanner = Scanner { text, at };
    let mut frames: Vec<Frame> = Vec::new();
    let mut value: Option<String> = None;
    loop {
        let step = match value.take() {
            None => begin(&mut scanner, &mut frames, lookup),
            Some(argument) => {
                let Some(frame) = frames.last_mut() else { return Ok((argument, scanner.at)) };
                frame.arguments.push(argument);
                resume(&mut scanner, &mut frames, lookup)
            }
        };
        match step.map_err(|kind| (kind, scanner.at))? {
            Step::Nested => {}
            Step::Value(it) => value = Some(it),
        }
    }
}

/// Reads the name and the operator.
fn begin(
    scanner: &mut Scanner<'_>,
    frames: &mut Vec<Frame>,
    lookup: &dyn Fn(&str) -> String,
) -> Result<Step, SubstitutionProblem> {
    use SubstitutionProblem as Kind;
    if scanner.peek() == Some('#') {
        scanner.token(Accept::OneHash).ok_or(Kind::Operator)?;
        let name = scanner.token(Accept::Identifier).ok_or(Kind::Operator)?;
        scanner.close().ok_or(Kind::Operator)?;
        return Ok(Step::Value(lookup(&name).len().to_string()));
    }
    let name = scanner.token(Accept::Identifier).ok_or(Kind::Name)?;
    let accept = match scanner.peek() {
        Some(':') if matches!(scanner.peek_second(), Some('=' | '-' | '?' | '+')) => Accept::DefaultOperator,
        Some(':') => Accept::OneColon,
        Some('=') => Accept::OneEqual,
        Some(',' | '^') => Accept::CasingOperator,
        Some('/') => Accept::ReplaceOperator,
        Some('#') => Accept::HashOperator,
        Some('%') => Accept::PercentOperator,
        _ => {
            scanner.close().ok_or(Kind::ClosingBrace)?;
            return Ok(Step::Value(lookup(&name)));
        }
    };
    let operator = scanner.token(accept).ok_or(Kind::Operator)?;
    frames.push(Frame { name, operator, arguments: Vec::new(), delimited: false });
    resume(scanner, frames, lookup)
}

/// Goes on with the innermost function, after its operator or after an argument.
fn resume(
    scanner: &mut Scanner<'_>,
    frames: &mut Vec<Frame>,
    lookup: &dyn Fn(&str) -> String,
) -> Result<Step, SubstitutionProblem> {
    loop {
        let Some(frame) = frames.last_mut() else { return Ok(Step::Value(String::new())) };
        let Some(accept) = next_argument(scanner, frame)? else { break };
        match scanner.parameter(accept).ok_or(SubstitutionProblem::Argument)? {
            Param::Text(text) => frame.arguments.push(text),
            Param::Function => return Ok(Step::Nested),
        }
    }
    scanner.close().ok_or(SubstitutionProblem::Operator)?;
    let Some(frame) = frames.pop() else { return Ok(Step::Value(String::new())) };
    apply::apply(&frame.operator, lookup(&frame.name), &frame.arguments).map(Step::Value)
}

/// Which characters the next argument may hold; `None` when only the closing brace may follow.
fn next_argument(
    scanner: &mut Scanner<'_>,
    frame: &mut Frame,
) -> Result<Option<Accept>, SubstitutionProblem> {
    let count = frame.arguments.len();
    let closing = scanner.peek() == Some('}');
    Ok(match frame.operator.as_str() {
        ":" if count == 0 => Some(Accept::NotColonOrClosing),
        ":" if count == 1 && closing => None,
        ":" if count == 1 => {
            scanner.token(Accept::Colons).ok_or(SubstitutionProblem::Operator)?;
            Some(Accept::NotClosing)
        }
        "#" | "##" | "%" | "%%" if count == 0 => Some(Accept::NotClosing),
        "/" | "//" | "/#" | "/%" if count == 0 => Some(Accept::NotSlash),
        "/" | "//" | "/#" | "/%" if count == 1 && !frame.delimited => {
            scanner.token(Accept::Slashes).ok_or(SubstitutionProblem::Operator)?;
            frame.delimited = true;
            (scanner.peek() != Some('}')).then_some(Accept::EscapedNotClosing)
        }
        ":=" | ":-" | ":?" | ":+" | "=" if !closing => Some(Accept::NotClosing),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str) -> String {
        match name {
            "V" => "v1.2.3",
            "B" => "feature/a/b",
            "U" => "é",
            _ => "",
        }
        .into()
    }

    fn run(text: &str) -> Result<String, SubstitutionProblem> {
        let (new, errors) = substitute(text, &value);
        errors.first().map_or_else(|| Ok(new.text().to_owned()), |it| Err(it.kind))
    }

    #[test]
    fn every_operator_does_what_drones_library_does() {
        let cases = [
            ("${V}", "v1.2.3"),
            ("${#V}${#U}", "62"),
            ("${V^}${V^^}${V,}${V,,}", "V1.2.3V1.2.3v1.2.3v1.2.3"),
            ("${V:1}|${V:0:4}|${V:9}|${V:x}|${V: -2}", "1.2.3|v1.2||v1.2.3|v1.2.3"),
            ("${V:-2}${E:-x}${E:=x}${E=x}", "v1.2.3xxx"),
            ("${E:?x}${E:+x}${V:+x}", "xxv1.2.3"),
            ("${V#v}|${V##*.}|${V%.*}|${V%%.*}", "1.2.3|3|v1.2|v1"),
            ("${B/a/X}|${B//a/X}", "feXture/a/b|feXture/X/b"),
            (r"${B/\//-}|${B//\//-}|${B//\//}", "feature-a/b|feature-a-b|featureab"),
            ("${B/#feature/x}|${B/%b/z}", "x/a/b|feature/a/z"),
            ("${E:-${F:-z}}", "z"),
            ("${E:-a}b}", "ab}"),
            ("${E:-$$}", "$$"),
            ("$$ $${X} $$$V $V $(x) {{ }} $", "$ ${X} $$V $V $(x) {{ }} $"),
            (r"\${V}", r"\v1.2.3"),
            ("a\0${", "a"),
        ];
        for (text, expected) in cases {
            assert_eq!(run(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_substitution_is_an_error() {
        use SubstitutionProblem as Kind;
        let cases = [
            ("${", Kind::Name),
            ("${}", Kind::Name),
            ("${ V}", Kind::Name),
            ("${!V}", Kind::Name),
            ("${@}", Kind::Name),
            ("${V }", Kind::ClosingBrace),
            ("${V.x}", Kind::ClosingBrace),
            ("${V[0]}", Kind::ClosingBrace),
            ("${E-x}", Kind::ClosingBrace),
            ("${E+x}", Kind::ClosingBrace),
            ("${B/x}", Kind::Operator),
            ("${B///-}", Kind::Argument),
            ("${V:}", Kind::Argument),
            ("${E:-x", Kind::Argument),
            ("${V:0:-1}", Kind::NegativeLength),
        ];
        for (text, expected) in cases {
            assert_eq!(run(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_stays_and_the_rest_is_replaced() {
        let raw = "${V} ${E-x} ${B/#feature/x} ${ ${V";
        let (new, errors) = substitute(raw, &value);
        assert_eq!(new.text(), "v1.2.3 ${E-x} x/a/b ${ ${V");
        let places: Vec<_> = errors.iter().map(|it| &raw[it.span.range()]).collect();
        assert_eq!(places, ["${E", "${", "${V"]);
    }

    #[test]
    fn a_place_in_the_new_text_is_found_in_the_old_one() {
        let raw = "a: ${V}x\nb: $$c\n";
        let (new, errors) = substitute(raw, &value);
        assert!(errors.is_empty());
        assert_eq!(new.text(), "a: v1.2.3x\nb: $c\n");
        let origin = |part: &str| {
            let at = new.text().find(part).expect("it is there");
            &raw[new.origin(Span::new(at, at + part.len())).range()]
        };
        assert_eq!(origin("v1.2.3x"), "${V}x");
        assert_eq!(origin("2"), "${V}");
        assert_eq!(origin("$c"), "$$c");
        assert_eq!(origin("b:"), "b:");
    }

    #[test]
    fn the_places_that_change_are_known_with_their_names() {
        let raw = "a: ${V}x $$c $V ${V-x} ${E:-${V:-1}}";
        let found: Vec<_> =
            dollars(raw).iter().map(|it| (&raw[it.span.range()], it.names.join(" "))).collect();
        let expected = [("${V}", "V"), ("$$", ""), ("${E:-${V:-1}}", "V E")];
        assert_eq!(found, expected.map(|it| (it.0, it.1.to_owned())));
        assert_eq!(dollars(raw)[2].name(), Some("E"));
    }

    #[test]
    fn nesting_needs_no_stack() {
        let deep = format!("{}{}", "${E:-".repeat(100_000), "}".repeat(100_000));
        assert_eq!(run(&deep).as_deref(), Ok(""));
    }
}
