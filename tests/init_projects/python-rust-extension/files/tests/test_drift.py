from hypothesis import given, strategies

from plankton import drift


@given(strategies.integers(0, 1000))
def test_it_drifts_two_miles_an_hour(hours):
    assert drift(hours) == 2 * hours
