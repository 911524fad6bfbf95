//! Any bytes → nothing, or a panic that names the promise which does not hold. For property tests and fuzzing.
//!
//! What must hold for every text there is: nothing panics or hangs, every place lies in the text, and the same question
//! gets the same answer. Nothing here knows what the right answer is.

use crate::diagnostic::{Diagnostic, Program, Programs, render};
use crate::lint::{Which, eight_builds, fix, lint, report, verdict};
use crate::pipeline::{Conditions, Manifest, Pipeline, Resource, Step, read, read_with};
use crate::plan::{Faults, outline, plan_each, substitution_variables};
use crate::shell::{self, Command, Compound, Piece, Script, Shape, Visit, Word};
use crate::source::{SourceFile, Span};
use crate::yaml::{parse, split, substitute};

/// Rendering is slow for texts with very long lines, and says nothing new after some problems.
const RENDERED: usize = 3;

/// Splitting, substituting, parsing, reading and linting.
///
/// # Panics
/// When one of the promises does not hold.
pub fn reader(bytes: &[u8]) {
    let source = SourceFile::from_bytes("any.yml", bytes);
    documents_are_disjoint_and_in_order(&source);
    substitution_knows_where_its_text_was(&source);
    let (tree, syntax) = parse(source.text());
    assert!(tree.root().is_some() || tree.is_empty(), "a tree has a root");
    problems_lie_in(&source, &syntax);
    let build = &eight_builds()[0].1;
    for (manifest, problems) in [read(&source), read_with(&source, &substitution_variables(build))] {
        problems_lie_in(&source, &problems);
        manifest_lies_in(&source, &manifest);
    }
    let found = lint(&source);
    problems_lie_in(&source, &found);
    assert!(found == lint(&source), "the same text has the same problems");
    assert!(found.is_sorted_by_key(|it| it.primary.span), "problems come by place");
    for problem in found.iter().take(RENDERED) {
        assert!(render(problem, &source, false).contains(problem.code), "a rendering names its code");
    }
}

/// Reading shell commands, for a plain shell and for bash.
///
/// # Panics
/// When one of the promises does not hold.
pub fn shell_reader(text: &str) {
    for bash in [false, true] {
        let read = shell::parse(text, bash);
        assert!(read == shell::parse(text, bash), "the same text is read in the same way");
        match read {
            Ok(script) => script_lies_in(text, &script),
            Err(error) => assert!(text.get(error.span.range()).is_some(), "an error has a place"),
        }
    }
}

fn script_lies_in(text: &str, script: &Script) {
    shell::visit(script, &mut |it, _| match it {
        Visit::List(list) => {
            lie_in(text, list.span, list.pipelines().map(|it| it.span));
            lie_in(text, list.span, list.rest.iter().map(|it| it.sign).chain(list.background));
        }
        Visit::Pipeline(pipeline) => {
            lie_in(text, pipeline.span, pipeline.commands.iter().map(Command::span));
            lie_in(text, pipeline.span, pipeline.pipes.iter().map(|it| it.span));
            assert!(pipeline.pipes.len() + 1 == pipeline.commands.len(), "pipes stand between commands");
        }
        Visit::Simple(simple) => {
            lie_in(text, simple.span, simple.words.iter().map(|it| it.span));
            lie_in(text, simple.span, simple.assignments.iter().map(|it| it.span));
            lie_in(text, simple.span, simple.redirects.iter().map(|it| it.span));
        }
        Visit::Compound(compound) => {
            lie_in(text, compound.span, [compound.opening]);
            lie_in(text, compound.span, compound.redirects.iter().map(|it| it.span));
            lie_in(text, compound.span, inner_spans(compound));
        }
        Visit::Redirect(redirect) => {
            lie_in(text, redirect.span, [redirect.target.span]);
            let document = redirect.document.as_ref().map(shell::Document::span);
            assert!(document.is_none_or(|it| text.get(it.range()).is_some()), "a document lies in the text");
        }
        Visit::Word(word) => word_lies_in(text, word),
    });
    assert!(shell::bashisms(script).is_sorted_by_key(|it| it.span.start), "bash's signs come by place");
    for seen in shell::commands(script) {
        assert!(seen.simple.unwrapped().words.len() <= seen.simple.words.len(), "unwrapping takes away");
    }
}

fn word_lies_in(text: &str, word: &Word) {
    lie_in(text, word.span, word.parts.iter().map(|it| it.span));
    lie_in(text, word.span, word.braces);
    assert!(!word.parts.is_empty(), "a word has a part");
    for part in &word.parts {
        if let Piece::Output(script) | Piece::Process(script) = &part.piece {
            lie_in(text, part.span, [script.span]);
        }
    }
}

/// The places of what a compound command is made of.
fn inner_spans(compound: &Compound) -> Vec<Span> {
    match &compound.shape {
        Shape::Group(script) | Shape::Subshell(script) => vec![script.span],
        Shape::If { branches, otherwise } => {
            let branches = branches.iter().flat_map(|(condition, body)| [condition.span, body.span]);
            branches.chain(otherwise.as_ref().map(|it| it.span)).collect()
        }
        Shape::Loop { condition, body, .. } => vec![condition.span, body.span],
        Shape::For { words, body, bash, .. } => {
            words.iter().map(|it| it.span).chain([body.span]).chain(*bash).collect()
        }
        Shape::Case { subject, arms } => {
            let arms = arms.iter().flat_map(|it| [it.span, it.body.span].into_iter().chain(it.falls_through));
            arms.chain([subject.span]).collect()
        }
        Shape::Function { body, keyword, .. } => [body.span()].into_iter().chain(*keyword).collect(),
        Shape::Arithmetic(it) => it.inside.iter().map(|it| it.span).chain([it.span]).collect(),
    }
}

/// They lie in `outer`, on character boundaries.
fn lie_in(text: &str, outer: Span, inner: impl IntoIterator<Item = Span>) {
    assert!(text.get(outer.range()).is_some(), "{outer:?} lies in the text");
    for it in inner {
        assert!(text.get(it.range()).is_some(), "{it:?} lies in the text");
        assert!(outer.start <= it.start && it.end <= outer.end, "{it:?} lies in {outer:?}");
    }
}

/// Verdict, and the plans of the eight builds.
///
/// # Panics
/// When one of the promises does not hold.
pub fn verdict_and_plan(bytes: &[u8]) {
    let source = SourceFile::from_bytes("any.yml", bytes);
    let verdict = verdict(&source);
    problems_lie_in(&source, &verdict.problems);
    let linted = lint(&source);
    for judgement in &verdict.judgements {
        let program = judgement.program;
        for (reason, trusted) in [(judgement.untrusted, false), (judgement.trusted, true)] {
            let named = reason.is_none_or(|(_, index)| refuses(&verdict.problems[index], program, trusted));
            assert!(named, "{program:?} gives a reason that is its own");
            // A verdict is about one message of a commit, and that one holds a colon.
            if source.text().contains("COMMIT_MESSAGE") {
                continue;
            }
            let seen = linted.iter().any(|it| refuses(it, program, trusted));
            assert_eq!(seen, reason.is_some(), "lint and verdict agree on {program:?}");
        }
        assert!(judgement.trusted.is_none() || judgement.untrusted.is_some(), "trust never refuses more");
    }
    let builds = eight_builds().map(|it| it.1);
    for plan in plan_each(&source, &builds, &Faults::default()) {
        problems_lie_in(&source, &plan.problems);
        for pipeline in &plan.pipelines {
            lies_in(&source, pipeline.span, "a planned pipeline");
        }
        drop(outline(&plan));
    }
}

/// Fixing, with the safe fixes and with all.
///
/// # Panics
/// When one of the promises does not hold.
pub fn fixes(bytes: &[u8]) {
    let source = SourceFile::from_bytes("any.yml", bytes);
    let judge = |it: &SourceFile| report(it).problems;
    let before = refusers(&source);
    for which in [Which::Safe, Which::All] {
        let once = fix(&source, which, &judge);
        let fixed = SourceFile::new("any.yml", once.text.as_str());
        let more = refusers(&fixed).without(before);
        assert!(more.is_empty(), "{more} takes the file before a fix, and not after it");
        let unchanged = once.applied.is_empty() == (once.text == source.text());
        assert!(unchanged, "a text changes when something is applied");
        if source.broken_bytes().is_empty() && once.ended {
            let twice = fix(&fixed, which, &judge);
            assert!(
                twice.applied.is_empty(),
                "twice is as once: {:?} after {:?}",
                twice.applied,
                once.applied
            );
        }
    }
}

fn refusers(source: &SourceFile) -> Programs {
    let refusals = lint(source).into_iter().flat_map(|it| it.refusals);
    refusals.fold(Programs::NONE, |all, it| all | it.programs)
}

fn refuses(problem: &Diagnostic, program: Program, trusted: bool) -> bool {
    problem.refusals.iter().any(|it| it.programs.contains(program) && !(trusted && it.untrusted_only))
}

fn documents_are_disjoint_and_in_order(source: &SourceFile) {
    let split = split(source.text());
    assert_eq!(split.documents.len(), split.separators.len(), "each document has its separator");
    let mut end = 0;
    for (separator, document) in split.separators.iter().zip(&split.documents) {
        assert!(end <= separator.start, "a separator follows the document before it");
        assert!(separator.end <= document.start, "a document follows its separator");
        lies_in(source, *document, "a document");
        end = document.end;
    }
}

fn substitution_knows_where_its_text_was(source: &SourceFile) {
    let lookup = |name: &str| if name.len().is_multiple_of(2) { String::new() } else { format!("<{name}>") };
    let (new, errors) = substitute(source.text(), &lookup);
    for error in errors {
        lies_in(source, error.span, "a substitution that fails");
    }
    let length = new.text().len();
    let mut last = 0;
    // A few hundred places, wherever they fall.
    for at in (0..=length).step_by(length / 300 + 1).filter(|it| new.text().is_char_boundary(*it)) {
        let end = new.text().ceil_char_boundary((at + 5).min(length));
        let origin = new.origin(Span::new(at, end));
        lies_in(source, origin, "the origin of a substituted text");
        assert!(last <= origin.start, "origins keep their order");
        last = origin.start;
    }
}

fn problems_lie_in(source: &SourceFile, problems: &[Diagnostic]) {
    for problem in problems {
        for label in std::iter::once(&problem.primary).chain(&problem.secondary) {
            lies_in(source, label.span, &problem.message);
        }
        for fix in &problem.fixes {
            fix.edits.iter().for_each(|it| lies_in(source, it.span, &fix.message));
            assert!(fix.edits.is_sorted_by(|a, b| a.span.end <= b.span.start), "edits do not overlap");
        }
        let nobody = |it: &crate::diagnostic::Refusal| it.programs == Programs::NONE;
        assert!(!problem.refusals.iter().any(nobody), "a refusal names who refuses: {}", problem.message);
    }
}

fn manifest_lies_in(source: &SourceFile, manifest: &Manifest) {
    let mut end = 0;
    for document in &manifest.documents {
        lies_in(source, document.span, "a document");
        lies_in(source, document.separator, "a separator");
        assert!(manifest.legacy || end <= document.span.start, "documents are disjoint and in order");
        end = document.span.end;
        if let Resource::Pipeline(pipeline) = &document.resource {
            pipeline_lies_in(source, pipeline);
        }
    }
}

fn pipeline_lies_in(source: &SourceFile, pipeline: &Pipeline) {
    lies_in(source, pipeline.name_span(), "the name of a pipeline");
    pipeline.depends_on.iter().for_each(|it| lies_in(source, it.span, "a dependency"));
    conditions_lie_in(source, &pipeline.trigger);
    for step in pipeline.services.iter().chain(&pipeline.steps) {
        step_lies_in(source, step);
    }
    pipeline.volumes.iter().for_each(|it| lies_in(source, it.span, "a volume"));
}

fn step_lies_in(source: &SourceFile, step: &Step) {
    lies_in(source, step.span, "a step");
    lies_in(source, step.name_span(), "the name of a step");
    let texts = step.image.iter().chain(step.commands()).chain(&step.depends_on);
    texts.for_each(|it| lies_in(source, it.span, "a text of a step"));
    step.settings.iter().for_each(|it| lies_in(source, it.0.span, "a setting"));
    step.environment.iter().for_each(|it| lies_in(source, it.0.span, "a variable"));
    conditions_lie_in(source, &step.when);
}

fn conditions_lie_in(source: &SourceFile, conditions: &Conditions) {
    for condition in &conditions.entries {
        lies_in(source, condition.key_span, "the key of a condition");
        let patterns = condition.include.iter().chain(&condition.exclude);
        patterns.for_each(|it| lies_in(source, it.span, "a pattern"));
    }
}

fn lies_in(source: &SourceFile, span: Span, what: &str) {
    let fits = span.start <= span.end && source.text().get(span.range()).is_some();
    assert!(fits, "{what} lies outside the text, or inside a character: {span:?}");
}
