# -*- coding: latin-1 -*-
import pytest

from harbours import name


def test_it_keeps_its_letters():
    assert pytest and name() == "Håvøysund"
