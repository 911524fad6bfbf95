//! The settings of the plugin for a JavaScript registry → the package, packed by npm in the clean machine, in the shelf's
//! registry.

use std::fs::File;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::run::Trouble;
use crate::run::backend::Ended;
use crate::run::rehearsal::checksum;
use crate::run::rehearsal::stage::{LARGEST, Over, Stage, What, listed, quoted};
use crate::run::shelf::{Kind, SafeName, SafePath, Staged, Staging, Tarball};

const USUAL: &str = "https://registry.npmjs.org/";
const LARGEST_MANIFEST: u64 = 1024 * 1024;
/// How the script says that npm is missing.
const NO_NPM: i32 = 97;

/// The package as its `package.json` says.
struct Package {
    name: SafePath,
    version: SafeName,
    manifest: Map<String, Value>,
}

pub(super) fn rehearse(stage: &mut Stage<'_, '_>) -> Result<(), Over> {
    let settings = stage.settings;
    if settings.text("token").is_empty() {
        let missing = ["email", "password"].into_iter().find(|it| settings.text(it).is_empty());
        if let Some(missing) = missing {
            return Err(Over::Fails(format!(
                "`{missing}` has no value, and a login without `token` needs it"
            )));
        }
    }
    let package = package(stage)?;
    let registry = registry(stage, &package)?;
    stage.tell_destination(&format!("{registry} as {}@{}", package.name, package.version));
    if stage.open_shelf()?.has_tarball(&package.name, package.version.as_str())? {
        return there_already(stage, &package);
    }
    let staging = stage.staging()?;
    let tarball = pack(stage, package, &staging)?;
    let title = format!("{} {}", tarball.name, tarball.version);
    let files = vec![listed(&format!("{}-{}.tgz", tarball.name, tarball.version), &tarball.staged)];
    stage.talk.tell("file", &format!("{} bytes  {}", tarball.staged.bytes, tarball.integrity));
    let shelf = stage.open_shelf()?;
    let path = shelf.add_tarball(tarball)?;
    stage.delivered(&shelf, What { kind: Kind::Package, title, path, destination: registry, files })
}

fn package(stage: &Stage<'_, '_>) -> Result<Package, Over> {
    let path = format!("{}/package.json", stage.settings.text_or("folder", "."));
    let text = stage.workspace.text(&path, LARGEST_MANIFEST).map_err(|why| format!("`{path}` {why}"))?;
    let manifest: Map<String, Value> =
        serde_json::from_str(&text).map_err(|why| format!("`{path}` is no JSON of a package: {why}"))?;
    let field = |name: &str| manifest.get(name).and_then(Value::as_str).filter(|it| !it.is_empty());
    let name = field("name").ok_or_else(|| format!("`{path}` has no name"))?;
    let version = field("version").ok_or_else(|| format!("`{path}` has no version"))?;
    if !is_name(name) {
        return Err(Over::Fails(format!(
            "`{path}` has the name `{name}`, and no registry takes such a name"
        )));
    }
    if manifest.get("private") == Some(&Value::Bool(true)) {
        return Err(Over::Fails(format!("`{path}` says `private`, and npm publishes no private package")));
    }
    let (name, version) = (stage.path(name)?, stage.name(version)?);
    let Value::Object(manifest) = stage.secrets().hide_in_json(Value::Object(manifest)) else {
        return Err(Over::Fails(format!("`{path}` is no package")));
    };
    Ok(Package { name, version, manifest })
}

/// `name` or `@scope/name`, in what addresses may hold.
fn is_name(name: &str) -> bool {
    let part = |it: &str| {
        let letters = |it: u8| it.is_ascii_alphanumeric() || b"-_.~".contains(&it);
        !it.is_empty() && !it.starts_with(['.', '_']) && it.bytes().all(letters)
    };
    name.len() <= 214
        && match name.strip_prefix('@') {
            Some(scoped) => scoped.split_once('/').is_some_and(|(scope, name)| part(scope) && part(name)),
            None => part(name),
        }
}

/// Both the step and the package may name a registry; the plugin wants them to agree.
fn registry(stage: &Stage<'_, '_>, package: &Package) -> Result<String, Over> {
    let of_step = stage.settings.text_or("registry", USUAL);
    let of_package = package.manifest.get("publishConfig").and_then(|it| it.get("registry")?.as_str());
    let of_package = of_package.unwrap_or(USUAL);
    if of_step == of_package {
        return Ok(of_step.to_owned());
    }
    Err(Over::Fails(format!(
        "`registry` is {of_step}, and `publishConfig` of package.json says {of_package}"
    )))
}

/// The plugin looks whether the version is there, and takes it easy unless it is told not to.
fn there_already(stage: &mut Stage<'_, '_>, package: &Package) -> Result<(), Over> {
    let there = format!("{}@{} is in the registry already", package.name, package.version);
    if stage.settings.flag("fail_on_version_conflict")? {
        return Err(Over::Fails(format!("{there}, and a registry never takes a version twice")));
    }
    stage.talk.tell("skipped", &format!("{there}, so the plugin publishes nothing"));
    Ok(())
}

fn pack(stage: &mut Stage<'_, '_>, package: Package, staging: &Staging) -> Result<Tarball, Over> {
    let folder = stage.settings.text_or("folder", ".").to_owned();
    let inner = stage.workspace.inner(&folder).map_err(|why| format!("`{folder}` {why}"))?;
    let packed = inner.join(format!(".rehearsal-{}", stage.settings.job.place));
    let place = packed.file_name().map(|it| quoted(&it.to_string_lossy())).unwrap_or_default();
    let folder = quoted(&folder);
    let script = format!(
        "command -v npm >/dev/null || exit {NO_NPM}\ncd {folder}\nmkdir {place}\n\
         echo + npm pack\nnpm pack --pack-destination {place} </dev/null"
    );
    let ended = stage.run(&script, "node:20");
    let taken = match ended {
        Ok(Ended::Exit(0)) => take(stage, &packed, staging),
        Ok(Ended::Exit(NO_NPM)) => Err(Over::Trouble(Trouble::new(
            "the package cannot be packed: there is no npm in this machine, and which files belong into a package only npm knows",
            "install npm, or run in containers",
        ))),
        Ok(Ended::Exit(code)) => Err(Over::Fails(format!("`npm pack` ended with exit code {code}"))),
        Ok(other) => Err(Over::Ended(other)),
        Err(over) => Err(over),
    };
    // Removed where it was made: it may belong to another user.
    let _ = stage.run(&format!("cd {folder}\nrm -rf {place}"), "node:20");
    let staged = taken?;
    let trouble = |it: &std::io::Error| Over::Trouble(Trouble::with_path("be read", &staged.path, it));
    let open = || File::open(&staged.path).map_err(|it| trouble(&it));
    let shasum = checksum::Method::Sha1.of(&mut open()?).map_err(|it| trouble(&it))?;
    let sha512 = checksum::bytes::<sha2::Sha512>(&mut open()?).map_err(|it| trouble(&it))?;
    let Package { name, version, manifest } = package;
    let integrity = format!("sha512-{}", STANDARD.encode(sha512));
    let tag = stage.secrets().hide(stage.settings.text_or("tag", "latest"));
    Ok(Tarball { name, version, tag, manifest, staged, shasum, integrity })
}

/// The one file that npm has packed.
fn take(stage: &Stage<'_, '_>, folder: &Path, staging: &Staging) -> Result<Staged, Over> {
    let names = stage.workspace.names(folder).map_err(|why| stage.absent(folder, &why))?;
    let Some(name) = names.first() else {
        return Err(Over::Fails("`npm pack` has packed nothing".into()));
    };
    stage.take(&folder.join(name), staging, LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_a_registry_takes() {
        for good in ["a", "a-b.c", "@scope/a"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "../a", "a/b", "@scope", "@/a", "@a/../b", ".a", "a b", "@a/b/c", "ä"] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
