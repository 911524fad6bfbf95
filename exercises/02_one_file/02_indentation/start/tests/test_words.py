from words import count


def test_case_does_not_matter():
    assert count("Data and data")["data"] == 2


def test_an_empty_text_has_no_words():
    assert count("") == {}
