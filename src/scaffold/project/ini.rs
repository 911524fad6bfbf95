//! The text of a `setup.cfg`, `tox.ini` or `pytest.ini` → its sections, with lines. It takes everything: what is no
//! section and no entry is left out.

/// A file of sections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ini {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    section: String,
    key: String,
    value: String,
    line: usize,
}

impl Ini {
    /// Reads it.
    pub(crate) fn read(text: &str) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        let mut section = String::new();
        for (number, line) in text.lines().enumerate() {
            let trimmed = line.trim();
            if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
                continue;
            }
            let deeper = line.starts_with([' ', '\t']);
            if let Some(last) =
                entries.last_mut().filter(|it| deeper && it.section == section && !it.key.is_empty())
            {
                last.value.push('\n');
                last.value.push_str(trimmed);
            } else if let Some(name) = trimmed.strip_prefix('[').and_then(|it| it.split(']').next()) {
                name.trim().clone_into(&mut section);
                let key = String::new();
                entries.push(Entry { section: section.clone(), key, value: String::new(), line: number + 1 });
            } else if let Some((key, value)) = trimmed.split_once(['=', ':']) {
                let (key, value) = (key.trim().to_lowercase(), value.trim().to_owned());
                entries.push(Entry { section: section.clone(), key, value, line: number + 1 });
            }
        }
        Self { entries }
    }

    /// The line of a section's head.
    pub(crate) fn section(&self, name: &str) -> Option<usize> {
        self.entries.iter().find(|it| it.section == name && it.key.is_empty()).map(|it| it.line)
    }

    /// A value, with its line. Continued lines are separated by line ends.
    pub(crate) fn get(&self, section: &str, key: &str) -> Option<(&str, usize)> {
        let found = self.entries.iter().find(|it| it.section == section && it.key == key)?;
        Some((found.value.as_str(), found.line))
    }

    /// The values of a key in a section and in all that have its name and more: `testenv` and `testenv:lint`.
    pub(crate) fn values<'i>(&'i self, section: &'i str, key: &'i str) -> impl Iterator<Item = &'i str> {
        let inside =
            move |it: &&Entry| it.key == key && it.section.split(':').next().is_some_and(|it| it == section);
        self.entries.iter().filter(inside).map(|it| it.value.as_str())
    }

    /// The keys of a section.
    pub(crate) fn keys(&self, section: &str) -> impl Iterator<Item = &str> {
        self.entries
            .iter()
            .filter(move |it| it.section == section && !it.key.is_empty())
            .map(|it| it.key.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Ini;

    #[test]
    fn continued_lines_belong_to_their_key() {
        let ini = Ini::read("[tox]\nenvlist =\n    py311,\n    py312\n\n# x\n[testenv]\ncommands = pytest\n");
        assert_eq!(ini.get("tox", "envlist"), Some(("\npy311,\npy312", 2)));
        assert_eq!(ini.get("testenv", "commands"), Some(("pytest", 8)));
        assert_eq!(ini.section("testenv"), Some(7));
    }
}
