//! The items of `commands` → the script that the runner makes of them (§5.5).

use std::fmt::Write;

/// The script: each item is traced as `+ item` and then run, all in one shell that stops at the first failure.
///
/// The runner hands it to `/bin/sh` on its standard input, by [`SHELL`]; a command that reads standard input eats the
/// rest of it, as in a real build.
#[must_use]
pub fn script<'a>(commands: impl IntoIterator<Item = &'a str>) -> String {
    let mut script = String::from("unset DRONE_SCRIPT\nset -e\n");
    for command in commands {
        let _ = write!(script, "\necho + {}\n{command}\n", traced(command));
    }
    script
}

/// How a container is told to run [`script`], which it finds in the variable `DRONE_SCRIPT`.
pub const SHELL: [&str; 3] = ["/bin/sh", "-c", "echo \"$DRONE_SCRIPT\" | /bin/sh"];

/// The item in double quotes as Go writes them, with `$` kept from the shell. Backticks are not: the trace of a
/// command that holds some runs them, in a real build too.
fn traced(command: &str) -> String {
    let mut text = String::from("\"");
    for it in command.chars() {
        match it {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '$' => text.push_str("\\$"),
            it if u32::from(it) < 0x20 || u32::from(it) == 0x7f => {
                let _ = write!(text, "\\x{:02x}", u32::from(it));
            }
            it => text.push(it),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_is_traced_and_run() {
        let expected = "unset DRONE_SCRIPT\nset -e\n\necho + \"echo \\$HOME\"\necho $HOME\n\necho + \"a\\nb \\\"c\\\"\"\na\nb \"c\"\n";
        assert_eq!(script(["echo $HOME", "a\nb \"c\""]), expected);
    }
}
