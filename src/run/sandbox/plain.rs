//! A launch → a command that nothing shuts in, but whose environment leads to nothing of the person: HOME, folder for
//! temporary files and workspace are those of the run. And the end of all that such commands leave running.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::run::backend::Description;
use crate::run::sandbox::launch::Launch;
use crate::run::sandbox::network::Network;

/// What it is, and what it leaves open: everything.
pub(super) fn describe() -> Description {
    let open = [
        "A step can read and write all that you can: your files, your keys, your other projects.",
        "A step can reach the network as you do, and everything that listens on this machine.",
        "A step sees your other programs while they run, and can end them.",
        "The programs are those of this machine, not those of the images.",
        "The workspace is at another path than in Drone: variables say where, but a path such as /drone/src that is \
         written in a command is not there.",
        "A service is at localhost, not at its name, and on the ports of this machine.",
        "Neither memory nor disk nor the number of processes is limited.",
        "A program that hides on purpose can go on running when the step is over.",
    ];
    Description {
        name: "plain",
        title: "a folder of its own and a cleared environment, and nothing more".to_owned(),
        open: open.map(str::to_owned).into(),
    }
}

/// The command for a launch, whose folder is one of this machine.
pub(super) fn command(network: Option<&Network>, launch: &Launch) -> Command {
    let mut words: Vec<OsString> = network.map(Network::enter).unwrap_or_default();
    words.extend(launch.program.iter().cloned());
    let mut command = Command::new(words.first().cloned().unwrap_or_else(|| "/bin/sh".into()));
    command.args(words.iter().skip(1)).env_clear().stdin(Stdio::null()).current_dir(&launch.folder);
    let is_variable =
        |it: &&(String, String)| !it.0.is_empty() && !it.0.contains(['=', '\0']) && !it.1.contains('\0');
    command.envs(launch.environment.iter().filter(is_variable).map(|it| (&it.0, &it.1)));
    command
}

/// Ends all processes that were started in a folder: those whose environment names it, and those that work in it and
/// belong to no terminal. It takes the ones that left their process group. Only Linux tells enough about processes.
#[cfg(target_os = "linux")]
pub(super) fn end_all_of(folder: &Path) {
    // What one of them starts while the others are ended is found the next time.
    for _ in 0..5 {
        let found = processes_of(folder);
        if found.is_empty() {
            return;
        }
        for process in found {
            let id = rustix::process::Pid::from_raw(process);
            let _ = id.map(|it| rustix::process::kill_process(it, rustix::process::Signal::KILL));
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// Elsewhere the process group of each step has to do.
#[cfg(not(target_os = "linux"))]
pub(super) fn end_all_of(_: &Path) {}

#[cfg(target_os = "linux")]
fn processes_of(folder: &Path) -> Vec<i32> {
    let own = i32::try_from(std::process::id()).unwrap_or_default();
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = entries.filter_map(|it| it.file_name().to_str()?.parse().ok());
    ids.filter(|it: &i32| *it != own && is_of(&Path::new("/proc").join(it.to_string()), folder)).collect()
}

#[cfg(target_os = "linux")]
fn is_of(process: &Path, folder: &Path) -> bool {
    let name = folder.as_os_str().as_encoded_bytes();
    let environment = std::fs::read(process.join("environ")).unwrap_or_default();
    if environment.split(|it| *it == 0).any(|it| names(it, name)) {
        return true;
    }
    let works_there = std::fs::read_link(process.join("cwd")).is_ok_and(|it| it.starts_with(folder));
    // A person who looks around in there with a shell of their own is left alone.
    works_there && !has_terminal(process)
}

/// True when the value of a variable is this path, or one below it.
#[cfg(target_os = "linux")]
fn names(variable: &[u8], path: &[u8]) -> bool {
    let value = variable.iter().position(|it| *it == b'=').map(|it| &variable[it + 1..]);
    let rest = value.and_then(|it| it.strip_prefix(path));
    rest.is_some_and(|it| it.is_empty() || it[0] == b'/')
}

/// The seventh field of `stat` is the terminal. The second is a name in brackets, in which anything may stand.
#[cfg(target_os = "linux")]
fn has_terminal(process: &Path) -> bool {
    let stat = std::fs::read_to_string(process.join("stat")).unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |it| it.1);
    after_name.split_ascii_whitespace().nth(4).is_some_and(|it| it != "0")
}
