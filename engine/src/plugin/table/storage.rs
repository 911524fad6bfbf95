//! Plugins that put files into a store or a site.

use super::{LIBRARY, PLAIN};
use crate::plugin::need::one_of;
use crate::plugin::setting::{boolean, list, map, number, text};
use crate::plugin::{Effect, Plugin};

pub(super) const S3: Plugin = Plugin {
    name: "s3",
    images: &["plugins/s3"],
    does: "Copies files to a store that speaks S3, or from it.",
    effect: Effect::Publishes,
    page: "https://github.com/drone-plugins/drone-s3",
    groups: &[&[
        text("access_key"),
        text("acl"),
        text("assume_role"),
        text("assume_role_session_name"),
        text("bucket"),
        map("cache_control"),
        map("content_encoding"),
        map("content_type"),
        boolean("download"),
        boolean("dry_run"),
        text("encryption"),
        text("encryption_key").secret(),
        text("endpoint"),
        text("env_file"),
        list("exclude"),
        text("external_id"),
        text("oidc_token_id").secret(),
        boolean("path_style"),
        text("region"),
        text("secret_key").secret(),
        text("source"),
        text("storage_class"),
        text("strip_prefix"),
        text("target"),
        text("user_role_arn"),
        text("user_role_external_id"),
    ]],
    needs: &[one_of(&["bucket"]).or_variables(&["S3_BUCKET"]), one_of(&["source"])],
    ..PLAIN
};

pub(super) const S3_SYNC: Plugin = Plugin {
    name: "s3-sync",
    images: &["plugins/s3-sync", "thegeeklab/drone-s3-sync", "quay.io/thegeeklab/drone-s3-sync"],
    does: "Makes a folder in a store that speaks S3 the same as one in the workspace.",
    effect: Effect::Publishes,
    page: "https://github.com/drone-plugins/drone-s3-sync",
    groups: &[
        &[
            map("access").or(&["acl"]),
            text("access_key"),
            text("bucket"),
            map("cache_control"),
            text("cloudfront_distribution"),
            map("content_encoding"),
            map("content_type"),
            boolean("delete"),
            boolean("dry_run"),
            text("endpoint"),
            text("env_file"),
            number("max_concurrency"),
            map("metadata"),
            boolean("path_style"),
            map("redirects"),
            text("region"),
            text("secret_key").secret(),
            text("source"),
            text("target"),
        ],
        LIBRARY,
    ],
    needs: &[one_of(&["bucket"])],
    ..PLAIN
};

pub(super) const GCS: Plugin = Plugin {
    name: "gcs",
    images: &["plugins/gcs"],
    does: "Copies files to the storage of Google, or from it.",
    effect: Effect::Publishes,
    page: "https://github.com/drone-plugins/drone-gcs",
    groups: &[&[
        list("acl"),
        text("auth_key").replaced("token").secret(),
        text("cache_control"),
        boolean("download"),
        text("env_file"),
        list("gzip"),
        text("ignore"),
        text("json_key").secret(),
        map("metadata"),
        text("oidc_token_id").secret(),
        text("pool_id"),
        text("project_number"),
        text("provider_id"),
        text("service_account_email"),
        text("source"),
        text("target"),
        text("token").secret(),
    ]],
    needs: &[one_of(&["source"]), one_of(&["target"]).unless(&["download"])],
    ..PLAIN
};

pub(super) const GH_PAGES: Plugin = Plugin {
    name: "gh-pages",
    images: &["plugins/gh-pages"],
    does: "Pushes a folder to the branch that GitHub shows as a site.",
    effect: Effect::Publishes,
    page: "https://github.com/drone-plugins/drone-gh-pages",
    groups: &[&[
        text("commit_append_to_message"),
        text("env_file"),
        text("netrc_machine"),
        text("pages_directory"),
        text("password").secret(),
        text("remote_url"),
        text("ssh_key").secret(),
        text("target_branch"),
        text("target_directory"),
        text("temporary_base"),
        text("upstream_name"),
        text("user_email"),
        text("user_name"),
        text("username"),
        text("workspace"),
    ]],
    ..PLAIN
};

pub(super) const NETLIFY: Plugin = Plugin {
    name: "netlify",
    images: &["lucap/drone-netlify"],
    does: "Uploads a folder as a site to Netlify.",
    effect: Effect::Deploys,
    page: "https://github.com/lucaperret/drone-netlify",
    groups: &[&[
        text("domain"),
        text("environment"),
        text("path"),
        boolean("prod"),
        text("site_id"),
        text("site_name"),
        text("token").secret(),
    ]],
    needs: &[one_of(&["site_id"]), one_of(&["token"])],
    ..PLAIN
};

pub(super) const WEBDAV: Plugin = Plugin {
    name: "webdav",
    images: &["vividboarder/drone-webdav"],
    does: "Uploads a file to a server that speaks WebDAV.",
    effect: Effect::Publishes,
    page: "https://github.com/ViViDboarder/drone-webdav",
    groups: &[&[
        number("attempts"),
        text("custom_arguments"),
        text("destination"),
        text("file"),
        text("password").secret(),
        text("proxy_url"),
        number("timeout"),
        text("username"),
    ]],
    needs: &[one_of(&["destination"]), one_of(&["file"])],
    ..PLAIN
};
