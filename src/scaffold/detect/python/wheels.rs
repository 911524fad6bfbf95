//! Packages that are hard to compile → the newest Python that what a list allows of them was built for. A list of pinned
//! packages says so which Python it was made with, where no file does.

use crate::scaffold::detect::python::facts::normal;
use crate::scaffold::detect::version::numbers;

/// The version of Python that the first column is about: 3.6.
const FIRST: usize = 6;

/// For each package the first version that has files for Python 3.6, 3.7, … on Linux, as the names of the files in Python's
/// index say; empty where there is none. Who wants an older one compiles it for an hour, or cannot.
#[rustfmt::skip]
static BUILT: &[(&str, [&str; 9])] = &[
    ("blis", ["0.2.1", "0.2.1", "0.4.1", "0.7.2", "0.7.5", "0.7.9", "0.7.11", "1.0.2", "1.3.2"]),
    // What Python has itself since 3.7 says that nothing newer was there.
    ("dataclasses", ["0.7", "", "", "", "", "", "", "", ""]),
    ("fiona", ["1.7.3", "1.7.13", "1.8.12", "1.8.18", "1.8.21", "1.8.22", "1.9.5", "1.10.0", ""]),
    ("grpcio", ["1.1.3", "1.13.0", "1.24.3", "1.33.1", "1.41.0", "1.49.0", "1.59.0", "1.66.2", "1.75.1"]),
    ("h5py", ["2.6.0", "2.8.0", "2.9.0", "3.0.0", "3.6.0", "3.8.0", "3.10.0", "3.12.0", "3.15.0"]),
    ("jaxlib", ["0", "0", "0.4.13", "0.4.13", "0.4.13", "0.4.13", "0.4.18", "0.4.34", "0.7.1"]),
    ("llvmlite", ["0.17.0", "0.24.0", "0.31.0", "0.36.0", "0.38.0", "0.40.0", "0.42.0", "0.44.0", "0.46.0"]),
    ("lxml", ["3.7.2", "4.2.2", "4.4.1", "4.5.2", "4.6.3", "4.9.1", "4.9.3", "5.3.0", "6.0.1"]),
    ("matplotlib", ["1.5.3", "2.2.2", "3.1.2", "3.3.3", "3.5.0", "3.6.0", "3.7.3", "3.9.2", "3.10.5"]),
    ("numba", ["0.35.0", "0.39.0", "0.47.0", "0.53.0", "0.55.0", "0.57.0", "0.59.0", "0.61.0", "0.63.0"]),
    ("numpy", ["1.11.3", "1.14.5", "1.17.3", "1.19.3", "1.21.2", "1.23.2", "1.26.0", "2.1.0", "2.3.2"]),
    ("onnxruntime", ["0.1.2", "0.1.2", "1.2.0", "1.7.0", "1.12.0", "1.15.0", "1.17.0", "1.20.0", "1.24.1"]),
    ("pandas", ["0.19.2", "0.23.2", "0.25.2", "1.1.3", "1.3.3", "1.5.0", "2.1.1", "2.2.3", "2.3.3"]),
    ("psycopg2-binary", ["2.7.3.2", "2.7.5", "2.8.4", "2.8.6", "2.9.1", "2.9.5", "2.9.9", "2.9.10", "2.9.11"]),
    ("pyarrow", ["0.2.0", "0.11.0", "0.16.0", "3.0.0", "6.0.0", "10.0.1", "14.0.0", "18.0.0", "22.0.0"]),
    ("pyproj", ["2.0.0", "2.0.0", "2.4.1", "3.0.0", "3.3.0", "3.4.0", "3.6.1", "3.7.0", "3.7.2"]),
    ("rasterio", ["1.0.0", "1.0.0", "1.1.1", "1.2.0", "1.3.0", "1.3.3", "1.3.8", "1.3.11", "1.4.4"]),
    ("scikit-image", ["0.13.0", "0.14.0", "0.16.2", "0.18.0", "0.19.0", "0.20.0", "0.22.0", "0.25.0", "0.26.0"]),
    ("scikit-learn", ["0.18.1", "0.19.2", "0.22", "0.24.0", "1.0.2", "1.1.3", "1.3.1", "1.5.2", "1.7.2"]),
    ("scipy", ["0.18.1", "1.1.0", "1.3.2", "1.5.4", "1.7.2", "1.9.2", "1.11.2", "1.14.1", "1.16.1"]),
    ("sentencepiece", ["0.0.2", "0.1.1", "0.1.85", "0.1.94", "0.1.96", "0.1.98", "0.2.0", "0.2.1", "0.2.1"]),
    ("shapely", ["1.6.0", "1.6.4", "1.7.0", "1.7.1", "1.8.0", "1.8.5", "2.0.2", "2.0.6", "2.1.2"]),
    ("spacy", ["2.0.13", "2.0.13", "2.2.2", "2.3.3", "2.3.8", "2.3.8", "3.7.0", "3.8.7", "3.8.10"]),
    ("statsmodels", ["0.8.0", "0.9.0", "0.10.2", "0.12.1", "0.13.1", "0.13.3", "0.14.0", "0.14.3", "0.14.5"]),
    ("tensorflow", ["0.12.1", "1.13.1", "2.2.0", "2.5.0", "2.8.0", "2.12.0", "2.16.1", "2.20.0", ""]),
    ("thinc", ["6.12.0", "6.12.0", "7.3.1", "7.4.2", "7.4.6", "7.4.6", "8.2.1", "8.3.5", "8.3.9"]),
    ("tokenizers", ["0.0.2", "0.0.2", "0.0.2", "0.9.4", "0.11.5", "0.13.2", "0.14.0", "0.15.1", "0.20.4"]),
    ("torch", ["1.0.0", "1.0.0", "1.4.0", "1.7.1", "1.11.0", "1.13.0", "2.2.0", "2.5.0", "2.9.0"]),
];

/// What a list says about the newest Python: the minor version, and the words that say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ceiling {
    pub(crate) minor: u32,
    /// `numpy==1.19.4`
    pub(crate) words: String,
    /// `requirements.txt:2`
    pub(crate) place: String,
}

/// The newest Python for which there is a version that the requirement allows. `None` where that is the newest of all, where
/// the package is not known, and where it is only asked for on some machines.
pub(crate) fn ceiling(requirement: &str, place: &str) -> Option<Ceiling> {
    let name = normal(requirement);
    let (_, built) = BUILT.iter().find(|it| it.0 == name)?;
    let written = requirement.split(['#', '\\']).next()?.split(" --").next()?.trim();
    let range = written.get(name.len()..)?.trim_start();
    // `[extra]` says nothing about versions; what stands behind `;` is a condition.
    let range = range.strip_prefix('[').map_or(Some(range), |it| Some(it.split_once(']')?.1))?;
    if range.is_empty() || range.contains([';', '@']) {
        return None;
    }
    let column = (0..built.len()).rev().find(|it| reaches(range, built[*it]))?;
    if column + 1 == built.len() {
        return None;
    }
    let minor = u32::try_from(FIRST + column).ok()?;
    Some(Ceiling { minor, words: written.replace(' ', ""), place: place.to_owned() })
}

/// True when the range allows this version or a later one. What is no bound from above allows all.
fn reaches(range: &str, first: &str) -> bool {
    let Some(first) = numbers(first) else { return false };
    range.split(',').all(|part| {
        let part = part.trim().trim_matches(['(', ')']);
        let digits = part.find(|it: char| it.is_ascii_digit()).unwrap_or(part.len());
        let (sign, version) = (part[..digits].trim(), &part[digits..]);
        let Some(wanted) = numbers(version.trim_end_matches(".*")) else { return true };
        // The first version that the bound leaves out, counted in the part that it names.
        let behind = |kept: usize| {
            let mut end: Vec<u32> = wanted[..kept.clamp(1, wanted.len())].to_vec();
            if let Some(last) = end.last_mut() {
                *last += 1;
            }
            end
        };
        let below = |end: &[u32]| first.as_slice() < end;
        match sign {
            "==" | "===" if version.ends_with(".*") => below(&behind(wanted.len())),
            "==" | "===" | "<=" => padded(&first) <= padded(&wanted),
            "<" => padded(&first) < padded(&wanted),
            "~=" => below(&behind(wanted.len() - 1)),
            "~" => below(&behind(2)),
            "^" => below(&behind(1 + wanted.iter().take_while(|it| **it == 0).count())),
            _ => true,
        }
    })
}

/// `1.19` and `1.19.0` are one version.
fn padded(version: &[u32]) -> [u32; 5] {
    let mut all = [0; 5];
    all.iter_mut().zip(version).for_each(|it| *it.0 = *it.1);
    all
}

#[cfg(test)]
mod tests {
    use super::{BUILT, ceiling, numbers, padded};

    #[test]
    fn the_table_is_in_order_and_no_newer_python_needs_an_older_version() {
        assert!(BUILT.is_sorted_by_key(|it| it.0));
        for (name, built) in BUILT {
            let versions: Vec<_> = built.iter().filter_map(|it| numbers(it)).collect();
            assert!(versions.iter().map(|it| padded(it)).is_sorted(), "{name}");
        }
    }

    #[test]
    fn the_newest_python_is_the_one_that_the_package_was_built_for() {
        for (requirement, wanted) in [
            ("numpy==1.19.4", Some(9)),
            ("numpy==1.19.2", Some(8)),
            ("numpy == 1.26  # as the paper", Some(12)),
            ("NumPy[all]==1.26.4", Some(12)),
            ("numpy", None),
            ("numpy>=1.19", None),
            ("numpy<2", Some(12)),
            ("numpy<2.1", Some(12)),
            ("numpy<=2.1", Some(13)),
            ("numpy>=1.16,<1.20", Some(9)),
            ("numpy~=1.19", Some(12)),
            ("numpy~=1.19.2", Some(9)),
            ("numpy==1.19.*", Some(9)),
            ("numpy^1.19", Some(12)),
            ("numpy~1.19", Some(9)),
            ("numpy==2.3.5", None),
            ("numpy==1.19.4 ; python_version < '3.8'", None),
            ("numpy==1.19.4 \\", Some(9)),
            ("numpy==1.19.4 --hash=sha256:0", Some(9)),
            ("torch==1.7.1", Some(9)),
            ("torch @ https://example.com/torch.whl", None),
            ("tensorflow==1.15.0", Some(7)),
            ("tensorflow==2.20.0", Some(13)),
            ("dataclasses==0.8", Some(6)),
            ("scikit_learn==0.22", Some(8)),
            ("requests==2.0", None),
            ("pandas==0.10", None),
        ] {
            let found = ceiling(requirement, "a:1").map(|it| it.minor);
            assert_eq!(found, wanted, "{requirement}");
        }
        assert_eq!(ceiling("numpy == 1.19.4", "a:1").unwrap().words, "numpy==1.19.4");
    }
}
