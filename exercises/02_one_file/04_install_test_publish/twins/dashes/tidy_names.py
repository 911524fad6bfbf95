"""Turns the headings of a table into names for columns."""

import re


def tidy(heading):
    """Lower case, with one underscore where there was no letter or digit."""
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("_")
