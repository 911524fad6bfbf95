//! A syntax error of the YAML reader → a diagnostic in our words, with the place and the next step.
//!
//! The reader knows which token it did not expect. A person needs to know which character on the line led it there,
//! so each kind of error looks at the line first.

mod line;

use granit_parser::{ErrorKind, ScanError};

use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::source::Span;
use crate::yaml::parse::REFUSED;
use line::Line;

/// A problem of syntax at a place: every program refuses the document.
pub(super) fn syntax_error(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, span, message).refused_by(REFUSED.0, REFUSED.1)
}

/// The same text in quotes that change nothing in it.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Puts quotes around a text of the file.
pub(super) fn quote(span: Span, written: &str) -> Fix {
    Fix {
        message: "put quotes around the whole text".into(),
        edits: vec![Edit { span, text: quoted(written) }],
        safe: true,
    }
}

/// What to say about an error of the reader.
pub(super) fn describe(text: &str, error: &ScanError) -> Diagnostic {
    let at = text.floor_char_boundary(error.marker().byte_offset().unwrap_or(0).min(text.len()));
    let place = Place { text, at, line: Line::at(text, at) };
    let problem =
        place.indented_by_something_else(error.kind()).unwrap_or_else(|| place.problem(error.kind()));
    problem.why("YAML can be read only up to here, so what follows in this document is not checked")
}

/// Where the reader stopped.
#[derive(Clone, Copy)]
struct Place<'t> {
    text: &'t str,
    at: usize,
    line: Line<'t>,
}

fn problem(span: Span, message: impl Into<String>, label: &str, help: impl Into<String>) -> Diagnostic {
    syntax_error("yaml-syntax", span, message).label(label).help(help)
}

impl<'t> Place<'t> {
    fn problem(self, kind: &ErrorKind) -> Diagnostic {
        match kind {
            ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => self.stray_colon(),
            ErrorKind::UnclosedQuotedScalar => problem(
                self.here(),
                "a quote is opened and never closed",
                "opened here",
                "close the quote at the end of the text that it holds",
            ),
            ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
                self.after_quote()
            }
            ErrorKind::UnknownQuotedScalarEscape => self.escape(),
            ErrorKind::UnclosedFlowCollection { .. }
            | ErrorKind::UnexpectedEofFlowSequence
            | ErrorKind::UnexpectedEofFlowMapping
            | ErrorKind::MismatchedFlowCollectionEnd { .. }
            | ErrorKind::MisplacedFlowCollectionEnd
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::BlockEntryInFlowCollection => self.brackets(kind),
            ErrorKind::UnexpectedCharacter { .. }
            | ErrorKind::PlainScalarStartsWithDashFlowIndicator
            | ErrorKind::MissingAnchorOrAliasName
            | ErrorKind::InvalidBlockScalarHeader => self.special_character(),
            ErrorKind::ExpectedBlockMappingKey
            | ErrorKind::InvalidSimpleKey
            | ErrorKind::SimpleKeyExpected
            | ErrorKind::BlockSequenceEntryNotAllowed
            | ErrorKind::ExpectedBlockSequenceEntry
            | ErrorKind::InvalidIndentation => self.no_key(),
            ErrorKind::RecursionLimitExceeded => problem(
                self.here(),
                "lists and maps are nested too deep",
                "more than 10,000 levels",
                "make the structure flatter",
            ),
            ErrorKind::ExpectedDocumentStart | ErrorKind::MissingDocumentEndBeforeDirective => problem(
                self.whole_line(),
                "a `%` line stands alone in its document",
                "Drone splits the file at `---` before it reads YAML",
                "delete the line: Drone needs no YAML directive",
            ),
            _ => problem(
                self.here(),
                "this is no valid YAML",
                "the reader stops here",
                "check quotes, brackets and indentation on this line and the one above",
            ),
        }
    }

    /// Tabs and blanks that only look like spaces.
    fn indented_by_something_else(self, kind: &ErrorKind) -> Option<Diagnostic> {
        let named = format!("{kind:?}").starts_with("Tab");
        let below = self.line.next().filter(|_| named);
        if let Some(tab) = self.line.tab().or_else(|| below?.tab()) {
            return Some(problem(
                tab,
                "a tab indents this line",
                "indent with spaces",
                "replace the tab by spaces; most editors can do so for the whole file",
            ));
        }
        [Some(self.line), self.line.previous()].into_iter().flatten().find_map(looks_like_a_space)
    }

    /// A `:` where no key can be: a second one on the line, or a line that is indented too deep.
    fn stray_colon(self) -> Diagnostic {
        let above = self.line.previous();
        let own = self.line.colon() == Some(self.at);
        let deeper = above.filter(|it| own && it.column(it.item()) < self.line.column(self.line.item()));
        let Some(above) = deeper else { return self.second_colon() };
        let key = self.line.key().unwrap_or_default();
        let column = above.column(above.item());
        let parent = above.rest(above.item()).trim_end();
        if above.key().is_none() {
            return problem(
                self.written(above.value()),
                format!("`{parent}` is neither a key nor a list item"),
                "no `:` stands here",
                format!("write `{parent}:` if the lines below belong to it"),
            );
        }
        problem(
            Span::new(self.line.item(), self.at),
            format!("`{key}` is indented as if it belonged to the line above"),
            "too deep",
            format!("begin `{key}` like `{}`, {}", above.key().unwrap_or_default(), edge(column)),
        )
        .also(above.value(), "this value is complete: nothing can stand under it")
    }

    fn second_colon(self) -> Diagnostic {
        let span = Span::new(self.at, self.at + 1);
        let message = "a `: ` stands where no key can be";
        let label = "read as the end of a key";
        let value = self.line.value();
        if value.start as usize > self.at || self.starts_special(value) {
            return problem(span, message, label, "put quotes around the text that this `:` belongs to");
        }
        let written = self.slice(value);
        let help = format!("put quotes around the whole text: `{}`", quoted(written));
        problem(span, message, label, help).fix(quote(value, written))
    }

    /// Text behind a closing quote.
    fn after_quote(self) -> Diagnostic {
        let value = self.line.value();
        let written = self.slice(value);
        let mark = self.text[..self.at].trim_end().chars().next_back().unwrap_or('"');
        if let Some(opening) = self.opened_above(value, mark) {
            return problem(
                opening,
                "a quote is opened and not closed on its line",
                "opened here",
                format!("close it with `{mark}` where the text ends"),
            )
            .also(Span::new(self.at.saturating_sub(1), self.at), "and this one closes it");
        }
        let rest = Span::new(self.at, self.line.end());
        let own = value.start as usize <= self.at && written.starts_with(mark);
        let inside = own && written.len() > 1 && written.ends_with(mark);
        let help = match (own, inside, mark) {
            (true, true, '\'') => {
                let inner = written[1..written.len() - 1].replace('\'', "''");
                format!("inside `'…'` write each quote twice: `'{inner}'`")
            }
            (true, ..) => format!("put quotes around the whole text: `{}`", quoted(written)),
            _ => "put quotes around the whole text".to_owned(),
        };
        let found = problem(
            self.written(rest),
            "text follows the closing quote",
            "a value that begins with a quote ends with it",
            help,
        );
        if own && !inside { found.fix(quote(value, written)) } else { found }
    }

    /// The quote of an earlier line that the first quote of this value closes.
    fn opened_above(self, value: Span, mark: char) -> Option<Span> {
        let closes = value.start as usize + 1 == self.at || (value.start as usize) > self.at;
        let above = self.line.previous().filter(|_| closes)?;
        let mut line = Some(above);
        while let Some(it) = line {
            let text = it.rest(it.start());
            if text.matches(mark).count() % 2 == 1 {
                let at = it.start() + text.rfind(mark)?;
                return Some(Span::new(at, at + 1));
            }
            line = it.previous();
        }
        None
    }

    fn escape(self) -> Diagnostic {
        let known = |it: char| "0abt\tnvfre \"/\\N_LPxuU\n\r".contains(it);
        let mut characters = self.text[self.at..].char_indices().skip(1);
        let mut bad = None;
        while let Some((offset, it)) = characters.next() {
            if it == '\\' {
                let Some((_, escaped)) = characters.next() else { break };
                if !known(escaped) {
                    bad = Some((self.at + offset, escaped));
                    break;
                }
            }
        }
        let Some((at, escaped)) = bad else {
            return problem(
                self.here(),
                "a `\\` in double quotes is not followed by what YAML expects",
                "in this text",
                "use single quotes: in them a `\\` is only a `\\`",
            );
        };
        problem(
            Span::new(at, at + 1 + escaped.len_utf8()),
            format!("`\\{escaped}` means nothing in double quotes"),
            "no escape that YAML knows",
            format!("write `\\\\{escaped}`, or use single quotes: in them a `\\` is only a `\\`"),
        )
    }

    fn brackets(self, kind: &ErrorKind) -> Diagnostic {
        match kind {
            ErrorKind::UnclosedFlowCollection { open } => problem(
                self.here(),
                format!("this `{open}` is never closed"),
                "opened here",
                "close it, or put quotes around the whole text if the bracket belongs to it",
            ),
            ErrorKind::MismatchedFlowCollectionEnd { open, close } => problem(
                self.here(),
                format!("this `{open}` is closed by a `{close}`"),
                "opened here",
                format!("close it with `{}`", if *open == '[' { ']' } else { '}' }),
            ),
            _ => self.text_after_bracket().unwrap_or_else(|| {
                problem(
                    self.here(),
                    "this does not fit into the `[…]` or `{…}` around it",
                    "a comma or the closing bracket is due here",
                    "separate the items by commas, and put quotes around a text that holds `:`, `,` or brackets",
                )
            }),
        }
    }

    /// A command such as `[ -f x ] && make`: YAML takes the bracket for a list.
    fn text_after_bracket(self) -> Option<Diagnostic> {
        let value = self.line.value();
        let written = self.slice(value);
        let bracket = written.chars().next().filter(|it| matches!(it, '[' | '{'))?;
        let noun = if bracket == '[' { "list" } else { "map" };
        (value.start as usize <= self.at).then(|| {
            problem(
                Span::new(value.start as usize, value.start as usize + 1),
                format!("a text that begins with `{bracket}` is the beginning of a {noun}"),
                &format!("opens a {noun}"),
                format!("put quotes around the whole text: `{}`", quoted(written)),
            )
            .fix(quote(value, written))
        })
    }

    fn special_character(self) -> Diagnostic {
        let value = self.line.value();
        let first = self.text[self.at..].chars().next().unwrap_or(' ');
        let (message, label) = match first {
            '*' => ("an unquoted `*` begins an alias, and no name follows it".to_owned(), "read as an alias"),
            '&' => {
                ("an unquoted `&` begins an anchor, and no name follows it".to_owned(), "read as an anchor")
            }
            '|' | '>' => (
                format!("`{first}` begins a block of lines, and its own line must end there"),
                "begins a block of lines",
            ),
            '`' => ("a text cannot begin with a backtick".to_owned(), "has a meaning of its own in YAML"),
            _ => (format!("a text cannot begin with `{first}`"), "has a meaning of its own in YAML"),
        };
        if value.start as usize != self.at {
            return problem(self.here(), message, label, "put quotes around the whole text");
        }
        let written = self.slice(value);
        let help = format!("put quotes around the whole text: `{}`", quoted(written));
        problem(self.here(), message, label, help).fix(quote(value, written))
    }

    /// A line that is neither `key: value` nor an item, or not where one can be.
    fn no_key(self) -> Diagnostic {
        let content = self.line.content();
        if self.line.rest(content).starts_with("---") {
            return problem(
                self.written(Span::new(content, self.line.end())),
                "`---` separates documents only at the left edge",
                "indented",
                "take the blanks before it away",
            );
        }
        if content < self.at {
            return self.text_after_bracket().unwrap_or_else(|| self.item_on_the_line_of_its_key());
        }
        if let Some(colon) = self.glued_colon() {
            let edits = vec![Edit { span: Span::new(colon + 1, colon + 1), text: " ".into() }];
            return problem(
                Span::new(colon, colon + 1),
                "a blank is missing after this `:`",
                "not the end of a key without a blank after it",
                format!("write `{}: {}`", &self.text[self.line.item()..colon], self.line.rest(colon + 1)),
            )
            .fix(Fix { message: "add a blank".into(), edits, safe: true });
        }
        if self.line.key().is_none() && !self.line.rest(content).starts_with("- ") {
            let written = self.slice(self.line.value());
            return problem(
                self.written(self.line.value()),
                format!("`{written}` is neither a key nor a list item"),
                "no `:` and no `-`",
                "indent it deeper if it continues the line above; otherwise write `key: value` or `- item`",
            );
        }
        self.indentation()
    }

    /// `commands: - make`
    fn item_on_the_line_of_its_key(self) -> Diagnostic {
        let value = self.line.value();
        if value.start as usize == self.at && self.slice(value).starts_with('-') {
            return problem(
                self.written(value),
                "a list cannot begin on the line of its key",
                "this `-` needs a line of its own",
                format!("put `{}` on the next line", self.slice(value)),
            );
        }
        problem(
            self.here(),
            "a key was expected here",
            "this is no `key: value`",
            "compare the indentation with the lines above; quotes count only when they begin the text",
        )
    }

    fn indentation(self) -> Diagnostic {
        let content = self.line.content();
        let own = self.line.column(content);
        let word = self.line.key().map_or(1, |it| self.line.item() + it.len() - content);
        let columns = self.line.previous().map(Line::open_columns).unwrap_or_default();
        if !self.line.rest(content).starts_with("- ") && self.line.dash_column() == Some(own) {
            return problem(
                Span::new(content, content + word),
                "this line stands in the column of a list and is no item of it",
                "no `- ` begins it",
                format!("a key of the item above begins {}; a new item begins with `- `", edge(own + 2)),
            );
        }
        let near: Vec<String> =
            [columns.iter().rev().find(|it| **it < own), columns.iter().find(|it| **it > own)]
                .into_iter()
                .flatten()
                .map(|it| edge(*it))
                .collect();
        let help = match near.join(" or ") {
            fit if fit.is_empty() || columns.contains(&own) => {
                "compare it with the lines above: a list and its key, or siblings, must line up".to_owned()
            }
            fit => format!("begin it {fit}, like the lines it belongs to"),
        };
        let label = format!("{} before it", spaces(own));
        problem(
            Span::new(content, content + word),
            "the indentation of this line fits no line above",
            &label,
            help,
        )
    }

    /// `name:demo`
    fn glued_colon(self) -> Option<usize> {
        let rest = self.line.rest(self.line.item());
        let colon = rest.find(':').filter(|_| self.line.key().is_none() && !rest.contains(": "))?;
        let key =
            !rest[..colon].is_empty() && rest[..colon].chars().all(|it| it.is_alphanumeric() || it == '_');
        (key && !rest[colon + 1..].starts_with('/')).then(|| self.line.item() + colon)
    }

    fn starts_special(self, value: Span) -> bool {
        self.slice(value).starts_with(['[', '{', '"', '\''])
    }

    fn slice(self, span: Span) -> &'t str {
        &self.text[span.range()]
    }

    fn whole_line(self) -> Span {
        self.written(Span::new(self.line.content(), self.line.end()))
    }

    /// The span, or at least something to see.
    fn written(self, span: Span) -> Span {
        if span.is_empty() { self.here() } else { span }
    }

    /// The character at the place, or the last one before it.
    fn here(self) -> Span {
        if let Some(here) = self.text[self.at..].chars().next().filter(|it| !matches!(it, '\n' | '\r')) {
            return Span::new(self.at, self.at + here.len_utf8());
        }
        let before = self.text[..self.at].trim_end();
        let length = before.chars().next_back().map_or(0, char::len_utf8);
        Span::new(before.len() - length, before.len())
    }
}

/// A blank that is no plain space, before the first `:` of the line.
fn looks_like_a_space(line: Line<'_>) -> Option<Diagnostic> {
    let rest = line.rest(line.start());
    let key = &rest[..rest.find(':').unwrap_or(rest.len())];
    let (at, blank) = key.char_indices().find(|(_, it)| it.is_whitespace() && !it.is_ascii())?;
    let blanks = key[at..].len() - key[at..].trim_start_matches(blank).len();
    let span = Span::new(line.start() + at, line.start() + at + blanks);
    let edits = vec![Edit { span, text: " ".repeat(blanks / blank.len_utf8()) }];
    let message = format!("a character that only looks like a space (U+{:04X}) stands here", blank as u32);
    let help = "replace it by a plain space; text copied from a web page often brings such ones along";
    Some(problem(span, message, "no plain space", help).fix(Fix {
        message: "replace it by a plain space".into(),
        edits,
        safe: true,
    }))
}

/// Where a line begins.
fn edge(column: usize) -> String {
    match column {
        0 => "at the left edge".to_owned(),
        column => format!("after {}", spaces(column)),
    }
}

fn spaces(count: usize) -> String {
    match count {
        0 => "no spaces".to_owned(),
        1 => "1 space".to_owned(),
        count => format!("{count} spaces"),
    }
}
