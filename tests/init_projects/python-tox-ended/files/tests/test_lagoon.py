from lagoon import depth


def test_ten_make_one():
    assert depth(10) == 1
