//! The project → the last line: its README shows a badge of the build.

use std::path::Path;

use crate::cli::checklist::Project;
use crate::cli::checklist::line::{BADGE, Line};

/// Names of a README, as forges look for them.
const NAMES: [&str; 6] = ["README.md", "README.rst", "README.markdown", "README.html", "readme.md", "README"];

pub(super) fn look(project: &Project) -> Line {
    let file = |name: &str| project.content.file(Path::new(name)).ok().flatten();
    let Some((name, bytes)) = NAMES.iter().find_map(|it| Some((*it, file(it)?))) else {
        return Line::no(BADGE, "There is no README that a build could see.", "write one, and commit it");
    };
    let readme = String::from_utf8_lossy(&bytes);
    if let Some(shown) = of_a_server(&readme) {
        return Line::yes(BADGE, format!("{name} shows {shown}."));
    }
    let picture = pictures(&readme).find(|it| file(it).is_some_and(|it| is_of_the_build(&it)));
    if let Some(picture) = picture {
        return Line::yes(
            BADGE,
            format!("{name} shows {picture}, which `ciworkshop badge build` has drawn."),
        );
    }
    Line::no(
        BADGE,
        format!("{name} shows no badge of the build."),
        "ciworkshop badge readme --server https://drone.example.com --write, with the address of your server; or \
         ciworkshop badge build --output build.svg for a picture that needs none",
    )
}

/// The badge of a Drone server, or of a service that asks one.
fn of_a_server(readme: &str) -> Option<&'static str> {
    if readme.contains("/api/badges/") && readme.contains("status.svg") {
        return Some("the badge of a Drone server");
    }
    readme.contains("shields.io/drone/build/").then_some("a badge of the build")
}

/// Paths of pictures beside the README.
fn pictures(readme: &str) -> impl Iterator<Item = &str> {
    let ends = |it: char| it.is_whitespace() || "()[]<>\"'`".contains(it);
    let words = readme.split(ends).map(|it| it.trim_start_matches("./"));
    words.filter(|it| Path::new(it).extension().is_some_and(|it| it == "svg") && !it.contains("://"))
}

/// True for a badge of ours whose label is `build`.
fn is_of_the_build(svg: &[u8]) -> bool {
    String::from_utf8_lossy(svg).contains("<title>build: ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn badges_of_servers_and_pictures_are_found() {
        assert!(of_a_server("![b](https://d.example.com/api/badges/o/r/status.svg?branch=main)").is_some());
        assert!(of_a_server("![b](https://img.shields.io/drone/build/o/r)").is_some());
        assert!(of_a_server("![licence](https://img.shields.io/badge/licence-MIT-blue)").is_none());
        let found: Vec<&str> =
            pictures("![a](./build.svg) <img src=\"docs/b.svg\"> https://x.example/c.svg").collect();
        assert_eq!(found, ["build.svg", "docs/b.svg"]);
        assert!(is_of_the_build(b"<svg><title>build: passing</title></svg>"));
    }
}
