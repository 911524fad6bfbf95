//! The catalogue: one folder a rule, and two lines here for each.

use crate::lint::rule::Rule;

mod allow_comment;
mod asks_nobody;
mod bashism;
mod branch_and_tag;
mod breaks_after_substitution;
mod comma_in_list;
mod condition_shape;
mod cron_document;
mod cron_everywhere;
mod cut_command;
mod dead_pattern;
mod dollar_dollar;
mod duplicate_pipeline_name;
mod duplicate_step_name;
mod eaten_word;
mod echo_backslash;
mod emptied_by_substitution;
mod empty_pipeline;
mod end_of_life_image;
mod environment_is_no_shell;
mod exec_image;
mod failure_word;
mod floating_image;
mod folded_commands;
mod foreign_platform;
mod forgotten_between_steps;
mod hidden_failure;
mod ignored_condition;
mod ignored_instance;
mod incomplete_resource;
mod inert_key;
mod late_merge;
mod legacy;
mod literal_secret;
mod localhost_service;
mod long_line;
mod long_step_name;
mod lost_install;
mod mangled_setting;
mod missing_image;
mod missing_kind;
mod missing_setting;
mod missing_step_name;
mod missing_volume_name;
mod needs_trust;
mod nested_secret;
mod no_shell_image;
mod non_root_user;
mod nothing_to_do;
mod notice_runs_at_once;
mod notice_skipped_on_failure;
mod null_item;
mod only_installs;
mod parallel_surprise;
mod pipe_hides_failure;
mod printed_secret;
mod privileged_plugin_spoiled;
mod publish_on_pull_request;
mod pull_request_branch;
mod pull_word;
mod reads_the_script;
mod repeated_key;
mod replaced_setting;
mod reserved_volume;
mod restricted_workspace;
mod secret_in_clear;
mod secret_in_pull_request;
mod secret_name;
mod self_dependency;
mod self_pipeline_dependency;
mod separator_text;
mod server_sees_text;
mod service_exits;
mod service_not_ready;
mod setting_name;
mod setting_type;
mod settings_and_commands;
mod shallow_git;
mod shell_only_operator;
mod stale_package_list;
mod status_too_early;
mod substitution;
mod tags_only_plugin;
mod text_behind_end;
mod undefined_volume;
mod unknown_event;
mod unknown_key;
mod unknown_kind;
mod unknown_pipeline_dependency;
mod unknown_setting;
mod unknown_status;
mod unknown_step_dependency;
mod unknown_type;
mod unreachable;
mod unreadable_script;
mod unsupported_platform;
mod untested_publish;
mod untrusted_text;
mod unused_volume;
mod volume_without_source;
mod wrong_shape;
mod yaml_alias_bomb;
mod yaml_anchor;
mod yaml_character;
mod yaml_cycle;
mod yaml_encoding;
mod yaml_merge;
mod yaml_syntax;
mod yaml_tag;

pub(super) use end_of_life_image::ended_since;

/// Every rule, by name.
pub const ALL: &[Rule] = &[
    allow_comment::RULE,
    asks_nobody::RULE,
    bashism::RULE,
    branch_and_tag::RULE,
    breaks_after_substitution::RULE,
    comma_in_list::RULE,
    condition_shape::RULE,
    cron_document::RULE,
    cron_everywhere::RULE,
    cut_command::RULE,
    dead_pattern::RULE,
    dollar_dollar::RULE,
    duplicate_pipeline_name::RULE,
    duplicate_step_name::RULE,
    eaten_word::RULE,
    echo_backslash::RULE,
    emptied_by_substitution::RULE,
    empty_pipeline::RULE,
    end_of_life_image::RULE,
    environment_is_no_shell::RULE,
    exec_image::RULE,
    failure_word::RULE,
    floating_image::RULE,
    folded_commands::RULE,
    foreign_platform::RULE,
    forgotten_between_steps::RULE,
    hidden_failure::RULE,
    ignored_condition::RULE,
    ignored_instance::RULE,
    incomplete_resource::RULE,
    inert_key::RULE,
    late_merge::RULE,
    legacy::RULE,
    literal_secret::RULE,
    localhost_service::RULE,
    long_line::RULE,
    long_step_name::RULE,
    lost_install::RULE,
    mangled_setting::RULE,
    missing_image::RULE,
    missing_kind::RULE,
    missing_setting::RULE,
    missing_step_name::RULE,
    missing_volume_name::RULE,
    needs_trust::RULE,
    nested_secret::RULE,
    no_shell_image::RULE,
    non_root_user::RULE,
    nothing_to_do::RULE,
    notice_runs_at_once::RULE,
    notice_skipped_on_failure::RULE,
    null_item::RULE,
    only_installs::RULE,
    parallel_surprise::RULE,
    pipe_hides_failure::RULE,
    printed_secret::RULE,
    privileged_plugin_spoiled::RULE,
    publish_on_pull_request::RULE,
    pull_request_branch::RULE,
    pull_word::RULE,
    reads_the_script::RULE,
    repeated_key::RULE,
    replaced_setting::RULE,
    reserved_volume::RULE,
    restricted_workspace::RULE,
    secret_in_clear::RULE,
    secret_in_pull_request::RULE,
    secret_name::RULE,
    self_dependency::RULE,
    self_pipeline_dependency::RULE,
    separator_text::RULE,
    server_sees_text::RULE,
    service_exits::RULE,
    service_not_ready::RULE,
    setting_name::RULE,
    setting_type::RULE,
    settings_and_commands::RULE,
    shallow_git::RULE,
    shell_only_operator::RULE,
    stale_package_list::RULE,
    status_too_early::RULE,
    substitution::RULE,
    tags_only_plugin::RULE,
    text_behind_end::RULE,
    undefined_volume::RULE,
    unknown_event::RULE,
    unknown_key::RULE,
    unknown_kind::RULE,
    unknown_pipeline_dependency::RULE,
    unknown_setting::RULE,
    unknown_status::RULE,
    unknown_step_dependency::RULE,
    unknown_type::RULE,
    unreachable::RULE,
    unreadable_script::RULE,
    unsupported_platform::RULE,
    untested_publish::RULE,
    untrusted_text::RULE,
    unused_volume::RULE,
    volume_without_source::RULE,
    wrong_shape::RULE,
    yaml_alias_bomb::RULE,
    yaml_anchor::RULE,
    yaml_character::RULE,
    yaml_cycle::RULE,
    yaml_encoding::RULE,
    yaml_merge::RULE,
    yaml_syntax::RULE,
    yaml_tag::RULE,
];
