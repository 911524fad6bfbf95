//! What a package says of its licence, or the beginning of the licence's text → a badge.

use crate::badge::readme::{Answer, Item, LeftOut, View, address};

/// Longer ones are texts, not names.
const LONGEST: usize = 60;

pub(super) fn item(view: &View<'_>) -> Answer {
    let files: Vec<String> = view.folder.names().into_iter().filter(|it| is_licence(it)).collect();
    let named = view.packages.iter().find_map(|it| Some((it.licence.clone()?, it.file.clone())));
    let named =
        named.filter(|(name, _)| name.len() <= LONGEST && !name.contains('\n') && !name.trim().is_empty());
    let by_text = || {
        let of = |file: &String| Some((recognise(&view.folder.text(file)?)?.to_owned(), file.clone()));
        let found: Vec<_> = files.iter().filter_map(of).collect();
        let names: Vec<_> = found.iter().map(|it| it.0.as_str()).collect();
        Some((names.join(" or "), found.first()?.1.clone()))
    };
    let Some((name, evidence)) = named.or_else(by_text) else {
        let file = files.first()?;
        let why = format!("{file} holds no text that is known here");
        let next = "name the licence in the package's own file, such as license = \"MIT\"".to_owned();
        return Some(Err(LeftOut { kind: "licence", why, next: Some(next) }));
    };
    let name = name.trim().to_owned();
    Some(Ok(Item {
        kind: "licence",
        alt: format!("Licence: {name}"),
        image: address::static_badge("licence", &name, "blue"),
        link: (files.len() == 1).then(|| address::path(&files[0])),
        evidence,
    }))
}

fn is_licence(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let stem = name.trim_end_matches(".MD").trim_end_matches(".TXT").trim_end_matches(".RST");
    ["LICENSE", "LICENCE", "COPYING", "UNLICENSE"]
        .iter()
        .any(|it| stem.strip_prefix(it).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')))
}

/// Words that stand in the text of a licence and in no other of these; the narrower ones first.
const TEXTS: [(&str, &[&str]); 21] = [
    ("AGPL-3.0", &["GNU AFFERO GENERAL PUBLIC LICENSE", "Version 3"]),
    ("LGPL-3.0", &["GNU LESSER GENERAL PUBLIC LICENSE", "Version 3"]),
    ("LGPL-2.1", &["GNU LESSER GENERAL PUBLIC LICENSE", "Version 2.1"]),
    ("GPL-3.0", &["GNU GENERAL PUBLIC LICENSE", "Version 3"]),
    ("GPL-2.0", &["GNU GENERAL PUBLIC LICENSE", "Version 2"]),
    ("Apache-2.0", &["Apache License", "Version 2.0"]),
    ("MPL-2.0", &["Mozilla Public License", "2.0"]),
    ("EPL-2.0", &["Eclipse Public License", "2.0"]),
    ("EUPL-1.2", &["European Union Public Licence", "1.2"]),
    ("CC0-1.0", &["CC0 1.0 Universal"]),
    ("CC-BY-4.0", &["Attribution 4.0 International"]),
    ("Unlicense", &["This is free and unencumbered software released into the public domain"]),
    ("BSL-1.0", &["Boost Software License", "Version 1.0"]),
    ("BSD-3-Clause", &["Redistribution and use in source and binary forms", "the name"]),
    ("BSD-3-Clause", &["Redistribution and use in source and binary forms", "The names of"]),
    ("BSD-2-Clause", &["Redistribution and use in source and binary forms"]),
    (
        "MIT",
        &[
            "Permission is hereby granted, free of charge",
            "The above copyright notice and this permission notice",
        ],
    ),
    ("ISC", &["Permission to use, copy, modify, and/or distribute this software", "The above copyright"]),
    (
        "ISC",
        &["Permission to use, copy, modify, and distribute this software", "notice appear in all copies"],
    ),
    ("0BSD", &["Permission to use, copy, modify, and/or distribute this software"]),
    ("Zlib", &["provided 'as-is', without any express or implied", "must not be misrepresented"]),
];

fn recognise(text: &str) -> Option<&'static str> {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = |words: &&[&str]| words.iter().all(|it| flat.contains(it));
    TEXTS.iter().find(|(_, words)| fits(words)).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_licence_are_known_by_their_names() {
        for name in ["LICENSE", "Licence.md", "COPYING", "LICENSE-MIT", "license.txt"] {
            assert!(is_licence(name), "{name}");
        }
        for name in ["licenses.json", "license_check.py", "license.py", "README.md", "LICENSEE"] {
            assert!(!is_licence(name), "{name}");
        }
    }

    #[test]
    fn a_licence_is_known_by_its_text() {
        let mit = "Permission is hereby granted, free\n of charge, … The above copyright\nnotice and this permission notice";
        for (text, name) in [
            (mit, Some("MIT")),
            ("  Apache License\n  Version 2.0, January 2004", Some("Apache-2.0")),
            ("GNU GENERAL PUBLIC LICENSE\nVersion 2, June 1991", Some("GPL-2.0")),
            ("GNU LESSER GENERAL PUBLIC LICENSE\n Version 2.1, February 1999", Some("LGPL-2.1")),
            (
                "This software is provided 'as-is', without any express or implied\nwarranty. … The origin of this \
                 software must not be misrepresented",
                Some("Zlib"),
            ),
            ("All rights reserved.", None),
        ] {
            assert_eq!(recognise(text), name);
        }
    }
}
