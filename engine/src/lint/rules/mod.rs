//! The catalogue: one folder a rule, and two lines here for each.

use crate::lint::rule::Rule;

mod duplicate_pipeline_name;
mod duplicate_step_name;
mod empty_pipeline;
mod exec_image;
mod failure_word;
mod foreign_platform;
mod incomplete_resource;
mod inert_key;
mod late_merge;
mod legacy;
mod long_line;
mod long_step_name;
mod missing_image;
mod missing_kind;
mod missing_step_name;
mod missing_volume_name;
mod needs_trust;
mod nothing_to_do;
mod null_item;
mod pull_word;
mod repeated_key;
mod reserved_volume;
mod restricted_workspace;
mod self_dependency;
mod self_pipeline_dependency;
mod separator_text;
mod service_exits;
mod substitution;
mod text_behind_end;
mod undefined_volume;
mod unknown_key;
mod unknown_kind;
mod unknown_pipeline_dependency;
mod unknown_step_dependency;
mod unknown_type;
mod unsupported_platform;
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

/// Every rule, by name.
pub const ALL: &[Rule] = &[
    duplicate_pipeline_name::RULE,
    duplicate_step_name::RULE,
    empty_pipeline::RULE,
    exec_image::RULE,
    failure_word::RULE,
    foreign_platform::RULE,
    incomplete_resource::RULE,
    inert_key::RULE,
    late_merge::RULE,
    legacy::RULE,
    long_line::RULE,
    long_step_name::RULE,
    missing_image::RULE,
    missing_kind::RULE,
    missing_step_name::RULE,
    missing_volume_name::RULE,
    needs_trust::RULE,
    nothing_to_do::RULE,
    null_item::RULE,
    pull_word::RULE,
    repeated_key::RULE,
    reserved_volume::RULE,
    restricted_workspace::RULE,
    self_dependency::RULE,
    self_pipeline_dependency::RULE,
    separator_text::RULE,
    service_exits::RULE,
    substitution::RULE,
    text_behind_end::RULE,
    undefined_volume::RULE,
    unknown_key::RULE,
    unknown_kind::RULE,
    unknown_pipeline_dependency::RULE,
    unknown_step_dependency::RULE,
    unknown_type::RULE,
    unsupported_platform::RULE,
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
