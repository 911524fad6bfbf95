//! A step that speaks to a database as its first act, while the database is still starting.

use crate::diagnostic::Diagnostic;
use crate::lint::purpose::{Purpose, called, purpose};
use crate::lint::rule::{Check, Rule};
use crate::lint::written::{PipelineAdvice, StepAdvice};
use crate::pipeline::ImageName;
use crate::shell::{Seen, commands};

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Hint,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};

const CODE: &str = "service-not-ready";

/// Images of databases, by a word of their names, and the clients that speak to them.
const CLIENTS: &[(&str, &[&str])] = &[
    ("postg", &["psql", "createdb", "pg_restore", "pg_dump"]),
    ("mysql", &["mysql", "mysqldump", "mysqladmin"]),
    ("mariadb", &["mysql", "mariadb", "mysqldump"]),
    ("mongo", &["mongo", "mongosh", "mongoimport"]),
    ("redis", &["redis-cli"]),
];

/// Words of those who wait.
const WAITS: &[&str] = &["sleep", "wait", "until ", "while ", "retry", "ready", "for i in", " -z ", "ping"];

fn check(advice: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let clients: Vec<_> =
        advice.services().filter_map(|it| Some((it.step.name(), clients_of(it)?))).collect();
    if clients.is_empty() {
        return;
    }
    for step in advice.steps() {
        // Once somebody has waited, or has worked for a while, the database is up.
        let script = match step.script() {
            Some(script) if !WAITS.iter().any(|it| script.text.contains(it)) => script,
            _ => return,
        };
        let Some(tree) = script.tree() else { return };
        for seen in commands(tree) {
            let program = seen.simple.unwrapped().program().unwrap_or_default();
            let served = clients.iter().find(|it| it.1.contains(&program));
            if let Some((service, _)) = served.filter(|_| speaks_to_host(&seen)) {
                let place = script.place(seen.simple.span);
                found.push(of(place, &called(seen.simple), service));
                return;
            }
            if !matches!(purpose(seen.simple), Purpose::Prepare) {
                return;
            }
        }
    }
}

fn clients_of(service: &StepAdvice<'_>) -> Option<&'static [&'static str]> {
    let name = ImageName::of(service.step.image()).last();
    CLIENTS.iter().find(|it| name.contains(it.0)).map(|it| it.1)
}

/// With `--version` and the like, nothing is asked of the server.
fn speaks_to_host(seen: &Seen<'_>) -> bool {
    let call = seen.simple.unwrapped();
    seen.context.after.is_none() && !call.has_flag("--version") && !call.has_flag("--help")
}

fn of(place: crate::source::Span, command: &str, service: &str) -> Diagnostic {
    Diagnostic::hint(
        CODE,
        place,
        format!("`{command}` may come too early: the service `{service}` is still starting"),
    )
    .label("runs as soon as the service is started")
    .why("Drone starts a service and does not wait until it answers; a database needs some seconds")
    .help("wait in a loop that ends: `for i in $(seq 30); do COMMAND && break; sleep 1; done`")
}
