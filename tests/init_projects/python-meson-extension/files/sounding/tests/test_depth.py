from sounding import fathoms


def test_two_metres_a_fathom():
    assert fathoms(8) == 4
