//! Which programs stand in for which image: the table, and nothing else.

use crate::run::sandbox::server::Server;

/// A row: images, and what stands in for them.
#[derive(Debug)]
pub(super) struct Row {
    /// The images, without tag. Those with a group are written with it.
    pub images: &'static [&'static str],
    /// The programs that must be here; the first is the one that the image is about. Its version is compared with the
    /// tag.
    pub programs: &'static [Program],
    /// Programs that the image has and a step may do without.
    pub extras: &'static [Program],
    /// What more there is to do.
    pub kind: Kind,
}

/// A program of an image.
#[derive(Debug)]
pub(super) struct Program {
    /// What it is called in PATH.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// The arguments that make it say its version.
    pub version: &'static [&'static str],
    /// What to install to have it, as Debian calls it.
    pub package: &'static str,
    /// The arguments that make it say the folder in which it is installed; without any, it is the folder above `bin`.
    pub home: &'static [&'static str],
}

/// What more there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The image is a system: there is nothing to compare.
    System,
    /// The image is a tool: where it is installed is all there is.
    Tool,
    /// The image is Python, and gets an environment without packages.
    Python,
    /// The image is a service.
    Server(Server),
}

const fn program(
    name: &'static str,
    title: &'static str,
    version: &'static [&'static str],
    package: &'static str,
) -> Program {
    Program { name, title, version, package, home: &[] }
}

const VERSION: &[&str] = &["--version"];

const JAVA: Program = program("java", "Java", &["-version"], "default-jdk");

/// The images that only a container engine can be: what is in them makes containers.
pub(super) const NEVER: [&str; 4] = ["docker", "podman", "gcr.io/kaniko-project/executor", "moby/buildkit"];

/// All rows.
pub(super) const ROWS: &[Row] = &[
    Row {
        images: &["python"],
        programs: &[Program {
            home: &["-c", "import sys; print(sys.base_prefix)"],
            ..program("python3", "Python", VERSION, "python3")
        }],
        extras: &[],
        kind: Kind::Python,
    },
    Row {
        images: &["node"],
        programs: &[program("node", "Node.js", VERSION, "nodejs")],
        extras: &[program("npm", "npm", VERSION, "npm")],
        kind: Kind::Tool,
    },
    Row {
        images: &["golang"],
        programs: &[Program { home: &["env", "GOROOT"], ..program("go", "Go", &["version"], "golang-go") }],
        extras: &[],
        kind: Kind::Tool,
    },
    Row {
        images: &["rust"],
        programs: &[
            Program { home: &["--print", "sysroot"], ..program("rustc", "Rust", VERSION, "rustc") },
            program("cargo", "Cargo", VERSION, "cargo"),
        ],
        extras: &[program("cc", "a C compiler", VERSION, "gcc")],
        kind: Kind::Tool,
    },
    Row {
        images: &["ruby"],
        programs: &[Program {
            home: &["-e", "puts RbConfig::CONFIG['prefix']"],
            ..program("ruby", "Ruby", VERSION, "ruby")
        }],
        extras: &[program("bundle", "Bundler", VERSION, "bundler")],
        kind: Kind::Tool,
    },
    Row {
        images: &["openjdk", "eclipse-temurin", "amazoncorretto"],
        programs: &[JAVA, program("javac", "javac", &["-version"], "default-jdk")],
        extras: &[],
        kind: Kind::Tool,
    },
    Row {
        images: &["maven"],
        programs: &[program("mvn", "Maven", VERSION, "maven"), JAVA],
        extras: &[],
        kind: Kind::Tool,
    },
    Row {
        images: &["gradle"],
        programs: &[program("gradle", "Gradle", VERSION, "gradle"), JAVA],
        extras: &[],
        kind: Kind::Tool,
    },
    Row {
        images: &["php"],
        programs: &[program("php", "PHP", VERSION, "php-cli")],
        extras: &[],
        kind: Kind::Tool,
    },
    Row {
        images: &["perl"],
        programs: &[program("perl", "Perl", &["-e", "print $^V"], "perl")],
        extras: &[],
        kind: Kind::Tool,
    },
    Row {
        images: &["gcc"],
        programs: &[
            program("gcc", "GCC", &["-dumpfullversion"], "gcc"),
            program("make", "make", VERSION, "make"),
        ],
        extras: &[],
        kind: Kind::Tool,
    },
    Row {
        images: &["bash"],
        programs: &[program("bash", "Bash", VERSION, "bash")],
        extras: &[],
        kind: Kind::Tool,
    },
    Row {
        images: &["drone/git", "alpine/git", "bitnami/git"],
        programs: &[program("git", "Git", VERSION, "git")],
        extras: &[],
        kind: Kind::Tool,
    },
    Row {
        images: &["curlimages/curl"],
        programs: &[program("curl", "curl", VERSION, "curl")],
        extras: &[],
        kind: Kind::Tool,
    },
    Row {
        images: &["koalaman/shellcheck", "koalaman/shellcheck-alpine"],
        programs: &[program("shellcheck", "ShellCheck", VERSION, "shellcheck")],
        extras: &[],
        kind: Kind::Tool,
    },
    Row {
        images: &[
            "alpine",
            "busybox",
            "debian",
            "ubuntu",
            "fedora",
            "centos",
            "rockylinux",
            "almalinux",
            "archlinux",
            "buildpack-deps",
        ],
        programs: &[],
        extras: &[],
        kind: Kind::System,
    },
    Row {
        images: &["postgres"],
        programs: &[program("postgres", "PostgreSQL", VERSION, "postgresql")],
        extras: &[],
        kind: Kind::Server(Server::Postgres),
    },
    Row {
        images: &["redis"],
        programs: &[program("redis-server", "Redis", VERSION, "redis-server")],
        extras: &[],
        kind: Kind::Server(Server::Redis),
    },
    Row {
        images: &["memcached"],
        programs: &[program("memcached", "memcached", VERSION, "memcached")],
        extras: &[],
        kind: Kind::Server(Server::Memcached),
    },
    Row {
        images: &["mariadb", "mysql"],
        programs: &[program("mariadbd", "MariaDB", VERSION, "mariadb-server")],
        extras: &[],
        kind: Kind::Server(Server::MariaDb),
    },
];
