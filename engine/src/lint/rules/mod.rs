//! The catalogue: one folder a rule, and two lines here for each.

use crate::lint::rule::Rule;

mod breaks_after_substitution;
mod comma_in_list;
mod dollar_dollar;
mod duplicate_pipeline_name;
mod duplicate_step_name;
mod emptied_by_substitution;
mod end_of_life_image;
mod environment_is_no_shell;
mod exec_image;
mod floating_image;
mod incomplete_resource;
mod legacy;
mod long_step_name;
mod mangled_setting;
mod missing_image;
mod missing_kind;
mod missing_step_name;
mod missing_volume_name;
mod needs_trust;
mod nested_secret;
mod no_shell_image;
mod null_item;
mod privileged_plugin_spoiled;
mod reserved_volume;
mod secret_in_clear;
mod secret_name;
mod self_dependency;
mod self_pipeline_dependency;
mod server_sees_text;
mod setting_name;
mod settings_and_commands;
mod shell_only_operator;
mod status_too_early;
mod substitution;
mod unknown_pipeline_dependency;
mod unknown_step_dependency;
mod unsupported_platform;
mod untrusted_text;
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
    breaks_after_substitution::RULE,
    comma_in_list::RULE,
    dollar_dollar::RULE,
    duplicate_pipeline_name::RULE,
    duplicate_step_name::RULE,
    emptied_by_substitution::RULE,
    end_of_life_image::RULE,
    environment_is_no_shell::RULE,
    exec_image::RULE,
    floating_image::RULE,
    incomplete_resource::RULE,
    legacy::RULE,
    long_step_name::RULE,
    mangled_setting::RULE,
    missing_image::RULE,
    missing_kind::RULE,
    missing_step_name::RULE,
    missing_volume_name::RULE,
    needs_trust::RULE,
    nested_secret::RULE,
    no_shell_image::RULE,
    null_item::RULE,
    privileged_plugin_spoiled::RULE,
    reserved_volume::RULE,
    secret_in_clear::RULE,
    secret_name::RULE,
    self_dependency::RULE,
    self_pipeline_dependency::RULE,
    server_sees_text::RULE,
    setting_name::RULE,
    settings_and_commands::RULE,
    shell_only_operator::RULE,
    status_too_early::RULE,
    substitution::RULE,
    unknown_pipeline_dependency::RULE,
    unknown_step_dependency::RULE,
    unsupported_platform::RULE,
    untrusted_text::RULE,
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
