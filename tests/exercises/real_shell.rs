//! Scripts → how a real shell ends them, on a project whose tests pass and on one whose tests fail.
//!
//! The programs are stand-ins: whatever runs the tests ends as it is told, everything else ends well.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Ends with `$FAIL` where it stands for the tests, else with 0.
const STAND_IN: &str = "#!/bin/sh
case \"${0##*/} $*\" in
  *pip*|*venv*) exit 0;;
  *pytest*|*greet*|run-tests*) exit ${FAIL:-0};;
esac
exit 0
";
const NAMES: [&str; 8] = ["run-tests", "python", "python3", "pip", "pip3", "pytest", "twine", "uv"];

/// True when the script ends with 0: with tests that pass, and with tests that fail.
pub(crate) fn ends_well(items: &[String], image: &str) -> (bool, bool) {
    let run = |fail: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(stand_ins(), folder.path().join(".venv")).unwrap();
        let path = format!("{}/bin:/usr/bin:/bin", stand_ins().display());
        let busybox = image.contains("alpine");
        // Where there is no busybox, bash stands in for it: both know `pipefail` and `source`.
        let shell = if busybox { "bash" } else { "sh" };
        let status = Command::new(shell)
            .args(["-c", "echo \"$SCRIPT\" | \"$SHELL_NAME\""])
            .env("SHELL_NAME", shell)
            .env("SCRIPT", format!("set -e\n{}", items.join("\n")))
            .env("PATH", path)
            .env("FAIL", fail)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        status.success()
    };
    (run("0"), run("1"))
}

/// A folder whose `bin` holds the stand-ins, made once.
fn stand_ins() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let made = FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path().join("bin");
        std::fs::create_dir(&bin).unwrap();
        for name in NAMES {
            stand_in(&bin.join(name));
        }
        folder
    });
    made.path()
}

fn stand_in(path: &Path) {
    std::fs::write(path, STAND_IN).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}
