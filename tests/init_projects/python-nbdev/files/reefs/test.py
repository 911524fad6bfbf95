def test_eq(a, b):
    assert a == b
