import pytest

from dashboard import total


def test_total():
    assert pytest and total([1, 2]) == 3
