//! A syntax error of the YAML reader → a diagnostic in our words, with the place and the next step.

use granit_parser::{ErrorKind, ScanError};

use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::yaml::parse::REFUSED;

/// A problem of syntax at a place: every program refuses the document.
pub(super) fn syntax_error(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, span, message).refused_by(REFUSED.0, REFUSED.1)
}

/// What to say about an error of the reader.
pub(super) fn describe(text: &str, error: &ScanError) -> Diagnostic {
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let words = words(text, at, error.kind());
    syntax_error("yaml-syntax", visible(text, at), words.message)
        .label(words.label)
        .why("no program of Drone can read the file past this place")
        .help(words.help)
}

struct Words {
    message: &'static str,
    label: &'static str,
    help: &'static str,
}

fn words(text: &str, at: usize, kind: &ErrorKind) -> Words {
    let line = &text[text[..at].rfind('\n').map_or(0, |it| it + 1)..];
    let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
    if line[..indentation].contains('\t') {
        return Words {
            message: "a tab indents this line",
            label: "indent with spaces",
            help: "replace the tab by spaces; most editors can do so for the whole file",
        };
    }
    match kind {
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => Words {
            message: "a `:` stands where no new key can begin",
            label: "this `:` starts a value of a key",
            help: "check the indentation of this line, or put quotes around the whole text if the `:` belongs to it",
        },
        ErrorKind::UnclosedQuotedScalar => Words {
            message: "a quote is opened and never closed",
            label: "opened here",
            help: "close the quote on the same line",
        },
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::MismatchedFlowCollectionEnd { .. }
        | ErrorKind::MisplacedFlowCollectionEnd
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::ExpectedFlowMappingSeparator => Words {
            message: "a `[…]` or `{…}` is not closed, or holds text that is no list or map",
            label: "the bracket and its content do not fit",
            help: "close the bracket, or put quotes around the whole text if `[` or `{` belongs to it",
        },
        ErrorKind::UnexpectedCharacter { .. } | ErrorKind::PlainScalarStartsWithDashFlowIndicator => Words {
            message: "a text cannot begin with this character",
            label: "has a meaning of its own in YAML",
            help: "put quotes around the whole text",
        },
        ErrorKind::MissingAnchorOrAliasName => Words {
            message: "an unquoted `*` or `&` needs a name after it",
            label: "read as an alias or an anchor",
            help: "put quotes around the whole text",
        },
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidSimpleKey | ErrorKind::SimpleKeyExpected => {
            Words {
                message: "a key was expected here",
                label: "this is no `key: value`",
                help: "compare the indentation with the lines above; quotes count only when they begin the text",
            }
        }
        ErrorKind::ExpectedBlockSequenceEntry => Words {
            message: "this line stands in the column of a list and is no item of it",
            label: "no `- ` begins it",
            help: "a key of the item above goes below the first key of that item; a new item begins with `- `",
        },
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::BlockEntryInFlowCollection => Words {
            message: "a `-` stands where no list item can begin",
            label: "this `-` does not line up with a list",
            help: "put the item under its key, on a line of its own, indented like its siblings",
        },
        ErrorKind::RecursionLimitExceeded => Words {
            message: "lists and maps are nested too deep",
            label: "more than 10,000 levels",
            help: "make the structure flatter",
        },
        ErrorKind::ExpectedDocumentStart | ErrorKind::MissingDocumentEndBeforeDirective => Words {
            message: "a `%` line stands alone in its document",
            label: "Drone splits the file at `---` before it reads YAML",
            help: "delete the line: Drone needs no YAML directive",
        },
        ErrorKind::InvalidIndentation | ErrorKind::TabInIndentation | ErrorKind::TabInBlockIndentation => {
            Words {
                message: "the indentation does not fit any line above",
                label: "neither a sibling nor a child of what stands above",
                help: "indent siblings by the same number of spaces",
            }
        }
        _ => Words {
            message: "this is no valid YAML",
            label: "the reader stops here",
            help: "check quotes, brackets and indentation on this line and the one above",
        },
    }
}

/// A span with something to see: the character at the place, or the last one before it.
fn visible(text: &str, at: usize) -> Span {
    let at = text.floor_char_boundary(at);
    if let Some(here) = text[at..].chars().next().filter(|it| *it != '\n') {
        return Span::new(at, at + here.len_utf8());
    }
    let before = text[..at].trim_end();
    let length = before.chars().next_back().map_or(0, char::len_utf8);
    Span::new(before.len() - length, before.len())
}
