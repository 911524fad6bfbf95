//! The grammar → a JSON Schema (draft 7) of one document of a `.drone.yml`, for editors.
//!
//! It refuses what no program of Drone reads, and nothing else: unknown keys are the linter's business, and nothing
//! (`image:` without a value) is accepted wherever Drone takes it.

use std::collections::BTreeMap;

use serde_json::{Map as Object, Value, json};

use crate::pipeline::grammar::{
    ACTIONS, CRON, EVENTS, KINDS, Key, Map, PIPELINE, REGISTRY, SECRET, SIGNATURE, STATUSES, Shape, TEMPLATE,
    TYPES, Types,
};

/// The schema. Editors apply it to each document of the file on its own.
#[must_use]
pub fn schema() -> Value {
    let mut definitions = Definitions::default();
    let mut cases = vec![case(json!({"kind": {"const": "pipeline"}}), pipelines(&mut definitions))];
    for (kind, map) in [
        ("secret", &SECRET),
        ("signature", &SIGNATURE),
        ("cron", &CRON),
        ("registry", &REGISTRY),
        ("template", &TEMPLATE),
    ] {
        let reference = definitions.map(map, Types::ALL, kind);
        cases.push(case(json!({"kind": {"const": kind}}), reference));
    }
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Drone pipeline file",
        "description": "One document of a .drone.yml: a pipeline, or something that pipelines need.",
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {
            "description": says(&PIPELINE, "kind"),
            "anyOf": [{"enum": KINDS}, {"type": "string"}],
        }},
        "allOf": cases,
        "definitions": definitions.done,
    })
}

fn says(map: &Map, key: &str) -> &'static str {
    map.key(key).map_or("", |it| it.says)
}

/// `if` these properties match, `then` that.
#[expect(clippy::needless_pass_by_value, reason = "both become parts of the answer")]
fn case(properties: Value, then: Value) -> Value {
    let keys: Vec<&String> = properties.as_object().map(|it| it.keys().collect()).unwrap_or_default();
    json!({"if": {"required": keys, "properties": properties}, "then": then})
}

/// A pipeline has the keys of its type; docker is what no type means.
fn pipelines(definitions: &mut Definitions) -> Value {
    let mut cases: Vec<Value> = Vec::new();
    for name in TYPES {
        let Some(types) = Types::named(name) else { continue };
        // `aws` is another name of `vm`.
        let first = TYPES.iter().find(|it| Types::named(it) == Some(types)).unwrap_or(name);
        let then = definitions.map(&PIPELINE, types, &format!("{first} pipeline"));
        cases.push(case(json!({"type": {"const": name}}), then));
    }
    let docker = definitions.map(&PIPELINE, Types::DOCKER, "docker pipeline");
    cases.push(json!({"if": {"not": {"required": ["type"]}}, "then": docker}));
    json!({
        "properties": {"type": {
            "description": says(&PIPELINE, "type"),
            "anyOf": [{"enum": TYPES}, {"type": ["string", "null"]}],
        }},
        "allOf": cases,
    })
}

/// The maps that were described, by name.
#[derive(Default)]
struct Definitions {
    done: BTreeMap<String, Value>,
}

impl Definitions {
    /// A reference to the description of a map for these types. What is the same for several types is there once.
    fn map(&mut self, map: &'static Map, types: Types, name: &str) -> Value {
        let name = name.replace(['`', ' '], "_").trim_matches('_').to_owned();
        let prefix = name.find('_').map_or(name.as_str(), |it| &name[..=it]);
        let mut properties = Object::new();
        for key in map.keys {
            properties.insert(key.name.to_owned(), self.key(key, types, prefix));
        }
        self.shared(&name, json!({"type": ["object", "null"], "properties": properties}))
    }

    /// A reference to this description, under its name or that of an equal one.
    fn shared(&mut self, name: &str, description: Value) -> Value {
        let equal = self.done.iter().find(|(_, it)| **it == description).map(|(name, _)| name.clone());
        let name = equal.unwrap_or_else(|| name.to_owned());
        let reference = json!({"$ref": format!("#/definitions/{name}")});
        self.done.insert(name, description);
        reference
    }

    fn key(&mut self, key: &Key, types: Types, prefix: &str) -> Value {
        let mut described = match key.shape {
            // A key that a type does not have may hold anything, but the server reads it for every type.
            _ if !key.types.meets(types) => json!({"deprecated": true}),
            Shape::Keys(map) => json!({"allOf": [self.map(map, types, &name(prefix, map))]}),
            Shape::TextOr(map) => json!({"anyOf": [text(), self.map(map, types, &name(prefix, map))]}),
            Shape::Each(map) => self.list(map, types, prefix, false),
            Shape::EachOrInteger(map) => self.list(map, types, prefix, true),
            Shape::Condition => {
                let name =
                    if matches!(key.name, "event" | "status" | "action") { key.name } else { "pattern" };
                json!({"allOf": [self.shared(&format!("condition_{name}"), condition(name))]})
            }
            other => value(other),
        };
        described["description"] = key.says.into();
        described
    }

    fn list(&mut self, map: &'static Map, types: Types, prefix: &str, number: bool) -> Value {
        let item = self.map(map, types, &name(prefix, map));
        let item = if number { json!({"anyOf": [{"type": "integer"}, item]}) } else { item };
        json!({"type": ["array", "null"], "items": item})
    }
}

/// The name of a map's description among those of a type.
fn name(prefix: &str, map: &Map) -> String {
    let noun = map.noun.trim_start_matches("a ").trim_start_matches("the ").replace('`', "");
    format!("{prefix}{noun}")
}

/// Drone takes any scalar for a text, in its own spelling.
fn text() -> Value {
    json!({"type": ["string", "number", "boolean", "null"]})
}

fn words(words: &[&str]) -> Value {
    json!({"anyOf": [{"enum": words}, text()]})
}

fn secret() -> Value {
    json!({
        "type": "object",
        "properties": {"from_secret": {"type": "string", "description": "The name of a secret."}},
    })
}

fn value(shape: Shape) -> Value {
    match shape {
        Shape::Text => text(),
        Shape::Words(known) => words(known),
        Shape::Boolean => json!({"anyOf": [
            {"type": ["boolean", "null"]},
            {"enum": ["yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "y", "Y", "n", "N"]},
        ]}),
        Shape::Integer | Shape::Number => json!({"type": ["number", "null"]}),
        Shape::Bytes => {
            json!({"anyOf": [{"type": ["number", "null"]}, {"type": "string", "pattern": "^[0-9]"}]})
        }
        Shape::Texts => json!({"type": ["array", "null"], "items": text()}),
        Shape::TextMap => json!({"type": ["object", "null"], "additionalProperties": text()}),
        Shape::TextOrSecret => json!({"anyOf": [text(), secret()]}),
        Shape::Variables => json!({
            "type": ["object", "null"],
            "additionalProperties": {"anyOf": [text(), secret()]},
        }),
        Shape::Settings => json!({
            "type": ["object", "null"],
            "additionalProperties": {"anyOf": [secret(), true]},
        }),
        _ => json!({}),
    }
}

/// A text, a list, or a map of two lists. Other shapes are read, and restrict nothing.
fn condition(key: &str) -> Value {
    let pattern = match key {
        "event" => words(EVENTS),
        "status" => words(STATUSES),
        "action" => words(ACTIONS),
        _ => text(),
    };
    let list = json!({"type": ["array", "null"], "items": pattern});
    json!({"anyOf": [
        pattern,
        list,
        {"type": "object", "properties": {
            "include": {"description": "One of these must match.", "anyOf": [list, true]},
            "exclude": {"description": "None of these may match.", "anyOf": [list, true]},
        }},
        true,
    ]})
}
