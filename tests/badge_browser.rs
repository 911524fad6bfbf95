//! Badges in a real browser: every text keeps to its half, in every style and script, and nothing on a page of many
//! badges disturbs another one. Skipped with a line where Chromium or its driver is missing.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on should say where")]
#![allow(clippy::cast_precision_loss, reason = "texts are short")]
#![cfg(unix)]

mod support;

use std::fs;
use std::path::Path;

use ciworkshop::badge::{Badge, Colour, Logo, NAMES, Style};
use serde::Deserialize;
use support::badges::TEXTS;
use support::browser::Browser;

/// How a text lies in its half. All in pixels.
#[derive(Debug, Deserialize)]
struct Seen {
    text: String,
    style: String,
    /// Free room at both ends, as drawn.
    before: f64,
    after: f64,
    /// As wide as it is drawn, and as it would be if nobody told how wide.
    drawn: f64,
    natural: f64,
    /// True when its width was told.
    told: bool,
}

const MEASURE: &str = "
    const found = [];
    for (const svg of document.querySelectorAll('.texts svg')) {
        const rects = [...svg.querySelectorAll(':scope > g rect')].filter(it => !it.getAttribute('fill').startsWith('url'));
        const texts = [...svg.querySelectorAll('text:not([aria-hidden])')];
        texts.forEach((text, index) => {
            const half = rects[rects.length - texts.length + index].getBBox();
            const box = text.getBBox();
            const told = text.hasAttribute('textLength');
            text.removeAttribute('textLength');
            found.push({text: text.textContent, style: svg.parentElement.dataset.style, told,
                before: box.x / 10 - half.x, after: half.x + half.width - (box.x + box.width) / 10,
                drawn: box.width / 10, natural: text.getBBox().width / 10});
        });
    }
    return JSON.stringify(found);";

fn page(parts: &str) -> String {
    let css = "body { font: 14px sans-serif; margin: 8px; background: #fff } svg { vertical-align: middle; margin: 1px }\
               .texts { columns: 3 } .texts div { break-inside: avoid }";
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>badges</title><style>{css}</style>{parts}</html>"
    )
}

/// Every text as label and as message, in every style; then every colour.
fn all_badges() -> String {
    let logo = Logo::new(b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 2 2\"><circle cx=\"1\" cy=\"1\" r=\"1\" fill=\"#fc0\"/></svg>").unwrap();
    let mut parts = String::new();
    for style in Style::ALL {
        parts += &format!("<h4>{}</h4>", style.word());
        for (name, colour) in NAMES {
            parts += &Badge { style, logo: Some(&logo), ..Badge::new("state", name, colour) }.svg();
        }
        parts += &Badge { style, logo: Some(&logo), ..Badge::new("", "logo alone", Colour::BLUE) }.svg();
        parts += &Badge { style, ..Badge::new("", "no label", Colour::BLUE) }.svg();
        parts +=
            &Badge { style, label_colour: Some(Colour::ORANGE), ..Badge::new("", "coloured", Colour::GREY) }
                .svg();
        parts += "<div class=texts>";
        for (index, text) in TEXTS.iter().enumerate() {
            let other = TEXTS[(index + 1) % TEXTS.len()];
            let badge = Badge { style, ..Badge::new(text, other, NAMES[index % NAMES.len()].1) };
            parts += &format!("<div data-style=\"{}\">{}</div>", style.word(), badge.svg());
        }
        parts += "</div>";
    }
    parts
}

fn open(browser: &Browser, html: &str, name: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!("{name}.html"));
    fs::write(&file, html).unwrap();
    browser.go(&format!("file://{}", file.display()));
}

#[test]
fn every_text_keeps_to_its_half() {
    let Some(browser) = Browser::open() else { return };
    browser.resize(1500, 2300);
    open(&browser, &page(&all_badges()), "badges");
    let picture = Path::new(env!("CARGO_TARGET_TMPDIR")).join("badges.png");
    fs::write(&picture, browser.screenshot()).unwrap();
    let seen: Vec<Seen> = serde_json::from_str(browser.run(MEASURE).as_str().unwrap()).unwrap();
    assert_eq!(seen.len(), 4 * 2 * TEXTS.len());
    let mut wrong = Vec::new();
    for it in &seen {
        // A letter may reach into the free room by a hair, and never out of it.
        if it.before < 2.5 || it.after < 2.5 {
            wrong.push(format!("out of its half: {it:?}"));
        }
        // The font here is seldom Verdana itself, whose `I` is wide; no other text is stretched by more than this.
        let spaced =
            if it.style == "for-the-badge" { 1.25 * (it.text.chars().count() - 1) as f64 } else { 0.0 };
        let stretched = it.natural / (it.drawn - spaced);
        if it.told && !it.text.contains("III") && !(0.8..1.2).contains(&stretched) {
            wrong.push(format!("stretched: {it:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}\nsee {}", wrong.join("\n"), picture.display());
    assert_eq!(browser.complaints(), Vec::<String>::new());
    println!("{} texts; looked at in {}", seen.len(), picture.display());
}

#[test]
fn a_page_of_many_badges_holds_every_id_once_and_runs_no_script() {
    let Some(browser) = Browser::open() else { return };
    open(&browser, &page(&all_badges()), "ids");
    let twice = browser.run(
        "const ids = [...document.querySelectorAll('svg [id]')].map(it => it.id);\
         return ids.filter((it, at) => ids.indexOf(it) !== at)",
    );
    assert_eq!(twice.as_array().unwrap().len(), 0, "{twice}");
    let lost = browser.run(
        "return [...document.querySelectorAll('svg')].flatMap(svg => [...svg.outerHTML.matchAll(/url\\(#(.*?)\\)/g)]\
         .filter(it => !svg.querySelector('#' + it[1])).map(it => it[1]))",
    );
    assert_eq!(lost.as_array().unwrap().len(), 0, "{lost}");
    assert_eq!(browser.run("return document.scripts.length"), 0);
}

/// What the browser really paints behind a text is dark or light enough for it, gloss included.
#[test]
fn the_contrast_holds_in_what_is_painted() {
    let Some(browser) = Browser::open() else { return };
    let mut parts = String::new();
    let named = NAMES.into_iter().map(|(_, it)| it);
    let others = (0..125_u8).map(|it| Colour::new(it % 5 * 60, it / 5 % 5 * 60, it / 25 * 60));
    let colours: Vec<Colour> = named.chain(others).collect();
    for style in [Style::Flat, Style::Plastic] {
        for colour in colours.iter().copied() {
            parts += &Badge { style, ..Badge::new("", "x", colour) }.svg();
        }
    }
    open(&browser, &page(&parts), "contrast");
    // Drawn without its letters onto a canvas, each badge shows what is behind them.
    let start = "window.done = null; (async () => { const lowest = [];
        for (const svg of document.querySelectorAll('svg')) {
            const main = svg.querySelector('text:not([aria-hidden])');
            const ink = main.getAttribute('fill') === '#fff' ? 1 : 0, line = main.getAttribute('y') / 10;
            svg.querySelectorAll('text').forEach(it => it.remove());
            const image = new Image();
            image.src = 'data:image/svg+xml,' + encodeURIComponent(svg.outerHTML);
            await image.decode();
            const canvas = document.createElement('canvas');
            [canvas.width, canvas.height] = [image.width, image.height];
            const paint = canvas.getContext('2d'); paint.drawImage(image, 0, 0);
            const linear = it => (it /= 255) <= .04045 ? it / 12.92 : ((it + .055) / 1.055) ** 2.4;
            for (let y = line - 9; y <= line + 2; y++) {
                const [r, g, b] = paint.getImageData(image.width / 2, y, 1, 1).data;
                const light = .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
                lowest.push((Math.max(light, ink) + .05) / (Math.min(light, ink) + .05));
            }
        }
        window.done = [lowest.length, Math.min(...lowest)]; })().catch(it => { window.done = [0, 0]; })";
    browser.run(start);
    let begun = std::time::Instant::now();
    let done = loop {
        let done = browser.run("return window.done");
        if !done.is_null() {
            break done;
        }
        assert!(begun.elapsed().as_secs() < 20, "the page never ends measuring");
    };
    assert_eq!(done[0], 2 * colours.len() * 12);
    assert!(done[1].as_f64().unwrap() >= 4.5, "the lowest contrast is {done}");
    println!("the lowest contrast that is painted: {}", done[1]);
}
