//! The state of a build, or any message → the words and the colour that everybody knows for it. §9.1 has Drone's.

use std::str::FromStr;

use crate::badge::{Colour, Thresholds};

/// How a build stands, as Drone's own badge says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is green.
    Success,
    /// It is red, or was stopped.
    Failure,
    /// It has begun, or waits.
    Running,
    /// The build itself could not be made.
    Error,
    /// There is no build.
    None,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Success, Self::Failure, Self::Running, Self::Error, Self::None];

    /// What is typed for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            _ => self.message(),
        }
    }

    /// What the badge says.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Running => "started",
            Self::Error => "error",
            Self::None => "none",
        }
    }

    /// The colour behind it.
    #[must_use]
    pub fn colour(self) -> Colour {
        match self {
            Self::Success => Colour::BRIGHTGREEN,
            Self::Failure => Colour::RED,
            Self::Running => Colour::YELLOW,
            Self::Error | Self::None => Colour::LIGHTGREY,
        }
    }
}

/// A word that is no state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no state of a build")]
pub struct NoState(String);

impl FromStr for State {
    type Err = NoState;

    fn from_str(word: &str) -> Result<Self, NoState> {
        let state = match word.to_ascii_lowercase().as_str() {
            "success" | "passing" | "passed" => Self::Success,
            "failure" | "failing" | "failed" | "killed" => Self::Failure,
            "running" | "started" | "pending" | "blocked" => Self::Running,
            "error" => Self::Error,
            "none" => Self::None,
            _ => return Err(NoState(word.escape_debug().to_string())),
        };
        Ok(state)
    }
}

/// The colour that a message has when none is chosen: by the state or the percentage that it names, and else blue.
#[must_use]
pub fn colour_of(message: &str) -> Colour {
    let message = message.trim();
    if let Ok(state) = message.parse::<State>() {
        return state.colour();
    }
    let percent = message.strip_suffix('%').and_then(|it| it.trim_end().parse::<f64>().ok());
    if let Some(percent) = percent.filter(|it| (0.0..=100.0).contains(it)) {
        return Thresholds::default().colour(percent);
    }
    match message.to_ascii_lowercase().as_str() {
        "ok" | "yes" | "up" | "stable" | "up to date" => Colour::BRIGHTGREEN,
        "no" | "down" | "broken" => Colour::RED,
        "unknown" | "skipped" | "inactive" => Colour::LIGHTGREY,
        _ => Colour::BLUE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_everybody_knows_has_the_colour_that_everybody_knows() {
        for (message, colour) in [
            ("passing", Colour::BRIGHTGREEN),
            (" Failed ", Colour::RED),
            ("pending", Colour::YELLOW),
            ("none", Colour::LIGHTGREY),
            ("93%", Colour::BRIGHTGREEN),
            ("61.5 %", Colour::YELLOW),
            ("120%", Colour::BLUE),
            ("nan%", Colour::BLUE),
            ("v1.0.0", Colour::BLUE),
            ("", Colour::BLUE),
        ] {
            assert_eq!(colour_of(message), colour, "{message}");
        }
    }

    #[test]
    fn every_state_is_read_by_the_word_that_it_is_called() {
        for state in State::ALL {
            assert_eq!(state.word().parse(), Ok(state));
            assert_eq!(state.message().parse(), Ok(state));
        }
        assert!("green".parse::<State>().is_err());
    }
}
