//! The keys of a `.drone.yml` as data: where each may stand, what it holds, and what it is for.
//!
//! The decoder reads values; this table says which keys exist. The rule `unknown-key`, the course and the JSON Schema use
//! it, and a test holds it against the decoder (§1.4, §1.5, §2, §3, §4.1).

/// Types of pipelines, as a set. The empty set stands for keys that no type has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Types(u8);

impl Types {
    /// Every type.
    pub const ALL: Self = Self(0x7f);
    /// `docker`, which is also what no type means.
    pub const DOCKER: Self = Self(1);
    /// `kubernetes`
    pub const KUBERNETES: Self = Self(1 << 1);
    /// `exec`
    pub const EXEC: Self = Self(1 << 2);
    /// `ssh`
    pub const SSH: Self = Self(1 << 3);
    /// `digitalocean`
    pub const DIGITALOCEAN: Self = Self(1 << 4);
    /// `macstadium`
    pub const MACSTADIUM: Self = Self(1 << 5);
    /// `vm`, and `aws`, its older name.
    pub const VM: Self = Self(1 << 6);
    /// Those whose steps are containers.
    pub const CONTAINERS: Self = Self(Self::DOCKER.0 | Self::KUBERNETES.0 | Self::VM.0);

    /// The type of that name; `None` for a name that no runner takes.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (_, found) = Self::NAMES.iter().find(|(it, _)| *it == name)?;
        Some(*found)
    }

    /// The names that runners take (§1.5).
    pub const NAMES: [(&'static str, Self); 9] = [
        ("docker", Self::DOCKER),
        ("", Self::DOCKER),
        ("kubernetes", Self::KUBERNETES),
        ("exec", Self::EXEC),
        ("ssh", Self::SSH),
        ("digitalocean", Self::DIGITALOCEAN),
        ("macstadium", Self::MACSTADIUM),
        ("vm", Self::VM),
        ("aws", Self::VM),
    ];

    /// True when some type is in both sets.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// True for the empty set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What either set holds.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What may stand as a value.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Any scalar, in its own spelling.
    Text,
    /// A text of which only these words mean something.
    Words(&'static [&'static str]),
    /// `true` or `false`, in one of YAML's spellings.
    Boolean,
    /// A whole number.
    Integer,
    /// A number that may have a fraction.
    Number,
    /// A number of bytes, or a text such as `512m`.
    Bytes,
    /// A list of texts.
    Texts,
    /// A map from names to texts.
    TextMap,
    /// A map from names to texts or `from_secret`.
    Variables,
    /// A text, or `from_secret`.
    TextOrSecret,
    /// A map from names to anything or `from_secret`.
    Settings,
    /// One condition: a text, a list, or a map of `include` and `exclude`.
    Condition,
    /// A list of whole numbers, or of maps with these keys.
    EachOrInteger(&'static Map),
    /// A text, or a map with these keys.
    TextOr(&'static Map),
    /// A map with these keys.
    Keys(&'static Map),
    /// A list of maps with these keys.
    Each(&'static Map),
    /// Whatever.
    Any,
}

/// A map whose keys are known.
#[derive(Debug)]
pub struct Map {
    /// What messages call it: `a step`, `the pipeline`.
    pub noun: &'static str,
    /// Its keys, sorted by name.
    pub keys: &'static [Key],
}

impl Map {
    /// The key of that name.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        let keys = self.keys;
        keys.binary_search_by(|it| it.name.cmp(name)).ok().map(|at| &keys[at])
    }
}

/// A key.
#[derive(Debug)]
pub struct Key {
    /// As written.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// For which types of pipelines it does something. With none, it is read and does nothing.
    pub types: Types,
    /// What it is for, in one or two sentences. Shown by editors and by the book.
    pub says: &'static str,
}

const fn key(name: &'static str, shape: Shape, types: Types, says: &'static str) -> Key {
    Key { name, shape, types, says }
}

const fn map(noun: &'static str, keys: &'static [Key]) -> Map {
    Map { noun, keys }
}

const NONE: Types = Types(0);
const ALL: Types = Types::ALL;
const DOCKER: Types = Types::DOCKER;
const CONTAINERS: Types = Types::CONTAINERS;
const KUBERNETES: Types = Types::KUBERNETES;
const DOCKER_VM: Types = Types::DOCKER.or(Types::VM);

/// The words of `event`.
pub const EVENTS: &[&str] = &["push", "pull_request", "tag", "promote", "rollback", "cron", "custom"];
/// The words of `status`.
pub const STATUSES: &[&str] = &["success", "failure"];
/// The words of `action`.
pub const ACTIONS: &[&str] = &["opened", "synchronized", "create"];
/// The words of `failure`.
pub const FAILURES: &[&str] = &["ignore", "fail", "always", "fast", "fast-fail", "fail-fast"];
/// The words of `pull`.
pub const PULLS: &[&str] = &["always", "if-not-exists", "never"];

/// What every document begins with: the words of `kind`.
pub const KINDS: &[&str] = &["pipeline", "secret", "signature", "cron", "registry", "template"];

/// `trigger` and `when`.
pub static TRIGGER: Map = map("`trigger`", CONDITIONS);
/// `when` of a step or service.
pub static WHEN: Map = map("`when`", CONDITIONS);

const CONDITIONS: &[Key] = &[
    key(
        "action",
        Shape::Condition,
        ALL,
        "What happened to a pull request (`opened`, `synchronized`) or a tag (`create`).",
    ),
    key(
        "branch",
        Shape::Condition,
        ALL,
        "The branch that commits go to; for a pull request, its base. A tag build usually has none.",
    ),
    key("cron", Shape::Condition, ALL, "The name of the cron job that starts the build."),
    key(
        "event",
        Shape::Condition,
        ALL,
        "What starts the build: push, pull_request, tag, cron, promote, rollback or custom.",
    ),
    key("instance", Shape::Condition, ALL, "The host name of the Drone server. Only steps look at it."),
    key(
        "paths",
        Shape::Condition,
        NONE,
        "Drone reads it and never looks at changed files; only an extension of the server can.",
    ),
    key("ref", Shape::Condition, ALL, "The full git reference, such as `refs/heads/main` or `refs/tags/v*`."),
    key("repo", Shape::Condition, ALL, "The repository, as `owner/name`."),
    key(
        "status",
        Shape::Condition,
        ALL,
        "`success`, `failure` or both. Without it, nothing runs after a failure.",
    ),
    key("target", Shape::Condition, ALL, "The environment that a build is promoted or rolled back to."),
];

static MOUNT: Map = map(
    "a mount",
    &[
        key("name", Shape::Text, CONTAINERS, "The name of a volume of the pipeline."),
        key("path", Shape::Text, CONTAINERS, "Where it appears in the container."),
    ],
);
static PORT: Map = map(
    "`ports`",
    &[
        key("host", Shape::Integer, NONE, "A port of the machine."),
        key("port", Shape::Integer, NONE, "A port of the container."),
        key("protocol", Shape::Text, NONE, "tcp or udp."),
    ],
);
static BUILD: Map = map(
    "`build`",
    &[
        key("args", Shape::TextMap, NONE, "Arguments of an image build. No runner builds images this way."),
        key("cache_from", Shape::Texts, NONE, "Images to build from. No runner builds images this way."),
        key("context", Shape::Text, NONE, "The folder of an image build. No runner builds images this way."),
        key(
            "dockerfile",
            Shape::Text,
            NONE,
            "The recipe of an image build. No runner builds images this way.",
        ),
        key("image", Shape::Text, NONE, "The name of a built image. No runner builds images this way."),
        key("labels", Shape::TextMap, NONE, "Labels of a built image. No runner builds images this way."),
    ],
);
static PUSH: Map = map("`push`", &[key("image", Shape::Text, NONE, "An image to push. No runner does.")]);
static AMOUNTS: Map = map(
    "`resources`",
    &[
        key("cpu", Shape::Number, KUBERNETES, "Processors."),
        key("memory", Shape::Bytes, KUBERNETES, "Memory, such as `512MiB`."),
    ],
);
static RESOURCES: Map = map(
    "`resources`",
    &[
        key("limits", Shape::Keys(&AMOUNTS), KUBERNETES, "The most that the container may use."),
        key("requests", Shape::Keys(&AMOUNTS), KUBERNETES, "What the container is promised."),
    ],
);

/// An item of `steps`.
pub static STEP: Map = map("a step", STEP_KEYS);
/// An item of `services`.
pub static SERVICE: Map = map("a service", STEP_KEYS);

const STEP_KEYS: &[Key] = &[
    key("build", Shape::TextOr(&BUILD), NONE, "A leftover of Drone 0.8. No runner builds images this way."),
    key("command", Shape::Texts, CONTAINERS, "The container's own command line. `commands` wins over it."),
    key(
        "commands",
        Shape::Texts,
        ALL,
        "Lines for `/bin/sh`, one after the other. The first that fails ends the step.",
    ),
    key("depends_on", Shape::Texts, ALL, "Names of steps above this one that must have finished first."),
    key("detach", Shape::Boolean, ALL, "Start the step and go on without waiting for it."),
    key("devices", Shape::Each(&MOUNT), DOCKER_VM, "Devices of the machine. Trusted repositories only."),
    key("dns", Shape::Texts, DOCKER_VM, "DNS servers. Trusted repositories only."),
    key("dns_search", Shape::Texts, DOCKER_VM, "DNS search domains. Trusted repositories only."),
    key(
        "entrypoint",
        Shape::Texts,
        CONTAINERS,
        "The program that the container starts. `commands` wins over it.",
    ),
    key(
        "environment",
        Shape::Variables,
        ALL,
        "Variables of the step: a text, or `from_secret: NAME`. Nothing is expanded in them.",
    ),
    key("extra_hosts", Shape::Texts, DOCKER_VM, "Lines for `/etc/hosts`. Trusted repositories only."),
    key(
        "failure",
        Shape::Words(FAILURES),
        ALL,
        "`ignore` lets the pipeline pass although this step fails; `fail-fast` ends it at once.",
    ),
    key("image", Shape::Text, CONTAINERS, "The image that the container starts from. Give it a version."),
    key("mem_limit", Shape::Bytes, DOCKER, "The most memory that the container may use."),
    key("memswap_limit", Shape::Bytes, DOCKER, "The most memory and swap that the container may use."),
    key("name", Shape::Text, ALL, "The name of the step. A service is reached under it as a host."),
    key(
        "network_mode",
        Shape::Text,
        DOCKER_VM,
        "The container's network. Trusted repositories only; services are out of reach then.",
    ),
    key(
        "ports",
        Shape::EachOrInteger(&PORT),
        NONE,
        "Not needed: a service is reached at its name, on its own port.",
    ),
    key("privileged", Shape::Boolean, CONTAINERS, "Full rights on the machine. Trusted repositories only."),
    key(
        "pull",
        Shape::Words(PULLS),
        CONTAINERS,
        "When to fetch the image: `always`, `if-not-exists` or `never`.",
    ),
    key("push", Shape::TextOr(&PUSH), NONE, "A leftover of Drone 0.8. No runner pushes images this way."),
    key("resources", Shape::Keys(&RESOURCES), KUBERNETES, "What the container is promised and may use."),
    key("settings", Shape::Settings, CONTAINERS, "Parameters of a plugin. It finds each as `PLUGIN_NAME`."),
    key("shell", Shape::Text, NONE, "Read, and not used: commands always run in `/bin/sh`."),
    key("shm_size", Shape::Bytes, DOCKER_VM, "The size of `/dev/shm`. Trusted repositories only."),
    key("user", Shape::Text, CONTAINERS, "The user who runs the step. The workspace belongs to root."),
    key(
        "volumes",
        Shape::Each(&MOUNT),
        CONTAINERS,
        "Which volumes of the pipeline appear where in the container.",
    ),
    key("when", Shape::Keys(&WHEN), ALL, "Conditions: the step runs only if all of them match."),
    key("working_dir", Shape::Text, CONTAINERS.or(Types::MACSTADIUM), "The folder that the step starts in."),
];

static PLATFORM: Map = map(
    "`platform`",
    &[
        key("arch", Shape::Text, ALL, "The processor: amd64 unless said otherwise; arm64, arm."),
        key("os", Shape::Text, ALL, "The operating system: linux unless said otherwise; windows."),
        key("variant", Shape::Text, ALL, "A kind of processor, such as v7."),
        key("version", Shape::Text, ALL, "A version of Windows, such as 1809."),
    ],
);
static CLONE: Map = map(
    "`clone`",
    &[
        key("depth", Shape::Integer, ALL, "How many commits to fetch; all, unless said otherwise."),
        key("disable", Shape::Boolean, ALL, "Fetch no code."),
        key("retries", Shape::Integer, ALL, "How often to try again when fetching fails."),
        key("skip_verify", Shape::Boolean, ALL, "Do not check the certificate of the git server."),
        key("trace", Shape::Boolean, ALL, "Show what git does."),
    ],
);
static WORKSPACE: Map = map(
    "`workspace`",
    &[
        key("base", Shape::Text, ALL, "The folder that all steps share."),
        key("path", Shape::Text, ALL, "Where the code is put: `/drone/src` unless said otherwise."),
    ],
);
static CONCURRENCY: Map = map(
    "`concurrency`",
    &[key("limit", Shape::Integer, ALL, "How many builds may run this pipeline at the same time.")],
);
static TEMP: Map = map(
    "`temp`",
    &[
        key(
            "medium",
            Shape::Words(&["memory"]),
            CONTAINERS,
            "`memory` keeps the folder in memory. Trusted repositories only.",
        ),
        key("size_limit", Shape::Bytes, CONTAINERS, "The most that the folder may hold."),
    ],
);
static HOST: Map = map(
    "`host`",
    &[key("path", Shape::Text, CONTAINERS, "A folder of the machine. Trusted repositories only.")],
);
static CLAIM: Map = map(
    "`claim`",
    &[
        key("name", Shape::Text, KUBERNETES, "The name of a persistent volume claim."),
        key("read_only", Shape::Boolean, KUBERNETES, "Do not let steps write to it."),
    ],
);
static VOLUME: Map = map(
    "a volume",
    &[
        key("claim", Shape::Keys(&CLAIM), KUBERNETES, "A persistent volume claim of the cluster."),
        key("config_map", Shape::Any, KUBERNETES, "A config map of the cluster, as files."),
        key("host", Shape::Keys(&HOST), CONTAINERS, "A folder of the machine. Trusted repositories only."),
        key("name", Shape::Text, CONTAINERS, "The name that steps mount it by."),
        key("secret", Shape::Any, KUBERNETES, "A secret of the cluster, as files."),
        key(
            "temp",
            Shape::Keys(&TEMP),
            CONTAINERS,
            "An empty folder that lives as long as the pipeline. Write `temp: {}`.",
        ),
    ],
);
static SERVER: Map = map(
    "`server`",
    &[
        key("host", Shape::TextOrSecret, Types::SSH, "The machine's address."),
        key("image", Shape::Text, Types::DIGITALOCEAN, "The image of the machine."),
        key("password", Shape::TextOrSecret, Types::SSH, "The password of the user."),
        key("region", Shape::Text, Types::DIGITALOCEAN, "Where the machine runs."),
        key("size", Shape::Text, Types::DIGITALOCEAN, "How large the machine is."),
        key("ssh_key", Shape::TextOrSecret, Types::SSH, "The private key of the user."),
        key("user", Shape::TextOrSecret, Types::SSH.or(Types::DIGITALOCEAN), "The user to log in as."),
    ],
);

/// A document of `kind: pipeline`.
pub static PIPELINE: Map = map(
    "the pipeline",
    &[
        key("clone", Shape::Keys(&CLONE), ALL, "How the code is fetched."),
        key(
            "concurrency",
            Shape::Keys(&CONCURRENCY),
            ALL,
            "How many builds may run this pipeline at the same time.",
        ),
        key(
            "depends_on",
            Shape::Texts,
            ALL,
            "Names of pipelines above this one that must have finished first.",
        ),
        key("dns_config", Shape::Any, KUBERNETES, "DNS of the pod."),
        key(
            "environment",
            Shape::TextMap,
            CONTAINERS.or(Types::MACSTADIUM),
            "Variables of all steps. Texts only: `from_secret` works in a step's own `environment`.",
        ),
        key("host_aliases", Shape::Any, KUBERNETES, "Lines for `/etc/hosts` of the pod."),
        key(
            "image_pull_secrets",
            Shape::Texts,
            CONTAINERS,
            "Names of secrets that hold a Docker `config.json`, for private images.",
        ),
        key("kind", Shape::Words(KINDS), ALL, "What the document is."),
        key("metadata", Shape::Any, KUBERNETES, "Namespace, labels and annotations of the pod."),
        key("name", Shape::Text, ALL, "The name of the pipeline; `default` when there is none."),
        key("node", Shape::TextMap, ALL, "Labels. They must equal all labels of a runner that has any."),
        key("node_name", Shape::Text, KUBERNETES, "The node to run on."),
        key("node_selector", Shape::TextMap, KUBERNETES, "Labels of the node to run on."),
        key(
            "platform",
            Shape::Keys(&PLATFORM),
            ALL,
            "The machine that the pipeline needs: linux on amd64 unless said otherwise.",
        ),
        key("pool", Shape::Any, Types::VM, "The pool of machines to use."),
        key("resources", Shape::Keys(&RESOURCES), KUBERNETES, "What the pod is promised and may use."),
        key("server", Shape::Keys(&SERVER), Types::SSH.or(Types::DIGITALOCEAN), "The machine to work on."),
        key("service_account_name", Shape::Text, KUBERNETES, "The service account of the pod."),
        key(
            "services",
            Shape::Each(&SERVICE),
            CONTAINERS,
            "Containers that run beside the steps, such as a database.",
        ),
        key("settings", Shape::Any, Types::MACSTADIUM, "The machine to use."),
        key("steps", Shape::Each(&STEP), ALL, "What the pipeline does, from top to bottom."),
        key("token", Shape::TextOrSecret, Types::DIGITALOCEAN, "The token of the cloud's account."),
        key("tolerations", Shape::Any, KUBERNETES, "Taints of nodes that the pod bears."),
        key(
            "trigger",
            Shape::Keys(&TRIGGER),
            ALL,
            "Conditions: the pipeline starts only if all of them match.",
        ),
        key(
            "type",
            Shape::Words(TYPES),
            ALL,
            "Which kind of runner takes the pipeline; docker unless said otherwise.",
        ),
        key("version", Shape::Text, NONE, "Read, and not used."),
        key("volumes", Shape::Each(&VOLUME), DOCKER_VM.or(KUBERNETES), "Folders that steps can mount."),
        key("workspace", Shape::Keys(&WORKSPACE), ALL, "Where the code is put."),
    ],
);

/// The words of `type` of a pipeline.
pub const TYPES: &[&str] =
    &["docker", "kubernetes", "exec", "ssh", "digitalocean", "macstadium", "vm", "aws"];

static GET: Map = map(
    "`get`",
    &[
        key("key", Shape::Text, ALL, "The entry of the secret."),
        key("name", Shape::Text, ALL, "The secret's name in the external store."),
        key("path", Shape::Text, ALL, "The secret's path in the external store."),
    ],
);
/// A document of `kind: secret`.
pub static SECRET: Map = map(
    "the secret",
    &[
        key("data", Shape::Text, ALL, "The value, as `drone encrypt` made it."),
        key("get", Shape::Keys(&GET), ALL, "Where an external store keeps the value."),
        key("kind", Shape::Words(KINDS), ALL, "What the document is."),
        key("name", Shape::Text, ALL, "The name that `from_secret` uses."),
        key("type", Shape::Text, NONE, "`encrypted` or `external`; no program looks at it."),
    ],
);
/// A document of `kind: signature`.
pub static SIGNATURE: Map = map(
    "the signature",
    &[
        key(
            "hmac",
            Shape::Text,
            ALL,
            "The signature, as `drone sign` made it. Any change of the file needs a new one.",
        ),
        key("kind", Shape::Words(KINDS), ALL, "What the document is."),
        key("name", Shape::Text, NONE, "No program looks at it."),
        key("type", Shape::Text, NONE, "No program looks at it."),
    ],
);
static DEPLOYMENT: Map =
    map("`deployment`", &[key("target", Shape::Text, ALL, "The environment to promote to.")]);
static SPEC: Map = map(
    "`spec`",
    &[
        key("branch", Shape::Text, ALL, "The branch to build."),
        key("deployment", Shape::Keys(&DEPLOYMENT), ALL, "What to promote."),
        key("schedule", Shape::Text, ALL, "When, as a cron expression."),
    ],
);
/// A document of `kind: cron`.
pub static CRON: Map = map(
    "the cron job",
    &[
        key("kind", Shape::Words(KINDS), ALL, "What the document is."),
        key("name", Shape::Text, ALL, "The name of the job."),
        key("spec", Shape::Keys(&SPEC), ALL, "When it runs, and what it builds."),
        key("type", Shape::Text, NONE, "No program looks at it."),
    ],
);
/// A document of `kind: registry`.
pub static REGISTRY: Map = map(
    "the registry",
    &[
        key("data", Shape::TextMap, ALL, "Addresses and their encrypted credentials."),
        key("kind", Shape::Words(KINDS), ALL, "What the document is."),
        key("name", Shape::Text, NONE, "No program looks at it."),
        key("type", Shape::Text, NONE, "No program looks at it."),
    ],
);
/// A document of `kind: template`.
pub static TEMPLATE: Map = map(
    "the template",
    &[
        key("data", Shape::Any, ALL, "What the template gets as its inputs."),
        key("kind", Shape::Words(KINDS), ALL, "What the document is."),
        key("load", Shape::Text, ALL, "The template's file name in the organisation's store."),
        key("name", Shape::Text, ALL, "A name for people."),
        key("type", Shape::Text, NONE, "No program looks at it."),
    ],
);

/// The keys of a document of that kind; `None` for a kind that Drone does not know.
#[must_use]
pub fn of_kind(kind: &str) -> Option<&'static Map> {
    Some(match kind {
        "pipeline" => &PIPELINE,
        "secret" => &SECRET,
        "signature" => &SIGNATURE,
        "cron" => &CRON,
        "registry" => &REGISTRY,
        "template" => &TEMPLATE,
        _ => return None,
    })
}

/// Every map that some document holds, from the outside in: the kinds of documents, and then what stands in them.
#[must_use]
pub fn maps() -> Vec<&'static Map> {
    let mut found: Vec<&'static Map> = Vec::new();
    let mut waiting: std::collections::VecDeque<&'static Map> =
        KINDS.iter().filter_map(|it| of_kind(it)).collect();
    while let Some(map) = waiting.pop_front() {
        if found.iter().any(|it| std::ptr::eq(*it, map)) {
            continue;
        }
        found.push(map);
        waiting.extend(map.keys.iter().filter_map(|it| match it.shape {
            Shape::Keys(map) | Shape::Each(map) | Shape::TextOr(map) | Shape::EachOrInteger(map) => Some(map),
            _ => None,
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_so_that_they_are_found() {
        for map in maps() {
            assert!(map.keys.is_sorted_by(|a, b| a.name < b.name), "{}", map.noun);
            assert!(map.keys.iter().all(|it| map.key(it.name).is_some()), "{}", map.noun);
        }
    }

    #[test]
    fn every_key_says_what_it_is_for_in_whole_sentences() {
        for map in maps() {
            for key in map.keys {
                assert!(key.says.ends_with('.') && key.says.len() < 120, "{} of {}", key.name, map.noun);
            }
        }
    }
}
