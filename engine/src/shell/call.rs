//! A simple command → the program it calls, with its arguments and flags, and what wrappers such as `sudo` call.

use crate::shell::tree::{Simple, Word};

/// A program and its arguments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Call<'a> {
    /// The program first.
    pub words: &'a [Word],
}

impl Simple {
    /// The call as it stands.
    #[must_use]
    pub fn call(&self) -> Call<'_> {
        Call { words: &self.words }
    }

    /// The call without what only starts it: `pip install x` of `sudo -E env A=b pip install x`.
    #[must_use]
    pub fn unwrapped(&self) -> Call<'_> {
        let mut call = self.call();
        while let Some(inner) = call.inner() {
            call = inner;
        }
        call
    }

    /// The program's name without its folder, when it is plain text.
    #[must_use]
    pub fn program(&self) -> Option<&str> {
        self.call().program()
    }

    /// The argument number `n`, from 1; see [`Call::argument`].
    #[must_use]
    pub fn argument(&self, n: usize) -> Option<&Word> {
        self.call().argument(n)
    }

    /// True with this flag; see [`Call::has_flag`].
    #[must_use]
    pub fn has_flag(&self, flag: &str) -> bool {
        self.call().has_flag(flag)
    }
}

impl<'a> Call<'a> {
    /// The program's name without its folder, when it is plain text: `pip3` of `/usr/bin/pip3`.
    #[must_use]
    pub fn program(self) -> Option<&'a str> {
        let text = self.words.first()?.text()?;
        text.rsplit('/').next()
    }

    /// True when this is the program's name.
    #[must_use]
    pub fn is(self, program: &str) -> bool {
        self.program() == Some(program)
    }

    /// All words after the program.
    #[must_use]
    pub fn arguments(self) -> &'a [Word] {
        self.words.get(1..).unwrap_or_default()
    }

    /// The argument number `n`, from 1, whatever it is.
    #[must_use]
    pub fn argument(self, n: usize) -> Option<&'a Word> {
        self.words.get(n).filter(|_| n > 0)
    }

    /// The text of the argument number `n`, from 1, when it is plain.
    #[must_use]
    pub fn text(self, n: usize) -> Option<&'a str> {
        self.argument(n)?.text()
    }

    /// The arguments that are no flags, as far as one can see that without knowing the program: a flag's value is
    /// among them.
    pub fn operands(self) -> impl Iterator<Item = &'a Word> {
        let mut only_operands = false;
        self.arguments().iter().filter(move |it| {
            let ends = !only_operands && it.text() == Some("--");
            only_operands |= ends;
            !ends && (only_operands || it.beginning() == "-" || !it.beginning().starts_with('-'))
        })
    }

    /// The first operand, when it is plain text: `install` of `apt-get -y install x`.
    #[must_use]
    pub fn subcommand(self) -> Option<&'a str> {
        self.operands().next()?.text()
    }

    /// The word with this flag before any `--`, for its place: `-y`, `--yes`, and `--opt=value` for `--opt`.
    #[must_use]
    pub fn flag(self, flag: &str) -> Option<&'a Word> {
        let long =
            |it: &str| flag.starts_with("--") && it.strip_prefix(flag).is_some_and(|it| it.starts_with('='));
        self.flags().find(|it| it.text() == Some(flag) || long(it.beginning()))
    }

    /// True with this flag, written on its own.
    #[must_use]
    pub fn has_flag(self, flag: &str) -> bool {
        self.flag(flag).is_some()
    }

    /// The word with this short flag, on its own or among others: both `-y` and `-qy` have `y`.
    #[must_use]
    pub fn letter(self, letter: char) -> Option<&'a Word> {
        self.flags().find(|it| {
            let letters = it.beginning().strip_prefix('-').unwrap_or_default();
            !letters.starts_with('-') && letters.contains(letter)
        })
    }

    /// True with this short flag, on its own or among others.
    #[must_use]
    pub fn has_letter(self, letter: char) -> bool {
        self.letter(letter).is_some()
    }

    fn flags(self) -> impl Iterator<Item = &'a Word> {
        let options = self.arguments().iter().take_while(|it| it.text() != Some("--"));
        options.filter(|it| it.beginning().starts_with('-'))
    }

    /// What a wrapper calls; `None` when the program is no wrapper or calls nothing.
    #[must_use]
    pub fn inner(self) -> Option<Self> {
        let wrapper = wrapper(self.program()?)?;
        let mut words = self.arguments();
        let mut operands = wrapper.operands;
        while let [first, more @ ..] = words {
            let text = first.beginning();
            if first.text() == Some("--") {
                words = more;
                break;
            }
            if wrapper.looks_only.iter().any(|it| first.text() == Some(it)) {
                return None;
            }
            let flag = text.starts_with('-');
            let assigns = wrapper.assigns && !flag && text.contains('=');
            if !flag && !assigns {
                break;
            }
            let takes_value = flag && first.text().is_some_and(|it| wrapper.with_value.contains(&it));
            words = if takes_value { more.get(1..).unwrap_or_default() } else { more };
        }
        operands = operands.min(words.len());
        Some(Self { words: &words[operands..] }).filter(|it| !it.words.is_empty())
    }
}

/// A program that starts another.
#[derive(Default)]
struct Wrapper {
    /// Flags whose value is the next word.
    with_value: &'static [&'static str],
    /// Flags with which it starts nothing.
    looks_only: &'static [&'static str],
    /// `NAME=value` may stand before the program.
    assigns: bool,
    /// Words of its own before the program.
    operands: usize,
}

fn wrapper(program: &str) -> Option<Wrapper> {
    let none = Wrapper::default();
    Some(match program {
        "sudo" | "doas" => Wrapper {
            with_value: &[
                "-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T", "-U", "--user", "--group", "--host",
                "--prompt", "--chdir", "--chroot",
            ],
            looks_only: &["-l", "-v", "-V", "-e", "--list", "--validate", "--version", "--edit"],
            assigns: true,
            ..none
        },
        "env" => Wrapper {
            with_value: &["-u", "-C", "-S", "--unset", "--chdir", "--split-string"],
            assigns: true,
            ..none
        },
        "command" => Wrapper { looks_only: &["-v", "-V"], ..none },
        "exec" => Wrapper { with_value: &["-a"], ..none },
        "time" => Wrapper { with_value: &["-f", "-o", "--format", "--output"], ..none },
        "nice" => Wrapper { with_value: &["-n", "--adjustment"], ..none },
        "ionice" => Wrapper { with_value: &["-c", "-n", "--class", "--classdata"], ..none },
        "timeout" => Wrapper { with_value: &["-k", "-s", "--kill-after", "--signal"], operands: 1, ..none },
        "stdbuf" => Wrapper { with_value: &["-i", "-o", "-e", "--input", "--output", "--error"], ..none },
        "xargs" => Wrapper {
            with_value: &[
                "-n",
                "-P",
                "-I",
                "-L",
                "-d",
                "-E",
                "-s",
                "-a",
                "--max-args",
                "--max-procs",
                "--delimiter",
                "--arg-file",
                "--max-chars",
            ],
            ..none
        },
        "su-exec" | "gosu" | "chroot" => Wrapper { operands: 1, ..none },
        "xvfb-run" => Wrapper {
            with_value: &[
                "-n",
                "-s",
                "-e",
                "-f",
                "-p",
                "-w",
                "--server-num",
                "--server-args",
                "--error-file",
            ],
            ..none
        },
        "builtin" | "nohup" | "setsid" | "tini" | "dumb-init" | "unbuffer" | "fakeroot" | "eatmydata" => none,
        _ => return None,
    })
}
