//! The catalogue: one folder a rule, and two lines here for each.

use crate::lint::rule::Rule;

mod duplicate_pipeline_name;
mod duplicate_step_name;
mod exec_image;
mod incomplete_resource;
mod legacy;
mod literal_secret;
mod long_step_name;
mod missing_image;
mod missing_kind;
mod missing_setting;
mod missing_step_name;
mod missing_volume_name;
mod needs_trust;
mod null_item;
mod replaced_setting;
mod reserved_volume;
mod self_dependency;
mod self_pipeline_dependency;
mod setting_type;
mod substitution;
mod tags_only_plugin;
mod unknown_pipeline_dependency;
mod unknown_setting;
mod unknown_step_dependency;
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
    duplicate_pipeline_name::RULE,
    duplicate_step_name::RULE,
    exec_image::RULE,
    incomplete_resource::RULE,
    legacy::RULE,
    literal_secret::RULE,
    long_step_name::RULE,
    missing_image::RULE,
    missing_kind::RULE,
    missing_setting::RULE,
    missing_step_name::RULE,
    missing_volume_name::RULE,
    needs_trust::RULE,
    null_item::RULE,
    replaced_setting::RULE,
    reserved_volume::RULE,
    self_dependency::RULE,
    self_pipeline_dependency::RULE,
    setting_type::RULE,
    substitution::RULE,
    tags_only_plugin::RULE,
    unknown_pipeline_dependency::RULE,
    unknown_setting::RULE,
    unknown_step_dependency::RULE,
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
