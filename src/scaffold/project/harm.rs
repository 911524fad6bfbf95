//! A command of the project → why a pipeline should not call it, if there is a reason. The command is read with all that
//! it calls in turn: targets of make, scripts of `package.json`, shell scripts of the project. Nothing is run.

use crate::engine::shell::{Call, Piece, Simple, commands, parse};
use crate::scaffold::project::make::{closure, targets};
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
    commands(&script).iter().find_map(|it| of_command(folder, it.simple, depth))
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
        let named = first.parts.iter().any(|it| matches!(it.piece, Piece::Variable(_)));
        return named.then(|| format!("what `{}` calls is known only when it runs", short(&simple.text)));
    };
    let shown = short(&simple.text);
    if OUTSIDE.contains(&program) || by_module(call) || program == "eval" {
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
    if program == "rm"
        && call
            .operands()
            .any(|it| it.text().is_none_or(|it| it.starts_with(['/', '~']) || it.contains("..")))
    {
        return Some(format!("`{shown}` deletes what is only known when it runs"));
    }
    called(folder, call, depth)
}

/// What a script calls by the manager that runs it, whichever that is: `$npm_execpath run x`.
fn by_manager(text: &str) -> Option<&str> {
    ["${npm_execpath} ", "$npm_execpath "].iter().find_map(|it| text.strip_prefix(it))
}

/// What the command calls in turn.
fn called(folder: Folder<'_>, call: Call<'_>, depth: usize) -> Option<String> {
    let program = call.program()?;
    match program {
        "make" | "gmake" => of_target(folder, call, &["Makefile", "makefile", "GNUmakefile"], depth),
        "just" => of_target(folder, call, &["justfile", "Justfile", ".justfile"], depth),
        "npm" | "yarn" | "pnpm" | "bun" => of_script(folder, call, depth),
        "run-s" | "run-p" | "npm-run-all" | "npm-run-all2" => of_several(folder, call, depth),
        "sh" | "bash" | "." | "source" => match call.operands().next().and_then(|it| it.text()) {
            Some(path) => of_file(folder, path, depth),
            None => Some("it gives a shell what is only known when it runs".into()),
        },
        _ if call.words[0]
            .text()
            .is_some_and(|it| it.starts_with("./") && it.strip_suffix(".sh").is_some()) =>
        {
            of_file(folder, call.words[0].text()?, depth)
        }
        _ => None,
    }
}

fn of_target(folder: Folder<'_>, call: Call<'_>, names: &[&str], depth: usize) -> Option<String> {
    let text = folder.first(names).and_then(|it| folder.text(it))?;
    let targets = targets(&text);
    let asked: Vec<&str> =
        call.operands().filter_map(|it| it.text()).filter(|it| !it.contains('=')).collect();
    let first = targets.first().map(|it| it.name.as_str());
    let names = if asked.is_empty() { first.into_iter().collect() } else { asked };
    names.into_iter().find_map(|name| match closure(&targets, name) {
        Err(reason) => Some(reason),
        Ok(commands) => commands.iter().find_map(|it| of_text(folder, it, depth + 1)),
    })
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
    let manifest = folder.value("package.json")?;
    let around = [format!("pre{name}"), name.to_owned(), format!("post{name}")];
    around.iter().find_map(|it| of_text(folder, manifest.text_at(&["scripts", it])?, depth + 1))
}

fn of_file(folder: Folder<'_>, path: &str, depth: usize) -> Option<String> {
    let path = path.trim_start_matches("./");
    match folder.text(path) {
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
