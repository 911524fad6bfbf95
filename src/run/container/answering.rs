//! A service and a question → whether it answers. Nothing is started but for a moment, inside the service's container.

use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::run::backend::Probe;
use crate::run::container::client::{Answer, Client};

/// How long an answer may take. The question is asked again and again, so this need not be long.
const LIMIT: Duration = Duration::from_secs(10);
const KNOCK: Duration = Duration::from_millis(300);

/// True when the service in that container answers. Nothing of an offline network can be reached from this machine.
pub(super) fn answers(client: &Client, container: &str, probe: &Probe, offline: bool) -> bool {
    match probe {
        Probe::Command(command) => inside(client, container, &["/bin/sh", "-c", command]).is_some(),
        Probe::Port(port) => listens(client, container, *port, offline),
    }
}

fn listens(client: &Client, container: &str, port: u16, offline: bool) -> bool {
    if client.traits().reachable
        && !offline
        && let Some(open) = knock(client, container, port)
    {
        return open;
    }
    let tables = inside(client, container, &["cat", "/proc/net/tcp", "/proc/net/tcp6"]);
    tables.is_some_and(|it| it.out.lines().any(|it| is_listening(it, port)))
}

/// Connects from this machine. `None`: the address leads nowhere from here, so that says nothing.
fn knock(client: &Client, container: &str, port: u16) -> Option<bool> {
    let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";
    let told = client.call_within(LIMIT, ["container", "inspect", "--format", format, container]).ok()?;
    let Some(address) = told.out.split_whitespace().find_map(|it| it.parse::<IpAddr>().ok()) else {
        // It has no address before it runs, and none when it is over; or it has no network of its own.
        return None;
    };
    match TcpStream::connect_timeout(&SocketAddr::new(address, port), KNOCK) {
        Ok(_) => Some(true),
        Err(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => Some(false),
        Err(_) => None,
    }
}

fn inside(client: &Client, container: &str, command: &[&str]) -> Option<Answer> {
    let arguments = ["exec", container].into_iter().chain(command.iter().copied());
    client.call_within(LIMIT, arguments).ok().filter(|it| it.good)
}

/// A line of `/proc/net/tcp` about a port that others can reach: `0: 00000000:0050 00000000:0000 0A …`.
fn is_listening(line: &str, port: u16) -> bool {
    const LISTENS: &str = "0A";
    const LOOPBACKS: [&str; 2] = ["0100007F", "00000000000000000000000001000000"];
    let mut fields = line.split_whitespace().skip(1);
    let Some((address, number)) = fields.next().and_then(|it| it.split_once(':')) else { return false };
    let state = fields.nth(1);
    state == Some(LISTENS) && u16::from_str_radix(number, 16) == Ok(port) && !LOOPBACKS.contains(&address)
}

#[cfg(test)]
mod tests {
    use super::is_listening;

    #[test]
    fn only_a_port_that_others_reach_is_open() {
        let rows = [
            ("   0: 00000000:0050 00000000:0000 0A 00000000:00000000", true),
            ("   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 0", true),
            ("   0: 0100007F:0050 00000000:0000 0A 00000000:00000000", false),
            ("   0: 00000000:0050 0200007F:1234 01 00000000:00000000", false),
            ("   0: 00000000:0051 00000000:0000 0A 00000000:00000000", false),
            ("  sl  local_address rem_address   st tx_queue rx_queue", false),
        ];
        for (line, open) in rows {
            assert_eq!(is_listening(line, 80), open, "{line}");
        }
    }
}
