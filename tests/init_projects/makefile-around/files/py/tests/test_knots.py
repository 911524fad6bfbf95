from knots import knots


def test_twelve_in_three():
    assert knots(12, 3) == 4
