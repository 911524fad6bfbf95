import pytest

from fossil import age


def test_a_layer_is_a_thousand_years():
    assert pytest and age(["chalk", "clay"]) == 2000
