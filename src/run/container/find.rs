//! The user's variables → a container engine that answers, or what is in the way.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::run::Trouble;
use crate::run::container::Container;
use crate::run::container::client::{Client, Kind, Traits};
use crate::run::container::images::Images;
use crate::run::container::words;
use crate::run::programs::in_path;

/// How long an engine may take to say its version. One that must wake up first takes some seconds.
const LIMIT: Duration = Duration::from_secs(20);

/// Finds an engine: `docker`, else `podman`. `variables` are those of the user: `PATH` leads to the command, and
/// `DOCKER_HOST` and its like lead the command to the engine.
///
/// # Errors
/// There is none, or none answers.
pub fn find(variables: &BTreeMap<String, String>) -> Result<Container, Trouble> {
    let docker = find_named("docker", variables);
    if docker.is_ok() || in_path(variables, "podman").is_none() {
        return docker
            .map_err(|it| if in_path(variables, "docker").is_none() { nothing_there() } else { it });
    }
    find_named("podman", variables).or(docker)
}

/// Finds the engine of one of the two, by name: `docker` or `podman`.
///
/// # Errors
/// The command is not there, or its engine does not answer.
pub fn find_named(name: &str, variables: &BTreeMap<String, String>) -> Result<Container, Trouble> {
    let kind = if name == "podman" { Kind::Podman } else { Kind::Docker };
    let program = in_path(variables, name).ok_or_else(|| {
        Trouble::new(
            format!("the command `{name}` is not in PATH"),
            format!("install {name}, or use `--backend bubblewrap`"),
        )
    })?;
    let client = Client::new(program, kind, variables);
    let version = client.call_within(LIMIT, ["version", "--format", "{{json .}}"])?;
    let told: Value = serde_json::from_str(version.out.trim()).unwrap_or_default();
    // Podman can be installed under the other name, and has no engine of its own.
    if kind == Kind::Podman || told["Client"]["OsArch"].is_string() {
        return podman(client.with_kind(Kind::Podman));
    }
    let engine = told["Server"]["Version"].as_str().filter(|_| version.good);
    let Some(engine) = engine else { return Err(no_answer(&client, &version.err)) };
    let socket = socket(&client);
    let title = format!("docker {}, engine {engine} at {socket}", text(&told["Client"]["Version"]));
    let here = ["unix:///var/run/docker.sock", "unix:///run/docker.sock"];
    let reachable = cfg!(target_os = "linux") && here.contains(&socket.as_str());
    let rootless = socket.starts_with("unix:///run/user/");
    Ok(found(client.with(Traits { limits: !rootless, reachable, rootless }), title))
}

/// Podman says more than its version only when it can work.
fn podman(client: Client) -> Result<Container, Trouble> {
    let info = client.call_within(LIMIT, ["info", "--format", "json"])?;
    let told: Value = serde_json::from_str(info.out.trim()).unwrap_or_default();
    if !info.good || !told["host"].is_object() {
        return Err(no_answer(&client, &info.err));
    }
    let host = &told["host"];
    let rootless = host["security"]["rootless"].as_bool().unwrap_or(false);
    let far = host["serviceIsRemote"].as_bool().unwrap_or(false);
    let pids = host["cgroupControllers"].as_array().is_some_and(|it| it.iter().any(|it| it == "pids"));
    let who = if rootless { "without root" } else { "as root" };
    let place = if far { socket(&client) } else { text(&host["remoteSocket"]["path"]).to_owned() };
    let socket = if place.is_empty() { String::new() } else { format!(", socket {place}") };
    let title = format!("podman {}, {who}{socket}", text(&told["version"]["Version"]));
    let reachable = cfg!(target_os = "linux") && !rootless && !far;
    Ok(found(client.with(Traits { limits: pids, reachable, rootless }), title))
}

fn found(client: Client, title: String) -> Container {
    let client = Arc::new(client);
    Container { images: Arc::new(Images::new(&client)), client, title }
}

/// Where the engine listens, by the variables and the contexts of the user.
fn socket(client: &Client) -> String {
    let asked = match client.kind() {
        Kind::Docker => {
            client.call_within(LIMIT, ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"])
        }
        Kind::Podman => client.call_within(LIMIT, ["info", "--format", "{{.Host.RemoteSocket.Path}}"]),
    };
    let told = asked.ok().filter(|it| it.good).map(|it| it.out.trim().to_owned());
    told.filter(|it| !it.is_empty()).unwrap_or_else(|| "its usual place".to_owned())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn nothing_there() -> Trouble {
    Trouble::new(
        "there is no container engine here: neither `docker` nor `podman` is in PATH",
        "install one of them, or use `--backend bubblewrap`",
    )
}

fn no_answer(client: &Client, words: &str) -> Trouble {
    let name = client.name();
    let cause = words::last_words(words);
    let message = format!("`{}` is here, but no engine answers: {cause}", client.program().display());
    let denied = words.contains("permission denied");
    let step = if words::is_gone(words) || denied || client.kind() == Kind::Docker {
        let step = words::next_step(name, words);
        if step.contains("--backend") { step } else { words::next_step(name, "error during connect") }
    } else {
        format!("look at what `{name} info` says; or use `--backend bubblewrap`")
    };
    Trouble::new(message, step)
}
