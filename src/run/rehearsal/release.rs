//! The settings of a release plugin → a release on the shelf: its title and text, its files, and their checksums.

use std::fmt::Write;
use std::fs::File;
use std::io::Cursor;
use std::path::PathBuf;

use crate::run::Trouble;
use crate::run::process::Stop;
use crate::run::rehearsal::checksum::Method;
use crate::run::rehearsal::glob::{self, Dialect};
use crate::run::rehearsal::offers::{self, Offers};
use crate::run::rehearsal::stage::{LARGEST, Over, Stage, What, listed};
use crate::run::rehearsal::workspace::Absent;
use crate::run::shelf::{FileExists, Kind, Release, SafeName, Staged, Staging};

/// A longer text is never taken for the name of a file.
const LONGEST_NAME: usize = 255;
const LARGEST_TEXT: u64 = 1024 * 1024;

pub(super) fn rehearse(stage: &mut Stage<'_, '_>) -> Result<(), Over> {
    let (repo, tag) = (stage.repo()?, stage.path(tag(stage))?);
    let settings = stage.settings;
    let api = if settings.plugin.name == "github-release" { "https://api.github.com/" } else { "" };
    let destination = settings.text_or("base_url", api).to_owned();
    stage.tell_destination(&format!("{destination} as the release {tag} of {repo}"));
    let file_exists = file_exists(settings.text_or("file_exists", "overwrite"))?;
    let (title, note) = (words(stage, "title")?, words(stage, "note")?);
    let uploads = uploads(stage)?;
    let staging = stage.staging()?;
    let mut files = Vec::new();
    for (name, inner) in &uploads {
        files.push((name.clone(), stage.take(inner, &staging, LARGEST)?));
    }
    checksums(stage, &uploads, &mut files, &staging)?;
    tell(stage, &title, &note, &files)?;
    let offers = offers::look(stage, (&repo, &tag), &files, &staging)?;
    let release = Release {
        repo,
        tag,
        title,
        note,
        draft: settings.flag("draft")?,
        prerelease: settings.flag("prerelease")?,
        overwrite: settings.flag("overwrite")?,
        file_exists,
        files,
    };
    deliver(stage, &release, destination, offers)
}

/// A build of a tag has been made sure of already.
fn tag<'s>(stage: &Stage<'s, '_>) -> &'s str {
    let git_ref = stage.git_ref();
    git_ref.strip_prefix("refs/tags/").unwrap_or(git_ref)
}

fn file_exists(word: &str) -> Result<FileExists, Over> {
    match word {
        "overwrite" => Ok(FileExists::Overwrite),
        "fail" => Ok(FileExists::Fail),
        "skip" => Ok(FileExists::Skip),
        _ => Err(Over::Fails(format!("`file_exists` is `{word}`, and must be overwrite, fail or skip"))),
    }
}

/// Title and text may stand in a file; what is no file is the text itself.
fn words(stage: &Stage<'_, '_>, setting: &str) -> Result<String, Over> {
    let text = stage.settings.text(setting);
    if text.is_empty() || text.len() > LONGEST_NAME || text.contains('\n') {
        return Ok(stage.secrets().hide(text));
    }
    match stage.workspace.text(text, LARGEST_TEXT) {
        Ok(content) => Ok(stage.secrets().hide(&content)),
        Err(Absent::Missing) => Ok(stage.secrets().hide(text)),
        // A text such as `/me releases` is no path at all.
        Err(Absent::Unusable(_)) if !text.contains('/') || text.contains(' ') => {
            Ok(stage.secrets().hide(text))
        }
        Err(why) => Err(Over::Fails(format!("`{setting}` names `{text}`, which {why}"))),
    }
}

/// The files of the release. Folders between are not kept, so two may not have one name.
fn uploads(stage: &Stage<'_, '_>) -> Result<Vec<(SafeName, PathBuf)>, Over> {
    let patterns = stage.settings.list("files");
    let mut uploads: Vec<(SafeName, PathBuf)> = Vec::new();
    for pattern in &patterns {
        let found = glob::find(&stage.workspace, pattern, Dialect::Plain);
        for inner in found.map_err(|why| Over::Fails(format!("`{pattern}` {why}")))? {
            let name = inner.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
            let name = stage.name(&name)?;
            match uploads.iter().find(|it| it.0 == name) {
                Some(other) if other.1 == inner => {}
                Some(other) => return Err(Over::Fails(twice(stage, &other.1, &inner))),
                None => uploads.push((name, inner)),
            }
        }
    }
    if uploads.is_empty() && !patterns.is_empty() {
        let patterns = patterns.join("`, `");
        return Err(Over::Fails(format!("`files` finds nothing to release: no file fits `{patterns}`")));
    }
    Ok(uploads)
}

fn twice(stage: &Stage<'_, '_>, one: &std::path::Path, other: &std::path::Path) -> String {
    let (one, other) = (stage.workspace.shown(one), stage.workspace.shown(other));
    format!("`{one}` and `{other}` have the same name, and a release has no folders")
}

/// A file of checksums for each method: written where the step works, as the plugin does, and added to the release.
fn checksums(
    stage: &mut Stage<'_, '_>,
    uploads: &[(SafeName, PathBuf)],
    files: &mut Vec<(SafeName, Staged)>,
    staging: &Staging,
) -> Result<(), Over> {
    let settings = stage.settings;
    let format = settings.text_or("checksum_file", "CHECKSUMsum.txt");
    let flatten = settings.flag("checksum_flatten")?;
    let staged: Vec<Staged> = files.iter().map(|it| it.1.clone()).collect();
    for name in settings.list("checksum") {
        let method = Method::named(name).ok_or_else(|| unknown(name))?;
        let mut text = String::new();
        for ((file, inner), staged) in uploads.iter().zip(&staged) {
            let sum = sum(method, staged)?;
            let shown = if flatten { file.to_string() } else { stage.workspace.shown(inner) };
            let _ = writeln!(text, "{sum}  {shown}");
        }
        let path = format.replace("CHECKSUM", name);
        if let Err(why) = stage.workspace.write(&path, text.as_bytes()) {
            if stage.workspace.inner(&path).is_err() {
                return Err(Over::Fails(format!("`checksum_file` names `{path}`, which {why}")));
            }
            stage
                .talk
                .tell("note", &format!("{path} cannot be left in the workspace; it is on the shelf only"));
        }
        let last = path.rsplit('/').next().unwrap_or_default();
        let taken = staging.take(&mut Cursor::new(text), LARGEST, &Stop::new());
        let taken =
            taken.map_err(|_| Trouble::new(format!("{last} cannot be staged"), "make room on the disk"))?;
        let last = stage.name(last)?;
        files.retain(|it| it.0 != last);
        files.push((last, taken));
    }
    Ok(())
}

fn unknown(name: &str) -> Over {
    let known = "md5, sha1, sha256, sha512, adler32 and crc32";
    Over::Fails(format!("the checksum `{name}` is not known here; {known} are"))
}

fn sum(method: Method, staged: &Staged) -> Result<String, Over> {
    let trouble = |it: &std::io::Error| Over::Trouble(Trouble::with_path("be read", &staged.path, it));
    let mut file = File::open(&staged.path).map_err(|it| trouble(&it))?;
    method.of(&mut file).map_err(|it| trouble(&it))
}

fn tell(
    stage: &mut Stage<'_, '_>,
    title: &str,
    note: &str,
    files: &[(SafeName, Staged)],
) -> Result<(), Over> {
    if !title.is_empty() {
        stage.talk.tell("title", title.trim());
    }
    if !note.is_empty() {
        stage.talk.tell("text", "");
        stage.talk.quote(note);
    }
    let draft = if stage.settings.flag("draft")? { "a draft, not public" } else { "public" };
    let kind = if stage.settings.flag("prerelease")? { "a pre-release" } else { "a full release" };
    stage.talk.tell("would be", &format!("{kind}, {draft}"));
    for (name, staged) in files {
        stage.talk.tell("file", &format!("{name}  {} bytes  sha256 {}", staged.bytes, staged.sha256));
    }
    Ok(())
}

fn deliver(
    stage: &mut Stage<'_, '_>,
    release: &Release,
    destination: String,
    offers: Offers,
) -> Result<(), Over> {
    let title = format!("{} {}", release.repo, release.tag);
    let files: Vec<_> = release.files.iter().map(|(name, staged)| listed(name, staged)).collect();
    let overwrite = release.overwrite;
    let shelf = stage.open_shelf()?;
    let released = shelf.release(release)?;
    if released.was_there && !overwrite {
        stage.talk.tell("note", "there was a release of this tag: its title and text stay as they were");
    }
    for name in &released.skipped {
        stage.talk.tell("skipped", &format!("{name} is in the release already"));
    }
    let files = files.into_iter().filter(|it| !released.skipped.contains(&it.name)).collect();
    stage.delivered(&shelf, What { kind: Kind::Release, title, path: released.path, destination, files })?;
    offers::deliver(stage, &shelf, (&release.repo, &release.tag), offers)
}
