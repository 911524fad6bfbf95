//! Plugins that build images with Docker, and the one that joins them into a manifest.

use super::{LIBRARY, PLAIN};
use crate::plugin::need::one_of;
use crate::plugin::setting::{boolean, list, number, text};
use crate::plugin::{Effect, Need, Plugin, Setting};

const PAGE: &str = "https://github.com/drone-plugins/drone-docker";

/// Nothing is pushed with `dry_run`, so the name matters less.
const REPO: Need = one_of(&["repo"]).unless(&["dry_run"]);

/// What the program `drone-docker` reads. Those for a cloud start it, so they read all of this too.
const SETTINGS: &[Setting] = &[
    list("add_host"),
    text("artifact_file"),
    boolean("auto_label"),
    boolean("auto_tag").or(&["default_tags"]),
    text("auto_tag_suffix").or(&["default_suffix"]),
    text("base_image_password").or(&["docker_password"]).secret(),
    text("base_image_registry").or(&["docker_registry"]),
    text("base_image_username").or(&["docker_username"]),
    text("bip"),
    list("build_args"),
    list("build_args_from_env"),
    list("build_args_new"),
    text("buildx_config_file"),
    text("buildx_driver"),
    list("buildx_driver_opts"),
    list("cache_from"),
    boolean("compress"),
    text("config").secret(),
    text("context"),
    text("cosign_params"),
    text("cosign_password").secret(),
    text("cosign_private_key"),
    list("custom_dns"),
    list("custom_dns_search"),
    list("custom_labels"),
    boolean("daemon_off"),
    number("daemon_retry_count"),
    boolean("debug"),
    text("dockerfile"),
    boolean("dry_run").or(&["no_push"]),
    text("email"),
    text("env_file"),
    boolean("experimental"),
    boolean("force_tag").ignored(),
    boolean("insecure"),
    boolean("ipv6"),
    list("label_schema"),
    boolean("launch_debug").replaced("debug"),
    text("mirror"),
    text("mtu"),
    boolean("multiple_build_args"),
    boolean("no_cache"),
    text("password").secret(),
    text("platform"),
    boolean("pull_image"),
    boolean("purge"),
    boolean("push_only"),
    boolean("quiet"),
    text("registry"),
    text("registry_type"),
    text("repo"),
    text("repo_link"),
    text("secret"),
    list("secrets_from_env"),
    list("secrets_from_file"),
    text("source_image"),
    boolean("squash"),
    text("ssh_agent_key").secret(),
    text("storage_driver"),
    text("storage_path"),
    list("tags").or(&["tag"]),
    text("target"),
    text("username"),
];

pub(super) const DOCKER: Plugin = Plugin {
    name: "docker",
    images: &["plugins/docker", "plugins/drone-docker"],
    does: "Builds an image and pushes it to a registry.",
    effect: Effect::Publishes,
    page: PAGE,
    groups: &[SETTINGS],
    needs: &[REPO],
    ..PLAIN
};

/// Split off from `drone-docker`, and put on the library later.
pub(super) const THEGEEKLAB_DOCKER: Plugin = Plugin {
    name: "thegeeklab-docker",
    images: &["thegeeklab/drone-docker", "quay.io/thegeeklab/drone-docker"],
    does: "Builds an image and pushes it to a registry.",
    effect: Effect::Publishes,
    page: "https://github.com/thegeeklab/drone-docker",
    groups: &[SETTINGS, LIBRARY],
    needs: &[REPO],
    ..PLAIN
};

pub(super) const ECR: Plugin = Plugin {
    name: "ecr",
    images: &["plugins/ecr"],
    does: "Builds an image and pushes it to the registry of Amazon.",
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
            boolean("scan_on_push"),
            text("secret_key").secret(),
            boolean("skip_push_if_tag_exists"),
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

pub(super) const GCR: Plugin = Plugin {
    name: "gcr",
    images: &["plugins/gcr"],
    does: "Builds an image and pushes it to the container registry of Google.",
    effect: Effect::Publishes,
    page: PAGE,
    groups: &[SETTINGS, GOOGLE],
    needs: &[REPO],
    ..PLAIN
};

pub(super) const GAR: Plugin = Plugin {
    name: "gar",
    images: &["plugins/gar"],
    does: "Builds an image and pushes it to the artifact registry of Google.",
    effect: Effect::Publishes,
    page: PAGE,
    groups: &[SETTINGS, GOOGLE],
    needs: &[REPO, one_of(&["location", "registry"]).unless(&["dry_run"])],
    ..PLAIN
};

pub(super) const ACR: Plugin = Plugin {
    name: "acr",
    images: &["plugins/acr"],
    does: "Builds an image and pushes it to the registry of Azure.",
    effect: Effect::Publishes,
    page: PAGE,
    groups: &[
        SETTINGS,
        &[
            text("azure_authority_host"),
            text("client_certificate").secret(),
            text("client_id"),
            text("client_secret").secret(),
            text("daemon_registry"),
            text("oidc_token_id").secret(),
            text("subscription_id"),
            text("tenant_id"),
        ],
    ],
    needs: &[REPO],
    ..PLAIN
};

pub(super) const HEROKU: Plugin = Plugin {
    name: "heroku",
    images: &["plugins/heroku"],
    does: "Builds an image and pushes it to the registry of Heroku.",
    effect: Effect::Publishes,
    page: PAGE,
    groups: &[SETTINGS, &[text("api_key").secret(), text("app"), text("process_type")]],
    needs: &[
        one_of(&["app"]),
        one_of(&["api_key"]).unless(&["dry_run", "password"]).or_variables(&["HEROKU_API_KEY"]),
    ],
    ..PLAIN
};

pub(super) const BUILDX: Plugin = Plugin {
    name: "buildx",
    images: &["plugins/buildx"],
    does: "Builds an image with buildx and pushes it to a registry.",
    effect: Effect::Publishes,
    page: "https://github.com/drone-plugins/drone-buildx",
    groups: &[
        SETTINGS,
        &[
            text("bake_file"),
            text("bake_options"),
            text("builder_config"),
            text("builder_driver"),
            text("builder_driver_opts"),
            text("builder_driver_opts_new"),
            text("builder_name"),
            text("builder_remote_conn"),
            text("buildkit_assets_dir"),
            boolean("buildkit_inherit_auth"),
            text("buildkit_version"),
            boolean("buildx_load"),
            text("buildx_options"),
            text("buildx_options_semicolon"),
            text("buildx_output_format"),
            text("cache_metrics_file"),
            list("cache_to"),
            text("tar_path").or(&["destination_tar_path"]),
            boolean("use_loaded_buildkit"),
        ],
    ],
    needs: &[REPO],
    ..PLAIN
};

pub(super) const DOCKER_BUILDX: Plugin = Plugin {
    name: "docker-buildx",
    images: &["thegeeklab/drone-docker-buildx", "quay.io/thegeeklab/drone-docker-buildx"],
    does: "Builds an image for several processors and pushes it to a registry.",
    effect: Effect::Publishes,
    page: "https://github.com/thegeeklab/drone-docker-buildx",
    groups: &[
        &[
            list("add_host"),
            boolean("auto_tag").or(&["default_tags"]),
            text("auto_tag_suffix").or(&["default_suffix"]),
            text("bip"),
            list("build_args"),
            list("build_args_from_env"),
            text("buildkit_config"),
            list("cache_from"),
            text("cache_to"),
            boolean("compress"),
            text("config").secret(),
            text("context"),
            list("custom_dns"),
            list("custom_dns_search"),
            boolean("daemon_off"),
            boolean("debug"),
            text("dockerfile"),
            boolean("dry_run"),
            text("email"),
            boolean("experimental"),
            list("extra_tags"),
            boolean("insecure"),
            boolean("ipv6"),
            list("labels"),
            text("mirror"),
            text("mtu"),
            list("named_context"),
            boolean("no_cache"),
            text("output"),
            text("password").secret(),
            list("platforms"),
            text("provenance"),
            boolean("pull_image"),
            boolean("purge"),
            boolean("quiet"),
            text("registry"),
            text("repo"),
            text("sbom"),
            text("secret"),
            list("secrets_from_env"),
            list("secrets_from_file"),
            text("storage_driver"),
            text("storage_path"),
            list("tags").or(&["tag"]),
            text("target"),
            text("username"),
        ],
        LIBRARY,
    ],
    needs: &[REPO],
    ..PLAIN
};

pub(super) const MANIFEST: Plugin = Plugin {
    name: "manifest",
    images: &["plugins/manifest"],
    does: "Joins images for several processors under one name in a registry.",
    effect: Effect::Publishes,
    page: "https://github.com/drone-plugins/drone-manifest",
    groups: &[
        &[
            boolean("auto_tag").or(&["default_tags"]),
            boolean("ignore_missing"),
            boolean("insecure"),
            text("password").secret(),
            list("platforms"),
            text("spec"),
            list("tags").or(&["tag"]),
            text("target"),
            text("template"),
            text("username"),
        ],
        LIBRARY,
    ],
    needs: &[
        one_of(&["spec", "target"]),
        one_of(&["template"]).unless(&["spec"]),
        one_of(&["platforms"]).unless(&["spec"]),
    ],
    ..PLAIN
};
