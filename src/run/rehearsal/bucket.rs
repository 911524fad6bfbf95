//! The settings of plugins that copy files to a store → the files in a bucket on the shelf, with what the store would
//! say of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::engine::plan;
use crate::run::rehearsal::glob::{self, Dialect};
use crate::run::rehearsal::stage::{LARGEST, Over, Stage, What as Delivered, listed};
use crate::run::rehearsal::workspace::{Absent, What};
use crate::run::shelf::{BucketObject, Kind, ObjectHeaders, Objects, Staging, content_type};

/// A file of the workspace and its key in the bucket.
struct Upload {
    inner: PathBuf,
    key: String,
    packed: bool,
    headers: ObjectHeaders,
}

/// Where it all goes.
struct Order {
    bucket: String,
    destination: String,
    only_these_below: Option<String>,
}

/// Google's store: `target` begins with the bucket.
pub(super) fn gcs(stage: &mut Stage<'_, '_>) -> Result<(), Over> {
    let settings = stage.settings;
    if ["token", "json_key", "auth_key", "oidc_token_id"].iter().all(|it| settings.text(it).is_empty())
        && stage.told("GOOGLE_CREDENTIALS", "").is_empty()
    {
        return Err(Over::Fails(
            "neither `token` nor `json_key` has a value, and the store lets nobody else in".into(),
        ));
    }
    let target = settings.text("target");
    let (bucket, prefix) = target.trim_start_matches('/').split_once('/').unwrap_or((target, ""));
    let headers = ObjectHeaders {
        cache_control: settings.text("cache_control").to_owned(),
        acl: rules(&settings.list("acl"))?,
        metadata: settings.map("metadata")?.into_iter().collect(),
        ..ObjectHeaders::default()
    };
    let gzip = settings.list("gzip");
    let mut uploads = Vec::new();
    for source in settings.list("source") {
        for (base, inner) in gcs_files(stage, source)? {
            let below = inner.strip_prefix(&base).unwrap_or(&inner).to_string_lossy().replace('\\', "/");
            if is_ignored(settings.text("ignore"), &below) {
                continue;
            }
            let packed = extension(&inner).is_some_and(|it| gzip.contains(&it));
            let encoding = if packed { "gzip" } else { "" };
            let headers = ObjectHeaders {
                content_type: content_type(&inner).to_owned(),
                content_encoding: encoding.to_owned(),
                ..headers.clone()
            };
            uploads.push(Upload { inner, key: format!("{prefix}/{below}"), packed, headers });
        }
    }
    let destination = format!("https://storage.googleapis.com/{bucket}/{prefix}");
    let order = Order { bucket: bucket.to_owned(), destination, only_these_below: None };
    deliver(stage, order, &uploads)
}

/// The files of a source, each with the folder that is not part of its key.
fn gcs_files(stage: &Stage<'_, '_>, source: &str) -> Result<Vec<(PathBuf, PathBuf)>, Over> {
    let found =
        glob::find(&stage.workspace, source, Dialect::Wild).map_err(|why| format!("`{source}` {why}"))?;
    let found = if found.is_empty() && stage.workspace.inner(source) == Ok(PathBuf::new()) {
        vec![PathBuf::new()]
    } else {
        found
    };
    if found.is_empty() {
        return Err(Over::Fails(format!("`source` finds nothing: no file or folder fits `{source}`")));
    }
    let mut files = Vec::new();
    for inner in found {
        match stage.workspace.what(&inner).map_err(|why| stage.absent(&inner, &why))? {
            What::Folder => {
                let below = below(stage, &inner)?;
                files.extend(below.into_iter().map(|it| (inner.clone(), it)));
            }
            What::File => files.push((inner.parent().unwrap_or(Path::new("")).to_owned(), inner)),
        }
    }
    Ok(files)
}

fn is_ignored(patterns: &str, path: &str) -> bool {
    patterns.split(',').map(str::trim).filter(|it| !it.is_empty()).any(|it| plan::glob::matches(it, path))
}

/// `entity:role` each.
fn rules(acl: &[&str]) -> Result<Vec<String>, Over> {
    match acl.iter().find(|it| !it.contains(':')) {
        Some(wrong) => Err(Over::Fails(format!(
            "`acl` holds `{wrong}`, and a rule is ENTITY:ROLE, such as allUsers:READER"
        ))),
        None => Ok(acl.iter().map(|it| (*it).to_owned()).collect()),
    }
}

/// A store that speaks S3: what fits `source`, without `strip_prefix`, below `target`.
pub(super) fn s3(stage: &mut Stage<'_, '_>) -> Result<(), Over> {
    let settings = stage.settings;
    let source = settings.text("source");
    let found =
        glob::find(&stage.workspace, source, Dialect::Wild).map_err(|why| format!("`{source}` {why}"))?;
    let mut excluded = Vec::new();
    for pattern in settings.list("exclude") {
        let found = glob::find(&stage.workspace, pattern, Dialect::Wild)
            .map_err(|why| format!("`{pattern}` {why}"))?;
        excluded.extend(found);
    }
    let (strip, target) = (settings.text("strip_prefix"), settings.text("target").trim_start_matches('/'));
    let mut uploads = Vec::new();
    for inner in found.into_iter().filter(|it| !excluded.contains(it)) {
        let shown = stage.workspace.shown(&inner);
        if stage.workspace.what(&inner) == Ok(What::Folder) {
            stage.talk.tell(
                "note",
                &format!("{shown} is a folder and is passed over; `{shown}/**` takes what is in it"),
            );
            continue;
        }
        let below = shown.strip_prefix(strip.trim_start_matches("./")).unwrap_or(&shown);
        let headers = s3_headers(stage, &shown, &inner)?;
        uploads.push(Upload { inner, key: format!("{target}/{below}"), packed: false, headers });
    }
    if uploads.is_empty() {
        return Err(Over::Fails(format!("`source` finds nothing: no file fits `{source}`")));
    }
    let (bucket, destination) = s3_place(stage, target);
    deliver(stage, Order { bucket, destination, only_these_below: None }, &uploads)
}

/// A folder that is made the same in the store.
pub(super) fn s3_sync(stage: &mut Stage<'_, '_>) -> Result<(), Over> {
    let settings = stage.settings;
    let source = settings.text_or("source", ".");
    let inner = stage.workspace.inner(source).map_err(|why| format!("`{source}` {why}"))?;
    let target = settings.text("target").trim_matches('/');
    let mut uploads = Vec::new();
    for file in below(stage, &inner)? {
        let path = file.strip_prefix(&inner).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        let headers = s3_headers(stage, &path, &file)?;
        uploads.push(Upload { inner: file, key: format!("{target}/{path}"), packed: false, headers });
    }
    let (bucket, destination) = s3_place(stage, target);
    let only_these_below = settings.flag("delete")?.then(|| target.to_owned());
    deliver(stage, Order { bucket, destination, only_these_below }, &uploads)
}

fn s3_place(stage: &Stage<'_, '_>, target: &str) -> (String, String) {
    let bucket = stage.settings.text("bucket").to_owned();
    let region = stage.settings.text_or("region", "us-east-1");
    let endpoint = match stage.settings.text("endpoint") {
        "" => format!("https://s3.{region}.amazonaws.com"),
        endpoint => endpoint.trim_end_matches('/').to_owned(),
    };
    let destination = format!("{endpoint}/{bucket}/{target}");
    (bucket, destination)
}

fn s3_headers(stage: &Stage<'_, '_>, path: &str, inner: &Path) -> Result<ObjectHeaders, Over> {
    let usual = content_type(inner).to_owned();
    let acl = match stage.settings.text("acl") {
        "" => Vec::new(),
        text if text.starts_with('{') => by_pattern(stage, "access", path)?.into_iter().collect(),
        text => vec![text.to_owned()],
    };
    Ok(ObjectHeaders {
        content_type: by_pattern(stage, "content_type", path)?.unwrap_or(usual),
        content_encoding: by_pattern(stage, "content_encoding", path)?.unwrap_or_default(),
        cache_control: by_pattern(stage, "cache_control", path)?.unwrap_or_default(),
        acl,
        metadata: BTreeMap::new(),
    })
}

/// The value for the first pattern that fits: one text for all, or names with values. The plugin reads patterns as
/// regular expressions; here `.ext`, `*.ext` and the like are understood, which is what people write.
fn by_pattern(stage: &Stage<'_, '_>, setting: &str, path: &str) -> Result<Option<String>, Over> {
    let text = stage.settings.text(setting);
    if text.is_empty() {
        return Ok(None);
    }
    if !text.starts_with('{') {
        return Ok(Some(text.to_owned()));
    }
    let fits = |pattern: &str| {
        let simple =
            pattern.trim_start_matches(['^', '.', '*', '\\']).trim_end_matches('$').replace('\\', "");
        simple.is_empty() || path.ends_with(&simple) || plan::glob::matches(pattern, path)
    };
    Ok(stage.settings.map(setting)?.into_iter().find(|it| fits(&it.0)).map(|it| it.1))
}

fn below(stage: &Stage<'_, '_>, inner: &Path) -> Result<Vec<PathBuf>, Over> {
    stage.workspace.files_below(inner).map_err(|(path, why)| match why {
        Absent::Missing => Over::Fails(format!("`{}` is not there", stage.workspace.shown(&path))),
        why @ Absent::Unusable(_) => stage.absent(&path, &why),
    })
}

fn deliver(stage: &mut Stage<'_, '_>, order: Order, uploads: &[Upload]) -> Result<(), Over> {
    stage.tell_destination(&order.destination);
    let bucket = stage.name(&order.bucket)?;
    if stage.settings.flag("dry_run").unwrap_or(false) {
        for upload in uploads {
            stage.talk.tell("would copy", &stage.workspace.shown(&upload.inner));
        }
        stage.talk.tell("note", "`dry_run` is true, so the plugin would send nothing either");
        return Ok(());
    }
    let staging = stage.staging()?;
    let mut objects = Vec::new();
    for upload in uploads {
        objects.push(object(stage, upload, &staging)?);
    }
    for (object, upload) in objects.iter().zip(uploads) {
        tell(stage, &stage.workspace.shown(&upload.inner), object);
    }
    let files = objects.iter().map(|it| listed(&it.key, &it.staged)).collect();
    let title = format!("{} files in {bucket}", objects.len());
    let only_these_below = order.only_these_below;
    let shelf = stage.open_shelf()?;
    for key in shelf.add_objects(Objects { bucket: bucket.clone(), files: objects, only_these_below })? {
        stage.talk.tell("removed", &key);
    }
    let path = format!("buckets/{bucket}/");
    stage.delivered(
        &shelf,
        Delivered { kind: Kind::Objects, title, path, destination: order.destination, files },
    )
}

fn object(stage: &Stage<'_, '_>, upload: &Upload, staging: &Staging) -> Result<BucketObject, Over> {
    let staged = if upload.packed {
        stage.take_packed(&upload.inner, staging)?
    } else {
        stage.take(&upload.inner, staging, LARGEST)?
    };
    let secrets = stage.secrets();
    let headers = ObjectHeaders {
        content_type: secrets.hide(&upload.headers.content_type),
        content_encoding: secrets.hide(&upload.headers.content_encoding),
        cache_control: secrets.hide(&upload.headers.cache_control),
        acl: upload.headers.acl.iter().map(|it| secrets.hide(it)).collect(),
        metadata: upload
            .headers
            .metadata
            .iter()
            .map(|(key, it)| (secrets.hide(key), secrets.hide(it)))
            .collect(),
    };
    Ok(BucketObject { key: stage.path(&upload.key)?, staged, headers })
}

fn tell(stage: &mut Stage<'_, '_>, from: &str, object: &BucketObject) {
    let ObjectHeaders { content_type, content_encoding, cache_control, .. } = &object.headers;
    let more = [content_type, content_encoding, cache_control].map(String::as_str).join("  ");
    let line = format!("{from} → {}  {} bytes  {}", object.key, object.staged.bytes, more.trim_end());
    stage.talk.tell("file", &line);
}

fn extension(path: &Path) -> Option<&str> {
    path.extension().and_then(|it| it.to_str())
}
