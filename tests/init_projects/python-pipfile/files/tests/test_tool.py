from tool import turn


def test_four_turns_are_none():
    assert turn(4) == 0
