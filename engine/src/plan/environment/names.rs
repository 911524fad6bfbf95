//! The names of all variables that Drone makes of a build, with who knows them and when (§5.10, §5.11). Those that the
//! planner leaves out, because nothing here knows their values, are among them.

use crate::plan::Event;

/// A variable that Drone sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuildVariable {
    /// Its name.
    pub name: &'static str,
    /// True when `${NAME}` in the file is replaced by its value; else only the container knows it.
    pub substituted: bool,
    /// When it has a value.
    pub when: Presence,
}

/// For which builds a variable has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// For every build, or for reasons that no event tells.
    Any,
    /// Where the build has a branch: all but tags, as most forges send them (§4.5).
    Branch,
    /// Where the build is one of a tag.
    Tag,
    /// For pull requests.
    PullRequest,
    /// For promotions and rollbacks.
    Deployment,
    /// Once something failed.
    Failure,
}

impl Presence {
    /// True when it may have a value in a build of this event. A promotion may be one of a tag.
    #[must_use]
    pub fn may_be_in(self, event: Event) -> bool {
        match self {
            Self::Any | Self::Failure => true,
            Self::Branch => event != Event::Tag,
            Self::Tag => matches!(event, Event::Tag | Event::Promote | Event::Rollback),
            Self::PullRequest => event == Event::PullRequest,
            Self::Deployment => matches!(event, Event::Promote | Event::Rollback),
        }
    }
}

/// The variable of that name.
#[must_use]
pub fn build_variable(name: &str) -> Option<&'static BuildVariable> {
    VARIABLES.binary_search_by(|it| it.name.cmp(name)).ok().map(|it| &VARIABLES[it])
}

/// All of them, by name.
#[must_use]
pub fn build_variables() -> &'static [BuildVariable] {
    VARIABLES
}

const fn text(name: &'static str, when: Presence) -> BuildVariable {
    BuildVariable { name, substituted: true, when }
}

const fn container(name: &'static str) -> BuildVariable {
    BuildVariable { name, substituted: false, when: Presence::Any }
}

const VARIABLES: &[BuildVariable] = &[
    text("CI", Presence::Any),
    container("CI_BUILD_CREATED"),
    container("CI_BUILD_EVENT"),
    container("CI_BUILD_LINK"),
    container("CI_BUILD_NUMBER"),
    container("CI_BUILD_STARTED"),
    container("CI_BUILD_STATUS"),
    container("CI_COMMIT_AUTHOR"),
    container("CI_COMMIT_AUTHOR_EMAIL"),
    container("CI_COMMIT_AUTHOR_NAME"),
    container("CI_COMMIT_BRANCH"),
    container("CI_COMMIT_MESSAGE"),
    container("CI_COMMIT_REF"),
    container("CI_COMMIT_SHA"),
    container("CI_PARENT_BUILD_NUMBER"),
    container("CI_REMOTE_URL"),
    container("CI_REPO"),
    container("CI_REPO_LINK"),
    container("CI_REPO_NAME"),
    container("CI_REPO_PRIVATE"),
    container("CI_REPO_REMOTE"),
    text("DRONE", Presence::Any),
    text("DRONE_BRANCH", Presence::Branch),
    text("DRONE_BUILD_ACTION", Presence::Any),
    text("DRONE_BUILD_CREATED", Presence::Any),
    text("DRONE_BUILD_DEBUG", Presence::Any),
    text("DRONE_BUILD_EVENT", Presence::Any),
    text("DRONE_BUILD_FINISHED", Presence::Any),
    text("DRONE_BUILD_LINK", Presence::Any),
    text("DRONE_BUILD_NUMBER", Presence::Any),
    text("DRONE_BUILD_PARENT", Presence::Any),
    text("DRONE_BUILD_STARTED", Presence::Any),
    text("DRONE_BUILD_STATUS", Presence::Any),
    text("DRONE_BUILD_TRIGGER", Presence::Any),
    text("DRONE_CALVER", Presence::Tag),
    text("DRONE_CALVER_MAJOR", Presence::Tag),
    text("DRONE_CALVER_MAJOR_MINOR", Presence::Tag),
    text("DRONE_CALVER_MICRO", Presence::Tag),
    text("DRONE_CALVER_MINOR", Presence::Tag),
    text("DRONE_CALVER_MODIFIER", Presence::Tag),
    text("DRONE_CALVER_SHORT", Presence::Tag),
    text("DRONE_CARD_PATH", Presence::Any),
    text("DRONE_COMMIT", Presence::Any),
    text("DRONE_COMMIT_AFTER", Presence::Any),
    text("DRONE_COMMIT_AUTHOR", Presence::Any),
    text("DRONE_COMMIT_AUTHOR_AVATAR", Presence::Any),
    text("DRONE_COMMIT_AUTHOR_EMAIL", Presence::Any),
    text("DRONE_COMMIT_AUTHOR_NAME", Presence::Any),
    text("DRONE_COMMIT_BEFORE", Presence::Any),
    text("DRONE_COMMIT_BRANCH", Presence::Branch),
    text("DRONE_COMMIT_LINK", Presence::Any),
    text("DRONE_COMMIT_MESSAGE", Presence::Any),
    text("DRONE_COMMIT_REF", Presence::Any),
    text("DRONE_COMMIT_SHA", Presence::Any),
    text("DRONE_DEPLOY_ID", Presence::Any),
    text("DRONE_DEPLOY_TO", Presence::Deployment),
    container("DRONE_DOCKER_NETWORK_ID"),
    container("DRONE_DOCKER_VOLUME_ID"),
    container("DRONE_DOCKER_VOLUME_PATH"),
    text("DRONE_FAILED_STAGES", Presence::Failure),
    text("DRONE_FAILED_STEPS", Presence::Failure),
    text("DRONE_GIT_HTTP_URL", Presence::Any),
    text("DRONE_GIT_SSH_URL", Presence::Any),
    container("DRONE_NETRC_FILE"),
    container("DRONE_NETRC_MACHINE"),
    container("DRONE_NETRC_PASSWORD"),
    container("DRONE_NETRC_USERNAME"),
    text("DRONE_PULL_REQUEST", Presence::PullRequest),
    text("DRONE_PULL_REQUEST_TITLE", Presence::PullRequest),
    text("DRONE_REMOTE_URL", Presence::Any),
    text("DRONE_REPO", Presence::Any),
    text("DRONE_REPO_BRANCH", Presence::Any),
    text("DRONE_REPO_LINK", Presence::Any),
    text("DRONE_REPO_NAME", Presence::Any),
    text("DRONE_REPO_NAMESPACE", Presence::Any),
    text("DRONE_REPO_OWNER", Presence::Any),
    text("DRONE_REPO_PRIVATE", Presence::Any),
    text("DRONE_REPO_SCM", Presence::Any),
    text("DRONE_REPO_VISIBILITY", Presence::Any),
    container("DRONE_SCRIPT"),
    text("DRONE_SEMVER", Presence::Tag),
    text("DRONE_SEMVER_BUILD", Presence::Tag),
    text("DRONE_SEMVER_ERROR", Presence::Tag),
    text("DRONE_SEMVER_MAJOR", Presence::Tag),
    text("DRONE_SEMVER_MINOR", Presence::Tag),
    text("DRONE_SEMVER_PATCH", Presence::Tag),
    text("DRONE_SEMVER_PRERELEASE", Presence::Tag),
    text("DRONE_SEMVER_SHORT", Presence::Tag),
    text("DRONE_SOURCE_BRANCH", Presence::Branch),
    text("DRONE_STAGE_ARCH", Presence::Any),
    text("DRONE_STAGE_DEPENDS_ON", Presence::Any),
    text("DRONE_STAGE_FINISHED", Presence::Any),
    text("DRONE_STAGE_KIND", Presence::Any),
    text("DRONE_STAGE_MACHINE", Presence::Any),
    text("DRONE_STAGE_NAME", Presence::Any),
    text("DRONE_STAGE_NUMBER", Presence::Any),
    text("DRONE_STAGE_OS", Presence::Any),
    text("DRONE_STAGE_STARTED", Presence::Any),
    text("DRONE_STAGE_STATUS", Presence::Any),
    text("DRONE_STAGE_TYPE", Presence::Any),
    text("DRONE_STAGE_VARIANT", Presence::Any),
    text("DRONE_STAGE_VERSION", Presence::Any),
    container("DRONE_STEP_NAME"),
    container("DRONE_STEP_NUMBER"),
    text("DRONE_SYSTEM_HOST", Presence::Any),
    text("DRONE_SYSTEM_HOSTNAME", Presence::Any),
    text("DRONE_SYSTEM_PROTO", Presence::Any),
    text("DRONE_SYSTEM_VERSION", Presence::Any),
    text("DRONE_TAG", Presence::Tag),
    text("DRONE_TARGET_BRANCH", Presence::Branch),
    container("DRONE_WORKSPACE"),
    container("DRONE_WORKSPACE_BASE"),
    container("DRONE_WORKSPACE_PATH"),
    container("GIT_AUTHOR_EMAIL"),
    container("GIT_AUTHOR_NAME"),
    container("GIT_COMMITTER_EMAIL"),
    container("GIT_COMMITTER_NAME"),
    container("GIT_SSL_NO_VERIFY"),
    container("GIT_TERMINAL_PROMPT"),
    container("GIT_TRACE"),
    container("HTTPS_PROXY"),
    container("HTTP_PROXY"),
    container("NO_PROXY"),
    container("http_proxy"),
    container("https_proxy"),
    container("no_proxy"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Build, substitution_variables};

    #[test]
    fn every_variable_that_the_planner_sets_is_listed() {
        assert!(VARIABLES.is_sorted_by_key(|it| it.name), "it is searched by halves");
        for event in Event::ALL {
            for (name, value) in substitution_variables(&Build::new(event)) {
                let known = build_variable(&name).unwrap_or_else(|| panic!("{name} is missing"));
                assert!(known.substituted, "{name}");
                let there = known.when.may_be_in(event);
                assert!(there || value.is_empty(), "{name} has the value `{value}` in a {event:?} build");
            }
        }
    }

    #[test]
    fn what_depends_on_the_event_is_empty_in_the_builds_of_others() {
        for event in Event::ALL {
            let values = substitution_variables(&Build::new(event));
            for it in VARIABLES.iter().filter(|it| !it.when.may_be_in(event)) {
                assert_eq!(values.get(it.name).map_or("", String::as_str), "", "{} {event:?}", it.name);
            }
        }
    }

    #[test]
    fn what_only_the_container_knows_is_not_replaced() {
        let values = substitution_variables(&Build::new(Event::Push));
        for it in VARIABLES.iter().filter(|it| !it.substituted) {
            assert!(!values.contains_key(it.name), "{}", it.name);
        }
        assert_eq!(build_variable("DRONE_COMMIT_TAG"), None);
        assert_eq!(build_variable("HOME"), None);
    }
}
