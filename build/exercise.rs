//! An exercise of the course → its section in a page: goal, commands and hints, and what a server can bring to life.

use std::fmt::Write;

use ciworkshop_engine::course::{Exercise, Rung};

use crate::site::Shelf;
use crate::site::directive::Directive;
use crate::site::html::{blocks, escape, inline};
use crate::site::page::Page;

/// `{{#exercise ID}}`: the texts come from the exercise itself.
pub(crate) fn section(directive: &Directive<'_>, shelf: &Shelf, page: &Page) -> Result<String, String> {
    directive.knows(&[])?;
    let id = directive.needs("the id of an exercise")?;
    let exercise = shelf.course.exercises().find(|it| it.id == id).ok_or_else(|| unknown(id, shelf))?;
    let here = format!("{}#exercise", page.html());
    if exercise.page != here {
        return Err(format!(
            "exercise `{id}` says that its page is `{}`, and this is `{here}`",
            exercise.page
        ));
    }
    Ok(html(exercise))
}

/// Every exercise is shown on the page that it names.
pub(crate) fn check_exercises(shelf: &Shelf) -> Vec<String> {
    let shows =
        |page: &Page, id: &str| page.text.lines().any(|it| it.trim() == format!("{{{{#exercise {id}}}}}"));
    let unseen = shelf.course.exercises().filter(|it| !shelf.pages.iter().any(|page| shows(page, &it.id)));
    unseen.map(|it| format!("exercises/{}: no page of the book shows `{}`", it.folder, it.id)).collect()
}

fn unknown(id: &str, shelf: &Shelf) -> String {
    let ids: Vec<&str> = shelf.course.exercises().map(|it| it.id.as_str()).collect();
    format!("there is no exercise `{id}`; there are: {}", ids.join(", "))
}

fn html(exercise: &Exercise) -> String {
    let mut html = format!(
        "<section class=\"exercise\" id=\"exercise\" data-exercise=\"{id}\" aria-label=\"Exercise {number}\">\
         <h2 class=\"exercise-title\">Exercise {number}: {title}</h2>\
         <p class=\"facts\">{rung} · about {minutes} minutes<span data-part=\"state\"></span></p>\
         {goal}{files}{commands}",
        id = escape(&exercise.id),
        number = escape(&exercise.number),
        title = escape(&exercise.title),
        rung = rung(exercise.rung),
        minutes = exercise.minutes,
        goal = blocks(&exercise.goal),
        files = files(exercise),
        commands = commands(&exercise.id),
    );
    html.push_str(
        "<div class=\"live\" data-part=\"live\" hidden><p><button type=\"button\" data-part=\"check\">Check</button> \
         <button type=\"button\" data-part=\"hint\">Show a hint</button></p><div data-part=\"verdict\" \
         role=\"status\" aria-live=\"polite\"></div><ol data-part=\"hints\" class=\"hints\" aria-label=\"Hints\" aria-live=\"polite\"></ol></div>",
    );
    html.push_str("<div data-part=\"paper\">");
    for (at, hint) in (1..).zip(&exercise.hints) {
        let _ = write!(
            html,
            "<details class=\"hint\"><summary>Hint {at}</summary><p>{}</p></details>",
            inline(hint)
        );
    }
    html.push_str("</div></section>");
    html
}

fn rung(rung: Rung) -> &'static str {
    match rung {
        Rung::Predict => "Predict",
        Rung::Reorder => "Reorder",
        Rung::Fix => "Fix",
        Rung::Fill => "Fill in",
        Rung::Write => "Write",
        Rung::Debug => "Debug",
        Rung::Design => "Design",
    }
}

fn files(exercise: &Exercise) -> String {
    let folder = escape(&exercise.folder);
    let names: Vec<String> = exercise.edit.iter().map(|it| format!("<code>{}</code>", escape(it))).collect();
    let change = match names.as_slice() {
        [] => String::new(),
        [one] => format!(" Change only {one}."),
        [most @ .., last] => format!(" Change only {} and {last}.", most.join(", ")),
    };
    format!(
        "<p>Its files are in <code data-part=\"folder\">exercises/{folder}/</code> of your workshop folder.{change}</p>"
    )
}

fn commands(id: &str) -> String {
    let id = escape(id);
    format!(
        "<dl class=\"commands\"><dt><code>ciworkshop check {id}</code></dt><dd>says what holds and what does not\
         </dd><dt><code>ciworkshop hint {id}</code></dt><dd>gives one hint more</dd></dl>"
    )
}
