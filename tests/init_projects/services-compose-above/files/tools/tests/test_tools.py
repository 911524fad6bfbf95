import pytest

from berth_tools import x


def test_it_is_one():
    assert pytest and x == 1
