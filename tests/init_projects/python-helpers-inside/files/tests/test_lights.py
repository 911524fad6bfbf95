from lights import seen


def test_a_near_light_is_seen():
    assert seen(3)
    assert not seen(30)
