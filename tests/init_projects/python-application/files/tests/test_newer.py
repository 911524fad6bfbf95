from watch import newer


def test_ten_is_newer_than_nine():
    assert newer("1.10", "1.9")
