//! Plugins that hand results to a service that shows them.

use super::{LIBRARY, PLAIN};
use crate::plugin::need::one_of;
use crate::plugin::setting::{boolean, list, number, text};
use crate::plugin::{Effect, Plugin};

pub(super) const CODECOV: Plugin = Plugin {
    name: "codecov",
    images: &["plugins/codecov"],
    does: "Uploads how much of the code the tests reach to Codecov.",
    effect: Effect::Reports,
    page: "https://github.com/drone-plugins/drone-codecov",
    groups: &[&[
        boolean("dump"),
        list("env"),
        list("files"),
        list("flags"),
        text("name"),
        list("paths"),
        text("pattern"),
        boolean("required"),
        text("token").secret(),
        boolean("verbose"),
    ]],
    ..PLAIN
};

pub(super) const CODECOV_CLI: Plugin = Plugin {
    name: "codecov-cli",
    images: &["robertstettner/drone-codecov"],
    does: "Uploads how much of the code the tests reach to Codecov.",
    effect: Effect::Reports,
    page: "https://github.com/robertstettner/drone-codecov",
    groups: &[&[boolean("debug"), list("files"), list("flags"), text("token").secret()]],
    ..PLAIN
};

pub(super) const COVERALLS: Plugin = Plugin {
    name: "coveralls",
    images: &["lizheming/drone-coveralls"],
    does: "Uploads how much of the code the tests reach to Coveralls.",
    effect: Effect::Reports,
    page: "https://github.com/lizheming/drone-coveralls",
    groups: &[&[boolean("debug"), list("files"), text("token").secret()]],
    needs: &[
        one_of(&["files"]).or_variables(&["FILES"]),
        one_of(&["token"]).or_variables(&["COVERALLS_REPO_TOKEN"]),
    ],
    ..PLAIN
};

pub(super) const SONAR: Plugin = Plugin {
    name: "sonar",
    images: &["aosapps/drone-sonar-plugin"],
    does: "Analyses the code and sends the findings to SonarQube.",
    effect: Effect::Reports,
    page: "https://github.com/aosapps/drone-sonar-plugin",
    groups: &[
        &[
            text("binaries"),
            boolean("branchanalysis"),
            text("exclusions"),
            text("inclusions"),
            text("level"),
            text("qualitygate"),
            text("showprofiling"),
            text("sonar_host"),
            text("sonar_key"),
            text("sonar_name"),
            boolean("sonar_quality_enabled"),
            text("sonar_token").secret(),
            text("sources"),
            number("timeout"),
            boolean("usingproperties"),
        ],
        LIBRARY,
    ],
    needs: &[one_of(&["sonar_host"]), one_of(&["sonar_token"])],
    ..PLAIN
};
