//! Plugins that publish packages and releases.

use super::{LIBRARY, PLAIN};
use crate::plugin::need::one_of;
use crate::plugin::setting::{boolean, list, text, words};
use crate::plugin::{Effect, Plugin};

/// What happens when a file is there already. The plugins refuse any other word.
const FILE_EXISTS: &[&str] = &["overwrite", "fail", "skip"];

pub(super) const GITHUB_RELEASE: Plugin = Plugin {
    name: "github-release",
    images: &["plugins/github-release"],
    does: "Makes a release on GitHub and uploads files to it.",
    effect: Effect::Publishes,
    page: "https://github.com/drone-plugins/drone-github-release",
    groups: &[
        &[
            text("api_key").secret(),
            text("base_url"),
            list("checksum"),
            text("checksum_file"),
            boolean("checksum_flatten"),
            boolean("draft"),
            text("env_file"),
            words("file_exists", FILE_EXISTS),
            list("files"),
            boolean("generate_release_notes"),
            text("note"),
            boolean("overwrite"),
            boolean("pickup_draft"),
            boolean("prerelease"),
            text("title"),
            text("upload_url"),
        ],
        LIBRARY,
    ],
    needs: &[one_of(&["api_key"]).or_variables(&["GITHUB_RELEASE_API_KEY", "GITHUB_TOKEN"])],
    tags_only: true,
    ..PLAIN
};

pub(super) const GITEA_RELEASE: Plugin = Plugin {
    name: "gitea-release",
    images: &["plugins/gitea-release"],
    does: "Makes a release on Gitea and uploads files to it.",
    effect: Effect::Publishes,
    page: "https://github.com/drone-plugins/drone-gitea-release",
    groups: &[
        &[
            text("api_key").secret(),
            text("base_url"),
            list("checksum"),
            text("checksum_file"),
            boolean("checksum_flatten"),
            boolean("draft"),
            text("env_file"),
            words("file_exists", FILE_EXISTS),
            list("files"),
            boolean("insecure"),
            text("note"),
            boolean("prerelease"),
            text("title"),
        ],
        LIBRARY,
    ],
    needs: &[
        one_of(&["api_key"]).or_variables(&["GITEA_RELEASE_API_KEY", "GITEA_TOKEN"]),
        one_of(&["base_url"]).or_variables(&["GITEA_RELEASE_BASE_URL"]),
    ],
    tags_only: true,
    ..PLAIN
};

pub(super) const NPM: Plugin = Plugin {
    name: "npm",
    images: &["plugins/npm"],
    does: "Publishes a package to an npm registry.",
    effect: Effect::Publishes,
    page: "https://github.com/drone-plugins/drone-npm",
    groups: &[
        &[
            words("access", &["public", "restricted"]),
            text("email"),
            text("env_file"),
            boolean("fail_on_version_conflict"),
            text("folder"),
            text("password").secret(),
            text("registry"),
            boolean("skip_whoami"),
            text("tag"),
            text("token").secret(),
            text("username"),
        ],
        LIBRARY,
    ],
    needs: &[one_of(&["token", "username"]).or_variables(&["NPM_TOKEN", "NPM_USERNAME"])],
    ..PLAIN
};

pub(super) const PYPI: Plugin = Plugin {
    name: "pypi",
    images: &["plugins/pypi"],
    does: "Builds a Python package and uploads it to a package index.",
    effect: Effect::Publishes,
    page: "https://github.com/drone-plugins/drone-pypi",
    groups: &[
        &[
            text("dist_dir"),
            list("distributions"),
            text("env_file"),
            text("password").or(&["pypi_password"]).secret(),
            text("repository"),
            text("setupfile"),
            boolean("skip_build"),
            text("tag"),
            text("username"),
        ],
        LIBRARY,
    ],
    needs: &[
        one_of(&["username"]).or_variables(&["PYPI_USERNAME"]),
        one_of(&["password"]).or_variables(&["PYPI_PASSWORD"]),
    ],
    ..PLAIN
};
