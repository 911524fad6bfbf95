//! The catalogue: one folder a rule, and two lines here for each.

use crate::lint::rule::Rule;

mod branch_and_tag;
mod condition_shape;
mod cron_document;
mod cron_everywhere;
mod dead_pattern;
mod duplicate_pipeline_name;
mod duplicate_step_name;
mod exec_image;
mod ignored_condition;
mod ignored_instance;
mod incomplete_resource;
mod legacy;
mod long_step_name;
mod missing_image;
mod missing_kind;
mod missing_step_name;
mod missing_volume_name;
mod needs_trust;
mod notice_runs_at_once;
mod notice_skipped_on_failure;
mod null_item;
mod parallel_surprise;
mod publish_on_pull_request;
mod pull_request_branch;
mod reserved_volume;
mod secret_in_pull_request;
mod self_dependency;
mod self_pipeline_dependency;
mod substitution;
mod unknown_event;
mod unknown_pipeline_dependency;
mod unknown_status;
mod unknown_step_dependency;
mod unreachable;
mod unsupported_platform;
mod untested_publish;
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
    branch_and_tag::RULE,
    condition_shape::RULE,
    cron_document::RULE,
    cron_everywhere::RULE,
    dead_pattern::RULE,
    duplicate_pipeline_name::RULE,
    duplicate_step_name::RULE,
    exec_image::RULE,
    ignored_condition::RULE,
    ignored_instance::RULE,
    incomplete_resource::RULE,
    legacy::RULE,
    long_step_name::RULE,
    missing_image::RULE,
    missing_kind::RULE,
    missing_step_name::RULE,
    missing_volume_name::RULE,
    needs_trust::RULE,
    notice_runs_at_once::RULE,
    notice_skipped_on_failure::RULE,
    null_item::RULE,
    parallel_surprise::RULE,
    publish_on_pull_request::RULE,
    pull_request_branch::RULE,
    reserved_volume::RULE,
    secret_in_pull_request::RULE,
    self_dependency::RULE,
    self_pipeline_dependency::RULE,
    substitution::RULE,
    unknown_event::RULE,
    unknown_pipeline_dependency::RULE,
    unknown_status::RULE,
    unknown_step_dependency::RULE,
    unreachable::RULE,
    unsupported_platform::RULE,
    untested_publish::RULE,
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
