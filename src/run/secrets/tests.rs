//! Secrets: where values come from, and what is refused.

use super::*;
use crate::engine::plan::{Build, Event, Faults, plan};
use crate::engine::source::SourceFile;

fn parsed(text: &str) -> Vec<(String, String)> {
    file::parse(text).unwrap().secrets
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn a_file_has_comments_quotes_and_values_of_several_lines() {
    let text = "\u{feff}# all of them\r\n\r\nTOKEN=abc123\r\n export name = value # rest\npassword: a:b=c\nEMPTY=\n\
                HASH=a#b\nLITERAL='no $sign \\n # \"here\"'\nESCAPED=\"a \\\"quote\\\" \\\\ end\\nnext\" # rest\n\
                KEY=\"first\r\nsecond=2\n\"\nLAST='one\ntwo'";
    let expected = [
        pair("TOKEN", "abc123"),
        pair("name", "value"),
        pair("password", "a:b=c"),
        pair("EMPTY", ""),
        pair("HASH", "a#b"),
        pair("LITERAL", "no $sign \\n # \"here\""),
        pair("ESCAPED", "a \"quote\" \\ end\nnext"),
        pair("KEY", "first\nsecond=2\n"),
        pair("LAST", "one\ntwo"),
    ];
    assert_eq!(parsed(text), expected);
    assert_eq!(parsed(""), []);
}

#[test]
fn a_line_that_is_none_is_named_without_its_text() {
    for (text, line, words) in [
        ("A=1\n\nhunter2\n", 3, "no NAME=VALUE"),
        ("hunter2 hunter=1\n", 1, "no NAME=VALUE"),
        ("A='x\ny'\nB=\"hunter2\n\n", 3, "does not end"),
        ("A=\"hunter2\" hunter2\n", 1, "behind the closing quote"),
        ("{\"A\": \"hunter2\"}", 1, "JSON"),
    ] {
        let wrong = file::parse(text).unwrap_err().in_file(Path::new("my.env"));
        assert!(wrong.message.starts_with(&format!("my.env:{line}: ")), "{wrong}");
        assert!(wrong.message.contains(words) && !wrong.message.contains("hunter2"), "{wrong}");
    }
}

#[test]
fn a_file_is_read_and_a_value_that_cannot_be_hidden_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my.env");
    fs::write(&path, "Token=hunter22\nONE=x\nNONE=\nPRICE=a$b\n").unwrap();
    let mut secrets = Secrets::none();
    secrets.read_file(&path).unwrap();
    assert_eq!((secrets.get("TOKEN"), secrets.get("other")), (Some("hunter22"), None));
    let notes = secrets.notes().join("\n");
    assert!(notes.contains("`ONE` has one character") && notes.contains("`NONE` is empty"), "{notes}");
    assert!(notes.contains("`PRICE` has `$`") && !notes.contains("`Token`"), "{notes}");
    let mask = secrets.mask().unwrap();
    assert_eq!(mask.hide_text("hunter22 y"), "****** y");
    let debug = format!("{secrets:?}");
    assert!(debug.contains("Token") && !debug.contains("hunter22"), "{debug}");
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_gets_a_note() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my.env");
    fs::write(&path, "A=hunter22\n").unwrap();
    for (mode, notes) in [(0o644, 1), (0o600, 0)] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let mut secrets = Secrets::none();
        secrets.read_file(&path).unwrap();
        assert_eq!(secrets.notes().len(), notes, "{:?}", secrets.notes());
    }
}

#[test]
fn a_file_that_is_none_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my.env");
    let mut secrets = Secrets::none();
    assert!(secrets.read_file(&path).is_err());
    assert!(secrets.read_file(folder.path()).unwrap_err().message.contains("folder"));
    fs::write(&path, [b'A', b'=', 0xff]).unwrap();
    assert!(secrets.read_file(&path).unwrap_err().message.contains("UTF-8"));
    fs::write(&path, vec![b'#'; 2 << 20]).unwrap();
    assert!(secrets.read_file(&path).unwrap_err().message.contains("too long"));
}

#[test]
fn a_file_that_git_tracks_is_refused_and_one_that_it_does_not_ignore_gets_a_note() {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.arg("-C").arg(folder.path()).args(arguments);
        command.output().is_ok_and(|it| it.status.success())
    };
    if !git(&["init"]) {
        eprintln!("skipped: there is no git");
        return;
    }
    // A monitor would be a program that the repository names.
    let ran = folder.path().join("ran");
    assert!(git(&["config", "core.fsmonitor", &format!("touch '{}'; false", ran.display())]));
    let path = folder.path().join("my*.env");
    fs::write(&path, "A=hunter22\n").unwrap();
    let read = |path: &Path| {
        let mut secrets = Secrets::none();
        secrets.read_file(path).map(|()| secrets.notes().join("\n"))
    };
    assert!(read(&path).unwrap().contains("not ignored by git"));
    fs::write(folder.path().join(".gitignore"), "my*.env\n").unwrap();
    assert!(!read(&path).unwrap().contains("not ignored by git"));
    // The name is a pattern, and must not find another file.
    fs::write(folder.path().join("my-other.env"), "").unwrap();
    assert!(git(&["-c", "core.fsmonitor=false", "add", "-f", "my-other.env"]));
    assert!(read(&path).is_ok());
    assert!(git(&["-c", "core.fsmonitor=false", "--literal-pathspecs", "add", "-f", "my*.env"]));
    let trouble = read(&path).unwrap_err();
    assert!(
        trouble.message.contains("git tracks") && trouble.help.contains("git rm --cached"),
        "{trouble:?}"
    );
    #[cfg(unix)]
    {
        let link = folder.path().join("link.env");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(read(&link).is_err(), "a link does not hide the file");
    }
    assert!(!ran.exists(), "no program of the repository ran");
}

#[test]
fn variables_give_values_under_their_own_or_another_name() {
    let variables = BTreeMap::from([pair("TOKEN", "hunter22"), pair("MINE", "other22")]);
    let mut secrets = Secrets::none();
    let asked = ["TOKEN".to_owned(), "docker-password=MINE".to_owned()];
    secrets.take_from_environment(&asked, &variables).unwrap();
    assert_eq!((secrets.get("token"), secrets.get("DOCKER-PASSWORD")), (Some("hunter22"), Some("other22")));
    for wrong in ["NONE", "a=NONE", "a=", "=A", "a=not a name", "token=hunter33"] {
        let trouble = secrets.take_from_environment(&[wrong.to_owned()], &variables).unwrap_err();
        let told = format!("{} {}", trouble.message, trouble.help);
        assert!(!told.contains("hunter33") && !told.contains("not a name"), "{told}");
    }
}

const FILE: &str = "kind: pipeline
name: default
steps:
- name: test
  image: python
  environment:
    TOKEN: {from_secret: token}
    OTHER: {from_secret: other}
- name: publish
  image: plugins/docker
  settings:
    password: {from_secret: docker_password}
  when:
    event: tag
- name: tell
  image: alpine
  environment:
    HOOK: {from_secret: hook}
  when:
    status: failure
---
kind: pipeline
name: rescue
steps:
- name: rescue
  image: alpine
  environment:
    KEY: {from_secret: encrypted}
trigger:
  status: [failure]
depends_on: [default]
---
kind: secret
name: encrypted
data: abc
";

fn missing_for(build: &Build, secrets: &Secrets) -> Vec<(String, String)> {
    let source = SourceFile::new(".drone.yml", FILE);
    let plan = plan(&source, build, &Faults::default());
    let missing = missing(&plan, secrets, |_, step| step.name != "left-out");
    for it in &missing {
        assert_eq!(source.slice(it.span), it.name);
    }
    missing.into_iter().map(|it| (it.step, it.name)).collect()
}

#[test]
fn what_steps_ask_for_and_nobody_gave_is_missing() {
    let mut secrets = Secrets::none();
    let push = Build::new(Event::Push);
    secrets.set("TOKEN", "hunter22".to_owned());
    let expected = [pair("test", "other"), pair("tell", "hook"), pair("rescue", "encrypted")];
    assert_eq!(missing_for(&push, &secrets), expected);
    let tag = Build::new(Event::Tag);
    assert!(missing_for(&tag, &secrets).contains(&pair("publish", "docker_password")));
    secrets.set("Encrypted", "value".to_owned());
    assert!(!missing_for(&push, &secrets).contains(&pair("rescue", "encrypted")));
}

#[test]
fn what_a_pull_request_may_not_see_is_empty_and_not_missing() {
    let secrets = Secrets::none();
    let build = Build::new(Event::PullRequest);
    // The encrypted one is visible to a pull request that is no fork.
    assert_eq!(missing_for(&build, &secrets), [pair("rescue", "encrypted")]);
    let fork = Build { fork: true, ..build };
    assert_eq!(missing_for(&fork, &secrets), []);
}

#[test]
fn each_missing_secret_is_asked_for_once() {
    let missing = |name: &str| Missing {
        name: name.to_owned(),
        variable: "TOKEN".to_owned(),
        span: crate::engine::source::Span::default(),
        pipeline: "default".to_owned(),
        step: "test".to_owned(),
    };
    let mut asked = Vec::new();
    let mut secrets = Secrets::none();
    let all = [missing("a"), missing("A"), missing("b")];
    let mut ask = |it: &Missing| {
        asked.push(it.name.clone());
        Ok((it.name == "a").then(|| "hunter22".to_owned()))
    };
    secrets.ask_for(&all, &mut ask).unwrap();
    assert_eq!((secrets.get("a"), secrets.get("b")), (Some("hunter22"), None));
    assert_eq!(asked, ["a", "b"]);
    let trouble = missing("a-b").trouble();
    assert!(trouble.message.contains("`a-b`") && trouble.help.contains("--secret a-b=TOKEN"), "{trouble:?}");
}
