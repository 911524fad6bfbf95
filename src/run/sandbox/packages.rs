//! An image → what stands in for its manager of system packages: it installs nothing, and says whether what a step asks
//! for is on this machine. The real one wants to be root, and would change this machine.

use std::path::Path;

use crate::run::Trouble;
use crate::run::sandbox::python::write_program;

const STAND_IN: &str = include_str!("packages.sh");

/// Lays the managers that the image has into the folder of the step's own programs.
pub(super) fn lay(bin: &Path, image: &str) -> Result<(), Trouble> {
    for name in managers(image) {
        let path = bin.join(name);
        write_program(&path, STAND_IN).map_err(|it| Trouble::with_path("be written", &path, &it))?;
    }
    Ok(())
}

/// Those of an image, as far as its name tells.
fn managers(image: &str) -> &'static [&'static str] {
    const NEITHER: [&str; 6] = ["busybox", "fedora", "centos", "rockylinux", "almalinux", "archlinux"];
    match image {
        "" => &[],
        it if cfg!(windows) || NEITHER.iter().any(|word| it.contains(word)) => &[],
        it if it.contains("alpine") => &["apk"],
        _ => &["apt-get", "apt"],
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn an_image_has_the_manager_of_its_system_and_no_other() {
        assert_eq!(managers("python:3.12-slim"), ["apt-get", "apt"]);
        assert_eq!(managers("node:24-alpine"), ["apk"]);
        assert_eq!(managers("busybox:1.36"), [""; 0]);
        assert_eq!(managers(""), [""; 0]);
    }

    #[test]
    #[cfg(unix)]
    fn what_is_here_is_there_already_and_what_is_not_is_named() {
        let folder = tempfile::tempdir().unwrap();
        lay(folder.path(), "debian:13").unwrap();
        let call = |words: &str| {
            let line = format!("{}/apt-get {words}", folder.path().display());
            let output = Command::new("sh").args(["-c", &line]).output().unwrap();
            let said = [output.stdout, output.stderr].concat();
            (output.status.code(), String::from_utf8(said).unwrap())
        };
        assert_eq!(call("update -qq"), (Some(0), "apt-get: nothing to do in a sandbox\n".into()));
        let (code, said) = call("install -y --no-install-recommends sed=4.9-1 ca-certificates");
        assert_eq!(
            (code, said.as_str()),
            (Some(0), "apt-get: on this machine already: sed=4.9-1 ca-certificates\n")
        );
        let (code, said) = call("install -y sed no-such-thing nor-that");
        assert_eq!(code, Some(100));
        assert!(said.contains("not on this machine: no-such-thing nor-that."), "{said}");
    }
}
