//! Options that a runner takes only from repositories that an administrator has marked as trusted.

use crate::diagnostic::{Diagnostic, Program, Programs, Severity, Stage};
use crate::lint::rule::{Check, PipelinePage, Rule};
use crate::pipeline::{Step, Volume};
use crate::source::Span;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Error,
    page: include_str!("README.md"),
    check: Check::Pipeline(check),
};
const CODE: &str = "needs-trust";

fn check(page: &PipelinePage<'_>, found: &mut Vec<Diagnostic>) {
    for step in page.steps_and_services() {
        check_step(page, step, found);
    }
    for volume in &page.pipeline.volumes {
        check_volume(page, volume, found);
    }
}

fn check_step(page: &PipelinePage<'_>, step: &Step, found: &mut Vec<Diagnostic>) {
    let lint15 = Programs::one(Program::Lint15);
    let docker = Programs::NEW | lint15;
    let kubernetes = Programs::one(Program::Kubernetes);
    let name = step.name();
    let mut push = |option: &str, span: Option<Span>, who: Programs| {
        if let Some(span) = span {
            let message = match name {
                "" => format!("`{option}` needs a trusted repository"),
                _ => format!("`{option}` of `{name}` needs a trusted repository"),
            };
            found.push(problem(span, message, page.checkers.and(who)));
        }
    };
    let privileged = step.privileged.as_ref().filter(|it| it.value);
    push("privileged", privileged.map(|it| it.span), docker | kubernetes);
    push("devices", step.devices.first().map(|it| it.span), docker);
    push("dns", step.dns.first().map(|it| it.span), docker);
    push("dns_search", step.dns_search.first().map(|it| it.span), docker);
    push("extra_hosts", step.extra_hosts.first().map(|it| it.span), docker);
    let network = step.network_mode.as_ref().filter(|it| !it.value.is_empty());
    push("network_mode", network.map(|it| it.span), docker);
    let memory = step.shm_size.as_ref().filter(|it| it.value > 0);
    push("shm_size", memory.map(|it| it.span), Programs::NEW);
    let port = step.host_ports.iter().find(|it| it.value != 0);
    push("ports: host", port.map(|it| it.span), lint15);
}

fn check_volume(page: &PipelinePage<'_>, volume: &Volume, found: &mut Vec<Diagnostic>) {
    let name = volume.name.as_ref().map_or("", |it| &it.value);
    let kubernetes = Programs::one(Program::Kubernetes);
    let containers = Programs::NEW | Program::Lint15.into();
    let memory = volume.temp.as_ref().and_then(|it| it.medium.as_ref()).filter(|it| it.value == "memory");
    if let Some(medium) = memory {
        let message = format!("the volume `{name}` in memory needs a trusted repository");
        found.push(problem(medium.span, message, page.checkers.and(containers)));
    }
    if let Some(host) = &volume.host {
        let message =
            format!("the volume `{name}` is a folder of the host, which needs a trusted repository");
        let problem = problem(host.span, message, page.checkers.and(containers | kubernetes));
        found.push(problem.help(
            "write `temp: {}` in place of `host`, if the folder need not outlive the pipeline; else ask an administrator of the Drone server to mark the repository as trusted",
        ));
    }
    if let Some(claim) = volume.claim {
        let message = format!("the claim of volume `{name}` needs a trusted repository");
        found.push(problem(claim, message, page.checkers.and(kubernetes)));
    }
}

fn problem(span: Span, message: String, programs: Programs) -> Diagnostic {
    Diagnostic::error(CODE, span, message)
        .label("refused unless the repository is trusted")
        .why("with it a build could reach the machine it runs on, and every other build there")
        .help("do without it, or ask an administrator of the Drone server to mark the repository as trusted")
        .refused_untrusted(programs, Stage::Lint)
}
