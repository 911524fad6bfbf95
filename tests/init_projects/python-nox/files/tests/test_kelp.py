from kelp import grown


def test_half_a_metre_a_day():
    assert grown(4) == 2
