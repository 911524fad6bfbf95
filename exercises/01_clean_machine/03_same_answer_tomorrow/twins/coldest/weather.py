"""The warmest days of a list, as a table."""

from tabulate import tabulate


def warmest(days, count=3):
    """The `count` warmest days, the warmest first."""
    return sorted(days, key=lambda day: day[1])[:count]


def table(days):
    """Those days as text."""
    return tabulate(warmest(days), headers=["day", "degrees"])
