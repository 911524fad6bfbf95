//! A command that asks a question before it does its work. Nobody is there to answer.

use crate::diagnostic::Diagnostic;
use crate::lint::edit::insert;
use crate::lint::purpose::is_pip;
use crate::lint::rule::{Check, Rule};
use crate::lint::script::StepScript;
use crate::lint::written::StepAdvice;
use crate::shell::{Call, Seen, commands};

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};

const CODE: &str = "asks-nobody";

const PROGRAMS: &[&str] = &[
    "apt",
    "yum",
    "dnf",
    "zypper",
    "pacman",
    "pip",
    "npm",
    "conda",
    "mamba",
    "add-apt",
    "ssh-keygen",
    "prune",
];

fn check(step: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let mentions = |it: &str| PROGRAMS.iter().any(|word| it.contains(word));
    if !step.step.commands().iter().any(|it| mentions(&it.value)) {
        return;
    }
    let Some(script) = step.script() else { return };
    let Some(tree) = script.tree() else { return };
    // A file of settings may answer.
    if script.text.contains("ssume-") || script.text.contains("assumeyes") {
        return;
    }
    for seen in commands(tree) {
        // There is no such program, so it asks nothing: the step is red for another reason.
        let missing = step.step.image().contains("alpine")
            && matches!(seen.simple.unwrapped().program(), Some("apt-get" | "apt"));
        let answered =
            missing || seen.context.reads_from_pipe() || seen.simple.redirects.iter().any(|it| it.input);
        if let Some(asks) = asks(seen.simple.unwrapped()).filter(|_| !answered) {
            found.push(of(script, &seen, &asks));
        }
    }
}

/// A question, and what answers it beforehand.
struct Asks {
    /// The flag to add.
    flag: &'static str,
    /// Behind this word.
    behind: usize,
    /// Asks only when more comes along than was named.
    perhaps: bool,
}

fn asks(call: Call<'_>) -> Option<Asks> {
    let program = call.program()?;
    let sub = call.subcommand().unwrap_or_default();
    let behind = call.words.iter().position(|it| it.text() == Some(sub)).unwrap_or(0);
    let without = |letters: &str, flags: &[&str]| {
        !letters.chars().any(|it| call.has_letter(it)) && !flags.iter().any(|it| call.has_flag(it))
    };
    // What only the shell knows may hold the flag.
    if call.words.iter().any(|it| it.parts.is_empty() || it.beginning().is_empty() && !it.quoted) {
        return None;
    }
    let asks = |flag| Some(Asks { flag, behind, perhaps: false });
    match program {
        "apt-get" | "apt"
            if matches!(
                sub,
                "install" | "upgrade" | "dist-upgrade" | "full-upgrade" | "remove" | "purge" | "autoremove"
            ) =>
        {
            let quiet = [
                "--yes",
                "--assume-yes",
                "--no",
                "-qq",
                "--simulate",
                "--dry-run",
                "--download-only",
                "--force-yes",
            ];
            let sure =
                !without("ysd", &quiet) || call.words.iter().any(|it| it.beginning().starts_with("-qq"));
            let named = call.operands().count() - 1;
            (!sure).then_some(Asks { flag: "-y", behind, perhaps: sub == "install" && named <= 1 })
        }
        "yum" | "dnf" | "microdnf"
            if matches!(
                sub,
                "install" | "update" | "upgrade" | "remove" | "groupinstall" | "localinstall"
            ) =>
        {
            if program == "microdnf" || !without("y", &["--assumeyes", "--assumeno"]) {
                None
            } else {
                asks("-y")
            }
        }
        "zypper" if matches!(sub, "install" | "in" | "update" | "up" | "remove") => {
            if without("ny", &["--non-interactive", "--no-confirm"]) { asks("-y") } else { None }
        }
        "pacman"
            if call.words.iter().any(|it| it.beginning().starts_with("-S"))
                && without("", &["--noconfirm"]) =>
        {
            Some(Asks { flag: "--noconfirm", behind: 1, perhaps: false })
        }
        "npm" | "yarn"
            if sub == "init" && call.operands().count() == 1 && without("y", &["--yes", "--force"]) =>
        {
            asks("-y")
        }
        "conda" | "mamba"
            if matches!(sub, "install" | "create" | "update" | "remove")
                && without("y", &["--yes", "--file"]) =>
        {
            asks("-y")
        }
        "add-apt-repository" if without("yn", &["--yes", "--no-update"]) => {
            Some(Asks { flag: "-y", behind: 0, perhaps: false })
        }
        "ssh-keygen" if without("NRFlyeHAqYKLiprbs", &[]) => {
            Some(Asks { flag: "-N '' -f key", behind: 0, perhaps: false })
        }
        "docker" | "podman"
            if call.operands().any(|it| it.text() == Some("prune")) && without("f", &["--force"]) =>
        {
            let at = call.words.iter().position(|it| it.text() == Some("prune"))?;
            Some(Asks { flag: "-f", behind: at, perhaps: false })
        }
        _ if is_pip(program) && sub == "uninstall" && without("y", &["--yes"]) => asks("-y"),
        _ => None,
    }
}

fn of(script: &StepScript, seen: &Seen<'_>, asks: &Asks) -> Diagnostic {
    let call = seen.simple.unwrapped();
    let program = call.program().unwrap_or_default();
    let last = call.words[asks.behind].span;
    let span = call.words[0].span.to(last);
    let command = script.text.get(span.range()).unwrap_or(program);
    let flag = asks.flag;
    let place = script.place(span);
    let why = "nobody sits before a build: the answer is no, or the next line of the script";
    let diagnostic = if asks.perhaps {
        let message =
            format!("`{command}` asks before it installs anything more than you name, and nobody answers");
        Diagnostic::hint(CODE, place, message)
    } else {
        Diagnostic::warning(CODE, place, format!("`{command}` asks whether to go on, and nobody answers"))
    };
    diagnostic
        .label(format!("without `{flag}` it asks"))
        .why(why)
        .help(format!("write `{command} {flag}`"))
        .fix(insert(place.end, format!(" {flag}"), format!("add `{flag}`")))
}
