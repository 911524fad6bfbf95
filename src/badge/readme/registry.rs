//! Where packages can be had → the page of a package, the picture of its version, and the words by which a README or a
//! pipeline tells that it is there.

use crate::badge::readme::address;

/// Where packages can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registry {
    /// Python's.
    Pypi,
    /// JavaScript's.
    Npm,
    /// JavaScript's other one.
    Jsr,
    /// Rust's.
    Crates,
    /// Ruby's.
    RubyGems,
    /// PHP's.
    Packagist,
    /// Elixir's.
    Hex,
    /// Java's.
    Maven,
    /// .NET's.
    NuGet,
    /// R's.
    Cran,
    /// The documentation of every public module of Go.
    Go,
}

/// What there is to know of one.
struct Facts {
    word: &'static str,
    title: &'static str,
    /// Addresses; `{}` stands for the name.
    page: &'static str,
    picture: &'static str,
    /// Commands that publish there.
    publish: &'static [&'static str],
    /// What stands before the name where somebody is told how to install it.
    install: &'static [&'static str],
    /// What only a package that is there is written like.
    written: &'static [&'static str],
}

impl Registry {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Pypi,
        Self::Npm,
        Self::Jsr,
        Self::Crates,
        Self::RubyGems,
        Self::Packagist,
        Self::Hex,
        Self::Maven,
        Self::NuGet,
        Self::Cran,
        Self::Go,
    ];

    #[allow(clippy::too_many_lines, reason = "a table")]
    fn facts(self) -> Facts {
        match self {
            Self::Pypi => Facts {
                word: "pypi",
                title: "PyPI",
                page: "https://pypi.org/project/{}/",
                picture: "https://img.shields.io/pypi/v/{}",
                publish: &["twine upload", "poetry publish", "flit publish", "hatch publish", "uv publish"],
                install: &[
                    "pip install",
                    "pip3 install",
                    "pipx install",
                    "uv add",
                    "uv tool install",
                    "poetry add",
                ],
                written: &["img.shields.io/pypi/v/{}", "badge.fury.io/py/{}", "pypi.python.org/pypi/{}"],
            },
            Self::Npm => Facts {
                word: "npm",
                title: "npm",
                page: "https://www.npmjs.com/package/{}",
                picture: "https://img.shields.io/npm/v/{}",
                publish: &["npm publish", "yarn publish", "pnpm publish"],
                install: &["npm install", "npm i ", "yarn add", "pnpm add", "npx "],
                written: &["img.shields.io/npm/v/{}", "badge.fury.io/js/{}", "npmjs.org/package/{}"],
            },
            Self::Jsr => Facts {
                word: "jsr",
                title: "JSR",
                page: "https://jsr.io/{}",
                picture: "https://img.shields.io/jsr/v/{}",
                publish: &["deno publish", "jsr publish"],
                install: &["jsr add"],
                written: &["jsr:{}"],
            },
            Self::Crates => Facts {
                word: "crates",
                title: "crates.io",
                page: "https://crates.io/crates/{}",
                picture: "https://img.shields.io/crates/v/{}",
                publish: &["cargo publish"],
                install: &["cargo add", "cargo install"],
                written: &["docs.rs/{}", "img.shields.io/crates/v/{}"],
            },
            Self::RubyGems => Facts {
                word: "rubygems",
                title: "RubyGems",
                page: "https://rubygems.org/gems/{}",
                picture: "https://img.shields.io/gem/v/{}",
                publish: &["gem push"],
                install: &["gem install", "bundle add", "gem '", "gem \""],
                written: &["badge.fury.io/rb/{}", "img.shields.io/gem/v/{}"],
            },
            Self::Packagist => Facts {
                word: "packagist",
                title: "Packagist",
                page: "https://packagist.org/packages/{}",
                picture: "https://img.shields.io/packagist/v/{}",
                publish: &[],
                install: &["composer require"],
                written: &["poser.pugx.org/{}", "img.shields.io/packagist/v/{}"],
            },
            Self::Hex => Facts {
                word: "hex",
                title: "Hex",
                page: "https://hex.pm/packages/{}",
                picture: "https://img.shields.io/hexpm/v/{}",
                publish: &["mix hex.publish"],
                install: &[],
                written: &["{:{},", "hexdocs.pm/{}", "img.shields.io/hexpm/v/{}"],
            },
            Self::Maven => Facts {
                word: "maven",
                title: "Maven Central",
                page: "https://central.sonatype.com/artifact/{}",
                picture: "https://img.shields.io/maven-central/v/{}",
                publish: &[],
                install: &[],
                written: &["search.maven.org/artifact/{}", "img.shields.io/maven-central/v/{}"],
            },
            Self::NuGet => Facts {
                word: "nuget",
                title: "NuGet",
                page: "https://www.nuget.org/packages/{}",
                picture: "https://img.shields.io/nuget/v/{}",
                publish: &["dotnet nuget push", "nuget push"],
                install: &[
                    "dotnet add package",
                    "dotnet tool install",
                    "dotnet package add",
                    "install-package",
                ],
                written: &["img.shields.io/nuget/v/{}", "badge.fury.io/nu/{}"],
            },
            Self::Cran => Facts {
                word: "cran",
                title: "CRAN",
                page: "https://cran.r-project.org/package={}",
                picture: "https://img.shields.io/cran/v/{}",
                publish: &[],
                install: &["install.packages("],
                written: &[
                    "img.shields.io/cran/v/{}",
                    "r-pkg.org/badges/version/{}",
                    "cran.r-project.org/web/packages/{}",
                ],
            },
            Self::Go => Facts {
                word: "go",
                title: "pkg.go.dev",
                page: "https://pkg.go.dev/{}",
                picture: "https://pkg.go.dev/badge/{}.svg",
                publish: &[],
                install: &["go get", "go install"],
                written: &["godoc.org/{}", "goreportcard.com/report/{}"],
            },
        }
    }

    /// What is typed for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.facts().word
    }

    /// What people call it.
    pub(super) fn title(self) -> &'static str {
        self.facts().title
    }

    /// What kind of badge it gives.
    pub(super) fn kind(self) -> &'static str {
        if self == Self::Go { "documentation" } else { "version" }
    }

    /// The page of a package.
    pub(super) fn page(self, name: &str) -> String {
        self.facts().page.replace("{}", &in_address(name))
    }

    /// The picture of its newest version.
    pub(super) fn picture(self, name: &str) -> String {
        self.facts().picture.replace("{}", &in_address(name))
    }

    /// Where this command publishes to. The first word may stand behind others, such as `python -m`.
    pub(super) fn of_command(line: &str) -> Option<Self> {
        let publishes = |it: &Self| it.facts().publish.iter().any(|words| line.contains(words));
        Self::ALL.into_iter().find(publishes).filter(|_| !line.contains("--dry-run"))
    }

    /// True when a text leads to the page of the package, or tells how to install it.
    pub(super) fn is_told(self, text: &str, name: &str) -> bool {
        let (text, name, facts) = (text.to_lowercase(), name.to_lowercase(), self.facts());
        let page = facts.page.trim_end_matches('/').trim_start_matches("https://").trim_start_matches("www.");
        let written = facts.written.iter().copied().chain([page]);
        let mut written = written.map(|it| it.replacen("{}", &name.replace(':', "/"), 1));
        written.any(|it| stands_in(&text, &it)) || text.lines().any(|it| installs(it, facts.install, &name))
    }
}

/// A name in an address: `@scope/name` of npm stays readable, and what Maven writes with a colon has a slash.
fn in_address(name: &str) -> String {
    address::path(&name.replace(':', "/")).replace("%40", "@")
}

/// True when the words stand there, and not as the beginning of a longer name.
fn stands_in(text: &str, words: &str) -> bool {
    let longer = |rest: &str| {
        // A name may hold a dot; a sentence and the name of a picture end with one.
        let rest = rest.strip_prefix('.').filter(|it| !it.starts_with("svg") && !it.starts_with("png"));
        rest.is_some_and(|it| it.starts_with(char::is_alphanumeric))
    };
    text.match_indices(words).any(|(at, _)| {
        let rest = &text[at + words.len()..];
        let ends = !rest.starts_with(|it: char| it.is_alphanumeric() || "-_".contains(it)) && !longer(rest);
        words.ends_with(',') || ends
    })
}

/// True for a line with one of the commands and, behind it, the package.
fn installs(line: &str, commands: &[&str], name: &str) -> bool {
    let plain = |word: &str| {
        let end =
            word.char_indices().skip(1).find(|it| "[=<>~;@:!".contains(it.1)).map_or(word.len(), |it| it.0);
        word[..end].replace('_', "-")
    };
    let wanted = name.replace('_', "-");
    commands.iter().any(|command| {
        let Some((_, behind)) = line.split_once(command) else { return false };
        let words = behind.split(|it: char| it.is_whitespace() || "`'\"(),$".contains(it));
        // Below a module of Go there are its programs.
        words.take(12).map(plain).any(|it| it == wanted || it.starts_with(&format!("{wanted}/")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_tells_that_a_package_is_there() {
        for (registry, name, text, told) in [
            (Registry::Pypi, "Flask", "$ pip install -U flask", true),
            (Registry::Pypi, "ruamel_yaml", "Run `pip install ruamel-yaml[all]>=1`.", true),
            (Registry::Pypi, "flask", "pip install flask-login", false),
            (Registry::Pypi, "flask", "pip install -e .", false),
            (Registry::Pypi, "flask", "see pypi.org/project/Flask/", true),
            (Registry::Pypi, "flask", "see https://pypi.org/project/flask-login/", false),
            (Registry::Npm, "@a/b", "npm install --save-dev @a/b@2", true),
            (Registry::Npm, "b", "https://www.npmjs.com/package/b)", true),
            (Registry::Jsr, "@a/b", "import x from \"jsr:@a/b\"", true),
            (Registry::Crates, "bat", "cargo install --locked bat", true),
            (Registry::Crates, "bat", "cargo install batty", false),
            (Registry::RubyGems, "rake", "gem \"rake\", \"~> 13\"", true),
            (Registry::Packagist, "twig/twig", "composer require \"twig/twig:^3.0\"", true),
            (Registry::Hex, "ecto", "{:ecto, \"~> 3.0\"}", true),
            (Registry::Hex, "ecto", "{:ecto_sql, \"~> 3.0\"}", false),
            (Registry::NuGet, "Sea.Tide", "PM> Install-Package Sea.Tide -Version 1.0", true),
            (Registry::NuGet, "Sea.Tide", "dotnet add package Sea.Tide.Extra", false),
            (Registry::NuGet, "Sea.Tide", "https://www.nuget.org/packages/Sea.Tide.Extra", false),
            (Registry::NuGet, "Sea.Tide", "![](https://img.shields.io/nuget/v/Sea.Tide.svg)", true),
            (Registry::NuGet, "Sea.Tide", "See nuget.org/packages/Sea.Tide.", true),
            (Registry::Cran, "tide", "install.packages(\"tide\")", true),
            (Registry::Cran, "tide", "install.packages(\"tidetable\")", false),
            (Registry::Go, "github.com/a/b", "go install github.com/a/b/cmd/c@latest", true),
            (Registry::Go, "github.com/a/b", "go get github.com/a/bc", false),
        ] {
            assert_eq!(registry.is_told(text, name), told, "{text}");
        }
    }

    #[test]
    fn a_rehearsal_publishes_nothing() {
        assert_eq!(Registry::of_command("deno publish --token x"), Some(Registry::Jsr));
        assert_eq!(Registry::of_command("deno publish --dry-run --allow-dirty"), None);
        assert_eq!(Registry::of_command("python -m twine upload dist/a"), Some(Registry::Pypi));
    }

    #[test]
    fn a_name_stays_readable_in_an_address() {
        assert_eq!(Registry::Npm.page("@a/b"), "https://www.npmjs.com/package/@a/b");
        assert_eq!(Registry::Maven.picture("org.a:b"), "https://img.shields.io/maven-central/v/org.a/b");
        assert_eq!(Registry::Pypi.page("a)b"), "https://pypi.org/project/a%29b/");
    }
}
