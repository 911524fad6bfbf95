//! `badge coverage`: a report of coverage, or a percentage → a badge whose colour says how good that is.

use std::path::Path;

use serde_json::json;

use crate::badge::{Coverage, Thresholds, percent};
use crate::cli::badge::Look;
use crate::cli::badge::save::{Drawing, deliver};
use crate::cli::{Exit, Failure, World, input};

const EXAMPLES: &str = "\
Examples:
  ciworkshop badge coverage coverage.xml -o coverage.svg
  ciworkshop badge coverage 87.5
  ciworkshop badge coverage lcov.info --thresholds 95=brightgreen,80=yellow

Reports: coverage.xml (Cobertura, `pytest --cov --cov-report xml`), lcov.info, coverage.json (`coverage json`), and \
coverage-summary.json (Istanbul). The share is rounded down, so 99.9 is 99%.

Colours: brightgreen from 90, green from 80, yellowgreen from 70, yellow from 60, orange from 40, red below.";

/// Say how much of the code the tests run
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// A report of coverage, `-` for one on standard input, or a percentage
    #[arg(value_name = "FILE|PERCENT")]
    source: String,
    /// Other colours: from which percentage on which one; below the last it is red
    #[arg(long, value_name = "PERCENT=COLOUR,…")]
    thresholds: Option<String>,
    /// What it is about
    #[arg(long, value_name = "TEXT", default_value = "coverage")]
    label: String,
    #[command(flatten)]
    look: Look,
}

pub(super) fn run(arguments: &Arguments, world: &mut World) -> Result<Exit, Failure> {
    let thresholds = thresholds(arguments)?;
    let (share, format) = share(&arguments.source, world)?;
    let message = percent(share);
    let colour = thresholds.colour(share);
    let facts = json!({"percent": share, "report": format});
    deliver(
        &Drawing { label: &arguments.label, message: &message, colour, digest: None, facts },
        &arguments.look,
        world,
    )
}

fn thresholds(arguments: &Arguments) -> Result<Thresholds, Failure> {
    let Some(text) = &arguments.thresholds else { return Ok(Thresholds::default()) };
    text.parse().map_err(|it: crate::badge::NoThresholds| {
        Failure::usage(format!("--thresholds: {it}"), "`ciworkshop badge coverage --help` shows an example")
    })
}

/// A number is a number, unless a file has that name.
fn share(source: &str, world: &mut World) -> Result<(f64, Option<&'static str>), Failure> {
    let exists = world.folder.join(source).exists();
    if let Some(share) = Coverage::of_number(source).filter(|_| !exists) {
        return Ok((share, None));
    }
    let number = source.trim_end_matches('%').trim().parse::<f64>().is_ok();
    if number && !exists {
        return Err(Failure::usage(format!("{source} is no percentage"), "write one from 0 to 100"));
    }
    let bytes = input::read_bytes(world, Path::new(source))?;
    let coverage = Coverage::read(&bytes)
        .map_err(|it| Failure::could_not(format!("{source} says nothing about coverage: {it}"), it.help))?;
    Ok((coverage.percent, Some(coverage.format)))
}
