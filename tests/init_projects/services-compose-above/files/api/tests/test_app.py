import pytest


def test_it_is_there():
    assert pytest
