//! Plugins that keep files from one build to the next.

use super::{LIBRARY, PLAIN};
use crate::plugin::need::one_of;
use crate::plugin::setting::{boolean, list, number, text, words};
use crate::plugin::{Effect, Plugin, Setting};

/// What `drone-cache` of meltwater reads.
const SETTINGS: &[Setting] = &[
    text("access_key"),
    text("account_key").secret(),
    text("account_name"),
    text("acl"),
    text("alibaba_access_key"),
    text("alibaba_access_secret").secret(),
    text("api_key").secret(),
    words("archive_format", &["tar", "gzip", "zstd"]),
    text("assume_role_arn"),
    text("backend"),
    number("backend_operation_timeout"),
    text("bucket"),
    text("cache_key"),
    number("compression_level"),
    text("container"),
    boolean("debug"),
    text("encryption"),
    text("endpoint"),
    boolean("exit_code"),
    boolean("fail_restore_if_key_not_present"),
    text("filesystem_cache_root"),
    text("gcs_acl"),
    text("gcs_encryption_key").secret(),
    text("json_key").secret(),
    text("local_root"),
    text("log_format"),
    text("log_level"),
    list("mount"),
    boolean("override"),
    text("password").secret(),
    boolean("path_style"),
    text("public_key_file"),
    boolean("rebuild"),
    text("region"),
    text("remote_root"),
    boolean("restore"),
    boolean("s3_bucket_public"),
    text("secret_key").secret(),
    boolean("skip_symlinks"),
    text("sts_endpoint"),
    text("user_role_arn"),
    text("username"),
];

pub(super) const CACHE: Plugin = Plugin {
    name: "cache",
    images: &["meltwater/drone-cache"],
    does: "Keeps folders in a store, and brings them back in the next build.",
    effect: Effect::Caches,
    page: "https://github.com/meltwater/drone-cache",
    groups: &[SETTINGS],
    needs: &[one_of(&["restore", "rebuild"])],
    ..PLAIN
};

/// Split off from meltwater's. What it has grown since is not known in full.
pub(super) const PLUGINS_CACHE: Plugin = Plugin {
    name: "plugins-cache",
    images: &["plugins/cache"],
    does: "Keeps folders in a store, and brings them back in the next build.",
    effect: Effect::Caches,
    page: "https://github.com/drone-plugins/drone-meltwater-cache",
    groups: &[
        SETTINGS,
        &[
            text("account_id"),
            text("assume_role"),
            text("assume_role_session_name"),
            boolean("auto_cache"),
            boolean("auto_cache_early_exit"),
            text("cache_intel_metrics_file"),
            boolean("enable_separator"),
            text("external_id"),
            text("oidc_token_id").secret(),
            text("pool_id"),
            boolean("preserve_metadata"),
            text("project_number"),
            text("provider_id"),
            text("service_account_email"),
            boolean("strict_key_matching"),
            text("user_role_external_id"),
        ],
    ],
    needs: &[one_of(&["restore", "rebuild"]).unless(&["auto_cache"])],
    open: true,
    ..PLAIN
};

pub(super) const S3_CACHE: Plugin = Plugin {
    name: "s3-cache",
    images: &["plugins/s3-cache"],
    does: "Keeps folders in a store that speaks S3, and brings them back in the next build.",
    effect: Effect::Caches,
    page: "https://github.com/drone-plugins/drone-s3-cache",
    groups: &[
        &[
            text("accelerated_endpoint"),
            text("access_key"),
            text("ca_cert"),
            text("ca_cert_path"),
            boolean("debug"),
            text("endpoint").or(&["server"]),
            text("env_file"),
            text("fallback_path"),
            text("file_credentials_path"),
            text("filename"),
            boolean("flush").replaced("mode"),
            number("flush_age"),
            text("flush_path"),
            words("mode", &["rebuild", "restore", "flush"]),
            list("mount"),
            text("path"),
            text("profile"),
            boolean("rebuild").replaced("mode"),
            text("region"),
            boolean("restore").replaced("mode"),
            text("root"),
            text("secret_key").secret(),
            text("session_token").secret(),
            text("workdir"),
        ],
        LIBRARY,
    ],
    needs: &[one_of(&["mode", "restore", "rebuild", "flush"])],
    ..PLAIN
};

pub(super) const GCS_CACHE: Plugin = Plugin {
    name: "gcs-cache",
    images: &["homerovalle/drone-gcs-cache", "hvalle/drone-gcs-cache"],
    does: "Keeps folders in the storage of Google, and brings them back in the next build.",
    effect: Effect::Caches,
    page: "https://github.com/hvalle/drone-gcs-cache",
    groups: &[&[
        text("bucket"),
        boolean("debug"),
        text("fallback_path"),
        text("filename"),
        boolean("flush"),
        number("flush_age"),
        text("flush_path"),
        text("json_key").secret(),
        list("mount"),
        text("path"),
        boolean("rebuild"),
        boolean("restore"),
    ]],
    needs: &[one_of(&["restore", "rebuild", "flush"]), one_of(&["bucket"])],
    ..PLAIN
};

pub(super) const VOLUME_CACHE: Plugin = Plugin {
    name: "volume-cache",
    images: &["drillster/drone-volume-cache"],
    does: "Keeps folders in a volume of the host, and brings them back in the next build.",
    effect: Effect::Caches,
    page: "https://github.com/Drillster/drone-volume-cache",
    groups: &[&[text("cache_key"), list("mount"), boolean("rebuild"), boolean("restore"), number("ttl")]],
    needs: &[one_of(&["restore", "rebuild"]), one_of(&["mount"])],
    ..PLAIN
};
