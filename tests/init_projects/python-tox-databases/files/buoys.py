"""Buoys in a database."""


def count(rows):
    return len(rows)
