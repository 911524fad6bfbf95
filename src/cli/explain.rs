//! `ciworkshop explain [CODE…]`: a rule of the linter → its page, with what the linter says of the page's example.
//! Without a code → all rules, one line each. Needs no file and no network.

use std::io::Write;

use serde_json::{Value, json};

use crate::cli::{Exit, Failure, Format, World, desk, explain_text};
use crate::engine::lint::{Rule, closest, rule_of, rules};

/// Explain a rule of the linter, or list them all
///
/// The code of a rule stands in brackets in what `ciworkshop lint` says: `error[missing-image]`. Its page says what
/// the problem is, why it matters, and how it looks before and after.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Codes of rules. Without any, the list of all
    #[arg(value_name = "CODE")]
    codes: Vec<String>,
    /// How to answer; JSON has one line a rule
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let chosen = arguments.codes.iter().map(|it| find(it)).collect::<Result<Vec<_>, _>>()?;
    let (paint, width) = (desk::paint(world), world.width());
    let text: String = match (arguments.format, chosen.is_empty()) {
        (Format::Json, true) => rules::ALL.iter().map(line).collect(),
        (Format::Json, false) => chosen.into_iter().map(line).collect(),
        (Format::Text, true) => explain_text::list(rules::ALL, world.terminal.then_some(width), paint),
        (Format::Text, false) => {
            let pages: Vec<_> = chosen.iter().map(|it| explain_text::page(it, width, paint)).collect();
            pages.join("\n")
        }
    };
    world.out.write_all(text.as_bytes())?;
    Ok(Exit::Clean)
}

fn find(code: &str) -> Result<&'static Rule, Failure> {
    rule_of(code).ok_or_else(|| {
        let help = match closest(code, rules::ALL.iter().map(|it| it.code)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "`ciworkshop explain` lists all rules".to_owned(),
        };
        Failure::usage(format!("there is no rule `{code}`"), help)
    })
}

fn line(rule: &Rule) -> String {
    view(rule).to_string() + "\n"
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
