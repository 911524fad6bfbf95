//! The images of the steps that name a secret, against a list of images and their digests.

use crate::course::check::Page;
use crate::course::check::found::Found;
use crate::pipeline::{ImageName, Parameter, Pipeline, Step, Variable, read};
use crate::source::SourceFile;

/// The first step that names a secret and whose image is not named by the digest that the list has for it.
pub(super) fn look(page: &Page<'_>, list: &str) -> Option<Found> {
    let text = String::from_utf8_lossy(page.files.get(list).map(Vec::as_slice).unwrap_or_default());
    let known: Vec<(ImageName<'_>, &str)> = text.lines().filter_map(line).collect();
    let begun = page.exercise.start.get(super::CONFIG).map(Vec::as_slice).unwrap_or_default();
    let (begun, _) = read(&SourceFile::new(super::CONFIG, String::from_utf8_lossy(begun)));
    let begun: Vec<ImageName<'_>> =
        begun.pipelines().flat_map(steps).map(|it| ImageName::of(it.image())).collect();
    page.manifest.pipelines().flat_map(steps).filter(|it| names_a_secret(it)).find_map(|it| {
        let why = wrong(&known, list, it.image()).or_else(|| another(&known, &begun, it.image()))?;
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

fn steps(pipeline: &Pipeline) -> impl Iterator<Item = &Step> {
    pipeline.steps.iter().chain(&pipeline.services)
}

fn names_a_secret(step: &Step) -> bool {
    step.environment.iter().any(|(_, it)| matches!(it, Variable::Secret(_)))
        || step.settings.iter().any(|(_, it)| matches!(it, Parameter::Secret(_)))
}

/// What is wrong with the name of an image, as a sentence.
fn wrong(known: &[(ImageName<'_>, &str)], list: &str, image: &str) -> Option<String> {
    let name = ImageName::of(image);
    if image.contains(char::is_whitespace) {
        return Some(format!("`{image}` has a blank in it, and no name of an image has one."));
    }
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
    let tagged = |it: &ImageName<'_>| matches!(name.tag, None | Some("latest")) || it.tag == name.tag;
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

/// What is wrong with an image that is another than the exercise begins with, where that has a tag.
fn another(known: &[(ImageName<'_>, &str)], begun: &[ImageName<'_>], image: &str) -> Option<String> {
    let name = ImageName::of(image);
    let same = |it: &&ImageName<'_>| bare(it.path) == bare(name.path);
    let (now, _) = known.iter().find(|(it, digest)| same(&it) && Some(*digest) == name.digest)?;
    let before = begun.iter().find(|it| same(it) && it.tag.is_some())?;
    let kept = begun.iter().any(|it| same(&it) && it.tag == now.tag);
    (!kept).then(|| format!("Its digest is that of `{}`; until now it was `{}`.", shown(now), shown(before)))
}

/// The path without what Docker adds to a name that has no registry.
fn bare(path: &str) -> &str {
    let path = path.strip_prefix("docker.io/").unwrap_or(path);
    path.strip_prefix("library/").unwrap_or(path)
}

fn shown(name: &ImageName<'_>) -> String {
    name.tag.map_or_else(|| name.path.to_owned(), |tag| format!("{}:{tag}", name.path))
}
