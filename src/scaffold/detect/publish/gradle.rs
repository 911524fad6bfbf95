//! A library or plugin that Gradle hands to a repository, where the build says which, and what its login is called.

use crate::scaffold::detect::publish::{Answer, not_empty, nowhere, same_version};
use crate::scaffold::detect::{Line, Publish, Step, Variable};
use crate::scaffold::project::Folder;

/// Variables with a login, each with its secret.
type Login = &'static [(&'static str, &'static str)];

/// A plugin of Gradle: its name, its task, and the variables that it reads.
const PLUGINS: [(&str, &str, Login); 2] = [
    (
        "com.gradle.plugin-publish",
        "publishPlugins",
        &[("GRADLE_PUBLISH_KEY", "gradle_publish_key"), ("GRADLE_PUBLISH_SECRET", "gradle_publish_secret")],
    ),
    (
        "com.vanniktech.maven.publish",
        "publishAndReleaseToMavenCentral",
        &[
            ("ORG_GRADLE_PROJECT_mavenCentralUsername", "maven_username"),
            ("ORG_GRADLE_PROJECT_mavenCentralPassword", "maven_password"),
            ("ORG_GRADLE_PROJECT_signingInMemoryKey", "gpg_key"),
            ("ORG_GRADLE_PROJECT_signingInMemoryKeyPassword", "gpg_passphrase"),
        ],
    ),
];

/// What a variable with a login has in its name.
const LOGIN: [&str; 7] = ["USER", "LOGIN", "PASS", "TOKEN", "KEY", "SECRET", "CREDENTIAL"];

pub(crate) fn with_gradle(folder: Folder<'_>, marker: &str, image: &str, program: &str) -> Answer {
    let text = folder.text(marker).unwrap_or_else(|| "".into());
    let text: String = text
        .lines()
        .map(|it| if it.trim_start().starts_with("//") { "\n".into() } else { format!("{it}\n") })
        .collect();
    let of_plugin = PLUGINS.iter().find(|it| text.contains(it.0)).map(|(plugin, task, login)| {
        let login = login.iter().map(|(name, secret)| Variable::secret(*name, *secret)).collect();
        (*plugin, *task, login)
    });
    let found = of_plugin.or_else(|| Some(("getenv", "publish", of_build(&text)?)));
    let Some((word, task, login)) = found else {
        return nowhere(&format!(
            "name a repository under `publishing` in {marker}, with a login from `System.getenv(\"NAME\")`"
        ));
    };
    let version = format!("{program} -q properties | sed -n 's/^version: //p'");
    let commands = login
        .iter()
        .filter(|it| it.secret != "gpg_passphrase")
        .map(not_empty)
        .enumerate()
        .map(|(at, it)| if at == 0 { it } else { Line::plain(it.command) })
        .chain([
            same_version(&version, marker, "a repository of releases"),
            Line::plain(format!("{program} {task} --no-daemon")),
        ])
        .collect();
    let secrets = login.iter().map(|it| (it.secret.clone(), purpose(&it.secret))).collect();
    let publish = Step {
        name: "publish".into(),
        why: "the only step that sees the login".into(),
        image: image.into(),
        environment: login,
        commands,
        ..Step::default()
    };
    Ok(Publish {
        why: format!("with Gradle, because {} says where to", folder.place_of(marker, word)),
        steps: vec![publish],
        secrets,
    })
}

/// The variables of the login that the build itself reads; `None` when it publishes nowhere, or reads others, too.
fn of_build(text: &str) -> Option<Vec<Variable>> {
    if !text.contains("maven-publish") {
        return None;
    }
    let section = text.split_once("publishing")?.1;
    let names = section.split("System.getenv(").skip(1).filter_map(|it| it.split(['"', '\'']).nth(1));
    let mut names: Vec<&str> = names.collect();
    names.dedup();
    let login = |it: &&str| {
        let plain = it.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
        plain && LOGIN.iter().any(|word| it.to_ascii_uppercase().contains(word))
    };
    let all = !names.is_empty() && names.iter().all(login);
    all.then(|| names.iter().map(|it| Variable::secret(*it, it.to_ascii_lowercase())).collect())
}

fn purpose(secret: &str) -> String {
    match secret {
        "gpg_key" => "the private key that signs a release, as text",
        "gpg_passphrase" => "its passphrase, where it has one",
        _ => "a part of the login for the repository; uploads a release",
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::of_build;

    #[test]
    fn a_login_is_what_the_build_reads_for_one() {
        let build = |inside: &str| {
            let text = format!("plugins {{ `maven-publish` }}\npublishing {{ {inside} }}");
            of_build(&text).map(|it| it.into_iter().map(|it| it.secret).collect::<Vec<_>>())
        };
        let login = "username = System.getenv(\"REPO_USER\")\npassword = System.getenv('REPO_TOKEN')";
        assert_eq!(build(login), Some(vec!["repo_user".to_owned(), "repo_token".to_owned()]));
        assert_eq!(build(""), None);
        assert_eq!(build("version = System.getenv(\"BUILD\")"), None);
        assert_eq!(of_build("publishing { System.getenv(\"TOKEN\") }"), None);
    }
}
