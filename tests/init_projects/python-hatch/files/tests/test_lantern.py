import pytest

from lantern import light


def test_no_oil_no_light():
    assert pytest and light(1) and not light(0)
