//! What a role's command or plugin is given: its words and its variables, against what an exercise expects.

use crate::course::check::event::{Scene, item_span};
use crate::course::check::found::Found;
use crate::course::declared::{CallSpec, HeardSpec, VariableSpec};
use crate::course::rehearse::{Called, Note, UNKNOWN, What, secret};
use crate::plan::glob;
use crate::source::Span;

impl Scene<'_> {
    /// The first word that a command lacks.
    pub(super) fn hears(&self) -> Option<Found> {
        self.check.hears.iter().find_map(|it| self.lacks_word(it))
    }

    fn lacks_word(&self, wanted: &HeardSpec) -> Option<Found> {
        let calls: Vec<_> = self.calls(&wanted.role).collect();
        if let Some(found) = calls.iter().find_map(|(note, called)| self.unwanted(wanted, note, called)) {
            return Some(found);
        }
        if let Some(found) = calls.iter().find_map(|(note, called)| self.wrong_digest(wanted, note, called)) {
            return Some(found);
        }
        let missing = |called: &Called| lacking(&called.words, &wanted.words);
        if calls.iter().any(|(_, called)| missing(called).is_none()) {
            return None;
        }
        let called = self.called(&wanted.role);
        let Some((note, last)) = calls.last() else {
            return Some(Found::new(format!("{} it does not come to {called}.", self.occasion())));
        };
        let word = missing(last)?;
        let words: Vec<String> = last.words.iter().map(|it| shown(it)).collect();
        let happened = format!(
            "{} the program is given {}. `{word}` is not among them.",
            self.occasion(),
            words.join(" ")
        );
        let raw = last.words.iter().find(|it| it.starts_with("$DRONE_") || it.starts_with("${DRONE_"));
        let with_v = last.words.iter().find(|it| **it == format!("v{word}"));
        let (more, next) = match (raw, with_v) {
            (Some(raw), _) => (
                format!(" In single quotes the shell leaves `{raw}` as it is."),
                Some("Put the variable into double quotes: there the shell puts its value in.".to_owned()),
            ),
            (_, Some(_)) => (
                format!(" `v{word}` is the whole tag, with its `v`."),
                Some("Take the variable that has the version without the `v`: `DRONE_SEMVER`.".to_owned()),
            ),
            _ => (String::new(), None),
        };
        let found = Found::new(happened + &more).at(item_span(self.page, note), format!("without `{word}`"));
        Some(Found { next, ..found })
    }

    /// A word that the command should not be given.
    fn unwanted(&self, wanted: &HeardSpec, note: &Note, called: &Called) -> Option<Found> {
        let fits = |it: &&String| wanted.without.iter().any(|pattern| glob::matches(pattern, it));
        let word = shown(called.words.iter().find(fits)?);
        let happened = format!("{} the program is given {word}, as it is typed.", self.occasion());
        Some(Found::new(happened).at(item_span(self.page, note), "typed"))
    }

    /// The first variable that is not what it should be.
    pub(super) fn variables(&self) -> Option<Found> {
        self.check.variables.iter().find_map(|it| self.lacks_variable(it))
    }

    fn lacks_variable(&self, wanted: &VariableSpec) -> Option<Found> {
        let (places, values): (Vec<Span>, Vec<Option<String>>) = self.values(wanted).into_iter().unzip();
        let right = |it: &String| match &wanted.secret {
            Some(name) => *it == secret(name),
            None => *it == wanted.value || wanted.or.contains(it),
        };
        let unset = wanted.value.is_empty() && wanted.secret.is_none() && values.iter().all(Option::is_none);
        if unset || values.iter().any(|it| it.as_ref().is_some_and(right)) {
            return None;
        }
        let (called, name) = (self.called(&wanted.role), &wanted.name);
        let expected = match &wanted.secret {
            Some(it) => format!("the value of the secret `{it}`"),
            None => shown(&wanted.value),
        };
        let is = match values.into_iter().flatten().next() {
            Some(value) if wanted.value.is_empty() && wanted.secret.is_none() => {
                format!("`{name}` is {}; it should not be set", shown(&value))
            }
            Some(value) => format!("`{name}` is {}, not {expected}", shown(&value)),
            None => format!("there is no `{name}`; it should be {expected}"),
        };
        let found = Found::new(format!("{}, for {called}, {is}.", self.occasion()));
        let place = self.place_of(wanted).or(places.first().copied());
        Some(place.map_or(found.clone(), |it| found.at(it, format!("for {called}"))))
    }

    /// Where each command of the role is, or each of its steps where it is no command, and the variable's value there.
    fn values(&self, wanted: &VariableSpec) -> Vec<(Span, Option<String>)> {
        let by_command = self.page.exercise.roles.get(&wanted.role).is_some_and(|it| !it.command.is_empty());
        if by_command {
            let value = |(note, called): (&Note, &Called)| {
                (item_span(self.page, note), called.environment.get(&wanted.name).cloned())
            };
            return self.calls(&wanted.role).map(value).collect();
        }
        let planned = self.planned(&wanted.role);
        let value = |(part, step): &(_, &crate::plan::StepPlan)| {
            let part: &crate::course::check::roles::Part = part;
            let variable = step.environment().into_iter().find(|it| it.name == wanted.name);
            let value = variable.map(|it| it.secret.as_ref().map_or(it.value, |it| secret(it)));
            (self.step_span((part.pipeline, part.step)), value)
        };
        planned.iter().map(value).collect()
    }

    /// Where the file sets the variable.
    fn place_of(&self, wanted: &VariableSpec) -> Option<Span> {
        let part = *self.parts(&wanted.role).first()?;
        let step = self.manifest.pipelines().nth(part.pipeline)?.steps.get(part.step)?;
        let setting = wanted.name.strip_prefix("PLUGIN_");
        let settings = step.settings.iter().filter(|(key, _)| setting == Some(&key.value.to_uppercase()));
        let variables = step.environment.iter().filter(|(key, _)| key.value == wanted.name);
        settings.map(|it| it.0.span).chain(variables.map(|it| it.0.span)).next()
    }

    /// The first call that is not made.
    pub(super) fn makes_calls(&self) -> Option<Found> {
        self.check.calls.iter().find_map(|it| self.lacks_call(it))
    }

    fn lacks_call(&self, wanted: &CallSpec) -> Option<Found> {
        let calls: Vec<_> = self.calls(&wanted.role).collect();
        if calls.iter().any(|(_, called)| is_made(called, wanted)) {
            return None;
        }
        let called = self.called(&wanted.role);
        let variables = wanted.variables.iter().map(|(name, value)| format!("`{name}={value}`"));
        let words = wanted.words.iter().map(|it| format!("`{it}`"));
        let all: Vec<String> = variables.chain(words).collect();
        let found = format!("{} no call of {called} has {} together.", self.occasion(), all.join(", "));
        // What ended the step before it came to a call says more.
        let red = self.rehearsal.ends.iter().find(|it| !it.green).filter(|_| calls.is_empty());
        if let Some(end) = red {
            return Some(self.red_step(end));
        }
        let Some((note, _)) = calls.last() else { return Some(Found::new(found)) };
        let times =
            if calls.len() == 1 { "called once".into() } else { format!("called {} times", calls.len()) };
        Some(Found::new(found).at(item_span(self.page, note), times))
    }

    fn calls<'s>(&'s self, role: &'s str) -> impl Iterator<Item = (&'s Note, &'s Called)> {
        self.rehearsal.notes.iter().filter_map(move |note| match &note.what {
            What::Called(called) if called.role == role => Some((note, &**called)),
            _ => None,
        })
    }
}

/// What is not known before the step really runs may be what is wanted.
fn is_made(called: &Called, wanted: &CallSpec) -> bool {
    let has =
        |(name, value): (&String, &String)| called.environment.get(name).is_some_and(|it| may_be(it, value));
    let bare = |it: &String| it.trim_start_matches("./").trim_start_matches("/drone/src/").to_owned();
    let words: Vec<String> = called.words.iter().map(bare).collect();
    wanted.variables.iter().all(has) && lacking(&words, &wanted.words).is_none()
}

/// The first wanted word that is not among the words. One that is not known may stand for one of them, and no more.
fn lacking(words: &[String], wanted: &[String]) -> Option<String> {
    let value = |it: &String| it.split_once('=').map(|(_, it)| it.to_owned());
    let given: Vec<String> = words.iter().flat_map(|it| [Some(it.clone()), value(it)]).flatten().collect();
    let mut unknown: Vec<&String> = given.iter().filter(|it| it.contains(UNKNOWN)).collect();
    let lacks = wanted.iter().filter(|it| !given.contains(it)).find(|it| {
        let place = unknown.iter().position(|word| may_be(word, it));
        place.map(|at| unknown.remove(at)).is_none()
    });
    lacks.cloned()
}

/// What is not known before the step really runs may be anything.
fn may_be(word: &str, wanted: &str) -> bool {
    let Some((begin, _)) = word.split_once(UNKNOWN) else { return word == wanted };
    let end = word.rsplit(UNKNOWN).next().unwrap_or_default();
    wanted.len() >= begin.len() + end.len() && wanted.starts_with(begin) && wanted.ends_with(end)
}

/// A word as a message shows it.
fn shown(word: &str) -> String {
    match word.strip_prefix('\u{fffc}').and_then(|it| it.strip_suffix('\u{fffc}')) {
        Some(name) => format!("the value of the secret `{name}`"),
        None if word.is_empty() => "an empty text".into(),
        None => format!("`{}`", word.replace([UNKNOWN, '\u{fffc}'], "…")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stands_alone_or_behind_its_option() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for (given, holds) in [
            ("stamp.py --edition spring", true),
            ("stamp.py --edition=spring", true),
            ("stamp.py spring,", false),
            ("stamp.py --edition", false),
            ("stamp.py \u{fffd}", true),
            ("stamp.py spr\u{fffd}", true),
            ("stamp.py summer\u{fffd}", false),
        ] {
            assert_eq!(lacking(&words(given), &words("spring")).is_none(), holds, "{given}");
        }
        let two = words("spring 7fd1a60b");
        assert_eq!(lacking(&words("--edition spring --commit \u{fffd}"), &two), None);
        assert_eq!(lacking(&words("--edition  --commit \u{fffd}"), &two).as_deref(), Some("7fd1a60b"));
    }

    #[test]
    fn a_message_shows_no_signs_of_our_own() {
        assert_eq!(shown(&secret("Token")), "the value of the secret `token`");
        assert_eq!((shown("").as_str(), shown("a\u{fffd}").as_str()), ("an empty text", "`a…`"));
    }
}
