//! Scripts → the tree, its places and what stands around each command.

use crate::shell::{
    Command, Context, Joint, Only, Piece, Place, Script, Seen, Shape, Simple, Visit, bashisms, commands,
    lists, parse, pipelines, visit,
};

fn read(text: &str) -> Script {
    parse(text, true).unwrap_or_else(|it| panic!("{text}: {it:?}"))
}

/// The text of each simple command, as its place gives it.
fn texts(text: &str) -> Vec<String> {
    commands(&read(text)).iter().map(|it| text[it.simple.span.range()].to_owned()).collect()
}

/// The first simple command that calls this program.
fn seen<'a>(script: &'a Script, program: &str) -> Seen<'a> {
    let mut all = commands(script).into_iter();
    all.find(|it| it.simple.program() == Some(program)).unwrap_or_else(|| panic!("no {program}"))
}

fn first(script: &Script) -> &Simple {
    commands(script)[0].simple
}

#[test]
fn every_simple_command_has_its_place_wherever_it_stands() {
    let cases: [(&str, &[&str]); 22] = [
        ("a b; c & d", &["a b", "c", "d"]),
        ("a | b && c || d", &["a", "b", "c", "d"]),
        ("é ü; x=ö y", &["é ü", "x=ö y"]),
        ("echo \"$(a \"$(b)\")\"", &["echo \"$(a \"$(b)\")\"", "a \"$(b)\"", "b"]),
        ("echo `a \\`b\\` c` d", &["echo `a \\`b\\` c` d", "a \\`b\\` c", "b"]),
        ("echo `a` `b`", &["echo `a` `b`", "a", "b"]),
        ("\"`a \\\"b c\\\"`\"", &["\"`a \\\"b c\\\"`\"", "a \\\"b c\\\""]),
        ("time (a); time -p ! b | c; time d", &["a", "b", "c", "time d"]),
        ("if a; then b; elif c; then d; else e; fi > f", &["a", "b", "c", "d", "e"]),
        ("while a; do b; done; until c; do d; done", &["a", "b", "c", "d"]),
        ("for x in $(a) b; do c; done", &["a", "c"]),
        ("case $(a) in x|y) b ;; (z) c; esac", &["a", "b", "c"]),
        ("f() { a; }\n(b; c)\n{ d; }", &["a", "b", "c", "d"]),
        ("a \\\n  b # c\n# d\ne", &["a \\\n  b", "e"]),
        ("cat <<A <<-'B' && x\n$(no) ' \"\nA\n\tno\n\tB\ny", &["cat <<A <<-'B'", "x", "y"]),
        ("x=$(cat <<E\nit's\nE\n); y", &["x=$(cat <<E\nit's\nE\n)", "cat <<E", "y"]),
        (
            "echo ${x:-$(a)} $(($(b) + 1)) \"${y:+`c`}\"",
            &["echo ${x:-$(a)} $(($(b) + 1)) \"${y:+`c`}\"", "a", "b", "c"],
        ),
        ("a=($(b) c) d <(e)", &["a=($(b) c) d <(e)", "b", "e"]),
        ("$((a) | b)", &["$((a) | b)", "a", "b"]),
        ("[[ $x == (a|b) && -n $(c) ]] || d", &["[[ $x == (a|b) && -n $(c) ]]", "c", "d"]),
        ("a > b 2>&1 c < d", &["a > b 2>&1 c < d"]),
        ("echo a#b; #c", &["echo a#b"]),
    ];
    for (text, expected) in cases {
        assert_eq!(texts(text), expected, "{text}");
    }
}

/// What a part of a word should be: its text, whether it is quoted, its variable.
type Expected = (&'static str, bool, Option<&'static str>);

#[test]
fn expansions_have_their_places_and_know_their_quotes() {
    let cases: [(&str, &[Expected]); 10] = [
        ("$a", &[("$a", false, Some("a"))]),
        ("\"$a\"", &[("$a", true, Some("a"))]),
        ("x\"y${a}\"$b", &[("x\"y", false, None), ("${a}", true, Some("a")), ("$b", false, Some("b"))]),
        ("${a:-it}", &[("${a:-it}", false, Some("a"))]),
        ("\"${a%'}'}\"", &[("${a%'}'}", true, Some("a"))]),
        ("\"${a:-it's}\"", &[("${a:-it's}", true, Some("a"))]),
        ("${a//b/c}", &[("${a//b/c}", false, Some("a"))]),
        ("${#a}$?", &[("${#a}", false, Some("a")), ("$?", false, Some("?"))]),
        ("`b`", &[("`b`", false, None)]),
        ("${$}${@:1}", &[("${$}", false, Some("$")), ("${@:1}", false, Some("@"))]),
    ];
    for (text, expected) in cases {
        let script = read(text);
        let word = &first(&script).words[0];
        let parts: Vec<_> =
            word.parts.iter().map(|it| (&text[it.span.range()], it.quoted, it.piece.variable())).collect();
        assert_eq!(parts, expected, "{text}");
        assert_eq!(&text[word.span.range()], text);
    }
}

#[test]
fn a_word_knows_whether_the_shell_makes_more_of_it() {
    let cases = [
        ("a", false, false, None),
        ("'a'b", true, false, None),
        ("\\a", true, false, None),
        ("*.py", false, true, None),
        ("'*'", true, false, None),
        ("[", false, false, None),
        ("[ab]", false, true, None),
        ("x{1..5}", false, false, Some("{1..5}")),
        ("{a,$b}", false, false, Some("{a,$b}")),
        ("{}", false, false, None),
        ("'{a,b}'", true, false, None),
        ("${a},{b", false, false, None),
    ];
    for (text, quoted, glob, braces) in cases {
        let script = read(text);
        let word = &first(&script).words[0];
        let place = word.braces.map(|it| &text[it.range()]);
        assert_eq!((word.quoted, word.glob, place), (quoted, glob, braces), "{text}");
    }
}

#[test]
fn a_here_document_is_the_input_and_has_a_place() {
    let text = "cat <<E >out; echo\na $b\n\\\nE\nE\ncat <<-'F'\n\tc\n\tF\n";
    let script = read(text);
    let all = commands(&script);
    let document = |at: usize| {
        let redirect = &all[at].simple.redirects[0];
        let document = redirect.document.as_ref().expect("it has one");
        (&text[redirect.span.range()], redirect.input, document.expands, &text[document.span().range()])
    };
    assert_eq!(all.len(), 3);
    assert_eq!(document(0), ("<<E", true, true, "a $b\n\\\nE\n"), "a continued line ends nothing");
    assert_eq!(document(2), ("<<-'F'", true, false, "\tc\n"));
}

#[test]
fn redirections_know_sign_number_and_direction() {
    let cases = [
        ("a > f", ">", None, false, true),
        ("a 2>> f", ">>", Some(2), false, true),
        ("a 2>&1", ">&", Some(2), false, false),
        ("a < f", "<", None, true, false),
        ("a 3< f", "<", Some(3), false, false),
        ("a <<< f", "<<<", None, true, false),
        ("a &> f", "&>", None, false, true),
        ("a &>> f", "&>>", None, false, true),
    ];
    for (text, sign, number, input, writes) in cases {
        let script = read(text);
        let it = &first(&script).redirects[0];
        assert_eq!((it.sign, it.number, it.input, it.writes), (sign, number, input, writes), "{text}");
        assert_eq!(&text[it.span.range()], &text[2..], "{text}");
    }
}

#[test]
fn signs_of_bash_are_found_with_their_places() {
    let cases = [
        ("[[ $a == b && ( -n ${c[0]} || $d =~ ^(x y)|z$ ) ]] && e", Only::DoubleBracket, "[["),
        ("((a++))", Only::Arithmetic, "((a++))"),
        ("for ((i=0; i<3; i++)); do a; done", Only::CountingFor, "((i=0; i<3; i++))"),
        ("select x in a b; do c; done", Only::Select, "select"),
        ("function f { a; }", Only::Function, "function"),
        ("function f() { a; }", Only::Function, "function"),
        ("cat <<< $x", Only::HereString, "<<< $x"),
        ("a &> b", Only::BothOutputs, "&> b"),
        ("a |& b", Only::BothToPipe, "|&"),
        ("diff <(a)", Only::Process, "<(a)"),
        ("a > >(tee b)", Only::Process, ">(tee b)"),
        ("echo $'a\\'b'", Only::Escaped, "$'a\\'b'"),
        ("echo {1..5}", Only::Braces, "{1..5}"),
        ("a=(b\n c)", Only::Array, "(b\n c)"),
        ("declare -A a=([b]=c)", Only::Array, "([b]=c)"),
        ("a[0]=b", Only::Element, "a[0]=b"),
        ("a+=b", Only::Append, "a+=b"),
        ("echo ${a:0:2}", Only::Parameter, "${a:0:2}"),
        ("echo ${!a}", Only::Parameter, "${!a}"),
        ("echo \"${a^^}\"", Only::Parameter, "${a^^}"),
        ("ls !(a|b)", Only::Pattern, "!(a|b)"),
        ("ls x@(a|(b))y", Only::Pattern, "@(a|(b))"),
        ("case a in b) c ;& d) e ;; esac", Only::FallThrough, ";&"),
    ];
    for (text, kind, place) in cases {
        let found: Vec<_> =
            bashisms(&read(text)).iter().map(|it| (it.kind, &text[it.span.range()])).collect();
        assert_eq!(found, [(kind, place)], "{text}");
    }
}

#[test]
fn what_plain_shells_know_is_no_bashism() {
    let texts = [
        "[ \"$a\" = b ]",
        "echo $((a + (b))) ${a:-b} ${a#*/} ${a%%.*} ${a:+c} ${a:?d} ${#a} ${@} \"$@\"",
        "((a); b)",
        "( (a) )",
        "a 2>&1 >/dev/null </dev/null",
        "f() { a; }",
        "echo '$(a) [[ <(b) {1..2}' \"{a,b}\" {} a{b}c",
        "cat <<E\n[[ a ]] ${b[0]} <(c)\nE",
        "for x in a b; do c; done; for y; do d; done",
    ];
    for text in texts {
        assert_eq!(bashisms(&read(text)), [], "{text}");
        assert!(parse(text, false).is_ok(), "{text}");
    }
}

#[test]
fn what_no_shell_reads_is_an_error_at_its_place() {
    let cases = [
        ("echo 'a", 5, "the quote ' is never closed"),
        ("é \"a", 3, "the quote \" is never closed"),
        ("a; `b", 3, "the quote ` is never closed"),
        ("echo `a \\`b 'c\\``", 12, "the quote ' is never closed"),
        ("echo $(a", 5, "`$(` is never closed"),
        ("echo ${a", 5, "`}` is missing"),
        ("if a; then b", 0, "`if` has no `fi`"),
        ("if a; then fi", 11, "`then` has no command"),
        ("while a; done", 9, "`done` closes nothing here"),
        ("for x in a; b", 0, "`for` has no `do`"),
        ("case a in b) c ;;", 0, "`case` has no `esac`"),
        ("a; fi", 3, "`fi` closes nothing here"),
        ("a && ", 5, "a command is missing at the end"),
        ("a | | b", 4, "`|` is not expected here"),
        ("(a", 0, "`(` has no `)`"),
        ("{ a; ", 0, "`{` has no `}`"),
        ("a; in b", 3, "`in` is not expected here"),
        ("a | ! b", 4, "`!` is not expected here"),
        ("a )", 2, "`)` is not expected here"),
        ("a >", 2, "`>` has no file"),
        ("[[ a", 0, "`[[` has no `]]`"),
    ];
    for (text, at, message) in cases {
        let error = parse(text, true).expect_err(text);
        assert_eq!((error.span.start, error.message.as_str()), (at, message), "{text}");
    }
}

#[test]
fn a_plain_shell_takes_the_signs_of_bash_for_something_else() {
    for text in ["a=(b)", "cat <<< b", "diff <(a)", "function f { a; }", "for ((;;)); do a; done"] {
        assert!(parse(text, false).is_err(), "{text}");
    }
    let script = parse("a &> b", false).expect("it is `a &` and `> b`");
    assert_eq!(script.lists.len(), 2);
}

#[test]
fn a_command_knows_what_stands_around_it() {
    let plain = Context::default();
    let place = |at, of| Some(Place { at, of });
    let condition = Context { condition: true, tested: true, ..plain };
    let cases = [
        ("x", plain),
        ("if x; then a; fi", condition),
        ("if a; then b; elif x; then c; fi", Context { optional: true, ..condition }),
        ("if a; then x; fi", Context { optional: true, ..plain }),
        ("until x; do a; done", Context { looped: true, ..condition }),
        ("while a; do x; done", Context { looped: true, optional: true, ..plain }),
        ("x && a", Context { tested: true, after: Some(Joint::And), ..plain }),
        ("a || x", Context { before: Some(Joint::Or), optional: true, ..plain }),
        ("{ x; } || a", Context { tested: true, ..plain }),
        ("! x", Context { negated: true, tested: true, ..plain }),
        ("x | a | b", Context { pipe: place(0, 3), ..plain }),
        ("a | { b; (x); }", Context { pipe: place(1, 2), subshell: true, ..plain }),
        ("x &", Context { background: true, ..plain }),
        ("f() { x; }", Context { function: Some("f"), ..plain }),
        ("if [ $(x) ]; then a; fi", Context { substitution: true, ..plain }),
        ("a `x | b`", Context { substitution: true, pipe: place(0, 2), ..plain }),
        ("cat <(x)", Context { substitution: true, ..plain }),
    ];
    for (text, expected) in cases {
        assert_eq!(seen(&read(text), "x").context, expected, "{text}");
    }
}

#[test]
fn lists_and_pipelines_have_the_places_of_their_signs() {
    let text = "a | b || true; if c && d; then e & fi";
    let script = read(text);
    let found: Vec<_> = lists(&script).into_iter().map(|(it, _)| &text[it.span.range()]).collect();
    assert_eq!(found, ["a | b || true", "if c && d; then e & fi", "c && d", "e &"]);
    let found: Vec<_> = pipelines(&script).into_iter().map(|(it, _)| &text[it.span.range()]).collect();
    assert_eq!(found, ["a | b", "true", "if c && d; then e & fi", "c", "d", "e"]);
    let or = &script.lists[0].rest[0];
    assert_eq!((or.joint, &text[or.sign.range()]), (Joint::Or, "||"));
    assert_eq!(&text[script.lists[0].first.pipes[0].span.range()], "|");
}

#[test]
fn a_call_is_seen_through_what_starts_it() {
    let cases = [
        ("/usr/bin/pip3 install x", "pip3"),
        ("sudo -E -u root A=b pip install x", "pip"),
        ("env -i A=b C=$d pip install", "pip"),
        ("time -p nice -n 5 pip install", "pip"),
        ("timeout -k 5 60 pip install", "pip"),
        ("find . | xargs -n 1 -0 pip install", "pip"),
        ("exec command pip install", "pip"),
        ("sudo -- pip install", "pip"),
        ("su-exec user pip install", "pip"),
        ("command -v pip", "command"),
        ("sudo -l", "sudo"),
        ("env", "env"),
    ];
    for (text, program) in cases {
        let script = read(text);
        let last = commands(&script).last().map(|it| it.simple.unwrapped().program());
        assert_eq!(last, Some(Some(program)), "{text}");
    }
}

#[test]
fn flags_arguments_and_operands_are_told_apart() {
    let script = read("apt-get -qy --opt=x install \"$p\" -- -z");
    let call = first(&script).call();
    assert_eq!(call.subcommand(), Some("install"));
    assert!(call.has_letter('y') && call.has_letter('q') && !call.has_letter('o'));
    assert!(call.has_flag("-qy") && !call.has_flag("-y") && call.has_flag("--opt") && !call.has_flag("-z"));
    assert_eq!(call.text(3), Some("install"));
    assert_eq!(call.argument(4).and_then(|it| it.text()), None);
    assert_eq!(call.operands().map(|it| it.text()).collect::<Vec<_>>(), [Some("install"), None, Some("-z")]);
}

#[test]
fn an_assignment_is_no_word_unless_its_name_is_quoted() {
    let text = "A=b C=\"$d\" e F=g";
    let script = read(text);
    let simple = first(&script);
    let assigned: Vec<_> = simple
        .assignments
        .iter()
        .map(|it| (it.name.as_str(), &text[it.span.range()], &text[it.value.span.range()]))
        .collect();
    assert_eq!(assigned, [("A", "A=b", "b"), ("C", "C=\"$d\"", "\"$d\"")]);
    assert!(matches!(simple.assignments[1].value.parts[0].piece, Piece::Variable(_)));
    assert_eq!(simple.words.len(), 2);
    for text in ["\"A\"=b", "A\\=b", "1a=b", "a-b=c"] {
        assert!(first(&read(text)).assignments.is_empty(), "{text}");
    }
}

#[test]
fn a_compound_command_keeps_its_redirections() {
    let text = "while read x; do a; done < list 2>&1";
    let script = read(text);
    let Command::Compound(it) = &script.lists[0].first.commands[0] else { panic!("it is a loop") };
    assert!(matches!(it.shape, Shape::Loop { .. }));
    assert_eq!(it.redirects.len(), 2);
    assert_eq!(&text[it.span.range()], text);
    assert_eq!(&text[it.opening.range()], "while");
}

#[test]
fn deep_nesting_and_open_ends_are_refused_quickly() {
    let begins = [
        "(", "((", "$(", "$((", "${x:-", "`", "\"", "'", "a=(", "{ ", "if ", "f() ", "! ", "\"$(", "<(",
        "\\`", "[[ ", "@(", "x|",
    ];
    for bash in [false, true] {
        for begin in begins {
            let text = begin.repeat(100_000 / begin.len());
            let _ = parse(&text, bash);
            let _ = parse(&format!("echo {text}"), bash);
        }
        assert!(parse(&"(".repeat(100), bash).is_err_and(|it| it.message.contains("too deeply")));
        assert!(parse(&"$(".repeat(100), bash).is_err_and(|it| it.message.contains("too deeply")));
    }
    let many = "echo $((1 + 2)) \"$((\"; cat <<E\nE\n".repeat(3_000);
    let _ = parse(&many, true);
    assert!(parse(&"a `b` $(c) ${d}; ".repeat(10_000), true).is_ok());
}

#[test]
fn a_walk_comes_to_words_and_redirections_too() {
    let script = read("for x in a; do case b in c) d > e ;; esac; done");
    let mut words = Vec::new();
    visit(&script, &mut |it, _| {
        if let Visit::Word(word) = it {
            words.push(word.text().unwrap_or_default().to_owned());
        }
    });
    assert_eq!(words, ["a", "b", "c", "d", "e"]);
}
