"""Reads the posts of a public page."""

__version__ = "1.0.0"
