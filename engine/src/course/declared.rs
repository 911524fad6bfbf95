//! What an author writes in `exercise.yml` and its neighbours, key by key. An unknown key is an error; nothing is judged.

use serde::Deserialize;
use std::collections::BTreeMap;

use crate::course::Rung;
use crate::plan::{Build, Event};

/// `chapter.yml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChapterFile {
    pub(super) title: String,
}

/// `exercise.yml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExerciseFile {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) rung: Rung,
    pub(super) minutes: u32,
    pub(super) page: String,
    #[serde(default)]
    pub(super) needs: Vec<String>,
    pub(super) edit: Vec<String>,
    pub(super) goal: String,
    pub(super) hints: Vec<String>,
    pub(super) expect_first: String,
    #[serde(default)]
    pub(super) secrets: Vec<String>,
    #[serde(default)]
    pub(super) roles: BTreeMap<String, Role>,
    #[serde(default)]
    pub(super) project: BTreeMap<String, Task>,
    pub(super) checks: Vec<CheckEntry>,
}

/// `expect.yml` of a near-miss.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectFile {
    pub(super) code: String,
    pub(super) why: String,
    /// Only a real run tells that it is wrong.
    #[serde(default)]
    pub(super) run: bool,
}

/// How a check finds a job in the pipeline, whatever the participant calls its step.
///
/// Exactly one of `command`, `image`, `plugin` and `position` is given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// What sentences call it: `the tests`.
    pub called: String,
    /// Any of these is run: the program and the first words after its options, such as `pip install`.
    #[serde(default)]
    pub command: Vec<String>,
    /// With one of these words the command does something else: `--version`.
    #[serde(default)]
    pub without: Vec<String>,
    /// The step's image, without its tag, ends with this.
    pub image: Option<String>,
    /// The same, for a step without `commands`.
    pub plugin: Option<String>,
    /// With these settings, each with the patterns that its value may have: what tells two steps of one plugin apart.
    #[serde(default)]
    pub settings: BTreeMap<String, Vec<String>>,
    /// The step's place.
    pub position: Option<Position>,
}

/// A place among the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Position {
    /// The first of the file.
    First,
    /// The last of the file.
    Last,
}

/// What the commands of a role need and leave, as the project's author knows it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Python packages that must be installed where it runs.
    #[serde(default)]
    pub packages: Vec<String>,
    /// Files that must be there: in the workspace, or at an absolute path.
    #[serde(default)]
    pub files: Vec<String>,
    /// Variables that must not be empty.
    #[serde(default)]
    pub variables: Vec<String>,
    /// Files that it leaves, in the same way.
    #[serde(default)]
    pub makes: Vec<String>,
    /// Options of its command, such as `-o`, behind which a file stands that it leaves.
    #[serde(default)]
    pub makes_named: Vec<String>,
    /// Variable → options, such as `-u`, behind which its value may stand instead.
    #[serde(default)]
    pub options: BTreeMap<String, Vec<String>>,
    /// It prints nothing on its standard output.
    pub silent: Option<Yes>,
    /// It listens for others, and does not end by itself.
    pub serves: Option<Yes>,
    /// The server that must answer it.
    pub asks: Option<Asks>,
}

/// A server that a program of the project speaks to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asks {
    /// The role that serves.
    pub role: String,
    /// The variable that names its host.
    pub variable: String,
    /// The host without that variable.
    pub otherwise: String,
}

/// One entry of `checks`, before its kind is known.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckEntry {
    pub(super) code: String,
    pub(super) says: String,
    pub(super) expected: String,
    pub(super) next: String,
    #[serde(default)]
    pub(super) after: Vec<String>,
    pub(super) model: Option<Fact>,
    pub(super) event: Option<EventCheck>,
    pub(super) answer: Option<AnswerCheck>,
    pub(super) table: Option<TableCheck>,
    pub(super) run: Option<RunCheck>,
}

/// A fact of the files as they are, without a build.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// The file holds so many docker pipelines, and nothing else.
    DockerPipelines(usize),
    /// The file holds docker pipelines, as many as it likes, and no others.
    Docker(Yes),
    /// None of these texts stands in a committed file, nor what base64 makes of it.
    Absent(Vec<String>),
    /// Every pipeline and every step has a name of its own.
    Named(Yes),
    /// An ignore rule keeps each of these paths out of the repository; they need not exist.
    Ignored(Vec<String>),
    /// The image of each step that names a secret is named by a digest, and by the one that this file lists for it: a
    /// line holds an image with its tag, and a digest.
    Digests(String),
    /// No key is written where Drone ignores it.
    NoUnknownKeys(Yes),
    /// The linter gives no warning with one of these codes; a hint may stay.
    NoWarnings(Vec<String>),
    /// Some step does the job of each of these roles.
    Present(Vec<String>),
    /// The images (of the steps with these roles; of all steps, if none is listed) are exact: a version or a digest.
    Pinned(Vec<String>),
    /// Whatever pip installs is exact: `==` and a whole version.
    Locked(Yes),
    /// These files reach a clone: they are there, and no ignore rule hides them.
    Committed(Vec<String>),
    /// These files are not as they were at the start: whether they are right, only a run tells.
    Changed(Vec<String>),
    /// These files of Python hold as many tests as at the start, or more, and none of them is skipped.
    KeepsTests(Vec<String>),
    /// No two of these roles share a step.
    Separate(Vec<String>),
    /// A file shows a badge of Drone, and each that it shows is that of a branch.
    Badge(BadgeSpec),
    /// No two of these roles share a pipeline.
    Apart(Vec<String>),
}

/// A file with badges.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BadgeSpec {
    /// The file.
    pub file: String,
    /// The branch, which is the default one of the repository.
    pub branch: String,
}

/// The only value of a fact that has no other: `yes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Yes {
    /// It must hold.
    Yes,
}

/// What one or more builds do.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventCheck {
    /// The builds; a push to `main` if none is given.
    #[serde(default)]
    pub builds: Vec<BuildSpec>,
    /// The commands of these roles end with an exit code other than 0: the broken twin of the project.
    #[serde(default)]
    pub broken: Vec<String>,
    /// The first command of these roles in a step fails, and those after it do not: a test that sometimes fails.
    #[serde(default)]
    pub flaky: Vec<String>,
    /// They do so only in one of these images, in each of them once.
    #[serde(default)]
    pub broken_in: Vec<String>,
    /// The steps of these roles go wrong.
    #[serde(default)]
    pub faults: Vec<FaultSpec>,
    /// How the build ends.
    pub result: Option<Outcome>,
    /// Roles that are reached.
    #[serde(default)]
    pub runs: Vec<String>,
    /// Roles that are not reached.
    #[serde(default)]
    pub skips: Vec<String>,
    /// Roles whose steps end well, also where the build does not.
    #[serde(default)]
    pub succeeds: Vec<String>,
    /// Roles of which each comes before the next.
    #[serde(default)]
    pub order: Vec<String>,
    /// Roles of which each comes before the next wherever either is done: with several steps, all of them.
    #[serde(default)]
    pub all_before: Vec<String>,
    /// Roles that start in the same wave.
    #[serde(default)]
    pub together: Vec<String>,
    /// Roles of which all that does the one is before all that does the next.
    #[serde(default)]
    pub after_all: Vec<String>,
    /// Roles that a build comes to once, and not twice.
    #[serde(default)]
    pub once: Vec<String>,
    /// Images in which a role runs, each of them.
    #[serde(default)]
    pub within_images: Vec<ImagesSpec>,
    /// Seconds within which each step ends, as far as its commands wait for something.
    pub within: Option<u32>,
    /// Secrets that a role gets.
    #[serde(default)]
    pub sees: Vec<SecretSpec>,
    /// Secrets that a role never gets.
    #[serde(default)]
    pub never_sees: Vec<SecretSpec>,
    /// Variables that a role has.
    #[serde(default)]
    pub variables: Vec<VariableSpec>,
    /// Words that the command of a role gets, after Drone and the shell have expanded it.
    #[serde(default)]
    pub hears: Vec<HeardSpec>,
    /// Calls that are made, each with these words and variables together.
    #[serde(default)]
    pub calls: Vec<CallSpec>,
    /// Files that a plugin takes from the workspace.
    #[serde(default)]
    pub takes: Vec<TakenSpec>,
    /// A list of digests that a command has written.
    pub sums: Option<SumsSpec>,
    /// Somebody changes the values of `environment` before the build: old → new.
    #[serde(default)]
    pub replaced: BTreeMap<String, String>,
}

/// How a build ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// All is well.
    Green,
    /// Something failed.
    Red,
}

/// A build, in the words of `plan`'s flags.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuildSpec {
    /// Drone's word for the event.
    pub event: String,
    /// The target branch.
    pub branch: Option<String>,
    /// The source branch.
    pub source: Option<String>,
    /// The tag.
    pub tag: Option<String>,
    /// The environment of a promotion.
    pub target: Option<String>,
    /// The cron job.
    pub cron: Option<String>,
    /// The commit's message.
    pub message: Option<String>,
    /// From somebody else's copy of the repository.
    #[serde(default)]
    pub fork: bool,
    /// Paths that the commits change.
    #[serde(default)]
    pub changed_files: Vec<String>,
}

/// Something to go wrong.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultSpec {
    /// Whose steps.
    pub role: String,
    /// What.
    pub fault: FaultWord,
    /// Seconds, for `slow`.
    #[serde(default)]
    pub seconds: u32,
}

/// The kinds of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultWord {
    /// An exit code other than 0 and 78.
    Fails,
    /// Exit code 78.
    #[serde(rename = "exits_78")]
    Exits78,
    /// A service that needs a while.
    Slow,
}

/// A secret and who may have it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretSpec {
    /// Whose steps.
    pub role: String,
    /// The secret's name.
    pub secret: String,
}

/// A variable and who has it: the command of the role, or its step where the role is no command.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariableSpec {
    /// Whose steps.
    pub role: String,
    /// The variable's name.
    pub name: String,
    /// The value it must have.
    #[serde(default)]
    pub value: String,
    /// Other values that mean the same.
    #[serde(default)]
    pub or: Vec<String>,
    /// The secret whose value it must have, instead of `value`.
    pub secret: Option<String>,
}

/// Images and what runs in each of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImagesSpec {
    /// Whose commands.
    pub role: String,
    /// Name and begin of the tag: `python:3.12` is `python:3.12-slim` and `python:3.12.4` too.
    pub images: Vec<String>,
}

/// Words and whose command gets them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeardSpec {
    /// Whose commands.
    pub role: String,
    /// Each is a word of its own, or stands behind the `=` of an option.
    pub words: Vec<String>,
    /// Patterns of words that no call gets.
    #[serde(default)]
    pub without: Vec<String>,
    /// A file that is among the words: what stands behind it, if anything does, is its SHA-256 digest, computed.
    pub digest: Option<String>,
}

/// One call of a role's command.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallSpec {
    /// Whose command.
    pub role: String,
    /// Variables that it has.
    #[serde(rename = "with")]
    pub variables: BTreeMap<String, String>,
    /// Words that it gets.
    #[serde(default)]
    pub words: Vec<String>,
}

/// Files and the setting of the plugin that names them, by pattern or, where folders are taken whole, by their folder.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakenSpec {
    /// Whose step.
    pub role: String,
    /// The setting.
    pub setting: String,
    /// The files.
    pub files: Vec<String>,
    /// True when the setting may name a folder.
    #[serde(default)]
    pub folders: bool,
}

/// A list of SHA-256 digests, as `sha256sum` writes it, for somebody who has it beside the files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SumsSpec {
    /// Whose commands write it.
    pub role: String,
    /// The list.
    pub file: String,
    /// The names of the files beside it: these, and no others.
    pub names: Vec<String>,
}

/// Questions that are answered in a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerCheck {
    /// The file with the answers.
    pub file: String,
    /// The questions, in order.
    pub questions: Vec<Question>,
}

/// One question: what happens, and why.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The key of the answer in the file.
    pub id: String,
    /// The question itself.
    pub ask: String,
    /// Letter → what may be chosen.
    pub answers: BTreeMap<String, Choice>,
    /// Letter → why. Without reasons none is asked for.
    #[serde(default)]
    pub reasons: BTreeMap<String, Choice>,
    /// The build, when the planner knows the answer; then exactly one answer is `runs` and one is `skipped`.
    pub planned: Option<Planned>,
}

/// A table that is filled in a file: what each of some steps does in each of some builds. The planner knows what is right.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableCheck {
    /// The file with the table: a map of rows, each a map of steps.
    pub file: String,
    /// The pipeline that is meant.
    pub pipeline: String,
    /// The steps, in order.
    pub steps: Vec<String>,
    /// The builds, in order.
    pub rows: Vec<TableRow>,
}

/// One build of a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRow {
    /// The key of the row in the file.
    pub id: String,
    /// The build.
    pub build: BuildSpec,
}

/// What the planner is asked to answer a question.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// The file whose pipeline is meant.
    pub file: String,
    /// The build.
    pub build: BuildSpec,
    /// The step's name.
    pub step: String,
    /// The letter that is right when the step runs.
    pub runs: String,
    /// The letter that is right when it does not.
    pub skipped: String,
}

/// Something that may be chosen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its words.
    pub text: String,
    /// True for the right one.
    #[serde(default)]
    pub right: bool,
    /// What to say to somebody who chose it, when it is wrong.
    #[serde(default)]
    pub but: String,
}

/// A real run of the pipeline, from a fresh clone on a clean machine.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunCheck {
    /// The build; a push to `main` if none is given.
    pub build: Option<BuildSpec>,
    /// It takes place only where a check could not follow the commands, and takes its part.
    pub where_unknown: Option<Yes>,
    /// The name of a folder in `twins/`: its files are laid over the project, which is broken then.
    #[serde(default)]
    pub twin: Option<String>,
    /// Variables that the build machine gives to every step, beneath all that the file says. `{turn}` in a value is the
    /// number of the turn.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// So many turns, each of which is to end as asked; one if nothing is given.
    #[serde(default)]
    pub times: u32,
    /// How the run ends.
    pub result: Option<Outcome>,
    /// Words that the log holds.
    #[serde(default)]
    pub log: Vec<String>,
    /// Words that the log does not hold: what must not have happened.
    #[serde(default)]
    pub not_in_log: Vec<String>,
}

impl BuildSpec {
    /// The build; `Err` names the word that is no event.
    pub(super) fn build(&self) -> Result<Build, String> {
        let event =
            Event::from_word(&self.event).ok_or_else(|| format!("there is no event `{}`", self.event))?;
        let mut build = Build::new(event);
        if let Some(branch) = &self.branch {
            build = build.with_branch(branch);
        }
        if let Some(tag) = &self.tag {
            build = build.with_tag(tag);
        }
        if let Some(source) = &self.source {
            build = build.with_source(source);
        }
        let keep = |new: &Option<String>, old: &mut String| {
            if let Some(new) = new {
                old.clone_from(new);
            }
        };
        keep(&self.target, &mut build.target);
        keep(&self.cron, &mut build.cron);
        keep(&self.message, &mut build.message);
        build.fork = self.fork;
        build.changed_files.clone_from(&self.changed_files);
        Ok(build)
    }
}

impl EventCheck {
    /// Every role that is named.
    pub(super) fn roles(&self) -> Vec<&String> {
        let lists = [
            &self.broken,
            &self.flaky,
            &self.runs,
            &self.skips,
            &self.succeeds,
            &self.order,
            &self.together,
            &self.all_before,
        ];
        let faults = self.faults.iter().map(|it| &it.role);
        let secrets = self.sees.iter().chain(&self.never_sees).map(|it| &it.role);
        let variables = self.variables.iter().map(|it| &it.role);
        let heard = self.hears.iter().map(|it| &it.role);
        let calls = self.calls.iter().map(|it| &it.role).chain(self.takes.iter().map(|it| &it.role));
        let images = self.within_images.iter().map(|it| &it.role);
        let told = faults.chain(secrets).chain(variables).chain(heard).chain(calls).chain(images);
        lists.into_iter().chain([&self.once, &self.after_all]).flatten().chain(told).collect()
    }
}

impl Fact {
    /// Every role that is named.
    pub(super) fn roles(&self) -> Vec<&String> {
        match self {
            Self::Present(roles) | Self::Pinned(roles) | Self::Separate(roles) | Self::Apart(roles) => {
                roles.iter().collect()
            }
            _ => Vec::new(),
        }
    }
}
