//! A step or a service without an image.

use crate::diagnostic::{Diagnostic, Program, Programs, Severity, Stage};
use crate::lint::edit::replace;
use crate::lint::rule::{Check, PipelinePage, Rule, misspelt};
use crate::pipeline::Step;
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::Pipeline(check),
};
const CODE: &str = "missing-image";

fn check(page: &PipelinePage<'_>, found: &mut Vec<Diagnostic>) {
    let steps: Vec<&Step> = page.steps_and_services().collect();
    for (at, step) in steps.iter().enumerate().filter(|(_, it)| !it.null && it.image().is_empty()) {
        found.push(problem(page, step, steps.get(at + 1).copied()));
    }
}

fn problem(page: &PipelinePage<'_>, step: &Step, next: Option<&Step>) -> Diagnostic {
    let noun = if page.is_service(step) { "service" } else { "step" };
    let name = step.name();
    let named = if name.is_empty() { format!("a {noun}") } else { format!("the {noun} `{name}`") };
    let sure = page.who_read(&["image"], step.span, page.checkers);
    let containers = sure.and(Programs::NEW | Program::Kubernetes.into());
    // The old linter takes a `build` that names an image instead.
    let built = step.build.as_ref().is_some_and(|it| it.value);
    let old = if built { Programs::NONE } else { sure.and(Program::Lint15.into()) };
    explain(page, (step, next), &named, noun).refused_by(containers, Stage::Lint).refused_by(old, Stage::Lint)
}

fn explain(
    page: &PipelinePage<'_>,
    (step, next): (&Step, Option<&Step>),
    named: &str,
    noun: &str,
) -> Diagnostic {
    let why = "it runs in a container, and the image says which programs that container holds";
    if !matches!(page.pipeline.raw_type(), "" | "docker" | "kubernetes") {
        let problem = Diagnostic::error(CODE, step.name_span(), format!("{named} has no image"));
        return problem
            .label("`image` is missing")
            .why(format!(
                "`type: {}` needs none, and an old `drone lint` asks for one whatever the type is",
                page.pipeline.raw_type()
            ))
            .help("use `drone lint` 1.6 or later for this file");
    }
    if let Some((place, variable)) = variable(page, step) {
        return Diagnostic::error(CODE, place, format!("{named} has no image when `{variable}` is empty"))
            .label("a variable that Drone does not know is empty")
            .also(step.name_span(), format!("this {noun}"))
            .why("`${…}` is replaced before the file is read, and `drone lint` knows no values at all")
            .help("write the image out, or at least its name, such as `python:${TAG}`");
    }
    let problem = Diagnostic::error(CODE, step.name_span(), format!("{named} has no image"));
    if let Some(torn) =
        next.filter(|it| !step.name().is_empty() && it.name().is_empty() && !it.image().is_empty())
    {
        return problem
            .label("`image` is missing")
            .also(torn.span, "this one has an image and no name")
            .why("a `-` too many makes two items of one")
            .help("take the `-` below away, and indent the line like `name`");
    }
    if let Some((place, slip)) = misspelt(page.document, step.span, "image") {
        return problem
            .label("`image` is missing")
            .also(place, "did you mean `image`?")
            .why(format!("Drone does not know `{slip}`, and ignores it"))
            .help("write `image`")
            .fix(replace(place, "image", "write `image`"));
    }
    problem.label("`image` is missing or empty").why(why).help(format!(
        "add `image:` to the {noun}, such as `image: python:3.12`; it must line up with `name`"
    ))
}

/// The `${…}` that stands for the whole image, as the file has it.
fn variable<'f>(page: &PipelinePage<'f>, step: &Step) -> Option<(Span, &'f str)> {
    let start = step.span.start as usize;
    let rest = page.text.get(start..)?;
    let length = rest[..step.span.range().len()].len();
    let line_end = rest[length..].find('\n').map_or(rest.len(), |it| length + it);
    let item = &rest[..line_end];
    let key = item.match_indices("image:").map(|it| it.0 + 6).find(|it| {
        let value = item[*it..].trim_start_matches([' ', '"', '\'']);
        value.starts_with("${")
    })?;
    let from = key + item[key..].find("${")?;
    let to = from + item[from..].find('}')? + 1;
    Some((Span::new(start + from, start + to), &item[from..to]))
}
