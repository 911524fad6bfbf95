//! The volumes of a pipeline → volumes of the engine, and what a step mounts of them (§3).

use crate::engine::pipeline::{Mount, Volume};
use crate::run::Trouble;

/// A volume of the pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// Its name in the file.
    pub name: String,
    /// What it is.
    pub what: What,
}

/// What a volume is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// `temp`: a volume of the engine, with this name.
    Named(String),
    /// `temp` with `medium: memory`: each container gets one of its own, as with Drone.
    Memory,
    /// `host`: a path of this machine.
    Host(String),
}

/// The volumes of a pipeline that have a source; the others are nothing, silently, as with Drone. `prefix` is unique to
/// the pipeline.
pub(super) fn sources(volumes: &[Volume], prefix: &str) -> Vec<Source> {
    let all = volumes.iter().enumerate();
    all.filter_map(|(index, volume)| {
        let name = volume.name.as_ref().map(|it| it.value.clone())?;
        let memory =
            |it: &crate::engine::pipeline::Temp| it.medium.as_ref().is_some_and(|it| it.value == "memory");
        let what = match (&volume.temp, &volume.host) {
            (Some(temp), _) if memory(temp) => What::Memory,
            (Some(_), _) => What::Named(format!("{prefix}-v{index}")),
            (None, Some(host)) => What::Host(host.value.clone()),
            (None, None) => return None,
        };
        Some(Source { name, what })
    })
    .collect()
}

/// The arguments that mount a step's volumes.
///
/// # Errors
/// A path of this machine, and the build is not trusted.
pub(super) fn mounts(step: &[Mount], sources: &[Source], trusted: bool) -> Result<Vec<String>, Trouble> {
    let mut arguments = Vec::new();
    for (name, path) in named(step) {
        let Some(source) = sources.iter().find(|it| it.name == name) else { continue };
        arguments.push(match &source.what {
            What::Named(volume) => mount(&[("type", "volume"), ("source", volume), ("target", path)]),
            What::Memory => mount(&[("type", "tmpfs"), ("target", path), ("tmpfs-mode", "0700")]),
            What::Host(_) if !trusted => return Err(untrusted(&format!("the volume `{name}` of the host"))),
            What::Host(host) => format!("--volume={host}:{path}"),
        });
    }
    Ok(arguments)
}

/// The arguments that hand devices of this machine to a step.
///
/// # Errors
/// The build is not trusted.
pub(super) fn devices(step: &[Mount], sources: &[Source], trusted: bool) -> Result<Vec<String>, Trouble> {
    let mut arguments = Vec::new();
    for (name, path) in named(step) {
        if !trusted {
            return Err(untrusted("`devices`"));
        }
        let source = sources.iter().find(|it| it.name == name).map(|it| &it.what);
        if let Some(What::Host(host)) = source {
            arguments.push(format!("--device={host}:{path}"));
        }
    }
    Ok(arguments)
}

/// The argument `--mount`. Its value is a line of comma-separated values.
pub(super) fn mount(fields: &[(&str, &str)]) -> String {
    let field = |(key, value): &(&str, &str)| {
        let text = format!("{key}={value}");
        if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
    };
    let fields: Vec<String> = fields.iter().map(field).collect();
    format!("--mount={}", fields.join(","))
}

/// A step asks for what only a trusted repository gets.
pub(super) fn untrusted(what: &str) -> Trouble {
    Trouble::new(
        format!("{what} needs a trusted repository, and this build is not trusted"),
        "take it out of the step; or, if you know what the file does, run with `--trusted`",
    )
}

fn named(mounts: &[Mount]) -> impl Iterator<Item = (&str, &str)> {
    mounts.iter().filter_map(|it| Some((it.name.as_ref()?.value.as_str(), it.path.as_ref()?.value.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::pipeline;
    use crate::engine::source::SourceFile;

    const FILE: &str = "kind: pipeline\nname: p\nsteps:\n- name: s\n  image: i\n  volumes:\n  - {name: a, path: /a}\n  - {name: m, path: /m}\n  - {name: nobody, path: /x}\n  - {name: h, path: /h}\nvolumes:\n- {name: a, temp: {}}\n- {name: m, temp: {medium: memory}}\n- {name: nobody, temp: }\n- {name: h, host: {path: /srv}}\n";

    #[test]
    fn a_step_mounts_what_has_a_source_and_the_host_only_when_trusted() {
        let (manifest, _) = pipeline::read(&SourceFile::new(".drone.yml", FILE));
        let read = manifest.pipelines().next().unwrap();
        let sources = sources(&read.volumes, "p");
        let mounts = |trusted| mounts(&read.steps[0].volumes, &sources, trusted);
        let expected = [
            "--mount=type=volume,source=p-v0,target=/a",
            "--mount=type=tmpfs,target=/m,tmpfs-mode=0700",
            "--volume=/srv:/h",
        ];
        assert_eq!(mounts(true).unwrap(), expected);
        assert!(mounts(false).unwrap_err().message.contains("trusted"));
    }

    #[test]
    fn a_path_with_a_comma_stays_one_path() {
        assert_eq!(mount(&[("type", "bind"), ("source", "/a,b")]), "--mount=type=bind,\"source=/a,b\"");
    }
}
