//! A `${NAME}` that Drone replaces by nothing, because no variable of the build has that name.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Edit, Fix, Severity};
use crate::lint::edit::replace;
use crate::lint::rule::{Check, Rule};
use crate::lint::similar::closest;
use crate::lint::uses::{Site, Use, events};
use crate::lint::written::StepAdvice;
use crate::pipeline::Variable;
use crate::plan::{BuildVariable, Event, build_variable, build_variables};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "emptied-by-substitution";

/// Places of one name in one step beyond these are not mended at once.
const MOST_PLACES: usize = 50;

/// For names beyond these, nobody looks where the script sets them.
const MOST_NAMES: usize = 20;

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let mut by_name: BTreeMap<(&str, usize), Vec<Use<'_>>> = BTreeMap::new();
    for it in page.uses() {
        let Some((name, operator)) = it.parts(page.file) else { continue };
        let known = build_variable(name).is_some_and(|it| it.substituted);
        // These are the business of `shell-only-operator`.
        if known || operator.starts_with(":?") || operator.starts_with(":+") || is_whole_image(page, it) {
            continue;
        }
        by_name.entry((name, group(it.site))).or_default().push(*it);
    }
    for (number, ((name, _), places)) in by_name.into_iter().enumerate() {
        let origin = if number < MOST_NAMES { origin(page, name) } else { None };
        if is_lost(page, name, &places[0], origin.is_some()) {
            found.push(diagnose(page, name, &places, origin));
        }
    }
}

/// `missing-image` speaks of an image of which nothing is left.
fn is_whole_image(page: &StepAdvice<'_>, it: &Use<'_>) -> bool {
    let whole = page.file.slice(it.whole).trim_matches(['"', '\'']);
    matches!(it.site, Site::Image) && whole == page.file.slice(it.dollar.span)
}

fn group(site: Site<'_>) -> usize {
    match site {
        _ if site.is_shell() => 0,
        Site::Environment => 1,
        Site::Setting(_) => 2,
        _ => 3,
    }
}

/// False where the name may be a parameter that a person gives to the build: nothing in the file defines it, and there is a
/// default, or only such builds run the step.
fn is_lost(page: &StepAdvice<'_>, name: &str, first: &Use<'_>, defined: bool) -> bool {
    if defined || build_variable(name).is_some() {
        return true;
    }
    let with_default = first.parts(page.file).is_some_and(|it| is_default(it.1));
    let by_hand = |it: &Event| matches!(it, Event::Promote | Event::Rollback | Event::Custom);
    !with_default && !events(page).iter().all(by_hand)
}

fn is_default(operator: &str) -> bool {
    operator.starts_with(":-") || operator.starts_with(":=") || operator.starts_with('=')
}

/// Where the file itself defines the name, and how.
fn origin(page: &StepAdvice<'_>, name: &str) -> Option<(Span, &'static str)> {
    let own = page.step.environment.iter().find(|it| it.0.value == name);
    if let Some((key, value)) = own {
        let secret = matches!(value, Variable::Secret(_));
        return Some((
            key.span,
            if secret { "only the step gets this secret" } else { "only the step knows this" },
        ));
    }
    if let Some((key, _)) = page.pipeline.environment.iter().find(|it| it.0.value == name) {
        return Some((key.span, "only the steps know this"));
    }
    let script = page.script()?;
    let at = set_in_script(&script.text, name)?;
    Some((script.place(Span::new(at, at + name.len())), "the shell sets it here, which is later"))
}

/// Where a script sets a variable: `NAME=`, `for NAME in`, `read NAME`.
fn set_in_script(script: &str, name: &str) -> Option<usize> {
    script.match_indices(name).map(|it| it.0).find(|at| {
        let (before, after) = (&script[..*at], &script[at + name.len()..]);
        let line = before.rsplit('\n').next().unwrap_or_default();
        let begins = line.is_empty() || line.ends_with([' ', '\t', ';', '&', '|', '(']);
        let word = line.trim_end().rsplit([' ', '\t', ';']).next().unwrap_or_default();
        // `X="${X:-1}"` hands a parameter of the build on to the shell.
        let itself =
            || after[1..].trim_start_matches('"').strip_prefix("${").is_some_and(|it| it.starts_with(name));
        begins
            && ((after.starts_with('=') && !itself())
                || (word == "for" && after.starts_with(" in"))
                || (word == "read" && after.starts_with(['\n', ' ', ';'])))
    })
}

fn diagnose(
    page: &StepAdvice<'_>,
    name: &str,
    places: &[Use<'_>],
    origin: Option<(Span, &'static str)>,
) -> Diagnostic {
    let first = &places[0];
    let operator = first.parts(page.file).map_or("", |it| it.1);
    let written = format!("${{{name}{operator}}}");
    let message = if is_default(operator) {
        format!("`{written}` is always its default: Drone replaces it first")
    } else if first.site.is_shell() {
        format!("`{written}` is replaced by nothing before the shell sees it")
    } else {
        format!("`{written}` is replaced by nothing")
    };
    let near = |it: &&BuildVariable| it.substituted && it.name.len().abs_diff(name.len()) <= 3;
    let similar = || closest(name, build_variables().iter().filter(near).map(|it| it.name));
    let meant = if origin.is_none() && build_variable(name).is_none() && looks_like_drones(name) {
        similar()
    } else {
        None
    };
    let label = match build_variable(name) {
        Some(_) => "only the container knows this variable".to_owned(),
        None => format!("no variable of the build is called `{name}`"),
    };
    let mut problem = Diagnostic::warning(CODE, first.dollar.span, message)
        .label(label)
        .why("Drone replaces `${…}` when it reads the file, and then knows only the variables of the build");
    if let Some((span, what)) = origin {
        problem = problem.also(span, what);
    }
    if let Some(meant) = meant {
        let start = first.dollar.span.start as usize + 2;
        let fix = replace(Span::new(start, start + name.len()), meant, format!("write `{meant}`"));
        return problem.help(format!("did you mean `{meant}`?")).fix(fix);
    }
    if origin.is_none() && build_variable(name).is_none() && looks_like_drones(name) {
        // Left to the shell it is empty, too: Drone sets no such variable.
        return problem.help("take another variable: `ciworkshop plan --env` shows those of a build");
    }
    match first.site {
        site if site.is_shell() => problem
            .help(format!("write `$${{{name}{operator}}}`: `$$` leaves it to the shell"))
            .fix(escape(places)),
        Site::Environment => problem.help(format!(
            "write the value itself, or put it together in `commands`, where the shell knows `${name}`"
        )),
        Site::Setting(_) => {
            problem.help("write the value itself, or take it from a secret with `from_secret`")
        }
        _ => problem.help("write the name of the image in full"),
    }
}

fn looks_like_drones(name: &str) -> bool {
    name.get(..4).is_some_and(|it| it.eq_ignore_ascii_case("dron") || it.eq_ignore_ascii_case("droe"))
}

/// One more `$` at every place.
fn escape(places: &[Use<'_>]) -> Fix {
    let mut starts: Vec<u32> = places.iter().take(MOST_PLACES).map(|it| it.dollar.span.start).collect();
    starts.dedup();
    let edits: Vec<Edit> =
        starts.iter().map(|it| Edit { span: Span { start: *it, end: *it }, text: "$".into() }).collect();
    let message = match edits.len() {
        1 => "write one `$` more, for the shell".to_owned(),
        count => format!("write one `$` more in {count} places, for the shell"),
    };
    Fix { message, edits, safe: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::lint;
    use crate::source::SourceFile;

    fn found(commands: &str) -> Vec<Diagnostic> {
        let head = "kind: pipeline\ntype: docker\nname: d\nsteps:\n- name: a\n  image: b:1\n  commands:\n";
        let mut found = lint(&SourceFile::new("a.yml", format!("{head}{commands}")));
        found.retain(|it| it.code == CODE);
        found
    }

    #[test]
    fn the_fix_leaves_every_place_to_the_shell() {
        let text = "kind: pipeline\ntype: docker\nname: d\nsteps:\n- name: a\n  image: b:1\n  commands:\n  - X=1\n  - echo ${X} ${X#y}\n";
        let problem = lint(&SourceFile::new("a.yml", text)).into_iter().find(|it| it.code == CODE).unwrap();
        let mut fixed = text.to_owned();
        for edit in problem.fixes[0].edits.iter().rev() {
            fixed.replace_range(edit.span.range(), &edit.text);
        }
        assert!(fixed.contains("echo $${X} $${X#y}\n"), "{fixed}");
        assert!(!lint(&SourceFile::new("a.yml", fixed)).iter().any(|it| it.code == CODE));
    }

    #[test]
    fn a_name_that_drone_does_not_have_is_not_left_to_the_shell() {
        let unknown = &found("  - echo ${DRONE_JOB_NUMBER}\n")[0];
        assert!(
            unknown.fixes.is_empty() && unknown.help.as_ref().is_some_and(|it| it.contains("plan --env"))
        );
        assert_eq!(
            found("  - echo ${DRONE_BULD_NUMBER}\n")[0].fixes[0].message,
            "write `DRONE_BUILD_NUMBER`"
        );
    }

    #[test]
    fn a_variable_of_the_script_is_shown_where_it_is_set() {
        for line in ["X=1", "export X=1", "for X in a b; do echo ${X}; done", "read X"] {
            let found = found(&format!("  - {line}\n  - echo ${{X}}\n"));
            assert_eq!(found.len(), 1, "{line}");
            assert_eq!(found[0].secondary.len(), 1, "{line}");
        }
        assert!(found("  - echo XX=1 ${X}\n")[0].secondary.is_empty());
        assert!(found("  - export X=\"${X:-1}\"\n").is_empty());
    }
}
