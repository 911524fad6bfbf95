import pytest

from fern import leaves


def test_a_leaf_a_week():
    assert pytest and leaves(15) == 2
