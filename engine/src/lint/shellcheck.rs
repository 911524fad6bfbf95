//! A file → the scripts that shellcheck is to read; what shellcheck says of one, as JSON → diagnostics at their places in
//! the file. The process itself is somebody else's to run:
//! `shellcheck --format=json1 --shell=DIALECT -` with the script as its input.

use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Edit, Fix, Severity};
use crate::lint::rule::{Check, Rule};
use crate::lint::script::StepScript;
use crate::lint::sh::{Sh, sh};
use crate::lint::written::Written;
use crate::pipeline::{Pipeline, Resource, Step, Text, is_legacy, read};
use crate::source::{SourceFile, Span};
use crate::yaml::dollars;

/// The code of all these diagnostics; shellcheck's own is in the message.
pub const CODE: &str = "shellcheck";

/// The page about these findings. It is no rule of the catalogue: what it finds depends on another program.
pub static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    page: include_str!("shellcheck.md"),
    check: Check::Reader,
};

/// The script of a step.
pub struct ScriptToCheck {
    /// The name of the step.
    pub step: String,
    /// The name of its pipeline.
    pub pipeline: String,
    /// For `--shell`: `dash`, `busybox`, `bash`, or `sh` where the image does not say. Programs before 0.10 do not know
    /// `busybox`: give them `dash`.
    pub dialect: &'static str,
    script: StepScript,
    /// How each item is written, which decides what may be put into it.
    items: Vec<Style>,
}

impl ScriptToCheck {
    /// The text to give to shellcheck.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.script.text
    }
}

/// How an item of `commands` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Block,
}

/// The scripts of all steps, in file order. Files of Drone 0.8 and pipelines for Windows have none.
#[must_use]
pub fn scripts(source: &SourceFile) -> Vec<ScriptToCheck> {
    let text = source.text();
    if is_legacy(text) {
        return Vec::new();
    }
    let (manifest, _) = read(source);
    let file = Written { text, dollars: dollars(text), documents: Vec::new() };
    let readable = manifest.documents.iter().filter(|it| it.unread.is_empty());
    let pipelines = readable.filter_map(|it| match &it.resource {
        Resource::Pipeline(pipeline) if pipeline.kind.value == "pipeline" => Some(&**pipeline),
        _ => None,
    });
    pipelines.filter(|it| !is_windows(it)).flat_map(|it| of_pipeline(it, &file)).collect()
}

fn is_windows(pipeline: &Pipeline) -> bool {
    pipeline.platform.os.as_ref().is_some_and(|it| it.value == "windows")
}

fn of_pipeline(pipeline: &Pipeline, file: &Written<'_>) -> Vec<ScriptToCheck> {
    let steps = pipeline.services.iter().chain(&pipeline.steps);
    steps.filter(|it| !it.commands().is_empty()).map(|it| of_step(pipeline, it, file)).collect()
}

fn of_step(pipeline: &Pipeline, step: &Step, file: &Written<'_>) -> ScriptToCheck {
    let shell = if pipeline.is_docker() || pipeline.raw_type() == "kubernetes" {
        sh(step.image())
    } else {
        Sh::Unknown
    };
    let dialect = match shell {
        Sh::Dash => "dash",
        Sh::Ash => "busybox",
        Sh::Bash => "bash",
        Sh::Unknown => "sh",
    };
    ScriptToCheck {
        step: step.name().to_owned(),
        pipeline: pipeline.name().to_owned(),
        dialect,
        script: StepScript::of(step.commands(), file),
        items: step.commands().iter().map(|it| style(it, file)).collect(),
    }
}

fn style(command: &Text, file: &Written<'_>) -> Style {
    let written = file.slice(command.span);
    match written.as_bytes().first() {
        Some(b'"') if written != command.value => Style::Double,
        Some(b'\'') if written != command.value => Style::Single,
        _ => {
            let line = file.line_at(command.span.start);
            let before = file.slice(Span { start: line.start, end: command.span.start });
            if before.trim().is_empty() { Style::Block } else { Style::Plain }
        }
    }
}

/// What `--format=json1` prints.
#[derive(Deserialize)]
struct Answer {
    comments: Vec<Comment>,
}

/// One finding. Lines and columns count from 1, columns in characters, a tab as one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Comment {
    line: usize,
    end_line: usize,
    column: usize,
    end_column: usize,
    level: String,
    code: u32,
    message: String,
    fix: Option<Replacements>,
}

#[derive(Deserialize)]
struct Replacements {
    replacements: Vec<Replacement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    line: usize,
    end_line: usize,
    column: usize,
    end_column: usize,
    #[serde(rename = "replacement")]
    text: String,
}

/// What shellcheck's answer says of a script, at the places in the file.
///
/// # Errors
/// When the text is not what `--format=json1` prints.
pub fn findings(script: &ScriptToCheck, json: &str) -> Result<Vec<Diagnostic>, serde_json::Error> {
    let answer: Answer = serde_json::from_str(json)?;
    let lines = Lines::of(script.text());
    Ok(answer.comments.iter().filter_map(|it| diagnostic(script, &lines, it)).collect())
}

fn diagnostic(script: &ScriptToCheck, lines: &Lines<'_>, comment: &Comment) -> Option<Diagnostic> {
    let span = lines.span((comment.line, comment.column), (comment.end_line, comment.end_column));
    if is_noise(comment.code)
        || is_counter(script, span, comment.code)
        || is_told_elsewhere(script, comment.code)
    {
        return None;
    }
    // Drone replaces these before any shell sees them: only that the value may be split is true of them as well.
    if script.script.is_replaced(span) && !matches!(comment.code, 2086 | 2046) {
        return None;
    }
    let message = format!("SC{}: {}", comment.code, comment.message.trim_end_matches('.'));
    let place = script.script.place(span);
    let diagnostic = match comment.level.as_str() {
        "error" | "warning" => Diagnostic::warning(CODE, place, message),
        _ => Diagnostic::hint(CODE, place, message),
    };
    let diagnostic = diagnostic
        .why(format!(
            "all commands of the step `{}` are one script, and shellcheck has read it as such",
            script.step
        ))
        .help(format!("see https://www.shellcheck.net/wiki/SC{}", comment.code));
    Some(match fix(script, lines, comment) {
        Some(fix) => diagnostic.fix(fix),
        None => diagnostic,
    })
}

/// What is not so in a step: files that are sourced, variables that Drone or the image sets, a failing `cd` that `set -e`
/// sees, `local`, which every `/bin/sh` in use knows.
fn is_noise(code: u32) -> bool {
    matches!(code, 1090 | 1091 | 2148 | 2153 | 2154 | 2164 | 3043)
}

/// `for i in $(seq 60)`: the turns are counted, and nobody asks for the number.
fn is_counter(script: &ScriptToCheck, span: Span, code: u32) -> bool {
    let from = script.text().get(span.start as usize..).unwrap_or_default();
    let before = script.text().get(..span.start as usize).unwrap_or_default();
    code == 2034 && (from.starts_with("for ") || before.ends_with("for "))
}

/// What our own rules say, and say of Drone.
fn is_told_elsewhere(script: &ScriptToCheck, code: u32) -> bool {
    let of_bash = matches!(
        code,
        3001 | 3003
            | 3005
            | 3006
            | 3007
            | 3008
            | 3009
            | 3010
            | 3011
            | 3014
            | 3020
            | 3024
            | 3028
            | 3030
            | 3039
            | 3040
            | 3044
            | 3046
            | 3047
            | 3051
            | 3053
            | 3054
            | 3055
            | 3056
            | 3057
            | 3058
            | 3059
            | 3060
    );
    of_bash || ((1000..2000).contains(&code) && script.script.parsed.is_err())
}

/// shellcheck's own change, where each of its places stands in the file letter by letter.
fn fix(script: &ScriptToCheck, lines: &Lines<'_>, comment: &Comment) -> Option<Fix> {
    let replacements = &comment.fix.as_ref()?.replacements;
    let mut edits: Vec<Edit> = Vec::with_capacity(replacements.len());
    for it in replacements {
        let span = lines.span((it.line, it.column), (it.end_line, it.end_column));
        let style = script.items.get(script.script.item_at(span.start)).copied()?;
        if !fits(style, &it.text) || (style == Style::Plain && is_first(script, span)) {
            return None;
        }
        edits.push(Edit { span: script.script.exact(span)?, text: it.text.clone() });
    }
    edits.sort_by_key(|it| it.span);
    let apart = edits.windows(2).all(|it| it[0].span.end <= it[1].span.start);
    (apart && !edits.is_empty()).then(|| Fix {
        message: format!("change it as SC{} says", comment.code),
        edits,
        safe: false,
    })
}

/// True when the text can be put into an item as it is.
fn fits(style: Style, text: &str) -> bool {
    match style {
        Style::Block => !text.contains('\n'),
        Style::Plain => !text.contains(['\n', '#', ':', ',', '[', ']', '{', '}']),
        Style::Single => !text.contains(['\n', '\'']),
        Style::Double => !text.contains(['\n', '"', '\\']),
    }
}

/// True at the beginning of an item, where a quote would be YAML's.
fn is_first(script: &ScriptToCheck, span: Span) -> bool {
    script.script.items.iter().any(|it| it.start == span.start)
}

/// The lines of a script, to find an offset by line and column.
struct Lines<'s> {
    text: &'s str,
    starts: Vec<usize>,
}

impl<'s> Lines<'s> {
    fn of(text: &'s str) -> Self {
        let ends = text.bytes().enumerate().filter(|it| it.1 == b'\n').map(|it| it.0 + 1);
        Self { text, starts: std::iter::once(0).chain(ends).collect() }
    }

    fn offset(&self, (line, column): (usize, usize)) -> usize {
        let Some(start) = line.checked_sub(1).and_then(|it| self.starts.get(it)) else {
            return self.text.len();
        };
        let rest = &self.text[*start..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let within = line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |it| it.0);
        start + within
    }

    fn span(&self, from: (usize, usize), to: (usize, usize)) -> Span {
        let start = self.offset(from);
        Span::new(start, self.offset(to).max(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(commands: &str) -> SourceFile {
        let text =
            format!("kind: pipeline\nsteps:\n- name: test\n  image: debian:12\n  commands:\n{commands}");
        SourceFile::new("it.yml", text)
    }

    /// As shellcheck 0.9.0 writes it.
    fn comment(line: usize, from: usize, to: usize, level: &str, code: u32, fix: &str) -> String {
        format!(
            "{{\"comments\":[{{\"file\":\"-\",\"line\":{line},\"endLine\":{line},\"column\":{from},\"endColumn\":{to},\
             \"level\":\"{level}\",\"code\":{code},\"message\":\"Double quote it.\",\"fix\":{fix}}}]}}"
        )
    }

    /// Quotes around the place, as in the fix of SC2086.
    fn quotes(line: usize, from: usize, to: usize) -> String {
        let one = |at: usize, point: &str| {
            format!(
                "{{\"line\":{line},\"endLine\":{line},\"column\":{at},\"endColumn\":{at},\"precedence\":7,\
                 \"insertionPoint\":\"{point}\",\"replacement\":\"\\\"\"}}"
            )
        };
        format!("{{\"replacements\":[{},{}]}}", one(from, "afterEnd"), one(to, "beforeStart"))
    }

    #[test]
    fn a_finding_points_into_the_file_and_its_fix_changes_the_file() {
        // The commands, the line and columns that shellcheck counts, what is there in the file, and the file mended.
        type Row<'r> = (&'r str, usize, usize, usize, &'r str, Option<&'r str>);
        let rows: &[Row<'_>] = &[
            ("  - make\n  - rm $a\n", 2, 4, 6, "$a", Some("  - make\n  - rm \"$a\"\n")),
            (
                "  - |\n    if x; then\n    \trm $a b\n    fi\n",
                2,
                5,
                7,
                "$a",
                Some("  - |\n    if x; then\n    \trm \"$a\" b\n    fi\n"),
            ),
            ("  - 'it; rm $a'\n", 1, 8, 10, "$a", Some("  - 'it; rm \"$a\"'\n")),
            ("  - \"é; rm $a\"\n", 1, 7, 9, "$a", None),
            ("  - $a b\n", 1, 1, 3, "$a", None),
            ("  - rm $$a\n", 1, 4, 6, "$$a", Some("  - rm \"$$a\"\n")),
            ("  - rm ${DRONE_TAG##v}\n", 1, 4, 16, "${DRONE_TAG##v}", None),
        ];
        for (commands, line, from, to, place, mended) in rows {
            let source = file(commands);
            let scripts = scripts(&source);
            let json = comment(*line, *from, *to, "info", 2086, &quotes(*line, *from, *to));
            let found = findings(&scripts[0], &json).unwrap();
            assert_eq!(source.slice(found[0].primary.span), *place, "{commands}");
            assert_eq!(found[0].message, "SC2086: Double quote it");
            let fixed = found[0].fixes.first().map(|fix| {
                let mut text = source.text().to_owned();
                for edit in fix.edits.iter().rev() {
                    text.replace_range(edit.span.range(), &edit.text);
                }
                text
            });
            let expected = mended.map(|it| file(it).text().to_owned());
            assert_eq!(fixed, expected, "{commands}");
        }
    }

    #[test]
    fn what_our_rules_say_and_what_is_not_so_in_a_step_is_left_out() {
        let source = file("  - source a; cd b; echo '${DRONE_TAG}'\n");
        let script = &scripts(&source)[0];
        assert_eq!(
            (script.dialect, script.step.as_str(), script.pipeline.as_str()),
            ("dash", "test", "default")
        );
        for (code, from, to) in [(3046, 1, 9), (1091, 1, 9), (2164, 11, 15), (2154, 11, 15), (2016, 22, 36)] {
            let json = comment(1, from, to, "warning", code, "null");
            assert_eq!(findings(script, &json).unwrap(), [], "{code}");
        }
        let counted = file("  - for i in $(seq 60); do ready && break; done; V=1\n");
        let script_of = &scripts(&counted)[0];
        let told =
            |from, to| findings(script_of, &comment(1, from, to, "warning", 2034, "null")).unwrap().len();
        assert_eq!((told(1, 48), told(5, 6), told(46, 47)), (0, 0, 1), "{}", script_of.text());
        let json = comment(1, 11, 15, "error", 2199, "null");
        assert_eq!(findings(script, &json).unwrap().len(), 1);
        assert!(findings(script, "no json").is_err());
    }
}
