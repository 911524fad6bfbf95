from app import berths


def test_the_database_counts_berths():
    assert berths() == 42
