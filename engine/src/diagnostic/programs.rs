//! The programs of Drone that read a `.drone.yml`, sets of them, and the stage at which one refuses a file.

use std::fmt;
use std::ops::BitOr;

/// A program that reads the file and may refuse it (`drone-semantics.md`, opening table and §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Program {
    /// The Drone server.
    Server,
    /// The docker runner.
    Runner,
    /// `drone lint`, CLI 1.6 and later.
    Lint,
    /// `drone lint`, CLI up to 1.5.
    Lint15,
    /// The exec runner.
    Exec,
    /// The kubernetes runner.
    Kubernetes,
    /// The ssh runner.
    Ssh,
}

impl Program {
    /// All of them, in the order messages use.
    pub const ALL: [Self; 7] =
        [Self::Server, Self::Runner, Self::Lint, Self::Lint15, Self::Exec, Self::Kubernetes, Self::Ssh];

    /// The name that a person reads.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Server => "the Drone server",
            Self::Runner => "the docker runner",
            Self::Lint => "drone lint",
            Self::Lint15 => "drone lint up to 1.5",
            Self::Exec => "the exec runner",
            Self::Kubernetes => "the kubernetes runner",
            Self::Ssh => "the ssh runner",
        }
    }

    /// The key in JSON output.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Runner => "runner",
            Self::Lint => "lint",
            Self::Lint15 => "lint_1_5",
            Self::Exec => "runner_exec",
            Self::Kubernetes => "runner_kubernetes",
            Self::Ssh => "runner_ssh",
        }
    }
}

/// A set of programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Programs(u8);

impl Programs {
    /// No program.
    pub const NONE: Self = Self(0);
    /// Every program.
    pub const ALL: Self = Self(0x7f);
    /// Those that share the server's structures: the server and `drone lint` up to 1.5.
    pub const OLD: Self = Self(1 << Program::Server as u8 | 1 << Program::Lint15 as u8);
    /// Those that share the docker runner's reader: it and today's `drone lint`.
    pub const NEW: Self = Self(1 << Program::Runner as u8 | 1 << Program::Lint as u8);

    /// Everyone but [`Programs::OLD`].
    pub const ALL_BUT_OLD: Self = Self(Self::ALL.0 & !Self::OLD.0);

    /// The set of one.
    #[must_use]
    pub const fn one(program: Program) -> Self {
        Self(1 << program as u8)
    }

    /// True when the program is in the set.
    #[must_use]
    pub fn contains(self, program: Program) -> bool {
        self.0 & Self::one(program).0 != 0
    }

    /// What both sets hold.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What either set holds.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What this set holds and the other does not.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// True for the empty set.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members, in the order of [`Program::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Program> {
        Program::ALL.into_iter().filter(move |it| self.contains(*it))
    }
}

impl fmt::Display for Programs {
    /// `the Drone server, the docker runner and drone lint`. The runners of other types are named only where not
    /// all programs are meant.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if (Self::OLD | Self::NEW).without(*self).is_empty() {
            return f.write_str("every program of Drone");
        }
        let runners = Self::ALL_BUT_OLD.without(Program::Lint.into());
        let all_runners = runners.without(*self).is_empty();
        let (every, others) =
            if all_runners { (Some("every runner"), self.without(runners)) } else { (None, *self) };
        let names: Vec<_> = every.into_iter().chain(others.iter().map(Program::name)).collect();
        match names.split_last() {
            None => f.write_str("no program"),
            Some((last, [])) => f.write_str(last),
            Some((last, others)) => write!(f, "{} and {last}", others.join(", ")),
        }
    }
}

impl BitOr for Programs {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl From<Program> for Programs {
    fn from(program: Program) -> Self {
        Self::one(program)
    }
}

/// When a program refuses a file. The order is the order of work; the first stage that refuses is the one reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Replacing `${…}`.
    Subst,
    /// Turning a template or a 0.8 file into today's form.
    Convert,
    /// Reading YAML into the program's structures.
    Parse,
    /// The program's own checks.
    Lint,
    /// `drone lint` only: dependencies between the pipelines of the file.
    Stages,
    /// Drone itself crashes.
    Panic,
}

impl Stage {
    /// The word in JSON output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Subst => "subst",
            Self::Convert => "convert",
            Self::Parse => "parse",
            Self::Lint => "lint",
            Self::Stages => "stages",
            Self::Panic => "panic-lint",
        }
    }
}

/// Some programs refuse the file, at one stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Who refuses.
    pub programs: Programs,
    /// When.
    pub stage: Stage,
    /// True when a trusted repository is let through.
    pub untrusted_only: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_listed_as_a_person_would() {
        let two = Programs::one(Program::Runner) | Program::Lint.into();
        assert_eq!(two.to_string(), "the docker runner and drone lint");
        assert_eq!(Programs::ALL.to_string(), "every program of Drone");
        let new = Programs::ALL_BUT_OLD;
        assert_eq!(new.to_string(), "every runner and drone lint");
        assert_eq!(Programs::one(Program::Ssh).to_string(), "the ssh runner");
        assert!(two.without(two).is_empty());
    }
}
