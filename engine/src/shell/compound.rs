//! Keywords → compound commands: `if`, loops, `case`, groups, functions, and what only bash knows.

use std::rc::Rc;

use crate::shell::parse::Parser;
use crate::shell::tree::{Arm, Command, Compound, Script, Shape, Simple, Unreadable, Word};
use crate::source::Span;

impl Parser<'_> {
    /// The compound command that `keyword` opens here, with its redirections.
    pub(super) fn compound(&mut self, keyword: &str) -> Result<Option<Command>, Unreadable> {
        let start = self.at;
        let shape = match keyword {
            "(" => self.parenthesis()?,
            "{" => Shape::Group(self.block("{", "}")?),
            "if" => self.conditional()?,
            "while" | "until" => self.looped(keyword)?,
            "for" => self.counted(keyword)?,
            "select" if self.bash => self.counted(keyword)?,
            "case" => self.cases()?,
            "function" if self.bash => return self.function_by_keyword().map(Some),
            _ => return Ok(None),
        };
        let opening = self.span(start, start + keyword.len());
        let mut compound =
            Compound { shape, redirects: Vec::new(), span: self.span(start, self.at), opening };
        loop {
            self.skip_blanks();
            let Some(redirect) = self.redirect()? else { break };
            compound.span = compound.span.to(redirect.span);
            compound.redirects.push(redirect);
        }
        Ok(Some(Command::Compound(Box::new(compound))))
    }

    fn parenthesis(&mut self) -> Result<Shape, Unreadable> {
        let Some(end) = self.arithmetic_end(self.at).filter(|_| self.bash) else {
            return Ok(Shape::Subshell(self.block("(", ")")?));
        };
        Ok(Shape::Arithmetic(self.arithmetic(self.at, end)?))
    }

    /// What stands between two signs that come next.
    fn block(&mut self, open: &str, close: &str) -> Result<Script, Unreadable> {
        let start = self.at;
        self.at += open.len();
        let inner = self.some(&[close], open)?;
        self.need(close, open, start)?;
        Ok(inner)
    }

    /// A script that no shell takes when it is empty.
    fn some(&mut self, ends: &[&str], after: &str) -> Result<Script, Unreadable> {
        let script = self.script(ends)?;
        if script.lists.is_empty() && self.peek().is_some() {
            return Err(self.error(self.at, format!("`{after}` has no command")));
        }
        Ok(script)
    }

    fn conditional(&mut self) -> Result<Shape, Unreadable> {
        let start = self.at;
        let mut branches = Vec::new();
        let mut word = "if";
        while self.take_word(word) {
            let condition = self.some(&["then"], word)?;
            self.need("then", "if", start)?;
            branches.push((condition, self.some(&["elif", "else", "fi"], "then")?));
            word = "elif";
        }
        let otherwise = if self.take_word("else") { Some(self.some(&["fi"], "else")?) } else { None };
        self.need("fi", "if", start)?;
        Ok(Shape::If { branches, otherwise })
    }

    fn looped(&mut self, keyword: &str) -> Result<Shape, Unreadable> {
        let start = self.at;
        self.at += keyword.len();
        let condition = self.some(&["do"], keyword)?;
        let body = self.body(keyword, start)?;
        Ok(Shape::Loop { until: keyword == "until", condition, body })
    }

    fn body(&mut self, opened_by: &str, start: usize) -> Result<Script, Unreadable> {
        self.need("do", opened_by, start)?;
        let body = self.some(&["done"], "do")?;
        self.need("done", opened_by, start)?;
        Ok(body)
    }

    fn counted(&mut self, keyword: &str) -> Result<Shape, Unreadable> {
        let start = self.at;
        self.at += keyword.len();
        self.skip_blanks();
        let (mut variable, mut words, mut header) = (String::new(), Vec::new(), None);
        let mut bash = (keyword == "select").then(|| self.span(start, start + keyword.len()));
        if let Some(end) = self.arithmetic_end(self.at).filter(|_| self.bash) {
            bash = Some(self.span(self.at, end + 2));
            header = Some(self.arithmetic(self.at, end)?);
        } else {
            variable.push_str(self.word()?.as_ref().and_then(Word::text).unwrap_or_default());
            self.skip_lines();
            if self.take_word("in") {
                words = self.words()?;
            }
        }
        self.skip_blanks();
        self.take(";");
        let body = self.body(keyword, start)?;
        Ok(Shape::For { variable, words, body, bash, header })
    }

    /// Words up to the end of the line or a sign.
    fn words(&mut self) -> Result<Vec<Word>, Unreadable> {
        let mut words = Vec::new();
        loop {
            self.skip_blanks();
            let Some(word) = self.word()? else { return Ok(words) };
            words.push(word);
        }
    }

    fn cases(&mut self) -> Result<Shape, Unreadable> {
        let start = self.at;
        self.at += "case".len();
        self.skip_blanks();
        let subject = self.word()?.unwrap_or_default();
        self.need("in", "case", start)?;
        let mut arms = Vec::new();
        loop {
            self.skip_lines();
            if self.take_word("esac") {
                return Ok(Shape::Case { subject, arms });
            }
            arms.push(self.arm(start)?);
        }
    }

    fn arm(&mut self, case: usize) -> Result<Arm, Unreadable> {
        let start = self.at;
        self.take("(");
        let mut patterns = Vec::new();
        loop {
            self.skip_blanks();
            let Some(pattern) = self.word()? else {
                return Err(self.error(case, "`case` has no `esac`".into()));
            };
            patterns.push(pattern);
            self.skip_blanks();
            if !self.take("|") {
                break;
            }
        }
        if !self.take(")") {
            return Err(self.error(case, "`case` has no `esac`".into()));
        }
        let ends: &[&str] = if self.bash { &["esac", ";;", ";&"] } else { &["esac", ";;"] };
        let mut span = self.span(start, self.at);
        let body = self.script(ends)?;
        span = span.to(body.span);
        self.skip_lines();
        let falls_through = self.arm_end();
        Ok(Arm { patterns, body, falls_through, span })
    }

    /// Takes `;;`, or bash's `;&` and `;;&`, whose place comes back.
    fn arm_end(&mut self) -> Option<Span> {
        let start = self.at;
        let falls = self.bash && (self.take(";;&") || self.take(";&"));
        if falls {
            return Some(self.span(start, self.at));
        }
        self.take(";;");
        None
    }

    /// `name() …`, at the parenthesis.
    pub(super) fn function(&mut self, start: usize, name: &Word) -> Result<Command, Unreadable> {
        let open = self.at;
        self.at += 1;
        self.skip_blanks();
        self.need(")", "(", open)?;
        self.function_body(start, name, false)
    }

    fn function_by_keyword(&mut self) -> Result<Command, Unreadable> {
        let start = self.at;
        self.at += "function".len();
        self.skip_blanks();
        let Some(name) = self.word()? else { return Err(self.unexpected()) };
        self.skip_blanks();
        let open = self.at;
        if self.take("(") {
            self.need(")", "(", open)?;
        }
        self.function_body(start, &name, true)
    }

    fn function_body(&mut self, start: usize, name: &Word, by_keyword: bool) -> Result<Command, Unreadable> {
        self.skip_lines();
        self.deeper()?;
        let body = Rc::new(self.command()?);
        self.depth -= 1;
        let keyword = by_keyword.then(|| self.span(start, start + "function".len()));
        let compound = Compound {
            opening: keyword.unwrap_or(name.span),
            span: self.span(start, start).to(body.span()),
            redirects: Vec::new(),
            shape: Shape::Function { name: name.text().unwrap_or_default().to_owned(), keyword, body },
        };
        Ok(Command::Compound(Box::new(compound)))
    }

    /// bash's `[[ … ]]`: its signs are words, because they mean something else there.
    pub(super) fn double_bracket(&mut self) -> Result<Command, Unreadable> {
        let start = self.at;
        let mut simple = Simple::default();
        let mut compares = false;
        loop {
            self.skip_lines();
            let Some(word) = self.test_word(compares)? else {
                return Err(self.error(start, "`[[` has no `]]`".into()));
            };
            let closes = !word.quoted && word.text() == Some("]]");
            compares = !word.quoted && matches!(word.text(), Some("=~" | "==" | "=" | "!="));
            simple.words.push(word);
            if closes {
                break;
            }
        }
        let mut end = self.at;
        loop {
            self.skip_blanks();
            let Some(redirect) = self.redirect()? else { break };
            simple.redirects.push(redirect);
            end = self.at;
        }
        simple.text.push_str(&self.text[start..end]);
        simple.span = self.span(start, end);
        Ok(Command::Simple(simple))
    }

    fn test_word(&mut self, pattern: bool) -> Result<Option<Word>, Unreadable> {
        let signs = ["&&", "||", "(", ")", "<", ">"];
        let start = self.at;
        if pattern && !self.looking_at("&&") && !self.looking_at("||") {
            return self.pattern_word();
        }
        let Some(sign) = signs.into_iter().find(|it| self.take(it)) else { return self.word() };
        let mut word = Word::default();
        word.push(sign, self.span(start, self.at), false);
        word.span = self.span(start, self.at);
        Ok(Some(word))
    }
}
