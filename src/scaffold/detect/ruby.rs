//! Ruby: Bundler and gems; `RSpec`, Rake and minitest.

use crate::scaffold::detect::kit::{Said, after, first_line, newest, no_tests, tool_version, version};
use crate::scaffold::detect::version::{Tilde, short};
use crate::scaffold::detect::{Component, Line, Publish, Step, Variable, Version};
use crate::scaffold::project::{Fact, Folder};

pub(crate) const MARKERS: &[&str] = &["Gemfile", "*.gemspec"];

const KNOWN: [&str; 8] = ["2.5", "2.6", "2.7", "3.0", "3.1", "3.2", "3.3", "3.4"];

pub(crate) fn detect(folder: Folder<'_>) -> Option<Component> {
    let gemspec = folder.names().find(|it| it.ends_with(".gemspec"));
    let marker = if folder.has("Gemfile") { "Gemfile" } else { gemspec? };
    // A site of Jekyll is no program.
    if folder.has("_config.yml") && folder.text("Gemfile").is_some_and(|it| it.contains("jekyll")) {
        return None;
    }
    let tests = tests(folder);
    let version = ruby(folder, gemspec);
    let mut evidence = vec![Fact::new(
        if gemspec.is_some() { "a gem" } else { "gems for Bundler" },
        folder.path(gemspec.unwrap_or(marker)),
    )];
    evidence.extend(
        folder
            .has("Gemfile.lock")
            .then(|| Fact::new("the lock file of Bundler", folder.path("Gemfile.lock"))),
    );
    let rubocop = folder.has(".rubocop.yml").then(|| {
        Line::new("bundle exec rubocop", format!("{}: settings of RuboCop", folder.path(".rubocop.yml")))
    });
    let name = gemspec.map(|it| it.trim_end_matches(".gemspec").to_owned());
    let smoke = Line::new(
        "ruby -c $(find . -name '*.rb' -not -path './vendor/*')",
        "there are no tests yet: at least every file is valid",
    );
    let advice = if tests.is_none() {
        vec![no_tests(
            "it installs and every file is valid",
            "test/first_test.rb with `require \"minitest/autorun\"` and one assertion",
        )]
    } else {
        Vec::new()
    };
    Some(Component {
        ecosystem: "Ruby",
        tool: "Bundler".into(),
        name: name.unwrap_or_else(|| folder.name()),
        score: if folder.has("Gemfile.lock") { 9 } else { 4 },
        evidence,
        install: vec![if folder.has("Gemfile") {
            Line::plain("bundle install")
        } else {
            Line::plain("bundle init && bundle install")
        }],
        tested: tests.is_some(),
        test: vec![tests.unwrap_or(smoke)],
        lint: rubocop.into_iter().collect(),
        publish: gemspec.map(|it| publish(folder, it, &version)),
        versions: vec![version],
        advice,
        ..Component::default()
    })
}

fn tests(folder: Folder<'_>) -> Option<Line> {
    let spec = folder
        .has(".rspec")
        .then_some(".rspec")
        .or_else(|| folder.files().find(|it| it.starts_with("spec/") && it.ends_with("_spec.rb")));
    if let Some(spec) = spec {
        return Some(Line::new("bundle exec rspec", format!("{}: RSpec", folder.path(spec))));
    }
    let rakefile = folder.first(&["Rakefile", "rakefile"]);
    let task = rakefile
        .filter(|it| folder.text(it).is_some_and(|it| it.contains("TestTask") || it.contains("task :test")));
    if let Some(name) = task {
        let needle = if folder.text(name).is_some_and(|it| it.contains("TestTask")) {
            "TestTask"
        } else {
            "task :test"
        };
        return Some(Line::new(
            "bundle exec rake test",
            format!("{}: the task `test`", folder.place_of(name, needle)),
        ));
    }
    let test = folder
        .files()
        .find(|it| it.starts_with("test/") && (it.ends_with("_test.rb") || it.contains("/test_")))?;
    let command =
        "bundle exec ruby -Ilib -Itest -e 'Dir[\"test/**/*test*.rb\"].each { |it| require \"./#{it}\" }'";
    Some(Line::new(command, format!("{}: a test of minitest", folder.path(test))))
}

fn ruby(folder: Folder<'_>, gemspec: Option<&str>) -> Version {
    let image = |it: &str| format!("ruby:{it}");
    let quotes = ['"', '\'', ','];
    let exact: Option<Said> = first_line(folder, ".ruby-version").or_else(|| tool_version(folder, "ruby"));
    let exact = exact.and_then(|(text, place)| Some((short(text.trim_start_matches("ruby-"), 2)?, place)));
    let in_gemfile = || {
        let text = folder.text("Gemfile")?;
        let (number, line) = text
            .lines()
            .enumerate()
            .find(|it| it.1.trim_start().starts_with("ruby \"") || it.1.trim_start().starts_with("ruby '"))?;
        Some((line.split(quotes).nth(1)?.to_owned(), folder.place("Gemfile", number + 1)))
    };
    let in_gemspec = || {
        let (rest, place) = after(folder, gemspec?, "required_ruby_version", &['\n'])?;
        Some((rest.split(['"', '\'']).nth(1)?.to_owned(), place))
    };
    let ranged = || {
        let (range, place) = in_gemfile().or_else(in_gemspec)?;
        if range.starts_with(|it: char| it.is_ascii_digit()) {
            return Some((short(&range, 2)?, place));
        }
        Some((
            newest(&range, &KNOWN, Tilde::DropsLast, image)?,
            format!("the newest that fits `{range}` in {place}"),
        ))
    };
    let (number, why) =
        exact.or_else(ranged).unwrap_or_else(|| ("3.4".into(), "no file names a version: the newest".into()));
    version("ruby", &number, image(&number), &why)
}

fn publish(folder: Folder<'_>, gemspec: &str, version: &Version) -> Publish {
    let build = Step {
        name: "build".into(),
        image: version.image.clone(),
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
        image: version.image.clone(),
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
