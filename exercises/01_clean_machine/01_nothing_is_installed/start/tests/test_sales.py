from sales import report, totals

SALES = [("north", 3), ("south", 5), ("north", 4)]


def test_each_shop_is_added_up():
    assert totals(SALES) == {"north": 7, "south": 5}


def test_the_best_shop_comes_first():
    lines = report(SALES).splitlines()
    assert lines[2].startswith("north")
