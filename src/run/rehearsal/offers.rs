//! What brew and apt read among the files of a release → compared with the release, and put where they look for it.

use std::fs::{self, File};
use std::path::Path;

use crate::run::Trouble;
use crate::run::rehearsal::deb::{self, Control};
use crate::run::rehearsal::formula::{self, Download, Of};
use crate::run::rehearsal::stage::{LARGEST, Over, Stage, What, listed};
use crate::run::shelf::{self, DebFile, Kind, OpenShelf, SafeName, SafePath, Staged, Staging, link_address};

/// A longer text is no formula.
const LARGEST_FORMULA: u64 = 1024 * 1024;

/// What a release offers to those who install by name.
#[derive(Default)]
pub(super) struct Offers {
    formulae: Vec<Formula>,
    debs: Vec<(Control, Staged)>,
}

struct Formula {
    name: SafeName,
    text: String,
    downloads: Vec<Download>,
    staged: Staged,
}

/// Looks at the files. A formula that does not agree with them is the end of the rehearsal.
pub(super) fn look(
    stage: &mut Stage<'_, '_>,
    place: (&SafePath, &SafePath),
    files: &[(SafeName, Staged)],
    staging: &Staging,
) -> Result<Offers, Over> {
    let (repo, tag) = (place.0.to_string(), place.1.to_string());
    let digests: Vec<(String, String)> =
        files.iter().map(|(name, staged)| (name.to_string(), staged.sha256.clone())).collect();
    let of = Of { repo: &repo, tag: &tag, files: &digests };
    let mut offers = Offers::default();
    for (name, staged) in files {
        if let Some(text) = formula_text(name, staged) {
            let downloads =
                formula::check(&text, &of).map_err(|why| Over::Fails(format!("the formula {name} {why}")))?;
            tell_formula(stage, name, &downloads);
            offers.formulae.push(Formula { name: name.clone(), text, downloads, staged: staged.clone() });
        }
        if has_ending(name, "deb") {
            match deb::of(&staged.path) {
                Ok(control) => {
                    offers.debs.push((tell_deb(stage, control, &tag), copy(stage, staged, staging)?));
                }
                Err(why) => stage.talk.tell("note", &format!("{name} {why}, so apt is not offered it")),
            }
        }
    }
    Ok(offers)
}

/// Small letters only: apt and brew look for no others.
fn has_ending(name: &SafeName, ending: &str) -> bool {
    Path::new(name.as_str()).extension().is_some_and(|it| it == ending)
}

fn formula_text(name: &SafeName, staged: &Staged) -> Option<String> {
    let small = has_ending(name, "rb") && staged.bytes <= LARGEST_FORMULA;
    let text = small.then(|| fs::read_to_string(&staged.path).ok())??;
    formula::is_one(name.as_str(), &text).then_some(text)
}

fn tell_formula(stage: &mut Stage<'_, '_>, name: &SafeName, downloads: &[Download]) {
    for Download { url, file } in downloads {
        match file {
            Some(file) => {
                stage.talk.tell("brew", &format!("{name} downloads {file}, and its sha256 is right"));
            }
            None => stage.talk.tell(
                "note",
                &format!("{name} downloads {url}. That is no file of this release, so it is not compared"),
            ),
        }
    }
}

fn tell_deb(stage: &mut Stage<'_, '_>, control: Control, tag: &str) -> Control {
    let Control { package, version, architecture, .. } = &control;
    stage.talk.tell("apt", &format!("{package} {version} for {architecture}"));
    let said = version.split_once(':').map_or(version.as_str(), |it| it.1);
    let released = tag.strip_prefix('v').unwrap_or(tag);
    if released.starts_with(|it: char| it.is_ascii_digit()) && !said.starts_with(released) {
        stage.talk.tell(
            "note",
            &format!(
                "{package} says version {version}, and the tag is {tag}: who has {version} gets nothing new"
            ),
        );
    }
    control
}

/// The release takes the file itself, and the repository needs one, too.
fn copy(stage: &Stage<'_, '_>, staged: &Staged, staging: &Staging) -> Result<Staged, Over> {
    let trouble = |it: &std::io::Error| Over::Trouble(Trouble::with_path("be copied", &staged.path, it));
    let mut file = File::open(&staged.path).map_err(|it| trouble(&it))?;
    staging.take(&mut file, LARGEST, stage.stop).map_err(|_| {
        Over::Trouble(Trouble::new("a package for apt cannot be copied", "make room on the disk"))
    })
}

/// Puts it all on the shelf, beside the release, which is there by now.
pub(super) fn deliver(
    stage: &mut Stage<'_, '_>,
    open: &OpenShelf<'_>,
    place: (&SafePath, &SafePath),
    offers: Offers,
) -> Result<(), Over> {
    for (control, staged) in offers.debs {
        deliver_deb(stage, open, control, &staged)?;
    }
    for Formula { name, text, downloads, staged } in offers.formulae {
        let folder = place.1.below(&place.0.below(&open.root().join("releases"))).join("download");
        let address = |file: &str| format!("file://{}", link_address(&folder.join(file).to_string_lossy()));
        let pointed = formula::pointed_to(&text, &downloads, address, &place.1.to_string());
        let path = shelf::formula(open, &name, &stage.secrets().hide(&pointed))?;
        let (title, destination) = (name.to_string(), "a tap of brew".to_owned());
        let files = vec![listed(&name, &staged)];
        stage.delivered(open, What { kind: Kind::Formula, title, path, destination, files })?;
    }
    Ok(())
}

fn deliver_deb(
    stage: &mut Stage<'_, '_>,
    open: &OpenShelf<'_>,
    control: Control,
    staged: &Staged,
) -> Result<(), Over> {
    let Control { package, version, architecture, text } = control;
    let title = format!("{package} {version} {architecture}");
    let deb = DebFile {
        package: stage.name(&package)?,
        version: version.clone(),
        architecture: stage.name(&architecture)?,
        control: stage.secrets().hide(&text),
        staged: staged.clone(),
    };
    let pooled = open.add_deb(deb)?;
    if pooled.replaced {
        let note = format!(
            "there was another {package} {version}. apt compares versions alone, so nobody who has that one gets this"
        );
        stage.talk.tell("note", &note);
    }
    let name = pooled.path.rsplit('/').next().unwrap_or_default().to_owned();
    let (path, destination, files) =
        (pooled.path, "a repository of apt".to_owned(), vec![listed(&name, staged)]);
    stage.delivered(open, What { kind: Kind::Deb, title, path, destination, files })
}
