from squall import force


def test_storm():
    assert force(50) == "storm"
