//! A script that was read with bash's signs → the places of those that a plain shell does not know.

use crate::shell::tree::{
    Arithmetic, Assignment, Compound, Part, Piece, Pipeline, Redirect, Script, Shape, Simple, Word,
};
use crate::shell::visit::{Visit, visit};
use crate::source::Span;

/// Something that only bash and its like understand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bashism {
    /// What it is.
    pub kind: Only,
    /// Where.
    pub span: Span,
}

/// The signs and words of bash's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Only {
    /// `[[ … ]]`
    DoubleBracket,
    /// `(( … ))`
    Arithmetic,
    /// `for ((…))`
    CountingFor,
    /// `select`
    Select,
    /// `function`
    Function,
    /// `<<<`
    HereString,
    /// `&>` and `&>>`
    BothOutputs,
    /// `|&`
    BothToPipe,
    /// `<( … )` and `>( … )`
    Process,
    /// `$'…'`
    Escaped,
    /// `{a,b}` and `{1..5}`
    Braces,
    /// `a=(…)`
    Array,
    /// `a[0]=…`
    Element,
    /// `a+=…`
    Append,
    /// `${a[0]}`, `${a//b/c}`, `${a:0:2}` and their like
    Parameter,
    /// `@(a|b)` and its like
    Pattern,
    /// `;&` and `;;&`
    FallThrough,
}

impl Only {
    /// The sign or word itself, for a message.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::DoubleBracket => "[[",
            Self::Arithmetic | Self::CountingFor => "((",
            Self::Select => "select",
            Self::Function => "function",
            Self::HereString => "<<<",
            Self::BothOutputs => "&>",
            Self::BothToPipe => "|&",
            Self::Process => "<(",
            Self::Escaped => "$'",
            Self::Braces => "{",
            Self::Array | Self::Pattern => "(",
            Self::Element => "[",
            Self::Append => "+=",
            Self::Parameter => "${",
            Self::FallThrough => ";&",
        }
    }
}

/// All of them, by place. A test of bash's is one, whatever it holds.
#[must_use]
pub fn bashisms(script: &Script) -> Vec<Bashism> {
    let mut found = Found::default();
    visit(script, &mut |it, _| match it {
        Visit::Pipeline(pipeline) => found.pipeline(pipeline),
        Visit::Simple(simple) => found.simple(simple),
        Visit::Compound(compound) => found.compound(compound),
        Visit::Redirect(redirect) => found.redirect(redirect),
        Visit::Word(word) => found.word(word),
        Visit::List(_) => {}
    });
    let mut all = found.all;
    all.sort_by_key(|it| (it.span.start, it.kind));
    all
}

#[derive(Default)]
struct Found {
    all: Vec<Bashism>,
    /// Where the test ends that is being looked at: what it holds is not counted again.
    test_ends: u32,
}

impl Found {
    fn add(&mut self, kind: Only, span: Span) {
        self.all.push(Bashism { kind, span });
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        for pipe in pipeline.pipes.iter().filter(|it| it.with_errors) {
            self.add(Only::BothToPipe, pipe.span);
        }
    }

    fn simple(&mut self, simple: &Simple) {
        if let [first, .., last] = simple.words.as_slice()
            && first.is_double_bracket()
        {
            self.add(Only::DoubleBracket, first.span);
            self.test_ends = last.span.end;
        }
        for Assignment { name, appends, span, .. } in &simple.assignments {
            if *appends {
                self.add(Only::Append, *span);
            } else if name.contains('[') {
                self.add(Only::Element, *span);
            }
        }
    }

    fn compound(&mut self, compound: &Compound) {
        match &compound.shape {
            Shape::Arithmetic(_) => self.add(Only::Arithmetic, compound.span),
            Shape::For { bash: Some(span), variable, .. } if variable.is_empty() => {
                self.add(Only::CountingFor, *span);
            }
            Shape::For { bash: Some(span), .. } => self.add(Only::Select, *span),
            Shape::Function { keyword: Some(span), .. } => self.add(Only::Function, *span),
            Shape::Case { arms, .. } => {
                for span in arms.iter().filter_map(|it| it.falls_through) {
                    self.add(Only::FallThrough, span);
                }
            }
            _ => {}
        }
    }

    fn redirect(&mut self, redirect: &Redirect) {
        match redirect.sign {
            "<<<" => self.add(Only::HereString, redirect.span),
            "&>" | "&>>" => self.add(Only::BothOutputs, redirect.span),
            _ => {}
        }
    }

    fn word(&mut self, word: &Word) {
        if word.span.start < self.test_ends {
            return;
        }
        if let Some(span) = word.braces {
            self.add(Only::Braces, span);
        }
        self.parts(&word.parts);
    }

    fn parts(&mut self, parts: &[Part]) {
        for Part { piece, span, .. } in parts {
            match piece {
                Piece::Bash(text) if text.starts_with('$') => self.add(Only::Parameter, *span),
                Piece::Bash(_) => self.add(Only::Pattern, *span),
                Piece::Escaped(_) => self.add(Only::Escaped, *span),
                Piece::Array(_) => self.add(Only::Array, *span),
                Piece::Process(_) => self.add(Only::Process, *span),
                Piece::Unknown { inside, .. } | Piece::Arithmetic(Arithmetic { inside, .. }) => {
                    self.parts(inside);
                }
                _ => {}
            }
        }
    }
}
