//! The text of a question → a form that a reader answers without a server and without a script.

use std::fmt::Write;

use crate::site::html::{blocks, inline};

/// What stands between `{{#question}}` and `{{/question}}`: the question, choices `- [ ]` and `- [x]`, a line
/// `---`, and the explanation. With `many`, the form does not give away that only one choice is right.
pub(crate) fn fieldset(text: &str, id: &str, number: usize, many: bool) -> Result<String, String> {
    let (asked, explanation) =
        text.split_once("\n---\n").ok_or("a question ends with a line `---` and an explanation")?;
    let (question, choices) = split_choices(asked);
    let right: Vec<usize> = (1..).zip(&choices).filter(|(_, it)| it.right).map(|(at, _)| at).collect();
    if choices.len() < 2 || right.is_empty() {
        return Err("a question has at least two choices `- [ ] …`, and a right one `- [x] …`".to_owned());
    }
    let many = many || right.len() > 1;
    let kind = if many { "checkbox" } else { "radio" };
    let mut html = format!(
        "<fieldset class=\"question\" data-question=\"{kind}\"><legend>Question {number}</legend>{}{}<ol \
         class=\"choices\">",
        blocks(&question),
        if many { "<p>Choose all that hold.</p>" } else { "" },
    );
    for (at, choice) in choices.iter().enumerate() {
        let _ = write!(
            html,
            "<li><label><input type=\"{kind}\" name=\"{id}\" value=\"{}\"{}> <span>{}</span></label></li>",
            at + 1,
            if choice.right { " data-right" } else { "" },
            inline(&choice.text),
        );
    }
    let _ = write!(
        html,
        "</ol><p class=\"said\" role=\"status\"></p><details class=\"answer\"><summary>The answer, and \
         why</summary><p><strong>{}</strong></p>{}</details></fieldset>",
        answer(&right),
        blocks(explanation),
    );
    Ok(html)
}

struct Choice {
    right: bool,
    text: String,
}

fn split_choices(text: &str) -> (String, Vec<Choice>) {
    let (mut question, mut choices) = (String::new(), Vec::<Choice>::new());
    for line in text.lines() {
        let choice = line.strip_prefix("- [ ] ").map(|it| (false, it));
        if let Some((right, text)) = choice.or_else(|| line.strip_prefix("- [x] ").map(|it| (true, it))) {
            choices.push(Choice { right, text: text.to_owned() });
        } else if let Some(open) = choices.last_mut() {
            let _ = write!(open.text, " {}", line.trim());
        } else {
            question.push_str(line);
            question.push('\n');
        }
    }
    (question, choices)
}

fn answer(right: &[usize]) -> String {
    let numbers: Vec<String> = right.iter().map(ToString::to_string).collect();
    match numbers.as_slice() {
        [one] => format!("Answer {one}."),
        [most @ .., last] => format!("Answers {} and {last}.", most.join(", ")),
        [] => String::new(),
    }
}
