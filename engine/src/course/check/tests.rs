//! Small exercises, written here, against small pipelines: each kind of check holds and does not hold.

mod digests;
mod followed;
mod given;
mod shipped;
mod turns;

use crate::course::{Course, Exercise, Files, Ran, RedStep, Report, RunSeen, check, check_with_runs};

/// An exercise with these roles and checks; every check has the code `CW-x`.
fn exercise(rest: &str) -> Exercise {
    let head = "id: a\ntitle: A\nrung: fix\nminutes: 1\npage: a.html#exercise\nedit: [.drone.yml, answers.yml]\n\
                goal: a\nhints: [a]\nexpect_first: CW-x\n";
    let files = [
        ("01_a/chapter.yml", "title: A".to_owned()),
        ("01_a/01_b/exercise.yml", format!("{head}{rest}")),
        ("01_a/01_b/start/.drone.yml", String::new()),
        ("01_a/01_b/twins/sad/a.py", "wrong".to_owned()),
    ];
    let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.into_bytes())).collect();
    Course::read(&files).unwrap_or_else(|it| panic!("{}", it.join("\n"))).exercises().next().unwrap().clone()
}

const ROLES: &str = "
roles:
  test: {called: the tests, command: [pytest]}
  publish: {called: the upload, command: [twine upload]}
  notify: {called: the message, plugin: plugins/slack}
  database: {called: the database, image: postgres}
  first: {called: the first step, position: first}
";

fn one_check(kind: &str) -> Exercise {
    exercise(&format!("{ROLES}checks:\n- {{code: CW-x, says: s, expected: e, next: n, {kind}}}\n"))
}

fn report(exercise: &Exercise, files: &[(&str, &str)]) -> Report {
    let files: Files =
        files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    check(exercise, &files)
}

/// A pipeline with these steps, and whatever stands before them.
fn pipeline(top: &str, steps: &str) -> String {
    format!("kind: pipeline\ntype: docker\nname: a\n{top}\nsteps:\n{steps}")
}

/// What happened, or nothing when the check holds.
fn happened(kind: &str, yml: &str) -> String {
    let found = report(&one_check(kind), &[(".drone.yml", yml)]).findings;
    found.into_iter().map(|it| format!("{}: {}", it.code, it.happened)).collect::<Vec<_>>().join("\n")
}

const TEST: &str = "- {name: t, image: 'python:3.13', commands: [pip install pytest, pytest]}\n";
const UPLOAD: &str = "- name: p\n  image: python:3.13\n  commands: [pip install twine, twine upload x]\n";

#[test]
fn a_tagged_commit_is_told_from_a_push() {
    let kind = "event: {builds: [{event: push}, {event: pull_request}], runs: [test], skips: [publish]}";
    let gated = pipeline("", &format!("{TEST}{UPLOAD}  when: {{event: tag}}\n"));
    let open = pipeline("", &format!("{TEST}{UPLOAD}"));
    assert_eq!(happened(kind, &gated), "");
    let told = happened(kind, &open);
    assert!(told.contains("a push to `main` it comes to the upload all the same"), "{told}");
    let tag = "event: {builds: [{event: tag, tag: v1.2.3}], runs: [publish]}";
    assert_eq!(happened(tag, &gated), "");
    let branch = pipeline("trigger: {branch: [main]}", &format!("{TEST}{UPLOAD}"));
    let told = happened(tag, &branch);
    assert!(told.contains("the tag `v1.2.3` it does not come to the upload (step `p`):"), "{told}");
}

#[test]
fn a_build_that_starts_nothing_says_why() {
    let kind = "event: {builds: [{event: push, branch: dev}], result: green}";
    let told = happened(kind, &pipeline("trigger: {branch: main}", TEST));
    assert!(told.contains("a push to `dev` nothing runs:"), "{told}");
    let skipped = "event: {builds: [{event: push, message: 'x [CI SKIP]'}], runs: [test]}";
    assert!(
        happened(skipped, &pipeline("", TEST)).contains("skips the whole build"),
        "{}",
        happened(skipped, &pipeline("", TEST))
    );
}

#[test]
fn a_step_that_fails_on_purpose_shows_who_still_runs() {
    let kind = "event: {faults: [{role: test, fault: fails}], runs: [notify], skips: [publish], result: red}";
    let slack = "- {name: s, image: 'plugins/slack:1.5'}\n";
    let told = happened(kind, &pipeline("", &format!("{TEST}{UPLOAD}{slack}")));
    assert!(told.contains("it does not come to the message (step `s`)"), "{told}");
    let always = "- {name: s, image: 'plugins/slack:1.5', when: {status: [failure]}}\n";
    assert_eq!(happened(kind, &pipeline("", &format!("{TEST}{UPLOAD}{always}"))), "");
}

#[test]
fn a_step_for_the_bad_day_has_to_work_on_that_day() {
    let kind = "event: {broken: [test], runs: [publish], succeeds: [publish], result: red}";
    let yml = |upload: &str| pipeline("", &format!("{TEST}{upload}  when: {{status: [failure]}}\n"));
    assert_eq!(happened(kind, &yml(UPLOAD)), "");
    let told = happened(kind, &yml(&UPLOAD.replace("pip install twine, ", "")));
    assert!(told.contains("with the tests failing, the step `p` is red at `twine upload x`"), "{told}");
}

#[test]
fn the_pipeline_is_guarded_where_it_is_not_to_be_changed() {
    let yml = pipeline("", TEST);
    let mut it = one_check("model: {docker: yes}");
    it.start.insert(".drone.yml".into(), yml.clone().into_bytes());
    it.edit = vec!["answers.yml".into()];
    let codes = |text: &str| {
        let found = report(&it, &[(".drone.yml", text)]).findings;
        found.into_iter().map(|it| it.code).collect::<Vec<_>>()
    };
    assert!(codes(&yml).is_empty());
    assert_eq!(codes(&yml.replace("3.13", "3.12")), ["CW-guarded-file"]);
    assert_eq!(report(&it, &[]).findings[0].code, "CW-no-file");
}

#[test]
fn steps_start_together_or_wait() {
    let kind = "event: {together: [test, publish]}";
    let serial = pipeline("", &format!("{TEST}{UPLOAD}"));
    assert!(happened(kind, &serial).contains("the tests and the upload do not start together"));
    let both =
        pipeline("", &format!("{TEST}{UPLOAD}- {{name: l, image: a, commands: [b], depends_on: [t, p]}}\n"));
    assert_eq!(happened(kind, &both), "");
    assert!(
        happened("event: {order: [test, publish]}", &both)
            .contains("starts the upload without the tests before it")
    );
    assert_eq!(happened("event: {order: [test, publish]}", &serial), "");
}

#[test]
fn pipelines_start_together_or_wait() {
    let kind = "event: {together: [test, publish]}";
    let two = |more: &str| {
        format!("{}---\nkind: pipeline\ntype: docker\nname: b\n{more}\nsteps:\n{UPLOAD}", pipeline("", TEST))
    };
    assert_eq!(happened(kind, &two("")), "");
    assert!(happened(kind, &two("depends_on: [a]")).contains("do not start together"));
    assert_eq!(happened("model: {apart: [test, publish]}", &two("")), "");
    let told = happened("model: {apart: [test, publish]}", &pipeline("", &format!("{TEST}{UPLOAD}")));
    assert!(told.contains("The pipeline `a` does two jobs: the tests and the upload."), "{told}");
}

#[test]
fn a_gate_waits_for_each_of_several() {
    let on = |version: &str, more: &str| {
        format!(
            "- {{name: t{version}, image: 'python:{version}-slim', commands: [pip install pytest, pytest]{more}}}\n"
        )
    };
    let kind = "event: {after_all: [test, publish], once: [publish], \
                within_images: [{role: test, images: ['python:3.1', 'python:3.12']}]}";
    let with = |arrows: &str| {
        pipeline("", &format!("{}{}{UPLOAD}  depends_on: [{arrows}]\n", on("3.1", ""), on("3.12", "")))
    };
    assert_eq!(happened(kind, &with("t3.1, t3.12")), "");
    let told = happened(kind, &with("t3.12"));
    assert!(told.contains("the step `p` does not wait for `t3.1` before it starts the upload"), "{told}");
    let alone = pipeline("", &format!("{}{UPLOAD}", on("3.12", "")));
    let told = happened(kind, &alone);
    assert!(told.contains("nothing runs the tests in `python:3.1`, only in `python:3.12-slim`"), "{told}");
    let red =
        "event: {broken: [test], broken_in: ['python:3.1', 'python:3.12'], skips: [publish], result: red}";
    assert_eq!(happened(red, &with("t3.1, t3.12")), "");
    let forgiven = with("t3.1, t3.12").replace("slim', commands", "slim', failure: ignore, commands");
    let told = happened(red, &forgiven);
    assert!(
        told.contains(
            "with the tests failing in `python:3.1`, the step `t3.1` is red and the build is green"
        ),
        "{told}"
    );
    let twice =
        format!("{}{}", with("t3.1, t3.12"), UPLOAD.replace("name: p", "name: q") + "  depends_on: [p]\n");
    let told = happened(kind, &twice);
    assert!(told.contains("it comes to the upload in `p` and in `q`"), "{told}");
}

#[test]
fn order_holds_between_pipelines_too() {
    let two = |more: &str| {
        format!("{}---\nkind: pipeline\ntype: docker\nname: b\n{more}\nsteps:\n{UPLOAD}", pipeline("", TEST))
    };
    let kind = "event: {order: [test, publish]}";
    assert_eq!(happened(kind, &two("depends_on: [a]")), "");
    assert!(happened(kind, &two("")).contains("without the tests before it"));
}

#[test]
fn who_gets_a_secret_is_known() {
    let secret = "  environment: {TWINE_PASSWORD: {from_secret: token}}\n";
    let yml = pipeline("", &format!("{TEST}{UPLOAD}{secret}"));
    assert_eq!(happened("event: {sees: [{role: publish, secret: token}]}", &yml), "");
    assert_eq!(happened("event: {never_sees: [{role: test, secret: token}]}", &yml), "");
    let told = happened("event: {sees: [{role: publish, secret: other}]}", &yml);
    assert!(told.contains("the step of the upload does not get the secret `other`"), "{told}");
    let told = happened("event: {never_sees: [{role: publish, secret: token}]}", &yml);
    assert!(told.contains("the step of the upload gets the secret `token`"), "{told}");
}

#[test]
fn variables_have_the_value_that_was_asked_for() {
    let yml =
        pipeline("", "- {name: t, image: 'python:3.13', environment: {MODE: fast}, commands: [pytest]}\n");
    assert_eq!(happened("event: {variables: [{role: test, name: MODE, value: fast}]}", &yml), "");
    assert_eq!(happened("event: {variables: [{role: test, name: DRONE_BRANCH, value: main}]}", &yml), "");
    let told = happened("event: {variables: [{role: test, name: MODE, value: slow}]}", &yml);
    assert!(told.contains("for the tests, `MODE` is `fast`, not `slow`"), "{told}");
}

#[test]
fn roles_are_found_by_image_plugin_and_place() {
    let yml = pipeline(
        "",
        "- {name: s, image: 'docker.io/plugins/slack:1'}\n- {name: d, image: 'postgres:17', commands: [x]}\n",
    );
    for role in ["notify", "database", "first"] {
        assert_eq!(happened(&format!("model: {{present: [{role}]}}"), &yml), "", "{role}");
    }
    let with_commands = pipeline("", "- {name: s, image: 'plugins/slack:1', commands: [x]}\n");
    let told = happened("model: {present: [notify]}", &with_commands);
    assert!(told.contains("they run instead of the plugin's own program"), "{told}");
    let other = pipeline("", "- {name: s, image: 'plugins/email:1'}\n");
    assert!(happened("model: {present: [notify]}", &other).contains("No step runs the message"));
}

#[test]
fn facts_of_the_file_hold_or_say_why_not() {
    let loose = pipeline("", "- {name: t, image: python, commands: [pip install 'pytest>=8', pytest]}\n");
    let cases = [
        ("model: {docker_pipelines: 1}", loose.as_str(), ""),
        ("model: {docker_pipelines: 2}", loose.as_str(), "one pipeline, not 2"),
        ("model: {docker_pipelines: 1}", "kind: secret\nname: a\ndata: b\n", "holds no pipeline"),
        ("model: {named: yes}", loose.as_str(), ""),
        ("model: {named: yes}", "kind: pipeline\nsteps: []\n", "The pipeline has no name"),
        ("model: {pinned: []}", loose.as_str(), "no tag means `latest`"),
        ("model: {pinned: [publish]}", loose.as_str(), ""),
        ("model: {locked: yes}", loose.as_str(), "`pytest>=8` lets pip choose"),
        ("model: {separate: [test, publish]}", loose.as_str(), ""),
        ("model: {present: [publish]}", loose.as_str(), "No step runs the upload (`twine upload`)"),
        ("model: {committed: [a.csv]}", loose.as_str(), "There is no `a.csv`"),
    ];
    for (kind, yml, words) in cases {
        let told = happened(kind, yml);
        assert_eq!(told.is_empty(), words.is_empty(), "{kind}: {told}");
        assert!(told.contains(words), "{kind}: {told}");
    }
    let joined = pipeline("", "- {name: t, image: a, commands: [pytest, twine upload x]}\n");
    assert!(
        happened("model: {separate: [test, publish]}", &joined)
            .contains("does two jobs: the tests and the upload")
    );
}

#[test]
fn the_planner_knows_the_answer_to_what_runs() {
    let question = "
checks:
- code: CW-x
  says: s
  expected: e
  next: n
  answer:
    file: answers.yml
    questions:
    - id: push
      ask: Does p run on a push?
      answers: {a: {text: It runs.}, b: {text: It is skipped.}}
      planned: {file: .drone.yml, build: {event: push}, step: p, runs: a, skipped: b}
";
    let exercise = exercise(&format!("{ROLES}{question}"));
    let yml = pipeline("", &format!("{UPLOAD}  when: {{event: tag}}\n"));
    let ask = |answers: &str| report(&exercise, &[(".drone.yml", &yml), ("answers.yml", answers)]).findings;
    assert!(ask("push: {answer: b}").is_empty());
    assert!(ask("push:\n  answer: 'B)'\n").is_empty());
    let told = ask("push:\n  answer: a\n").swap_remove(0);
    assert!(
        told.happened.contains("“It runs.”") && told.happened.contains("`push`, not `tag`"),
        "{}",
        told.happened
    );
    assert_eq!(told.place.map(|it| (it.file, it.at.line)), Some(("answers.yml".into(), 2)));
    for (answers, words) in [
        ("", "has no answer yet: Does p run on a push?"),
        ("# nothing\n", "has no answer yet"),
        ("push:\n", "has no answer yet"),
        ("push: {answer: z}", "`z` is none of the letters of `push`: `a`, `b`"),
        ("push: [a", "`answers.yml` cannot be read"),
        ("push: a", "`answers.yml` cannot be read"),
        ("other: {answer: a}", "has no answer yet"),
    ] {
        let told = ask(answers).swap_remove(0);
        assert!(told.happened.contains(words), "{answers:?}: {}", told.happened);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_the_only_finding() {
    let exercise = one_check("model: {present: [test]}");
    let report = report(&exercise, &[(".drone.yml", "kind: pipeline\nsteps: [\n")]);
    assert!(report.findings.iter().all(|it| it.code == "yaml-syntax" && it.place.is_some()), "{report:?}");
    assert_eq!((report.holds.len(), report.not_run.len()), (0, 1));
}

#[test]
fn missing_empty_and_binary_files_are_answered_in_words() {
    let exercise = one_check("model: {docker_pipelines: 1}");
    let code =
        |files: &Files| check(&exercise, files).findings.iter().map(|it| it.code.clone()).collect::<Vec<_>>();
    assert_eq!(code(&Files::new()), ["CW-no-file"]);
    assert_eq!(code(&Files::from([(".drone.yml".into(), b"kind: \xff".to_vec())])), ["CW-not-text"]);
    assert_eq!(code(&Files::from([(".drone.yml".into(), Vec::new())])).len(), 1);
}

#[test]
fn a_protected_file_may_not_change_but_its_line_ends_may() {
    let mut exercise = one_check("model: {docker_pipelines: 1}");
    exercise.start.insert("test.py".into(), b"a\nb\n".to_vec());
    let yml = pipeline("", TEST);
    let codes = |files: &[(&str, &str)]| {
        report(&exercise, files).findings.into_iter().map(|it| it.happened).collect::<Vec<_>>()
    };
    assert!(codes(&[(".drone.yml", &yml), ("test.py", "a\r\nb\r\n"), ("new.txt", "x")]).is_empty());
    assert_eq!(codes(&[(".drone.yml", &yml), ("test.py", "a\n")]), ["In this folder `test.py` has changed."]);
    assert_eq!(codes(&[(".drone.yml", &yml)]), ["In this folder `test.py` is missing."]);
}

#[test]
fn a_check_waits_for_those_it_builds_on_and_a_run_is_never_pretended() {
    let checks = "
checks:
- {code: CW-x, says: one, expected: e, next: n, model: {present: [publish]}}
- {code: CW-y, says: two, expected: e, next: n, after: [CW-x], event: {runs: [publish]}}
- {code: CW-z, says: three, expected: e, next: n, model: {named: yes}}
- {code: CW-r, says: four, expected: e, next: n, run: {result: green}}
";
    let exercise = exercise(&format!("{ROLES}{checks}"));
    let report = report(&exercise, &[(".drone.yml", &pipeline("", TEST))]);
    assert_eq!(report.findings.len(), 1);
    assert_eq!(
        (report.holds, report.not_run),
        (vec!["three".to_owned()], vec!["two".to_owned(), "four".to_owned()])
    );
}

const RUNS: &str = "
checks:
- {code: CW-x, says: one, expected: e, next: n, model: {present: [test]}}
- {code: CW-green, says: two, expected: e, next: n, after: [CW-x], run: {result: green, log: [passed]}}
- {code: CW-red, says: three, expected: e, next: n, after: [CW-green], run: {twin: sad, result: red, not_in_log: [sent]}}
";

/// What each run was asked with, and the report when the runs are seen to end so.
fn run_report(yml: &str, ignore: &str, seen: &[RunSeen]) -> (Vec<String>, Report) {
    let exercise = exercise(&format!("{ROLES}{RUNS}"));
    let files = [(".drone.yml", yml), (".gitignore", ignore), ("a.py", "right"), ("data.csv", "1")];
    let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect();
    let mut asked = Vec::new();
    let mut seen = seen.iter().cloned();
    let report = check_with_runs(&exercise, &files, &mut |request| {
        let paths: Vec<&str> = request.files.keys().map(String::as_str).collect();
        let a = request.files.get("a.py").map(|it| String::from_utf8_lossy(it).into_owned());
        asked.push(format!("{} {:?} {} {a:?}", request.code, request.build.event, paths.join(" ")));
        seen.next().unwrap()
    });
    (asked, report)
}

fn ran(green: bool, log: &str) -> RunSeen {
    let last_lines = log.lines().map(str::to_owned).collect();
    let step = RedStep { name: "t".into(), image: "python:3.13".into(), code: Some(1), last_lines };
    RunSeen::Ran(Ran { green, log: log.into(), red: (!green).then_some(step) })
}

#[test]
fn a_run_gets_what_git_would_take_and_the_twin_its_mistake() {
    let seen = [ran(true, "2 passed"), ran(false, "1 failed")];
    let (asked, report) = run_report(&pipeline("", TEST), "*.csv\n", &seen);
    let paths = "Push .drone.yml .gitignore a.py";
    assert_eq!(
        asked,
        [format!("CW-green {paths} Some(\"right\")"), format!("CW-red {paths} Some(\"wrong\")")]
    );
    assert!(report.findings.is_empty() && report.really_ran, "{report:?}");
    assert_eq!(report.holds, ["one", "two", "three"]);
    let (asked, _) = run_report(&pipeline("", TEST), "*.csv\na.py\n", &seen);
    assert!(asked[1].ends_with("None"), "what is not committed is not there to be broken: {asked:?}");
}

#[test]
fn a_run_is_not_asked_for_before_the_checks_that_it_builds_on_hold() {
    let (asked, report) = run_report(&pipeline("", UPLOAD), "", &[]);
    assert_eq!((asked.len(), report.findings.len(), report.really_ran), (0, 1, false));
    assert_eq!(report.not_run, ["two", "three"]);
}

#[test]
fn what_could_not_be_run_is_open_with_the_reason_and_fails_nothing() {
    let could_not = RunSeen::CouldNot { why: "there is no docker".into(), next: "install it".into() };
    let (asked, report) = run_report(&pipeline("", TEST), "", &[could_not]);
    assert_eq!((asked.len(), report.findings.len(), report.really_ran), (1, 0, false));
    assert_eq!(report.not_run, ["two There is no docker. Install it.", "three"]);
}

#[test]
fn a_run_that_ends_otherwise_says_which_step_and_shows_its_last_lines() {
    let many: String = (0..30).map(|it| format!("line {it}\n")).collect();
    // (what is seen) → the code, what happened, what the excerpt holds
    let cases: [(&[RunSeen], &str, &str, &str); 4] = [
        (
            &[ran(false, &many)],
            "CW-green",
            "In a real run of a push to `main` the step `t` ended with exit code 1.",
            "  | line 18\n",
        ),
        (&[ran(true, "nothing")], "CW-green", "the log does not hold `passed`", "  | nothing\n"),
        (
            &[ran(true, "2 passed"), ran(true, "2 passed")],
            "CW-red",
            "with a mistake put into `a.py`, all is green",
            "  | 2 passed\n",
        ),
        (
            &[ran(true, "2 passed"), ran(false, "it is sent\nno")],
            "CW-red",
            "the log holds `sent`",
            "  | it is sent\n",
        ),
    ];
    for (seen, code, words, line) in cases {
        let (_, mut report) = run_report(&pipeline("", TEST), "", seen);
        assert_eq!(report.findings.len(), 1, "{words}");
        let found = report.findings.swap_remove(0);
        assert_eq!(found.code, code, "{words}");
        assert!(found.happened.contains(words), "{}", found.happened);
        let excerpt = found.excerpt.unwrap();
        assert!(excerpt.contains(line) && !excerpt.contains("line 17"), "{excerpt}");
    }
}

/// Roles of a project whose tests ask a server of its own.
const SERVED: &str = "
roles:
  test: {called: the tests, command: [pytest]}
  server: {called: the server, command: [python server.py]}
project:
  server: {serves: yes}
  test: {asks: {role: server, variable: HOST, otherwise: localhost}}
";

/// What happened to a pipeline with this service and these commands of its only step.
fn next_door(kind: &str, service: &str, commands: &str) -> String {
    let served = exercise(&format!(
        "{SERVED}checks:\n- {{code: CW-x, says: s, expected: e, next: n, event: {{{kind}}}}}\n"
    ));
    let yml = format!(
        "kind: pipeline\ntype: docker\nname: a\nservices:\n- {{name: db, image: 'python:3.13', commands: [{service}]}}\n\
         steps:\n- {{name: t, image: 'python:3.13', environment: {{HOST: db}}, commands: [pip install pytest, {commands}]}}\n"
    );
    let files = [(".drone.yml", yml.as_str()), ("server.py", "")];
    let found = report(&served, &files).findings;
    found.into_iter().map(|it| format!("{}: {}", it.code, it.happened)).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_service_is_found_by_its_name_and_nowhere_else() {
    let told = |commands: &str| next_door("result: green", "python server.py", commands);
    assert_eq!(told("pytest"), "");
    assert_eq!(told("HOST=DB pytest"), "");
    for host in ["localhost", "127.0.0.1", "server", "db:80"] {
        let told = told(&format!("HOST={host} pytest"));
        assert!(told.starts_with("CW-nobody-there: ") && told.contains(&format!("at `{host}`")), "{told}");
    }
    assert!(
        told("unset HOST; pytest").contains("the container of `t` itself, and the only service here is `db`")
    );
    // In the same container it is at localhost, and whoever waits for it waits for ever.
    assert_eq!(told("python server.py &, HOST=localhost pytest"), "");
    assert!(told("python server.py, pytest").starts_with("CW-endless"));
}

#[test]
fn a_container_serves_as_long_as_its_program_runs() {
    let told = |service: &str| next_door("result: green", service, "pytest");
    for service in ["exec python server.py", "python server.py || true", "python server.py &, wait"] {
        assert_eq!(told(service), "", "{service}");
    }
    assert!(told("python server.py &").contains("the container of `db` is over"));
    assert!(told("python other.py").contains("there is no `other.py`"));
}

#[test]
fn who_waits_for_a_service_asks_it_and_gives_up_one_day() {
    let slow = |seconds: u32, commands: &str| {
        let kind = format!("faults: [{{role: server, fault: slow, seconds: {seconds}}}], result: green");
        next_door(&kind, "python server.py", commands)
    };
    let loops = [
        r#""for i in $(seq 30); do pytest && break; sleep 1; done", pytest"#,
        r#""until pytest; do sleep 2; done""#,
        r#""n=0; until pytest; do n=$((n + 1)); [ $n -lt 30 ] || exit 1; sleep 1; done""#,
        r#""timeout 30 sh -c 'until pytest; do sleep 1; done'""#,
        "sleep 8, pytest",
    ];
    for commands in loops {
        assert_eq!(slow(8, commands), "", "{commands}");
    }
    let told = slow(8, "pytest");
    assert!(
        told.contains(
            "needs 8 seconds to answer, the step `t` is red at `pytest`: it comes 8 seconds before"
        ),
        "{told}"
    );
    assert!(slow(20, "sleep 8, pytest").contains("it comes 12 seconds before `db` answers"));
    assert!(slow(20, "for i in 1 2 3; do pytest && break; sleep 1; done, pytest").contains("17 seconds"));
}

#[test]
fn a_step_that_hangs_is_told_from_one_that_gives_up() {
    let never = |commands: &str| {
        let kind = "faults: [{role: server, fault: slow, seconds: 36000}], result: red, within: 300";
        next_door(kind, "python server.py", commands)
    };
    let told = never("for i in $(seq 60); do pytest && break; sleep 1; done");
    assert!(told.contains("all is green") || told.contains("is green"), "{told}");
    assert_eq!(never("'for i in $(seq 60); do pytest && exit 0; sleep 1; done', exit 1"), "");
    let told = never("until pytest; do sleep 1; done");
    assert!(told.contains("in which the server never answers, the step `t` never ends by itself"), "{told}");
    assert!(
        never("'for i in $(seq 200); do pytest && break; sleep 2; done', pytest")
            .contains("waits 400 seconds")
    );
}

#[test]
fn a_file_lies_where_its_volume_is_mounted() {
    let shared = "
roles:
  make: {called: the making, command: [python make.py]}
  test: {called: the tests, command: [pytest]}
project:
  make: {makes: [/shared/x]}
  test: {files: [/shared/x]}
";
    let it = exercise(&format!(
        "{shared}checks:\n- {{code: CW-x, says: s, expected: e, next: n, event: {{result: green}}}}\n"
    ));
    let code = |first: &str, second: &str| {
        let mount = |path: &str| {
            if path.is_empty() { String::new() } else { format!("volumes: [{{name: v, path: {path}}}], ") }
        };
        let yml = format!(
            "kind: pipeline\ntype: docker\nname: a\nvolumes: [{{name: v, temp: {{}}}}]\nsteps:\n\
             - {{name: m, image: 'python:3.13', {}commands: [python make.py]}}\n\
             - {{name: t, image: 'python:3.13', {}commands: [pip install pytest, pytest]}}\n",
            mount(first),
            mount(second)
        );
        let found = report(&it, &[(".drone.yml", &yml), ("make.py", "")]).findings;
        found.first().map_or_else(String::new, |it| it.code.clone())
    };
    assert_eq!(code("/shared", "/shared/"), "");
    assert_eq!(code("/shared", ""), "CW-not-mounted");
    assert_eq!(code("/shared", "/data"), "CW-not-mounted");
    assert_eq!(code("", ""), "CW-lost-with-container");
}
