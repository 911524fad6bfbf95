//! A package of JavaScript for JSR, where the settings of Deno name one.

use crate::scaffold::detect::publish::{Answer, not_empty, nowhere};
use crate::scaffold::detect::{Line, Publish, Step, Variable};
use crate::scaffold::project::{Folder, Value};

/// JSR takes a name with a scope, a version, and what is exported; and a licence.
pub(crate) fn to_jsr(folder: Folder<'_>, file: &str, manifest: &Value, image: &str) -> Answer {
    let name = manifest.text_at(&["name"]).filter(|it| it.starts_with('@') && it.contains('/'));
    let complete = ["version", "exports"].iter().all(|it| manifest.at(&[it]).is_some());
    let Some(name) = name.filter(|_| complete) else {
        return nowhere(&format!("for JSR, {file} needs `name` with a scope, `version` and `exports`"));
    };
    let licence =
        |it: &str| ["LICENSE", "LICENCE"].iter().any(|word| it.to_ascii_uppercase().starts_with(word));
    if manifest.at(&["license"]).is_none() && !folder.files().any(licence) {
        return nowhere(&format!("for JSR, {file} needs a `license`, or the folder a file LICENSE"));
    }
    let token = Variable::secret("JSR_TOKEN", "jsr_token");
    let check = format!(
        "grep -Eq \"\\\"version\\\": *\\\"$(echo \"$DRONE_TAG\" | sed 's/^v//')\\\"\" {file} || {{ echo \"The tag $DRONE_TAG is not the version in {file}.\"; exit 1; }}"
    );
    let commands = vec![
        not_empty(&token),
        Line::new(check, "JSR takes a version once and never again: it must be the one of the tag"),
        Line::plain("deno publish --token \"$JSR_TOKEN\""),
    ];
    let publish = Step {
        name: "publish".into(),
        why: "the only step that sees the token".into(),
        image: image.into(),
        environment: vec![token],
        commands,
        ..Step::default()
    };
    Ok(Publish {
        why: format!("to JSR, because {} makes the package `{name}`", folder.path(file)),
        steps: vec![publish],
        secrets: vec![("jsr_token".into(), "a token of JSR for this package; uploads a release".into())],
    })
}
