//! `localhost` in a step, where a service of the pipeline is meant: a service is reached by its name.

use crate::diagnostic::Diagnostic;
use crate::lint::edit::replace;
use crate::lint::rule::{Check, Rule};
use crate::lint::script::StepScript;
use crate::lint::written::{PipelineAdvice, StepAdvice};
use crate::pipeline::{ImageName, Text, Variable};
use crate::source::Span;

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};

const CODE: &str = "localhost-service";

/// A server that is well known: a word of its image's name, its port, the words of variables for it, and what a step
/// runs that starts one of its own.
struct Server {
    image: &'static str,
    port: &'static str,
    variables: &'static [&'static str],
    starts: &'static [&'static str],
}

const SERVERS: &[Server] = &[
    Server {
        image: "postg",
        port: "5432",
        variables: &["POSTGRES", "PG", "DB", "DATABASE"],
        starts: &["pg_ctl", "service postgresql", "initdb"],
    },
    Server {
        image: "mysql",
        port: "3306",
        variables: &["MYSQL", "DB", "DATABASE"],
        starts: &["mysqld", "service mysql"],
    },
    Server {
        image: "mariadb",
        port: "3306",
        variables: &["MYSQL", "MARIADB", "DB", "DATABASE"],
        starts: &["mysqld", "mariadbd", "service m"],
    },
    Server { image: "redis", port: "6379", variables: &["REDIS", "CACHE"], starts: &["redis-server"] },
    Server {
        image: "mongo",
        port: "27017",
        variables: &["MONGO", "MONGODB", "DB", "DATABASE"],
        starts: &["mongod"],
    },
    Server {
        image: "rabbitmq",
        port: "5672",
        variables: &["RABBITMQ", "AMQP"],
        starts: &["rabbitmq-server"],
    },
    Server {
        image: "elasticsearch",
        port: "9200",
        variables: &["ELASTICSEARCH", "ES"],
        starts: &["elasticsearch -"],
    },
    Server { image: "memcached", port: "11211", variables: &["MEMCACHED", "CACHE"], starts: &["memcached "] },
    Server { image: "nats", port: "4222", variables: &["NATS"], starts: &["nats-server"] },
    Server { image: "minio", port: "9000", variables: &["MINIO", "S3"], starts: &["minio server"] },
];

/// What starts any server, or leads elsewhere.
const TUNNELS: &[&str] = &[
    "docker run",
    "docker-compose",
    "docker compose",
    "socat",
    "ssh -",
    "kubectl port-forward",
    "supervisord",
];

fn check(advice: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    if !advice.pipeline.is_docker() {
        return;
    }
    let detached = advice.steps().filter(|it| it.step.is_detached());
    let served: Vec<(&str, &Server)> = advice
        .services()
        .chain(detached)
        .filter_map(|it| Some((it.step.name(), server(it.step.image())?)))
        .collect();
    if served.is_empty() {
        return;
    }
    for (name, value) in &advice.pipeline.environment {
        found.extend(in_variable(name, value, &served));
    }
    for step in advice.steps().filter(|it| it.step.network_mode.is_none() && !it.step.is_detached()) {
        in_step(step, &served, found);
    }
}

fn server(image: &str) -> Option<&'static Server> {
    let name = ImageName::of(image).last();
    SERVERS.iter().find(|it| name.contains(it.image))
}

fn in_step(step: &StepAdvice<'_>, served: &[(&str, &Server)], found: &mut Vec<Diagnostic>) {
    let runs = |words: &[&str]| {
        step.step.commands().iter().any(|it| words.iter().any(|word| it.value.contains(word)))
    };
    let meant: Vec<_> = served.iter().filter(|it| !runs(it.1.starts)).copied().collect();
    if meant.is_empty() || runs(TUNNELS) {
        return;
    }
    for (name, value) in &step.step.environment {
        if let Variable::Value(value) = value {
            found.extend(in_variable(name, value, &meant));
        }
    }
    let mentions = |it: &Text| it.value.contains("localhost") || it.value.contains("127.0.0.1");
    if step.step.commands().iter().any(mentions)
        && let Some(script) = step.script()
    {
        in_script(script, &meant, found);
    }
}

fn in_variable(name: &Text, value: &Text, served: &[(&str, &Server)]) -> Option<Diagnostic> {
    let text = value.value.as_str();
    if !text.contains("localhost") && !text.contains("127.0.0.1") {
        return None;
    }
    // `DB_HOST: localhost`
    let host = matches!(text, "localhost" | "127.0.0.1") && name.value.ends_with("HOST");
    let of_name = |it: &&(&str, &Server)| {
        let before = name.value.trim_end_matches("HOST").trim_end_matches('_');
        it.1.variables.iter().any(|word| before == *word || before.ends_with(&format!("_{word}")))
    };
    if host && let Some((service, _)) = served.iter().find(of_name) {
        return Some(of(value.span, text, service));
    }
    let (at, length, service) = addresses(text, served).next()?;
    Some(of(part(value, at, length), &text[at..at + length], service))
}

/// The place of a part of a value, when the value stands in the file as it is.
fn part(value: &Text, at: usize, length: usize) -> Span {
    let written = value.span.range().len();
    let quotes = usize::from(written == value.value.len() + 2);
    if written == value.value.len() + 2 * quotes {
        let start = value.span.start as usize + quotes + at;
        Span::new(start, start + length)
    } else {
        value.span
    }
}

fn in_script(script: &StepScript, served: &[(&str, &Server)], found: &mut Vec<Diagnostic>) {
    for (at, length, service) in addresses(&script.text, served) {
        let span = Span::new(at, at + length);
        let host = script.text.get(span.range()).unwrap_or_default();
        found.push(of(script.place(span), host, service));
    }
}

/// The hosts of `localhost:5432` and its like, and the service that has that port.
fn addresses<'t, 's>(
    text: &'t str,
    served: &'t [(&'s str, &Server)],
) -> impl Iterator<Item = (usize, usize, &'s str)> + 't
where
    's: 't,
{
    text.match_indices(':').filter_map(|(colon, _)| {
        let host = ["localhost", "127.0.0.1"].into_iter().find(|it| text[..colon].ends_with(it))?;
        let port = text[colon + 1..].split(|it: char| !it.is_ascii_digit()).next()?;
        let (service, _) = served.iter().find(|it| it.1.port == port)?;
        Some((colon - host.len(), host.len(), *service))
    })
}

fn of(place: Span, host: &str, service: &str) -> Diagnostic {
    Diagnostic::warning(CODE, place, format!("`{host}` is the step itself; the service is reached as `{service}`"))
        .label("nothing listens here")
        .why("each service has a container of its own, and its name is its host name in the network of the pipeline")
        .help(format!("write `{service}` in the place of `{host}`"))
        .fix(replace(place, service, format!("write `{service}`")))
}
