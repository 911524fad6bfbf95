from isobar import hectopascal


def test_they_are_the_same():
    assert hectopascal(1013) == 1013
