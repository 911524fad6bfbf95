//! Components that are published → which tag publishes which. One alone takes every tag; of several, each takes the tags
//! that carry its name, as those of the repository do. Where they carry none, nobody can say, and nothing is published.

use crate::scaffold::detect::{Advice, Component};
use crate::scaffold::propose::words::name;

/// What a component is published by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Release {
    /// What the pipeline is called.
    pub(crate) pipeline: String,
    /// What stands before the version in a tag; empty when nothing does.
    pub(crate) prefix: String,
    /// The refs that start it; empty for every tag.
    pub(crate) refs: Vec<String>,
}

impl Release {
    /// A tag of this release, as an example.
    pub(crate) fn example(&self) -> String {
        let v = if self.refs.iter().any(|it| it.ends_with("[0-9]*")) { "" } else { "v" };
        format!("{}{v}1.0.0", self.prefix)
    }
}

/// For each component that can be published: its release, or why it has none.
pub(crate) fn releases(components: &[Component], tags: &[String]) -> Vec<Option<Result<Release, Advice>>> {
    let several = components.iter().filter(|it| it.publish.is_some()).count() > 1;
    let spoken: Vec<Option<Release>> = components.iter().map(|it| by_tags(it, tags)).collect();
    let named = spoken.iter().flatten().next().is_some();
    let of = |(component, spoken): (&Component, Option<Release>)| {
        component.publish.as_ref()?;
        let pipeline = if several { format!("publish-{}", own_name(component)) } else { "publish".into() };
        Some(match spoken {
            Some(release) => checked(component, Release { pipeline, ..release }),
            None if !several => Ok(Release { pipeline, ..Release::default() }),
            None if named || tags.is_empty() => {
                let prefix = format!("{}-", own_name(component));
                let refs = vec![format!("refs/tags/{prefix}v*")];
                checked(component, Release { pipeline, prefix, refs })
            }
            None => Err(unsaid(component)),
        })
    };
    components.iter().zip(spoken).map(of).collect()
}

/// The release that the tags of the repository speak of.
fn by_tags(component: &Component, tags: &[String]) -> Option<Release> {
    let folder = component.root.rsplit('/').next().unwrap_or_default().to_owned();
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '@' | '/' | '.' | '-' | '_');
    let names = [component.name.clone(), name(&component.name), folder];
    let names = names.iter().filter(|it| !it.is_empty() && it.chars().all(plain));
    names.flat_map(|it| ["-", "@", "/"].map(|separator| format!("{it}{separator}"))).find_map(|prefix| {
        let versions: Vec<&str> = tags.iter().filter_map(|it| it.strip_prefix(prefix.as_str())).collect();
        let number = |it: &str| it.starts_with(|it: char| it.is_ascii_digit());
        let lettered = versions.iter().any(|it| it.strip_prefix('v').is_some_and(number));
        let ending = match (lettered, versions.iter().any(|it| number(it))) {
            (true, _) => "v*",
            (false, true) => "[0-9]*",
            (false, false) => return None,
        };
        let refs = vec![format!("refs/tags/{prefix}{ending}")];
        Some(Release { prefix, refs, ..Release::default() })
    })
}

fn own_name(component: &Component) -> String {
    name(&component.name)
}

/// `GoReleaser` makes versions of tags itself, and takes no names in them.
fn checked(component: &Component, release: Release) -> Result<Release, Advice> {
    let steps = component.publish.iter().flat_map(|it| &it.steps);
    let whole = steps.flat_map(|it| &it.commands).any(|it| it.command.starts_with("goreleaser "));
    if !whole {
        return Ok(release);
    }
    Err(Advice::new(
        format!(
            "`{}` is released by GoReleaser, which takes only tags without a name, such as v1.0.0: nothing releases it",
            component.name
        ),
        "give it a repository of its own, or release it with other steps",
    ))
}

fn unsaid(component: &Component) -> Advice {
    Advice::new(
        format!(
            "`{}` could be published, but the tags of this repository do not say which component they are for",
            component.name
        ),
        format!(
            "tag with its name once, such as {}-v1.0.0; `ciworkshop init --update` then adds the pipeline",
            own_name(component)
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::{Release, releases};
    use crate::scaffold::detect::{Component, Line, Publish, Step};

    fn component(name: &str, root: &str, command: &str) -> Component {
        let step = Step { commands: vec![Line::plain(command)], ..Step::default() };
        let publish = Publish { steps: vec![step], ..Publish::default() };
        Component { name: name.into(), root: root.into(), publish: Some(publish), ..Component::default() }
    }

    fn found(components: &[Component], tags: &[&str]) -> Vec<Option<Release>> {
        let tags: Vec<String> = tags.iter().map(|it| (*it).to_owned()).collect();
        releases(components, &tags).into_iter().map(|it| it.and_then(Result::ok)).collect()
    }

    fn release(pipeline: &str, prefix: &str, pattern: &str) -> Release {
        let refs = if pattern.is_empty() { Vec::new() } else { vec![format!("refs/tags/{pattern}")] };
        Release { pipeline: pipeline.into(), prefix: prefix.into(), refs }
    }

    #[test]
    fn one_alone_takes_every_tag_beside_what_is_not_published() {
        let silent = Component { name: "web".into(), ..Component::default() };
        let both = [component("api", "api", "x"), silent];
        assert_eq!(found(&both, &["v1.0.0"]), [Some(release("publish", "", "")), None]);
        assert_eq!(found(&both, &["api-1.0.0"]), [Some(release("publish", "api-", "api-[0-9]*")), None]);
    }

    #[test]
    fn of_several_each_takes_the_tags_with_its_name() {
        let both = [component("api", "services/api", "x"), component("@octo/web", "web", "x")];
        let usual = [
            Some(release("publish-api", "api-", "api-v*")),
            Some(release("publish-octo-web", "octo-web-", "octo-web-v*")),
        ];
        assert_eq!(found(&both, &[]), usual);
        let own = [
            Some(release("publish-api", "api/", "api/v*")),
            Some(release("publish-octo-web", "@octo/web@", "@octo/web@[0-9]*")),
        ];
        assert_eq!(found(&both, &["api/v1.2.0", "@octo/web@0.3.0"]), own);
        // A name that another one begins with is another's.
        assert_eq!(found(&both, &["api-docs-v1.0.0"]), [None, None]);
        assert_eq!(found(&both, &["v1.0.0", "v1.1.0"]), [None, None]);
    }

    #[test]
    fn what_reads_the_tag_itself_cannot_have_a_name_in_it() {
        let both = [component("api", "api", "x"), component("gate", "gate", "goreleaser release --clean")];
        assert_eq!(found(&both, &[]), [Some(release("publish-api", "api-", "api-v*")), None]);
        let alone = [component("gate", "", "goreleaser release --clean")];
        assert_eq!(found(&alone, &["v1.0.0"]), [Some(release("publish", "", ""))]);
    }
}
