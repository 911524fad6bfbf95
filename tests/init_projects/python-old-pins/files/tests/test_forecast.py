from swell.forecast import highest


def test_the_highest_wave_is_found():
    assert highest([1.5, 2.25, 0.5]) == 2.25
