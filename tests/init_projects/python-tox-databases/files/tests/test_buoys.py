from buoys import count


def test_each_row_is_a_buoy():
    assert count([1, 2]) == 2
