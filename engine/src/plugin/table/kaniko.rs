//! Plugins that build images with kaniko, without Docker.

use super::PLAIN;
use crate::plugin::need::one_of;
use crate::plugin::setting::{boolean, list, number, text, words};
use crate::plugin::{Effect, Need, Plugin, Setting};

const PAGE: &str = "https://github.com/drone/drone-kaniko";

const REPO: Need = one_of(&["repo"]).unless(&["no_push", "push_only"]);

/// What the programs for every registry read.
const SETTINGS: &[Setting] = &[
    text("artifact_file"),
    boolean("auto_tag"),
    text("auto_tag_suffix"),
    text("base_image_password").or(&["docker_password"]).secret(),
    text("base_image_registry").or(&["docker_registry"]),
    text("base_image_username").or(&["docker_username"]),
    list("build_args"),
    list("build_args_new"),
    boolean("cache_copy_layers"),
    text("cache_dir"),
    text("cache_repo"),
    boolean("cache_run_layers"),
    number("cache_ttl"),
    boolean("cleanup"),
    boolean("compressed_caching"),
    text("config").secret(),
    text("context"),
    text("context_sub_path"),
    list("custom_labels"),
    text("digest_file"),
    text("dockerfile"),
    boolean("enable_cache"),
    text("env_file"),
    boolean("expand_repo"),
    boolean("expand_tag"),
    boolean("force"),
    text("ignore_path"),
    list("ignore_paths"),
    boolean("ignore_var_run"),
    number("image_download_retry"),
    number("image_fs_extract_retry"),
    text("image_name_tag_with_digest_file"),
    text("image_name_with_digest_file"),
    boolean("insecure"),
    boolean("insecure_pull"),
    text("insecure_registry"),
    text("log_format"),
    boolean("log_timestamp"),
    boolean("multiple_build_args"),
    boolean("no_push"),
    text("oci_layout_path"),
    text("password").secret(),
    text("platform").or(&["custom_platform"]),
    boolean("push_only"),
    number("push_retry"),
    text("registry"),
    text("registry_certificate"),
    text("registry_client_cert"),
    list("registry_mirrors"),
    text("repo"),
    boolean("reproducible"),
    boolean("single_snapshot"),
    boolean("skip_default_registry_fallback"),
    boolean("skip_push_permission_check"),
    boolean("skip_tls_verify"),
    boolean("skip_tls_verify_pull"),
    boolean("skip_tls_verify_registry"),
    boolean("skip_unused_stages"),
    words("snapshot_mode", &["full", "redo", "time"]),
    text("source_tar_path"),
    list("tags"),
    text("tar_path").or(&["destination_tar_path"]),
    text("target"),
    text("url"),
    boolean("use_new_run"),
    text("username"),
    words("verbosity", &["panic", "fatal", "error", "warn", "warning", "info", "debug", "trace"]),
];

pub(super) const KANIKO: Plugin = Plugin {
    name: "kaniko",
    images: &["plugins/kaniko"],
    does: "Builds an image without Docker and pushes it to a registry.",
    effect: Effect::Publishes,
    page: PAGE,
    groups: &[SETTINGS],
    needs: &[REPO],
    ..PLAIN
};

pub(super) const KANIKO_ECR: Plugin = Plugin {
    name: "kaniko-ecr",
    images: &["plugins/kaniko-ecr"],
    does: "Builds an image without Docker and pushes it to the registry of Amazon.",
    effect: Effect::Publishes,
    page: PAGE,
    groups: &[
        SETTINGS,
        &[
            text("access_key"),
            text("assume_role"),
            boolean("create_repository"),
            text("external_id"),
            text("lifecycle_policy"),
            text("oidc_token_id").secret(),
            text("region"),
            text("repository_policy"),
            text("secret_key").secret(),
        ],
    ],
    needs: &[REPO],
    ..PLAIN
};

const GOOGLE: &[Setting] = &[
    text("json_key").secret(),
    text("location"),
    text("oidc_token_id").secret(),
    text("pool_id"),
    text("project_number"),
    text("provider_id"),
    text("service_account_email"),
    boolean("workload_identity"),
];

pub(super) const KANIKO_GCR: Plugin = Plugin {
    name: "kaniko-gcr",
    images: &["plugins/kaniko-gcr"],
    does: "Builds an image without Docker and pushes it to the container registry of Google.",
    effect: Effect::Publishes,
    page: PAGE,
    groups: &[SETTINGS, GOOGLE],
    needs: &[REPO],
    ..PLAIN
};

pub(super) const KANIKO_GAR: Plugin = Plugin {
    name: "kaniko-gar",
    images: &["plugins/kaniko-gar"],
    does: "Builds an image without Docker and pushes it to the artifact registry of Google.",
    effect: Effect::Publishes,
    page: PAGE,
    groups: &[SETTINGS, GOOGLE],
    needs: &[REPO],
    ..PLAIN
};

pub(super) const KANIKO_ACR: Plugin = Plugin {
    name: "kaniko-acr",
    images: &["plugins/kaniko-acr"],
    does: "Builds an image without Docker and pushes it to the registry of Azure.",
    effect: Effect::Publishes,
    page: PAGE,
    groups: &[
        SETTINGS,
        &[
            text("client_id"),
            boolean("create_repository"),
            text("lifecycle_policy"),
            text("oidc_token_id").secret(),
            text("repository_policy"),
            text("tenant_id"),
        ],
    ],
    needs: &[REPO],
    ..PLAIN
};

/// Another project with the same purpose: without `repo` it builds and does not push.
pub(super) const BANZAI_KANIKO: Plugin = Plugin {
    name: "banzai-kaniko",
    images: &["banzaicloud/drone-kaniko"],
    does: "Builds an image without Docker and pushes it to a registry.",
    effect: Effect::Publishes,
    page: "https://github.com/banzaicloud/drone-kaniko",
    groups: &[&[
        boolean("auto_tag"),
        list("build_args"),
        list("build_args_from_env"),
        boolean("cache"),
        text("context"),
        text("dockerfile"),
        text("json_key").secret(),
        text("log"),
        text("password").secret(),
        text("registry"),
        text("repo"),
        boolean("skip_tls_verify"),
        list("tags"),
        text("target"),
        text("username"),
    ]],
    ..PLAIN
};
