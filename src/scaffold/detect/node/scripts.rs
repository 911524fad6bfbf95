//! The scripts of `package.json`, each read before it is called: which one tests, which one builds, which ones only look.

use crate::scaffold::detect::node::manager::Manager;
use crate::scaffold::detect::{Advice, Line};
use crate::scaffold::project::{Folder, Value, harm};

/// Tests, the one for a machine first.
const TEST: [&str; 11] = [
    "test:ci",
    "test-ci",
    "ci:test",
    "test",
    "tests",
    "test:unit",
    "test:run",
    "unit",
    "vitest",
    "jest",
    "mocha",
];
/// The first that is there, of each row.
const LINT: [&[&str]; 3] = [
    &["lint:check", "lint:ci", "lint", "check:lint", "eslint", "lint:js", "lint:ts", "standard", "xo"],
    &[
        "typecheck",
        "type-check",
        "check-types",
        "check:types",
        "types:check",
        "typecheck:all",
        "tsc",
        "ts:check",
        "check:ts",
    ],
    &[
        "format:check",
        "check:format",
        "format-check",
        "prettier:check",
        "check:prettier",
        "fmt:check",
        "format",
        "prettier",
    ],
];
const TEST_ENDS: [&str; 4] = [".test.js", ".test.mjs", ".test.cjs", ".spec.js"];

pub(super) struct Scripts<'a> {
    pub(super) folder: Folder<'a>,
    pub(super) manifest: &'a Value,
    pub(super) manager: &'a Manager,
}

impl Scripts<'_> {
    fn place(&self, name: &str) -> String {
        self.folder.place("package.json", self.manifest.at(&["scripts", name]).map_or(0, |it| it.line))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.manifest.text_at(&["scripts", name])
    }

    /// A script that does something: `npm init` writes one that only fails.
    pub(super) fn real(&self, name: &str) -> Option<&str> {
        self.text(name).filter(|it| !it.contains("no test specified") && !it.trim().is_empty())
    }

    pub(super) fn depends(&self, name: &str) -> bool {
        ["dependencies", "devDependencies"].iter().any(|it| self.manifest.at(&[it, name]).is_some())
    }

    /// The call of a script that is there and harmless.
    pub(super) fn call(&self, name: &str, advice: &mut Vec<Advice>) -> Option<Line> {
        self.real(name)?;
        let command = format!("{} {name}", self.manager.run);
        match harm(self.folder, &command) {
            None => Some(Line::new(command, format!("{}: the script `{name}`", self.place(name)))),
            Some(reason) if reason.contains("Docker") && self.alone(name) => {
                let why = format!(
                    "{}: the script `{name}` without the ones around it, which want Docker: services stand for it",
                    self.place(name)
                );
                Some(Line::new(format!("{command} --ignore-scripts"), why))
            }
            Some(reason) => {
                let what = format!("the script `{name}` is not called: {reason} ({})", self.place(name));
                advice.push(Advice::new(
                    what,
                    format!(
                        "give what hands out a script of its own, so that `{name}` does only what it says"
                    ),
                ));
                None
            }
        }
    }

    /// True when npm can call the script without `pre…` and `post…`, it is harmless then, and a compose file says what they start.
    fn alone(&self, name: &str) -> bool {
        let compose = ["compose.yml", "compose.yaml", "docker-compose.yml", "docker-compose.yaml"];
        let npm = self.manager.name == "npm" && self.folder.first(&compose).is_some();
        npm && self.text(name).is_some_and(|it| harm(self.folder, it).is_none())
    }

    /// The script that tests.
    pub(super) fn test(&self, advice: &mut Vec<Advice>) -> Option<Line> {
        let there: Vec<&str> = TEST.into_iter().filter(|it| self.real(it).is_some()).collect();
        if let Some(name) = there.iter().find(|it| self.waits(it).is_none()) {
            return self.call(name, advice);
        }
        self.once(there.first()?, advice)
    }

    /// Without such a script: the runner that is set up, else the tests themselves.
    pub(super) fn unnamed_test(&self) -> Option<Line> {
        if TEST.iter().any(|it| self.real(it).is_some()) {
            return None;
        }
        self.runner().or_else(|| {
            if self.manager.name == "bun" {
                let test = |it: &&str| {
                    [".test.ts", ".test.tsx", ".test.js", "_test.ts", ".spec.ts"]
                        .iter()
                        .any(|end| it.ends_with(end))
                };
                let file = self.folder.files().find(test)?;
                let why = format!("{}: a test, and no script that runs it", self.folder.path(file));
                return Some(Line::new("bun test", why));
            }
            let test = |it: &&str| {
                TEST_ENDS.iter().any(|end| it.ends_with(end))
                    || (it.starts_with("test/") && it.ends_with(".js") && it.matches('/').count() == 1)
            };
            let file = self.folder.files().find(test)?;
            Some(Line::new(
                "node --test",
                format!("{}: a test, and no script that runs it", self.folder.path(file)),
            ))
        })
    }

    /// A script for tests that need the program itself to run, and that are not called for that: its name and its place.
    pub(super) fn end_to_end(&self) -> Option<(&'static str, String)> {
        const NAMES: [&str; 6] =
            ["test:e2e", "e2e", "test:integration", "cypress:run", "playwright", "test:browser"];
        let members =
            self.folder.files().filter(|it| it.ends_with("package.json") && it.matches('/').count() < 4);
        members.take(60).find_map(|file| {
            let manifest = self.folder.value_loosely(file)?;
            let name = NAMES.into_iter().find(|it| manifest.at(&["scripts", it]).is_some())?;
            let line = manifest.at(&["scripts", name]).map_or(0, |it| it.line);
            Some((name, self.folder.place(file, line)))
        })
    }

    /// The runner whose settings are there.
    fn runner(&self) -> Option<Line> {
        let runners = [("vitest", "vitest run"), ("jest", "jest"), (".mocharc", "mocha"), ("ava", "ava")];
        runners.iter().find_map(|(name, command)| {
            let file = self.folder.names().find(|it| it.starts_with(&format!("{name}.")))?;
            Some(Line::new(
                format!("{} {command}", self.manager.exec),
                format!("{}: settings of the test runner", self.folder.path(file)),
            ))
        })
    }

    /// What in the script waits for changes, and so never ends.
    fn waits(&self, name: &str) -> Option<&'static str> {
        let text = self.text(name)?;
        let words: Vec<&str> = text.split_whitespace().collect();
        let has = |word: &str| words.contains(&word);
        let follows = |a: &str, b: &str| words.windows(2).any(|it| it == [a, b]);
        if has("--watch")
            || has("--watchAll")
            || has("--watch=true")
            || has("--watchAll=true")
            || follows("vitest", "watch")
        {
            return Some("watches files");
        }
        if (follows("ng", "test") && !text.contains("--watch=false") && !text.contains("--no-watch"))
            || (follows("karma", "start") && !text.contains("--single-run"))
        {
            return Some("keeps a browser open");
        }
        (has("--ui") || follows("cypress", "open") || has("nodemon")).then_some("waits for a person")
    }

    /// A script that waits, asked to end.
    fn once(&self, name: &str, advice: &mut Vec<Advice>) -> Option<Line> {
        let text = self.text(name)?;
        let words: Vec<&str> = text.split_whitespace().collect();
        let follows = |a: &str, b: &str| words.windows(2).any(|it| it == [a, b]);
        let waits = self.waits(name)?;
        let own = ["vitest", "jest", "mocha", "ava"].iter().find(|it| words.first() == Some(it));
        if let Some(own) = own.filter(|_| !text.contains(['&', '|', ';', '$', '\'', '"'])) {
            let asks = |it: &&&str| !it.starts_with("--watch") && !["watch", "dev", "--ui"].contains(it);
            let rest: Vec<&str> = words[1..].iter().filter(asks).copied().collect();
            let run = if *own == "vitest" { ["vitest", "run"].as_slice() } else { std::slice::from_ref(own) };
            let all: Vec<&str> = [self.manager.exec].iter().chain(run).chain(&rest).copied().collect();
            let why = format!("{}: the script `{name}` {waits}; so it runs once", self.place(name));
            return Some(Line::new(all.join(" "), why));
        }
        let arguments = if follows("ng", "test") {
            "--watch=false --browsers=ChromeHeadless"
        } else if follows("karma", "start") {
            "--single-run"
        } else {
            advice.push(Advice::new(
                format!(
                    "the script `{name}` is not called: it {waits} and never ends ({})",
                    self.place(name)
                ),
                "add a script `test:ci` that runs the tests once, and call init again",
            ));
            return None;
        };
        let call = self.call(name, advice)?;
        let between = if self.manager.name == "npm" { "-- " } else { "" };
        let why = format!("{}; it {waits}, so it is asked to end", call.why);
        Some(Line::new(format!("{} {between}{arguments}", call.command), why))
    }

    /// The script that builds. What is built while it is installed is not built twice.
    pub(super) fn build(&self, advice: &mut Vec<Advice>) -> Option<Line> {
        let body = self.real("build")?;
        let calls = |it: &str| it == body || Self::calls(it, "build");
        if self.manager.name != "bun"
            && ["prepare", "postinstall"].iter().filter_map(|it| self.text(it)).any(calls)
        {
            return None;
        }
        self.call("build", advice)
    }

    /// True when the text calls that script.
    fn calls(text: &str, name: &str) -> bool {
        ["npm run", "yarn", "yarn run", "pnpm", "pnpm run", "bun run"].iter().any(|it| {
            let call = format!("{it} {name}");
            text.match_indices(&call).any(|(at, _)| {
                text[at + call.len()..]
                    .chars()
                    .next()
                    .is_none_or(|it| it.is_whitespace() || matches!(it, '&' | ';' | '"' | '\''))
            })
        })
    }

    /// What looks at the sources and changes nothing. What the tests call already is not called twice.
    pub(super) fn lint(&self, test: Option<&Line>, advice: &mut Vec<Advice>) -> Vec<Line> {
        let tests = test.and_then(|it| self.text(it.command.split(' ').nth(2)?)).unwrap_or_default();
        let only_looks = |name: &str| {
            let Some(text) = self.real(name) else { return false };
            let writes =
                ["--fix", "--write", " -w ", " --apply"].iter().any(|it| format!("{text} ").contains(it));
            let formats = matches!(name, "format" | "prettier");
            let checks = ["--check", "--list-different", " -c ", " -l "]
                .iter()
                .any(|it| format!("{text} ").contains(it));
            !writes && (!formats || checks)
        };
        let mut found: Vec<Line> = Vec::new();
        for row in LINT {
            let Some(name) = row.iter().find(|it| only_looks(it)) else { continue };
            if !Self::calls(tests, name) {
                found.extend(self.call(name, advice));
            }
        }
        if found.is_empty() && !tests.contains("lint") {
            found.extend(self.linter());
        }
        found
    }

    /// Types, where nothing builds: whether they fit is all that can be known.
    pub(super) fn types(&self) -> Option<Line> {
        let own = self.depends("typescript") && self.folder.has("tsconfig.json");
        let why = format!(
            "{}: settings of TypeScript, and no script that builds",
            self.folder.path("tsconfig.json")
        );
        own.then(|| Line::new(format!("{} tsc --noEmit", self.manager.exec), why))
    }

    /// A linter that is set up and installed, and has no script.
    fn linter(&self) -> Option<Line> {
        let settings = [
            ("eslint", "eslint .", &["eslint.config.", ".eslintrc"][..]),
            ("@biomejs/biome", "biome ci .", &["biome.json"][..]),
        ];
        settings.into_iter().filter(|it| self.depends(it.0)).find_map(|(_, command, names)| {
            let file = self.folder.names().find(|it| names.iter().any(|start| it.starts_with(start)))?;
            let why =
                format!("{}: settings of the linter, and no script that calls it", self.folder.path(file));
            Some(Line::new(format!("{} {command}", self.manager.exec), why))
        })
    }

    /// What the tests need beside packages: a browser.
    pub(super) fn browsers(&self, test: &Line) -> Vec<Line> {
        let name = test.command.split(' ').nth(2).unwrap_or_default();
        let text = self.text(name).unwrap_or_default();
        let exec = self.manager.exec;
        if self.depends("@playwright/test") && text.contains("playwright") {
            return vec![Line::new(
                format!("{exec} playwright install --with-deps"),
                "the browsers, and the libraries that they need",
            )];
        }
        if self.depends("cypress") && text.contains("cypress") {
            return vec![Line::new(
                "apt-get update && apt-get install -y xvfb xauth libgtk-3-0 libgbm1 libnss3 libnotify4 libasound2",
                "the libraries that the browser of Cypress needs",
            )];
        }
        Vec::new()
    }

    /// The variable by which the tests find the Chrome of the machine, when they start one.
    pub(super) fn chrome(&self) -> Option<&'static str> {
        let finds = [("karma-chrome-launcher", "CHROME_BIN"), ("puppeteer", "PUPPETEER_EXECUTABLE_PATH")];
        finds.iter().find(|it| self.depends(it.0)).map(|it| it.1)
    }
}
