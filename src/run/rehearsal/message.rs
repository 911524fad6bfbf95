//! The settings of plugins that tell people or programs about the build → the message that would be sent.

use serde_json::{Value, json};

use crate::run::rehearsal::stage::{Over, Stage, What};
use crate::run::rehearsal::talk::host;
use crate::run::rehearsal::template::{self, Rendered};
use crate::run::rehearsal::workspace::Absent;
use crate::run::shelf::{self, Kind};

const LARGEST_TEMPLATE: u64 = 256 * 1024;

pub(super) fn slack(stage: &mut Stage<'_, '_>) -> Result<(), Over> {
    let settings = stage.settings;
    let destination = match settings.text("webhook") {
        "" => "https://slack.com/******".to_owned(),
        url => host(url),
    };
    let recipient = match (settings.text("recipient"), settings.text("channel")) {
        ("", "") => "the usual channel".to_owned(),
        ("", channel) => with_prefix('#', channel),
        (recipient, _) => with_prefix('@', recipient),
    };
    stage.talk.tell("would be sent to", &format!("{destination}, {recipient}"));
    let template = ["template", "custom_template", "message"]
        .iter()
        .map(|it| settings.text(it))
        .find(|it| !it.is_empty());
    let text = match template {
        Some(template) => rendered(stage, template)?,
        None => usual(stage),
    };
    stage.talk.tell("message", "");
    stage.talk.quote(&text);
    let message = json!({
        "to": destination,
        "channel": recipient,
        "username": settings.text("username"),
        "color": settings.text_or("color", colour(stage.told("DRONE_BUILD_STATUS", ""))),
        "text": text,
    });
    deliver(stage, message, format!("to {recipient}"), destination)
}

fn with_prefix(prefix: char, name: &str) -> String {
    if name.starts_with(prefix) { name.to_owned() } else { format!("{prefix}{name}") }
}

fn colour(status: &str) -> &'static str {
    match status {
        "success" => "good",
        "failure" | "error" | "killed" => "danger",
        _ => "warning",
    }
}

/// What the plugin says when it is not told what to say.
fn usual(stage: &Stage<'_, '_>) -> String {
    let fields = fields(stage);
    let field = |name: &str| fields.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
    let commit: String = field("build.commit").chars().take(8).collect();
    let (owner, name) = (field("repo.owner"), field("repo.name"));
    let (status, link) = (field("build.status"), field("build.link"));
    let (branch, author) = (field("build.branch"), field("build.author"));
    format!("*{status}* <{link}|{owner}/{name}#{commit}> ({branch}) by {author}")
}

pub(super) fn webhook(stage: &mut Stage<'_, '_>) -> Result<(), Over> {
    let settings = stage.settings;
    let (urls, method) = (settings.list("urls"), settings.text_or("method", "POST"));
    if let Some(wrong) = urls.iter().find(|it| !it.starts_with("http://") && !it.starts_with("https://")) {
        let shown = host(wrong);
        return Err(Over::Fails(format!(
            "`urls` holds `{shown}`, which is no address that begins with http:// or https://"
        )));
    }
    let urls: Vec<String> = urls.into_iter().map(host).collect();
    for url in &urls {
        stage.talk.tell("would be sent to", &format!("{url} by {method}"));
    }
    let body = match settings.text("template") {
        "" => payload(stage).to_string(),
        template => rendered(stage, template)?,
    };
    let content_type = settings.text_or("content_type", "application/json");
    if content_type.starts_with("application/json") && serde_json::from_str::<Value>(&body).is_err() {
        stage.talk.tell("note", "the message is no JSON, and `content_type` says that it is");
    }
    let names = |it: &str| it.split('=').next().unwrap_or_default().to_owned();
    let headers: Vec<String> = settings.list("headers").into_iter().map(names).collect();
    if !headers.is_empty() {
        stage.talk.tell("headers", &headers.join(", "));
    }
    stage.talk.tell("message", content_type);
    stage.talk.quote(&body);
    let message = json!({
        "to": urls,
        "method": method,
        "content_type": content_type,
        "headers": headers,
        "signed": !settings.text("signature_secret").is_empty(),
        "body": body,
    });
    let to = urls.join(", ");
    deliver(stage, message, format!("{method} {to}"), to)
}

/// A template may be the text itself or name a file or an address.
fn rendered(stage: &mut Stage<'_, '_>, template: &str) -> Result<String, Over> {
    if template.starts_with("http://") || template.starts_with("https://") {
        let from = host(template);
        stage.talk.tell("note", &format!("the template would be fetched from {from}; it is not read here"));
        return Ok(format!("(the template at {from})"));
    }
    let text = match template.strip_prefix("file://") {
        Some(path) => {
            let read = stage.workspace.text(path, LARGEST_TEMPLATE);
            read.map_err(|why: Absent| Over::Fails(format!("the template `{path}` {why}")))?
        }
        None => template.to_owned(),
    };
    let Rendered { text, unknown } = template::render(&text, &fields(stage));
    if !unknown.is_empty() {
        let unknown = unknown.join(", ");
        stage.talk.tell("note", &format!("stays as written, because it is not worked out here: {unknown}"));
    }
    Ok(stage.secrets().hide(&text))
}

/// What messages may say of the build.
fn fields(stage: &Stage<'_, '_>) -> Vec<(&'static str, String)> {
    let build = &stage.machine.build;
    let repo = stage.told("DRONE_REPO", &build.repo);
    let (owner, name) = repo.rsplit_once('/').unwrap_or(("", repo));
    let variable = |name: &str| stage.settings.job.variable(name).to_owned();
    vec![
        ("repo.owner", owner.to_owned()),
        ("repo.namespace", owner.to_owned()),
        ("repo.name", name.to_owned()),
        ("repo.slug", repo.to_owned()),
        ("build.tag", variable("DRONE_TAG")),
        ("build.event", stage.event().to_owned()),
        ("build.number", build.number.to_string()),
        ("build.commit", build.after.clone()),
        ("commit.sha", build.after.clone()),
        ("build.ref", stage.git_ref().to_owned()),
        ("commit.ref", stage.git_ref().to_owned()),
        ("build.branch", stage.told("DRONE_COMMIT_BRANCH", &build.branch).to_owned()),
        ("commit.branch", stage.told("DRONE_COMMIT_BRANCH", &build.branch).to_owned()),
        ("build.author", build.author.clone()),
        ("commit.author", build.author.clone()),
        ("build.pull", variable("DRONE_PULL_REQUEST")),
        ("build.message", build.message.clone()),
        ("commit.message", build.message.clone()),
        ("build.deployTo", build.target.clone()),
        ("build.status", stage.told("DRONE_BUILD_STATUS", "success").to_owned()),
        ("build.link", variable("DRONE_BUILD_LINK")),
        ("commit.link", variable("DRONE_COMMIT_LINK")),
        ("build.started", build.started.to_string()),
        ("build.created", build.created.to_string()),
    ]
}

/// What a program is told when there is no template.
fn payload(stage: &Stage<'_, '_>) -> Value {
    let mut payload = json!({"repo": {}, "build": {}, "commit": {}});
    for (name, value) in fields(stage) {
        if let Some((group, field)) = name.split_once('.') {
            payload[group][field] = Value::String(value);
        }
    }
    stage.secrets().hide_in_json(payload)
}

fn deliver(
    stage: &mut Stage<'_, '_>,
    message: Value,
    title: String,
    destination: String,
) -> Result<(), Over> {
    let message = stage.secrets().hide_in_json(message);
    let plugin = stage.settings.plugin.name;
    let shelf = stage.open_shelf()?;
    let path = shelf::message(&shelf, plugin, &message)?;
    stage.delivered(&shelf, What { kind: Kind::Message, title, path, destination, files: Vec::new() })
}
