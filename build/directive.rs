//! A line such as `{{#plan pipelines/a.yml event=tag}}` → its name and arguments. Knows nothing of their meaning.

/// One directive of a page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Directive<'a> {
    /// The word after `#`.
    pub(crate) name: &'a str,
    /// What stands without a key: a path, an id.
    pub(crate) subject: Option<&'a str>,
    options: Vec<(&'a str, &'a str)>,
}

impl<'a> Directive<'a> {
    /// Reads a line. `None` when it is no directive; `Err` says what is wrong with it.
    pub(crate) fn parse(line: &'a str) -> Option<Result<Self, String>> {
        let inside = line.trim().strip_prefix("{{#")?;
        let Some(inside) = inside.strip_suffix("}}") else {
            return Some(Err("a directive stands alone on its line and ends with `}}`".to_owned()));
        };
        Some(Self::parse_inside(inside))
    }

    fn parse_inside(inside: &'a str) -> Result<Self, String> {
        let mut words = inside.split_whitespace();
        let name = words.next().ok_or("a directive needs a name: `{{#pipeline PATH}}`")?;
        let mut directive = Self { name, subject: None, options: Vec::new() };
        for word in words {
            match word.split_once('=') {
                Some(option) => directive.options.push(option),
                None if directive.subject.is_none() => directive.subject = Some(word),
                None => return Err(format!("`{name}` takes one subject; `{word}` is a second one")),
            }
        }
        Ok(directive)
    }

    /// The subject, or what is missing.
    pub(crate) fn needs(&self, what: &str) -> Result<&'a str, String> {
        self.subject.ok_or_else(|| format!("`{}` needs {what}", self.name))
    }

    /// The value of an option.
    pub(crate) fn option(&self, key: &str) -> Option<&'a str> {
        self.options.iter().find(|(it, _)| *it == key).map(|(_, value)| *value)
    }

    /// Refuses options that the directive does not have.
    pub(crate) fn knows(&self, keys: &[&str]) -> Result<(), String> {
        match self.options.iter().find(|(key, _)| !keys.contains(key)) {
            None => Ok(()),
            Some((key, _)) if keys.is_empty() => {
                Err(format!("`{}` has no option `{key}`; it has none", self.name))
            }
            Some((key, _)) => {
                Err(format!("`{}` has no option `{key}`; it has: {}", self.name, keys.join(", ")))
            }
        }
    }
}
