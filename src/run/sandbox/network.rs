//! The network that the steps and services of one pipeline share, and the names in it.
//!
//! Offline it is a network namespace with a loopback and nothing else. A process that waits for the end of its input
//! holds it; our end of that pipe closes with us, however we end, so it cannot stay behind. Steps enter by `nsenter`.
//! Online it is the network of this machine. In both, each service has an address of its own in 127.0.0.0/8.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Read};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::run::Trouble;
use crate::run::backend::MachineOrder;

/// A network of its own, as long as it is held.
#[derive(Debug)]
pub(super) struct Network {
    holder: Child,
    /// A process that is in it.
    inside: u32,
}

/// Says its process id, and then holds what it is in until its input ends.
const HOLD: &str = "echo $$; exec cat";

impl Network {
    /// Made by bubblewrap. `system` are its arguments for a system in which a shell runs.
    pub(super) fn by_bubblewrap(program: &Path, system: &[OsString]) -> Result<Self, Trouble> {
        let mut command = Command::new(program);
        // Not `--die-with-parent`: the parent is a thread, and this one may be over before the pipeline is.
        command.args(["--unshare-user", "--unshare-net", "--uid", "1000", "--gid", "1000"]).args(system);
        Self::held_by(command.args(["--", "/bin/sh", "-c", HOLD]))
    }

    /// Made by `unshare`, where there is no bubblewrap.
    pub(super) fn by_unshare() -> Result<Self, Trouble> {
        let up = format!("ip link set lo up 2>/dev/null || ifconfig lo up || exit 1; {HOLD}");
        Self::held_by(Command::new("unshare").args(["--map-root-user", "--net", "/bin/sh", "-c", &up]))
    }

    fn held_by(command: &mut Command) -> Result<Self, Trouble> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).env_clear();
        command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        own_group(command);
        let mut holder = command.spawn().map_err(|it| trouble(&it.to_string()))?;
        let mut said = String::new();
        if let Some(output) = holder.stdout.take() {
            let _ = BufReader::new(output).read_line(&mut said);
        }
        if let Ok(inside) = said.trim().parse() {
            return Ok(Self { holder, inside });
        }
        let mut why = String::new();
        if let Some(mut error) = holder.stderr.take() {
            let _ = error.read_to_string(&mut why);
        }
        let _ = holder.wait();
        Err(trouble(why.trim()))
    }

    /// What to put before a command that is to run in it.
    pub(super) fn enter(&self) -> Vec<OsString> {
        let target = self.inside.to_string();
        ["nsenter", "--target", &target, "--user", "--net", "--preserve-credentials", "--"]
            .iter()
            .map(Into::into)
            .collect()
    }

    /// True when something in it listens at this address and port.
    pub(super) fn listens(&self, address: Ipv4Addr, port: u16) -> bool {
        ["tcp", "tcp6"].iter().any(|table| {
            let path = format!("/proc/{}/net/{table}", self.inside);
            let text = std::fs::read_to_string(path).unwrap_or_default();
            text.lines().skip(1).any(|line| is_listener(line, address, port))
        })
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

fn trouble(why: &str) -> Trouble {
    Trouble::new(
        format!("a network for this pipeline alone cannot be made: {why}"),
        "run it without --offline, or with a container engine",
    )
}

/// A line of `/proc/net/tcp`: number, local address, remote address, state … in hexadecimal digits.
fn is_listener(line: &str, address: Ipv4Addr, port: u16) -> bool {
    const LISTENS: &str = "0A";
    let mut fields = line.split_ascii_whitespace().skip(1);
    let (Some(local), Some(LISTENS)) = (fields.next(), fields.nth(1)) else { return false };
    let Some((at, its_port)) = local.split_once(':') else { return false };
    // As the processor reads the four bytes.
    let own = format!("{:08X}", u32::from_ne_bytes(address.octets()));
    let everywhere = at.bytes().all(|it| it == b'0');
    u16::from_str_radix(its_port, 16) == Ok(port) && (everywhere || at.ends_with(&own))
}

/// True when something on this machine listens at this address and port.
pub(super) fn answers_here(address: Ipv4Addr, port: u16) -> bool {
    let address = SocketAddr::new(IpAddr::V4(address), port);
    TcpStream::connect_timeout(&address, Duration::from_millis(500)).is_ok()
}

/// The names by which steps and services reach each other: those of the file.
#[derive(Debug)]
pub(super) struct Names(Vec<(String, Ipv4Addr)>);

impl Names {
    /// The names of a pipeline. Two pipelines that run at the same time rarely share an address.
    pub(super) fn of(order: &MachineOrder<'_>) -> Self {
        let steps = order.pipeline.services.iter().chain(&order.pipeline.steps);
        let names = steps.map(|it| it.name().to_owned()).filter(|it| is_host(it));
        Self(names.enumerate().map(|(place, name)| (name, address(order, place))).collect())
    }

    /// The address of a name.
    pub(super) fn address(&self, name: &str) -> Option<Ipv4Addr> {
        self.0.iter().find(|it| it.0 == name).map(|it| it.1)
    }

    /// The text of `/etc/hosts`. `more` are lines of `extra_hosts`, `name:address`.
    pub(super) fn hosts<'a>(&self, more: impl IntoIterator<Item = &'a str>) -> String {
        let mut text = format!("127.0.0.1 localhost {HOST}\n::1 localhost\n");
        for (name, address) in &self.0 {
            let _ = writeln!(text, "{address} {name}");
        }
        for (name, address) in more.into_iter().filter_map(|it| it.split_once(':')) {
            let _ = writeln!(text, "{} {}", address.trim(), name.trim());
        }
        text
    }
}

/// The name of the clean machine itself.
pub(super) const HOST: &str = "clean-computer";

/// True when it can stand in a file of hosts.
fn is_host(name: &str) -> bool {
    !name.is_empty()
        && name != "localhost"
        && name.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.'))
}

/// 127.x.y.z: x and y for the pipeline of this run, z (and what does not fit) for the place. 127.0.*.* is left to others.
fn address(order: &MachineOrder<'_>, place: usize) -> Ipv4Addr {
    let mut hasher = DefaultHasher::new();
    (order.run, order.number, place / 250).hash(&mut hasher);
    let [x, y, ..] = hasher.finish().to_le_bytes();
    let z = u8::try_from(place % 250 + 1).unwrap_or(1);
    Ipv4Addr::new(127, x.clamp(1, 254), y, z)
}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    // A Ctrl-C is for the terminal's group; the network must be there until the steps are over.
    command.process_group(0);
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_endian = "little")]
    fn a_listener_is_found_in_the_table_of_the_kernel() {
        let at = Ipv4Addr::new(127, 4, 5, 6);
        let row = |local: &str, state: &str| {
            is_listener(&format!("   0: {local} 00000000:0000 {state} 00000000:00000000"), at, 5432)
        };
        assert!(row("0605047F:1538", "0A"));
        assert!(row("00000000:1538", "0A"));
        assert!(row("00000000000000000000000000000000:1538", "0A"));
        assert!(row("0000000000000000FFFF00000605047F:1538", "0A"));
        assert!(!row("0605047F:1538", "01"), "a connection");
        assert!(!row("0605047F:1539", "0A"), "another port");
        assert!(!row("0100007F:1538", "0A"), "another address");
    }
}
