from ink import mixed


def test_sorted():
    assert mixed(["red", "blue"]) == "blue-red"
