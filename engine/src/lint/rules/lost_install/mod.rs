//! A step that only installs, and a later step that needs what was installed: outside the workspace nothing survives.

use crate::diagnostic::Diagnostic;
use crate::lint::purpose::{Purpose, is_pip, is_python, purpose};
use crate::lint::rule::{Check, Rule};
use crate::lint::script::StepScript;
use crate::lint::written::{PipelineAdvice, StepAdvice};
use crate::shell::{Call, Seen, Simple, commands};
use crate::source::Span;

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Warning,
    page: include_str!("README.md"),
    check: Check::PipelineAdvice(check),
};

const CODE: &str = "lost-install";

/// So many later steps are looked at.
const NEAR: usize = 8;

fn check(advice: &PipelineAdvice<'_>, found: &mut Vec<Diagnostic>) {
    if !matches!(advice.pipeline.raw_type(), "" | "docker" | "kubernetes") {
        return;
    }
    let steps: Vec<&StepAdvice<'_>> = advice.steps().filter(|it| !it.step.commands().is_empty()).collect();
    for (at, step) in steps.iter().enumerate() {
        if !step.step.commands().iter().any(|it| it.value.contains("install") || it.value.contains("apk ")) {
            continue;
        }
        let Some(installs) = only_installs(step) else { continue };
        let later = &steps[at + 1..steps.len().min(at + 1 + NEAR)];
        let same =
            later.iter().filter(|it| it.step.image() == step.step.image() && it.step.volumes.is_empty());
        for user in same {
            if let Some(diagnostic) = installs.iter().find_map(|it| needed(step, it, user)) {
                found.push(diagnostic);
                break;
            }
        }
    }
}

/// A command that installs something outside the workspace.
struct Install<'s> {
    call: Call<'s>,
    span: Span,
    tool: Tool,
}

#[derive(Clone, Copy, PartialEq)]
enum Tool {
    /// `apt-get`, `apk` and the like.
    System,
    Pip,
    Npm,
    Gem,
    Cargo,
    Go,
    Bundle,
}

/// What a step installs, when it does nothing else and has no place of its own to keep it.
fn only_installs<'s>(step: &'s StepAdvice<'_>) -> Option<Vec<Install<'s>>> {
    if !step.step.volumes.is_empty() || step.step.environment.iter().any(|it| moves_installs(&it.0.value)) {
        return None;
    }
    let tree = step.script()?.tree()?;
    let seen = commands(tree);
    let idle = |it: &Seen<'_>| matches!(purpose(it.simple), Purpose::Install | Purpose::Prepare);
    let keeps = |it: &Seen<'_>| it.simple.assignments.iter().any(|it| moves_installs(&it.name));
    if !seen.iter().all(idle) || seen.iter().any(keeps) || seen.iter().any(|it| activates(it.simple)) {
        return None;
    }
    let installs: Vec<_> = seen.iter().filter_map(|it| install(it.simple)).collect();
    (!installs.is_empty()).then_some(installs)
}

fn moves_installs(name: &str) -> bool {
    matches!(
        name,
        "PIP_TARGET"
            | "PIP_PREFIX"
            | "PYTHONUSERBASE"
            | "PYTHONPATH"
            | "GOPATH"
            | "GOBIN"
            | "GEM_HOME"
            | "BUNDLE_PATH"
            | "CARGO_HOME"
            | "CARGO_INSTALL_ROOT"
            | "NPM_CONFIG_PREFIX"
            | "npm_config_prefix"
            | "VIRTUAL_ENV"
    )
}

fn activates(simple: &Simple) -> bool {
    matches!(simple.program(), Some("." | "source"))
}

fn install(simple: &Simple) -> Option<Install<'_>> {
    let mut call = simple.unwrapped();
    let program = call.program()?;
    let path = call.words[0].text().is_some_and(|it| it.contains('/') && !it.starts_with("/usr"));
    if is_python(program) && call.text(1) == Some("-m") && call.text(2).is_some_and(is_pip) {
        call = Call { words: &call.words[2..] };
    }
    let program = call.program()?;
    let sub = call.subcommand().unwrap_or_default();
    let tool = match program {
        "apt-get" | "apt" | "yum" | "dnf" | "microdnf" | "zypper" if sub == "install" => Tool::System,
        "apk" if sub == "add" => Tool::System,
        "npm" | "yarn" | "pnpm"
            if matches!(sub, "install" | "i" | "add")
                && (call.has_letter('g') || call.has_flag("--global")) =>
        {
            Tool::Npm
        }
        "gem" if sub == "install" => Tool::Gem,
        "cargo" if sub == "install" && !call.has_flag("--root") => Tool::Cargo,
        "go" if matches!(sub, "install" | "get") => Tool::Go,
        "bundle"
            if matches!(sub, "install" | "")
                && call.words.iter().all(|it| bundles_outside(it.beginning())) =>
        {
            Tool::Bundle
        }
        _ if is_pip(program) && sub == "install" && !path && pip_outside(call) => Tool::Pip,
        _ => return None,
    };
    Some(Install { call, span: simple.span, tool })
}

fn bundles_outside(word: &str) -> bool {
    !["--path", "--deployment", "--standalone"].iter().any(|it| word.starts_with(it))
}

fn pip_outside(call: Call<'_>) -> bool {
    !["-t", "--target", "--prefix", "--root", "--user", "-e", "--editable"].iter().any(|it| call.has_flag(it))
}

/// What a later step runs of what was installed, and does not install itself.
fn needed(from: &StepAdvice<'_>, install: &Install<'_>, user: &StepAdvice<'_>) -> Option<Diagnostic> {
    let script = user.script()?;
    let seen = commands(script.tree()?);
    let again = |it: &Seen<'_>| {
        self::install(it.simple).is_some_and(|it| it.tool == install.tool) || activates(it.simple)
    };
    if seen.iter().any(again) {
        return None;
    }
    let official = !from.step.image().contains('/');
    let user_of = seen.iter().find(|it| needs(it.simple, install, official))?;
    Some(of(from, install, script, user_of.simple, user))
}

fn of(
    from: &StepAdvice<'_>,
    install: &Install<'_>,
    script: &StepScript,
    simple: &Simple,
    user: &StepAdvice<'_>,
) -> Diagnostic {
    let program = program_of(simple).unwrap_or("it");
    let name = from.step.name();
    let first = simple.words.first().map_or(simple.span, |it| it.span);
    let place = from.script().map_or(install.span, |it| it.place(install.span));
    let (what, help) = match install.tool {
        Tool::Bundle => (
            format!("the gems for `{program}` are missing here: they are installed"),
            "set `BUNDLE_PATH: vendor/bundle` in both steps, or move the install command into this step",
        ),
        Tool::Pip => (
            format!("`{program}` is missing here: it is installed"),
            "move the install command into this step, or install into an environment of the workspace: `python -m venv venv`",
        ),
        _ => (
            format!("`{program}` is missing here: it is installed"),
            "move the install command into this step",
        ),
    };
    Diagnostic::warning(CODE, script.place(first), format!("{what} in the step `{name}` only"))
        .label(format!("not there in `{}`", user.step.image()))
        .also(place, "thrown away with the end of that step")
        .why("each step begins with a fresh copy of its image; only the files of the workspace are handed on")
        .help(help)
}

/// The program that a command runs: `pytest` of `python -m pytest`.
fn program_of(simple: &Simple) -> Option<&str> {
    let call = simple.unwrapped();
    let program = call.program()?;
    let module = is_python(program) && call.text(1) == Some("-m");
    if module { call.text(2) } else { Some(program) }
}

fn needs(simple: &Simple, install: &Install<'_>, official: bool) -> bool {
    let Some(program) = program_of(simple) else { return false };
    // A program of the workspace.
    if simple.unwrapped().words[0].text().is_some_and(|it| it.contains('/')) {
        return false;
    }
    let named = || {
        install
            .call
            .operands()
            .skip(1)
            .filter_map(|it| it.text())
            .any(|it| provides(install.tool, it, program))
    };
    match install.tool {
        Tool::Bundle => official && program == "bundle" && simple.unwrapped().text(1) == Some("exec"),
        Tool::Pip => named() || (official && from_file(install.call) && is_python_tool(program)),
        _ => named(),
    }
}

fn from_file(call: Call<'_>) -> bool {
    call.has_flag("-r")
        || call.has_flag("--requirement")
        || call.words.iter().any(|it| it.beginning().starts_with('.'))
}

/// Programs that come with no image of Python's own.
fn is_python_tool(program: &str) -> bool {
    matches!(
        program,
        "pytest"
            | "py.test"
            | "flake8"
            | "pylint"
            | "mypy"
            | "black"
            | "isort"
            | "ruff"
            | "coverage"
            | "nosetests"
            | "tox"
            | "nox"
            | "sphinx-build"
            | "mkdocs"
            | "twine"
            | "behave"
            | "bandit"
            | "django-admin"
            | "flask"
            | "alembic"
    )
}

/// True when a package brings a program of that name.
fn provides(tool: Tool, package: &str, program: &str) -> bool {
    let name = package.rsplit('/').next().unwrap_or(package);
    let name = name.split(['=', '<', '>', '@', '[', '~', ':']).next().unwrap_or(name);
    match (tool, name) {
        (Tool::Npm, "typescript") => program == "tsc",
        (Tool::Gem, "bundler") => program == "bundle",
        (Tool::System, "nodejs") => program == "node",
        (Tool::System, "openssh-client") => matches!(program, "ssh" | "scp"),
        _ => name == program,
    }
}
