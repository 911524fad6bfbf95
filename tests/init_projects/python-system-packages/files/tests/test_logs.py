from logs import kind


def test_a_text_is_a_text():
    assert "text" in kind("abc")
