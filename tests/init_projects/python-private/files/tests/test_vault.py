import pytest

from vault import opens


def test_only_the_right_key():
    assert pytest and opens("right") and not opens("wrong")
