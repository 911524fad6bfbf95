//! Plugins around the sources: clone, push, download, draw a site, start other builds.

use super::{LIBRARY, PLAIN};
use crate::plugin::need::one_of;
use crate::plugin::setting::{boolean, list, map, number, text};
use crate::plugin::{Effect, Plugin};

pub(super) const GIT: Plugin = Plugin {
    name: "git",
    images: &["drone/git", "plugins/git"],
    does: "Clones a repository.",
    effect: Effect::Fetches,
    page: "https://github.com/drone/drone-git",
    groups: &[&[
        number("attempts"),
        text("backoff"),
        text("branch"),
        text("custom_ssl_path"),
        text("custom_ssl_url"),
        number("depth"),
        text("env_file"),
        boolean("lfs"),
        boolean("recursive"),
        boolean("skip_verify"),
        map("submodule_override"),
        boolean("submodule_update_remote").or(&["submodules_update_remote"]),
        boolean("tags"),
    ]],
    ..PLAIN
};

pub(super) const GIT_PUSH: Plugin = Plugin {
    name: "git-push",
    images: &["appleboy/drone-git-push", "ghcr.io/appleboy/drone-git-push", "plugins/git-push"],
    does: "Commits what changed and pushes it to a repository.",
    effect: Effect::Publishes,
    page: "https://github.com/appleboy/drone-git-push",
    groups: &[&[
        text("author_email"),
        text("author_name"),
        text("branch"),
        boolean("commit"),
        text("commit_message"),
        boolean("empty_commit"),
        text("env_file"),
        boolean("followtags"),
        boolean("force"),
        text("local_branch"),
        text("netrc_machine"),
        boolean("no_verify"),
        text("password").secret(),
        text("path"),
        boolean("rebase"),
        text("remote"),
        text("remote_name"),
        boolean("skip_verify"),
        text("ssh_key").secret(),
        text("tag"),
        text("username"),
    ]],
    ..PLAIN
};

pub(super) const DOWNLOAD: Plugin = Plugin {
    name: "download",
    images: &["plugins/download"],
    does: "Downloads a file into the workspace.",
    effect: Effect::Fetches,
    page: "https://github.com/drone-plugins/drone-download",
    groups: &[
        &[
            text("authorization").secret(),
            text("destination"),
            text("env_file"),
            text("md5"),
            text("password").secret(),
            text("sha256").or(&["sha265"]),
            text("source"),
            text("username"),
        ],
        LIBRARY,
    ],
    needs: &[one_of(&["source"])],
    ..PLAIN
};

pub(super) const HUGO: Plugin = Plugin {
    name: "hugo",
    images: &["plugins/hugo"],
    does: "Draws a site with Hugo.",
    effect: Effect::Builds,
    page: "https://github.com/drone-plugins/drone-hugo",
    groups: &[&[
        boolean("builddrafts").or(&["drafts"]),
        boolean("buildexpired").or(&["expired"]),
        boolean("buildfuture").or(&["future"]),
        text("cachedir").or(&["cache"]),
        text("config"),
        text("content"),
        boolean("extended"),
        text("hugo_version").or(&["version"]),
        text("layout"),
        text("output"),
        text("source"),
        text("theme"),
        text("url"),
        boolean("validate"),
    ]],
    ..PLAIN
};

pub(super) const DOWNSTREAM: Plugin = Plugin {
    name: "downstream",
    images: &["plugins/downstream"],
    does: "Starts builds of other repositories.",
    effect: Effect::Triggers,
    page: "https://github.com/drone-plugins/drone-downstream",
    groups: &[
        &[
            boolean("block"),
            number("block_timeout"),
            text("deploy"),
            text("env_file"),
            boolean("fork"),
            text("host"),
            boolean("last_successful"),
            list("params"),
            list("params_from_env"),
            text("proto"),
            list("repositories"),
            text("server"),
            number("timeout"),
            text("token").secret(),
            boolean("wait"),
            number("wait_timeout"),
        ],
        LIBRARY,
    ],
    needs: &[
        one_of(&["repositories"]),
        one_of(&["token"]).or_variables(&["DRONE_TOKEN", "DOWNSTREAM_TOKEN"]),
    ],
    ..PLAIN
};

/// Its passwords are those of a database that lives as long as the build, so they are no secrets.
pub(super) const OWNCLOUD_CORE: Plugin = Plugin {
    name: "owncloud-core",
    images: &["owncloudci/core"],
    does: "Installs ownCloud beside the app under test.",
    effect: Effect::Fetches,
    page: "https://github.com/owncloud-ci/core",
    groups: &[&[
        text("admin_login"),
        text("admin_password"),
        text("core_path"),
        text("data_directory"),
        text("db_host"),
        text("db_name"),
        text("db_password"),
        text("db_prefix"),
        number("db_timeout"),
        text("db_type"),
        text("db_username"),
        boolean("debug"),
        text("download_filename"),
        text("download_url"),
        list("exclude"),
        text("extract_params"),
        text("git_reference"),
        text("git_repository"),
        boolean("install"),
        text("testing_app_git"),
        text("version"),
    ]],
    needs: &[one_of(&["version", "git_reference", "download_url"]).or_variables(&["CORE_DOWNLOAD_URL"])],
    ..PLAIN
};
