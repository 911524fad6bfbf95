//! A README and the lines for it → the README with the lines between two markers, and every other byte as it was.

use crate::badge::readme::Markup;

/// Why the lines have no place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct Broken {
    /// From 1.
    pub line: usize,
    problem: &'static str,
}

const BEGIN: &str = "ciworkshop badges: begin";
const END: &str = "ciworkshop badges: end";

fn marker(markup: Markup, word: &str) -> String {
    match markup {
        Markup::Markdown | Markup::Html => format!("<!-- {word} -->"),
        Markup::Rst => format!(".. {word}"),
    }
}

/// Puts the lines in. Markers that are there say where; without any, the lines go below the title, or to the top where
/// there is no title. The same lines again change nothing.
pub fn put(readme: &str, lines: &str, markup: Markup) -> Result<String, Broken> {
    let newline = if readme.contains("\r\n") { "\r\n" } else { "\n" };
    let block =
        format!("{}\n\n{lines}\n{}\n", marker(markup, BEGIN), marker(markup, END)).replace('\n', newline);
    let all: Vec<&str> = readme.split_inclusive('\n').collect();
    let text = |lines: &[&str]| lines.concat();
    if let Some((begin, end)) = markers(&all, markup)? {
        return Ok(text(&all[..begin]) + &ended(&block, &all[end..]) + &text(&all[end + 1..]));
    }
    let at = below_title(&all, markup);
    let before = text(&all[..at]);
    // The last line may lack its end.
    let before = if before.is_empty() || before.ends_with('\n') || before == "\u{feff}" {
        before
    } else {
        before + newline
    };
    let gap = |there: bool| if there { newline } else { "" };
    let blank = |it: &&&str| it.trim().is_empty();
    let above = gap(all[..at].last().is_some_and(|it| !blank(&it)));
    let below = gap(all.get(at).is_some_and(|it| !blank(&it)));
    Ok(format!("{before}{above}{block}{below}{}", text(&all[at..])))
}

/// The first line outside the markers that names an address already, from 1. What follows a `?` does not count.
#[must_use]
pub fn shown_already(readme: &str, address: &str, markup: Markup) -> Option<usize> {
    let all: Vec<&str> = readme.split_inclusive('\n').collect();
    let ours = markers(&all, markup).ok().flatten();
    let outside = |at: usize| ours.is_none_or(|(begin, end)| at < begin || at > end);
    let address = address.split('?').next().unwrap_or(address);
    let code = code(&all, markup);
    let found = (0..all.len()).find(|it| outside(*it) && !code[*it] && all[*it].contains(address));
    found.map(|it| it + 1)
}

/// The block, without its last line end where the line that it replaces has none.
fn ended(block: &str, replaced: &[&str]) -> String {
    let has_end = replaced.first().is_none_or(|it| it.ends_with('\n'));
    if has_end { block.to_owned() } else { block.trim_end().to_owned() }
}

/// The lines of the two markers.
fn markers(all: &[&str], markup: Markup) -> Result<Option<(usize, usize)>, Broken> {
    let code = code(all, markup);
    let find = |word: &str| {
        let marker = marker(markup, word);
        let mut at = (0..all.len())
            .filter(|it| !code[*it] && all[*it].trim_start_matches('\u{feff}').trim_end() == marker);
        (at.next(), at.next())
    };
    let broken = |line: usize, problem| Err(Broken { line: line + 1, problem });
    match (find(BEGIN), find(END)) {
        ((None, _), (None, _)) => Ok(None),
        ((_, Some(second)), _) | (_, (_, Some(second))) => {
            broken(second, "this marker is there a second time")
        }
        ((Some(begin), _), (None, _)) => {
            broken(begin, "the badges begin here, and the marker of their end is missing")
        }
        ((None, _), (Some(end), _)) => {
            broken(end, "the badges end here, and the marker of their beginning is missing")
        }
        ((Some(begin), _), (Some(end), _)) if end < begin => broken(end, "the badges end before they begin"),
        ((Some(begin), _), (Some(end), _)) => Ok(Some((begin, end))),
    }
}

/// Which lines of Markdown lie in a block of code: what stands there is an example.
fn code(all: &[&str], markup: Markup) -> Vec<bool> {
    let mut fence: Option<String> = None;
    let mut inside = Vec::with_capacity(all.len());
    for line in all {
        let start = line.trim();
        let run = |it: char| start.chars().take_while(|other| *other == it).collect::<String>();
        let found =
            [run('`'), run('~')].into_iter().find(|it| it.len() >= 3).filter(|_| markup == Markup::Markdown);
        match (&fence, found) {
            (None, Some(found)) => {
                fence = Some(found);
                inside.push(true);
            }
            (Some(open), Some(found)) if found.starts_with(open.as_str()) && start == found => {
                fence = None;
                inside.push(true);
            }
            (open, _) => inside.push(open.is_some()),
        }
    }
    inside
}

/// The line after the title.
fn below_title(all: &[&str], markup: Markup) -> usize {
    let found = match markup {
        Markup::Markdown => markdown_title(all).or_else(|| html_title(all, markup)),
        Markup::Rst => rst_title(all),
        Markup::Html => html_title(all, markup).or_else(|| html_body(all)),
    };
    found.unwrap_or(0)
}

fn markdown_title(all: &[&str]) -> Option<usize> {
    let code = code(all, Markup::Markdown);
    let lines = (0..all.len()).filter(|it| !code[*it]);
    lines.into_iter().find_map(|at| {
        let line = all[at].trim_start_matches('\u{feff}').trim_end();
        let next = all.get(at + 1).map_or("", |it| it.trim_end());
        let underlined = !line.trim().is_empty() && !next.is_empty() && next.chars().all(|it| it == '=');
        match (line.starts_with("# "), underlined) {
            (true, _) => Some(at + 1),
            (false, true) => Some(at + 2),
            (false, false) => None,
        }
    })
}

fn html_title(all: &[&str], markup: Markup) -> Option<usize> {
    let code = code(all, markup);
    let ends = |at: &usize| !code[*at] && all[*at].to_ascii_lowercase().contains("</h1>");
    (0..all.len()).find(ends).map(|it| it + 1)
}

fn html_body(all: &[&str]) -> Option<usize> {
    all.iter().position(|it| it.to_ascii_lowercase().contains("<body")).map(|it| it + 1)
}

/// The first line with a line of signs below it that is at least as long.
fn rst_title(all: &[&str]) -> Option<usize> {
    let ruled = |line: &str| {
        let mut letters = line.chars();
        letters.next().is_some_and(|first| first.is_ascii_punctuation() && letters.all(|it| it == first))
    };
    (0..all.len().saturating_sub(1)).find_map(|at| {
        let (line, next) = (all[at].trim_end().trim_start_matches('\u{feff}'), all[at + 1].trim_end());
        let is_title = !line.trim().is_empty() && !ruled(line) && ruled(next);
        (is_title && next.chars().count() >= line.trim().chars().count()).then_some(at + 2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &str = "<!-- ciworkshop badges: begin -->\n\nX\n\n<!-- ciworkshop badges: end -->\n";
    const RST: &str = ".. ciworkshop badges: begin\n\nX\n\n.. ciworkshop badges: end\n";

    #[test]
    fn the_lines_go_below_the_title() {
        for (readme, expected) in [
            ("# A\n\ntext\n", format!("# A\n\n{BLOCK}\ntext\n")),
            ("# A\ntext\n", format!("# A\n\n{BLOCK}\ntext\n")),
            ("# A", format!("# A\n\n{BLOCK}")),
            ("", BLOCK.to_owned()),
            ("text\n", format!("{BLOCK}\ntext\n")),
            ("A\n===\ntext\n", format!("A\n===\n\n{BLOCK}\ntext\n")),
            ("```sh\n# not A\n```\n# A\n", format!("```sh\n# not A\n```\n# A\n\n{BLOCK}")),
            ("~~~\n<h1>a</h1>\n", format!("{BLOCK}\n~~~\n<h1>a</h1>\n")),
            ("<h1 align=\"center\">A</h1>\n\nb\n", format!("<h1 align=\"center\">A</h1>\n\n{BLOCK}\nb\n")),
        ] {
            assert_eq!(put(readme, "X\n", Markup::Markdown).unwrap(), expected, "{readme:?}");
        }
        for (readme, expected) in [
            ("A\n=\n\ntext\n", format!("A\n=\n\n{RST}\ntext\n")),
            ("===\n A\n===\n\ntext\n", format!("===\n A\n===\n\n{RST}\ntext\n")),
            ("just text\n", format!("{RST}\njust text\n")),
        ] {
            assert_eq!(put(readme, "X\n", Markup::Rst).unwrap(), expected, "{readme:?}");
        }
        let page = put("<html>\n<body>\n<p>a\n</body>\n", "X\n", Markup::Html).unwrap();
        assert_eq!(page, format!("<html>\n<body>\n\n{BLOCK}\n<p>a\n</body>\n"));
    }

    #[test]
    fn the_same_lines_again_change_nothing_and_others_replace_only_them() {
        let readmes =
            ["# A\n\ntext\n", "# A\r\n\r\ntext\r\n", "", "# A", "\u{feff}# A\n", "# A\n\n\n\nb", "x\n==\n"];
        for markup in [Markup::Markdown, Markup::Rst, Markup::Html] {
            for readme in readmes {
                let once = put(readme, "X\n", markup).unwrap();
                assert_eq!(put(&once, "X\n", markup).unwrap(), once, "{readme:?}");
                let other = put(&once, "Y\nZ\n", markup).unwrap();
                assert_eq!(put(&other, "X\n", markup).unwrap(), once, "{readme:?}");
                let ends = once.matches('\n').count();
                let crlf = readme.contains("\r\n");
                assert_eq!(once.matches("\r\n").count(), if crlf { ends } else { 0 }, "{readme:?}");
            }
        }
    }

    #[test]
    fn a_file_that_ends_with_the_marker_keeps_its_end() {
        let once = put("# A\n", "X\n", Markup::Markdown).unwrap();
        let open = once.trim_end();
        assert_eq!(put(open, "X\n", Markup::Markdown).unwrap(), open);
    }

    #[test]
    fn markers_that_do_not_fit_together_are_named() {
        let (begin, end) = ("<!-- ciworkshop badges: begin -->\n", "<!-- ciworkshop badges: end -->\n");
        for (readme, line, said) in [
            (format!("a\n{begin}"), 2, "end is missing"),
            (format!("{end}a\n"), 1, "beginning is missing"),
            (format!("{end}{begin}"), 1, "end before they begin"),
            (format!("{begin}{begin}{end}"), 2, "second time"),
            (format!("{begin}{end}{begin}{end}"), 3, "second time"),
        ] {
            let broken = put(&readme, "X\n", Markup::Markdown).unwrap_err();
            assert_eq!(
                (broken.line, broken.to_string().contains(said)),
                (line, true),
                "{readme:?}: {broken}"
            );
        }
        let example = format!("# A\n\n```\n{begin}{end}```\n");
        assert!(put(&example, "X\n", Markup::Markdown).unwrap().ends_with(&example[4..]));
    }
}
