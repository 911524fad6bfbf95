//! A package for Hex, where `mix.exs` describes one.

use crate::scaffold::detect::publish::{Answer, not_empty, nowhere, same_version};
use crate::scaffold::detect::{Line, Publish, Step, Variable};
use crate::scaffold::project::Folder;

pub(crate) fn to_hex(folder: Folder<'_>, image: &str) -> Answer {
    let text = folder.text("mix.exs").unwrap_or_else(|| "".into());
    let says = |line: &str| !line.trim_start().starts_with('#') && line.contains("package:");
    let Some(described) = text.lines().position(says) else {
        return nowhere("for Hex, describe the package under `package:` in mix.exs");
    };
    let key = Variable::secret("HEX_API_KEY", "hex_key");
    // Documentation is made by a package of its own; without it only the code can be published.
    let what =
        if text.contains(":ex_doc") { "mix hex.publish --yes" } else { "mix hex.publish package --yes" };
    let version = "mix run --no-start -e 'IO.puts(Mix.Project.config()[:version])' | tail -n 1";
    let publish = Step {
        name: "publish".into(),
        why: "the only step that sees the key".into(),
        image: image.into(),
        environment: vec![key.clone()],
        commands: vec![
            not_empty(&key),
            Line::plain("mix local.hex --force && mix local.rebar --force"),
            Line::plain("mix deps.get"),
            same_version(version, "mix.exs", "Hex"),
            Line::plain(what),
        ],
        ..Step::default()
    };
    Ok(Publish {
        why: format!("to Hex, because {} describes a package", folder.place("mix.exs", described + 1)),
        steps: vec![publish],
        secrets: vec![("hex_key".into(), "a key of Hex that may publish this package".into())],
    })
}
