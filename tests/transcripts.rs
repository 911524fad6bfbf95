//! What a person types and sees, in the files of `tests/transcripts/`: run, and compared to the letter.

#[test]
fn the_program_answers_as_the_transcripts_say() {
    trycmd::TestCases::new().case("tests/transcripts/*.trycmd");
}
