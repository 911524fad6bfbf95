//! A call of a program → what it is for: installing, testing, building … Nothing is run; an unknown program is `Other`.

use crate::shell::{Call, Simple};

/// What a command is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Speaks or prepares and judges nothing: `echo`, `cd`, `mkdir`.
    Prepare,
    /// Fetches what others wrote: `pip install`, `apt-get install`.
    Install,
    /// Runs tests: `pytest`, `go test`.
    Test,
    /// Judges the text of the code: `flake8`, `go vet`.
    Lint,
    /// Makes something of the code: `make`, `go build`.
    Build,
    /// Gives something to others: `twine upload`, `docker push`.
    Publish,
    /// Waits for something: `sleep`, `pg_isready`.
    Wait,
    /// Anything else.
    Other,
}

impl Purpose {
    /// True when a failure is a verdict on the code.
    pub(super) fn judges(self) -> bool {
        matches!(self, Self::Test | Self::Lint | Self::Build)
    }
}

/// What a command is for, whatever starts it: `sudo`, `poetry run`, `npx`.
pub(super) fn purpose(simple: &Simple) -> Purpose {
    let mut call = simple.unwrapped();
    while let Some(inner) = launched(call) {
        call = inner;
    }
    if call.words.is_empty() {
        // Assignments only.
        return Purpose::Prepare;
    }
    of_call(call)
}

/// What a launcher of a language starts: `pytest` of `poetry run pytest` and of `python -m pytest`.
fn launched(call: Call<'_>) -> Option<Call<'_>> {
    let skip = match call.program()? {
        "poetry" | "pipenv" | "uv" | "rye" | "pdm" | "hatch" | "coverage" if call.text(1) == Some("run") => 2,
        "bundle" | "opam" | "pnpm" if call.text(1) == Some("exec") => 2,
        "npx" | "bunx" => 1,
        python if is_python(python) && call.text(1) == Some("-m") => 2,
        _ => return None,
    };
    let mut words = call.words.get(skip..)?;
    while let [first, rest @ ..] = words
        && first.beginning().starts_with('-')
    {
        words = rest;
    }
    Some(Call { words }).filter(|it| !it.words.is_empty())
}

/// A command as a message names it: its first words.
pub(super) fn called(simple: &Simple) -> String {
    let words = simple.text.split_whitespace();
    let mut name = String::new();
    for word in words {
        if !name.is_empty() && name.chars().count() + word.chars().count() > 28 {
            return name + " …";
        }
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(word);
    }
    name
}

/// `python`, `python3`, `python3.12`, `pypy3`
pub(super) fn is_python(program: &str) -> bool {
    let rest = program.strip_prefix("python").or_else(|| program.strip_prefix("pypy"));
    rest.is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit() || it == b'.'))
}

/// `pip`, `pip3`, `pip3.12`
pub(super) fn is_pip(program: &str) -> bool {
    program.strip_prefix("pip").is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit() || it == b'.'))
}

fn of_call(call: Call<'_>) -> Purpose {
    let Some(program) = call.program() else { return Purpose::Other };
    let subcommand = call.subcommand().unwrap_or_default();
    if let Some(known) = by_name(program) {
        return known;
    }
    match program {
        "go" => go(call, subcommand),
        "cargo" => cargo(call, subcommand),
        "npm" | "yarn" | "pnpm" | "bun" => node(call, program, subcommand),
        "make" | "gmake" | "just" | "task" | "rake" | "invoke" | "mage" => targets(call, program),
        "mvn" | "mvnw" | "gradle" | "gradlew" | "sbt" | "lein" | "ant" => java(call),
        "docker" | "podman" | "buildah" | "img" => container(call, subcommand),
        "dotnet" | "swift" | "flutter" | "dart" | "mix" | "composer" | "stack" | "cabal" | "zig" | "dub"
        | "bazel" | "bazelisk" | "crystal" | "forge" | "deno" | "elm" | "meson" => of_word(subcommand),
        "git" if subcommand == "push" => Purpose::Publish,
        "git" if matches!(subcommand, "fetch" | "config" | "submodule" | "clone" | "checkout" | "pull") => {
            Purpose::Prepare
        }
        "kubectl" | "oc" if matches!(subcommand, "apply" | "rollout" | "set" | "create" | "replace") => {
            Purpose::Publish
        }
        "helm" if subcommand == "lint" => Purpose::Lint,
        "helm" if matches!(subcommand, "upgrade" | "install" | "push") => Purpose::Publish,
        "terraform" if matches!(subcommand, "validate" | "fmt") => Purpose::Lint,
        "terraform" if subcommand == "apply" => Purpose::Publish,
        "aws" | "gsutil" | "gcloud" | "az" | "mc" | "gh" | "hub" | "tea" | "glab" => Purpose::Publish,
        "uv" if subcommand == "sync" => Purpose::Install,
        "build" | "setup.py" => Purpose::Build,
        "pip-audit" | "safety" | "bandit" => Purpose::Lint,
        pip if is_pip(pip) => if_in(subcommand, &["install", "download"], Purpose::Install),
        python if is_python(python) => python_script(call),
        _ => by_file_name(call),
    }
}

fn if_in(word: &str, words: &[&str], then: Purpose) -> Purpose {
    if words.contains(&word) { then } else { Purpose::Other }
}

/// Programs that do one thing.
fn by_name(program: &str) -> Option<Purpose> {
    Some(match program {
        "echo" | "printf" | "cd" | "pwd" | "ls" | "mkdir" | "export" | "set" | "cat" | "env" | "printenv"
        | "true" | ":" | "chmod" | "chown" | "cp" | "mv" | "rm" | "ln" | "touch" | "which" | "id"
        | "whoami" | "uname" | "date" | "unset" | "umask" | "alias" | "." | "source" | "df" | "du"
        | "free" | "type" | "hostname" | "locale-gen" | "ldconfig" | "virtualenv" | "venv" => {
            Purpose::Prepare
        }
        "sleep" | "wait" | "wait-for-it" | "wait-for-it.sh" | "wait-for" | "wait-for.sh" | "wait4x"
        | "pg_isready" | "nc" | "ncat" | "dockerize" => Purpose::Wait,
        "pytest" | "py.test" | "tox" | "nox" | "nosetests" | "nose2" | "unittest" | "trial" | "phpunit"
        | "pest" | "rspec" | "ctest" | "bats" | "jest" | "mocha" | "karma" | "vitest" | "ava" | "nyc"
        | "cypress" | "playwright" | "behave" | "behat" | "cucumber" | "gotestsum" | "ginkgo" | "prove"
        | "busted" | "cargo-nextest" | "newman" | "phpspec" | "codecept" | "minitest" | "robot" => {
            Purpose::Test
        }
        "flake8" | "pylint" | "mypy" | "black" | "isort" | "ruff" | "pycodestyle" | "pydocstyle"
        | "pyright" | "shellcheck" | "hadolint" | "yamllint" | "eslint" | "tslint" | "stylelint"
        | "prettier" | "standard" | "rubocop" | "golangci-lint" | "golint" | "gofmt" | "staticcheck"
        | "revive" | "phpcs" | "phpstan" | "psalm" | "phan" | "pre-commit" | "markdownlint"
        | "ansible-lint" | "codespell" | "tflint" | "cppcheck" | "clang-tidy" | "clang-format" | "ktlint"
        | "detekt" | "credo" | "hlint" | "luacheck" | "gosec" | "jsonnetfmt" | "commitlint" => Purpose::Lint,
        "gcc" | "g++" | "clang" | "cc" | "c++" | "cmake" | "ninja" | "javac" | "rustc" | "tsc"
        | "webpack" | "rollup" | "vite" | "hugo" | "mkdocs" | "sphinx-build" | "mdbook" | "goreleaser"
        | "gox" | "nasm" | "xcodebuild" | "pyinstaller" | "latexmk" | "pdflatex" => Purpose::Build,
        "twine" | "scp" | "rsync" | "ssh" | "sftp" | "lftp" | "ansible-playbook" | "netlify" | "vercel"
        | "serverless" | "codecov" | "coveralls" | "heroku" | "flyctl" | "rclone" | "s3cmd" => {
            Purpose::Publish
        }
        "poetry"
        | "pipenv"
        | "bundle"
        | "bundler"
        | "pdm"
        | "apt-get"
        | "apt"
        | "aptitude"
        | "apk"
        | "yum"
        | "dnf"
        | "microdnf"
        | "zypper"
        | "pacman"
        | "brew"
        | "gem"
        | "conda"
        | "mamba"
        | "cpanm"
        | "cpan"
        | "luarocks"
        | "easy_install"
        | "rustup"
        | "add-apt-repository"
        | "npm-install"
        | "pecl"
        | "pear"
        | "docker-php-ext-install"
        | "docker-php-ext-enable"
        | "update-ca-certificates"
        | "apt-key"
        | "rpm"
        | "dpkg"
        | "choco" => Purpose::Install,
        _ => return None,
    })
}

fn go(call: Call<'_>, subcommand: &str) -> Purpose {
    let own = || call.operands().skip(1).all(|it| it.beginning().starts_with('.'));
    match subcommand {
        "test" => Purpose::Test,
        "vet" | "fmt" => Purpose::Lint,
        "build" => Purpose::Build,
        "install" if own() => Purpose::Build,
        "get" | "install" | "mod" => Purpose::Install,
        "version" | "env" => Purpose::Prepare,
        _ => Purpose::Other,
    }
}

fn cargo(call: Call<'_>, subcommand: &str) -> Purpose {
    let subcommand = if subcommand.starts_with('+') {
        call.operands().nth(1).and_then(|it| it.text()).unwrap_or_default()
    } else {
        subcommand
    };
    match subcommand {
        "test" | "nextest" | "t" | "miri" | "tarpaulin" | "llvm-cov" | "bench" => Purpose::Test,
        "clippy" | "fmt" | "deny" | "audit" => Purpose::Lint,
        "build" | "b" | "check" | "doc" | "package" => Purpose::Build,
        "install" | "fetch" | "binstall" => Purpose::Install,
        "publish" => Purpose::Publish,
        _ => Purpose::Other,
    }
}

fn node(call: Call<'_>, program: &str, subcommand: &str) -> Purpose {
    match subcommand {
        "install" | "i" | "ci" | "add" => Purpose::Install,
        "" if program == "yarn" && call.words.len() == 1 => Purpose::Install,
        "publish" => Purpose::Publish,
        "t" => Purpose::Test,
        "run" | "run-script" => {
            let script = call.operands().nth(1).and_then(|it| it.text());
            script.map_or(Purpose::Other, of_word)
        }
        it => of_word(it),
    }
}

/// The worst that the targets of a build tool do: a test among them makes it a test.
fn targets(call: Call<'_>, program: &str) -> Purpose {
    let targets = || call.operands().filter_map(|it| it.text()).filter(|it| !it.contains('='));
    if targets().next().is_none() {
        return if program == "rake" { Purpose::Test } else { Purpose::Build };
    }
    match strongest(targets()) {
        // `make install` builds what is not built yet.
        Purpose::Install if targets().any(|it| it == "install") => Purpose::Build,
        it => it,
    }
}

fn java(call: Call<'_>) -> Purpose {
    if call.has_flag("--version") || call.has_flag("-version") {
        return Purpose::Prepare;
    }
    let skips = call.words.iter().any(|it| {
        let text = it.beginning();
        text.starts_with("-DskipTests") || text.starts_with("-Dmaven.test.skip") || text == "assemble"
    });
    let goals = || call.operands().filter_map(|it| it.text());
    if goals().any(|it| it.starts_with("deploy") || it.ends_with("publish") || it.ends_with("release")) {
        return Purpose::Publish;
    }
    if goals().any(|it| matches!(it, "install" | "verify" | "package" | "build" | "check")) {
        return if skips { Purpose::Build } else { Purpose::Test };
    }
    strongest(goals())
}

fn strongest<'a>(words: impl Iterator<Item = &'a str>) -> Purpose {
    let order = [Purpose::Install, Purpose::Build, Purpose::Publish, Purpose::Lint, Purpose::Test];
    let rank = |it: Purpose| order.iter().position(|own| *own == it).map_or(0, |at| at + 1);
    words.map(of_word).max_by_key(|it| rank(*it)).unwrap_or(Purpose::Other)
}

fn container(call: Call<'_>, subcommand: &str) -> Purpose {
    match subcommand {
        "build" | "buildx" if call.words.iter().any(|it| it.text() == Some("--push")) => Purpose::Publish,
        "build" | "buildx" | "bud" => Purpose::Build,
        "push" => Purpose::Publish,
        "pull" | "login" => Purpose::Prepare,
        _ => Purpose::Other,
    }
}

fn python_script(call: Call<'_>) -> Purpose {
    let script = call.text(1).unwrap_or_default();
    match (script, call.text(2).unwrap_or_default()) {
        ("--version" | "-V", _) => Purpose::Prepare,
        ("setup.py", "test" | "nosetests" | "pytest") | ("manage.py", "test") => Purpose::Test,
        ("setup.py", "install" | "develop") => Purpose::Install,
        ("setup.py", "upload") => Purpose::Publish,
        ("setup.py", _) => Purpose::Build,
        _ => file_name(script),
    }
}

/// What a script of the project is for, by its name: `./run_tests.sh`, `scripts/build`.
fn by_file_name(call: Call<'_>) -> Purpose {
    let first = call.words.first().and_then(|it| it.text()).unwrap_or_default();
    if matches!(first, "sh" | "bash") {
        return call.text(1).filter(|it| !it.starts_with('-')).map_or(Purpose::Other, file_name);
    }
    if first.contains('/') || first.contains('.') { file_name(first) } else { Purpose::Other }
}

fn file_name(path: &str) -> Purpose {
    let name = path.rsplit('/').next().unwrap_or(path);
    let known = of_word(name.split('.').next().unwrap_or(name));
    let in_tests = path.contains("tests/") || path.contains("test/");
    if in_tests && known == Purpose::Other { Purpose::Test } else { known }
}

/// What a target, a script or a subcommand is for, by the words in its name: `test:unit`, `run_tests`, `docs-build`.
fn of_word(name: &str) -> Purpose {
    let mut found = Purpose::Other;
    for word in name.split(|it: char| !it.is_ascii_alphanumeric()) {
        let this = match word {
            "test" | "tests" | "unittest" | "unittests" | "spec" | "specs" | "check" | "coverage" | "e2e"
            | "runtests" | "testall" | "bench" | "ci" | "verify" | "cover" => Purpose::Test,
            "lint" | "vet" | "fmt" | "format" | "analyze" | "analyse" | "lints" | "style" => Purpose::Lint,
            "build" | "compile" | "dist" | "package" | "bundle" | "pack" | "assemble" => Purpose::Build,
            "publish" | "deploy" | "release" | "upload" | "push" => Purpose::Publish,
            "install" | "restore" | "deps" | "setup" | "bootstrap" | "get" | "vendor" => Purpose::Install,
            _ => continue,
        };
        // `build-test-image` builds, `publish-docs` publishes, `install-test-deps` installs.
        let undoes = matches!((found, this), (Purpose::Test, Purpose::Install | Purpose::Publish));
        if found == Purpose::Other || undoes {
            found = this;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::{commands, parse};

    #[test]
    fn what_a_command_is_for_is_seen_by_program_subcommand_target_and_file_name() {
        let rows = [
            (Purpose::Test, "pytest -q|python -m pytest|python3.12 -m unittest|poetry run pytest -x|tox"),
            (Purpose::Test, "go test ./...|cargo test|cargo +nightly test|npm test|npm t|npm run test:unit"),
            (
                Purpose::Test,
                "yarn test|make check|make test lint|make build test|mvn -B verify|./gradlew build",
            ),
            (
                Purpose::Test,
                "./run_tests.sh|sh scripts/test.sh|bundle exec rspec|npx jest|python setup.py test",
            ),
            (Purpose::Test, "sudo -E make test|env A=b pytest|coverage run -m pytest|xvfb-run npm test"),
            (Purpose::Test, "python manage.py test|dotnet test|./tests/integration.sh|python tests/all.py"),
            (Purpose::Lint, "flake8 src|go vet ./...|cargo clippy|npm run lint|make lint|black --check ."),
            (
                Purpose::Build,
                "make|go build ./cmd|npm run build|docker build .|mvn package -DskipTests|cmake .",
            ),
            (
                Purpose::Build,
                "make build-test-image|make install|go install ./cmd/x|python setup.py sdist|gradle assemble|python -m build",
            ),
            (Purpose::Install, "pip install -r a.txt|pip3 install x|python -m pip install x|apt-get update"),
            (
                Purpose::Install,
                "npm ci|npm install|yarn|yarn install|bundle install|composer install|go get x",
            ),
            (Purpose::Install, "apk add make|make deps|make install-test-deps|poetry install|gem install x"),
            (Purpose::Publish, "twine upload dist/*|docker push x|npm publish|make deploy|git push|ssh a b"),
            (Purpose::Prepare, "echo test|cd test|A=b|mkdir tests|python --version|git fetch --tags"),
            (Purpose::Wait, "sleep 5|pg_isready -h db|./wait-for-it.sh db:5432"),
            (Purpose::Other, "foo test|$MAKE test|node index.js|latest|python app.py|attest x|contest"),
        ];
        for (expected, lines) in rows {
            for line in lines.split('|') {
                let script = parse(line, true).unwrap();
                assert_eq!(purpose(commands(&script)[0].simple), expected, "{line}");
            }
        }
    }
}
