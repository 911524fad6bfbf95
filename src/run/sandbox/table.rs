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
    /// What the image sets so that a step finds what it installs.
    pub own: Own,
}

/// Where what a step installs goes, and is found: variables and folders of PATH as the image has them. `{home}` and
/// `{local}` stand for the step's own folders.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Own {
    /// Variables, unless the step sets them itself.
    pub variables: &'static [(&'static str, &'static str)],
    /// Folders in PATH.
    pub path: &'static [&'static str],
    /// Programs that put others beside themselves, and so have to be in the step's own folder.
    pub moved: &'static [&'static str],
    /// Scripts that stand in for what would change the machine, each with its name.
    pub scripts: &'static [(&'static str, &'static str)],
}

const NOTHING: Own = Own { variables: &[], path: &[], moved: &[], scripts: &[] };

/// A program of an image.
#[derive(Debug)]
pub(super) struct Program {
    /// What it is called in PATH.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// The arguments that make it say its version.
    pub version: &'static [&'static str],
    /// What to install to have it, as Debian calls it; empty where Debian has none.
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
        own: NOTHING,
    },
    Row {
        images: &["node"],
        programs: &[program("node", "Node.js", VERSION, "nodejs")],
        extras: &[program("npm", "npm", VERSION, "npm")],
        kind: Kind::Tool,
        own: Own {
            // Else `npm install --global` would want to write where the machine's own programs are.
            variables: &[("NPM_CONFIG_PREFIX", "{local}")],
            // `corepack enable` puts pnpm and yarn beside itself.
            moved: &["corepack"],
            ..NOTHING
        },
    },
    Row {
        images: &["denoland/deno"],
        programs: &[program("deno", "Deno", VERSION, "")],
        extras: &[],
        kind: Kind::Tool,
        own: Own { path: &["{home}/.deno/bin"], ..NOTHING },
    },
    Row {
        images: &["oven/bun"],
        programs: &[program("bun", "Bun", VERSION, "")],
        extras: &[],
        kind: Kind::Tool,
        own: Own { path: &["{home}/.bun/bin"], ..NOTHING },
    },
    Row {
        images: &["golang"],
        programs: &[Program { home: &["env", "GOROOT"], ..program("go", "Go", &["version"], "golang-go") }],
        extras: &[],
        kind: Kind::Tool,
        own: Own { path: &["{home}/go/bin"], ..NOTHING },
    },
    Row {
        images: &["rust"],
        programs: &[
            Program { home: &["--print", "sysroot"], ..program("rustc", "Rust", VERSION, "rustc") },
            program("cargo", "Cargo", VERSION, "cargo"),
        ],
        extras: &[program("cc", "a C compiler", VERSION, "gcc")],
        kind: Kind::Tool,
        own: Own {
            path: &["{home}/.cargo/bin"],
            scripts: &[("rustup", include_str!("rustup.sh"))],
            ..NOTHING
        },
    },
    Row {
        images: &["ruby"],
        programs: &[Program {
            home: &["-e", "puts RbConfig::CONFIG['prefix']"],
            ..program("ruby", "Ruby", VERSION, "ruby")
        }],
        extras: &[program("bundle", "Bundler", VERSION, "bundler")],
        kind: Kind::Tool,
        own: Own {
            variables: &[
                ("GEM_HOME", "{local}/bundle"),
                ("BUNDLE_APP_CONFIG", "{local}/bundle"),
                ("BUNDLE_SILENCE_ROOT_WARNING", "1"),
            ],
            path: &["{local}/bundle/bin"],
            ..NOTHING
        },
    },
    Row {
        images: &["openjdk", "eclipse-temurin", "amazoncorretto"],
        programs: &[JAVA, program("javac", "javac", &["-version"], "default-jdk")],
        extras: &[],
        kind: Kind::Tool,
        own: NOTHING,
    },
    Row {
        images: &["maven"],
        programs: &[program("mvn", "Maven", VERSION, "maven"), JAVA],
        extras: &[],
        kind: Kind::Tool,
        own: NOTHING,
    },
    Row {
        images: &["gradle"],
        programs: &[program("gradle", "Gradle", VERSION, "gradle"), JAVA],
        extras: &[],
        kind: Kind::Tool,
        own: NOTHING,
    },
    Row {
        images: &["php"],
        programs: &[program("php", "PHP", VERSION, "php-cli")],
        extras: &[],
        kind: Kind::Tool,
        own: NOTHING,
    },
    Row {
        images: &["composer"],
        programs: &[
            program("composer", "Composer", VERSION, "composer"),
            program("php", "PHP", VERSION, "php-cli"),
        ],
        extras: &[],
        kind: Kind::Tool,
        own: NOTHING,
    },
    Row {
        images: &["elixir"],
        programs: &[
            program("elixir", "Elixir", &["--short-version"], "elixir"),
            program("mix", "Mix", VERSION, "elixir"),
        ],
        extras: &[],
        kind: Kind::Tool,
        own: NOTHING,
    },
    Row {
        images: &["julia"],
        programs: &[program("julia", "Julia", VERSION, "")],
        extras: &[],
        kind: Kind::Tool,
        own: NOTHING,
    },
    Row {
        images: &["r-base", "rocker/r-ver"],
        programs: &[program("Rscript", "R", VERSION, "r-base-core")],
        extras: &[],
        kind: Kind::Tool,
        own: NOTHING,
    },
    Row {
        images: &["hugomods/hugo"],
        programs: &[program("hugo", "Hugo", &["version"], "hugo")],
        extras: &[],
        kind: Kind::Tool,
        own: NOTHING,
    },
    Row {
        images: &["perl"],
        programs: &[program("perl", "Perl", &["-e", "print $^V"], "perl")],
        extras: &[],
        kind: Kind::Tool,
        own: NOTHING,
    },
    Row {
        images: &["gcc"],
        programs: &[
            program("gcc", "GCC", &["-dumpfullversion"], "gcc"),
            program("make", "make", VERSION, "make"),
        ],
        extras: &[],
        kind: Kind::Tool,
        own: NOTHING,
    },
    Row {
        images: &["bash"],
        programs: &[program("bash", "Bash", VERSION, "bash")],
        extras: &[],
        kind: Kind::Tool,
        own: NOTHING,
    },
    Row {
        images: &["drone/git", "alpine/git", "bitnami/git"],
        programs: &[program("git", "Git", VERSION, "git")],
        extras: &[],
        kind: Kind::Tool,
        own: NOTHING,
    },
    Row {
        images: &["curlimages/curl"],
        programs: &[program("curl", "curl", VERSION, "curl")],
        extras: &[],
        kind: Kind::Tool,
        own: NOTHING,
    },
    Row {
        images: &["koalaman/shellcheck", "koalaman/shellcheck-alpine"],
        programs: &[program("shellcheck", "ShellCheck", VERSION, "shellcheck")],
        extras: &[],
        kind: Kind::Tool,
        own: NOTHING,
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
        own: NOTHING,
    },
    Row {
        images: &["postgres"],
        programs: &[program("postgres", "PostgreSQL", VERSION, "postgresql")],
        extras: &[],
        kind: Kind::Server(Server::Postgres),
        own: NOTHING,
    },
    Row {
        images: &["redis"],
        programs: &[program("redis-server", "Redis", VERSION, "redis-server")],
        extras: &[],
        kind: Kind::Server(Server::Redis),
        own: NOTHING,
    },
    Row {
        images: &["memcached"],
        programs: &[program("memcached", "memcached", VERSION, "memcached")],
        extras: &[],
        kind: Kind::Server(Server::Memcached),
        own: NOTHING,
    },
    Row {
        images: &["mariadb", "mysql"],
        programs: &[program("mariadbd", "MariaDB", VERSION, "mariadb-server")],
        extras: &[],
        kind: Kind::Server(Server::MariaDb),
        own: NOTHING,
    },
];
