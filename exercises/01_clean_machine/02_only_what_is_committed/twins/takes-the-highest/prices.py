"""Average prices from a CSV file with the columns `item` and `price`."""

import csv


def average(path):
    """The average of the column `price`."""
    with open(path, newline="") as file:
        prices = [float(row["price"]) for row in csv.DictReader(file)]
    return max(prices)
