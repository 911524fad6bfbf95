//! Images that are given a secret: named by the digest that a list has for them, or not.

use super::{one_check, pipeline, report};

const A: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

fn happened(image: &str, keys: &str) -> String {
    let list = format!("# a list\npython:3.13-slim  {A}\n\nx.io:5000/pages:2 {B}\n");
    let yml = pipeline("", &format!("- {{name: s, image: '{image}', {keys}}}\n"));
    let found =
        report(&one_check("model: {digests: list.txt}"), &[(".drone.yml", &yml), ("list.txt", &list)]);
    found.findings.into_iter().map(|it| it.happened).collect()
}

#[test]
fn who_sees_a_secret_has_the_digest_of_the_list() {
    let secret = "environment: {KEY: {from_secret: key}}, commands: [a]";
    let setting = "settings: {key: {from_secret: key}}";
    for (image, keys) in [
        (format!("python:3.13-slim@{A}"), secret),
        (format!("python@{A}"), secret),
        (format!("docker.io/library/python:3.13-slim@{A}"), secret),
        (format!("x.io:5000/pages:2@{B}"), setting),
        (format!("x.io:5000/pages:latest@{B}"), setting),
        ("python".to_owned(), "environment: {KEY: text}, commands: [a]"),
    ] {
        assert_eq!(happened(&image, keys), "", "{image}");
    }
    for (image, keys, words) in [
        ("python:3.13-slim".to_owned(), secret, "`3.13-slim` is a tag of its image"),
        (format!("x.io:5000/pages:2 @{B}"), setting, "has a blank in it"),
        ("x.io:5000/pages".into(), setting, "means whatever is newest"),
        (format!("python:3.13-slim@{}", &A[..20]), secret, "is no digest"),
        (format!("python:3.13-slim@{}", A.to_uppercase()), secret, "is no digest"),
        (format!("python:3.13-slim@{B}"), secret, "is that of `x.io:5000/pages:2` in list.txt"),
        (format!("python:3.12@{A}"), secret, "is that of `python:3.13-slim` in list.txt"),
        (format!("python@{}", A.replace("aa", "cc")), secret, "not the one that list.txt has for `python`"),
        (format!("node@{}", A.replace("aa", "cc")), secret, "list.txt has no line for `node`"),
    ] {
        let told = happened(&image, keys);
        assert!(
            told.starts_with("The step `s` is given a secret.") && told.contains(words),
            "{image}: {told}"
        );
    }
}
