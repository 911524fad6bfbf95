//! Which gems a project asks for, in its `Gemfile` and its gemspec, and with which words.

use crate::scaffold::project::Folder;

/// The lines of these files that name a gem.
pub(super) struct Bundle {
    text: String,
}

impl Bundle {
    pub(super) fn of(folder: Folder<'_>) -> Self {
        let asks = |it: &&str| {
            let lists = it.ends_with(".gemspec") || it.starts_with("Gemfile") || *it == "gems.rb";
            lists || (it.starts_with("gemfiles/") && it.ends_with(".rb"))
        };
        let mut text = String::new();
        for file in folder.files().filter(asks) {
            text.push_str(&folder.head(file).unwrap_or_default());
            text.push('\n');
        }
        Self { text }
    }

    /// True when this gem is asked for, or is locked.
    pub(super) fn has(&self, gem: &str) -> bool {
        let named = [format!("'{gem}'"), format!("\"{gem}\"")];
        let locked = [format!("    {gem} ("), format!("  {gem} (")];
        let asks = |line: &str| {
            let plain = line.trim_start();
            !plain.starts_with('#')
                && ((plain.contains("gem") || plain.contains("dependency"))
                    && named.iter().any(|it| plain.contains(it))
                    || locked.iter().any(|it| line.starts_with(it)))
        };
        self.text.lines().any(asks)
    }

    /// True when gems of this repository are part of it.
    pub(super) fn takes_own(&self) -> bool {
        let own = |line: &str| {
            !line.trim_start().starts_with('#') && (line.contains("path:") || line.contains("path =>"))
        };
        self.text.lines().any(|it| own(it) || it.trim_start().starts_with("path "))
    }
}
