//! The text of a step's commands → a tree of shell commands. Nothing is expanded and nothing is run.

mod parse;
mod words;

pub(super) use parse::parse;

use std::rc::Rc;

/// Commands, one after the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Script {
    pub(super) lists: Vec<List>,
}

/// Pipelines that are joined by `&&` and `||`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct List {
    pub(super) first: Pipeline,
    pub(super) rest: Vec<(Joint, Pipeline)>,
    /// True with a final `&`.
    pub(super) background: bool,
}

/// What joins two pipelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    /// `&&`
    And,
    /// `||`
    Or,
}

/// Commands that are joined by `|`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pipeline {
    /// True with a leading `!`.
    pub(super) negated: bool,
    pub(super) commands: Vec<Command>,
}

/// One command.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Command {
    Simple(Simple),
    /// `{ …; }`
    Group(Script),
    /// `( … )`
    Subshell(Script),
    If {
        /// Condition and body, of `if` and each `elif`.
        branches: Vec<(Script, Script)>,
        otherwise: Option<Script>,
    },
    Loop {
        /// True for `until`.
        until: bool,
        condition: Script,
        body: Script,
    },
    For {
        variable: String,
        words: Vec<Word>,
        body: Script,
    },
    Case {
        subject: Word,
        /// The patterns of each arm, as written between `|` and `)`, and what it does.
        arms: Vec<(Vec<String>, Script)>,
    },
    Function {
        name: String,
        body: Rc<Command>,
    },
}

/// A program or builtin with its words.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Simple {
    pub(super) assignments: Vec<(String, Word)>,
    pub(super) words: Vec<Word>,
    pub(super) redirects: Vec<Redirect>,
    /// Where it begins, in characters of the text.
    pub(super) start: usize,
    /// Which entry of `commands` it stands in; whoever joined the entries fills it in.
    pub(super) item: usize,
    /// As it is written.
    pub(super) text: String,
}

/// `> file`, `< file`, `2>&1`
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Redirect {
    /// True when it is the command's standard input.
    pub(super) input: bool,
    /// True when it makes a file.
    pub(super) writes: bool,
    pub(super) target: Word,
}

/// A word, in pieces.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Word {
    pub(super) pieces: Vec<Piece>,
}

/// A piece of a word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    /// As it stands, quotes taken off.
    Text(String),
    /// `$NAME`; the flag is true inside double quotes.
    Variable(String, bool),
    /// `$( … )`
    Output(Script),
    /// `${NAME:-plain words}`
    Default(String, String),
    /// `${NAME[0]}`, `${NAME//a/b}` and others that plain shells refuse.
    Bash(String),
    /// `$((…))`, `${NAME%…}` and others that are not worked out.
    Unknown,
}

/// Text that no shell reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unreadable {
    /// Where, in characters of the text.
    pub(super) at: usize,
    /// What is missing.
    pub(super) message: String,
}
