import pytest

from brick_wall import bricks


def test_twelve_a_row():
    assert pytest and bricks(2) == 24
