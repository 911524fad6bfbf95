import pytest

from harbour import berths


def test_ten_berths():
    assert pytest and berths(3) == 7
