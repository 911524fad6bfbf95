//! The occasion of a build: which event, on which branch or tag, from whom.

use crate::pipeline::ConditionKey;

/// The seven events that start a build (§4.1, §4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// Commits arrive on a branch.
    Push,
    /// A pull request is opened or gets new commits.
    PullRequest,
    /// A tag is created.
    Tag,
    /// A scheduled job of the server.
    Cron,
    /// A person promotes a build to a target.
    Promote,
    /// A person rolls a target back to a build.
    Rollback,
    /// A person starts a build by hand.
    Custom,
}

impl Event {
    /// All events, in the order tables use.
    pub const ALL: [Self; 7] =
        [Self::Push, Self::PullRequest, Self::Tag, Self::Cron, Self::Promote, Self::Rollback, Self::Custom];

    /// Drone's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::PullRequest => "pull_request",
            Self::Tag => "tag",
            Self::Cron => "cron",
            Self::Promote => "promote",
            Self::Rollback => "rollback",
            Self::Custom => "custom",
        }
    }

    /// The event of Drone's word; `pr` and `pull-request` are understood too.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "pr" | "pull-request" => Some(Self::PullRequest),
            _ => Self::ALL.into_iter().find(|it| it.word() == word),
        }
    }
}

/// One build: what conditions are compared with, and what `${DRONE_…}` says.
///
/// Empty strings mean that the event has no such value (§4.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// The event.
    pub event: Event,
    /// The target branch: pushed branch, base of a pull request; for a tag usually empty.
    pub branch: String,
    /// The source branch: head of a pull request.
    pub source: String,
    /// The full ref, such as `refs/heads/main` or `refs/tags/v1.0.0`.
    pub git_ref: String,
    /// `opened` or `synchronized` for a pull request, `create` for a tag, else empty.
    pub action: String,
    /// The environment of a promote or rollback, else empty.
    pub target: String,
    /// The name of the cron job, else empty.
    pub cron: String,
    /// `owner/name`.
    pub repo: String,
    /// The host name of the Drone server.
    pub instance: String,
    /// The repository's default branch.
    pub default_branch: String,
    /// True when a pull request comes from somebody else's copy of the repository.
    pub fork: bool,
    /// True when the server's administrator has marked the repository as trusted.
    pub trusted: bool,
    /// The commit's message; for a pull request its body.
    pub message: String,
    /// The title of a pull request, else empty.
    pub title: String,
    /// Paths that the commits change. Drone itself never looks at them.
    pub changed_files: Vec<String>,
    /// The commit that is built.
    pub after: String,
    /// The commit before, where the event knows one.
    pub before: String,
    /// Login of the commit's author.
    pub author: String,
    /// Name of the commit's author.
    pub author_name: String,
    /// Mail address of the commit's author.
    pub author_email: String,
    /// Number of the build.
    pub number: u64,
    /// When the build was created, in seconds since 1970.
    pub created: u64,
    /// When the build was started, in seconds since 1970.
    pub started: u64,
}

impl Build {
    /// A build of `event` on the default branch `main` of `octocat/hello-world`, with what that event carries:
    /// for a tag, `v1.0.0`; for a pull request, number 1 from `feature/x`; for promote and rollback, `production`;
    /// for cron, the job `nightly`.
    #[must_use]
    pub fn new(event: Event) -> Self {
        let build = Self {
            event,
            branch: "main".into(),
            source: "main".into(),
            git_ref: "refs/heads/main".into(),
            action: String::new(),
            target: String::new(),
            cron: String::new(),
            repo: "octocat/hello-world".into(),
            instance: "drone.example.com".into(),
            default_branch: "main".into(),
            fork: false,
            trusted: false,
            message: "a commit".into(),
            title: String::new(),
            changed_files: Vec::new(),
            after: "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d".into(),
            before: "553c2077f0edc3d5dc5d17262f6aa498e69d6f8e".into(),
            author: "octocat".into(),
            author_name: "Octo Cat".into(),
            author_email: "octocat@example.com".into(),
            number: 42,
            created: 1_600_000_000,
            started: 1_600_000_001,
        };
        match event {
            Event::Push | Event::Custom => build,
            Event::PullRequest => Self { title: "a change".into(), action: "opened".into(), ..build }
                .with_source("feature/x")
                .with_ref("refs/pull/1/head"),
            Event::Tag => Self { action: "create".into(), ..build }.with_tag("v1.0.0"),
            Event::Cron => Self { cron: "nightly".into(), ..build },
            Event::Promote | Event::Rollback => Self { target: "production".into(), ..build },
        }
    }

    /// The same build on another branch: the target branch, and for all but pull requests and tags also
    /// source and ref.
    #[must_use]
    pub fn with_branch(mut self, branch: &str) -> Self {
        self.branch = branch.into();
        if !matches!(self.event, Event::PullRequest | Event::Tag) {
            self.source = branch.into();
            self.git_ref = format!("refs/heads/{branch}");
        }
        self
    }

    /// The same build of another tag. As on GitHub, a tag build then has no branch (§4.5).
    #[must_use]
    pub fn with_tag(mut self, tag: &str) -> Self {
        self.branch = String::new();
        self.source = String::new();
        self.git_ref = format!("refs/tags/{tag}");
        self
    }

    /// The same build with another source branch.
    #[must_use]
    pub fn with_source(mut self, source: &str) -> Self {
        self.source = source.into();
        self
    }

    /// The same build with another ref, and nothing else changed.
    #[must_use]
    pub fn with_ref(mut self, git_ref: &str) -> Self {
        self.git_ref = git_ref.into();
        self
    }

    /// What a condition on `key` is compared with (§4.1). `paths` and `status` are compared with nothing.
    #[must_use]
    pub fn value(&self, key: ConditionKey) -> &str {
        match key {
            ConditionKey::Action => &self.action,
            ConditionKey::Branch => &self.branch,
            ConditionKey::Cron => &self.cron,
            ConditionKey::Event => self.event.word(),
            ConditionKey::Instance => &self.instance,
            ConditionKey::Ref => &self.git_ref,
            ConditionKey::Repo => &self.repo,
            ConditionKey::Target => &self.target,
            ConditionKey::Paths | ConditionKey::Status => "",
        }
    }

    /// The tag, when the ref is one.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.git_ref.strip_prefix("refs/tags/")
    }
}
