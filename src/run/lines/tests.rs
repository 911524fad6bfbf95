//! Lines: what comes in chunks goes out whole, without secrets, and in constant memory.

use super::*;

fn written(mask: &Mask, chunks: &[&[u8]]) -> (String, Vec<String>) {
    let mut out = Vec::new();
    let mut writer = LineWriter::new(mask.clone(), |block: &[u8]| {
        out.extend_from_slice(block);
        out.push(b'\n');
    });
    for chunk in chunks {
        writer.write_all(chunk).unwrap();
    }
    let last = writer.finish();
    (String::from_utf8_lossy(&out).into_owned(), last)
}

fn text(chunks: &[&str]) -> String {
    let chunks: Vec<&[u8]> = chunks.iter().map(|it| it.as_bytes()).collect();
    written(&Mask::none(), &chunks).0
}

#[test]
fn lines_go_out_whole_whatever_the_chunks_are() {
    assert_eq!(text(&["one\ntwo\n"]), "one\ntwo\n");
    assert_eq!(text(&["on", "e\ntw", "o", "\n", "\n", "three"]), "one\ntwo\n\nthree\n");
    assert_eq!(text(&[]), "");
    assert_eq!(text(&["\n"]), "\n");
}

#[test]
fn a_return_before_the_end_of_a_line_belongs_to_it() {
    assert_eq!(text(&["one\r\ntwo\r", "\nthree\r\r\n"]), "one\ntwo\nthree\n");
}

#[test]
fn of_a_line_that_is_drawn_over_the_last_state_stays() {
    assert_eq!(text(&["\r10%\r20", "%\r30%\ndone\r"]), "30%\ndone\n");
    assert_eq!(text(&["a\rb\r\nc\n"]), "b\nc\n");
}

#[test]
fn progress_without_end_needs_no_memory_and_gives_its_last_state() {
    let mut given = Vec::new();
    let mut writer = LineWriter::new(Mask::none(), |it: &[u8]| given.push(it.to_vec()));
    for number in 0..100_000 {
        write!(writer, "\r{number} of many").unwrap();
        assert!(writer.pending.len() < 2 * PIECE);
    }
    writer.write_all(&vec![b'\r'; 3 * PIECE]).unwrap();
    writer.finish();
    assert_eq!(given, [b"99999 of many"]);
}

#[test]
fn a_secret_is_hidden_across_chunks_and_across_the_pieces_of_a_long_line() {
    let secret = "correct-horse-battery";
    let mask = Mask::of([secret]).unwrap();
    for before in (PIECE - 300)..(PIECE + 10) {
        let line = format!("{}{secret}{}\n", "-".repeat(before), ".".repeat(PIECE));
        let chunks: Vec<&[u8]> = line.as_bytes().chunks(4093).collect();
        let (out, _) = written(&mask, &chunks);
        assert!(out.lines().count() > 1, "it is long enough to be cut");
        assert_eq!(out.replace('\n', "").replace(['-', '.'], ""), "******", "{before}");
    }
}

#[test]
fn a_line_of_nothing_but_secrets_needs_no_memory_and_gets_one_mask() {
    let mask = Mask::of(["aa"]).unwrap();
    let mut given = Vec::new();
    let mut writer = LineWriter::new(mask, |it: &[u8]| given.extend_from_slice(it));
    for _ in 0..100 {
        writer.write_all(&vec![b'a'; 30_011]).unwrap();
        assert!(writer.pending.len() < 2 * PIECE + 10);
    }
    writer.write_all(b"b\nc\n").unwrap();
    writer.finish();
    assert_eq!(String::from_utf8(given).unwrap(), "******bc");
}

#[test]
fn a_long_line_is_cut_between_characters_and_ends_once() {
    let line = "ä".repeat(PIECE * 2);
    for shift in ["", "x"] {
        let (out, _) = written(&Mask::none(), &[shift.as_bytes(), line.as_bytes(), b"\nnext\n"]);
        assert_eq!(out.replace('\n', ""), format!("{shift}{line}next"));
        assert!(!out.contains('\u{fffd}') && out.ends_with("ä\nnext\n") && out.lines().count() < 6);
    }
    let exactly = "x".repeat(PIECE + 5);
    assert_eq!(text(&[&exactly, "\n", "\n"]).lines().filter(|it| it.is_empty()).count(), 1);
}

#[test]
fn the_last_lines_are_kept_without_secrets_and_not_more_of_them() {
    let mask = Mask::of(["hunter22"]).unwrap();
    let text: String = (0..1000).map(|it| format!("line {it} hunter22\n")).collect();
    for size in [3, 1000, text.len()] {
        let chunks: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
        let (_, last) = written(&mask, &chunks);
        assert_eq!((last.len(), last[0].as_str()), (LAST_LINES, "line 950 ******"));
        assert_eq!(last[LAST_LINES - 1], "line 999 ******");
    }
    let (_, last) = written(&mask, &["x".repeat(5000).as_bytes()]);
    assert_eq!(last, ["x".repeat(LAST_LINE_BYTES)]);
}

#[test]
fn bytes_that_are_no_text_pass_unchanged() {
    let bytes: Vec<u8> = (0..=255).filter(|it| *it != b'\n' && *it != b'\r').collect();
    let mut out = Vec::new();
    let mut writer =
        LineWriter::new(Mask::of(["secret-word"]).unwrap(), |it: &[u8]| out.extend_from_slice(it));
    writer.write_all(&bytes).unwrap();
    writer.finish();
    assert_eq!(out, bytes);
}

/// Measured by hand: `cargo test --lib speed_of_masking -- --ignored --nocapture`, optimised.
#[test]
#[ignore = "a measurement, not a test"]
fn speed_of_masking() {
    let mask =
        Mask::of(["correct-horse-battery-staple", "ghp_0123456789abcdefghijABCDEFGHIJ012345"]).unwrap();
    let log = "2024-05-05T05:05:05Z INFO  request=/api/v1/items took 12.5 ms, status 200, bytes 4096\n";
    let leaky = "+ curl -H 'token: correct-horse-battery-staple' https://example.com/api/v1/upload\n";
    for (name, line) in [("yes", "y\n"), ("log", log), ("leaky", leaky)] {
        let chunk = line.repeat(64 * 1024 / line.len());
        let mut bytes = 0;
        let mut writer = LineWriter::new(mask.clone(), |it: &[u8]| bytes += it.len());
        let start = std::time::Instant::now();
        let mut read = 0;
        while read < 1 << 30 {
            writer.write_all(chunk.as_bytes()).unwrap();
            read += chunk.len();
        }
        writer.finish();
        let speed = f64::from(1 << 10) / start.elapsed().as_secs_f64();
        eprintln!("{name}: {speed:.0} MiB/s ({bytes} bytes out)");
    }
}
