from app import times


def test_sunday():
    assert times("Sunday") == ["9:00"]
