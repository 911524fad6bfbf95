from app import bill


def test_the_last_row_is_the_sum():
    last = bill([("tea", 2), ("cake", 3)]).splitlines()
    assert any("all" in it and "5" in it for it in last)
