//! Pipeline files of the book → what the engine says about them: text, picture, plan, table, findings.
//!
//! A page shows nothing that the engine did not say while the book was built.

use std::fmt::Write;

use ciworkshop_engine::diagnostic::{Severity, render};
use ciworkshop_engine::lint::lint;
use ciworkshop_engine::plan::{self, Build, Decision, Event, Fault, Faults, Plan, Row};
use ciworkshop_engine::source::SourceFile;

use crate::site::Shelf;
use crate::site::directive::Directive;
use crate::site::highlight;
use crate::site::html::{escape, on_one_line, sentence};

/// What a page shows of a file in other places, and need not say twice.
#[derive(Default)]
pub(crate) struct Elsewhere {
    /// The graph of a build.
    pub(crate) graph: bool,
    /// The table of events.
    pub(crate) table: bool,
}

/// `{{#code PATH}}`: the file. `findings=a,b` names the codes that the linter must report; without it, none.
pub(crate) fn code(
    directive: &Directive<'_>,
    shelf: &Shelf,
    id: &str,
    elsewhere: &Elsewhere,
) -> Result<String, String> {
    directive.knows(&["findings"])?;
    let source = source(directive, shelf)?;
    check_claim(directive, &source)?;
    Ok(format!("{}{}", listing(&source), what_runs(&source, Some(id), elsewhere)))
}

/// For those who have made up their minds: the graph of a push with `graph`, which is the id of its picture, and which
/// step runs on which event, as far as the page does not show them elsewhere. Nothing for a file from which no build starts.
fn what_runs(source: &SourceFile, graph: Option<&str>, elsewhere: &Elsewhere) -> String {
    let graph = graph.filter(|_| !elsewhere.graph);
    if graph.is_none() && elsewhere.table {
        return String::new();
    }
    let plan = plan::plan(source, &Build::new(Event::Push), &Faults::default());
    let is_refused = lint(source).iter().any(|it| it.severity == Severity::Error);
    if is_refused || plan.pipelines.is_empty() {
        return String::new();
    }
    let drawn = graph.map_or_else(String::new, |id| {
        let picture = on_one_line(&plan::svg(&plan, id));
        format!("<figure class=\"graph\">{picture}</figure><div class=\"words\">{}</div>", in_words(&plan))
    });
    let events = [Event::Push, Event::PullRequest, Event::Tag, Event::Cron];
    let table = if elsewhere.table { String::new() } else { truth_table(source, &events) };
    format!("<details class=\"what-runs\"><summary>What runs, and when</summary>{drawn}{table}</details>")
}

/// `{{#dialect PATH as=.gitlab-ci.yml}}`: a file of another service, under the name that it has there. Our linter does not know its
/// words, so it only has to be YAML; `scripts/check-dialects` asks the service's own schema.
pub(crate) fn dialect(directive: &Directive<'_>, shelf: &Shelf) -> Result<String, String> {
    directive.knows(&["as"])?;
    let name = directive
        .option("as")
        .ok_or("`dialect` needs the name that the file has there: `as=.gitlab-ci.yml`")?;
    let source = source(directive, shelf)?;
    check_yaml(source.text())?;
    Ok(listing(&SourceFile::new(name, source.text())))
}

/// `{{#pipeline PATH}}`: the file, its picture, and the picture in words.
pub(crate) fn pipeline(
    directive: &Directive<'_>,
    shelf: &Shelf,
    id: &str,
    elsewhere: &Elsewhere,
) -> Result<String, String> {
    directive.knows(&["event", "branch", "tag", "fail", "findings"])?;
    let source = source(directive, shelf)?;
    check_claim(directive, &source)?;
    let plan = planned(directive, &source)?;
    Ok(format!(
        "<div class=\"pipeline\">{}<figure class=\"graph\">{}<details><summary>The picture in words</summary>{}\
         </details></figure></div>{}",
        listing(&source),
        on_one_line(&plan::svg(&plan, id)),
        in_words(&plan),
        what_runs(&source, None, elsewhere),
    ))
}

/// `{{#picture PATH}}`: a drawing, put into the page so that it takes the page's colours.
pub(crate) fn picture(directive: &Directive<'_>, shelf: &Shelf) -> Result<String, String> {
    directive.knows(&[])?;
    let source = source(directive, shelf)?;
    for part in ["<title ", "<desc ", "role=\"img\"", "aria-labelledby="] {
        if !source.text().contains(part) {
            return Err(format!(
                "`{}` has no `{part}`, without which not everybody can read it",
                source.name()
            ));
        }
    }
    Ok(format!("<figure class=\"picture\">{}</figure>", on_one_line(source.text())))
}

/// `{{#plan PATH event=tag fail=STEP slow=SERVICE:8}}`: what one build does, as a picture and in words.
pub(crate) fn plan(directive: &Directive<'_>, shelf: &Shelf, id: &str) -> Result<String, String> {
    directive.knows(&["event", "branch", "tag", "fail", "slow"])?;
    let plan = planned(directive, &source(directive, shelf)?)?;
    Ok(format!(
        "<div class=\"pipeline\"><figure class=\"graph\">{}</figure><div class=\"words\">{}</div></div>",
        on_one_line(&plan::svg(&plan, id)),
        in_words(&plan),
    ))
}

/// `{{#table PATH events=push,tag}}`: which steps run on which event.
pub(crate) fn table(directive: &Directive<'_>, shelf: &Shelf) -> Result<String, String> {
    directive.knows(&["events"])?;
    let source = source(directive, shelf)?;
    let names = directive.option("events").unwrap_or("push,pull_request,tag");
    let events = names.split(',').map(event).collect::<Result<Vec<_>, _>>()?;
    Ok(truth_table(&source, &events))
}

fn truth_table(source: &SourceFile, events: &[Event]) -> String {
    let builds: Vec<Build> = events.iter().map(|it| Build::new(*it)).collect();
    let table = plan::truth_table(source, &builds);
    let several = table.rows.iter().filter(|it| it.step.is_none()).count() > 1;
    let mut html = String::from("<div class=\"scroll\" tabindex=\"0\"><table class=\"truth\"><thead><tr>");
    html.push_str("<th scope=\"col\">step</th>");
    for event in events {
        let _ = write!(html, "<th scope=\"col\"><code>{}</code></th>", event.word());
    }
    html.push_str("</tr></thead><tbody>");
    for row in table.rows.iter().filter(|it| several || it.step.is_some()) {
        html.push_str(&table_row(row, several));
    }
    html.push_str("</tbody></table></div>");
    html
}

/// `{{#findings PATH findings=a,b}}`: the file, and what the linter says.
pub(crate) fn findings(directive: &Directive<'_>, shelf: &Shelf, id: &str) -> Result<String, String> {
    directive.knows(&["findings"])?;
    let source = source(directive, shelf)?;
    check_claim(directive, &source)?;
    Ok(format!("{}{}", judged(&source), what_runs(&source, Some(id), &Elsewhere::default())))
}

/// A file, and what the linter says of it.
pub(crate) fn judged(source: &SourceFile) -> String {
    let mut said = String::new();
    for finding in lint(source) {
        let _ = write!(said, "{}\n\n", render(&finding, source, false));
    }
    if said.is_empty() {
        said.push_str("nothing to complain about");
    }
    format!(
        "{}<figure class=\"findings\"><figcaption><code>ciworkshop lint .drone.yml</code> says</figcaption>{}</figure>",
        listing(source),
        highlight::block("text", &said),
    )
}

fn source(directive: &Directive<'_>, shelf: &Shelf) -> Result<SourceFile, String> {
    let path = directive.needs("the path of a pipeline file below `book/src/`")?;
    let bytes = shelf.files.get(path).ok_or_else(|| format!("the book has no file `{path}`"))?;
    let text = String::from_utf8(bytes.clone()).map_err(|error| format!("`{path}` is no UTF-8: {error}"))?;
    // Readers know the file under the name that Drone looks for.
    Ok(SourceFile::new(".drone.yml", text))
}

/// The page says which findings a file has; the linter decides whether that is true.
fn check_claim(directive: &Directive<'_>, source: &SourceFile) -> Result<(), String> {
    let claimed: Vec<&str> = directive.option("findings").map_or(Vec::new(), |it| it.split(',').collect());
    let found: Vec<&str> = lint(source).iter().map(|it| it.code).collect();
    if claimed == found {
        return Ok(());
    }
    let name = |codes: &[&str]| if codes.is_empty() { "none".to_owned() } else { codes.join(",") };
    Err(format!(
        "the file has findings {}, and the page says {}; write `findings={}`",
        name(&found),
        name(&claimed),
        found.join(","),
    ))
}

/// A piece of YAML in a page need not be a pipeline, but it must be YAML.
pub(crate) fn check_yaml(text: &str) -> Result<(), String> {
    let found = lint(&SourceFile::new("block", text));
    match found.iter().find(|it| it.code.starts_with("yaml-")) {
        None => Ok(()),
        Some(problem) => Err(format!("this block is no YAML that Drone reads: {}", problem.message)),
    }
}

fn planned(directive: &Directive<'_>, source: &SourceFile) -> Result<Plan, String> {
    let mut build = Build::new(event(directive.option("event").unwrap_or("push"))?);
    if let Some(branch) = directive.option("branch") {
        build = build.with_branch(branch);
    }
    if let Some(tag) = directive.option("tag") {
        build = build.with_tag(tag);
    }
    let failing = directive.option("fail").unwrap_or("").split(',').filter(|it| !it.is_empty());
    let mut faults: Vec<_> = failing.map(|it| (it.to_owned(), Fault::Fails)).collect();
    if let Some(slow) = directive.option("slow") {
        let (name, seconds) = slow.split_once(':').ok_or("`slow` is written as SERVICE:SECONDS")?;
        let seconds = seconds.parse().map_err(|_| format!("`{seconds}` is no number of seconds"))?;
        faults.push((name.to_owned(), Fault::Slow(seconds)));
    }
    let faults = Faults { steps: faults };
    let plan = plan::plan(source, &build, &faults);
    match faults.steps.iter().find(|(name, _)| plan.pipelines.iter().all(|it| it.step(name).is_none())) {
        Some((name, _)) => Err(format!("the file has no step `{name}` that could fail")),
        None if plan.pipelines.is_empty() => Err("the file has no pipeline to draw".to_owned()),
        None => Ok(plan),
    }
}

fn event(word: &str) -> Result<Event, String> {
    let words = || Event::ALL.map(Event::word).join(", ");
    Event::from_word(word).ok_or_else(|| format!("`{word}` is no event; there are: {}", words()))
}

fn listing(source: &SourceFile) -> String {
    format!(
        "<figure class=\"listing\"><figcaption><code>{}</code></figcaption>{}</figure>",
        escape(source.name()),
        highlight::block("yaml", source.text()),
    )
}

fn in_words(plan: &Plan) -> String {
    let mut html = String::new();
    for it in plan::outline(plan) {
        let _ = write!(html, "<p>{}</p><ol>", sentence(&it.pipeline));
        for step in &it.steps {
            let _ = write!(html, "<li>{}</li>", sentence(step));
        }
        html.push_str("</ol>");
    }
    html
}

fn table_row(row: &Row, several: bool) -> String {
    let name = match &row.step {
        None => format!("pipeline <code>{}</code>", escape(&row.pipeline)),
        Some(step) if several => format!("<code>{} / {}</code>", escape(&row.pipeline), escape(step)),
        Some(step) => format!("<code>{}</code>", escape(step)),
    };
    let cells: String = row.cells.iter().map(cell).collect();
    format!("<tr><th scope=\"row\">{name}</th>{cells}</tr>")
}

fn cell(decision: &Decision) -> String {
    let (class, word) = if decision.runs() { ("runs", "runs") } else { ("skipped", "skipped") };
    format!("<td class=\"{class}\">{word}</td>")
}
