//! The files under `exercises/` and `solutions/` → [`Course`] and [`Solutions`], or all that is wrong with them.

use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

use crate::course::declared::{ChapterFile, CheckEntry, ExerciseFile, ExpectFile};
use crate::course::{Chapter, Check, CheckKind, Course, Exercise, Files};

/// The answers to all exercises, by the exercise's folder.
#[derive(Clone, Debug, Default)]
pub struct Solutions {
    /// Folder, such as `01_clean_machine/01_nothing_is_installed` → its answers.
    pub by_folder: BTreeMap<String, Answers>,
}

/// The answers to one exercise. Each is only what differs from the start; see [`Answers::laid_over`].
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// One good answer, with the reasons as comments.
    pub solution: Files,
    /// Others, written differently.
    pub alternates: BTreeMap<String, Files>,
    /// Plausible wrong answers.
    pub near_misses: BTreeMap<String, NearMiss>,
}

/// A plausible wrong answer.
#[derive(Clone, Debug, Default)]
pub struct NearMiss {
    /// What differs from the start.
    pub files: Files,
    /// The code of the finding it must give.
    pub code: String,
    /// Why somebody would write it, and what is wrong with it.
    pub why: String,
    /// Only a real run tells that it is wrong.
    pub run: bool,
}

impl Answers {
    /// The exercise folder with an answer in place.
    #[must_use]
    pub fn laid_over(start: &Files, answer: &Files) -> Files {
        let mut files = start.clone();
        files.extend(answer.iter().map(|(path, content)| (path.clone(), content.clone())));
        files
    }
}

impl Solutions {
    /// Reads all of `solutions/`: paths such as `01_x/02_y/solution/.drone.yml`.
    ///
    /// # Errors
    /// One message for each thing that is wrong.
    pub fn read(files: &Files) -> Result<Self, Vec<String>> {
        let (mut found, mut wrong) = (Self::default(), Vec::new());
        for (path, content) in files {
            let parts: Vec<&str> = path.splitn(5, '/').collect();
            let [chapter, exercise, _, ..] = parts.as_slice() else {
                wrong.push(format!("solutions/{path}: stray file"));
                continue;
            };
            let answers = found.by_folder.entry(format!("{chapter}/{exercise}")).or_default();
            match parts[2..] {
                ["solution", ..] => {
                    answers.solution.insert(stored_name(&parts[3..].join("/")), content.clone());
                }
                ["alternates", name, file] => {
                    let one = answers.alternates.entry(name.into()).or_default();
                    one.insert(stored_name(file), content.clone());
                }
                ["near-misses", name, "expect.yml"] => {
                    let one = answers.near_misses.entry(name.into()).or_default();
                    match parse::<ExpectFile>(&format!("solutions/{path}"), content) {
                        Ok(expect) => (one.code, one.why, one.run) = (expect.code, expect.why, expect.run),
                        Err(message) => wrong.push(message),
                    }
                }
                ["near-misses", name, file] => {
                    let one = answers.near_misses.entry(name.into()).or_default();
                    one.files.insert(stored_name(file), content.clone());
                }
                _ => wrong.push(format!("solutions/{path}: stray file")),
            }
        }
        if wrong.is_empty() { Ok(found) } else { Err(wrong) }
    }

    /// The answers to an exercise.
    #[must_use]
    pub fn of(&self, exercise: &Exercise) -> Option<&Answers> {
        self.by_folder.get(&exercise.folder)
    }
}

impl Course {
    /// Reads all of `exercises/`: paths such as `01_x/02_y/exercise.yml` and `01_x/02_y/start/.drone.yml`.
    ///
    /// # Errors
    /// One message for each thing that is wrong with the course itself.
    pub fn read(files: &Files) -> Result<Self, Vec<String>> {
        let mut reading = Reading { files, wrong: Vec::new(), used: BTreeSet::new() };
        let folders: BTreeSet<&str> = files.keys().filter_map(|it| Some(it.split_once('/')?.0)).collect();
        let chapters = folders.into_iter().filter_map(|it| reading.chapter(it)).collect();
        let course = Self { chapters };
        reading.strays();
        let mut wrong = reading.wrong;
        wrong.extend(disagreements(&course));
        if wrong.is_empty() { Ok(course) } else { Err(wrong) }
    }

    /// Reads the exercise in one folder, such as `01_x/02_y`, and none of the others: `needs` is taken as it is.
    ///
    /// # Errors
    /// One message for each thing that is wrong with the exercise; `None` where the folder has none.
    pub fn read_one(files: &Files, folder: &str) -> Result<Option<Exercise>, Vec<String>> {
        if !files.contains_key(&format!("{folder}/exercise.yml")) {
            return Ok(None);
        }
        let mut reading = Reading { files, wrong: Vec::new(), used: BTreeSet::new() };
        let (chapter, name) = folder.split_once('/').unwrap_or((folder, ""));
        let exercise = reading.number(chapter).and_then(|it| reading.exercise(it, chapter, name));
        if reading.wrong.is_empty() { Ok(exercise) } else { Err(reading.wrong) }
    }
}

struct Reading<'a> {
    files: &'a Files,
    wrong: Vec<String>,
    used: BTreeSet<&'a str>,
}

impl<'a> Reading<'a> {
    fn chapter(&mut self, folder: &'a str) -> Option<Chapter> {
        let number = self.number(folder)?;
        let file: ChapterFile = self.file(&format!("{folder}/chapter.yml"))?;
        let prefix = format!("{folder}/");
        let inside = self.files.keys().filter_map(|it| it.strip_prefix(&prefix)?.split_once('/'));
        let names: BTreeSet<&str> = inside.map(|(name, _)| name).collect();
        let exercises = names.into_iter().filter_map(|it| self.exercise(number, folder, it)).collect();
        Some(Chapter { number, folder: folder.into(), title: file.title, exercises })
    }

    fn exercise(&mut self, chapter: u32, folder: &str, name: &str) -> Option<Exercise> {
        let number = self.number(name)?;
        let folder = format!("{folder}/{name}");
        let file: ExerciseFile = self.file(&format!("{folder}/exercise.yml"))?;
        let start = self.below(&format!("{folder}/start/"));
        let twins = self.twins(&format!("{folder}/twins/"));
        let checks = file.checks.into_iter().filter_map(|it| self.check(&folder, it)).collect();
        Some(Exercise {
            number: format!("{chapter}.{number}"),
            id: file.id,
            title: file.title,
            rung: file.rung,
            minutes: file.minutes,
            page: file.page,
            needs: file.needs,
            edit: file.edit,
            goal: file.goal.trim().into(),
            hints: file.hints.iter().map(|it| it.trim().into()).collect(),
            expect_first: file.expect_first,
            secrets: file.secrets,
            roles: file.roles,
            project: file.project,
            checks,
            start,
            twins,
            folder,
        })
    }

    fn twins(&mut self, prefix: &str) -> BTreeMap<String, Files> {
        let names = self.files.keys().filter_map(|it| Some(it.strip_prefix(prefix)?.split_once('/')?.0));
        let names: BTreeSet<&str> = names.collect();
        names.into_iter().map(|it| (it.to_owned(), self.below(&format!("{prefix}{it}/")))).collect()
    }

    fn below(&mut self, prefix: &str) -> Files {
        let files: &'a Files = self.files;
        let inside =
            files.iter().filter_map(|(path, content)| Some((path, path.strip_prefix(prefix)?, content)));
        inside
            .map(|(path, name, content)| {
                self.used.insert(path);
                (stored_name(name), content.clone())
            })
            .collect()
    }

    fn check(&mut self, folder: &str, entry: CheckEntry) -> Option<Check> {
        let kinds = [
            entry.model.map(CheckKind::Model),
            entry.event.map(|it| CheckKind::Event(Box::new(it))),
            entry.answer.map(CheckKind::Answer),
            entry.table.map(CheckKind::Table),
            entry.run.map(|it| CheckKind::Run(Box::new(it))),
        ];
        let mut kinds: Vec<_> = kinds.into_iter().flatten().collect();
        let (Some(kind), true) = (kinds.pop(), kinds.is_empty()) else {
            let code = &entry.code;
            self.wrong.push(format!(
                "exercises/{folder}/exercise.yml: the check {code} needs one of model, event, answer, table and run"
            ));
            return None;
        };
        let CheckEntry { code, says, expected, next, after, .. } = entry;
        Some(Check { code, says, expected, next, after, kind })
    }

    fn file<T: DeserializeOwned>(&mut self, path: &str) -> Option<T> {
        let Some((key, content)) = self.files.get_key_value(path) else {
            self.wrong.push(format!("exercises/{path}: missing"));
            return None;
        };
        self.used.insert(key);
        parse(&format!("exercises/{path}"), content).map_err(|it| self.wrong.push(it)).ok()
    }

    /// The number that a folder's name begins with.
    fn number(&mut self, name: &str) -> Option<u32> {
        let number = name.split_once('_').and_then(|(number, _)| number.parse().ok());
        if number.is_none() {
            self.wrong
                .push(format!("exercises/{name}: the name of a folder begins with a number, as in 02_name"));
        }
        number
    }

    fn strays(&mut self) {
        let strays = self.files.keys().filter(|it| !self.used.contains(it.as_str()));
        self.wrong.extend(strays.map(|it| format!("exercises/{it}: stray file")));
    }
}

/// What the exercises say about each other and about themselves must agree.
fn disagreements(course: &Course) -> Vec<String> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut wrong = Vec::new();
    for exercise in course.exercises() {
        let mut say =
            |words: String| wrong.push(format!("exercises/{}/exercise.yml: {words}", exercise.folder));
        if seen.contains(exercise.id.as_str()) {
            say(format!("the id {} is taken", exercise.id));
        }
        for need in exercise.needs.iter().filter(|it| !seen.contains(it.as_str())) {
            say(format!("needs {need}, which is no earlier exercise"));
        }
        for code in exercise.unknown_codes() {
            say(format!("no check gives {code}"));
        }
        for role in exercise.unknown_roles() {
            say(format!("there is no role {role}"));
        }
        for path in
            exercise.edit.iter().filter(|it| it.is_empty() || it.starts_with('/') || it.contains(".."))
        {
            say(format!("edit: {path} is no path inside the exercise"));
        }
        for problem in exercise.checks.iter().filter_map(|it| wrong_build(&it.kind)) {
            say(problem);
        }
        for problem in exercise.wrong_twins() {
            say(problem);
        }
        seen.insert(&exercise.id);
    }
    wrong
}

fn wrong_build(kind: &CheckKind) -> Option<String> {
    match kind {
        CheckKind::Event(event) => event.builds.iter().find_map(|it| it.build().err()),
        CheckKind::Run(run) => run.build.as_ref().and_then(|it| it.build().err()),
        CheckKind::Table(table) => table.rows.iter().find_map(|it| it.build.build().err()),
        CheckKind::Model(_) | CheckKind::Answer(_) => None,
    }
}

impl Exercise {
    fn unknown_codes(&self) -> impl Iterator<Item = &String> {
        let after = self.checks.iter().flat_map(|it| &it.after);
        after.filter(|code| !self.checks.iter().any(|it| it.code == **code))
    }

    /// A twin breaks the project and leaves alone what the participant writes.
    fn wrong_twins(&self) -> Vec<String> {
        let named = self.run_checks().filter_map(|it| it.twin.as_ref());
        let missing =
            named.filter(|it| !self.twins.contains_key(*it)).map(|it| format!("there is no twin {it}"));
        let files = self.twins.iter().flat_map(|(name, files)| files.keys().map(move |path| (name, path)));
        let edited = files.filter(|(_, path)| self.may_edit(path));
        let edited =
            edited.map(|(name, path)| format!("the twin {name} changes {path}, which is to be edited"));
        missing.chain(edited).collect()
    }

    fn unknown_roles(&self) -> impl Iterator<Item = &String> {
        let used = self.checks.iter().flat_map(|it| match &it.kind {
            CheckKind::Event(event) => event.roles(),
            CheckKind::Model(fact) => fact.roles(),
            CheckKind::Answer(_) | CheckKind::Table(_) | CheckKind::Run(_) => Vec::new(),
        });
        let asked = self.project.values().filter_map(|it| it.asks.as_ref()).map(|it| &it.role);
        used.chain(self.project.keys()).chain(asked).filter(|it| !self.roles.contains_key(*it))
    }
}

/// The name of a file in the participant's folder. A `.gitignore` is stored under another name, lest it rule here.
fn stored_name(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    match (folder, name) {
        ("", "_gitignore") => ".gitignore".into(),
        (_, "_gitignore") => format!("{folder}/.gitignore"),
        _ => path.into(),
    }
}

/// Reads YAML strictly; the message names the file and the line.
fn parse<T: DeserializeOwned>(path: &str, content: &[u8]) -> Result<T, String> {
    let text = std::str::from_utf8(content).map_err(|it| format!("{path}: not UTF-8: {it}"))?;
    serde_yaml::from_str(text).map_err(|error| {
        let error = error.without_snippet();
        let line = error.location().map_or(String::new(), |it| format!(":{}", it.line()));
        format!("{path}{line}: {error}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "id: a\ntitle: A\nrung: fix\nminutes: 5\npage: a.html#exercise\nedit: [.drone.yml]\ngoal: g\n\
                        hints: [h]\nexpect_first: CW-x\nroles: {test: {called: t, command: [pytest]}}\nchecks:\n\
                        - {code: CW-x, says: s, expected: e, next: n, model: {present: [test]}}\n";

    fn read(list: &[(&str, &str)]) -> Result<Course, Vec<String>> {
        let chapter = [("01_a/chapter.yml", "title: A"), ("01_a/01_b/start/.drone.yml", "")];
        let files = chapter.iter().chain(list);
        Course::read(&files.map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect())
    }

    #[test]
    fn a_whole_exercise_reads() {
        let course = read(&[("01_a/01_b/exercise.yml", GOOD), ("01_a/01_b/start/_gitignore", "x")]).unwrap();
        let exercise = course.find("1.1").unwrap();
        assert_eq!((exercise.id.as_str(), exercise.folder.as_str()), ("a", "01_a/01_b"));
        assert_eq!(exercise.start.keys().collect::<Vec<_>>(), [".drone.yml", ".gitignore"]);
        for name in ["a", "01_b", "01_a/01_b", "01_a/01_b/"] {
            assert!(course.find(name).is_some(), "{name}");
        }
        assert!(course.find("b").is_none());
        assert_eq!(course.checks_of("CW-x").count(), 1);
    }

    #[test]
    fn what_is_wrong_is_named_with_file_and_line() {
        let cases = [
            (GOOD.replace("minutes: 5", "minuets: 5"), "exercises/01_a/01_b/exercise.yml:4:"),
            (GOOD.replace("rung: fix", "rung: guess"), "exercise.yml:3:"),
            (GOOD.replace("present: [test]", "presents: [test]"), "exercise.yml:1"),
            (GOOD.replace("present: [test]", "present: [tset]"), "there is no role tset"),
            (
                GOOD.replace("model: {present: [test]}", "after: []"),
                "needs one of model, event, answer, table and run",
            ),
            (GOOD.replace("next: n,", "next: n, after: [CW-y],"), "no check gives CW-y"),
            (GOOD.replace("edit: [", "needs: [z]\nedit: ["), "needs z, which is no earlier exercise"),
            (GOOD.replace("edit: [", "edit: [../x, "), "../x is no path inside the exercise"),
            (
                GOOD.replace("model: {present: [test]}", "event: {builds: [{event: psuh}]}"),
                "there is no event `psuh`",
            ),
            (
                GOOD.replace("model: {present: [test]}", "run: {build: {event: psuh}}"),
                "there is no event `psuh`",
            ),
            (GOOD.replace("model: {present: [test]}", "run: {twin: sad}"), "there is no twin sad"),
        ];
        for (text, words) in cases {
            let wrong = read(&[("01_a/01_b/exercise.yml", &text)]).unwrap_err().join("\n");
            assert!(wrong.contains(words), "{words}: {wrong}");
        }
    }

    #[test]
    fn stray_missing_and_doubled_things_are_named() {
        let second = ("01_a/02_c/exercise.yml", GOOD);
        let cases: [(&[(&str, &str)], &str); 5] = [
            (
                &[("01_a/01_b/exercise.yml", GOOD), ("01_a/notes.txt", "")],
                "exercises/01_a/notes.txt: stray file",
            ),
            (&[], "exercises/01_a/01_b/exercise.yml: missing"),
            (&[("01_a/01_b/exercise.yml", GOOD), second], "the id a is taken"),
            (&[("01_a/01_b/exercise.yml", GOOD), ("one/chapter.yml", "")], "begins with a number"),
            (
                &[("01_a/01_b/exercise.yml", GOOD), ("02_x/chapter.yml", "titel: x")],
                "exercises/02_x/chapter.yml:1:",
            ),
        ];
        for (files, words) in cases {
            let wrong = read(files).unwrap_err().join("\n");
            assert!(wrong.contains(words), "{words}: {wrong}");
        }
    }

    #[test]
    fn a_twin_breaks_the_project_and_not_the_answer() {
        let good = GOOD.replace("model: {present: [test]}", "run: {twin: sad, result: red}");
        let exercise = ("01_a/01_b/exercise.yml", good.as_str());
        let course = read(&[exercise, ("01_a/01_b/twins/sad/a.py", "")]).unwrap();
        assert_eq!(course.find("a").unwrap().twins["sad"].keys().collect::<Vec<_>>(), ["a.py"]);
        let wrong = read(&[exercise, ("01_a/01_b/twins/sad/.drone.yml", "")]).unwrap_err().join("\n");
        assert!(wrong.contains("the twin sad changes .drone.yml, which is to be edited"), "{wrong}");
    }

    #[test]
    fn solutions_know_their_folders() {
        let file = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec());
        let good = Files::from([
            file("01_a/01_b/solution/.drone.yml", "s"),
            file("01_a/01_b/alternates/x/_gitignore", "a"),
            file("01_a/01_b/near-misses/y/.drone.yml", "n"),
            file("01_a/01_b/near-misses/y/expect.yml", "code: CW-x\nwhy: w\n"),
        ]);
        let found = Solutions::read(&good).unwrap();
        let answers = &found.by_folder["01_a/01_b"];
        assert_eq!(answers.solution[".drone.yml"], b"s");
        assert_eq!(answers.alternates["x"][".gitignore"], b"a");
        assert_eq!(answers.near_misses["y"].code, "CW-x");
        let stray = Files::from([file("01_a/x", ""), file("01_a/01_b/near-misses/y/expect.yml", "cod: x")]);
        let wrong = Solutions::read(&stray).unwrap_err().join("\n");
        assert!(wrong.contains("solutions/01_a/x: stray file") && wrong.contains("expect.yml:1:"), "{wrong}");
    }
}
