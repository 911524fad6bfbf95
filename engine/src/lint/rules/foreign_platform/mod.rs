//! An image for another processor than the one that the pipeline runs on.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::PipelineAdvice;
use crate::lint::rule::{Check, Rule};
use crate::pipeline::{ImageName, Text};

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};
const CODE: &str = "foreign-platform";

fn check(page: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let platform = &page.pipeline.platform;
    let written = |it: &Option<Text>, default: &'static str| {
        it.as_ref()
            .map(|it| it.value.clone())
            .filter(|it| !it.is_empty())
            .unwrap_or_else(|| default.to_owned())
    };
    let images = page.all.iter().filter_map(|it| it.step.image.as_ref());
    let mut images = images.filter_map(|it| Some((it, processor(&it.value)?))).peekable();
    if images.peek().is_none() || !page.pipeline.is_docker() || written(&platform.os, "linux") != "linux" {
        return;
    }
    let own = written(&platform.arch, "amd64");
    if imitates(page) {
        return;
    }
    // A runner may be chosen by its labels, whatever platform it believes to have.
    let labelled = |wanted: &str| page.pipeline.node.iter().any(|(_, label)| label.value.contains(wanted));
    for (image, wanted) in images.filter(|(_, wanted)| !runs(&own, wanted) && !labelled(wanted)) {
        let message = format!("the image `{}` is for {wanted}, and the pipeline runs on {own}", image.value);
        let problem = Diagnostic::warning(CODE, image.span, message)
            .label(format!("for {wanted}"))
            .why("its programs do not start there: `exec format error`, unless the machine imitates the other processor")
            .help(format!("write `platform: {{os: linux, arch: {wanted}}}` for the pipeline, or use an image for {own}"));
        found.push(match &platform.arch {
            Some(arch) => problem.also(arch.span, "the pipeline's processor"),
            None => problem,
        });
    }
}

/// True when a machine of the first kind runs programs for the second: most run those of their smaller relatives.
fn runs(own: &str, wanted: &str) -> bool {
    match own {
        "amd64" => matches!(wanted, "amd64" | "386"),
        "arm64" => matches!(wanted, "arm64" | "arm"),
        "arm" | "386" | "ppc64le" | "s390x" | "riscv64" => own == wanted,
        // The rule `unsupported-platform` speaks of the rest.
        _ => true,
    }
}

/// The processor that the image is for, by its owner or by the end of its tag.
fn processor(image: &str) -> Option<&'static str> {
    if image.contains('$') {
        return None;
    }
    let path = image.strip_prefix("docker.io/").unwrap_or(image);
    let owner = path.split_once('/').and_then(|(owner, _)| match owner {
        "amd64" => Some("amd64"),
        "arm32v5" | "arm32v6" | "arm32v7" => Some("arm"),
        "arm64v8" => Some("arm64"),
        "i386" => Some("386"),
        "ppc64le" => Some("ppc64le"),
        "riscv64" => Some("riscv64"),
        "s390x" => Some("s390x"),
        _ => None,
    });
    owner.or_else(|| match ImageName::of(path).tag?.rsplit('-').next()? {
        "amd64" | "x86_64" => Some("amd64"),
        "arm" | "armhf" | "armv6" | "armv7" | "arm32v6" | "arm32v7" => Some("arm"),
        "arm64" | "arm64v8" | "aarch64" => Some("arm64"),
        "ppc64le" => Some("ppc64le"),
        "s390x" => Some("s390x"),
        _ => None,
    })
}

/// True when a step makes the machine imitate other processors.
fn imitates(page: &PipelineAdvice<'_>) -> bool {
    let named = |it: &str| it.contains("qemu") || it.contains("binfmt");
    page.all.iter().any(|it| named(it.step.image()) || it.step.commands().iter().any(|it| named(&it.value)))
}
