//! `ciworkshop explain [CODE…]`: a rule of the linter → its page, with what the linter says of the page's example; a key
//! of the file → what it is for, in each place; a code of the course → what its checks say.
//! Without a code → all rules, one line each. Needs no file and no network.

use std::io::Write;

use serde_json::{Value, json};

use crate::cli::{Exit, Failure, Format, World, desk, explain_text};
use crate::engine::course::advice;
use crate::engine::lint::{Rule, closest, rule_of, rules};
use crate::engine::pipeline::grammar::{Key, Map, maps};
use crate::workshop::Material;

/// Explain a rule of the linter or a key of the file, or list all rules
///
/// The code of a rule stands in brackets in what `ciworkshop lint` says: `error[missing-image]`. Its page says what
/// the problem is, why it matters, and how it looks before and after. A key, such as `depends_on`, is explained for each
/// place that it may stand in. So is the code of a finding, such as `CW-hidden-red`, which `ciworkshop check` shows.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Codes of rules, or keys of a `.drone.yml`. Without any, the list of all rules
    #[arg(value_name = "CODE")]
    words: Vec<String>,
    /// How to answer; JSON has one line a rule
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let chosen = arguments.words.iter().map(|it| find(it)).collect::<Result<Vec<_>, _>>()?;
    let (paint, width) = (desk::paint(world), world.width());
    let text: String = match (arguments.format, chosen.is_empty()) {
        (Format::Json, true) => rules::ALL.iter().map(|it| line(&Subject::Rule(it))).collect(),
        (Format::Json, false) => chosen.iter().map(line).collect(),
        (Format::Text, true) => explain_text::list(rules::ALL, world.terminal.then_some(width), paint),
        (Format::Text, false) => {
            let page = |it: &Subject| match it {
                Subject::Rule(rule) => explain_text::page(rule, width, paint),
                Subject::Finding(code, words) => explain_text::finding(code, words, width, paint),
                Subject::Key(places) => explain_text::key(places, width, paint),
            };
            let pages: Vec<_> = chosen.iter().map(page).collect();
            pages.join("\n")
        }
    };
    world.out.write_all(text.as_bytes())?;
    Ok(Exit::Clean)
}

/// What is explained.
enum Subject {
    Rule(&'static Rule),
    /// A code of the course, with what its checks say, each once.
    Finding(String, Vec<Words>),
    /// A key, with each place that it may stand in.
    Key(Vec<(&'static Map, &'static Key)>),
}

/// What a finding of an exercise is about, and what to do.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Words {
    /// The number of the exercise; nothing for what any exercise may find.
    pub(super) exercise: Option<String>,
    /// What is expected, and the idea.
    pub(super) expected: String,
    /// One thing to do.
    pub(super) next: String,
}

/// All that the course says about a code.
fn of_course(word: &str) -> Option<Subject> {
    let material = Material::embedded();
    let checks = material.course().ok()?.checks_of(word).map(|(exercise, check)| Words {
        exercise: Some(exercise.number.clone()),
        expected: check.expected.clone(),
        next: check.next.clone(),
    });
    let general =
        advice(word).map(|it| Words { exercise: None, expected: it.expected.into(), next: it.next.into() });
    let words: Vec<Words> = general.into_iter().chain(checks).collect();
    (!words.is_empty()).then(|| Subject::Finding(word.to_owned(), words))
}

fn find(word: &str) -> Result<Subject, Failure> {
    if let Some(rule) = rule_of(word) {
        return Ok(Subject::Rule(rule));
    }
    let maps = maps();
    let places: Vec<_> = maps.iter().filter_map(|it| Some((*it, it.key(word)?))).collect();
    if !places.is_empty() {
        return Ok(Subject::Key(places));
    }
    // Last, because the whole course is read for it.
    if let Some(subject) = of_course(word) {
        return Ok(subject);
    }
    let keys = maps.iter().flat_map(|it| it.keys).map(|it| it.name);
    let help = match closest(word, rules::ALL.iter().map(|it| it.code).chain(keys)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`ciworkshop explain` lists all rules".to_owned(),
    };
    Err(Failure::usage(format!("there is no rule and no key `{word}`"), help))
}

fn line(subject: &Subject) -> String {
    let view = match subject {
        Subject::Rule(rule) => view(rule),
        Subject::Finding(code, words) => finding_view(code, words),
        Subject::Key(places) => key_view(places),
    };
    view.to_string() + "\n"
}

fn finding_view(code: &str, words: &[Words]) -> Value {
    let view = |it: &Words| json!({"exercise": it.exercise, "expected": it.expected, "next": it.next});
    json!({"version": 1, "finding": code, "says": words.iter().map(view).collect::<Vec<_>>()})
}

fn key_view(places: &[(&Map, &Key)]) -> Value {
    let view = |(map, key): &(&Map, &Key)| json!({"in": map.noun, "says": key.says});
    let name = places.first().map_or("", |it| it.1.name);
    json!({"version": 1, "key": name, "places": places.iter().map(view).collect::<Vec<_>>()})
}

fn view(rule: &Rule) -> Value {
    json!({
        "version": 1,
        "code": rule.code,
        "severity": rule.severity.word(),
        "summary": rule.summary(),
        "page": rule.page,
        "before": rule.before(),
        "after": rule.after(),
    })
}
