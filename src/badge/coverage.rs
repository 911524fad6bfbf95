//! A report of coverage, of several programs → how much of the code its tests run. Looks at the content, not at the name.

use std::str::FromStr;

use roxmltree::{Document, ParsingOptions};
use serde_json::Value;

use crate::badge::Colour;

/// What a report says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coverage {
    /// From 0 to 100.
    pub percent: f64,
    /// Whose format it is.
    pub format: &'static str,
}

/// A report that says nothing that can be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct NoCoverage {
    problem: String,
    /// The next thing to try.
    pub help: &'static str,
}

const FORMATS: &str =
    "name a report that is one of these: coverage.xml (Cobertura), lcov.info, coverage.json of coverage.py";

fn no_coverage(problem: impl Into<String>, help: &'static str) -> NoCoverage {
    NoCoverage { problem: problem.into(), help }
}

impl Coverage {
    /// Reads a report: Cobertura's XML, lcov, or the JSON of coverage.py or Istanbul.
    pub fn read(bytes: &[u8]) -> Result<Self, NoCoverage> {
        if bytes.starts_with(b"SQLite format 3\0") {
            let help = "let coverage.py write a report of it first: coverage json";
            return Err(no_coverage("it is the data file of coverage.py, and not a report", help));
        }
        let text = str::from_utf8(bytes).map_err(|_| no_coverage("it is no text", FORMATS))?;
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let found = match text.chars().next() {
            Some('<') => of_xml(text)?,
            Some('{') => of_json(text)?,
            _ => of_lcov(text)?,
        };
        if !(0.0..=100.0).contains(&found.percent) {
            let problem = format!("it says {}%, which is no share of anything", found.percent);
            return Err(no_coverage(problem, "let the tests write it again"));
        }
        Ok(found)
    }

    /// A number that was typed, with or without its sign.
    #[must_use]
    pub fn of_number(word: &str) -> Option<f64> {
        let number = word.trim().trim_end_matches('%').trim_end();
        let plain = number.starts_with(|it: char| it.is_ascii_digit());
        number.parse::<f64>().ok().filter(|it| plain && (0.0..=100.0).contains(it))
    }
}

/// Whole percent, rounded down: a badge never says more than there is.
#[must_use]
pub fn message(percent: f64) -> String {
    // What was a division may lack a little.
    format!("{}%", (percent + 1e-9).floor())
}

fn of_xml(text: &str) -> Result<Coverage, NoCoverage> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options)
        .map_err(|it| no_coverage(format!("its XML does not read: {it}"), "let the tests write it again"))?;
    let root = document.root_element();
    let number = |name: &str| root.attribute(name).and_then(|it| it.parse::<f64>().ok());
    if root.tag_name().name() != "coverage" {
        let problem =
            format!("it is XML, and no report of Cobertura: it begins with <{}>", root.tag_name().name());
        return Err(no_coverage(problem, FORMATS));
    }
    let counted = number("lines-covered").zip(number("lines-valid")).filter(|it| it.1 > 0.0);
    let percent = counted.map(|(covered, valid)| covered / valid * 100.0);
    let percent = percent.or_else(|| number("line-rate").map(|it| it * 100.0));
    let nothing = || no_coverage("its <coverage> has no line-rate", FORMATS);
    Ok(Coverage { percent: percent.ok_or_else(nothing)?, format: "cobertura" })
}

fn of_json(text: &str) -> Result<Coverage, NoCoverage> {
    let value: Value = serde_json::from_str(text)
        .map_err(|it| no_coverage(format!("its JSON does not read: {it}"), "let the tests write it again"))?;
    let of_python = value.pointer("/totals/percent_covered").map(|it| (it, "coverage.py"));
    let found = of_python.or_else(|| value.pointer("/total/lines/pct").map(|it| (it, "istanbul")));
    let found = found.and_then(|(it, format)| Some(Coverage { percent: it.as_f64()?, format }));
    found.ok_or_else(|| no_coverage("it is JSON without totals that can be read", FORMATS))
}

/// `LF` and `LH` of each file where they are, and else its lines.
fn of_lcov(text: &str) -> Result<Coverage, NoCoverage> {
    let (mut found, mut hit) = (0_u64, 0_u64);
    for record in text.split("end_of_record") {
        let sum =
            |key: &str| record.lines().find_map(|it| it.trim().strip_prefix(key)?.trim().parse::<u64>().ok());
        let lines = || record.lines().filter_map(|it| it.trim().strip_prefix("DA:")?.split(',').nth(1));
        found = found.saturating_add(sum("LF:").unwrap_or_else(|| lines().count() as u64));
        let ran = || lines().filter(|it| it.trim() != "0").count() as u64;
        hit = hit.saturating_add(sum("LH:").unwrap_or_else(ran));
    }
    if found == 0 {
        let problem = if text.contains("SF:") {
            "it is a report of lcov without a line"
        } else {
            "it is no report of coverage"
        };
        return Err(no_coverage(problem, FORMATS));
    }
    #[expect(clippy::cast_precision_loss, reason = "no project has so many lines")]
    Ok(Coverage { percent: hit as f64 / found as f64 * 100.0, format: "lcov" })
}

/// From which percentage on a badge has which colour.
#[derive(Clone, Debug, PartialEq)]
pub struct Thresholds {
    /// The highest first.
    steps: Vec<(f64, Colour)>,
}

impl Default for Thresholds {
    fn default() -> Self {
        let steps = [
            (90.0, Colour::BRIGHTGREEN),
            (80.0, Colour::GREEN),
            (70.0, Colour::YELLOWGREEN),
            (60.0, Colour::YELLOW),
            (40.0, Colour::ORANGE),
        ];
        Self { steps: steps.into() }
    }
}

impl Thresholds {
    /// The colour of a percentage; red below all of them.
    #[must_use]
    pub fn colour(&self, percent: f64) -> Colour {
        let found = self.steps.iter().find(|(from, _)| percent + 1e-9 >= *from);
        found.map_or(Colour::RED, |(_, colour)| *colour)
    }
}

/// Thresholds that make no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}; write them like 90=brightgreen,75=yellow; what is below the last is red")]
pub struct NoThresholds(String);

/// `90=brightgreen,75=yellow`, in any order.
impl FromStr for Thresholds {
    type Err = NoThresholds;

    fn from_str(text: &str) -> Result<Self, NoThresholds> {
        let mut steps = Vec::new();
        for word in text.split(',').map(str::trim) {
            let (from, colour) =
                word.split_once('=').ok_or_else(|| NoThresholds(format!("`{word}` has no `=`")))?;
            let number = Coverage::of_number(from);
            let number =
                number.ok_or_else(|| NoThresholds(format!("`{from}` is no percentage from 0 to 100")))?;
            let colour = colour.trim().parse::<Colour>().map_err(|it| NoThresholds(it.to_string()))?;
            if steps.iter().any(|(it, _): &(f64, Colour)| (it - number).abs() < f64::EPSILON) {
                return Err(NoThresholds(format!("`{from}` is there twice")));
            }
            steps.push((number, colour));
        }
        steps.sort_by(|one, other| other.0.total_cmp(&one.0));
        Ok(Self { steps })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COBERTURA: &str = "<?xml version=\"1.0\" ?>\n<!DOCTYPE coverage SYSTEM \
        \"http://cobertura.sourceforge.net/xml/coverage-04.dtd\">\n<coverage version=\"7.4\" lines-valid=\"8\" \
        lines-covered=\"7\" line-rate=\"0.88\" branch-rate=\"0\"><packages/></coverage>\n";

    #[test]
    fn reports_of_several_programs_are_read() {
        let python =
            r#"{"meta": {"version": "7.4.0"}, "files": {}, "totals": {"percent_covered": 91.66666}}"#;
        let istanbul = r#"{"total": {"lines": {"total": 4, "covered": 3, "pct": 75}}}"#;
        let lcov = "TN:\nSF:a.rs\nDA:1,5\nDA:2,0\nLF:2\nLH:1\nend_of_record\nSF:b.rs\nDA:1,1\nDA:2,1\nend_of_record\n";
        for (text, percent, format) in [
            (COBERTURA, "87%", "cobertura"),
            ("<coverage line-rate='0.5'/>", "50%", "cobertura"),
            ("<coverage line-rate='1' lines-valid='0' lines-covered='0'/>", "100%", "cobertura"),
            (python, "91%", "coverage.py"),
            (istanbul, "75%", "istanbul"),
            (lcov, "75%", "lcov"),
            ("\u{feff}SF:a\nLF:3\nLH:2\nend_of_record", "66%", "lcov"),
        ] {
            let found = Coverage::read(text.as_bytes()).unwrap();
            assert_eq!((message(found.percent).as_str(), found.format), (percent, format), "{text}");
        }
    }

    #[test]
    fn what_is_no_report_says_why_and_what_to_do() {
        for (bytes, said) in [
            (&b"SQLite format 3\0..."[..], "data file of coverage.py"),
            (b"\xff\xfe", "no text"),
            (b"", "no report of coverage"),
            (b"hello", "no report of coverage"),
            (b"SF:a\nend_of_record\n", "without a line"),
            (b"<html/>", "begins with <html>"),
            (b"<coverage>", "does not read"),
            (b"<coverage/>", "no line-rate"),
            (b"<coverage line-rate='7'/>", "700%"),
            (b"<coverage line-rate='NaN'/>", "NaN%"),
            (b"{\"totals\": {}}", "without totals"),
            (b"{\"totals\": {\"percent_covered\": 91.6", "does not read"),
            (b"<!DOCTYPE a [<!ENTITY b '&b;'>]><coverage line-rate='&b;'/>", "does not read"),
        ] {
            let error = Coverage::read(bytes).unwrap_err();
            assert!(error.to_string().contains(said), "{said}: {error}");
        }
    }

    #[test]
    fn a_percentage_is_rounded_down_and_has_its_colour() {
        for (percent, said, colour) in [
            (100.0, "100%", Colour::BRIGHTGREEN),
            (99.99, "99%", Colour::BRIGHTGREEN),
            (90.0, "90%", Colour::BRIGHTGREEN),
            (89.999, "89%", Colour::GREEN),
            (70.0, "70%", Colour::YELLOWGREEN),
            (60.0, "60%", Colour::YELLOW),
            (40.0, "40%", Colour::ORANGE),
            (39.9, "39%", Colour::RED),
            (0.0, "0%", Colour::RED),
            // 29 of 50, which no machine writes exactly.
            (0.58 * 100.0, "58%", Colour::ORANGE),
        ] {
            assert_eq!((message(percent).as_str(), Thresholds::default().colour(percent)), (said, colour));
        }
    }

    #[test]
    fn thresholds_can_be_chosen() {
        let chosen: Thresholds = "50=orange, 95=4c1".parse().unwrap();
        for (percent, colour) in [(95.0, Colour::BRIGHTGREEN), (94.0, Colour::ORANGE), (49.0, Colour::RED)] {
            assert_eq!(chosen.colour(percent), colour);
        }
        for (text, said) in [
            ("", "has no `=`"),
            ("90", "has no `=`"),
            ("x=red", "no percentage"),
            ("101=red", "no percentage"),
            ("90=gren", "no colour has this name"),
            ("90=red,90=blue", "twice"),
        ] {
            assert!(text.parse::<Thresholds>().unwrap_err().to_string().contains(said), "{text}");
        }
    }
}
