//! An unknown key → what it stands in, what its value looks like, and which key of Drone's is near it.

use crate::lint::rule::step_at;
use crate::lint::rules::unknown_key::words::{self, Word};
use crate::lint::{Written, closest};
use crate::pipeline::grammar::{Key, Map, PIPELINE, SERVICE, STEP, Shape, Types, WHEN};
use crate::pipeline::{Document, ImageName, Pipeline, Resource, Step};
use crate::source::Span;

/// An unknown key and what is around it.
pub(super) struct Place<'f> {
    pub(super) file: &'f Written<'f>,
    pub(super) name: &'f str,
    /// Where the key stands.
    pub(super) key: Span,
    /// Where its value stands.
    pub(super) value: Span,
    /// What it stands in.
    pub(super) map: &'static Map,
    /// The step or service that holds it, if it is its own.
    pub(super) step: Option<&'f Step>,
    /// The key of this place that is written nearly so.
    pub(super) near: Option<&'static str>,
    types: Types,
    docker: bool,
}

impl<'f> Place<'f> {
    pub(super) fn of(
        file: &'f Written<'f>,
        document: &'f Document,
        (name, key): (&'f str, Span),
        (map, value): (&'static Map, Span),
    ) -> Self {
        let pipeline = match &document.resource {
            Resource::Pipeline(it) => Some(&**it),
            _ => None,
        };
        let types = pipeline.and_then(|it| Types::named(it.raw_type())).unwrap_or(Types::ALL);
        let step = pipeline.and_then(|it| step_at(it, key)).filter(|_| is_step(map));
        let docker = pipeline.is_some_and(Pipeline::is_docker);
        let near = closest(name, known(map, types));
        Self { file, name, key, value, map, step, near, types, docker }
    }

    /// The key as a message shows it.
    pub(super) fn shown(&self) -> String {
        let short = self.name.len() <= 40 && !self.name.contains('\n');
        if short { format!("`{}`", self.name) } else { "of this name".to_owned() }
    }

    pub(super) fn value_text(&self) -> &'f str {
        self.file.slice(self.value)
    }

    /// True when hardly anything else can be meant: short words are near many.
    pub(super) fn is_surely_near(&self) -> bool {
        self.near.is_some_and(|it| it.len() >= 5 && self.name.len() >= 4)
    }

    /// The word of another system, or of an older Drone.
    pub(super) fn word(&self) -> Option<&'static Word> {
        let list = match () {
            () if !self.docker => return None,
            () if std::ptr::eq(self.map, &raw const PIPELINE) => words::PIPELINE,
            () if is_step(self.map) => words::STEP,
            () => return None,
        };
        list.iter().find(|it| it.names.contains(&self.name))
    }

    /// True for what looks like a parameter of a plugin: a step without commands has nothing else to say.
    pub(super) fn is_setting(&self) -> bool {
        let Some(step) = self.step.filter(|_| std::ptr::eq(self.map, &raw const STEP)) else { return false };
        let runs = !step.commands().is_empty() || !step.command.is_empty() || !step.entrypoint.is_empty();
        if runs || !self.docker || step.image().is_empty() || self.is_slip() {
            return false;
        }
        is_plugin(step) && !words::NEVER_SETTINGS.contains(&self.name)
    }

    fn is_slip(&self) -> bool {
        let lower = self.name.to_lowercase();
        self.map.key(&lower).is_some() || self.is_surely_near()
    }

    /// Where a known key belongs that stands in the wrong map: a label and the next step.
    pub(super) fn home(&self) -> Option<(&'static str, String)> {
        let name = self.name;
        if std::ptr::eq(self.map, &raw const PIPELINE) {
            return self.home_of_step_key().or_else(|| {
                WHEN.key(name)?;
                Some((
                    "a condition",
                    format!("write it under `trigger:`, indented: `trigger: {{{name}: …}}`"),
                ))
            });
        }
        if is_step(self.map) {
            return self.home_in_step();
        }
        match (self.map.noun, name) {
            ("a volume", "path") => {
                Some(("belongs under `host`", "write `host:`, and `path:` indented under it".into()))
            }
            ("a volume", "medium" | "size_limit") => {
                Some(("belongs under `temp`", format!("write `temp:`, and `{name}:` indented under it")))
            }
            ("a mount", "host" | "temp" | "claim") => Some((
                "belongs to the pipeline's volume",
                format!("write `{name}:` under `volumes` of the pipeline, beside the same `name`"),
            )),
            ("`clone`", _) if STEP.key(name).is_some() => Some((
                "belongs in a step",
                "write `clone: {disable: true}`, and a step of your own that fetches the code".into(),
            )),
            _ => None,
        }
    }

    fn home_of_step_key(&self) -> Option<(&'static str, String)> {
        let name = self.name;
        STEP.key(name).filter(|it| it.types.meets(self.types))?;
        let help = match name {
            "image" => "write it in each step: a pipeline has no image of its own".to_owned(),
            _ => format!("indent it, so that `{name}` lines up with the `name` of its step"),
        };
        Some(("belongs in a step", help))
    }

    fn home_in_step(&self) -> Option<(&'static str, String)> {
        let name = self.name;
        if WHEN.key(name).is_some() {
            return Some(("a condition", format!("write it under `when:`, indented: `when: {{{name}: …}}`")));
        }
        PIPELINE.key(name).filter(|it| it.types.meets(self.types))?;
        let help = format!("write `{name}` at the left edge, beside `kind` and `steps`");
        Some(("belongs to the pipeline", help))
    }

    pub(super) fn general_help(&self) -> String {
        if is_step(self.map) {
            return "take it out, or write what it should do in `commands`".to_owned();
        }
        if std::ptr::eq(self.map, &raw const PIPELINE) {
            return "take it out, or begin it with `x-` if it only holds anchors".to_owned();
        }
        let known: Vec<&str> = known(self.map, self.types).collect();
        format!("take it out; {} may have `{}`", self.map.noun, known.join("`, `"))
    }

    /// True when the value could stand under the key.
    pub(super) fn fits(&self, key: &str) -> bool {
        let Some(key) = self.map.key(key) else { return false };
        form(self.file.text, self.key).is_some_and(|it| may_hold(key, it))
    }

    /// True when the key stands beside this one already.
    pub(super) fn has(&self, key: &str) -> bool {
        let text = match self.step {
            Some(step) => self.file.slice(step.span),
            None => self.file.slice(self.document_around()),
        };
        text.match_indices(key).any(|(at, _)| {
            let after = text[at + key.len()..].trim_start_matches(['"', '\'']);
            let before = text[..at].trim_end_matches(['"', '\'']);
            let line = before.rfind('\n').map_or(before, |it| &before[it + 1..]);
            after.starts_with(':')
                && (before.is_empty() || before.ends_with(['\n', ' ', '{', ',', '-']))
                && (self.step.is_some() || line.is_empty() || before.ends_with(['{', ' ', ',']))
        })
    }

    fn document_around(&self) -> Span {
        let inside = |it: &&&Document| it.span.to(self.key) == it.span;
        self.file.documents.iter().find(inside).map_or(self.key, |it| it.span)
    }
}

/// What a value is, by its first character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    List,
    Map,
    Text,
}

/// What follows a key; `None` for nothing and for what cannot be told without reading it.
fn form(text: &str, key: Span) -> Option<Form> {
    let after =
        text.get(key.end as usize..)?.trim_start_matches(['"', '\'']).trim_start().strip_prefix(':')?;
    let line = after.lines().next().unwrap_or_default().trim();
    if !line.is_empty() && !line.starts_with('#') {
        return match line.as_bytes()[0] {
            b'[' => Some(Form::List),
            b'{' => Some(Form::Map),
            b'*' | b'&' | b'!' => None,
            _ => Some(Form::Text),
        };
    }
    let mut below = after.lines().skip(1).map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#'));
    let first = below.next()?;
    match first {
        "-" => Some(Form::List),
        _ if first.starts_with("- ") => Some(Form::List),
        _ if first.contains(": ") || first.ends_with(':') => Some(Form::Map),
        _ => Some(Form::Text),
    }
}

fn may_hold(key: &Key, form: Form) -> bool {
    match key.shape {
        Shape::Texts | Shape::EachOrInteger(_) | Shape::Each(_) => form == Form::List,
        Shape::TextMap | Shape::Variables | Shape::Settings | Shape::Keys(_) => form == Form::Map,
        Shape::TextOr(_) | Shape::TextOrSecret => form != Form::List,
        Shape::Condition | Shape::Any => true,
        _ => form == Form::Text,
    }
}

fn known(map: &'static Map, types: Types) -> impl Iterator<Item = &'static str> {
    map.keys.iter().filter(move |it| it.types.meets(types)).map(|it| it.name)
}

fn is_step(map: &Map) -> bool {
    std::ptr::eq(map, &raw const STEP) || std::ptr::eq(map, &raw const SERVICE)
}

/// True when the image is one that wants settings: by its name, or because it has some.
fn is_plugin(step: &Step) -> bool {
    let image = step.image();
    image.contains("plugin") || ImageName::of(image).last().starts_with("drone-") || !step.settings.is_empty()
}
