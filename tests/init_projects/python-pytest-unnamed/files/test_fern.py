import pytest


def test_it():
    assert pytest
