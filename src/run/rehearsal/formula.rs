//! A Homebrew formula and the release it is part of → whether what brew would download is what was released. The formula
//! is read line by line, never run.

/// What the formula belongs to.
pub(super) struct Of<'a> {
    /// `owner/name`.
    pub(super) repo: &'a str,
    /// The tag.
    pub(super) tag: &'a str,
    /// The release's other files, with their SHA-256.
    pub(super) files: &'a [(String, String)],
}

/// One thing that brew would download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Download {
    /// Its address, with the version put in.
    pub(super) url: String,
    /// The file of the release that it means; `None` when it lies elsewhere.
    pub(super) file: Option<String>,
}

/// True for the text of a formula.
pub(super) fn is_one(name: &str, text: &str) -> bool {
    let class = |it: &str| it.trim_start().starts_with("class ") && it.contains("< Formula");
    std::path::Path::new(name).extension().is_some_and(|it| it == "rb") && text.lines().any(class)
}

/// What brew would download. `Err` says in words what does not agree, to stand behind the formula's name.
pub(super) fn check(text: &str, of: &Of<'_>) -> Result<Vec<Download>, String> {
    let entries = entries(text);
    let said = entries.iter().find(|it| it.0 == "version").map(|it| it.1.clone());
    let tag = of.tag.strip_prefix('v').unwrap_or(of.tag);
    if let Some(version) = said.as_deref().filter(|it| *it != tag) {
        return Err(format!(
            "says `version \"{version}\"`, and this is the release {}. Write the version of the tag into it",
            of.tag
        ));
    }
    let version = said.unwrap_or_else(|| tag.to_owned());
    let mut downloads = Vec::new();
    for (at, (key, value)) in entries.iter().enumerate() {
        if key != "url" {
            continue;
        }
        // The digest of a download stands behind it, before the next one.
        let digest = entries[at + 1..].iter().take_while(|it| it.0 != "url").find(|it| it.0 == "sha256");
        let url = value.replace("#{version}", &version);
        downloads.push(download(url, digest.map(|it| it.1.as_str()), of)?);
    }
    if downloads.is_empty() {
        return Err("names no `url`, so brew has nothing to download".into());
    }
    Ok(downloads)
}

fn download(url: String, digest: Option<&str>, of: &Of<'_>) -> Result<Download, String> {
    let Some((tag, name)) = in_releases(&url, of.repo) else { return Ok(Download { url, file: None }) };
    if tag != of.tag {
        return Err(format!(
            "names `{url}`, which is of the release {tag}. This one is {}, so brew would install the old program",
            of.tag
        ));
    }
    let Some((_, right)) = of.files.iter().find(|it| it.0 == name) else {
        return Err(format!("names `{url}`, and this release has no file `{name}`"));
    };
    let Some(digest) = digest else {
        return Err(format!("has no `sha256` for `{url}`. That of the file is {right}"));
    };
    if !digest.eq_ignore_ascii_case(right) {
        return Err(format!(
            "has the sha256 {digest} for `{name}`, and the file of this release has {right}. brew would refuse the \
             download. Compute the digest from the file, after it is built"
        ));
    }
    let file = Some(name.to_owned());
    Ok(Download { url, file })
}

/// The tag and the name of a file that lies in a release of the repository.
fn in_releases<'u>(url: &'u str, repo: &str) -> Option<(&'u str, &'u str)> {
    let (_, path) = url.split_once("://")?.1.split_once('/')?;
    path.strip_prefix(repo)?.strip_prefix("/releases/download/")?.rsplit_once('/')
}

/// `version "1.0"`, `url "…"` and `sha256 "…"`, in order.
fn entries(text: &str) -> Vec<(String, String)> {
    let entry = |line: &str| {
        let line = line.trim_start();
        let key = ["version", "url", "sha256"].into_iter().find(|it| line.starts_with(it))?;
        let rest = line[key.len()..].trim_start();
        let quote = rest.chars().next().filter(|it| matches!(it, '"' | '\''))?;
        let value = rest[1..].split(quote).next()?;
        Some((key.to_owned(), value.to_owned()))
    };
    text.lines().filter_map(entry).collect()
}

/// The formula with addresses of the shelf in the place of those of the release.
pub(super) fn pointed_to(
    text: &str,
    downloads: &[Download],
    address: impl Fn(&str) -> String,
    tag: &str,
) -> String {
    let version = tag.strip_prefix('v').unwrap_or(tag);
    let mut pointed = String::new();
    for line in text.lines() {
        let own = downloads.iter().find(|it| {
            it.file.is_some()
                && line.trim_start().starts_with("url")
                && line.replace("#{version}", version).contains(&it.url)
        });
        if let Some(file) = own.and_then(|it| it.file.as_deref()) {
            let indent = &line[..line.len() - line.trim_start().len()];
            pointed += &format!("{indent}url \"{}\"\n", address(file));
        } else {
            pointed.push_str(line);
            pointed.push('\n');
        }
    }
    pointed
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMULA: &str = r#"class Tally < Formula
  desc "Adds up"
  url "https://github.com/octocat/tally/releases/download/v#{version}/tally.tar.gz"
  version "1.2.0"
  sha256 "AB12"
end
"#;

    fn judged(text: &str) -> Result<Vec<Download>, String> {
        let files = [("tally.tar.gz".to_owned(), "ab12".to_owned())];
        check(text, &Of { repo: "octocat/tally", tag: "v1.2.0", files: &files })
    }

    #[test]
    fn a_formula_is_known_by_its_class() {
        assert!(is_one("tally.rb", FORMULA));
        assert!(!is_one("tally.txt", FORMULA) && !is_one("helper.rb", "class A < B\nend\n"));
    }

    #[test]
    fn url_digest_and_version_agree_with_the_release() {
        let downloads = judged(FORMULA).unwrap();
        assert_eq!(downloads[0].file.as_deref(), Some("tally.tar.gz"));
        for (old, new, words) in [
            ("AB12", "cd34", "has the sha256 cd34"),
            ("  sha256 \"AB12\"\n", "", "has no `sha256`"),
            ("v#{version}", "v1.1.0", "of the release v1.1.0"),
            ("\"1.2.0\"", "\"1.1.0\"", "says `version \"1.1.0\"`"),
            ("tally.tar.gz", "tally.zip", "no file `tally.zip`"),
            ("  url ", "  # url ", "names no `url`"),
        ] {
            let why = judged(&FORMULA.replace(old, new)).unwrap_err();
            assert!(why.contains(words), "{new}: {why}");
        }
    }

    #[test]
    fn what_lies_elsewhere_is_not_judged() {
        let elsewhere = FORMULA.replace("octocat/tally/releases/download", "octocat/other/archive");
        assert_eq!(judged(&elsewhere).unwrap()[0].file, None);
    }

    #[test]
    fn on_the_shelf_it_points_to_the_shelf() {
        let downloads = judged(FORMULA).unwrap();
        let pointed = pointed_to(FORMULA, &downloads, |it| format!("file:///shelf/{it}"), "v1.2.0");
        assert!(pointed.contains("  url \"file:///shelf/tally.tar.gz\"\n  version"), "{pointed}");
        assert_eq!(pointed.lines().count(), FORMULA.lines().count());
    }
}
