//! What an engine says when it fails → its last words without the wrapping, and the next thing to try.

/// The sentence in which an engine says what is wrong: without its name, and without a full stop.
pub(super) fn last_words(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|it| !is_noise(it)).collect();
    let error = lines.iter().rev().find(|it| is_error(it)).or(lines.last());
    let mut words = error.copied().unwrap_or_default();
    for prefix in ["docker: ", "Error response from daemon: ", "Error: ", "ERROR: ", "error: "] {
        words = words.strip_prefix(prefix).unwrap_or(words);
    }
    words.trim_end_matches(['.', ' ']).to_owned()
}

/// True when the engine itself does not answer.
pub(super) fn is_gone(text: &str) -> bool {
    const GONE: [&str; 6] = [
        "cannot connect to the docker daemon",
        "is the docker daemon running",
        "error during connect",
        "cannot connect to podman",
        "unable to connect to podman",
        "failed to connect to the docker api",
    ];
    let text = text.to_lowercase();
    GONE.iter().any(|it| text.contains(it))
}

/// True when there is no container, image, network or volume of that name.
pub(super) fn is_missing(text: &str) -> bool {
    let text = text.to_lowercase();
    ["no such", "not found", "no container with", "image not known", "unable to find"]
        .iter()
        .any(|it| text.contains(it))
}

/// The next thing to try, for what an engine says.
pub(super) fn next_step(program: &str, text: &str) -> String {
    let text = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|it| text.contains(it));
    let step = match () {
        () if says(&["no space left on device", "disk quota exceeded"]) => {
            return format!("make room on the disk, such as with `{program} system prune`");
        }
        () if says(&["permission denied while trying to connect", "dial unix"])
            && says(&["permission denied"]) =>
        {
            "let your user speak to the engine, such as with `sudo usermod -aG docker $USER` and a new login; \
             or use `--backend bubblewrap`"
        }
        () if is_gone(&text) => {
            "start the engine, such as with `sudo systemctl start docker`; or use `--backend bubblewrap`"
        }
        () if says(&["toomanyrequests", "rate limit"]) => {
            return format!("wait a while, or log in with `{program} login`");
        }
        () if says(&["bind source path does not exist"]) => {
            "the engine may run on another machine, which cannot see the files of this one: choose an engine on this \
             machine, or use `--backend bubblewrap`"
        }
        () if says(&["address pool", "no free", "subnet"]) => {
            return format!("remove networks that nothing uses, with `{program} network prune`");
        }
        () if says(&["dial tcp", "no such host", "i/o timeout", "tls", "connection refused", "eof"]) => {
            "look whether this machine reaches the registry; `--offline` uses only images that are here already, and \
             `--backend bubblewrap` needs none"
        }
        () if says(&["denied", "unauthorized", "manifest", "not found", "no such image", "not known"]) => {
            return format!("check the name and the tag of the image; a private one needs `{program} login`");
        }
        () => return format!("look at what `{program} info` says about the engine, and try again"),
    };
    step.to_owned()
}

fn is_error(line: &str) -> bool {
    let lower = line.to_lowercase();
    lower.starts_with("docker: ") || lower.starts_with("error") || lower.starts_with("cannot connect")
}

fn is_noise(line: &str) -> bool {
    line.is_empty() || line.ends_with("--help' for more information") || line.starts_with("See 'docker")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_found_among_all_that_an_engine_says() {
        let docker = "docker: Error response from daemon: No such image: nope:1.\n\nRun 'docker run --help' for more information\n";
        assert_eq!(last_words(docker), "No such image: nope:1");
        assert_eq!(
            last_words("Trying to pull x...\nError: nope:1: image not known\n"),
            "nope:1: image not known"
        );
        assert_eq!(last_words("something else\n"), "something else");
        assert_eq!(last_words(""), "");
    }

    #[test]
    fn the_next_step_fits_what_is_wrong() {
        let rows = [
            (
                "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?",
                "start the engine",
            ),
            (
                "permission denied while trying to connect to the Docker daemon socket at unix:///x: dial unix",
                "your user",
            ),
            ("write /var/lib/docker/tmp/x: no space left on device", "make room"),
            (
                "Get \"https://r/v2/\": dial tcp: lookup r on 10.0.0.1:53: no such host",
                "reaches the registry",
            ),
            ("pull access denied for x, repository does not exist", "check the name"),
            ("toomanyrequests: You have reached your pull rate limit", "wait a while"),
            (
                "invalid mount config for type \"bind\": bind source path does not exist: /x",
                "another machine",
            ),
        ];
        for (says, step) in rows {
            assert!(next_step("docker", says).contains(step), "{says}: {}", next_step("docker", says));
        }
    }
}
