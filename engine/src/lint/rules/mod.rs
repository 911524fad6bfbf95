//! The catalogue: one folder a rule, and two lines here for each.

use crate::lint::rule::Rule;

mod asks_nobody;
mod bashism;
mod cut_command;
mod duplicate_pipeline_name;
mod duplicate_step_name;
mod eaten_word;
mod echo_backslash;
mod exec_image;
mod folded_commands;
mod forgotten_between_steps;
mod hidden_failure;
mod incomplete_resource;
mod legacy;
mod localhost_service;
mod long_step_name;
mod lost_install;
mod missing_image;
mod missing_kind;
mod missing_step_name;
mod missing_volume_name;
mod needs_trust;
mod null_item;
mod only_installs;
mod pipe_hides_failure;
mod printed_secret;
mod reads_the_script;
mod reserved_volume;
mod self_dependency;
mod self_pipeline_dependency;
mod service_not_ready;
mod shallow_git;
mod stale_package_list;
mod substitution;
mod unknown_pipeline_dependency;
mod unknown_step_dependency;
mod unreadable_script;
mod unsupported_platform;
mod wrong_shape;
mod yaml_alias_bomb;
mod yaml_anchor;
mod yaml_character;
mod yaml_cycle;
mod yaml_encoding;
mod yaml_merge;
mod yaml_syntax;
mod yaml_tag;

/// Every rule, by name.
pub const ALL: &[Rule] = &[
    asks_nobody::RULE,
    bashism::RULE,
    cut_command::RULE,
    duplicate_pipeline_name::RULE,
    duplicate_step_name::RULE,
    eaten_word::RULE,
    echo_backslash::RULE,
    exec_image::RULE,
    folded_commands::RULE,
    forgotten_between_steps::RULE,
    hidden_failure::RULE,
    incomplete_resource::RULE,
    legacy::RULE,
    localhost_service::RULE,
    long_step_name::RULE,
    lost_install::RULE,
    missing_image::RULE,
    missing_kind::RULE,
    missing_step_name::RULE,
    missing_volume_name::RULE,
    needs_trust::RULE,
    null_item::RULE,
    only_installs::RULE,
    pipe_hides_failure::RULE,
    printed_secret::RULE,
    reads_the_script::RULE,
    reserved_volume::RULE,
    self_dependency::RULE,
    self_pipeline_dependency::RULE,
    service_not_ready::RULE,
    shallow_git::RULE,
    stale_package_list::RULE,
    substitution::RULE,
    unknown_pipeline_dependency::RULE,
    unknown_step_dependency::RULE,
    unreadable_script::RULE,
    unsupported_platform::RULE,
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
