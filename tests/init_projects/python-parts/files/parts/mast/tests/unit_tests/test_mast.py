from mast import metres


def test_ten_feet_are_three_metres():
    assert metres(10) == 3
