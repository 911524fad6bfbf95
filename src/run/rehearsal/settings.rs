//! The variables of a step → the settings of its plugin, as the plugin reads them (§5.6), and which of their values
//! nobody may see.

use memchr::memmem;
use serde_json::{Map, Value};

use crate::engine::pipeline::{Parameter, Variable};
use crate::engine::plugin::{Plugin, Setting};
use crate::run::backend::Job;

/// Stands for a secret in what people read.
pub(super) const HIDDEN: &str = "******";

/// Shorter values would be found everywhere.
const SHORTEST_IN_FILES: usize = 8;

/// The settings of one step.
#[derive(Clone, Copy)]
pub(super) struct Settings<'a> {
    pub(super) plugin: &'static Plugin,
    pub(super) job: &'a Job,
}

impl<'a> Settings<'a> {
    /// The value of a setting, under any of its names; empty when it has none.
    pub(super) fn text(self, name: &str) -> &'a str {
        let names = self.plugin.setting(name).map(|it| it.names().collect::<Vec<_>>());
        let mut names = names.unwrap_or_default().into_iter().chain([name]);
        let value = names.find_map(|it| self.variable(&format!("PLUGIN_{}", it.to_ascii_uppercase())));
        value.or_else(|| self.needed(name)).unwrap_or_default()
    }

    /// The value, or what the plugin takes without one.
    pub(super) fn text_or(self, name: &str, usual: &'a str) -> &'a str {
        let text = self.text(name);
        if text.is_empty() { usual } else { text }
    }

    /// The items of a setting.
    pub(super) fn list(self, name: &str) -> Vec<&'a str> {
        self.text(name).split(',').map(str::trim).filter(|it| !it.is_empty()).collect()
    }

    /// True or false, as Go reads it; an error in words otherwise.
    pub(super) fn flag(self, name: &str) -> Result<bool, String> {
        match self.text(name) {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
            "" | "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
            _ => Err(format!("`{name}` is neither true nor false")),
        }
    }

    /// Names with values, which a plugin gets as JSON.
    pub(super) fn map(self, name: &str) -> Result<Vec<(String, String)>, String> {
        let text = self.text(name);
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let map: Map<String, Value> =
            serde_json::from_str(text).map_err(|_| format!("`{name}` holds no names with values"))?;
        let text = |it: Value| it.as_str().map_or_else(|| it.to_string(), str::to_owned);
        Ok(map.into_iter().map(|(key, value)| (key, text(value))).collect())
    }

    /// The first need of the plugin that is not met, in words.
    pub(super) fn unmet(self) -> Option<String> {
        let has_setting = |name: &str| !self.text(name).is_empty();
        let has_variable = |name: &str| self.variable(name).is_some();
        let need = self.plugin.needs.iter().find(|it| !it.is_met(has_setting, has_variable))?;
        let name = need.one_of.first()?;
        let others: Vec<String> = need.one_of.iter().skip(1).map(|it| format!("`{it}`")).collect();
        let others = if others.is_empty() { String::new() } else { format!(" (or {})", others.join(", ")) };
        Some(match self.secret_of(name) {
            Some(secret) => format!(
                "`{name}`{others} has no value: it comes from the secret `{secret}`, which is empty here"
            ),
            None => format!(
                "`{name}`{others} is missing in `settings`, and {} does not work without it",
                self.plugin.name
            ),
        })
    }

    /// What is written in `settings`, in order, for people.
    pub(super) fn shown(self) -> Vec<String> {
        let shown = |(key, value): &(crate::engine::pipeline::Text, Parameter)| {
            let name = key.value.as_str();
            match value {
                Parameter::Secret(_) => format!("{name} {HIDDEN}"),
                Parameter::Value(_) if self.plugin.is_secret(name) => format!("{name} {HIDDEN}"),
                Parameter::Value(value) => {
                    format!("{name} {}", cut(value.value.as_deref().unwrap_or("(nothing)")))
                }
            }
        };
        self.job.step.settings.iter().map(shown).collect()
    }

    /// The name of the secret that a setting takes its value from.
    fn secret_of(self, name: &str) -> Option<&'a str> {
        let setting = self.plugin.setting(name);
        let called = |key: &str| setting.map_or(key.eq_ignore_ascii_case(name), |it| it.is_called(key));
        self.job.step.settings.iter().find_map(|(key, value)| match value {
            Parameter::Secret(secret) if called(&key.value) => Some(secret.value.as_str()),
            _ => None,
        })
    }

    /// Some plugins also read variables of their own.
    fn needed(self, name: &str) -> Option<&'a str> {
        let need = self.plugin.needs.iter().find(|it| it.one_of.first() == Some(&name))?;
        let fits = |it: &&&str| need.one_of.len() == 1 || it.to_ascii_lowercase().ends_with(name);
        need.variables.iter().filter(fits).find_map(|it| self.variable(it))
    }

    fn variable(self, name: &str) -> Option<&'a str> {
        let found = self.job.environment.iter().find(|it| it.0 == name);
        found.map(|it| it.1.as_str()).filter(|it| !it.is_empty())
    }
}

/// A long value is cut, and all of it stays in one line.
fn cut(value: &str) -> String {
    let line: String = value.chars().map(|it| if it.is_control() { ' ' } else { it }).take(120).collect();
    if line.len() < value.len() { format!("{line}…") } else { line }
}

/// The values that nobody may see.
#[derive(Clone, Debug, Default)]
pub(super) struct Secrets {
    /// The longest first, so that no part of one stays.
    values: Vec<String>,
    /// Those that no file may hold.
    keys: Vec<String>,
}

impl Secrets {
    /// All that a step has.
    pub(super) fn of(settings: Settings<'_>) -> Self {
        let (plugin, job) = (settings.plugin, settings.job);
        let upper = |name: &str| format!("PLUGIN_{}", name.to_uppercase());
        let from_settings = job.step.settings.iter().filter(|it| matches!(it.1, Parameter::Secret(_)));
        let from_environment = job.step.environment.iter().filter(|it| matches!(it.1, Variable::Secret(_)));
        let keys: Vec<String> =
            plugin.settings().filter(|it| it.secret).flat_map(Setting::names).map(upper).collect();
        let needed = plugin.needs.iter().filter(|it| it.one_of.iter().any(|name| plugin.is_secret(name)));
        let mut names: Vec<String> = from_settings.map(|it| upper(&it.0.value)).collect();
        names.extend(from_environment.map(|it| it.0.value.clone()));
        let needed: Vec<String> = needed.flat_map(|it| it.variables).map(|it| (*it).to_owned()).collect();
        names.extend(needed.iter().cloned());
        names.extend(["DRONE_NETRC_PASSWORD".into(), "DRONE_NETRC_FILE".into(), "CI_NETRC_PASSWORD".into()]);
        names.extend(keys.iter().cloned());
        let keys = keys
            .iter()
            .chain(&needed)
            .map(|it| job.variable(it).to_owned())
            .filter(|it| it.len() >= SHORTEST_IN_FILES);
        Self { keys: keys.collect(), values: values(names.iter().map(|it| job.variable(it))) }
    }

    /// The text without them.
    pub(super) fn hide(&self, text: &str) -> String {
        self.replace(text, HIDDEN)
    }

    /// A name or path without them, that is still one.
    pub(super) fn hide_in_name(&self, name: &str) -> String {
        self.replace(name, "hidden")
    }

    /// A value without them.
    pub(super) fn hide_in_json(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.hide(&text)),
            Value::Array(items) => items.into_iter().map(|it| self.hide_in_json(it)).collect(),
            Value::Object(fields) => {
                let hidden =
                    fields.into_iter().map(|(key, value)| (self.hide(&key), self.hide_in_json(value)));
                Value::Object(hidden.collect())
            }
            other => other,
        }
    }

    /// True when bytes of a file hold a password, a token or a key.
    pub(super) fn are_in(&self, bytes: &[u8]) -> bool {
        self.keys.iter().any(|it| memmem::find(bytes, it.as_bytes()).is_some())
    }

    /// How many bytes the longest of them takes.
    pub(super) fn longest(&self) -> usize {
        self.keys.iter().map(String::len).max().unwrap_or(0)
    }

    fn replace(&self, text: &str, by: &str) -> String {
        self.values.iter().fold(text.to_owned(), |text, value| {
            if text.contains(value.as_str()) { text.replace(value.as_str(), by) } else { text }
        })
    }
}

/// Whole values and their single lines. As in a real build, one letter alone is no secret.
fn values<'a>(of: impl Iterator<Item = &'a str>) -> Vec<String> {
    let parts = of.flat_map(|it| std::iter::once(it).chain(it.lines())).map(str::trim);
    let mut values: Vec<String> = parts.filter(|it| it.len() > 1).map(str::to_owned).collect();
    values.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    values.dedup();
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(all: &[&str]) -> Secrets {
        Secrets { values: values(all.iter().copied()), keys: Vec::new() }
    }

    #[test]
    fn the_longest_secret_is_hidden_first() {
        assert_eq!(secrets(&["abc", "abcdef"]).hide("x abcdef abc"), "x ****** ******");
    }

    #[test]
    fn each_line_of_a_secret_is_hidden() {
        assert_eq!(secrets(&["BEGIN\nkey1\nEND"]).hide("a key1 b"), "a ****** b");
    }

    #[test]
    fn values_and_names_in_json_are_hidden() {
        let value = serde_json::json!({"s3cret": ["s3cret", 1, {"a": "xs3crety"}]});
        let text = secrets(&["s3cret"]).hide_in_json(value).to_string();
        assert_eq!(text, r#"{"******":["******",1,{"a":"x******y"}]}"#);
    }
}
