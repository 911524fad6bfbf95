//! A step → the arguments of `docker run`. Pure, so that each can be looked at. No value of a variable is among them.

use crate::engine::pipeline::{ImageName, Step, Text, Variable};
use crate::engine::plan::SHELL;
use crate::run::Trouble;
use crate::run::backend::Job;
use crate::run::container::client::{Kind, Traits};
use crate::run::container::environment::Passed;
use crate::run::container::volumes::{self, Source, mount, untrusted};

/// How many processes and threads a step may have. No build that does its work comes near; a fork bomb ends here, and
/// the machine lives.
const PROCESSES: &str = "--pids-limit=4096";

/// What all containers of a pipeline share.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub kind: Kind,
    pub traits: Traits,
    /// Arguments that label a thing.
    pub labels: Vec<String>,
    /// The name of the network; unique to the pipeline, and what other names begin with.
    pub network: String,
    pub sources: Vec<Source>,
    /// The workspace on this machine, and in the container.
    pub workspace: String,
    pub base: String,
    pub offline: bool,
    /// True when something runs beside the steps, and they have to reach it.
    pub meets: bool,
    pub trusted: bool,
}

impl Place {
    /// Offline and with nobody to meet, a step needs no network at all, not even one that leads nowhere.
    pub(super) fn is_alone(&self) -> bool {
        self.offline && !self.meets
    }

    /// The name of a step's container.
    pub(super) fn container(&self, job: &Job) -> String {
        format!("{}-{}", self.network, job.place)
    }

    /// All arguments, from `run` to the last one of the container's program.
    ///
    /// # Errors
    /// The step asks for what this build may not have.
    pub(super) fn arguments(
        &self,
        job: &Job,
        passed: &Passed,
        file: Option<&str>,
    ) -> Result<Vec<String>, Trouble> {
        let step = &job.step;
        self.check(step)?;
        let mut all = vec!["run".to_owned(), format!("--name={}", self.container(job))];
        all.extend(self.labels.iter().cloned());
        // The image was seen to before. The output is ours alone: the engine need not keep a copy of it on the disk.
        all.extend(["--pull=never", "--log-driver=none"].map(str::to_owned));
        all.extend(self.network_of(job));
        all.push(mount(&[("type", "bind"), ("source", &self.workspace), ("target", &self.base)]));
        all.extend(volumes::mounts(&step.volumes, &self.sources, self.trusted)?);
        all.extend(volumes::devices(&step.devices, &self.sources, self.trusted)?);
        all.extend(self.limits(step));
        all.push(privileges(step));
        all.extend(job.folder.as_ref().map(|it| format!("--workdir={it}")));
        all.extend(text(step.user.as_ref()).map(|it| format!("--user={it}")));
        all.extend(file.map(|it| format!("--env-file={it}")));
        all.extend(passed.by_name.iter().map(|it| format!("--env={}", it.0)));
        all.extend(program(job));
        Ok(all)
    }

    /// What only a trusted repository gets; the linter of Drone refuses it too (§6.2).
    fn check(&self, step: &Step) -> Result<(), Trouble> {
        let mode = text(step.network_mode.as_ref());
        let asks = [
            ("`privileged`", step.privileged.as_ref().is_some_and(|it| it.value)),
            ("`dns`", !step.dns.is_empty()),
            ("`dns_search`", !step.dns_search.is_empty()),
            ("`extra_hosts`", !step.extra_hosts.is_empty()),
            ("`network_mode`", mode.is_some()),
            ("`shm_size`", number(step.shm_size.as_ref()).is_some()),
        ];
        if let Some((what, _)) = asks.iter().find(|it| it.1 && !self.trusted) {
            return Err(untrusted(what));
        }
        match mode {
            Some(mode) if self.offline && mode != "none" => Err(Trouble::new(
                format!("`network_mode: {mode}` leads out of the network that `--offline` shuts"),
                "run without `--offline`, or take `network_mode` out of the step",
            )),
            _ => Ok(()),
        }
    }

    fn network_of(&self, job: &Job) -> Vec<String> {
        let step = &job.step;
        if let Some(mode) = text(step.network_mode.as_ref()) {
            return vec![format!("--network={mode}")];
        }
        if self.is_alone() {
            return vec!["--network=none".to_owned()];
        }
        let mut all = vec![format!("--network={}", self.network), format!("--network-alias={}", job.name)];
        all.extend(step.dns.iter().map(|it| format!("--dns={}", it.value)));
        all.extend(step.dns_search.iter().map(|it| format!("--dns-search={}", it.value)));
        all.extend(step.extra_hosts.iter().map(|it| format!("--add-host={}", it.value)));
        // Docker may ask name servers for a container that reaches nobody itself. At this address is none, ever. Podman's
        // newer versions do not ask; with the older ones a name may be looked up, and nothing else gets out.
        if self.offline && step.dns.is_empty() && self.kind == Kind::Docker {
            let nobody = ["--dns=192.0.2.1", "--dns-option=timeout:1", "--dns-option=attempts:1"];
            all.extend(nobody.map(str::to_owned));
        }
        if self.kind == Kind::Podman {
            all.push("--http-proxy=false".to_owned());
        }
        all
    }

    fn limits(&self, step: &Step) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        if self.traits.limits {
            all.push(PROCESSES.to_owned());
        }
        let sizes =
            [("memory", &step.mem_limit), ("memory-swap", &step.memswap_limit), ("shm-size", &step.shm_size)];
        for (option, size) in sizes {
            all.extend(number(size.as_ref()).map(|it| format!("--{option}={it}")));
        }
        all
    }
}

fn privileges(step: &Step) -> String {
    if step.privileged.as_ref().is_some_and(|it| it.value) || is_privileged_plugin(step) {
        return "--privileged".to_owned();
    }
    // Where SELinux watches, a container would not be let into the workspace.
    "--security-opt=label=disable".to_owned()
}

/// The image and its program: what is written, or the shell that runs the script. Nothing behind `--` can be taken for
/// an option.
fn program(job: &Job) -> Vec<String> {
    let image = job.step.image().to_owned();
    if job.script.is_some() {
        let [shell, rest @ ..] = SHELL;
        let entrypoint = format!("--entrypoint={shell}");
        return [entrypoint, "--".to_owned(), image].into_iter().chain(rest.map(str::to_owned)).collect();
    }
    let words = |texts: &[Text]| texts.iter().map(|it| it.value.clone()).collect::<Vec<_>>();
    let mut all = Vec::new();
    let entrypoint = words(&job.step.entrypoint);
    all.extend(entrypoint.first().map(|it| format!("--entrypoint={it}")));
    all.extend(["--".to_owned(), image]);
    all.extend(entrypoint.into_iter().skip(1));
    all.extend(words(&job.step.command));
    all
}

/// Plugins that build images are privileged in every repository, as long as the step cannot be anything else (§5.6).
fn is_privileged_plugin(step: &Step) -> bool {
    const PLUGINS: [&str; 6] = ["docker", "acr", "ecr", "gcr", "gar", "heroku"];
    const TRICKS: [&str; 5] = ["XDG_RUNTIME_DIR", "DOCKER_OPTS", "DOCKER_HOST", "PATH", "HOME"];
    let path = ImageName::of(step.image()).path;
    let path = ["docker.io/", "index.docker.io/"].iter().find_map(|it| path.strip_prefix(it)).unwrap_or(path);
    let listed = path.strip_prefix("plugins/").is_some_and(|it| PLUGINS.contains(&it));
    let set = |name: &str, value: &Variable| {
        let value = match value {
            Variable::Value(text) | Variable::Secret(text) => text,
        };
        TRICKS.iter().any(|it| it.eq_ignore_ascii_case(name)) && !value.value.is_empty()
    };
    listed
        && step.commands().is_empty()
        && step.command.is_empty()
        && step.entrypoint.is_empty()
        && step.volumes.is_empty()
        && !step.environment.iter().any(|it| set(&it.0.value, &it.1))
}

fn text(text: Option<&Text>) -> Option<&str> {
    text.map(|it| it.value.as_str()).filter(|it| !it.is_empty())
}

fn number(number: Option<&crate::engine::pipeline::Spanned<i64>>) -> Option<i64> {
    number.map(|it| it.value).filter(|it| *it > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::pipeline;
    use crate::engine::plan::Role;
    use crate::engine::source::SourceFile;

    fn place(trusted: bool, offline: bool) -> Place {
        Place {
            kind: Kind::Docker,
            traits: Traits { limits: true, reachable: true, rootless: false },
            labels: vec!["--label=ciworkshop.run=r".into()],
            network: "ciworkshop-r-0".into(),
            sources: Vec::new(),
            workspace: "/tmp/w".into(),
            base: "/drone/src".into(),
            offline,
            meets: true,
            trusted,
        }
    }

    fn job(step: &str, script: Option<&str>) -> Job {
        let text = format!("kind: pipeline\nname: p\nsteps:\n- name: s\n{step}");
        let (manifest, _) = pipeline::read(&SourceFile::new(".drone.yml", text));
        Job {
            name: "s".into(),
            role: Role::Step,
            place: 1,
            step: manifest.pipelines().next().unwrap().steps[0].clone(),
            script: script.map(str::to_owned),
            environment: Vec::new(),
            folder: Some("/drone/src".into()),
        }
    }

    fn arguments(place: &Place, job: &Job) -> Vec<String> {
        place.arguments(job, &Passed::default(), None).unwrap()
    }

    fn has(arguments: &[String], argument: &str) -> bool {
        arguments.iter().any(|it| it == argument)
    }

    #[test]
    fn commands_replace_what_the_image_runs() {
        let job = job("  image: i:1\n  entrypoint: [a]\n  command: [b]\n", Some("echo"));
        let all = arguments(&place(false, false), &job);
        let expected = ["--entrypoint=/bin/sh", "--", "i:1", "-c", SHELL[2]];
        assert_eq!(all[all.len() - 5..], expected);
    }

    #[test]
    fn entrypoint_and_command_are_handed_over_as_written() {
        let job = job("  image: i\n  entrypoint: [a, b]\n  command: [c d]\n", None);
        let all = arguments(&place(false, false), &job);
        assert_eq!(all[all.len() - 5..], ["--entrypoint=a", "--", "i", "b", "c d"]);
    }

    #[test]
    fn what_needs_trust_is_refused_without_it_and_handed_over_with_it() {
        let rows = [
            ("  privileged: true\n", "--privileged"),
            ("  dns: [1.1.1.1]\n", "--dns=1.1.1.1"),
            ("  dns_search: [a.b]\n", "--dns-search=a.b"),
            ("  extra_hosts: ['a:1.2.3.4']\n", "--add-host=a:1.2.3.4"),
            ("  network_mode: host\n", "--network=host"),
            ("  shm_size: 1m\n", "--shm-size=1048576"),
        ];
        for (written, argument) in rows {
            let job = job(&format!("  image: i\n{written}"), None);
            assert!(place(false, false).arguments(&job, &Passed::default(), None).is_err(), "{written}");
            assert!(has(&arguments(&place(true, false), &job), argument), "{written}");
        }
    }

    #[test]
    fn offline_no_step_leaves_the_network_that_is_shut() {
        let job = job("  image: i\n  network_mode: host\n", None);
        assert!(place(true, true).arguments(&job, &Passed::default(), None).is_err());
    }

    #[test]
    fn offline_a_step_has_a_network_only_where_somebody_is_to_be_met() {
        let job = job("  image: i\n", None);
        for (offline, meets, none) in [(true, false, true), (true, true, false), (false, false, false)] {
            let all = arguments(&Place { meets, ..place(false, offline) }, &job);
            assert_eq!(has(&all, "--network=none"), none, "{all:?}");
            assert_eq!(has(&all, "--network=ciworkshop-r-0"), !none, "{all:?}");
        }
    }

    #[test]
    fn only_a_plugin_on_the_list_that_cannot_be_anything_else_is_privileged() {
        let rows = [
            ("  image: plugins/docker:20\n", true),
            ("  image: docker.io/plugins/ecr\n", true),
            ("  image: plugins/slack\n", false),
            ("  image: evil/docker\n", false),
            ("  image: plugins/docker\n  command: [sh]\n", false),
            ("  image: plugins/docker\n  volumes: [{name: a, path: /a}]\n", false),
            ("  image: plugins/docker\n  environment: {PATH: /x}\n", false),
        ];
        for (written, privileged) in rows {
            let all = arguments(&place(false, false), &job(written, None));
            assert_eq!(has(&all, "--privileged"), privileged, "{written}");
        }
    }
}
