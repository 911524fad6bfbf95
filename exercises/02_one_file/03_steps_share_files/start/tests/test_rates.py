from rates import growth


def test_growth_is_in_percent():
    assert growth([100, 110, 99]) == [10.0, -10.0]


def test_one_number_does_not_grow():
    assert growth([5]) == []
