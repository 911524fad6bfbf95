//! A tag → the version variables that Drone makes of it (§5.11). Strict: what is no version gives an error variable.

/// The variables for a tag: semantic version or the reason why it is none, and calendar version if it is one.
pub(super) fn of_tag(tag: &str) -> Vec<(&'static str, String)> {
    let mut variables = match semantic(tag) {
        Ok(variables) => variables,
        Err(reason) => vec![("DRONE_SEMVER_ERROR", reason)],
    };
    variables.extend(calendar(tag).unwrap_or_default());
    variables
}

fn semantic(tag: &str) -> Result<Vec<(&'static str, String)>, String> {
    let text = tag.strip_prefix('v').unwrap_or(tag);
    let (rest, build) = text.split_once('+').unwrap_or((text, ""));
    let (core, prerelease) = rest.split_once('-').unwrap_or((rest, ""));
    let parts: Vec<&str> = core.split('.').collect();
    let [major, minor, patch] = parts[..] else { return Err(format!("{text} is not in dotted-tri format")) };
    for part in [major, minor, patch] {
        let digits = !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
        if !digits || part.parse::<i64>().is_err() {
            return Err(format!("{part} is not a number"));
        }
        if part.len() > 1 && part.starts_with('0') {
            return Err(format!("{part} starts with a zero"));
        }
    }
    for identifiers in [prerelease, build] {
        if !identifiers.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'.')) {
            return Err(format!("{identifiers} holds more than letters, digits, dots and dashes"));
        }
    }
    Ok(vec![
        ("DRONE_SEMVER", text.to_owned()),
        ("DRONE_SEMVER_SHORT", core.to_owned()),
        ("DRONE_SEMVER_MAJOR", major.to_owned()),
        ("DRONE_SEMVER_MINOR", minor.to_owned()),
        ("DRONE_SEMVER_PATCH", patch.to_owned()),
        ("DRONE_SEMVER_PRERELEASE", prerelease.to_owned()),
        ("DRONE_SEMVER_BUILD", build.to_owned()),
    ])
}

/// A version that begins with a year: 19 to 99, or 2019 to 9998.
fn calendar(tag: &str) -> Option<Vec<(&'static str, String)>> {
    let text = tag.strip_prefix('v').unwrap_or(tag);
    let (numbers, modifier) = text.split_once('-').unwrap_or((text, ""));
    let mut parts = numbers.splitn(3, '.');
    let (major, minor) = (parts.next()?, parts.next()?);
    let micro = parts.next().unwrap_or("");
    let number =
        |it: &str| it.bytes().all(|byte| byte.is_ascii_digit()).then(|| it.parse::<u32>().ok()).flatten();
    let year = number(major)?;
    number(minor)?;
    if !micro.is_empty() {
        number(micro)?;
    }
    if !((19..=99).contains(&year) || (2019..=9998).contains(&year)) {
        return None;
    }
    let short =
        if micro.is_empty() { format!("{major}.{minor}") } else { format!("{major}.{minor}.{micro}") };
    Some(vec![
        ("DRONE_CALVER", text.to_owned()),
        ("DRONE_CALVER_SHORT", short),
        ("DRONE_CALVER_MAJOR_MINOR", format!("{major}.{minor}")),
        ("DRONE_CALVER_MAJOR", major.to_owned()),
        ("DRONE_CALVER_MINOR", minor.to_owned()),
        ("DRONE_CALVER_MICRO", micro.to_owned()),
        ("DRONE_CALVER_MODIFIER", modifier.to_owned()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(tag: &str, name: &str) -> Option<String> {
        of_tag(tag).into_iter().find(|it| it.0 == name).map(|it| it.1)
    }

    #[test]
    fn a_version_tag_gives_its_parts() {
        for (name, expected) in [
            ("DRONE_SEMVER", "1.2.3-rc.1+b7"),
            ("DRONE_SEMVER_SHORT", "1.2.3"),
            ("DRONE_SEMVER_MAJOR", "1"),
            ("DRONE_SEMVER_MINOR", "2"),
            ("DRONE_SEMVER_PATCH", "3"),
            ("DRONE_SEMVER_PRERELEASE", "rc.1"),
            ("DRONE_SEMVER_BUILD", "b7"),
        ] {
            assert_eq!(value("v1.2.3-rc.1+b7", name).as_deref(), Some(expected), "{name}");
        }
        assert_eq!(value("v1.2.3", "DRONE_SEMVER_ERROR"), None);
        assert_eq!(value("v1.2.3", "DRONE_CALVER"), None);
    }

    #[test]
    fn what_is_no_version_gives_an_error_only() {
        for tag in [
            "v1.2",
            "1.2.3.4",
            "release-1",
            "v1.02.3",
            "v1.x.3",
            "",
            "v1.2.3-a_b",
            "1.99999999999999999999.3",
        ] {
            assert!(value(tag, "DRONE_SEMVER_ERROR").is_some(), "{tag:?}");
            assert_eq!(value(tag, "DRONE_SEMVER"), None, "{tag:?}");
        }
    }

    #[test]
    fn a_year_in_front_makes_a_calendar_version() {
        assert_eq!(value("v21.4.1-beta", "DRONE_CALVER_SHORT").as_deref(), Some("21.4.1"));
        assert_eq!(value("v21.4.1-beta", "DRONE_CALVER_MODIFIER").as_deref(), Some("beta"));
        assert_eq!(value("2024.11", "DRONE_CALVER_MAJOR_MINOR").as_deref(), Some("2024.11"));
        for tag in ["18.1.0", "100.1.0", "2018.1.0", "9999.1.0", "v1.2.3", "2024"] {
            assert_eq!(value(tag, "DRONE_CALVER"), None, "{tag}");
        }
    }
}
