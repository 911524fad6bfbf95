//! A launch → the bubblewrap command that shuts it in: own users, processes, mounts, messages, host name, and offline
//! an own network. Of this machine only the system's programs are seen, and they cannot be written.
//!
//! A step is user 1000, not 0: the namespace knows one user only. A root in there could not give files to others, so
//! `tar` and `chown` would fail where they work in a container; and servers such as `PostgreSQL` refuse to run as root.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::run::Trouble;
use crate::run::backend::Description;
use crate::run::sandbox::launch::{Launch, Mount};
use crate::run::sandbox::limits::{self, Group};
use crate::run::sandbox::network::{HOST, Network};
use crate::run::sandbox::room::Room;
use crate::run::sandbox::{Jail, stand_in};

/// The folders that hold the system. Where one is a link, it is a link in the clean machine too.
const SYSTEM: [&str; 7] = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/usr"];

/// What programs of the system read outside of it, and what tells nothing about this machine's users. The last is the list
/// of installed packages: what stands in for apt-get asks it for libraries, which have no program to look for.
const SETTINGS: [&str; 18] = [
    "/etc/alternatives",
    "/etc/ca-certificates",
    "/etc/crypto-policies",
    "/etc/debian_version",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/maven",
    "/etc/mime.types",
    "/etc/pki/ca-trust",
    "/etc/pki/tls/certs",
    "/etc/protocols",
    "/etc/services",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/var/lib/dpkg/status",
];

const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\nci:x:1000:1000:ci:/root:/bin/sh\n\
    nobody:x:65534:65534:nobody:/nonexistent:/bin/false\n";
const GROUPS: &str = "root:x:0:\nci:x:1000:\nnogroup:x:65534:\n";
const NAME_SERVICES: &str =
    "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n";

/// Bubblewrap, if it is here and a trial works.
pub(super) fn find(variables: &BTreeMap<String, String>) -> Result<Jail, Trouble> {
    let help = "install it (on Debian: apt-get install bubblewrap), or use a container engine";
    let Some(program) = stand_in::in_path(variables, "bwrap") else {
        return Err(Trouble::new("bubblewrap is not installed: there is no program `bwrap`", help));
    };
    let mut trial = Command::new(&program);
    trial.args(namespaces(true)).args(system()).args(["--", "/bin/sh", "-c", "exit 0"]);
    let output = trial.env_clear().stdin(Stdio::null()).output();
    let why = match output {
        Ok(output) if output.status.success() => {
            return Ok(Jail::Bubblewrap(program.clone(), version(&program)));
        }
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => error.to_string(),
    };
    let help = "let users make user namespaces on this machine, or use a container engine";
    Err(Trouble::new(format!("bubblewrap does not work here: {why}"), help))
}

fn version(program: &Path) -> String {
    let output = Command::new(program).arg("--version").output();
    output.map(|it| String::from_utf8_lossy(&it.stdout).trim().to_owned()).unwrap_or_default()
}

/// What it is, and what it leaves open.
pub(super) fn describe(version: &str) -> Description {
    let mut open = vec![
        "The programs are those of this machine, not those of the images.".to_owned(),
        "Steps run as an ordinary user, where most images run as root: they cannot install packages of the system."
            .to_owned(),
        "Unless the run is offline, the network is that of this machine: a step reaches what listens here, and a port \
         that is taken here is taken there."
            .to_owned(),
        "Memory and disk are not limited.".to_owned(),
    ];
    if !limits::hold() {
        open.push(
            "You are root, and no control group can be made: the number of processes is not limited.".into(),
        );
    }
    Description { name: "bubblewrap", title: format!("a sandbox without images ({version})"), open }
}

/// The files of `/etc` that are made up for a pipeline; all of its steps see them.
pub(super) fn made_up_etc(folder: &Path, offline: bool) -> Result<Vec<Mount>, Trouble> {
    let trouble = |path: &Path, error: &std::io::Error| Trouble::with_path("be written", path, error);
    fs::create_dir_all(folder).map_err(|it| trouble(folder, &it))?;
    // A link into `/run`, as often as not: what counts is what stands there.
    let resolver =
        if offline { String::new() } else { fs::read_to_string("/etc/resolv.conf").unwrap_or_default() };
    let files = [
        ("passwd", PASSWD),
        ("group", GROUPS),
        ("nsswitch.conf", NAME_SERVICES),
        ("hostname", HOST),
        ("resolv.conf", &resolver),
    ];
    let written = files.map(|(name, text)| {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|it| trouble(&path, &it))?;
        Ok(Mount::read_only(path, format!("/etc/{name}")))
    });
    written.into_iter().collect()
}

/// What is between a step and this machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walls<'a> {
    /// The bubblewrap program.
    pub program: &'a Path,
    /// True when no step may reach the network.
    pub offline: bool,
    /// What the steps share when they are offline and have to reach each other.
    pub network: Option<&'a Network>,
    /// What counts the processes of root.
    pub group: Option<&'a Group>,
}

/// Where bubblewrap notes that the program was started, and how it ended.
const STATUS: &str = "status";

/// Opens what bubblewrap is handed, goes into the group, and becomes the command that follows.
const OUTER: &str = "exec 3<&0 4>\"$1\" </dev/null; [ -z \"$2\" ] || echo $$ >\"$2\"; shift 2; exec \"$@\"";

/// The command for a launch.
///
/// The arguments of bubblewrap are in a file that is open and has no name any more: among them are secrets, and a
/// command line can be read by everybody on this machine.
pub(super) fn command(walls: Walls<'_>, launch: &Launch, room: &Room) -> Result<Command, Trouble> {
    let arguments = arguments(walls, launch);
    let path = room.file("arguments", &joined(&arguments))?;
    let opened = File::open(&path).map_err(|it| Trouble::with_path("be read", &path, &it))?;
    let _ = fs::remove_file(&path);
    let mut command = Command::new("/bin/sh");
    command.args(["-c", OUTER, "sh"]).arg(room.path().join(STATUS));
    command.arg(walls.group.map(Group::door).unwrap_or_default());
    command.args(walls.network.map(Network::enter).unwrap_or_default());
    command.arg(walls.program).args(["--args", "3", "--json-status-fd", "4", "--"]);
    command.args(["/bin/sh", "-c", limits::LIMITED]).args(&launch.program);
    command
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .current_dir("/")
        .stdin(Stdio::from(opened));
    Ok(command)
}

/// True when the program was started at all: else what was written tells why bubblewrap could not.
pub(super) fn has_started(room: &Room) -> bool {
    fs::read_to_string(room.path().join(STATUS)).is_ok_and(|it| it.contains("\"exit-code\""))
}

fn joined(arguments: &[OsString]) -> Vec<u8> {
    let mut all = Vec::new();
    for argument in arguments {
        all.extend_from_slice(argument.as_encoded_bytes());
        all.push(0);
    }
    all
}

fn arguments(walls: Walls<'_>, launch: &Launch) -> Vec<OsString> {
    let mut all = namespaces(walls.offline && walls.network.is_none());
    all.extend(system());
    for mount in &launch.mounts {
        let Some(from) = &mount.from else {
            all.extend(words(&["--tmpfs", &mount.to]));
            continue;
        };
        all.push(if mount.writable { "--bind".into() } else { "--ro-bind".into() });
        all.extend([from.into(), OsString::from(&mount.to)]);
    }
    // As an engine does: a folder to work in that is not there is made.
    all.extend(words(&["--dir", &launch.folder, "--chdir", &launch.folder]));
    for (name, value) in launch.environment.iter().filter(|it| is_variable(it)) {
        all.extend(words(&["--setenv", name, value]));
    }
    all
}

/// True when it can be in an environment at all.
fn is_variable((name, value): &(String, String)) -> bool {
    !name.is_empty() && !name.contains(['=', '\0']) && !value.contains('\0')
}

fn namespaces(own_network: bool) -> Vec<OsString> {
    let mut all = words(&["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"]);
    all.extend(words(&["--unshare-cgroup-try", "--die-with-parent", "--new-session", "--clearenv"]));
    all.extend(words(&["--uid", "1000", "--gid", "1000", "--hostname", HOST]));
    if own_network {
        all.push("--unshare-net".into());
    }
    all
}

/// A system in which programs run, with nothing in it of the person who uses this machine.
pub(super) fn system() -> Vec<OsString> {
    let mut all = Vec::new();
    for folder in SYSTEM {
        match fs::read_link(folder) {
            Ok(target) => all.extend(["--symlink".into(), target.into_os_string(), folder.into()]),
            Err(_) => all.extend(words(&["--ro-bind-try", folder, folder])),
        }
    }
    for path in SETTINGS {
        all.extend(words(&["--ro-bind-try", path, path]));
    }
    all.extend(java_settings());
    all.extend(words(&["--proc", "/proc", "--dev", "/dev"]));
    // Where images like to have their workspace; here are only sources of the kernel.
    if Path::new("/usr/src").is_dir() {
        all.extend(words(&["--tmpfs", "/usr/src"]));
    }
    for folder in ["/tmp", "/var/tmp", "/run", "/home"] {
        all.extend(words(&["--perms", if folder == "/run" || folder == "/home" { "0755" } else { "1777" }]));
        all.extend(words(&["--tmpfs", folder]));
    }
    all.extend(words(&["--symlink", "/run", "/var/run"]));
    all
}

/// Debian keeps the settings of a Java in a folder that is named after its version.
fn java_settings() -> Vec<OsString> {
    let entries = fs::read_dir("/etc").into_iter().flatten().flatten().map(|it| it.path());
    let java =
        entries.filter(|it| it.file_name().is_some_and(|it| it.to_string_lossy().starts_with("java-")));
    java.flat_map(|it| ["--ro-bind".into(), it.clone().into_os_string(), it.into_os_string()]).collect()
}

fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(Into::into).collect()
}
