//! What a person types and sees, in the files of `tests/transcripts/`: run, and compared to the letter.

#[test]
fn the_program_answers_as_the_transcripts_say() {
    // What shellcheck says depends on the machine.
    trycmd::TestCases::new().env("CIWORKSHOP_SHELLCHECK", "never").case("tests/transcripts/*.trycmd");
}
