//! The plugins as data: one file for each kind of work. One line is one setting.

mod caches;
mod clusters;
mod docker;
mod kaniko;
mod messages;
mod packages;
mod reports;
mod servers;
mod sources;
mod storage;

use crate::plugin::setting::{boolean, text};
use crate::plugin::{Effect, Plugin, Setting};

/// Every plugin, by name.
pub(super) const ALL: &[Plugin] = &[
    docker::ACR,
    servers::ANSIBLE,
    kaniko::BANZAI_KANIKO,
    docker::BUILDX,
    caches::CACHE,
    clusters::CLOUDFORMATION,
    reports::CODECOV,
    reports::CODECOV_CLI,
    reports::COVERALLS,
    messages::DISCORD,
    docker::DOCKER,
    docker::DOCKER_BUILDX,
    sources::DOWNLOAD,
    sources::DOWNSTREAM,
    docker::ECR,
    clusters::ECS,
    messages::EMAIL,
    servers::FTPS,
    docker::GAR,
    docker::GCR,
    storage::GCS,
    caches::GCS_CACHE,
    storage::GH_PAGES,
    sources::GIT,
    sources::GIT_PUSH,
    packages::GITEA_RELEASE,
    messages::GITHUB_COMMENT,
    packages::GITHUB_RELEASE,
    clusters::HELM,
    clusters::HELM3,
    docker::HEROKU,
    sources::HUGO,
    messages::JIRA,
    kaniko::KANIKO,
    kaniko::KANIKO_ACR,
    kaniko::KANIKO_ECR,
    kaniko::KANIKO_GAR,
    kaniko::KANIKO_GCR,
    clusters::KUBECTL,
    clusters::KUBERNETES,
    clusters::LAMBDA,
    docker::MANIFEST,
    messages::MATRIX,
    messages::MATTERMOST,
    storage::NETLIFY,
    packages::NPM,
    sources::OWNCLOUD_CORE,
    caches::PLUGINS_CACHE,
    packages::PYPI,
    servers::RSYNC,
    storage::S3,
    caches::S3_CACHE,
    storage::S3_SYNC,
    servers::SCP,
    messages::SLACK,
    reports::SONAR,
    servers::SSH,
    messages::TELEGRAM,
    clusters::TERRAFORM,
    docker::THEGEEKLAB_DOCKER,
    caches::VOLUME_CACHE,
    storage::WEBDAV,
    messages::WEBHOOK,
];

/// What a plugin has that the table does not say otherwise.
const PLAIN: Plugin = Plugin {
    name: "",
    images: &[],
    does: "",
    effect: Effect::Builds,
    page: "",
    groups: &[],
    needs: &[],
    open: false,
    tags_only: false,
};

/// What the library reads on which many plugins are built.
const LIBRARY: &[Setting] = &[
    boolean("insecure_skip_verify"),
    text("log_level"),
    boolean("skip_verify"),
    text("socks_proxy"),
    boolean("socks_proxy_off"),
];
