from keel import metres


def test_twenty_feet_are_six_metres():
    assert metres(20) == 6
