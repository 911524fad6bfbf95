from hull import tons


def test_three_tons_a_metre():
    assert tons(10) == 30
