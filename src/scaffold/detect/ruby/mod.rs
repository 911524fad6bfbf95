//! Ruby: Bundler and gems; `RSpec`, Rake and minitest.

mod bundle;
mod rails;

use crate::scaffold::detect::elsewhere::Keys;
use crate::scaffold::detect::kit::{Said, after, first_line, no_tests, tool_version, version};
use crate::scaffold::detect::promise::Language;
use crate::scaffold::detect::ruby::bundle::Bundle;
use crate::scaffold::detect::ruby::rails::{is_rails, ready};
use crate::scaffold::detect::version::{Tilde, short};
use crate::scaffold::detect::{Component, Line, Publish, Step, Variable, Version};
use crate::scaffold::project::{Fact, Folder};

pub(crate) const MARKERS: &[&str] = &["Gemfile", "*.gemspec"];

const RUBY: Language = Language {
    known: &["2.5", "2.6", "2.7", "3.0", "3.1", "3.2", "3.3", "3.4"],
    image: "ruby",
    tilde: Tilde::DropsLast,
    parts: 2,
    support: "",
    keys: Keys { words: &["ruby-version", "ruby_version", "ruby", "rubies"], travis: "rvm" },
};

/// A bundle takes care of the gems that it takes from folders.
pub(crate) fn includes(folder: Folder<'_>) -> bool {
    Bundle::of(folder).takes_own()
}

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let gemspec = folder.names().find(|it| it.ends_with(".gemspec"));
    let marker = if folder.has("Gemfile") { "Gemfile" } else { gemspec? };
    // A site of Jekyll is no program.
    if folder.has("_config.yml") && folder.loosely("Gemfile").is_some_and(|it| it.contains("jekyll")) {
        return None;
    }
    let bundle = Bundle::of(folder);
    let tests = tests(folder, &bundle);
    let tested = !tests.is_empty();
    let versions = versions(folder, gemspec);
    let rails = is_rails(folder).then(|| ready(folder, &bundle));
    let mut evidence = vec![Fact::new(
        match (gemspec, &rails) {
            (Some(_), _) => "a gem",
            (None, Some(_)) => "gems for Bundler, of an application of Rails",
            (None, None) => "gems for Bundler",
        },
        folder.path(gemspec.unwrap_or(marker)),
    )];
    let locked = folder.has("Gemfile.lock");
    evidence.extend(locked.then(|| Fact::new("the lock file of Bundler", folder.path("Gemfile.lock"))));
    // A theme of Jekyll is a gem with no code: what can be built is the site that shows it.
    let site = folder.has("_config.yml") && !folder.files().any(|it| it.ends_with(".rb"));
    let smoke = if site {
        let why = format!("{}: the site that it is a theme for", folder.path("_config.yml"));
        Line::new("bundle exec jekyll build --strict_front_matter", why)
    } else {
        Line::new(
            "find . -name '*.rb' -not -path './vendor/*' -print0 | xargs -0 -n 1 ruby -c",
            "there are no tests yet: at least every file is valid",
        )
    };
    let advice = if tested || site {
        Vec::new()
    } else {
        vec![no_tests(
            "it installs and every file is valid",
            "test/first_test.rb with `require \"minitest/autorun\"` and one assertion",
        )]
    };
    let (environment, install, tables) = match rails {
        Some(it) => (it.environment, it.install, it.tables),
        None => (Vec::new(), install(folder), Vec::new()),
    };
    let publish = gemspec.filter(|it| is_public(folder, it)).map(|it| publish(folder, it, versions.last()));
    Some(Component {
        ecosystem: "Ruby",
        tool: "Bundler".into(),
        name: gemspec.map_or_else(|| folder.name(), |it| it.trim_end_matches(".gemspec").to_owned()),
        score: if locked { 9 } else { 4 },
        evidence,
        environment,
        install,
        tested,
        test: if tested { tables.into_iter().chain(tests).collect() } else { vec![smoke] },
        lint: lint(folder, &bundle),
        publish,
        versions,
        advice,
        ..Component::default()
    })
}

fn install(folder: Folder<'_>) -> Vec<Line> {
    if folder.has("Gemfile") {
        return vec![Line::plain("bundle install")];
    }
    vec![
        Line::new(
            "printf 'source \"https://rubygems.org\"\\ngemspec\\n' > Gemfile",
            "there is no Gemfile: the gemspec says what is needed",
        ),
        Line::plain("bundle install"),
    ]
}

/// True unless the gemspec says that it belongs elsewhere.
fn is_public(folder: Folder<'_>, gemspec: &str) -> bool {
    match after(folder, gemspec, "allowed_push_host", &['\n']) {
        Some((host, _)) => host.contains("rubygems.org"),
        None => true,
    }
}

/// What tests it: `RSpec`, a task of Rake, or minitest alone; and Cucumber beside it.
fn tests(folder: Folder<'_>, bundle: &Bundle) -> Vec<Line> {
    let mut found: Vec<Line> = compiled(folder).into_iter().collect();
    let before = found.len();
    let spec = folder.files().find(|it| it.starts_with("spec/") && it.ends_with("_spec.rb"));
    let spec = spec.or_else(|| folder.has(".rspec").then_some(".rspec"));
    if let Some(spec) = spec {
        found.push(Line::new("bundle exec rspec", format!("{}: RSpec", folder.path(spec))));
    }
    let inside = || folder.files().filter(|it| it.starts_with("test/") && it.ends_with(".rb"));
    let test = inside().find(|it| it.ends_with("_test.rb"));
    let named = |it: &&str| it.contains("/test_") && !it.ends_with("_helper.rb") && !it.ends_with("_case.rb");
    let test = test.or_else(|| inside().find(named));
    if let Some(test) = test.filter(|_| spec.is_none() || is_rails(folder)) {
        found.push(minitest(folder, test));
    }
    if found.len() == before
        && let Some((task, place)) = task(folder, &["test", "spec"])
    {
        found.push(Line::new(format!("bundle exec rake {task}"), format!("{place}: the task `{task}`")));
    }
    let feature = folder.files().find(|it| it.starts_with("features/") && it.ends_with(".feature"));
    if let Some(feature) = feature.filter(|_| bundle.has("cucumber") || bundle.has("cucumber-rails")) {
        found.push(Line::new("bundle exec cucumber", format!("{}: Cucumber", folder.path(feature))));
    }
    if found.len() == before { Vec::new() } else { found }
}

fn minitest(folder: Folder<'_>, test: &str) -> Line {
    if is_rails(folder) {
        return Line::new("bundle exec rails test", format!("{}: a test", folder.path(test)));
    }
    if let Some((task, place)) = task(folder, &["test"]) {
        return Line::new(format!("bundle exec rake {task}"), format!("{place}: the task `{task}`"));
    }
    let command = "bundle exec ruby -Ilib -Itest -e 'Dir[\"test/**/{*_test,test_*}.rb\"].each { |it| require \"./#{it}\" }'";
    Line::new(command, format!("{}: a test of minitest", folder.path(test)))
}

/// The first of these tasks of Rake, and where it is made.
fn task(folder: Folder<'_>, names: &[&'static str]) -> Option<(&'static str, String)> {
    let files = || folder.files().filter(|it| is_rakefile(it));
    names.iter().find_map(|name| {
        let maker = if *name == "test" { "TestTask" } else { "RSpec::Core::RakeTask" };
        let words = [
            format!("task :{name}"),
            format!("task {name}:"),
            format!("task \"{name}\""),
            format!("task '{name}'"),
            maker.to_owned(),
        ];
        let made = |file: &str| {
            let text = folder.loosely(file)?;
            let whole = |it: &String| {
                text.match_indices(it.as_str()).any(|(at, _)| {
                    text[at + it.len()..]
                        .chars()
                        .next()
                        .is_none_or(|it| !it.is_ascii_alphanumeric() && it != '_')
                })
            };
            let word = words.iter().find(|it| whole(it))?;
            Some((*name, folder.place_of(file, word)))
        };
        files().find_map(made)
    })
}

fn is_rakefile(path: &str) -> bool {
    matches!(path, "Rakefile" | "rakefile" | "Rakefile.rb")
        || (path.starts_with("rakelib/") && path.ends_with(".rake"))
}

/// What is written in C is compiled before it is tested.
fn compiled(folder: Folder<'_>) -> Option<Line> {
    folder.files().find(|it| it.starts_with("ext/") && it.ends_with("extconf.rb"))?;
    let file = folder.files().filter(|it| is_rakefile(it)).find(|it| {
        folder.loosely(it).is_some_and(|it| it.contains("ExtensionTask") || it.contains("extensiontask"))
    })?;
    Some(Line::new("bundle exec rake compile", format!("{}: the extension", folder.path(file))))
}

/// What looks at the style; only where the bundle has it.
fn lint(folder: Folder<'_>, bundle: &Bundle) -> Vec<Line> {
    let mut found = Vec::new();
    if folder.has(".rubocop.yml")
        && (bundle.has("rubocop") || bundle.has("rubocop-rails-omakase") || bundle.has("standard"))
    {
        found.push(Line::new(
            "bundle exec rubocop",
            format!("{}: settings of RuboCop", folder.path(".rubocop.yml")),
        ));
    } else if bundle.has("standard") {
        found.push(Line::new("bundle exec standardrb", "the bundle has Standard"));
    }
    if bundle.has("brakeman") {
        found.push(Line::new(
            "bundle exec brakeman --no-pager",
            "the bundle has Brakeman, which looks for holes",
        ));
    }
    found
}

fn versions(folder: Folder<'_>, gemspec: Option<&str>) -> Vec<Version> {
    let one = |(number, why): Said| version("ruby", &number, format!("ruby:{number}"), &why);
    numbers(folder, gemspec).into_iter().map(one).collect()
}

fn numbers(folder: Folder<'_>, gemspec: Option<&str>) -> Vec<Said> {
    let range = in_gemspec(folder, gemspec);
    let tested = RUBY.elsewhere(folder, range.as_ref());
    if gemspec.is_some() && tested.len() > 1 {
        return tested;
    }
    let library = gemspec.is_some() && folder.root.is_empty();
    let written = first_line(folder, ".ruby-version").or_else(|| tool_version(folder, "ruby"));
    let exact = written.and_then(|(text, place)| Some((short(text.trim_start_matches("ruby-"), 2)?, place)));
    if let Some(exact) = exact.filter(|_| range.is_none() || !library) {
        return vec![exact];
    }
    if let Some((text, place)) = in_gemfile(folder) {
        if text.starts_with(|it: char| it.is_ascii_digit()) {
            return short(&text, 2).map(|it| (it, place)).into_iter().collect();
        }
        let ends = RUBY.ends(&(text, place), false);
        if !ends.is_empty() {
            return ends;
        }
    }
    let locked = after_line(folder, "Gemfile.lock", "RUBY VERSION");
    if let Some(locked) =
        locked.and_then(|(text, place)| Some((short(text.trim_start_matches("ruby "), 2)?, place)))
    {
        return vec![locked];
    }
    let ends = range.map_or_else(Vec::new, |it| RUBY.ends(&it, library));
    match (ends.is_empty(), tested.as_slice()) {
        (false, _) => ends,
        (_, [one]) => vec![one.clone()],
        _ => vec![("3.4".into(), "no file names a version: the newest".into())],
    }
}

/// `ruby "3.3.6"` or `ruby ">= 3.2", "< 3.5"`.
fn in_gemfile(folder: Folder<'_>) -> Option<Said> {
    let text = folder.loosely("Gemfile")?;
    let says = |it: &str| it.trim_start().starts_with("ruby \"") || it.trim_start().starts_with("ruby '");
    let (number, line) = text.lines().enumerate().find(|it| says(it.1))?;
    let line = line.split('#').next().unwrap_or(line);
    let parts: Vec<&str> =
        line.split(['"', '\'']).skip(1).step_by(2).take_while(|it| !it.contains("ruby")).collect();
    Some((parts.join(", "), folder.place("Gemfile", number + 1)))
}

fn in_gemspec(folder: Folder<'_>, gemspec: Option<&str>) -> Option<Said> {
    let (rest, place) = after(folder, gemspec?, "required_ruby_version", &['\n'])?;
    let parts: Vec<&str> = rest
        .split(['"', '\''])
        .skip(1)
        .step_by(2)
        .filter(|it| it.contains(|it: char| it.is_ascii_digit()))
        .collect();
    (!parts.is_empty()).then(|| (parts.join(", "), place))
}

/// The line behind the one that says this.
fn after_line(folder: Folder<'_>, name: &str, title: &str) -> Option<Said> {
    let text = folder.loosely(name)?;
    let at = text.lines().position(|it| it.trim() == title)?;
    Some((text.lines().nth(at + 1)?.trim().to_owned(), folder.place(name, at + 2)))
}

fn publish(folder: Folder<'_>, gemspec: &str, version: Option<&Version>) -> Publish {
    let image = version.map(|it| it.image.clone()).unwrap_or_default();
    let build = Step {
        name: "build".into(),
        image: image.clone(),
        commands: vec![
            Line::plain(format!("gem build {gemspec}")),
            Line::new(
                "test -n \"$(find . -maxdepth 1 -name \"*-$(echo \"$DRONE_TAG\" | sed 's/^v//').gem\")\" || { echo \"No gem has the version of the tag $DRONE_TAG.\"; exit 1; }",
                "a version is taken once and never again: it must be the one of the tag",
            ),
        ],
        ..Step::default()
    };
    let push = Step {
        name: "publish".into(),
        why: "the only step that sees the key".into(),
        image: image.clone(),
        environment: vec![Variable::secret("GEM_HOST_API_KEY", "gem_key")],
        commands: vec![Line::plain("gem push ./*.gem")],
        ..Step::default()
    };
    Publish {
        why: format!("to RubyGems, because {} makes a gem", folder.path(gemspec)),
        steps: vec![build, push],
        secrets: vec![("gem_key".into(), "a key of RubyGems for this gem; uploads a release".into())],
    }
}
