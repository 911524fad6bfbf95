"""Questions about the table of weather stations, which others have written."""

import csv


def stations(path="stations.csv"):
    """All stations, as maps from the name of a column to what stands there."""
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def highest(rows):
    """The name of the highest station, or of the first of those that are equally high. There must be one at least."""
    return max(rows, key=lambda it: int(it["height"]))["station"]
