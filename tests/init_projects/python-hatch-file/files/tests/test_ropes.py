from rigging import ropes


def test_a_dozen_for_each_mast():
    assert ropes(2) == 24
