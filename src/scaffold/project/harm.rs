//! A command of the project → why a pipeline should not call it, if there is a reason. The command is read with all that
//! it calls in turn: targets of make, scripts of `package.json`, shell scripts of the project. Nothing is run.

use crate::engine::shell::{Call, Piece, Simple, Word, commands, parse};
use crate::scaffold::project::make::{closure, first, targets};
use crate::scaffold::project::survey::Folder;

/// So many calls deep it is read.
const DEEPEST: usize = 6;

/// Programs that reach out of the machine, or change it.
const OUTSIDE: [&str; 37] = [
    "ansible",
    "ansible-playbook",
    "aws",
    "az",
    "cap",
    "crontab",
    "dd",
    "doctl",
    "eb",
    "fly",
    "flyctl",
    "gcloud",
    "gh",
    "gsutil",
    "helm",
    "heroku",
    "hub",
    "kubectl",
    "mail",
    "mkfs",
    "netlify",
    "pulumi",
    "reboot",
    "rsync",
    "s3cmd",
    "scp",
    "sendmail",
    "serverless",
    "sftp",
    "shutdown",
    "ssh",
    "sudo",
    "surge",
    "systemctl",
    "terraform",
    "twine",
    "vercel",
];

/// Words that tell a program to hand something out.
const HANDS_OUT: [&str; 7] =
    ["deploy", "publish", "push", "register", "release", "semantic-release", "upload"];

/// Why `command` should not be called in this folder. `None` when all of it was read and is harmless.
pub(crate) fn harm(folder: Folder<'_>, command: &str) -> Option<String> {
    of_text(folder, command, 0)
}

fn of_text(folder: Folder<'_>, text: &str, depth: usize) -> Option<String> {
    if depth > DEEPEST {
        return Some("it calls too much in turn to be read".into());
    }
    let Ok(script) = parse(text, true) else { return Some(format!("`{}` cannot be read", short(text))) };
    // A path of the project; `cd` in a subshell counts until that ends.
    let (mut here, mut outside) = (folder.root.to_owned(), None);
    for it in commands(&script) {
        match (it.context.subshell, outside.take()) {
            (true, None) => outside = Some(here.clone()),
            (true, before) => outside = before,
            (false, Some(before)) => here = before,
            (false, None) => {}
        }
        if it.simple.program() == Some("cd") {
            here = moved(folder, &here, it.simple);
        } else if let Some(reason) = of_command(folder.survey.folder(&here), it.simple, depth) {
            return Some(reason);
        }
    }
    None
}

/// The folder after `cd`. Where that is not known, nothing in it can be read, and so nothing is found harmless.
fn moved(folder: Folder<'_>, here: &str, cd: &Simple) -> String {
    let Some(target) = cd.argument(1).and_then(|it| it.text()) else { return ELSEWHERE.into() };
    // A second `(cd …)` in a row starts where the first one did.
    let starts = [here, folder.root].into_iter().filter_map(|it| join(it, target));
    let known = |it: &String| it.is_empty() || folder.survey.folder("").has_folder(it);
    let first = join(here, target);
    starts.into_iter().find(known).or(first).unwrap_or_else(|| ELSEWHERE.into())
}

/// No file is there.
const ELSEWHERE: &str = "\0";

/// A path below another one, with `..` worked out; `None` when it leaves the project.
fn join(here: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = here.split('/').filter(|it| !it.is_empty()).collect();
    for part in target.split('/').filter(|it| !it.is_empty() && *it != ".") {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    (!target.starts_with('/')).then(|| parts.join("/"))
}

fn of_command(folder: Folder<'_>, simple: &Simple, depth: usize) -> Option<String> {
    let first = simple.words.first()?;
    if simple.program() == Some("sudo") {
        return Some(format!("`{}` wants to be root", short(&simple.text)));
    }
    let call = simple.unwrapped();
    if let Some(rest) = by_manager(&simple.text) {
        return of_text(folder, &format!("npm {rest}"), depth + 1);
    }
    let Some(program) = call.program() else {
        // A program of the build itself, with an ending that only make knows.
        let own = first.beginning().starts_with("./") || first.beginning().starts_with("../");
        let named = !own && first.parts.iter().any(|it| matches!(it.piece, Piece::Variable(_)));
        return named.then(|| format!("what `{}` calls is known only when it runs", short(&simple.text)));
    };
    if call.words[0].text().is_some_and(|it| !it.contains('/')) {
        folder.survey.calls(program);
    }
    let shown = short(&simple.text);
    if OUTSIDE.contains(&program) && !(program == "dd" && to_a_file(call))
        || by_module(call)
        || program == "eval"
    {
        return Some(format!("`{shown}` reaches out of the build"));
    }
    if call.arguments().iter().filter_map(|it| it.text()).any(hands_out)
        && program != "echo"
        && program != "printf"
    {
        return Some(format!("`{shown}` hands something out"));
    }
    if matches!(program, "curl" | "wget" | "http") && sends(call) {
        return Some(format!("`{shown}` sends something"));
    }
    if program == "git"
        && matches!(call.subcommand(), Some("commit" | "tag" | "reset" | "clean" | "checkout"))
    {
        return Some(format!("`{shown}` changes the repository"));
    }
    if program == "docker" || program == "docker-compose" || program == "podman" {
        return Some(format!("`{shown}` needs a Docker daemon, which a step does not have"));
    }
    if program == "rm" && call.operands().any(|it| !may_be_deleted(call, it)) {
        return Some(format!("`{shown}` deletes what is only known when it runs"));
    }
    called(folder, call, depth)
}

/// What a script calls by the manager that runs it, whichever that is: `$npm_execpath run x`.
fn by_manager(text: &str) -> Option<&str> {
    ["${npm_execpath} ", "$npm_execpath "].iter().find_map(|it| text.strip_prefix(it))
}

/// True for a path in the project; for what only make names when it is no folder, as `rm -f $(OBJECTS)`.
fn may_be_deleted(call: Call<'_>, word: &Word) -> bool {
    if let Some(text) = word.text() {
        return !text.starts_with(['/', '~']) && !text.contains("..");
    }
    let beginning = word.beginning();
    let by_make = word.parts.iter().filter_map(|it| it.piece.variable()).all(|it| it.ends_with("_BY_MAKE"));
    by_make && !beginning.starts_with(['/', '~', '.']) && !call.has_letter('r') && !call.has_letter('R')
}

/// `dd` makes a file, and no disk.
fn to_a_file(call: Call<'_>) -> bool {
    let target = call.arguments().iter().find(|it| it.beginning().starts_with("of="));
    target.is_none_or(|it| it.beginning() != "of=" && !it.beginning().starts_with("of=/"))
}

/// Programs that call what the folder says.
const CALLERS: [&str; 11] =
    [".", "bash", "bun", "gmake", "just", "make", "npm", "pnpm", "sh", "source", "yarn"];

/// What the command calls in turn.
fn called(folder: Folder<'_>, call: Call<'_>, depth: usize) -> Option<String> {
    let program = call.program()?;
    if folder.root.contains(ELSEWHERE) && CALLERS.contains(&program) {
        return Some(format!("where it calls `{program}` is known only when it runs"));
    }
    match program {
        "make" | "gmake" => of_make(folder, call, depth),
        "just" => of_just(folder, call, depth),
        "npm" | "yarn" | "pnpm" | "bun" => of_script(folder, call, depth),
        "run-s" | "run-p" | "npm-run-all" | "npm-run-all2" => of_several(folder, call, depth),
        "sh" | "bash" if call.has_letter('c') => match call.operands().next().and_then(|it| it.text()) {
            Some(text) => of_text(folder, text, depth + 1),
            None => Some("it gives a shell what is only known when it runs".into()),
        },
        "sh" | "bash" | "." | "source" => match call.operands().next().and_then(|it| it.text()) {
            Some(path) => of_file(folder, path, depth),
            None => Some("it gives a shell what is only known when it runs".into()),
        },
        _ => match call.words[0].text().filter(|it| it.contains('/')) {
            Some(path) if is_script(folder, path) => of_file(folder, path, depth),
            _ => None,
        }
        .or_else(|| of_arguments(folder, call, depth)),
    }
}

/// Programs that run the files which they are given. Those of the project may do so, too.
const RUNNERS: [&str; 5] = ["bats", "dash", "ksh", "prove", "zsh"];

/// The tests that a program is given.
fn of_arguments(folder: Folder<'_>, call: Call<'_>, depth: usize) -> Option<String> {
    let own = call.words[0].text().is_some_and(|it| it.contains('/'));
    if depth > DEEPEST || !own && !RUNNERS.contains(&call.program()?) {
        return None;
    }
    call.operands().filter_map(|it| it.text()).find_map(|operand| {
        let path = join(folder.root, operand)?;
        let inside = folder.survey.folder(&path);
        let tests = inside.files().filter(|it| it.strip_suffix(".bats").is_some()).map(|it| inside.path(it));
        let file = operand.strip_suffix(".bats").is_some() || is_script(folder, operand);
        let all = file.then(|| path.clone()).into_iter().chain(tests.take(60));
        all.into_iter().find_map(|it| of_test(folder, &it, depth))
    })
}

/// A test makes and deletes what it likes in folders of its own; what it cannot have is Docker.
fn of_test(folder: Folder<'_>, path: &str, depth: usize) -> Option<String> {
    let text = folder.survey.loosely(path).filter(|it| !it.contains("docker()"))?;
    let plain = |line: &str| match line.trim_start() {
        it if it.starts_with("@test ") => "{".to_owned(),
        it => it.strip_prefix("run ").unwrap_or(it).to_owned(),
    };
    let script = parse(&text.lines().map(plain).collect::<Vec<_>>().join("\n"), true).ok()?;
    let mut reasons = commands(&script).into_iter().filter_map(|it| of_command(folder, it.simple, depth + 1));
    reasons.find(|it| it.contains("a Docker daemon")).map(|it| format!("in `{path}`, {it}"))
}

/// True for a script of the shell: by its ending, whether it is there or not, or by its first line.
fn is_script(folder: Folder<'_>, path: &str) -> bool {
    let shell = |line: &str| {
        let words = line.strip_prefix("#!").unwrap_or_default();
        words.split(['/', ' ']).any(|it| matches!(it, "sh" | "bash" | "dash" | "ksh"))
    };
    let head = || folder.survey.head(&join(folder.root, path)?);
    path.starts_with("./") && path.strip_suffix(".sh").is_some()
        || head().is_some_and(|it| it.lines().next().is_some_and(shell))
}

/// `make -C tests check`: the targets of the Makefile there.
fn of_make(folder: Folder<'_>, call: Call<'_>, depth: usize) -> Option<String> {
    let (mut place, mut file, mut asked) = (Some(folder.root.to_owned()), None, Vec::new());
    let mut words = call.arguments().iter();
    let mut number = false;
    while let Some(word) = words.next() {
        // `-j $(nproc)`
        let counted = std::mem::replace(&mut number, matches!(word.text(), Some("-j" | "-l")));
        let path = |it: &Word| it.text().and_then(|it| join(folder.root, it));
        match word.text() {
            Some("-C" | "--directory") => place = words.next().and_then(path),
            Some("-f" | "--file" | "--makefile") => file = words.next().and_then(|it| it.text()),
            Some(text) if text.starts_with("-C") => place = join(folder.root, &text[2..]),
            Some(text) if text.starts_with('-') || text.contains('=') || text.parse::<u32>().is_ok() => {}
            Some(text) => asked.push(text),
            None if counted || word.beginning().starts_with('-') || word.beginning().contains('=') => {}
            None => return Some("which target it makes is known only when it runs".into()),
        }
    }
    let Some(place) = place else { return everywhere(folder, file, &asked, depth) };
    let folder = folder.survey.folder(&place);
    match file {
        Some(file) => of_targets(folder, &join(folder.root, file)?, &asked, depth),
        // A folder of others, which is not looked at, or a file that the build makes.
        None => of_targets(folder, &folder.path(folder.first(&MAKEFILES)?), &asked, depth),
    }
}

/// In the order of make; the last two are what the others are made from.
const MAKEFILES: [&str; 5] = ["GNUmakefile", "makefile", "Makefile", "Makefile.am", "Makefile.in"];

/// The folder is known only when it runs: all that have a Makefile are read.
fn everywhere(folder: Folder<'_>, file: Option<&str>, asked: &[&str], depth: usize) -> Option<String> {
    let named = |it: &str| file.map_or_else(|| MAKEFILES.contains(&it), |file| it == file);
    let inside = folder.files().filter(|it| it.rsplit_once('/').is_some_and(|it| named(it.1)));
    inside.into_iter().find_map(|it| {
        let path = folder.path(it);
        let place = path.rsplit_once('/').map_or("", |it| it.0);
        of_targets(folder.survey.folder(place), &path, asked, depth)
    })
}

/// The targets of a file, a path of the project, called in a folder of it.
fn of_targets(folder: Folder<'_>, file: &str, asked: &[&str], depth: usize) -> Option<String> {
    let key = format!("{} {file} {}", folder.root, asked.join(" "));
    if let Some(known) = folder.survey.judged(&key) {
        return Some(known).filter(|it| !it.is_empty());
    }
    // What calls itself adds nothing.
    folder.survey.judge(&key, "");
    let reason = of_recipes(folder, file, asked, depth);
    folder.survey.judge(&key, reason.as_deref().unwrap_or_default());
    reason
}

fn of_recipes(folder: Folder<'_>, file: &str, asked: &[&str], depth: usize) -> Option<String> {
    let Some(text) = with_includes(folder, file, 0) else { return Some(format!("`{file}` cannot be read")) };
    let targets = targets(file, &text);
    let first = first(&targets).map(|it| it.name.as_str());
    let names: Vec<&str> = if asked.is_empty() { first.into_iter().collect() } else { asked.to_vec() };
    names.into_iter().find_map(|name| match closure(&targets, name) {
        Err(reason) => Some(reason),
        Ok(commands) => commands.iter().find_map(|it| of_text(folder, it, depth + 1)),
    })
}

/// The file with those that it includes, as far as they are the project's. Make looks for them where it was called.
fn with_includes(folder: Folder<'_>, file: &str, depth: usize) -> Option<String> {
    let text = folder.survey.loosely(file)?;
    let mut whole = String::new();
    for line in text.lines() {
        let optional = line.starts_with(['-', 's']);
        let named = line.trim_start_matches(['-', 's']).strip_prefix("include ").filter(|_| depth < DEEPEST);
        let Some(named) = named else {
            whole.extend([line, "\n"]);
            continue;
        };
        for name in named.split_whitespace() {
            let path = join(folder.root, name).filter(|it| folder.survey.has(it));
            let inner = path.and_then(|it| with_includes(folder, &it, depth + 1));
            match inner {
                Some(text) => whole.push_str(&text),
                // What a build makes is not in the clone, and nobody has to have it.
                None if optional => {}
                None => whole.extend(["include ", name, "\n"]),
            }
        }
    }
    Some(whole)
}

fn of_just(folder: Folder<'_>, call: Call<'_>, depth: usize) -> Option<String> {
    let asked: Vec<&str> =
        call.operands().filter_map(|it| it.text()).filter(|it| !it.contains('=')).collect();
    of_targets(folder, &folder.path(folder.first(&["justfile", "Justfile", ".justfile"])?), &asked, depth)
}

fn of_script(folder: Folder<'_>, call: Call<'_>, depth: usize) -> Option<String> {
    let words: Vec<&str> = call.operands().filter_map(|it| it.text()).collect();
    let name = match (call.program()?, words.as_slice()) {
        // Bun and npm have commands of their own; only these are scripts.
        ("npm", ["t" | "tst", ..]) => "test",
        (_, ["run" | "run-script", name, ..])
        | ("npm", [name @ ("test" | "start" | "stop" | "restart"), ..])
        | ("yarn" | "pnpm", [name, ..]) => *name,
        _ => return None,
    };
    let flags = ["--recursive", "--workspaces", "--filter", "--workspace"];
    let everywhere = call.has_letter('r') || flags.iter().any(|it| call.has_flag(it));
    if everywhere {
        let members = folder.files().filter_map(|it| it.strip_suffix("/package.json"));
        return members.into_iter().find_map(|it| {
            let path = folder.path(it);
            of_package(folder.survey.folder(&path), name, depth)
        });
    }
    of_package(folder, name, depth)
}

/// `run-s build test:*`: the scripts of these names.
fn of_several(folder: Folder<'_>, call: Call<'_>, depth: usize) -> Option<String> {
    let manifest = folder.value("package.json")?;
    let scripts = manifest.at(&["scripts"])?.entries();
    let patterns: Vec<&str> = call.operands().filter_map(|it| it.text()).collect();
    let meant = |name: &str| {
        patterns.iter().any(|it| match it.split_once('*') {
            Some((start, _)) => name.starts_with(start),
            None => name == *it,
        })
    };
    scripts.iter().filter(|it| meant(&it.0)).find_map(|it| of_package(folder, &it.0, depth + 1))
}

fn of_package(folder: Folder<'_>, name: &str, depth: usize) -> Option<String> {
    if depth > DEEPEST {
        return Some("it calls too much in turn to be read".into());
    }
    let manifest = folder.value_loosely("package.json")?;
    let around = [format!("pre{name}"), name.to_owned(), format!("post{name}")];
    around.iter().find_map(|it| of_text(folder, manifest.text_at(&["scripts", it])?, depth + 1))
}

fn of_file(folder: Folder<'_>, path: &str, depth: usize) -> Option<String> {
    let inside = join(folder.root, path);
    let path = path.trim_start_matches("./");
    match inside.and_then(|it| folder.survey.loosely(&it)) {
        Some(text) => of_text(folder, &text, depth + 1).map(|it| format!("in `{path}`, {it}")),
        None => Some(format!("`{path}` cannot be read")),
    }
}

/// `python -m twine`, `npx semantic-release`.
fn by_module(call: Call<'_>) -> bool {
    call.arguments().iter().filter_map(|it| it.text()).any(|it| matches!(it, "twine" | "semantic-release"))
}

/// A word such as `upload` or `upload:prod`, and not a path in which it appears.
fn hands_out(word: &str) -> bool {
    // How a compiler is asked for a fast program.
    if word == "--release" {
        return false;
    }
    let word = word.trim_start_matches('-');
    HANDS_OUT
        .iter()
        .any(|it| word.strip_prefix(it).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')))
}

fn sends(call: Call<'_>) -> bool {
    let flags =
        ["--data", "--data-binary", "--upload-file", "--form", "--post-data", "--post-file", "--request"];
    flags.iter().any(|it| call.has_flag(it)) || ['d', 'F', 'T', 'X'].into_iter().any(|it| call.has_letter(it))
}

fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
