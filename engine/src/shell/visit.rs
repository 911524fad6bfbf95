//! A script → all its commands, lists, pipelines and words, each with what stands around it.

use crate::shell::tree::{
    Arithmetic, Command, Compound, Joint, List, Part, Piece, Pipeline, Redirect, Script, Shape, Simple, Word,
};

/// What stands around a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and rules ask for one or two")]
pub struct Context<'a> {
    /// In the condition of `if`, `elif`, `while` or `until`.
    pub condition: bool,
    /// After a `!`.
    pub negated: bool,
    /// A failure does not end the shell under `set -e`: it is in a condition, negated, or left of `&&` or `||`.
    pub tested: bool,
    /// What joins it to the pipeline before it in its list.
    pub before: Option<Joint>,
    /// What joins it to the pipeline after it in its list.
    pub after: Option<Joint>,
    /// Its place in a pipeline of several commands.
    pub pipe: Option<Place>,
    /// In `$( … )`, backquotes or bash's `<( … )`.
    pub substitution: bool,
    /// In `( … )`.
    pub subshell: bool,
    /// In a list that ends with `&`.
    pub background: bool,
    /// The function whose body it is in.
    pub function: Option<&'a str>,
    /// In the body or the condition of a loop.
    pub looped: bool,
    /// Runs in some builds only: right of `&&` or `||`, after the first condition of an `if`, in the body of an
    /// `if`, a `case` or a loop.
    pub optional: bool,
}

impl Context<'_> {
    /// True when what it writes goes into a `|`.
    #[must_use]
    pub fn writes_to_pipe(&self) -> bool {
        self.pipe.is_some_and(|it| !it.is_last())
    }

    /// True when what it reads comes from a `|`.
    #[must_use]
    pub fn reads_from_pipe(&self) -> bool {
        self.pipe.is_some_and(|it| it.at > 0)
    }
}

/// A place in a pipeline of several commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// From 0.
    pub at: usize,
    /// How many commands there are.
    pub of: usize,
}

impl Place {
    /// True for the command whose exit code is the pipeline's.
    #[must_use]
    pub fn is_last(self) -> bool {
        self.at + 1 == self.of
    }
}

/// What a walk comes to.
#[derive(Clone, Copy, Debug)]
pub enum Visit<'a> {
    /// Before its pipelines.
    List(&'a List),
    /// Before its commands.
    Pipeline(&'a Pipeline),
    /// Before its redirections and words.
    Simple(&'a Simple),
    /// Before its redirections and what it is made of.
    Compound(&'a Compound),
    /// Before its target.
    Redirect(&'a Redirect),
    /// Wherever one stands: an argument, a value, a file, a pattern.
    Word(&'a Word),
}

/// A simple command and what stands around it.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The command.
    pub simple: &'a Simple,
    /// What stands around it.
    pub context: Context<'a>,
}

/// All simple commands, in the order of the text.
#[must_use]
pub fn commands(script: &Script) -> Vec<Seen<'_>> {
    let mut found = Vec::new();
    visit(script, &mut |it, context| {
        if let Visit::Simple(simple) = it {
            found.push(Seen { simple, context: *context });
        }
    });
    found
}

/// All lists, in the order of the text, outer ones first.
#[must_use]
pub fn lists(script: &Script) -> Vec<(&List, Context<'_>)> {
    let mut found = Vec::new();
    visit(script, &mut |it, context| {
        if let Visit::List(list) = it {
            found.push((list, *context));
        }
    });
    found
}

/// All pipelines, in the order of the text, outer ones first.
#[must_use]
pub fn pipelines(script: &Script) -> Vec<(&Pipeline, Context<'_>)> {
    let mut found = Vec::new();
    visit(script, &mut |it, context| {
        if let Visit::Pipeline(pipeline) = it {
            found.push((pipeline, *context));
        }
    });
    found
}

/// Goes through everything in a script, in the order of the text; of one command, its words before its redirections.
pub fn visit<'a>(script: &'a Script, see: &mut dyn FnMut(Visit<'a>, &Context<'a>)) {
    Walk { see }.script(script, &Context::default());
}

struct Walk<'a, 'b> {
    see: &'b mut dyn FnMut(Visit<'a>, &Context<'a>),
}

impl<'a> Walk<'a, '_> {
    fn script(&mut self, script: &'a Script, context: &Context<'a>) {
        for list in &script.lists {
            self.list(list, context);
        }
    }

    fn list(&mut self, list: &'a List, around: &Context<'a>) {
        let context = Context { background: around.background || list.background.is_some(), ..*around };
        (self.see)(Visit::List(list), &context);
        let mut before = None;
        let mut joints = list.rest.iter().map(|it| it.joint);
        for pipeline in list.pipelines() {
            let after = joints.next();
            let context = Context {
                before,
                after,
                tested: around.tested || after.is_some(),
                optional: around.optional || before.is_some(),
                ..context
            };
            self.pipeline(pipeline, &context);
            before = after;
        }
    }

    fn pipeline(&mut self, pipeline: &'a Pipeline, around: &Context<'a>) {
        let negated = around.negated || pipeline.negated;
        let context = Context { negated, tested: around.tested || negated, ..*around };
        (self.see)(Visit::Pipeline(pipeline), &context);
        let of = pipeline.commands.len();
        for (at, command) in pipeline.commands.iter().enumerate() {
            let pipe = if of > 1 { Some(Place { at, of }) } else { around.pipe };
            self.command(command, &Context { pipe, ..context });
        }
    }

    fn command(&mut self, command: &'a Command, context: &Context<'a>) {
        match command {
            Command::Simple(simple) => self.simple(simple, context),
            Command::Compound(compound) => self.compound(compound, context),
        }
    }

    fn simple(&mut self, simple: &'a Simple, context: &Context<'a>) {
        (self.see)(Visit::Simple(simple), context);
        for assignment in &simple.assignments {
            self.word(&assignment.value, context);
        }
        self.words(&simple.words, context);
        self.redirects(&simple.redirects, context);
    }

    fn redirects(&mut self, redirects: &'a [Redirect], context: &Context<'a>) {
        for redirect in redirects {
            (self.see)(Visit::Redirect(redirect), context);
            self.word(&redirect.target, context);
        }
    }

    fn compound(&mut self, compound: &'a Compound, around: &Context<'a>) {
        (self.see)(Visit::Compound(compound), around);
        let context = &Context { before: None, after: None, ..*around };
        match &compound.shape {
            Shape::Group(script) => self.script(script, context),
            Shape::Subshell(script) => self.script(script, &Context { subshell: true, ..*context }),
            Shape::If { branches, otherwise } => self.conditional(branches, otherwise.as_ref(), context),
            Shape::Loop { condition, body, .. } => {
                let context = Context { looped: true, ..*context };
                self.script(condition, &Context { condition: true, tested: true, ..context });
                self.script(body, &Context { optional: true, ..context });
            }
            Shape::For { words, body, header, .. } => {
                self.words(words, context);
                self.parts(header.as_ref().map_or(&[], |it| it.inside.as_slice()), context);
                self.script(body, &Context { looped: true, optional: true, ..*context });
            }
            Shape::Case { subject, arms } => {
                self.word(subject, context);
                for arm in arms {
                    self.words(&arm.patterns, context);
                    self.script(&arm.body, &Context { optional: true, ..*context });
                }
            }
            // What stands around a function says nothing about its calls.
            Shape::Function { name, body, .. } => {
                self.command(body, &Context { function: Some(name), ..Context::default() });
            }
            Shape::Arithmetic(it) => self.parts(&it.inside, context),
        }
        self.redirects(&compound.redirects, around);
    }

    fn conditional(
        &mut self,
        branches: &'a [(Script, Script)],
        otherwise: Option<&'a Script>,
        context: &Context<'a>,
    ) {
        let inside = Context { optional: true, ..*context };
        for (at, (condition, body)) in branches.iter().enumerate() {
            let around = if at == 0 { context } else { &inside };
            self.script(condition, &Context { condition: true, tested: true, ..*around });
            self.script(body, &inside);
        }
        if let Some(script) = otherwise {
            self.script(script, &inside);
        }
    }

    fn words(&mut self, words: &'a [Word], context: &Context<'a>) {
        for word in words {
            self.word(word, context);
        }
    }

    fn word(&mut self, word: &'a Word, context: &Context<'a>) {
        (self.see)(Visit::Word(word), context);
        self.parts(&word.parts, context);
    }

    fn parts(&mut self, parts: &'a [Part], context: &Context<'a>) {
        for part in parts {
            match &part.piece {
                Piece::Output(script) | Piece::Process(script) => {
                    self.script(script, &in_substitution(context));
                }
                Piece::Array(words) => self.words(words, context),
                Piece::Unknown { inside, .. } | Piece::Arithmetic(Arithmetic { inside, .. }) => {
                    self.parts(inside, context);
                }
                _ => {}
            }
        }
    }
}

/// A substitution is a shell of its own: what the command around it does with exit code and output does not reach
/// it.
fn in_substitution<'a>(around: &Context<'a>) -> Context<'a> {
    Context {
        substitution: true,
        subshell: around.subshell,
        background: around.background,
        function: around.function,
        looped: around.looped,
        optional: around.optional,
        ..Context::default()
    }
}
