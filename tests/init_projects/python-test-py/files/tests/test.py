import pytest

from ebb import lowest


def test_the_lowest_is_found():
    assert pytest and lowest([2, 1, 3]) == 1
