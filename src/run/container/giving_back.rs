//! A folder in which containers wrote as root → the same folder, which its user can remove. A container does it: the
//! user may not.

use std::fs;
use std::path::Path;

use crate::run::Trouble;
use crate::run::container::client::Client;
use crate::run::container::volumes::mount;

/// Where the folder is in the container that gives it back.
const FOLDER: &str = "/ciworkshop";
/// The owner may be somebody whom the engine does not know; then everybody may.
const SCRIPT: &str = "chown -R -h \"$0\" /ciworkshop 2>/dev/null || chmod -R a+rwX /ciworkshop; chmod -R u+rwX /ciworkshop 2>/dev/null; true";

/// Gives everything below the folder to the user, if anything there is not theirs. `images` are on the machine; the
/// first that has a shell does it.
pub(super) fn give_back(
    client: &Client,
    folder: &Path,
    labels: &[String],
    images: &[String],
) -> Result<(), Trouble> {
    let Some(user) = user() else { return Ok(()) };
    if !is_foreign(folder, user.0) {
        return Ok(());
    }
    let owner = if client.traits().rootless { "0:0".to_owned() } else { format!("{}:{}", user.0, user.1) };
    let source = folder.to_string_lossy();
    let bind = mount(&[("type", "bind"), ("source", &source), ("target", FOLDER)]);
    for image in images {
        let mut arguments: Vec<&str> =
            vec!["run", "--rm", "--pull=never", "--network=none", "--user=0:0", &bind];
        arguments.push("--security-opt=label=disable");
        arguments.extend(labels.iter().map(String::as_str));
        arguments.extend(["--entrypoint=/bin/sh", "--", image, "-c", SCRIPT, &owner]);
        // An image without a shell cannot; another may.
        if client.call(arguments).is_ok_and(|it| it.good) && !is_locked(folder, user.0) {
            return Ok(());
        }
    }
    Err(Trouble::new(
        format!("{} holds files of another user, which a step left there", folder.display()),
        format!("remove them with `sudo rm -rf {}`", folder.display()),
    ))
}

/// The user and the group; `None` for the one who may remove everything.
#[cfg(unix)]
fn user() -> Option<(u32, u32)> {
    let user = rustix::process::geteuid();
    (!user.is_root()).then(|| (user.as_raw(), rustix::process::getegid().as_raw()))
}

#[cfg(not(unix))]
fn user() -> Option<(u32, u32)> {
    None
}

/// True when something below belongs to another user. What cannot be looked into may hold such a thing.
#[cfg(unix)]
fn is_foreign(path: &Path, user: u32) -> bool {
    use std::os::unix::fs::MetadataExt;
    any(path, &|it| it.uid() != user)
}

/// True when something below is in a folder of another user who lets nobody in.
#[cfg(unix)]
fn is_locked(path: &Path, user: u32) -> bool {
    use std::os::unix::fs::MetadataExt;
    any(path, &|it| it.is_dir() && it.uid() != user && it.mode() & 0o003 != 0o003)
}

#[cfg(unix)]
fn any(path: &Path, found: &dyn Fn(&fs::Metadata) -> bool) -> bool {
    let Ok(metadata) = fs::symlink_metadata(path) else { return false };
    if found(&metadata) {
        return true;
    }
    if !metadata.is_dir() {
        return false;
    }
    // Its own folder that it may not read is no obstacle for its owner.
    let Ok(entries) = fs::read_dir(path) else { return false };
    entries.filter_map(Result::ok).any(|it| any(&it.path(), found))
}

#[cfg(not(unix))]
fn is_foreign(_: &Path, _: u32) -> bool {
    false
}

#[cfg(not(unix))]
fn is_locked(_: &Path, _: u32) -> bool {
    false
}
