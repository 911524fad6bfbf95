//! Words → commands: lists, pipelines, `if`, loops, functions, redirections. What no shell reads is an error.

use std::rc::Rc;

use crate::course::shell::words::ends_word;
use crate::course::shell::{
    Command, Joint, List, Piece, Pipeline, Redirect, Script, Simple, Unreadable, Word,
};

/// Deeper nesting is refused: no pipeline needs it, and the reader recurses.
const DEEPEST: usize = 40;

/// Reads a whole script, with what only bash understands or without.
pub(in crate::course) fn parse(text: &str, bash: bool) -> Result<Script, Unreadable> {
    let text: Vec<char> = text.chars().collect();
    let mut parser = Parser { text: &text, bash, at: 0, depth: 0, waiting: Vec::new() };
    let script = script(&mut parser, &[])?;
    match parser.peek() {
        None => Ok(script),
        Some(it) => Err(parser.unexpected(it)),
    }
}

pub(super) struct Parser<'a> {
    pub(super) text: &'a [char],
    /// True when `&>` and `|&` are signs of their own.
    pub(super) bash: bool,
    pub(super) at: usize,
    pub(super) depth: usize,
    /// Here-documents that begin after this line: the word that ends them, and whether tabs are cut.
    pub(super) waiting: Vec<(String, bool)>,
}

/// Commands up to one of `ends`, which stays to be read.
pub(super) fn script(parser: &mut Parser<'_>, ends: &[&str]) -> Result<Script, Unreadable> {
    parser.depth += 1;
    if parser.depth > DEEPEST {
        return Err(Unreadable { at: parser.at, message: "the commands are nested too deeply".into() });
    }
    let mut lists = Vec::new();
    loop {
        parser.skip_lines();
        if parser.peek().is_none() || ends.iter().any(|it| parser.at_word(it)) {
            break;
        }
        let mut list = parser.list()?;
        parser.skip_blanks();
        let end = parser.peek();
        if end == Some('&') {
            list.background = true;
        }
        lists.push(list);
        match end {
            Some(';' | '&') if !parser.looking_at(";;") => parser.at += 1,
            Some('\n') | None => {}
            _ => break,
        }
    }
    parser.depth -= 1;
    Ok(Script { lists })
}

impl Parser<'_> {
    /// A script inside backquotes.
    pub(super) fn nested(&self, text: &str) -> Result<Piece, Unreadable> {
        let text: Vec<char> = text.chars().collect();
        let mut inner =
            Parser { text: &text, bash: self.bash, at: 0, depth: self.depth + 1, waiting: Vec::new() };
        let outside = |it: Unreadable| Unreadable { at: self.at, ..it };
        Ok(Piece::Output(script(&mut inner, &[]).map_err(outside)?))
    }

    fn unexpected(&self, it: char) -> Unreadable {
        Unreadable { at: self.at, message: format!("`{it}` is not expected here") }
    }

    /// True when this whole word comes next: a keyword, or a closing sign.
    fn at_word(&self, word: &str) -> bool {
        let after = self.text.get(self.at + word.len()).copied();
        let sign = !word.chars().all(|it| it.is_ascii_alphabetic()) && word != "{" && word != "!";
        self.looking_at(word) && (sign || after.is_none_or(ends_word))
    }

    fn take_word(&mut self, word: &str) -> bool {
        let there = self.at_word(word);
        if there {
            self.at += word.len();
        }
        there
    }

    fn need(&mut self, word: &str, opened_by: &str, start: usize) -> Result<(), Unreadable> {
        self.skip_lines();
        if self.take_word(word) {
            return Ok(());
        }
        Err(Unreadable { at: start, message: format!("`{opened_by}` has no `{word}`") })
    }

    fn list(&mut self) -> Result<List, Unreadable> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.skip_blanks();
            let joint = if self.take("&&") {
                Joint::And
            } else if self.take("||") {
                Joint::Or
            } else {
                break;
            };
            self.skip_lines();
            rest.push((joint, self.pipeline()?));
        }
        Ok(List { first, rest, background: false })
    }

    fn pipeline(&mut self) -> Result<Pipeline, Unreadable> {
        self.skip_blanks();
        let mut negated = false;
        while self.take_word("!") {
            negated = !negated;
            self.skip_blanks();
        }
        let mut commands = vec![self.command()?];
        loop {
            self.skip_blanks();
            if self.looking_at("||") || !self.take("|") {
                return Ok(Pipeline { negated, commands });
            }
            if self.bash {
                self.take("&");
            }
            self.skip_lines();
            commands.push(self.command()?);
        }
    }

    fn command(&mut self) -> Result<Command, Unreadable> {
        self.skip_blanks();
        let start = self.at;
        let command = if self.take("(") {
            let inner = script(self, &[")"])?;
            self.need(")", "(", start)?;
            Command::Subshell(inner)
        } else if self.take_word("{") {
            let inner = script(self, &["}"])?;
            self.need("}", "{", start)?;
            Command::Group(inner)
        } else if self.take_word("if") {
            self.conditional(start)?
        } else if self.take_word("while") {
            self.looped(false, start)?
        } else if self.take_word("until") {
            self.looped(true, start)?
        } else if self.take_word("for") {
            self.counted(start)?
        } else if self.take_word("case") {
            self.cases(start)?
        } else {
            return self.simple();
        };
        while self.redirect()?.is_some() {}
        Ok(command)
    }

    fn conditional(&mut self, start: usize) -> Result<Command, Unreadable> {
        let mut branches = Vec::new();
        loop {
            let condition = script(self, &["then"])?;
            self.need("then", "if", start)?;
            branches.push((condition, script(self, &["elif", "else", "fi"])?));
            if !self.take_word("elif") {
                break;
            }
        }
        let otherwise = if self.take_word("else") { Some(script(self, &["fi"])?) } else { None };
        self.need("fi", "if", start)?;
        Ok(Command::If { branches, otherwise })
    }

    fn looped(&mut self, until: bool, start: usize) -> Result<Command, Unreadable> {
        let condition = script(self, &["do"])?;
        let body = self.body(if until { "until" } else { "while" }, start)?;
        Ok(Command::Loop { until, condition, body })
    }

    fn body(&mut self, opened_by: &str, start: usize) -> Result<Script, Unreadable> {
        self.need("do", opened_by, start)?;
        let body = script(self, &["done"])?;
        self.need("done", opened_by, start)?;
        Ok(body)
    }

    fn counted(&mut self, start: usize) -> Result<Command, Unreadable> {
        self.skip_blanks();
        let variable = self.word()?.and_then(|it| it.text().map(str::to_owned)).unwrap_or_default();
        self.skip_lines();
        let mut words = Vec::new();
        if self.take_word("in") {
            self.skip_blanks();
            while let Some(word) = self.word()? {
                words.push(word);
                self.skip_blanks();
            }
        }
        self.take(";");
        let body = self.body("for", start)?;
        Ok(Command::For { variable, words, body })
    }

    fn cases(&mut self, start: usize) -> Result<Command, Unreadable> {
        self.skip_blanks();
        let subject = self.word()?.unwrap_or_default();
        self.need("in", "case", start)?;
        let mut arms = Vec::new();
        loop {
            self.skip_lines();
            if self.take_word("esac") {
                return Ok(Command::Case { subject, arms });
            }
            self.take("(");
            let pattern = self.at;
            while self.peek().is_some_and(|it| it != ')' && it != '\n') {
                self.at += 1;
            }
            let patterns: String = self.text[pattern..self.at].iter().collect();
            if patterns.is_empty() || !self.take(")") {
                return Err(Unreadable { at: start, message: "`case` has no `esac`".into() });
            }
            let patterns =
                patterns.split('|').map(|it| it.trim().trim_matches(['"', '\'']).to_owned()).collect();
            arms.push((patterns, script(self, &["esac", ";;"])?));
            self.skip_lines();
            self.take(";;");
        }
    }

    fn simple(&mut self) -> Result<Command, Unreadable> {
        let closers = ["then", "else", "elif", "fi", "do", "done", "esac", "}"];
        if let Some(word) = closers.into_iter().find(|it| self.at_word(it)) {
            return Err(Unreadable { at: self.at, message: format!("`{word}` closes nothing here") });
        }
        let (start, mut end) = (self.at, self.at);
        let mut simple = Simple { start, ..Simple::default() };
        loop {
            self.skip_blanks();
            if let Some(redirect) = self.redirect()? {
                simple.redirects.push(redirect);
            } else if let Some(word) = self.word()? {
                match assignment(&word) {
                    Some(assigned) if simple.words.is_empty() => simple.assignments.push(assigned),
                    _ => simple.words.push(word),
                }
            } else if simple.words.len() == 1 && self.looking_at("(") {
                return self.function(&simple.words[0]);
            } else {
                break;
            }
            end = self.at;
        }
        if start == end {
            let missing = Unreadable { at: self.at, message: "a command is missing at the end".into() };
            return Err(self.peek().map_or(missing, |it| self.unexpected(it)));
        }
        simple.text = self.text[start..end].iter().collect();
        Ok(Command::Simple(simple))
    }

    fn function(&mut self, name: &Word) -> Result<Command, Unreadable> {
        let start = self.at;
        self.at += 1;
        self.skip_blanks();
        self.need(")", "(", start)?;
        self.skip_lines();
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Unreadable { at: self.at, message: "the commands are nested too deeply".into() });
        }
        let body = Rc::new(self.command()?);
        self.depth -= 1;
        Ok(Command::Function { name: name.text().unwrap_or_default().to_owned(), body })
    }

    /// A redirection, when one begins here.
    fn redirect(&mut self) -> Result<Option<Redirect>, Unreadable> {
        self.skip_blanks();
        let start = self.at;
        while self.peek().is_some_and(|it| it.is_ascii_digit()) {
            self.at += 1;
        }
        let signs = ["<<-", "<<", "<&", "<>", "<", "&>", ">>", ">&", ">|", ">"];
        let Some(sign) = signs.into_iter().find(|it| self.looking_at(it)) else {
            self.at = start;
            return Ok(None);
        };
        if sign == "&>" && (self.at != start || !self.bash) {
            self.at = start;
            return Ok(None);
        }
        let number: String = self.text[start..self.at].iter().collect();
        self.take(sign);
        self.skip_blanks();
        let Some(target) = self.word()? else {
            return Err(Unreadable { at: start, message: format!("`{sign}` has no file") });
        };
        if sign.starts_with("<<") {
            let end = target.text().unwrap_or_default().to_owned();
            self.waiting.push((end, sign == "<<-"));
        }
        let input = sign.starts_with('<') && (number.is_empty() || number == "0");
        let writes = sign.contains('>') && sign != ">&" && sign != "<>";
        Ok(Some(Redirect { input, writes, target }))
    }
}

/// `NAME=value`
fn assignment(word: &Word) -> Option<(String, Word)> {
    let Some(Piece::Text(first)) = word.pieces.first() else { return None };
    let (name, value) = first.split_once('=')?;
    let named = name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    if name.is_empty() || !named || name.starts_with(|it: char| it.is_ascii_digit()) {
        return None;
    }
    let mut pieces = vec![Piece::Text(value.to_owned())];
    pieces.extend(word.pieces[1..].iter().cloned());
    Some((name.to_owned(), Word { pieces }))
}
