from tidemark import high


def test_the_higher_of_two():
    assert high(3, 5) == 5
    assert high(7, 2) == 7
