"""Backs up the views of a data warehouse."""

__version__ = "1.0.0"
