//! The comments `# ciworkshop: allow(code) reason` of a file → which problems they allow, and what is wrong with them.
//!
//! A comment behind something speaks for its line. One on a line of its own speaks for what stands below it: the next
//! line that is neither blank nor a comment, and the deeper lines that belong to it, so for a whole entry or list item.
//! A problem belongs to where its first place begins. In a script below `|` these are comments of the shell, and count
//! as well.

use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::lint::levels::known_code;
use crate::lint::similar::closest;
use crate::lint::{by_place, rules, shellcheck};
use crate::source::Span;
use crate::yaml::{parse, split};

const CODE: &str = "allow-comment";

/// What every such comment holds.
const MARK: &str = "ciworkshop:";

/// To find out whether a comment can go without a change of meaning, its document is read twice. So many times.
const MOST_TRIED: usize = 20;

/// A problem that a comment allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// The problem.
    pub problem: Diagnostic,
    /// What the comment says after the bracket; may be empty.
    pub reason: String,
}

/// The problems of a file as its comments leave them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What no comment allows, by place; and what is wrong with the comments.
    pub problems: Vec<Diagnostic>,
    /// What a comment allows, by place.
    pub allowed: Vec<Allowed>,
}

/// Takes the problems of a file, by place, and obeys its comments.
pub(super) fn obey(text: &str, problems: Vec<Diagnostic>) -> Report {
    let mut comments = comments(text);
    if comments.is_empty() {
        return Report { problems, allowed: Vec::new() };
    }
    let mut allowing = vec![None; problems.len()];
    for (index, comment) in comments.iter_mut().enumerate() {
        comment.look_at(text, &problems, |problem| allowing[problem] = Some(index));
    }
    let mut report = Report::default();
    for (problem, comment) in problems.into_iter().zip(allowing) {
        match comment {
            None => report.problems.push(problem),
            Some(index) => {
                let reason = text.get(comments[index].reason.range()).unwrap_or_default().to_owned();
                report.allowed.push(Allowed { problem, reason });
            }
        }
    }
    let mut tries = 0..MOST_TRIED;
    for comment in &comments {
        comment.complain(text, &mut tries, &mut report.problems);
    }
    by_place(&mut report.problems);
    report
}

/// One comment of ours.
struct Comment {
    /// From `#` to the end of the line, without blanks at its end.
    span: Span,
    /// What goes when the comment goes: a whole line, or the blanks before it too.
    all: Span,
    /// Where a problem has to begin to be meant.
    scope: Span,
    /// The word after the mark.
    word: Span,
    /// Each code, and whether it allows something.
    codes: Vec<(Span, bool)>,
    /// False when the brackets are missing or stay open.
    complete: bool,
    /// What stands after the brackets.
    reason: Span,
}

fn comments(text: &str) -> Vec<Comment> {
    let mut found = Vec::new();
    let mut below = Below { text, last: None };
    let mut from = 0;
    while let Some(at) = text[from..].find(MARK).map(|it| from + it) {
        let line = line_around(text, at);
        found.extend(comment(&mut below, line, at));
        // One a line: a second one would stand in the first one's reason.
        from = line.end as usize;
    }
    found
}

/// The line with this place, without its `\n`.
fn line_around(text: &str, at: usize) -> Span {
    let start = text[..at].rfind('\n').map_or(0, |it| it + 1);
    let end = text[at..].find('\n').map_or(text.len(), |it| at + it);
    Span::new(start, end)
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\u{feff}')
}

/// The comment whose mark stands at `mark`; `None` where that is no comment, or none that is meant for us.
fn comment(below: &mut Below<'_>, line: Span, mark: usize) -> Option<Comment> {
    let text = below.text;
    let (start, end) = (line.start as usize, line.end as usize);
    let hashes = text[start..mark].trim_end_matches(is_blank).strip_suffix('#')?.trim_end_matches('#');
    let before = hashes.trim_end_matches(is_blank);
    if before.len() == hashes.len() && !before.is_empty() {
        return None;
    }
    let span = Span::new(start + hashes.len(), start + text[start..end].trim_end_matches(is_blank).len());
    let whole_line = before.is_empty();
    let next_line = (end + 1).min(text.len());
    let (all, scope) = if whole_line {
        // The mark of byte order stays.
        let bom = if text[start..].starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        (Span::new(start + bom, next_line), Span::new(start, below.block_end(next_line).max(end)))
    } else {
        (Span::new(start + before.len(), span.end as usize), line)
    };
    instruction(text, mark + MARK.len(), Comment { span, all, scope, ..Comment::empty() })
}

/// Reads `allow(code, code) reason`.
fn instruction(text: &str, from: usize, comment: Comment) -> Option<Comment> {
    let end = comment.span.end as usize;
    let rest = text.get(from..end)?;
    let word = skip_blanks(text, from, end);
    let letters = text[word..end].find(|it: char| !it.is_ascii_alphanumeric() && it != '-' && it != '_');
    let word = Span::new(word, letters.map_or(end, |it| word + it));
    let open = skip_blanks(text, word.end as usize, end);
    let has_bracket = text[open..end].starts_with('(');
    // Anything else is a sentence that begins with our name.
    if rest.trim().is_empty() || !(has_bracket || text.get(word.range()) == Some("allow")) {
        return None;
    }
    let comment = Comment { word, ..comment };
    let close = if has_bracket { text[open..end].find(')').map(|it| open + it) } else { None };
    let Some(close) = close else { return Some(comment) };
    let reason = Span::new(skip_blanks(text, close + 1, end), end);
    Some(Comment { codes: codes(text, open + 1, close), complete: true, reason, ..comment })
}

fn skip_blanks(text: &str, from: usize, end: usize) -> usize {
    end - text[from..end].trim_start_matches(is_blank).len()
}

/// The words between the commas.
fn codes(text: &str, start: usize, end: usize) -> Vec<(Span, bool)> {
    let mut at = start;
    let mut found = Vec::new();
    for part in text[start..end].split(',') {
        let from = skip_blanks(text, at, at + part.len());
        let code = part.trim_matches(is_blank);
        if !code.is_empty() {
            found.push((Span::new(from, from + code.len()), false));
        }
        at += part.len() + 1;
    }
    found
}

/// Finds the end of what stands below a line. Comments above one another look for the same.
struct Below<'t> {
    text: &'t str,
    /// What was found last: from where it was looked for, where the block begins, and where it ends.
    last: Option<(usize, usize, usize)>,
}

impl Below<'_> {
    /// The end of the entry or item whose first line is the first at or after `from` that is no comment.
    fn block_end(&mut self, from: usize) -> usize {
        if let Some((looked, start, end)) = self.last
            && (looked..=start).contains(&from)
        {
            return end;
        }
        let first = lines(self.text, from).find(|it| !it.is_mute());
        let (start, end) =
            first.map_or((self.text.len(), self.text.len()), |it| (it.start, end_of_block(self.text, &it)));
        self.last = Some((from, start, end));
        end
    }
}

fn end_of_block(text: &str, first: &Line<'_>) -> usize {
    let mut end = first.end();
    // The items of a list may stand as far left as its key.
    let is_key = !first.is_item() && !first.text.starts_with("---");
    for line in lines(text, first.start).skip(1).filter(|it| !it.is_mute()) {
        let deeper = line.indentation() > first.indentation();
        let own_item = is_key && line.is_item() && line.indentation() == first.indentation();
        if !(deeper || own_item) {
            break;
        }
        end = line.end();
    }
    end
}

struct Line<'t> {
    start: usize,
    text: &'t str,
}

impl Line<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Blank, or a comment.
    fn is_mute(&self) -> bool {
        let content = self.text.trim_start_matches(is_blank);
        content.is_empty() || content.starts_with('#')
    }

    fn indentation(&self) -> usize {
        self.text.len() - self.text.trim_start_matches(is_blank).len()
    }

    fn is_item(&self) -> bool {
        let content = self.text.trim_start_matches(is_blank).strip_prefix('-');
        content.is_some_and(|it| it.is_empty() || it.starts_with(is_blank))
    }
}

fn lines(text: &str, from: usize) -> impl Iterator<Item = Line<'_>> {
    let mut at = from;
    text[from..].split('\n').map(move |text| {
        let start = at;
        at += text.len() + 1;
        Line { start, text }
    })
}

impl Comment {
    fn empty() -> Self {
        let none = Span::default();
        Self {
            span: none,
            all: none,
            scope: none,
            word: none,
            codes: Vec::new(),
            complete: false,
            reason: none,
        }
    }

    fn is_understood(&self, text: &str) -> bool {
        self.complete && text.get(self.word.range()) == Some("allow")
    }

    /// Notes which codes allow something, and tells the index of each problem that is allowed.
    fn look_at(&mut self, text: &str, problems: &[Diagnostic], mut allow: impl FnMut(usize)) {
        if !self.is_understood(text) {
            return;
        }
        let first = problems.partition_point(|it| it.primary.span.start < self.scope.start);
        for (index, problem) in problems.iter().enumerate().skip(first) {
            if problem.primary.span.start > self.scope.end {
                break;
            }
            for (code, used) in &mut self.codes {
                if text.get(code.range()) == Some(problem.code) {
                    *used = true;
                    allow(index);
                }
            }
        }
    }

    /// What is wrong with the comment itself.
    fn complain(&self, text: &str, tries: &mut impl Iterator<Item = usize>, into: &mut Vec<Diagnostic>) {
        if !self.is_understood(text) {
            into.push(self.misunderstood(text));
            return;
        }
        if self.codes.is_empty() {
            let nothing =
                Diagnostic::warning(CODE, self.span, "this comment names no rule, and allows nothing")
                    .label("no code between the brackets")
                    .why("a comment allows only the rules whose codes it names")
                    .help("write the code that stands in brackets after the severity, or delete the comment");
            into.push(nothing.fix(self.deletion(text, tries)));
            return;
        }
        // Where shellcheck is missing, nothing can be said of what it would find.
        let sure = |span: &Span| text.get(span.range()) != Some(shellcheck::CODE);
        let useless = self.codes.iter().filter(|it| !it.1 && sure(&it.0));
        into.extend(useless.map(|(span, _)| self.useless(*span, text, tries)));
        if self.reason.is_empty() {
            into.push(self.without_reason());
        }
    }

    fn misunderstood(&self, text: &str) -> Diagnostic {
        const HELP: &str = "write `# ciworkshop: allow(CODE) REASON`";
        let why = "a comment that is not understood changes nothing";
        let word = text.get(self.word.range()).unwrap_or_default();
        if word == "allow" {
            let message = "this comment is not complete, and allows nothing";
            return Diagnostic::warning(CODE, self.span, message)
                .label("no code in brackets")
                .why(why)
                .help(HELP);
        }
        let problem =
            Diagnostic::warning(CODE, self.word, format!("the linter knows no instruction `{word}`"))
                .label("not an instruction")
                .why(why);
        match closest(word, ["allow"]) {
            None => problem.help(HELP),
            Some(meant) => {
                problem.help(format!("did you mean `{meant}`?")).fix(replacement(self.word, meant))
            }
        }
    }

    fn useless(&self, span: Span, text: &str, tries: &mut impl Iterator<Item = usize>) -> Diagnostic {
        let code = text.get(span.range()).unwrap_or_default();
        if let Err(unknown) = known_code(code) {
            let problem = Diagnostic::warning(CODE, span, unknown.message)
                .label("not the code of a rule")
                .why("a comment allows only the rules whose codes it names")
                .help(unknown.help);
            return match closest(code, rules::ALL.iter().map(|it| it.code)) {
                None => problem,
                Some(meant) => problem.fix(replacement(span, meant)),
            };
        }
        let (what, why) = if code == CODE {
            (
                "cannot be allowed in a comment",
                "a comment that allows comments would hide that it is not needed",
            )
        } else {
            (
                "is allowed here, and there is nothing to allow",
                "the comment would hide a problem that comes later",
            )
        };
        let (help, fix) = if self.codes.iter().any(|it| it.1) {
            ("delete this code", self.without(span, text, tries))
        } else {
            ("delete the comment", self.deletion(text, tries))
        };
        let label = if code == CODE { "no effect" } else { "no such problem here" };
        Diagnostic::warning(CODE, span, format!("`{code}` {what}")).label(label).why(why).help(help).fix(fix)
    }

    fn without_reason(&self) -> Diagnostic {
        let problem =
            Diagnostic::hint(CODE, self.span, "this comment does not say why the problem is allowed");
        problem
            .label("no reason after the bracket")
            .why("who reads it later cannot see whether it still holds")
            .help("write the reason after the bracket")
    }

    fn deletion(&self, text: &str, tries: &mut impl Iterator<Item = usize>) -> Fix {
        let edit = Edit { span: self.all, text: String::new() };
        fix("delete the comment", edit, text, tries)
    }

    /// Takes one code and its comma away.
    fn without(&self, code: Span, text: &str, tries: &mut impl Iterator<Item = usize>) -> Fix {
        let (start, end) = (code.start as usize, code.end as usize);
        let behind = skip_blanks(text, end, self.span.end as usize);
        let span = if text[behind..].starts_with(',') {
            Span::new(start, skip_blanks(text, behind + 1, self.span.end as usize))
        } else {
            let before = text[..start].trim_end_matches(is_blank).trim_end_matches(',');
            Span::new(before.trim_end_matches(is_blank).len(), end)
        };
        fix("delete this code", Edit { span, text: String::new() }, text, tries)
    }
}

/// What was probably meant: sure of nothing, so not safe.
fn replacement(span: Span, meant: &str) -> Fix {
    let edits = vec![Edit { span, text: meant.into() }];
    Fix { message: format!("write `{meant}`"), edits, safe: false }
}

/// A comment in a script is a part of it, as far as YAML knows: such a fix is not safe.
fn fix(message: &str, edit: Edit, text: &str, tries: &mut impl Iterator<Item = usize>) -> Fix {
    let safe = tries.next().is_some() && reads_the_same(text, &edit);
    Fix { message: message.into(), edits: vec![edit], safe }
}

/// True when the document around an edit is read the same after it.
fn reads_the_same(text: &str, edit: &Edit) -> bool {
    let split = split(text);
    let around = split.documents.iter().find(|it| it.start <= edit.span.start && edit.span.end <= it.end);
    let Some(document) = around else { return false };
    let before = &text[document.range()];
    let after = [
        &text[document.start as usize..edit.span.start as usize],
        &edit.text,
        &text[edit.span.end as usize..document.end as usize],
    ];
    let after = after.concat();
    let ((tree, problems), (new_tree, new_problems)) = (parse(before), parse(&after));
    problems.len() == new_problems.len() && tree.says_the_same(&new_tree)
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Diagnostic;
    use crate::lint::{lint, report, verdict};
    use crate::source::SourceFile;

    /// `code line, code line / code line`: what is left, and what is allowed.
    fn judged(text: &str) -> String {
        let source = SourceFile::new("it.yml", text);
        let report = report(&source);
        let line =
            |it: &Diagnostic| format!("{} {}", it.code, source.line_column(it.primary.span.start).line);
        let left: Vec<_> = report.problems.iter().map(line).collect();
        let allowed: Vec<_> = report.allowed.iter().map(|it| line(&it.problem)).collect();
        format!("{} / {}", left.join(", "), allowed.join(", "))
    }

    const NOW: &str = "# ciworkshop: allow(missing-image) now";

    /// Three steps without an image, with something in the places between.
    fn steps(above: &str, behind_key: &str, behind_first: &str, below_second: &str) -> String {
        format!(
            "{above}steps:{behind_key}\n- name: one{behind_first}\n- name: two\n{below_second}- name: three\nkind: pipeline\n"
        )
    }

    #[test]
    fn a_comment_behind_something_speaks_for_its_line_and_one_above_for_the_whole_below() {
        let (own, behind) = (format!("{NOW}\n"), format!("  {NOW}"));
        let cases = [
            (steps("", "", &behind, ""), "missing-image 3, missing-image 4 / missing-image 2"),
            (steps("", "", "", &own), "missing-image 2, missing-image 3 / missing-image 5"),
            (
                steps("", "", "", &format!("{own}# why\n\n")),
                "missing-image 2, missing-image 3 / missing-image 7",
            ),
            // Deeper, shallower: what counts is the line below.
            (
                steps("", "", "", &format!("      {own}")),
                "missing-image 2, missing-image 3 / missing-image 5",
            ),
            // All of `steps`, though its items stand as far left as itself.
            (steps(&own, "", "", ""), " / missing-image 3, missing-image 4, missing-image 5"),
            // The first entry only, not the document.
            (
                steps(&format!("{own}name: a\n"), "", "", ""),
                "allow-comment 1, missing-image 4, missing-image 5, missing-image 6 / ",
            ),
            (
                steps("", &behind, "", ""),
                "allow-comment 1, missing-image 2, missing-image 3, missing-image 4 / ",
            ),
            // At the end of the file, or below a mark, there is nothing to speak for.
            (
                steps("", "", "", "") + &own,
                "missing-image 2, missing-image 3, missing-image 4, allow-comment 6 / ",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(judged(&text), expected, "{text}");
            let windows = text.replace('\n', "\r\n");
            assert_eq!(judged(&windows), expected, "{windows:?}");
        }
    }

    #[test]
    fn an_instruction_is_a_comment_with_our_name_and_a_bracket() {
        let cases = [
            (" #ciworkshop:allow(missing-image)now", " / missing-image 2"),
            (" ##  ciworkshop:  allow ( legacy , missing-image )  now", "allow-comment 2 / missing-image 2"),
            (" # ciworkshop: allow(missing-image)", "allow-comment 2 / missing-image 2"),
            (" # ciworkshop: allow(allow-comment) now", "missing-image 2, allow-comment 2 / "),
            (" # ciworkshop: allow missing-image", "missing-image 2, allow-comment 2 / "),
            (" # ciworkshop: allow(missing-image", "missing-image 2, allow-comment 2 / "),
            (" # ciworkshop: ignore(missing-image) now", "missing-image 2, allow-comment 2 / "),
            (" # ciworkshop: this step (one of many)", "missing-image 2 / "),
            (" # by ciworkshop: allow(missing-image) now", "missing-image 2 / "),
        ];
        for (comment, expected) in cases {
            assert_eq!(
                judged(&format!("steps:\n- name: one{comment}\nkind: pipeline\n")),
                expected,
                "{comment}"
            );
        }
        // Without a blank before it, it is no comment.
        let text = "steps:\n- name: 'one# ciworkshop: allow(missing-image) now'\nkind: pipeline\n";
        assert_eq!(judged(text), "missing-image 2 / ");
    }

    #[test]
    fn a_comment_that_is_not_needed_goes_with_its_line_or_with_the_blanks_before_it() {
        let cases = [
            ("# ciworkshop: allow(legacy) x\nkind: pipeline\n", "kind: pipeline\n", true),
            (
                "\u{feff}# ciworkshop: allow(legacy) x\r\nkind: pipeline\r\n",
                "\u{feff}kind: pipeline\r\n",
                true,
            ),
            ("kind: pipeline  # ciworkshop: allow() x\r\nname: é\r\n", "kind: pipeline\r\nname: é\r\n", true),
            ("kind: pipeline\n  # ciworkshop: allow(legacy) x", "kind: pipeline\n", true),
            (
                "steps:\n- name: a # ciworkshop: allow(missing-image, legacy) x\nkind: pipeline\n",
                "steps:\n- name: a # ciworkshop: allow(missing-image) x\nkind: pipeline\n",
                true,
            ),
            (
                "steps:\n- name: a # ciworkshop: allow(legacy , missing-image) x\nkind: pipeline\n",
                "steps:\n- name: a # ciworkshop: allow(missing-image) x\nkind: pipeline\n",
                true,
            ),
            // A part of a script, of a quoted text, and one that ends a text which keeps its blank lines.
            ("kind: pipeline\nx: |\n  a # ciworkshop: allow() x\n", "kind: pipeline\nx: |\n  a\n", false),
            ("kind: pipeline\nx: 'a # ciworkshop: allow() x'\n", "kind: pipeline\nx: 'a\n", false),
            (
                "kind: pipeline\nx: |+\n  a\n# ciworkshop: allow() x\n\ny: b\n",
                "kind: pipeline\nx: |+\n  a\n\ny: b\n",
                false,
            ),
        ];
        for (text, expected, safe) in cases {
            let report = report(&SourceFile::new("it.yml", text));
            let fix = report.problems.iter().find_map(|it| it.fixes.first()).unwrap();
            let mut fixed = text.to_owned();
            fixed.replace_range(fix.edits[0].span.range(), &fix.edits[0].text);
            assert_eq!((fixed.as_str(), fix.safe), (expected, safe), "{text}");
        }
    }

    #[test]
    fn what_a_comment_allows_drone_still_refuses() {
        let source = SourceFile::new("it.yml", format!("kind: pipeline\nsteps:\n- name: a {NOW}\n"));
        assert_eq!(report(&source).problems, []);
        assert_eq!(report(&source).allowed[0].reason, "now");
        assert_eq!(lint(&source)[0].code, "missing-image");
        assert!(!verdict(&source).refused_by().is_empty());
    }

    #[test]
    fn many_comments_take_no_long() {
        let text = format!(
            "kind: pipeline\nsteps:\n{}",
            format!("{NOW}\n").repeat(20_000) + &"- name: a\n".repeat(2_000)
        );
        assert_eq!(report(&SourceFile::new("it.yml", text)).allowed.len(), 1);
    }
}
