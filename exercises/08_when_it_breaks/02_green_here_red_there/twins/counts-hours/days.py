"""How many visits a museum had on each day. data/visits.csv has the moment of each, in seconds since 1970."""

import collections
import csv
import time


def days(path="data/visits.csv"):
    """Day, as the clock on the wall has it → visits."""
    with open(path, newline="") as file:
        moments = [int(row["moment"]) for row in csv.DictReader(file)]
    return dict(collections.Counter(time.strftime("%Y-%m-%d %H", time.localtime(it)) for it in moments))


if __name__ == "__main__":
    for day, visits in days().items():
        print(day, visits)
