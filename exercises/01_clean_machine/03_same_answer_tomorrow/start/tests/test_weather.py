from weather import table, warmest

DAYS = [("Mon", 11.5), ("Tue", 17.0), ("Wed", 9.0), ("Thu", 14.5)]


def test_the_warmest_day_comes_first():
    assert warmest(DAYS)[0] == ("Tue", 17.0)


def test_the_table_has_three_days():
    assert len(table(DAYS).splitlines()) == 2 + 3
