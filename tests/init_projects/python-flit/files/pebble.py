"""A pebble."""

__version__ = "1"


def skips(throw):
    return throw // 2
