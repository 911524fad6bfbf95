//! What a compose file starts and no rule here can wait for → one advice that names it.

use crate::scaffold::detect::Advice;
use crate::scaffold::detect::services::image::{base, kind_of};
use crate::scaffold::detect::services::{COMPOSE, manifests, names, valid, variables, with_defaults};
use crate::scaffold::project::{Folder, Value};

/// Parts of names of images that no test talks to: pages for people, catchers of mail, what stands before a program, and
/// the languages that it is written in.
const QUIET: [&str; 34] = [
    "admin",
    "alpine",
    "caddy",
    "commander",
    "debian",
    "elixir",
    "exporter",
    "express",
    "flower",
    "golang",
    "grafana",
    "haproxy",
    "httpd",
    "insight",
    "jaeger",
    "jdk",
    "kibana",
    "maildev",
    "mailcatcher",
    "mailhog",
    "mailpit",
    "nginx",
    "node",
    "openjdk",
    "php",
    "portainer",
    "prometheus",
    "python",
    "ruby",
    "rust",
    "selenium",
    "traefik",
    "ubuntu",
    "-ui",
];

/// The servers that are left out. `here` is a part of the project that the compose file is for.
pub(super) fn left_out(here: Folder<'_>) -> Option<Advice> {
    let own = here.first(&COMPOSE).map(|it| (here, it));
    let project = here.survey.folder("");
    let (folder, name) = own.or_else(|| project.first(&COMPOSE).map(|it| (project, it)))?;
    let value = folder.value(name)?;
    let all = value.at(&["services"]).map_or(&[][..], Value::entries);
    // Of a file above, only what this part speaks of.
    let text = if own.is_none() { manifests(here) } else { String::new() };
    let found: Vec<(&str, &Value, String)> = all
        .iter()
        .filter_map(|it| server(it, all).map(|image| (it.0.as_str(), &it.1, image)))
        .filter(|it| own.is_some() || text.contains(it.0) || text.contains(base(&it.2)))
        .collect();
    let line = found.first()?.1.at(&["image"])?.line;
    let shown: Vec<String> = found.iter().map(|it| format!("`{}` ({})", it.0, it.2)).collect();
    Some(Advice::new(
        format!(
            "no rule here knows how to start {} of the compose file and wait until it answers: left out ({})",
            shown.join(" and "),
            folder.place(name, line)
        ),
        "if the tests talk to it, add it under `services`, and a step before the tests that waits until it answers",
    ))
}

/// The image of a service that others talk to and that is not taken.
fn server((host, value): &(String, Value), all: &[(String, Value)]) -> Option<String> {
    let image = with_defaults(value.text_at(&["image"])?);
    let taken = kind_of(&image).is_some() && valid(host);
    let quiet = QUIET.iter().any(|it| base(&image).contains(it));
    let others = || all.iter().filter(|it| it.0 != *host);
    let told = |value: &Value, host: &str| variables(value).iter().any(|it| names(&it.1, host));
    let called = others().any(|it| told(&it.1, host));
    // The program itself, in an image of its own.
    let program = value.at(&["build"]).is_some()
        || value.at(&["depends_on"]).is_some()
        || others().any(|it| told(value, &it.0))
        || image.contains('$');
    let open = value.at(&["ports"]).is_some() && !program;
    (!taken && !quiet && (open || called)).then_some(image)
}
