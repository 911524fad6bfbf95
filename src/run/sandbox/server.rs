//! A service's image → the program of this machine that serves the same, started as the image starts it: on the usual
//! port, with nothing stored yet, minding the variables that the image minds.

use std::ffi::OsString;
use std::net::Ipv4Addr;
use std::path::Path;

/// A service that can be started without its image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Server {
    /// `PostgreSQL`.
    Postgres,
    /// Redis.
    Redis,
    /// memcached.
    Memcached,
    /// `MariaDB`, for `MySQL` too.
    MariaDb,
}

/// Where a server is to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'a> {
    /// The folder of its programs.
    pub programs: &'a Path,
    /// A folder that is not there yet, for what it stores.
    pub data: &'a Path,
    /// Where it listens.
    pub address: Ipv4Addr,
    /// Where the clean machine has a folder for sockets; empty when it has none.
    pub sockets: &'a str,
}

impl Server {
    /// The command that becomes the server. `arguments` are those of `command` in the file.
    pub(super) fn command<'a>(
        self,
        site: Site<'_>,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Vec<OsString> {
        let mut command: Vec<OsString> = ["/bin/sh", "-c", self.script(), self.name()].map(Into::into).into();
        let address = site.address.to_string();
        command.extend([site.programs.into(), site.data.into(), address.into(), site.sockets.into()]);
        command.extend(arguments.into_iter().map(Into::into));
        command
    }

    /// What makes its own client, run beside it, find it without being told where: programs with their arguments.
    pub(super) fn clients(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Redis => &[("redis-cli", "-h")],
            Self::Postgres => &[("psql", "-h"), ("pg_isready", "-h")],
            Self::MariaDb => {
                &[("mariadb", "-h"), ("mariadb-admin", "-h"), ("mysql", "-h"), ("mysqladmin", "-h")]
            }
            Self::Memcached => &[],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Redis => "redis",
            Self::Memcached => "memcached",
            Self::MariaDb => "mariadb",
        }
    }

    fn script(self) -> &'static str {
        match self {
            Self::Postgres => include_str!("servers/postgres.sh"),
            Self::Redis => include_str!("servers/redis.sh"),
            Self::Memcached => include_str!("servers/memcached.sh"),
            Self::MariaDb => include_str!("servers/mariadb.sh"),
        }
    }
}
