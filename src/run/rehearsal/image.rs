//! The settings of plugins that build images → the name, tags and recipe of an image on the shelf. The image itself is
//! built only when somebody lends a builder; it is never pushed.

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::run::Trouble;
use crate::run::backend::Ended;
use crate::run::process::Stop;
use crate::run::rehearsal::settings::HIDDEN;
use crate::run::rehearsal::stage::{Over, Stage, What};
use crate::run::rehearsal::tags::{AutoTags, auto_tags, is_tag};
use crate::run::rehearsal::workspace::What as Found;
use crate::run::shelf::{self, Kind};

const LARGEST_RECIPE: u64 = 1024 * 1024;

/// An image to be built, and not to be pushed.
#[derive(Clone, Debug)]
pub struct ImageOrder {
    /// The run's id.
    pub run: String,
    /// The images that it is made from.
    pub bases: Vec<String>,
    /// On this machine: the folder that holds all that the recipe may use.
    pub context: PathBuf,
    /// On this machine: the recipe.
    pub dockerfile: PathBuf,
    /// The names to give to it, with tags.
    pub names: Vec<String>,
    /// `NAME=value` each. They may hold secrets.
    pub build_args: Vec<String>,
    /// The stage of the recipe to build; empty for the last.
    pub target: String,
    /// True when it must not reach the network.
    pub offline: bool,
}

/// Whoever can build images.
pub trait BuildsImages: Send + Sync {
    /// Builds the image, and does not push it. Output goes to `out` as it comes.
    fn build(&self, order: &ImageOrder, out: &mut (dyn Write + Send), stop: &Stop) -> Result<Ended, Trouble>;
}

/// True for the plugins that are rehearsed here.
pub(super) fn builds(plugin: &str) -> bool {
    const PLUGINS: [&str; 14] = [
        "acr",
        "banzai-kaniko",
        "buildx",
        "docker",
        "docker-buildx",
        "ecr",
        "gar",
        "gcr",
        "heroku",
        "kaniko",
        "kaniko-acr",
        "kaniko-ecr",
        "kaniko-gcr",
        "thegeeklab-docker",
    ];
    PLUGINS.contains(&plugin)
}

pub(super) fn rehearse(stage: &mut Stage<'_, '_>) -> Result<(), Over> {
    let name = image_name(stage);
    let registry = registry_of(&name).to_owned();
    stage.tell_destination(&format!("{registry} as {name}"));
    warn_of_registry(stage, &registry);
    let Some(tags) = tags(stage)? else { return Ok(()) };
    let recipe = recipe(stage)?;
    for tag in &tags {
        stage.talk.tell("would push", &format!("{name}:{tag}"));
    }
    for base in &recipe.bases {
        stage.talk.tell("built from", base);
    }
    let args = build_args(stage);
    for arg in &args {
        stage.talk.tell("build argument", &hidden_arg(stage, arg));
    }
    build(stage, &name, &tags, &recipe, args.clone())?;
    if stage.settings.flag("dry_run").unwrap_or(false) {
        stage.talk.tell("note", "`dry_run` is true, so the plugin would push nothing either");
        return Ok(());
    }
    let args: Vec<String> = args.iter().map(|it| hidden_arg(stage, it)).collect();
    let noted = json!({
        "dockerfile": stage.workspace.shown(&recipe.file),
        "context": stage.workspace.shown(&recipe.context),
        "from": recipe.bases,
        "build_args": args,
        "target": stage.settings.text("target"),
        "platform": stage.settings.text("platform"),
        "labels": stage.settings.list("custom_labels"),
        "git_ref": stage.git_ref(),
        "commit": stage.machine.build.after,
    });
    deliver(stage, &name, &tags, noted, registry)
}

/// The whole name without a tag, as the plugin pushes it.
fn image_name(stage: &Stage<'_, '_>) -> String {
    let settings = stage.settings;
    let repo = settings.text("repo").trim_matches('/');
    let registry = settings.text("registry").trim_end_matches('/');
    let registry = registry.split_once("://").map_or(registry, |it| it.1);
    match settings.plugin.name {
        "heroku" => {
            let process = settings.text_or("process_type", "web");
            format!("registry.heroku.com/{}/{process}", settings.text("app"))
        }
        "ecr" | "gcr" | "gar" | "acr" | "kaniko-ecr" | "kaniko-gcr" | "kaniko-acr" => {
            let usual = if settings.plugin.name.ends_with("gcr") { "gcr.io" } else { "" };
            let registry = if registry.is_empty() { usual } else { registry };
            if registry.is_empty() || repo.starts_with(&format!("{registry}/")) {
                return repo.to_owned();
            }
            format!("{registry}/{repo}")
        }
        _ => repo.to_owned(),
    }
}

/// The registry that a name means.
fn registry_of(name: &str) -> &str {
    let first = name.split('/').next().unwrap_or_default();
    let is_host = name.contains('/') && (first.contains(['.', ':']) || first == "localhost");
    if is_host { first } else { "docker.io" }
}

/// Who logs in at one registry and pushes to another is seldom glad.
fn warn_of_registry(stage: &mut Stage<'_, '_>, registry: &str) {
    let login = stage.settings.text("registry").trim_end_matches('/');
    let login = login.split_once("://").map_or(login, |it| it.1);
    let login = login.split('/').next().unwrap_or_default();
    if !login.is_empty() && login != registry && !(login.ends_with("docker.io") && registry == "docker.io") {
        let text = format!(
            "the login is for {login}, and the image goes to {registry}; `repo` begins with its registry"
        );
        stage.talk.tell("note", &text);
    }
}

/// The tags; `None` when the plugin would build nothing.
fn tags(stage: &mut Stage<'_, '_>) -> Result<Option<Vec<String>>, Over> {
    let settings = stage.settings;
    let mut tags: Vec<String> =
        settings.list("tags").iter().map(|it| stage.secrets().hide_in_name(it)).collect();
    if settings.flag("auto_tag")? {
        let (git_ref, branch) =
            (stage.git_ref(), stage.told("DRONE_REPO_BRANCH", &stage.machine.build.default_branch));
        match auto_tags(git_ref, branch, settings.text("auto_tag_suffix")) {
            AutoTags::Tags(auto) => tags = auto,
            AutoTags::NotThisBranch => {
                stage.talk.tell(
                    "skipped",
                    &format!("`auto_tag` builds nothing for {git_ref}: only {branch} and tags"),
                );
                return Ok(None);
            }
            AutoTags::NoVersion => {
                return Err(Over::Fails(format!(
                    "`auto_tag` makes no tags of {git_ref}: it is no version such as v1.2.3"
                )));
            }
        }
    }
    if tags.is_empty() {
        tags.push("latest".to_owned());
    }
    match tags.iter().find(|it| !is_tag(it)) {
        Some(wrong) => Err(Over::Fails(format!("`{wrong}` is no tag that a registry takes"))),
        None => Ok(Some(tags)),
    }
}

struct Recipe {
    file: PathBuf,
    context: PathBuf,
    bases: Vec<String>,
}

/// The recipe and the folder that it uses must be there; that it works is not known without building it.
fn recipe(stage: &Stage<'_, '_>) -> Result<Recipe, Over> {
    let settings = stage.settings;
    let (context, file) = (settings.text_or("context", "."), settings.text_or("dockerfile", "Dockerfile"));
    let inner =
        |path: &str| stage.workspace.inner(path).map_err(|why| Over::Fails(format!("`{path}` {why}")));
    let (context_path, file_path) = (inner(context)?, inner(file)?);
    if stage.workspace.what(&context_path) != Ok(Found::Folder) {
        return Err(Over::Fails(format!("the context `{context}` is no folder of the workspace")));
    }
    let text = stage.workspace.text(file, LARGEST_RECIPE);
    let text = text.map_err(|why| Over::Fails(format!("the recipe `{file}` {why}")))?;
    let bases = bases(&text);
    if bases.is_empty() {
        return Err(Over::Fails(format!("the recipe `{file}` has no FROM, so there is nothing to build")));
    }
    let bases = bases.iter().map(|it| stage.secrets().hide(it)).collect();
    Ok(Recipe { file: file_path, context: context_path, bases })
}

/// The images behind FROM, without those that are stages of the recipe itself.
fn bases(recipe: &str) -> Vec<String> {
    let (mut bases, mut stages) = (Vec::new(), Vec::new());
    for line in recipe.lines() {
        let mut words = line.split_whitespace().filter(|it| !it.starts_with("--"));
        if !words.next().is_some_and(|it| it.eq_ignore_ascii_case("from")) {
            continue;
        }
        let Some(base) = words.next() else { continue };
        if !stages.contains(&base.to_ascii_lowercase()) {
            bases.push(base.to_owned());
        }
        if words.next().is_some_and(|it| it.eq_ignore_ascii_case("as")) {
            stages.extend(words.next().map(str::to_ascii_lowercase));
        }
    }
    bases
}

fn build_args(stage: &Stage<'_, '_>) -> Vec<String> {
    let given = stage.settings.list("build_args").into_iter().map(str::to_owned);
    let from_environment = stage.settings.list("build_args_from_env");
    let from_environment =
        from_environment.into_iter().map(|name| format!("{name}={}", stage.settings.job.variable(name)));
    given.chain(from_environment).collect()
}

/// What comes from the environment often is a secret, and what is a secret is not known to all.
fn hidden_arg(stage: &Stage<'_, '_>, arg: &str) -> String {
    let from_environment = stage.settings.list("build_args_from_env");
    match arg.split_once('=') {
        Some((name, _)) if from_environment.contains(&name) => format!("{name}={HIDDEN}"),
        _ => stage.secrets().hide(arg),
    }
}

fn build(
    stage: &mut Stage<'_, '_>,
    name: &str,
    tags: &[String],
    recipe: &Recipe,
    build_args: Vec<String>,
) -> Result<(), Over> {
    let Some(builder) = stage.machine.builder.clone() else {
        stage.talk.tell(
            "not built",
            "building an image needs a container engine; the recipe is there and begins well",
        );
        return Ok(());
    };
    let on_this_machine = |inner: &Path| stage.machine.root.join(inner);
    let order = ImageOrder {
        run: stage.machine.run.clone(),
        bases: recipe.bases.clone(),
        context: on_this_machine(&recipe.context),
        dockerfile: on_this_machine(&recipe.file),
        names: tags.iter().map(|it| format!("{name}:{it}")).collect(),
        build_args,
        target: stage.settings.text("target").to_owned(),
        offline: stage.machine.offline,
    };
    match builder.build(&order, stage.talk.out, stage.stop)? {
        Ended::Exit(0) => Ok(()),
        Ended::Exit(code) => Err(Over::Fails(format!("the image does not build: exit code {code}"))),
        other => Err(Over::Ended(other)),
    }
}

fn deliver(
    stage: &mut Stage<'_, '_>,
    name: &str,
    tags: &[String],
    recipe: Value,
    destination: String,
) -> Result<(), Over> {
    let place = stage.path(&name.replace(':', "_"))?;
    let recipe = stage.secrets().hide_in_json(recipe);
    let shelf = stage.open_shelf()?;
    let path = shelf::image(&shelf, &place, tags, &recipe)?;
    let mut title = name.to_owned();
    let _ = write!(title, ":{}", tags.join(", :"));
    stage.delivered(&shelf, What { kind: Kind::Image, title, path, destination, files: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_images_behind_from_are_found() {
        let recipe =
            "# x\nFROM --platform=linux/amd64 golang:1 AS build\nRUN x\nfrom build AS test\nFROM alpine:3\n";
        assert_eq!(bases(recipe), ["golang:1", "alpine:3"]);
        assert!(bases("RUN x\n").is_empty());
    }

    #[test]
    fn a_name_means_a_registry() {
        assert_eq!(registry_of("octocat/app"), "docker.io");
        assert_eq!(registry_of("ghcr.io/octocat/app"), "ghcr.io");
        assert_eq!(registry_of("localhost:5000/app"), "localhost:5000");
        assert_eq!(registry_of("app.x"), "docker.io");
    }
}
