from plot import width


def test_forty_for_each_hour():
    assert width(2) == 80
