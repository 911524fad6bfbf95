import pytest

from app import greet


def test_it_greets():
    assert pytest and greet("Bo") == "Hello, Bo"
