//! What changes from day to day: the build, the coverage, the documentation → addresses at the services that know.

use crate::badge::readme::pipeline::codecov_tests;
use crate::badge::readme::{Answer, Item, LeftOut, View, Which, address, left_out};

/// The badge of the Drone server (§9.1).
pub(super) fn build(view: &View<'_>, which: &Which) -> Answer {
    if !view.evidence.pipeline {
        return None;
    }
    let Some(server) = &view.wishes.server else {
        return Some(Err(left_out(
            "the address of the Drone server is not known",
            "name it: --server https://drone.example.com",
        )));
    };
    let Some(repository) = &view.wishes.repository else {
        return Some(Err(left_out(
            "no remote of git says how the repository is called",
            "name it: --repo OWNER/NAME",
        )));
    };
    let page = format!("{server}/{}", address::path(repository));
    let picture = format!("{server}/api/badges/{}/status.svg", address::path(repository));
    let (query, of) = match which {
        Which::Default => (String::new(), String::new()),
        Which::Branch(name) => (format!("?branch={}", address::path(name)), format!(" of branch {name}")),
        Which::Ref(name) => (format!("?ref={}", address::path(name)), format!(" of {name}")),
    };
    Some(Ok(Item {
        kind: "build",
        alt: format!("Build status{of}"),
        image: picture + &query,
        link: Some(page),
        evidence: ".drone.yml".into(),
    }))
}

/// The badge of the service that the pipeline or a settings file names.
pub(super) fn coverage(view: &View<'_>, branch: Option<&str>) -> Answer {
    let (service, evidence) = view.evidence.coverage.as_ref()?;
    let Some(repository) = &view.wishes.repository else {
        return Some(Err(left_out(
            "no remote of git says how the repository is called",
            "name it: --repo OWNER/NAME",
        )));
    };
    let forge = view.forge();
    let Some((image, link)) = service.addresses(forge, &address::path(repository), branch) else {
        let why = format!(
            "{} knows repositories of GitHub, GitLab and Bitbucket, and not of {forge}",
            service.name()
        );
        return Some(Err(LeftOut { kind: "coverage", why, next: None }));
    };
    let alt = format!("Test coverage{}", of_branch(branch));
    Some(Ok(Item { kind: "coverage", alt, image, link: Some(link), evidence: evidence.clone() }))
}

/// A picture that leads to the newest test report: the page that is named, or the one of the service that gets the results.
pub(super) fn test_report(view: &View<'_>, branch: Option<&str>) -> Answer {
    let (link, evidence) = if let Some(page) = &view.wishes.test_report {
        let name = branch.map(address::path).unwrap_or_default();
        (page.replace("{branch}", &name), "--test-report".to_owned())
    } else {
        let evidence = view.evidence.test_results.clone()?;
        let repository = address::path(view.wishes.repository.as_ref()?);
        let forge = view.forge();
        (codecov_tests(forge, &repository, branch)?, evidence)
    };
    let image = address::static_badge("test report", branch.unwrap_or("newest"), "blue");
    let alt = format!("Test report{}", of_branch(branch));
    Some(Ok(Item { kind: "test report", alt, image, link: Some(link), evidence }))
}

/// What is said of a branch, where one is meant.
fn of_branch(branch: Option<&str>) -> String {
    branch.map_or_else(String::new, |it| format!(" of branch {it}"))
}

/// The badge of Read the Docs, where its settings are there and something names the project's pages.
pub(super) fn documentation(view: &View<'_>, version: Option<&str>) -> Answer {
    let settings = [".readthedocs.yaml", ".readthedocs.yml"].into_iter().find(|it| view.folder.has(it))?;
    let named = view.packages.iter().flat_map(|it| &it.addresses).find_map(|it| of_readthedocs(it));
    let named = named.or_else(|| of_readthedocs(&view.folder.readme()?));
    let Some(project) = named else {
        return Some(Err(left_out(
            format!("{settings} is there, but nothing says how the project is called at Read the Docs"),
            "write its address, https://NAME.readthedocs.io, into the README or the package's addresses",
        )));
    };
    let version = version.unwrap_or("latest");
    let image =
        format!("https://readthedocs.org/projects/{project}/badge/?version={}", address::path(version));
    let of = if version == "latest" { String::new() } else { format!(" of {version}") };
    Some(Ok(Item {
        kind: "documentation",
        alt: format!("Documentation{of}"),
        image,
        link: Some(format!("https://{project}.readthedocs.io/en/{}/", address::path(version))),
        evidence: settings.to_owned(),
    }))
}

/// `https://NAME.readthedocs.io/…` → `NAME`.
fn of_readthedocs(text: &str) -> Option<String> {
    let (before, _) = text.split_once(".readthedocs.io")?;
    let name = before.rsplit_once("//")?.1;
    let plain = |it: char| it.is_ascii_alphanumeric() || it == '-';
    (!name.is_empty() && name.chars().all(plain)).then(|| name.to_owned())
}
