//! A site for GitHub's pages, where its settings say that it stands there.

use crate::scaffold::detect::component::Setting;
use crate::scaffold::detect::publish::{Answer, nowhere};
use crate::scaffold::detect::{Advice, Line, Publish, Step};
use crate::scaffold::project::Folder;

/// A site, as far as its way to its readers is concerned.
pub(crate) struct Site<'s> {
    /// The file with its settings.
    pub(crate) settings: &'s str,
    /// The one that says where the site stands.
    pub(crate) key: &'s str,
    /// The folder that it is built into.
    pub(crate) built: &'s str,
    pub(crate) image: &'s str,
    pub(crate) commands: Vec<Line>,
}

pub(crate) fn to_pages(folder: Folder<'_>, site: Site<'_>) -> Answer {
    let text = folder.text(site.settings).unwrap_or_else(|| "".into());
    // A domain of one's own is written so only for these pages.
    let address = |it: &&str| {
        let it = it.trim_start();
        !it.starts_with('#') && (it.contains(".github.io") || it.starts_with("cname"))
    };
    let by_address = text.lines().position(|it| address(&it));
    let domain = ["CNAME", "docs/CNAME", "static/CNAME", "source/CNAME", "src/CNAME"];
    let place = by_address.map(|it| folder.place(site.settings, it + 1));
    let place = place.or_else(|| folder.first(&domain).map(|it| folder.path(it)));
    let Some(place) = place else {
        let add = format!("for GitHub's pages, say so with `{}` in {}", site.key, site.settings);
        return nowhere(&add);
    };
    if site.settings == "_config.yml" {
        return Err(Advice::new(
            format!("on GitHub's pages, a site of Jekyll is built there ({place}): no step publishes"),
            "with plugins that they do not know, publish the folder _site: a step with plugins/gh-pages, on a tag",
        ));
    }
    let build = Step {
        name: "build".into(),
        image: site.image.into(),
        commands: site.commands.into_iter().map(|it| Line::plain(it.command)).collect(),
        ..Step::default()
    };
    let publish = Step {
        name: "publish".into(),
        why: "the only step that sees the token; the branch `gh-pages` is what is shown".into(),
        image: "plugins/gh-pages:1.3.2".into(),
        settings: vec![
            Setting { name: "username".into(), value: "x-access-token".into(), ..Setting::default() },
            Setting { name: "password".into(), secret: "pages_token".into(), ..Setting::default() },
            Setting { name: "pages_directory".into(), value: folder.path(site.built), ..Setting::default() },
        ],
        ..Step::default()
    };
    Ok(Publish {
        why: format!("to GitHub's pages, because {place} says that it stands there"),
        steps: vec![build, publish],
        secrets: vec![("pages_token".into(), "a token that may push to this repository".into())],
    })
}
