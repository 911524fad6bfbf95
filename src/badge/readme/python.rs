//! The Pythons that a package names, or the range that it asks for → a badge. Their own words, and no guess.

use crate::badge::readme::registry::Registry;
use crate::badge::readme::{Answer, Item, View, address};

pub(super) fn item(view: &View<'_>) -> Answer {
    let package = view.packages.iter().find(|it| it.registry == Registry::Pypi)?;
    let mut versions = versions(&package.classifiers);
    // A lone `3` says less than a range.
    if package.requires_python.is_some() && !versions.iter().any(|it| it.contains('.')) {
        versions.clear();
    }
    let (message, said) = if versions.is_empty() {
        let range = package.requires_python.as_deref()?.replace(' ', "");
        (range.clone(), range)
    } else {
        (versions.join(" | "), versions.join(", "))
    };
    let published = package.published(view).is_some() && !versions.is_empty();
    let name = address::path(&package.name);
    let image = if published {
        format!("https://img.shields.io/pypi/pyversions/{name}")
    } else {
        address::static_badge("python", &message, "blue")
    };
    Some(Ok(Item {
        kind: "python",
        // A picture that comes from the index may change; what it is about does not.
        alt: if published { "Python versions".into() } else { format!("Python {said}") },
        image,
        link: published.then(|| package.registry.page(&package.name)),
        evidence: package.file.clone(),
    }))
}

/// `Programming Language :: Python :: 3.12` → `3.12`; a lone `3` says nothing when there are others.
fn versions(classifiers: &[String]) -> Vec<String> {
    let named = classifiers.iter().filter_map(|it| it.strip_prefix("Programming Language :: Python :: "));
    let is_version = |it: &&str| it.starts_with(|it: char| it.is_ascii_digit()) && !it.contains(' ');
    let mut all: Vec<&str> = named.filter(is_version).collect();
    if all.iter().any(|it| it.contains('.')) {
        all.retain(|it| it.contains('.'));
    }
    let number = |it: &str| it.split('.').map(|it| it.parse::<u32>().unwrap_or(0)).collect::<Vec<_>>();
    all.sort_by_key(|it| number(it));
    all.dedup();
    all.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_come_in_their_order_and_without_the_lone_three() {
        let named = ["3", "3.10", "3.9", "3 :: Only", "Implementation :: PyPy", "3.10"];
        let all: Vec<String> =
            named.iter().map(|it| format!("Programming Language :: Python :: {it}")).collect();
        assert_eq!(versions(&all), ["3.9", "3.10"]);
        assert_eq!(versions(&all[..1]), ["3"]);
        assert_eq!(versions(&["License :: OSI Approved :: MIT License".to_owned()]), [""; 0]);
    }
}
