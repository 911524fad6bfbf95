//! How packages and sites are published: on a tag, with their version compared with it, in a step that alone sees the
//! secret. Only where the project's files say where to; else what could be added.
//!
//! Python, Node.js, Rust, Ruby and Go have their own, beside what they detect.

mod deno;
mod dotnet;
mod elixir;
mod gradle;
mod maven;
mod site;

pub(crate) use deno::to_jsr;
pub(crate) use dotnet::to_nuget;
pub(crate) use elixir::to_hex;
pub(crate) use gradle::with_gradle;
pub(crate) use maven::with_maven;
pub(crate) use site::{Site, to_pages};

use crate::scaffold::detect::{Advice, Component, Line, Publish, Variable};

/// How it is published, or what would have to stand where.
pub(crate) type Answer = Result<Publish, Advice>;

impl Component {
    /// The component with how it is published, or with what its owner could add.
    pub(crate) fn published(mut self, answer: Answer) -> Self {
        match answer {
            Ok(publish) => self.publish = Some(publish),
            Err(advice) => self.advice.push(advice),
        }
        self
    }
}

/// No step, because no file says where to.
fn nowhere(add: &str) -> Answer {
    let what = "no file says where this is published: it is tested, and nothing is published";
    Err(Advice::new(what, format!("{add}; `ciworkshop init --update` then adds the steps")))
}

/// Compares what a command says with the tag.
pub(crate) fn same_version(says: &str, file: &str, taker: &str) -> Line {
    let command = format!(
        "test \"$({says})\" = \"$(echo \"$DRONE_TAG\" | sed 's/^v//')\" || {{ echo \"The tag $DRONE_TAG is not the version in {file}.\"; exit 1; }}"
    );
    Line::new(command, format!("{taker} takes a version once and never again: it must be the one of the tag"))
}

/// Stops before anything is sent, when the server has no such secret.
pub(crate) fn not_empty(secret: &Variable) -> Line {
    let (name, secret) = (&secret.name, &secret.secret);
    let command =
        format!("test -n \"${name}\" || {{ echo \"The secret {secret} is empty in this build.\"; exit 1; }}");
    Line::new(command, "a secret that Drone does not find is empty, without an error")
}

/// A text of XML without its comments; every line stays where it is.
fn without_comments(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once("<!--") {
        let (comment, behind) = inside.split_once("-->").unwrap_or((inside, ""));
        kept.push_str(before);
        kept.extend(comment.chars().filter(|it| *it == '\n'));
        rest = behind;
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::without_comments;

    #[test]
    fn what_a_comment_holds_is_not_said_by_the_file() {
        assert_eq!(without_comments("a<!-- b\nc -->d\n<!-- e"), "a\nd\n");
        assert_eq!(without_comments("a"), "a");
    }
}
