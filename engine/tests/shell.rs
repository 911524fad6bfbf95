//! Any text at all, read as shell commands. The promises are in `ciworkshop_engine::invariants`; here are the texts.

use ciworkshop_engine::invariants::shell_reader;
use proptest::prelude::*;

/// Whatever means something to a shell, and some that means nothing.
const TOKENS: &[&str] = &[
    "a", "é", "1", "x=", "x+=", "=", "-y", " ", " ", " ", "\t", "\r", "\n", "\n", ";", ";;", ";&", ";;&",
    "&", "&&", "||", "|", "|&", "(", ")", "((", "))", "{", "}", "{a,b}", "[", "]", "[[", "]]", "=~", "==",
    "!", "!(", "@(", "<", ">", ">>", "<<E", "<<-E", "<<'E'", "<<<", "&>", "<(", ">(", "2>&1", "E", "$", "$x",
    "$1", "$?", "${", "${x", "${x:-", "${x%", "${x//", "$(", "$((", "$'", "`", "\\`", "\\\\`", "'", "\"",
    "\\", "\\\n", "#", "*", "if", "then", "elif", "else", "fi", "while", "until", "do", "done", "for",
    "select", "in", "case", "esac", "function", "f()", "\u{a0}", "😀", "\0",
];

/// Pieces that are whole, so that long texts are read to their end.
const WHOLE: &[&str] = &[
    "a",
    "$x",
    "\"$x é\"",
    "'é'",
    "$(a b)",
    "`a $(b)`",
    "`a \\`b é\\` c`",
    "${x:-y}",
    "${x//é/$(a)}",
    "$((1 + $x))",
    "{1..5}",
    "*.é",
    "<(a)",
    "(a)",
    "[[ $x =~ (é b) ]]",
    "if a; then b; fi",
    "for x in a; do b; done",
    "case $x in a|é) b;; esac",
    "f() { a; }",
    "((x++))",
    "a=(b é)",
    "x=é",
    "> é",
    "2>&1",
    "<<< $x",
    "<<E\né $(\nE\n",
    "$'\\''",
    "\\é",
    "@(a|é)",
    "{ a; }",
    "while a; do b; done > c",
    "! a",
    "a\\\nb",
];

const BETWEEN: &[&str] = &[" ", " ", "\n", "; ", " && ", " || ", " | ", " & ", "", " \\\n "];

fn joined(of: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(of), 0..most).prop_map(|it| it.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn any_signs_are_read_or_refused_with_a_place(text in joined(TOKENS, 24)) {
        shell_reader(&text);
    }

    #[test]
    fn any_characters_are_read_or_refused_with_a_place(text in "\\PC{0,40}") {
        shell_reader(&text);
    }

    #[test]
    fn whole_commands_one_after_the_other_have_places_that_nest(
        pieces in proptest::collection::vec((proptest::sample::select(WHOLE), proptest::sample::select(BETWEEN)), 0..12),
    ) {
        let text: String = pieces.iter().flat_map(|(piece, between)| [*piece, *between]).collect();
        shell_reader(&text);
    }

    #[test]
    fn whole_commands_nest(pieces in joined(WHOLE, 4), depth in 0_usize..6) {
        let text = (0..depth).fold(pieces, |it, level| match level % 3 {
            0 => format!("a \"$({it}\n)\" b"),
            1 => format!("{{ {it}\n}}"),
            _ => format!("x=`{}`", it.replace('\\', "\\\\").replace('`', "\\`")),
        });
        shell_reader(&text);
    }
}
