from quay_api import berths


def test_berths():
    assert berths() == 12
