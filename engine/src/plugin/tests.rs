//! The tables are whole: names that are sorted, said once and found again.

use std::collections::BTreeSet;

use super::{Kind, Need, Plugin, Setting, Standing, of_image};

fn plugin(image: &str) -> &'static Plugin {
    of_image(image).expect("the table has it")
}

#[test]
fn plugins_are_sorted_and_each_name_is_one_plugins() {
    for pair in Plugin::ALL.windows(2) {
        assert!(pair[0].name < pair[1].name, "{} stands before {}", pair[0].name, pair[1].name);
    }
}

#[test]
fn settings_are_sorted_within_their_group() {
    for plugin in Plugin::ALL {
        for pair in plugin.groups.iter().flat_map(|it| it.windows(2)) {
            assert!(
                pair[0].name < pair[1].name,
                "{}: {} stands before {}",
                plugin.name,
                pair[0].name,
                pair[1].name
            );
        }
    }
}

#[test]
fn each_name_of_a_setting_is_said_once() {
    for plugin in Plugin::ALL {
        let mut seen = BTreeSet::new();
        for name in plugin.settings().flat_map(Setting::names) {
            assert!(seen.insert(name), "{}: {name} twice", plugin.name);
            assert_eq!(name, name.to_ascii_lowercase(), "{}", plugin.name);
        }
        assert!(plugin.open || !seen.is_empty(), "{} reads nothing", plugin.name);
    }
}

#[test]
fn every_name_and_alias_finds_its_setting() {
    for plugin in Plugin::ALL {
        for setting in plugin.settings() {
            for name in setting.names() {
                assert_eq!(plugin.setting(name), Some(setting), "{}: {name}", plugin.name);
                assert_eq!(
                    plugin.setting(&name.to_ascii_uppercase()),
                    Some(setting),
                    "{}: {name}",
                    plugin.name
                );
                assert_eq!(plugin.respelled(name), None, "{}: {name}", plugin.name);
            }
        }
    }
}

#[test]
fn whatever_is_needed_or_takes_over_is_a_setting_that_counts() {
    for plugin in Plugin::ALL {
        let needed = plugin.needs.iter().flat_map(|it| it.one_of.iter().chain(it.unless)).copied();
        let replacements = plugin.settings().filter_map(|it| match it.standing {
            Standing::Replaced(by) => Some(by),
            Standing::Current | Standing::Ignored => None,
        });
        for name in needed {
            let setting =
                plugin.setting(name).unwrap_or_else(|| panic!("{}: {name} is unknown", plugin.name));
            assert_eq!(setting.name, name, "{}: a need names the setting itself", plugin.name);
            assert_ne!(setting.standing, Standing::Ignored, "{}: {name}", plugin.name);
        }
        for name in replacements {
            let setting =
                plugin.setting(name).unwrap_or_else(|| panic!("{}: {name} is unknown", plugin.name));
            assert_eq!(setting.standing, Standing::Current, "{}: {name}", plugin.name);
        }
        assert!(plugin.needs.iter().all(|it| !it.one_of.is_empty()), "{}", plugin.name);
    }
}

#[test]
fn a_choice_has_two_words_or_more_each_said_once() {
    for setting in Plugin::ALL.iter().flat_map(Plugin::settings) {
        let Kind::Words(words) = setting.kind else { continue };
        let unique: BTreeSet<_> = words.iter().collect();
        assert!(words.len() > 1 && unique.len() == words.len(), "{}", setting.name);
    }
}

#[test]
fn every_image_leads_to_its_plugin_and_no_other() {
    let mut seen = BTreeSet::new();
    for plugin in Plugin::ALL {
        assert!(!plugin.images.is_empty(), "{} has no image", plugin.name);
        for image in plugin.images {
            assert!(seen.insert(image), "{image} twice");
            assert_eq!(of_image(image), Some(plugin), "{image}");
            assert_eq!(of_image(&format!("{image}:1.2")), Some(plugin), "{image}");
            assert!(!image.contains([':', '@']) && *image == image.to_ascii_lowercase(), "{image}");
        }
    }
}

#[test]
fn every_plugin_says_in_one_sentence_what_it_does_and_has_a_page() {
    for plugin in Plugin::ALL {
        let end = plugin.does.find(['.', '\n']).map(|it| it + 1);
        assert_eq!(end, Some(plugin.does.len()), "{}: {}", plugin.name, plugin.does);
        assert!(plugin.page.starts_with("https://"), "{}: {}", plugin.name, plugin.page);
    }
}

#[test]
fn an_image_is_known_with_tag_digest_and_dockers_own_registry() {
    let digest = format!("sha256:{}", "0f".repeat(32));
    for image in [
        "plugins/docker".to_owned(),
        "plugins/docker:20".to_owned(),
        " plugins/docker:linux-amd64 ".to_owned(),
        "docker.io/plugins/docker".to_owned(),
        "index.docker.io/plugins/docker:20".to_owned(),
        format!("plugins/docker@{digest}"),
        format!("docker.io/plugins/docker:20@{digest}"),
    ] {
        assert_eq!(of_image(&image).map(|it| it.name), Some("docker"), "{image}");
    }
    assert_eq!(of_image("quay.io/ipedrazas/drone-helm:v2").map(|it| it.name), Some("helm"));
}

#[test]
fn an_image_of_another_name_or_registry_is_no_plugin() {
    for image in ["", "docker", "docker:dind", "alpine:3", "mine/docker", "plugins/docker/x", "plugins/dock"]
    {
        assert_eq!(of_image(image), None, "{image}");
    }
    assert_eq!(of_image("localhost:5000/plugins/docker:20"), None);
    assert_eq!(of_image("registry.example.org/plugins/docker"), None);
}

#[test]
fn dashes_and_humps_are_not_underscores_but_are_recognised() {
    let docker = plugin("plugins/docker");
    for name in ["dry-run", "dryRun", "dry.run", "DRYRUN"] {
        assert_eq!(docker.setting(name), None, "{name}");
        assert_eq!(docker.respelled(name).map(|it| it.name), Some("dry_run"), "{name}");
    }
    assert_eq!(docker.respelled("Dry_Run"), None, "it is read as it stands");
    assert_eq!(docker.respelled("platforms"), None);
}

#[test]
fn a_secret_is_secret_under_every_name_it_has() {
    let docker = plugin("plugins/docker");
    assert!(docker.setting("password").is_some_and(|it| it.secret));
    assert!(docker.setting("docker_password").is_some_and(|it| it.secret));
    assert!(docker.setting("username").is_some_and(|it| !it.secret));
    assert!(plugin("plugins/slack").setting("webhook").is_some_and(|it| it.secret));
}

#[test]
fn a_need_is_met_by_the_setting_what_excuses_it_or_a_variable() {
    const NEED: Need =
        super::need::one_of(&["token", "key"]).unless(&["dry_run"]).or_variables(&["MY_TOKEN"]);
    let met = |settings: &[&str], variables: &[&str]| {
        NEED.is_met(|it| settings.contains(&it), |it| variables.contains(&it))
    };
    assert!(met(&["token"], &[]));
    assert!(met(&["key"], &[]));
    assert!(met(&["dry_run"], &[]));
    assert!(met(&[], &["MY_TOKEN"]));
    assert!(met(&[], &["PLUGIN_KEY"]));
    assert!(!met(&["repo"], &["TOKEN"]));
    assert!(!met(&[], &[]));
}
