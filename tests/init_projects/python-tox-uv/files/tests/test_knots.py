import knots


def test_tie():
    assert knots.tie() == "knot"
