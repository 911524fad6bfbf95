//! What a script is made of. Every part knows its place, in bytes of the text that was read.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use crate::source::Span;

/// Commands, one after the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    /// In the order in which they are written.
    pub lists: Vec<List>,
    /// From the first command to the last; empty where there is none.
    pub span: Span,
}

/// Pipelines that are joined by `&&` and `||`: all that stands before one `;`, `&` or line end.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// The pipeline that always runs.
    pub first: Pipeline,
    /// What follows it.
    pub rest: Vec<Joined>,
    /// The final `&`.
    pub background: Option<Span>,
    /// With the final `&`.
    pub span: Span,
}

impl List {
    /// All pipelines, in order.
    pub fn pipelines(&self) -> impl Iterator<Item = &Pipeline> {
        std::iter::once(&self.first).chain(self.rest.iter().map(|it| &it.pipeline))
    }
}

/// `&& …` or `|| …`
#[derive(Clone, Debug, PartialEq)]
pub struct Joined {
    /// Which of the two.
    pub joint: Joint,
    /// The sign itself.
    pub sign: Span,
    /// What stands on its right.
    pub pipeline: Pipeline,
}

/// What joins two pipelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    /// `&&`
    And,
    /// `||`
    Or,
}

/// Commands that are joined by `|`. Most have one.
#[derive(Clone, Debug, PartialEq)]
pub struct Pipeline {
    /// True with a leading `!`.
    pub negated: bool,
    /// One or more.
    pub commands: Vec<Command>,
    /// The signs between them, one fewer than there are commands.
    pub pipes: Vec<Pipe>,
    /// From the `!` or the first command to the end of the last.
    pub span: Span,
}

/// `|`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pipe {
    /// The sign itself.
    pub span: Span,
    /// True for bash's `|&`.
    pub with_errors: bool,
}

/// One command.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// A program or builtin with its words, or assignments only.
    Simple(Simple),
    /// A command that is made of commands.
    Compound(Box<Compound>),
}

impl Command {
    /// Where it stands, with its redirections.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Simple(it) => it.span,
            Self::Compound(it) => it.span,
        }
    }
}

/// `if`, a loop, `{ … }` and the like.
#[derive(Clone, Debug, PartialEq)]
pub struct Compound {
    /// What it is.
    pub shape: Shape,
    /// Those behind its end: `done < file`.
    pub redirects: Vec<Redirect>,
    /// With its redirections.
    pub span: Span,
    /// The word that opens it: `if`, `for`, `(`; of a function, its name or the word `function`.
    pub opening: Span,
}

/// The kinds of compound commands.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// `{ …; }`
    Group(Script),
    /// `( … )`
    Subshell(Script),
    /// `if … then … fi`
    If {
        /// Condition and body, of `if` and each `elif`.
        branches: Vec<(Script, Script)>,
        /// After `else`.
        otherwise: Option<Script>,
    },
    /// `while … do … done`, `until … do … done`
    Loop {
        /// True for `until`.
        until: bool,
        /// Between `while` and `do`.
        condition: Script,
        /// Between `do` and `done`.
        body: Script,
    },
    /// `for … in … do … done`
    For {
        /// The name; empty for `for ((…))`.
        variable: String,
        /// After `in`.
        words: Vec<Word>,
        /// Between `do` and `done`.
        body: Script,
        /// The `((…))` or the word `select`, which only bash knows.
        bash: Option<Span>,
        /// What stands in `((…))`: three sums with a `;` between them.
        header: Option<Arithmetic>,
    },
    /// `case … in … esac`
    Case {
        /// What is compared.
        subject: Word,
        /// In the order in which they are tried.
        arms: Vec<Arm>,
    },
    /// `name() …`
    Function {
        /// What it is called by.
        name: String,
        /// The word `function`, which only bash knows.
        keyword: Option<Span>,
        /// What it does.
        body: Rc<Command>,
    },
    /// bash's `(( … ))`
    Arithmetic(Arithmetic),
}

/// What stands between `((` and `))`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arithmetic {
    /// As it is written.
    pub text: String,
    /// What is expanded inside.
    pub inside: Vec<Part>,
    /// From its first character to its last.
    pub span: Span,
}

/// `pattern | pattern) … ;;`
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// One or more.
    pub patterns: Vec<Word>,
    /// What it does.
    pub body: Script,
    /// bash's `;&` or `;;&` at its end.
    pub falls_through: Option<Span>,
    /// From its first pattern to the end of its body.
    pub span: Span,
}

/// A program or builtin with its words, or assignments only.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Simple {
    /// `NAME=value` before the first word.
    pub assignments: Vec<Assignment>,
    /// The program and its arguments. The first is `[[` for a test of bash's, the last then is `]]`.
    pub words: Vec<Word>,
    /// `> file` and the like, wherever they stand.
    pub redirects: Vec<Redirect>,
    /// As it is written.
    pub text: String,
    /// From its first character to its last.
    pub span: Span,
}

/// `NAME=value`
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// `a`, or `a[0]` with bash.
    pub name: String,
    /// What stands behind the `=`.
    pub value: Word,
    /// True for bash's `+=`.
    pub appends: bool,
    /// Name and value.
    pub span: Span,
}

/// `> file`, `< file`, `2>&1`
#[derive(Clone, Debug, PartialEq)]
pub struct Redirect {
    /// The sign: `>`, `>>`, `>|`, `>&`, `<`, `<>`, `<&`, `<<`, `<<-`; with bash also `<<<`, `&>`, `&>>`.
    pub sign: &'static str,
    /// The number before the sign.
    pub number: Option<u32>,
    /// True when it is the command's standard input: a file, a here-document or a here-string.
    pub input: bool,
    /// True when it makes a file.
    pub writes: bool,
    /// The file, the number behind `&`, or the word that ends a here-document.
    pub target: Word,
    /// The text of `<<`.
    pub document: Option<Document>,
    /// From the number or sign to the end of the target.
    pub span: Span,
}

/// A here-document: lines that are data, not commands.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// True when variables in it are replaced: its end word is not quoted.
    pub expands: bool,
    /// It begins after the line, so its place is known later than the sign.
    pub(super) place: Rc<Cell<Span>>,
    /// What is known as late.
    pub(super) content: Rc<OnceCell<Content>>,
}

/// What stands in a here-document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Content {
    /// As it is written.
    pub(super) text: String,
    /// What the shell replaces in it.
    pub(super) parts: Vec<Part>,
}

impl Document {
    /// Its lines, without the one that ends it.
    #[must_use]
    pub fn span(&self) -> Span {
        self.place.get()
    }

    /// Its lines, as they are written.
    #[must_use]
    pub fn text(&self) -> &str {
        self.content.get().map_or("", |it| it.text.as_str())
    }

    /// The variables and command substitutions in it; none where its end word is quoted.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        self.content.get().map_or(&[], |it| it.parts.as_slice())
    }
}

/// A word, in parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Word {
    /// One or more. Text parts never follow each other, so that a plain word has one.
    pub parts: Vec<Part>,
    /// With its quotes.
    pub span: Span,
    /// True when some of it stands in quotes or behind a backslash.
    pub quoted: bool,
    /// True with a `*`, `?` or `[` that is not quoted.
    pub glob: bool,
    /// `{a,b}` or `{1..5}`, not quoted: bash makes several words of it, other shells do not.
    pub braces: Option<Span>,
}

impl Word {
    /// The word, when it is plain text; quotes taken off.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part { piece: Piece::Text(text), .. }] => Some(text),
            _ => None,
        }
    }

    /// bash's `[[`, not quoted.
    pub(super) fn is_double_bracket(&self) -> bool {
        !self.quoted && self.text() == Some("[[")
    }

    /// The plain text that it begins with; empty where it begins with an expansion.
    #[must_use]
    pub fn beginning(&self) -> &str {
        match self.parts.first() {
            Some(Part { piece: Piece::Text(text), .. }) => text,
            _ => "",
        }
    }
}

/// A piece of a word, and where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What it is.
    pub piece: Piece,
    /// Inside quotes; of a text, all of it.
    pub quoted: bool,
    /// With its signs: `${NAME:-x}`. Of a text, with the quotes inside.
    pub span: Span,
}

/// A piece of a word.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// As it stands, quotes taken off.
    Text(String),
    /// `$NAME` and `${NAME}`
    Variable(String),
    /// `$( … )` and backquotes
    Output(Script),
    /// `${NAME:-plain words}`
    Default(String, String),
    /// `${NAME%plain}`, `${NAME##plain}`
    Trimmed {
        /// The variable.
        name: String,
        /// True for `%`: at the end.
        end: bool,
        /// True where the sign is doubled: as much as possible.
        most: bool,
        /// What is taken off.
        pattern: String,
    },
    /// `${NAME[0]}`, `${NAME//a/b}`, `@(a|b)` and others that plain shells refuse, as written.
    Bash(String),
    /// `$((…))`
    Arithmetic(Arithmetic),
    /// `${NAME:+…}` and others that are not worked out.
    Unknown {
        /// The variable of `${NAME…}`.
        name: Option<String>,
        /// What is expanded inside.
        inside: Vec<Part>,
    },
    /// bash's `$'…'`, as written between the quotes.
    Escaped(String),
    /// bash's `(a b c)` behind `NAME=`.
    Array(Vec<Word>),
    /// bash's `<( … )` and `>( … )`.
    Process(Script),
}

impl Piece {
    /// The name of the variable whose value is used.
    #[must_use]
    pub fn variable(&self) -> Option<&str> {
        match self {
            Self::Variable(name) | Self::Default(name, _) | Self::Trimmed { name, .. } => Some(name),
            Self::Unknown { name, .. } => name.as_deref(),
            Self::Bash(text) => {
                let inside = text.strip_prefix("${")?.trim_start_matches(['!', '#']);
                let end = inside.find(|it: char| !it.is_ascii_alphanumeric() && it != '_')?;
                let end = if inside.starts_with(['@', '*']) { 1 } else { end };
                Some(&inside[..end]).filter(|it| !it.is_empty())
            }
            _ => None,
        }
    }
}

/// Text that no shell reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Where.
    pub span: Span,
    /// What is missing.
    pub message: String,
}
