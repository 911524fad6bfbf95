//! Static sites: mdBook, `MkDocs`, Sphinx, Hugo, Jekyll. A site is right when it builds without a warning.

use crate::scaffold::detect::elsewhere::{self, is_whole};
use crate::scaffold::detect::kit::{Said, after, version};
use crate::scaffold::detect::publish::{self, to_pages};
use crate::scaffold::detect::python;
use crate::scaffold::detect::version::{Tilde, allows};
use crate::scaffold::detect::{Component, Line, Version};
use crate::scaffold::project::{Fact, Folder, Value};

pub(crate) const MARKERS: &[&str] = &[
    "book.toml",
    "mkdocs.yml",
    "mkdocs.yaml",
    "conf.py",
    "source/conf.py",
    "docs/conf.py",
    "docs/source/conf.py",
    "doc/conf.py",
    "doc/source/conf.py",
    "hugo.toml",
    "hugo.yaml",
    "hugo.json",
    "config/_default/",
    "config.toml",
    "config.yaml",
    "_config.yml",
];

/// Where the settings of Sphinx lie.
pub(crate) const SPHINX: &[&str] = &[
    "docs/source/conf.py",
    "docs/conf.py",
    "doc/source/conf.py",
    "doc/conf.py",
    "source/conf.py",
    "conf.py",
];

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let site = mdbook(folder).or_else(|| mkdocs(folder)).or_else(|| sphinx(folder));
    let site = site.or_else(|| hugo(folder)).or_else(|| jekyll(folder))?;
    let way = publish::Site {
        settings: site.marker,
        key: site.key,
        built: &site.built,
        image: &site.version.image,
        commands: site.install.iter().chain(&site.build[..1]).cloned().collect(),
    };
    let publish = to_pages(folder, way);
    let component = Component {
        ecosystem: site.kind,
        name: folder.name(),
        score: 3,
        evidence: vec![Fact::new(format!("a site of {}", site.kind), folder.path(site.marker))],
        install: site.install,
        test: site.build,
        tested: true,
        versions: vec![site.version],
        ..Component::default()
    };
    Some(component.published(publish))
}

struct Site<'f> {
    kind: &'static str,
    marker: &'f str,
    version: Version,
    install: Vec<Line>,
    build: Vec<Line>,
    /// The folder that the first command of these makes.
    built: String,
    /// The setting that says where the site stands.
    key: &'static str,
}

fn mdbook(folder: Folder<'_>) -> Option<Site<'_>> {
    let marker = folder.first(&["book.toml"])?;
    Some(Site {
        kind: "mdBook",
        marker,
        version: version("rust", "1.95", "rust:1.95", "mdBook is a program of Rust"),
        install: std::iter::once(program(folder)).chain(helpers(folder)).collect(),
        build: vec![
            Line::plain("mdbook build"),
            Line::new("mdbook test", "the examples in Rust on the pages"),
        ],
        built: book(folder),
        key: "cname",
    })
}

/// The programs that mdBook calls, and does not have itself: each is a crate of its name.
fn helpers(folder: Folder<'_>) -> Vec<Line> {
    const OWN: [&str; 4] = ["html", "index", "links", "markdown"];
    let Some(settings) = folder.value("book.toml") else { return Vec::new() };
    let tables = ["preprocessor", "output"].into_iter().filter_map(|it| settings.at(&[it]));
    let named = |(name, table): &(String, Value)| {
        let optional = table.at(&["optional"]).and_then(Value::text) == Some("true");
        let command = table.text_at(&["command"]).unwrap_or_default();
        let program =
            command.split_whitespace().next().map_or_else(|| format!("mdbook-{name}"), str::to_owned);
        let plain = program.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_'));
        let wanted = plain && program.starts_with("mdbook-") && !optional && !OWN.contains(&name.as_str());
        wanted.then(|| {
            let why = format!("{}: mdBook calls it", folder.place("book.toml", table.line));
            Line::new(format!("cargo install {program} --locked"), why)
        })
    };
    tables.flat_map(Value::entries).filter_map(named).collect()
}

/// mdBook itself: the one that the project has elsewhere, else the newest that takes the settings.
fn program(folder: Folder<'_>) -> Line {
    let named = elsewhere::whole(folder, &["mdbook-version", "MDBOOK_VERSION"]);
    let named = named.or_else(|| elsewhere::of_command(folder, "mdbook"));
    let named = named.map(|(version, place)| (version, format!("{place}: this version")));
    let older = || {
        let (key, line) = unknown_key(folder)?;
        let place = folder.place("book.toml", line);
        Some(("0.4.52".to_owned(), format!("{place}: mdBook 0.5 does not take `{key}`")))
    };
    let (version, why) = named.or_else(older).unwrap_or_else(|| ("0.5.1".into(), String::new()));
    Line::new(format!("cargo install mdbook --locked --version {version}"), why)
}

/// A setting that mdBook 0.4 passes over or still knows, and on which mdBook 0.5 ends.
fn unknown_key(folder: Folder<'_>) -> Option<(String, usize)> {
    const BOOK: [&str; 6] = ["title", "authors", "description", "src", "language", "text-direction"];
    const GONE: [&str; 3] = ["copy-fonts", "curly-quotes", "google-analytics"];
    let settings = folder.value("book.toml")?;
    let of = |path: &[&str], refused: &dyn Fn(&str) -> bool| {
        let found = settings.at(path)?.entries().iter().find(|it| refused(&it.0))?;
        Some((found.0.clone(), found.1.line))
    };
    of(&["book"], &|it| !BOOK.contains(&it)).or_else(|| of(&["output", "html"], &|it| GONE.contains(&it)))
}

/// Where mdBook puts the pages: below a folder for each kind, when there are several.
fn book(folder: Folder<'_>) -> String {
    let settings = folder.value("book.toml");
    let at = |path: &[&str]| settings.as_ref().and_then(|it| it.at(path).cloned());
    let named = at(&["build", "build-dir"]).and_then(|it| it.text().map(str::to_owned));
    let built = named.unwrap_or_else(|| "book".into());
    let others = at(&["output"]).is_some_and(|it| it.entries().iter().any(|it| it.0 != "html"));
    if others { format!("{built}/html") } else { built }
}

/// The requirements of the site, or the tool alone.
fn requirements(folder: Folder<'_>, tool: &str) -> Vec<Line> {
    let named = folder.first(&[
        "docs/requirements.txt",
        "requirements-docs.txt",
        "requirements.txt",
        "doc/requirements.txt",
    ]);
    match named {
        Some(name) if folder.text(name).is_some_and(|it| it.to_lowercase().contains(tool)) => {
            vec![Line::new(
                format!("pip install -r {name}"),
                format!("{} names {tool}", folder.place_of(name, tool)),
            )]
        }
        _ => vec![Line::plain(format!("pip install {tool}"))],
    }
}

fn python_version(folder: Folder<'_>) -> Version {
    let (number, why) = python::site_version(folder);
    version("python", &number, format!("python:{number}-slim"), &why)
}

fn mkdocs(folder: Folder<'_>) -> Option<Site<'_>> {
    let marker = folder.first(&["mkdocs.yml", "mkdocs.yaml"])?;
    let mut install = requirements(folder, "mkdocs");
    let more = ["theme:", "plugins:", "markdown_extensions:"];
    let settings = folder.loosely(marker).unwrap_or_default();
    let needs = settings.lines().position(|line| more.iter().any(|it| line.starts_with(it)));
    if let (Some(line), "pip install mkdocs") = (needs, install[0].command.as_str()) {
        install.push(Line::new(
            "mkdocs get-deps > packages.txt && pip install -r packages.txt",
            format!("{}: the packages of its theme and plugins", folder.place(marker, line + 1)),
        ));
    }
    let build = vec![Line::new("mkdocs build --strict", "a link that leads nowhere is an error")];
    // Read as text: these settings may hold tags of Python, which are no plain YAML.
    let named = after(folder, marker, "site_dir:", &['#']);
    let built = named.map_or_else(|| "site".into(), |it| it.0.trim_matches(['"', '\'']).to_owned());
    Some(Site {
        kind: "MkDocs",
        marker,
        version: python_version(folder),
        install,
        build,
        built,
        key: "site_url",
    })
}

fn sphinx(folder: Folder<'_>) -> Option<Site<'_>> {
    let marker = folder.first(SPHINX)?;
    folder.text(marker).filter(|it| it.contains("extensions") || it.contains("html_theme"))?;
    let source = marker.rsplit_once('/').map_or(".", |it| it.0);
    let build = vec![Line::new(
        format!("sphinx-build -W --keep-going -b html {source} _site"),
        "a warning is an error",
    )];
    Some(Site {
        kind: "Sphinx",
        marker,
        version: python_version(folder),
        install: requirements(folder, "sphinx"),
        build,
        built: "_site".into(),
        key: "html_baseurl",
    })
}

fn hugo(folder: Folder<'_>) -> Option<Site<'_>> {
    let folders =
        ["hugo.toml", "hugo.yaml", "config.toml", "config.yaml"].map(|it| format!("config/_default/{it}"));
    let sure = ["hugo.toml", "hugo.yaml", "hugo.json"];
    let marker = folder.first(&sure).or_else(|| {
        let found = folders.iter().find(|it| folder.has(it)).map(String::as_str);
        let named = found.or_else(|| folder.first(&["config.toml", "config.yaml"]));
        let site = folder.has_folder("archetypes") || folder.has_folder("content");
        named.filter(|_| site).and_then(|it| folder.files().find(|own| *own == it))
    })?;
    let mut install = Vec::new();
    if folder.has(".gitmodules") {
        install.push(Line::new(
            "git submodule update --init --recursive",
            "the theme is a submodule, which the clone leaves out",
        ));
    }
    if folder.has("package.json") {
        let command = if folder.has("package-lock.json") { "npm ci" } else { "npm install" };
        install.push(Line::new(command, format!("{}: what the theme calls", folder.path("package.json"))));
    }
    let (number, why) = hugo_number(folder);
    // Versions before know no such option.
    let strict = allows(">=0.90", &number, Tilde::Minor);
    let build = if strict { "hugo --minify --panicOnWarning" } else { "hugo --minify" };
    Some(Site {
        kind: "Hugo",
        marker,
        version: hugo_version(&number, &why),
        install,
        build: vec![Line::plain(build)],
        built: "public".into(),
        key: "baseURL",
    })
}

/// The version that another service builds it with, and the place.
fn hugo_number(folder: Folder<'_>) -> Said {
    let ends = [',', '}', '#'];
    let by_netlify = after(folder, "netlify.toml", "HUGO_VERSION", &ends)
        .map(|(text, place)| (text.trim_matches([' ', '=', '"', '\'', 'v']).to_owned(), place));
    let said = by_netlify.filter(|it| is_whole(&it.0));
    let said = said.or_else(|| elsewhere::whole(folder, &["hugo-version", "HUGO_VERSION"]));
    said.unwrap_or_else(|| ("0.147.9".into(), "no file names a version: a recent one, with Sass".into()))
}

/// Each with Sass and Node.js; who makes the images of newer versions has none of older ones.
fn hugo_version(number: &str, why: &str) -> Version {
    let newer = allows(">=0.112", number, Tilde::Minor);
    let image = if newer {
        format!("hugomods/hugo:exts-{number}")
    } else {
        format!("klakegg/hugo:{number}-ext-alpine")
    };
    version("hugo", number, image, why)
}

fn jekyll(folder: Folder<'_>) -> Option<Site<'_>> {
    let marker = folder.first(&["_config.yml"])?;
    let gems = folder.has("Gemfile");
    let posts = folder.has_folder("_posts")
        || folder.has_folder("_layouts")
        || folder.has("index.md")
        || folder.has("index.html");
    if !gems && !posts {
        return None;
    }
    let install = if gems {
        Line::plain("bundle install")
    } else {
        Line::new("gem install jekyll -v 4.4.1", "no Gemfile names a version")
    };
    let build = if gems {
        "bundle exec jekyll build --strict_front_matter"
    } else {
        "jekyll build --strict_front_matter"
    };
    Some(Site {
        kind: "Jekyll",
        marker,
        version: version("ruby", "3.4", "ruby:3.4", "no file names a version: the newest"),
        install: vec![install],
        build: vec![Line::plain(build)],
        built: "_site".into(),
        key: "url",
    })
}
