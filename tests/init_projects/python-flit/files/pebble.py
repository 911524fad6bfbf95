"""A pebble."""
__version__ = "1"
