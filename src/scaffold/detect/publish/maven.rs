//! A library of Java that Maven hands to a repository, where `pom.xml` names one.

use crate::scaffold::detect::publish::{Answer, not_empty, nowhere, same_version, without_comments};
use crate::scaffold::detect::version::numbers;
use crate::scaffold::detect::{Advice, Line, Publish, Step, Variable};
use crate::scaffold::project::{Folder, line_of};

/// The oldest plugin for signatures that takes a key from a variable.
const SIGNS: [u32; 2] = [3, 2];

/// A place in `pom.xml` that says where to, and the server that a login is for.
struct Target {
    at: usize,
    server: String,
}

pub(crate) fn with_maven(folder: Folder<'_>, image: &str, program: &str) -> Answer {
    let text = without_comments(&folder.text("pom.xml").unwrap_or_else(|| "".into()));
    let Some(target) = target(&text) else {
        return nowhere("name the repository under `<distributionManagement>` in pom.xml");
    };
    let signature = text.find("maven-gpg-plugin");
    if signature.is_some_and(|at| !signs_from_variable(&text[at..])) {
        return Err(Advice::new(
            "what is published is signed, and this version of maven-gpg-plugin wants a key on the machine: nothing is published",
            "maven-gpg-plugin 3.2 or later takes the key from a secret; raise it, and `ciworkshop init --update` adds the steps",
        ));
    }
    let login = [
        Variable::secret("MAVEN_USERNAME", "maven_username"),
        Variable::secret("MAVEN_PASSWORD", "maven_password"),
    ];
    let key = [
        Variable::secret("MAVEN_GPG_KEY", "gpg_key"),
        Variable::secret("MAVEN_GPG_PASSPHRASE", "gpg_passphrase"),
    ];
    let signer = if signature.is_some() { " -Dgpg.signer=bc" } else { "" };
    let profile = [Some(target.at), signature].into_iter().flatten().find_map(|at| profile(&text, at));
    let profile = profile.map_or(String::new(), |it| format!(" -P {it}"));
    let version = format!("{program} -q -DforceStdout help:evaluate -Dexpression=project.version");
    let settings = format!(
        "printf '<settings><servers><server><id>{}</id><username>%s</username><password>%s</password></server></servers></settings>' \"$MAVEN_USERNAME\" \"$MAVEN_PASSWORD\" > /tmp/settings.xml",
        target.server
    );
    let commands = vec![
        not_empty(&login[1]),
        same_version(&version, "pom.xml", "a repository of releases"),
        Line::new(settings, "the login, outside of the shared folder"),
        Line::new(
            format!("{program} deploy -B -s /tmp/settings.xml{profile}{signer} -DskipTests"),
            "the tests are what this pipeline waits for",
        ),
    ];
    let mut secrets = vec![
        ("maven_username".into(), format!("the name of the login for the server `{}`", target.server)),
        ("maven_password".into(), "its password or token; uploads a release".to_owned()),
    ];
    if signature.is_some() {
        secrets.push(("gpg_key".into(), "the private key that signs a release, as text".into()));
        secrets.push(("gpg_passphrase".into(), "its passphrase, where it has one".into()));
    }
    let signing = key.into_iter().filter(|_| signature.is_some());
    let publish = Step {
        name: "publish".into(),
        why: "the only step that sees the login".into(),
        image: image.into(),
        environment: login.into_iter().chain(signing).collect(),
        commands,
        ..Step::default()
    };
    let place = folder.place("pom.xml", line_of(&text, target.at));
    Ok(Publish { why: format!("with Maven, because {place} says where to"), steps: vec![publish], secrets })
}

/// The repository for releases, or the plugin that uploads to Maven Central.
fn target(text: &str) -> Option<Target> {
    let central = text.find("central-publishing-maven-plugin").map(|at| Target {
        at,
        server: inside(&text[at..], "publishingServerId").unwrap_or("central").to_owned(),
    });
    let found = central.or_else(|| {
        let at = text.find("<distributionManagement>")?;
        let section = text[at..].split("</distributionManagement>").next()?;
        let repository = inside(section, "repository")?;
        Some(Target { at, server: inside(repository, "id")?.to_owned() })
    })?;
    is_plain(&found.server).then_some(found)
}

/// What stands in the first element of this name.
fn inside<'t>(text: &'t str, element: &str) -> Option<&'t str> {
    let rest = text.split_once(&format!("<{element}>"))?.1;
    Some(rest.split_once(&format!("</{element}>"))?.0.trim())
}

/// True when this plugin's version is known to take a key from a variable.
fn signs_from_variable(plugin: &str) -> bool {
    let own = plugin.split("</plugin>").next().unwrap_or_default();
    let version = inside(own, "version").and_then(numbers);
    version.is_some_and(|it| it.as_slice() >= SIGNS.as_slice())
}

/// The profile around a place: it must be asked for.
fn profile(text: &str, at: usize) -> Option<&str> {
    let (before, open) = (&text[..at], text[..at].rfind("<profile>")?);
    if before[open..].contains("</profile>") {
        return None;
    }
    let id = inside(&text[open..], "id")?;
    is_plain(id).then_some(id)
}

/// True for a name that means nothing special to a shell.
fn is_plain(name: &str) -> bool {
    name.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.'))
}

#[cfg(test)]
mod tests {
    use super::{profile, signs_from_variable, target};

    #[test]
    fn a_server_is_found_by_the_section_or_by_the_plugin() {
        let by_section =
            "<distributionManagement><repository><id>quay</id></repository></distributionManagement>";
        assert_eq!(target(by_section).map(|it| it.server).as_deref(), Some("quay"));
        let snapshots = by_section.replace("repository>", "snapshotRepository>");
        assert!(target(&snapshots).is_none());
        let plugin = "<artifactId>central-publishing-maven-plugin</artifactId>";
        assert_eq!(target(plugin).map(|it| it.server).as_deref(), Some("central"));
        assert!(target(&by_section.replace("quay", "q'; ls")).is_none());
    }

    #[test]
    fn a_profile_counts_only_around_the_place() {
        let text = "<profile><id>release</id>HERE</profile>";
        assert_eq!(profile(text, text.find("HERE").unwrap_or(0)), Some("release"));
        let text = "<profile><id>release</id></profile>HERE";
        assert_eq!(profile(text, text.find("HERE").unwrap_or(0)), None);
    }

    #[test]
    fn an_old_plugin_wants_a_key_on_the_machine() {
        assert!(signs_from_variable("maven-gpg-plugin</artifactId><version>3.2.7</version></plugin>"));
        assert!(!signs_from_variable("maven-gpg-plugin</artifactId><version>1.6</version></plugin>"));
        assert!(!signs_from_variable("maven-gpg-plugin</artifactId></plugin><version>9.0</version>"));
    }
}
