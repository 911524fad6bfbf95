"""Tides."""


def high(hours: int) -> bool:
    """Whether the tide is high."""
    return hours % 12 == 0
