//! What only bash knows, in a step whose `/bin/sh` is another shell.

use crate::diagnostic::Diagnostic;
use crate::lint::edit::replace;
use crate::lint::rule::{Check, Rule};
use crate::lint::script::StepScript;
use crate::lint::sh::{Sh, reads_script_from_input, sh_of};
use crate::lint::written::StepAdvice;
use crate::shell::{Call, Only, Piece, Script, Seen, Visit, bashisms, commands, visit};
use crate::source::Span;

pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: crate::diagnostic::Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};

const CODE: &str = "bashism";

fn check(step: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    let shell = sh_of(step);
    if shell == Sh::Bash || !reads_script_from_input(step) || step.step.commands().is_empty() {
        return;
    }
    let Some(script) = step.script() else { return };
    let Some(tree) = script.tree() else { return };
    let mut said: Vec<&str> = Vec::new();
    for use_ in uses(script, tree) {
        let known = match shell {
            Sh::Ash => use_.form.ash,
            _ => false,
        };
        // Each form once a step: the same is to be done about all of them. A `${…}` that Drone takes for its own, and
        // cannot read, reaches no shell.
        let to_shell = !is_drones(step, script.place(use_.span));
        if known || said.contains(&use_.form.sign) || !to_shell {
            continue;
        }
        said.push(use_.form.sign);
        found.push(of(step, shell, script, &use_));
    }
}

/// True for a `${` that stands in the file without a second `$` before it.
fn is_drones(step: &StepAdvice<'_>, place: Span) -> bool {
    let before = step.file.text.get(..place.start as usize).unwrap_or_default();
    step.file.slice(place).starts_with("${") && !before.ends_with('$')
}

/// A form that dash does not know.
struct Form {
    /// What a message calls it.
    sign: &'static str,
    /// True when the shell of busybox knows it.
    ash: bool,
    /// What becomes of it in a plain shell.
    does: &'static str,
    /// What to write instead.
    instead: &'static str,
}

const fn form(sign: &'static str, ash: bool, does: &'static str, instead: &'static str) -> Form {
    Form { sign, ash, does, instead }
}

const NOT_FOUND: &str = "it looks for a program of that name, and the step fails";
const SYNTAX: &str = "it stops reading here with a syntax error";

/// The forms of the grammar. What each shell makes of them was tried with dash 0.5.12 and busybox 1.35.
fn of_grammar(kind: Only, text: &str) -> &'static Form {
    const TEST: Form =
        form("[[ … ]]", true, NOT_FOUND, "write `[ … ]`, with quotes around each `\"$VARIABLE\"`");
    const ARITHMETIC: Form =
        form("(( … ))", false, "it is read as two subshells", "write `[ \"$a\" -lt 3 ]` or `a=$((a + 1))`");
    const COUNTING: Form = form("for ((…))", false, SYNTAX, "write `for i in 1 2 3; do`, or a `while` loop");
    const SELECT: Form =
        form("select", false, SYNTAX, "nobody can choose in a build: take the value from a variable");
    const FUNCTION: Form = form("function", true, SYNTAX, "write `name() { …; }`");
    const HERE_STRING: Form = form("<<<", false, SYNTAX, "write `echo \"$TEXT\" | program`");
    const BOTH: Form = form(
        "&>",
        true,
        "the command runs in the background, and only a part of its output is redirected",
        "write `> file 2>&1`",
    );
    const BOTH_APPEND: Form = form(
        "&>>",
        false,
        "the command runs in the background, and its output is not redirected",
        "write `>> file 2>&1`",
    );
    const BOTH_PIPE: Form = form("|&", false, SYNTAX, "write `2>&1 |`");
    const PROCESS: Form = form("<( … )", true, SYNTAX, "write the output to a file first");
    const ESCAPED: Form =
        form("$'…'", true, "it keeps the `$` and the backslashes as they are", "write `$(printf '…')`");
    const BRACES: Form =
        form("{a,b}", false, "it keeps the braces as they are", "write the words one by one");
    const ARRAY: Form = form(
        "a=( … )",
        false,
        SYNTAX,
        "write the words into the loop, or set them with `set -- one two` and use `\"$@\"`",
    );
    const ELEMENT: Form = form("a[0]=", false, NOT_FOUND, "use a variable for each value");
    const APPEND: Form = form("+=", false, NOT_FOUND, "write `a=\"$a…\"`");
    const PARAMETER_ASH: Form =
        form("${a/b/c}", true, "it stops with `Bad substitution`", "use `sed`, `cut` or `tr`");
    const PARAMETER: Form =
        form("${a[0]}", false, "it stops with `bad substitution`", "use a plain variable, `sed` or `tr`");
    const PATTERN: Form = form("@(a|b)", false, SYNTAX, "write `a|b)` in the `case`");
    const FALLS: Form = form(";&", false, SYNTAX, "repeat the commands, or put them into a function");
    match kind {
        Only::DoubleBracket => &TEST,
        Only::Arithmetic => &ARITHMETIC,
        Only::CountingFor => &COUNTING,
        Only::Select => &SELECT,
        Only::Function => &FUNCTION,
        Only::HereString => &HERE_STRING,
        Only::BothOutputs if text.contains("&>>") => &BOTH_APPEND,
        Only::BothOutputs => &BOTH,
        Only::BothToPipe => &BOTH_PIPE,
        Only::Process => &PROCESS,
        Only::Escaped => &ESCAPED,
        Only::Braces => &BRACES,
        Only::Array => &ARRAY,
        Only::Element => &ELEMENT,
        Only::Append => &APPEND,
        Only::Parameter if ash_expands(text) => &PARAMETER_ASH,
        Only::Parameter => &PARAMETER,
        Only::Pattern => &PATTERN,
        Only::FallThrough => &FALLS,
    }
}

/// `${a/b/c}` and `${a:0:2}`; not `${a[0]}`, `${!a}`, `${a^^}`.
fn ash_expands(text: &str) -> bool {
    let inside = text.trim_start_matches("${");
    let name = inside.trim_start_matches(|it: char| it.is_ascii_alphanumeric() || it == '_');
    name.len() < inside.len() && name.starts_with(['/', ':'])
}

const SOURCE: Form =
    form("source", true, NOT_FOUND, "write `. ./file`: the dot means the same in every shell");
const EQUAL: Form =
    form("==", true, "`[` says that it does not know the operator, and the test is false", "write `=`");
const PIPEFAIL: Form = form(
    "pipefail",
    true,
    "it stops the step with `Illegal option`",
    "write the output to a file first, or use `bash -c 'set -o pipefail; …'`",
);
const ERR: Form = form("ERR", true, "it stops with `bad trap`", "use `trap … EXIT`");
const BUILTIN: Form =
    form("builtin", false, NOT_FOUND, "use the plain form: `cd` for `pushd`, `NAME=value` for `declare`");
const LET: Form = form("let", true, NOT_FOUND, "write `a=$((a + 1))`");
const RANDOM: Form =
    form("$RANDOM", true, "it is empty", "use `$DRONE_BUILD_NUMBER` for a number of its own for each build");

/// A place where a form is used.
struct Use {
    form: &'static Form,
    span: Span,
    /// What to put there.
    edit: Option<(Span, String)>,
}

fn uses(script: &StepScript, tree: &Script) -> Vec<Use> {
    let mut all: Vec<Use> = Vec::new();
    let seen = commands(tree);
    for it in bashisms(tree) {
        let text = script.text.get(it.span.range()).unwrap_or_default();
        if it.kind == Only::Braces && !expands_for_files(&seen, it.span) {
            continue;
        }
        let form = of_grammar(it.kind, text);
        let edit = edit_of(it.kind, it.span, text);
        all.push(Use { form, span: it.span, edit });
    }
    all.extend(seen.iter().filter_map(of_command));
    if script.text.contains("$RANDOM") {
        visit(tree, &mut |it, _| {
            let Visit::Word(word) = it else { return };
            let random = word.parts.iter().find(|it| it.piece == Piece::Variable("RANDOM".to_owned()));
            all.extend(random.map(|it| Use { form: &RANDOM, span: it.span, edit: None }));
        });
    }
    all.sort_by_key(|it| it.span);
    all
}

/// Braces that a plain shell leaves alone do harm where files or numbers are meant; many programs expand them on
/// their own.
fn expands_for_files(seen: &[Seen<'_>], span: Span) -> bool {
    // Commands are in the order of the text, so one of the last that begin before the place holds it.
    let before = seen.partition_point(|it| it.simple.span.start <= span.start);
    let holder = seen[..before].iter().rev().take(8).find(|it| span.end <= it.simple.span.end);
    let Some(Seen { simple, .. }) = holder else { return true };
    matches!(
        simple.unwrapped().program(),
        Some("mkdir" | "cp" | "mv" | "rm" | "touch" | "ls" | "cat" | "chmod" | "chown" | "tar" | "echo")
    )
}

fn edit_of(kind: Only, span: Span, text: &str) -> Option<(Span, String)> {
    let new = match kind {
        Only::BothToPipe => "2>&1 |".to_owned(),
        Only::BothOutputs => format!("{} 2>&1", text.strip_prefix('&')?),
        _ => return None,
    };
    Some((span, new))
}

fn of_command(seen: &Seen<'_>) -> Option<Use> {
    let call = seen.simple.unwrapped();
    let first = call.words.first()?;
    // `bash -c` and its like bring their own shell; only builtins of this one count.
    let plain = |form| Some(Use { form, span: first.span, edit: None });
    match first.text()? {
        "source" => Some(Use { form: &SOURCE, span: first.span, edit: dot(call) }),
        "[" | "test" => {
            let sign = call.arguments().iter().find(|it| it.text() == Some("==") && !it.quoted)?;
            Some(Use { form: &EQUAL, span: sign.span, edit: Some((sign.span, "=".to_owned())) })
        }
        "set" => {
            let word = call.arguments().iter().find(|it| it.text() == Some("pipefail"))?;
            Some(Use { form: &PIPEFAIL, span: word.span, edit: None })
        }
        "trap" => {
            let word = call.arguments().iter().skip(1).find(|it| it.text() == Some("ERR"))?;
            Some(Use { form: &ERR, span: word.span, edit: None })
        }
        "let" => plain(&LET),
        "pushd" | "popd" | "declare" | "typeset" | "shopt" | "mapfile" | "readarray" => plain(&BUILTIN),
        _ => None,
    }
}

/// `. ./file`: without a folder, the dot would search the `PATH`.
fn dot(call: Call<'_>) -> Option<(Span, String)> {
    let file = call.argument(1)?;
    let prefix = match file.text() {
        Some(it) if it.contains('/') => "",
        Some(_) if !file.quoted => "./",
        _ => return None,
    };
    let span = Span { start: call.words[0].span.start, end: file.span.start };
    Some((span, format!(". {prefix}")))
}

fn of(step: &StepAdvice<'_>, shell: Sh, script: &StepScript, use_: &Use) -> Diagnostic {
    let written = script.text.get(use_.span.range()).unwrap_or_default();
    let sign = match use_.form.sign {
        "builtin" => written,
        it => it,
    };
    let image = step.step.image();
    let place = script.place(use_.span);
    let diagnostic = match shell {
        Sh::Dash | Sh::Ash | Sh::Bash => {
            let message = format!("`{sign}` needs bash, and `/bin/sh` of `{image}` is {}", shell.name());
            Diagnostic::warning(CODE, place, message)
        }
        Sh::Unknown => {
            let message = format!("`{sign}` needs bash, and `/bin/sh` of `{image}` may be another shell");
            Diagnostic::hint(CODE, place, message)
        }
    };
    let diagnostic = diagnostic
        .label("only bash knows this")
        .why(format!(
            "Drone runs commands with `/bin/sh`, never with bash; where that is a plain shell, {}",
            use_.form.does
        ))
        .help(format!("{}; or put the commands in a script and run `bash ./script.sh`", use_.form.instead));
    match &use_.edit {
        Some((span, text)) if !script.is_replaced(*span) => {
            diagnostic.fix(replace(script.place(*span), text.as_str(), "write it as every shell knows it"))
        }
        _ => diagnostic,
    }
}
