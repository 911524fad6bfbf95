//! How a Python package is published: built on a tag, its version compared with the tag, and uploaded in a step of its
//! own, which alone sees the token.

use crate::scaffold::detect::kit::submodules;
use crate::scaffold::detect::publish::not_empty;
use crate::scaffold::detect::python::facts::Facts;
use crate::scaffold::detect::python::manager::{before, manifest, rust};
use crate::scaffold::detect::python::runner::is_private;
use crate::scaffold::detect::{Advice, Line, Publish, Step, Variable};

/// `None` for what is no package, is private, or is an application.
pub(crate) fn publish(facts: &Facts<'_>, image: &str) -> Option<Publish> {
    if !facts.is_package()
        || facts.unbuilt()
        || facts.by_cfg_alone()
        || is_private(facts)
        || is_application(facts)
    {
        return None;
    }
    let name = facts.name()?;
    let place = facts.folder.path(manifest(facts));
    Some(Publish {
        why: format!("to PyPI, because {place} makes the package `{name}`"),
        steps: vec![build(facts, image), upload(image)],
        secrets: vec![("pypi_token".into(), "a token of PyPI for this project; uploads a release".into())],
    })
}

fn build(facts: &Facts<'_>, image: &str) -> Step {
    let mut commands: Vec<Line> = submodules(facts.folder).into_iter().collect();
    commands.push(Line::plain("pip install build==1.2.2 twine==6.1.0"));
    if from_git(facts) {
        commands.push(Line::new("git fetch --tags", "the version is made from tags, and the clone has none"));
    }
    if let Some(place) = facts.of_rust() {
        commands.push(rust(&place));
    }
    let before = before(facts);
    let isolation = if before.is_some() { " --no-isolation" } else { "" };
    commands.extend(before);
    commands.push(match facts.compiled() {
        Some(place) => Line::new(
            format!("python -m build --sdist{isolation}"),
            format!("the source alone: PyPI takes no wheel that is compiled on any Linux ({place})"),
        ),
        None => Line::plain(format!("python -m build{isolation}")),
    });
    // A page without a text is a warning, and no reason to publish nothing.
    let strict = if described(facts) { "--strict " } else { "" };
    commands.push(Line::plain(format!("twine check {strict}dist/*")));
    commands.push(Line::new(
        "test -n \"$(find dist/ -name \"*-$(echo \"$DRONE_TAG\" | sed 's/^v//')[.-][a-z]*\")\" || { echo \"No file in dist/ has the version of the tag $DRONE_TAG.\"; exit 1; }",
        "PyPI takes a version once and never again: it must be the one of the tag",
    ));
    Step { name: "build".into(), image: image.into(), commands, ..Step::default() }
}

fn upload(image: &str) -> Step {
    let token = Variable::secret("TWINE_PASSWORD", "pypi_token");
    Step {
        name: "publish".into(),
        why: "the only step that sees the token, and no code of the project runs in it".into(),
        image: image.into(),
        commands: vec![
            not_empty(&token),
            Line::plain("pip install twine==6.1.0"),
            Line::plain("twine upload --non-interactive dist/*"),
        ],
        environment: vec![Variable::new("TWINE_USERNAME", "__token__", ""), token],
        ..Step::default()
    }
}

/// True when the version comes from tags of git.
pub(crate) fn from_git(facts: &Facts<'_>) -> bool {
    const TOOLS: [&str; 10] = [
        "dunamai",
        "flit-scm",
        "hatch-vcs",
        "pbr",
        "pdm-scm",
        "poetry-dynamic-versioning",
        "setuptools-git-versioning",
        "setuptools-scm",
        "uv-dynamic-versioning",
        "versioningit",
    ];
    TOOLS.iter().any(|it| facts.package(it).is_some()) || facts.folder.has("versioneer.py")
}

/// Why a package is not published, when the reason is a file that says how it is started.
pub(crate) fn deployed(facts: &Facts<'_>) -> Option<Advice> {
    let file = facts.folder.first(&STARTED).filter(|_| facts.is_package() && is_application(facts))?;
    let what = format!(
        "{} says that this is started, and not installed by others: it is tested on one Python, and nothing is published",
        facts.folder.path(file)
    );
    Some(Advice::new(what, "if others install it, too: give the package classifiers, and call init again"))
}

/// What starts a program.
const STARTED: [&str; 8] = [
    "Dockerfile",
    "Procfile",
    "alembic.ini",
    "app.json",
    "fly.toml",
    "serverless.yml",
    "template.yaml",
    "wsgi.py",
];

/// True for what is deployed, and not installed by others: it starts a server, or is called as everybody's is. What has
/// classifiers wants to be found.
pub(crate) fn is_application(facts: &Facts<'_>) -> bool {
    const NAMES: [&str; 22] = [
        "analysis",
        "api",
        "app",
        "application",
        "backend",
        "bot",
        "code",
        "demo",
        "example",
        "experiments",
        "main",
        "my-app",
        "my-package",
        "my-project",
        "notebooks",
        "project",
        "research",
        "server",
        "src",
        "template",
        "thesis",
        "web",
    ];
    let name = facts.name().unwrap_or_default().to_lowercase().replace('_', "-");
    let started = facts.folder.first(&STARTED).is_some() || facts.manage().is_some();
    !classified(facts) && (started || NAMES.contains(&name.as_str()))
}

/// True when the page of the package has a text, and its kind is said.
fn described(facts: &Facts<'_>) -> bool {
    let dynamic = facts.at(&["project", "dynamic"]).is_some_and(|it| it.texts().contains(&"readme"));
    let toml = facts.at(&["project", "readme"]).or_else(|| facts.at(&["tool", "poetry", "readme"]));
    let kind = "long_description_content_type";
    dynamic
        || toml.is_some()
        || facts.setup_cfg.get("metadata", kind).is_some()
        || facts.setup_py.contains(kind)
}

fn classified(facts: &Facts<'_>) -> bool {
    facts.at(&["project", "classifiers"]).or_else(|| facts.at(&["tool", "poetry", "classifiers"])).is_some()
        || facts.setup_cfg.get("metadata", "classifiers").is_some()
        || facts.argument("classifiers").is_some()
}
