import pytest

from gull import cry


def test_it_cries():
    assert pytest and cry(2) == "kiu kiu "
