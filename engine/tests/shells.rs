//! What the rule `bashism` claims of dash and busybox, and what these shells do, where they are installed; and
//! shellcheck's own findings over our examples.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use ciworkshop_engine::lint::{lint, shellcheck};
use ciworkshop_engine::source::SourceFile;

/// A script that prints `ok` as its last line in a shell that knows it; whether dash knows it; whether busybox does.
const FORMS: &[(&str, bool, bool)] = &[
    ("[[ abc == a* ]] && echo ok", false, true),
    ("(( 1 + 1 )) && echo ok", false, false),
    ("for ((i=0;i<1;i++)); do echo ok; done", false, false),
    ("function f { echo ok; }; f", false, true),
    ("cat <<< ok", false, false),
    ("echo ok |& cat", false, false),
    ("cat <(echo ok)", false, true),
    ("x=$'o\\x6b'; echo $x", false, true),
    ("for x in {no,ok}; do echo $x; done", false, false),
    ("a=(ok no); echo ok", false, false),
    ("a=o; a+=k; echo $a", false, false),
    ("a=xk; echo $${a/x/o}", false, true),
    ("a=xok; echo $${a:1}", false, true),
    ("a=OK; echo $${a,,}", false, false),
    ("b=ok; a=b; echo $${!a}", false, false),
    ("set -o pipefail && echo ok", false, true),
    ("pushd / && echo ok", false, false),
    ("declare a=ok; echo $a", false, false),
    ("let a=1+1 && echo ok", false, true),
    ("[ a == a ] && echo ok", false, true),
    ("trap 'echo ok' ERR; false", false, true),
    ("shopt -s nullglob && echo ok", false, false),
    ("f() { local a=ok; echo $a; }; f", true, true),
    ("a=ok; echo $${a%x}", true, true),
    ("until true; do :; done; echo ok", true, true),
];

/// True when the shell prints `ok` last; `None` when it is not installed.
fn knows(shell: &[&str], script: &str) -> Option<bool> {
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    // As Drone does: the script is the input. A shell that gives up at once reads none of it.
    let _ = writeln!(child.stdin.take()?, "{script}");
    let output = child.wait_with_output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).lines().last() == Some("ok"))
}

fn warned(image: &str, script: &str) -> bool {
    let text = format!(
        "kind: pipeline\nname: a\nsteps:\n- name: b\n  image: {image}\n  commands:\n  - |\n    {script}\n"
    );
    lint(&SourceFile::new("it.yml", text)).iter().any(|it| it.code == "bashism")
}

#[test]
fn a_form_is_called_a_bashism_where_the_shell_of_the_image_does_not_know_it() {
    let shells: [(&str, &[&str]); 2] = [("debian:12", &["dash"]), ("alpine:3.20", &["busybox", "sh"])];
    for (script, dash, busybox) in FORMS {
        for ((image, shell), known) in shells.iter().zip([dash, busybox]) {
            assert_eq!(warned(image, script), !known, "{image}: {script}");
            let real = knows(shell, &script.replace("$$", "$"));
            assert_eq!(real.unwrap_or(*known), *known, "{}: {script}", shell[0]);
        }
    }
}

/// What a script prints when it is handed over as Drone does it; `None` when the shell is not installed.
fn handed_over(shell: &str, script: &str) -> Option<String> {
    let how = format!("echo \"$DRONE_SCRIPT\" | {shell}");
    let mut words = shell.split(' ');
    let mut command = Command::new(words.next()?);
    let output = command.args(words).args(["-c", &how]).env("DRONE_SCRIPT", script).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

#[test]
fn dash_takes_backslashes_out_of_the_script_and_busybox_does_not() {
    let cases = [
        ("echo okx | sed 's/\\(ok\\)x/\\1/'", "\u{1}"),
        ("echo ok | grep '\\bok\\b'", ""),
        ("echo 'a\\c'\necho ok", ""),
        ("echo ok | sed 's/\\(o\\)k$/&/'", "ok"),
    ];
    for (script, in_dash) in cases {
        if let Some(printed) = handed_over("dash", script) {
            assert_eq!(printed, in_dash, "{script}");
        }
        if let Some(printed) = handed_over("busybox sh", script) {
            assert!(printed.ends_with("ok"), "{script}: {printed}");
        }
    }
}

/// What shellcheck prints, or `None` when it is not installed.
fn answer(script: &shellcheck::ScriptToCheck) -> Option<String> {
    let dialect = if script.dialect == "busybox" { "dash" } else { script.dialect };
    let mut command = Command::new("shellcheck");
    command.args(["--format=json1", &format!("--shell={dialect}"), "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    child.stdin.take()?.write_all(script.text().as_bytes()).ok()?;
    Some(String::from_utf8_lossy(&child.wait_with_output().ok()?.stdout).into_owned())
}

#[test]
fn what_shellcheck_finds_in_our_examples_points_to_something() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lint/rules");
    for folder in std::fs::read_dir(rules)
        .unwrap()
        .filter_map(|it| std::fs::read(it.unwrap().path().join("bad.yml")).ok())
    {
        let source = SourceFile::from_bytes("bad.yml", &folder);
        for script in shellcheck::scripts(&source) {
            let Some(json) = answer(&script) else {
                return;
            };
            for problem in shellcheck::findings(&script, &json).expect("it is shellcheck's JSON") {
                assert!(!source.slice(problem.primary.span).is_empty(), "{}", problem.message);
                assert!(problem.message.starts_with("SC"), "{}", problem.message);
            }
        }
    }
}
