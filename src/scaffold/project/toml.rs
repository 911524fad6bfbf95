//! The text of a TOML file → values with lines, or what is wrong with it and where.

use toml::de::{DeTable, DeValue};

use crate::scaffold::project::survey::line_of;
use crate::scaffold::project::value::{Kind, Value};

/// Reads it. The error says the byte and the reason.
pub(crate) fn read(text: &str) -> Result<Value, (usize, String)> {
    match DeTable::parse(text) {
        Ok(table) => Ok(Value { line: 1, kind: table_of(text, table.get_ref()) }),
        Err(error) => {
            let at = error.span().map_or(0, |it| it.start);
            Err((at, error.message().lines().next().unwrap_or_default().to_owned()))
        }
    }
}

fn table_of(text: &str, table: &DeTable<'_>) -> Kind {
    let mut entries: Vec<(usize, String, Value)> = table
        .iter()
        .map(|(key, value)| {
            let start = key.span().start;
            let value = Value { line: line_of(text, start), kind: kind_of(text, value.get_ref()) };
            (start, key.get_ref().to_string(), value)
        })
        .collect();
    entries.sort_by_key(|it| it.0);
    Kind::Table(entries.into_iter().map(|(_, key, value)| (key, value)).collect())
}

fn kind_of(text: &str, value: &DeValue<'_>) -> Kind {
    match value {
        DeValue::String(it) => Kind::Text(it.to_string()),
        DeValue::Integer(it) => Kind::Text(it.as_str().to_owned()),
        DeValue::Float(it) => Kind::Text(it.as_str().to_owned()),
        DeValue::Boolean(it) => Kind::Text(it.to_string()),
        DeValue::Datetime(it) => Kind::Text(it.to_string()),
        DeValue::Table(it) => table_of(text, it),
        DeValue::Array(it) => {
            let item = |it: &toml::Spanned<DeValue<'_>>| Value {
                line: line_of(text, it.span().start),
                kind: kind_of(text, it.get_ref()),
            };
            Kind::List(it.iter().map(item).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn values_know_the_lines_of_their_keys() {
        let value = read("# x\n[project]\nname = 'a'\ndeps = [\n  'b',\n  'c',\n]\n").unwrap();
        assert_eq!(value.at(&["project", "name"]).unwrap().line, 3);
        assert_eq!(value.at(&["project", "deps"]).unwrap().items()[1].line, 6);
        assert_eq!(value.at(&["project", "deps"]).unwrap().texts(), ["b", "c"]);
    }

    #[test]
    fn a_broken_file_says_where() {
        let text = "[project]\nname = \nversion = '1'\n";
        let (at, message) = read(text).unwrap_err();
        assert_eq!(crate::scaffold::project::line_of(text, at), 2, "{message}");
    }
}
