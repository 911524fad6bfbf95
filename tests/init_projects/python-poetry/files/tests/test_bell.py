import pytest

from bell_ringer import ring


def test_it_rings():
    assert pytest and ring(2) == "ding ding "
