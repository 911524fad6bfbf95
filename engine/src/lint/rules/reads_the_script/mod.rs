//! A command that reads standard input: in a container that is the rest of the step's own script.

use crate::diagnostic::Diagnostic;
use crate::lint::edit::insert;
use crate::lint::purpose::{called, is_python};
use crate::lint::rule::{Check, Rule};
use crate::lint::script::StepScript;
use crate::lint::sh::{Sh, reads_script_from_input, sh_of};
use crate::lint::written::StepAdvice;
use crate::shell::{Call, Redirect, Script, Simple, Visit, visit};
use crate::source::Span;

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};

const CODE: &str = "reads-the-script";

/// Words that no script with such a command lacks.
const PROGRAMS: &[&str] = &[
    "ssh", "docker", "podman", "kubectl", "ffmpeg", "read", "cat", "psql", "mysql", "mariadb", "sh",
    "python", "node", "su", "shell", "irb",
];

fn check(step: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let mentions = |it: &str| PROGRAMS.iter().any(|word| it.contains(word));
    if !reads_script_from_input(step) || !step.step.commands().iter().any(|it| mentions(&it.value)) {
        return;
    }
    let Some(script) = step.script() else { return };
    let Some(tree) = script.tree() else { return };
    // `exec < file` gives all that follows another input.
    let Some(last) = tree.lists.last().filter(|_| !script.text.contains("exec <")) else { return };
    for (simple, reads) in readers(tree) {
        if simple.span.end < last.span.start {
            found.push(of(step, script, simple, reads));
        }
    }
}

/// What a command does with its input.
#[derive(Clone, Copy, PartialEq)]
enum Reads {
    /// It takes what comes, and does its work without it as well.
    Along,
    /// It asks for an answer or for data.
    Data,
    /// It is a shell or an interpreter, and takes it for its own script.
    Script,
}

/// The commands that read what the shell reads.
fn readers(tree: &Script) -> Vec<(&Simple, Reads)> {
    let mut fed: Vec<Span> = Vec::new();
    let mut found = Vec::new();
    visit(tree, &mut |it, context| match it {
        Visit::Compound(compound) if feeds(&compound.redirects) || context.reads_from_pipe() => {
            fed.push(compound.span);
        }
        Visit::Simple(simple) => {
            let own = context.reads_from_pipe()
                || context.background
                || context.function.is_some()
                || feeds(&simple.redirects)
                || fed.last().is_some_and(|it| simple.span.start < it.end);
            if let Some(reads) = reads(simple).filter(|_| !own) {
                found.push((simple, reads));
            }
        }
        _ => {}
    });
    found
}

/// `< file`, `<<EOF`, `<&-`
fn feeds(redirects: &[Redirect]) -> bool {
    redirects.iter().any(|it| it.sign.starts_with('<') && it.number.is_none_or(|it| it == 0))
}

fn reads(simple: &Simple) -> Option<Reads> {
    let mut call = simple.unwrapped();
    if call.is("sshpass") {
        let at = call.words.iter().position(|it| it.text() == Some("ssh"))?;
        call = Call { words: &call.words[at..] };
    }
    let program = call.program()?;
    let alone = || call.operands().next().is_none();
    let sub = call.subcommand().unwrap_or_default();
    match program {
        "ssh" => ssh(call),
        "docker" | "podman" => docker(call, sub),
        "kubectl" if matches!(sub, "exec" | "run") => {
            (call.has_letter('i') || call.has_flag("--stdin")).then_some(Reads::Along)
        }
        "ffmpeg" => (!call.has_flag("-nostdin") && !call.has_flag("-version")).then_some(Reads::Along),
        "read" => (!call.has_letter('u')).then_some(Reads::Data),
        "cat" => (alone() && call.words.len() == 1).then_some(Reads::Data),
        "psql" => {
            quiet(call, "cfl", &["--command", "--file", "--list", "--version", "-V"]).then_some(Reads::Data)
        }
        "mysql" | "mariadb" => quiet(call, "e", &["--execute", "--version", "-V"]).then_some(Reads::Data),
        "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh" => shell(call).then_some(Reads::Script),
        "su" => quiet(call, "c", &["--command"]).then_some(Reads::Script),
        "poetry" | "pipenv" if sub == "shell" => Some(Reads::Script),
        "node" | "irb" => (call.words.len() == 1).then_some(Reads::Script),
        _ if is_python(program) => (call.words.len() == 1).then_some(Reads::Script),
        _ => None,
    }
}

/// True without any of these flags.
fn quiet(call: Call<'_>, letters: &str, flags: &[&str]) -> bool {
    !letters.chars().any(|it| call.has_letter(it)) && !flags.iter().any(|it| call.has_flag(it))
}

fn ssh(call: Call<'_>) -> Option<Reads> {
    // `-n` and `-f` take nothing, `-N`, `-O`, `-Q`, `-V` and `-G` run nothing.
    let operands = call.operands().count();
    (operands >= 1 && quiet(call, "nfNOQVG", &[])).then_some(Reads::Along)
}

fn docker(call: Call<'_>, sub: &str) -> Option<Reads> {
    let own = |it: &&str| matches!(*it, "run" | "exec");
    if sub == "login" && call.has_flag("--password-stdin") {
        return Some(Reads::Data);
    }
    let sub = Some(sub).filter(own)?;
    // Flags before the image or the container; what follows is for the program inside.
    let from = call.words.iter().position(|it| it.text() == Some(sub))?;
    let flags = call.words[from + 1..].iter().take_while(|it| it.beginning().starts_with('-'));
    let mut flags = flags.filter_map(|it| it.text());
    flags
        .any(|it| it == "--interactive" || (!it.starts_with("--") && it.contains('i')))
        .then_some(Reads::Along)
}

/// True for a shell without a script of its own.
fn shell(call: Call<'_>) -> bool {
    let mut words = call.arguments().iter();
    while let Some(word) = words.next() {
        let Some(text) = word.text() else { return false };
        match text {
            "-s" | "-" => return true,
            "-o" | "+o" => _ = words.next(),
            _ if text.starts_with("--") => return false,
            _ if text.starts_with('-') && text.contains('c') => return false,
            _ if text.starts_with('-') && text.contains('s') => return true,
            _ if text.starts_with(['-', '+']) => {}
            _ => return false,
        }
    }
    true
}

fn of(step: &StepAdvice<'_>, script: &StepScript, simple: &Simple, reads: Reads) -> Diagnostic {
    let command = called(simple);
    let program = simple.unwrapped().program().unwrap_or("it").to_owned();
    let place = script.place(simple.span);
    let ahead = sh_of(step) == Sh::Dash;
    let diagnostic = match reads {
        Reads::Along if ahead => Diagnostic::hint(
            CODE,
            place,
            format!("`{program}` may read the rest of this script as its input"),
        ),
        Reads::Along => Diagnostic::warning(
            CODE,
            place,
            format!("`{program}` reads the rest of this script as its input"),
        ),
        Reads::Data => Diagnostic::warning(
            CODE,
            place,
            format!("`{command}` waits for input, and gets the rest of this script or nothing"),
        ),
        Reads::Script => Diagnostic::warning(
            CODE,
            place,
            format!("`{command}` runs nothing of its own: it reads the rest of this script, or nothing"),
        ),
    };
    let why = match reads {
        Reads::Along if ahead => {
            "the script reaches the shell through standard input; dash reads 8 KB ahead, and what it has not read by then never runs"
        }
        Reads::Along => {
            "the script reaches the shell through standard input; lines that this command takes never run, and the step is green"
        }
        Reads::Data => {
            "the script reaches the shell through standard input, and nobody sits there to type an answer"
        }
        Reads::Script => {
            "whether the next lines run in it, or in the step's own shell, depends on how far that one has read ahead"
        }
    };
    let diagnostic = diagnostic.label("reads standard input").why(why);
    match (reads, program.as_str()) {
        (Reads::Along, "docker" | "podman" | "kubectl") => {
            diagnostic.help(format!("leave `-i` away, or write `{command} </dev/null`"))
        }
        (Reads::Along, "ffmpeg") => diagnostic.help("add `-nostdin`"),
        (Reads::Along, _) => diagnostic
            .help(format!("write `{program} -n …`, or add `</dev/null` behind the command"))
            .fix(insert(place.end, " </dev/null", "give it an empty input")),
        (Reads::Data, "docker") => diagnostic
            .help("pipe the password into it: `echo \"$PASSWORD\" | docker login --password-stdin …`"),
        (Reads::Data, _) => diagnostic
            .help("give it a file with `< file`, the text with `-c` or `-e`, or a value with `NAME=value`"),
        (Reads::Script, _) => {
            diagnostic.help(format!("name a script, `{program} build.sh`, or pass one: `{program} -c '…'`"))
        }
    }
}
