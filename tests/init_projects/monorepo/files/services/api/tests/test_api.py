import pytest

from api import answer


def test_it_answers():
    assert pytest and answer()["ok"]
