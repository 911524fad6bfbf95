//! Images and messages → JSON: what would be pushed or said, since there is nothing to lay down. And a formula, which is a
//! text.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::run::shelf::packages::read;
use crate::run::shelf::{NotPlaced, OpenShelf, SafeName, SafePath, put};

/// Notes the tags of an image, and gives the place below the shelf's folder. A tag that is there points to the new
/// recipe then, as in a registry.
pub(crate) fn image(
    shelf: &OpenShelf<'_>,
    name: &SafePath,
    tags: &[String],
    recipe: &Value,
) -> Result<String, NotPlaced> {
    let path = name.below(&shelf.root().join("images")).join("tags.json");
    let mut known: BTreeMap<String, Value> = read(&path)?;
    known.insert("version".into(), json!(1));
    known.insert("name".into(), json!(name.to_string()));
    let listed = known.entry("tags".into()).or_insert_with(|| json!({}));
    if let Value::Object(listed) = listed {
        listed.extend(tags.iter().map(|tag| (tag.clone(), recipe.clone())));
    }
    put::json(&path, &known)?;
    Ok(format!("images/{name}/tags.json"))
}

/// Puts a formula into the tap, and gives its place below the shelf's folder. One that is there is replaced.
pub(crate) fn formula(shelf: &OpenShelf<'_>, name: &SafeName, text: &str) -> Result<String, NotPlaced> {
    put::file(&shelf.root().join("brew/Formula").join(name), text.as_bytes())?;
    Ok(format!("brew/Formula/{name}"))
}

/// Keeps a message, and gives its place below the shelf's folder.
pub(crate) fn message(shelf: &OpenShelf<'_>, plugin: &str, message: &Value) -> Result<String, NotPlaced> {
    let folder = shelf.root().join("messages");
    let used = std::fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok);
    let number =
        |it: std::fs::DirEntry| it.file_name().to_string_lossy().split('-').next()?.parse::<u64>().ok();
    let next = used.filter_map(number).max().unwrap_or(0) + 1;
    let name = format!("{next:04}-{plugin}.json");
    put::json(&folder.join(&name), message)?;
    Ok(format!("messages/{name}"))
}
