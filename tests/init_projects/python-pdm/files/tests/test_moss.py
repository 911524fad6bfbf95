import pytest

from moss import green


def test_rain():
    assert pytest and green(4) and not green(3)
