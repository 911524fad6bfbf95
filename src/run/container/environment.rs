//! Variables of a step → how the client gets them. Values are never arguments: those can be read by every user of the
//! machine. The client takes a value from its own environment, where lines and quotes survive; but a variable that would
//! lead the client itself astray goes through a file.

use crate::run::Trouble;

/// Variables on their way into a container.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Passed {
    /// For the client's environment, and by name for its arguments.
    pub by_name: Vec<(String, String)>,
    /// Lines of a file for `--env-file`; empty when there is no need for one.
    pub file: String,
}

/// The longest line that is read from such a file.
const LONGEST_LINE: usize = 60_000;

/// Sorts variables by how they travel.
///
/// # Errors
/// A value can travel in no way.
pub(super) fn pass(environment: &[(String, String)]) -> Result<Passed, Trouble> {
    let mut passed = Passed::default();
    for (name, value) in environment {
        if value.contains('\0') || name.contains('\0') {
            return Err(cannot(name, "it holds a zero byte"));
        }
        if !leads_the_client(name) {
            passed.by_name.push((name.clone(), value.clone()));
        } else if value.contains(['\n', '\r']) {
            return Err(cannot(
                name,
                "it holds several lines, and the client uses a variable of that name itself",
            ));
        } else if value.len() > LONGEST_LINE {
            return Err(cannot(name, "it is too long, and the client uses a variable of that name itself"));
        } else {
            for part in [name, "=", value, "\n"] {
                passed.file.push_str(part);
            }
        }
    }
    Ok(passed)
}

fn cannot(name: &str, why: &str) -> Trouble {
    Trouble::new(
        format!("the variable `{name}` cannot be handed to the container: {why}"),
        "give it another name, or write the value to a file in a command",
    )
}

/// True when `docker` or `podman` (or what they start, or the language they are written in) would read the variable.
fn leads_the_client(name: &str) -> bool {
    const NAMES: [&str; 27] = [
        "PATH",
        "HOME",
        "USERPROFILE",
        "TMPDIR",
        "TMP",
        "TEMP",
        "DOCKER_HOST",
        "DOCKER_CONTEXT",
        "DOCKER_CONFIG",
        "DOCKER_CERT_PATH",
        "DOCKER_TLS",
        "DOCKER_TLS_VERIFY",
        "DOCKER_API_VERSION",
        "DOCKER_DEFAULT_PLATFORM",
        "DOCKER_CONTENT_TRUST",
        "DOCKER_CONTENT_TRUST_SERVER",
        "DOCKER_CUSTOM_HEADERS",
        "DOCKER_CLI_HINTS",
        "CONTAINER_HOST",
        "CONTAINER_SSHKEY",
        "CONTAINER_CONNECTION",
        "REGISTRY_AUTH_FILE",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "SSH_AUTH_SOCK",
        "NOTIFY_SOCKET",
        "DBUS_SESSION_BUS_ADDRESS",
    ];
    const BEGINNINGS: [&str; 10] = [
        "LD_",
        "XDG_",
        "CONTAINERS_",
        "_CONTAINERS_",
        "PODMAN_",
        "STORAGE_",
        "OTEL_",
        "LISTEN_",
        "DYLD_",
        "DOCKER_CLI_",
    ];
    const LANGUAGE: [&str; 6] = ["GODEBUG", "GOGC", "GOMAXPROCS", "GOMEMLIMIT", "GOTRACEBACK", "GOCOVERDIR"];
    // A name with `=` in it would be cut there, as the line of a file is. One with `*` at its end asks podman for all
    // variables that begin so: those of the user are none of the step's business.
    NAMES.contains(&name)
        || LANGUAGE.contains(&name)
        || BEGINNINGS.iter().any(|it| name.starts_with(it))
        || name.to_lowercase().ends_with("_proxy")
        || name.contains('=')
        || name.ends_with('*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, value: &str) -> Result<Passed, Trouble> {
        pass(&[(name.to_owned(), value.to_owned())])
    }

    #[test]
    fn what_would_lead_the_client_astray_travels_in_a_file() {
        for name in [
            "PATH",
            "HOME",
            "DOCKER_HOST",
            "https_proxy",
            "HTTP_PROXY",
            "LD_PRELOAD",
            "GODEBUG",
            "*",
            "DRONE_*",
        ] {
            let passed = of(name, "a b=c").unwrap();
            assert_eq!((passed.by_name.len(), passed.file), (0, format!("{name}=a b=c\n")));
        }
        let passed = of("DRONE_COMMIT_MESSAGE", "one\ntwo 'three'").unwrap();
        assert_eq!((passed.by_name.len(), passed.file.as_str()), (1, ""));
    }

    #[test]
    fn what_cannot_travel_is_named() {
        for (name, value) in [("PATH", "a\nb"), ("X", "a\0b")] {
            let trouble = of(name, value).unwrap_err();
            assert!(trouble.message.contains(name), "{}", trouble.message);
        }
    }
}
