import pytest

from tide_table import high


def test_twice_a_day():
    assert pytest and high(24) and not high(6)
