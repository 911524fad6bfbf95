//! The images of the steps that name a secret, against a list of images and their digests.

use crate::course::check::Page;
use crate::course::check::found::Found;
use crate::pipeline::{ImageName, Parameter, Step, Variable};

/// The first step that names a secret and whose image is not named by the digest that the list has for it.
pub(super) fn look(page: &Page<'_>, list: &str) -> Option<Found> {
    let text = String::from_utf8_lossy(page.files.get(list).map(Vec::as_slice).unwrap_or_default());
    let known: Vec<(ImageName<'_>, &str)> = text.lines().filter_map(line).collect();
    let steps = page.manifest.pipelines().flat_map(|it| it.steps.iter().chain(&it.services));
    steps.filter(|it| names_a_secret(it)).find_map(|it| {
        let why = wrong(&known, list, it.image())?;
        let span = it.image.as_ref().map_or(it.span, |it| it.span);
        let happened = format!("The step `{}` is given a secret. {why}", it.name());
        Some(Found::new(happened).at(span, "runs with the secret"))
    })
}

/// `python:3.13-slim  sha256:…`
fn line(line: &str) -> Option<(ImageName<'_>, &str)> {
    let mut words = line.split('#').next()?.split_whitespace();
    Some((ImageName::of(words.next()?), words.next()?))
}

fn names_a_secret(step: &Step) -> bool {
    step.environment.iter().any(|(_, it)| matches!(it, Variable::Secret(_)))
        || step.settings.iter().any(|(_, it)| matches!(it, Parameter::Secret(_)))
}

/// What is wrong with the name of an image, as a sentence.
fn wrong(known: &[(ImageName<'_>, &str)], list: &str, image: &str) -> Option<String> {
    let name = ImageName::of(image);
    let Some(digest) = name.digest else {
        return Some(match name.tag {
            Some(tag) => format!("`{tag}` is a tag of its image, and a tag can be moved to another image."),
            None => format!("`{image}` means whatever is newest, and the newest can be anything."),
        });
    };
    let hex = digest.strip_prefix("sha256:").unwrap_or_default();
    if hex.len() != 64 || !hex.chars().all(|it| matches!(it, '0'..='9' | 'a'..='f')) {
        return Some(format!("`{digest}` is no digest: that is `sha256:` and 64 digits from 0 to f."));
    }
    let tagged = |it: &ImageName<'_>| name.tag.is_none() || it.tag == name.tag;
    let of = |(it, _): &&(ImageName<'_>, &str)| bare(it.path) == bare(name.path) && tagged(it);
    let listed: Vec<_> = known.iter().filter(of).collect();
    if listed.iter().any(|(_, it)| *it == digest) {
        return None;
    }
    let other = known.iter().find(|(_, it)| *it == digest);
    Some(match other {
        Some((it, _)) => format!("Its digest is that of `{}` in {list}, which is another image.", shown(it)),
        None if listed.is_empty() => format!("{list} has no line for `{}`.", shown(&name)),
        None => format!("Its digest is not the one that {list} has for `{}`.", shown(&name)),
    })
}

/// The path without what Docker adds to a name that has no registry.
fn bare(path: &str) -> &str {
    let path = path.strip_prefix("docker.io/").unwrap_or(path);
    path.strip_prefix("library/").unwrap_or(path)
}

fn shown(name: &ImageName<'_>) -> String {
    name.tag.map_or_else(|| name.path.to_owned(), |tag| format!("{}:{tag}", name.path))
}
