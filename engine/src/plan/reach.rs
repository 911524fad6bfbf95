//! Conditions of a `trigger` and a `when` → a build that matches all of them, or those that no build can match (§4.1–4.5).
//!
//! Candidates for each value of a build are taken from the patterns themselves, and the one evaluator of conditions says
//! whether they match. Where none does and another one might, the answer is [`Reach::Unsure`]: `Never` is never a guess.

use crate::pipeline::{Condition, ConditionKey, Conditions};
use crate::plan::conditions::{RUNNER, SERVER, condition_matches, restricts};
use crate::plan::{Build, Event, glob};

/// Which builds are thought of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forge {
    /// Those of GitHub, Gitea and GitLab: a tag build has no branch (§4.5).
    Usual,
    /// Those of every forge: a tag build may also have a branch, and some values may come from an earlier build.
    Any,
}

/// Where a condition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// In the `trigger` of a pipeline.
    Trigger,
    /// In the `when` of a step or service.
    When,
}

/// A condition that is asked for, and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'c> {
    /// The condition.
    pub condition: &'c Condition,
    /// Where it stands.
    pub block: Block,
}

/// Whether some build matches.
#[derive(Clone, Debug)]
pub enum Reach<'c> {
    /// This one does.
    Some(Box<Build>),
    /// None does. These conditions cannot all match, and without any one of them the others could.
    Never(Vec<Asked<'c>>),
    /// It cannot be told, for example because two patterns would have to meet.
    Unsure,
}

impl Reach<'_> {
    /// True when certainly some build matches.
    #[must_use]
    pub fn is_some(&self) -> bool {
        matches!(self, Self::Some(_))
    }
}

/// Conditions that must all match.
#[derive(Clone, Debug, Default)]
pub struct Question<'c> {
    asked: Vec<Asked<'c>>,
    /// A condition was left out, because a build's values become a part of it.
    blurred: bool,
}

impl<'c> Question<'c> {
    /// Asks nothing: every build matches.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What the server asks for a pipeline. It compares the text as it is written.
    #[must_use]
    pub fn trigger(mut self, trigger: &'c Conditions) -> Self {
        let own = trigger.entries.iter().filter(|it| SERVER.contains(&it.key) && restricts(it));
        self.asked.extend(own.map(|condition| Asked { condition, block: Block::Trigger }));
        self
    }

    /// What the runner asks for a step. What it replaces before is not known here.
    #[must_use]
    pub fn when(mut self, when: &'c Conditions) -> Self {
        for condition in when.entries.iter().filter(|it| RUNNER.contains(&it.key) && restricts(it)) {
            let replaced =
                condition.include.iter().chain(&condition.exclude).any(|it| it.value.contains('$'));
            self.blurred |= replaced;
            if !replaced {
                self.asked.push(Asked { condition, block: Block::When });
            }
        }
        self
    }

    /// The same question, without what it asks of one key.
    #[must_use]
    pub fn without(&self, key: ConditionKey) -> Self {
        let others = self.asked.iter().filter(|it| it.condition.key != key);
        Self { asked: others.copied().collect(), blurred: self.blurred }
    }

    /// Whether some build of these events matches.
    #[must_use]
    pub fn reach(&self, events: &[Event], forge: Forge) -> Reach<'c> {
        match search(&self.asked, events, forge) {
            Found::Some(_) if self.blurred => Reach::Unsure,
            Found::Some(build) => Reach::Some(build),
            Found::Unsure => Reach::Unsure,
            Found::None => Reach::Never(self.core(events, forge)),
        }
    }

    /// True when certainly no build of these events matches; for those who do not ask which conditions are to blame.
    #[must_use]
    pub fn is_never(&self, events: &[Event], forge: Forge) -> bool {
        matches!(search(&self.asked, events, forge), Found::None)
    }

    /// The fewest conditions that contradict each other: all those that cannot be left out.
    fn core(&self, events: &[Event], forge: Forge) -> Vec<Asked<'c>> {
        let mut core = self.asked.clone();
        for at in (0..core.len()).rev() {
            let left_out = core.remove(at);
            if !matches!(search(&core, events, forge), Found::None) {
                core.insert(at, left_out);
            }
        }
        core
    }
}

/// What a search ends with.
enum Found<T> {
    Some(T),
    None,
    Unsure,
}

fn search(asked: &[Asked<'_>], events: &[Event], forge: Forge) -> Found<Box<Build>> {
    let mut unsure = false;
    for event in events {
        if !of_key(asked, ConditionKey::Event).all(|it| condition_matches(it, event.word())) {
            continue;
        }
        for place in places(*event) {
            match (Search { asked, event: *event, place: *place, forge }).run() {
                Found::Some(build) => return Found::Some(build),
                Found::Unsure => unsure = true,
                Found::None => {}
            }
        }
    }
    if unsure { Found::Unsure } else { Found::None }
}

fn of_key<'a, 'c>(
    asked: &'a [Asked<'c>],
    key: ConditionKey,
) -> impl Iterator<Item = &'c Condition> + use<'a, 'c> {
    asked.iter().map(|it| it.condition).filter(move |it| it.key == key)
}

/// What is built: the head of a branch, of a pull request, or a tag. Values that belong together follow from it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Branch,
    PullRequest,
    Tag,
}

/// A promotion builds again what another build was made of.
fn places(event: Event) -> &'static [Place] {
    match event {
        Event::Push | Event::Cron | Event::Custom => &[Place::Branch],
        Event::PullRequest => &[Place::PullRequest],
        Event::Tag => &[Place::Tag],
        Event::Promote | Event::Rollback => &[Place::Branch, Place::Tag, Place::PullRequest],
    }
}

/// The values that one key may have: some words, and maybe any other text that is well formed.
struct Domain {
    words: &'static [&'static str],
    free: Option<Form>,
}

/// A value that can be any text.
struct Form {
    /// What the condition is compared with begins so; what is searched for is the rest.
    prefix: &'static str,
    is_well_formed: fn(&str) -> bool,
    fresh: &'static [&'static str],
    /// What begins so is not well formed.
    foreign: &'static [&'static str],
}

const BRANCH: Form = Form {
    prefix: "",
    is_well_formed: is_name,
    fresh: &["main", "feature/x", "qz7", "qz7/wy8/vx9"],
    foreign: &[],
};
const TAG: Form = Form {
    prefix: "refs/tags/",
    is_well_formed: is_name,
    fresh: &["v1.0.0", "qz7", "qz7/wy8/vx9"],
    foreign: &[],
};
const PULL_REF: Form = Form {
    prefix: "refs/",
    is_well_formed: is_pull_ref,
    fresh: &["pull/1/head", "merge-requests/1/head", "pull-requests/1/from"],
    foreign: &["refs/heads/", "refs/tags/"],
};
const REPO: Form =
    Form { prefix: "", is_well_formed: is_repo, fresh: &["octocat/hello-world", "qz7/wy8"], foreign: &[] };
const WORD: Form =
    Form { prefix: "", is_well_formed: is_word, fresh: &["production", "nightly", "qz7"], foreign: &[] };
const HOST: Form =
    Form { prefix: "", is_well_formed: is_word, fresh: &["drone.example.com", "qz7"], foreign: &[] };

/// A name of a branch or a tag, as git allows it, more or less.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.split('/').all(|it| !it.is_empty())
}

fn is_pull_ref(rest: &str) -> bool {
    is_name(rest) && !rest.starts_with("heads/") && !rest.starts_with("tags/")
}

fn is_repo(name: &str) -> bool {
    is_name(name) && name.contains('/')
}

fn is_word(word: &str) -> bool {
    !word.is_empty()
}

/// The search for one event and one place.
struct Search<'a, 'c> {
    asked: &'a [Asked<'c>],
    event: Event,
    place: Place,
    forge: Forge,
}

impl Search<'_, '_> {
    fn run(&self) -> Found<Box<Build>> {
        let mut unsure = false;
        let mut values: [Option<String>; 6] = Default::default();
        let keys = [
            ConditionKey::Action,
            ConditionKey::Target,
            ConditionKey::Cron,
            ConditionKey::Repo,
            ConditionKey::Instance,
            ConditionKey::Branch,
        ];
        for (value, key) in values.iter_mut().zip(keys) {
            if of_key(self.asked, key).next().is_none() {
                continue;
            }
            match pick(&self.wishes(key), &self.domain(key)) {
                Found::Some(found) => *value = Some(found),
                Found::None => return Found::None,
                Found::Unsure => unsure = true,
            }
        }
        let rest = match self.git_ref() {
            Found::Some(rest) => rest,
            Found::None => return Found::None,
            Found::Unsure => return Found::Unsure,
        };
        if unsure { Found::Unsure } else { Found::Some(Box::new(self.build(values, rest))) }
    }

    /// All that one value must match. The ref of a branch follows from its name, so both are asked at once.
    fn wishes(&self, key: ConditionKey) -> Vec<Wish<'_>> {
        let plain = of_key(self.asked, key).map(|condition| Wish { condition, prefix: "" });
        if key != ConditionKey::Branch || self.place != Place::Branch {
            return plain.collect();
        }
        let refs = of_key(self.asked, ConditionKey::Ref);
        plain.chain(refs.map(|condition| Wish { condition, prefix: "refs/heads/" })).collect()
    }

    fn domain(&self, key: ConditionKey) -> Domain {
        let any = self.forge == Forge::Any;
        let promoted = matches!(self.event, Event::Promote | Event::Rollback);
        let (words, free): (&[&str], Option<Form>) = match key {
            ConditionKey::Action => (self.actions(promoted), None),
            ConditionKey::Target if promoted => (&[], Some(WORD)),
            ConditionKey::Target if any && self.event == Event::Cron => (&[""], Some(WORD)),
            ConditionKey::Cron if self.event == Event::Cron => (&[], Some(WORD)),
            ConditionKey::Cron if any && promoted => (&[""], Some(WORD)),
            ConditionKey::Repo => (&[], Some(REPO)),
            ConditionKey::Instance => (&[], Some(HOST)),
            ConditionKey::Branch if self.place != Place::Tag => (&[], Some(BRANCH)),
            ConditionKey::Branch if any => (&[""], Some(BRANCH)),
            _ => (&[""], None),
        };
        Domain { words, free }
    }

    fn actions(&self, promoted: bool) -> &'static [&'static str] {
        match (self.place, promoted) {
            (Place::PullRequest, false) => &["opened", "synchronized"],
            (Place::PullRequest, true) => &["", "opened", "synchronized"],
            (Place::Tag, false) => &["create"],
            (Place::Tag, true) => &["", "create"],
            (Place::Branch, _) if self.forge == Forge::Any => &["", "create"],
            (Place::Branch, _) => &[""],
        }
    }

    /// What follows the fixed beginning of the ref: a branch, a tag, or a pull request's ref.
    fn git_ref(&self) -> Found<Option<String>> {
        if of_key(self.asked, ConditionKey::Ref).next().is_none() {
            return Found::Some(None);
        }
        let form = match self.place {
            Place::Branch => {
                let domain = Domain { words: &[], free: Some(BRANCH) };
                return some(pick(&self.wishes(ConditionKey::Branch), &domain));
            }
            Place::PullRequest => PULL_REF,
            Place::Tag => TAG,
        };
        let prefix = form.prefix;
        let refs = of_key(self.asked, ConditionKey::Ref).map(|condition| Wish { condition, prefix });
        some(pick(&refs.collect::<Vec<_>>(), &Domain { words: &[], free: Some(form) }))
    }

    fn build(&self, values: [Option<String>; 6], rest: Option<String>) -> Build {
        let mut build = Build::new(self.event);
        let [action, target, cron, repo, instance, branch] = values;
        match (self.place, rest) {
            (Place::Branch, rest) => {
                if let Some(branch) = rest.or_else(|| branch.clone()) {
                    build = build.with_branch(&branch);
                }
            }
            (Place::PullRequest, rest) => {
                build.git_ref = format!("refs/{}", rest.as_deref().unwrap_or("pull/1/head"));
            }
            (Place::Tag, rest) => build = build.with_tag(rest.as_deref().unwrap_or("v1.0.0")),
        }
        let known = [
            (&mut build.action, action),
            (&mut build.target, target),
            (&mut build.cron, cron),
            (&mut build.repo, repo),
            (&mut build.instance, instance),
            (&mut build.branch, branch),
        ];
        for (place, value) in known {
            if let Some(value) = value {
                *place = value;
            }
        }
        build
    }
}

fn some(found: Found<String>) -> Found<Option<String>> {
    match found {
        Found::Some(it) => Found::Some(Some(it)),
        Found::None => Found::None,
        Found::Unsure => Found::Unsure,
    }
}

/// A condition that must match a value, whose beginning is known.
struct Wish<'c> {
    condition: &'c Condition,
    prefix: &'static str,
}

/// Patterns that are tried for one value. Who writes more gets `Unsure` where none of the first ones fits.
const MOST_PATTERNS: usize = 40;

/// Values that are tried before the answer is `Unsure`. A short file can ask for millions, each slow to compare.
const MOST_TRIES: usize = 200;

/// A value that all wishes match.
fn pick(wishes: &[Wish<'_>], domain: &Domain) -> Found<String> {
    let word = domain.words.iter().find(|it| wishes.iter().all(|wish| condition_matches(wish.condition, it)));
    if let Some(word) = word {
        return Found::Some((*word).to_owned());
    }
    let Some(form) = &domain.free else { return Found::None };
    let fits = |value: &str| {
        let mut whole = String::new();
        (form.is_well_formed)(value)
            && wishes.iter().all(|wish| {
                whole.clear();
                whole.push_str(wish.beginning(form));
                whole.push_str(value);
                condition_matches(wish.condition, &whole)
            })
    };
    if let Some(fresh) = form.fresh.iter().find(|it| fits(it)) {
        return Found::Some((*fresh).to_owned());
    }
    let mut tries = 0;
    for wish in wishes {
        for pattern in wish.condition.include.iter().take(MOST_PATTERNS) {
            let values = glob::samples(&pattern.value).inspect(|_| tries += 1).take(MOST_TRIES);
            let rest =
                |it: String| it.strip_prefix(wish.beginning(form)).filter(|it| fits(it)).map(str::to_owned);
            if let Some(found) = { values }.find_map(rest) {
                return Found::Some(found);
            }
            if tries >= MOST_TRIES {
                return Found::Unsure;
            }
        }
    }
    if wishes.iter().any(|it| it.is_decided(wishes, form)) { Found::None } else { Found::Unsure }
}

impl Wish<'_> {
    fn beginning(&self, form: &Form) -> &'static str {
        if self.prefix.is_empty() { form.prefix } else { self.prefix }
    }

    /// True when every value that this condition lets through was tried.
    fn is_decided(&self, all: &[Wish<'_>], form: &Form) -> bool {
        let excluded = |pattern: &str| {
            let same = all.iter().filter(|it| it.beginning(form) == self.beginning(form));
            same.take(MOST_PATTERNS).any(|it| it.excludes(pattern))
        };
        if self.excludes("**") {
            return true;
        }
        let include = &self.condition.include;
        if include.is_empty() || include.len() > MOST_PATTERNS {
            return false;
        }
        include.iter().map(|it| it.value.as_str()).all(|it| {
            glob::is_literal(it)
                || glob::cannot_begin(it, self.beginning(form))
                || form.foreign.iter().any(|foreign| it.starts_with(foreign))
                || excluded(it)
        })
    }

    fn excludes(&self, pattern: &str) -> bool {
        self.condition.exclude.iter().take(MOST_PATTERNS).any(|it| it.value == pattern)
    }
}

#[cfg(test)]
mod tests {
    use ConditionKey::{Action, Branch, Cron, Instance, Ref, Repo, Target};

    use super::*;
    use crate::plan::testing::conditions;
    use crate::plan::{trigger_allows, when_allows};

    type Keys<'k> = &'k [(ConditionKey, &'k [&'k str], &'k [&'k str])];
    const EVENT: ConditionKey = ConditionKey::Event;

    fn ask(trigger: Keys<'_>, when: Keys<'_>, forge: Forge) -> &'static str {
        let (trigger, when) = (conditions(trigger), conditions(when));
        let question = Question::new().trigger(&trigger).when(&when);
        match question.reach(&Event::ALL, forge) {
            Reach::Some(build) => {
                assert!(trigger_allows(&trigger, &build) && when_allows(&when, &build), "{build:?}");
                "some"
            }
            Reach::Never(_) => "never",
            Reach::Unsure => "unsure",
        }
    }

    /// Trigger, when, the answer for usual forges, and for any.
    #[test]
    fn a_contradiction_is_found_and_nothing_else_is_called_one() {
        let rows: &[(Keys<'_>, Keys<'_>, &str, &str)] = &[
            (&[], &[], "some", "some"),
            (&[(EVENT, &["push"], &[])], &[(EVENT, &["tag"], &[])], "never", "never"),
            (&[(EVENT, &["push", "tag"], &[])], &[(EVENT, &["tag"], &[])], "some", "some"),
            (&[(EVENT, &[], &["tag"])], &[(EVENT, &["tag"], &[])], "never", "never"),
            (&[(EVENT, &["pr"], &[])], &[], "never", "never"),
            (&[(EVENT, &["p*"], &[])], &[(Target, &["production"], &[])], "some", "some"),
            (&[(EVENT, &["push"], &[]), (Target, &["production"], &[])], &[], "never", "never"),
            (&[(EVENT, &["push"], &[]), (Target, &[], &["production"])], &[], "some", "some"),
            (&[(EVENT, &["push"], &[]), (Cron, &["nightly"], &[])], &[], "never", "never"),
            (&[(EVENT, &["push"], &[]), (Cron, &["*"], &[])], &[], "some", "some"),
            (&[(EVENT, &["push"], &[]), (Action, &["opened"], &[])], &[], "never", "never"),
            (&[(EVENT, &["pull_request"], &[]), (Action, &["opened"], &[])], &[], "some", "some"),
            (&[(Action, &["closed"], &[])], &[], "never", "never"),
            (&[(Branch, &["main"], &[])], &[(Branch, &["dev"], &[])], "never", "never"),
            (&[(Branch, &["main"], &[])], &[(Branch, &["m*"], &[])], "some", "some"),
            (&[(Branch, &["main"], &[])], &[(Branch, &[], &["m*"])], "never", "never"),
            (&[(Branch, &["release/*"], &[])], &[(Branch, &["*/1.2"], &[])], "unsure", "unsure"),
            (&[(Branch, &["release/*"], &["release/*"])], &[], "never", "never"),
            (&[(Branch, &["release/*"], &["release/**"])], &[], "unsure", "unsure"),
            (&[(Branch, &["main"], &["**"])], &[], "never", "never"),
            (&[(Branch, &["main"], &[])], &[(EVENT, &["tag"], &[])], "never", "some"),
            (&[(Branch, &[], &["main"])], &[(EVENT, &["tag"], &[])], "some", "some"),
            (&[(Branch, &["*"], &[])], &[(EVENT, &["tag"], &[])], "some", "some"),
            (
                &[(Branch, &["main"], &[])],
                &[(Ref, &["refs/tags/*"], &[]), (EVENT, &["push"], &[])],
                "never",
                "never",
            ),
            (&[(Branch, &["main"], &[])], &[(Ref, &["refs/tags/*"], &[])], "never", "some"),
            (&[(Ref, &["refs/tags/*"], &[])], &[(EVENT, &["pull_request"], &[])], "never", "never"),
            (
                &[(Branch, &["main"], &[]), (EVENT, &["tag", "push"], &[])],
                &[(Ref, &["refs/tags/*"], &[])],
                "never",
                "some",
            ),
            (
                &[(Branch, &["main"], &[])],
                &[(Ref, &["refs/heads/dev"], &[]), (EVENT, &["push"], &[])],
                "never",
                "never",
            ),
            (&[(Branch, &["main"], &[])], &[(Ref, &["refs/heads/main"], &[])], "some", "some"),
            (&[(Ref, &["refs/tags/v[0-9]*.{1,2}"], &[])], &[(EVENT, &["tag"], &[])], "some", "some"),
            (&[(Ref, &["refs/pull/*/head"], &[])], &[(EVENT, &["pull_request"], &[])], "some", "some"),
            (&[(Ref, &["refs/pull/12/head"], &[])], &[(EVENT, &["push"], &[])], "never", "never"),
            (&[(Ref, &["refs/merge-requests/**"], &[])], &[(EVENT, &["pull_request"], &[])], "some", "some"),
            (&[(Ref, &["v*"], &[])], &[], "never", "never"),
            (&[(Ref, &["refs/tags/**"], &[])], &[(EVENT, &["promote"], &[])], "some", "some"),
            (&[(Repo, &["octocat"], &[])], &[], "never", "never"),
            (&[(Repo, &["octo/*"], &[])], &[(Repo, &["octo/cat"], &[])], "some", "some"),
            (&[(Instance, &["a"], &[])], &[], "some", "some"),
            (&[], &[(Instance, &["a"], &["a"])], "never", "never"),
            (&[], &[(Branch, &["${DRONE_REPO_BRANCH}"], &[])], "unsure", "unsure"),
            (&[], &[(Branch, &["$X"], &[]), (EVENT, &["pr"], &[])], "never", "never"),
            (&[(Branch, &["${DRONE_REPO_BRANCH}"], &[])], &[], "some", "some"),
            (&[(EVENT, &["promote"], &[]), (Action, &["create"], &[])], &[], "some", "some"),
        ];
        for (trigger, when, usual, any) in rows {
            assert_eq!(ask(trigger, when, Forge::Usual), *usual, "usual: {trigger:?} {when:?}");
            assert_eq!(ask(trigger, when, Forge::Any), *any, "any: {trigger:?} {when:?}");
        }
    }

    #[test]
    fn only_the_conditions_that_contradict_each_other_are_named() {
        let trigger = conditions(&[(Repo, &["a/b"], &[]), (EVENT, &["push"], &[]), (Branch, &["main"], &[])]);
        let when = conditions(&[(Branch, &["m*"], &[]), (Target, &["production"], &[])]);
        let question = Question::new().trigger(&trigger).when(&when);
        let Reach::Never(core) = question.reach(&Event::ALL, Forge::Any) else {
            panic!("it is never reached")
        };
        let named: Vec<_> = core.iter().map(|it| (it.condition.key, it.block)).collect();
        assert_eq!(named, [(EVENT, Block::Trigger), (Target, Block::When)]);
    }

    /// A small world, searched to its end: what matches there is never called unreachable.
    #[test]
    fn what_some_build_matches_is_never_called_unreachable() {
        let patterns: &[&[&str]] = &[
            &["push", "tag", "p*", "{tag,cron}", "pull_request", "promote", "[^p]*"],
            &["main", "*", "**", "rel/*", "rel/1", "m**", "{main,rel/1}", "*/1", "["],
            &["refs/heads/*", "refs/heads/main", "refs/tags/**", "refs/tags/v?", "refs/**", "v*", "**/main"],
            &["production", "p*", "*"],
        ];
        let keys = [EVENT, Branch, Ref, Target];
        let builds = world();
        let mut seed = 7_u64;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap() % below
        };
        let (mut reached, mut never) = (0, 0);
        for _ in 0..4_000 {
            let mut block = || {
                let mut entries: Vec<(ConditionKey, Vec<&str>, Vec<&str>)> = Vec::new();
                for (key, own) in keys.iter().zip(patterns) {
                    if next(2) == 0 {
                        let mut some = |most| (0..next(most)).map(|_| own[next(own.len())]).collect();
                        entries.push((*key, some(3), some(2)));
                    }
                }
                let entries: Vec<_> = entries.iter().map(|it| (it.0, &it.1[..], &it.2[..])).collect();
                conditions(&entries)
            };
            let (trigger, when) = (block(), block());
            let matched = builds.iter().find(|it| trigger_allows(&trigger, it) && when_allows(&when, it));
            match Question::new().trigger(&trigger).when(&when).reach(&Event::ALL, Forge::Usual) {
                Reach::Some(build) => {
                    assert!(trigger_allows(&trigger, &build) && when_allows(&when, &build), "{build:?}");
                    reached += 1;
                }
                Reach::Never(_) => {
                    assert!(matched.is_none(), "{trigger:?} {when:?} are matched by {matched:?}");
                    never += 1;
                }
                Reach::Unsure => {}
            }
        }
        assert!(reached > 500 && never > 500, "{reached} {never}");
    }

    fn world() -> Vec<Build> {
        let mut builds = Vec::new();
        for event in Event::ALL {
            for name in ["main", "rel/1", "rel/2", "mx", "dev/1", "a/b/c", "v1"] {
                let build = Build::new(event);
                builds.push(match event {
                    Event::Tag => build.with_tag(name),
                    _ => build.with_branch(name),
                });
                if event == Event::Promote {
                    builds.push(Build::new(event).with_tag(name));
                }
            }
        }
        builds
    }
}
