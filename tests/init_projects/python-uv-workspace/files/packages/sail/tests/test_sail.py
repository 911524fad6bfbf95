from sail import area


def test_two_for_each_ton():
    assert area(10) == 60
