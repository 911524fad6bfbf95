from sextant import noon


def test_high_sun():
    assert noon(60) == 30
