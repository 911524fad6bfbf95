//! `badge readme`: a project's folder → the badges that its README can show, printed, compared, or written between two
//! markers. Every other line of the README stays as it is.

mod answer;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::badge::readme::{Found, Markup, Registry, Which, Wishes, look, put};
use crate::cli::badge::readme::answer::Answer;
use crate::cli::plan::git::{Repository, has_branch};
use crate::cli::run::ask::project;
use crate::cli::{Exit, Failure, Format, World, input};
use crate::scaffold::PIPELINE;
use crate::workshop::write_atomically;

const EXAMPLES: &str = "\
Examples:
  ciworkshop badge readme --server https://drone.example.com           show them
  ciworkshop badge readme --server https://drone.example.com --diff    what --write would change
  ciworkshop badge readme --server https://drone.example.com --write   put them into the README
  ciworkshop badge readme --branches main,develop                      two branches side by side

What it finds: the build badge of your Drone server, test coverage (Codecov or Coveralls), the version on PyPI, npm, \
JSR, crates.io, RubyGems, Packagist, Hex, Maven Central, NuGet or CRAN where something says that it is published, the reference of \
a module of Go, Python versions, the licence, Read the Docs. Where the repository \
has a branch `develop` or `dev` besides the default one, build, coverage, test report and documentation come as a table of \
both. Where a test report is, no file says, unless Codecov gets the results; --test-report names it.

--write changes only what stands between the two markers. Without any, it puts them below the title.";

const SERVER: &str = "The address of your Drone server [default: the variable DRONE_SERVER]";

/// Find the badges that this project's README can show
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[arg(long, value_name = "URL", help = SERVER)]
    server: Option<String>,
    /// How the repository is called [default: from the remote of git]
    #[arg(long, value_name = "OWNER/NAME")]
    repo: Option<String>,
    /// The branch that the badges are about [default: the default branch]
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// The ref that the build badge is about, such as refs/tags/v1.0.0
    #[arg(long = "ref", value_name = "REF", conflicts_with = "branch")]
    git_ref: Option<String>,
    /// Two branches side by side, in a table
    #[arg(long, value_name = "ONE,OTHER", conflicts_with_all = ["branch", "git_ref"])]
    branches: Option<String>,
    /// The package can be had there, although nothing here says so: pypi, npm, jsr, crates, rubygems, packagist, hex, maven, nuget, cran or go
    #[arg(long, value_name = "INDEX")]
    published: Option<String>,
    /// The page with the newest test report; write {branch} where the name of the branch stands
    #[arg(long, value_name = "URL")]
    test_report: Option<String>,
    /// The README [default: the one in the root of the repository]
    #[arg(long, value_name = "FILE")]
    readme: Option<PathBuf>,
    /// markdown, rst or html [default: by the README's name]
    #[arg(long, value_name = "MARKUP")]
    markup: Option<String>,
    /// Write them into the README
    #[arg(long)]
    write: bool,
    /// Show what --write would change; exit code 1 when that is something
    #[arg(long, conflicts_with = "write")]
    diff: bool,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let root = nearest(&world.folder);
    let wishes = wishes(arguments, &root, world)?;
    let readme = readme(arguments, &root, world)?;
    let markup = markup(arguments, readme.as_ref())?;
    let found = look(&root, &wishes);
    let lines = markup.write(&found);
    let new = readme.as_ref().map(|it| it.with(&lines, &found, markup)).transpose();
    // Only what is to be changed has to be whole.
    let changes = arguments.write || arguments.diff;
    let new = if changes { new? } else { new.unwrap_or(None) };
    if changes && readme.is_none() {
        let message = format!("there is no README in {}", root.display());
        return Err(Failure::could_not(
            message,
            "make one, with a title as its first line; or name it: --readme FILE",
        ));
    }
    let pair = readme.as_ref().zip(new.as_deref());
    let changed = pair.is_some_and(|(old, new)| old.text != new);
    if let Some((old, new)) = pair.filter(|_| arguments.write && changed) {
        old.save(new)?;
    }
    let name = readme.as_ref().map(|it| it.name.as_path());
    let answer = Answer { found: &found, lines: &lines, markup, name, changed };
    match (arguments.format, pair) {
        (Format::Json, _) => answer.json(changes, world)?,
        (Format::Text, Some((_, _))) if arguments.write => answer.written(world)?,
        (Format::Text, Some((old, new))) if arguments.diff => answer.difference(&old.text, new, world)?,
        (Format::Text, _) => write!(world.out, "{lines}")?,
    }
    if arguments.format == Format::Text {
        answer.left_out(world)?;
        answer.twice(readme.as_ref().map_or("", |it| &it.text), world)?;
    }
    Ok(if arguments.diff && changed { Exit::Findings } else { Exit::Clean })
}

/// The nearest folder with a pipeline, in this repository; else its root. A project may lie in the repository of another.
fn nearest(folder: &Path) -> PathBuf {
    let root = project(folder);
    let found =
        folder.ancestors().take_while(|it| it.starts_with(&root)).find(|it| it.join(PIPELINE).is_file());
    found.map_or(root, Path::to_owned)
}

fn wishes(arguments: &Arguments, root: &Path, world: &World) -> Result<Wishes, Failure> {
    let repository = Repository::around(root);
    let server = arguments.server.clone().or_else(|| world.variables.get("DRONE_SERVER").cloned());
    let which = match (&arguments.branch, &arguments.git_ref) {
        (Some(branch), _) => Which::Branch(branch.clone()),
        (None, Some(name)) => Which::Ref(name.clone()),
        (None, None) => Which::Default,
    };
    let branches = match &arguments.branches {
        Some(text) => Some(two(text)?),
        None if which == Which::Default => usual_two(root, repository.default_branch.as_deref()),
        None => None,
    };
    Ok(Wishes {
        server: server.filter(|it| !it.trim().is_empty()).map(|it| server_address(&it)).transpose()?,
        test_report: arguments.test_report.as_deref().map(|it| report(it, branches.is_some())).transpose()?,
        repository: arguments.repo.as_deref().map(slug).transpose()?.or(repository.slug),
        forge: repository.forge,
        which,
        default_branch: repository.default_branch,
        branches,
        published: arguments.published.as_deref().map(registry).transpose()?,
    })
}

fn registry(word: &str) -> Result<Registry, Failure> {
    let found = Registry::ALL.into_iter().find(|it| it.word() == word);
    let message = || format!("--published: there is no index `{}`", word.escape_debug());
    let words = Registry::ALL.map(Registry::word).join(", ");
    found.ok_or_else(|| Failure::usage(message(), format!("there are {words}")))
}

/// `owner/name`, with as many groups before it as the forge likes.
fn slug(text: &str) -> Result<String, Failure> {
    let parts: Vec<&str> = text.split('/').collect();
    let fits = parts.len() >= 2 && parts.iter().all(|it| !it.is_empty() && !it.contains(char::is_whitespace));
    let message = || format!("--repo: `{}` is not the name of a repository", text.escape_debug());
    fits.then(|| text.to_owned())
        .ok_or_else(|| Failure::usage(message(), "write it like octocat/hello-world"))
}

fn two(text: &str) -> Result<[String; 2], Failure> {
    let names: Vec<&str> = text.split(',').map(str::trim).filter(|it| !it.is_empty()).collect();
    match names[..] {
        [one, other] if one != other => Ok([one.to_owned(), other.to_owned()]),
        _ => {
            let message = format!("--branches: `{}` does not name two branches", text.escape_debug());
            Err(Failure::usage(message, "write them like main,develop"))
        }
    }
}

/// The default branch and the one that work is collected on, where there is one.
fn usual_two(root: &Path, default: Option<&str>) -> Option<[String; 2]> {
    let default = default?;
    let other = ["develop", "dev"].into_iter().find(|it| *it != default && has_branch(root, it))?;
    Some([default.to_owned(), other.to_owned()])
}

/// The address of a server, as far as its path goes.
fn server_address(text: &str) -> Result<String, Failure> {
    address(text.trim().trim_end_matches('/'), "-._~:/[]").map_err(|problem| {
        let message = format!("the address of the Drone server, `{}`, {problem}", text.escape_debug());
        Failure::usage(message, "write it like https://drone.example.com")
    })
}

/// The page of a test report. In a table each branch has one of its own.
fn report(text: &str, table: bool) -> Result<String, Failure> {
    let page = match address(text.trim(), "-._~:/?#@!$&+,;=%{}") {
        Ok(page) if table && !page.contains("{branch}") => Err("is the same for both branches"),
        other => other,
    };
    page.map_err(|problem| {
        let message = format!("the address of the test report, `{}`, {problem}", text.escape_debug());
        Failure::usage(message, "write it like https://reports.example.com/{branch}/")
    })
}

/// An address that no markup takes for anything else, or what is wrong with it.
fn address(text: &str, signs: &str) -> Result<String, &'static str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.map(|it| it.split(['/', '?', '#']).next().unwrap_or_default());
    match rest {
        None => Err("does not begin with https://"),
        Some(_) if host == Some("") => Err("names no server"),
        Some(_) if host.is_some_and(|it| it.contains('@')) => {
            Err("holds a user's name, which everybody would read")
        }
        Some(rest) if rest.contains(|it: char| !(it.is_ascii_alphanumeric() || signs.contains(it))) => {
            Err("holds signs that no address has")
        }
        Some(_) => Ok(text.to_owned()),
    }
}

fn markup(arguments: &Arguments, readme: Option<&Readme>) -> Result<Markup, Failure> {
    if let Some(word) = &arguments.markup {
        let wrong = |it: crate::badge::readme::NoMarkup| {
            Failure::usage(format!("--markup: {it}"), "there are markdown, rst and html")
        };
        return word.parse().map_err(wrong);
    }
    Ok(readme.map_or_else(Markup::default, |it| Markup::of_name(&it.name)))
}

/// A README as it was read.
struct Readme {
    /// As messages call it.
    name: PathBuf,
    path: PathBuf,
    text: String,
}

/// Names in the order in which forges look for them.
const NAMES: [&str; 6] =
    ["readme.md", "readme.markdown", "readme.rst", "readme.html", "readme.htm", "readme"];

fn readme(arguments: &Arguments, root: &Path, world: &mut World) -> Result<Option<Readme>, Failure> {
    let path = match &arguments.readme {
        Some(path) => Some(path.clone()),
        None => find(root).map(|it| it.strip_prefix(&world.folder).map(Path::to_owned).unwrap_or(it)),
    };
    let Some(path) = path else { return Ok(None) };
    let text = input::read_source(world, &path)?.text().to_owned();
    Ok(Some(Readme { path: world.folder.join(&path), name: path, text }))
}

/// The README in a folder.
fn find(root: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    let names: Vec<_> = entries.filter_map(|it| it.file_name().into_string().ok()).collect();
    let of = |wanted: &&str| names.iter().find(|it| it.eq_ignore_ascii_case(wanted));
    NAMES.iter().find_map(of).map(|it| root.join(it))
}

impl Readme {
    /// The README with the lines in it. Nothing to show, and no markers: then it stays as it is.
    fn with(&self, lines: &str, found: &Found, markup: Markup) -> Result<String, Failure> {
        let begun = self.text.contains("ciworkshop badges: begin");
        if found.is_empty() && !begun {
            return Ok(self.text.clone());
        }
        put(&self.text, lines, markup).map_err(|it| {
            let message = format!("{}:{it}", self.name.display()).replacen(":line ", ":", 1);
            Failure::could_not(
                message,
                "mend the two markers, or take both away; then call the command again",
            )
        })
    }

    fn save(&self, text: &str) -> Result<(), Failure> {
        let name = self.name.display();
        let cannot = |it: &std::io::Error| {
            Failure::could_not(format!("{name} cannot be written: {it}"), "check that it is still there")
        };
        // A link stays, and what it leads to is written.
        let target = self.path.canonicalize().map_err(|it| cannot(&it))?;
        if fs::metadata(&target).map_err(|it| cannot(&it))?.permissions().readonly() {
            let help = format!("give yourself the right to write it: chmod u+w {name}");
            return Err(Failure::could_not(format!("{name} is read-only, and stays as it is"), help));
        }
        if fs::read(&target).map_err(|it| cannot(&it))? != self.text.as_bytes() {
            let message = format!("{name} has changed since it was read, and stays as it is now");
            return Err(Failure::could_not(message, "save it in the editor, and call the command again"));
        }
        Ok(write_atomically(&target, text.as_bytes())?)
    }
}
