//! A shelf in a temporary folder → many who deliver at once lose nothing, and what a killed run left is taken away.

use std::fs;

use super::*;
use crate::run::process::Stop;

fn delivery(title: &str) -> Delivery {
    Delivery {
        id: 0,
        at: 0,
        kind: Kind::Message,
        title: title.into(),
        path: String::new(),
        destination: String::new(),
        files: Vec::new(),
        source: Source::default(),
    }
}

#[test]
fn two_runs_at_once_lose_no_file_and_no_line() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::new(folder.path().join("shelf"));
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let shelf = &shelf;
            scope.spawn(move || {
                for number in 0..5 {
                    let staging = shelf.stage().unwrap();
                    let staged = staging.take(&mut &b"x"[..], 10, &Stop::new()).unwrap();
                    let name = SafeName::of(&format!("p-{thread}.{number}.tar.gz")).unwrap();
                    let file = PackageFile { name, staged, requires_python: None };
                    let open = shelf.open().unwrap();
                    open.add_packages("p", vec![file]).unwrap();
                    open.note(delivery(&format!("{thread}.{number}"))).unwrap();
                }
            });
        }
    });
    let deliveries = shelf.deliveries().unwrap();
    let ids: Vec<u64> = deliveries.iter().map(|it| it.id).collect();
    assert_eq!(ids, (1..=20).collect::<Vec<u64>>());
    let index = fs::read_to_string(shelf.root().join("pypi/simple/p/index.html")).unwrap();
    assert_eq!(index.matches("<a href=").count(), 20, "{index}");
    let left: Vec<_> = fs::read_dir(shelf.root()).unwrap().flatten().map(|it| it.file_name()).collect();
    assert!(!left.iter().any(|it| is_staging(&it.to_string_lossy())), "{left:?}");
}

#[test]
fn an_index_takes_no_second_file_of_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::new(folder.path().to_owned());
    let add = |content: &[u8]| {
        let staging = shelf.stage().unwrap();
        let staged = staging.take(&mut &*content, 10, &Stop::new()).unwrap();
        let name = SafeName::of("p-1.tar.gz").unwrap();
        shelf.open().unwrap().add_packages("p", vec![PackageFile { name, staged, requires_python: None }])
    };
    add(b"one").unwrap();
    assert!(matches!(add(b"two"), Err(NotPlaced::Taken(name)) if name == "p-1.tar.gz"));
    assert_eq!(fs::read(shelf.root().join("pypi/simple/p/p-1.tar.gz")).unwrap(), b"one");
}

#[test]
fn what_a_killed_run_left_goes_and_what_is_in_use_stays() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::new(folder.path().to_owned());
    let left = shelf.root().join(".staging-left");
    fs::create_dir(&left).unwrap();
    fs::write(left.join(".held"), "").unwrap();
    let staging = shelf.stage().unwrap();
    assert!(!left.exists());
    let held = staging.fresh().parent().unwrap().to_owned();
    drop(shelf.stage().unwrap());
    shelf.clear().unwrap();
    assert!(held.is_dir(), "somebody fills it");
}

#[test]
fn a_shelf_is_cleared_and_a_newer_ledger_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::new(folder.path().to_owned());
    shelf.open().unwrap().note(delivery("one")).unwrap();
    assert_eq!(shelf.clear().unwrap(), 1);
    assert!(shelf.deliveries().unwrap().is_empty());
    fs::write(shelf.root().join(LEDGER), r#"{"version": 2, "all": "new"}"#).unwrap();
    assert!(shelf.deliveries().unwrap_err().message.contains("newer"));
    assert!(shelf.open().unwrap().note(delivery("two")).is_err());
}

#[test]
fn projects_of_one_name_have_shelves_of_their_own() {
    let of = |path: &str| Shelf::of_project(Path::new("/cache"), Path::new(path)).root().to_owned();
    assert_ne!(of("/no/a/site"), of("/no/b/site"));
    assert!(of("/no/a/site").starts_with("/cache/shelves"));
}
