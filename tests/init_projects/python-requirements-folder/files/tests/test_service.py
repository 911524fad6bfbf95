from service import first


def test_the_first_name():
    assert first(["Bo", "Al"]) == "Al"
