//! A step → the plugin that it runs, when we know what that plugin reads; and what a wrong name was meant to be.

use crate::lint::similar::closest;
use crate::lint::written::StepAdvice;
use crate::pipeline::grammar::{STEP, Types};
use crate::pipeline::{Parameter, Spanned};
use crate::plugin::{Plugin, Setting, of_image};

/// The plugin of a step that leaves the image's own program in place: with `commands`, `command` or `entrypoint`,
/// nobody knows who reads the settings.
pub(super) fn plugin_of(page: &StepAdvice<'_>) -> Option<&'static Plugin> {
    let step = page.step;
    let replaced = !step.commands().is_empty() || !step.command.is_empty() || !step.entrypoint.is_empty();
    if replaced || !runs_images(page) {
        return None;
    }
    of_image(step.image())
}

/// True when the steps of the pipeline are containers: nobody else reads `image` and `settings`.
pub(super) fn runs_images(page: &StepAdvice<'_>) -> bool {
    Types::named(page.pipeline.raw_type()).is_some_and(|it| it.meets(Types::CONTAINERS))
}

/// What the plugin gets from a setting, when the file alone says it: no secret, no null, nothing that is replaced
/// before the plugin sees it.
pub(super) fn plain(value: &Parameter) -> Option<(&Spanned<Option<String>>, &str)> {
    let Parameter::Value(value) = value else { return None };
    let text = value.value.as_deref()?;
    (!text.contains('$')).then_some((value, text))
}

/// True when a map is written, which the plugin gets as JSON. A text that looks like JSON is a text.
pub(super) fn is_map(page: &StepAdvice<'_>, value: &Spanned<Option<String>>) -> bool {
    let text = value.value.as_deref().unwrap_or_default();
    if !text.starts_with('{') || page.file.slice(value.span).starts_with(['"', '\'']) {
        return false;
    }
    // A text of several lines begins below its `|` or `>`, which a digit, `+` or `-` may follow.
    let before = page.file.text.get(..value.span.start as usize).unwrap_or_default().trim_end();
    !before.ends_with(|it: char| matches!(it, '|' | '>' | '+' | '-') || it.is_ascii_digit())
}

/// True when a key of that name belongs at the step, beside `settings`.
pub(super) fn is_step_key(name: &str) -> bool {
    STEP.key(name).is_some_and(|it| it.types.meets(Types::CONTAINERS))
}

/// Names that other programs use for the same.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("aws_access_key_id", "access_key"),
    ("aws_region", "region"),
    ("aws_secret_access_key", "secret_key"),
    ("labels", "custom_labels"),
    ("pass", "password"),
    ("user", "username"),
    ("user_name", "username"),
];

/// The name that was probably meant by one that the plugin does not read.
pub(super) fn meant(plugin: &Plugin, name: &str) -> Option<&'static str> {
    if let Some(name) = plugin.respelled(name).and_then(|it| it.sounding_like(name)) {
        return Some(name);
    }
    let other = OTHER_NAMES.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1);
    if let Some(other) = other.filter(|it| plugin.setting(it).is_some()) {
        return Some(other);
    }
    closest(name, plugin.settings().flat_map(Setting::names))
}
