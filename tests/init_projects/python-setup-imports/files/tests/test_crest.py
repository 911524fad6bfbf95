import pytest

from wavelets import crest


def test_the_highest():
    assert crest([1.0, 3.5]) == pytest.approx(3.5)
