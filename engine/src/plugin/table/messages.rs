//! Plugins that tell people about a build.

use super::{LIBRARY, PLAIN};
use crate::plugin::need::one_of;
use crate::plugin::setting::{boolean, list, map, number, text};
use crate::plugin::{Effect, Plugin};

pub(super) const SLACK: Plugin = Plugin {
    name: "slack",
    images: &["plugins/slack", "plugins/drone-slack"],
    does: "Posts a message about the build to Slack.",
    effect: Effect::Notifies,
    page: "https://github.com/drone-plugins/drone-slack",
    groups: &[&[
        text("access_token").secret(),
        text("channel"),
        text("color"),
        boolean("committers_slack_id"),
        text("custom_block"),
        text("custom_template"),
        text("env_file"),
        boolean("fail_on_error"),
        text("fallback"),
        text("file_name"),
        text("file_path"),
        text("git_repo_path"),
        text("icon_emoji"),
        text("icon_url"),
        text("image_url"),
        text("initial_comment"),
        boolean("link_names"),
        text("mentions"),
        text("message"),
        text("recipient"),
        text("slack_user_email_id"),
        text("status"),
        text("template"),
        text("title"),
        text("username"),
        text("webhook").secret(),
    ]],
    needs: &[one_of(&["webhook", "access_token"]).or_variables(&["SLACK_WEBHOOK", "SLACK_ACCESS_TOKEN"])],
    ..PLAIN
};

pub(super) const DISCORD: Plugin = Plugin {
    name: "discord",
    images: &["appleboy/drone-discord", "ghcr.io/appleboy/drone-discord"],
    does: "Posts a message about the build to Discord.",
    effect: Effect::Notifies,
    page: "https://github.com/appleboy/drone-discord",
    groups: &[&[
        text("avatar_url"),
        text("color"),
        text("env_file"),
        list("file"),
        boolean("github"),
        list("message"),
        boolean("tts"),
        text("username"),
        boolean("wait"),
        text("webhook_id"),
        text("webhook_token").secret(),
        text("webhook_url").secret(),
    ]],
    needs: &[one_of(&["webhook_id", "webhook_url"]).or_variables(&[
        "WEBHOOK_ID",
        "DISCORD_WEBHOOK_ID",
        "WEBHOOK_URL",
        "DISCORD_WEBHOOK_URL",
    ])],
    ..PLAIN
};

pub(super) const TELEGRAM: Plugin = Plugin {
    name: "telegram",
    images: &["appleboy/drone-telegram", "ghcr.io/appleboy/drone-telegram"],
    does: "Sends a message about the build over Telegram.",
    effect: Effect::Notifies,
    page: "https://github.com/appleboy/drone-telegram",
    groups: &[&[
        list("audio"),
        boolean("debug"),
        boolean("disable_notification"),
        boolean("disable_web_page_preview"),
        list("document"),
        text("env_file"),
        text("format"),
        boolean("github"),
        list("location"),
        text("message"),
        text("message_file"),
        boolean("only_match_email"),
        list("photo"),
        text("socks5"),
        list("sticker"),
        text("template_vars"),
        text("template_vars_file"),
        list("to"),
        text("token").secret(),
        list("venue"),
        list("video"),
        list("voice"),
    ]],
    needs: &[
        one_of(&["token"]).or_variables(&["TELEGRAM_TOKEN"]),
        one_of(&["to"]).or_variables(&["TELEGRAM_TO"]),
    ],
    ..PLAIN
};

/// Its pages write `from.address` with a point, and the program reads just that: an exception among plugins.
pub(super) const EMAIL: Plugin = Plugin {
    name: "email",
    images: &["drillster/drone-email"],
    does: "Sends a mail about the build.",
    effect: Effect::Notifies,
    page: "https://github.com/Drillster/drone-email",
    groups: &[&[
        text("attachment"),
        list("attachments"),
        text("body"),
        text("clienthostname"),
        text("env_file"),
        text("from").or(&["from.address", "from_address"]),
        text("from.name").or(&["from_name"]),
        text("host"),
        boolean("no_starttls"),
        text("password").secret(),
        number("port"),
        list("recipients"),
        text("recipients_file"),
        boolean("recipients_only"),
        boolean("skip_verify"),
        text("subject"),
        text("username"),
    ]],
    needs: &[one_of(&["host"]).or_variables(&["EMAIL_HOST"]), one_of(&["from"])],
    ..PLAIN
};

pub(super) const MATRIX: Plugin = Plugin {
    name: "matrix",
    images: &["plugins/matrix", "thegeeklab/drone-matrix", "quay.io/thegeeklab/drone-matrix"],
    does: "Posts a message about the build to a room of Matrix.",
    effect: Effect::Notifies,
    page: "https://github.com/drone-plugins/drone-matrix",
    groups: &[
        &[
            text("access_token").or(&["accesstoken"]).secret(),
            text("env_file"),
            text("homeserver"),
            text("password").secret(),
            text("roomid"),
            text("template"),
            text("user_id").or(&["userid"]),
            text("username"),
        ],
        LIBRARY,
    ],
    needs: &[one_of(&["roomid"]).or_variables(&["MATRIX_ROOMID"])],
    ..PLAIN
};

pub(super) const MATTERMOST: Plugin = Plugin {
    name: "mattermost",
    images: &["kenshaw/drone-mattermost", "parabit/drone-mattermost"],
    does: "Posts a message about the build to Mattermost.",
    effect: Effect::Notifies,
    page: "https://github.com/parabit/drone-mattermost",
    groups: &[
        &[text("channel"), text("team"), text("template"), text("token").secret(), text("url")],
        LIBRARY,
    ],
    needs: &[
        one_of(&["url"]).or_variables(&["MATTERMOST_URL"]),
        one_of(&["token"]).or_variables(&["MATTERMOST_TOKEN"]),
        one_of(&["team"]).or_variables(&["MATTERMOST_TEAM"]),
        one_of(&["channel"]).or_variables(&["MATTERMOST_CHANNEL"]),
    ],
    ..PLAIN
};

/// Some addresses hold a token and some do not, so `urls` is not marked as a secret.
pub(super) const WEBHOOK: Plugin = Plugin {
    name: "webhook",
    images: &["plugins/webhook"],
    does: "Sends a request about the build to a web address.",
    effect: Effect::Notifies,
    page: "https://github.com/drone-plugins/drone-webhook",
    groups: &[
        &[
            map("auth").ignored(),
            text("content_type"),
            boolean("debug"),
            text("env_file"),
            list("headers"),
            text("method"),
            text("password").secret(),
            text("signature_secret").secret(),
            text("template"),
            text("token_type"),
            text("token_value").secret(),
            list("urls").or(&["url"]),
            text("username"),
            list("valid_response_codes"),
        ],
        LIBRARY,
    ],
    needs: &[one_of(&["urls"]).or_variables(&["WEBHOOK_URLS", "WEBHOOK_URL"])],
    ..PLAIN
};

pub(super) const GITHUB_COMMENT: Plugin = Plugin {
    name: "github-comment",
    images: &[
        "jmccann/drone-github-comment",
        "thegeeklab/drone-github-comment",
        "quay.io/thegeeklab/drone-github-comment",
    ],
    does: "Writes a comment on a pull request of GitHub.",
    effect: Effect::Notifies,
    page: "https://github.com/jmccann/drone-github-comment",
    groups: &[
        &[
            text("api_key").secret(),
            text("base_url"),
            number("issue_num"),
            text("key"),
            text("message"),
            text("message_file"),
            text("password").secret(),
            boolean("skip_missing"),
            boolean("update"),
            text("username"),
        ],
        LIBRARY,
    ],
    needs: &[one_of(&["message", "message_file"]).or_variables(&["GITHUB_COMMENT_MESSAGE"])],
    ..PLAIN
};

pub(super) const JIRA: Plugin = Plugin {
    name: "jira",
    images: &["plugins/jira"],
    does: "Notes a build or a deployment in Jira.",
    effect: Effect::Notifies,
    page: "https://github.com/drone/drone-jira",
    groups: &[&[
        text("client_id"),
        text("client_secret").secret(),
        text("cloud_id"),
        text("connect_hostname"),
        text("connect_key").secret(),
        text("environment_id"),
        text("environment_name"),
        text("environment_type"),
        text("instance"),
        list("issuekeys"),
        text("link"),
        text("log_level"),
        text("pipeline"),
        text("project"),
        text("state"),
    ]],
    needs: &[one_of(&["client_id", "connect_key"])],
    ..PLAIN
};
