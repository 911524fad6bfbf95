//! Drone's nouns, as read: every value with the place it was read from. Nothing is decided here.
//!
//! All spans are places in the file as its author wrote it, also when `${…}` was substituted before reading.

use crate::diagnostic::Programs;
use crate::pipeline::Lost;
use crate::source::Span;

/// A value and the place it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place in the file.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value at a place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// A string with its place.
pub type Text = Spanned<String>;

/// Everything that one `.drone.yml` holds.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// The documents in file order. One that cannot be read is there as [`Resource::Broken`].
    pub documents: Vec<Document>,
    /// True for a 0.8 file: what `documents` holds is what the server's conversion makes of it.
    pub legacy: bool,
}

impl Manifest {
    /// All pipelines, in file order, whatever their type.
    pub fn pipelines(&self) -> impl Iterator<Item = &Pipeline> {
        self.documents.iter().filter_map(|it| match &it.resource {
            Resource::Pipeline(pipeline) => Some(&**pipeline),
            _ => None,
        })
    }
}

/// One YAML document.
#[derive(Clone, Debug)]
pub struct Document {
    /// From its first byte to its last, separators excluded.
    pub span: Span,
    /// The `---` line before it; empty for what stands before the first one.
    pub separator: Span,
    /// What it is.
    pub resource: Resource,
    /// Places that could not be read, in order, and the programs that give up there. What seems to be missing around them may
    /// stand right there.
    pub unread: Vec<Unread>,
    /// What is written and has no effect, by place.
    pub lost: Vec<Lost>,
}

impl Document {
    /// A document that was read without a problem.
    #[must_use]
    pub fn new(span: Span, resource: Resource) -> Self {
        Self { span, separator: Span::default(), resource, unread: Vec::new(), lost: Vec::new() }
    }

    /// The programs that already refuse, while they read, something at the span or inside it which may be one of
    /// the keys.
    #[must_use]
    pub fn misread(&self, span: Span, keys: &[&str]) -> Programs {
        let from = self.unread.partition_point(|it| it.span.start < span.start);
        let inside = self.unread[from..].iter().take_while(|it| it.span.start <= span.end);
        let found = inside.filter(|it| it.key.is_none_or(|it| keys.contains(&it)));
        found.fold(Programs::NONE, |all, it| all | it.programs)
    }
}

/// A place of a document that some programs cannot read.
#[derive(Clone, Copy, Debug)]
pub struct Unread {
    /// The place.
    pub span: Span,
    /// The key whose value it is; `None` where anything may stand.
    pub key: Option<&'static str>,
    /// Who gives up there.
    pub programs: Programs,
}

/// What a document is (§1.4).
#[derive(Clone, Debug)]
pub enum Resource {
    /// `kind: pipeline`, and every unknown kind: the server takes those for pipelines too.
    Pipeline(Box<Pipeline>),
    /// `kind: secret`
    Secret(Secret),
    /// `kind: signature`
    Signature(Signature),
    /// `kind: cron`
    Cron(Cron),
    /// `kind: registry`
    Registry(Registry),
    /// A document without a `kind`; some programs skip it, some refuse the file.
    NoKind,
    /// A document that is no readable YAML, or holds a value of the wrong shape where its kind is read.
    Broken,
}

/// One pipeline: the steps that run on one machine.
#[derive(Clone, Debug, Default)]
pub struct Pipeline {
    /// Which document of the file it is, from 0.
    pub document: usize,
    /// The whole document.
    pub span: Span,
    /// `kind` as written.
    pub kind: Text,
    /// `type` as written; absent means docker.
    pub type_: Option<Text>,
    /// `name` as written. See [`Pipeline::name`].
    pub written_name: Option<Text>,
    /// `platform`
    pub platform: Platform,
    /// `clone`
    pub clone: CloneOptions,
    /// `concurrency.limit`
    pub concurrency_limit: Option<Spanned<i64>>,
    /// `depends_on`: names of other pipelines.
    pub depends_on: Vec<Text>,
    /// `node`: labels a runner must have.
    pub node: Vec<(Text, Text)>,
    /// `trigger`
    pub trigger: Conditions,
    /// `workspace`
    pub workspace: Workspace,
    /// `environment` of the whole pipeline (docker runner only).
    pub environment: Vec<(Text, Text)>,
    /// `image_pull_secrets`
    pub image_pull_secrets: Vec<Text>,
    /// `services`, in file order.
    pub services: Vec<Step>,
    /// `steps`, in file order.
    pub steps: Vec<Step>,
    /// `volumes`
    pub volumes: Vec<Volume>,
}

impl Pipeline {
    /// The name as builds show it: `default` when none is written.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.raw_name() {
            "" => "default",
            name => name,
        }
    }

    /// True when a step may find something else running: a service, a detached step, or a step beside it in the graph.
    #[must_use]
    pub fn runs_something_beside(&self) -> bool {
        !self.services.is_empty() || self.steps.iter().any(|it| it.is_detached() || !it.depends_on.is_empty())
    }

    /// The name as written, empty when there is none: what the server compares.
    #[must_use]
    pub fn raw_name(&self) -> &str {
        self.written_name.as_ref().map_or("", |it| &it.value)
    }

    /// Where to point when speaking of this pipeline: its name, or the start of its document.
    #[must_use]
    pub fn name_span(&self) -> Span {
        let named = self.written_name.as_ref().filter(|it| !it.value.is_empty());
        named.map_or(self.kind.span, |it| it.span)
    }

    /// The type as written, empty when there is none.
    #[must_use]
    pub fn raw_type(&self) -> &str {
        self.type_.as_ref().map_or("", |it| &it.value)
    }

    /// True when the docker runner takes it: `kind: pipeline` with the type `docker` or none.
    #[must_use]
    pub fn is_docker(&self) -> bool {
        self.kind.value == "pipeline" && matches!(self.raw_type(), "" | "docker")
    }
}

/// `platform` of a pipeline.
#[derive(Clone, Debug, Default)]
pub struct Platform {
    /// `os`; absent means linux.
    pub os: Option<Text>,
    /// `arch`; absent means amd64.
    pub arch: Option<Text>,
    /// `variant`, such as v7.
    pub variant: Option<Text>,
    /// `version`, a Windows build.
    pub version: Option<Text>,
}

/// `clone` of a pipeline.
#[derive(Clone, Debug, Default)]
pub struct CloneOptions {
    /// `disable`; absent means false.
    pub disable: Option<Spanned<bool>>,
    /// `depth`, in commits; 0 or absent means all.
    pub depth: Option<Spanned<i64>>,
    /// `skip_verify`
    pub skip_verify: Option<Spanned<bool>>,
    /// `retries`
    pub retries: Option<Spanned<i64>>,
    /// `trace`
    pub trace: Option<Spanned<bool>>,
}

impl CloneOptions {
    /// True when no clone step is made.
    #[must_use]
    pub fn is_disabled(&self) -> bool {
        self.disable.as_ref().is_some_and(|it| it.value)
    }
}

/// `workspace` of a pipeline.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// `base`
    pub base: Option<Text>,
    /// `path`
    pub path: Option<Text>,
}

/// A step or a service: one container.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// The whole item.
    pub span: Span,
    /// True for a null item (`- ~`): Drone's programs refuse it or crash.
    pub null: bool,
    /// `name`
    pub name: Option<Text>,
    /// `image`
    pub image: Option<Text>,
    /// `commands`: lines of the script. `None` when the key is absent or null.
    pub commands: Option<Vec<Text>>,
    /// `command`: the container's CMD.
    pub command: Vec<Text>,
    /// `entrypoint`
    pub entrypoint: Vec<Text>,
    /// `environment`
    pub environment: Vec<(Text, Variable)>,
    /// `settings`
    pub settings: Vec<(Text, Parameter)>,
    /// `when`
    pub when: Conditions,
    /// `depends_on`: names of other steps.
    pub depends_on: Vec<Text>,
    /// `failure` as written.
    pub failure: Option<Text>,
    /// `detach`
    pub detach: Option<Spanned<bool>>,
    /// `pull` as written.
    pub pull: Option<Text>,
    /// `privileged`
    pub privileged: Option<Spanned<bool>>,
    /// `user`
    pub user: Option<Text>,
    /// `volumes`: where pipeline volumes are mounted.
    pub volumes: Vec<Mount>,
    /// `devices`
    pub devices: Vec<Mount>,
    /// `dns`
    pub dns: Vec<Text>,
    /// `dns_search`
    pub dns_search: Vec<Text>,
    /// `extra_hosts`
    pub extra_hosts: Vec<Text>,
    /// `network_mode`
    pub network_mode: Option<Text>,
    /// `shm_size`, in bytes.
    pub shm_size: Option<Spanned<i64>>,
    /// `mem_limit`, in bytes.
    pub mem_limit: Option<Spanned<i64>>,
    /// `memswap_limit`, in bytes.
    pub memswap_limit: Option<Spanned<i64>>,
    /// `working_dir`
    pub working_dir: Option<Text>,
    /// `shell`
    pub shell: Option<Text>,
    /// `ports` with a host part; only `drone lint` up to 1.5 looks at them.
    pub host_ports: Vec<Spanned<i64>>,
    /// `build`: legacy; `true` in the value when it names an image.
    pub build: Option<Spanned<bool>>,
}

impl Step {
    /// The name, empty when there is none.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_ref().map_or("", |it| &it.value)
    }

    /// Where to point when speaking of this step: its name, or the start of the item.
    #[must_use]
    pub fn name_span(&self) -> Span {
        self.name.as_ref().map_or(self.span, |it| it.span)
    }

    /// The image, empty when there is none.
    #[must_use]
    pub fn image(&self) -> &str {
        self.image.as_ref().map_or("", |it| &it.value)
    }

    /// The commands, empty when there are none.
    #[must_use]
    pub fn commands(&self) -> &[Text] {
        self.commands.as_deref().unwrap_or_default()
    }

    /// True when it is started and not waited for.
    #[must_use]
    pub fn is_detached(&self) -> bool {
        self.detach.as_ref().is_some_and(|it| it.value)
    }
}

/// The value of one entry of a step's `environment`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Variable {
    /// Literal text, spelled as written.
    Value(Text),
    /// `from_secret: NAME`
    Secret(Text),
}

/// The value of one entry of a step's `settings`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// What the plugin gets in `PLUGIN_…` (§5.6). `None`: the variable is not set.
    Value(Spanned<Option<String>>),
    /// `from_secret: NAME`
    Secret(Text),
}

/// A volume mounted in a step, or a device.
#[derive(Clone, Debug, Default)]
pub struct Mount {
    /// The whole item.
    pub span: Span,
    /// True for a null item: some of Drone's programs crash.
    pub null: bool,
    /// `name` of the pipeline volume.
    pub name: Option<Text>,
    /// `path` in the container.
    pub path: Option<Text>,
}

/// A volume of a pipeline.
#[derive(Clone, Debug, Default)]
pub struct Volume {
    /// The whole item.
    pub span: Span,
    /// True for a null item.
    pub null: bool,
    /// `name`
    pub name: Option<Text>,
    /// `temp`, if given and not null.
    pub temp: Option<Temp>,
    /// `host`, if given and not null: the place and the path.
    pub host: Option<Spanned<String>>,
    /// `claim` (kubernetes), if given and not null.
    pub claim: Option<Span>,
}

/// `temp` of a volume.
#[derive(Clone, Debug, Default)]
pub struct Temp {
    /// The place.
    pub span: Span,
    /// `medium`, such as memory.
    pub medium: Option<Text>,
}

/// `trigger` of a pipeline or `when` of a step, as it was understood (§4).
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// The place of the whole map, when it is there.
    pub span: Option<Span>,
    /// One entry a known key that is written and not null, in file order. Unknown keys restrict nothing.
    pub entries: Vec<Condition>,
}

impl Conditions {
    /// The condition on a key.
    #[must_use]
    pub fn get(&self, key: ConditionKey) -> Option<&Condition> {
        self.entries.iter().find(|it| it.key == key)
    }
}

/// One key of the conditions. With both lists empty it restricts nothing.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Which key.
    pub key: ConditionKey,
    /// The place of the key.
    pub key_span: Span,
    /// The place of the value.
    pub span: Span,
    /// Patterns of which one must match, unless empty.
    pub include: Vec<Text>,
    /// Patterns of which none may match.
    pub exclude: Vec<Text>,
}

/// The keys that Drone knows under `trigger` and `when`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConditionKey {
    /// `action`
    Action,
    /// `branch`
    Branch,
    /// `cron`
    Cron,
    /// `event`
    Event,
    /// `instance`
    Instance,
    /// `paths`: decoded, never evaluated.
    Paths,
    /// `ref`
    Ref,
    /// `repo`
    Repo,
    /// `status`
    Status,
    /// `target`
    Target,
}

impl ConditionKey {
    /// All keys.
    pub const ALL: [Self; 10] = [
        Self::Action,
        Self::Branch,
        Self::Cron,
        Self::Event,
        Self::Instance,
        Self::Paths,
        Self::Ref,
        Self::Repo,
        Self::Status,
        Self::Target,
    ];

    /// The key as written in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::Branch => "branch",
            Self::Cron => "cron",
            Self::Event => "event",
            Self::Instance => "instance",
            Self::Paths => "paths",
            Self::Ref => "ref",
            Self::Repo => "repo",
            Self::Status => "status",
            Self::Target => "target",
        }
    }
}

/// `kind: secret`
#[derive(Clone, Debug, Default)]
pub struct Secret {
    /// `kind` as written, for its place.
    pub kind: Text,
    /// `name`
    pub name: Option<Text>,
    /// `data`, the encrypted value.
    pub data: Option<Text>,
    /// `get.path`
    pub get_path: Option<Text>,
    /// `get.name`
    pub get_name: Option<Text>,
}

/// `kind: signature`
#[derive(Clone, Debug, Default)]
pub struct Signature {
    /// `kind` as written, for its place.
    pub kind: Text,
    /// `name`, which nothing but `drone lint` reads.
    pub name: Option<Text>,
    /// `hmac`
    pub hmac: Option<Text>,
}

/// `kind: cron`
#[derive(Clone, Debug, Default)]
pub struct Cron {
    /// `kind` as written, for its place.
    pub kind: Text,
    /// `name`
    pub name: Option<Text>,
    /// `spec.schedule`
    pub schedule: Option<Text>,
    /// `spec.branch`
    pub branch: Option<Text>,
}

/// `kind: registry`
#[derive(Clone, Debug, Default)]
pub struct Registry {
    /// `kind` as written, for its place.
    pub kind: Text,
    /// The keys of `data`.
    pub data: Vec<Text>,
}
