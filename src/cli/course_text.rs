//! Exercises as the terminal shows them: views in, lines out. Every state is a word; colour only repeats it.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use crate::engine::diagnostic::Severity;
use crate::workshop::view::{ExerciseView, FindingView, StateView, StateWord};

/// Lines are broken before this column, except excerpts.
const WIDTH: usize = 96;

/// Whether words get a colour too.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    /// True for a terminal that wants colour.
    pub(super) colour: bool,
}

impl Paint {
    /// The word for a state, padded to the longest.
    fn state(self, state: StateWord) -> String {
        let (word, colour) = match state {
            StateWord::Passed => ("ok", AnsiColor::Green),
            StateWord::Failed => ("no", AnsiColor::Red),
            StateWord::Skipped => ("skip", AnsiColor::Yellow),
            StateWord::Todo => ("todo", AnsiColor::White),
        };
        self.word(&format!("{word:<4}"), Style::new().bold().fg_color(Some(colour.into())))
    }

    /// The word for a severity, padded to the longest.
    pub(super) fn severity(self, severity: Severity) -> String {
        let colour = match severity {
            Severity::Error => AnsiColor::Red,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Hint => AnsiColor::Cyan,
        };
        self.word(&format!("{:<7}", severity.word()), Style::new().bold().fg_color(Some(colour.into())))
    }

    /// A label before a text.
    pub(super) fn label(self, text: &str) -> String {
        self.word(text, Style::new().bold())
    }

    fn word(self, text: &str, style: Style) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// The verdict of one exercise, with every finding and the next move.
pub(super) fn verdict(view: &ExerciseView, paint: Paint) -> String {
    format!("{} {} {}\n", paint.state(view.state), view.number, view.title) + &found(view, paint)
}

/// What was found, and the next move.
pub(super) fn found(view: &ExerciseView, paint: Paint) -> String {
    let mut text = String::new();
    for finding in &view.findings {
        text.push('\n');
        text.push_str(&self::finding(view, finding, paint));
    }
    if !view.findings.is_empty() {
        text.push('\n');
    }
    for sentence in &view.holds {
        text.push_str(&wrapped(&format!("  {} ", paint.state(StateWord::Passed)), 7, sentence));
    }
    for sentence in &view.not_run {
        text.push_str(&wrapped("  not run: ", 11, sentence));
    }
    text.push_str(&next_move(view));
    text
}

fn finding(view: &ExerciseView, finding: &FindingView, paint: Paint) -> String {
    let mut text = wrapped(&format!("  {} ", paint.state(StateWord::Failed)), 7, &finding.check);
    for line in place(view, finding) {
        let _ = writeln!(text, "{}", format!("       {line}").trim_end());
    }
    let parts =
        [("happened:", &finding.happened), ("expected:", &finding.expected), ("next:", &finding.next)];
    for (label, sentence) in parts.into_iter().filter(|(_, sentence)| !sentence.is_empty()) {
        let label = format!("       {}", paint.label(&format!("{label:<9}")));
        text.push_str(&wrapped(&format!("{label} "), 17, sentence));
    }
    let _ = writeln!(text, "       code:     {}", finding.code);
    text
}

/// The excerpt, with `folder/file:line:column` as terminals and editors open it.
fn place(view: &ExerciseView, finding: &FindingView) -> Vec<String> {
    let excerpt = finding.excerpt.as_deref().unwrap_or_default().trim_end();
    let Some(file) = &finding.file else { return excerpt.lines().map(str::to_owned).collect() };
    let numbers = [finding.line, finding.column].into_iter().flatten().map(|it| format!(":{it}"));
    let short = format!("{file}{}", numbers.collect::<String>());
    let whole = format!("{}/{short}", view.folder);
    let arrow = format!("--> {short}");
    if excerpt.lines().any(|it| it.trim() == arrow) {
        return excerpt.replacen(&arrow, &format!("--> {whole}"), 1).lines().map(str::to_owned).collect();
    }
    std::iter::once(whole).chain(excerpt.lines().map(str::to_owned)).collect()
}

/// One thing to do now.
fn next_move(view: &ExerciseView) -> String {
    let left = view.hints_total.saturating_sub(view.hints.len());
    match view.state {
        StateWord::Passed => "\n`ciworkshop next` goes on to the next exercise.\n".into(),
        _ if !view.checked => "\n`ciworkshop check` checks it.\n".into(),
        _ if left > 0 => format!("\nStuck? `ciworkshop hint` shows a hint ({left} left).\n"),
        _ => "\nStuck? `ciworkshop solution` shows one good answer.\n".into(),
    }
}

/// What the exercise asks for and where its files are; `book` is the book's address when it is served.
pub(super) fn task(view: &ExerciseView, book: Option<&str>, paint: Paint) -> String {
    let mut text = format!("{} {} {}\n\n", paint.state(view.state), view.number, view.title);
    for line in view.goal.trim_end().lines() {
        let _ = writeln!(text, "{}", format!("  {line}").trim_end());
    }
    let _ = writeln!(text, "\n  {} {}", paint.label("folder:"), view.folder);
    if !view.edit.is_empty() {
        let _ = writeln!(text, "  {} {}", paint.label("change:"), view.edit.join(", "));
    }
    let page = match book {
        Some(book) => format!("{book}{}", view.page),
        None => format!("{} of the book, which `ciworkshop start` opens", view.page),
    };
    let _ = writeln!(text, "  {}   {page}", paint.label("page:"));
    let _ = writeln!(text, "  {}   about {} minutes", paint.label("time:"), view.minutes);
    text
}

/// Every exercise in a line, and the sum.
pub(super) fn list(state: &StateView, chapters: &[(u32, String)], paint: Paint) -> String {
    let mut text = String::new();
    let mut chapter = String::new();
    for view in &state.exercises {
        let number = view.number.split('.').next().unwrap_or_default();
        if number != chapter {
            number.clone_into(&mut chapter);
            let title = chapters.iter().find(|it| it.0.to_string() == chapter).map_or("", |it| it.1.as_str());
            let _ = writeln!(text, "{}", paint.label(&format!("{chapter} {title}")));
        }
        let mark = if view.id == state.current { ">" } else { " " };
        let _ = writeln!(text, "{mark} {} {:<5} {}", paint.state(view.state), view.number, view.title);
    }
    text.push('\n');
    text.push_str(&sum(state));
    text
}

/// How many pass, and how many were put aside.
pub(super) fn sum(state: &StateView) -> String {
    let count = |word: StateWord| state.exercises.iter().filter(|it| it.state == word).count();
    let (passed, skipped, all) = (count(StateWord::Passed), count(StateWord::Skipped), state.exercises.len());
    let aside = if skipped > 0 { format!("; {skipped} put aside") } else { String::new() };
    format!("{passed} of {all} exercises pass{aside}. `>` marks the current one.\n")
}

/// Breaks a text at blanks. `first` begins the first line; the others are indented by `indent` columns.
pub(super) fn wrapped(first: &str, indent: usize, text: &str) -> String {
    wrapped_at(WIDTH, first, indent, text)
}

/// The same for lines of a width of their own.
pub(super) fn wrapped_at(width: usize, first: &str, indent: usize, text: &str) -> String {
    let mut lines = String::from(first);
    let mut column = indent;
    let mut fresh = true;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if !fresh && column + 1 + length > width {
            let _ = write!(lines, "\n{:indent$}", "");
            column = indent;
            fresh = true;
        }
        if !fresh {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += length;
        fresh = false;
    }
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_sentences_are_broken_at_blanks_and_indented() {
        let text = wrapped("  no  ", 6, &"word ".repeat(40));
        assert!(text.lines().all(|it| it.chars().count() <= WIDTH), "{text}");
        assert!(text.lines().skip(1).all(|it| it.starts_with("      word")), "{text}");
        assert_eq!(text.split_whitespace().count(), 41);
    }

    #[test]
    fn a_word_longer_than_the_line_stays_whole() {
        let long = "x".repeat(200);
        assert_eq!(wrapped("", 0, &format!("a {long} b")), format!("a\n{long}\nb\n"));
    }

    fn view(state: StateWord) -> ExerciseView {
        let finding = FindingView {
            code: "CW-not-installed".into(),
            check: "The tests find pytest.".into(),
            happened: "The step `test` is red: the shell finds no `pytest`.".into(),
            expected: "A container starts with what its image holds.".into(),
            next: "Add a command above the tests.".into(),
            file: Some(".drone.yml".into()),
            line: Some(7),
            column: Some(5),
            excerpt: Some("  --> .drone.yml:7:5\n   |\n 7 |   - pytest\n   |     ^^^^^^ not there\n".into()),
        };
        let failed = state == StateWord::Failed;
        ExerciseView {
            id: "a".into(),
            number: "1.1".into(),
            title: "Nothing is installed".into(),
            page: "a.html#a".into(),
            folder: "/w/exercises/01_a/01_b".into(),
            edit: vec![".drone.yml".into()],
            minutes: 8,
            state,
            done: false,
            checked: true,
            goal: "Make it green.\n\nThat is all.".into(),
            hints: vec!["Look there.".into()],
            hints_total: 3,
            solution_seen: false,
            findings: if failed { vec![finding] } else { vec![] },
            holds: vec!["The steps have names.".into()],
            not_run: vec!["The pipeline really runs.".into()],
            runs: 1,
            really_ran: false,
            trouble: None,
        }
    }

    const PLAIN: Paint = Paint { colour: false };

    #[test]
    fn a_verdict_says_what_happened_what_was_expected_and_what_to_do() {
        let expected = "\
no   1.1 Nothing is installed

  no   The tests find pytest.
         --> /w/exercises/01_a/01_b/.drone.yml:7:5
          |
        7 |   - pytest
          |     ^^^^^^ not there
       happened: The step `test` is red: the shell finds no `pytest`.
       expected: A container starts with what its image holds.
       next:     Add a command above the tests.
       code:     CW-not-installed

  ok   The steps have names.
  not run: The pipeline really runs.

Stuck? `ciworkshop hint` shows a hint (2 left).
";
        assert_eq!(verdict(&view(StateWord::Failed), PLAIN), expected);
    }

    #[test]
    fn a_pass_names_what_was_not_run_and_the_way_on() {
        let expected = "\
ok   1.1 Nothing is installed
  ok   The steps have names.
  not run: The pipeline really runs.

`ciworkshop next` goes on to the next exercise.
";
        assert_eq!(verdict(&view(StateWord::Passed), PLAIN), expected);
    }

    #[test]
    fn a_task_names_the_page_as_an_address_while_the_book_is_served() {
        let expected = "\
todo 1.1 Nothing is installed

  Make it green.

  That is all.

  folder: /w/exercises/01_a/01_b
  change: .drone.yml
  page:   http://127.0.0.1:3000/a.html#a
  time:   about 8 minutes
";
        assert_eq!(task(&view(StateWord::Todo), Some("http://127.0.0.1:3000/"), PLAIN), expected);
    }
}
