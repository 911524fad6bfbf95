"""Counts words, whatever their case."""

from collections import Counter


def count(text):
    """Word -> how often it occurs."""
    return Counter(text.split())
