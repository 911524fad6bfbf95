//! A setting whose name becomes another variable than plugins look for (§5.6).

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::edit::replace;
use crate::lint::rule::{Check, Rule};
use crate::lint::written::StepAdvice;
use crate::pipeline::Text;
use crate::plugin::of_image;

/// The rule.
pub(super) const RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("README.md"),
    check: Check::StepAdvice(check),
};
const CODE: &str = "setting-name";

/// No plugin has more settings.
const MOST_SETTINGS: usize = 500;

fn check(page: &StepAdvice<'_>, found: &mut Vec<Diagnostic>) {
    // With commands, no plugin reads the settings.
    if !page.step.commands().is_empty() {
        return;
    }
    let mut odd =
        page.step.settings.iter().filter_map(|it| Some((&it.0, with_underscores(&it.0.value)?))).peekable();
    // What a plugin reads that we know, the rule `unknown-setting` knows better: some read names with dashes.
    if odd.peek().is_none() || of_image(page.step.image()).is_some() {
        return;
    }
    for (key, right) in odd {
        let taken = page.step.settings.iter().take(MOST_SETTINGS).any(|it| it.0.value == right);
        found.push(diagnose(page, key, &right, taken));
    }
}

/// The name as plugins look for it; `None` when it is right, or no name that a person would write.
fn with_underscores(name: &str) -> Option<String> {
    let mut right = String::new();
    let mut before = ' ';
    for it in name.chars() {
        match it {
            '-' | '.' => right.push('_'),
            _ if it.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) => {
                right.extend(['_', it.to_ascii_lowercase()]);
            }
            _ if it.is_ascii_alphanumeric() || it == '_' => right.push(it),
            _ => return None,
        }
        before = it;
    }
    (right.len() != name.len() || name.contains(['-', '.'])).then(|| right.to_ascii_lowercase())
}

fn diagnose(page: &StepAdvice<'_>, key: &Text, right: &str, taken: bool) -> Diagnostic {
    let name = &key.value;
    let problem = Diagnostic::warning(
        CODE,
        key.span,
        format!("the plugin gets `{name}` as `PLUGIN_{}`", name.to_uppercase()),
    )
    .label(format!("plugins look for `PLUGIN_{}`", right.to_uppercase()))
    .why("Drone writes the name in capitals and changes nothing else, so the plugin takes its default");
    if taken {
        return problem.help(format!("delete it: `{right}` is there as well"));
    }
    let written = page.file.slice(key.span);
    let text = if written.starts_with('"') { format!("\"{right}\"") } else { right.to_owned() };
    problem.help(format!("write `{right}`")).fix(replace(key.span, text, format!("write `{right}`")))
}

#[cfg(test)]
mod tests {
    use super::with_underscores;
    use crate::diagnostic::Severity;

    #[test]
    fn names_are_taken_apart_where_a_capital_or_a_dash_stands() {
        let rows = [
            ("dryRun", Some("dry_run")),
            ("build-args", Some("build_args")),
            ("accessKeyID", Some("access_key_id")),
            ("s3Bucket", Some("s3_bucket")),
            ("dry_run", None),
            ("DRY_RUN", None),
            ("Repo", None),
            ("a b-c", None),
        ];
        for (name, right) in rows {
            assert_eq!(with_underscores(name).as_deref(), right, "{name}");
        }
    }

    #[test]
    fn a_plugin_that_we_know_is_left_to_the_rule_that_knows_its_names() {
        let codes = |image: &str| {
            let text = format!(
                "kind: pipeline\ntype: docker\nname: d\nsteps:\n- name: a\n  image: {image}\n  settings:\n    repo: \
                 a/b\n    dry-run: true\n    debug: true\n"
            );
            let found = crate::lint::lint(&crate::source::SourceFile::new("it.yml", text));
            let warnings = found.iter().filter(|it| it.severity != Severity::Hint);
            warnings.map(|it| it.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("plugins/docker:20"), ["unknown-setting"]);
        assert_eq!(codes("registry.example.com/team/publish:1"), ["setting-name"]);
    }
}
