def test_two_are_left(left):
    assert left == 2
